"""Texts that are codes in part, or nearly: characters that can't be read, and what only our own codes look like."""

import random

import pytest

from models.rules.codes import (
    ALPHABET,
    CHARACTERS,
    cannot_be_ours,
    is_all_but_ours,
    looks_like_ours,
    new_code,
    own_form,
    pattern_refusal,
    read_pattern,
    readings,
    reads_like_ours,
)

OURS = [new_code(random.Random(seed).randrange) for seed in range(20)]


# What can't be read.


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("gc7q-4m2k-9?x?", "GC7Q4M2K9?X?"),
        ("# GC7Q 4M2K 99??", "GC7Q4M2K99??"),
        ("GC7Q4M2K9\uff1fX", "GC7Q4M2K9?X"),
        ("?C7Q4M2K9X", "?C7Q4M2K9X"),
        ("HJKM NPQR TVWX YHJ?", "HJKMNPQRTVWXYHJ?"),
        ("ABCD?EFGHIJ", "ABCD?EFGHIJ"),
        ("???? ???? ???? 4M2K", "????????????4M2K"),
    ],
)
def test_a_question_mark_stands_for_what_cannot_be_read(text: str, pattern: str) -> None:
    assert read_pattern(text) == pattern


@pytest.mark.parametrize(
    "text",
    [
        *("", "?", "who is ada?", "who is ada lovelace?", "ada?", "Lovelace??", "is it paid?", "what? me?"),
        *("ada@example.org?", "order:10482?", "M\u00fcller 77?", "place:leeds?", "GC7Q_4M2K?", "GC7Q4M2K9X"),
    ],
)
def test_a_question_mark_elsewhere_is_no_pattern(text: str) -> None:
    """A question, a name somebody is not sure of, a filter."""
    assert read_pattern(text) is None


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("GC7Q4M2K9?X?", None),
        ("?C7Q4M2K9X", None),
        ("GC7Q4M???", "3 characters can't be read: two at most. Ask for the last four, a name, an e-mail address or"),
        ("GC7Q4M2K?", "With characters that can't be read, a code must have 10 at least. Ask for the last four, a"),
    ],
)
def test_too_much_that_cannot_be_read_is_refused_with_what_else_to_ask(pattern: str, told: str | None) -> None:
    refusal = pattern_refusal(pattern)
    assert refusal is None if told is None else (refusal or "").startswith(told)
    assert bool(readings(pattern)) is (told is None)


def test_a_pattern_stands_for_every_character_in_each_place() -> None:
    found = readings("?C7Q4M2K9?")
    assert len(found) == len(set(found)) == 36 * 36
    assert {code[1:9] for code in found} == {"C7Q4M2K9"}
    assert readings("GC7Q4M2K9?") == [f"GC7Q4M2K9{character}" for character in CHARACTERS]


# Our own form.


def test_look_alikes_are_set_right_in_a_code_of_ours() -> None:
    """Whatever was read for one of our characters, there is only one that it can be."""
    assert own_form("ZZOD 5555 B888 CCCV".replace(" ", "")) == "22QQ55558888CCCV"
    assert own_form("ZZOD5555B888CCC1") is None
    assert own_form("ZZOD5555B888CCC") is None


@pytest.mark.parametrize(
    "code", ["HJKMNPQRTV", "HJK?NPQRTV", "2345678923456789", "ZZGGSSBBHHJJKKMM", "?ZGGSSBBHHJJKKMM"]
)
def test_letters_that_are_hardly_a_name_look_like_one_of_ours(code: str) -> None:
    """Whoever reads every digit as a letter means a code all the same."""
    assert looks_like_ours(code)


@pytest.mark.parametrize("name", ["JORDONSCOTT", "HJKMNPQRT", "ADALOVELACE", "BARTHOLOMEWSMITH", "THOMSONBOSWORTH"])
def test_a_name_does_not_look_like_one_of_ours(name: str) -> None:
    assert not looks_like_ours(name)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "pn7c t3u9 742j mj77 3",
            "PN7CT3U9742JMJ773",
            "pn7ct3974 2jmj77",
            "wchh ?49j f6rv hj?t",
            "hjkm npqr 2345 678t",
        ),
        *("hjkm npqr 2345 678t", "hjka npqr 2345 678t", "z2zz.b8b8.hhjj.kkmm"),
    ],
)
def test_a_code_of_ours_with_a_slip_reads_like_one(text: str) -> None:
    assert reads_like_ours(text)


@pytest.mark.parametrize(
    "text",
    [
        *("freya wright 10482", "ada lovelace 2026", "tom scott 2345678", "who is ada lovelace?", "order 10482", "ada"),
        *("bartholomew smith", "thomson bosworth", "grace1906@example.org", "", "gc7q 4m2k 99"),
    ],
)
def test_a_name_beside_a_number_does_not_read_like_one(text: str) -> None:
    assert not reads_like_ours(text)


@pytest.mark.parametrize("code", OURS)
def test_a_code_without_its_first_characters_is_known_in_what_should_be_words(code: str) -> None:
    """As it is spelled by people and by scanners."""
    for text in (
        code,
        code[1:],
        code[4:],
        code[1:].lower(),
        f"{code[1:4]} {code[4:8]} {code[8:12]} {code[12:]}",
        f"{code}\t",
    ):
        assert is_all_but_ours(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "4456789234567892",
            "customer called twice",
            "INC0012345678901",
            "ZD-2026-000048213",
            "TICKET-202611211",
            "25.00",
        ),
        *("2026-11-21 14:02", "refused in Bath at 14:02", "+44 20 7946 0958", "who rang 2 times", "21 November 2026"),
    ],
)
def test_numbers_of_tickets_and_sentences_are_words(text: str) -> None:
    assert not is_all_but_ours(text)


@pytest.mark.parametrize("code", OURS)
def test_only_a_code_of_our_form_that_fails_its_check_cannot_be_ours(code: str) -> None:
    wrong = next(code[:15] + last for last in ALPHABET if last != code[15])
    misread = code.replace("5", "S").replace("8", "B").replace("Q", "0")
    assert [cannot_be_ours(each) for each in (code, misread, wrong, code[:15], f"{code[:15]}A")] == [
        False,
        False,
        True,
        False,
        False,
    ]
