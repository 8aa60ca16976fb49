"""Whether a card can be reactivated, on which grounds, and what becomes of it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from models.rules.facts import CardFacts
from models.rules.policy import Policy
from models.rules.reactivation import grounds, is_expired, plan, reactivation_refusal, why_no_ground
from models.rules.roles import Actor, Role
from models.rules.validity import BusinessTime

LONDON = BusinessTime("Europe/London")
POLICY = Policy()
SAM = Actor(Role.AGENT, "sam@desk.example")

MICROSECOND = timedelta(microseconds=1)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)

CUT_OFF = datetime(2026, 11, 21, 3, tzinfo=UTC)
NOW = CUT_OFF + timedelta(hours=11)
MAY = datetime(2026, 5, 21, tzinfo=UTC)

SWEPT = CardFacts("GBP", 0, active_from_at=MAY, cut_off_at=CUT_OFF, last_day_on=date(2026, 11, 20), broken_minor=5000)
UNSWEPT = replace(SWEPT, balance_minor=5000, broken_minor=0)
SPENT = replace(SWEPT, broken_minor=0)
LIVE = replace(UNSWEPT, cut_off_at=NOW + 200 * DAY, last_day_on=date(2027, 6, 8))
HELD = replace(LIVE, suspended_at=NOW - DAY)


def on(text: str) -> date:
    return date.fromisoformat(text)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def refusal(card: CardFacts, now: datetime = NOW, actor: Actor = SAM, policy: Policy = POLICY) -> str | None:
    return reactivation_refusal(card, actor, policy, now, LONDON)


# Grounds.


@pytest.mark.parametrize("card", [SWEPT, UNSWEPT], ids=["swept", "not swept"])
@pytest.mark.parametrize(
    ("since_cut_off", "expected"),
    [
        (timedelta(), ("recently_expired",)),
        (timedelta(hours=11), ("recently_expired",)),
        (timedelta(hours=24) - SECOND, ("recently_expired",)),
        (timedelta(hours=24), ("recently_expired",)),
        (timedelta(hours=24) + MICROSECOND, ()),
        (timedelta(hours=24) + SECOND, ()),
        (timedelta(days=400), ()),
    ],
)
def test_recently_expired_ends_with_exactly_24_hours(
    card: CardFacts, since_cut_off: timedelta, expected: tuple[str, ...]
) -> None:
    """Swept or not: nothing depends on when the expiry run comes by."""
    assert grounds(card, POLICY, CUT_OFF + since_cut_off) == expected


def test_a_microsecond_before_its_cut_off_a_card_has_not_expired() -> None:
    assert grounds(replace(UNSWEPT, is_vip=True), POLICY, CUT_OFF - MICROSECOND) == ()


@pytest.mark.parametrize(
    ("zone", "last_day", "closes_at", "on_the_wall"),
    [
        # The hour that a spring night skips is not taken from the customer: the window closes at 04:00.
        ("Europe/London", "2026-03-27", "2026-03-29 03:00", "2026-03-29 04:00"),
        ("America/New_York", "2026-03-06", "2026-03-08 08:00", "2026-03-08 04:00"),
        ("Europe/Athens", "2026-03-27", "2026-03-29 01:00", "2026-03-29 04:00"),
        ("Europe/Athens", "2026-03-28", "2026-03-30 01:00", "2026-03-30 04:00"),
        ("Pacific/Chatham", "2026-09-25", "2026-09-26 14:15", "2026-09-27 04:00"),
        ("Pacific/Chatham", "2026-09-26", "2026-09-27 14:00", "2026-09-28 03:45"),
        # The hour that an autumn night repeats is not given twice.
        ("Europe/London", "2026-10-23", "2026-10-25 02:00", "2026-10-25 02:00"),
        ("America/New_York", "2026-10-30", "2026-11-01 07:00", "2026-11-01 02:00"),
        ("Europe/Athens", "2026-10-23", "2026-10-25 00:00", "2026-10-25 03:00"),
        ("Europe/Athens", "2026-10-24", "2026-10-26 01:00", "2026-10-26 03:00"),
        ("Pacific/Chatham", "2026-04-03", "2026-04-04 13:15", "2026-04-05 03:00"),
        ("Pacific/Chatham", "2026-04-04", "2026-04-05 14:15", "2026-04-06 03:00"),
    ],
)
def test_the_window_is_elapsed_time_when_the_clocks_change(
    zone: str, last_day: str, closes_at: str, on_the_wall: str
) -> None:
    business = BusinessTime(zone)
    end = utc(closes_at)
    card = replace(
        SWEPT, active_from_at=end - 200 * DAY, cut_off_at=business.cut_off(on(last_day)), last_day_on=on(last_day)
    )
    assert end.astimezone(business.tz).replace(tzinfo=None) == datetime.fromisoformat(on_the_wall)
    for passed in (-SECOND, timedelta()):
        assert grounds(card, POLICY, end + passed) == ("recently_expired",)
        assert reactivation_refusal(card, SAM, POLICY, end + passed, business) is None
    for passed in (MICROSECOND, SECOND):
        assert grounds(card, POLICY, end + passed) == ()
        assert reactivation_refusal(card, SAM, POLICY, end + passed, business) is not None


def test_all_grounds_that_hold_are_recorded() -> None:
    assert grounds(replace(SWEPT, is_vip=True), POLICY, NOW) == ("vip", "recently_expired")


def test_a_vip_has_no_time_limit() -> None:
    assert grounds(replace(SWEPT, is_vip=True), POLICY, CUT_OFF + timedelta(days=3000)) == ("vip",)


def test_a_hold_is_left_aside_when_grounds_are_looked_for() -> None:
    assert grounds(replace(SWEPT, suspended_at=MAY), POLICY, NOW) == ("recently_expired",)


@pytest.mark.parametrize(
    "card",
    [LIVE, SPENT, replace(LIVE, cut_off_at=None, last_day_on=None), HELD],
    ids=["live", "spent before its cut-off", "never expires", "held while live"],
)
def test_a_card_that_did_not_expire_has_no_ground_even_for_a_vip(card: CardFacts) -> None:
    assert grounds(replace(card, is_vip=True), POLICY, NOW) == ()


@pytest.mark.parametrize("card", [SWEPT, UNSWEPT, replace(SWEPT, suspended_at=MAY)], ids=["swept", "not swept", "held"])
def test_a_cancelled_card_is_not_expired_and_has_no_ground(card: CardFacts) -> None:
    cancelled = replace(card, cancelled_at=MAY, is_vip=True)
    assert not is_expired(cancelled, NOW)
    assert grounds(cancelled, POLICY, NOW) == ()
    assert "was cancelled" in (refusal(cancelled) or "")


@pytest.mark.parametrize("card", [SWEPT, UNSWEPT], ids=["swept", "not swept"])
def test_a_card_is_expired_only_once_it_could_have_been_spent(card: CardFacts) -> None:
    """Not active yet comes before expired, to the microsecond."""
    vip = replace(card, is_vip=True)
    for active_from_at, expired in ((NOW + MICROSECOND, False), (NOW, True)):
        waiting = replace(vip, active_from_at=active_from_at)
        assert is_expired(waiting, NOW) is expired
        assert (grounds(waiting, POLICY, NOW) != ()) is expired
        assert (refusal(waiting) is None) is expired


def test_a_hold_hides_no_expiry() -> None:
    assert is_expired(replace(SWEPT, suspended_at=MAY), NOW)
    assert not is_expired(HELD, NOW)


@pytest.mark.parametrize(
    ("policy", "hours", "expected"),
    [
        (Policy(grounds=("vip",)), 1, ("vip",)),
        (Policy(grounds=("recently_expired",)), 1, ("recently_expired",)),
        (Policy(grounds=()), 1, ()),
        (Policy(window_hours=48), 48, ("vip", "recently_expired")),
        (Policy(window_hours=12), 13, ("vip",)),
        (Policy(window_hours=0), 0, ("vip", "recently_expired")),
    ],
)
def test_the_policy_says_which_grounds_there_are_and_how_wide_the_window_is(
    policy: Policy, hours: int, expected: tuple[str, ...]
) -> None:
    assert grounds(replace(SWEPT, is_vip=True), policy, CUT_OFF + timedelta(hours=hours)) == expected


# What a reactivation does.


@pytest.mark.parametrize(
    ("last_day", "now", "expected"),
    [
        ("2026-11-20", "2026-11-21 14:00", "2026-11-28"),
        ("2026-11-27", "2026-11-21 14:00", "2026-11-28"),
        ("2026-11-28", "2026-11-21 14:00", "2026-11-28"),
        ("2026-11-29", "2026-11-21 14:00", "2026-11-29"),
        ("2027-09-20", "2026-11-21 14:00", "2027-09-20"),
        ("2026-11-20", "2026-12-25 23:59:59", "2027-01-01"),
        ("2026-06-29", "2026-06-30 22:59:59", "2026-07-07"),
        ("2026-06-29", "2026-06-30 23:00:00", "2026-07-08"),
        ("2028-02-20", "2028-02-22 12:00", "2028-02-29"),
    ],
)
def test_the_last_day_becomes_seven_days_from_today_and_is_never_shortened(
    last_day: str, now: str, expected: str
) -> None:
    """Today is the date in London, where a summer evening's 23:00 UTC is already tomorrow."""
    assert plan(replace(SWEPT, last_day_on=on(last_day)), POLICY, utc(now), LONDON).last_day_on == on(expected)


