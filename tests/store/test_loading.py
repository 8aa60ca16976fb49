"""Stories of products, issuing and topping up."""

from datetime import UTC, date, datetime

import pytest
from store.counter import BOTH, NOON, Counter, everything_stored

from models import desk
from models.desk import PersonGiven
from models.desk.agents import set_agent
from models.finding import find_exact
from models.jobs.expire import expire
from models.rules.validity import Period, ValidityRules

ENGINES = BOTH


def test_a_card_is_issued_with_its_code_told_once(counter: Counter) -> None:
    """Mia sells fifty pounds to Ada; the code she reads out finds the card, in any spelling."""
    done = desk.issue(
        counter.mia, "half", 5000, recipient=PersonGiven("Ada", "ada@example.org"), place="Leeds", order_ref="10482"
    )
    assert done.done
    assert done.hand_out is not None
    assert find_exact(counter.store, done.hand_out.lower().replace(" ", "-")) == done.card_id
    sheet = counter.sheet(done.card_id or 0)
    assert done.sentence == (f"Card ···· {sheet.last_four} issued with 50.00 GBP, valid until Fri 20 Nov 2026.")
    assert (sheet.balance_minor, sheet.last_day_on) == (5000, date(2026, 11, 20))
    assert sheet.holder is not None
    assert sheet.holder.email == "ada@example.org"
    assert sheet.active_from_at == NOON
    assert not counter.findings()


def test_the_journal_says_who_issued_where_and_for_which_order(counter: Counter) -> None:
    """A year later the auditor reads who sold the card, where and when."""
    card = counter.issued(place="Leeds", order_ref="10482", ref="T-1", is_goodwill=True)
    (line,) = counter.journal(card)
    assert (line.kind, line.amount_minor, line.balance_after_minor) == ("issue", 5000, 5000)
    assert (line.actor, line.place, line.order_ref) == ("Mia", "Leeds", "10482")
    assert (line.effective_at, line.recorded_at) == (NOON, NOON)
    assert (line.details["ref"], line.details["goodwill"]) == ("T-1", True)


def test_what_somebody_paid_for_is_no_goodwill(counter: Counter) -> None:
    """The books take the one from the bank and the other from marketing."""
    card = counter.issued()
    assert desk.top_up(counter.sue, card, 500).done
    assert [line.details.get("goodwill") for line in counter.journal(card)] == [None, None]


def test_the_code_is_not_kept_anywhere(counter: Counter) -> None:
    """Whoever steals the database cannot spend a card: no code lies in it, spaced or not."""
    done = desk.issue(counter.mia, "half", 5000, intent="sale-1")
    code = (done.hand_out or "").replace(" ", "").encode()
    held = everything_stored(counter.store.path)
    assert code not in held
    assert (done.hand_out or "").encode() not in held


def test_a_delayed_card_starts_at_the_first_instant_of_its_day(counter: Counter) -> None:
    """Bought on 21 May with three days' delay: valid from midnight in London on 24 May."""
    sheet = counter.sheet(counter.issued("careful"))
    assert sheet.active_from_at == datetime(2026, 5, 23, 23, tzinfo=UTC)
    assert sheet.status == "inactive"


@pytest.mark.parametrize(
    ("product", "amount", "currency", "sentence"),
    [
        ("half", 0, None, "The amount must be more than zero, and less than any gift card can hold."),
        ("half", -1, None, "The amount must be more than zero, and less than any gift card can hold."),
        ("half", 10**12 + 1, None, "The amount must be more than zero, and less than any gift card can hold."),
        ("nope", 100, None, "There is no product called 'nope'. See: giftdesk product list"),
        ("half", 100, "QQQ", "There is no currency called 'QQQ'; use its three letters, like GBP."),
    ],
)
def test_a_sale_that_cannot_be_is_refused(
    counter: Counter, product: str, amount: int, currency: str | None, sentence: str
) -> None:
    """No card comes into being when something is wrong with the sale."""
    refused = desk.issue(counter.mia, product, amount, currency=currency)
    assert (refused.done, refused.sentence, refused.hand_out) == (False, sentence, None)
    assert find_no_card(counter)


