"""What another system tells of cards that are here, without their whole codes: updates, and never a card."""
