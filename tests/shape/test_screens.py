"""The shape of the screens: what every one of them must have."""

from importlib import import_module
from pkgutil import iter_modules

from textual.screen import ModalScreen

import tui.screens
from models.rules.diagnosis import Verdict
from models.rules.status import Status
from tui import drawing
from tui.commands import command
from tui.screens.locking import Switching


def all_of(base: type[ModalScreen[object]]) -> set[type[ModalScreen[object]]]:
    return {each for below in base.__subclasses__() for each in {below, *all_of(below)}}


def test_the_screen_can_be_locked_from_every_dialog() -> None:
    """Whoever is called away presses one key, wherever they are; where people are listed it leads back."""
    for module in iter_modules(tui.screens.__path__):
        import_module(f"tui.screens.{module.name}")
    dialogs = {each for each in all_of(ModalScreen) if each.__module__.startswith("tui.")} - {Switching}
    assert len(dialogs) >= 5
    for each in dialogs:
        assert each._merged_bindings is not None
        bound = each._merged_bindings.key_to_bindings.get(command("desk.agent").keys, [])
        assert [binding.id for binding in bound] == ["desk.agent"], each.__name__


def test_words_of_the_rules_are_spelled_on_the_screens_as_they_are() -> None:
    """They are typed there once more, so that the first screen needs no rule of a card."""
    assert set(drawing._STATUS) == set(Status)
    assert set(Verdict) > drawing._GOOD
