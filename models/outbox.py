"""The outbox: e-mails to one person each, laid in with what they tell of and kept until somebody knows their fate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from models import audit
from models.audit import audit_seal
from models.chain import START, letter_digest
from models.errors import Refused, faults
from models.fates import IN_HAND_FOR, Fate, fate_of, standing_at
from models.fields import stored_instant
from models.keys import Keys
from models.paging import page
from models.people import kept_record
from models.rules.letters import LetterKind
from models.rules.policy import Policy
from models.rules.reminders import Addressee, State
from models.rules.texts import check_line
from models.schema import Audit, Outbox, SupportCase
from models.store import Store, policy_in_force
from models.unit import Unit

MOST: Final = 1_000
_LONGEST_SUBJECT: Final = 250


def write_letter(
    unit: Unit,
    kind: LetterKind,
    *,
    subject: str,
    text: str,
    html: str | None = None,
    card_id: int | None = None,
    case_id: int | None = None,
    escalation_id: str | None = None,
    customer_id: int | None = None,
    details: Mapping[str, Any] | None = None,
) -> int:
    """Lay an e-mail into the outbox, within the transaction of what it tells of; returns its number.

    A reply goes to the customer, a packet to the address of Payments Support in the policy; to whom is looked up
    when it is sent. Whoever names the number as "letter" in the facts of an outcome has it sent right after.
    The details hold no personal data. Raises BadText for a subject that is no line.
    """
    row = {
        "kind": kind,
        "card_id": card_id,
        "case_id": case_id,
        "escalation_id": escalation_id,
        "customer_id": customer_id,
        "details": dict(details or {}),
    }
    texts = {"subject": check_line(subject, "subject", _LONGEST_SUBJECT), "text": text, "html": html}
    letter_id: int = Outbox.insert(
        **row,
        **texts,
        state=State.WAITING,
        tries=0,
        written_at=unit.now,
        written_by=unit.agent.id,
        next_try_at=unit.now,
    ).execute()
    digest = letter_digest(unit.store.keys, letter_id, *texts.values())
    audit.record(unit.hand, subject_of(letter_id), "write", None, {**row, "state": State.WAITING, "digest": digest})
    return letter_id


def subject_of(letter_id: int) -> str:
    """The audit's subject of a letter."""
    return f"letter:{letter_id}"


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A letter that nobody settled yet, as it is listed."""

    id: int
    kind: LetterKind
    card_id: int | None
    last_four: str | None
    """The end of the card's code."""
    case_id: int | None
    escalation_id: str | None
    fate: Fate
    addressee: Addressee
    """Whom it goes to, as on file now; id 0 is Payments Support."""
    subject: str | None
    """None once the person's data were removed."""
    written_at: datetime
    """UTC."""
    written_by: str
    """The name of who wrote it."""
    tries: int
    claimed_at: datetime | None
    """When it was last taken in hand, UTC; None: never."""
    next_try_at: datetime | None
    """From when it may be tried again, UTC; None when it is not tried by itself."""
    said: str | None
    """What the mail server said, or what stood in the way."""

    @property
    def key(self) -> tuple[datetime, int]:
        """Its place in the list: ask for what follows with it."""
        return self.written_at, self.id


_TABLES: Final = (
    "FROM outbox o LEFT JOIN gift_card g ON g.id = o.card_id LEFT JOIN customer c ON c.id = o.customer_id "
    "LEFT JOIN customer k ON k.id = COALESCE(c.merged_into_id, c.id) LEFT JOIN agent a ON a.id = o.written_by "
    "WHERE o.settled_at IS NULL AND "
)
_LINE: Final = (
    "SELECT o.id, o.kind, o.card_id, g.last_four, o.case_id, o.escalation_id, o.state, k.id, k.name, k.email, "
    "k.removed_at, o.subject, o.written_at, a.name, o.tries, o.claimed_at, o.next_try_at, o.said "
)


def letters_in_hand(
    store: Store,
    fates: Sequence[Fate] = (Fate.UNKNOWN, Fate.WAITING, Fate.REFUSED),
    *,
    card_id: int | None = None,
    case_id: int | None = None,
    letter_id: int | None = None,
    written_by: int | None = None,
    after: tuple[datetime, int] | None = None,
    most: int = MOST,
) -> tuple[LetterLine, ...]:
    """The letters that nobody settled, the oldest first, at most so many after a place.

    Of one card, case or number, or by one of the desk. Raises Fault for a broken store.
    """
    with faults(store.path), store.database.reading():
        left_behind = store.now() - IN_HAND_FOR
        where, values = standing_at(fates, left_behind, "o")
        where = f"({where})"
        of_one = (("card_id", card_id), ("case_id", case_id), ("id", letter_id), ("written_by", written_by))
        for column, wanted in of_one:
            if wanted is not None:
                where, values = f"{where} AND o.{column} = ?", [*values, wanted]
        where, values = page(where, values, ("o.written_at", "o.id"), after, most)
        rows = store.database.execute_sql(f"{_LINE}{_TABLES}{where}", values).fetchall()
        payments = policy_in_force(store).payments_email
        return tuple(_line(row, left_behind, payments) for row in rows)


@dataclass(frozen=True, slots=True)
class LetterSheet:
    """One letter, with what became of it."""

    line: LetterLine | None
    """As it is listed; None once it is settled."""
    id: int
    kind: LetterKind
    card_id: int | None
    state: State
    text: str | None
    """What it says; None once it is settled, for the case keeps it."""
    steps: tuple[tuple[datetime, str, str, str], ...]
    """Instant (UTC), who, what was done, where it stood then; the first one is its writing."""


