"""A code that no card answers to: which cards it may have been meant for, and what is told of them."""

import random
from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle
from pathlib import Path

import pytest
from store.counter import BOTH, Counter, plain_sql

from models import desk
from models.answering import add_code, code_row, digests_of
from models.finding import find
from models.jobs.sample import make_sample
from models.near import MOST_TOLD, Slip, cards_near, cards_readable_as
from models.rows import insert_rows
from models.rules.codes import CHARACTERS, LOOK_ALIKES, grouped, new_code
from models.schema import CodeDigest
from models.store import Store, open_store

ENGINES = BOTH
CARD = "GC7Q4M2K99"


def answering_to(counter: Counter, *codes: str) -> list[int]:
    """A card for each code, a second between them."""
    cards = []
    for code in codes:
        counter.wait(seconds=1)
        cards.append(counter.issued())
        with counter.store.database.writing():
            add_code(counter.store, cards[-1], code, is_alias=True)
    return cards


def near(store: Store, code: str, most: int = 50) -> tuple[Slip, ...]:
    with store.database.reading():
        return cards_near(store, code, most)


def readable_as(store: Store, pattern: str, most: int = 50) -> list[int]:
    with store.database.reading():
        return [slip.card_id for slip in cards_readable_as(store, pattern, most)]


def statements(store: Store, work: Callable[[], object]) -> int:
    """How many statements some work takes, within a connection."""
    asked: list[object] = []
    with store.database.reading():
        store.database.query_hooks.append(asked.append)
        try:
            work()
        finally:
            store.database.query_hooks.remove(asked.append)
    return len(asked)


# One slip.


def test_a_card_one_slip_away_is_told_with_what_differs(counter: Counter) -> None:
    """In one question to the store, however many codes are a slip away; look-alikes may be in several places."""
    (card,) = answering_to(counter, CARD)
    for typed, told in (
        ("GC7Q4M2X99", "8th character: you typed X, the card has K"),
        ("GC7QQ4M2K99", "5th character: the Q that you typed is not on the card"),
        ("CG7Q4M2K99", "1st and 2nd character: you typed CG, the card has GC"),
        ("6C7O4M2K99", "1st character: you typed 6, the card has G; 4th: O, the card has Q"),
    ):
        assert near(counter.store, typed) == (Slip(card, told),)
        assert statements(counter.store, partial(cards_near, counter.store, typed, 50)) == 1


def test_a_character_that_was_left_out_is_told_with_its_place(counter: Counter) -> None:
    (card,) = answering_to(counter, "234567892345678T")
    told = "after the 8th character the card has a 2 that you did not type"
    assert near(counter.store, "23456789345678T") == (Slip(card, told),)


def test_nothing_is_offered_for_two_slips_nor_for_a_short_code_nor_for_the_code_itself(counter: Counter) -> None:
    answering_to(counter, CARD, "GC7Q4M2K")
    for typed in ("GC7Q4M2XX9", "GC7Q4M9", "GC7Q4M2X", CARD):
        assert near(counter.store, typed) == ()


def test_the_likeliest_slip_comes_first(counter: Counter) -> None:
    """Look-alikes, swapped, sounds alike, one too many; what merely is another character comes behind those."""
    likeliest = ["6C7O4M2K99", "GC7Q42MK99", "GC7Q4N2K99", "GC7Q4M2K9", "GCWQ4M2K99"]
    cards = answering_to(counter, *likeliest)
    assert [slip.card_id for slip in near(counter.store, CARD)] == cards
    assert [slip.card_id for slip in near(counter.store, CARD, 2)] == cards[:2]


def test_of_two_that_are_equally_likely_the_one_with_the_newest_activity_comes_first(counter: Counter) -> None:
    """A card that somebody just worked on is the one that a customer calls about."""
    first, second = answering_to(counter, "GCWQ4M2K99", "GCFQ4M2K99")
    assert [slip.card_id for slip in near(counter.store, CARD)] == [second, first]
    counter.wait(seconds=1)
    assert desk.note(counter.sam, first, "called").done
    assert [slip.card_id for slip in near(counter.store, CARD)] == [first, second]


def test_a_card_that_is_near_by_two_codes_is_one_card(counter: Counter) -> None:
    card, _ = answering_to(counter, "GC7Q42MK99", "ABCDEFGHIJ")
    with counter.store.database.writing():
        add_code(counter.store, card, "GCWQ4M2K99", is_alias=True)
    assert [(slip.card_id, slip.remark[:4]) for slip in near(counter.store, CARD)] == [(card, "6th ")]


def test_where_codes_lie_close_together_one_look_does_not_tell_all_of_them(counter: Counter) -> None:
    """Numbers that follow each other: the cards are offered, but what their codes are is told for a few only."""
    cards = answering_to(counter, *(f"100000000{last}" for last in range(MOST_TOLD)))
    told = near(counter.store, "100000000X")
    assert {slip.card_id for slip in told} == set(cards)
    assert all(slip.remark.startswith("10th character: you typed X, the card has ") for slip in told)
    answering_to(counter, "1000000009")
    assert {slip.remark for slip in near(counter.store, "100000000X")} == {"one of many that are a single slip away"}


