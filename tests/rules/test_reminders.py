"""Stories of who is reminded when, told to the rules alone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.reminders import Addressee, Call, Lead, Outlook, Remindable, address_refusal, outlook
from models.rules.validity import BusinessTime, Period

LONDON = BusinessTime("Europe/London")
LAST_DAY = date(2026, 11, 20)
NINE = 9


def at(text: str) -> datetime:
    """An instant, UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def lead(days: int, since: str = "2026-01-01") -> Lead:
    """So many days before the last day, on the schedule since a day."""
    return Lead(Period(days, "days"), at(since))


CARD = Remindable(
    balance_minor=5000,
    active_from_at=at("2026-05-21T12:00"),
    last_day_on=LAST_DAY,
    cut_off_at=LONDON.cut_off(LAST_DAY),
    loaded_at=at("2026-05-21T12:00"),
)
TWO_WEEKS = (lead(14),)
THREE = (lead(30), lead(14), lead(7))


def seen(
    now: str,
    card: Remindable = CARD,
    leads: Sequence[Lead] = TWO_WEEKS,
    taken: Sequence[int] = (),
    business: BusinessTime = LONDON,
    hour: int = NINE,
) -> Outlook:
    """The outlook at an instant; taken are leads of the card's last day."""
    return outlook(card, leads, {(card.last_day_on or LAST_DAY, days) for days in taken}, hour, at(now), business)


def due(now: str, card: Remindable = CARD, leads: Sequence[Lead] = TWO_WEEKS, taken: Sequence[int] = ()) -> str:
    """What is due at an instant, in a few characters: '14', '14 late', or nothing."""
    call = seen(now, card, leads, taken).due
    return "" if call is None else f"{call.lead_days}{' late' if call.is_late else ''}"


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-06T08:59:59.999999", ""),
        ("2026-11-06T09:00", "14"),
        ("2026-11-06T23:59:59", "14"),
        ("2026-11-07T00:00", "14 late"),
        ("2026-11-20T23:00", "14 late"),
        ("2026-11-21T02:59:59", "14 late"),
        ("2026-11-21T03:00", ""),
    ],
)
def test_it_goes_on_its_day_at_the_hour_and_late_until_the_cut_off(now: str, expected: str) -> None:
    """Two weeks before 20 November is the 6th, from nine in the morning."""
    assert due(now) == expected


@pytest.mark.parametrize(
    ("now", "taken", "expected"),
    [
        ("2026-10-21T09:00", (), "30"),
        ("2026-11-06T08:59", (), "30 late"),
        ("2026-11-06T09:00", (), "14"),
        ("2026-11-15T09:00", (), "7 late"),
        ("2026-11-15T09:00", (30, 14), "7 late"),
        ("2026-11-15T09:00", (7,), ""),
        ("2026-11-06T09:00", (30,), "14"),
        ("2026-11-06T09:00", (14,), ""),
    ],
)
def test_of_several_that_were_missed_only_the_nearest_goes(now: str, taken: Sequence[int], expected: str) -> None:
    """Nobody gets three e-mails because a machine was off."""
    assert due(now, leads=THREE, taken=taken) == expected


@pytest.mark.parametrize(
    ("card", "sentence"),
    [
        (replace(CARD, balance_minor=0), "There is nothing left on the card."),
        (replace(CARD, suspended_at=at("2026-06-01")), "The card is suspended."),
        (replace(CARD, cancelled_at=at("2026-06-01")), "The card was cancelled."),
        (replace(CARD, last_day_on=None, cut_off_at=None), "The balance never expires."),
        (replace(CARD, cut_off_at=at("2026-11-06T08:00")), "The last day is over."),
    ],
)
def test_whoever_has_nothing_to_lose_or_cannot_spend_it_is_not_reminded(card: Remindable, sentence: str) -> None:
    """Each with its reason, on the very day."""
    assert seen("2026-11-06T09:00", card) == Outlook(why_none=sentence)


def test_a_product_without_a_schedule_reminds_of_nothing() -> None:
    """And says so."""
    assert seen("2026-11-06T09:00", leads=()).why_none == "Its product sends no reminders."