def letter_sheet(store: Store, letter_id: int) -> LetterSheet:
    """One letter by its number. Raises Refused for no such letter, Fault for a broken store."""
    lines = letters_in_hand(store, list(Fate), letter_id=letter_id)
    with faults(store.path), store.database.reading():
        row: Outbox | None = Outbox.get_or_none(Outbox.id == letter_id)
        if row is None:
            raise Refused(NO_SUCH_LETTER)
        history = Audit.select().where(Audit.subject == subject_of(letter_id)).order_by(Audit.number)
        steps = tuple((each.recorded_at, each.actor_name, each.action, each.after["state"]) for each in history)
    line = lines[0] if lines else None
    return LetterSheet(line, row.id, LetterKind(row.kind), row.card_id, State(row.state), row.text, steps)


NO_SUCH_LETTER: Final = "There is no e-mail with that number. See: giftdesk outbox list"


def count_letters(store: Store) -> dict[Fate, int]:
    """How many letters that nobody settled stand where. Raises Fault for a broken store."""
    with faults(store.path), store.database.reading():
        left_behind = store.now() - IN_HAND_FOR
        counts = {}
        for fate in Fate:
            where, values = standing_at([fate], left_behind, "o")
            sql = f"SELECT COUNT(*) FROM outbox o WHERE o.settled_at IS NULL AND ({where})"
            ((counts[fate],),) = store.database.execute_sql(sql, values).fetchall()
        return counts


def _line(row: Sequence[Any], left_behind: datetime, payments: str | None) -> LetterLine:
    id_, kind, card, last_four, case, escalation, state, *person, subject, written, by, tries, claimed, next_, said = (
        row
    )
    customer, name, email, removed_at = person
    claimed_at = None if claimed is None else stored_instant(claimed)
    is_packet = kind == LetterKind.PACKET
    return LetterLine(
        id=id_,
        kind=LetterKind(kind),
        card_id=card,
        last_four=last_four,
        case_id=case,
        escalation_id=escalation,
        fate=fate_of(State(state), said, claimed_at, left_behind),
        addressee=to_payments(payments) if is_packet else Addressee(customer or 0, name, email, removed_at is not None),
        subject=subject,
        written_at=stored_instant(written),
        written_by=by or "",
        tries=tries,
        claimed_at=claimed_at,
        next_try_at=None if next_ is None else stored_instant(next_),
        said=said,
    )


def addressee_of(row: Outbox, policy: Policy) -> Addressee:
    """Whom a letter goes to as things stand, within a connection; id 0: nobody is on file, or Payments Support."""
    if row.kind == LetterKind.PACKET:
        return to_payments(policy.payments_email)
    found = None if row.customer_id is None else kept_record(row.customer_id)
    return (
        Addressee(0, None, None)
        if found is None
        else Addressee(found.id, found.name, found.email, found.removed_at is not None)
    )


def to_payments(email: str | None) -> Addressee:
    """Payments Support as somebody to write to, at the address of the policy."""
    return Addressee(0, "Payments Support", email, False)


def due_letters(unit: Unit, ids: Sequence[int] | None = None) -> list[int]:
    """The numbers of the letters that are to be sent now, oldest first: of some, or of all; within a connection."""
    is_due = (Outbox.state == State.WAITING) & (Outbox.next_try_at <= unit.now) & Outbox.settled_at.is_null()
    if ids is not None:
        is_due &= Outbox.id.in_(ids)
    rows = Outbox.select(Outbox.id).where(is_due).order_by(Outbox.written_at, Outbox.id)
    return [row.id for row in rows]


def settle(unit: Unit, row: Outbox, state: State, how: str) -> None:
    """Settle a letter within the transaction: it was sent, or is dropped; what it said is kept here no longer."""
    changes = {"state": state, "settled_at": unit.now, "next_try_at": None, "said": None, **EMPTIED}
    Outbox.update(**changes).where((Outbox.id == row.id) & Outbox.settled_at.is_null()).execute()
    record_letter(unit, row.id, how, row.state, state)


def empty_letters(unit: Unit, customer_ids: Sequence[int], card_ids: Sequence[int]) -> None:
    """Take away what unsettled letters say to some people, in their cases and about some cards; within a removal.

    They are dropped, but for one that may be under way: a person still has to learn what became of it.
    """
    cases = SupportCase.select(SupportCase.id).where(SupportCase.customer_id.in_(list(customer_ids)))
    is_theirs = (
        Outbox.customer_id.in_(list(customer_ids)) | Outbox.card_id.in_(list(card_ids)) | Outbox.case_id.in_(cases)
    )
    for row in Outbox.select().where(Outbox.settled_at.is_null() & is_theirs):
        if row.state == State.CLAIMED:
            Outbox.update(**EMPTIED).where(Outbox.id == row.id).execute()
        else:
            settle(unit, row, State.DROPPED, "remove")


def record_letter(unit: Unit, letter_id: int, how: str, before: str, after: str) -> None:
    """Say in a letter's audit what became of it."""
    audit.record(unit.hand, subject_of(letter_id), how, {"state": before}, {"state": after})


EMPTIED: Final[Mapping[str, None]] = {"subject": None, "text": None, "html": None}


ABOUT: Final = ("kind", "card_id", "case_id", "escalation_id", "customer_id", "details")
"""The columns that say what a letter is about; they never change."""


def is_as_written(keys: Keys, row: Outbox) -> bool:
    """Whether a letter is what its writer laid in; within a connection. One that was emptied is not."""
    first = Audit.get_or_none((Audit.subject == subject_of(row.id)) & (Audit.number == 1))
    if first is None or audit_seal(keys, START, first) != bytes(first.mac):
        return False
    facts = {name: getattr(row, name) for name in ABOUT}
    digest = letter_digest(keys, row.id, row.subject, row.text, row.html)
    return bool(first.after == {**facts, "state": State.WAITING, "digest": digest})
