"""What went wrong, told in one sentence with its exit code; defects are written down without any customer's data."""

import os
from typing import Final

from models.errors import Fault, Refused
from models.exits import DISK, SOFTWARE
from models.logs import write_fault
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
    if error.candidates():
        complain(f"One slip away, to be confirmed with the customer: {error.candidates()}.")
    error.say_what_follows()
    return _REFUSED


def _defect(error: Exception) -> int:
    path = write_fault(error)
    complain(
        f"giftdesk met a fault of its own ({type(error).__name__}). Nothing is known to be half done; "
        f"details are in {path}. To be sure, run: giftdesk verify"
    )
    return SOFTWARE
