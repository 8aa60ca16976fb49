"""The people of a desk that the first giftdesk made: after the migration they can be corrected, merged and removed."""

from pathlib import Path

import pytest
from store.counter import NOON, Counter
from store.oldest import oldest_desk

from models import desk
from models.clock import FixedClock
from models.store import open_store
from tui.cli import main


def test_the_people_of_an_older_desk_are_as_good_as_any(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Some were linked to an organisation when the audit kept nothing of a name."""
    path = oldest_desk(folder)
    monkeypatch.setenv("GIFTDESK_DB", f"sqlite:///{path}")
    assert main(["migrate"]) == 0
    assert "0002_people" in capsys.readouterr().out
    clock = FixedClock(NOON)
    counter = Counter(open_store(path, clock), clock)
    counter.wait(days=99)
    first, second = people(counter)[:2]
    assert not counter.findings()
    assert desk.correct_person(counter.mia, second, name="Lin Wu").done
    merged = desk.merge_people(counter.mia, second, first, organisation_of=first)
    assert merged.done, merged.sentence
    assert not counter.findings()
    (flagged,) = (card for card in (1, 2, 3, 4) if counter.sheet(card).flags)
    assert desk.clear_flag(counter.mia, flagged, "settled").done
    asked = [desk.remove_person(session, first, ref="ZD-7") for session in (counter.mia, counter.sue)]
    assert [each.done for each in asked] == [True, True], asked
    assert not counter.findings()


def people(counter: Counter) -> list[int]:
    with counter.store.database.connected():
        rows = counter.store.database.execute_sql("SELECT id FROM customer ORDER BY id").fetchall()
    return [id_ for (id_,) in rows]
