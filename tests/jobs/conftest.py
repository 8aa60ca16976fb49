"""What the stories of imports share: an export to spoil, and the import of it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jobs.toggle_export import Export

from models.jobs.plans import ImportReport
from models.jobs.toggle import import_toggle
from models.unit import Session


@pytest.fixture
def export() -> Export:
    """An export without cards."""
    return Export()


@pytest.fixture
def bring(manager: Session, export: Export, tmp_path: Path) -> Callable[..., ImportReport]:
    """Import the export: bring() tries it, bring(is_commit=True) does it."""

    def run(*, currency: str = "GBP", session: Session = manager, **options: Any) -> ImportReport:
        written = {name: options.pop(name) for name in ("encoding", "separator") if name in options}
        return import_toggle(session, *export.write(tmp_path / "export", **written), currency=currency, **options)

    return run
