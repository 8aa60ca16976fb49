"""A sandbox full of cards: the same for the same seed, sound in every part, and there whole or not at all."""

from collections import Counter
from pathlib import Path

import pytest
from store.counter import plain_sql

from models import desk
from models.clock import FixedClock
from models.errors import Fault, Refused
from models.finding import find
from models.jobs import sample
from models.jobs.sample import make_sample
from models.jobs.sample_lives import END, PRODUCTS
from models.jobs.verify import verify
from models.rules.journal import Kind
from models.rules.status import Status, status_of
from models.schema import GiftCard
from models.store import open_store
from models.unit import Session


def contents(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Everything in a database, table by table."""
    with plain_sql(path) as sql:
        tables = [name for (name,) in sql.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: sorted(sql.execute(f'SELECT * FROM "{name}"'), key=repr) for name in tables if "_m" not in name}


def test_the_same_seed_makes_the_same_desk(tmp_path: Path, sampled: Path) -> None:
    """Row for row, code for code; another seed makes another."""
    told: list[tuple[str, int]] = []
    make_sample(tmp_path / "again.db", 300, 1, on_code=lambda code, card: told.append((code, card)))
    make_sample(tmp_path / "other.db", 300, 2)
    once = contents(sampled)
    assert contents(tmp_path / "again.db") == once
    assert contents(tmp_path / "other.db")["code_digest"] != once["code_digest"]
    assert len(dict(told)) == len(once["gift_card"]) == 300


def test_a_sample_adds_up_and_has_of_everything(tmp_path: Path) -> None:
    """Every product, every status and nearly every kind of activity, and verification finds nothing."""
    make_sample(tmp_path / "desk.db", 2_500, 7)
    store = open_store(tmp_path / "desk.db", FixedClock(END))
    assert not verify(store).findings
    with store.database.reading():
        cards = list(GiftCard.select())
        kinds = {kind for (kind,) in store.database.execute_sql("SELECT DISTINCT kind FROM activity")}
        flags = store.database.execute_sql("SELECT count(*) FROM flag WHERE cleared_number IS NULL").fetchone()
    statuses = Counter(status_of(card, END) for card in cards)
    assert set(statuses) == set(Status)
    assert len({card.__data__["product"] for card in cards}) == len(PRODUCTS)
    assert kinds >= {kind.value for kind in Kind} - {
        Kind.ADJUSTMENT,
        Kind.TRANSFER_IN,
        Kind.TRANSFER_OUT,
        Kind.REMINDER_SENT,
        Kind.REPLIED,
        Kind.CORRECTED_CUSTOMER,
        Kind.PRODUCT_CHANGED,
    }
    assert flags[0] > 0


def test_the_desk_goes_on_where_the_sample_ends(tmp_path: Path) -> None:
    """A card is found by its code and by its holder, and money moves on it like on any other."""
    codes: dict[int, str] = {}
    make_sample(tmp_path / "desk.db", 300, 1, on_code=lambda code, card: codes.update({card: code}))
    store = open_store(tmp_path / "desk.db", FixedClock(END))
    with store.database.reading():
        card = GiftCard.select().where(GiftCard.balance_minor > 500, GiftCard.cut_off_at.is_null()).first()
    assert find(store, codes[card.id]).lines[0].card_id == card.id
    assert desk.redeem(Session(store, "sam"), card.id, 500).done
    assert not verify(store).findings


def test_what_other_processes_tell_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many blocks are told by several processes, and nobody can see it."""
    monkeypatch.setattr(sample, "_FEW_BLOCKS", 100)
    make_sample(tmp_path / "alone.db", 2_100, 3)
    monkeypatch.setattr(sample, "_FEW_BLOCKS", 1)
    make_sample(tmp_path / "together.db", 2_100, 3)
    assert contents(tmp_path / "alone.db") == contents(tmp_path / "together.db")


def test_an_interrupted_sample_leaves_nothing(tmp_path: Path) -> None:
    """Neither a desk nor a key, nor anything half made."""

    def interrupt(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_sample(tmp_path / "desk.db", 10, 1, on_progress=interrupt)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """A desk that is there stays, and so does a key whose desk was moved away."""
    (tmp_path / "old.db").write_text("precious")
    (tmp_path / "desk.key").write_text("precious")
    with pytest.raises(Fault, match="already"):
        make_sample(tmp_path / "old.db", 10, 1)
    with pytest.raises(Fault, match="There is a key"):
        make_sample(tmp_path / "desk.db", 10, 1)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["desk.key", "old.db"]
    assert {file.read_text() for file in tmp_path.iterdir()} == {"precious"}


@pytest.mark.parametrize("cards", [0, -1, 10**9])
def test_a_number_out_of_range_is_refused(tmp_path: Path, cards: int) -> None:
    """Before anything is made."""
    with pytest.raises(Refused, match="1 to"):
        make_sample(tmp_path / "desk.db", cards, 1)
    assert list(tmp_path.iterdir()) == []
