"""What went wrong, told in one sentence with its exit code; defects are written down without any customer's data."""

import os
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Final

from models.clock import SystemClock
from models.errors import DISK, SOFTWARE, Fault, Refused
from models.locations import log_file
from models.rules.errors import RuleError
from tui.console.opening import UnknownCode
from tui.console.output import complain, say_json

_REFUSED: Final = 1
_USAGE: Final = 2


def report(error: Exception, *, is_json: bool) -> int:
    """Tell what went wrong on standard error; returns the exit code."""
    match error:
        case UnknownCode():
            return _unknown(error, is_json=is_json)
        case Refused():
            complain(str(error))
            return _REFUSED
        case RuleError():
            complain(str(error))
            return _USAGE
        case Fault():
            complain(error.sentence)
            return error.status
        case OSError() if error.strerror:
            named = f" ({os.fsdecode(error.filename)})" if isinstance(error.filename, str | bytes) else ""
            complain(f"The computer refused to read or write: {error.strerror}{named}. Check the path and try again.")
            return DISK
    return _defect(error)


def _unknown(error: UnknownCode, *, is_json: bool) -> int:
    if is_json:
        say_json({"done": False, "sentence": str(error), **error.as_json()})
    complain(str(error))
    if error.near_misses:
        complain(f"One slip away, to be confirmed with the customer: {', '.join(error.near_misses)}.")
    return _REFUSED


def _defect(error: Exception) -> int:
    path = log_file()
    try:
        write_down(error, path)
        where = f"details are in {path}"
    except OSError:
        where = f"details could not be written to {path}"
    complain(
        f"giftdesk met a fault of its own ({type(error).__name__}). Nothing is known to be half done; {where}. "
        f"Run: giftdesk verify"
    )
    return SOFTWARE


def write_down(error: BaseException, path: Path) -> None:
    """Append a defect to the log: the types and where they were raised, and no value at all. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"{SystemClock().now().isoformat()} process {os.getpid()}"]
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        lines.append(f"  {type(cause).__module__}.{type(cause).__qualname__}")
        for frame in traceback.extract_tb(cause.__traceback__, limit=-40):
            lines.append(f"    {frame.filename}:{frame.lineno}")
        cause = cause.__cause__ or cause.__context__
    with suppress(UnicodeError), path.open("a", encoding="utf-8", errors="replace") as log:
        log.write("\n".join(lines) + "\n")
