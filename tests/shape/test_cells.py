"""Cells could be published by themselves."""

import ast
import sys
from pathlib import Path

import tui.cells

MODULES = sorted(Path(tui.cells.__path__[0]).glob("*.py"))


def test_they_need_textual_and_rich_alone() -> None:
    """Of all that is not Python's own; and no other part of giftdesk."""
    needed = {
        name
        for module in MODULES
        for each in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        for name in _imported(each)
    }
    ours = {name for name in needed if name.partition(".")[0] == "tui"}
    assert {name.partition(".")[0] for name in needed} - sys.stdlib_module_names == {"rich", "textual", "tui"}
    assert {name for name in ours if not name.startswith("tui.cells.")} == set()


def test_each_room_is_told_of_at_the_door() -> None:
    """The package's own words name every module, and none that is gone."""
    rooms = (tui.cells.__doc__ or "").partition("The rooms")[2]
    told = {line.split()[0] for line in rooms.splitlines()[1:] if line.strip()}
    assert told == {module.stem for module in MODULES} - {"__init__"}


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [each.name for each in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []
