"""Commands by their names: which begin as somebody typed, and which one is meant."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from tui.commands import Command

SIGN: Final = ":"
"""What stands before a command that is typed."""
_MOST_TITLES: Final = 9


class Offered(NamedTuple):
    """A command that fits what is typed."""

    command: Command
    refusal: str | None
    """Why it can't be used now; None when it can."""

    @property
    def sentence(self) -> str:
        """What it does, or why not."""
        return self.command.help if self.refusal is None else f"Not now: {self.refusal}"


def fitting(typed: str, offered: Sequence[Command]) -> tuple[Command, ...]:
    """The commands of these of which a name begins as typed, with or without the sign in front."""
    wanted = _wanted(typed)
    return tuple(each for each in offered if any(name.startswith(wanted) for name in _names(each, wanted)))


def meant(typed: str, offered: Sequence[Command]) -> Command | None:
    """The one command that is called as typed, or else begins so; None when there is none or several."""
    wanted = _wanted(typed)
    exact = tuple(each for each in offered if wanted in _names(each, wanted))
    candidates = exact or (fitting(typed, offered) if wanted else ())
    return candidates[0] if len(candidates) == 1 else None


def told(typed: str, offered: Sequence[Offered]) -> str:
    """What stands below a command that is typed: what Enter does, or which there are that begin so."""
    if not offered:
        return "No command begins so. Esc leaves."
    one = meant(typed, [each.command for each in offered])
    for each in offered:
        if each.command is one:
            return f"{one.title}{':' if each.refusal is None else '.'} {each.sentence}"
    titles = ", ".join(each.command.title for each in offered[:_MOST_TITLES])
    more = len(offered) - _MOST_TITLES
    return f"{titles} and {more} more." if more > 0 else f"{titles}."


def _wanted(typed: str) -> str:
    return " ".join(typed.removeprefix(SIGN).casefold().split())


def _names(each: Command, wanted: str) -> tuple[str, ...]:
    """What a command answers to: its title and the end of its id, and the whole id to who types a dot."""
    tail = each.id.rpartition(".")[2].replace("_", " ")
    return (each.id,) if "." in wanted else (each.title.casefold(), tail, *each.also)


def also_meant(typed: str, one: Command) -> str | None:
    """Which of the further names of a command is typed, or the only one that begins so; None for none of them."""
    wanted = _wanted(typed)
    if any(wanted == name for name in _names(one, wanted) if name not in one.also):
        return None
    begun = tuple(name for name in one.also if name.startswith(wanted))
    return wanted if wanted in begun else begun[0] if len(begun) == 1 else None