def test_a_balance_that_never_expires_still_never_does_after_a_lift() -> None:
    never = replace(HELD, cut_off_at=None, last_day_on=None)
    assert plan(never, POLICY, NOW, LONDON).last_day_on is None


def test_the_policy_says_how_many_days_are_given() -> None:
    assert plan(SWEPT, Policy(extension_days=30), NOW, LONDON).last_day_on == on("2026-12-21")


@pytest.mark.parametrize(
    ("active_from", "last_day", "expected"),
    [
        ("2026-12-01 00:00", "2026-12-03", "2026-12-08"),
        ("2026-12-01 00:00", "2026-12-07", "2026-12-08"),
        ("2026-12-01 00:00", "2026-12-08", "2026-12-08"),
        ("2026-12-01 00:00", "2026-12-09", "2026-12-09"),
        ("2026-11-21 00:00", "2026-11-22", "2026-11-28"),
        ("2026-11-22 00:00", "2026-11-22", "2026-11-29"),
    ],
)
def test_a_card_held_before_its_start_has_seven_days_after_it(active_from: str, last_day: str, expected: str) -> None:
    held = replace(
        HELD, active_from_at=utc(active_from), last_day_on=on(last_day), cut_off_at=LONDON.cut_off(on(last_day))
    )
    assert plan(held, POLICY, NOW, LONDON).last_day_on == on(expected)