@pytest.mark.parametrize("what", ["loaded_at", "reactivated_at"])
@pytest.mark.parametrize(("day", "expected"), [("2026-11-05T23:59", "14"), ("2026-11-06T00:00", "")])
def test_a_day_that_is_not_after_the_last_load_or_reactivation_is_not_owed(what: str, day: str, expected: str) -> None:
    """Who topped up this morning knows the new last day."""
    assert due("2026-11-06T12:00", replace(CARD, **{what: at(day)})) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(("day", "expected"), [("2026-11-06T20:00", "14"), ("2026-11-07T00:00", "")])
def test_days_before_the_import_or_before_the_schedule_are_not_owed(day: str, expected: str) -> None:
    """On the day itself it is owed, whatever the hour."""
    assert due("2026-11-06T21:00", replace(CARD, imported_at=at(day))).removesuffix(" late") == expected
    assert due("2026-11-07T21:00", leads=(lead(14, day),)).removesuffix(" late") == expected


def test_the_nearest_that_is_owed_goes_when_a_nearer_one_is_not() -> None:
    """A lead that came on the schedule too late does not stand in for the one that was missed."""
    assert due("2026-11-15T10:00", leads=(lead(14), lead(7, "2026-11-14"))) == "14 late"


@pytest.mark.parametrize(
    ("active_from", "now", "expected"),
    [
        ("2026-11-10T00:00", "2026-11-10T08:59", ""),
        ("2026-11-10T00:00", "2026-11-10T09:00", "14"),
        ("2026-11-10T15:00", "2026-11-10T14:59", ""),
        ("2026-11-10T15:00", "2026-11-10T15:00", "14"),
        ("2026-11-10T15:00", "2026-11-11T09:00", "14 late"),
        ("2026-11-06T08:00", "2026-11-06T09:00", "14"),
    ],
)
def test_a_card_that_is_not_active_on_the_day_is_reminded_of_when_it_is(
    active_from: str, now: str, expected: str
) -> None:
    """Not before it can be spent."""
    assert due(now, replace(CARD, active_from_at=at(active_from))) == expected


def test_what_would_go_before_the_card_is_active_goes_once() -> None:
    """Two that meet on the day of activation are one e-mail."""
    card = replace(CARD, active_from_at=at("2026-11-14T00:00"))
    foreseen = seen("2026-11-01T09:00", card, THREE)
    assert [call.lead_days for call in foreseen.planned] == [7]
    assert foreseen.planned[0].on == date(2026, 11, 14)
    assert due("2026-11-14T09:00", card, THREE) == "7"


def test_a_card_that_becomes_active_after_the_hour_of_its_last_night_is_not_reminded() -> None:
    """Active from two in the morning after its last day, an hour before the cut-off: nine o'clock is too late."""
    card = replace(CARD, active_from_at=at("2026-11-21T02:00"))
    assert seen("2026-11-21T02:30", card).due is None


def test_when_the_last_day_moves_what_was_not_sent_moves_along() -> None:
    """The reminder of the old last day was sent; the new last day has one of its own."""
    moved = replace(CARD, last_day_on=date(2027, 5, 20), cut_off_at=LONDON.cut_off(date(2027, 5, 20)))
    found = outlook(moved, TWO_WEEKS, {(LAST_DAY, 14)}, NINE, at("2026-11-10T09:00"), LONDON)
    assert found.due is None
    assert [call.on for call in found.planned] == [date(2027, 5, 6)]


def test_the_forecast_tells_day_and_instant_of_all_that_follow() -> None:
    """In summer nine o'clock in London is eight, UTC."""
    assert seen("2026-10-01T09:00", leads=THREE).planned == (
        Call(LAST_DAY, 30, date(2026, 10, 21), at("2026-10-21T08:00")),
        Call(LAST_DAY, 14, date(2026, 11, 6), at("2026-11-06T09:00")),
        Call(LAST_DAY, 7, date(2026, 11, 13), at("2026-11-13T09:00")),
    )


def test_when_all_is_sent_or_nothing_was_owed_the_outlook_says_which() -> None:
    """A sentence, never just nothing."""
    assert seen("2026-11-08T09:00", taken=(14,)).why_none == (
        "What was to be sent for this last day was sent or decided about."
    )
    assert (seen("2026-11-08T09:00", leads=(lead(14, "2026-11-08"),)).why_none or "").startswith("Every day for a")


