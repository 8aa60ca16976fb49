"""Stories of reactivation under the policy."""

from datetime import date, timedelta

import pytest
from store.counter import BOTH, Counter

from models import desk
from models.desk import PersonGiven
from models.jobs.expire import expire

ENGINES = BOTH

STOPPED = "2026-05-28T02:00"
"""The cut-off, UTC, of a card that was sold for a week on 21 May."""
NOTE = "Reactivated per policy – VIP customer / expired <24h."


@pytest.fixture
def expired(counter: Counter) -> int:
    """A card of fifty pounds, three hours after its cut-off."""
    card = counter.issued("week")
    counter.at(STOPPED)
    counter.wait(hours=3)
    return card


def make_vip(counter: Counter, card: int) -> None:
    """Let the card's holder belong to a VIP organisation."""
    assert desk.set_organisation(counter.sue, "Northwind", is_vip=True).done
    assert desk.register(counter.sue, card, PersonGiven("Lin", "lin@example.org"), organisation="Northwind").done


def test_what_the_run_broke_is_given_back_in_one_step(counter: Counter, expired: int) -> None:
    """Sam presses one key: money, days, note and reactivation, in this order and all at once."""
    expire(counter.olaf)
    done = desk.reactivate(counter.sam, expired, note="Customer was abroad.", ref="T-3")
    assert done.sentence.endswith(" is reactivated: 50.00 GBP given back, valid until Thu 4 Jun 2026.")
    assert counter.kinds(expired) == [
        "issue",
        "breakage",
        "reinstatement",
        "expiry_changed",
        "note",
        "reactivated",
    ]
    _, _, back, _, note, reactivated = counter.journal(expired)
    assert (back.amount_minor, back.reverses) == (5000, 2)
    assert note.reason == NOTE
    assert (reactivated.reason, reactivated.details["ref"]) == ("Customer was abroad.", "T-3")
    assert reactivated.details["grounds"] == ["recently_expired"]
    assert reactivated.details["policy"] == 1
    assert counter.sheet(expired).status == "active"
    assert not counter.findings()


def test_a_balance_that_the_run_had_not_booked_simply_stays(counter: Counter, expired: int) -> None:
    """Nothing broke, so nothing is given back; the customer has the same money and days."""
    done = desk.reactivate(counter.sam, expired)
    assert done.sentence.endswith(" is reactivated: valid until Thu 4 Jun 2026.")
    assert counter.kinds(expired) == ["issue", "expiry_changed", "note", "reactivated"]
    assert counter.sheet(expired).balance_minor == 5000
    assert expire(counter.olaf).cards == 0


@pytest.mark.parametrize("is_swept", [False, True], ids=["run not by yet", "run was by"])
@pytest.mark.parametrize(
    ("after", "is_done"),
    [(timedelta(), True), (timedelta(hours=24), True), (timedelta(hours=24, microseconds=1), False)],
)
def test_the_window_is_24_hours_to_the_microsecond(
    counter: Counter, is_swept: bool, after: timedelta, is_done: bool
) -> None:
    """The last instant of the window still counts."""
    card = counter.issued("week")
    counter.at(STOPPED)
    counter.clock.tick(after)
    if is_swept:
        expire(counter.olaf)
    assert desk.reactivate(counter.sam, card).done is is_done


def test_after_the_window_the_refusal_says_why(counter: Counter, expired: int) -> None:
    """Sam can read the sentence to the customer."""
    counter.wait(days=2)
    counter.assert_refused(
        desk.reactivate(counter.sam, expired),
        "The card expired 2 days ago (the balance stopped on Thu 28 May 03:00): "
        "more than 24 h, and no VIP organisation.",
        expired,
        ["issue"],
    )


def test_a_vip_gets_the_money_back_months_later(counter: Counter, expired: int) -> None:
    """The ground is read as it is now."""
    make_vip(counter, expired)
    counter.wait(days=100)
    expire(counter.olaf)
    done = desk.reactivate(counter.sam, expired)
    assert done.facts["grounds"] == ["vip"]
    assert done.facts["restored_minor"] == 5000
    desk.set_organisation(counter.sue, "Northwind", is_vip=False)
    counter.wait(days=100)
    assert not desk.reactivate(counter.sam, expired).done


