"""The time line of a case: its own entries, and what was done to its cards meanwhile, by whomever."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any, Final

from peewee import JOIN

from models.casebook import subject
from models.clock import LAST, to_microseconds
from models.fields import stored_instant
from models.rules.cases import Step, entry_in_words
from models.rules.journal import SIGNS, Kind
from models.rules.money import format_money
from models.schema import Audit, CaseCard, CaseText, GiftCard, SupportCase
from models.store import Store

_MOST_DEEDS: Final = 200


@dataclass(frozen=True, slots=True)
class TimeLine:
    """One line of what happened in a case: an entry of its own, or an activity of one of its cards."""

    at: datetime
    """UTC."""
    who: str
    words: str
    text: str | None
    """What was said or written; '(removed)' once a person's data were taken away."""
    card_id: int | None = None
    """The card, for an activity."""


def time_line_of(store: Store, case: SupportCase) -> tuple[tuple[int, ...], tuple[TimeLine, ...]]:
    """The ids of a case's cards in the order in which they came to it, and its time line, newest first; within a
    connection."""
    cards = _cards_of(case.id)
    deeds = (deed for card in cards for deed in _deeds(store, case, card, is_one_of_many=len(cards) > 1))
    oldest_first = sorted([*_entries(case.id), *deeds], key=attrgetter("at"))
    return tuple(card[0] for card in cards), tuple(oldest_first[::-1])


def _cards_of(case_id: int) -> list[tuple[int, int, str, str]]:
    """Of each card: its id, how many activities it had when it came to the case, the end of its code, its currency."""
    columns = (CaseCard.card, CaseCard.number, GiftCard.last_four, GiftCard.currency)
    cards = CaseCard.select(*columns).join(GiftCard).where(CaseCard.case == case_id)
    rows: Any = cards.order_by(CaseCard.added_at, CaseCard.card).tuples()
    return list(rows)


def _entries(case_id: int) -> list[TimeLine]:
    """The entries of a case, oldest first."""
    is_its_text = (CaseText.case_id == case_id) & (CaseText.number == Audit.number)
    columns = (Audit.action, Audit.after, Audit.recorded_at, Audit.actor_name, CaseText.text)
    entries = Audit.select(*columns).join(CaseText, JOIN.LEFT_OUTER, on=is_its_text)
    rows: Any = entries.where(Audit.subject == subject(case_id)).order_by(Audit.number).tuples()
    return [_entry(*row) for row in rows]


def _entry(action: str, after: Mapping[str, Any], at: datetime, who: str, text: str | None) -> TimeLine:
    words = entry_in_words(Step(action), after.get("facts") or {}) if action in set(Step) else action
    return TimeLine(at, who, words, _REMOVED if text is None and "text" in after else text)


_REMOVED: Final = "(removed)"
_DEEDS: Final = (
    "SELECT a.recorded_at, a.actor_name, a.kind, a.amount_minor, t.text, t.card_id FROM activity a "
    "LEFT JOIN activity_text t ON t.card_id = a.card_id AND t.number = a.number "
    "WHERE a.card_id = ? AND a.number > ? AND a.recorded_at <= ? AND (a.kind <> 'replied' OR a.actor_id <> ?) "
    "ORDER BY a.number DESC LIMIT ?"
)


def _deeds(store: Store, case: SupportCase, card: tuple[int, int, str, str], *, is_one_of_many: bool) -> list[TimeLine]:
    """What was done to a card while the case was open, by whomever, oldest first; the newest only of very much.

    What its own agent told the customer is an entry of the case.
    """
    card_id, number, last_four, currency = card
    until = LAST if case.closed_at is None else to_microseconds(case.closed_at)
    rows: Any = store.database.execute_sql(_DEEDS, (card_id, number, until, case.agent_id, _MOST_DEEDS))
    which = f" on ···· {last_four}" if is_one_of_many else ""
    return [
        TimeLine(
            at=stored_instant(at),
            who=who,
            words=f"{_deed(kind, amount_minor, currency)}{which}",
            text=_REMOVED if text is None and text_of is not None else text,
            card_id=card_id,
        )
        for at, who, kind, amount_minor, text, text_of in reversed(rows.fetchall())
    ]


def _deed(kind: str, amount_minor: int, currency: str) -> str:
    if kind not in set(Kind):
        return kind
    known = Kind(kind)
    return f"{known.words} {format_money(amount_minor, currency)}" if known in SIGNS else known.words
