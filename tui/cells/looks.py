"""The attributes of a cell, and the shortest way to tell a terminal of others."""

from functools import lru_cache
from typing import Final, NamedTuple

from rich.color import Color, ColorSystem
from rich.style import Style


class Look(NamedTuple):
    """The attributes of a cell, as the parameters that a terminal is told them with."""

    attributes: tuple[str, ...] = ()
    """Bold, reversed and the like."""
    fore: str = ""
    """The colour of the letter; the terminal's own when empty."""
    back: str = ""
    """The colour behind it; the terminal's own when empty."""

    @property
    def is_erasing(self) -> bool:
        """Whether a terminal that erases with colours can leave blanks of this look."""
        return not self.attributes and not self.fore


PLAIN: Final = Look()
_NAMES: Final = {
    "1": "bold",
    "2": "dim",
    "3": "italic",
    "4": "underline",
    "5": "blink",
    "6": "blink2",
    "7": "reverse",
    "8": "conceal",
    "9": "strike",
    "21": "underline2",
    "51": "frame",
    "52": "encircle",
    "53": "overline",
}
_ON_BLANKS: Final = frozenset(("4", "7", "9", "21", "53"))
# Each ends all that share its parameter.
_UNDONE_BY: Final = {"1": "22", "2": "22", "3": "23", "4": "24", "7": "27", "9": "29"}


@lru_cache(4096)
def look_of(style: Style | None, colours: ColorSystem) -> Look:
    """The look of a style, without what says nothing."""
    if style is None:
        return PLAIN
    attributes = tuple(code for code, name in _NAMES.items() if getattr(style, name))
    return Look(attributes, _codes(style.color, colours, is_fore=True), _codes(style.bgcolor, colours, is_fore=False))


def _codes(colour: Color | None, colours: ColorSystem, *, is_fore: bool) -> str:
    if colour is None or colour.is_default:
        return ""
    return ";".join(colour.downgrade(colours).get_ansi_codes(is_fore))


@lru_cache(4096)
def on_blanks(look: Look) -> Look:
    """What can be seen of a look where there is no letter."""
    return look if _ON_BLANKS.intersection(look.attributes) else Look(back=look.back)


@lru_cache(4096)
def as_blank(worn: Look, blank: Look) -> tuple[Look, ...]:
    """The looks in which a blank looks as it should: its own, and the one that is worn but for what can be seen."""
    if on_blanks(worn) == blank:
        return (worn,)
    unseen = tuple(code for code in worn.attributes if code not in _ON_BLANKS)
    return (blank,) if blank.attributes else (blank, Look(unseen, worn.fore, blank.back))


@lru_cache(8192)
def change(before: Look, after: Look, *, can_undo: bool) -> str:
    """What a terminal is sent that writes with one look and is to write with another.

    Only a terminal that can undo ends one attribute and keeps the others.
    """
    if before == after:
        return ""
    anew = _told(("0", *after.attributes, after.fore, after.back) if after != PLAIN else ())
    lost = [code for code in before.attributes if code not in after.attributes]
    is_losing = bool(lost) or (before.fore and not after.fore) or (before.back and not after.back)
    if is_losing and not (can_undo and all(code in _UNDONE_BY for code in lost)):
        return anew
    ended = dict.fromkeys(_UNDONE_BY[code] for code in lost)
    kept = [code for code in after.attributes if code not in before.attributes or _UNDONE_BY.get(code) in ended]
    fore = "" if before.fore == after.fore else after.fore or "39"
    back = "" if before.back == after.back else after.back or "49"
    return min(anew, _told((*ended, *kept, fore, back)), key=len)


def _told(codes: tuple[str, ...]) -> str:
    return f"\x1b[{';'.join(filter(None, codes))}m"
