"""The line to the terminal: taken without losing a key, read and written without waiting, given back as it was;
a lost terminal ends the app, and a terminal that can do little is asked for little."""

import os
import select
import signal
import termios
import tty
from asyncio import TimerHandle
from collections.abc import Callable, Sequence
from typing import Any, Final, Protocol, cast

from textual import constants, events
from textual.geometry import Size
from textual.message import Message

from tui.cells.driver import CellsDriver
from tui.first_frame import FirstFrame, wait_for_the_front
from tui.keymap import Keymap
from tui.outlet import Outlet, device
from tui.reading import ESCAPE_SECONDS, KeyReader
from tui.terminal import CLEAR, FIRST_SCREEN, SECOND_SCREEN, SHOW_CURSOR, WIPE, is_bare, is_serial

_READ_BYTES: Final = 4096
# What comes within this time of what was before belongs to it; and so often, at most, it is waited for more.
_BURST_SECONDS, _MOST_READS = 0.003, 200
_HIDE_CURSOR: Final = "\x1b[?25l"
# Esc and Ctrl with a key come as sequences of their own then, and all that is typed as itself.
_PLAIN_KEYS, _KEYS_AS_BEFORE = "\x1b[>1u", "\x1b[<u"
_MARK_PASTES, _PASTES_AS_BEFORE = "\x1b[?2004h", "\x1b[?2004l"
_NO_WRAP, _WRAP = "\x1b[?7l", "\x1b[?7h"
_MOUSE, _NO_MOUSE = "\x1b[?1000h\x1b[?1003h\x1b[?1006h", "\x1b[?1000l\x1b[?1003l\x1b[?1006l"
_TO_THE_SYSTEM: Final = "\x1b]"
_POINTER: Final = "\x1b]22;"
_ADAPTER_SECONDS: Final = 0.02
_SEQUENCE_CHARACTERS: Final = 3
# Of the lines that are slower than others, how many characters arrive in a second.
_SLOW: Final = {termios.B300: 30, termios.B600: 60, termios.B1200: 120, termios.B2400: 240, termios.B4800: 480}


class _Desk(Protocol):
    """An app that knows its keys, and what was painted before it."""

    keymap: Keymap
    first_frame: FirstFrame | None


