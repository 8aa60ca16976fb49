"""Dates as people type them: what has one meaning is taken, everything else is told what to write."""

from datetime import date

import pytest

from models.rules import wording
from models.rules.dates import read_day
from models.rules.errors import BadDate


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-11-21", date(2026, 11, 21)),
        (" 2026-11-21 ", date(2026, 11, 21)),
        ("21 Nov 2026", date(2026, 11, 21)),
        ("21 nov 2026", date(2026, 11, 21)),
        ("1  NOV  2026", date(2026, 11, 1)),
        ("1. Mar. 2027", date(2027, 3, 1)),
        ("29 Feb 2028", date(2028, 2, 29)),
        ("Sat 21 Nov 2026", date(2026, 11, 21)),
        ("21/11/2026", date(2026, 11, 21)),
        ("11/21/2026", date(2026, 11, 21)),
        ("21.11.2026", date(2026, 11, 21)),
        ("13/12/2026", date(2026, 12, 13)),
        ("12/13/2026", date(2026, 12, 13)),
        ("12/12/2026", date(2026, 12, 12)),
    ],
)
def test_a_day_is_read_as_it_is_written_here(typed: str, day: date) -> None:
    assert read_day(typed) == day


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "'' is no date; write it like 2026-05-21 or 21 May 2026."),
        ("tomorrow", "'tomorrow' is no date; write it like 2026-05-21 or 21 May 2026."),
        ("21 Now 2026", "'21 Now 2026' is no date; write it like 2026-05-21 or 21 May 2026."),
        ("21 Nov 26", "'21 Nov 26' is no date; write it like 2026-05-21 or 21 May 2026."),
        ("٢١ Nov 2026", "'٢١ Nov 2026' is no date; write it like 2026-05-21 or 21 May 2026."),
        ("2026-11-21T10:00", "'2026-11-21T10:00' is no date; write it like 2026-05-21 or 21 May 2026."),
        ("29 Feb 2027", "'29 Feb 2027' is a date that does not exist; write it like 2026-05-21 or 21 May 2026."),
        ("31 Nov 2026", "'31 Nov 2026' is a date that does not exist; write it like 2026-05-21 or 21 May 2026."),
        ("2026-02-29", "'2026-02-29' is a date that does not exist; write it like 2026-05-21 or 21 May 2026."),
        ("21 Nov", "'21 Nov' has no year; write it like 2026-05-21 or 21 May 2026."),
        ("2/3/2026", "'2/3/2026' can be 2 Mar 2026 or 3 Feb 2026; write the month as a word: 2 Mar 2026."),
        ("12/11/2026", "'12/11/2026' can be 12 Nov 2026 or 11 Dec 2026; write the month as a word: 12 Nov 2026."),
        ("11/12/2026", "'11/12/2026' can be 11 Dec 2026 or 12 Nov 2026; write the month as a word: 11 Dec 2026."),
        ("Fri 21 Nov 2026", "21 Nov 2026 is a Saturday; check day and year."),
        ("21 Nov 1999", "21 Nov 1999 lies outside the years 2000 to 2200; check the year."),
    ],
)
def test_what_could_be_two_days_or_none_is_no_day(typed: str, told: str) -> None:
    with pytest.raises(BadDate) as refused:
        read_day(typed)
    assert str(refused.value) == told


@pytest.mark.parametrize("number", range(12))
def test_every_day_that_is_shown_can_be_typed(number: int) -> None:
    on = date(2026, number + 1, 28)
    assert read_day(wording.day(on)) == on