def find_no_card(counter: Counter) -> bool:
    with counter.store.database.connected():
        return bool(counter.store.database.execute_sql("SELECT count(*) FROM gift_card").fetchone() == (0,))


def test_an_expiry_date_that_is_over_stops_the_sale(counter: Counter) -> None:
    """On 1 September nobody can sell the summer card any more."""
    counter.at("2026-09-01T02:00")
    refused = desk.issue(counter.mia, "summer", 100)
    assert refused.sentence == "The balance would stop on 31 Aug 2026, which is already over."


def test_an_agent_may_not_issue(counter: Counter) -> None:
    """Sam asks a supervisor, and is told so."""
    refused = desk.issue(counter.sam, "half", 100)
    assert refused.sentence == "An agent may not issue cards; ask a supervisor or a manager."


def test_a_top_up_adds_money_and_time(counter: Counter) -> None:
    """Half a year begins again on the day of the latest load."""
    card = counter.issued()
    counter.at("2026-06-30T10:00")
    done = desk.top_up(counter.sue, card, 1000)
    assert done.sentence.endswith(": 10.00 GBP loaded, 60.00 GBP on the card, valid until Tue 29 Dec 2026.")
    assert counter.sheet(card).last_day_on == date(2026, 12, 29)
    assert counter.kinds(card) == ["issue", "top_up"]
    assert not counter.findings()


def test_a_shorter_rule_never_takes_days_away(counter: Counter) -> None:
    """The product was cut down to a week since: the card keeps the last day that its customer was told."""
    card = counter.issued()
    assert desk.set_product(counter.mia, "half", rules=ValidityRules(period=Period(1, "weeks"))).done
    assert desk.top_up(counter.sue, card, 1000).done
    assert counter.sheet(card).last_day_on == date(2026, 11, 20)


def test_a_second_load_leaves_the_start_where_it_was(counter: Counter) -> None:
    """Topping up a card that is not valid yet neither hurries nor delays it."""
    card = counter.issued("careful")
    counter.wait(days=2)
    assert desk.top_up(counter.sue, card, 1000).done
    assert counter.sheet(card).active_from_at == datetime(2026, 5, 23, 23, tzinfo=UTC)


@pytest.mark.parametrize("is_swept", [False, True], ids=["run not by yet", "run was by"])
def test_a_load_on_an_expired_card_brings_the_new_money_only(counter: Counter, is_swept: bool) -> None:
    """What was broken stays broken, whether or not the run had booked it."""
    card = counter.issued("week")
    counter.wait(days=10)
    if is_swept:
        expire(counter.olaf)
    assert desk.top_up(counter.sue, card, 1000).done
    sheet = counter.sheet(card)
    assert (sheet.balance_minor, sheet.status) == (1000, "active")
    assert counter.kinds(card) == ["issue", "breakage", "top_up"]
    assert counter.journal(card)[1].effective_at == datetime(2026, 5, 28, 2, tzinfo=UTC)
    assert not counter.findings()


@pytest.mark.parametrize("is_swept", [False, True], ids=["run not by yet", "run was by"])
def test_what_broke_does_not_count_towards_the_most_that_a_card_can_hold(counter: Counter, is_swept: bool) -> None:
    """The fullest card there can be has expired: it takes new money, whether or not the run was by."""
    card = counter.issued("week", 10**12)
    counter.wait(days=10)
    if is_swept:
        expire(counter.olaf)
    assert desk.top_up(counter.sue, card, 100).done
    assert counter.sheet(card).balance_minor == 100


def test_nobody_gives_goodwill_to_a_card_of_their_own(counter: Counter) -> None:
    """Sue pays for her own top-up like everybody else; a present to herself is a colleague's to give."""
    assert set_agent(counter.mia, "sue", email="sue@home.example").done
    card = counter.issued(recipient=desk.PersonGiven("Sue", "Sue@home.example"))
    refused = desk.top_up(counter.sue, card, 500, is_goodwill=True)
    assert refused.sentence == "This is a card of your own: ask a colleague."
    assert desk.top_up(counter.sue, card, 500).done
    assert desk.top_up(counter.mia, card, 500, is_goodwill=True).done
    assert counter.last(card).details["goodwill"] is True


