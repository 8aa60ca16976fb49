"""Which key does what at this desk: the commands as they are declared, with the keys that the settings give them."""

import re
import string
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

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


@dataclass(frozen=True)
class Keymap:
    """The commands with the keys that are in force."""

    commands: tuple[Command, ...] = COMMANDS

    def key(self, command_id: str) -> str:
        """The key to tell a person for a command."""
        return next(each.key for each in self.commands if each.id == command_id)

    def keys(self, command_id: str) -> tuple[str, ...]:
        """The keys of a command, as Textual spells them."""
        return tuple(next(each.keys for each in self.commands if each.id == command_id).split(","))

    def in_groups(self, *groups: Group) -> tuple[Command, ...]:
        """The commands of some groups, in their order."""
        return tuple(each for each in self.commands if each.group in groups)

    def changed(self) -> dict[str, str]:
        """Command id -> its keys as Textual spells them, for those that are not as they are declared."""
        return {each.id: each.keys for each in self.commands if each not in COMMANDS}


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
    _check_clashes(commands, settings)
    return Keymap(commands)


def _nearest(id_: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(id_, known, n=1)
    return f", but there is {close[0]}" if close else ""


def _with_keys(command: Command, settings: Settings) -> Command:
    if command.id not in settings.keys:
        return command
    keys = [_spelled(text.strip(), command, settings) for text in settings.keys[command.id].split(",")]
    kept = _KEPT.get(command.id)
    return replace(command, keys=",".join(dict.fromkeys([*keys, kept] if kept else keys)))


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


def _check_clashes(commands: Iterable[Command], settings: Settings) -> None:
    """Two commands that can wait for keys in one place never share one."""
    checked: list[Command] = []
    for command in sorted(commands, key=lambda each: each.id in settings.keys):
        for owner in checked if command.id in settings.keys else ():
            shared = set(owner.keys.split(",")) & set(command.keys.split(","))
            if shared and meet(owner.group, command.group):
                settings.wrong(
                    f"keys.{command.id}",
                    f"{shown_key(min(shared))} is the key of {owner.id} ({owner.title}) as well; give one of them "
                    f"another key.",
                )
        checked.append(command)