@pytest.mark.parametrize(
    ("card", "restores", "lifts"),
    [
        (SWEPT, 5000, False),
        (UNSWEPT, 0, False),
        (HELD, 0, True),
        (replace(SWEPT, suspended_at=MAY), 5000, True),
        (replace(UNSWEPT, suspended_at=MAY), 0, True),
        (replace(SWEPT, broken_minor=1), 1, False),
    ],
    ids=["swept", "not swept", "held", "held and swept", "held, not swept", "one penny"],
)
def test_what_the_last_breakage_took_comes_back_and_nothing_else(card: CardFacts, restores: int, lifts: bool) -> None:
    done = plan(card, POLICY, NOW, LONDON)
    assert (done.restores_minor, done.lifts) == (restores, lifts)


def test_a_plan_names_the_grounds_that_it_rests_on() -> None:
    assert plan(replace(SWEPT, is_vip=True), POLICY, NOW, LONDON).grounds == ("vip", "recently_expired")
    assert plan(HELD, POLICY, NOW, LONDON).grounds == ()


# Refusals.


@pytest.mark.parametrize(
    "card",
    [SWEPT, UNSWEPT, HELD, replace(SWEPT, suspended_at=MAY), replace(HELD, balance_minor=0)],
    ids=["swept", "not swept", "held", "held and swept", "held and spent"],
)
def test_an_expired_card_with_a_ground_and_a_held_one_can_be_reactivated(card: CardFacts) -> None:
    assert refusal(card) is None


# One card with everything wrong, mended from the top: what is told first, and what is left to tell next.
EVERYTHING_WRONG = replace(
    LIVE,
    is_consistent=False,
    cancelled_at=MAY,
    open_flags=2,
    people_emails=frozenset({"sam@desk.example", "ada@home.example"}),
)
MENDED: list[tuple[str, dict[str, Any], str]] = [
    ("the card adds up", {"is_consistent": True}, "cancelled on 21 May 2026 01:00"),
    ("it is not cancelled", {"cancelled_at": None}, "neither expired nor suspended"),
    ("it expired", {"cut_off_at": NOW - 3 * DAY}, "expired 3 days ago"),
    ("the holder is a vip", {"is_vip": True}, "2 flags are open"),
    ("the flags are cleared", {"open_flags": 0}, "a card of your own"),
]


def test_refusals_are_told_in_their_order() -> None:
    auditor = Actor(Role.AUDITOR, "sam@desk.example")
    assert "auditor may not" in (refusal(EVERYTHING_WRONG, actor=auditor) or "")
    assert "does not add up" in (refusal(EVERYTHING_WRONG) or "")
    card = EVERYTHING_WRONG
    for what, change, told_next in MENDED:
        card = replace(card, **change)
        assert told_next in (refusal(card) or ""), what
    assert refusal(card, actor=Actor(Role.AGENT, "kim@desk.example")) is None


