"""Random sessions at a desk, made from a seed and played with two terminals beside each other."""

import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, NamedTuple, Protocol

from driver import Driver
from screens.beside import Beside
from screens.payloads import ALL
from screens.scripts import NAMES

from tui.commands import COMMANDS

SIZES: Final = ((80, 24), (80, 24), (200, 60), (120, 30), (40, 12), (81, 25), (79, 23), (100, 50), (30, 8))
_MOVES: Final = ("down", "up", "pagedown", "pageup", "home", "end", "tab", "shift+tab", "enter", "left", "right")
_LETTERS: Final = "jkhljkGnyxasbw 29-"
# To draw all anew takes time.
_NOW_AND_THEN: Final = 4
# What would leave the desk, or start another program.
_NEVER: Final = {"desk.quit", "preview.browser", "preview.test", "desk.suspend"}
_COMMAND_KEYS: Final = tuple(
    key for command in COMMANDS if command.id not in _NEVER for key in command.keys.split(",") if key not in _NEVER
)
_THEMES: Final = ("nord", "gruvbox", "textual-light", "dracula", "ansi-dark", "ansi-light", "giftdesk")


class Step(NamedTuple):
    """One thing that happens."""

    verb: str
    what: str

    def __repr__(self) -> str:
        """As it is typed into a list of steps that are to be played again."""
        return f"Step({self.verb!r}, {self.what!a})"


@dataclass(slots=True)
class Report:
    """What was played."""

    keys: int = 0
    compared: int = 0
    ours: int = 0
    """Bytes that were sent."""
    stock: int = 0
    """Bytes that stock Textual sends."""
    screens: set[str] = field(default_factory=set)
    """The names of the screens that were seen."""

    def add(self, other: "Report") -> None:
        """Sum up."""
        self.keys, self.compared = self.keys + other.keys, self.compared + other.compared
        self.ours, self.stock = self.ours + other.ours, self.stock + other.stock
        self.screens |= other.screens


class DifferentError(AssertionError):
    """The terminals differ."""

    def __init__(self, played: Sequence[Step], found: Sequence[str]) -> None:
        """Say after what, and where."""
        super().__init__("\n".join(["the terminals differ after", f"  {list(played)!r}", *found]))
        self.played = played


def make_session(seed: str, length: int, codes: Sequence[str]) -> list[Step]:
    """So many steps, the same for each seed."""
    dice = random.Random(seed)
    steps: list[Step] = [Step("paste", dice.choice(codes))]
    while len(steps) < length:
        (make,) = dice.choices([make for make, _ in _KINDS], [weight for _, weight in _KINDS])
        steps += make(dice, codes)
    return steps[:length]


def _moves(dice: random.Random, _: Sequence[str]) -> list[Step]:
    key = dice.choice(_MOVES)
    return [Step("press", key)] * dice.choice((1, 1, 2, 5))


def _commands(dice: random.Random, _: Sequence[str]) -> list[Step]:
    return [Step("press", dice.choice(_COMMAND_KEYS))]


def _typing(dice: random.Random, codes: Sequence[str]) -> list[Step]:
    typed = dice.choice(
        [
            "".join(dice.choices(_LETTERS, k=4)),
            f"/{dice.choice(NAMES)[:6]}\r",
            f"/{dice.choice(codes)}\r",
            "/Ben Okafor\r",
            "/*J773\r",
            f":{dice.choice(COMMANDS).title[:5]}",
            "Tried twice, it works\r",
            "12.50\r",
        ]
    )
    return [Step("type", letter) for letter in typed]


def _card(dice: random.Random, codes: Sequence[str]) -> list[Step]:
    return [Step("press", "slash"), Step("paste", dice.choice(codes))]


def _palette(dice: random.Random, _: Sequence[str]) -> list[Step]:
    typed = dice.choice(("re", "pro", "no", "wa", "zz"))
    return [Step("press", "ctrl+p"), *(Step("type", letter) for letter in typed), Step("press", "down")]


def _away_from_dialogs(_: random.Random, __: Sequence[str]) -> list[Step]:
    return [Step("press", "escape")] * 3


