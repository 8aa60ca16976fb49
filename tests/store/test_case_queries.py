"""How often the store is asked when a card opens a case: it happens at every look-up, and nobody waits for it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from store.counter import Counter

from models import desk
from models.case_deeds import deeds_in
from models.casebook import case_with
from models.cases import Which, cases_listed
from models.schema import SupportCase


@contextmanager
def heard(counter: Counter) -> Iterator[list[tuple[str, Any]]]:
    """What the store is asked meanwhile, but for what the engine is told about itself."""
    asked: list[tuple[str, Any]] = []

    def note(event: Any) -> None:
        if not event.sql.startswith(("PRAGMA", "BEGIN")):
            asked.append((event.sql, event.params))

    counter.store.database.query_hooks.append(note)
    try:
        yield asked
    finally:
        counter.store.database.query_hooks.remove(note)


def test_opening_a_case_is_thirteen_statements(counter: Counter) -> None:
    """In one transaction; going on with it is nine, another card sixteen, and leaving it twelve."""
    card, other = counter.issued(), counter.issued()
    deeds: tuple[tuple[int, Callable[[], Any]], ...] = (
        (13, lambda: desk.open_case(counter.sam, card)),
        (9, lambda: desk.open_case(counter.sam, card)),
        (16, lambda: desk.open_case(counter.sam, other, beside=1)),
        (12, lambda: desk.leave_case(counter.sam, 1)),
    )
    for most, deed in deeds:
        with heard(counter) as asked:
            assert deed().done
        assert len(asked) <= most


def plans_of(counter: Counter, work: Callable[[], object], found_by: str = "support_case_") -> list[str]:
    """How the engine goes about what some work asks: along which indexes of a table, from where to where."""
    with heard(counter) as asked:
        work()
    with counter.store.database.reading():
        plans = [
            counter.store.database.execute_sql(f"EXPLAIN QUERY PLAN {sql}", given).fetchall() for sql, given in asked
        ]
    steps = [step[-1] for plan in plans for step in plan]
    return [step.partition(" USING ")[2] for step in steps if found_by in step or step.startswith("SCAN")]


def test_lists_are_read_along_their_indexes(counter: Counter) -> None:
    """However many cases there are: none is looked at that is not on the list, and nothing is sorted."""
    expected: dict[Which, list[str]] = {
        "mine_open": ["INDEX support_case_open_of_agent (agent_id=? AND last_at<?)"],
        "mine_today": ["COVERING INDEX support_case_of_agent (agent_id=? AND last_at>? AND last_at<?)"],
        "open": ["INDEX support_case_open (last_at>?)"],
        "waiting": ["COVERING INDEX support_case_answered (answered_at>?)", "INDEX support_case_waiting"],
    }
    for which, plan in expected.items():
        assert plans_of(counter, partial(cases_listed, counter.sam, which, (0, 5, 1))) == plan


def test_what_a_case_is_opened_and_left_by_is_found_along_indexes(counter: Counter) -> None:
    """Among the open ones of the agent, and behind what the cards had before."""
    desk.open_case(counter.sam, counter.issued())
    with counter.store.database.connected():
        case = SupportCase.get_by_id(1)
        assert plans_of(counter, partial(case_with, 3, 1)) == ["INDEX support_case_open_of_agent (agent_id=?)"]
        assert plans_of(counter, partial(deeds_in, case), "number>?") == ["PRIMARY KEY (card_id=? AND number>?)"]
