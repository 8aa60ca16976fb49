"""People, their organisations and the VIP marks, as a CRM knows them: brought in again and again."""
