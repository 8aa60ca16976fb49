"""Carrying a desk's rows from one end to the other, page by page, from wherever an earlier run had come."""

from collections.abc import Callable
from typing import Final

import peewee

from models.errors import Fault, faults, is_of_the_store
from models.exits import BAD_INPUT, BUSY
from models.moving.ends import End
from models.moving.freight import Crate, Key, Row, freight
from models.moving.totals import Progress, named
from models.relocation import TO_GO_ON

_WILL_NOT_STORE: Final = (peewee.DataError, peewee.IntegrityError, UnicodeError, OverflowError, ValueError)
_CURE: Final = "Take the move back with giftdesk move --give-up, correct it at the desk, and move again."


def carry(source: End, target: End, on_progress: Progress, is_stopped: Callable[[], bool]) -> int:
    """Bring along every row that is not there yet; how many are left, which is none unless somebody asked for a stop.

    Raises Fault for a row that can't be read, or stored there, by its table and key.
    """
    total, done = sum(source.count(crate) for crate in freight()), 0
    for crate in freight():
        done += target.count(crate)
        after = target.last_key(crate)
        while rows := _read(source, crate, after):
            if is_stopped():
                return total - done
            _store(target, crate, after, rows)
            after = crate.key_of(rows[-1])
            done += len(rows)
            if on_progress is not None:
                on_progress(done, total)
    return 0


def _read(source: End, crate: Crate, after: Key | None) -> list[Row]:
    with faults(source.database.place, TO_GO_ON):
        try:
            return source.page(crate, after)
        except Exception as error:
            if not isinstance(error, UnicodeError) and not is_of_the_store(error):
                raise
            raise _unreadable(source, crate, after) or error from error


def _unreadable(source: End, crate: Crate, after: Key | None) -> Fault | None:
    """The first row behind a key that can't be read, each asked for by itself; None where all can."""
    for key in source.page(crate, after, crate.key):
        try:
            (row,) = source.page(crate, after, most=1)
        except Exception as error:
            if not isinstance(error, UnicodeError) and not is_of_the_store(error):
                raise
            return Fault(
                f"{named(crate, key, crate.key)} in {source.database.place} can't be read: it holds text that is none. "
                f"{_CURE}",
                BAD_INPUT,
            )
        after = crate.key_of(row)
    return None


def _store(target: End, crate: Crate, after: Key | None, rows: list[Row]) -> None:
    try:
        with target.database.making():
            target.fill(crate, rows)
    except _WILL_NOT_STORE:
        if target.last_key(crate) != after:
            raise Fault(
                f"Somebody else is moving the same desk to {target.database.place} at this moment. Leave it to them.",
                BUSY,
            ) from None
        _store_singly(target, crate, rows)


def _store_singly(target: End, crate: Crate, rows: list[Row]) -> None:
    """Store row after row, up to the one that can't be. Raises Fault."""
    for row in rows:
        try:
            with target.database.making():
                target.fill(crate, [row])
        except _WILL_NOT_STORE as error:
            raise Fault(
                f"{named(crate, row)} can't be stored at {target.database.place}: it {_what_is_wrong(row)}. {_CURE}",
                BAD_INPUT,
            ) from error


def _what_is_wrong(row: Row) -> str:
    texts = [value for value in row if isinstance(value, str)]
    if any("\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text) for text in texts):
        return "holds a character that is none"
    return "is not as a desk keeps it"
