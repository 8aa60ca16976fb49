"""Products over time: where they are sold, since when their reminders are owed, what retiring them leaves alone."""

from datetime import date, timedelta

import pytest
from store.counter import NOON, PRODUCTS, Counter, plain_sql

from models import desk
from models.errors import Refused
from models.jobs.expire import expire
from models.products import ProductSheet, product_named
from models.reminding import card_outlook
from models.rules.announcing import announce
from models.rules.roles import Role
from models.rules.status import Status
from models.rules.validity import Period, ValidityRules
from models.schema import PolicyVersion
from models.store import policy_in_force

HALF = PRODUCTS["half"]


def product(counter: Counter, code: str = "half") -> ProductSheet:
    with counter.store.database.connected():
        return product_named(code)


# The examples that the rules were made from, on real cards.


@pytest.mark.parametrize(
    ("month_end", "last_day", "stops"),
    [(False, date(2027, 12, 29), "2027-12-30 03:00"), (True, date(2027, 12, 31), "2028-01-01 03:00")],
    ids=["to the day", "to the end of the month"],
)
def test_a_top_up_at_the_end_of_june_lasts_until_the_end_of_december_and_then_the_whole_balance_breaks(
    counter: Counter, month_end: bool, last_day: date, stops: str
) -> None:
    """Not the oldest money only: what was loaded in January goes with what was loaded in June."""
    rules = ValidityRules(period=Period(6, "months"), month_end=month_end)
    counter.at("2027-01-01 12:00")
    assert desk.set_product(counter.mia, "six", rules=rules).done
    card = counter.issued("six", 5000)
    assert counter.sheet(card).last_day_on == date(2027, 6, 30)
    counter.at("2027-06-30 12:00")
    assert desk.top_up(counter.mia, card, 2000).done
    assert counter.sheet(card).last_day_on == last_day
    counter.at(stops)
    counter.wait(microseconds=-1)
    assert counter.sheet(card).status is Status.ACTIVE
    assert expire(counter.mia, is_sure=True).cards == 0
    counter.wait(microseconds=1)
    assert counter.sheet(card).status is Status.EXPIRED
    assert expire(counter.mia, is_sure=True).cards == 1
    assert (counter.last(card).amount_minor, counter.last(card).balance_after_minor) == (-7000, 0)
    assert not counter.findings()


@pytest.mark.parametrize("code", PRODUCTS)
def test_what_is_announced_is_what_happens(counter: Counter, code: str) -> None:
    """The days that a customer is promised are those of the card, when it is issued and when it is topped up."""
    leads = [Period(2, "weeks"), Period(1, "days")]
    assert desk.set_product(counter.mia, code, rules=PRODUCTS[code], reminders=leads).done
    topped_up_at = NOON + timedelta(days=5)
    business = counter.store.business
    promised = (
        announce(PRODUCTS[code], leads, NOON, business),
        announce(PRODUCTS[code], leads, NOON, business, topped_up_at),
    )
    card = counter.issued(code)
    for told, instant in zip(promised, (NOON, topped_up_at), strict=True):
        if instant == topped_up_at:
            counter.clock.at = topped_up_at
            assert desk.top_up(counter.mia, card, 1000).done
        sheet = counter.sheet(card)
        assert (sheet.active_from_at, sheet.last_day_on, sheet.cut_off_at) == (
            told.active_from_at,
            told.last_day_on,
            told.cut_off_at,
        )
        _, ahead = card_outlook(counter.mia, card)
        assert [call.on for call in ahead.planned] == [
            each.on for each in told.reminders if each.on > business.date_of(instant)
        ]


def test_who_sells_a_card_hears_what_buyer_and_recipient_are_told(counter: Counter) -> None:
    """A shop puts the two lines on its page and into its e-mail, as they are."""
    done = desk.issue(counter.mia, "careful", 5000)
    days = "from Sun 24 May 2026 up to and including Fri 20 Nov 2026."
    assert done.sentence.endswith(" issued with 50.00 GBP, active from Sun 24 May 2026, valid until Fri 20 Nov 2026.")
    assert done.facts["buyer_line"] == f"You can use the card {days}"
    assert done.facts["gift_email"] == f"Your gift card is active {days}"


def test_where_no_sensible_days_can_be_told_the_card_is_sold_all_the_same(counter: Counter) -> None:
    """Active from the night after its last day it lives for three hours: true, and nothing to tell anybody."""
    rules = ValidityRules(valid_after=date(2026, 12, 25), expires_on=date(2026, 12, 24))
    assert desk.set_product(counter.mia, "night", rules=rules).done
    done = desk.issue(counter.mia, "night", 5000)
    assert done.done
    assert "buyer_line" not in done.facts


# Where it is sold.


