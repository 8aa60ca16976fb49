"""A year of work in real journals: whoever does too much is seen by who looks each day."""

import random
from datetime import date, datetime, time, timedelta

from rules.test_alarms import AGENTS, DAY, PLANTED_FROM, year_of_work
from store.counter import NOON, STAFF, Counter
from store.journals import reactivated

from models import desk
from models.agents import sign_on
from models.rules.policy import shipped
from models.rules.roles import Role
from models.watching import watch


def hours_of(on: date, count: int, dice: random.Random) -> list[datetime]:
    opened = datetime.combine(on, time(8), NOON.tzinfo)
    return sorted(opened + timedelta(seconds=dice.randrange(8 * 3600)) for _ in range(count))


def test_a_year_in_the_real_journals_shows_who_does_too_much(counter: Counter) -> None:
    """One of twelve does two a day too many from June on: Sue looks each day, and sees it within 28 days."""
    assert desk.set_policy(counter.mia, warn_at=8, alarms=shipped("GBP").alarms).done
    desk_of_twelve, dice = year_of_work(seed=1), random.Random(1)
    with counter.store.database.writing():
        logins = [f"agent{place}" for place in range(AGENTS)]
        for login in logins:
            sign_on(counter.store, NOON, login=login, name=login, role=Role.AGENT)
    for place, of_days in enumerate(desk_of_twelve):
        instants = [at for on, count in of_days.items() for at in hours_of(on, count, dice)]
        reactivated(counter.store, counter.issued("forever"), len(STAFF) + 1 + place, instants)
    looks = [datetime.combine(PLANTED_FROM + n * DAY, time(18), NOON.tzinfo) for n in range(28)]
    found = [(at, each) for at in looks for each in watch(counter.sue, at).alarms if each.login == "agent0"]
    assert any(each.rise.limit.days > 1 and each.rise.since >= PLANTED_FROM for _, each in found)
