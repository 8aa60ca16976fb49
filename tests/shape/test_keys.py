"""The shape of the keys: none is a trap, none is dead, none means two things in one place."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from string import ascii_letters, digits, punctuation

import pytest
from textual.screen import Screen
from textual.widgets import Input

import tui.screens
from tui.commands import COMMANDS, Command, Group, command, in_group
from tui.key_names import named
from tui.screens.deciding import DIALOGS
from tui.screens.page import Page
from tui.widgets.area import Area

TUI = Path(tui.screens.__path__[0]).parent
PRINTABLE = {*ascii_letters, *digits, *map(named, punctuation), "space"}
# Where letters are typed most of the time.
WITH_FIELDS = (Group.EVERYWHERE, Group.ANYWHERE, Group.PRODUCT, Group.LETTER_TEXTS)


@pytest.fixture(autouse=True)
def _with_all_screens() -> None:
    """Each is imported by what opens it."""
    for module in iter_modules(tui.screens.__path__):
        import_module(f"tui.screens.{module.name}")


def all_of(base: type[Screen[object]]) -> Iterator[type[Screen[object]]]:
    for below in base.__subclasses__():
        if below.__module__.startswith("tui."):
            yield below
        yield from all_of(below)


def keys_of(each: Command) -> list[str]:
    return each.keys.split(",")


def test_no_key_is_what_a_terminal_sends_for_another() -> None:
    """Backspace, Tab and Enter come as Ctrl+H, I, J and M, Esc as Ctrl+[; and Esc before a letter, as Alt."""
    sent = {key for each in COMMANDS for key in keys_of(each)}
    assert not sent & {"ctrl+h", "ctrl+i", "ctrl+j", "ctrl+m", "ctrl+c", "ctrl+left_square_bracket", "tab"}
    assert not [key for key in sent if key.startswith(("alt+", "escape+", "shift+", "super+"))]


def test_the_function_keys_are_where_they_are_everywhere() -> None:
    """Whoever comes from another program finds help, the search, the way back, fresh figures and the menu."""
    for key, id_ in {"f1": "help", "f2": "find", "f3": "back", "f5": "refresh", "f10": "actions"}.items():
        assert key in keys_of(command(f"desk.{id_}"))
    assert "f3" in keys_of(command("dialog.cancel"))


@pytest.mark.parametrize("each", [each for each in COMMANDS if each.group in WITH_FIELDS], ids=lambda each: each.id)
def test_no_command_is_dead_while_something_is_typed(each: Command) -> None:
    """A field keeps its letters and its own keys; each command has one that no field wants."""
    if each.id in ("desk.command", "desk.last"):
        return  # what they are for begins in the empty field, where their keys are no letters
    owned = {key for widget in (Input, Area) for key in widget._merge_bindings().key_to_bindings}
    assert set(keys_of(each)) - owned - PRINTABLE, f"{each.id} can't be reached from a field"


def test_no_key_does_two_things_in_one_place() -> None:
    screens = set(all_of(Screen))
    assert len(screens) > 15
    for each in screens:
        assert each._merged_bindings is not None
        for key, bindings in each._merged_bindings.key_to_bindings.items():
            assert len({binding.action for binding in bindings}) == 1, (each.__name__, key)


def test_a_dialog_is_opened_by_whatever_changes_a_card() -> None:
    """One key alone moves no money and does nothing that can't be taken back."""
    not_one_key = {
        "card.escalate": "a dialog, once the case is read",
        "card.correct": "a dialog",
        "card.merge": "two dialogs",
        "card.remove": "a dialog",
        "products.new": "a page, and a dialog at its end",
        "products.retire": "a dialog",
        "product.save": "a dialog",
        "texts.save": "after the preview was seen; the texts before are kept",
        "preview.save": "after the preview was seen; the texts before are kept",
        "replies.mail": "a dialog",
        "cases.close": "a dialog",
        "watch.lift": "a dialog",
        "bulks.new": "two dialogs, and a preview",
        "bulks.resume": "a dialog",
        "bulks.undo": "a dialog, and a preview",
        "bulk.begin": "a dialog, once a preview was seen",
    }
    harmless = {
        "replies.copy": "it is said to the customer, and kept",
        "cases.reopen": "a case is closed again with one key",
        "desk.watch": "a page",
    }
    writes = {each.id for each in COMMANDS if each.action is not None}
    assert writes - DIALOGS.keys() == not_one_key.keys() | harmless.keys()


def test_nothing_is_reached_by_a_mouse_alone() -> None:
    """No button, no link, nothing that acts when it is clicked: whatever takes the focus takes keys."""
    for path in TUI.rglob("*.py"):
        said = path.read_text(encoding="utf-8")
        assert not re.search(r"\b(Button|Link|on_click|on_mouse_\w+|events\.Click|@click)\b", said), path.name


def test_the_key_bar_of_every_page_fits_eighty_columns() -> None:
    """Also where what can't be dimmed stands in brackets."""
    pages = [each for each in all_of(Page) if "GROUP" in vars(each)]
    assert len(pages) >= 9
    for page in pages:
        assert issubclass(page, Page)
        on_bar = [*(each for each in in_group(page.GROUP) if each.is_on_bar), *map(command, page.ALSO_ON_BAR)]
        told = [f"{each.key} {each.title}" for each in on_bar]
        assert len("  ".join(told)) <= 78, page.__name__
        assert sum(len(f"({each})") for each in told) <= 80, page.__name__
