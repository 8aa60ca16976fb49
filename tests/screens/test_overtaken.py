"""Two agents on one card, one of them at the screen: what changed is shown before anything is written."""

from screens.conftest import SitDown

from models import desk as actions
from models.people import PersonGiven
from models.rules.journal import Kind

VIP = "Expired this morning, VIP"
HELD = "Suspended, no flag"
ACTIVE = "Active: confirm"


async def test_what_changed_stands_in_place_of_the_history(sit_down: SitDown) -> None:
    """Nothing is registered; the agent reads who was quicker, and the next try is judged by what is seen then."""
    async with sit_down() as desk:
        await desk.opens(ACTIVE)
        await desk.presses("g")
        assert actions.register(desk.colleague("pat"), desk.card_id, PersonGiven("Zoe Quick", "zoe@example.org")).done
        await desk.types("Grace Hopper\tgrace@example.org\r")
        desk.sees(
            "Changed since you opened it",
            "Holder Zoe Quick, zoe@example.org, was Fay Björnsdóttir, fay@example.org",
            "21 Nov 2026 14:02 Pat registered",
            "This is not what you confirmed any more: read what changed, and decide again. Nothing was done.",
        )
        assert desk.beeps == 1
        await desk.presses("g")
        desk.sees("Belongs to Zoe Quick until now.")
        await desk.types("Grace Hopper\tgrace@example.org\r")
        desk.sees("Grace Hopper", "is registered. Tell them: This gift card holds ")


async def test_what_was_typed_ahead_is_dropped(sit_down: SitDown) -> None:
    """It was meant for the card as it was: neither the note nor anything else is written."""
    async with sit_down(login="pat") as desk:
        await desk.opens(HELD)
        await desk.presses("u")
        assert actions.raise_flag(desk.colleague("mia"), desk.card_id, "Wait for the bank").done
        desk.at_once("found it\rnanother note\r")
        await desk.settles()
        desk.sees("Flags 1 flag is open, was none", "Mia flag raised: Wait for the bank", "SUSPENDED")
        assert desk.desk.sheet is not None
        assert Kind.NOTE not in [line.kind for line in desk.desk.sheet.activities]
        await desk.presses("escape")
        desk.sees("History ──")


async def test_a_refusal_shows_what_changed(sit_down: SitDown) -> None:
    """What the screen said before does not count."""
    async with sit_down() as desk:
        await desk.opens(VIP)
        await desk.presses("r")
        assert actions.raise_flag(desk.colleague("pat"), desk.card_id, "Stop: stolen").done
        await desk.presses("enter")
        desk.sees("1 flag is open: read and clear each with a reason first.", "Pat flag raised: Stop: stolen")
        desk.sees("1 open: Stop: stolen (Pat)", "EXPIRED")


async def test_a_colleagues_note_does_not_stand_in_the_way(sit_down: SitDown) -> None:
    """The plan is the same as before: it is carried out."""
    async with sit_down() as desk:
        await desk.opens(VIP)
        await desk.presses("r")
        assert actions.note(desk.colleague("pat"), desk.card_id, "Customer called twice").done
        await desk.presses("enter")
        desk.sees("is reactivated: 50.00 GBP given back", "ACTIVE")
        assert desk.beeps == 0


async def test_what_changed_is_harmless(sit_down: SitDown) -> None:
    """Names are stored text: brackets in them mean nothing."""
    async with sit_down() as desk:
        await desk.opens(ACTIVE)
        await desk.presses("g")
        hot = PersonGiven("[@click=app.quit]Zoe[/] [bold", None)
        assert actions.register(desk.colleague("pat"), desk.card_id, hot).done
        await desk.types("Grace\r")
        desk.sees("Holder [@click=app.quit]Zoe[/] [bold, was Fay")
        desk.is_harmless()