def test_a_product_is_sold_everywhere_until_somebody_says_where(counter: Counter) -> None:
    assert product(counter).channels == ("web", "store")
    assert desk.set_product(counter.mia, "half", rules=HALF, channels=["store"]).done
    assert desk.set_product(counter.mia, "half", rules=HALF, name="Half a year").done
    assert product(counter).channels == ("store",)
    assert desk.set_product(counter.mia, "half", rules=HALF, channels=["store", "web"]).done
    assert product(counter).channels == ("web", "store")
    assert not counter.findings()


@pytest.mark.parametrize("channels", [[], ["phone"], ["web", "market"]])
def test_a_product_that_is_sold_nowhere_is_one_to_retire(counter: Counter, channels: list[str]) -> None:
    refused = desk.set_product(counter.mia, "half", rules=HALF, channels=channels)
    assert (refused.done, refused.sentence) == (
        False,
        "A product is sold in the web shop, in stores, or both; retire one that is sold nowhere.",
    )


# Retired.


def test_a_retired_product_is_issued_no_more_and_its_cards_live_on(counter: Counter) -> None:
    """Ada's card is topped up and replaced as ever; a second one can't be sold until Mia brings the product back."""
    card = counter.issued("half")
    assert desk.retire_product(counter.mia, "half", ref="ZD-1").done
    assert product(counter).retired_at == NOON
    refused = desk.issue(counter.mia, "half", 5000)
    assert (refused.done, refused.sentence) == (
        False,
        "Half is retired: no more cards of it are issued. A manager can bring it back: giftdesk product restore half",
    )
    counter.wait(days=30)
    assert desk.top_up(counter.mia, card, 1000).done
    assert counter.sheet(card).last_day_on == date(2026, 12, 19)
    assert desk.replace(counter.mia, card, "lost").done
    assert desk.restore_product(counter.mia, "half").done
    assert product(counter).retired_at is None
    assert counter.issued("half")
    assert not counter.findings()


def test_a_retired_product_stays_retired_when_its_rules_are_set(counter: Counter) -> None:
    """Its cards still follow its rules when they are topped up."""
    assert desk.retire_product(counter.mia, "half").done
    assert desk.set_product(counter.mia, "half", rules=ValidityRules()).done
    assert product(counter).retired_at == NOON
    assert not counter.findings()


def test_who_may_not_change_products_retires_none(counter: Counter) -> None:
    for outcome in (desk.retire_product(counter.sue, "half"), desk.restore_product(counter.sue, "half")):
        assert (outcome.done, outcome.sentence) == (False, "A supervisor may not change products; ask a manager.")
    assert not desk.retire_product(counter.mia, "quarter").done


# Reminders.


def test_a_reminder_is_owed_since_it_was_put_on_the_schedule(counter: Counter) -> None:
    """However often the product is saved, in weeks or days; taken off and put on again it begins anew."""

    def since() -> dict[int, float]:
        return {lead.days: (lead.since_at - NOON).total_seconds() / 86400 for lead in product(counter).reminders}

    assert desk.set_product(counter.mia, "half", rules=HALF, reminders=[Period(2, "weeks")]).done
    counter.wait(days=1)
    assert desk.set_product(counter.mia, "half", rules=HALF, reminders=[Period(3, "days"), Period(14, "days")]).done
    counter.wait(days=1)
    assert desk.set_product(counter.mia, "half", rules=ValidityRules()).done
    assert since() == {3: 1, 14: 0}
    assert str(product(counter).reminders[1].period) == "14 days"
    assert desk.set_product(counter.mia, "half", rules=HALF, reminders=[]).done
    assert desk.set_product(counter.mia, "half", rules=HALF, reminders=[Period(3, "days")]).done
    assert since() == {3: 2}
    assert not counter.findings()


@pytest.mark.parametrize("change", ["its name", "a retirement"])
def test_a_reminder_of_an_older_desk_is_owed_since_the_product_was_changed_last(counter: Counter, change: str) -> None:
    """Such a schedule doesn't say since when; what is changed besides must not make it younger."""
    assert desk.set_product(counter.mia, "half", rules=HALF, reminders=[Period(2, "weeks")]).done
    with plain_sql(counter.store.path) as sql:
        sql.execute("UPDATE product SET reminders = '[[2,\"weeks\"]]' WHERE code = 'half'")
    counter.wait(days=1)
    if change == "its name":
        assert desk.set_product(counter.mia, "half", rules=HALF, name="Half a year").done
    else:
        assert desk.retire_product(counter.mia, "half").done
    assert [lead.since_at for lead in product(counter).reminders] == [NOON]
    assert not counter.findings()


