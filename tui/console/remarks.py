"""Remarks on files: the first ones with their places, and how many there are."""

from typing import Any

from models.jobs.remarks import Remark, Remarks
from tui.console.output import say


def say_remarks(title: str, remarks: Remarks) -> None:
    """Print each remark that was kept, and how many more there are."""
    for remark in remarks.listed:
        say(f"{title}: {remark}")
    if remarks.count > len(remarks.listed):
        say(f"{title}: and {remarks.count - len(remarks.listed):,} more.")


def remarks_as_json(what: str, remarks: Remarks) -> dict[str, Any]:
    """How many remarks there are, and those that were kept, under names made of what they are."""
    return {f"{what}_count": remarks.count, f"{what}s": [remark_as_json(remark) for remark in remarks.listed]}


def remark_as_json(remark: Remark) -> dict[str, Any]:
    """One remark."""
    return {"file": remark.file, "line": remark.line, "column": remark.column, "sentence": remark.sentence}