def test_all_grounds_that_hold_are_recorded(counter: Counter, expired: int) -> None:
    """VIP and expired a moment ago: both stand in the journal."""
    make_vip(counter, expired)
    desk.reactivate(counter.sam, expired)
    assert counter.last(expired).details["grounds"] == ["vip", "recently_expired"]


def test_a_second_press_is_told_who_did_it_and_when(counter: Counter, expired: int) -> None:
    """Two agents, one customer: the second hears of the first."""
    desk.reactivate(counter.sue, expired)
    before = counter.kinds(expired)
    counter.assert_refused(
        desk.reactivate(counter.sam, expired),
        "Sue reactivated this card already, on 28 May 2026 06:00. Nothing was changed.",
        expired,
        before,
    )


@pytest.mark.files
def test_only_a_card_that_is_fine_was_reactivated_already(counter: Counter, expired: int) -> None:
    """Once it stopped again the rule's own reason counts; one that never stops is fine when its hold is lifted."""
    assert desk.reactivate(counter.sue, expired).done
    counter.wait(days=30)
    assert desk.reactivate(counter.sam, expired).sentence.startswith("The card expired 22 days ago")
    again = counter.issued("week")
    counter.clock.at = counter.sheet(again).cut_off_at or counter.clock.at
    assert desk.reactivate(counter.sue, again).done
    assert desk.raise_flag(counter.sue, again, "again?").done
    counter.clock.at = counter.sheet(again).cut_off_at or counter.clock.at
    assert desk.reactivate(counter.sam, again).sentence == "1 flag is open: read and clear each with a reason first."
    endless = counter.issued("forever")
    assert desk.suspend(counter.sue, endless, "stolen").done
    assert desk.reactivate(counter.sue, endless, reason="It was found.").done
    assert desk.reactivate(counter.sam, endless).sentence.startswith("Sue reactivated this card already, on ")


def test_a_card_that_expires_again_breaks_again_and_each_is_given_back_once(counter: Counter, expired: int) -> None:
    """Each reinstatement names its own breakage."""
    expire(counter.olaf)
    desk.reactivate(counter.sam, expired)
    counter.at("2026-06-05T02:00")
    expire(counter.olaf)
    desk.reactivate(counter.sam, expired)
    lines = [line for line in counter.journal(expired) if line.kind in ("breakage", "reinstatement")]
    assert [(line.kind.value, line.reverses and line.reverses - line.number) for line in lines] == [
        ("breakage", None),
        ("reinstatement", -1),
        ("breakage", None),
        ("reinstatement", -1),
    ]
    assert not counter.findings()


def test_what_broke_before_a_top_up_stays_broken(counter: Counter, expired: int) -> None:
    """The new money comes back, the old does not."""
    desk.top_up(counter.sue, expired, 700)
    counter.wait(days=7)
    expire(counter.olaf)
    assert desk.reactivate(counter.sam, expired).facts["restored_minor"] == 700
    assert counter.sheet(expired).balance_minor == 700


def test_lifting_a_hold_before_the_last_day_never_shortens_it(counter: Counter) -> None:
    """Six months left are six months left; the note says what is true."""
    card = counter.issued()
    desk.suspend(counter.sue, card, "stolen")
    done = desk.reactivate(counter.sam, card, reason="It was found.")
    assert done.done
    assert counter.sheet(card).last_day_on == date(2026, 11, 20)
    assert counter.kinds(card) == ["issue", "suspended", "unsuspended", "note", "reactivated"]
    assert counter.journal(card)[3].reason == "Suspension lifted per policy – It was found."


def test_lifting_a_hold_needs_a_reason(counter: Counter) -> None:
    """Nobody lifts a hold in silence."""
    card = counter.issued()
    desk.suspend(counter.sue, card, "stolen")
    counter.assert_refused(
        desk.reactivate(counter.sam, card, reason=" "),
        "The card is suspended: give the reason for which the suspension is lifted.",
        card,
        ["issue", "suspended"],
    )


