"""Whether a command line asks for the screens, told before the grammar is imported: only what is plain to see."""

from __future__ import annotations

from types import SimpleNamespace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from typing import Any

_OPTIONS = {"--db": "db", "--as": "as_login", "--now": "now", "--profile": "profile", "--output": "output"}
_CHOICES = {"profile": ("full", "lean", "ascii"), "output": ("cells", "stock")}
_DEMO = "demo"


def wish_for_screens(words: list[str]) -> Namespace | None:
    """What the grammar would make of these words, if they ask for the screens; None to ask the grammar."""
    wish: Any = SimpleNamespace(
        db=None, as_login=None, now=None, json=False, profile=None, output=None, run="tui.console.screens:desk"
    )
    rest = iter(words)
    for word in rest:
        option, has_value, value = word.partition("=")
        if word == _DEMO and wish.run.endswith(":desk"):
            wish.run = "tui.console.screens:demo"
        elif option in _OPTIONS:
            name, value = _OPTIONS[option], value if has_value else next(rest, "-")
            if value.startswith("-") or value not in _CHOICES.get(name, (value,)):
                return None
            setattr(wish, name, value)
        else:
            return None
    return wish  # type: ignore[no-any-return]
