"""Stories of codes that no card answers to: counted, slowed, stopped, let on."""

import os
import signal
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from postgres import AT_LENGTH
from store.counter import Counter, copy_desk, plain_sql
from store.guesses import NoDigests, another_code, code_of, misses

from models import desk
from models.clock import FixedClock
from models.desk.agents import set_agent
from models.errors import Refused
from models.lookers import lookers_of_the_desk
from models.lookups import NoSuchCode, card_answering, is_miss, look_up, record_miss
from models.rules.lookups import SLOW_FROM, STOP_AT, WAIT_SECONDS, Pace, stopped
from models.rules.roles import Role
from models.schema import LookupMiss, LookupStop
from models.store import open_store
from models.unit import Outcome, Session

ENGINES = AT_LENGTH


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
    assert is_miss(look_up(counter.sam, another_code()))
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


def test_words_that_are_no_code_do_not_count(counter: Counter) -> None:
    """A place and a time, or a filter beside other words; with a word that is neither, it may have been a code."""
    counter.issued(place="Leeds")
    for text in ("Leeds May 2026", "leeds 3 may 2025", "Mbeki 8N9J vip", "order 10482123"):
        found = look_up(counter.sam, text)
        assert (found.lines, is_miss(found)) == ((), False), text
    assert is_miss(look_up(counter.sam, "Leeds GIFT 2026"))


def test_a_code_however_it_is_spread_counts(counter: Counter) -> None:
    """Dashes without end between its characters, and what was looked for is recorded all the same."""
    with pytest.raises(NoSuchCode) as missed:
        card_answering(counter.sam, ("-" * 60).join("777755554444"))
    assert [record_miss(counter.sam, missed.value.text), *misses(counter.sam, SLOW_FROM - 1)][-1] is Pace.SLOW


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


def test_what_a_stopped_agent_types_is_not_even_digested(counter: Counter) -> None:
    """Whether it is a card's code or not: the answer comes before any look-up."""
    code = code_of(counter)
    misses(counter.sam, STOP_AT)
    sam = Session(replace(counter.store, keys=NoDigests(counter.store.keys.master)), "sam")
    for text in (code, another_code(), f"?{code[1:]}", "Anderson"):
        look_up(sam, text)
        with pytest.raises(Refused, match="codes are not looked for"):
            card_answering(sam, text.replace("?", "7"))


def told(outcome: Outcome) -> tuple[bool, str]:
    return outcome.done, outcome.sentence


def test_who_is_only_slowed_can_be_let_on(counter: Counter) -> None:
    misses(counter.sam, SLOW_FROM)
    counter.wait(seconds=1)
    assert desk.lift_lookups(counter.sue, "sam", "a worn card").done
    look_up(counter.sam, another_code())
    assert counter.clock.waited_seconds == 0
    assert not counter.findings()


def test_nobody_lifts_their_own_while_somebody_else_could(counter: Counter) -> None:
    """Not under a second login with the same address either; the only one left does, and the audit keeps it."""
    misses(counter.sue, STOP_AT)
    sentence = "Your own looks for codes are let on by somebody else: ask a supervisor or a manager."
    assert told(desk.lift_lookups(counter.sue, "sue", "me")) == (False, sentence)
    for login in ("sue", "ann"):
        assert set_agent(counter.mia, login, role=Role.SUPERVISOR, email="sue@desk.example").done
    assert told(desk.lift_lookups(Session(counter.store, "ann"), "sue", "me")) == (False, sentence)
    assert set_agent(counter.mia, "ann", is_disabled=True).done
    assert set_agent(counter.mia, "sue", role=Role.MANAGER).done
    assert set_agent(counter.sue, "mia", is_disabled=True).done
    assert desk.lift_lookups(counter.sue, "sue", "alone today").done
    assert not counter.findings()


def test_whoever_is_unknown_is_not_lifted(counter: Counter) -> None:
    assert told(desk.lift_lookups(counter.sue, "bob", "why")) == (False, "Nobody at this desk has the login 'bob'.")


