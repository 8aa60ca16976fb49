"""When an agent's reactivations alarm; and a year of honest work beside somebody who does two a day too many."""

import math
import random
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction

import pytest

from models.rules.alarms import Limit, Rise, limits_of, rises, within
from models.rules.policy import Policy, shipped

FIRST = date(2026, 1, 1)
DAY = timedelta(days=1)
LIMITS = limits_of(shipped("GBP"))
AGENTS, YEAR, SEEDS = 12, 365, 24
PLANTED_FROM = FIRST + 180 * DAY
NONE_COMES = math.exp(-2.5)
MONTHS = Fraction(YEAR * 12, 365)


def counts(*each_day: int) -> dict[date, int]:
    return {FIRST + place * DAY: count for place, count in enumerate(each_day)}


def test_what_alarms_is_what_the_policy_says() -> None:
    """More than the day's warning, and so many in 7, 14 and 28 days; a policy without a warning has none."""
    assert (Limit(1, 9), Limit(7, 33), Limit(14, 56), Limit(28, 98)) == LIMITS
    assert limits_of(Policy(alarms=((30, 100), (2, 9)))) == (Limit(2, 9), Limit(30, 100))


def test_the_warning_itself_is_no_alarm() -> None:
    """Eight on a day is what the agent is warned of; the ninth is the supervisor's concern."""
    assert rises(counts(8), LIMITS, FIRST, FIRST) == ()
    assert rises(counts(9), LIMITS, FIRST, FIRST) == (Rise(Limit(1, 9), FIRST, FIRST, 9),)


def test_a_sum_counts_its_days_and_not_one_more() -> None:
    """Ten in three days, the last one included."""
    each_day = counts(4, 3, 3, 3)
    assert [within(each_day, 3, FIRST + place * DAY) for place in range(6)] == [4, 7, 10, 9, 6, 3]
    (rise,) = rises(each_day, (Limit(3, 10),), FIRST, FIRST + 10 * DAY)
    assert (rise.since, rise.last_over, rise.highest) == (FIRST + 2 * DAY, FIRST + 2 * DAY, 10)


def test_an_alarm_is_told_once_until_its_days_have_passed() -> None:
    """It dips below and comes back within three days: the same alarm; after more than three it is another one."""
    limits = (Limit(3, 10),)
    (rise,) = rises(counts(10, 0, 0, 10), limits, FIRST, FIRST + 20 * DAY)
    assert (rise.since, rise.last_over) == (FIRST, FIRST + 5 * DAY)
    two = rises(counts(10, 0, 0, 0, 0, 0, 10), limits, FIRST, FIRST + 20 * DAY)
    assert [each.since for each in two] == [FIRST, FIRST + 6 * DAY]
    assert two[0].stands(FIRST + 5 * DAY)
    assert not two[0].stands(FIRST + 6 * DAY)


@pytest.mark.parametrize("seed", range(3))
def test_looking_later_sees_the_same_alarms(seed: int) -> None:
    """What was read from before the first day counts: a window that begins earlier does not change what is told."""
    dice = random.Random(seed)
    each_day = counts(*(dice.randint(0, 8) for _ in range(200)))
    last = FIRST + 199 * DAY
    late = FIRST + 60 * DAY
    seen = [each for each in rises(each_day, LIMITS, FIRST, last) if each.since >= late]
    again = [each for each in rises(each_day, LIMITS, FIRST + 28 * DAY, last) if each.since >= late]
    assert seen == again
    assert seen


def arrivals(dice: random.Random) -> int:
    """How many customers come on a day, two and a half on average, each whenever they like (Poisson's law)."""
    count, left = 0, dice.random()
    while left > NONE_COMES:
        count, left = count + 1, left * dice.random()
    return count


def year_of_work(seed: int) -> list[dict[date, int]]:
    """What each agent does: two and a half a day; the first one, from the middle of the year, two more every day."""
    dice = random.Random(seed)
    desk = [{FIRST + place * DAY: arrivals(dice) for place in range(YEAR)} for _ in range(AGENTS)]
    planted = desk[0]
    for on in planted:
        planted[on] += 2 if on >= PLANTED_FROM else 0
    return desk


def alarms(each_day: Mapping[date, int]) -> tuple[Rise, ...]:
    return rises(each_day, LIMITS, FIRST, FIRST + (YEAR - 1) * DAY)


@pytest.fixture(scope="module")
def years() -> list[list[dict[date, int]]]:
    """As many years as there are seeds."""
    return [year_of_work(seed) for seed in range(SEEDS)]


def test_who_does_two_a_day_too_many_is_found_within_28_days(years: list[list[dict[date, int]]]) -> None:
    """In every year, and by the sums over days: what a single day shows is too little."""
    until = [
        min(
            (rise.since - PLANTED_FROM).days
            for rise in alarms(desk[0])
            if rise.since >= PLANTED_FROM and rise.limit.days > 1
        )
        for desk in years
    ]
    print(f"found after days: {sorted(until)}")
    assert max(until) < 28


def test_honest_work_alarms_at_most_once_a_month_for_the_whole_desk(years: list[list[dict[date, int]]]) -> None:
    """Every alarm of every kind counts, of all who did nothing but their work."""
    honest = [rise for desk in years for each_day in desk[1:] for rise in alarms(each_day)]
    by_days = Counter(rise.limit.days for rise in honest)
    a_month = Fraction(len(honest) * AGENTS, (AGENTS - 1) * SEEDS) / MONTHS
    print(f"false alarms of a desk of {AGENTS} a month: {float(a_month):.2f}; in all, by days: {dict(by_days)}")
    assert 0 < a_month <= 1
