"""One cell of a terminal: its character and every attribute that a terminal can be told."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple
from unicodedata import category

from rich._unicode_data import load


class BadAttributeError(Exception):
    """An attribute that a terminal may not know."""


class Cell(NamedTuple):
    """A character, or nothing in the second cell of a wide one, and how it looks."""

    data: str
    fg: str = ""
    """The number of a colour of the palette, a true colour as #rrggbb, or nothing: the terminal's own."""
    bg: str = ""
    bold: bool = False
    dim: bool = False
    italics: bool = False
    underscore: int = 0
    """2 for a double line."""
    strikethrough: bool = False
    overline: bool = False
    blink: bool = False
    reverse: bool = False
    conceal: bool = False
    link: str = ""


_PLAIN: Final = Cell("")
_SELECTOR: Final = "\ufe0f"
_HAS_FORMS: Final = load("auto").narrow_to_wide
_SWITCHES: Final[dict[str, dict[str, bool | int]]] = {
    "1": {"bold": True},
    "2": {"dim": True},
    "3": {"italics": True},
    "4": {"underscore": 1},
    "4:0": {"underscore": 0},
    "4:1": {"underscore": 1},
    "4:2": {"underscore": 2},
    "5": {"blink": True},
    "6": {"blink": True},
    "7": {"reverse": True},
    "8": {"conceal": True},
    "9": {"strikethrough": True},
    "21": {"underscore": 2},
    "22": {"bold": False, "dim": False},
    "23": {"italics": False},
    "24": {"underscore": 0},
    "25": {"blink": False},
    "27": {"reverse": False},
    "28": {"conceal": False},
    "29": {"strikethrough": False},
    "53": {"overline": True},
    "55": {"overline": False},
}
_COLOURS: Final = {
    **{str(30 + number): ("fg", str(number)) for number in range(8)},
    **{str(40 + number): ("bg", str(number)) for number in range(8)},
    **{str(90 + number): ("fg", str(8 + number)) for number in range(8)},
    **{str(100 + number): ("bg", str(8 + number)) for number in range(8)},
    "39": ("fg", ""),
    "49": ("bg", ""),
}


@lru_cache(65536)
def dressed(attributes: Cell, text: str) -> Cell:
    """A character with the attributes of the pen."""
    return attributes._replace(data=text)


@lru_cache(65536)
def look(cell: Cell) -> Cell:
    """A cell without what can't be seen of it, such as a selector (VS16) of a form that the character does not have.

    Stock output tears those from their characters, where one stands half behind a dialog; and what has no width and no
    form of its own goes to the blank before it, where a text begins with it.
    """
    if len(cell.data) > 1 and cell.data[0] == " " and all(category(each) == "Cf" for each in cell.data[1:]):
        return look(cell._replace(data=" "))
    if cell.data.endswith(_SELECTOR) and cell.data[0] not in _HAS_FORMS:
        return look(cell._replace(data=cell.data.removesuffix(_SELECTOR)))
    if cell.data != " " or cell.reverse:
        return cell
    if cell.underscore or cell.strikethrough or cell.overline:
        return cell._replace(italics=False)
    return Cell(" ", bg=cell.bg, link=cell.link)


@lru_cache(4096)
def told(attributes: Cell, parameters: str) -> Cell:
    """The attributes of the pen after a terminal was told some; BadAttributeError for those that it may not know."""
    given = iter(parameters.split(";"))
    for name in given:
        if name in ("", "0"):
            attributes = _PLAIN._replace(data=attributes.data, link=attributes.link)
        elif name in _SWITCHES:
            attributes = attributes._replace(**_SWITCHES[name])  # type: ignore[arg-type]
        elif name in _COLOURS:
            ground, colour = _COLOURS[name]
            attributes = attributes._replace(**{ground: colour})  # type: ignore[arg-type]
        elif name in ("38", "48"):
            attributes = attributes._replace(**{"fg" if name == "38" else "bg": _of_many(given)})  # type: ignore[arg-type]
        else:
            raise BadAttributeError(f"CSI {parameters}m")
    return attributes


def _of_many(given: Iterator[str]) -> str:
    kind = next(given, "")
    if kind == "5":
        return str(int(next(given)))
    if kind == "2":
        return "#" + "".join(f"{int(next(given)):02x}" for _ in range(3))
    raise BadAttributeError(f"a colour of kind {kind!r}")


def told_apart(seen: Sequence[Sequence[Cell]], expected: Sequence[Sequence[Cell]], most: int = 12) -> list[str]:
    """Where two screens differ and how, for the reader of a failure."""
    if [len(row) for row in seen] != [len(row) for row in expected]:
        return ["the screens differ in size"]
    found: list[str] = []
    for y, (ours, theirs) in enumerate(zip(seen, expected, strict=True)):
        for x, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            if one != other and len(found) < most:
                found.append(f"row {y + 1}, column {x + 1}: {_said(one)} for {_said(other)}")
        if ours != theirs and len(found) < most:
            found += [f"  {''.join(cell.data for cell in row)!a}" for row in (ours, theirs)]
    return found


def _said(cell: Cell) -> str:
    return " ".join(
        [repr(cell.data), *(f"{name}={value}" for name, value in cell._asdict().items() if name != "data" and value)]
    )