def test_who_watches_sees_who_missed_in_the_last_week(counter: Counter) -> None:
    """By the end of the codes alone; an agent sees nothing of it."""
    misses(counter.sam, 1)
    counter.wait(days=3)
    record_miss(counter.sam, "GIFT 2024 9987")
    misses(counter.pat, STOP_AT)
    counter.wait(days=4)
    pat, sam = lookers_of_the_desk(counter.ada)
    assert (pat.login, pat.pace, len(pat.misses)) == ("pat", Pace.STOPPED, STOP_AT)
    assert (sam.login, sam.pace, [miss.last_four for miss in sam.misses]) == ("sam", Pace.FREE, ["9987"])
    counter.wait(days=4)
    (pat,) = lookers_of_the_desk(counter.sue)
    assert pat.misses == ()
    with pytest.raises(Refused, match="An agent may not see the alarms"):
        lookers_of_the_desk(counter.sam)


@pytest.mark.parametrize("how", ["UPDATE lookup_stop SET stopped_at = NULL", "DELETE FROM lookup_stop"])
def test_a_stop_that_is_cleared_with_another_tool_is_noticed(counter: Counter, how: str) -> None:
    misses(counter.sam, STOP_AT)
    assert not counter.findings()
    with plain_sql(counter.store.path, guarded=False) as sql:
        sql.execute(how)
    (finding,) = counter.findings()
    assert finding.startswith("looks for codes of agent 3: ")


def test_in_a_sandbox_whose_clock_was_turned_back_nothing_counts_that_did_not_happen_yet(counter: Counter) -> None:
    misses(counter.sam, SLOW_FROM)
    counter.wait(days=-30)
    look_up(counter.sam, another_code())
    assert counter.clock.waited_seconds == 0


def test_what_one_misses_slows_nobody_else(counter: Counter) -> None:
    misses(counter.sam, STOP_AT)
    assert misses(counter.sue, 1) == [None]
    assert look_up(counter.sue, code_of(counter)).is_exact
    assert counter.clock.waited_seconds == 0


def test_a_stranger_who_tries_codes_becomes_known(counter: Counter) -> None:
    """Nobody guesses without a name; whoever may work no more is told so, and nothing is recorded."""
    bob = Session(counter.store, "bob")
    assert misses(bob, SLOW_FROM)[-1] is Pace.SLOW
    assert set_agent(counter.mia, "bob", is_disabled=True).done
    with pytest.raises(Refused, match="may no longer work"):
        record_miss(bob, another_code())


def record_until_killed(path: Path, at_statement: int, clock: FixedClock) -> bool:
    """A miss in a process of its own that is killed as a statement begins; whether it came to its end before."""
    child = os.fork()
    if child == 0:
        sam = Session(open_store(path, clock), "sam")
        statements = count(1)

        def kill(_event: object) -> None:
            if next(statements) == at_statement:
                os.kill(os.getpid(), signal.SIGKILL)

        sam.store.database.query_hooks.append(kill)
        record_miss(sam, "GIFT 7777")
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0


@pytest.mark.files
def test_the_miss_that_stops_is_recorded_whole_or_not_at_all(counter: Counter, folder: Path) -> None:
    """Killed between the answer and the record, or in its midst: the row, the stop and its audit come together."""
    misses(counter.sam, STOP_AT - 1)
    for at_statement in count(1):
        own = folder / str(at_statement)
        own.mkdir()
        path = copy_desk(counter.file, own)
        is_done = record_until_killed(path, at_statement, counter.clock)
        survivor = Counter(open_store(path, counter.clock), counter.clock)
        with survivor.store.database.reading():
            assert LookupMiss.select().count() == STOP_AT - 1 + is_done
            assert LookupStop.select().count() == is_done
        assert not survivor.findings()
        if is_done:
            break
    assert at_statement > 8
