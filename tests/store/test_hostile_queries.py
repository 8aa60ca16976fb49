"""Whatever is typed, pasted or sent to find a card: a result or a sentence, from a bounded amount of work."""

import random
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from typing import Any, Final

import pytest
from rules.typed import HOSTILE, PIECES
from store.counter import BOTH, Counter

from models.card_lines import CardLine, lines_of
from models.finding import Found, find
from models.lookups import is_miss, look_up
from models.people import PersonGiven
from models.search import meanings
from models.store import Store

ENGINES = BOTH
_MOST_STATEMENTS: Final = 300
"""Four for each of twelve words that nobody is called by, and a few more."""
_MOST_PARAMETERS: Final = 10_000


@pytest.fixture
def desk_of_ada(counter: Counter) -> Counter:
    """One card of hers among those of people whose names are made of signs."""
    for number, name in enumerate(
        ["Ada Lovelace", "100%_\\", "100 percent", "1000_", "%", "_", "\\", "O'Hara", "x*y^z", "a" * 200]
    ):
        counter.issued("half", 1_000 + number, recipient=PersonGiven(name), place="Leeds", order_ref=f"1048{number}")
    return counter


def lines_in(counter: Counter, cards: list[int]) -> tuple[CardLine, ...]:
    with counter.store.database.reading():
        return lines_of(counter.store, cards, counter.store.now())


@contextmanager
def bounded(store: Store) -> Iterator[None]:
    """The store is asked so often at most, with so many parameters, however much was typed."""
    asked: list[Any] = []
    store.database.query_hooks.append(asked.append)
    try:
        yield
    finally:
        store.database.query_hooks.remove(asked.append)
    assert len(asked) <= _MOST_STATEMENTS
    assert sum(len(event.params or ()) for event in asked) <= _MOST_PARAMETERS


def looks_for(counter: Counter, text: str) -> Found:
    """What a search brings; it is bounded, and tells in one plain sentence why it brings nothing."""
    with bounded(counter.store):
        found = look_up(counter.sam, text)
        is_miss(found)
    for told in (found.sentence, *(line.remark for line in found.lines)):
        if told is not None:
            assert told.isprintable(), ascii(text[:60])
            assert len(told) < 300, ascii(text[:60])
    assert found.lines or (found.sentence or "").endswith((".", "?")), ascii(text[:60])
    return found


def test_whatever_is_typed_brings_cards_or_a_sentence(desk_of_ada: Counter) -> None:
    """Operators, wildcards, SQL, filters without end, a million characters, a signature, halves of pairs."""
    for text in HOSTILE:
        looks_for(desk_of_ada, text)
    assert [line.balance_minor for line in find(desk_of_ada.store, "lovelace").lines] == [1_000]


def test_whatever_is_put_together_brings_cards_or_a_sentence(desk_of_ada: Counter) -> None:
    """A hundred lines of everything that means something in the field."""
    chance = random.Random(6)
    for _ in range(100):
        looks_for(desk_of_ada, "".join(chance.choices(PIECES, k=chance.randint(1, 14))))


def test_signs_alone_bring_no_card(desk_of_ada: Counter) -> None:
    """They say nothing of one, not even in an empty pair of quotes: whoever types them does not see all cards."""
    for signs in (
        '""',
        "''",
        "()",
        "[ ]",
        ",",
        " ; ",
        "<>",
        "{}",
        "|",
        ":",
        "mailto:",
        "%",
        "_",
        "\\",
        "...",
        "#",
        "?",
    ):
        assert not looks_for(desk_of_ada, signs).lines, signs


def test_words_that_mean_many_things_are_read_in_a_few_ways(counter: Counter) -> None:
    """Each is the end of a code and an order besides; the ways to read a dozen of them are not tried one by one."""
    cards = [counter.issued("half", recipient=PersonGiven("Ada Lovelace")) for _ in range(6)]
    ends = [line.last_four for line in lines_in(counter, cards)]
    for end in ends:
        counter.issued("half", recipient=PersonGiven("Ada Lovelace"), order_ref=end)
    looks_for(counter, " ".join([*ends, "ada", "lovelace"]))
    assert looks_for(counter, f"{ends[0]} ada").lines


def test_a_place_is_likened_to_a_few_of_very_many(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk may have ten thousand spellings of places: a filter that fits none is answered all the same."""
    likened: list[int] = []

    def liken(word: str, names: Collection[str], most: int) -> list[str]:
        likened.append(len(names))
        return get_close_matches(word, names, most)

    monkeypatch.setattr(meanings, "get_close_matches", liken)
    monkeypatch.setattr(meanings, "places", lambda _database: tuple(f"Place {number}" for number in range(10_000)))
    looks_for(counter, " ".join(f"place:x{number}" for number in range(30)))
    assert sum(likened) <= 1_000


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower()))


def test_what_stands_for_anything_elsewhere_stands_for_itself(counter: Counter) -> None:
    """Of people whose names are full of wildcards, a search brings those who have its letters, and no others."""
    chance = random.Random(7)
    names = {"100%_\\", "100 percent", "1x00", "10_0", "a%c", "abc"}
    pieces = ("100", "10", "0x", "a", "b", "c", "%", "_", "\\", "*", "'", " ")
    while len(names) < 20:
        names.add("".join(chance.choices(pieces, k=5)).strip())
    named = {counter.issued("half", recipient=PersonGiven(name)): name for name in sorted(names) if letters(name)}
    for card, name in named.items():
        assert card in {line.card_id for line in looks_for(counter, name).lines}, name
    for _ in range(40):
        typed = "".join(chance.choices(("1", "0", "x", "a", "c", "%", "_", "\\", "*", "100", "abc"), k=4))
        found = looks_for(counter, typed)
        if not found.mended:
            assert {line.card_id for line in found.lines} <= {
                card for card, name in named.items() if letters(typed) in letters(name)
            }, typed
