"""What customers are told about a product's cards: the examples that the rules were made from, and every edge."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from models.rules import wording
from models.rules.announcing import Announcement, Unsellable, announce
from models.rules.errors import BadDate
from models.rules.products import problems
from models.rules.validity import UNITS, BusinessTime, Period, ValidityRules, active_from, last_day, later

LONDON = BusinessTime("Europe/London")
HALF_YEAR = ValidityRules(period=Period(6, "months"))
TO_MONTH_END = ValidityRules(period=Period(6, "months"), month_end=True)
LEADS = (Period(4, "weeks"), Period(3, "days"))


def on(text: str) -> date:
    return date.fromisoformat(text)


def noon(text: str) -> datetime:
    """London keeps UTC in winter; noon is the same day either way."""
    return datetime.combine(on(text), datetime.min.time(), UTC) + timedelta(hours=12)


def told(rules: ValidityRules, bought: str = "2026-01-01", topped_up: str | None = None) -> Announcement:
    return announce(rules, LEADS, noon(bought), LONDON, None if topped_up is None else noon(topped_up))


def days(announcement: Announcement) -> list[tuple[str, str]]:
    return [(each.on.isoformat(), str(each.lead)) for each in announcement.reminders]


# The examples.


def test_a_card_bought_after_its_date_is_still_active_only_after_three_days() -> None:
    rules = ValidityRules(activation_delay_days=3, valid_after=on("2026-01-01"), period=Period(6, "months"))
    later = told(rules, "2026-02-10")
    assert later.active_from_on == on("2026-02-13")
    assert later.active_from_at == LONDON.start_of(on("2026-02-13"))
    assert later.web_line.startswith("The card becomes active 3 days after the day on which it is bought.")
    assert later.gift_email == "Your gift card is active from Fri 13 Feb 2026 up to and including Sun 9 Aug 2026."
    early = told(rules, "2025-12-01")
    assert early.active_from_on == on("2026-01-01")
    assert ", but not before Thu 1 Jan 2026." in early.web_line


@pytest.mark.parametrize(
    ("rules", "first", "after_the_top_up"),
    [(HALF_YEAR, "2026-06-30", "2026-12-29"), (TO_MONTH_END, "2026-06-30", "2026-12-31")],
    ids=["to the day", "to the end of the month"],
)
def test_six_months_from_new_year_end_in_june_and_after_a_top_up_in_june_at_the_end_of_december(
    rules: ValidityRules, first: str, after_the_top_up: str
) -> None:
    assert told(rules).last_day_on == on(first)
    again = told(rules, topped_up="2026-06-30")
    assert again.last_day_on == on(after_the_top_up)
    assert again.buyer_line == told(rules).buyer_line
    assert again.top_up_line is not None
    assert again.top_up_line.startswith("The whole balance can be spent up to and including ")


@pytest.mark.parametrize(
    ("rules", "stops"), [(HALF_YEAR, "2026-12-30 03:00"), (TO_MONTH_END, "2027-01-01 03:00")], ids=["day", "month end"]
)
def test_the_balance_stops_at_three_in_the_night_after_and_no_customer_hears_of_the_hour(
    rules: ValidityRules, stops: str
) -> None:
    after = told(rules, topped_up="2026-06-30")
    assert after.cut_off_at == datetime.fromisoformat(stops).replace(tzinfo=UTC)
    for line in (after.web_line, after.buyer_line, after.gift_email, after.print_line, after.top_up_line or ""):
        assert "03" not in line
        assert ":" not in line


@pytest.mark.parametrize(
    ("rules", "moved_to"),
    [
        (HALF_YEAR, [("2026-12-01", "4 weeks"), ("2026-12-26", "3 days")]),
        (TO_MONTH_END, [("2026-12-03", "4 weeks"), ("2026-12-28", "3 days")]),
    ],
    ids=["day", "month end"],
)
def test_a_top_up_takes_the_reminders_along_and_what_went_before_it_had_gone(
    rules: ValidityRules, moved_to: list[tuple[str, str]]
) -> None:
    went = [("2026-06-02", "4 weeks"), ("2026-06-27", "3 days")]
    assert days(told(rules)) == went
    assert days(told(rules, topped_up="2026-06-30")) == went + moved_to
    assert [each.last_day_on for each in told(rules, topped_up="2026-06-30").reminders][1:3] == [
        on("2026-06-30"),
        told(rules, topped_up="2026-06-30").last_day_on,
    ]


# Lengths.


def test_a_fixed_day_is_told_as_a_date_and_no_top_up_moves_it() -> None:
    rules = ValidityRules(expires_on=on("2026-12-24"))
    after = told(rules, topped_up="2026-12-01")
    assert after.web_line == (
        "The balance can be spent up to and including Thu 24 Dec 2026; a top-up does not move that day."
    )
    assert after.last_day_on == on("2026-12-24")
    assert days(after) == [("2026-11-26", "4 weeks"), ("2026-12-21", "3 days")]


def test_a_balance_that_does_not_expire_is_said_to_and_reminds_of_nothing() -> None:
    never = told(ValidityRules(), topped_up="2026-06-30")
    assert never.web_line == never.print_line == never.top_up_line == "The balance does not expire."
    assert never.buyer_line == "You can use the card from Thu 1 Jan 2026; its balance does not expire."
    assert (never.last_day_on, never.cut_off_at, never.reminders) == (None, None, ())


def test_the_web_shop_says_how_long_and_that_it_starts_afresh() -> None:
    assert told(HALF_YEAR).web_line == (
        "The balance lasts 6 months from the day of purchase; "
        "each top-up starts that time afresh for the whole balance."
    )
    assert "from the day of purchase and on to the end of that month;" in told(TO_MONTH_END).web_line


@pytest.mark.parametrize(
    ("delay", "valid_after", "line"),
    [
        (0, None, ""),
        (0, "2026-01-01", ""),
        (0, "2026-01-02", "The card becomes active on Fri 2 Jan 2026. "),
        (1, None, "The card becomes active on the day after it is bought. "),
        (3, "2026-01-04", "The card becomes active 3 days after the day on which it is bought. "),
        (
            3,
            "2026-01-05",
            "The card becomes active 3 days after the day on which it is bought, but not before Mon 5 Jan 2026. ",
        ),
    ],
)
def test_when_the_card_becomes_active_is_told_before_buying(delay: int, valid_after: str | None, line: str) -> None:
    """A date that makes no difference to who buys on that day or later is left out."""
    after = None if valid_after is None else on(valid_after)
    rules = ValidityRules(activation_delay_days=delay, valid_after=after)
    assert told(rules).web_line == f"{line}The balance does not expire."


def test_the_print_on_a_card_asks_to_register_it_where_that_brings_a_reminder() -> None:
    assert told(HALF_YEAR).print_line == f"{told(HALF_YEAR).web_line} Register the card to be reminded by e-mail."
    assert announce(HALF_YEAR, (), noon("2026-01-01"), LONDON).print_line == told(HALF_YEAR).web_line


def test_the_day_is_the_one_on_the_wall_of_the_business() -> None:
    """Half past eleven at night UTC in summer is the next day in London."""
    bought = datetime(2026, 5, 20, 23, 30, tzinfo=UTC)
    assert announce(HALF_YEAR, (), bought, LONDON).last_day_on == on("2026-11-20")


# Top-ups.


def test_a_top_up_after_the_end_brings_new_money_only_and_says_so() -> None:
    after = told(HALF_YEAR, topped_up="2026-08-01")
    assert after.top_up_line == (
        "The earlier balance expired at the end of Tue 30 Jun 2026. "
        "What is put on the card can be spent up to and including Sun 31 Jan 2027."
    )


def test_a_top_up_before_the_purchase_is_refused() -> None:
    with pytest.raises(Unsellable, match="before the purchase"):
        told(HALF_YEAR, "2026-01-02", topped_up="2026-01-01")


def test_a_top_up_on_the_due_day_of_a_reminder_moves_it_along() -> None:
    assert days(told(HALF_YEAR, topped_up="2026-06-02")) == [("2026-11-03", "4 weeks"), ("2026-11-28", "3 days")]


# Reminders.


@pytest.mark.parametrize(("weeks", "goes"), [(26, False), (25, True)])
def test_a_reminder_is_owed_only_when_it_is_due_after_the_day_of_purchase(weeks: int, goes: bool) -> None:
    """The last day lies 26 weeks after the purchase."""
    rules = ValidityRules(period=Period(26 * 7 + 1, "days"))
    assert bool(announce(rules, [Period(weeks, "weeks")], noon("2026-01-01"), LONDON).reminders) is goes


def test_a_card_that_is_not_active_yet_is_reminded_on_the_day_it_becomes_active() -> None:
    rules = ValidityRules(valid_after=on("2026-12-20"), expires_on=on("2026-12-31"))
    assert days(told(rules)) == [("2026-12-20", "4 weeks"), ("2026-12-28", "3 days")]


def test_of_several_that_would_go_on_one_day_only_the_nearest_does() -> None:
    rules = ValidityRules(valid_after=on("2026-12-30"), expires_on=on("2026-12-31"))
    assert days(told(rules)) == [("2026-12-30", "3 days")]


def test_a_reminder_longer_than_any_calendar_goes_never() -> None:
    assert announce(HALF_YEAR, [Period(999_999, "weeks")], noon("2026-01-01"), LONDON).reminders == ()


# What cannot be sold.


@pytest.mark.parametrize(
    ("rules", "reason"),
    [
        (ValidityRules(expires_on=on("2025-12-30")), "already over"),
        (ValidityRules(valid_after=on("2026-12-26"), expires_on=on("2026-12-24")), "after its last day"),
        (ValidityRules(valid_after=on("2026-12-25"), expires_on=on("2026-12-24")), "can be told such days"),
    ],
)
def test_what_nobody_could_spend_is_not_announced(rules: ValidityRules, reason: str) -> None:
    """Three hours of the night after the last day are left to the third, and nothing that a customer could be told."""
    with pytest.raises(Unsellable, match=reason):
        told(rules)


def test_days_beyond_every_calendar_are_refused_with_a_sentence() -> None:
    for rules in (ValidityRules(activation_delay_days=10**12), ValidityRules(period=Period(10**12, "days"))):
        with pytest.raises(BadDate, match=r"2200.*\.$"):
            told(rules)


# Everything together, against arithmetic that was written a second time.


RULES = st.builds(
    ValidityRules,
    st.sampled_from([0, 0, 1, 3, 30]),
    st.none() | st.dates(on("2026-01-01"), on("2027-12-31")),
    st.none() | st.builds(Period, st.integers(1, 60), st.sampled_from(UNITS)),
    st.none() | st.dates(on("2026-01-01"), on("2027-12-31")),
    st.booleans(),
)
SCHEDULES = st.lists(
    st.builds(Period, st.integers(1, 80), st.sampled_from(UNITS[:2])),
    max_size=5,
    unique_by=lambda lead: lead.shortest_days,
)
ZONES = [BusinessTime(zone) for zone in ("Europe/London", "Europe/Athens", "America/Havana", "Australia/Lord_Howe")]


def expected_reminders(
    told: Announcement, leads: list[Period], bought_on: date, topped_up_on: date, first: date | None
) -> list[date]:
    """Each lead before each last day: after the load that set it, and before the next load; one a day."""
    days = set()
    for loaded_on, until, last in ((bought_on, topped_up_on, first), (topped_up_on, date.max, told.last_day_on)):
        for lead in leads if last is not None else ():
            due_on = date.fromordinal(max(1, (last or date.max).toordinal() - lead.shortest_days))
            if due_on > loaded_on and max(due_on, told.active_from_on) < until:
                days.add(max(due_on, told.active_from_on))
    return sorted(days)


@given(
    RULES,
    SCHEDULES,
    st.sampled_from(ZONES),
    st.integers(0, 540 * 24),
    st.integers(0, 400),
)
@settings(deadline=None, max_examples=300)
def test_whatever_can_be_sold_is_told_in_whole_sentences_with_the_days_that_the_rules_give(
    rules: ValidityRules, leads: list[Period], business: BusinessTime, hour: int, days: int
) -> None:
    bought_at = noon("2026-01-01") + timedelta(hours=hour)
    topped_up_at = bought_at + timedelta(days=days)
    assume(not problems(rules, bought_at, business))
    try:
        told = announce(rules, leads, bought_at, business, topped_up_at)
    except Unsellable:
        return
    first = last_day(rules, bought_at, business)
    assert told.last_day_on == later(first, last_day(rules, topped_up_at, business))
    assert told.active_from_at == active_from(rules, bought_at, business)
    assert told.cut_off_at == (None if told.last_day_on is None else business.cut_off(told.last_day_on))
    for line in (told.web_line, told.buyer_line, told.gift_email, told.print_line, told.top_up_line or ""):
        assert line[0].isupper()
        assert line.endswith(".")
        assert "  " not in line
        assert ":" not in line
    for line in (told.buyer_line, told.gift_email):
        assert wording.weekday(told.active_from_on) in line
        assert ("does not expire" if first is None else wording.weekday(first)) in line
    bought_on, topped_up_on = business.date_of(bought_at), business.date_of(topped_up_at)
    assert [each.on for each in told.reminders] == expected_reminders(told, leads, bought_on, topped_up_on, first)
