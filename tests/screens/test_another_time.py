"""The card as it was, or will be: asked for in any spelling, told apart by words, and left alone by every write."""

from datetime import timedelta

import pytest
from driver import Driver
from screens.conftest import SitDown

from models import desk as actions
from tui.commands import COMMANDS, Group

VIP = "Expired this morning, VIP"
WINDOW = "Expired this morning, within"
ACTIVE = "Active: confirm"
TODAY = "Last day is today"
BUSY = "Never expires, with forty visits"
AS_IT_WAS = "This is the card as it was on 1 Oct 2026 12:00: Esc brings back the present."


async def looks_back(desk: Driver, when: str) -> None:
    """Press t and type a date and time."""
    await desk.presses("t")
    await desk.types(f"{when}\r")


async def test_a_card_as_it_was(sit_down: SitDown) -> None:
    """Balance, status and history of then; the top bar and the heading say when; Esc brings the present."""
    async with sit_down() as desk:
        await desk.opens(WINDOW)
        await desk.presses("t")
        desk.sees("at another time", "on the clocks of Europe/London", "a date alone is the end of that day.")
        await desk.types("1 Oct 2026 12:00\r")
        desk.sees(
            "find > card > 1 Oct 2026 12:00", "As it was on 1 Oct 2026 12:00", "present: Esc", "ACTIVE", "30.00 GBP"
        )
        desk.does_not_see("left", "redemption", "breakage")
        await desk.presses("escape")
        desk.sees("find > card Sam", "Verdict ──", "EXPIRED 11 h ago", "breakage")


async def test_a_card_as_it_will_be(sit_down: SitDown) -> None:
    """If nothing happens until then: its balance will have expired, whoever books it."""
    async with sit_down() as desk:
        await desk.opens(TODAY)
        await looks_back(desk, "tomorrow 3:00")
        desk.sees("As it will be on 22 Nov 2026 03:00 if nothing happens", "EXPIRED", "0.00 GBP (15.00 broken 22 Nov")
        await desk.presses("s")
        desk.sees("This is the card as it will be on 22 Nov 2026 03:00 if nothing happens: Esc brings back the")
        await desk.presses("w")
        desk.sees("the last 15.00 GBP expired at the cut-off on 22 Nov 2026 03:00. The expiry run has not booked it")


async def test_no_write_leaves_the_past(sit_down: SitDown) -> None:
    """Every key that changes something is dimmed and says why; so is the reply, which would be untrue."""
    async with sit_down(login="mia") as desk:
        await desk.opens(ACTIVE)
        version = desk.desk.sheet.version  # type: ignore[union-attr]
        await looks_back(desk, "1 Oct 2026 12:00")
        writes = [each for each in COMMANDS if each.group is Group.CARD and each.action is not None]
        for each in (*writes, *(each for each in COMMANDS if each.id == "card.reply")):
            await desk.presses(each.keys.split(",")[0])
            desk.sees(AS_IT_WAS)
            desk.does_not_see("Leave it")
        await desk.presses("escape")
        assert desk.desk.sheet is not None
        assert desk.desk.sheet.version == version


async def test_the_past_does_not_count_down(sit_down: SitDown) -> None:
    """Minutes go by; what was stays as it was, and refreshing reads the same time again."""
    async with sit_down() as desk:
        await desk.opens(WINDOW)
        await looks_back(desk, "21 Nov 2026 03:30")
        before = desk.words().split("14:02", 1)[1]
        await desk.waits(timedelta(hours=30))
        assert desk.words().split("20:02", 1)[1] == before
        await desk.presses("f5")
        assert desk.words().split("20:02", 1)[1] == before


async def test_what_has_no_meaning_is_told_in_the_dialog(sit_down: SitDown) -> None:
    """It stands until it is understood; nothing typed ahead gets past it."""
    async with sit_down() as desk:
        await desk.opens(ACTIVE)
        await desk.presses("t")
        desk.at_once("01/02/2026\rn")
        await desk.settles()
        desk.sees("'01/02/2026' can be 1 Feb 2026 or 2 Jan 2026; write the month as a word: 1 Feb 2026.", "Leave it")
        assert desk.beeps == 1
        await desk.presses("escape")
        desk.sees("Left as it was.")


async def test_an_empty_field_is_the_present(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.opens(ACTIVE)
        await looks_back(desk, "1 Oct 2026 12:00")
        await desk.presses("t", "enter")
        desk.sees("find > card Sam", "The card works: 30.01 GBP")


async def test_before_it_was_made(sit_down: SitDown) -> None:
    """The card that is open stays open."""
    async with sit_down() as desk:
        await desk.opens(ACTIVE)
        await looks_back(desk, "2020-01-01")
        desk.sees(
            "The card did not exist yet on 1 Jan 2020 23:59: its first activity is of 3 Aug 2026 12:14.",
            "find > card Sam",
        )
        assert desk.beeps == 1


async def test_the_list_of_results_shows_the_present(sit_down: SitDown) -> None:
    """What is looked at beside it is another time; the list is not."""
    async with sit_down(size=(140, 40)) as desk:
        await desk.types("Ben Okafor\r\r")
        before = [line.status for line in desk.desk.finder.results.items]
        await looks_back(desk, "1 Oct 2026 12:00")
        assert [line.status for line in desk.desk.finder.results.items] == before


async def test_another_card_is_shown_as_it_is(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.opens(ACTIVE)
        await looks_back(desk, "1 Oct 2026 12:00")
        await desk.opens(VIP)
        desk.sees("find > card Sam", "EXPIRED 11 h ago")


async def test_flags_and_holds_are_those_of_then(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.opens("Suspended with a flag")
        assert actions.clear_flag(desk.colleague("pat"), desk.card_id, "Settled").done
        await looks_back(desk, "20 Nov 2026")
        desk.sees("SUSPENDED", "1 open: Bank asks for papers", "Chargeback announced by the bank (Mia)")
        await looks_back(desk, "18 Nov 2026 14:01")
        desk.sees("ACTIVE", "Flags none", "On hold no")


@pytest.mark.parametrize("key", ["a", "w"])
async def test_the_past_can_be_read(sit_down: SitDown, key: str) -> None:
    async with sit_down() as desk:
        await desk.opens("Spent to the last penny")
        await looks_back(desk, "18 Nov 2026")
        await desk.presses(key)
        desk.sees("1 Jul 2026" if key == "a" else "was spent on 17 Nov 2026 14:02 at Leeds")
        await desk.presses("escape")
        if key == "w":
            desk.sees("As it was on 18 Nov 2026 23:59")
            await desk.presses("escape")
        desk.sees("find > card Sam")
