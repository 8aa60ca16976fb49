"""E-mails that leave the house: what a letter is, how it is composed, and by which way it goes."""

from models.mail.letters import Answer, Letter, Mailer, Verdict, without_addresses
from models.mail.opening import open_mailer
from models.mail.reminding import ReminderTold, reminder_letter, told_of

__all__ = [
    "Answer",
    "Letter",
    "Mailer",
    "ReminderTold",
    "Verdict",
    "open_mailer",
    "reminder_letter",
    "told_of",
    "without_addresses",
]
