"""What is done at each program: the keys that are measured, and those that lead to them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

FIRST_SCREEN: Final = "first screen"
LETTER: Final = "typed letter"
DIALOG_LETTER: Final = "letter in a dialog's field"
OPEN: Final = "open a dialog"
CLOSE: Final = "close it"
DOWN: Final = "row down"
SCROLL: Final = "scroll one row"
PAGE: Final = "page down"
CARD: Final = "card on screen after Enter"
BACK: Final = "back from a card with Esc"
REFUSAL: Final = "a refusal"
COMMAND: Final = "`:`"
COMMAND_LETTER: Final = "letter of a command"
FIND: Final = "`/`"
HELP, WORKLISTS, CASES, WATCH = "F1", "F7", "F9", "F11 (refused)"
PALETTE: Final = "the actions (Ctrl+P)"


@dataclass(frozen=True, slots=True)
class Act:
    """Some keys, one after the other."""

    keys: tuple[str, ...]
    event: str | None = None
    """What each of them is measured as; None: they only lead somewhere."""


def at_the_desk(code: str, listed: str) -> Sequence[Act]:
    """At giftdesk, which lists many cards for a name: look there, open a card, and go past the pages."""
    return (
        Act(tuple("Ben O"), LETTER),
        Act(("ctrl+u", *listed, "enter")),
        Act(("down",) * 6, DOWN),
        Act(("pagedown",) * 2, PAGE),
        Act(("home", *("down",) * 30)),
        Act(("down",) * 4, SCROLL),
        Act(("f2", *code)),
        Act(("enter",), CARD),
        Act(("n",), OPEN),
        Act(tuple("Tried"), DIALOG_LETTER),
        Act(("escape",), CLOSE),
        Act(("r",), OPEN),
        Act(("escape",), CLOSE),
        Act(("s",), REFUSAL),
        Act(("f1",), HELP),
        Act(("escape",)),
        Act(("f9",), CASES),
        Act(("escape",)),
        Act(("f11",), WATCH),
        Act(("ctrl+p",), PALETTE),
        Act(("escape",)),
        Act((":",), COMMAND),
        Act(tuple("hel"), COMMAND_LETTER),
        Act(("escape",)),
        Act(("escape",), BACK),
        Act(("f7",), WORKLISTS),
        Act(("f2", *code)),
        Act(("enter",), CARD),
        Act(("/",), FIND),
        Act((*code,)),
        Act(("enter",), CARD),
    )


AT_THE_TABLE: Final = (
    Act(tuple("Ben O"), LETTER),
    Act((*("backspace",) * 5, "enter")),
    Act(("down",) * 6, DOWN),
    Act(("pagedown",) * 2, PAGE),
    Act((*("pageup",) * 4, *("down",) * 30)),
    Act(("down",) * 4, SCROLL),
    Act(("ctrl+n",), OPEN),
    Act(tuple("Tried"), DIALOG_LETTER),
    Act(("escape",), CLOSE),
    Act(("ctrl+n",), OPEN),
    Act(("escape",), CLOSE),
)
"""At the bare app, which has what the first half of giftdesk has."""


def keys_of(acts: Sequence[Act]) -> Iterator[str]:
    """All keys in their order."""
    return (key for act in acts for key in act.keys)