def test_a_held_card_past_its_cut_off_is_restored_and_lifted_in_one(counter: Counter) -> None:
    """It stopped while it was on hold, three hours ago."""
    card = counter.issued("week")
    desk.suspend(counter.sue, card, "stolen")
    counter.at(STOPPED)
    counter.wait(hours=3)
    expire(counter.olaf)
    assert desk.reactivate(counter.sam, card, reason="found").done
    sheet = counter.sheet(card)
    assert (sheet.status, sheet.balance_minor) == ("active", 5000)
    assert not counter.findings()


def test_a_held_card_that_was_not_valid_yet_is_usable_for_a_week_after_its_start(counter: Counter) -> None:
    """The delay stays, and so do seven days behind it."""
    from models.rules.validity import Period, ValidityRules

    rules = ValidityRules(activation_delay_days=3, period=Period(4, "days"))
    assert desk.set_product(counter.mia, "short", rules=rules).done
    card = counter.issued("short")
    desk.suspend(counter.sue, card, "check")
    desk.reactivate(counter.sam, card, reason="fine")
    sheet = counter.sheet(card)
    assert (sheet.status, sheet.last_day_on) == ("inactive", date(2026, 5, 31))


def test_an_open_flag_comes_first(counter: Counter, expired: int) -> None:
    """A doubt is cleared with a reason before any money moves."""
    desk.raise_flag(counter.sam, expired, "stolen?")
    counter.assert_refused(
        desk.reactivate(counter.sam, expired),
        "1 flag is open: read and clear each with a reason first.",
        expired,
        ["issue", "flag_raised"],
    )
    desk.clear_flag(counter.sam, expired, "no")
    assert desk.reactivate(counter.sam, expired).done


def test_an_agent_does_not_reactivate_a_card_of_their_own(counter: Counter) -> None:
    """Sam's own present is a colleague's to judge."""
    card = counter.issued("week", recipient=PersonGiven("Sam", "SAM@desk.example"))
    counter.at(STOPPED)
    counter.assert_refused(
        desk.reactivate(counter.sam, card), "This is a card of your own: ask a colleague.", card, ["issue"]
    )
    assert desk.reactivate(counter.sue, card).done


def test_a_card_that_works_needs_no_reactivation(counter: Counter) -> None:
    """Sam is told that nothing is wrong."""
    card = counter.issued()
    counter.assert_refused(
        desk.reactivate(counter.sam, card),
        "There is nothing to reactivate: the card is neither expired nor suspended.",
        card,
        ["issue"],
    )


def test_a_card_spent_before_its_cut_off_did_not_expire(counter: Counter) -> None:
    """There is nothing to give back, not even to a VIP."""
    card = counter.issued("week")
    make_vip(counter, card)
    desk.redeem(counter.sam, card, 5000)
    counter.at(STOPPED)
    assert desk.reactivate(counter.sam, card).sentence == (
        "There is nothing to reactivate: the card is neither expired nor suspended."
    )


def test_a_dry_run_tells_and_changes_nothing(counter: Counter, expired: int) -> None:
    """The dialog can say what would happen before anybody presses Enter."""
    expire(counter.olaf)
    would = desk.reactivate(counter.sam, expired, is_dry_run=True)
    assert would.sentence.endswith(
        " would be reactivated: 50.00 GBP given back, valid until Thu 4 Jun 2026. Nothing was changed."
    )
    assert counter.kinds(expired) == ["issue", "breakage"]


@pytest.mark.parametrize("login", ["ada", "pat", "olaf"])
def test_who_does_not_serve_reactivates_nothing(counter: Counter, expired: int, login: str) -> None:
    """The role decides, in a sentence that names who may."""
    refused = desk.reactivate(getattr(counter, login), expired)
    assert refused.sentence.endswith(" may not reactivate cards; ask an agent, a supervisor or a manager.")
    assert counter.kinds(expired) == ["issue"]