@pytest.mark.parametrize(
    ("column", "spoiled"),
    [
        ("reminders", '[[2,"months"]]'),
        ("reminders", '[["2","weeks"]]'),
        ("reminders", '[[2,"weeks","2026-05-21","x"]]'),
        ("reminders", '[[2,"weeks","soon"]]'),
        ("reminders", "[3]"),
        ("reminders", "7"),
        ("channels", '["moon"]'),
        ("channels", "[]"),
        ("channels", '"web"'),
        ("channels", '[["web"]]'),
    ],
)
def test_a_product_that_another_tool_spoiled_is_said_to_be_and_set_anew(
    counter: Counter, column: str, spoiled: str
) -> None:
    with plain_sql(counter.store.path) as sql:
        sql.execute(f"UPDATE product SET {column} = ? WHERE code = 'half'", (spoiled,))
    with pytest.raises(Refused, match=f"^The {column} of a product were changed with another tool: "):
        product(counter)
    leads = [Period(2, "weeks")]
    assert desk.set_product(counter.mia, "half", rules=HALF, reminders=leads, channels=["web"]).done
    assert product(counter).channels == ("web",)
    assert [lead.days for lead in product(counter).reminders] == [14]
    assert not counter.findings()


def test_a_schedule_from_before_there_was_a_longest_lead_is_read_as_it_is(counter: Counter) -> None:
    with plain_sql(counter.store.path) as sql:
        sql.execute("UPDATE product SET reminders = '[[900,\"weeks\"]]' WHERE code = 'half'")
    assert [lead.days for lead in product(counter).reminders] == [6300]


def test_two_reminders_on_one_day_are_one_too_many(counter: Counter) -> None:
    twice = desk.set_product(counter.mia, "half", rules=HALF, reminders=[Period(2, "weeks"), Period(14, "days")])
    assert (twice.done, twice.sentence) == (False, "The reminder 14 days before the last day is there twice.")
    assert product(counter).reminders == ()


# The policy.


def test_each_change_of_the_policy_is_a_version_of_its_own(counter: Counter) -> None:
    def in_force() -> tuple[int, int, tuple[str, ...]]:
        with counter.store.database.connected():
            policy = policy_in_force(counter.store)
        return policy.version, policy.reminder_hour, policy.jurisdictions

    assert in_force() == (1, 9, ())
    assert desk.set_policy(counter.mia, reminder_hour=7).done
    assert desk.set_policy(counter.mia, jurisdictions=["us", "ie"]).done
    same = desk.set_policy(counter.mia, reminder_hour=7)
    assert (same.done, same.sentence) == (True, "The policy says that already: version 3.")
    assert in_force() == (3, 7, ("us", "ie"))
    with counter.store.database.connected():
        assert [row.actor_id for row in PolicyVersion.select().order_by(PolicyVersion.version)] == [None, 1, 1]
    assert not counter.findings()


@pytest.mark.parametrize(
    ("login", "hour", "sentence"),
    [
        ("mia", 24, "The hour from which reminders go is 0 to 23."),
        ("sue", 7, "A supervisor may not change the policy; ask a manager."),
    ],
)
def test_a_policy_that_cannot_be_followed_is_not_set_nor_by_anybody_else(
    counter: Counter, login: str, hour: int, sentence: str
) -> None:
    refused = desk.set_policy(getattr(counter, login), reminder_hour=hour)
    assert (refused.done, refused.sentence) == (False, sentence)


def test_a_length_that_a_chosen_country_forbids_is_saved_and_warned_about(counter: Counter) -> None:
    """Whether the law covers these cards is for the business to know."""
    assert desk.set_product(counter.mia, "half", rules=HALF).facts["warnings"] == []
    assert desk.set_policy(counter.mia, jurisdictions=["ie"]).done
    done = desk.set_product(counter.mia, "half", rules=HALF)
    assert done.done
    (warning,) = done.facts["warnings"]
    assert warning.startswith("A balance of 6 months is too short. The law of Ireland asks for 5 years ")


# Two managers at once.


def test_a_product_that_a_colleague_changed_is_left_as_it_is(counter: Counter) -> None:
    """The refusal says who, and what; what was saved without a change stands in nobody's way."""
    opened = product(counter)
    assert desk.set_product(counter.mia, "half", rules=HALF).done
    year = ValidityRules(period=Period(1, "years"))
    assert desk.set_product(counter.mia, "half", rules=year, opened=opened).done
    assert desk.agents.set_agent(counter.mia, "sue", role=Role.MANAGER).done
    assert desk.set_product(counter.sue, "week", rules=year).done
    late = desk.set_product(counter.sue, "half", rules=HALF, opened=opened)
    assert not late.done
    assert late.sentence == "Mia changed Half since you opened it. Nothing was saved."
    assert late.changes == ("Validity: 1 year from last load (before: 6 months from last load)",)
    assert product(counter).rules == year


def test_what_is_to_be_new_takes_nobodys_place(counter: Counter) -> None:
    refused = desk.set_product(counter.mia, "HALF", name="Other", rules=HALF, is_new=True)
    assert not refused.done
    assert refused.sentence.startswith("There is a product called half already: ")
    assert desk.set_product(counter.mia, "other", name="Other", rules=HALF, is_new=True).done
