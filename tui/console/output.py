"""The one way out of the command line: lines, tables and JSON that any terminal can take."""

import json
import sys
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, TextIO

from models.rules.validity import BusinessTime
from models.rules.wording import moment
from tui.text import clean

# What our own texts use beyond ASCII, for streams that cannot carry it.
_PLAIN: Final = str.maketrans({"·": "*", "–": "-", "’": "'", "…": "...", "\ufffd": "?"})


def say(line: str = "") -> None:
    """Print one line on standard output; stored text in it is made safe to draw."""
    _write(sys.stdout, line)


def say_all(text: str) -> None:
    """Print a text of several lines."""
    for line in text.split("\n"):
        say(line)


def complain(sentence: str) -> None:
    """Print one line on standard error."""
    _write(sys.stderr, sentence)


def _write(stream: TextIO | None, line: str) -> None:
    if stream is None:
        return
    text, encoding = clean(line), stream.encoding or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = text.translate(_PLAIN).encode(encoding, "replace").decode(encoding)
    stream.write(f"{text}\n")


def say_json(value: Mapping[str, Any] | Sequence[Any]) -> None:
    """Print a JSON value, ASCII only: whatever is stored arrives as it is, and no terminal obeys it."""
    if sys.stdout is not None:
        sys.stdout.write(json.dumps(value, indent=2) + "\n")


def say_table(rows: Iterable[Sequence[str]], *, right: Sequence[int] = ()) -> None:
    """Print rows in columns; those with the given places are aligned at their right."""
    cleaned = [[clean(cell) for cell in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(*cleaned, strict=True)]
    for row in cleaned:
        cells = [
            " " * (widths[place] - width(cell)) + cell if place in right else cell + " " * (widths[place] - width(cell))
            for place, cell in enumerate(row)
        ]
        say("  ".join(cells).rstrip())


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


def progress(what: str) -> Callable[[int, int], None] | None:
    """Tells how far a job is, on standard error; None when nobody watches it."""
    stream = sys.stderr
    if stream is None or not stream.isatty():
        return None

    def tell(done: int, total: int) -> None:
        stream.write(f"\r{what}: {done:,} of {total:,}" + ("\n" if done >= total else ""))
        stream.flush()

    return tell
