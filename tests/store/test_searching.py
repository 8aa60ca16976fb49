"""Every combination of what can be typed brings the cards that fit, in their order, page by page, on either engine."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import TypeVar

import pytest
from postgres import AT_LENGTH
from store.counter import Counter
from store.crowd import Wanted, change_some, crowd, everything

from models.finding import Found, find
from models.rules.spans import Days
from models.rules.status import Status
from models.search import meanings, searching, traits

ENGINES = AT_LENGTH
_WORDS = (
    "ada",
    "lovelace",
    "lace",
    "king",
    "grace",
    "hopper",
    "T77",
    "10482",
    "harbour",
    "@northwind",
    "eva",
    "linnea",
)
_MORE = ("lin@example.org", "king.ada@harbour.example", "old.example", "grace1906", "qqqxq", "adams")
_DAY_ONE = date(2026, 5, 21)


@pytest.fixture
def busy(counter: Counter) -> Counter:
    """The counter, with a crowd."""
    crowd(counter, random.Random(6))
    return counter


T = TypeVar("T")


def some_of(chance: random.Random, things: tuple[T, ...]) -> tuple[T, ...]:
    """None, one or two of them."""
    return tuple(dict.fromkeys(chance.choices(things, k=chance.choice((0, 0, 0, 1, 2)))))


def wishes(chance: random.Random, ends: list[str], count: int) -> Iterator[Wanted]:
    """What is looked for: any mixture of words and filters."""
    for _ in range(count):
        words = (*_WORDS, *_MORE, *chance.sample(ends, 6))
        begins = _DAY_ONE + timedelta(days=chance.randrange(30))
        wanted = Wanted(
            words=tuple(dict.fromkeys(chance.choices(words, k=chance.choice((0, 1, 1, 2, 2, 3))))),
            orders=some_of(chance, ("10482", "T77", "9")),
            places=some_of(chance, ("leeds", "zurich", "shop")),
            days=chance.choice((None, None, Days(begins, begins + timedelta(days=chance.randrange(12))))),
            statuses=some_of(chance, tuple(Status)),
            products=some_of(chance, ("half", "ever", "week")),
            is_vip=chance.random() < 0.15,
        )
        if wanted.typed:
            yield wanted


def pages_of(counter: Counter, text: str, most: int) -> Iterator[Found]:
    """A search, page by page."""
    found = find(counter.store, text, most=most)
    yield found
    while found.next is not None:
        found = find(counter.store, text, after=found.next, most=most)
        yield found


@pytest.mark.parametrize("is_big", [False, True], ids=["listed", "walked"])
def test_every_mixture_brings_the_cards_that_fit(busy: Counter, is_big: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether the engine begins with a list or, at a desk too big for that, walks along the newest activity."""
    if is_big:
        monkeypatch.setattr(searching, "WALKED", 16)
        monkeypatch.setattr(searching, "MOST_LISTED", 2)
        for module in (meanings, traits):
            monkeypatch.setattr(module, "FEW_PEOPLE", 1)
    chance, all_of = random.Random(7), everything(busy)
    found_any = 0
    for wanted in wishes(chance, [card.last_four for card in all_of.cards], 120):
        expected = all_of.fitting(wanted)
        pages = list(pages_of(busy, wanted.typed, chance.choice((3, 200))))
        ids = [line.card_id for page in pages for line in page.lines]
        is_other = any(page.mended or page.are_near_misses for page in pages)
        assert ids == expected or (not expected and is_other), wanted.typed
        found_any += bool(expected)
    assert found_any > 30


def test_pages_neither_repeat_nor_skip_while_other_cards_change(busy: Counter) -> None:
    """Who reads on sees every card that stayed as it was exactly once, whatever happens to others meanwhile."""
    chance = random.Random(8)
    for text in ("place:leeds", "ada", "status:active", "harbour on:2026-05"):
        expected = [line.card_id for page in pages_of(busy, text, 200) for line in page.lines]
        shown, changed = [], set()
        for page in pages_of(busy, text, 4):
            shown += [line.card_id for line in page.lines]
            changed |= change_some(busy, chance, [card for card in expected if card not in shown] or expected)
            busy.wait(seconds=1)
        assert len(shown) == len(set(shown)), text
        assert [card for card in shown if card not in changed] == [card for card in expected if card not in changed]
