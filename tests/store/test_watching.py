"""Stories of the watch: who reactivates too much, who tried it for themselves, and for whose people it was done."""

from datetime import date, timedelta
from typing import Any

import pytest
from store.counter import BOTH, NOON, STAFF, Counter, plain_sql
from store.journals import reactivated

from models import desk
from models.desk.agents import set_agent
from models.errors import Refused
from models.rules.policy import shipped
from models.unit import Session
from models.watching import Watch, watch

ENGINES = BOTH
NUMBERS = {login: place for place, login in enumerate(STAFF, 1)}


@pytest.fixture(autouse=True)
def _thresholds(counter: Counter) -> None:
    """The desk is warned of more than eight a day, and of so many in 7, 14 and 28 days."""
    assert desk.set_policy(counter.mia, warn_at=8, alarms=shipped("GBP").alarms).done


def busy(counter: Counter, login: str, count: int, **details: Any) -> None:
    """A card of nobody's is reactivated so often within this hour."""
    at = counter.clock.now()
    instants = [at + place * timedelta(minutes=1) for place in range(count)]
    reactivated(counter.store, counter.issued(), NUMBERS[login], instants, **details)
    counter.wait(hours=1)


def alarms(seen: Watch) -> list[tuple[str, int, int, bool]]:
    """Who rose above the limit of how many days, to how many, and whether that is new."""
    return [(each.login, each.rise.limit.days, each.rise.highest, each.is_new) for each in seen.alarms]


def test_more_than_the_warning_of_a_day_is_for_the_supervisor(counter: Counter) -> None:
    """The ninth; at midnight in London another day begins, and what was stays listed."""
    busy(counter, "sam", 8)
    assert watch(counter.sue).alarms == ()
    busy(counter, "sam", 1)
    assert alarms(watch(counter.sue)) == [("sam", 1, 9, True)]
    counter.at("2026-05-21T23:00")
    (alarm,) = watch(counter.sue).alarms
    assert (alarm.is_over, alarm.present, alarm.rise.since) == (True, 0, date(2026, 5, 21))
    assert not counter.findings()


def test_an_approved_one_counts_for_whoever_asked(counter: Counter) -> None:
    """Sue approves nine of Sam's: it is Sam who did them."""
    busy(counter, "sue", 9, asked_by=NUMBERS["sam"], asked_by_name="Sam")
    assert alarms(watch(counter.mia)) == [("sam", 1, 9, True)]
    assert [(each.login, each.sums) for each in watch(counter.mia).worked] == [("sam", (9, 9, 9, 9))]


def test_sums_over_days_are_told_as_of_any_instant(counter: Counter) -> None:
    """Seven a day is below the warning; on the fifth day it is too much for a week."""
    for _ in range(6):
        busy(counter, "sam", 7)
        counter.wait(hours=23)
    assert alarms(watch(counter.ada)) == [("sam", 7, 42, True)]
    assert watch(counter.ada, NOON + timedelta(days=4)).alarms == ()
    (alarm,) = watch(counter.ada, NOON + timedelta(days=4, hours=1)).alarms
    assert (alarm.rise.since, alarm.present) == (date(2026, 5, 25), 35)


def test_quota_rows_are_not_believed(counter: Counter) -> None:
    """Somebody counts a row of nobody's up by SQL, and has none of their own."""
    with plain_sql(counter.store.path) as sql:
        sql.execute("INSERT INTO quota (agent_id, on_day, used) VALUES (2, '2026-05-21', 500)")
    busy(counter, "sam", 9)
    assert alarms(watch(counter.mia)) == [("sam", 1, 9, True)]


def test_each_alarm_is_new_once_to_everybody_who_watches(counter: Counter) -> None:
    """Sue has seen it, Ada has not; what rises later on the same day is new again."""
    busy(counter, "sam", 9)
    assert desk.see_alarms(counter.sue).facts["seen"] == 1
    assert desk.see_alarms(counter.sue).facts["seen"] == 0
    assert (watch(counter.sue).new, len(watch(counter.ada).new)) == ((), 1)
    busy(counter, "pat", 10)
    assert [each.login for each in watch(counter.sue).new] == ["pat"]
    desk.see_alarms(counter.sue)
    busy(counter, "sam", 30)
    assert [(each.login, each.rise.limit.days) for each in watch(counter.sue).new] == [("sam", 7)]
    desk.see_alarms(counter.sue)
    counter.wait(days=40)
    busy(counter, "sam", 9)
    assert alarms(watch(counter.sue)) == [("sam", 1, 9, True)]
    assert not counter.findings()


