"""Instants as people type them: what has one meaning is taken, everything else is told what to write."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules import wording
from models.rules.errors import BadDate
from models.rules.instants import parse_moment
from models.rules.validity import BusinessTime

LONDON = BusinessTime("Europe/London")
NOW = datetime(2026, 11, 21, 14, 2, tzinfo=UTC)
HALF_PAST_TWO = datetime(2026, 5, 21, 13, 30, tzinfo=UTC)
END_OF_DAY = datetime(2026, 5, 21, 22, 59, 59, 999999, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    """
    21 May 2026 14:30
    21 may 2026, 14:30
    21st of May 2026 at 14:30
    Thu 21 May 2026 14:30
    Thursday, 21 May 2026, 14:30
    May 21, 2026 14:30
    2026-05-21 14:30
    2026-05-21T14:30
    2026-05-21 14:30:00
    2026/5/21 14:30
    2026-05-21T14:30:00+01:00
    2026-05-21 14:30+0100
    2026-05-21T13:30:00Z
    2026-05-21 13:30 UTC
    2026-05-21T15:30:00.000+02:00
    21/05/2026 14:30
    5/21/2026 14:30
    21.5.2026 14.30
    21 May 2026 2:30 pm
    21 May 2026 2.30pm
    21 May 2026 14h30
    21May2026 14:30
    """.strip().splitlines(),
)
def test_one_instant_in_many_spellings(text: str) -> None:
    assert parse_moment(f"  {text.strip()}  ", NOW, LONDON) == HALF_PAST_TWO


@pytest.mark.parametrize("text", ["21 May 2026", "2026-05-21", "Thu 21 May 2026", "21/5/2026", "may 21 2026"])
def test_a_date_alone_is_the_end_of_that_day(text: str) -> None:
    """What happened on the day is in; a moment later is another day on the wall of the business."""
    at = parse_moment(text, NOW, LONDON)
    assert at == END_OF_DAY
    assert LONDON.date_of(at) == date(2026, 5, 21)
    assert LONDON.date_of(at + timedelta(microseconds=1)) == date(2026, 5, 22)


@pytest.mark.parametrize(
    ("part", "microseconds"), [("", 0), (".5", 500_000), (".25", 250_000), (".000001", 1), (".123456", 123_456)]
)
def test_parts_of_a_second_are_kept(part: str, microseconds: int) -> None:
    at = HALF_PAST_TWO + timedelta(microseconds=microseconds)
    assert parse_moment(f"21 May 2026 14:30:00{part}", NOW, LONDON) == at
    assert parse_moment(f"2026-05-21T14:30:00{part}+01:00", NOW, LONDON) == at


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("yesterday 14:30", "20 Nov 2026 14:30"),
        ("today 9:05", "21 Nov 2026 09:05"),
        ("Yesterday", "20 Nov 2026 23:59"),
        ("tomorrow 3 am", "22 Nov 2026 03:00"),
        ("tomorrow 1 am", "22 Nov 2026 01:00"),
        ("21 May 2026 12 am", "21 May 2026 00:00"),
        ("21 May 2026 12 pm", "21 May 2026 12:00"),
        ("05/05/2026 12:00", "5 May 2026 12:00"),
    ],
)
def test_what_is_clear_without_more_words(text: str, told: str) -> None:
    assert wording.moment(parse_moment(text, NOW, LONDON), LONDON) == told


EXAMPLE = "write it like 21 May 2026 14:30"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "01/02/2026",
            "'01/02/2026' can be 1 Feb 2026 or 2 Jan 2026; write the month as a word: 1 Feb 2026.",
        ),
        ("1.2.2026 14:30", "'1.2.2026' can be 1 Feb 2026 or 2 Jan 2026; write the month as a word: 1 Feb 2026."),
        ("21 May", f"'21 May' has no year; {EXAMPLE}."),
        ("21 May 14:30", f"'21 May' has no year; {EXAMPLE}."),
        ("Fri 21 May 2026", "21 May 2026 is a Thursday; check day and year."),
        ("31 June 2026", f"'31 June 2026' is a date that does not exist; {EXAMPLE}."),
        ("2026-02-30 12:00", f"'2026-02-30' is a date that does not exist; {EXAMPLE}."),
        ("21 May 2026 25:00", f"'21 May 2026 25:00' has a time that no clock shows; {EXAMPLE}."),
        ("21 May 2026 14:60", f"'21 May 2026 14:60' has a time that no clock shows; {EXAMPLE}."),
        ("21 May 1999", "21 May 1999 lies outside the years 2000 to 2200; check the year."),
        ("1999-05-21T14:30:00Z", "21 May 1999 lies outside the years 2000 to 2200; check the year."),
        ("noon", f"'noon' is no date and time; {EXAMPLE} or 2026-05-21T14:30:00+01:00."),
        (
            "2026-13-21T14:30:00Z",
            f"'2026-13-21T14:30:00Z' is no date and time; {EXAMPLE} or 2026-05-21T14:30:00+01:00.",
        ),
        ("14:30", f"'14:30' is no date and time; {EXAMPLE} or 2026-05-21T14:30:00+01:00."),
        ("21 Ma 2026", f"'21 Ma 2026' is no date and time; {EXAMPLE} or 2026-05-21T14:30:00+01:00."),
        ("21 May 2026 13 pm", f"'21 May 2026 13 pm' is no date and time; {EXAMPLE} or 2026-05-21T14:30:00+01:00."),
        ("2" * 60, f"'{'2' * 60}' is no date and time; {EXAMPLE} or 2026-05-21T14:30:00+01:00."),
        ("2" * 61, f"That is too long for a date and time; {EXAMPLE}."),
        (
            "29 Mar 2026 01:30",
            "There was no 29 Mar 2026 01:30 in Europe/London: the clocks were put forward over it.",
        ),
        (
            "25 Oct 2026 01:30",
            "25 Oct 2026 01:30 came twice in Europe/London; write 2026-10-25T01:30+01:00 or 2026-10-25T01:30+00:00.",
        ),
    ],
)
def test_what_has_no_meaning_or_two_is_refused_with_what_to_write(text: str, sentence: str) -> None:
    with pytest.raises(BadDate) as refused:
        parse_moment(text, NOW, LONDON)
    assert str(refused.value) == sentence


@pytest.mark.parametrize("text", ["2026-10-25T01:30+01:00", "2026-10-25T01:30+00:00"])
def test_what_the_sentence_proposes_is_taken(text: str) -> None:
    assert wording.moment(parse_moment(text, NOW, LONDON), LONDON) == "25 Oct 2026 01:30"


def test_the_day_of_a_clock_change_ends_with_its_last_moment() -> None:
    """Where midnight does not exist the next day begins after the gap."""
    beirut = BusinessTime("Asia/Beirut")
    at = parse_moment("28 Mar 2026", NOW, beirut)
    assert beirut.date_of(at) == date(2026, 3, 28)
    assert beirut.date_of(at + timedelta(microseconds=1)) == date(2026, 3, 29)


@given(st.integers(0, 200 * 365 * 24 * 60))
@settings(deadline=None, max_examples=150)
def test_what_we_show_can_be_typed_again(minutes: int) -> None:
    """Every moment that a screen shows leads back to its minute, unless it came twice."""
    shown = wording.moment(datetime(2000, 1, 2, tzinfo=UTC) + timedelta(minutes=minutes), LONDON)
    told = outcome(shown)
    assert told == shown or "came twice" in told


@given(st.text(max_size=70))
@settings(deadline=None, max_examples=300)
def test_whatever_is_typed_is_an_instant_or_a_sentence(text: str) -> None:
    assert outcome(text)


def outcome(text: str) -> str:
    """What a text means, as shown, or the sentence that refuses it."""
    try:
        return wording.moment(parse_moment(text, NOW, LONDON), LONDON)
    except BadDate as refused:
        return str(refused)
