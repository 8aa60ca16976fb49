"""Taking a move back: the desk stays where it is, unless it has arrived at its place by now."""

import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from models import audit
from models.anchors import desk_mark
from models.errors import Fault, Refused, faults
from models.exits import BUSY
from models.keys import key_path, remove_key
from models.locations import place_of
from models.moving.arrival import Taken, begun_at
from models.moving.ends import End, Stand, end_of
from models.relocation import Stage
from models.rules.roles import Action
from models.schema import Audit, Relocation
from models.store import Store
from models.unit import Session, begin

_NOT_MOVING: Final = "This desk is not moving. Nothing was changed."


@dataclass(frozen=True, slots=True)
class Stayed:
    """What came of a move that was taken back."""

    place: str
    """Where the desk would have gone."""
    was_asked: bool
    """Whether it was asked there how far the move had come; what was brought can't be opened by it any more."""
    key: Path | None
    """Where the move had laid the desk's key, which is gone from there; None where it had laid none."""


def give_up(session: Session, *, is_sure: bool = False) -> Stayed:
    """Take a move back: the desk stays, and work goes on; where it would have gone, to be removed there by hand.

    What was brought there is disowned first: no other copy of this desk can open it any more. Raises Refused for a
    role that may not, for a desk that is not moving, or has arrived; and for one of which that can't be asked, or of
    which all has arrived, unless somebody is sure.
    """
    store = session.store
    here = end_of(store.database)
    with faults(store.path), store.database.connected():
        with here.alone():  # so that whoever may not end the move is told before anybody is asked
            begin(session, Action.MOVE)
            stand, desk = here.stand(), desk_mark()
        if stand is None:
            raise Refused(_NOT_MOVING)
        was_asked = _disowned(stand, desk, is_sure=is_sure)
        with here.alone():
            unit = begin(session, Action.MOVE)
            if here.stand() != stand:
                raise Fault("Somebody else has just begun, ended or taken back a move. Nothing was changed.", BUSY)
            audit.record(unit.hand, "desk", "move_given_up", None, {"to": stand.place})
            Relocation.delete().execute()
        key = _key_brought(store)
        return Stayed(stand.place, was_asked, key if key is not None and remove_key(key, store.keys) else None)


def _disowned(stand: Stand, desk: str, *, is_sure: bool) -> bool:
    """Whether it was asked at the other place how far the move of a desk, known by its mark, had come."""
    try:
        there = begun_at(place_of(stand.place))
        if there is None:
            if isinstance(place_of(stand.place), Path):
                raise Fault(f"{stand.place} is not on this computer, or not any more. Nothing was changed.")
            return True
        if there.begun.mark == stand.mark:
            _disown(there, stand, is_sure=is_sure)
    except Taken as taken:
        if taken.desk == desk:
            raise Refused(
                f"This desk has arrived at {stand.place}, and work goes on there: what is here is a copy from the "
                f"midst of its move. Name that place with --db or GIFTDESK_DB. Nothing was changed."
            ) from None
    except Fault as fault:
        if not is_sure:
            raise Refused(
                f"Whether the desk has arrived at {stand.place} can't be asked. {fault.sentence} If it has, two desks "
                f"would pay out the same cards; who knows that it has not adds --yes."
            ) from None
        return False
    return True


def _disown(there: End, stand: Stand, *, is_sure: bool) -> None:
    """Let no run of this move open what it has brought."""
    if there.begun.stage is Stage.ARRIVED and not is_sure:
        raise Refused(
            f"All of this desk has arrived at {stand.place}, where it only is not open yet: run giftdesk move again "
            f"to open it. Who wants it to stay all the same adds --yes. Nothing was changed."
        )
    with faults(stand.place), there.alone():
        there.database.execute_sql("UPDATE relocation SET mark = ? WHERE mark = ?", (uuid.uuid4().hex, stand.mark))


def _key_brought(store: Store) -> Path | None:
    """Where the move has laid the key on this computer, by what the audit says of its beginning."""
    is_it = (Audit.subject == "desk") & (Audit.action == "move")
    row = Audit.select().where(is_it).order_by(Audit.number.desc()).first()
    laid = None if row is None else row.after.get("key")
    return Path(laid) if isinstance(laid, str) and Path(laid) != key_path(store.path) else None
