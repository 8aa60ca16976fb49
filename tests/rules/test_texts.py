"""What free text may hold: nothing that a terminal would obey, that reorders a line or that no database takes."""

import unicodedata

import pytest
from hypothesis import example, given, settings
from rules.payloads import EVERYTHING, HARMFUL, HOSTILE, Check, around, assert_is_safe, outcome

from models.rules.errors import BadText
from models.rules.texts import (
    EMAIL,
    NAME,
    NOTE,
    REFERENCE,
    check_email,
    check_line,
    check_note,
    made_safe,
    optional_line,
)


def line(text: str) -> str:
    return check_line(text, "name")


def reference(text: str) -> str:
    return check_line(text, "order reference", REFERENCE)


CHECKS: list[tuple[Check, int]] = [(check_note, NOTE), (line, NAME), (reference, REFERENCE), (check_email, EMAIL)]
each_check = pytest.mark.parametrize(
    "check", [check for check, _ in CHECKS], ids=["note", "line", "reference", "e-mail"]
)


def is_sentence(text: str) -> bool:
    return text[:1].isupper() and text.endswith(".") and text.isprintable()


# Whatever somebody types or pastes.


@each_check
@given(text=HOSTILE)
@example(text="\x1b]52;c;cm0gLXJm\x07")
@example(text="\ud83d")
@settings(deadline=None, max_examples=150)
def test_what_passes_is_safe_and_trimmed_and_what_does_not_is_refused(check: Check, text: str) -> None:
    """And a refusal is a sentence that can be shown: it does not carry what it refuses."""
    longest = dict(CHECKS)[check]
    for typed in (text, around(text), text * 20):
        kept, refusal = outcome(check, typed)
        if kept is None:
            assert is_sentence(refusal), refusal
            continue
        assert_is_safe(kept)
        assert kept == kept.strip()
        assert 1 <= len(kept) <= longest
        assert check is check_note or not set(kept) & set("\n\t")


@each_check
@given(text=HOSTILE)
@settings(deadline=None, max_examples=150)
def test_what_has_passed_passes_again_unchanged(check: Check, text: str) -> None:
    for typed in (text, around(text), text * 20):
        kept, _ = outcome(check, typed)
        assert kept is None or check(kept) == kept


@each_check
def test_no_harmful_character_of_all_there_are_passes(check: Check) -> None:
    """Each of them, in the midst of a text that is well without it; the refusal names it by its number."""
    assert check(around("")) == around("")
    for character in HARMFUL:
        if character == "\r" and check is check_note:
            continue
        with pytest.raises(BadText) as refused:
            check(around(character))
        assert is_sentence(str(refused.value))
        assert f"U+{ord(character):04X}" in str(refused.value), refused.value


def test_text_of_every_script_is_kept_as_it_is() -> None:
    """All that is harmless may stand in a name, a few at a time, for a few are all that a name has room for."""
    told_apart = {"\n", "\t", *HARMFUL}
    harmless = [c for c in EVERYTHING if c not in told_apart and unicodedata.category(c)[0] in "LMNPSZ"]
    for start in range(0, len(harmless), 90):
        text = "-" + "-".join(harmless[start : start + 90]) + "-"
        assert line(text) == text


@pytest.mark.parametrize(
    "name",
    [
        "Zoë Ångström",
        "Ольга",
        "李小龍",
        "محمد",
        "נועה",
        "ประภาส",
        "हिन्दी",
        "Nguyễn Thị Ánh",
        "O'Brien-Smith",
        "👩‍💻 Ada",
    ],
)
def test_people_keep_their_names(name: str) -> None:
    assert line(f"  {name} ") == name
    assert made_safe(name, NAME) == name


def test_a_note_has_lines_and_a_line_has_none() -> None:
    assert check_note(" one\r\ntwo\rthree\n\tfour\n") == "one\ntwo\nthree\n\tfour"
    for broken in ("one\ntwo", "one\ttwo"):
        with pytest.raises(BadText, match=r"^The name must be one line without tabs\.$"):
            line(broken)
    assert line("\tAda\n") == "Ada"


@pytest.mark.parametrize(
    "broken", ["one\r\ntwo", "one\rtwo", "one\x0btwo", "one\x85two", "one\u2028two", "one\u2029two"]
)
def test_no_line_is_broken_by_another_name(broken: str) -> None:
    with pytest.raises(BadText):
        line(broken)


# Lengths.


@pytest.mark.parametrize(
    ("check", "longest"), [(check_note, 4000), (line, 200), (reference, 64)], ids=["note", "line", "reference"]
)
@pytest.mark.parametrize("character", ["x", "李", "😀"])
def test_a_text_may_have_its_full_length_and_not_one_character_more(check: Check, longest: int, character: str) -> None:
    """Blanks around it do not count."""
    full = character * longest
    assert check(f"  {full} ") == full
    with pytest.raises(BadText, match=rf"has {longest + 1:,} characters; {longest:,} are the most\.$"):
        check(full + character)


def test_an_address_may_have_254_characters() -> None:
    full = "a" * (254 - len("@example.org")) + "@example.org"
    assert check_email(full) == full
    with pytest.raises(BadText, match=r"255 characters"):
        check_email("a" + full)


def test_a_text_without_end_is_refused_at_once_in_a_short_sentence() -> None:
    for check, _ in CHECKS:
        for character in ("x", "\u0301", "\x1b"):
            with pytest.raises(BadText) as refused:
                check(character * 1_000_000)
            assert len(str(refused.value)) < 100


