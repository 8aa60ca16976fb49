"""Which slip is likelier, and what the agent is told of it."""

import random
import string

import pytest

from models.rules.codes import LOOK_ALIKES, fold, near_misses, new_code
from models.rules.slips import MOST_SPELLINGS, Likelihood, difference, likelihood, ordinal, spellings

CARD = "GC7Q4M2K99"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("GC7Q4M2X99", "8th character: you typed X, the card has K"),
        ("XC7Q4M2K99", "1st character: you typed X, the card has G"),
        ("GC7O4M2K99", "4th character: you typed O, the card has Q"),
        ("GC7O4MZK99", "4th character: you typed O, the card has Q; 7th: Z, the card has 2"),
        ("6C704MZK99", "1st character: you typed 6, the card has G; 4th: 0, the card has Q; 7th: Z, the card has 2"),
        ("GC7Q42MK99", "6th and 7th character: you typed 2M, the card has M2"),
        ("CG7Q4M2K99", "1st and 2nd character: you typed CG, the card has GC"),
        ("GC7Q42K99", "after the 5th character the card has an M that you did not type"),
        ("C7Q4M2K99", "in front the card has a G that you did not type"),
        ("GC7Q4M2K9", "after the 9th character the card has a 9 that you did not type"),
        ("GC7Q4M2K989", "10th character: the 8 that you typed is not on the card"),
        ("XGC7Q4M2K99", "1st character: the X that you typed is not on the card"),
        ("GC7Q4MM2K99", "7th character: the M that you typed is not on the card"),
    ],
)
def test_what_differs_is_told_by_its_place(typed: str, told: str) -> None:
    assert difference(typed, CARD) == told


def test_no_more_of_a_code_is_told_than_what_differs() -> None:
    """Of every neighbour only what was not typed, or was typed wrong, is in the sentence."""
    for has in near_misses(CARD):
        told = difference(CARD, has).split(" the card has ")[-1].removeprefix("a ").removeprefix("an ")
        shown = told.partition(" ")[0]
        assert len(shown) <= 2 or "is not on the card" in difference(CARD, has), has


def test_where_the_spelling_is_not_known_the_places_are_named() -> None:
    assert difference("ACO4MZK", None) == "3rd or 6th character: what you typed looks like what the card has"
    assert difference("AC4MZK", None) == "5th character: what you typed looks like what the card has"
    assert difference("0C4MZS", None).startswith("1st, 5th or 6th character: ")


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("6C704MZK99", Likelihood.LOOK_ALIKES),
        ("GC7O4M2K99", Likelihood.LOOK_ALIKES),
        ("GC7Q42MK99", Likelihood.SWAPPED),
        ("GC7Q4N2K99", Likelihood.CONFUSED),
        ("GV7Q4M2K99", Likelihood.CONFUSED),
        ("GC8Q4M2K99", Likelihood.CONFUSED),
        ("GC4Q4M2K99", Likelihood.CONFUSED),
        ("GC7Q4MM2K99", Likelihood.DOUBLED),
        ("GC7Q4M2K9", Likelihood.DOUBLED),
        ("GC7Q4M2K989", Likelihood.EXTRA),
        ("XGC7Q4M2K99", Likelihood.EXTRA),
        ("GCPQ4M2K99", Likelihood.WRONG),
        ("C7Q4M2K99", Likelihood.MISSING),
    ],
)
def test_a_slip_is_of_the_likeliest_kind_that_explains_it(typed: str, kind: Likelihood) -> None:
    """N sounds like M, V lies beside C, 8 beside 7 and 4 below it on the pad."""
    assert likelihood(typed, CARD) is kind


def test_a_card_that_only_looks_alike_comes_first() -> None:
    assert likelihood(CARD, None) is min(Likelihood)


def test_spellings_begin_with_ours_and_with_those_that_differ_least() -> None:
    """A code of ours has one character of each group of look-alikes at most, so there is one way to spell it."""
    chance = random.Random(1)
    alike = {character: group for group in LOOK_ALIKES for character in group}
    for _ in range(50):
        code = new_code(chance.randrange)
        misread = "".join(chance.choice(alike.get(character, character)) for character in code)
        assert misread == code or next(spellings(misread)) == code
    others = list(spellings("AC0MXSK7PA"))
    assert others[:4] == ["ACOMXSK7PA", "ACQMXSK7PA", "ACDMXSK7PA", "AC0MX5K7PA"]
    assert len(others) == len(set(others)) == 4 * 2 - 1


def test_spellings_are_bounded_and_all_look_like_the_code() -> None:
    found = list(spellings("O" * 30))
    assert len(found) == MOST_SPELLINGS
    assert {fold(spelling) for spelling in found} == {"O" * 30}


def test_places_are_told_as_people_say_them() -> None:
    assert [ordinal(number) for number in (1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 30, 31)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "23rd", "30th", "31st",
    ]  # fmt: skip


def test_every_character_can_be_told() -> None:
    """The article goes with how a letter or digit is said."""
    told = {has: difference(CARD, f"{has}{CARD}").split()[5] for has in string.ascii_uppercase + string.digits}
    assert "".join(sorted(character for character, article in told.items() if article == "an")) == "8AEFHILMNORSX"
