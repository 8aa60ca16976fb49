"""Stories of what a customer may be told, when they are reminded, and reminders that somebody must decide about."""

from datetime import date, timedelta

import pytest
from driver import Driver
from screens.conftest import Demo, SitDown
from screens.payloads import EIGHT

from models import desk as actions
from models.jobs.demo import START
from models.rules.reminders import State
from models.rules.validity import Period, ValidityRules
from models.schema import Reminder
from models.unit import Session

FAY = "Active: confirm"
SPENT = "Spent to the last penny"
WRONG = "Does not add up"
HELD = "Suspended, no flag"


def remember(demo: Demo, desk: Driver, state: State, lead_days: int = 14, **columns: object) -> None:
    """A reminder of the open card that was taken in hand this morning."""
    assert desk.desk.sheet is not None
    assert desk.desk.sheet.holder is not None
    with demo.store.database.writing():
        Reminder.insert(
            card=desk.card_id,
            last_day_on=date(2027, 2, 2),
            lead_days=lead_days,
            customer=desk.desk.sheet.holder.id,
            **{"state": state, "is_late": False, "tries": 1, "claimed_at": START - timedelta(hours=5), **columns},
        ).execute()


def set_reminders(demo: Demo) -> None:
    """Mia has customers of Classic 50 reminded two weeks and three days before their last day."""
    rules = ValidityRules(period=Period(6, "months"))
    leads = [Period(2, "weeks"), Period(3, "days")]
    assert actions.set_product(Session(demo.store, "mia"), "classic", rules=rules, reminders=leads).done


# The customer's view


async def test_what_a_customer_may_be_told_is_shown_and_copied(sit_down: SitDown, demo: Demo) -> None:
    """Balance and last day, no more; when the next reminder goes stands beside it for the agent alone."""
    set_reminders(demo)
    async with sit_down() as desk:
        await desk.opens(FAY)
        await desk.presses("v")
        told = "This gift card holds 30.01 GBP, which can be spent up to and including Tue 2 Feb 2027."
        desk.sees("For the customer", told, "Sent to your terminal's clipboard.")
        desk.sees(
            "For you: the next reminder goes on Tue 19 Jan 2027, 14 days before the last day, to fay@example.org."
        )
        assert desk.app.clipboard == told
        await desk.presses("escape")
        desk.sees("History")


@pytest.mark.parametrize(
    ("scenario", "told", "reminded"),
    [
        (SPENT, "There is nothing left on this gift card.", "no reminder goes. There is nothing left on the card."),
        (
            HELD,
            "This gift card can't be used at present. Please contact us.",
            "no reminder goes. The card is suspended.",
        ),
        (
            WRONG,
            "This gift card can't be used at present. Please contact us.",
            "no reminder goes. The card does not add",
        ),
        ("Never expires", "which does not expire.", "no reminder goes. The balance never expires."),
    ],
)
async def test_other_cards_have_other_words(
    sit_down: SitDown, demo: Demo, scenario: str, told: str, reminded: str
) -> None:
    set_reminders(demo)
    async with sit_down() as desk:
        await desk.opens(scenario)
        await desk.presses("v")
        desk.sees(told, f"For you: {reminded}")


async def test_what_a_colleague_did_is_in_it(sit_down: SitDown, demo: Demo) -> None:
    """The card is read again: the balance told is the one of this moment."""
    async with sit_down() as desk:
        await desk.opens(FAY)
        assert actions.redeem(Session(demo.store, "mia"), desk.card_id, 1000).done
        await desk.presses("v")
        desk.sees("This gift card holds 20.01 GBP,", "Balance 20.01 GBP")


async def test_who_cannot_be_reminded_is_said(sit_down: SitDown, demo: Demo) -> None:
    set_reminders(demo)
    made = actions.issue(Session(demo.store, "mia"), "classic", 5000)
    async with sit_down() as desk:
        await desk.types(f"{made.hand_out}\rv")
        desk.sees("For you: the reminder 14 days before the last day can't go. Nobody is on file who holds the card.")