@pytest.mark.parametrize("nothing", ["", " ", "\n", "\t \r\n", "\u00a0", "\u3000", "\x1f", "\x85"])
@each_check
def test_nothing_is_refused_where_something_is_asked_for(check: Check, nothing: str) -> None:
    with pytest.raises(BadText, match=r"^The .* is empty\.$"):
        check(nothing)


@pytest.mark.parametrize("nothing", [None, "", " ", "\t\n"])
def test_where_a_line_may_be_left_out_nothing_is_none(nothing: str | None) -> None:
    assert optional_line(nothing, "place") is None


def test_where_a_line_may_be_left_out_it_is_checked_all_the_same() -> None:
    assert optional_line(" Leeds ", "place") == "Leeds"
    for bad in ("a\x1bb", "a\nb", "x" * 201):
        with pytest.raises(BadText, match=r"^The place "):
            optional_line(bad, "place")
    with pytest.raises(BadText, match="64 are the most"):
        optional_line("x" * 65, "order reference", REFERENCE)


# Marks on letters.


def test_a_letter_carries_four_marks_and_not_five() -> None:
    """Four is more than any language writes; towers of them draw over the lines above."""
    tower = "\u0301\u0302\u0303\u0304"
    assert line(f"e{tower}a{tower}") == f"e{tower}a{tower}"
    for text in (f"e{tower}\u0305", f"ok e{tower * 20} ok", f"{tower}\u0305"):
        with pytest.raises(BadText, match=r"^The name stacks more than 4 marks on one character\.$"):
            line(text)


@pytest.mark.parametrize(
    "tower",
    [
        ("\u0301" * 4 + "\u034f") * 20,
        ("\u0301" * 4 + "\ufe0f") * 20,
        "\u20dd" * 5,
        "\u20dd" * 100,
        "\u0301\u20dd\u034f" * 2,
        "\u0e31" * 5,
    ],
    ids=["with joiners", "with selectors", "five circles", "circles", "of all kinds", "of no combining class"],
)
def test_no_other_way_to_stack_marks(tower: str) -> None:
    with pytest.raises(BadText, match="stacks more than 4 marks"):
        line(f"e{tower}")


@pytest.mark.parametrize("joiner", ["\u200d", "\u200c", "\u2060"])
def test_a_joiner_between_marks_starts_no_new_character(joiner: str) -> None:
    """A terminal draws it in no cell, so that all the marks land on the one letter."""
    with pytest.raises(BadText):
        line("e" + ("\u0301" * 4 + joiner) * 20)


def test_marks_that_stand_beside_a_letter_are_no_tower() -> None:
    """Vowel signs take a place of their own; a joiner in a word or an emoji is part of how it is written."""
    for name in ("का\u0903", "क्\u200dष", "می\u200cخواهم", "👩\u200d💻", "❤\ufe0f"):
        assert line(name) == name


# Names that nobody can see.

UNSEEN = [
    *("\u200b", "\u2060\ufeff", "\u00ad", "\U000e0041\U000e0042", "\u034f", "\u180e", "\u200c\u200d", "\u2064"),
    *("\u200b \u00ad", "\u3000\u200b\u00a0"),
]


@pytest.mark.parametrize("unseen", UNSEEN)
@each_check
def test_a_text_that_nobody_can_see_is_nothing(check: Check, unseen: str) -> None:
    with pytest.raises(BadText, match=r"^The .* is empty\.$"):
        check(unseen)


@pytest.mark.parametrize("unseen", ["\u3164", "\u115f", "\uffa0", "\u2800", "\ufe0f", "\U000e0100", "\u206a", "\u17b4"])
def test_nor_is_one_of_fillers(unseen: str) -> None:
    with pytest.raises(BadText):
        line(unseen)


def test_what_is_seen_may_have_the_unseen_in_it() -> None:
    assert line("Ada\u200bLovelace\u00ad") == "Ada\u200bLovelace\u00ad"


# E-mail addresses.


@pytest.mark.parametrize(
    "address", ["ada@example.org", "a.b+c@mail.example.co.uk", "O'Brien@example.org", "ü@bücher.example"]
)
def test_an_address_is_kept_as_it_was_typed(address: str) -> None:
    assert check_email(f" {address}\n") == address


@pytest.mark.parametrize(
    "text",
    [
        *("ada", "@example.org", "ada@", "ada@example", "ada@.", "ada@example.", "a@b@example.org", "a b@example.org"),
        *("ada@exa mple.org", "ada@example.org, bo@example.org", "ada@example.org;bo@example.org"),
        *("Ada <ada@example.org>", '"ada"@example.org', "ada\u00a0@example.org", "mailto:ada"),
    ],
)
def test_what_cannot_be_an_address_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(BadText, match=r"like ada@example\.org\.$"):
        check_email(text)


@pytest.mark.parametrize("unseen", ["\u200b", "\u00ad", "\u2060", "\ufeff", "\u200d", "\U000e0041"])
def test_an_address_has_nothing_in_it_that_nobody_can_see(unseen: str) -> None:
    """Two addresses that look alike are one, or a mail goes to a stranger."""
    for text in (f"a{unseen}da@example.org", f"ada@exam{unseen}ple.org", f"ada@example.org{unseen}"):
        with pytest.raises(BadText, match=r"like ada@example\.org\.$"):
            check_email(text)


@given(HOSTILE)
@settings(deadline=None)
def test_an_address_can_be_put_into_a_header_or_a_list(text: str) -> None:
    """Whatever passes is one address: no second one, no blank, no bracket."""
    address, _ = outcome(check_email, around(text))
    if address is None:
        return
    assert address.count("@") == 1
    assert not set(address) & set(' \t\n\r,;<>"')
