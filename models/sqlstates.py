"""What a database server's error codes mean at the desk, each as one sentence with its exit status.

Told by the codes and the server's own words: neither the server's driver nor its room is known here.
"""

from typing import Final

from models.exits import BAD_INPUT, BUSY, CANNOT_OPEN, DISK, MISCONFIGURED, NO_PERMISSION, SOFTWARE

NOT_STORABLE: Final = (
    "Something in it can't be stored as it is, such as a character that is none, or a number too long."
)
_RACE: Final = "Somebody else changed the same thing at the same moment. Try again."
_READ_ONLY: Final = "{path} can only be read: it may be a stand-by. Use the server that takes changes."
UNREADABLE: Final = "The address of the database can't be read. Write: postgresql://user@host/name."
_LOST: Final = "{path} can't be reached, or the connection to it was lost. Check that the server runs, and try again."

# The first letters of a code -> exit status and what to tell; longer ones are asked first.
_KNOWN: Final = {
    "08": (CANNOT_OPEN, _LOST),
    "08007": (BUSY, "{path} has it, but the second server, which keeps it safe, did not answer in time."),
    "0A000": (NO_PERMISSION, _READ_ONLY),  # to begin to write on one that follows
    "22": (BAD_INPUT, NOT_STORABLE),
    "23505": (BUSY, _RACE),
    "25006": (NO_PERMISSION, _READ_ONLY),
    "25P03": (BUSY, "The server gave up waiting for this desk. Try again."),
    "28": (NO_PERMISSION, "{path} does not let you in. Check the user and the password, or ask whoever runs it."),
    "3D000": (CANNOT_OPEN, "There is no database at {path}. Ask whoever runs the server to create it."),
    "40001": (BUSY, _RACE),
    "40P01": (BUSY, _RACE),
    "42501": (
        NO_PERMISSION,
        "{path} does not give you the right to do that. The desk's owner has it, and gives what daily work needs by: "
        "giftdesk grant.",
    ),
    "42P01": (BAD_INPUT, "{path} is not the database of this giftdesk. Check the address."),
    "42703": (BAD_INPUT, "{path} is not the database of this giftdesk. Check the address."),
    "53100": (DISK, "The disk of {path} is full. Free some space and try again."),
    "53": (BUSY, "{path} has too much to do to take this on. Try again."),
    "55P03": (BUSY, "Another desk is saving and did not finish in time. Try again."),
    "57014": (BUSY, "{path} took too long over this and was told to stop. Try again."),
    "57P03": (CANNOT_OPEN, "{path} is starting or stopping. Try again in a moment."),
    "57P": (CANNOT_OPEN, _LOST),
    "58": (DISK, "The disk of {path} failed to read or write. Check it before going on."),
    "P0001": (SOFTWARE, "Something tried to rewrite history, which the database refused."),
    "XX001": (BAD_INPUT, "{path} is damaged. Stop working with it and restore a backup."),
    "XX002": (BAD_INPUT, "{path} is damaged. Stop working with it and restore a backup."),
}
_COLLISIONS: Final = frozenset({"23505", "40001", "40P01", "55P03"})
_PASSING: Final = (
    ("starting up", _KNOWN["57P03"]),
    ("shutting down", _KNOWN["57P03"]),
    ("recovery mode", _KNOWN["57P03"]),
    ("not accepting connections", _KNOWN["57P03"]),
    ("not yet accepting connections", _KNOWN["57P03"]),
    ("terminating connection", _KNOWN["57P"]),
    ("session is read-only", (CANNOT_OPEN, "None of {path} takes changes just now. Try again in a moment.")),
)
_MISWRITTEN: Final = (MISCONFIGURED, UNREADABLE)
_REFUSED: Final = (
    ('FATAL:  role "', _KNOWN["28"]),
    ("does not exist", _KNOWN["3D000"]),
    ("authentication failed", _KNOWN["28"]),
    ("no password", _KNOWN["28"]),
    ("pg_hba.conf", _KNOWN["28"]),
    ("permission denied for database", _KNOWN["28"]),
    ("too many", _KNOWN["53"]),
    ("remaining connection slots", _KNOWN["53"]),
    # What the driver finds wrong with a part of the address by itself. Never one word alone: a host may be called so.
    ("connection is bad: invalid ", _MISWRITTEN),
    ("failed: invalid integer value ", _MISWRITTEN),
    ("bad value for connect_timeout", _MISWRITTEN),
    ("could not match ", _MISWRITTEN),
    ("could not parse network address", _MISWRITTEN),
    ("Servname not supported", _MISWRITTEN),
)
_NOT_LET_IN: Final = (NO_PERMISSION, "{path} answered, and did not let you in. Ask whoever runs it.")


def told_by(error: BaseException) -> tuple[int, str] | None:
    """The exit status and the sentence for an error of a server's driver; None for one that means a defect."""
    code = code_of(error)
    if type(error).__name__ == "DataError" and code is None:
        return _KNOWN["22"]  # the driver itself refuses to send it
    if code is None:
        # Nobody answered, or the connection was refused, which has no code but the server's own words.
        text = str(error)
        # In whatever language it says why, it begins so where there was somebody to say it.
        otherwise = _NOT_LET_IN if "FATAL:" in text else _KNOWN["08"]
        return next((told for words, told in (*_REFUSED, *_PASSING) if words in text), otherwise)
    return next((_KNOWN[code[:length]] for length in (5, 3, 2) if code[:length] in _KNOWN), None)


def code_of(error: BaseException) -> str | None:
    """The server's code of an error, if it has one."""
    code = getattr(error, "sqlstate", None)
    return code if isinstance(code, str) else None


def is_collision(error: BaseException) -> bool:
    """Whether two got in each other's way: what was undone may be done again."""
    return code_of(error) in _COLLISIONS


def is_loss(error: BaseException) -> bool:
    """Whether the server is out of reach, or may only be read, for the moment."""
    code = code_of(error)
    if code is None:
        return type(error).__name__ != "DataError" and not any(words in str(error) for words, _ in _REFUSED)
    return code.startswith(("08", "0A000", "57P", "25006"))
