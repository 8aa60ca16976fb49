"""Text from other systems is made harmless; names and addresses are found however they are typed."""

import unicodedata

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from rules.payloads import EVERYTHING, HARMFUL, HOSTILE, around, assert_is_safe

from models.rules.texts import NAME, NOTE, check_note, email_key, made_safe, search_key

# Text from other systems.


def test_all_that_is_harmful_is_replaced_by_a_mark_that_can_be_seen() -> None:
    assert made_safe("Ada\x1b]52;c;x\x07\u202e Love\x00lace", NAME) == "Ada\ufffd]52;c;x\ufffd\ufffd Love\ufffdlace"
    everything = made_safe("".join(EVERYTHING), len(EVERYTHING))
    assert_is_safe(everything)
    assert everything.count("\ufffd") == len(HARMFUL) + len("\ufff9\ufffa\ufffb") + len("\ufffd")


@given(HOSTILE, st.integers(0, 60))
@settings(deadline=None, max_examples=150)
def test_any_text_is_made_safe_and_cut_to_its_length(text: str, longest: int) -> None:
    safe = made_safe(text, longest)
    assert_is_safe(safe)
    assert len(safe) <= longest
    assert "\t" not in safe
    assert safe == safe.strip()
    assert made_safe(safe, longest) == safe


@given(HOSTILE)
@settings(deadline=None, max_examples=150)
def test_what_was_made_safe_is_a_note_that_anybody_could_have_written(text: str) -> None:
    safe = made_safe(text, NOTE)
    assume(any(unicodedata.category(character)[0] in "LNPS" for character in safe))
    assert check_note(safe) == safe


@pytest.mark.parametrize("unseen", ["\u200b", "\u00ad \u2060", "\U000e0041"])
def test_a_name_from_another_system_that_nobody_can_see_is_none(unseen: str) -> None:
    """Somebody called so could not be told from a card without a holder."""
    assert made_safe(unseen, NAME) == ""


def test_what_was_cut_at_a_blank_ends_without_it() -> None:
    assert made_safe("Ada Lovelace", 4) == "Ada"


@pytest.mark.parametrize("mark", ["\u0301", "\u20dd", "\u034f"])
def test_a_tower_of_any_marks_is_cut(mark: str) -> None:
    assert made_safe(f"e{mark * 50}va", NAME) == f"e{mark * 4}va"


@pytest.mark.parametrize("marks", [5, 100, 10_000])
def test_a_tower_of_marks_is_cut_to_four_and_takes_no_room_from_the_rest(marks: int) -> None:
    tower = "\u0301" * marks
    assert made_safe(f"e{tower}va{tower}", 11) == f"e{tower[:4]}va{tower[:4]}"
    assert made_safe(tower, NAME) == tower[:4]


# Keys.


def test_a_name_is_found_without_its_case_its_accents_and_its_blanks() -> None:
    for typed in (
        "  zoë   ÅNGSTRÖM ",
        "Zoe Angstrom",
        "ZOE\tANGSTROM",
        "Zoe\u0308 A\u030angstro\u0308m",
        "Ｚｏｅ Angstrom",
    ):
        assert search_key(typed) == "zoe angstrom"
    assert search_key("STRASSE") == search_key("Straße") == "strasse"


@given(HOSTILE)
@settings(deadline=None, max_examples=150)
def test_a_key_has_no_marks_and_single_blanks(text: str) -> None:
    key = search_key(text)
    assert not any(map(unicodedata.combining, key))
    assert key == " ".join(key.split())


@given(st.text(st.characters(max_codepoint=0x24F)))
@settings(deadline=None, max_examples=150)
def test_in_latin_letters_the_key_of_a_key_is_itself_and_case_is_nothing(text: str) -> None:
    key = search_key(text)
    assert search_key(key) == key
    assert search_key(text.casefold()) == key


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Acme™", "acmetm"),
        ("№ 5", "no 5"),
        ("𝐀da", "ada"),
        ("ﬁne", "FINE"),
        ("Ⅳ", "iv"),
        ("ſam", "Sam"),
        ("İnci", "inci"),
    ],
)
def test_a_name_in_letters_of_another_form_is_found_by_plain_ones(name: str, typed: str) -> None:
    assert search_key(name) == search_key(typed)


def test_every_character_is_searched_for_by_its_key_or_in_its_plain_form() -> None:
    for character in EVERYTHING:
        key = search_key(character)
        assert search_key(key) == key, ascii(character)
        assert search_key(unicodedata.normalize("NFKC", character)) == key, ascii(character)


@given(HOSTILE)
@settings(deadline=None, max_examples=150)
def test_an_address_is_compared_without_case_and_its_key_is_its_own_key(text: str) -> None:
    for typed in (text, around(text)):
        key = email_key(typed)
        assert email_key(key) == key
        assert email_key(f" {typed}\n") == key
        assert email_key(typed.casefold()) == key


def test_two_addresses_that_differ_are_two() -> None:
    keys = {
        email_key(typed) for typed in ("Ada@Example.org", "ada@example.ORG ", "a.da@example.org", "ada@example.com")
    }
    assert keys == {"ada@example.org", "a.da@example.org", "ada@example.com"}
