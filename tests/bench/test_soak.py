"""The soak, so short that its figures say nothing: that everybody works, and that what is wrong would be seen."""

from collections.abc import Callable
from pathlib import Path

import pytest
from bench.store.clerks import Day
from bench.store.figures import Column
from bench.store.soak import Terms, Watch, look_back, soak
from postgres import AT_LENGTH

from models.locations import Place
from models.store import open_store

ENGINES = AT_LENGTH
SHORT = Terms(desks=5, seconds=0.6, cards=30, every=0.02, minute=0.3)


def test_desks_work_and_what_they_were_told_is_stored(
    new_place: Callable[[], Place], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five of them for a moment: no error, nothing wrong, and a promise that nobody kept would be seen."""
    monkeypatch.setenv("GIFTDESK_KEY", str(tmp_path / "desk.key"))
    place = new_place()
    column = soak(place, SHORT, tmp_path)
    assert figure(column, "writes done") > 5
    assert figure(column, "errors") == figure(column, "wrong at the check of a minute, or in the end") == 0
    watch = Watch()
    look_back(open_store(place), [Day(intents=["soak-never-made"], spent_minor=1)], watch)
    assert any(wrong.startswith("soak-never-made was told") for wrong in watch.wrong)
    assert any("was told to be" in wrong for wrong in watch.wrong)


def figure(column: Column, what: str) -> float:
    found = column.of(what)
    assert found is not None, what
    return found.ours
