"""What can be said to the customer of a card now: every reply filled, or the reason why it is not true."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from models.agents import who_looks
from models.errors import faults
from models.fields import stored_instant
from models.records import Record, last_of, read_record
from models.rules.diagnosis import verdict_of
from models.rules.families import FAMILIES, template_name
from models.rules.journal import Kind
from models.rules.languages import language_of
from models.rules.policy import Policy
from models.rules.replies import REPLIES, proposed, values, why_untrue
from models.rules.templates import Texts, fill
from models.rules.told import Answered, Told
from models.sheets import CHANGES_THE_CARD
from models.store import Store, policy_in_force
from models.templates import StoredTexts, texts_in_force
from models.unit import Session

_LAPSES_AFTER: Final = timedelta(hours=24)
_ASKED: Final = "SELECT asked_at FROM approval WHERE card_id = ? AND decision IS NULL"


@dataclass(frozen=True, slots=True)
class Drafted:
    """One reply as it would go to the customer of a card."""

    name: str
    language: str
    subject: str
    text: str
    """Empty when it can't be given."""
    refusal: str | None
    """Why it is not true of the card, in one sentence; None when it is."""
    version: int
    """Of its texts: 0 are those that giftdesk comes with."""

    @property
    def title(self) -> str:
        """What it says, in a few words."""
        return REPLIES[self.name].title


def replies_for(session: Session, card_id: int, language: str | None = None) -> tuple[Drafted, ...]:
    """Every reply for a card as it is now, the one to give first; without a language in the desk's usual one.

    Raises Refused when there is no such card, BadLanguage, Fault for texts that were changed with another tool.
    """
    store = session.store
    with faults(store.path), store.database.reading():
        _, told = told_to(session, card_id)
        written = language_of(language or policy_in_force(store).languages[0]).code
        first = proposed(told)
        return tuple(draft(store, name, written, told) for name in sorted(REPLIES, key=lambda name: name != first))


def told_to(session: Session, card_id: int) -> tuple[Record, Told]:
    """A card, and what its customer may be told from now; within a connection. Raises Refused."""
    store = session.store
    _, policy = who_looks(session)
    record = read_record(store, card_id)
    return record, told_of(store, record, policy, store.now())


def draft(store: Store, name: str, language: str, told: Told) -> Drafted:
    """One reply in a language, filled with what is told; within a connection. Raises NoSuchReply, BadLanguage."""
    refusal = why_untrue(name, told)
    if refusal is not None:
        return Drafted(name, language, "", "", refusal, 0)
    held = texts_in_force(store, template_name(name, language))
    said = _filled(held, name, language, told)
    return Drafted(name, language, said.subject, said.text, None, held.version)


def _filled(held: StoredTexts, name: str, language: str, told: Told) -> Texts:
    return fill(held.texts, values(name, told, language), FAMILIES[name])


def told_of(store: Store, record: Record, policy: Policy, now: datetime) -> Told:
    """What the customer of a card may be told from, at an instant (UTC); within a connection."""
    facts = record.facts()
    lifted = last_of(record, Kind.UNSUSPENDED)
    return Told(
        facts,
        verdict_of(facts, policy, now),
        now,
        store.business,
        last_four=record.card.last_four,
        reactivated_at=record.card.state.reactivated_at,
        lifted_at=None if lifted is None else lifted.effective_at,
        is_handed_over=record.handed is not None and record.handed.is_open,
        answered=_answer(record),
        is_waiting=_is_waiting(store, record.card.id, now),
    )


def _answer(record: Record) -> Answered | None:
    """What Payments Support answered last, unless something was done to the card since."""
    handed = record.handed
    if handed is None or handed.outcome is None or handed.closed_at is None:
        return None
    answered = Answered(handed.outcome, handed.closed_at)
    is_settled = any(each.kind in CHANGES_THE_CARD and each.recorded_at > answered.at for each in record.journal)
    return None if is_settled else answered


def _is_waiting(store: Store, card_id: int, now: datetime) -> bool:
    row = store.database.execute_sql(_ASKED, (card_id,)).fetchone()
    return row is not None and now - stored_instant(row[0]) < _LAPSES_AFTER
