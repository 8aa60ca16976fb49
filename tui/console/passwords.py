"""Passwords at the command line: typed unseen on the terminal or read from a file, never an argument or a variable."""

import os
import stat
from pathlib import Path

from models.errors import Fault
from models.exits import CANNOT_OPEN, MISCONFIGURED
from tui.console.misuse import UsageError
from tui.console.output import prompt_unseen

_FILE: str = "GIFTDESK_PASSWORD_FILE"


def password_of(login: str, what: str = "Password") -> str:
    """The password of a login: from the file that GIFTDESK_PASSWORD_FILE names, else typed on the terminal.

    Raises UsageError where nobody can type, Fault for a file that can't be used.
    """
    named = os.environ.get(_FILE)
    return read_password(Path(named)) if named else _typed(f"{what} of {login}: ")


def chosen_password(login: str) -> str:
    """The password that somebody chooses for a login, typed twice. Raises UsageError when they differ."""
    first = _typed(f"New password of {login}: ")
    if first != _typed("The same once more: "):
        raise UsageError("These are two passwords. Nothing was changed.")
    return first


def read_password(path: Path) -> str:
    """The first line of a file that only its owner may read. Raises Fault when others may, or nothing is there."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            line = file.readline(4_096).rstrip(b"\r\n").decode()
    except UnicodeDecodeError:
        raise Fault(f"The password in {path} is no UTF-8 text.", MISCONFIGURED) from None
    except OSError as error:
        raise Fault(f"The password file {path} can't be read: {error.strerror}.", CANNOT_OPEN) from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise Fault(f"Others may read the password file {path}: take that away with chmod 600.", MISCONFIGURED)
    if not line:
        raise Fault(f"The password file {path} is empty.", MISCONFIGURED)
    return line


def _typed(question: str) -> str:
    typed = prompt_unseen(question)
    if typed is None:
        raise UsageError(f"There is no terminal to type a password on: write it into a file, and name it in {_FILE}.")
    if not typed:
        raise UsageError("No password was typed. Nothing was changed.")
    return typed
