"""The first picture on the terminal, painted by hand before anything heavy is imported: the prompt, and nothing false.

From here on keys wait unseen in the terminal for the app that takes it over. Whatever else is to be said or asked
first gives the terminal back, as it was.
"""

import errno
import os
import select
import signal
import sys
import termios
from contextlib import suppress
from typing import Any, Final

from models.rules.ways import WAYS
from tui.prompts import ENTER, PLACEHOLDER
from tui.sizes import WIDE, folded, too_small
from tui.terminal import (
    CLEAR,
    FIRST_SCREEN,
    SECOND_SCREEN,
    SHOW_CURSOR,
    Profile,
    choose_profile,
    has_colours,
    is_bare,
    no_terminal,
)

_KEYS, _TERMINAL = 0, 1
_AS_BEFORE: Final = f"\x1b[?2004l\x1b[?7h{FIRST_SCREEN}{SHOW_CURSOR}"
_BENEATH: Final = 3
"""How many rows at the foot the find pane leaves free."""
_MOST_SAID: Final = 3
ENDING: Final = (signal.SIGHUP, signal.SIGQUIT, signal.SIGTERM)
"""The signals that end giftdesk in order, with 128 and their number as its status."""
# The keys in the bar while no card is open, and whether they are dimmed then.
ON_BAR: Final = (
    ("r Reactivate", True),
    ("n Note", True),
    ("e Escalate", True),
    ("y Reply", True),
    ("c Case", True),
    ("f Flag", True),
    ("/ Find", False),
    ("F1 Help", False),
)


class FirstFrame:
    """What was painted, and how the terminal was before."""

    def __init__(self, attributes: list[Any], columns: int, lines: int, profile: Profile, has_own_keys: bool) -> None:
        """Draw it for a terminal of a size; which keys are somebody's own only the app knows."""
        self.attributes_before = attributes
        self.columns = columns
        self.typed = b""
        """What was typed before the terminal was taken, for the app."""
        sentence = too_small(columns, lines)
        if sentence is None:
            self.rows = tuple(_rows(columns, lines, profile, has_own_keys))
            self.cursor = (7, 1)
        else:
            self.rows = (*(said := folded(sentence, columns, lines)), *[""] * (lines - len(said)))
            self.cursor = (0, 0)


_standing: FirstFrame | None = None
_told = 0


def standing() -> FirstFrame | None:
    """The first frame, while it stands."""
    return _standing


def paint(profile: str | None) -> None:
    """Take the terminal and paint, as a profile wants it; nothing where no screen can be drawn."""
    global _standing
    if no_terminal() is not None or (settled := _settled()) is None:
        return
    try:
        if os.fstat(_KEYS).st_rdev != os.fstat(_TERMINAL).st_rdev:
            return  # two terminals: the app takes that of the keys
        wait_for_the_front(_TERMINAL)
        columns, lines = os.get_terminal_size(_TERMINAL)
        attributes = termios.tcgetattr(_TERMINAL)
    except (OSError, termios.error):
        return
    if columns <= 0 or lines <= 0:
        return
    for number in (*ENDING, signal.SIGINT):
        if signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
            signal.signal(number, _end)
    chosen, _ = choose_profile(profile, settled.get("profile"))
    _standing = FirstFrame(attributes, columns, lines, chosen, "keys" in settled)
    termios.tcsetattr(_TERMINAL, termios.TCSANOW, _unseen(attributes))
    _standing.typed = _typed_before()
    x, y = _standing.cursor
    begin = CLEAR if is_bare() else SECOND_SCREEN + CLEAR
    drawn = "".join(f"\x1b[{at + 1}H{row}" for at, row in enumerate(_standing.rows) if row)
    _write(f"{begin}{drawn}\x1b[{y + 1};{x + 1}H")


def wait_for_the_front(terminal: int) -> None:
    """Sleep on as long as somebody else has a terminal: how it is set up behind their back is theirs, and the kernel
    stops whoever touches it there. This tries what changes nothing."""
    while True:
        try:
            termios.tcflow(terminal, termios.TCOON)
        except termios.error as error:
            if error.args[0] == errno.EINTR:
                continue
        return


