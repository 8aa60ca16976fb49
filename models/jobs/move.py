"""Moving house: a desk goes from a file to a server, or back, whole or not at all; what it left stays closed."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from models import audit
from models.agents import colleague
from models.errors import Fault, Refused, faults
from models.exits import BAD_INPUT, BUSY, MISCONFIGURED
from models.hand import Hand
from models.jobs.backup import verified
from models.jobs.verify import VerifyReport
from models.keys import Keys, keep_key, key_path, read_key, remove_key
from models.locations import Place
from models.moving.arrival import Taken, begin_at, begun_at, let_in_late, unchecked
from models.moving.carrying import carry
from models.moving.ends import End, Stand, end_of
from models.moving.freight import freight
from models.moving.totals import Progress, Totals, check_same, compare, totals
from models.pending import forget_all
from models.relocation import TO_GO_ON, Stage, moved_to
from models.rules.roles import Action
from models.rules.texts import NAME, made_safe
from models.rules.wording import plural
from models.schema import TABLES, GiftCard, Relocation
from models.store import Store, desk_on, open_store
from models.unit import Session, begin, begin_reading, instant

_NOTHING: Final = "Nothing was moved."
_TAKEN_BACK: Final = "The move was taken back meanwhile: the desk stays where it is. What has arrived is not opened."

Watch = Callable[[str, str], Progress]
"""Gives what is told how far a part of the work is: by what is done, and what is counted."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to move where."""

    source: Place
    target: Place
    sit_down: Callable[[Store], Session]
    """Who moves it; raises Refused for somebody who may not work at that desk."""
    role: str | None = None
    """Who is to work at the target, where that is a server."""
    is_sure: bool = False
    accepts_findings: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """What came of a move."""

    totals: Totals
    """What the desk adds up to; the same at both ends, once everything has arrived."""
    key: Path
    """Where the key lies that belongs to the desk at its place."""
    fingerprint: str
    report: VerifyReport | None
    """What verification saw at its place; None where an earlier run had looked, or where rows are left."""
    left: int | None = None
    """How many rows are left where somebody asked for a stop: the desk is where it was, closed for changes, and what
    arrived is not checked yet. None for a desk that has moved."""


class _Halted(Exception):
    """Ends a look at what arrived: somebody asked for a stop."""


def move(order: Order, watch: Watch, is_stopped: Callable[[], bool]) -> Moved:
    """Move a desk, or go on with a move that was cut off.

    From when the first row goes nothing can be changed at the desk any more, but that the move is taken back. When all
    rows have arrived, each was compared and every seal was checked, it is open at its place, and closed for good where
    it was. Raises Refused for who may not or is not sure, Fault for whatever does not fit, or arrive as it was.
    """
    if isinstance(order.source, Path) is isinstance(order.target, Path):
        raise Fault(
            f"A desk moves between a file and a server. From file to file take giftdesk backup and restore, from "
            f"server to server pg_dump and pg_restore. {_NOTHING}",
            MISCONFIGURED,
        )
    gone = _gone_from(order.source)
    if gone is not None:
        return _ended(order, gone)
    store = open_store(order.source)
    session, here = order.sit_down(store), end_of(store.database)
    with here.ready():
        with faults(order.source, _NOTHING):
            there = _made_ready(order, session, here, watch, is_stopped)
        with faults(order.source, TO_GO_ON):
            return _carried(order, session, (here, there), watch, is_stopped)


def _made_ready(order: Order, session: Session, here: End, watch: Watch, is_stopped: Callable[[], bool]) -> End:
    """Everything but the rows is at its place, and the desk is closed for changes. Raises Refused, Fault."""
    store = session.store
    with store.database.reading():
        begin_reading(session, Action.MOVE)
    there, leaving = begun_at(order.target), here.stand()
    mark = _mark(order, leaving, there)
    with here.alone():
        pass  # whoever may not close the desk is told before anything is made
    if leaving is None:
        _agree(order, store, watch)
        if is_stopped():
            raise Refused(f"Stopped. {_NOTHING}")
    laid = _share_key(order.target, store.keys)
    try:
        if there is None:
            there = begin_at(order.target, order.source, mark, order.role)
        elif order.role is not None:
            let_in_late(order.target, there, order.role)
        if leaving is None:
            leave(session, here, order.target, mark, laid)
    except BaseException:
        if laid is not None:
            remove_key(laid, store.keys)
        raise
    return there


