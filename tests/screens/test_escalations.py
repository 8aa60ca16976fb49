"""A hand-over on the screens: one dialog for the agent, the work in sight for Payments Support, the answer back."""

from datetime import timedelta

import pytest
from driver import Driver, at_desk
from screens.conftest import Demo, SitDown

from models import desk as actions
from models.cases import case_in_hand
from models.desk import Answer
from models.escalations import Which, listed
from models.jobs.demo_work import put_to_work
from models.replying import replies_for
from models.rules.policy import CaseRequired
from models.unit import Session
from models.waiting import what_waits

ACTIVE = "Active: confirm"
VIP = "Expired this morning, VIP"
WRONG = "Does not add up"
WAITING = "Handed over yesterday"
ANSWERED = "Payments Support answered"


@pytest.fixture
def at_work(demo: Demo) -> SitDown:
    """The demo's desk, on which people have begun their day."""
    scenarios = put_to_work(demo.store, demo.scenarios)

    def sit_down(**options: object) -> object:
        return at_desk(demo.store, scenarios, **options)  # type: ignore[arg-type]

    return sit_down  # type: ignore[return-value]


async def test_everything_known_is_filled_in(sit_down: SitDown) -> None:
    """For a card with a holder only what was seen is to be typed; the case has the rest and waits."""
    async with sit_down() as desk:
        await desk.opens(ACTIVE)
        await desk.presses("e")
        desk.sees("Escalate ···· ···· ···· XPT9", "For Fay Björnsdóttir, fay@example.org")
        desk.does_not_see("full name", "e-mail address")
        await desk.types("Tried twice\r")
        desk.sees("is handed over to Payments Support as E5-3.", "Told Tried twice")
        desk.sees("Sent on E5-3, not taken", "nobody there has taken", "with Payments Support: z")
        await desk.presses("pagedown")
        await desk.expects("Customer Fay Björnsdóttir, fay@example.org")


async def test_what_the_intake_lacks_is_asked_in_the_same_dialog(sit_down: SitDown, demo: Demo) -> None:
    """A card with nobody on file: who calls is asked for, and the dialog stands until that is an address."""
    issued = actions.issue(Session(demo.store, "mia"), "thanks", 5000)
    assert issued.hand_out is not None
    assert actions.set_policy(Session(demo.store, "mia"), case_required=CaseRequired.ESCALATION).done
    async with sit_down() as desk:
        await desk.types(f"{issued.hand_out}\r")
        await desk.presses("e")
        desk.sees("The customer's full name", "The customer's e-mail address", "Where it was bought")
        await desk.types("Refused\tBo Wu\tbo\r")
        desk.sees("That is not an e-mail address")
        await desk.types("@example.org\r")
        desk.sees("is handed over to Payments Support")
        await desk.presses("pagedown")
        await desk.expects("Customer Bo Wu, bo@example.org")
        assert desk.beeps == 1


async def test_what_does_not_add_up_is_handed_over_with_two_keys(sit_down: SitDown) -> None:
    """The verdict proposes it; reason and description stand there already."""
    async with sit_down() as desk:
        await desk.opens(WRONG)
        desk.sees("e hands it over.")
        await desk.presses("e", "enter")
        desk.sees("is handed over to Payments Support", "The balance is wrong, or part of the history is missing.")


async def test_right_after_a_reactivation_nothing_is_proposed(sit_down: SitDown) -> None:
    """The customer has not been at a checkout since; half an hour later they call because it failed."""
    async with sit_down() as desk:
        await desk.opens(VIP)
        await desk.presses("r", "enter", "y")
        desk.does_not_see("hands it over")
        await desk.waits(timedelta(minutes=29))
        desk.does_not_see("hands it over")
        await desk.waits(timedelta(minutes=1))
        desk.sees("The customer was told on 21 Nov 14:02 to try again: if it failed, e hands it over.")


async def test_who_was_told_to_try_again_is_proposed_a_hand_over(sit_down: SitDown) -> None:
    """The customer comes back: it still fails."""
    async with sit_down() as desk:
        await desk.opens(ACTIVE)
        desk.does_not_see("hands it over")
        sam = desk.colleague("sam")
        assert actions.say(sam, desk.card_id, shown=replies_for(sam, desk.card_id)[0].text).done
        await desk.presses("f5")
        desk.sees("The customer was told on 21 Nov 14:02 to try again: if it failed, e hands it over.")
        await desk.presses("e")
        desk.sees(
            "The card looks active, but checkout still refuses it.", "Tried again at checkout, and refused again."
        )


async def test_payments_support_finds_its_work(at_work: SitDown, demo: Demo) -> None:
    """The start says what waits; the list, the card and two keys take and answer it."""
    store = demo.store
    assert what_waits(Session(store, "olu")) == "1 escalation waits since 20 Nov 2026 14:02, 1 not taken."
    async with at_work(login="olu") as desk:
        await to_the_list(desk, "With Payments Support")
        desk.sees("24 h, not taken: still")
        await desk.presses("enter")
        desk.sees("nobody there has taken it yet. E: take it.")
        await desk.presses("E")
        desk.sees("Take escalation", "Enter Take")
        await desk.presses("enter")
        desk.sees("You have", "in hand.", "Olu has it since 21 Nov 2026 14:02. E: answer it.")
        await desk.presses("pagedown")
        await desk.expects("Customer Gus Ferreira, gus@example.org")
        await desk.presses("E")
        await desk.presses("enter")
        desk.sees("Choose what came of it: Left and Right change it.")
        await desk.presses("left", "enter")
        desk.sees("Say what came of it: the answer 'other' needs a text.")
        await desk.presses("down")
        await desk.types("The till is replaced on Monday.\r")
        desk.sees("is answered: Something else came of it. Sam is told.", "answered")
    sam = Session(store, "sam")
    assert listed(sam, Which.OPEN).lines == ()
    assert what_waits(sam) == "Payments Support answered 2 escalations of yours."


