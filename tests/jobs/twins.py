"""Two desks with one key: what leaves the one arrives at the other."""

import csv
import json
import shutil
from pathlib import Path
from typing import Any

from models.jobs.exporting import export_csv, export_json_lines
from models.jobs.own import import_own
from models.jobs.plans import ImportReport
from models.store import Store, init_store
from models.unit import Session

Cells = dict[str, str]
HOSTILE = ("=1+1", "+44 20", "-2+3", "@SUM(A1)", "'=x", "''@y", "'s-Hertogenbosch", "＝cmd", 'a "b", c;d')
"""Texts that a spreadsheet may take for a formula, or that quote and separate."""


def twin(store: Store, path: Path, zone: str | None = None) -> Session:
    """The manager of an empty desk in a file with the same key and clock; a desk on a server has its key set apart."""
    path.parent.mkdir(exist_ok=True)
    if isinstance(store.path, Path):
        shutil.copy(store.path.with_suffix(".key"), path.with_suffix(".key"))
    made = init_store(path, zone=zone or store.business.zone, is_sandbox=True, clock=store.clock)
    return Session(made, "mia")


def leave(session: Session, folder: Path) -> dict[str, bytes]:
    """Export in every form; what the files hold."""
    export_csv(session, folder)
    export_json_lines(session, folder / "cards.jsonl")
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def tables(folder: Path) -> list[Path]:
    """The two tables of an export."""
    return [folder / "cards.csv", folder / "activities.csv"]


def arrive(session: Session, folder: Path, form: str = "csv", **options: Any) -> ImportReport:
    """Import an export in one of its forms."""
    return import_own(session, tables(folder) if form == "csv" else [folder / "cards.jsonl"], **options)


def read(path: Path) -> list[Cells]:
    """The rows of a table."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, rows: list[Cells]) -> Path:
    """A table with these rows."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return path


def lines(path: Path) -> list[dict[str, Any]]:
    """The cards of a file of JSON lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