def test_a_suspended_card_takes_no_money(counter: Counter) -> None:
    """Whoever put it on hold decides first."""
    card = counter.issued()
    desk.suspend(counter.sue, card, "stolen")
    counter.assert_refused(
        desk.top_up(counter.sue, card, 1000),
        "The card is suspended: it takes no money until the suspension is lifted.",
        card,
        ["issue", "suspended"],
    )


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [
        (0, "The amount must be more than zero, and less than any gift card can hold."),
        (10**12, "That is more than a gift card can hold."),
    ],
)
def test_a_top_up_of_nothing_or_too_much_is_refused(counter: Counter, amount: int, sentence: str) -> None:
    """The card stays as it is."""
    card = counter.issued()
    counter.assert_refused(desk.top_up(counter.sue, card, amount), sentence, card, ["issue"])


def test_a_top_up_fills_a_card_to_the_brim(counter: Counter) -> None:
    card = counter.issued(amount_minor=10**12 - 1)
    assert desk.top_up(counter.sue, card, 1).done
    assert counter.sheet(card).balance_minor == 10**12


def test_a_top_up_past_a_fixed_date_is_refused_and_breaks_nothing(counter: Counter) -> None:
    """The refusal undoes the breakage that the load would have booked first."""
    card = counter.issued("summer")
    counter.at("2026-09-03T12:00")
    counter.assert_refused(
        desk.top_up(counter.sue, card, 1000),
        "The balance would stop on 31 Aug 2026, which is already over.",
        card,
        ["issue"],
    )


def test_nobody_tops_up_a_card_that_is_not_there(counter: Counter) -> None:
    """A wrong record number gets a sentence."""
    assert desk.top_up(counter.sue, 4711, 1000).sentence == "There is no such card."


def test_an_agent_may_not_top_up(counter: Counter) -> None:
    """Sam asks a supervisor, and is told so."""
    card = counter.issued()
    counter.assert_refused(
        desk.top_up(counter.sam, card, 1000),
        "An agent may not top up cards; ask a supervisor or a manager.",
        card,
        ["issue"],
    )


def test_a_product_is_set_and_its_cards_keep_their_days(counter: Counter) -> None:
    """Mia shortens the product; only cards that are sold from now on notice."""
    old = counter.issued()
    done = desk.set_product(counter.mia, "Half", rules=ValidityRules(period=Period(1, "months"), month_end=True))
    assert done.sentence == "Half (half): 1 month from last load, to the end of the month."
    assert counter.sheet(old).last_day_on == date(2026, 11, 20)
    assert counter.sheet(counter.issued()).last_day_on == date(2026, 6, 30)
    assert not counter.findings()


@pytest.mark.parametrize(
    ("code", "rules", "sentence"),
    [
        (
            "no spaces",
            ValidityRules(),
            "A product's short name has letters, digits and dashes only, 40 at most, such as half-year.",
        ),
        ("bad", ValidityRules(expires_on=date(2026, 5, 20)), "The expiry date is in the past."),
        (
            "bad",
            ValidityRules(period=Period(1, "weeks"), expires_on=date(2027, 1, 1)),
            "Choose either a period or a date for the expiry, not both.",
        ),
        ("bad", ValidityRules(month_end=True), "Rounding to the end of the month needs a period."),
    ],
)
def test_a_product_that_makes_no_sense_is_refused(
    counter: Counter, code: str, rules: ValidityRules, sentence: str
) -> None:
    """Nothing of it is saved."""
    refused = desk.set_product(counter.mia, code, rules=rules)
    assert (refused.done, refused.sentence) == (False, sentence)
    assert desk.issue(counter.mia, "bad", 100).sentence.startswith("There is no product called 'bad'")


def test_only_a_manager_sets_products(counter: Counter) -> None:
    """Sue sees the rules but leaves them alone."""
    refused = desk.set_product(counter.sue, "half", rules=ValidityRules())
    assert refused.sentence == "A supervisor may not change products; ask a manager."