async def test_a_colleague_takes_over_with_a_reason(at_work: SitDown, demo: Demo) -> None:
    (waiting,) = listed(Session(demo.store, "olu"), Which.OPEN).lines
    assert actions.take_escalation(Session(demo.store, "olu"), waiting.id).done
    async with at_work(login="mia") as desk:
        await desk.opens(WAITING)
        desk.sees("Olu has it since", "E: take it over.")
        await desk.presses("E")
        await desk.presses("enter")
        desk.sees("Still to fill in: Why you take it over.")
        await desk.types("Olu is ill\r")
        desk.sees("in hand, from Olu.", "Mia has it since")


async def test_the_answer_is_news_until_it_is_read(at_work: SitDown, demo: Demo) -> None:
    """On the card, in the list and at the start; E reads it, and the customer is still to be told."""
    sam = Session(demo.store, "sam")
    assert what_waits(sam) == "Payments Support answered 1 escalation of yours."
    async with at_work() as desk:
        await to_the_list(desk, "Answered to you")
        await desk.presses("enter")
        desk.sees("by Olu: Checkout was repaired: the card works.", "E: read.")
        await desk.presses("E")
        desk.sees("Stands", "was answered on")
        desk.does_not_see("E: read.")
        assert what_waits(sam) == ""
        case = case_in_hand(sam, desk.card_id)
        assert case is not None
        assert case.state == "an answer is there"
        await desk.presses("escape", "y")
        desk.sees("payments team")


async def test_what_was_corrected_is_answered_so(at_work: SitDown, demo: Demo) -> None:
    """Once the balance was adjusted for it, the answer stands there."""
    (waiting,) = listed(Session(demo.store, "olu"), Which.OPEN).lines
    assert actions.take_escalation(Session(demo.store, "olu"), waiting.id).done
    assert actions.adjust(Session(demo.store, "olu"), waiting.card_id, 500, waiting.id, "till was down").done
    async with at_work(login="olu") as desk:
        await desk.opens(WAITING)
        await desk.presses("E")
        desk.sees("1 of 6", "The balance was corrected.")
        await desk.presses("enter")
        desk.sees(f"{waiting.id} is answered: The balance was corrected. Sam is told.")


async def test_who_has_no_part_in_it_only_reads(at_work: SitDown) -> None:
    async with at_work(login="ivy") as desk:
        await desk.opens(WAITING)
        await desk.presses("E")
        desk.sees("Escalation E", "Gus Ferreira")
        desk.does_not_see("Enter Take")
        await desk.opens(ACTIVE)
        await desk.presses("E")
        desk.sees("This card was never handed over to Payments Support.")


async def test_two_answer_at_once(at_work: SitDown, demo: Demo) -> None:
    """Mia was quicker: Olu is told so, and nothing is overwritten."""
    (waiting,) = listed(Session(demo.store, "olu"), Which.OPEN).lines
    assert actions.take_escalation(Session(demo.store, "olu"), waiting.id).done
    async with at_work(login="olu") as desk:
        await desk.opens(WAITING)
        await desk.presses("E", "right")
        mia = Session(demo.store, "mia")
        assert actions.take_escalation(mia, waiting.id, reason="urgent").done
        assert actions.close_escalation(mia, waiting.id, Answer.DECLINED).done
        await desk.presses("enter")
        desk.sees(f"Mia answered {waiting.id} already, on 21 Nov 2026 14:02: It can't be done. Nothing was changed.")


async def test_no_terminal_obeys_what_was_written(at_work: SitDown, demo: Demo) -> None:
    """Written behind the desk's back: escapes, markup, and far too much of it."""
    hostile = "\x1b]52;c;aGk=\x07[bold]x[/bold]\u202eevil " + "long " * 300
    with demo.store.database.writing():
        for statement in (
            "UPDATE escalation SET outcome_text = ? WHERE closed_at IS NOT NULL",
            "UPDATE agent SET name = ?",
        ):
            demo.store.database.execute_sql(statement, (hostile,))
    async with at_work() as desk:
        await desk.opens(ANSWERED)
        desk.sees("[bold]x[/bold]", "… E: read.")
        await desk.presses("E", "pagedown", "escape", "e")
        desk.sees("Escalate")
        await desk.presses("escape", "f7", "end")
    async with at_work(login="olu") as desk:
        await desk.opens(WAITING)
        await desk.presses("E", "enter", "E", "right", "enter")
        desk.sees("is answered")


async def to_the_list(desk: Driver, title: str) -> None:
    """Open the worklist of that title, on which the cursor of Payments Support stands from the start."""
    await desk.presses("f7")
    while f"▸     1  {title}" not in desk.screen_text():
        await desk.presses("down")
    await desk.presses("enter")
