"""Somebody who has the key writes the past anew, or puts an old backup there: an anchor that left knows better."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from random import Random
from typing import Any

import peewee
import pytest
from store.counter import BOTH, Counter
from store.forging import Forger, Row, forging, opened_by_the_owner

from models import desk
from models.anchors import KEPT, TAKEN, last_anchor_at
from models.answering import add_code
from models.errors import Refused
from models.jobs import expire as run
from models.jobs.anchored import compare
from models.jobs.anchoring import take_anchor
from models.jobs.backup import back_up
from models.jobs.breakages import Breakages
from models.jobs.expire import expire
from models.jobs.own import import_own
from models.jobs.restore import Order, restore
from models.jobs.verify import verify
from models.rules.anchors import Anchor
from models.schema import Audit
from models.store import Store, open_store
from models.unit import Session

ENGINES = BOTH
WHEN = "the anchor of 21 May 2026 14:00"


@pytest.fixture
def aged(counter: Counter) -> Counter:
    """A desk with six cards, each with five activities, and an organisation whose mark came and went."""
    for _ in range(6):
        card = counter.issued()
        for pence in (100, 200, 300, 400):
            counter.wait(minutes=1)
            assert desk.redeem(counter.sam, card, pence).done
    for is_vip in (True, False, True):
        counter.wait(minutes=1)
        assert desk.set_organisation(counter.sue, "Northwind", is_vip=is_vip).done
    counter.at("2026-05-21T13:00")
    return counter


@pytest.fixture
def anchor(aged: Counter) -> Anchor:
    """What left the house at two in the afternoon, London; work goes on for a day."""
    taken = take_anchor(aged.mia).anchor
    aged.wait(days=1)
    for card in (1, 2):
        assert desk.redeem(aged.sam, card, 50).done
    return taken


def told(store: Store, *anchors: Anchor) -> list[str]:
    """What verification and the anchors have to say."""
    found = [*verify(store).findings, *(finding for each in anchors for finding in compare(store, each))]
    return [f"{finding.subject}: {finding.what}" for finding in found]


def _edited(forger: Forger, card: int, random: Random) -> str:
    forger.rewrites(card, lambda rows: rows[random.randrange(1, 5)].update(amount_minor=-random.randint(1, 99)))
    return f"its journal was rewritten: up to activity 5 it is not what {WHEN} knew"


def _renamed(forger: Forger, card: int, random: Random) -> str:
    forger.rewrites(card, lambda rows: rows[random.randrange(5)].update(actor_name="Sue"))
    return f"its journal was rewritten: up to activity 5 it is not what {WHEN} knew"


def _deleted(forger: Forger, card: int, random: Random) -> str:
    forger.rewrites(card, lambda rows: rows.pop(random.randrange(1, 5)))
    return f"its journal ends before activity 5, which {WHEN} knew"


def _inserted(forger: Forger, card: int, random: Random) -> str:
    def insert(rows: list[Row]) -> None:
        at = random.randrange(1, 5)
        rows.insert(at, {**rows[at], "amount_minor": random.randint(1, 99), "kind": "top_up", "intent": None})

    forger.rewrites(card, insert)
    return f"1 activity is dated before {WHEN}, which knew 5: put in later"


def _swapped(forger: Forger, card: int, random: Random) -> str:
    def swap(rows: list[Row]) -> None:
        one, other = random.sample(range(1, 5), 2)
        rows[one], rows[other] = rows[other], rows[one]

    forger.rewrites(card, swap)
    return f"its journal was rewritten: up to activity 5 it is not what {WHEN} knew"


def _cut(forger: Forger, card: int, random: Random) -> str:
    left = random.randint(1, 4)
    forger.rewrites(card, lambda rows: rows.__delitem__(slice(left, None)))
    return f"its journal ends before activity {left + 1}, which {WHEN} knew"


def _cut_and_continued(forger: Forger, card: int, random: Random) -> str:
    left = random.randint(1, 4)

    def later(rows: list[Row]) -> None:
        rows[left:] = [{**row, "recorded_at": row["recorded_at"] + 10**12} for row in rows[left:]]

    forger.rewrites(card, later)
    are = "is 1" if left == 1 else f"are {left}"
    return f"its journal had 5 activities when {WHEN} was taken, and of then there {are}"


def _dated_later(forger: Forger, card: int, random: Random) -> str:
    shift = random.randint(10**12, 10**13)
    forger.rewrites(card, lambda rows: [row.update(recorded_at=row["recorded_at"] + shift) for row in rows])
    return f"its journal begins later, and {WHEN} knew 5 activities of it"


def _removed(forger: Forger, card: int, _random: Random) -> str:
    forger.removes(card)
    return f"it is missing: {WHEN} knew 5 activities of it"


def _replaced(forger: Forger, card: int, random: Random) -> str:
    other = random.choice([each for each in (3, 4, 5, 6) if each != card])
    rows = forger.journal(other)
    forger.rewrites(card, lambda mine: mine.__setitem__(slice(None), rows))
    return f"its journal was rewritten: up to activity 5 it is not what {WHEN} knew"


FORGERIES: dict[str, Callable[[Forger, int, Random], str]] = {
    "an amount edited": _edited,
    "an actor edited": _renamed,
    "an activity deleted": _deleted,
    "an activity inserted": _inserted,
    "two swapped": _swapped,
    "the tail cut": _cut,
    "the tail dated later": _cut_and_continued,
    "all dated later": _dated_later,
    "a card removed": _removed,
    "another card's journal": _replaced,
}


def forge(owned: Store, anchor: Anchor, forgery: str, seed: int) -> None:
    """Forge something with every seal in its place: nothing but the anchor can see it, and it names what was done."""
    random = Random(seed)
    card = random.choice((3, 4, 5, 6))
    with forging(owned) as forger:
        expected = FORGERIES[forgery](forger, card, random)
        assert not verify(owned).findings, (forgery, seed)
        (found,) = told(owned, anchor)
        assert found.startswith((f"card {card} ", f"card {card}:")), (forgery, seed, found)
        assert found.endswith(f": {expected}"), (forgery, seed, found)


def test_whoever_has_the_key_forges_nothing_that_an_anchor_does_not_name(aged: Counter, anchor: Anchor) -> None:
    """Which card, and what was done to it; verification alone believes all of it."""
    owned = opened_by_the_owner(aged.store.path, aged.clock)
    for seed, forgery in enumerate(FORGERIES):
        forge(owned, anchor, forgery, seed)
    assert not told(owned, anchor)


@pytest.mark.slow
@pytest.mark.parametrize("forgery", FORGERIES)
def test_three_hundred_of_each_are_named(aged: Counter, anchor: Anchor, forgery: str) -> None:
    """Other cards, other activities, other amounts."""
    owned = opened_by_the_owner(aged.store.path, aged.clock)
    for seed in range(300):
        forge(owned, anchor, forgery, seed)


MARKS = "organisation:1"


def _unmarked(rows: list[Audit]) -> None:
    rows[1].actor_name = "Mia"


REWRITTEN: dict[str, Callable[[list[Audit]], object]] = {
    f"its chain was rewritten: up to row 3 it is not what {WHEN} knew": _unmarked,
    f"its chain ends before row 3, which {WHEN} knew": lambda rows: rows.pop(0),
    f"1 row is dated before {WHEN}, which knew 3: put in later": lambda rows: rows.append(rows[2]),
    f"it is missing: {WHEN} knew 3 rows of it": lambda rows: rows.clear(),
}


@pytest.mark.files
def test_the_audit_is_not_written_anew_either(aged: Counter, anchor: Anchor) -> None:
    """Who gave a VIP mark, and when, was known outside the house."""
    owned = opened_by_the_owner(aged.store.path, aged.clock)
    for finding, change in REWRITTEN.items():
        with forging(owned) as forger:
            forger.rewrites_audit(MARKS, change)
            assert f"audit of {MARKS}: {finding}" in told(owned, anchor)


@pytest.mark.files
def test_a_code_leads_to_no_other_card(aged: Counter, anchor: Anchor) -> None:
    """Whoever has the key lets a code of their own lead to somebody's card: no journal tells, the anchor does."""
    owned = opened_by_the_owner(aged.store.path, aged.clock)
    with forging(owned) as forger:
        forger.does("DELETE FROM code_digest WHERE card_id = 3")
        add_code(owned, 3, "7Q4M9KXR3HTCV8PN", is_alias=False)
        assert not verify(owned).findings
        (found,) = told(owned, anchor)
        assert found.startswith("card 3 ")
        assert found.endswith(f": other codes lead to it than {WHEN} knew")


