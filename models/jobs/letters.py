"""Letters as they are taken in hand and recorded: judged again first, each sent once, whoever sends them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from peewee import fn

from models.cards import lock_cards
from models.casebook import enter, subject
from models.engine import SHARED
from models.errors import faults
from models.jobs.answers import patiently, standing_after
from models.jobs.delivery import Answered
from models.keys import Keys
from models.mail import Answer, Letter
from models.outbox import addressee_of, is_as_written, settle
from models.replying import why_untrue_now
from models.rules.cases import Step
from models.rules.letters import LetterKind, letter_refusal
from models.rules.reminders import Addressee, State
from models.rules.roles import MAY, Action
from models.rules.templates import greeted
from models.schema import Audit, Outbox, SupportCase
from models.unit import Session, Unit, begin, instant

AFTERMATH: Final = (
    "What was sent before is recorded; what was in hand is listed with: giftdesk outbox list. Send again for the rest."
)
Judge = Callable[[Unit, Outbox], str | None]
"""Why a letter must not go now, a sentence, judged within the transaction that claims it; None when it may."""


def _is_true(_unit: Unit, _row: Outbox) -> None:
    return None


def _still_true(unit: Unit, row: Outbox) -> str | None:
    """A reply is judged again: its card may be another than when it was written."""
    said = row.details
    if row.card_id is None or row.text is None or "name" not in said:
        return None
    return why_untrue_now(unit, row.card_id, said["name"], said["language"], said["version"], row.text.rstrip("\n"))


JUDGES: Final[Mapping[str, Judge]] = {LetterKind.REPLY: _still_true, LetterKind.PACKET: _is_true}


@dataclass(frozen=True, slots=True)
class LetterClaim:
    """A letter that this run has in hand."""

    id: int
    tries: int
    """How often it was taken in hand, this time included."""
    claimed_at: datetime
    """UTC."""
    letter: Letter


@dataclass
class LetterClaims:
    """Takes letters in hand and records what came of them, for one run."""

    session: Session
    unit: Unit
    """With which the run began: what it did is recorded by that hand, whatever became of the agent meanwhile."""
    held_back: dict[int, str]
    """Letters that must not go, and why: a person decides about them."""

    def exchange(self, answered: Sequence[Answered[LetterClaim]], ids: Sequence[int]) -> list[LetterClaim]:
        """Record what came of some letters, then claim others that still wait; the claims.

        Whoever may not send everybody's letters has only their own. Raises Refused for who may no longer work here,
        Fault for a broken store: what was answered and not recorded is then of unknown outcome.
        """
        if answered:
            patiently(lambda: self._record(answered))
        return patiently(lambda: self._claim(ids)) if ids else []

    def _record(self, answered: Sequence[Answered[LetterClaim]]) -> None:
        store = self.session.store
        with faults(store.path, AFTERMATH), store.database.writing():
            store.database.hold(SHARED)
            unit = replace(self.unit, now=instant(store))
            for claim, answer in answered:
                _write_down(unit, claim, answer)

    def _claim(self, ids: Sequence[int]) -> list[LetterClaim]:
        store = self.session.store
        with faults(store.path, AFTERMATH), store.database.writing():
            unit = begin(self.session, None)
            rows = {row.id: row for row in Outbox.select().where(Outbox.id.in_(list(ids)))}
            lock_cards(sorted({row.card_id for row in rows.values() if row.card_id is not None}))
            unit.has_waited()
            claims = [self._claimed(unit, rows[letter_id]) for letter_id in ids if letter_id in rows]
        return [claim for claim in claims if claim is not None]

    def _claimed(self, unit: Unit, row: Outbox) -> LetterClaim | None:
        """Claim a letter; None when it is not due, somebody else has it, or it must not go."""
        is_ours = row.written_by == unit.agent.id or Action.SEND in MAY[unit.agent.role]
        if row.state != State.WAITING or row.next_try_at > unit.now or not is_ours:
            return None
        to = addressee_of(row, unit.policy)
        refusal = _refusal(unit, row, to)
        if refusal is not None:
            if _take(row, state=State.REFUSED, next_try_at=None, said=refusal):
                self.held_back[row.id] = refusal
                _tell_case(unit, row, "held back")
            return None
        tries = row.tries + 1
        if not _take(row, state=State.CLAIMED, tries=tries, claimed_at=unit.now, next_try_at=None, said=None):
            return None
        return LetterClaim(row.id, tries, unit.now, _letter(unit.store.keys, row, to))


def _refusal(unit: Unit, row: Outbox, to: Addressee) -> str | None:
    """Why a letter must not go, as a sentence; None when it may."""
    if row.text is None:
        return "What it said was removed with the data of the person."
    if not is_as_written(unit.store.keys, row):
        return "It was changed with another tool."
    return letter_refusal(LetterKind(row.kind), to) or JUDGES[row.kind](unit, row)


def _take(row: Outbox, **changes: Any) -> bool:
    """Change a letter that waits; False when somebody else has it in hand by now."""
    waits = (Outbox.id == row.id) & (Outbox.state == State.WAITING) & (Outbox.tries == row.tries)
    return bool(Outbox.update(**changes).where(waits).execute() == 1)


def _letter(keys: Keys, row: Outbox, to: Addressee) -> Letter:
    name = keys.texts(f"letter/{row.id}/{row.written_at.isoformat()}".encode()).hex()[:40]
    assert to.email is not None
    assert row.subject is not None
    assert row.text is not None
    return Letter(to.email, greeted(to.name), row.subject, row.text, row.html, name)


def _write_down(unit: Unit, claim: LetterClaim, answer: Answer | None) -> None:
    """Write down what came of a letter, unless somebody decided about it meanwhile."""
    after = standing_after(answer, claim.tries, unit.now)
    is_ours = (Outbox.id == claim.id) & (Outbox.state == State.CLAIMED) & (Outbox.claimed_at == claim.claimed_at)
    row: Outbox | None = Outbox.get_or_none(is_ours)
    if row is None:
        return
    if after.state is State.SENT:
        settle(unit, row, State.SENT, "send")
    else:
        changes = {"state": after.state, "tries": after.tries, "next_try_at": after.next_try_at, "said": after.said}
        Outbox.update(**changes).where(is_ours).execute()
    if after.state is not State.WAITING:
        _tell_case(unit, row, _CASE_SAYS[after.state])


_CASE_SAYS: Final = {
    State.SENT: "sent",
    State.REFUSED: "refused by the mail server",
    State.CLAIMED: "sent or not, nobody knows",
}


_NEVER_SENT: Final = ("held back", _CASE_SAYS[State.REFUSED])


def _tell_case(unit: Unit, row: Outbox, what: str) -> None:
    """Say on the time line of a letter's case what became of it; a case that was spoiled stops no letter.

    Whom a reply did not reach is still to be told: their case is open again.
    """
    case: SupportCase | None = SupportCase.get_or_none(SupportCase.id == row.case_id)
    entries = Audit.select(fn.MAX(Audit.number)).where(Audit.subject == subject(row.case_id or 0)).scalar()
    if case is not None and case.entries == entries:
        is_lost = row.kind == LetterKind.REPLY and what in _NEVER_SENT
        facts = {"letter": row.id, "state": what, **({"has_reached": False} if is_lost else {})}
        enter(unit, case.id, Step.MAILED, facts)