def test_only_who_watches_may_see_it(counter: Counter) -> None:
    """Agents and Payments Support do not."""
    for login in ("sam", "pat", "olaf"):
        with pytest.raises(Refused, match="may not see the alarms"):
            watch(Session(counter.store, login))
        assert not desk.see_alarms(Session(counter.store, login)).done


def test_an_own_card_that_was_tried_is_written_down_once_a_day(counter: Counter) -> None:
    """Sam tries to reactivate his own card, again and again: refused each time, and told once to who watches."""
    card = counter.issued("week", recipient=desk.PersonGiven("Sam", "sam@desk.example"))
    other = counter.issued("week", recipient=desk.PersonGiven("Ada", "ada@example.org"))
    counter.wait(days=7)
    for _ in range(3):
        outcome = desk.reactivate(counter.sam, card)
        assert outcome.sentence == "This is a card of your own: ask a colleague."
    assert desk.reactivate(counter.sam, other).done
    (own,) = watch(counter.sue).own
    assert (own.agent, own.card_id, own.action) == ("Sam", card, "reactivate")
    counter.wait(hours=12)
    desk.reactivate(counter.sam, card)
    assert [each.card_id for each in watch(counter.sue).own] == [card, card]
    assert counter.kinds(card) == ["issue"]
    assert not counter.findings()


def test_a_balance_moved_to_an_own_card_is_written_down_too(counter: Counter) -> None:
    """Mia, a manager, moves a customer's balance to a card that she bought."""
    assert set_agent(counter.mia, "mia", email="mia@desk.example").done
    source, target = counter.issued(), counter.issued(purchaser=desk.PersonGiven("Mia", "mia@desk.example"))
    outcome = desk.transfer(counter.mia, source, target, reason="a favour")
    assert outcome.sentence == "The other card is one of your own: ask a colleague."
    (own,) = watch(counter.sue).own
    assert (own.agent, own.card_id, own.action) == ("Mia", target, "transfer")


def test_an_address_that_was_taken_away_before_is_known_still(counter: Counter) -> None:
    """Mia, a manager, takes her own address away, and with it what keeps her from her own card."""
    assert set_agent(counter.mia, "mia", email="mia@desk.example").done
    own = counter.issued(recipient=desk.PersonGiven("Emma", "mia@desk.example"))
    assert set_agent(counter.mia, "mia", email="").done
    reactivated(counter.store, own, NUMBERS["mia"], [counter.clock.now()])
    (kin,) = watch(counter.sue).kin
    assert (kin.agent, kin.card_id, kin.like, kin.is_address) == ("Mia", own, "Mia", True)


def test_who_shares_a_name_or_an_address_with_the_desk_is_told(counter: Counter) -> None:
    """Sam's cousin has his family's name; somebody uses the address of a colleague; Ada is nobody's."""
    assert set_agent(counter.mia, "sue", name="Sue Ångström").done
    cousin = counter.issued(recipient=desk.PersonGiven("sue angstrom", "other@example.org"))
    colleague = counter.issued(purchaser=desk.PersonGiven("Nobody", "SAM@desk.example"))
    stranger = counter.issued(recipient=desk.PersonGiven("Sam", "ada@example.org"))
    for card in (cousin, colleague, stranger):
        reactivated(counter.store, card, NUMBERS["pat"], [counter.clock.now()])
    seen = watch(counter.mia).kin
    assert {(each.agent, each.card_id, each.like, each.is_address) for each in seen} == {
        ("Pat", cousin, "Sue Ångström", False),
        ("Pat", colleague, "Sam", True),
    }
    counter.wait(days=28)
    assert watch(counter.mia).kin == ()
