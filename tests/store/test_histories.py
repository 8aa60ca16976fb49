"""A history read block by block: whole, in order, each line as it was written or said to be spoiled."""

import pytest
from lifelong import annotate, lengthen
from store.counter import BOTH, Counter, plain_sql
from store.test_round_trips import asked_from_here

from models import desk
from models.histories import (
    BLOCK,
    ActivityLine,
    Extent,
    Line,
    SpoiledLine,
    all_activities,
    money_activities,
    read_block,
)
from models.journals import ALL, NEWEST
from models.sheets import card_sheet

ENGINES = BOTH
LONG = 3 * BLOCK + 7


@pytest.fixture
def card(counter: Counter) -> int:
    """A card with some hundred activities."""
    card = counter.issued("forever", 100_000)
    lengthen(counter.mia, card, LONG)
    return card


def extents(counter: Counter, card: int, until: int = LONG) -> tuple[Extent, Extent]:
    """How far both of a card's histories go back: all activities, and money."""
    return all_activities(card, until), money_activities(counter.store, card, until)


def lines_of(counter: Counter, extent: Extent) -> list[Line]:
    """A whole history, oldest first, as its blocks tell it."""
    blocks = range(-(-extent.length // BLOCK))
    read = [read_block(counter.store, extent, block) for block in blocks]
    assert [len(lines) for lines in read] == [min(BLOCK, extent.length - block * BLOCK) for block in blocks]
    return [line for lines in read for line in lines]


def test_blocks_tell_what_the_whole_journal_tells(counter: Counter, card: int) -> None:
    """Neither a line more nor one less, in the same order, in both histories."""
    whole = list(reversed(card_sheet(counter.sam, card, ALL).activities))
    every, money = extents(counter, card)
    assert lines_of(counter, every) == whole
    assert lines_of(counter, money) == [line for line in whole if line.moves_money]
    assert money.length == 1 + LONG // 2


def test_a_card_as_it_was_has_the_history_of_then(counter: Counter, card: int) -> None:
    every, money = extents(counter, card, until=2 * BLOCK + 1)
    assert [line.number for line in lines_of(counter, every)] == list(range(1, 2 * BLOCK + 2))
    assert lines_of(counter, money)[-1].number == 2 * BLOCK


def test_what_follows_moves_no_line(counter: Counter, card: int) -> None:
    """A history that grew by what a sheet tells is the one that would be measured, and its blocks go on where they did;
    one that grew by more than a sheet tells is measured again."""
    before = extents(counter, card)
    lengthen(counter.mia, card, LONG + NEWEST)
    newest = counter.sheet(card).newest
    grown = [extent.grown(newest) for extent in before]
    assert grown == list(extents(counter, card, LONG + NEWEST))
    for earlier, later in zip(before, grown, strict=True):
        assert later is not None
        assert read_block(counter.store, later, 0) == read_block(counter.store, earlier, 0)
    lengthen(counter.mia, card, LONG + NEWEST + 1)
    assert [extent.grown(counter.sheet(card).newest) for extent in before] == [None, None]


@pytest.mark.files
@pytest.mark.parametrize(
    ("forgery", "number", "wrong"),
    [
        ("UPDATE activity SET actor_name = 'Eve' WHERE number = 120", 120, "activity 120 is not as it was written"),
        ("UPDATE activity_text SET text = 'x' WHERE number = 121", 121, "the text of activity 121 is not as it was"),
        ("UPDATE activity SET kind = 'gift' WHERE number = 120", 120, "activity 120 is not as it was written"),
        ("DELETE FROM activity WHERE number = 120", 120, "activity 120 is missing"),
        ("DELETE FROM activity WHERE number = 120", 121, "activity 121 can't be checked: the one before it is missing"),
        ("UPDATE activity SET mac = text_digest WHERE number = 119", 120, "activity 120 is not as it was written"),
    ],
)
def test_a_line_that_nobody_wrote_is_said_to_be_spoiled(
    counter: Counter, card: int, forgery: str, number: int, wrong: str
) -> None:
    """The others are shown as they are; what is stored of the spoiled one is not."""
    with plain_sql(counter.store.path, guarded=False) as sql:
        sql.execute(forgery)
    every, _ = extents(counter, card)
    lines = {line.number: line for line in lines_of(counter, every)}
    spoiled = lines[number]
    assert isinstance(spoiled, SpoiledLine)
    assert spoiled.wrong.startswith(wrong)
    assert isinstance(lines[117], ActivityLine)
    assert len(lines) == LONG


def test_money_that_was_left_out_is_missed_by_the_balance(counter: Counter, card: int) -> None:
    """Whoever makes a note of a redemption hides it from the redemption history, not the hole that it leaves."""
    with plain_sql(counter.store.path, guarded=False) as sql:
        sql.execute("UPDATE activity SET kind = 'note' WHERE number = 120")
    _, money = extents(counter, card)
    spoiled = [line for line in lines_of(counter, money) if isinstance(line, SpoiledLine)]
    assert [line.wrong for line in spoiled] == ["the balance after activity 122 is not the sum"]


def test_any_block_of_any_history_takes_one_query(counter: Counter, card: int) -> None:
    """The oldest lines of a long journal cost what the newest do; to open its card takes as many as of a short one."""
    lengthen(counter.mia, card, 2_000)
    every, money = extents(counter, card, 2_000)
    queries = asked_from_here(counter.store)
    for extent in (every, money):
        read_block(counter.store, extent, 0)
    assert len([sql for sql in queries if "activity" in sql]) == 2
    queries.clear()
    sheet = counter.sheet(card)
    assert len(queries) <= 4
    assert len(sheet.newest) == NEWEST


def test_what_the_verdict_needs_is_found_behind_the_newest(counter: Counter) -> None:
    """Who holds the card, what was moved, why it is on hold: told though more was written since than a sheet reads."""
    other, card = counter.issued("forever", 2000), counter.issued("forever", 100_000)
    assert desk.register(counter.sue, card, desk.PersonGiven("Lin", "lin@example.org")).done
    assert desk.transfer(counter.sue, other, card, 2000, reason="asked").done
    assert desk.raise_flag(counter.mia, card, "odd").done
    lengthen(counter.mia, card, 2 * NEWEST)
    assert desk.suspend(counter.sue, card, "stolen").done
    annotate(counter.mia, card, NEWEST + 1)
    sheet = counter.sheet(card)
    assert sheet.came_from is not None
    assert (sheet.suspended_by, sheet.suspended_reason) == ("Sue", "stolen")
    assert [flag.reason for flag in sheet.flags] == ["odd"]
    assert sheet.bought_at is not None
    assert not sheet.is_whole


def test_the_oldest_activity_of_a_long_journal_is_missed(counter: Counter) -> None:
    """Who cuts a long journal off at its beginning leaves a chain that begins nowhere: the card does not add up."""
    card = counter.issued("forever", 100_000)
    lengthen(counter.mia, card, 700)
    with plain_sql(counter.store.path, guarded=False) as sql:
        sql.execute("DELETE FROM activity WHERE number = 1")
    assert counter.findings() == [
        "card 1 (…" + counter.sheet(card).last_four + "): an activity is missing, or one too many"
    ]
    assert "does not add up" in desk.redeem(counter.mia, card, 1).sentence
