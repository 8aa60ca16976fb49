"""One dialog takes down who calls and what they see: what is known stands there already."""

from screens.calls_today import of_today
from screens.conftest import SitDown

from models import cases
from models.unit import Session

VIP = "Expired this morning, VIP"
ACTIVE = "Active: confirm"
SPENT = "Spent to the last penny"


async def test_what_is_known_stands_in_the_intake(sit_down: SitDown) -> None:
    """One dialog, all of it in sight on a small terminal; only what the customer sees must be typed."""
    async with sit_down() as desk:
        await desk.opens(VIP)
        await desk.presses("c")
        desk.sees(
            ": what the customer says",
            "Full name Ada Lovelace known",
            "E-mail ada@northwind.example known",
            "Code ends in J773",
            "Sees, likely ◂ 2 of 4 It says that my card has expired.",
            "Bought where York known",
            "Enter Keep it",
        )
        await desk.types("Card expired, says the till\r")
        desk.sees(" is taken down.", ", begun: z")
        await desk.presses("z")
        desk.sees("Says It says that my card has expired.", "Message Card expired, says the till")
        desk.does_not_see("Still to ask")


async def test_what_was_seen_is_proposed_after_the_card_was_put_right(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.opens(VIP)
        await desk.presses("r", "enter", "c")
        desk.sees("ACTIVE 7 days left", "Sees, likely ◂ 2 of 4 It says that my card has expired.")


async def test_what_is_typed_over_is_not_known_any_more(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.opens(VIP)
        await desk.presses("c", "up", "up", "up", "up")
        await desk.types("!")
        desk.sees("Ada Lovelace! ")
        desk.does_not_see("Ada Lovelace! known")
        await desk.presses("backspace")
        desk.sees("Full name Ada Lovelace known")


async def test_an_intake_that_lacks_something_is_kept(sit_down: SitDown) -> None:
    """What is still to be asked is told, and asked for the next time."""
    async with sit_down() as desk:
        await desk.opens(SPENT)
        await desk.presses("c")
        desk.sees("Sees, likely ◂ 3 of 4 My balance shows as zero, and I haven't used it.")
        await desk.presses("enter")
        desk.sees("Still to be asked: the error message or a screenshot.")
        await desk.presses("z")
        desk.sees("Says My balance shows as zero", "Still to ask the error message or a screenshot")
        await desk.presses("c", "down")
        await desk.types("Ticket 4711\r")
        desk.sees(" is taken down.")
        desk.does_not_see("Still to")


async def test_an_address_that_is_none_can_be_mended(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.opens(VIP)
        await desk.presses("c", "up", "up", "up")
        await desk.types("\x15nobody\r")
        desk.sees(": what the customer says", "e-mail")
        await desk.types("@example.org\r")
        desk.sees(" is taken down.")


async def test_c_waits_for_the_case(sit_down: SitDown) -> None:
    """Pressed before the case is there, it asks for that one; nothing typed after it is lost."""
    async with sit_down() as desk:
        desk.at_once(f"{desk.code_of(VIP)}\rcit beeps\ry/{desk.code_of(ACTIVE)}\r")
        await desk.settles()
        assert desk.beeps == 0
        _, before = of_today(desk)
        assert cases.case_sheet(Session(desk.store, "sam"), before.id).intake.message == "it beeps"
