"""Which key does what at this desk: the commands as they are declared, with the keys that the settings give them."""

import re
import string
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, NoReturn

from models.settings import Settings
from tui.commands import COMMANDS, Command, Group, meet
from tui.key_names import named, shown_key

_SYNONYMS: Final = {
    "esc": "escape",
    "return": "enter",
    "pgup": "pageup",
    "pgdn": "pagedown",
    "ins": "insert",
    "del": "delete",
}
_NAMED: Final = frozenset(
    (
        *("escape", "enter", "space", "backspace", "insert", "delete", "home", "end", "pageup", "pagedown"),
        *("up", "down", "left", "right"),
        *(f"f{number}" for number in range(1, 13)),
    )
)
# What a terminal sends for these is another key, or they are what leads out of giftdesk.
_TAKEN: Final = {
    "ctrl+c": "tells how to leave",
    "ctrl+h": "is Backspace to a terminal",
    "ctrl+i": "is Tab to a terminal",
    "ctrl+j": "is Enter to a terminal",
    "ctrl+m": "is Enter to a terminal",
    "ctrl+z": "puts giftdesk to sleep",
}
_FIXED: Final = {
    "dialog.confirm": "Enter confirms and nothing else does, so that nobody confirms by accident",
    "dialog.cancel": "Esc and F3 leave a dialog, whatever else changes",
}
_KEPT: Final = {"desk.back": "escape", "list.open": "enter", "desk.quit": "ctrl+q"}


_NO_KEY: Final = "no_key"
"""What Textual calls the key of a command that has none: no terminal sends it."""
_MOST_TOLD: Final = 2


class Displaced(NamedTuple):
    """A command that lost keys to one to which the settings give them."""

    command: Command
    """With the keys that are left to it, if any."""
    keys: str
    """What it lost, as people write keys."""
    winner: Command
    line: int
    """Where the settings say so."""

    def __str__(self) -> str:
        """What goes where, to follow 'Your settings give'."""
        return f"{self.keys} to {self.winner.title} ({self.command.title} is reached by {self.command.all_keys})"


@dataclass(frozen=True)
class Keymap:
    """The commands with the keys that are in force."""

    commands: tuple[Command, ...] = COMMANDS
    displaced: tuple[Displaced, ...] = ()
    """The commands that lost keys which are theirs by default."""

    def key(self, command_id: str) -> str:
        """The key to tell a person for a command."""
        return next(each.key for each in self.commands if each.id == command_id)

    def keys(self, command_id: str) -> tuple[str, ...]:
        """The keys of a command, as Textual spells them."""
        return tuple(filter(None, next(each.keys for each in self.commands if each.id == command_id).split(",")))

    def in_groups(self, *groups: Group) -> tuple[Command, ...]:
        """The commands of some groups, in their order."""
        return tuple(each for each in self.commands if each.group in groups)

    def changed(self) -> dict[str, str]:
        """Command id -> its keys as Textual spells them, for those that are not as they are declared."""
        return {each.id: each.keys or _NO_KEY for each in self.commands if each not in COMMANDS}

    @property
    def told(self) -> str:
        """Which keys do something else than they do by default, as a sentence; nothing when none do."""
        if not self.displaced:
            return ""
        more = len(self.displaced) - _MOST_TOLD
        parts = [str(each) for each in self.displaced[:_MOST_TOLD]]
        said = f"{', '.join(parts)} and {more} more: giftdesk keys" if more > 0 else " and ".join(parts)
        return f"Your settings give {said}."


def keymap_of(node: Any) -> Keymap:
    """What is in force where a screen or widget is shown."""
    return getattr(node.app, "keymap", None) or Keymap()


def keymap(settings: Settings) -> Keymap:
    """The keys that the settings ask for. Raises Fault for what can't be, naming line and cure."""
    known = {each.id: each for each in COMMANDS}
    for id_ in settings.keys:
        if id_ not in known:
            settings.wrong(
                f"keys.{id_}", f"there is no command {id_[:40]!r}{_nearest(id_, known)}. See: giftdesk keys --json"
            )
        if id_ in _FIXED:
            settings.wrong(f"keys.{id_}", f"{_FIXED[id_]}; leave {id_} away.")
    commands = tuple(_with_keys(each, settings) for each in COMMANDS)
    chosen = [each for each in commands if each.id in settings.keys]
    _check_clashes(chosen, settings)
    displaced = tuple(lost for each in commands if each not in chosen for lost in _lost(each, chosen, settings))
    left = {each.command.id: each.command for each in displaced}
    return Keymap(tuple(left.get(each.id, each) for each in commands), displaced)


def _nearest(id_: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(id_, known, n=1)
    return f", but there is {close[0]}" if close else ""


def _with_keys(command: Command, settings: Settings) -> Command:
    if command.id not in settings.keys:
        return command
    keys = [_spelled(text.strip(), command, settings) for text in settings.keys[command.id].split(",")]
    kept = _KEPT.get(command.id)
    return command._replace(keys=",".join(dict.fromkeys([*keys, kept] if kept else keys)))


def _spelled(text: str, command: Command, settings: Settings) -> str:
    """A key as Textual spells it, from how people write it: F5, Ctrl+R, PgDn, /, R."""
    name = f"keys.{command.id}"
    if len(text) == 1 and text.isprintable() and not text.isspace():
        return named(text) if text in string.punctuation else text
    key = _SYNONYMS.get(text.lower(), text.lower())
    if key in _TAKEN:
        settings.wrong(name, f"{shown_key(key)} {_TAKEN[key]}; choose another key.")
    if key == "ctrl+q" and command.id != "desk.quit":
        settings.wrong(name, "Ctrl+Q leaves giftdesk; choose another key.")
    if key in _NAMED or re.fullmatch("(ctrl|alt)[+][a-z]", key):
        return key
    return settings.wrong(name, f"{text[:40]!r} is no key; write one like r, R, F5, Ctrl+R, PgDn or Space.")


def _check_clashes(chosen: Iterable[Command], settings: Settings) -> None:
    """Two commands that can wait for keys in one place never share one that the settings give to both."""
    checked: list[Command] = []
    for command in chosen:
        for owner in checked:
            shared = _shared(command, owner)
            if shared:
                _clash(command, owner, shared[0], settings)
        checked.append(command)


def _lost(owner: Command, chosen: Iterable[Command], settings: Settings) -> Iterator[Displaced]:
    """What a command that the settings do not name loses to those that they do: their choice counts."""
    taken = {command: shared for command in chosen if (shared := _shared(command, owner))}
    stays = owner.keys.split(",") if owner.id in _FIXED else [_KEPT.get(owner.id)]
    gone = set()
    for command, shared in taken.items():
        gone.update(shared)
        for key in shared:
            if key in stays:
                _clash(command, owner, key, settings)
    left = owner._replace(keys=",".join(key for key in owner.keys.split(",") if key not in gone))
    for command, shared in taken.items():
        told = ", ".join(map(shown_key, shared))
        yield Displaced(left, told, command, settings.line_of(f"keys.{command.id}"))


def _shared(one: Command, other: Command) -> list[str]:
    """The keys that would do two things in one place."""
    return [key for key in one.keys.split(",") if key in other.keys.split(",")] if meet(one.group, other.group) else []


def _clash(command: Command, owner: Command, key: str, settings: Settings) -> NoReturn:
    settings.wrong(
        f"keys.{command.id}",
        f"{shown_key(key)} is the key of {owner.id} ({owner.title}) as well; give one of them another key.",
    )
