"""Into the full-screen desk: the only place of the command line that brings Textual in, and only on a terminal.

What a command needs is imported once it is known to be possible, so that a refusal comes at once.
"""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from tui import first_frame
from tui.console.misuse import UsageError
from tui.terminal import Profile, no_terminal, prepare

if TYPE_CHECKING:
    from argparse import Namespace

    from models.locations import Place
    from tui.keymap import Keymap
    from tui.outputs import Output


def desk(asked: Namespace) -> int:
    """Open the full-screen desk; where none is, ask what to open instead."""
    gc.disable()  # what is imported stays: to look at it again and again would cost a tenth of the start
    import_asyncio()
    profile, keymap, output, has_mouse = _ready(asked)
    from models.clock import RunningClock
    from models.locations import database_path
    from models.store import open_store
    from tui.console.sitting import sit_down

    place = database_path(asked.db)
    if _is_first_start(place, asked):
        gc.enable()
        first_frame.leave()
        from tui.console import first_start

        chosen = first_start.choose(place)
        if chosen is None:
            return 0
        if isinstance(chosen, str):
            return demo(asked)
        place = chosen
    session, agent = sit_down(open_store(place), asked, RunningClock)
    import_textual()
    from tui.app import run_desk

    return run_desk(session, agent, profile, keymap, output, has_mouse=has_mouse)


def demo(asked: Namespace) -> int:
    """Open the full-screen desk on a throw-away sandbox."""
    profile, keymap, output, has_mouse = _ready(asked)
    from tui.console.values import parse_instant
    from tui.demo import run_demo

    now = None if asked.now is None else parse_instant(asked.now, "--now")
    return run_demo(asked.as_login, now, profile, keymap, output, has_mouse=has_mouse)


def _ready(asked: Namespace) -> tuple[Profile, Keymap, Output, bool]:
    """How to draw, with which keys, what is sent, and whether the mouse is asked for.

    Raises UsageError where no screen can be drawn, Fault for wrong settings.
    """
    why_not = no_terminal()
    if why_not is not None:
        raise UsageError(why_not)
    prepare()
    from models import import_peewee

    import_peewee()
    from models.settings import read_settings
    from tui.console.settings import chosen_mouse, chosen_output, chosen_profile
    from tui.keymap import keymap

    settings = read_settings()
    output, _ = chosen_output(asked.output, settings)
    profile, _ = chosen_profile(asked.profile, settings)
    has_mouse, _ = chosen_mouse(profile, settings)
    return profile, keymap(settings), output, has_mouse


def import_asyncio() -> None:
    """Without what it brings along for lines that are encrypted: 4 MB that only an e-mail needs, which asks again."""
    if "asyncio" in sys.modules:
        return
    sys.modules["ssl"] = None  # type: ignore[assignment]
    import asyncio  # noqa: F401

    del sys.modules["ssl"]


def import_textual() -> None:
    """Without its command palette, which is off here: a tree, a list and a menu that nobody sees would come with it."""
    if "textual.command" in sys.modules:
        return
    palette = ModuleType("textual.command")
    palette.__getattr__ = lambda _name: object  # type: ignore[method-assign]
    sys.modules["textual.command"] = palette
    import textual.app  # noqa: F401

    del sys.modules["textual.command"]


def _is_first_start(place: Place, asked: Namespace) -> bool:
    """Whether there is nothing at a place that could be opened; a clock or a login belong to a desk that is there."""
    if not isinstance(place, Path) or asked.now is not None or asked.as_login is not None:
        return False
    try:
        place.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False  # opening it will say what is wrong
    return False
