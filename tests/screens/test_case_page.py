"""A case is read as a time line, and the page of cases says what is left open: one goes on, closes, takes over."""

import pytest
from screens.calls_today import of_today, open_cases
from screens.conftest import SitDown

from models.cases import CaseLine
from models.rules.cases import CaseOutcome
from tui.widgets.lines import Lines

VIP = "Expired this morning, VIP"
LATE = "Expired 35 hours ago"
ACTIVE = "Active: confirm"
SPENT = "Spent to the last penny"
HELD = "Suspended, no flag"


async def test_the_time_line_tells_the_conversation(sit_down: SitDown) -> None:
    """What was asked, done and told, newest first; z brings it and takes it away."""
    async with sit_down() as desk:
        await desk.opens(VIP)
        await desk.presses("r", "enter", "z")
        desk.sees("back: Esc", "21 Nov 2026 14:02 Sam reactivated", "back: Esc")
        await desk.presses("end")
        await desk.expects("21 Nov 2026 14:02 Sam case opened")
        await desk.presses("z")
        desk.sees("History ──")


async def test_the_last_conversation_about_a_card_can_be_read(sit_down: SitDown) -> None:
    """By whoever has none of their own about it: a colleague, an auditor."""
    async with sit_down() as desk:
        await desk.opens(VIP)
        await desk.presses("c")
        await desk.types("it beeps\r")
    async with sit_down(login="ivy") as desk:
        await desk.opens(VIP)
        await desk.presses("z")
        desk.sees(" of Sam, begun ──", "Message it beeps")
        await desk.presses("z")
        desk.sees("History ──")


async def test_one_goes_on_with_an_open_case(sit_down: SitDown) -> None:
    """Begun, left open for another customer, found among the open ones, told, and closed with the next."""
    async with sit_down() as desk:
        await desk.opens(LATE)
        await desk.presses("c")
        await desk.types("expired\r")
        await desk.opens(ACTIVE)
        await desk.presses("f9")
        desk.sees("giftdesk cases", "Your open cases", "What you did today")
        await desk.presses("down", "enter")
        desk.sees("Expired 35 h ago", ", begun ──", "Message expired")
        await desk.presses("y")
        await desk.opens(SPENT)
        assert [each.outcome for each in reversed(of_today(desk))] == [
            CaseOutcome.EXPLAINED,
            CaseOutcome.LOOKED_AT,
            None,
        ]


async def test_a_supervisor_sees_the_desks_open_cases(sit_down: SitDown) -> None:
    """An agent sees their own; whoever looks at a colleague's keeps no case of their own about it."""
    async with sit_down() as desk:
        await desk.opens(VIP)
        await desk.presses("c")
        await desk.types("it beeps\r")
        await desk.presses("f9")
        desk.does_not_see("Open at the desk")
    async with sit_down(login="pat") as desk:
        await desk.presses("f9")
        desk.sees("You have no open case.", "Nothing was done today yet.", "Open at the desk", "begun", "Sam")
        await desk.presses("end", "enter")
        desk.sees("EXPIRED 11 h ago", " of Sam, begun ──", "Message it beeps")
        assert open_cases(desk, "pat") == ()


async def test_a_colleagues_case_is_taken_over(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.opens(VIP)
        await desk.presses("c")
        await desk.types("it beeps\r")
    async with sit_down(login="pat") as desk:
        await desk.presses("f9", "end", "o")
        desk.sees(" is yours.", "Your open cases 1 case")
        await desk.presses("o")
        desk.sees("The case is open, and yours: Enter goes on with it.")


async def test_a_case_is_closed_and_opened_again(sit_down: SitDown) -> None:
    """What must be said in words is asked for, and everything typed stays."""
    async with sit_down() as desk:
        await desk.opens(VIP)
        await desk.presses("c")
        await desk.types("it beeps\r")
        await desk.presses("f9", "x")
        desk.sees("Close case", "1 of 9")
        await desk.presses("up", "left", "enter")
        desk.sees("Say in a sentence why the case is closed as 'other'.")
        await desk.presses("down")
        await desk.types("Wrong number\r")
        desk.sees(" is closed: otherwise.", "closed: otherwise")
        await desk.presses("x")
        desk.sees("The case is closed already: o opens it again.")
        await desk.presses("escape")
        desk.does_not_see(": z ──")
        await desk.presses("f9", "n", "o")
        desk.sees(" is open again.")
        await desk.presses("escape")
        desk.sees(", begun: z")


async def test_a_line_that_is_no_case(sit_down: SitDown) -> None:
    async with sit_down(login="olu") as desk:
        await desk.presses("f9", "enter")
        desk.sees("This line is no case: move to one that is.")
        assert desk.beeps == 1


async def test_what_is_longer_than_a_page_is_read_on(sit_down: SitDown, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each list by itself, as the cursor comes near its end; what was read stays there when it is read again."""
    monkeypatch.setattr("tui.screens.cases.MOST", 2)
    async with sit_down() as desk:
        for scenario in (VIP, LATE, ACTIVE, SPENT, HELD):
            await desk.opens(scenario)
            await desk.presses("c")
            await desk.types("it beeps\r")
        numbers = [case.id for case in open_cases(desk)]
        await desk.presses("f9")
        lines = desk.app.screen.query_one("#cases", Lines)
        for _ in numbers[1:]:
            await desk.presses("down")
        desk.sees("Your open cases 6 cases", "What you did today the first 2 cases")
        assert [each.id for each in lines.items[1:6] if isinstance(each, CaseLine)] == numbers
        assert (lines.chosen.id if isinstance(lines.chosen, CaseLine) else None) == numbers[-1]
        await desk.presses("f5")
        desk.sees("Your open cases 6 cases")
        assert (lines.chosen.id if isinstance(lines.chosen, CaseLine) else None) == numbers[-1]


async def test_the_lists_follow_each_other(sit_down: SitDown) -> None:
    """n and p go from list to list, over those that are empty."""
    async with sit_down(login="pat") as desk:
        await desk.opens(VIP)
        await desk.opens(ACTIVE)
        await desk.presses("f9")
        lines = desk.app.screen.query_one("#cases", Lines)
        places = [lines.cursor]
        for key in "nnnppp":
            await desk.presses(key)
            places.append(lines.cursor)
        assert places == [1, 3, 6, 6, 3, 1, 1]
