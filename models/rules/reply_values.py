"""What replies are filled with: the facts of a card that each may name, written in the customer's language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from models.rules.diagnosis import Verdict
from models.rules.facts import CardFacts
from models.rules.languages import Language
from models.rules.reply_texts import FOUND
from models.rules.templates import Field
from models.rules.told import Told

Values = Mapping[str, str | None]
"""Name of a placeholder -> what it stands for; None where the card has no such thing."""


@dataclass(frozen=True, slots=True)
class Filling:
    """The placeholders that a reply may have, and what they stand for where it is true."""

    fields: Mapping[str, Field]
    values: Callable[[Told, CardFacts, Language], Values]


def _nothing(_told: Told, _card: CardFacts, _language: Language) -> Values:
    return {}


def _spendable(_told: Told, card: CardFacts, language: Language) -> Values:
    return {"balance": language.money(card.balance_minor, card.currency), "last_day": _last_day(card, language)}


def _last_day(card: CardFacts, language: Language) -> str | None:
    return None if card.last_day_on is None else language.weekday(card.last_day_on)


def _expired(_told: Told, card: CardFacts, language: Language) -> Values:
    return {"last_day": None if card.last_day_on is None else language.day(card.last_day_on)}


def _beginning(told: Told, card: CardFacts, language: Language) -> Values:
    """What can be spent then only when there is something, and an instant at which it can be."""
    will_work = card.balance_minor > 0 and (card.cut_off_at is None or card.active_from_at < card.cut_off_at)
    first_day = language.weekday(told.business.date_of(card.active_from_at))
    return {"first_day": first_day, **(_spendable(told, card, language) if will_work else {})}


def _taken(told: Told, card: CardFacts, language: Language) -> Values:
    emptied = card.emptied
    assert emptied is not None
    return {
        "amount": language.money(emptied.amount_minor, card.currency),
        "day": language.day(told.business.date_of(emptied.at)),
        "place": emptied.place,
    }


def _successor(_told: Told, card: CardFacts, _language: Language) -> Values:
    return {"other_card": None if card.replaced is None else card.replaced.last_four}


def _finding(told: Told, card: CardFacts, language: Language) -> Values:
    """The balance only where it can be spent."""
    assert told.answered is not None
    found = {"outcome": FOUND[language.code][told.answered.outcome]}
    return {**found, **(_spendable(told, card, language) if told.verdict is Verdict.RETRY else {})}


def _sure(meaning: str, example: str) -> Field:
    return Field(meaning, "", example)


def _perhaps(meaning: str, example: str) -> Field:
    return Field(meaning, "", example, is_optional=True)


_CARD: Final = {"card": _sure("the last characters of the card's code", "J773")}
_LAST_DAY: Final = {"last_day": _perhaps("the last day on which it can be spent, where it has one", "Fri 20 Nov 2026")}
_TAKEN: Final = {
    "amount": _sure("what was taken last, with its currency", "25.00 GBP"),
    "day": _sure("the day on which that was", "20 Nov 2026"),
}
_PLACE: Final = {"place": _perhaps("where, if that was written down", "Leeds")}

NOTHING: Final = Filling({}, _nothing)
CARD: Final = Filling(_CARD, _nothing)
SPENDABLE: Final = Filling(
    {"balance": _sure("what can be spent, with its currency", "25.00 GBP"), **_LAST_DAY, **_CARD}, _spendable
)
EXPIRED: Final = Filling({"last_day": _perhaps("its last day, where it had one", "20 Nov 2026"), **_CARD}, _expired)
BEGINNING: Final = Filling(
    {
        "first_day": _sure("the first day on which it can be used", "Mon 23 Nov 2026"),
        "balance": _perhaps("what can be spent then, where there is something", "25.00 GBP"),
        **_LAST_DAY,
        **_CARD,
    },
    _beginning,
)
TAKEN: Final = Filling({**_TAKEN, **_CARD}, _taken)
BOUGHT: Final = Filling({**_TAKEN, **_PLACE, **_CARD}, _taken)
SUCCESSOR: Final = Filling(
    {"other_card": _sure("the last characters of the other card's code", "J773"), **_CARD}, _successor
)
FINDING: Final = Filling(
    {
        "outcome": _sure("what they found, as a clause", "its balance has been corrected"),
        "balance": _perhaps("what can be spent, where it can", "25.00 GBP"),
        **_LAST_DAY,
        **_CARD,
    },
    _finding,
)
