"""Every table that leaves the desk is written in the one place that keeps spreadsheets from computing."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_tables_are_written_in_one_place() -> None:
    """Whoever wrote one by the standard library's writer would have to think of formulas, and somebody would not."""
    writers = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for folder in ("models", "tui")
        for file in sorted((ROOT / folder).rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute | ast.Name) and ast.unparse(node) in ("csv.writer", "csv.DictWriter")
    ]
    assert not writers, "use models.jobs.spreadsheets.TableWriter"
