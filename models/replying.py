"""What can be said to the customer of a card now: every reply filled, or the reason why it is not true."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from models.agents import who_looks
from models.casebook import caller_of, case_with
from models.errors import faults
from models.records import Record, last_of, read_record
from models.rules.diagnosis import Verdict, verdict_of
from models.rules.families import FAMILIES, template_name
from models.rules.journal import SIGNS, Kind
from models.rules.languages import LANGUAGES, language_of
from models.rules.policy import Policy
from models.rules.replies import REPLIES, UNKNOWN, proposed, values, why_untrue
from models.rules.templates import Texts, fill
from models.rules.told import Answered, Told
from models.schema import SupportCase
from models.store import Store
from models.templates import StoredTexts, texts_in_force, texts_of_version
from models.unit import Session, Unit

_CHANGES_THE_CARD: Final = frozenset({*SIGNS, Kind.REACTIVATED, Kind.UNSUSPENDED, Kind.SUSPENDED})
"""After one of these a card is not what was handed over, or what the answer was about, any more."""


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


@dataclass(frozen=True, slots=True)
class Addressee:
    """To whom a reply would be mailed: the caller of the case in hand, else the card's holder."""

    customer_id: int
    name: str | None
    email: str


def replies_for(session: Session, card_id: int, language: str | None = None) -> tuple[Drafted, ...]:
    """Every reply for a card as it is now: the one to give, others that are true, then those that are not.

    Without a language they are in the customer's usual one. Raises Refused when there is no such card, BadLanguage,
    Fault for texts that were changed with another tool.
    """
    store = session.store
    with faults(store.path), store.database.reading():
        agent, policy = who_looks(session)
        record = read_record(store, card_id)
        told = told_of(store, record, policy, store.now())
        written = language_of(language or usual_language(record, agent.id, policy)).code
        first = proposed(told)
        drafted = [draft(store, name, written, told) for name in REPLIES if name != UNKNOWN]
        return tuple(sorted(drafted, key=lambda each: (each.name != first, each.refusal is not None)))


def reply_to_unknown(session: Session, language: str | None = None) -> Drafted:
    """What is said about a code that no card answers to. Raises BadLanguage, Fault as replies_for."""
    store = session.store
    with faults(store.path), store.database.reading():
        _, policy = who_looks(session)
        told = Told(None, Verdict.UNKNOWN, store.now(), store.business)
        return draft(store, UNKNOWN, language_of(language or policy.languages[0]).code, told)


def usual_language(record: Record, agent_id: int, policy: Policy) -> str:
    """In which the customer of a card was answered last in the agent's open case, else the desk's first; within a
    connection."""
    last = last_of(record, Kind.REPLIED)
    case = None if last is None else case_with(agent_id, record.card.id)
    if last is None or case is None or last.details.get("case") != case.id:
        return policy.languages[0]
    spoken = str(last.details.get("language"))
    return spoken if spoken in LANGUAGES else policy.languages[0]


def addressee_of(session: Session, card_id: int) -> Addressee | None:
    """To whom a reply about a card would be mailed now; None when nobody with an address is known."""
    store = session.store
    with faults(store.path), store.database.reading():
        agent, _ = who_looks(session)
        return addressee_in(case_with(agent.id, card_id), read_record(store, card_id))


def addressee_in(case: SupportCase | None, record: Record) -> Addressee | None:
    """To whom a reply would be mailed from a case about a card; within a connection."""
    caller = None if case is None or case.customer_id is None else caller_of(case.customer_id)
    who = caller if caller is not None and caller.email else record.holder
    return Addressee(who.id, who.name, who.email) if who is not None and who.email else None


def why_untrue_now(unit: Unit, card_id: int, name: str, language: str, version: int, text: str) -> str | None:
    """Why a reply that was written must not go any more, in one sentence; None when it says what is true now.

    It is filled again from the card and held against what it says; within the transaction in which it goes.
    """
    told = told_of(unit.store, read_record(unit.store, card_id), unit.policy, unit.now)
    refusal = why_untrue(name, told)
    if refusal is not None:
        return refusal
    held = texts_of_version(unit.store, template_name(name, language), version)
    return None if _filled(held, name, language, told).text == text else OTHERWISE


NOBODY_ON_FILE: Final = "Nobody with an e-mail address is on file: complete the case's intake, or copy the reply."
OTHERWISE: Final = "The card is not any more as the reply says."


def told_to(session: Session, card_id: int) -> tuple[Record, Told]:
    """A card, and what its customer may be told from now; within a connection. Raises Refused."""
    store = session.store
    _, policy = who_looks(session)
    record = read_record(store, card_id)
    return record, told_of(store, record, policy, store.now())


def told_of(store: Store, record: Record, policy: Policy, now: datetime) -> Told:
    """What the customer of a card may be told from, at an instant (UTC); within a connection."""
    facts = record.facts()
    lifted = last_of(record, Kind.UNSUSPENDED)
    is_handed_over, answered = _with_payments(record)
    return Told(
        facts,
        verdict_of(facts, policy, now),
        now,
        store.business,
        last_four=record.card.last_four,
        reactivated_at=record.card.state.reactivated_at,
        lifted_at=None if lifted is None else lifted.effective_at,
        is_handed_over=is_handed_over,
        answered=answered,
        is_waiting=facts.asked is not None and facts.asked.waits(now),
    )


def _with_payments(record: Record) -> tuple[bool, Answered | None]:
    """Whether a card lies with Payments Support, and what they answered; neither once something was done to it."""
    handed = record.handed
    if handed is None:
        return False, None
    changes = [each for each in record.journal if each.kind in _CHANGES_THE_CARD]
    if handed.closed_at is None or handed.outcome is None:
        return all(each.number < handed.number for each in changes), None
    is_as_answered = all(each.recorded_at <= handed.closed_at for each in changes)
    return False, Answered(handed.outcome, handed.closed_at) if is_as_answered else None


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
