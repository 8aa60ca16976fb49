"""A walk past every key of every page: what each of them sends, and the picture behind it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bench.terminal.pictures import Picture, taken_of
from bench.terminal.wire import Wire, sent
from driver import Driver
from textual.widgets import Input, TextArea

from tui.commands import COMMANDS, Group
from tui.screens.form import Form
from tui.widgets.lines import Lines

VIP: Final = "Expired this morning, VIP"
_LEAVES: Final = frozenset(
    {"desk.quit", "desk.suspend", "field.editor", "preview.browser", "preview.test", "dialog.confirm", "dialog.cancel"}
)
"""What leaves the screens, or the place."""
_ROWS: Final = frozenset({"up", "down", "j", "k"})
_SIGNS: Final = {"slash": "/", "colon": ":"}
_COPIED: Final = re.compile(rb"\x1b\]52;[^\x07\x1b]*(?:\x07|\x1b\\)")


class Kind(StrEnum):
    """What a key does to the screen, which says what it may cost."""

    LETTER = "letter"
    """A letter that changes the line that it is typed into, and no other."""
    ROW = "row"
    """The mark of a list goes to the next row, and the list stays where it is."""
    DIALOG = "dialog"
    SCREEN = "screen"
    """Another page, a card that was opened or left, the help, the actions, a list of another kind."""
    KEY = "key"


@dataclass(frozen=True, slots=True)
class Step:
    """One key, where it was pressed, and what came of it."""

    place: str
    key: str
    kind: Kind
    sent: bytes
    picture: Picture

    @property
    def copied(self) -> int:
        """How many bytes of it go to the clipboard."""
        return sum(len(each) for each in _COPIED.findall(self.sent))


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere on the screens, and what is pressed there."""

    name: str
    reach: tuple[str, ...]
    """The keys from the desk; PASTE opens the card that most can be done with."""
    groups: tuple[Group, ...] = ()
    """The commands whose keys are pressed, each once."""
    also: tuple[str, ...] = ()
    """Further keys, before them."""


PASTE: Final = "paste"
_LISTED: Final = ("down", "up", "pagedown", "pageup", "end", "home")
PLACES: Final = (
    Place("desk", (), (), ("B", "e", "backspace")),
    Place("card", (PASTE,), (Group.CARD, Group.EVERYWHERE), ("down", "up", "enter")),
    Place("note", ("n",), (), (*"Tr", "backspace", "left", "home")),
    Place("reactivation", ("r",), (Group.DIALOGS,)),
    Place("replies", ("Y",), (Group.REPLIES,), ("down", "up")),
    Place("results", ("f2", *"2026-06", "enter"), (), _LISTED),
    Place("products", ("f6",), (Group.PRODUCTS,), ("down", "up")),
    Place("product", ("f6", "enter"), (Group.PRODUCT,), ("x", "down")),
    Place("worklists", ("f7",), (), ("down", "up")),
    Place("worklist", ("f7", "enter"), (), ("down", "pagedown")),
    Place("reminders", ("f8",), (Group.LETTERS,), ("down", "up")),
    Place("texts", ("f8", "e"), (Group.LETTER_TEXTS,), ("x", "down")),
    Place("preview", ("f8", "e", "f4"), (Group.LETTER_PREVIEW,)),
    Place("cases", ("f9",), (Group.CASES,), ("down", "up")),
    Place("watch", ("f11",), (Group.WATCH,), ("down", "up")),
    Place("bulk", ("ctrl+t",), (Group.BULKS,)),
    Place("new bulk", ("ctrl+t", "n"), (), (*"Tr", "backspace", "up")),
    Place("reports", ("ctrl+r",), (Group.REPORTS,), ("down", "up")),
    Place("report", ("ctrl+r", "enter"), (Group.REPORT,), ("down", "up")),
    Place("figure", ("ctrl+r", "enter", "enter"), (), ("down", "up")),
    Place("help", ("f1",), (), _LISTED),
    Place("actions", ("ctrl+p",), (), (*"ref", "down", "backspace")),
    Place("command", ("f2", ":"), (), (*"he", "backspace", "tab", "escape")),
)
"""In an order in which each is near to the one before."""
FREQUENT: Final = (
    Place("desk", (), (), ("B", "e", "backspace")),
    Place("card", (PASTE,), (), ("down", "up", "enter", *"racyfwxS", "f1", "f7", "f9", "f11", "ctrl+p", "escape")),
    Place("note", (PASTE, "n"), (), (*"Tr", "backspace")),
    Place("reactivation", (PASTE, "r"), (), ("right", "down")),
    Place("results", ("f2", *"2026-06", "enter"), (), _LISTED),
    Place("help", ("f1",), (), _LISTED),
)
"""What is pressed all day."""