@pytest.mark.files
def test_several_forged_cards_are_each_named(aged: Counter, anchor: Anchor) -> None:
    owned = opened_by_the_owner(aged.store.path, aged.clock)
    with forging(owned) as forger:
        expected = [f"card {card} " for card in (3, 4, 6) if _edited(forger, card, Random(card))]
        assert [each[:7] for each in told(owned, anchor)] == expected


def test_a_database_that_is_older_than_an_anchor_says_so(aged: Counter, anchor: Anchor) -> None:
    """Whoever puts yesterday's backup in its place takes away what came after, with all seals in order."""
    store = aged.store
    with store.database.connected(), store.database.atomic() as transaction:
        assert desk.redeem(aged.sam, 3, 50).done
        aged.wait(minutes=5)
        later = take_anchor(aged.mia).anchor
        transaction.rollback()
    older, card, audit = told(store, anchor, later)
    assert older == (
        "this desk: it is older than the anchor of 22 May 2026 14:05, and has nothing after 22 May 2026 14:00: as if "
        "a backup was put here"
    )
    assert card.startswith("card 3 ")
    assert card.endswith(": its journal ends before activity 6, which the anchor of 22 May 2026 14:05 knew")
    assert audit == "audit of desk: its chain ends before row 2, which the anchor of 22 May 2026 14:05 knew"


