"""How gift card codes are read, made, checked, folded and hidden."""

import random
import string
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.codes import (
    ALPHABET,
    LOOK_ALIKES,
    fold,
    grouped,
    has_valid_check,
    last_four,
    masked,
    near_misses,
    new_code,
    normalise,
    readings,
)
from models.rules.errors import BadCode

EVERY_CHARACTER = string.ascii_uppercase + string.digits
CODES = st.text(EVERY_CHARACTER, min_size=10, max_size=20)


def codes(count: int, seed: int = 2026) -> list[str]:
    """Codes as the desk would make them, the same ones at every run."""
    chance = random.Random(seed)
    return [new_code(chance.randrange) for _ in range(count)]


# Reading.


@pytest.mark.parametrize(
    "spelling",
    [
        "GC7Q4M2K",
        "gc7q4m2k",
        " gc7q 4m2k ",
        "GC7Q-4M2K",
        "GC7Q.4M2K",
        "#GC7Q4M2K",
        " # GC7Q 4M2K",
        "-#GC7Q4M2K",
        "GC7Q\t4M2K\r\n",
        "GC7Q\u00a04M2K",
        "GC7Q\u20034M2K",
        "GC7Q\u20104M2K",
        "GC7Q\u20114M2K",
        "GC7Q\u20134M2K",
        "GC7Q\u20144M2K",
        "GC7Q\u22124M2K",
        "GC7Q\uff0d4M2K",
        "GC7Q\uff0e4M2K",
        "\uff03\uff27\uff23\uff17\uff31\uff14\uff2d\uff12\uff2b",
        "\u24bc\u24b87Q4M2K",
        "GC\u2077Q4M\u00b2K",
        "\U0001d406\U0001d402\U0001d7d5Q4M2K",
    ],
)
def test_every_spelling_of_a_code_is_the_same_code(spelling: str) -> None:
    assert normalise(spelling) == "GC7Q4M2K"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("GC7Q_4M2K", "'_' (low line)"),
        ("GC7Q/4M2K", "'/' (solidus)"),
        ("GC7Q?4M2K", "'?' (question mark)"),
        ("GC7Q#4M2K", "'#' (number sign)"),
        ("##GC7Q4M2K", "'#' (number sign)"),
        ("GC7Q+4M2K", "'+' (plus sign)"),
        ("GC\u00c47Q4M2K", "(latin capital letter a with diaeresis)"),
        ("\u0421GC7Q4M2K", "(cyrillic capital letter es)"),
        ("GC7Q\u06644M2K", "(arabic-indic digit four)"),
        ("GC7Q\U0001f3814M2K", "(wrapped present)"),
        ("GC7Q\u200b4M2K", "(zero width space)"),
        ("GC7Q\u202e4M2K", "(right-to-left override)"),
        ("GC7Q\u00ad4M2K", "(soft hyphen)"),
        ("GC7Q\x004M2K", "(u+0000)"),
        ("GC7Q\x1b4M2K", "(u+001b)"),
        ("GC7Q\ud8004M2K", "(u+d800)"),
    ],
)
def test_a_character_that_no_code_has_is_refused_by_name(text: str, named: str) -> None:
    with pytest.raises(BadCode) as refused:
        normalise(text)
    assert named in str(refused.value)
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize("unseen", ["\u200b", "\u202e", "\x1b", "\x00", "\ud800"])
def test_a_character_that_would_disturb_a_terminal_is_named_but_not_repeated(unseen: str) -> None:
    with pytest.raises(BadCode) as refused:
        normalise(f"GC7Q{unseen}4M2K")
    assert unseen not in str(refused.value)


@pytest.mark.parametrize("text", ["", " ", "\t\n", "-", " - . \u2013 ", "#", " # "])
def test_nothing_but_separators_is_no_code(text: str) -> None:
    with pytest.raises(BadCode, match=r"^No code was given\.$"):
        normalise(text)


@given(st.text(st.characters(codec=None), max_size=40))
@settings(deadline=None)
def test_whatever_is_read_is_letters_and_digits_and_is_read_the_same_again(text: str) -> None:
    try:
        code = normalise(text)
    except BadCode:
        return
    assert set(code) <= set(EVERY_CHARACTER)
    assert normalise(code) == code
    assert normalise(f"#{grouped(code)}") == code


