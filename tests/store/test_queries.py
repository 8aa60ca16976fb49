"""How often the store is asked for what an agent waits for: a line that is slow makes every question slow."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from models import desk
from models.clock import FixedClock
from models.finding import find
from models.jobs import doubts
from models.jobs.sample import make_sample
from models.jobs.sample_lives import END
from models.lookups import look_up
from models.rules.journal import Kind
from models.schema import Activity, GiftCard
from models.sheets import card_sheet
from models.store import Store, open_store
from models.unit import Session
from models.watching import watch
from models.worklists import EXPIRED, EXPIRING, INACTIVE, cards_on


@pytest.fixture(scope="module")
def codes() -> dict[int, str]:
    """The full codes of the sample, by record number."""
    return {}


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory, codes: dict[int, str]) -> Store:
    """A sample desk at the end of its past."""
    path = tmp_path_factory.mktemp("sample") / "desk.db"
    make_sample(path, 400, 3, on_code=lambda code, card: codes.update({card: code}))
    return open_store(path, FixedClock(END))


def queries(store: Store, work: Callable[[], object]) -> list[str]:
    """The questions that some work asks."""
    asked: list[str] = []

    def note(event: object) -> None:
        asked.append(str(getattr(event, "sql", "")))

    store.database.query_hooks.append(note)
    try:
        work()
    finally:
        store.database.query_hooks.remove(note)
    return [sql for sql in asked if sql.lstrip().startswith(("SELECT", "WITH"))]


def test_a_sheet_takes_four_queries(sample: Store) -> None:
    """The card with product and flags, its journal, its people, and who asks under which policy: for every card."""
    with sample.database.reading():
        cards = [card.id for card in GiftCard.select(GiftCard.id)]
    sam = Session(sample, "sam")
    asked = {card: len(queries(sample, partial(card_sheet, sam, card))) for card in cards}
    assert max(asked.values()) <= 4


def test_an_answer_takes_a_few_queries_more_than_a_note(sample: Store) -> None:
    """The card, who answers, the texts, the case and its chain; the same words again take fewer."""
    sam = Session(sample, "sam")
    asked = [len(queries(sample, partial(desk.say, sam, 1))) for _ in range(2)]
    assert asked == [14, 12]


def test_a_code_takes_two_queries(sample: Store, codes: dict[int, str]) -> None:
    """Which card answers to it, and that card's line."""
    assert len(queries(sample, lambda: find(sample, codes[7]))) == 2


def test_the_guard_against_guessing_is_one_query_and_asks_for_no_time(sample: Store, codes: dict[int, str]) -> None:
    """Before a code; nothing at all before an address, and of all misses only the agent's newest are read."""
    sam = Session(sample, "sam")
    asked = queries(sample, lambda: look_up(sam, codes[7]))
    assert len(asked) == 1 + len(queries(sample, lambda: find(sample, codes[7])))
    for text in ("nobody@example.org", "1234", "on:may"):
        assert len(queries(sample, partial(look_up, sam, text))) == len(queries(sample, partial(find, sample, text)))
    with sample.database.reading():
        plan = sample.database.execute_sql(f"EXPLAIN QUERY PLAN {asked[0]}", ("sam", 20)).fetchall()
    assert [step[-1] for step in plan] == [
        "SEARCH a USING COVERING INDEX agent_login (login=?)",
        "SEARCH s USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
        "SEARCH m USING COVERING INDEX lookup_miss_of_agent (agent_id=?) LEFT-JOIN",
    ]


def test_every_other_look_takes_a_few_queries(sample: Store, codes: dict[int, str]) -> None:
    """Is it a code; whose name or address is it; which cards; their lines. The next page asks for no code again."""
    with sample.database.reading():
        rows = "SELECT c.name FROM customer c JOIN gift_card g ON g.purchaser_id = c.id WHERE c.name IS NOT NULL"
        (name,) = sample.database.execute_sql(f"{rows} ORDER BY c.id LIMIT 1").fetchone()
        order = "SELECT order_ref FROM activity WHERE order_ref IS NOT NULL LIMIT 1"
        (number,) = sample.database.execute_sql(order).fetchone()
    first = find(sample, "status:active", most=2)
    most = {
        (codes[7][-4:], None): 7,
        (number, None): 3,
        (name.split()[0], None): 5,
        ("nobody@example.org", None): 6,
        ("status:active", None): 3,
        ("status:active", first.next): 3,
        ("product:classic place:leeds on:2026-05", None): 5,
    }
    for (text, after), count in most.items():
        assert len(queries(sample, partial(find, sample, text, after=after))) <= count, text


_BIG = {"gift_card", "g", "activity", "n", "d", "customer", "c", "h", "customer_text", "ct", "t", "search_text", "st"}
_LOOKS = (
    *("V8PN", "10000003", "wright", "freya wright", "ada@example.org", "guest 10000003", "wrihgt", "on:2026-05"),
    *(
        "place:leeds on:2026-05 wright",
        "product:spa",
        "status:suspended",
        "status:inactive vip",
        "vip",
        "status:active",
    ),
)


