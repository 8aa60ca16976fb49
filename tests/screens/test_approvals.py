"""Stories of approvals on the screen: Sam asks and goes on, Pat decides, and Sam reads what came of it."""

from datetime import timedelta

from driver import Driver
from screens.conftest import SitDown

from models import desk as actions
from models.approvals import standing_of_requests

DEAR = "Expired this morning, above 100"
ASKED = "Sam asked for approval"
MUCH = "150.00 GBP is more than 100.00 GBP."


async def test_it_is_said_beforehand_and_takes_the_same_keys(sit_down: SitDown) -> None:
    """The verdict and the dialog tell it; r and Enter ask for it, and Sam goes on with the next customer."""
    async with sit_down() as desk:
        await desk.opens(DEAR)
        desk.sees(f"It needs an approval. {MUCH}")
        await desk.presses("r")
        desk.sees(f"Approval a supervisor or a manager must approve it: {MUCH}", "Enter Ask for approval")
        await desk.presses("enter")
        desk.sees("waits for approval: a supervisor or a manager other than you decides before Sun 22 Nov 14:02.")
        desk.sees("Sam asked for this on 21 Nov 14:02: it waits for approval until 22 Nov 14:02.")
        await desk.types("r")
        assert desk.beeps == 1


async def test_pat_is_told_at_the_start_and_approves(sit_down: SitDown) -> None:
    """F7, the list, the card, A and Enter; the card is reactivated and says who asked."""
    async with sit_down(login="pat") as desk:
        assert standing_of_requests(desk.store, desk.app.agent.id) == "1 reactivation waits for your approval."
        await desk.presses("f7", "end", "up", "enter")
        desk.sees("Waits for approval: 1 card", "asked for by Sam 21 Nov 13:33")
        await desk.presses("enter")
        await desk.types("A")
        desk.sees(
            "Asked by Sam, 21 Nov 2026 13:33; lapses Sun 22 Nov 13:33",
            "Card of Hal Brandt",
            "Why 250.00 GBP is more than 100.00 GBP.",
            "Adds Was in hospital",
            "Then gives back 250.00 GBP, last day Sat 28 Nov 2026",
            "1 of 2",
        )
        await desk.presses("enter")
        desk.sees("250.00 GBP given back, valid until Sat 28 Nov 2026.", "ACTIVE")
        await desk.types("a\r")
        desk.sees("Approved as", "Asked for by Sam")
        await desk.presses("escape", "escape")
        desk.sees("approved")


async def test_a_refusal_needs_a_reason_which_who_asked_reads(sit_down: SitDown) -> None:
    async with sit_down(login="pat") as desk:
        await desk.opens(ASKED)
        await desk.types("A")
        await desk.presses("up", "right", "enter")
        desk.sees("Say why it is refused: who asked reads it.")
        await desk.presses("down")
        await desk.types("Sold twice\r")
        desk.sees("stays as it is: what Sam asked for is refused.")
        desk.sees("Pat refused to approve this on 21 Nov 2026 14:02: Sold twice.")


async def test_who_asked_takes_it_back(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.opens(ASKED)
        await desk.types("A")
        desk.sees("Withdraw your request for", "Then it waits for somebody else")
        await desk.presses("enter")
        desk.sees("Your request is withdrawn", "It needs an approval. 250.00 GBP is more than 100.00 GBP.")
        await desk.types("A")
        desk.sees("Nothing of this card waits for an approval.")


async def test_whoever_may_not_is_told_why(sit_down: SitDown) -> None:
    async with sit_down(login="ivy") as desk:
        await desk.opens(ASKED)
        await desk.types("A")
        desk.sees("An auditor may not approve reactivations; ask a supervisor or a manager.")


async def test_a_flag_leaves_only_the_refusal(sit_down: SitDown) -> None:
    """What would be refused now is said in the dialog, and can't be chosen."""
    async with sit_down(login="pat") as desk:
        await desk.opens(ASKED)
        assert actions.raise_flag(desk.colleague("mia"), desk.card_id, "chargeback").done
        await desk.presses("f5")
        await desk.types("A")
        desk.sees("1 flag is open: read and clear each with a reason first.")
        desk.does_not_see("1 of 2")


async def test_what_lapses_while_it_is_looked_at_can_be_asked_for_anew(sit_down: SitDown) -> None:
    """The countdown goes on: half a minute later nothing waits any more."""
    async with sit_down(login="pat") as desk:
        await desk.opens(ASKED)
        await desk.waits(timedelta(hours=23, minutes=32))
        await desk.types("A")
        desk.sees("Nothing of this card waits for an approval.")


async def test_two_decide_at_once(sit_down: SitDown) -> None:
    """Mia was quicker: Pat is told, and nothing is done twice."""
    async with sit_down(login="pat") as desk:
        await desk.opens(ASKED)
        await desk.types("A")
        await approve_as("mia", desk)
        await desk.presses("enter")
        desk.sees("Mia approved this on 21 Nov 2026 14:02.")


async def approve_as(login: str, desk: Driver) -> None:
    sheet = desk.desk.sheet
    assert sheet is not None
    assert sheet.waiting is not None
    assert actions.approve(desk.colleague(login), sheet.waiting.id).done
