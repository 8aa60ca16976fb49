"""The terminal: what it can do, what may reach it, and how it is left behind."""

import os
import sys
from enum import StrEnum
from typing import Final

# Beginnings of names. Words are compared, and no patterns: this is read before anything is painted.
# Terminals that draw few characters beyond ASCII: the consoles of the kernels, and the terminals that are or play a VT.
_PLAIN: Final = (
    *(f"vt{digit}" for digit in range(1, 10)),
    *("linux", "cons25", "cons50", "ansi", "pcansi", "sun", "wsvt", "wy"),
)
# They take neither queries nor a second screen, and no more does what Emacs plays.
_BARE: Final = (*_PLAIN, "eterm")
# Whole names of terminals that obey no ANSI sequence at all: a screen would be noise on them.
_FOREIGN: Final = frozenset(
    (
        *("dumb", "unknown", "vt50", "vt50h", "vt52"),
        *("adm3", "adm3a", "adm5", "adm11", "adm31"),
        *("wy30", "wy50", "wy60", "wy100", "wy120", "wy150"),
        *("tvi910", "tvi912", "tvi920", "tvi924", "tvi925", "tvi950"),
        *("hp", "hpterm", "hp2392", "hp2621", "hp2622", "hp2623", "hp2624", "hp2640", "hp2645", "hp700"),
        *("ibm3101", "minitel1"),
    )
)
_MANY_COLOURS: Final = ("256color", "direct", "kitty", "alacritty", "foot", "wezterm", "ghostty", "contour", "mintty")
_MANY_COLOURS_OF: Final = ("iTerm.app", "iTerm2.app", "nsterm", "vscode", "ms-terminal")
_SHOWN: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.+:/@-")
_SPEEDS: Final = (50, 75, 110, 134, 150, 200, 300, 600, 1200, 1800, 2400, 4800, 9600, 19200, 38400)
_OUTPUT: Final = 1
_LONGEST_NAME: Final = 40

SWITCH: Final = {"on": True, "off": False}
"""What GIFTDESK_MOUSE may say."""
MILLIONS: Final = 1 << 24
SOME: Final = 256
FEW: Final = 16

CLEAR: Final = "\x1b[m\x1b[H\x1b[2J"
"""Sent for an empty screen."""
WIPE: Final = "\x1b[m\x1b[2H\x1b[J\x1b[H\x1b[K"
"""Sent so that nothing of a screen can be scrolled back to: what is cleared as a whole, some terminals keep."""
SECOND_SCREEN, FIRST_SCREEN = "\x1b[?1049h", f"{WIPE}\x1b[?1049l"
"""Sent for the screen that full-screen programs draw on, and for the shell's, as it was; bare terminals have one.

It is left empty: GNU screen has no second one unless it is told to, and the shell would go on amid the picture."""
SHOW_CURSOR: Final = "\x1b[?25h"


class Profile(StrEnum):
    """How giftdesk draws: with all colours, with sixteen and without movement, or with neither colour nor sign."""

    FULL = "full"
    LEAN = "lean"
    ASCII = "ascii"


def choose_profile(forced: str | None, settled: str | None = None) -> tuple[Profile, str]:
    """The profile to draw with, and why: a flag, GIFTDESK_PROFILE, the settings, else what the terminal says.

    A name that no profile has chooses nothing; whoever asks says so.
    """
    by_environment = os.environ.get("GIFTDESK_PROFILE")
    for named, by in ((forced, "--profile"), (by_environment, "GIFTDESK_PROFILE"), (settled, "the settings")):
        if named in list(Profile):
            return Profile(named), f"chosen by {by}"
    if _name().startswith(_PLAIN):
        return Profile.ASCII, f"{terminal_name()} terminals draw little more than ASCII"
    if not speaks_utf8():
        return Profile.ASCII, "the locale (LC_ALL, LC_CTYPE, LANG) is not UTF-8"
    if os.environ.get("NO_COLOR"):
        return Profile.LEAN, "NO_COLOR is set"
    if (why := why_far()) is not None:
        return Profile.LEAN, why
    many, says = colours()
    if many == FEW:
        return Profile.LEAN, f"the terminal names no more than sixteen colours ({says})"
    return Profile.FULL, f"the terminal has many colours ({says})"


def has_colours(profile: Profile) -> bool:
    """Whether anything is drawn in colour: never in ascii, in lean unless NO_COLOR is set, and in full always."""
    return profile is Profile.FULL or (profile is Profile.LEAN and not os.environ.get("NO_COLOR"))


def choose_mouse(profile: Profile, settled: bool | None = None) -> tuple[bool, str]:
    """Whether the terminal is asked to tell what the mouse does, and why: GIFTDESK_MOUSE, the settings, the profile.

    Where it is not asked, the terminal selects and copies text by itself. What is neither on nor off chooses nothing;
    whoever asks says so.
    """
    named = os.environ.get("GIFTDESK_MOUSE")
    if named in SWITCH:
        return SWITCH[named], "chosen by GIFTDESK_MOUSE"
    if settled is not None:
        return settled, "chosen by the settings"
    return profile is Profile.FULL, f"as it is in {profile}"


# What the terminal says of itself


