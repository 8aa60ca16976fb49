"""What stands on a screen, so that a program that draws with curses can show the same: letters, looks and cursor."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from driver import Driver
from rich.color import Color, ColorSystem
from rich.style import Style

PICTURED: Final = Path(__file__).parent / "peers" / "pictured.py"


@dataclass(frozen=True, slots=True)
class Run:
    """Some letters of a row that look alike."""

    text: str
    fore: int
    """One of sixteen colours; -1 is the terminal's own."""
    back: int
    marks: str
    """b bold, d dim, r reverse, u underlined."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A whole screen."""

    rows: tuple[tuple[Run, ...], ...]
    cursor: tuple[int, int]
    """Column and row."""


def taken_of(desk: Driver) -> Picture:
    """What a desk shows at this instant."""
    rows = [tuple(_run(text, style) for text, style, _ in strip if text) for strip in desk.strips()]
    cursor = desk.app.screen.outer_size.clamp_offset(desk.app.cursor_position)
    return Picture(tuple(rows), (cursor.x, cursor.y))


def _run(text: str, style: Style | None) -> Run:
    if style is None:
        return Run(text, -1, -1, "")
    marked = (("b", style.bold), ("d", style.dim), ("r", style.reverse), ("u", style.underline))
    marks = "".join(mark for mark, is_set in marked if is_set)
    return Run(text, _number(style.color), _number(style.bgcolor), marks)


def _number(colour: Color | None) -> int:
    if colour is None or colour.is_default:
        return -1
    number = colour.downgrade(ColorSystem.STANDARD).number
    return -1 if number is None else number


def sent_by_curses(pictures: Sequence[Picture], folder: Path) -> list[int]:
    """How many bytes a program sends for each that draws them one after the other with curses, all by hand."""
    path = folder / "pictures.json"
    keep(pictures, path)
    surroundings = {**os.environ, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "LINES": "24", "COLUMNS": "80"}
    program = [sys.executable, str(PICTURED), str(path), "--all"]
    ended = subprocess.run(program, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=surroundings, check=True)
    return [len(sent) for sent in ended.stdout.split(b"\0")[: len(pictures)]]


def keep(pictures: Sequence[Picture], path: Path) -> None:
    """Write them where the program finds them."""
    path.write_text(json.dumps([asdict(picture) for picture in pictures]), encoding="utf-8")
