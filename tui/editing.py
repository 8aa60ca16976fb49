"""A text in the agent's own editor: in a private file, which is gone afterwards, whatever happens."""

import os
import shlex
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol

from models.errors import Refused
from tui.pasting import harmless

_COMMON: Final = ("nano", "vi", "vim", "emacs")
_MOST_BYTES: Final = 1_000_000
_UNCHANGED: Final = "Nothing was changed."


class Editable(Protocol):
    """A field whose text can be edited elsewhere."""

    @property
    def id(self) -> str | None:
        """Its name on its screen."""

    def text_to_edit(self) -> str | None:
        """Its text; None when it takes no longer one. Raises Refused when nobody who works here may change it."""

    def take_edited(self, text: str) -> str | None:
        """Take a text as if it had been typed, or say in a sentence why not, and change nothing."""


def choose_editor() -> list[str]:
    """The words of the command of the agent's editor: VISUAL, EDITOR, or one that is there. Raises Refused."""
    for name in ("VISUAL", "EDITOR"):
        told = os.environ.get(name, "").strip()
        if not told:
            continue
        try:
            words = shlex.split(told)
        except ValueError:
            words = []
        if not words or shutil.which(words[0]) is None:
            raise Refused(f"There is no editor as {name} names it. {_UNCHANGED}")
        return words
    found = next((each for each in _COMMON if shutil.which(each)), None)
    if found is None:
        raise Refused(f"There is no editor here; VISUAL can name one. {_UNCHANGED}")
    return [found]


def edited(text: str, editor: list[str]) -> str:
    """What an agent makes of a text in their editor, which has the terminal meanwhile.

    Raises Refused when it fails, and when what it leaves can't be read as a text.
    """
    with _private_folder() as folder:
        file = folder / "text.txt"
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "wb") as written:
            written.write(text.encode())
        status = _run([*editor, str(file)])
        if status != 0:
            raise Refused(f"The editor ended with status {status}. {_UNCHANGED}")
        return _read(file, ends_in_newline=text.endswith("\n"))


@contextmanager
def _private_folder() -> Iterator[Path]:
    """A folder that only its owner can look into: in memory, where the session has such a place."""
    session = os.environ.get("XDG_RUNTIME_DIR", "")
    where = session if os.path.isdir(session) and os.access(session, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="giftdesk-", dir=where, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _read(file: Path, *, ends_in_newline: bool) -> str:
    """What the editor left, without the newline that editors put behind the last line."""
    try:
        with file.open("rb") as left:
            found = left.read(_MOST_BYTES + 1)
        text = found.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"What the editor left can't be read as a text in UTF-8. {_UNCHANGED}") from error
    if len(found) > _MOST_BYTES:
        raise Refused(f"What the editor left is too long. {_UNCHANGED}")
    text = harmless(text)
    return text if ends_in_newline else text.removesuffix("\n")


def _run(command: list[str]) -> int:
    """Run an editor in the foreground, as a shell would; its status. Who ends the app meanwhile ends the editor."""
    try:
        process = subprocess.Popen(command)
    except OSError as error:
        raise Refused(f"The editor can't be started. {_UNCHANGED}") from error

    def pass_on(number: int, _frame: object) -> None:
        process.send_signal(number)

    # What is typed at the terminal is the editor's; to be put to sleep concerns both.
    with _meanwhile(
        {
            signal.SIGINT: signal.SIG_IGN,
            signal.SIGQUIT: signal.SIG_IGN,
            signal.SIGTSTP: signal.SIG_DFL,
            signal.SIGTERM: pass_on,
            signal.SIGHUP: pass_on,
        }
    ):
        return process.wait()


@contextmanager
def _meanwhile(
    how: dict[signal.Signals, signal.Handlers | Callable[[int, object], None]],
) -> Iterator[None]:
    before = {number: signal.signal(number, each) for number, each in how.items()}
    try:
        yield
    finally:
        for number, each in before.items():
            signal.signal(number, each)