def test_two_weeks_and_fourteen_days_are_one_reminder() -> None:
    """Once per card, last day and number of days."""
    leads = (Lead(Period(2, "weeks"), at("2026-01-01")), lead(14, "2026-11-10"))
    assert due("2026-11-06T09:00", leads=leads) == "14"
    assert due("2026-11-12T09:00", leads=leads, taken=(14,)) == ""


@pytest.mark.parametrize(
    ("day", "hour", "expected"),
    [
        ("2026-03-29", 3, "2026-03-29T01:00"),  # three o'clock is skipped in Athens: the first instant after the gap
        ("2026-03-29", 4, "2026-03-29T01:00"),
        ("2026-10-25", 3, "2026-10-25T00:00"),  # three o'clock comes twice: the first
        ("2026-10-25", 4, "2026-10-25T02:00"),
    ],
)
def test_an_hour_that_is_skipped_or_comes_twice(day: str, hour: int, expected: str) -> None:
    """The clock change decides when exactly, never whether."""
    athens = BusinessTime("Europe/Athens")
    last_day = date.fromisoformat(day) + timedelta(days=14)
    card = replace(CARD, active_from_at=at("2026-01-02"), loaded_at=at("2026-01-02"))
    card = replace(card, last_day_on=last_day, cut_off_at=athens.cut_off(last_day))
    (call,) = seen("2026-02-01T00:00", card, business=athens, hour=hour).planned
    assert call.at == at(expected)


def test_a_lead_longer_than_all_calendars_reminds_of_nothing() -> None:
    """Two thousand years before the last day nobody was there."""
    assert seen("2026-11-06T09:00", leads=(lead(800_000),)).due is None


@pytest.mark.parametrize(
    ("addressee", "sentence"),
    [
        (None, "Nobody is on file who holds the card."),
        (Addressee(1, "(removed)", None, is_removed=True), "The holder's data were removed."),
        (Addressee(1, "Lin", None), "The holder has no e-mail address on file."),
        (Addressee(1, "Lin", "lin at home"), "The holder's e-mail address can't be one."),
        (Addressee(1, "Lin", "lin@example.org\nBcc: all@example.org"), "The holder's e-mail address can't be one."),
        (Addressee(1, "Lin", "lin@example.org"), None),
        (Addressee(1, None, "lin@example.org"), None),
    ],
)
def test_who_cannot_be_written_to_and_why(addressee: Addressee | None, sentence: str | None) -> None:
    """A name is not needed, an address is."""
    assert address_refusal(addressee) == sentence


INSTANTS = st.integers(0, 90 * 24 * 60).map(lambda minutes: at("2026-09-01") + timedelta(minutes=minutes))
CARDS = st.builds(
    Remindable,
    balance_minor=st.integers(0, 2),
    active_from_at=INSTANTS,
    last_day_on=st.just(LAST_DAY),
    cut_off_at=st.just(LONDON.cut_off(LAST_DAY)),
    loaded_at=st.none() | INSTANTS,
    reactivated_at=st.none() | INSTANTS,
    imported_at=st.none() | INSTANTS,
)
LEADS = st.lists(st.builds(Lead, st.builds(Period, st.integers(1, 60), st.just("days")), INSTANTS), max_size=4)


@given(card=CARDS, leads=LEADS, now=INSTANTS, taken=st.sets(st.integers(1, 60), max_size=2), hour=st.integers(0, 23))
def test_what_is_due_can_be_spent_and_what_is_planned_comes_due(
    card: Remindable, leads: list[Lead], now: datetime, taken: set[int], hour: int
) -> None:
    """Whatever the card: never early, never after the cut-off, never twice, and the forecast keeps its word."""
    keys = {(LAST_DAY, days) for days in taken}
    found = outlook(card, leads, keys, hour, now, LONDON)
    assert card.cut_off_at is not None
    if found.due is not None:
        assert card.active_from_at <= found.due.at <= now < card.cut_off_at
        assert found.due.key not in keys
        again = outlook(card, leads, keys | {found.due.key}, hour, now, LONDON)
        assert again.due is None
        assert again.planned == found.planned
    for call in found.planned:
        assert now < call.at < card.cut_off_at
        assert outlook(card, leads, keys, hour, call.at, LONDON).due == call
    assert (found.why_none is None) == bool(found.due or found.planned)