def leave() -> None:
    """Give the terminal back as it was, if the first frame stands; what was typed for the desk is for nobody else."""
    global _standing
    if _standing is None:
        return
    attributes, _standing = _standing.attributes_before, None
    if signal.getsignal(signal.SIGINT) is _end:
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a question may be left with Ctrl+C
    _write(CLEAR if is_bare() else _AS_BEFORE)
    with suppress(termios.error):
        termios.tcsetattr(_TERMINAL, termios.TCSAFLUSH, attributes)


def forget() -> None:
    """Somebody else took the terminal over, and gave it back."""
    global _standing
    _standing = None


def told_to_end() -> int:
    """The exit status for the signal that told to end meanwhile; 0 when none did.

    What a signal raises can come out of an import as something else, or be lost in what nobody waits for.
    """
    return _told


def _end(number: int, _frame: Any) -> None:
    global _told
    _told = 128 + number
    raise SystemExit(_told)


def _unseen(attributes: list[Any]) -> list[Any]:
    """The attributes with which keys wait as they are, and show nothing; Ctrl+C alone ends."""
    input_, output, control, local, *speeds, characters = attributes
    input_ &= ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR)
    local &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN)
    characters = [*characters]
    characters[termios.VMIN], characters[termios.VTIME] = 1, 0
    for key in (termios.VSUSP, termios.VQUIT):
        characters[key] = b"\x00"
    return [input_, output, control, local, *speeds, characters]


def _typed_before() -> bytes:
    """What waits already: each Enter in it was turned into a line feed, which the app would take for Ctrl+J."""
    typed = b""
    while select.select([_TERMINAL], [], [], 0)[0] and (more := os.read(_TERMINAL, 4096)):
        typed += more.replace(b"\n", b"\r")
    return typed


def _write(text: str) -> None:
    sent = text.encode(errors="replace")
    with suppress(OSError):
        while sent:
            sent = sent[os.write(_TERMINAL, sent) :]


def _settled() -> dict[str, Any] | None:
    """What the settings say, read as far as it matters here; None where they need another look."""
    try:
        with open(os.path.expanduser(settings_path()), "rb") as opened:
            import tomllib

            return tomllib.load(opened)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError):
        return None


def settings_path() -> str:
    """Where the settings lie, by the environment and the habits of the platform; a tilde is the home."""
    if chosen := os.environ.get("GIFTDESK_CONFIG"):
        return chosen
    if sys.platform == "darwin":
        return "~/Library/Application Support/giftdesk/giftdesk.toml"
    return os.path.join(os.environ.get("XDG_CONFIG_HOME", "").strip() or "~/.config", "giftdesk", "giftdesk.toml")


# What stands there


def _rows(columns: int, lines: int, profile: Profile, has_own_keys: bool) -> list[str]:
    """The rows as the app will draw them, without who works there and the time, and without attributes."""
    is_ascii, has_colour = profile is Profile.ASCII, has_colours(profile)
    width = columns if columns < WIDE else max(50, min(80, columns * 32 // 100)) - 1
    edge = "" if columns < WIDE else "|" if is_ascii else "│"
    prompt = PLACEHOLDER if has_colour else f"({PLACEHOLDER})"
    field = f"[{prompt}".ljust(width - 7) + "]" if is_ascii else f" {prompt}"
    pane = [f" Find {field}", *(f" {row}" for row in folded(f"{WAYS}. {ENTER}", width - 2, _MOST_SAID))]
    pane += [""] * (lines - 1 - _BENEATH - len(pane))
    keys = "" if has_own_keys else _bar(columns, has_colour)
    return [" giftdesk  find", *(f"{row.ljust(width)}{edge}" if edge else row for row in pane), "", "", keys]


def _bar(columns: int, has_colour: bool) -> str:
    """As many keys as fit whole, and the last one."""
    parts = [key if has_colour else f"({key})" if is_dim else f" {key} " for key, is_dim in ON_BAR]
    edge, gap = (" ", "  ") if has_colour else ("", "")
    while len(bar := edge + gap.join(parts) + edge) > columns:
        del parts[-2]
    return bar.rstrip()
