"""Below 80 by 24 there is less to see at once, but nothing that can't be read or done."""

import asyncio
from contextlib import suppress

import pytest
from driver import Driver
from screens.conftest import SitDown
from textual.widget import Widget

from tui.commands import command
from tui.screens.deciding import DIALOGS
from tui.screens.form import Form
from tui.sizes import HIGH, NEEDED
from tui.terminal import Profile
from tui.widgets.bars import Notice

_PATIENCE = 5.0
TINY = NEEDED
HELD = "Suspended, no flag"
KEYS = tuple(command(each).keys.split(",")[0] for each in (*DIALOGS, "card.escalate"))


async def shows_what_takes_the_keys(desk: Driver) -> None:
    """The field with the focus comes to lie on the screen, above the keys of the dialog."""
    desk.sees("Esc Leave it")
    foot = desk.app.screen.query_one("#foot")
    with suppress(TimeoutError):
        async with asyncio.timeout(_PATIENCE):
            while not lies_above(desk.app.focused, foot):
                await desk.pilot.pause(0.01)
    assert lies_above(desk.app.focused, foot), desk.screen_text()


def lies_above(focused: Widget | None, foot: Widget) -> bool:
    return focused is not None and 0 < focused.region.y < foot.region.y


async def test_every_dialog_shows_its_fields_and_keys(sit_down: SitDown) -> None:
    """Up and down, whichever field has the focus."""
    opened = 0
    async with sit_down(login="mia", size=TINY) as desk:
        await desk.opens(HELD)
        for key in KEYS:
            await desk.presses(key)
            if isinstance(desk.app.screen, Form):
                opened += 1
                await shows_what_takes_the_keys(desk)
                for move in ("down", "down", "up", "up", "up"):
                    await desk.presses(move)
                    await shows_what_takes_the_keys(desk)
                await desk.presses("escape")
    assert opened >= 6


async def test_a_high_dialog_is_leafed_through(sit_down: SitDown) -> None:
    """What stands above the field is a page away, and confirming works from there."""
    async with sit_down(size=TINY) as desk:
        await desk.opens(HELD)
        await desk.presses("r")
        await shows_what_takes_the_keys(desk)
        desk.does_not_see("Card of")
        await desk.presses("pageup")
        await desk.presses("pageup")
        desk.sees("Card of", "Esc Leave it")
        await desk.types("Brought the card\r")
        desk.sees("is reactivated")


async def test_a_window_made_smaller_keeps_the_field_in_sight(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.opens(HELD)
        await desk.presses("r", "down")
        await desk.resizes(*NEEDED)
        await shows_what_takes_the_keys(desk)
        await desk.types("with care")
        desk.sees("with care")


@pytest.mark.parametrize("size", [(60, 16), (60, 20), (79, 23), (120, 30)], ids=str)
async def test_a_card_tells_the_same_in_little_room(sit_down: SitDown, size: tuple[int, int]) -> None:
    """Whose it is and that they are a VIP, what it holds, until when, what it is held for, and what came last."""
    async with sit_down(size=size) as desk:
        await desk.opens("Expired this morning, VIP")
        desk.sees("✗ EXPIRED 11 h ago", "Ada Lovelace", "★ VIP", "0.00 GBP (50.00 broken 21 Nov 03:00)")
        desk.sees("Fri 20 Nov 2026 stopped Sat 21 Nov 03:00", "gives back 50.00 GBP.", "breakage -50.00", "F1 Help")
        if size[1] >= HIGH:
            desk.sees("Product Classic 50", "Rules 6 months", "Bought 21 May 2026, York", "Notes none", "Sent on no")
        await desk.opens(HELD)
        desk.sees("‖ SUSPENDED 2 days ago", "Clémence Roux", "Reported lost, found again", "issue +60.00")


async def test_a_reply_is_read_where_there_are_few_lines(sit_down: SitDown) -> None:
    """The verdict gives way to it, and is there again afterwards."""
    async with sit_down(size=TINY) as desk:
        await desk.opens("Active: confirm")
        await desk.presses("y")
        desk.sees("Reply", "it is active, with 30.01 GBP to spend")
        await desk.presses("escape")
        desk.sees("Verdict", "The card works")


async def test_questions_are_whole_in_little_room(sit_down: SitDown) -> None:
    """A label or an option that is longer than the dialog goes on below."""
    async with sit_down(size=TINY) as desk:
        await desk.opens("Active: confirm")
        await desk.presses("S")
        desk.sees("Amount, if not all 30.01 GBP (25.00, or 25.00 EUR) (may stay empty)")
        await desk.presses("escape")
        await desk.opens("Expired this morning, VIP")
        await desk.presses("c")
        await desk.expects("It says that my card has expired.")


@pytest.mark.parametrize(("profile", "sign"), [(Profile.FULL, "…"), (Profile.ASCII, "...")])
async def test_what_is_said_beyond_the_room_for_it_shows_a_cut(sit_down: SitDown, profile: Profile, sign: str) -> None:
    """Two lines are there for the whole of what came of a key; what fits into them stands as it is."""
    long = "What waits, which keys were given to other commands, and what is worth to know of the demo. "
    async with sit_down(size=TINY, profile=profile) as desk:
        notice = desk.desk.query_one(Notice)
        for said, end in ((long * 2, sign), (long, "demo."), (long.replace(" ", ""), "demo.")):
            notice.tell(said)
            await desk.pilot.pause()
            shown = " ".join(desk.cells()[-3:-1]).rstrip()
            assert shown.lstrip().startswith("What")
            assert shown.endswith(end)
