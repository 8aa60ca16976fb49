"""Undoing a bulk: another one, of reversing entries, on the cards that the first has changed."""

from collections.abc import Iterator
from dataclasses import replace

from models import audit
from models.bulks.beginning import go_on, once
from models.bulks.deciding import close, settle
from models.bulks.facts import BrokenOff, Bulk, BulkPreview, BulkReport, BulkState, Progress, Stop
from models.bulks.freezing import OnList, lay_down, make_ready, write_list
from models.bulks.judging import Given, Judged, Sums, own_people
from models.bulks.keeping import ROWS, as_bulk, bulk_numbered_in, check_list, deed_of, listed, subject
from models.bulks.unmaking import undone
from models.errors import Refused, faults
from models.rules.asked import Decision
from models.rules.bulk_deeds import Change
from models.rules.roles import Action, role_refusal
from models.rules.texts import check_note
from models.unit import Outcome, Session, Unit, begin_reading

_PAGE = 500


def preview_undo(
    session: Session, bulk_id: int, *, on_progress: Progress | None = None, is_stopped: Stop | None = None
) -> BulkPreview:
    """What undoing a bulk would do now, and which of its cards would stay as they are; nothing is changed.

    Raises Refused for who may not and for what can't be undone, Fault for a broken store.
    """
    with faults(session.store.path):
        undoing = _Undoing(session, bulk_id, "-")
        is_whole = True
        for _ in undoing.pages(on_progress):
            if is_stopped is not None and is_stopped():
                is_whole = False
                break
        return undoing.preview(is_whole=is_whole)


def undo_bulk(
    session: Session,
    bulk_id: int,
    reason: str,
    *,
    intent: str | None = None,
    on_progress: Progress | None = None,
    is_stopped: Stop | None = None,
) -> BulkReport:
    """Put back every card of a bulk that is still as the bulk left it, by reversing entries.

    What is left of a bulk that was stopped is not done any more. What took two people takes two to be undone. Raises
    Refused, RuleError and Fault.
    """
    request = {"undoes": bulk_id, "reason": reason}

    def freeze() -> Outcome:
        undoing = _Undoing(session, bulk_id, check_note(reason, "reason"))
        bulk: Bulk | None = None
        for judged in undoing.pages(on_progress):
            if is_stopped is not None and is_stopped():
                raise BrokenOff
            changed = [OnList(each.given) for each in judged if isinstance(each.verdict, Change)]
            if changed:
                bulk = bulk or lay_down(session, undoing.asked)
                bulk = write_list(session, bulk, changed)
        if bulk is None:
            raise Refused(f"No card of bulk {bulk_id} is still as it left it. Nothing was changed.")
        whole = replace(bulk, cards=undoing.sums.cards, told=undoing.sums.as_json(), why=undoing.why())
        return make_ready(session, whole, intent, request, also=lambda unit: _close(unit, undoing.bulk, whole))

    outcome = once(session, intent, request, freeze)
    return go_on(session, outcome, on_progress=on_progress, is_stopped=is_stopped)


class _Undoing:
    """A bulk on its way back, page by page."""

    def __init__(self, session: Session, bulk_id: int, reason: str) -> None:
        self._store = session.store
        self.sums = Sums()
        with self._store.database.reading():
            unit = begin_reading(session, Action.BULK)
            self.bulk = bulk_numbered_in(self._store, bulk_id)
            refusal = role_refusal(unit.agent.role, self.bulk.kind.action) or _refusal(self.bulk, unit)
            if refusal is not None:
                raise Refused(refusal)
            self._own = own_people(self._store, [unit.actor.email] if unit.actor.email else [])
        check_list(self._store, self.bulk)
        of = {"chosen": "bulk"}
        self.asked = Bulk(
            0,
            self.bulk.kind,
            of,
            reason,
            unit.agent.id,
            unit.agent.name,
            unit.now,
            undoes=bulk_id,
            policy=unit.policy.version,
            is_ready=False,
        )

    def pages(self, on_progress: Progress | None) -> Iterator[list[Judged]]:
        """What becomes of the cards that the bulk has changed, some at a time."""
        after, seen, total = 0, 0, self.bulk.cards
        while True:
            with self._store.database.reading():
                given = listed(self._store, self.bulk.id, after, _PAGE)
                if not given:
                    return
                judged = self._judged([Given(each.card_id) for each in given])
            self.sums.add(judged)
            yield judged
            after, seen = given[-1].card_id, seen + len(given)
            if on_progress is not None:
                on_progress(seen, total)

    def _judged(self, given: list[Given]) -> list[Judged]:
        now = self._store.now()
        return undone(self._store, self.bulk.id, deed_of(self.asked), given, self._own, now, only_done=True)

    def why(self) -> tuple[str, ...]:
        """Why somebody else must approve it."""
        if self.bulk.decision != "approved":
            return ()
        return (f"Bulk {self.bulk.id} was approved by a second person, and so must be what undoes it.",)

    def preview(self, *, is_whole: bool) -> BulkPreview:
        """What all of it comes to."""
        with self._store.database.reading():
            money = self.sums.money()
        return BulkPreview(
            self.bulk.kind,
            self.sums.cards,
            tuple(self.sums.first_ids),
            self.sums.skipped,
            money,
            " ".join(self.why()) or None,
            is_undoing=True,
            is_whole=is_whole,
        )


def _refusal(bulk: Bulk, unit: Unit) -> str | None:
    """Why a bulk can't be undone; None when it can."""
    if bulk.undoes is not None:
        return f"Bulk {bulk.id} undoes bulk {bulk.undoes} itself: begin the first one anew instead."
    if bulk.undone_by is not None:
        return f"Bulk {bulk.id} is undone by bulk {bulk.undone_by} already."
    state = bulk.state(unit.now)
    if state in (BulkState.BEGUN, BulkState.DONE):
        return None
    return f"Bulk {bulk.id} has changed nothing: it is {state}."


def _close(unit: Unit, bulk: Bulk, by: Bulk) -> None:
    """Within the transaction in which its undoing is sealed: nothing more is done of a bulk, and its audit says why.

    Raises Refused when somebody was quicker.
    """
    unit.store.database.hold(subject(bulk.id))
    refusal = _refusal(bulk_numbered_in(unit.store, bulk.id), unit)
    if refusal is not None:
        raise Refused(refusal)
    for other in _asked_before(unit, bulk):
        if other.state(unit.now) is BulkState.WAITING:
            raise Refused(f"Bulk {other.id} asks for that already, and waits for a second person.")
        settle(unit, other, Decision.LAPSED)
    if not by.why:
        close(unit, bulk)
    audit.record(unit.hand, subject(bulk.id), "undo", None, {"undone_by": by.id})


def _asked_before(unit: Unit, bulk: Bulk) -> list[Bulk]:
    """The bulks that were to undo it and about which nobody has decided."""
    query = f"{ROWS} WHERE b.undoes = ? AND b.ready_at IS NOT NULL AND b.decision IS NULL"
    return [as_bulk(row) for row in unit.store.database.execute_sql(query, (bulk.id,)).fetchall()]
