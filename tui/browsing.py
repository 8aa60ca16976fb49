"""The HTML of an e-mail on its way to a browser: a private file that goes when it is no longer looked at."""

import os
import re
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from models.errors import Fault
from models.exits import DISK

# What a mail reader would not do either: run code, or fill in and send off a form.
_POLICY: Final = (
    '<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" '
    "content=\"default-src 'none'; img-src * data:; style-src * 'unsafe-inline'; font-src *\">"
)
_SHOW: Final = "import sys, webbrowser; sys.exit(not webbrowser.open(sys.argv[1]))"
_LONGEST_START_SECONDS: Final = 8
_BEFORE_THE_HEAD: Final = re.compile(r"\s*(<!doctype[^>]*>)?\s*(<html[^>]*>)?\s*(<head[^>]*>)?", re.IGNORECASE)


class PrivateFile:
    """One file in the folder for temporary files that only its owner can read; the next text takes its place."""

    def __init__(self) -> None:
        """Begin without a file."""
        self._path: Path | None = None

    def write(self, html: str) -> Path:
        """Keep the HTML of an e-mail, and return where. Raises Fault when that can't be done."""
        self.remove()
        try:
            number, name = tempfile.mkstemp(prefix="giftdesk-", suffix=".html")
            self._path = Path(name)
            with os.fdopen(number, "w", encoding="utf-8", errors="replace") as opened:
                opened.write(guarded(html))
        except OSError as error:
            self.remove()
            raise Fault(
                f"The preview can't be written to a file: {error.strerror}. Nothing was changed.", DISK
            ) from None
        return self._path

    def remove(self) -> None:
        """Leave nothing behind."""
        if self._path is not None:
            with suppress(OSError):
                self._path.unlink(missing_ok=True)
            self._path = None


def guarded(html: str) -> str:
    """The HTML with a rule in its head by which a browser runs nothing of it."""
    start = _BEFORE_THE_HEAD.match(html)
    cut = start.end() if start else 0
    return f"{html[:cut]}{_POLICY}{html[cut:]}"


def open_in_browser(path: Path) -> bool:
    """Show a file in a browser with a window of its own; False where there is none. Takes up to seconds.

    The browser is started by a process without a terminal: one that would draw there must not take it from the desk.
    """
    if not _has_display():
        return False
    nowhere = subprocess.DEVNULL
    command = [sys.executable, "-I", "-c", _SHOW, path.as_uri()]
    started = subprocess.Popen(command, stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True)
    try:
        return started.wait(_LONGEST_START_SECONDS) == 0
    except subprocess.TimeoutExpired:
        return True  # it stays as long as its window


def _has_display() -> bool:
    return sys.platform == "darwin" or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
