"""A note, outside the database, of the write that a desk is waiting for.

It is written before the transaction and removed when its outcome is known. A desk that was cut off in
between finds it at the next start and asks the database what became of it.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

from models import schema
from models.engine import wish
from models.errors import OutcomeUnknown, faults
from models.locations import Place, pending_folder
from models.store import Store

_NOBODY: Final = 0
"""Stands for the process of a write about which nobody asks any more."""


class CutOff(NamedTuple):
    """A write whose answer never came, and what became of it."""

    note: Path
    """Where it is noted until somebody has been told."""
    action: str
    was_done: bool
    sentence: str


@contextmanager
def noted(database: Place, key: str, action: str) -> Iterator[None]:
    """Keep a note of an intent while its outcome is not known. A desk that can't keep notes works without."""
    note = pending_folder(database) / f"{hashlib.sha256(key.encode()).hexdigest()}.json"
    _write(note, key, action, os.getpid())
    try:
        yield
    except (OutcomeUnknown, KeyboardInterrupt, SystemExit):
        _write(note, key, action, _NOBODY)
        raise
    except BaseException:
        _forget(note)
        raise
    _forget(note)


def _write(note: Path, key: str, action: str, process: int) -> None:
    with suppress(OSError, ValueError):
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(json.dumps({"key": key, "action": action, "process": process}), encoding="utf-8")


def _forget(note: Path) -> None:
    with suppress(OSError, ValueError):
        note.unlink(missing_ok=True)
        note.parent.rmdir()  # only when it was the last


def cut_offs(store: Store) -> tuple[CutOff, ...]:
    """What became of the writes that this desk was cut off from, or gave up asking about. Raises Fault for a broken
    store."""
    notes = sorted(pending_folder(store.path).glob("*.json"))
    if not notes:
        return ()
    found = []
    with suppress(OSError), faults(store.path), store.database.vouching():
        for note in notes:
            noted_wish = _read(note)
            if noted_wish is not None and not _is_running(noted_wish["process"]):
                store.database.hold(wish(noted_wish["key"]))
                found.append(_ask(note, noted_wish))
    return tuple(found)


def forget(told: Iterable[CutOff]) -> None:
    """Drop the notes of what somebody has been told."""
    for cut in told:
        _forget(cut.note)


def forget_all(database: Place) -> None:
    """Drop every note about a database path: another desk stands there."""
    for note in pending_folder(database).glob("*.json"):
        _forget(note)


def _read(note: Path) -> dict[str, Any] | None:
    try:
        read: dict[str, Any] = json.loads(note.read_text(encoding="utf-8"))
        is_whole = isinstance(read["key"], str) and isinstance(read["action"], str) and type(read["process"]) is int
        return read if is_whole else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _ask(note: Path, asked: dict[str, Any]) -> CutOff:
    row = schema.Intent.get_or_none(schema.Intent.key == asked["key"])
    if row is None:
        return CutOff(note, asked["action"], False, "It was not carried out, and nothing was changed.")
    return CutOff(note, asked["action"], True, str(row.result["sentence"]))


def _is_running(process: int) -> bool:
    if process == _NOBODY:
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
