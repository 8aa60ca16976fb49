"""The one way out of the command line: lines, tables and JSON that any terminal can take."""

import json
import os
import shutil
import sys
import textwrap
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, TextIO

from models.clock import Stopwatch
from models.rules.validity import BusinessTime
from models.rules.wording import moment
from tui.signs import spelled
from tui.terminal import draws_ascii_only
from tui.text import clean

# Often enough to be seen moving, seldom enough for a slow line.
_SECONDS_BETWEEN: Final = 0.25
_LEAST_ROOM: Final = 14
_TERMINAL: Final = "/dev/tty"


def say(line: str = "") -> None:
    """Print one line on standard output; stored text in it is made safe to draw."""
    _write(sys.stdout, line)


def say_sentences(text: str) -> None:
    """Print sentences as one line, or broken between words where a person reads them on a terminal."""
    for line in _folded(text, sys.stdout):
        say(line)


def _folded(text: str, stream: TextIO | None, lead: int = 0) -> list[str]:
    """A text in lines that fit a terminal behind so many columns; elsewhere, or with too little room, in one."""
    room = shutil.get_terminal_size().columns - lead if stream is not None and stream.isatty() else 0
    if room < _LEAST_ROOM or width(text) <= room:
        return [text]
    return textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False)


def say_behind(front: str, text: str) -> None:
    """Print a text behind something; on a terminal it goes on under itself."""
    first, *further = _folded(text, sys.stdout, width(front))
    say(f"{front}{first}".rstrip())
    for line in further:
        say(f"{' ' * width(front)}{line}")


def say_all(text: str) -> None:
    """Print a text of several lines."""
    for line in text.split("\n"):
        say(line)


def prompt(question: str) -> str:
    """Ask on the terminal; the line that was typed, with its end, or nothing when there is none."""
    sys.stdout.write(_drawable(question, sys.stdout))
    sys.stdout.flush()
    return sys.stdin.readline()


def prompt_unseen(question: str) -> str | None:
    """Ask on the terminal for what nobody is to read there; what was typed, or None when there is no terminal."""
    from getpass import getpass

    try:
        os.close(os.open(_TERMINAL, os.O_RDWR | os.O_NOCTTY))
        return getpass(_drawable(question, sys.stderr))
    except OSError:
        return None
    except (EOFError, UnicodeDecodeError):
        return ""


def complain(sentence: str) -> None:
    """Print a sentence on standard error: one line, on a terminal broken between words."""
    for line in _folded(sentence, sys.stderr):
        _write(sys.stderr, line)


def _write(stream: TextIO | None, line: str) -> None:
    if stream is None:
        return
    stream.write(f"{_drawable(line, stream)}\n")


def _drawable(stored: str, stream: TextIO | None) -> str:
    """A text as the stream can carry it and the terminal behind it can draw it."""
    text = clean(stored)
    if stream is None or text.isascii():
        return text
    if stream.isatty() and draws_ascii_only():
        return spelled(text)
    try:
        text.encode(stream.encoding or "utf-8")
    except UnicodeEncodeError:
        return spelled(text)
    return text


def say_json(value: Mapping[str, Any] | Sequence[Any]) -> None:
    """Print a JSON value, ASCII only: whatever is stored arrives as it is, and no terminal obeys it."""
    if sys.stdout is not None:
        sys.stdout.write(json.dumps(value, indent=2) + "\n")


def say_table(rows: Iterable[Sequence[str]], *, right: Sequence[int] = ()) -> None:
    """Print rows in columns, those with the given places aligned at their right.

    On a terminal a last column that is too wide goes on under itself.
    """
    cleaned = [[_drawable(cell, sys.stdout) for cell in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(*cleaned, strict=True)]
    for row in cleaned:
        *cells, last = [
            " " * (widths[place] - width(cell)) + cell if place in right else cell + " " * (widths[place] - width(cell))
            for place, cell in enumerate(row)
        ]
        say_behind("".join(f"{cell}  " for cell in cells), last.rstrip())


def width(text: str) -> int:
    """How many columns a terminal needs for a text."""
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def iso(at: datetime | None) -> str | None:
    """An instant as JSON has it: ISO 8601 in UTC."""
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def local(at: datetime | None, business: BusinessTime) -> str:
    """An instant on the wall of the business, or nothing."""
    return "" if at is None else moment(at, business)


def progress(
    what: str, stopwatch: Stopwatch | None = None, *, unit: str = "cards", is_wanted: bool = False
) -> Callable[[int, int], None] | None:
    """Tells on standard error how far a job is, how fast, and how long it will take.

    None when nobody watches it there; unless it is wanted all the same.
    """
    stream = sys.stderr
    if stream is None or not (is_wanted or stream.isatty()):
        return None
    watch = stopwatch or Stopwatch()
    shown_at, shown_width = 0.0, 0

    def tell(done: int, total: int) -> None:
        nonlocal shown_at, shown_width
        seconds, is_over = watch.seconds(), done >= total
        if not is_over and seconds - shown_at < _SECONDS_BETWEEN:
            return
        line = f"{what}: {done:,} of {total:,} {unit}{pace(done, total, seconds)}"
        stream.write(f"\r{line.ljust(shown_width)}" + ("\n" if is_over else ""))
        stream.flush()
        shown_at, shown_width = seconds, len(line)

    return tell


def pace(done: int, total: int, seconds: float) -> str:
    """How many were done in a second and how long the rest will take, once a second has gone by; else nothing."""
    if seconds < 1 or not done:
        return ""
    left = "" if done >= total else f", {_duration(round((total - done) * seconds / done))} left"
    return f", {round(done / seconds):,} a second{left}"


def _duration(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    if not minutes:
        return f"{rest} s"
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
