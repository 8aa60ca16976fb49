"""What giftdesk puts in the place of Textual's own inside: of what another release lacks nothing else would tell."""

from collections.abc import Iterator
from importlib import import_module
from inspect import getmembers, isclass, isfunction
from pkgutil import walk_packages

import tui

REPLACED = {
    "App._display",
    "App._handle_exception",
    "Input._on_key",
    "Input._on_paste",
    "LinuxDriver._get_terminal_size",
    "LinuxDriver._sigcont_application",
    "LinuxDriver._sigtstp_application",
    "Screen._on_timer_update",
    "Screen._screen_resized",
    "TextArea._replace_via_keyboard",
    "Widget._get_scrollable_region",
    "Widget._on_blur",
    "Widget._on_focus",
}


def test_what_is_replaced_inside_textual_is_there() -> None:
    """Whoever replaces more of it adds it here, and looks at it when Textual is renewed."""
    assert {each for cls in classes() for each in replaced_by(cls)} == REPLACED


def classes() -> Iterator[type]:
    """All classes of giftdesk's screens."""
    for module in walk_packages(tui.__path__, "tui."):
        for _, found in getmembers(import_module(module.name), isclass):
            if found.__module__ == module.name:
                yield found


def replaced_by(cls: type) -> Iterator[str]:
    """The private functions of Textual's that a class has from giftdesk, as 'Class.name'."""
    ours = [each for each in cls.__mro__ if each.__module__.startswith("tui.")]
    textuals = [each for each in cls.__mro__ if each.__module__.startswith("textual.")]
    for name, value in ((name, value) for each in ours for name, value in vars(each).items()):
        owner = next((each for each in textuals if name in vars(each)), None)
        if owner is not None and name.startswith("_") and not name.startswith("__") and isfunction(value):
            yield f"{owner.__name__}.{name}"
