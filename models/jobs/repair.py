"""Mending the rows of cards whose journals are whole: what the row should say is what its journal adds up to.

Nothing is taken from anywhere else. A card whose journal is broken, or does not reach where its row says that
it ends, is left as it is for Payments Support. When the row's seal is lost as well, nothing but an anchor
outside the database could tell a journal whose last activities were cut off from a whole one.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from models import audit
from models.cards import LockedCard, lock_card, look_at_cards
from models.clock import pause
from models.errors import Refused, faults
from models.inspection import Inspection, as_json, differing, inspect, open_flags_of
from models.jobs.findable import count_unfindable, index_anew
from models.jobs.hours import cards_with_moved_hours, recompute_hours
from models.jobs.verify import Finding
from models.jobs.wishes import fruitless_wishes
from models.ledger import mend
from models.rules.roles import Action
from models.store import Store
from models.unit import Session, Unit, begin, begin_reading

_PAUSE_SECONDS: Final = 0.003
_CUT_OFF: Final = "something was done to it of which no activity is left, so that its journal was cut off"
UNPROVEN: Final = (
    "the seal on its row was lost, so that only an anchor or a backup can tell whether its last activities were cut off"
)


@dataclass(frozen=True, slots=True)
class Mend:
    """A card whose row can be mended, or was."""

    card_id: int
    last_four: str
    what: str
    """What its row says, and what its journal adds up to."""
    is_proven: bool = True
    """Whether the row's own seal confirms what the journal adds up to."""

    @property
    def subject(self) -> str:
        """How verification names the card."""
        return f"card {self.card_id} (…{self.last_four})"


@dataclass
class Repairs:
    """What verification found, told apart."""

    mends: list[Mend] = field(default_factory=list)
    """Cards whose rows can be mended, or were."""
    to_escalate: list[Finding] = field(default_factory=list)
    """Everything else."""
    hours: int = 0
    """Cards whose start or cut-off lies elsewhere by today's rules of the zone, and is recomputed."""
    people: int = 0
    """People who are found by something else than their records say, and texts that belong to nobody."""


def may_repair(session: Session) -> None:
    """Raise Refused for a role that may not mend, before anything is read."""
    with faults(session.store.path), session.store.database.reading():
        begin_reading(session, Action.REPAIR)


def tell_apart(store: Store, findings: Iterable[Finding]) -> Repairs:
    """Which of the findings a repair would mend, and the cards whose hours a change of the zone's rules moves.

    Changes nothing.
    """
    repairs = Repairs()
    with faults(store.path):
        for finding in findings:
            with store.database.reading():
                found = _look(store, finding)
            if isinstance(found, Mend):
                repairs.mends.append(found)
            else:
                repairs.to_escalate.append(found)
        repairs.hours = len(cards_with_moved_hours(store))
        repairs.people = count_unfindable(store)
    return repairs


def repair(
    session: Session, findings: Iterable[Finding], on_progress: Callable[[int, int], None] | None = None
) -> Repairs:
    """Mend what can be mended, each card in a transaction of its own and judged again; tell what is left.

    Raises Refused for a role that may not, Fault for a broken store; what was mended before stays mended.
    """
    store, planned = session.store, tell_apart(session.store, findings)
    done = Repairs(to_escalate=planned.to_escalate)
    with faults(store.path, "What was mended before is saved; run it again."):
        for planned_mend in planned.mends:
            with store.database.writing():
                came = _mend(begin(session, Action.REPAIR), planned_mend.card_id)
            if isinstance(came, Finding):
                done.to_escalate.append(came)
            elif came is not None:
                done.mends.append(came)
            pause(_PAUSE_SECONDS)
        moved = cards_with_moved_hours(store)
        for place, card_id in enumerate(moved, start=1):
            with store.database.writing():
                done.hours += recompute_hours(begin(session, Action.REPAIR), card_id)
            if on_progress is not None:
                on_progress(place, len(moved))
            pause(_PAUSE_SECONDS)
        done.people = index_anew(session)
    return done


def _look(store: Store, finding: Finding) -> Finding | Mend:
    if finding.card_id is None:
        return finding
    (card,) = look_at_cards([finding.card_id])
    found = inspect(store, card)
    return finding if found is None else _judgement(store, card, found)


def _judgement(store: Store, card: LockedCard, found: Inspection) -> Finding | Mend:
    mended = Mend(card.id, card.last_four, found.damage.what, found.damage.is_proven)
    if not found.damage.is_mendable:
        return Finding(mended.subject, found.damage.what, card.id)
    if not mended.is_proven and card.id in fruitless_wishes(store):
        return Finding(mended.subject, f"{mended.what}; {_CUT_OFF}", card.id)
    return mended


def _mend(unit: Unit, card_id: int) -> Finding | Mend | None:
    """Mend one card under the lock; what was found instead when that can't be done, None when it adds up by now."""
    card = lock_card(card_id)
    found = inspect(unit.store, card)
    judged = None if found is None else _judgement(unit.store, card, found)
    if found is not None and isinstance(judged, Mend):
        _write(unit, card, found, judged)
    return judged


def _write(unit: Unit, card: LockedCard, found: Inspection, judged: Mend) -> None:
    projection = found.projection
    assert projection is not None
    changes = list(differing(card, projection, open_flags_of(card.id)))
    before, after = {"seal": "broken"}, {"seal": "written"}
    mend(unit.hand, card, projection.state, projection.cut_off_at, projection.flags)
    if inspect(unit.store, lock_card(card.id)) is not None:
        raise Refused(f"{judged.subject} does not add up even after it was mended. Nothing was changed.")
    audit.record(
        unit.hand,
        f"card:{card.id}",
        "repair",
        {**before, **{name: as_json(stored) for name, stored, _ in changes}},
        {**after, **{name: as_json(expected) for name, _, expected in changes}},
        judged.what if judged.is_proven else f"{judged.what}; {UNPROVEN}",
    )