class LineDriver(CellsDriver):
    """Textual's driver for Unix terminals, reading and writing as described above: all of it in the app's own thread.

    Nothing is asked of the terminal: no answer can come late, or be taken for a key.
    """

    def __init__(self, app: Any, *, debug: bool = False, mouse: bool = True, size: Any = None) -> None:
        """Take nothing yet."""
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._outlet: Outlet | None = None
        self._reader = KeyReader()
        self._rest: TimerHandle | None = None
        self._is_reading = False

    # Taking it and giving it back

    def start_application_mode(self) -> None:
        """Take the terminal. What was typed before is read; what stands on it already stays, if it is known."""
        wait_for_the_front(self.fileno)
        is_painted = self._painter.is_informed
        if self._outlet is None:
            self._outlet = Outlet(self.fileno, self._loop, self._drained)
        first, self._desk.first_frame = self._desk.first_frame, None
        if self.attrs_before is None:
            self.attrs_before = first.attributes_before if first is not None else termios.tcgetattr(self.fileno)
        termios.tcsetattr(self.fileno, termios.TCSANOW, self._raw(self.attrs_before))
        if not is_painted:
            self.write(CLEAR if is_bare() else SECOND_SCREEN)
        if not is_bare():
            self.write(_HIDE_CURSOR + ("" if constants.DISABLE_KITTY_KEY else _PLAIN_KEYS))
        self.write(_MARK_PASTES + _NO_WRAP + (_MOUSE if self._mouse else ""))
        self._loop.add_signal_handler(signal.SIGWINCH, self._tell_size)
        self._tell_size()
        seconds = escape_seconds(device(self.fileno), self.attrs_before[tty.OSPEED])
        self._reader = KeyReader(seconds, self._with_alt(), has_mouse=self._mouse)
        self._loop.add_reader(self.fileno, self._guarded, self._read)
        self._is_reading = True
        if first is not None:
            self._hand_on(self._reader.feed(first.typed))

    def disable_input(self) -> None:
        """Read no more; what was not read is for whoever reads next."""
        if not self._is_reading:
            return
        self._is_reading = False
        self._loop.remove_signal_handler(signal.SIGWINCH)
        self._loop.remove_reader(self.fileno)
        self._wait_for_more(None)

    def stop_application_mode(self) -> None:
        """Give the terminal back as it was."""
        self.disable_input()
        self._painter.forget()
        self.write(_PASTES_AS_BEFORE + _WRAP + (_NO_MOUSE if self._mouse else ""))
        # The way in which keys are sent belongs to the second screen.
        self.write(WIPE if is_bare() else _KEYS_AS_BEFORE + FIRST_SCREEN + SHOW_CURSOR)
        self.close()
        attributes, self.attrs_before = self.attrs_before, None
        try:
            if self._mouse:  # how it was moved meanwhile is for nobody
                termios.tcflush(self.fileno, termios.TCIFLUSH)
            if attributes is not None:
                termios.tcsetattr(self.fileno, termios.TCSANOW, attributes)
        except termios.error:
            pass  # the terminal is gone

    def close(self) -> None:
        """Let what was written arrive."""
        outlet, self._outlet = self._outlet, None
        if outlet is not None:
            outlet.close()

    @classmethod
    def _raw(cls, attributes: list[Any]) -> list[Any]:
        """The attributes of a terminal with which every key arrives as it is, at once."""
        raw = [*attributes[:-1], [*attributes[-1]]]
        raw[tty.IFLAG] = cls._patch_iflag(raw[tty.IFLAG])
        raw[tty.OFLAG] &= ~termios.OPOST  # a newline is one byte and goes down
        raw[tty.LFLAG] = cls._patch_lflag(raw[tty.LFLAG])
        raw[tty.CC][termios.VMIN], raw[tty.CC][termios.VTIME] = 1, 0
        return raw

    @property
    def _desk(self) -> _Desk:
        return cast("_Desk", self._app)

    # Writing

    @property
    def is_backed_up(self) -> bool:
        """Whether the terminal has yet to take what it was sent: what is drawn meanwhile can wait, too."""
        return self._outlet is not None and self._outlet.is_backed_up

    def write(self, data: str) -> None:
        """Send what is drawn and told; to a bare terminal only what it can take, to one given away nothing."""
        is_useless = data.startswith(_TO_THE_SYSTEM) if is_bare() else data.startswith(_POINTER) and not self._mouse
        if self._outlet is not None and data and not is_useless:
            self._outlet.write(data)

    def _drained(self) -> None:
        paint = getattr(self._app, "paint_soon", None)
        if paint is not None:
            paint()

    def _get_terminal_size(self) -> tuple[int, int]:
        """Columns and rows of the terminal itself; LINES and COLUMNS are asked where it does not know."""
        try:
            width, height = os.get_terminal_size(self.fileno)
        except OSError:
            width = height = 0
        return (width, height) if width and height else super()._get_terminal_size()

    def _tell_size(self) -> None:
        size = Size(*self._get_terminal_size())
        self._app.post_message(events.Resize(size, size))

    # Reading

    def forget_typed(self) -> None:
        """Throw away what is on the line at this moment, and what follows it so closely that nobody types it."""
        for _ in range(_MOST_READS):
            if not self._is_reading or not select.select([self.fileno], [], [], _BURST_SECONDS)[0]:
                break
            self._reader.feed(self._received())
        self._reader.forget()
        self._wait_for_more(self._reader.patience if self._is_reading else None)

    def send_message(self, message: Message) -> None:
        """Hand on to the app, in order."""
        self._app.post_message(message)

    def _read(self) -> None:
        self._hand_on(self._reader.feed(self._received()))

    def _nothing_came(self) -> None:
        self._hand_on(self._reader.rest())

    def _hand_on(self, messages: Sequence[Message]) -> None:
        self._wait_for_more(self._reader.patience if self._is_reading else None)
        for message in messages:
            self.process_message(message)

    def _received(self) -> bytes:
        """What arrived; the app ends when there is nobody any more who sends."""
        try:
            received = os.read(self.fileno, _READ_BYTES)
        except (BlockingIOError, InterruptedError):
            return b""
        except OSError:
            received = b""
        if not received:
            self.disable_input()
            self._app.exit(return_code=129)
        return received

    def _wait_for_more(self, seconds: float | None) -> None:
        if self._rest is not None:
            self._rest.cancel()
        self._rest = None if seconds is None else self._loop.call_later(seconds, self._guarded, self._nothing_came)

    def _guarded(self, step: Callable[[], None]) -> None:
        """Do a step of reading; whatever goes wrong there ends the app in order, too."""
        try:
            step()
        except Exception as error:
            self._app._handle_exception(error)

    def _with_alt(self) -> frozenset[str]:
        """The characters that do something together with Alt."""
        keys = (key for each in self._desk.keymap.commands for key in each.keys.split(","))
        return frozenset(key.removeprefix("alt+") for key in keys if key.startswith("alt+"))


def escape_seconds(name: str, speed: int) -> float:
    """How long an Esc waits for the rest of a sequence, on the line of a device, at a speed as termios names it.

    ESCDELAY tells it, in thousandths; else serial lines, whose adapters hold bytes back, are waited for longer, and
    slow ones so long as they take for a sequence.
    """
    told = os.environ.get("ESCDELAY", "")
    if told.isdecimal() and int(told):
        return int(told) / 1000
    by_speed = _SEQUENCE_CHARACTERS / _SLOW[speed] if speed in _SLOW else 0.0
    return by_speed + (_ADAPTER_SECONDS if is_serial(name) else ESCAPE_SECONDS)