def _carried(
    order: Order, session: Session, ends: tuple[End, End], watch: Watch, is_stopped: Callable[[], bool]
) -> Moved:
    """Carry what is not there yet, and open the desk at its place once all of it is. Raises Fault."""
    (here, there), store = ends, session.store
    before, report = totals(here, store.now()), None
    left: int | None = None
    with faults(order.target, TO_GO_ON), there.ready():
        if there.begun.stage is Stage.ARRIVING:
            left = carry(here, there, watch("Moving", "rows"), is_stopped)
            if not left:
                try:
                    report, left = _received(order, session, ends, before, _halting(watch, is_stopped)), None
                except _Halted:
                    left = 0
        if left is None:
            _close(here, there.begun.mark, before)
            _open(order.target, there)
    return Moved(before, key_path(order.target), store.keys.fingerprint, report, left)


def _halting(watch: Watch, is_stopped: Callable[[], bool]) -> Watch:
    """The same watch over what only reads; it raises _Halted once somebody asks for a stop."""

    def begin_watching(what: str, unit: str) -> Progress:
        tell = watch(what, unit)

        def told(done: int, total: int) -> None:
            if tell is not None:
                tell(done, total)
            if is_stopped():
                raise _Halted

        return told

    return begin_watching


def _mark(order: Order, leaving: Stand | None, there: End | None) -> str:
    """The mark of a move that was begun, or that begins. Raises Fault when the two ends are not of the same one."""
    mark = uuid.uuid4().hex if there is None else there.begun.mark
    if leaving is not None and there is None and leaving.place != str(order.target):
        raise Fault(
            f"This desk is moving to {leaving.place} already. Go on with that, or take it back with giftdesk move "
            f"--give-up. {_NOTHING}",
            MISCONFIGURED,
        )
    if there is not None and (mark != leaving.mark if leaving is not None else _holds_rows(there)):
        raise Fault(
            f"At {order.target} lies what another move has brought, or one that was given up. Remove it there, or name "
            f"another place. {_NOTHING}",
            MISCONFIGURED,
        )
    return leaving.mark if leaving is not None else mark


def _holds_rows(end: End) -> bool:
    with end.database.connected():
        return any(end.last_key(crate) is not None for crate in freight())


def _agree(order: Order, store: Store, watch: Watch) -> None:
    """Before anything is closed: whoever asks is sure, and what moves adds up. Raises Refused, Fault."""
    if not order.is_sure:
        cards = GiftCard.select().count()
        raise Refused(
            f"The desk at {order.source}, with {plural(cards, 'card')}, would move to {order.target}. Nobody could "
            f"change anything meanwhile, and it would be closed here for good. Nothing was changed; if that is right, "
            f"add --yes."
        )
    verified(store, _NOTHING, order.accepts_findings, watch("Checking the desk", "cards"))


def _share_key(target: Place, keys: Keys) -> Path | None:
    """Bring the key to where it belongs at the target; where it was laid, None when it is there already.

    Raises Fault for another desk's.
    """
    path = key_path(target)
    if keep_key(path, keys):
        return path
    if read_key(path).fingerprint != keys.fingerprint:
        raise Fault(
            f"The key of another desk lies at {path}, where this one's belongs. Move it away, or name this one's in "
            f"GIFTDESK_KEY. {_NOTHING}",
            MISCONFIGURED,
        )
    return None


