"""What people are found by: the texts of names and addresses, and what typed words look for in them."""

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.texts import email_key, search_key
from models.rules.words import GAP, slips, sought, texts_of, whole, word_of, words_in

FITTING = {
    "a part of a name": ("lovel", "Ada Lovelace"),
    "in its midst": ("velac", "Ada Lovelace"),
    "capitals": ("LOVELACE", "Ada Lovelace"),
    "accents typed": ("Zoë", "Zoe Kelly"),
    "accents left away": ("zoe", "Zoë Kelly"),
    "a stroke through a letter": ("lukasik", "Ola Łukasik"),
    "the same, typed": ("Łukasik", "Ola Lukasik"),
    "an o with a stroke": ("soren", "Søren Ilić"),
    "an i without a dot": ("yilmaz", "Elif Yılmaz"),
    "a sharp s": ("strasse", "Karl Straße"),
    "the same, typed as it is": ("Straße", "Karl Strasse"),
    "a ligature": ("aesop", "Æsop Œuvre"),
    "letters printed as one": ("finn", "ﬁnn Green"),
    "an apostrophe": ("O'Brien", "Ada O'Brien"),
    "a curly one": ("O\u2019Brien", "Ada O'Brien"),
    "none": ("obrien", "Ada O'Brien"),
    "behind it": ("brien", "Ada O'Brien"),
    "one half": ("smith", "Ada Lovelace-Smith"),
    "the other half": ("lovelace", "Ada Lovelace-Smith"),
    "both halves": ("Lovelace-Smith", "Ada Lovelace-Smith"),
    "words that belong together": ("ada love", "Ada Lovelace-Smith"),
    "initials": ("J.R.R.", "J. R. R. Tolkien"),
    "two letters that begin a word": ("li", "Wang Li"),
    "one letter that begins a word": ("l", "Ada Lovelace"),
    "Han without blanks": ("王伟", "王伟"),
    "one character of them": ("伟", "王伟"),
    "Hangul": ("민수", "김민수"),
    "one syllable": ("김", "김민수"),
    "Kana": ("ガガ", "レディー・ガガ"),
    "Cyrillic": ("петр", "Мария Петрова"),
    "Greek, without its accents": ("παπαδοπουλου", "Ελένη Παπαδοπούλου"),
    "Devanagari": ("प्रिया", "प्रिया पटेल"),
    "Arabic": ("محمد", "محمد الحسن"),
    "a number": ("54", "Studio 54"),
}
AMISS = {
    "the midst of a word by two letters": ("ve", "Ada Lovelace"),
    "its end by one": ("e", "Ada Lovelace"),
    "another name": ("grace", "Ada Lovelace"),
    "two words at once": ("adalovelace", "Ada Lovelace"),
    "characters in another order": ("伟王", "王伟"),
    "a percent sign": ("a%e", "Ada Lovelace"),
    "an underscore": ("lov_lace", "Ada Lovelace"),
    "words that do not stand together": ("ada-smith", "Ada Lovelace-Smith"),
}


def fits(typed: str, name: str | None = None, address: str | None = None) -> bool:
    texts = texts_of(name and search_key(name), address and email_key(address))
    thing = sought(typed)
    return thing is not None and any(is_like(text, thing.pattern) for text in texts)


def is_like(text: str, pattern: str | None) -> bool:
    """What the engines do: a percent sign stands for anything."""
    assert pattern is not None
    parts = (re.escape(part) for part in pattern.split("%"))
    return re.fullmatch(".*".join(parts), text) is not None


@pytest.mark.parametrize(("typed", "name"), FITTING.values(), ids=FITTING.keys())
def test_a_name_is_found_by(typed: str, name: str) -> None:
    assert fits(typed, name)


@pytest.mark.parametrize(("typed", "name"), AMISS.values(), ids=AMISS.keys())
def test_a_name_is_not_found_by(typed: str, name: str) -> None:
    assert not fits(typed, name)


@pytest.mark.parametrize(
    "typed", ["ada", "lovelace", "gift", "ada.lovelace", "@mail", "@mail.example.org", "example.org"]
)
def test_an_address_is_found_by(typed: str) -> None:
    """Its letters before the sign, and its domain."""
    assert fits(typed, address="Ada.Lovelace+gift99@Mail.Example.org")


@pytest.mark.parametrize("typed", ["%", "_", "!", "'", "@", "@@", "--", " ", "", "\\", "*", '"'])
def test_signs_alone_look_for_nothing(typed: str) -> None:
    assert sought(typed) is None


@pytest.mark.parametrize("typed", ["ada@exa", "lovelace99", "99", "a_b%9@x"])
def test_what_only_an_address_has_is_looked_for_in_addresses(typed: str) -> None:
    """Digits and all that stands around the sign are not in the index: the address itself is asked."""
    thing = sought(typed)
    assert thing is not None
    assert thing.address == typed


NAMES = st.text(st.sampled_from(string.ascii_letters + "éüßøŁıæ'-. 王伟김さЖжλ"), min_size=3, max_size=30).filter(
    lambda name: any(map(str.isalpha, name))
)


@given(NAMES, st.data())
def test_every_part_of_a_word_finds_its_name(name: str, data: st.DataObject) -> None:
    """Whatever three letters of it or more are typed."""
    words = [word for word in word_of(name).split() if len(word) >= 3]
    for word in words:
        start = data.draw(st.integers(0, len(word) - 3))
        part = word[start : data.draw(st.integers(start + 3, len(word)))]
        assert fits(part, name)


@given(NAMES)
def test_a_pattern_has_nothing_to_escape(name: str) -> None:
    """Its only signs are those at its ends, and it has the three characters by which an engine looks it up."""
    thing = sought(name)
    assert thing is None or thing.pattern is not None
    if thing is not None and thing.pattern is not None:
        assert (thing.pattern[0], thing.pattern[-1]) == ("%", "%")
        assert not set(thing.pattern[1:-1]) & set("%_\\")
        assert len(thing.pattern[1:-1]) >= 3
        assert thing.pattern.isascii()


WORDS = st.text(st.sampled_from(string.ascii_lowercase + "жя"), min_size=5, max_size=12)


@given(WORDS.filter(lambda word: word.isascii() or not set(word) & set(string.ascii_letters)), st.data())
def test_any_slip_of_the_fingers_is_among_those_that_are_tried(word: str, data: st.DataObject) -> None:
    """A letter too many, too few, another one, or two that changed places: both ways."""
    at = data.draw(st.integers(0, len(word) - 2))
    letter = data.draw(st.sampled_from(string.ascii_lowercase if word.isascii() else "абвюя"))
    typed = data.draw(
        st.sampled_from(
            [
                word[:at] + word[at + 1 :],
                word[:at] + letter + word[at:],
                word[:at] + letter + word[at + 1 :],
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            ]
        )
    )
    assert word == typed or word in slips(typed)


def test_the_words_of_a_text_are_what_slips_are_compared_with() -> None:
    """Not the short ones, nor numbers, nor domains; other scripts read as they were written."""
    texts = texts_of(search_key("Мария O'Neill-Li 王伟 54"), email_key("maria99@example.org"))
    assert {word for text in texts for word in words_in(text)} == {"мария", "oneill", "maria"}


def test_a_whole_word_is_no_part_of_another() -> None:
    """Who is taken for Ada is not taken for Adams."""
    pattern = whole("ada").pattern
    assert is_like(f"{GAP}ada{GAP}adams{GAP}", pattern)
    assert not is_like(f"{GAP}adams{GAP}", pattern)