def _paste(dice: random.Random, _: Sequence[str]) -> list[Step]:
    return [Step("paste", dice.choice([*ALL.values(), *NAMES]))]


def _size(dice: random.Random, _: Sequence[str]) -> list[Step]:
    return [Step("size", "x".join(map(str, dice.choice(SIZES))))]


def _tick(dice: random.Random, _: Sequence[str]) -> list[Step]:
    return [Step("away", str(dice.choice((1, 60, 60, 61, 3600))))]


def _other(dice: random.Random, _: Sequence[str]) -> list[Step]:
    verb = dice.choice(("noise", "suspend", "suspend", "theme", "notice", "stock"))
    return [Step(verb, dice.choice(_THEMES) if verb == "theme" else dice.choice(NAMES))]


Kind = Callable[[random.Random, Sequence[str]], list[Step]]
_KINDS: Final[tuple[tuple[Kind, int], ...]] = (
    (_moves, 30),
    (_commands, 24),
    (_away_from_dialogs, 6),
    (_typing, 8),
    (_card, 6),
    (_palette, 3),
    (_paste, 4),
    (_size, 4),
    (_tick, 4),
    (_other, 6),
)


class Hand(Protocol):
    """Somebody who types."""

    async def presses(self, *keys: str) -> None: ...
    async def types(self, text: str) -> None: ...
    async def pastes(self, text: str) -> None: ...
    async def settles(self) -> None: ...


async def play(hand: Hand, beside: Beside, steps: Sequence[Step]) -> Report:
    """Do each step and compare what both terminals show; DifferentError when they differ.

    At a desk it is now and then also compared with the whole screen drawn anew: nothing may have been left out.
    """
    report = Report()
    for number, step in enumerate(steps):
        await _do(hand, beside, step)
        if beside.app._exit:
            break
        found = await beside.differ()
        if beside.app._exception is not None:
            raise beside.app._exception
        if found:
            raise DifferentError(steps[: number + 1], found)
        if isinstance(hand, Driver) and number % _NOW_AND_THEN == 0 and (found := await beside.stale()):
            raise DifferentError(steps[: number + 1], ["both terminals show what was there before:", *found])
        report.keys += step.verb in ("press", "type", "noise")
        report.screens.add(type(beside.app.screen).__name__)
    report.compared = beside.compared
    report.ours, report.stock = beside.wire.sent["ours"], beside.wire.sent["stock"]
    return report


async def _do(hand: Hand, beside: Beside, step: Step) -> None:
    app = beside.app
    match step.verb:
        case "press":
            await hand.presses(step.what)
        case "type":
            await hand.types(step.what)
        case "paste":
            await hand.pastes(step.what)
        case "size":
            width, height = map(int, step.what.split("x"))
            await beside.resizes(width, height)
            await hand.settles()
        case "away":
            assert isinstance(hand, Driver)
            await hand.goes_away(timedelta(seconds=int(step.what)))
        case "noise":
            beside.spoils()
            await hand.presses("f5")
            app.redraw()  # a dialog takes no F5
            await hand.settles()
        case "suspend":
            await beside.suspends()
            await hand.settles()
        case "theme":
            app.theme = step.what if step.what in app.available_themes else "ansi-dark"
            await hand.settles()
        case "stock":  # and back to differences
            app.is_stock = True
            await hand.presses("down")
            app.is_stock = False
            await hand.settles()
        case "notice":
            assert isinstance(hand, Driver)
            hand.app.tell(step.what)
            await hand.settles()


async def shrink(
    found: DifferentError, fails: Callable[[Sequence[Step]], Awaitable[DifferentError | None]], tries: int = 40
) -> DifferentError:
    """Leave out what is not needed to fail, larger parts first."""
    size = len(found.played) // 2
    while size and tries > 0:
        for first in range(0, len(found.played), size):
            fewer = [*found.played[:first], *found.played[first + size :]]
            tries -= 1
            again = await fails(fewer) if fewer and tries > 0 else None
            if again is not None:
                found = again
                break
        else:
            size //= 2
    return found
