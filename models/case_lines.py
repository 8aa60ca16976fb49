"""The time line of a case: its own entries, and what was done to its cards meanwhile, by whomever."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter
from typing import Any, Final, NamedTuple

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


class _Deed(NamedTuple):
    """An activity of a card, and the name of the entry of the case that tells of it, too, if there is one."""

    line: TimeLine
    told_as: str | None


def time_line_of(store: Store, case: SupportCase) -> tuple[tuple[int, ...], tuple[TimeLine, ...]]:
    """The ids of a case's cards in the order in which they came to it, and its time line, newest first; within a
    connection. What has an entry and an activity stands there once."""
    cards = _cards_of(case.id)
    deeds = [deed for card in cards for deed in _deeds(store, case, card, is_one_of_many=len(cards) > 1)]
    said = {deed.told_as: deed.line.text for deed in deeds if deed.told_as is not None}
    entries = [(name, replace(line, text=line.text or said.get(name or ""))) for name, line in _entries(case.id)]
    told = {name for name, _ in entries if name is not None}
    lines = [*(line for _, line in entries), *(deed.line for deed in deeds if deed.told_as not in told)]
    return tuple(card[0] for card in cards), tuple(sorted(lines, key=attrgetter("at"))[::-1])


def _cards_of(case_id: int) -> list[tuple[int, int, str, str]]:
    """Of each card: its id, how many activities it had when it came to the case, the end of its code, its currency."""
    columns = (CaseCard.card, CaseCard.number, GiftCard.last_four, GiftCard.currency)
    cards = CaseCard.select(*columns).join(GiftCard).where(CaseCard.case == case_id)
    rows: Any = cards.order_by(CaseCard.added_at, CaseCard.card).tuples()
    return list(rows)


def _entries(case_id: int) -> list[tuple[str | None, TimeLine]]:
    """The entries of a case, oldest first, each with the name by which an activity is known that it tells of."""
    is_its_text = (CaseText.case_id == case_id) & (CaseText.number == Audit.number)
    columns = (Audit.number, Audit.action, Audit.after, Audit.recorded_at, Audit.actor_name, CaseText.text)
    entries = Audit.select(*columns).join(CaseText, JOIN.LEFT_OUTER, on=is_its_text)
    rows: Any = entries.where(Audit.subject == subject(case_id)).order_by(Audit.number).tuples()
    return [_entry(*row) for row in rows]


def _entry(
    number: int, action: str, after: Any, at: datetime, who: str, text: str | None
) -> tuple[str | None, TimeLine]:
    kept = after if isinstance(after, dict) else {}
    facts = kept["facts"] if isinstance(kept.get("facts"), dict) else {}
    words = entry_in_words(Step(action), facts) if action in set(Step) else action
    names = {Step.ESCALATED.value: facts.get("waits_for"), Step.REPLIED.value: f"entry {number}"}
    return names.get(action), TimeLine(at, who, words, _REMOVED if text is None and "text" in kept else text)


_REMOVED: Final = "(removed)"
_DEEDS: Final = (
    "SELECT a.recorded_at, a.actor_name, a.kind, a.amount_minor, a.details, t.text, t.card_id FROM activity a "
    "LEFT JOIN activity_text t ON t.card_id = a.card_id AND t.number = a.number "
    "WHERE a.card_id = ? AND a.number > ? AND a.recorded_at <= ? ORDER BY a.number DESC LIMIT ?"
)


def _deeds(store: Store, case: SupportCase, card: tuple[int, int, str, str], *, is_one_of_many: bool) -> list[_Deed]:
    """What was done to a card while the case was open, by whomever, oldest first; the newest only of very much."""
    card_id, number, last_four, currency = card
    until = LAST if case.closed_at is None else to_microseconds(case.closed_at)
    rows: Any = store.database.execute_sql(_DEEDS, (card_id, number, until, _MOST_DEEDS))
    which = f" on ···· {last_four}" if is_one_of_many else ""
    return [
        _Deed(
            TimeLine(
                at=stored_instant(at),
                who=who,
                words=f"{_words(kind, amount_minor, currency)}{which}",
                text=_REMOVED if text is None and text_of is not None else text,
                card_id=card_id,
            ),
            _told_as(kind, details, case.id),
        )
        for at, who, kind, amount_minor, details, text, text_of in reversed(rows.fetchall())
    ]


def _words(kind: str, amount_minor: int, currency: str) -> str:
    if kind not in set(Kind):
        return kind
    known = Kind(kind)
    return f"{known.words} {format_money(amount_minor, currency)}" if known in SIGNS else known.words


def _told_as(kind: str, details: str, case_id: int) -> str | None:
    """By what name an entry of a case tells of an activity; None for most."""
    if kind not in (Kind.ESCALATED, Kind.REPLIED):
        return None
    try:
        facts: dict[str, Any] = json.loads(details)
        if kind == Kind.ESCALATED:
            return f"escalation:{facts['escalation']}"
        return f"entry {facts['entry']}" if facts.get("case") == case_id else None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
