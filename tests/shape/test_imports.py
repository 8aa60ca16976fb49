"""What is imported, and what not: a start pays for each module, and so does the memory."""

import ast
import os
import subprocess
import sys
from argparse import _SubParsersAction
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from tui import later
from tui.commands import COMMANDS
from tui.memory import REPEATABLE

# Runs a command line, and writes down which modules are there at the end of it.
_COMMAND = """
import sys
from tui.cli import main
try:
    main(sys.argv[2:])
finally:
    open(sys.argv[1], "w").write(" ".join(sys.modules))
"""
# The same for the screens, at their first paint: what comes behind it is for somebody at work.
_SCREENS = """
import os, sys
import models
from tui import first_frame
first_frame.no_terminal = lambda: "none here"
import tui.console.screens as screens
screens.no_terminal = lambda: None
screens.import_asyncio()
models.import_peewee()
screens.import_textual()
from textual.drivers.headless_driver import HeadlessDriver
from tui.app import DeskApp
DeskApp.get_driver_class = lambda self: HeadlessDriver

def write_down(self):
    open(sys.argv[1], "w").write(" ".join(sys.modules))
    os._exit(0)

DeskApp.settle_in = write_down
from tui.cli import main
main(sys.argv[2:])
"""
_ROOT = Path(__file__).parents[2]
_OF_A_SERVER = {"psycopg", "models.server.opening", "models.server.database"}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk in a file."""
    folder = tmp_path_factory.mktemp("desk")
    imported(_COMMAND, folder, "init", "--sandbox")
    return folder


def imported(script: str, folder: Path, *words: str) -> set[str]:
    """The modules that are there when a command has run; one that is kept out is not."""
    told = folder / "modules.json"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIFTDESK", "XDG_"))}
    surroundings = {**kept, "HOME": str(folder), "GIFTDESK_DB": str(folder / "desk.db"), "TERM": "xterm"}
    subprocess.run(
        [sys.executable, "-c", script, str(told), *words], env=surroundings, capture_output=True, check=False
    )
    return set(told.read_text().split())


def tops(modules: set[str]) -> set[str]:
    """The packages that they belong to."""
    return {name.partition(".")[0] for name in modules}


def test_the_version_needs_nothing(desk: Path) -> None:
    """Neither a grammar nor a store."""
    modules = imported(_COMMAND, desk, "--version")
    assert not {"argparse", "re", "peewee", "textual", "rich"} & tops(modules)
    assert not any(name.startswith("models.") for name in modules)


def test_help_needs_the_grammar_alone(desk: Path) -> None:
    """No store and no screens."""
    assert not {"peewee", "textual", "rich", "asyncio"} & tops(imported(_COMMAND, desk, "--help"))


@pytest.mark.parametrize("words", [("find", "ada"), ("show", "8MP2 YV9P 7525 JJNF")], ids=["find", "show"])
def test_commands_need_no_screens(desk: Path, words: tuple[str, ...]) -> None:
    """Nor a driver for a server, installed as it may be, nor what sends e-mails."""
    modules = imported(_COMMAND, desk, *words)
    assert not {"textual", "rich", "asyncio", "smtplib", "psycopg_binary"} & tops(modules)
    assert not {name for name in _OF_A_SERVER & modules if name != "psycopg"}
    assert not any(name.startswith(("tui.screens", "tui.widgets", "models.desk.", "models.jobs")) for name in modules)


def test_the_first_screen_needs_little(desk: Path) -> None:
    """Of giftdesk what opens a desk and draws a prompt: no dialog, no rule of a card, nothing to write with."""
    modules = imported(_SCREENS, desk)
    ours = {name for name in modules if name.startswith(("models.", "tui."))}
    assert not {"ssl", "argparse", "dateutil", "smtplib", "tomllib", "sqlite3"} & tops(modules)
    assert not (_OF_A_SERVER - {"psycopg"}) & modules
    assert not any(name.startswith(("models.desk", "models.jobs", "models.search", "models.mail")) for name in ours)
    assert not {"models.sheets", "models.finding", "models.unit", "models.rules.facts", "models.rules.queries"} & ours
    assert not {"tui.screens.form", "tui.screens.help", "tui.screens.cases", "tui.telling"} & ours
    assert not {"tui.widgets.card_parts", "tui.widgets.history", "tui.widgets.scrolling"} & ours
    assert not {"textual.command", "textual.widgets._tree", "textual.widgets._option_list"} & modules
    assert len(ours) <= 120
    assert len(modules) <= 540


@pytest.mark.parametrize("hub", ["tui/later.py", "tui/screens/dialogs.py"])
def test_what_comes_later_is_what_the_types_say_and_is_used(hub: str) -> None:
    """The type checker sees one half of these modules and whoever runs them the other; what nobody takes is in none."""
    halves = next(node for node in ast.parse((_ROOT / hub).read_text()).body if isinstance(node, ast.If))
    typed = dict(chain.from_iterable(map(_named, halves.body)))
    assert typed == dict(chain.from_iterable(map(_named, halves.orelse)))
    module = hub.removesuffix(".py").replace("/", ".")
    taken = {
        each.name
        for file in (_ROOT / "tui").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module == module
        for each in node.names
    }
    assert typed.keys() <= taken


def test_whatever_is_named_in_words_is_there() -> None:
    """What a command of the line runs and offers, and what a command of the screens opens, is imported by its name."""
    from tui.console.parser import build_parser
    from tui.screens.deciding import DIALOGS
    from tui.screens.desk import PAGES

    parsers: list[Any] = [build_parser()]
    for parser in parsers:
        for action in parser._actions:
            parsers += action.choices.values() if isinstance(action, _SubParsersAction) else ()
    told = {getattr(each, name) for each in parsers for name in ("epilogue", "offers")}
    of_line = {*told, *(each.get_default("run") for each in parsers)} - {None}
    of_screens = {f"tui.screens.{told}" for told in (*DIALOGS.values(), *PAGES.values())}
    assert len(of_line) > 80
    assert all(callable(later.imported(each)) for each in of_line | of_screens)
    assert {*DIALOGS, *PAGES, *REPEATABLE} <= {each.id for each in COMMANDS}


def _named(node: ast.stmt) -> list[tuple[str, str]]:
    """Name -> module, of an import or of a module that comes later."""
    if isinstance(node, ast.ImportFrom):
        return [((each.asname or each.name).lstrip("_"), f"{node.module}.{each.name}") for each in node.names]
    match node:
        case ast.Assign([ast.Name(name)], ast.Name(imported)) if imported == f"_{name}":
            return []  # to be handed on under another name an import needs a step more
        case ast.Assign([ast.Name(name)], ast.Call(ast.Name("Later"), [ast.Constant(str(module))])):
            return [(name, module)]
    raise AssertionError(ast.unparse(node))
