"""Pages that are laid on the desk: they come and go one step at a time, and lose nothing that was typed."""

from datetime import timedelta

from driver import Driver
from screens.conftest import SitDown

from tui.screens.desk import Desk
from tui.screens.products import Products

VIP = "Expired this morning, VIP"


def lies_open(desk: Driver) -> type:
    """Which page the agent looks at."""
    return type(desk.app.screen)


async def test_a_page_is_laid_on_the_desk_and_taken_off_again(sit_down: SitDown) -> None:
    """F6 opens the products over the card; Esc and F3 lead back to the card as it was."""
    async with sit_down() as desk:
        await desk.opens(VIP)
        for key in ("escape", "f3"):
            await desk.presses("f6")
            desk.sees("giftdesk products", "● sold classic Classic 50", "Esc Back F1 Help", "Sam · agent")
            await desk.presses(key)
            desk.sees("find > card", "EXPIRED 11 h ago", "Reactivate")


async def test_a_page_takes_what_was_typed_ahead(sit_down: SitDown) -> None:
    """Opened, left, and the next code found, all in one go."""
    async with sit_down() as desk:
        desk.at_once(f"\x1b[17~\x1b[17~/{desk.code_of(VIP)}\r")
        await desk.settles()
        desk.sees("EXPIRED 11 h ago")
        assert len(desk.app.screen_stack) == 1


async def test_commands_of_every_screen_work_on_a_page(sit_down: SitDown) -> None:
    """The help begins with its keys, the palette lists what can be done there, / leads to the search field."""
    async with sit_down() as desk:
        await desk.presses("f6", "f1")
        assert desk.cells()[1].strip() == "In the list of products"
        await desk.presses("escape", "ctrl+p")
        desk.sees("Products", "Find")
        desk.does_not_see("Reactivate")
        await desk.types("find\r")
        assert lies_open(desk) is Desk
        assert desk.desk.finder.field.has_focus
        await desk.presses("f6", "f10", "escape")
        assert lies_open(desk) is Products
        await desk.types("/")
        assert desk.desk.finder.field.has_focus


async def test_a_page_keeps_the_time(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.presses("f6")
        desk.sees("14:02")
        await desk.waits(timedelta(minutes=2))
        desk.sees("14:04")


async def test_a_paste_on_a_page_does_nothing(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.presses("f6")
        before = desk.screen_text()
        await desk.pastes(f"{desk.code_of(VIP)}\r\r")
        assert desk.screen_text() == before


async def test_leaving_giftdesk_from_a_page(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.presses("f6")
        desk.at_once("\x11")
        await desk.pilot.pause(0.05)
        assert not desk.app.is_running or desk.app._exit
