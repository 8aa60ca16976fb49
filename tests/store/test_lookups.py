"""Stories of codes that no card answers to: counted, slowed, stopped."""

from itertools import count

import pytest
from store.counter import BOTH, Counter

from models import desk
from models.lookups import is_miss, look_up, record_miss
from models.rules.lookups import SLOW_FROM, STOP_AT, WAIT_SECONDS, Pace, stopped
from models.unit import Session

ENGINES = BOTH
_NUMBERS = count(1)


def another_code() -> str:
    """A code that no card answers to, and nobody looked for before."""
    return f"7777 {next(_NUMBERS):08}"


def misses(session: Session, times: int) -> list[Pace | None]:
    """Looks for so many codes that no card answers to; what is said when they are recorded."""
    told = []
    for _ in range(times):
        found = look_up(session, another_code())
        assert is_miss(found)
        told.append(record_miss(session, found.text))
    return told


def code_of(counter: Counter) -> str:
    return desk.issue(counter.mia, "half", 5000).hand_out or ""


def test_the_fifth_miss_is_told_and_the_sixth_look_waits(counter: Counter) -> None:
    """Hit or miss alike; a name, an address, the last four and an order never wait."""
    code = code_of(counter)
    assert misses(counter.sam, SLOW_FROM - 1) == [None] * (SLOW_FROM - 1)
    assert look_up(counter.sam, code).is_exact
    assert counter.clock.waited_seconds == 0
    assert misses(counter.sam, 1) == [Pace.SLOW]
    told: list[str] = []
    assert look_up(counter.sam, code, warn=told.append).is_exact
    assert told == [why for why in told if "takes 5 seconds" in why] != []
    assert counter.clock.waited_seconds == pytest.approx(WAIT_SECONDS)
    misses(counter.sam, 1)
    assert counter.clock.waited_seconds == pytest.approx(2 * WAIT_SECONDS)
    for text in ("Ada Lovelace", "ada@example.org", code[-4:], "order 104821"):
        look_up(counter.sam, text)
    look_up(counter.sue, another_code())
    assert counter.clock.waited_seconds == pytest.approx(2 * WAIT_SECONDS)


def test_the_wait_ends_with_the_ten_minutes(counter: Counter) -> None:
    misses(counter.sam, SLOW_FROM)
    counter.wait(minutes=10)
    look_up(counter.sam, another_code())
    assert counter.clock.waited_seconds == 0


def test_the_same_code_again_counts_once(counter: Counter) -> None:
    """The honest repeat themselves; ten minutes later it counts again."""
    for spelling in ("gift-7777-1", "GIFT 7777 1", "GIFT77771"):
        assert record_miss(counter.sam, spelling) is None
    misses(counter.sam, SLOW_FROM - 2)
    look_up(counter.sam, another_code())
    assert counter.clock.waited_seconds == 0
    counter.wait(minutes=10)
    misses(counter.sam, SLOW_FROM - 1)
    assert record_miss(counter.sam, "GIFT77771") is Pace.SLOW


def test_a_code_that_is_a_slip_away_or_can_be_read_in_part_counts(counter: Counter) -> None:
    """Only the very code is a hit: one look would else be an oracle over a thousand codes."""
    code = code_of(counter)
    slipped, unreadable = f"{'4' if code[0] != '4' else '5'}{code[1:]}", f"?{code[1:]}"
    for text in (slipped, unreadable):
        assert is_miss(look_up(counter.sam, text)), text
    assert look_up(counter.sam, slipped).lines
    assert not is_miss(look_up(counter.sam, code))


def test_an_order_that_looks_like_a_code_is_found_and_costs_nothing(counter: Counter) -> None:
    counter.issued(order_ref="10482123")
    assert not is_miss(look_up(counter.sam, "10482123"))
    assert is_miss(look_up(counter.sam, "10482124"))


def test_the_twentieth_miss_stops_and_lasts(counter: Counter) -> None:
    """The twenty-first look is not even digested; whatever else finds a card finds it still."""
    code = code_of(counter)
    assert misses(counter.sam, STOP_AT)[-1] is Pace.STOPPED
    counter.wait(days=3)
    for text in (code, another_code(), "HJKM NPQR 2345 67?9"):
        found = look_up(counter.sam, text)
        assert (found.lines, found.sentence, found.is_unknown) == ((), stopped(), False)
        assert not is_miss(found)
    assert look_up(counter.sam, code[-4:]).lines
    assert look_up(counter.sue, code).is_exact
    assert not counter.findings()