@pytest.mark.files
def test_a_desk_that_was_restored_rightly_says_by_whom(aged: Counter, anchor: Anchor, elsewhere: Path) -> None:
    """What came after the backup is not in it, and the anchor can't know better."""
    copied = back_up(aged.mia, aged.file.with_name("kept.backup")).file
    aged.wait(days=2)
    later = take_anchor(aged.mia).anchor
    aged.wait(hours=3)
    order = Order(copied, elsewhere, aged.file.with_suffix(".key"), lambda store: Session(store, "mia"))
    restored = open_store(restore(order).database, aged.clock)
    assert told(restored, anchor) == []
    older, _ = told(restored, later)
    assert "it was restored on " in older
    assert older.endswith(
        "by Mia from a backup that ends at 22 May 2026 14:00, so it is older than the anchor of 24 May 2026 14:00 and "
        "has nothing after 22 May 2026 14:00 until then"
    )


def test_a_desk_goes_on_after_an_anchor(aged: Counter, anchor: Anchor) -> None:
    """Whatever people do rightly is no forgery: new cards, spending, breakage, and people who are removed."""
    assert desk.register(aged.sue, 4, desk.PersonGiven("Ada", "ada@example.org")).done
    assert desk.note(aged.sam, 4, "Called on Monday.").done
    noted = take_anchor(aged.mia).anchor
    aged.wait(minutes=1)
    for session in (aged.sue, aged.mia):
        assert desk.remove_person(session, 1, ref="ZD-7").done
    aged.issued("week")
    assert desk.set_organisation(aged.sue, "Northwind", is_vip=False).done
    aged.wait(days=400)
    assert expire(aged.olaf, is_sure=True).cards == 7
    assert not told(aged.store, anchor, noted, take_anchor(aged.ada).anchor)


@pytest.mark.files
def test_cards_that_an_import_brings_have_an_older_history(aged: Counter, anchor: Anchor, tmp_path: Path) -> None:
    """Their activities keep the instants at which another desk recorded them."""
    file = tmp_path / "cards.csv"
    rows = ("code,currency,balance,product_name", "OLDW48123456,GBP,5.00,Old", "OLDW48123457,GBP,6.00,Old")
    file.write_text("\n".join(rows))
    assert import_own(aged.mia, [file], is_commit=True).refusal is None
    owned = opened_by_the_owner(aged.store.path, aged.clock)
    with forging(owned) as forger:
        long_ago = dict.fromkeys(("effective_at", "recorded_at"), 10**15)
        for card in (7, 8):
            forger.rewrites(card, lambda rows: rows[0].update(long_ago))
        assert not told(owned, anchor)