@pytest.mark.parametrize("role", Role)
def test_agents_supervisors_and_managers_reactivate_and_nobody_else(role: Role) -> None:
    assert (refusal(SWEPT, actor=Actor(role)) is None) is (role in {"agent", "supervisor", "manager"})


@pytest.mark.parametrize(
    "card",
    [
        LIVE,
        SPENT,
        replace(LIVE, balance_minor=0),
        replace(LIVE, active_from_at=NOW + DAY),
        replace(UNSWEPT, active_from_at=NOW + DAY),
        replace(SWEPT, active_from_at=NOW + DAY),
    ],
    ids=["live", "spent and over", "spent", "not active yet", "over before it begins", "broken before it begins"],
)
def test_what_is_neither_expired_nor_suspended_has_nothing_to_reactivate(card: CardFacts) -> None:
    told = refusal(replace(card, is_vip=True))
    assert told is not None
    assert "neither expired nor suspended" in told


def test_past_its_cut_off_without_a_ground_a_card_is_refused_with_when_it_stopped() -> None:
    told = refusal(SWEPT, now=CUT_OFF + timedelta(hours=24) + MICROSECOND)
    assert told is not None
    assert "Sat 21 Nov 03:00" in told


@pytest.mark.parametrize(
    ("policy", "why"),
    [
        (Policy(), "more than 24 h, and no VIP organisation"),
        (Policy(window_hours=0), "more than 0 h, and no VIP organisation"),
        (Policy(window_hours=168, grounds=("recently_expired", "vip")), "more than 168 h, and no VIP organisation"),
        (Policy(grounds=("recently_expired",)), "more than 24 h"),
        (Policy(grounds=("vip",)), "no VIP organisation"),
    ],
)
def test_why_there_is_no_ground_names_those_that_the_policy_knows(policy: Policy, why: str) -> None:
    assert why_no_ground(policy) == why
    late = refusal(SWEPT, now=CUT_OFF + timedelta(days=8), policy=policy)
    assert late == f"The card expired 8 days ago (the balance stopped on Sat 21 Nov 03:00): {why}."


def test_a_policy_without_grounds_says_so() -> None:
    told = refusal(SWEPT, policy=Policy(grounds=()))
    assert told is not None
    assert "the policy knows no exception" in told
    assert "more than" not in told
    assert "VIP" not in told
    assert told.endswith("): the policy knows no exception.")


def test_a_year_late_the_refusal_tells_the_year() -> None:
    assert "Sat 21 Nov 2026 03:00" in (refusal(SWEPT, now=CUT_OFF + timedelta(days=365)) or "")


@pytest.mark.parametrize("card", [SWEPT, UNSWEPT], ids=["swept", "not swept"])
def test_a_hold_does_not_get_an_expired_card_past_the_policy(card: CardFacts) -> None:
    held = replace(card, suspended_at=MAY)
    late = CUT_OFF + timedelta(hours=24) + MICROSECOND
    assert refusal(held, now=CUT_OFF + timedelta(hours=24)) is None
    assert refusal(held, now=late) is not None
    assert refusal(replace(held, is_vip=True), now=late) is None


def test_a_held_card_that_was_spent_and_is_over_is_refused() -> None:
    """Past its cut-off without a ground, for nothing of it expired."""
    told = refusal(replace(SPENT, suspended_at=MAY, is_vip=True))
    assert told is not None
    assert told.startswith("Nothing expired on this card that could come back: the balance stopped on Sat 21 Nov 03:00")


def test_a_held_card_with_money_that_is_over_before_it_begins_is_not_said_to_be_spent() -> None:
    """It is past its cut-off without a ground, for a card that has not begun is not expired either."""
    told = refusal(replace(UNSWEPT, suspended_at=MAY, active_from_at=NOW + DAY, is_vip=True))
    assert told is not None
    assert "that could come back" in told
    assert "spent" not in told


@pytest.mark.parametrize(("flags", "told"), [(1, "1 flag is open: "), (3, "3 flags are open: ")])
@pytest.mark.parametrize("card", [SWEPT, HELD], ids=["expired", "held"])
def test_an_open_flag_stops_it(card: CardFacts, flags: int, told: str) -> None:
    assert told in (refusal(replace(card, open_flags=flags)) or "")


@pytest.mark.parametrize(
    ("email", "refused"),
    [("sam@desk.example", True), ("ada@home.example", False), (None, False)],
)
def test_nobody_reactivates_a_card_of_their_own(email: str | None, refused: bool) -> None:
    card = replace(SWEPT, people_emails=frozenset({"sam@desk.example", "ben@home.example"}))
    told = refusal(card, actor=Actor(Role.SUPERVISOR, email))
    assert (told == "This is a card of your own: ask a colleague.") is refused
    assert (told is None) is not refused