@pytest.mark.parametrize("text", _LOOKS)
def test_every_look_reads_along_indexes(sample: Store, text: str) -> None:
    """However many cards there are: those on a list, or the newest ones; never all cards, people or activities."""
    asked: list[Any] = []
    first = find(sample, "status:active", most=1)
    sample.database.query_hooks.append(asked.append)
    find(sample, text)
    find(sample, text, after=first.next)
    sample.database.query_hooks.remove(asked.append)
    read = [event for event in asked if event.sql.lstrip().startswith(("SELECT", "WITH"))]
    with sample.database.reading():
        plans = [sample.database.execute_sql(f"EXPLAIN QUERY PLAN {e.sql}", e.params).fetchall() for e in read]
    steps = [step[-1] for plan in plans for step in plan]
    scanned = [step for step in steps if step.startswith("SCAN ") and step.split()[1] in _BIG]
    assert all(step.endswith("INDEX gift_card_changed_at") for step in scanned), scanned


def test_a_mistyped_code_is_not_looked_for_among_names(sample: Store, codes: dict[int, str]) -> None:
    """Orders, the end of codes, and the codes that are one slip away: no walk through all customers."""
    code = next(code for code in codes.values() if any(letter.isdigit() for letter in code[1:]))
    typed = ("3" if code[0] == "2" else "2") + code[1:]
    asked = queries(sample, lambda: find(sample, typed))
    assert find(sample, typed).are_near_misses
    assert len(asked) <= 4
    assert not any('FROM "customer"' in sql for sql in asked)


def test_worklists_are_read_along_their_indexes(sample: Store) -> None:
    """However many cards there are, none is looked at that is on no list for its day, and nothing is sorted."""
    plans = plans_of(
        sample, lambda: [cards_on(sample, worklist, (END, 1)) for worklist in (EXPIRING, EXPIRED, INACTIVE)]
    )
    assert plans == [
        ["SEARCH t1 USING INDEX gift_card_due"],
        ["SEARCH t1 USING INDEX gift_card_due"],
        ["SEARCH t1 USING INDEX gift_card_broken"],
        ["SEARCH t1 USING INDEX gift_card_active_from_at"],
    ]


def test_on_a_usual_night_the_guards_of_the_run_read_along_indexes(
    sample: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of all cards only those are looked at that broke in the last month; those that live are counted in an index."""
    monkeypatch.setattr(doubts, "JUST_A_FEW", 0)
    monkeypatch.setattr(doubts, "_USUAL_DAYS", 1_000)
    with sample.database.reading():
        plans = plans_of(sample, lambda: doubts.doubts(sample, 1, END))
    assert plans == [
        ["SEARCH t1 USING INDEX gift_card_broken"],
        ["SEARCH t1 USING INDEX gift_card_due"],
    ]


def plans_of(store: Store, work: Callable[[], object]) -> list[list[str]]:
    """How the engine goes about what some work asks of the cards alone."""
    asked: list[tuple[str, Any]] = []
    note: Callable[[Any], None] = lambda event: asked.append((event.sql, event.params))  # noqa: E731
    store.database.query_hooks.append(note)
    work()
    store.database.query_hooks.remove(note)
    keys = [(sql, values) for sql, values in asked if 'FROM "gift_card"' in sql and "JOIN" not in sql]
    with store.database.reading():
        plans = [store.database.execute_sql(f"EXPLAIN QUERY PLAN {sql}", values).fetchall() for sql, values in keys]
    return [[step[-1].split(" (")[0] for step in plan] for plan in plans]


def test_what_was_reactivated_of_a_holder_is_found_along_indexes(sample: Store) -> None:
    """However many cards somebody holds, only those are looked at that were ever reactivated."""
    asked: list[tuple[str, Any]] = []
    note: Callable[[Any], None] = lambda event: asked.append((event.sql, event.params))  # noqa: E731
    sample.database.query_hooks.append(note)
    for card in range(1, 9):
        card_sheet(Session(sample, "sam"), card)
    sample.database.query_hooks.remove(note)
    with sample.database.reading():
        plans = [sample.database.execute_sql(f"EXPLAIN QUERY PLAN {sql}", values).fetchall() for sql, values in asked]
    steps = [step[-1] for plan in plans for step in plan]
    assert any("SEARCH g USING COVERING INDEX gift_card_reactivated" in step for step in steps)
    assert any("SEARCH approval USING COVERING INDEX approval_card_id" in step for step in steps)
    assert not any(step.startswith(("SCAN g", "SCAN a", "SCAN approval", "SCAN q")) for step in steps)


def test_the_watch_reads_along_the_index_of_reactivations(sample: Store) -> None:
    """Years of activities are not looked at for the weeks that count, nor all cards and people for a few."""
    with sample.database.reading():
        last = Activity.select().where(Activity.kind == Kind.REACTIVATED).order_by(Activity.recorded_at.desc()).first()
    asked: list[tuple[str, Any]] = []
    note: Callable[[Any], None] = lambda event: asked.append((event.sql, event.params))  # noqa: E731
    sample.database.query_hooks.append(note)
    seen = watch(Session(sample, "mia"), last.recorded_at)
    sample.database.query_hooks.remove(note)
    with sample.database.reading():
        plans = [sample.database.execute_sql(f"EXPLAIN QUERY PLAN {sql}", values).fetchall() for sql, values in asked]
    steps = [step[-1] for plan in plans for step in plan]
    assert seen.worked
    assert any("SEARCH activity USING INDEX activity_reactivated" in step for step in steps)
    assert not any(step.startswith(("SCAN activity", "SCAN audit", "SCAN g", "SCAN c", "SCAN k")) for step in steps)