def test_a_long_code_of_look_alikes_leads_to_its_card_by_its_places(counter: Counter) -> None:
    """Too many spellings to try: the card is found, and where to look is told."""
    (card,) = answering_to(counter, "0D" * 8 + "X")
    (slip,) = near(counter.store, "DO" * 8 + "X")
    assert slip.card_id == card
    assert slip.remark.endswith("15th or 16th character: what you typed looks like what the card has")


def test_an_entry_that_was_changed_behind_the_desks_back_leads_nowhere(counter: Counter) -> None:
    card, other = answering_to(counter, CARD, "HHHHHHHHHH")
    with plain_sql(counter.store.path) as sql:
        sql.execute("UPDATE code_digest SET card_id = ? WHERE card_id = ? AND is_alias = 1", (other, card))
    assert near(counter.store, "GC7Q4M2X99") == ()
    assert readable_as(counter.store, "GC7Q4M2?99") == []


# What can't be read.


def test_a_card_is_found_by_what_can_be_read_of_its_code(counter: Counter) -> None:
    """Up to two characters anywhere, in one question to the store; the others must be right."""
    (card,) = answering_to(counter, CARD)
    for pattern in ("?C7Q4M2K9?", "GC7Q4M2K9?", "GC7??M2K99"):
        assert readable_as(counter.store, pattern) == [card]
        assert statements(counter.store, partial(cards_readable_as, counter.store, pattern, 50)) == 1
    for pattern in ("GC7Q4M2X9?", "GC7Q4M2K?", "GC7Q4M2K99?", "GC7Q4M2???", "GC7Q4M2K9"):
        assert readable_as(counter.store, pattern) == []


def test_codes_of_ours_come_first_and_then_the_newest_activity(counter: Counter) -> None:
    """What could not be read is never told, nor which card has which."""
    valid, wrong = "234567892345678T", "234567892345678K"
    first, ours, last = answering_to(counter, "234567892345678Z", valid, wrong)
    assert readable_as(counter.store, "23456789234?678?") == [ours, last, first]
    assert readable_as(counter.store, "23456789234?678?", 2) == [ours, last]
    with counter.store.database.reading():
        told = {slip.remark for slip in cards_readable_as(counter.store, "23456789234?678?", 50)}
    assert told == {"fits what can be read of the code"}


# Every slip of many codes.


ALIKE = {character: group for group in LOOK_ALIKES for character in group}


def misread(chance: random.Random, code: str) -> str:
    return "".join(chance.choice(ALIKE.get(character, character)) for character in code)


def slips_of(chance: random.Random, code: str) -> Iterator[str]:
    """One of each kind of slip, in any place."""
    place = chance.randrange(len(code))
    yield code[:place] + chance.choice(CHARACTERS.replace(code[place], "")) + code[place + 1 :]
    yield code[:place] + code[place + 1 :]
    yield code[:place] + chance.choice(CHARACTERS) + code[place:]
    place = chance.choice([place for place in range(len(code) - 1) if code[place] != code[place + 1]])
    yield code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    yield from {misread(chance, code)} - {code}


def every_slip_leads_home(answering: dict[str, int], look: Callable[[str], list[int]]) -> None:
    """The right card is among the candidates for every slip, and nearly always the first; strangers find nothing."""
    chance = random.Random(2027)
    asked = first = 0
    for code, card in answering.items():
        for typed in slips_of(chance, code):
            found = look(typed)
            assert card in found, (code, typed)
            asked, first = asked + 1, first + (found[0] == card)
        assert look(new_code(chance.randrange)) == []
    assert first >= asked * 95 // 100


def test_every_slip_leads_to_its_card(counter: Counter) -> None:
    """Among a thousand codes, whichever slip and wherever; a slip of a code that nobody has leads to none."""
    chance = random.Random(2026)
    codes = [new_code(chance.randrange) for _ in range(1_000)]
    answering = dict(zip(codes, cycle([counter.issued() for _ in range(10)]), strict=False))
    keys = counter.store.keys
    with counter.store.database.writing():
        rows = (code_row(keys, card, digests_of(keys, code), is_alias=True) for code, card in answering.items())
        insert_rows(CodeDigest, rows)
    some = dict(chance.sample(list(answering.items()), 16))
    every_slip_leads_home(some, lambda typed: [slip.card_id for slip in near(counter.store, typed)])


@pytest.mark.slow
@pytest.mark.files
def test_every_slip_of_a_thousand_codes_leads_to_its_card_among_twenty_thousand(
    tmp_path: Path,
) -> None:
    """Typed into the one field as an agent types it; what could not be read in two places does as well."""
    answering: dict[str, int] = {}
    make_sample(tmp_path / "desk.db", 20_000, 5, on_code=lambda code, card: answering.update({code: card}))
    store = open_store(tmp_path / "desk.db")
    some = dict(random.Random(7).sample(list(answering.items()), 1_000))
    every_slip_leads_home(some, lambda typed: [line.card_id for line in find(store, grouped(typed).lower()).lines])
    chance = random.Random(8)
    for code, card in some.items():
        first, second = sorted(chance.sample(range(len(code)), 2))
        damaged = f"{code[:first]}?{code[first + 1 : second]}?{code[second + 1 :]}"
        assert [line.card_id for line in find(store, grouped(damaged)).lines] == [card], damaged