# Making and checking.


def test_the_alphabet_is_23_characters_a_prime() -> None:
    assert len(ALPHABET) == len(set(ALPHABET)) == 23
    assert all(len(ALPHABET) % divisor for divisor in range(2, len(ALPHABET)))
    assert set(ALPHABET) <= set(EVERY_CHARACTER)


def test_the_alphabet_has_no_two_characters_that_look_alike() -> None:
    for group in LOOK_ALIKES:
        assert len(set(group) & set(ALPHABET)) <= 1, group
    assert len({fold(character) for character in ALPHABET}) == 23


def test_a_code_of_ours_has_sixteen_characters_of_the_alphabet_and_passes_its_check() -> None:
    made = codes(500)
    assert len(set(made)) == 500
    for code in made:
        assert len(code) == 16
        assert set(code) <= set(ALPHABET)
        assert has_valid_check(code)


def test_fifteen_characters_are_chance_and_the_last_follows_from_them() -> None:
    asked: list[int] = []

    def pick(below: int) -> int:
        asked.append(below)
        return len(asked)

    code = new_code(pick)
    assert asked == [23] * 15
    assert code[:15] == ALPHABET[1:16]
    assert [last for last in ALPHABET if has_valid_check(code[:15] + last)] == [code[15]]


@pytest.mark.parametrize("code", codes(5))
def test_every_single_wrong_character_is_caught(code: str) -> None:
    wrong = [
        code[:place] + other + code[place + 1 :]
        for place, other in product(range(16), EVERY_CHARACTER)
        if other != code[place]
    ]
    assert len(wrong) == 16 * 35
    assert not [slip for slip in wrong if has_valid_check(slip)]


@given(st.integers(0, 2**32))
@settings(deadline=None)
def test_every_swap_of_any_two_characters_is_caught(seed: int) -> None:
    code = codes(1, seed)[0]
    for one, other in combinations(range(16), 2):
        swapped = list(code)
        swapped[one], swapped[other] = swapped[other], swapped[one]
        assert has_valid_check("".join(swapped)) is (code[one] == code[other]), (one, other)


@pytest.mark.parametrize("code", ["", "2", "2" * 15, "2" * 17, "0" * 16, "GC7Q4M2K", codes(1)[0].lower()])
def test_what_has_another_length_or_alphabet_is_not_ours(code: str) -> None:
    assert not has_valid_check(code)


# Near misses.


def one_slip_apart(code: str, other: str) -> bool:
    """Whether a person could have typed one for the other by a single slip, told without making any code."""
    if code == other:
        return False
    if len(code) == len(other):
        places = [i for i, pair in enumerate(zip(code, other, strict=True)) if pair[0] != pair[1]]
        if len(places) == 1:
            return True
        crossed = len(places) == 2 and places[1] == places[0] + 1
        return crossed and [code[i] for i in places] == [other[i] for i in reversed(places)]
    shorter, longer = sorted((code, other), key=len)
    return len(longer) == len(shorter) + 1 and any(longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer)))


@given(CODES, st.integers(0, 2**32))
@settings(deadline=None, max_examples=60)
def test_each_near_miss_is_one_slip_away_and_none_is_left_out(code: str, seed: int) -> None:
    chance = random.Random(seed)
    found = near_misses(code)
    assert all(one_slip_apart(code, other) for other in found)
    assert all(set(other) <= set(EVERY_CHARACTER) for other in found)
    for _ in range(200):
        slip = list(code)
        for _ in range(chance.randrange(1, 3)):
            slip[chance.randrange(len(slip))] = chance.choice(EVERY_CHARACTER)
        if chance.random() < 0.5:
            slip.insert(chance.randrange(len(slip)), slip.pop(chance.randrange(len(slip))))
        if chance.random() < 0.3:
            del slip[chance.randrange(len(slip))]
        other = "".join(slip)
        assert (other in found) is one_slip_apart(code, other), other


def test_the_number_of_near_misses_of_a_code_without_repeats() -> None:
    """Ten characters: 350 wrong, 10 extra, 11 x 36 missing of which 10 coincide, 9 swaps."""
    assert len(near_misses("ABCDEFGHIJ")) == 350 + 10 + (396 - 10) + 9


