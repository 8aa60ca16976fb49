"""Short files that somebody wrote by hand: read whole, where they are no longer than such a file is."""

from pathlib import Path
from typing import Final

from models.errors import Fault
from models.exits import CANNOT_OPEN
from models.rules.errors import RuleError

_LARGEST: Final = 100_000
"""Bytes."""


def read_short(path: Path, what: str, too_long: type[RuleError], aftermath: str) -> bytes:
    """What is in a file, given what it is in words.

    Raises Fault with the aftermath for one that can't be read, and an error of the kind given for one that is too long.
    """
    try:
        with path.open("rb") as file:
            read = file.read(_LARGEST + 1)
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise Fault(f"{path} can't be read: {reason}. {aftermath}", CANNOT_OPEN) from None
    if len(read) > _LARGEST:
        raise too_long(f"{path.name} is longer than {what}: {_LARGEST:,} bytes at most.")
    return read