def _name() -> str:
    return os.environ.get("TERM", "")


def terminal_name() -> str:
    """What the terminal is called (TERM), fit to be shown."""
    return presentable(_name())


def presentable(said: str) -> str:
    """A word from the environment as ASCII letters, digits and little else, not too long: anybody may have set it."""
    return "".join(letter if letter in _SHOWN else "?" for letter in said[:_LONGEST_NAME])


def is_bare() -> bool:
    """Whether the terminal is one of those that are best sent nothing but text, attributes and cursor moves."""
    return _name().startswith(_BARE)


def is_foreign() -> bool:
    """Whether it has no name, or is known to show no full screen."""
    return not _name() or _name().partition("+")[0].partition("-")[0] in _FOREIGN


def is_console() -> bool:
    """Whether it is the console of a Linux kernel, whose font has few signs."""
    return _name().startswith("linux")


def is_in_tmux() -> bool:
    """Whether tmux stands between: it draws for the terminal behind it what that can."""
    return bool(os.environ.get("TMUX"))


def is_in_gnu_screen() -> bool:
    """Whether GNU screen stands between, here or on the way here."""
    return not is_in_tmux() and (bool(os.environ.get("STY")) or _name().startswith("screen"))


def speaks_utf8() -> bool:
    """Whether the locale says that the terminal takes UTF-8."""
    return "utf8" in locale().lower().replace("-", "")


def locale() -> str:
    """What the locale says of characters; nothing when there is none."""
    names = ("LC_ALL", "LANG") if _is_made_up_by_python() else ("LC_ALL", "LC_CTYPE", "LANG")
    return next((os.environ[name] for name in names if os.environ.get(name)), "")


def _is_made_up_by_python() -> bool:
    """Whether LC_CTYPE comes from the interpreter, which gives itself UTF-8 where the locale has none."""
    return bool(sys.flags.utf8_mode) and os.environ.get("LC_CTYPE", "") in ("C.UTF-8", "C.utf8", "UTF-8")


def draws_ascii_only() -> bool:
    """Whether lines for this terminal must do with ASCII."""
    return _name().startswith(_PLAIN) or not speaks_utf8()


def colours() -> tuple[int, str]:
    """How many colours the terminal has, MILLIONS, SOME or FEW, and what says so.

    COLORTERM of the terminal around it reaches into GNU screen, which takes millions of colours for other attributes.
    """
    is_named = _name() in _MANY_COLOURS_OF or any(part in _name() for part in _MANY_COLOURS)
    if not is_in_gnu_screen() and (said := os.environ.get("COLORTERM")) in ("truecolor", "24bit"):
        return MILLIONS, f"COLORTERM is {said}"
    return SOME if is_named else FEW, f"TERM is {terminal_name() or 'empty'}"


def why_far() -> str | None:
    """Why the line to the terminal is taken for a slow one, as a phrase; None when nothing says so."""
    # A tmux that was begun through ssh keeps SSH_TTY when somebody sits down in front of it; SSH_CONNECTION it renews.
    for name in ("SSH_CONNECTION",) if is_in_tmux() else ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"):
        if os.environ.get(name):
            return f"connected through ssh ({name})"
    if os.environ.get("REMOTEHOST"):
        return "connected from another computer (REMOTEHOST)"
    baud = line_speed()
    if baud is not None:
        return f"the line has {baud} baud"
    if tells_no_size():
        return "the terminal does not tell its size, as on a serial line"
    return None


def line_speed() -> int | None:
    """How fast a line is that is not fast, in bits a second; None for all others.

    38,400 is what each pseudo-terminal says of itself, so that it means something on a serial line only; less than
    that was set by somebody, and ssh and telnet hand it on.
    """
    import termios

    try:
        speed, device = termios.tcgetattr(_OUTPUT)[5], os.ttyname(_OUTPUT)
    except (OSError, termios.error):
        return None
    baud = next((each for each in _SPEEDS if getattr(termios, f"B{each}") == speed), None)
    return None if baud == _SPEEDS[-1] and not is_serial(device) else baud


def is_serial(device: str) -> bool:
    """Whether a device is a serial line by its name, as /dev/ttyS0 and /dev/ttyUSB0 are."""
    return device.startswith("/dev/tty") and device[8:9].isupper()


def tells_no_size() -> bool:
    """Whether the terminal leaves open how large it is: 80 by 24 is what it is taken for then."""
    try:
        return 0 in os.get_terminal_size(_OUTPUT)
    except OSError:
        return False


# Before the screens, and instead of them


def no_terminal() -> str | None:
    """Why the full screen can't be drawn here, as a sentence; None when it can."""
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        return "giftdesk needs a terminal for its screens; use its commands instead: giftdesk --help"
    if is_foreign():
        return "This terminal (TERM) can't show a full screen; use giftdesk's commands instead: giftdesk --help"
    return None


def prepare() -> None:
    """Set what Textual reads when it is imported: no movement, and how many colours."""
    os.environ["TEXTUAL_ANIMATIONS"] = "none"
    names = {MILLIONS: "truecolor", SOME: "256", FEW: "standard"}
    os.environ.setdefault("TEXTUAL_COLOR_SYSTEM", names[colours()[0]])