@pytest.mark.parametrize(
    ("typed", "real"),
    [
        ("GC7Q4M2K9X", "GC7Q4M2K9Y"),
        ("GC7Q4M2K9X", "AC7Q4M2K9X"),
        ("GC7Q4M2K9X", "GC7Q4M2K9"),
        ("GC7Q4M2K9X", "GC7Q4M2K9XX"),
        ("GC7Q4M2K9X", "0GC7Q4M2K9X"),
        ("GC7Q4M2K9X", "GC7Q4M2KX9"),
        ("GC7Q4M2K9X", "CG7Q4M2K9X"),
        ("GC7Q4M2K9X", "GC7Q4MM2K9X"),
    ],
)
def test_a_slip_at_either_end_is_found_and_found_the_other_way_round(typed: str, real: str) -> None:
    assert real in near_misses(typed)
    if len(real) >= 10:
        assert typed in near_misses(real)


def test_a_code_is_no_near_miss_of_itself() -> None:
    assert "GC7Q4M2K99" not in near_misses("GC7Q4M2K99")


def test_short_codes_have_too_many_neighbours_to_guess() -> None:
    assert near_misses("GC7Q4M2K9") == set()
    assert near_misses("GC7Q4M2K9X")


def test_what_is_longer_than_any_code_is_not_guessed_at() -> None:
    """One character too many of the longest is a slip; a whole line of digits would have thousands of neighbours."""
    assert near_misses("2" * 33)
    assert near_misses("2" * 34) == set()
    assert readings("?" + "2" * 31)
    assert readings("?" + "2" * 32) == []


# Look-alikes.


@pytest.mark.parametrize("group", ["O0QD", "I1L", "S5", "B8", "Z2", "G6", "UV"])
def test_look_alikes_are_written_as_the_first_of_their_group(group: str) -> None:
    assert fold(group) == group[0] * len(group)


def test_the_groups_of_look_alikes_are_these_and_no_other_character_changes() -> None:
    assert sorted(LOOK_ALIKES) == ["B8", "G6", "I1L", "O0QD", "S5", "UV", "Z2"]
    others = set(EVERY_CHARACTER) - set("O0QDI1LS5B8Z2G6UV")
    assert fold("".join(sorted(others))) == "".join(sorted(others))


@given(CODES, st.integers(0, 2**32))
@settings(deadline=None)
def test_look_alikes_in_any_number_of_places_fold_to_the_same(code: str, seed: int) -> None:
    chance = random.Random(seed)
    alike = {character: group for group in LOOK_ALIKES for character in group}
    misread = "".join(chance.choice(alike.get(character, character)) for character in code)
    assert fold(misread) == fold(code)
    assert fold(fold(code)) == fold(code)


# Hiding.


def test_a_code_is_shown_once_in_groups_of_four() -> None:
    assert grouped("23456789CFHJKMNP") == "2345 6789 CFHJ KMNP"
    assert grouped("1234567") == "1234 567"


@pytest.mark.parametrize(
    ("code", "kept"),
    [
        ("ABCDEF", "EF"),
        ("ABCDEFGH", "GH"),
        ("ABCDEFGHI", "GHI"),
        ("ABCDEFGHIJK", "IJK"),
        ("ABCDEFGHIJKL", "IJKL"),
        ("ABCDEFGHIJKLMNOP", "MNOP"),
    ],
)
def test_the_last_four_are_kept_and_never_more_than_a_third(code: str, kept: str) -> None:
    assert last_four(code) == kept


@given(st.text(EVERY_CHARACTER, min_size=6, max_size=32))
@settings(deadline=None)
def test_no_more_than_a_third_of_any_code_is_kept_in_clear(code: str) -> None:
    kept = last_four(code)
    assert 2 <= len(kept) <= 4
    assert len(kept) * 3 <= len(code)
    assert code.endswith(kept)


def test_a_card_is_named_by_the_end_of_its_code_alone() -> None:
    assert masked("7Q4M") == "···· ···· ···· 7Q4M"
    assert masked("4M", mark="*") == "**** **** **** 4M"
