"""No text is drawn as markup: a customer's name could be a link that reactivates a card, or end the app."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "tui").rglob("*.py"))
DRAWING = {
    *("Static", "Label", "Button", "Checkbox", "RadioButton", "Tab", "TabPane", "Collapsible", "Placeholder", "Link"),
    *("OptionList", "SelectionList", "Select", "Tabs", "TabbedContent", "ListItem", "Markdown"),
}
"""What takes a text for markup unless it is told not to."""
CELLS = {"add_row", "add_column", "add_columns", "add_rows", "add_leaf"}
"""What takes texts for markup and can't be told not to."""
SHOWN_BESIDE = {"border_title", "border_subtitle", "tooltip"}
SAFE = {"piece", "joined", "padded", "Content", "Content.assemble", "Content.styled", "Content.join", "Content.empty"}
"""What makes a text to be drawn as it stands."""
IS_CONTENT = {("tui/screens/form.py", "self._body")}
"""What is made by one of these elsewhere in its file."""


def is_safe(node: ast.expr, file: str = "") -> bool:
    """Whether what is drawn is one of our own texts without brackets, or made to be drawn as it stands."""
    match node:
        case ast.Constant(value):
            return not isinstance(value, str) or "[" not in value
        case ast.IfExp(body=one, orelse=other):
            return is_safe(one, file) and is_safe(other, file)
        case ast.Call(func=ast.Attribute(value=ast.Call(func=made), attr="join")):
            return ast.unparse(made) in SAFE
        case ast.Call(func=made):
            return ast.unparse(made) in SAFE
    return (file, ast.unparse(node)) in IS_CONTENT


def offences(source: ast.AST, file: str = "") -> Iterator[ast.AST]:
    """Where a text that may be anybody's is drawn as markup."""
    for node in ast.walk(source):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).rpartition(".")[2]
            is_told_not_to = any(
                word.arg == "markup" and isinstance(word.value, ast.Constant) and word.value.value is False
                for word in node.keywords
            )
            takes_markup = name in CELLS or (name in DRAWING | {"notify"} and not is_told_not_to)
            if takes_markup and not all(is_safe(given, file) for given in node.args):
                yield node
            if name == "from_markup" and not all(isinstance(given, ast.Constant) for given in node.args):
                yield node
        elif isinstance(node, ast.Assign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            is_beside = any(isinstance(each, ast.Attribute) and each.attr in SHOWN_BESIDE for each in targets)
            if is_beside and not is_safe(node.value, file):
                yield node


def test_no_text_is_drawn_as_markup() -> None:
    for file in FILES:
        name = file.relative_to(ROOT).as_posix()
        found = list(offences(ast.parse(file.read_text(encoding="utf-8")), name))
        assert not [f"{name}:{getattr(node, 'lineno', 0)}" for node in found]


def test_all_that_is_updated_later_was_told_not_to_take_markup() -> None:
    """A Static that begins empty is given its text later on."""
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Static":
                is_empty = not node.args or (isinstance(node.args[0], ast.Constant) and not node.args[0].value)
                told = {word.arg for word in node.keywords}
                assert not is_empty or "markup" in told, f"{file.name}:{node.lineno}"


@pytest.mark.parametrize(
    "offence",
    [
        "Static(name)",
        "Label(f'{name} ...')",
        "Label('a [b]')",
        "Button(label=1, markup=True) if x else Button(name)",
        "Static(piece(name) if x else name)",
        "table.add_row(name)",
        "app.notify(sentence)",
        "box.border_title = name",
        "Content.from_markup(f'[b]{name}')",
    ],
)
def test_the_lint_bites(offence: str) -> None:
    assert list(offences(ast.parse(offence)))


@pytest.mark.parametrize(
    "harmless",
    [
        "Static(name, markup=False)",
        "Label(piece(name))",
        "Label('known' if x else '')",
        "app.notify(sentence, markup=False)",
        "box.border_title = piece(name)",
        "Static(Content(' ').join(parts))",
        "Content.from_markup('Holder: [b]$name[/b]', name=name)",
    ],
)
def test_what_is_drawn_as_it_stands_is_let_be(harmless: str) -> None:
    assert not list(offences(ast.parse(harmless)))
