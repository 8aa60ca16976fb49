"""Every sign of our own has an ASCII form that was chosen, so that none comes out as a question mark."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tui.signs import FORMS, UNKNOWN, spelled

ROOT = Path(__file__).parents[2]
# The people of demo and sample have names of their own, and customers are answered in their language; the texts'
# patterns name what is refused.
ANSWERS = ("rules/languages.py", "rules/reply_texts.py", "rules/reminder_texts.py")
FOREIGN = ("jobs/demo.py", "jobs/sample_people.py", "rules/texts.py", "tui/signs.py", *ANSWERS)
FILES = [
    file
    for folder in ("tui", "models")
    for file in sorted((ROOT / folder).rglob("*.py"))
    if not file.as_posix().endswith(FOREIGN)
]


def literals(source: str) -> Iterator[str]:
    """Every text that a source can put on a screen."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def without_form(source: str) -> set[str]:
    return {
        character
        for text in literals(source)
        for character in text
        if not character.isascii() and not "\ud800" <= character <= "\udfff" and character not in FORMS
    }


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_sign_has_a_form(file: Path) -> None:
    assert without_form(file.read_text(encoding="utf-8")) == set()


def test_a_sign_without_a_form_is_found() -> None:
    assert without_form("sign = f'{status} ☠'") == {"☠"}


def test_styles_draw_no_signs() -> None:
    for file in (ROOT / "tui").rglob("*.tcss"):
        assert file.read_text(encoding="utf-8").isascii(), file.name


@pytest.mark.parametrize("sign", FORMS)
def test_forms_are_ascii(sign: str) -> None:
    """None is empty, and only the mark of what can't be shown is the question mark."""
    assert len(sign) == 1
    assert FORMS[sign].isascii()
    assert FORMS[sign].isprintable()
    assert FORMS[sign]
    assert (FORMS[sign] == UNKNOWN) == (sign == "\ufffd")
    assert spelled(sign) == FORMS[sign]
