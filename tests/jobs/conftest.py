"""What the stories of imports share: an export to spoil, and the import of it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jobs.toggle_export import Export

from models import desk
from models.jobs.plans import ImportReport
from models.jobs.toggle import import_toggle
from models.people import PersonGiven
from models.rules.validity import Period, ValidityRules
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


@pytest.fixture
def busy(manager: Session) -> Session:
    """A desk with three cards of half a year."""
    assert desk.set_product(manager, "half", name="Half year", rules=ValidityRules(period=Period(6, "months"))).done
    for amount in (1000, 2000, 3000):
        assert desk.issue(manager, "half", amount, recipient=PersonGiven("Ben", "ben@example.org")).done
    return manager


@pytest.fixture
def no_litter(tmp_path: Path) -> Iterator[None]:
    """Exports are as large as a desk: away with them."""
    yield
    shutil.rmtree(tmp_path, ignore_errors=True)
