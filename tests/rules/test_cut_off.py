"""The instant at which a balance stops, and the first instant of a day, in every zone and on every odd night."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.errors import BadZone
from models.rules.facts import CardFacts
from models.rules.status import Status, status_of
from models.rules.validity import BusinessTime

THREE = time(3)
ONE_DAY = timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)


def on(text: str) -> date:
    return date.fromisoformat(text)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "last_day", "expected"),
    [
        ("UTC", "2026-06-30", "2026-07-01 03:00"),
        ("Europe/London", "2026-06-30", "2026-07-01 02:00"),
        ("Europe/London", "2026-12-31", "2027-01-01 03:00"),
        ("Asia/Kolkata", "2026-06-30", "2026-06-30 21:30"),
        ("Europe/London", "2028-02-28", "2028-02-29 03:00"),
        ("Europe/London", "2200-12-31", "2201-01-01 03:00"),
        # A clock change that leaves 03:00 alone changes nothing.
        ("Europe/London", "2026-03-28", "2026-03-29 02:00"),
        ("Europe/London", "2026-10-24", "2026-10-25 03:00"),
        ("America/New_York", "2026-03-07", "2026-03-08 07:00"),
        ("America/New_York", "2026-10-31", "2026-11-01 08:00"),
        ("Australia/Lord_Howe", "2026-10-03", "2026-10-03 16:00"),
        # Athens jumps from 03:00 to 04:00 in March and repeats the hour from 03:00 in October.
        ("Europe/Athens", "2026-03-27", "2026-03-28 01:00"),
        ("Europe/Athens", "2026-03-28", "2026-03-29 01:00"),
        ("Europe/Athens", "2026-03-29", "2026-03-30 00:00"),
        ("Europe/Athens", "2026-10-23", "2026-10-24 00:00"),
        ("Europe/Athens", "2026-10-24", "2026-10-25 01:00"),
        ("Europe/Athens", "2026-10-25", "2026-10-26 01:00"),
        # Chatham jumps from 02:45 to 03:45 in September and repeats the hour from 02:45 in April.
        ("Pacific/Chatham", "2026-09-26", "2026-09-26 14:00"),
        ("Pacific/Chatham", "2026-04-04", "2026-04-04 14:15"),
        # Apia had no 30 December 2011 at all: the gap ends with the first instant of the 31st.
        ("Pacific/Apia", "2011-12-29", "2011-12-30 10:00"),
    ],
)
def test_a_balance_stops_at_three_on_the_day_after(zone: str, last_day: str, expected: str) -> None:
    """The second 03:00 of a night with two, the first instant after the gap in a night with none."""
    assert BusinessTime(zone).cut_off(on(last_day)) == utc(expected)


def test_chatham_stops_exactly_at_the_end_of_the_gap() -> None:
    chatham = BusinessTime("Pacific/Chatham")
    cut_off_at = chatham.cut_off(on("2026-09-26"))
    assert cut_off_at.astimezone(chatham.tz).time() == time(3, 45)
    assert (cut_off_at - MICROSECOND).astimezone(chatham.tz).time() == time(2, 44, 59, 999999)


@pytest.mark.parametrize(
    ("cut_off_time", "last_day", "expected"),
    [
        (time(0), "2026-06-30", "2026-06-30 23:00"),
        (time(6, 30), "2026-06-30", "2026-07-01 05:30"),
        (time(1, 30), "2026-03-28", "2026-03-29 01:00"),
        (time(1, 30), "2026-10-24", "2026-10-25 01:30"),
    ],
)
def test_a_business_may_stop_at_another_time(cut_off_time: time, last_day: str, expected: str) -> None:
    """London has no 01:30 on 29 March 2026 and two on 25 October."""
    assert BusinessTime("Europe/London", cut_off_time).cut_off(on(last_day)) == utc(expected)


@pytest.mark.parametrize(
    ("zone", "last_day"),
    [
        ("Europe/London", "2026-06-30"),
        ("Europe/Athens", "2026-03-28"),
        ("Europe/Athens", "2026-10-24"),
        ("Pacific/Chatham", "2026-09-26"),
        ("Pacific/Chatham", "2026-04-04"),
    ],
)
def test_a_customer_can_spend_until_a_microsecond_before_and_no_longer(zone: str, last_day: str) -> None:
    cut_off_at = BusinessTime(zone).cut_off(on(last_day))
    card = CardFacts("GBP", 5000, active_from_at=utc("2025-01-01 00:00"), cut_off_at=cut_off_at)
    assert status_of(card, cut_off_at - MICROSECOND) is Status.ACTIVE
    assert status_of(card, cut_off_at) is Status.EXPIRED


@pytest.mark.parametrize(
    ("zone", "day", "expected"),
    [
        ("UTC", "2026-05-20", "2026-05-20 00:00"),
        ("Europe/London", "2026-07-01", "2026-06-30 23:00"),
        ("Europe/London", "2026-03-29", "2026-03-29 00:00"),
        # Midnight is skipped.
        ("America/Havana", "2026-03-08", "2026-03-08 05:00"),
        ("Atlantic/Azores", "2026-03-29", "2026-03-29 01:00"),
        ("Africa/Cairo", "2026-04-24", "2026-04-23 22:00"),
        ("America/Santiago", "2026-09-06", "2026-09-06 04:00"),
        # Midnight happens twice: the day begins at the first.
        ("America/Havana", "2026-11-01", "2026-11-01 04:00"),
        ("Atlantic/Azores", "2026-10-25", "2026-10-25 00:00"),
        ("America/St_Johns", "2010-11-07", "2010-11-07 02:30"),
        # The hour before midnight happens twice: the day begins once.
        ("Africa/Cairo", "2026-10-30", "2026-10-29 22:00"),
        # The day is missing as a whole.
        ("Pacific/Apia", "2011-12-30", "2011-12-30 10:00"),
        ("Pacific/Apia", "2011-12-31", "2011-12-30 10:00"),
        # A gap of 44 min 30 s.
        ("Africa/Monrovia", "1972-01-07", "1972-01-07 00:44:30"),
    ],
)
def test_a_day_begins_at_its_first_instant(zone: str, day: str, expected: str) -> None:
    assert BusinessTime(zone).start_of(on(day)) == utc(expected)


@pytest.mark.parametrize(
    ("zone", "instant", "expected"),
    [
        ("Europe/London", "2026-06-30 22:59:59.999999", "2026-06-30"),
        ("Europe/London", "2026-06-30 23:00", "2026-07-01"),
        ("America/New_York", "2026-07-01 03:59", "2026-06-30"),
        ("Pacific/Kiritimati", "2026-06-30 10:00", "2026-07-01"),
    ],
)
def test_a_date_is_the_one_on_the_wall_of_the_business(zone: str, instant: str, expected: str) -> None:
    assert BusinessTime(zone).date_of(utc(instant)) == on(expected)


@pytest.mark.parametrize(
    "name", ["", "Europe/Atlantis", "BST+1", "/etc/passwd", "../..", "..", "Europe", "Europe/London\0", "x" * 5000]
)
def test_a_zone_that_does_not_exist_is_refused_in_words(name: str) -> None:
    with pytest.raises(BadZone, match=r"^There is no time zone called .*like Europe/London\.$"):
        BusinessTime(name)


# Every zone. The same answers are found a second way: by trying each offset that the zone uses around the night.


def expected_cut_off(tz: ZoneInfo, last_day: date) -> datetime:
    wall = datetime.combine(last_day + ONE_DAY, THREE)
    middle = wall.replace(tzinfo=UTC)
    offsets = {(middle + timedelta(hours=hours)).astimezone(tz).utcoffset() for hours in range(-30, 31, 3)}
    candidates = [(wall - offset).replace(tzinfo=UTC) for offset in offsets if offset is not None]
    real = [instant for instant in candidates if instant.astimezone(tz).replace(tzinfo=None) == wall]
    return max(real) if real else first_instant_not_before(tz, wall)


def first_instant_not_before(tz: ZoneInfo, wall: datetime) -> datetime:
    origin = wall.replace(tzinfo=UTC) - timedelta(hours=30)
    before, reached = 0, 60 * 3600
    while reached - before > 1:
        middle = (before + reached) // 2
        if (origin + timedelta(seconds=middle)).astimezone(tz).replace(tzinfo=None) >= wall:
            reached = middle
        else:
            before = middle
    return origin + timedelta(seconds=reached)


@cache
def zones() -> tuple[str, ...]:
    return tuple(sorted(available_timezones()))


def days(first: date, last: date) -> Iterator[date]:
    return (date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1))


@cache
def nights_with_a_change(first: date, last: date) -> tuple[tuple[str, date], ...]:
    """Every zone and last day whose following morning has another offset at noon than the noon before."""
    found = []
    for zone in zones():
        tz = ZoneInfo(zone)
        noons = [datetime.combine(day, time(12), tz).utcoffset() for day in days(first, last + ONE_DAY)]
        pairs = zip(days(first, last), noons, noons[1:], strict=False)
        found += [(zone, day) for day, tonight, tomorrow in pairs if tonight != tomorrow]
    return tuple(found)


def has_an_odd_three(zone: str, last_day: date) -> bool:
    """Whether 03:00 after a last day is skipped or happens twice."""
    wall = datetime.combine(last_day + ONE_DAY, THREE, ZoneInfo(zone))
    return wall.utcoffset() != wall.replace(fold=1).utcoffset()


def test_every_zone_without_a_three_or_with_two_of_them_in_2026_and_2027() -> None:
    odd = [night for night in nights_with_a_change(on("2026-01-01"), on("2027-12-30")) if has_an_odd_three(*night)]
    names = {zone for zone, _ in odd}
    assert {"Europe/Athens", "Europe/Helsinki", "Europe/Kyiv", "Europe/Bucharest", "Pacific/Chatham"} <= names
    assert names.isdisjoint({"Europe/London", "America/New_York"})
    for zone, last_day in odd:
        assert BusinessTime(zone).cut_off(last_day) == expected_cut_off(ZoneInfo(zone), last_day), (zone, last_day)


def test_every_clock_change_of_every_zone_in_2026_and_2027() -> None:
    """The night itself and its neighbours: the instant expected, after 03:00, and later than the night before."""
    for zone, changing in nights_with_a_change(on("2026-01-01"), on("2027-12-30")):
        business = BusinessTime(zone)
        for last_day in days(changing - ONE_DAY, changing + ONE_DAY):
            assert business.cut_off(last_day) == expected_cut_off(business.tz, last_day), (zone, last_day)
            check_a_night(business, last_day)


def check_a_night(business: BusinessTime, last_day: date) -> datetime:
    cut_off_at = business.cut_off(last_day)
    following = last_day + ONE_DAY
    wall = cut_off_at.astimezone(business.tz).replace(tzinfo=None)
    assert wall >= datetime.combine(following, THREE), (business.zone, last_day)
    assert cut_off_at > business.start_of(following), (business.zone, last_day)
    assert business.cut_off(following) > cut_off_at, (business.zone, last_day)
    return cut_off_at


def test_a_dozen_zones_on_every_night_of_two_years() -> None:
    always = ["Europe/London", "Europe/Athens", "Pacific/Chatham", "Africa/Casablanca", "America/Havana"]
    for zone in [*always, *random.Random(2026).sample(zones(), 7)]:
        business = BusinessTime(zone)
        for last_day in days(on("2026-01-01"), on("2027-12-31")):
            assert check_a_night(business, last_day) == expected_cut_off(business.tz, last_day), (zone, last_day)


@given(st.sampled_from(zones()), st.dates(date(2012, 1, 1), date(2200, 12, 30)))
@settings(deadline=None, max_examples=300)
def test_no_night_anywhere_stops_too_early_or_out_of_order(zone: str, last_day: date) -> None:
    check_a_night(BusinessTime(zone), last_day)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_every_zone_on_every_night_of_seven_years() -> None:
    """Never before 03:00, after the day has begun, strictly later each night; odd nights to the instant."""
    changing = set(nights_with_a_change(on("2024-01-01"), on("2030-12-31")))
    for zone in zones():
        business = BusinessTime(zone)
        stopped_before = business.cut_off(on("2023-12-31"))
        for last_day in days(on("2024-01-01"), on("2030-12-31")):
            following = last_day + ONE_DAY
            cut_off_at = business.cut_off(last_day)
            wall = cut_off_at.astimezone(business.tz).replace(tzinfo=None)
            assert wall >= datetime.combine(following, THREE), (zone, last_day)
            assert cut_off_at > business.start_of(following), (zone, last_day)
            assert cut_off_at > stopped_before, (zone, last_day)
            if (zone, last_day) in changing:
                assert cut_off_at == expected_cut_off(business.tz, last_day), (zone, last_day)
            else:
                assert wall.time() == THREE, (zone, last_day)
            stopped_before = cut_off_at
