"""What becomes of a card of a product is shown while it is edited, wherever there is room."""

from datetime import timedelta

from screens.conftest import SitDown
from screens.products import fills, goes_to, turns

from tui.sizes import NEEDED

SEEN_WHOLE = {
    "name": ("Name", "Classic 50"),
    "channels": ("Sold", "in web shop and stores"),
    "valid_after": ("Active after", "days, and not before", "no date"),
    "expires": ("Balance expires", "after a period", "6 months"),
    "month_end": ("Last day", "when the period ends"),
    "reminders": ("Reminders", "2 weeks, 1 day", "before the last day"),
    "bought": ("Bought today", "Topped up never"),
}
"""Field -> what stands in its row."""


async def test_the_preview_follows_letter_by_letter(sit_down: SitDown) -> None:
    """Bought on the first of January for six months, topped up on the last day."""
    async with sit_down(login="mia", size=(100, 34)) as desk:
        await desk.presses("f6", "enter")
        await fills(desk, "bought", "1 Jan 2027")
        desk.sees("● bought, active at once Fri 1 Jan 2027", "┃ last day Wed 30 Jun 2027".replace("┃ ", ""))
        desk.sees("stops 03:00 Thu 1 Jul 2027")
        await fills(desk, "topped_up", "30 Jun 2027")
        desk.sees(
            "last day Wed 29 Dec 2027", "Top-up The whole balance can be spent up to and including Wed 29 Dec 2027."
        )
        await desk.presses(*["up"] * 3)
        await turns(desk, "month_end")
        desk.sees("last day Fri 31 Dec 2027")
        await fills(desk, "reminders", "2 weeks")
        desk.sees("⚑ reminder 2 weeks before Fri 17 Dec 2027")
        await fills(desk, "topped_up", "1 Dec 2026")
        desk.sees("The top-up lies before the purchase.")
        assert desk.beeps == 0


async def test_the_preview_can_be_scrolled_where_there_is_little_room(sit_down: SitDown) -> None:
    async with sit_down(login="mia") as desk:
        await desk.presses("f6", "enter")
        desk.does_not_see("On cards")
        await desk.presses("pagedown")
        desk.sees("On cards The balance lasts 6 months from the day of purchase;")
        await desk.presses("pageup")
        desk.sees("bought, active at once")


async def test_on_the_smallest_terminal_every_field_comes_into_sight(sit_down: SitDown) -> None:
    """With the words around it that say what it means."""
    async with sit_down(login="mia", size=NEEDED) as desk:
        await desk.presses("f6", "enter")
        for field, row in SEEN_WHOLE.items():
            await goes_to(desk, field)
            for words in row:
                await desk.expects(words)


async def test_today_is_another_day_after_midnight(sit_down: SitDown) -> None:
    async with sit_down(login="mia") as desk:
        await desk.presses("f6", "enter")
        desk.sees("active at once Sat 21 Nov 2026")
        await desk.waits(timedelta(hours=12))
        desk.sees("active at once Sun 22 Nov 2026")