class Walk:
    """Goes from place to place, and keeps each step."""

    def __init__(self, desk: Driver, wire: Wire) -> None:
        """Begin at the empty desk: what the first screen cost is the first step."""
        self.steps: list[Step] = []
        self._desk, self._wire = desk, wire
        self.steps.append(Step("start", "", Kind.SCREEN, wire.cut(), taken_of(desk)))

    async def press(self, place: str, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            before, was = self.steps[-1].picture, _Sight(self._desk)
            await self._desk.presses(key)
            await self._keep(place, key, was.kind_of(key, _Sight(self._desk), _changed(before, taken_of(self._desk))))

    async def past(self, place: Place) -> None:
        """Every key of a place; after each, back to the place if it led elsewhere."""
        await self._reach(place)
        home = _Sight(self._desk)
        for key in keys_of(place):
            await self.press(place.name, key)
            while len(self._desk.app.screen_stack) > len(home.stack):
                await self._leave(place.name)
            if _Sight(self._desk) != home:
                await self._reach(place)

    async def _reach(self, place: Place) -> None:
        while len(self._desk.app.screen_stack) > 1:
            await self._leave(place.name)
        for key in place.reach:
            if key == PASTE:
                await self._desk.opens(VIP)
                await self._keep(place.name, PASTE, Kind.SCREEN)
            else:
                await self.press(place.name, key)

    async def _leave(self, place: str) -> None:
        deep = len(self._desk.app.screen_stack)
        await self.press(place, "escape")
        if len(self._desk.app.screen_stack) > deep:  # it asks whether what was typed is to be left
            await self.press(place, "right", "enter")
        assert len(self._desk.app.screen_stack) < deep, f"there is no way out of {place}"

    async def _keep(self, place: str, key: str, kind: Kind) -> None:
        await sent(self._desk)
        self.steps.append(Step(place, key, kind, self._wire.cut(), taken_of(self._desk)))


class _Sight:
    """What stands in front of the agent."""

    def __init__(self, desk: Driver) -> None:
        self.stack = tuple(desk.app.screen_stack)
        self.card = None if desk.desk.sheet is None else desk.desk.sheet.card_id
        self.is_reading = desk.desk.pane.is_reading
        self.when = None if desk.desk.sheet is None else desk.desk.sheet.as_of
        self.focus = desk.app.focused

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Sight) and self._told == other._told

    @property
    def _told(self) -> tuple[object, ...]:
        return self.stack, self.card, self.is_reading, self.when

    def kind_of(self, key: str, after: "_Sight", changed: set[int]) -> Kind:
        """What a key did that led from here to there, with these rows changed."""
        if len(after.stack) > len(self.stack) and isinstance(after.stack[-1], Form):
            return Kind.DIALOG
        if key == "f5" or (after != self and not isinstance(self.stack[-1], Form)):
            return Kind.SCREEN
        if len(key) == 1 and isinstance(self.focus, Input | TextArea) and len(changed) == 1:
            return Kind.LETTER
        if key in _ROWS and isinstance(self.focus, Lines) and len(changed) == 2:
            return Kind.ROW
        return Kind.KEY


def keys_of(place: Place) -> Iterator[str]:
    """The first key of each command that can be used in a place, each once."""
    of_groups = (each for each in COMMANDS if each.group in place.groups and each.id not in _LEAVES)
    pressed = [each.keys.split(",")[0] for each in of_groups]
    yield from dict.fromkeys([*place.also, *(_SIGNS.get(key, key) for key in pressed)])


def _changed(before: Picture, after: Picture) -> set[int]:
    return {y for y, (one, other) in enumerate(zip(before.rows, after.rows, strict=True)) if one != other}
