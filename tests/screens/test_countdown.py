"""Time goes by while a card is open: what is still allowed is shown without any key."""

from datetime import timedelta

from driver import Driver
from screens.conftest import SitDown

from tui.widgets.bars import KeyBar

VIP = "Expired this morning, VIP"
WINDOW = "Expired this morning, within"
MINUTE = timedelta(minutes=1)


def why_not(desk: Driver, command: str) -> str | None:
    """Why a key is dimmed in the key bar; None when it is not."""
    return desk.desk.query_one(KeyBar).refusals[command]


async def test_the_time_moves_once_a_minute(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        desk.sees("Sam · agent 14:02")
        await desk.waits(timedelta(seconds=59))
        desk.sees("14:02")
        await desk.waits(timedelta(seconds=1))
        desk.sees("Sam · agent 14:03")


async def test_the_countdown_moves(sit_down: SitDown) -> None:
    """In hours while there are many, then in minutes."""
    async with sit_down() as desk:
        await desk.opens(WINDOW)
        desk.sees("EXPIRED 11 h ago", "closes Sun 22 Nov 03:00 (in 12 h)")
        await desk.waits(timedelta(hours=12))
        desk.sees("EXPIRED 23 h ago", "closes Sun 22 Nov 03:00 (in 58 min)")
        await desk.waits(MINUTE)
        desk.sees("(in 57 min)")


async def test_the_window_closes(sit_down: SitDown) -> None:
    """The last minute of the window counts; after it the key is dimmed and the card declined, with no key pressed."""
    async with sit_down() as desk:
        await desk.opens(WINDOW)
        await desk.waits(timedelta(hours=12, minutes=58))
        desk.sees("(in under 1 min)")
        assert why_not(desk, "card.reactivate") is None
        await desk.waits(MINUTE)
        desk.sees("Expired 24 h ago (stopped Sat 21 Nov 03:00): more than 24 h, and no VIP organisation.")
        assert "more than 24 h" in (why_not(desk, "card.reactivate") or "")
        await desk.presses("r")
        desk.sees("The card expired 24 h ago")
        desk.does_not_see("Leave it")


async def test_a_vip_outlasts_the_window(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.opens(VIP)
        await desk.waits(timedelta(days=2, minutes=1))
        desk.sees("Can be reactivated: Northwind is a VIP.")
        desk.does_not_see("window closes")
        assert why_not(desk, "card.reactivate") is None


async def test_the_window_closes_on_an_open_dialog(sit_down: SitDown) -> None:
    """What the dialog offered is judged again: refused with the reason."""
    async with sit_down() as desk:
        await desk.opens(WINDOW)
        await desk.presses("r")
        await desk.waits(timedelta(hours=13))
        await desk.presses("enter")
        desk.sees("more than 24 h, and no VIP organisation.", "EXPIRED")
        assert desk.beeps == 1


async def test_a_card_expires_before_your_eyes(sit_down: SitDown) -> None:
    """At its cut-off, not before; its money is still on it, for no run has been by."""
    async with sit_down() as desk:
        await desk.opens("Last day is today")
        assert why_not(desk, "card.reactivate") is not None
        await desk.waits(timedelta(hours=12, minutes=57))
        desk.sees("ACTIVE 1 min left")
        await desk.waits(MINUTE)
        desk.sees("EXPIRED just now", "Can be reactivated: it expired under 1 min ago", "keeps 15.00 GBP")
        await desk.presses("r", "enter")
        desk.sees("ACTIVE 8 days left", "is reactivated: valid until Sun 29 Nov 2026.")


async def test_a_card_becomes_valid_before_your_eyes(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.opens("Bought yesterday")
        await desk.waits(timedelta(hours=33, minutes=58))
        desk.sees("ACTIVE", "The card works: 120.00 GBP can be spent.")


async def test_the_countdown_leaves_what_is_read_alone(sit_down: SitDown) -> None:
    """A minute that goes by neither closes a text nor moves the cursor."""
    async with sit_down() as desk:
        await desk.opens(VIP)
        await desk.presses("down")
        cursor = desk.desk.pane.history.cursor
        await desk.waits(MINUTE)
        assert desk.desk.pane.history.cursor == cursor == 1
        await desk.presses("enter")
        desk.sees("Balance after 50.00 GBP")
        await desk.waits(MINUTE)
        desk.sees("Balance after 50.00 GBP")
