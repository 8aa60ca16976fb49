"""The forecast on the screen: who gets a reminder in the next days, who can't, and what waits for somebody."""

import pytest
from screens.conftest import SitDown

from models import desk as actions
from models.finding import find


async def test_the_next_days_are_told_card_by_card(letters: SitDown) -> None:
    """Who gets what next week, who can't be reminded and why, and what waits for somebody."""
    async with letters() as desk:
        await desk.presses("f8")
        desk.sees(
            "7 days from today: 4 reminders, 2 late. 1 card cannot be reminded. 1 of unknown outcome. 1 waiting",
            "Sat 21 Nov 2026 2 reminders, 2 of them late",
            "C2TN Ben Okafor Classic 50 late 1 day before",
            "Sun 22 Nov 2026 1 reminder",
            "Grace Hopper Classic 50 14 days before",
            "Mon 23 Nov 2026 none",
            "May have gone out or not: somebody must decide 1",
            "Hal Noether The holder has no e-mail address on file.",
        )
        await desk.presses("end")
        desk.sees("<ida@example.org>, 14 days before Sun 29 Nov 2026.")
        desk.sees("Wait for another try, 3 tries, again 21 Nov 15:02: 451 4.7.1 Try again later")


async def test_more_days_are_read_when_asked_for(letters: SitDown) -> None:
    async with letters() as desk:
        await desk.presses("f8")
        desk.does_not_see("Sat 28 Nov 2026")
        await desk.types("m")
        desk.sees("14 days from today", "Fri 27 Nov 2026")
        await desk.presses("end")
        desk.sees("May have gone out or not")


async def test_a_long_list_is_gone_through_by_its_parts(letters: SitDown) -> None:
    """n leads to the next day on which something goes and to who can't be reminded, p back."""
    async with letters() as desk:
        await desk.types("\x1b[19~nnnj")
        desk.sees("Hal Noether, 14 days before Mon 7 Dec 2026.")
        await desk.types("ppj")
        desk.sees("Ida Rhodes <ida@example.org>, 1 day before")


async def test_enter_opens_the_card_on_the_desk(letters: SitDown) -> None:
    """The line's card, and a line that is no card says so."""
    async with letters() as desk:
        await desk.presses("f8", "enter")
        desk.sees("This line is no card")
        await desk.presses("down", "enter")
        desk.sees("find > card", "C2TN", "Ben Okafor", "Verdict")


async def test_a_day_with_very_many_is_counted_and_not_listed_whole(
    letters: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.forecast.MOST_LINES", 0)
    async with letters() as desk:
        await desk.presses("f8")
        desk.sees("Sun 22 Nov 2026 1 reminder and 1 more", "Cannot be reminded 1 card and 1 more")


async def test_what_was_read_is_read_again(letters: SitDown) -> None:
    """F5 shows what a colleague did meanwhile, and the cursor stays where it was."""
    async with letters() as desk:
        await desk.presses("f8", *["down"] * 4)
        desk.sees("<grace@example.org>, 14 days before Sun 6 Dec 2026. Classic 50, 25.00 GBP. Goes Sun 22 Nov 09:00.")
        (card,) = (line.card_id for line in find(desk.store, "Grace Hopper").lines)
        assert actions.suspend(desk.colleague("pat"), card, "Reported lost").done
        await desk.presses("f5")
        desk.sees("2 cards cannot be reminded.", "Grace Hopper The card is suspended.")
