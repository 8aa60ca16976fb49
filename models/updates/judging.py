"""What a line changes of the card that it means: a later last day, a hold, a note; never money."""

from dataclasses import dataclass
from datetime import datetime

from models.records import Record
from models.rules import wording
from models.rules.facts import own_card_refusal
from models.rules.journal import Entry, Kind
from models.rules.money import format_money
from models.rules.reactivation import is_past_cut_off
from models.rules.roles import Actor
from models.updates.told import ToldUpdate


@dataclass(frozen=True, slots=True)
class Judged:
    """What a line comes to."""

    told: ToldUpdate
    entries: tuple[Entry, ...] = ()
    warnings: tuple[str, ...] = ()


def judge_update(told: ToldUpdate, record: Record, source: str, actor: Actor, now: datetime) -> Judged:
    """What to write into a card's journal at an instant (UTC), and what is told and stays as it is."""
    facts = record.facts()
    if record.wrong is not None:
        return Judged(told, warnings=("Left out: the card does not add up.",))
    if facts.cancelled_at is not None:
        return Judged(told, warnings=("Left out: the card was cancelled here.",))
    if own_card_refusal(facts, actor) is not None:
        return Judged(told, warnings=("Left out: this is a card of your own.",))
    entries, warnings = [], []
    later = _later(told, record, source, now)
    for found in (later, _held(told, record, source, now), _noted(told, record, source, now)):
        if isinstance(found, Entry):
            entries.append(found)
        elif found is not None:
            warnings.append(found)
    if told.balance_minor not in (None, record.card.balance_minor):
        there, here = (
            format_money(minor, told.currency) for minor in (told.balance_minor or 0, record.card.balance_minor)
        )
        warnings.append(f"The card holds {there} there and {here} here: no money is moved.")
    return Judged(told, tuple(entries), tuple(warnings))


def _later(told: ToldUpdate, record: Record, source: str, now: datetime) -> Entry | str | None:
    last, wanted = record.card.state.last_day_on, told.last_day_on
    if wanted is None or wanted == last:
        return None
    if last is None or wanted < last:
        is_day = "it never expires" if last is None else f"its last day is {wording.day(last)}"
        return f"Here {is_day}, which is later, and stays."
    if is_past_cut_off(record.facts(), now):
        return f"The card has expired here, and is valid until {wording.day(wanted)} there: see giftdesk bulk extend."
    text = f"The last day is {wording.day(wanted)}: {source}"
    return _entry(Kind.EXPIRY_CHANGED, now, text, source, sets={"last_day": wanted.isoformat()})


def _held(told: ToldUpdate, record: Record, source: str, now: datetime) -> Entry | None:
    """A hold is put once: whoever lifts it here knows why."""
    if told.disabled_on is None or record.card.suspended_at is not None:
        return None
    text = f"Disabled on {wording.day(told.disabled_on)}: {source}"
    return None if _says(record, Kind.SUSPENDED, text) else _entry(Kind.SUSPENDED, now, text, source)


def _noted(told: ToldUpdate, record: Record, source: str, now: datetime) -> Entry | None:
    if told.note is None or _says(record, Kind.NOTE, told.note):
        return None
    return _entry(Kind.NOTE, now, told.note, source)


def _says(record: Record, kind: Kind, text: str) -> bool:
    return any(activity.kind is kind and activity.text == text for activity in record.journal)


def _entry(kind: Kind, now: datetime, text: str, source: str, **details: object) -> Entry:
    return Entry(kind, now, text=text, details={"source": source, **details})
