"""The letter that reminds somebody of a balance: which values its texts are filled with, and its lasting name."""

from dataclasses import dataclass
from datetime import date

from models.candidates import Candidate
from models.mail.letters import Letter
from models.rules.codes import masked
from models.rules.families import FAMILIES, REMINDER
from models.rules.languages import ENGLISH, Language, language_of
from models.rules.templates import Texts, fill, greeted
from models.store import Store


@dataclass(frozen=True, slots=True)
class ReminderTold:
    """What a reminder tells, and to whom."""

    card_id: int
    name: str | None
    email: str
    balance_minor: int
    currency: str
    last_day_on: date | None
    """None: the balance never expires; only a preview has that."""
    lead_days: int
    """How many days before the last day it was due."""
    product_name: str | None
    last_four: str
    days_left: int | None = None
    """Days from the day on which it goes out to the last day, 0 on that day; None: as many as the lead."""


def told_of(candidate: Candidate, lead_days: int, on: date | None) -> ReminderTold:
    """What a reminder of a card tells that goes on a day; None: on the day of its lead, whatever the calendar says."""
    card, addressee = candidate.card, candidate.addressee
    last_day_on = card.state.last_day_on
    return ReminderTold(
        card_id=card.id,
        name=None if addressee is None else addressee.name,
        email="" if addressee is None else addressee.email or "",
        balance_minor=card.balance_minor,
        currency=card.currency,
        last_day_on=last_day_on,
        lead_days=lead_days,
        product_name=candidate.product.name,
        last_four=card.last_four,
        days_left=None if on is None or last_day_on is None else max(0, (last_day_on - on).days),
    )


def reminder_letter(store: Store, texts: Texts, told: ReminderTold, language: str = ENGLISH) -> Letter:
    """The letter of a reminder in a language; reads nothing of the store but its keys."""
    filled = fill(texts, reminder_values(told, language_of(language)), FAMILIES[REMINDER], language)
    message_id = reminder_message_id(store, told.card_id, told.last_day_on, told.lead_days)
    return Letter(told.email, greeted(told.name), filled.subject, filled.text, filled.html, message_id)


def reminder_values(told: ReminderTold, language: Language) -> dict[str, str | None]:
    """The value of every placeholder in a language, None where there is none."""
    days_left = told.lead_days if told.days_left is None else told.days_left
    return {
        "name": greeted(told.name),
        "balance": language.money(told.balance_minor, told.currency),
        "last_day": None if told.last_day_on is None else language.weekday(told.last_day_on),
        "days_left": None if told.last_day_on is None else language.from_today(days_left),
        "product": told.product_name,
        "card": masked(told.last_four),
    }


def reminder_message_id(store: Store, card_id: int, last_day_on: date | None, lead_days: int) -> str:
    """The lasting name of a reminder, which tells nobody without the key which card it is about."""
    return store.keys.texts(f"reminder/{card_id}/{last_day_on}/{lead_days}".encode()).hex()[:40]
