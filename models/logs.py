"""Faults of giftdesk's own, written down for whoever mends them: where, never what about; and what it does without."""

import os
import traceback
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from models.clock import SystemClock
from models.locations import log_file

_MOST_LINES: Final = 200


def write_fault(error: BaseException) -> Path:
    """Append the kind of an error and where it arose; no message, no argument, no customer data. Returns the file."""
    lines = [type(error).__name__]
    cause: BaseException | None = error
    while cause is not None and len(lines) < _MOST_LINES:
        frames = traceback.extract_tb(cause.__traceback__)
        lines += [f"    {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        cause = cause.__cause__ or cause.__context__
        if cause is not None:
            lines.append(f"  from {type(cause).__name__}")
    return _append(lines)


def write_note(sentence: str, error: BaseException | None = None) -> Path:
    """Append one line: what giftdesk goes on without, and where the error arose that made it. Returns the file."""
    frames = traceback.extract_tb(error.__traceback__) if error else ()
    where = f" ({type(error).__name__} at {frames[-1].filename}:{frames[-1].lineno})" if frames else ""
    return _append([f"{sentence}{where}"])


def _append(lines: Sequence[str]) -> Path:
    """Append lines, the first with the time; where nothing can be written, nothing is."""
    path = log_file()
    said = "\n".join(lines)
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as log:
            log.write(f"{SystemClock().now().isoformat(timespec='seconds')} {said}\n")
    return path
