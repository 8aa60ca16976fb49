"""Many rows go to a server together: they are the rows that a file would hold, all of them or none."""

from pathlib import Path
from typing import Any

import pytest
from store.counter import BOTH, Counter

from models import desk
from models.errors import Refused
from models.hand import Hand
from models.jobs.breakages import read_breakages, write_breakages
from models.jobs.expire import expire
from models.jobs.mapped import import_mapped
from models.jobs.mapping import read_mapping
from models.search import people_index
from models.server.driver import let_in

ENGINES = BOTH

HEADER = "Balance,Code,Recipient Name,Recipient Email,Initial Balance,Item Name,Issued On,Expires On\n"
CARDS = 40
"""More than what a server is told row by row."""


@pytest.fixture
def brought(counter: Counter, tmp_path: Path) -> list[int]:
    """The record numbers of cards that came with an import, some of them nobody's, some used."""
    people = [f'"Zoë ""{n}"" O\\Neil",zoe{n}@example.org' if n % 3 else "," for n in range(CARDS)]
    lines = [f"{20 + n % 2}.00,GU{n:010},{who},21.00,Card,2026-01-05,2026-06-04\n" for n, who in enumerate(people)]
    path = tmp_path / "cards.csv"
    path.write_text(HEADER + "".join(lines), encoding="utf-8")
    assert import_mapped(counter.mia, path, read_mapping("gift-up"), currency="GBP", is_commit=True).is_committed
    with counter.store.database.reading():
        return [id_ for (id_,) in counter.store.database.execute_sql("SELECT id FROM gift_card ORDER BY id").fetchall()]


def test_what_comes_together_is_what_was_told(counter: Counter, brought: list[int]) -> None:
    """Names with signs that mean something on the way, nobody, what was spent: verification reads every row again."""
    assert len(brought) == CARDS
    with counter.store.database.reading():
        names = {name for (name,) in counter.store.database.execute_sql("SELECT name FROM customer").fetchall()}
    assert names == {f'Zoë "{n}" O\\Neil' for n in range(CARDS) if n % 3}
    assert [counter.kinds(card) for card in brought[:2]] == [["issue", "redemption"], ["issue"]]
    assert not counter.findings()


def test_a_whole_batch_expires_at_once(counter: Counter, brought: list[int]) -> None:
    """Each card by its own values; what is booked is whole."""
    counter.at("2026-06-28T09:30")
    report = expire(counter.olaf, is_sure=True)
    assert (report.cards, report.broken_minor) == (CARDS, {"GBP": CARDS // 2 * 4100})
    assert {counter.kinds(card)[-1] for card in brought} == {"breakage"}
    assert not counter.findings()


def test_of_a_whole_batch_one_card_moved_on(counter: Counter, brought: list[int]) -> None:
    """What was sealed is written only on what was read, and nothing of it otherwise."""
    counter.at("2026-06-28T09:30")
    store = counter.store
    with store.database.reading():
        found = read_breakages(store.database, Hand(store.keys, store.business, store.now(), 1, "run"), brought)
    assert len(found.broken) == CARDS
    desk.note(counter.sam, brought[-1], "I was quicker.")
    with pytest.raises(Refused, match="Somebody else changed this card"), store.database.writing():
        write_breakages(found)
    assert "breakage" not in {kind for card in brought for kind in counter.kinds(card)}
    assert not counter.findings()


class Planning:
    """A database that tells how it would answer, and finds nothing."""

    def __init__(self, database: Any) -> None:
        self._database = database
        self.plan = ""
        self.given = database.given

    def execute_sql(self, sql: str, params: Any = None) -> "Planning":
        explain = "EXPLAIN" if self._database.for_update else "EXPLAIN QUERY PLAN"
        self.plan += str(self._database.execute_sql(f"{explain} {sql}", params).fetchall())
        return self

    def fetchall(self) -> list[Any]:
        return []


@pytest.mark.usefixtures("brought")
def test_texts_are_looked_up_by_themselves(counter: Counter) -> None:
    """The index of their parts holds them as well, and a server would go through that for each of them."""
    with counter.store.database.reading():
        planning = Planning(counter.store.database)
        people_index._known(planning, [f"zoe {n}" for n in range(CARDS * 10)])
    assert "search_text_text" in planning.plan
    assert "search_text_part" not in planning.plan


def test_many_rows_are_known_to_be_many() -> None:
    """The batches of these stories are such that go together."""
    let_in()
    from models.server.database import _MANY

    assert _MANY <= CARDS
