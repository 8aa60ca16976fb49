"""A desk on its way to another place: the one row that says so, judged by whoever opens the desk or writes in it."""

from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from peewee import PeeweeException

from models.errors import Fault, Refused
from models.exits import MISCONFIGURED

if TYPE_CHECKING:
    from models.engine import DeskDatabase

STANDS: Final = "SELECT stage, place FROM relocation"
"""What is asked: at most one row, and none of a desk that stays where it is."""


TO_GO_ON: Final = (
    "The desk that is to move is closed for changes: run giftdesk move again to go on, or giftdesk move --give-up to "
    "stay."
)


_KNOWN_SINCE: Final = "0007_relocation"


class Stage(StrEnum):
    """How far a desk on its way is, at either end."""

    LEAVING = "leaving"
    LEFT = "left"
    ARRIVING = "arriving"
    ARRIVED = "arrived"


def check_writable(row: tuple[Any, ...] | None) -> None:
    """Raise Refused where nothing may be written, given what was found of where the desk is."""
    if row is None:
        return
    stage, place = row
    if stage == Stage.LEAVING:
        raise Refused(
            f"This desk is moving house, to {place}: nothing can be changed until it is there, or the move is given "
            f"up. Nothing was changed."
        )
    raise Refused(f"{_elsewhere(*row)} Nothing was changed.")


def check_here(database: "DeskDatabase", check_definitions: Callable[[], None]) -> None:
    """Raise Fault where nobody may look any more, or not yet, or the definitions are not as they must be; within a
    connection. A desk that is arriving lacks a lot, and is told by that."""
    try:
        check_definitions()
    except Fault:
        with suppress(PeeweeException):
            _check_open(database)
        raise
    _check_open(database)


def _check_open(database: "DeskDatabase") -> None:
    row = database.execute_sql(STANDS).fetchone()
    if row is not None and row[0] != Stage.LEAVING:
        raise Fault(f"{database.place} can't be opened. {_elsewhere(*row)}", MISCONFIGURED)


def check_settled(database: "DeskDatabase", applied: set[str]) -> None:
    """Raise Fault for a desk on its way, whose two ends must stay alike, given its migrations; within a connection."""
    if _KNOWN_SINCE not in applied:
        return
    row = database.execute_sql(STANDS).fetchone()
    if row is not None:
        raise Fault(
            f"The desk at {database.place} is on its way, and neither end can be brought up to date. End the move with "
            f"the giftdesk that began it, or take it back. Nothing was changed.",
            MISCONFIGURED,
        )


def has_left(stage: str | None) -> bool:
    """Whether a desk is somewhere else by now."""
    return stage == Stage.LEFT


def _elsewhere(stage: str, place: str) -> str:
    if stage == Stage.LEFT:
        return moved_to(place)
    return f"A desk is moving here from {place} and is not whole yet. To finish that, run giftdesk move again."


def moved_to(place: str) -> str:
    """Where a desk is that has left."""
    return f"This desk moved to {place}. Work there: name it with --db or GIFTDESK_DB."