def leave(session: Session, here: End, target: Place, mark: str, laid: Path | None = None) -> None:
    """Close the desk for changes: whoever saves at this moment is waited for.

    Where the key was laid for its place is written down, so that it is taken from there when the move is given up.
    """
    with here.alone():
        unit = begin(session, Action.MOVE)
        if here.stand() is not None:
            raise Fault(f"Somebody else has just begun to move this desk. {_NOTHING}", BUSY)
        audit.record(unit.hand, "desk", "move", None, {"to": _told(target), "key": None if laid is None else str(laid)})
        Relocation.insert(id=1, stage=Stage.LEAVING, place=str(target), mark=mark, since_at=unit.now).execute()


def _received(order: Order, session: Session, ends: tuple[End, End], before: Totals, watch: Watch) -> VerifyReport:
    """Everything is there: made whole, compared, checked, and written down in the desk itself. Raises Fault."""
    here, there = ends
    if here.migrations() != there.migrations():
        raise Fault(
            f"One end of the move was brought up to date meanwhile, and the other was not. {TO_GO_ON}", BAD_INPUT
        )
    there.make_whole()
    compare(here, there, sum(before.rows.values()), watch("Comparing", "rows"))
    with there.database.bind_ctx(TABLES):
        there.check_whole()
        clock = session.store.clock if session.store.is_sandbox else None
        store = desk_on(there.database, session.store.keys, clock)
        check_same(before, totals(there, before.at), order.target)
        report = verified(store, TO_GO_ON, order.accepts_findings, watch("Checking what arrived", "cards"))
        with there.alone():
            stand = there.stand()
            if stand is not None and stand.mark != there.begun.mark:
                raise Fault(_TAKEN_BACK, BUSY)
            if stand != replace(there.begun, lacks=None):
                raise Fault(f"Somebody else has moved the same desk meanwhile. {TO_GO_ON}", BUSY)
            now = instant(store)
            agent = colleague(replace(session, store=store), now)
            hand = Hand(store.keys, store.business, now, agent.id, agent.name)
            audit.record(hand, "desk", "moved", None, {"from": _told(order.source)})
            Relocation.update(stage=Stage.ARRIVED).execute()
    return report


def _close(here: End, mark: str, before: Totals) -> None:
    """Close the desk where it was, for good. Raises Fault when the move was taken back meanwhile, or something was
    changed by what knows of no moves."""
    with here.alone():
        stand = here.stand()
        if stand is None or stand.mark != mark:
            raise Fault(_TAKEN_BACK, BUSY)
        if totals(here, before.at) != before:
            raise Fault(
                "Something was changed at the desk while it moved, by another tool or an older giftdesk: what has "
                "arrived is not opened. End what does that, give the move up, and begin again with an empty place.",
                BAD_INPUT,
            )
        here.database.execute_sql("UPDATE relocation SET stage = ?", (Stage.LEFT,))


def _open(target: Place, there: End) -> None:
    """Open the desk at its place."""
    with there.alone():
        there.database.execute_sql("DELETE FROM relocation")
    forget_all(target)


def _gone_from(source: Place) -> End | None:
    """The old place of a desk that has left it; None for one that is still there."""
    database = unchecked(source)
    if database is None:
        return None
    with faults(source), database.connected():
        end = end_of(database)
        stand = end.stand() if "relocation" in database.get_tables() else None
        return end if stand is not None and stand.stage is Stage.LEFT else None


def _ended(order: Order, gone: End) -> Moved:
    """End a move that was cut off after its last row: the desk has left, and was not opened yet where it arrived.

    Raises Refused when nothing is left to be done.
    """
    with faults(order.source, TO_GO_ON), gone.ready():
        stand = gone.stand()
        assert stand is not None
        try:
            there = begun_at(order.target)
        except Taken:
            there = None
        if there is None or there.begun.mark != stand.mark:
            raise Refused(moved_to(stand.place))
        keys = read_key(key_path(order.target))
        with faults(order.target, TO_GO_ON), there.ready(), there.database.bind_ctx(TABLES):
            _open(order.target, there)
            store = desk_on(there.database, keys)
            return Moved(totals(there, store.now()), key_path(order.target), keys.fingerprint, None)


def _told(place: Place) -> str:
    return made_safe(str(place), 2 * NAME)