async def test_the_past_is_nothing_to_tell_a_customer(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.opens(FAY)
        await desk.types("t1 Oct 2026 12:00\r")
        await desk.presses("v")
        desk.sees("This is the card as it was on 1 Oct 2026 12:00: Esc brings back the present.")


# Deciding


async def test_somebody_asked_the_customer_and_records_that_it_was_sent(sit_down: SitDown, demo: Demo) -> None:
    """The dialog says which, to whom, when and what was said; without a reason nothing is decided."""
    async with sit_down(login="pat") as desk:
        await desk.opens(FAY)
        remember(demo, desk, State.CLAIMED)
        await desk.presses("f5", "R")
        desk.sees("14 days before Tue 2 Feb 2027", "Fay Björnsdóttir, fay@example.org", "last on 21 Nov 2026 09:02")
        desk.sees("it may have gone out or not", "1 of 3", "It went out: record it as sent")
        await desk.types("\r")
        desk.sees("Still to fill in: Reason.")
        await desk.types("Fay has it\r")
        desk.sees("Card ···· XPT9: the reminder is recorded as sent.")
        await desk.presses("a")
        desk.sees("reminder Pat: 14 days before Tue 2 Feb 2027: Fay has it")
        await desk.presses("R")
        desk.sees("No reminder of this card waits for a decision.")


async def test_a_refused_one_is_sent_again_or_dropped(sit_down: SitDown, demo: Demo) -> None:
    """It certainly did not go out: nobody can record that it did."""
    async with sit_down(login="pat") as desk:
        await desk.opens(FAY)
        remember(demo, desk, State.REFUSED, said="550 no such user")
        await desk.presses("f5", "R")
        desk.sees("Server said 550 no such user", "1 of 2", "Send it again with the next run")
        await desk.presses("up", "right")
        desk.sees("Drop it: it is not to be sent any more")
        await desk.presses("tab")
        await desk.types("moved away\r")
        desk.sees("the reminder is dropped; it is not sent any more.")


async def test_of_several_one_is_chosen(sit_down: SitDown, demo: Demo) -> None:
    async with sit_down(login="pat") as desk:
        await desk.opens(FAY)
        remember(demo, desk, State.CLAIMED, 14)
        remember(demo, desk, State.WAITING, 3, next_try_at=START + timedelta(hours=1))
        await desk.presses("f5", "R")
        desk.sees("1 of 2", "3 days before Tue 2 Feb 2027: waiting")
        await desk.presses("right", "enter")
        desk.sees("14 days before Tue 2 Feb 2027", "it may have gone out or not")
        await desk.presses("escape")
        desk.sees("Left as it was.")


async def test_one_that_is_being_sent_is_left_to_the_run(sit_down: SitDown, demo: Demo) -> None:
    async with sit_down(login="pat") as desk:
        await desk.opens(FAY)
        remember(demo, desk, State.CLAIMED, claimed_at=START - timedelta(minutes=1))
        await desk.presses("f5", "R")
        desk.sees("A run is sending the card's reminder at this moment: look again in a few minutes.")


@pytest.mark.parametrize(
    ("login", "scenario", "sentence"),
    [
        ("pat", FAY, "No reminder of this card waits for a decision."),
        ("sam", FAY, "An agent may not decide about reminders; ask a supervisor, a manager or an operator."),
        ("pat", WRONG, "The card does not add up: it takes notes and escalations only."),
    ],
)
async def test_where_there_is_nothing_to_decide_it_says_why(
    sit_down: SitDown, login: str, scenario: str, sentence: str
) -> None:
    async with sit_down(login=login) as desk:
        await desk.opens(scenario)
        await desk.presses("R")
        desk.sees(sentence)
        assert desk.beeps == 1


async def test_a_list_of_them_is_decided_one_by_one(sit_down: SitDown, demo: Demo) -> None:
    """From the list to the card, R, the reason, and back: the list is one shorter when it is read again."""
    async with sit_down(login="pat") as desk:
        await desk.opens(FAY)
        remember(demo, desk, State.CLAIMED)
        await desk.presses("f7", *["down"] * 4, "enter")
        desk.sees("Reminders that may have gone out or not: 1 card", "may have gone out 21 Nov 09:02")
        await desk.presses("enter")
        await desk.types("RFay has it\r")
        await desk.presses("escape")
        desk.sees("XPT9", "recorded as sent")
        await desk.presses("f5")
        desk.sees("Of every reminder it is known what came of it.")


async def test_what_the_server_said_is_text(sit_down: SitDown, demo: Demo) -> None:
    async with sit_down(login="pat") as desk:
        await desk.opens(FAY)
        for days, said in enumerate(EIGHT.values(), start=1):
            remember(demo, desk, State.REFUSED, days, said=said)
        await desk.presses("f5")
        for place in range(len(EIGHT)):
            await desk.presses("R", *["right"] * place, "enter")
            desk.sees("Server said")
            desk.is_harmless()
            await desk.presses("escape")
