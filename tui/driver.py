"""The line to the terminal: a paste stays a paste, Esc is quick, a lost terminal ends the app, and a terminal
that can do little is asked for little."""

import os
import selectors
from codecs import getincrementaldecoder
from collections.abc import Iterable
from functools import partial
from typing import Final

from textual._xterm_parser import XTermParser
from textual.message import Message

from models.rules.texts import UNSAFE
from tui.cells.driver import CellsDriver
from tui.terminal import is_bare

_PASTE_BEGINS: Final = "\x1b[200~"
_PASTE_ENDS: Final = "\x1b[201~"
_ESCAPE_SECONDS: Final = 0.02
_IDLE_SECONDS: Final = 0.1
_CLEAR: Final = "\x1b[m\x1b[H\x1b[2J"
# What Textual asks of every terminal -> what a bare one gets instead. The mode for pastes stays: one that does not
# know it ignores it, and one that does must not press Enter in a dialog.
_INSTEAD: Final = {
    "\x1b[?1049h": _CLEAR,  # no second screen: this one is left empty
    "\x1b[?1049l": _CLEAR,
    "\x1b[?25l": "",  # the cursor is the mark of the focused field
    "\x1b[?1004h": "",  # reports of focus
    "\x1b[?1004l": "",
    "\x1b[?2026$p": "",  # queries
    "\x1b[?2048$p": "",
    "\x1b[>25u": "",  # another way to send keys
    "\x1b[<u": "",
}
_TO_THE_SYSTEM: Final = "\x1b]"


class PasteGuard:
    """Takes out of a bracketed paste whatever would make its rest arrive as key presses."""

    def __init__(self) -> None:
        """Begin outside a paste."""
        self._is_inside = False
        self._held = ""

    def filter(self, text: str) -> str:
        """The same input with pastes made harmless; a marker may come in parts.

        Inside a paste the start of its end is held until it is whole; outside, where Esc is also a key of its
        own, the start of a marker goes on at once and is only remembered.
        """
        gone_on = 0 if self._is_inside else len(self._held)
        text, self._held = self._held + text, ""
        kept: list[str] = []
        while text:
            marker = _PASTE_ENDS if self._is_inside else _PASTE_BEGINS
            before, found, rest = text.partition(marker)
            if not found:
                whole, self._held = _split_partial(before, marker)
                before = whole if self._is_inside else before
            kept.append(_harmless(before) if self._is_inside else before)
            if found:
                kept.append(marker)
                self._is_inside = not self._is_inside
            text = rest
        return "".join(kept)[gone_on:]

    def rest(self) -> None:
        """Nothing came for a while: what began outside a paste was a key, and no marker."""
        if not self._is_inside:
            self._held = ""


def _split_partial(text: str, marker: str) -> tuple[str, str]:
    """Text without the part at its end that may be the beginning of a marker, and that part."""
    for length in range(min(len(marker) - 1, len(text)), 0, -1):
        if marker.startswith(text[-length:]):
            return text[:-length], text[-length:]
    return text, ""


def _harmless(text: str) -> str:
    return UNSAFE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


class DeskDriver(CellsDriver):
    """Textual's driver for Unix terminals, reading and writing as described above."""

    def write(self, data: str) -> None:
        """Send what Textual draws and asks for; to a bare terminal only what it can take."""
        if is_bare():
            data = "" if data.startswith(_TO_THE_SYSTEM) else _INSTEAD.get(data, data)
        if data:
            super().write(data)

    def _run_input_thread(self) -> None:
        """Read the terminal; whatever goes wrong there ends the app in order, too."""
        try:
            self.run_input_thread()
        except Exception as error:
            self._loop.call_soon_threadsafe(self._app._handle_exception, error)

    def run_input_thread(self) -> None:
        """Read the terminal until the app ends or the terminal is gone."""
        parser, guard = XTermParser(self._debug), PasteGuard()
        decode = getincrementaldecoder("utf-8")(errors="replace").decode
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            wait = _IDLE_SECONDS
            while not self.exit_event.is_set():
                is_ready = bool(selector.select(wait))
                if is_ready:
                    received = self._read()
                    if not received:
                        # Not waited for: the app may be waiting for this thread to end.
                        self._loop.call_soon_threadsafe(partial(self._app.exit, return_code=129))
                        return
                    text = guard.filter(decode(received))
                    if text:  # nothing is fed of half a character: the parser would take it for the end
                        self._hand_on(parser.feed(text))
                    wait = _ESCAPE_SECONDS if text.endswith("\x1b") else _IDLE_SECONDS
                else:
                    guard.rest()
                    wait = _IDLE_SECONDS
                self._hand_on(parser.tick())

    def _read(self) -> bytes:
        try:
            return os.read(self.fileno, 4096)
        except OSError:
            return b""

    def _hand_on(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self.process_message(message)
