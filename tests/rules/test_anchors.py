"""Anchors as texts: they are read as they were written, or not at all, and stay small."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.keys import Keys
from models.rules.anchors import AUDIT, CODES, JOURNALS, Anchor, BadAnchor, Tally, read, slots_of, write

KEYS = Keys(bytes(range(32)))
AT = datetime(2026, 11, 21, 9, 0, 0, 5, tzinfo=UTC)


def anchor(cards: int) -> Anchor:
    journals, codes, audit = Tally(JOURNALS), Tally(CODES), Tally(AUDIT)
    for card in range(1, cards + 1):
        journals.add(card, 3, bytes([card % 251]) * 32)
        codes.add(card, 1, b"y" * 32)
    for case in range(1, cards // 2 + 1):
        audit.add(f"case:{case}", 5, b"x" * 32)
    known = ("5f0c0d9a3b7e4f12", "286d784792ba7f9d", AT, "0006_search", cards)
    return Anchor(*known, journals.heads(), codes.heads(), audit.heads())


KNOWN = anchor(50)
TEXT = write(KNOWN, KEYS.fingerprint, KEYS.anchors)


def test_an_anchor_comes_back_as_it_left() -> None:
    (sealed,) = read(TEXT)
    assert sealed.anchor == KNOWN
    assert sealed.key == KEYS.fingerprint
    assert sealed.is_sealed_by(KEYS.anchors)
    assert not sealed.is_sealed_by(Keys(bytes(32)).anchors)


def test_how_far_a_moment_is_covered_comes_back_too() -> None:
    """None is another thing than nothing."""
    for moment in ({}, {"7": 3, "desk": 1}):
        known = replace(KNOWN, moment=moment)
        assert read(write(known, KEYS.fingerprint, KEYS.anchors))[0].anchor == known


def test_an_anchor_is_read_from_the_e_mail_that_it_came_in() -> None:
    """Headers before it, a signature behind it, other ends of lines: none of that is the anchor."""
    mailed = f"Subject: anchor\nContent-Type: text/plain\n\n{TEXT}\n-- \nMia\n".replace("\n", " \r\n")
    (sealed,) = read(mailed)
    assert sealed.anchor == KNOWN
    assert sealed.is_sealed_by(KEYS.anchors)
    assert all(len(line) < 76 and "=" not in line for line in TEXT.splitlines())


def test_all_anchors_of_a_file_are_read() -> None:
    """A folder of e-mails in one file: none of them is passed over."""
    later = replace(KNOWN, mark="286d784792ba7f9e")
    both = f"From: mia\n\n{TEXT}\nFrom: mia\n\n{write(later, KEYS.fingerprint, KEYS.anchors)}"
    assert [sealed.anchor for sealed in read(both)] == [KNOWN, later]


@given(st.data())
def test_no_letter_of_an_anchor_can_be_changed(data: st.DataObject) -> None:
    """It is no anchor then, or its seal does not fit."""
    place = data.draw(st.integers(0, len(TEXT) - 2))
    letter = data.draw(st.sampled_from("0a7fZ_- \n").filter(lambda each: each != TEXT[place]))
    try:
        (sealed,) = read(TEXT[:place] + letter + TEXT[place + 1 :])
    except BadAnchor:
        return
    assert not sealed.is_sealed_by(KEYS.anchors)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it holds no anchor, or not all of one"),
        (TEXT[:-70], "it holds no anchor, or not all of one"),
        (TEXT + TEXT[:-70], "it holds no anchor, or not all of one"),
        (TEXT[:-70] + TEXT, "it holds no anchor, or not all of one"),
        (TEXT.replace("anchor 1", "anchor 2", 1), "its format is 2, which this giftdesk does not know"),
        (TEXT.replace("by 503\n", "", 1), "it is not as it was written"),
        (TEXT.replace("card 50", "card many", 1), "it is not as it was written"),
        (TEXT.replace("audit 25", "bribe 25", 1), "it is not as it was written"),
    ],
)
def test_what_is_no_anchor_says_why(text: str, why: str) -> None:
    with pytest.raises(BadAnchor, match=why):
        read(text)


def test_a_million_cards_fit_into_a_hundred_kilobytes() -> None:
    """Every slot of every grid is filled by then, with the widest counts."""
    full = anchor(6_000)
    lines = sum(len(grid) for grid in chain(full.journals.grids, full.codes.grids, full.audit.grids))
    assert lines == sum(JOURNALS) + sum(CODES) + sum(AUDIT)
    wider = 2 * len("000") * (JOURNALS[0] + CODES[0] + AUDIT[0])
    assert len(write(full, KEYS.fingerprint, KEYS.anchors)) + wider < 100_000


def test_no_two_of_many_cards_share_their_slots() -> None:
    """So that one that was changed is the only one all of whose slots are others."""
    assert len({slots_of(card, JOURNALS) for card in range(1, 20_001)}) == 20_000