@pytest.mark.files
def test_what_the_run_judged_before_an_anchor_is_judged_again(aged: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """The run seals its batches before it holds the lock: none may be dated before an anchor that did not see it."""
    anchors: list[Anchor] = []

    def look(*arguments: Any) -> Breakages:
        found = seen(*arguments)
        anchors.append(take_anchor(aged.mia).anchor)
        aged.wait(minutes=1)
        return found

    seen = run._look
    monkeypatch.setattr(run, "_look", look)
    aged.wait(days=400)
    assert expire(aged.olaf, is_sure=True).cards == 6
    assert anchors
    assert not told(aged.store, *anchors)


def test_who_is_about_to_write_is_waited_for(in_earnest: Counter) -> None:
    """An anchor covers all that is dated before it, whoever saves it a moment later."""
    card = in_earnest.issued("forever")
    store = open_store(in_earnest.store.path)
    writes, goes_on = threading.Event(), threading.Event()

    def spend() -> None:
        with store.database.writing():
            assert desk.redeem(Session(store, "sam"), card, 50).done
            writes.set()
            goes_on.wait(5)

    spending = threading.Thread(target=spend)
    spending.start()
    assert writes.wait(5)
    anchoring = ThreadPoolExecutor(1).submit(take_anchor, Session(store, "mia"))
    assert not wait([anchoring], timeout=0.1).done
    goes_on.set()
    spending.join()
    known = anchoring.result(5).anchor
    assert known.journals.entries == 2
    assert not told(store, known)


@pytest.mark.files
def test_an_anchor_is_of_one_desk(aged: Counter, anchor: Anchor) -> None:
    """Which is known by its key and by when it was made."""
    owned = opened_by_the_owner(aged.store.path, aged.clock)
    with forging(owned) as forger:
        forger.does("UPDATE business SET created_at = created_at + 1")
        assert told(owned, anchor) == [f"{WHEN}: it is of another desk"]


@pytest.mark.files
def test_who_may_take_one(aged: Counter) -> None:
    """Whoever answers for the desk, or looks at it; the audit knows who did."""
    for session in (aged.mia, aged.ada, aged.olaf):
        aged.wait(minutes=1)
        take_anchor(session)
        with aged.store.database.connected():
            assert last_anchor_at(aged.store.database, TAKEN) == aged.clock.at
            assert last_anchor_at(aged.store.database, KEPT) is None
    with pytest.raises(Refused, match="ask a manager, an auditor or an operator"):
        take_anchor(aged.sam)


MONEY = {
    "activity": ("amount_minor", "balance_after_minor", "number"),
    "gift_card": ("balance_minor", "broken_minor", "last_money_number", "head_number"),
}
FLIPS = 400


@pytest.mark.slow
def test_a_bit_that_flips_in_a_column_of_money_is_found(aged: Counter, anchor: Anchor) -> None:
    """A disk that rots, or somebody with an editor: any bit, of any card, found and named as that card's."""
    owned, random, flipped = opened_by_the_owner(aged.store.path, aged.clock), Random(1), 0
    while flipped < FLIPS:
        table = random.choice(sorted(MONEY))
        column, key = random.choice(MONEY[table]), {"activity": "card_id", "gift_card": "id"}[table]
        with forging(owned) as forger:
            card, bit = random.randint(1, 6), 1 << random.randrange(40)
            other = f"({column} | {bit}) - ({column} & {bit})"
            flip, given = f"UPDATE {table} SET {column} = {other} WHERE {key} = ?", [card]
            if table == "activity":
                flip, given = f"{flip} AND number = ?", [card, random.randint(1, 5)]
            try:
                with owned.database.atomic():
                    forger.does(flip, *given)
            except peewee.IntegrityError:
                continue  # the database itself refuses it
            found = told(owned, anchor)
            flipped += 1
            assert any(each.startswith(f"card {card} ") for each in found), (table, column, card, bit, found)
