"""Every card that is opened is a conversation: its case is opened, kept and closed without a key of its own."""

import asyncio
import threading
from datetime import datetime, timedelta

import pytest
from driver import Driver, at_desk
from screens.conftest import Demo, SitDown

from models import cases, database
from models.cases import CaseLine, CasesListed
from models.clock import FixedClock
from models.jobs.demo import START
from models.locations import pending_folder
from models.rules.cases import CaseOutcome
from models.unit import Session
from tui.widgets.lines import Lines

VIP = "Expired this morning, VIP"
WINDOW = "Expired this morning, within"
LATE = "Expired 35 hours ago"
ACTIVE = "Active: confirm"
SPENT = "Spent to the last penny"
HELD = "Suspended, no flag"
OLD_CODE = "An old code"


def open_cases(desk: Driver, login: str = "sam") -> tuple[CaseLine, ...]:
    """The open cases of somebody, the latest first, but for those that the demo begins with."""
    return _since_the_start(cases.cases_listed(Session(desk.store, login), "mine_open"))


def of_today(desk: Driver, login: str = "sam") -> tuple[CaseLine, ...]:
    """What somebody did today, the latest first, but for that with which the demo begins."""
    return _since_the_start(cases.cases_listed(Session(desk.store, login), "mine_today"))


def _since_the_start(listed: CasesListed) -> tuple[CaseLine, ...]:
    return tuple(case for case in listed.lines if case.opened_at >= START)


# Opened aside


async def test_a_card_that_is_opened_is_a_case(sit_down: SitDown) -> None:
    """No key is needed; who calls and how the code ended is known, and the heading says so."""
    async with sit_down() as desk:
        await desk.opens(VIP)
        desk.sees("Verdict ──", ", open: z ──")
        (case,) = open_cases(desk)
        assert (case.card_id, case.calls) == (desk.card_id, 1)


async def test_the_next_customer_closes_the_case_before(sit_down: SitDown) -> None:
    """Found, reactivated, told, and the next code: the same keys as ever, and the case has its outcome."""
    async with sit_down() as desk:
        desk.at_once(f"{desk.code_of(VIP)}\rr\ry/{desk.code_of(ACTIVE)}\r")
        await desk.settles()
        assert desk.beeps == 0
        desk.sees("The card works: 30.01 GBP", ", open: z")
        now, before = of_today(desk)
        assert before.outcome is CaseOutcome.REACTIVATED
        assert now.closed_at is None


async def test_who_quits_leaves_the_case(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.opens(SPENT)
        await desk.presses("y")
    (case,) = of_today(desk)
    assert case.outcome is CaseOutcome.EXPLAINED


async def test_cards_that_were_looked_at_leave_no_open_cases(sit_down: SitDown) -> None:
    """Typed as fast as a line delivers it, each case is opened and left in its order."""
    async with sit_down() as desk:
        desk.at_once("/".join(f"{desk.code_of(each)}\r" for each in (VIP, LATE, ACTIVE, SPENT)))
        await desk.settles()
        assert [each.outcome for each in reversed(of_today(desk))] == [*[CaseOutcome.LOOKED_AT] * 3, None]


async def test_the_same_customers_other_card_comes_to_the_case(sit_down: SitDown) -> None:
    """Reached by o: one conversation about both, whichever is looked at."""
    async with sit_down() as desk:
        await desk.opens(OLD_CODE)
        await desk.presses("o")
        desk.sees(", open: z")
        await desk.presses("o")
        (case,) = open_cases(desk)
        assert case.cards == 2
        await desk.opens(ACTIVE)
        assert [each.cards for each in open_cases(desk)] == [1]


async def test_a_card_from_the_list_of_a_persons_cards_comes_to_the_case(sit_down: SitDown) -> None:
    """Reached by p, and back again with Esc."""
    async with sit_down() as desk:
        await desk.opens(VIP)
        await desk.presses("p", "down", "enter")
        assert [each.cards for each in open_cases(desk)] == [2]
        await desk.presses("escape", "escape")
        desk.sees(", open: z")
        assert len(of_today(desk)) == 1


async def test_the_same_card_after_half_an_hour_is_another_call(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.opens(LATE)
        await desk.waits(timedelta(minutes=31))
        await desk.opens(LATE)
        desk.sees(", open, 2 calls: z")


async def opens_line(desk: Driver, card_id: int) -> None:
    """Open a card from the list."""
    cards = [line.card_id for line in desk.desk.finder.results.items]
    await desk.presses("home", *["down"] * cards.index(card_id), "enter")
    assert desk.card_id == card_id


async def test_about_a_card_of_a_worklist_nobody_rings(sit_down: SitDown) -> None:
    """It joins an open case, and gets one of its own when somebody asks; the case before is left all the same."""
    async with sit_down() as desk:
        await desk.opens(WINDOW)
        other = desk.card_id
        await desk.opens(VIP)
        card_id = desk.card_id
        await desk.presses("c")
        await desk.types("it beeps\r")
        await desk.opens(SPENT)
        await desk.presses("f7", "down", "enter")
        await opens_line(desk, card_id)
        desk.sees(", begun: z ──")
        await desk.presses("escape")
        await opens_line(desk, other)
        desk.does_not_see(": z ──")
        assert [each.card_id for each in open_cases(desk)] == [card_id]
        await desk.presses("c", "enter")
        desk.sees(", begun: z ──")
        assert [each.card_id for each in open_cases(desk)] == [other, card_id]


@pytest.mark.parametrize("login", ["ivy", "olu", "kit"])
async def test_who_handles_no_cases_keeps_none(sit_down: SitDown, login: str) -> None:
    """The card is shown as ever, and c says who is to be asked."""
    async with sit_down(login=login) as desk:
        await desk.opens(VIP)
        desk.sees("EXPIRED 11 h ago")
        desk.does_not_see(": z ──", "No case is kept")
        await desk.presses("c")
        desk.sees("may not handle cases; ask an agent, a supervisor or a manager.")
        await desk.presses("z")
        desk.sees("There was no conversation about this card yet.")
        assert of_today(desk, login) == ()


async def test_the_card_at_another_time_is_no_case(sit_down: SitDown) -> None:
    """Looking back belongs to the case that is in hand, which says nothing of then."""
    async with sit_down() as desk:
        await desk.opens(VIP)
        await desk.presses("t")
        await desk.types("1 Oct 2026 12:00\r")
        desk.does_not_see(": z ──")
        for key in "cz":
            await desk.presses(key)
            desk.sees("This is the card as it was on 1 Oct 2026 12:00: Esc brings back the present.")
        await desk.presses("escape")
        desk.sees(", open: z")
        assert len(of_today(desk)) == 1


async def test_where_nothing_can_be_written_the_card_is_shown_all_the_same(
    demo: Demo, sit_down: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One remark, no beep, no key held up; and with the lock the remark is gone."""
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    async with sit_down() as desk:
        with demo.store.database.writing():
            desk.at_once(f"{desk.code_of(VIP)}\r/{desk.code_of(LATE)}\ra")
            await desk.settles()
            desk.sees("All activities", "Expired 35 h ago", "No case is kept of this card. Another desk is saving")
            assert desk.beeps == 0
        await desk.opens(ACTIVE)
        desk.sees(", open: z")
        desk.does_not_see("No case is kept")


class SlowAside(FixedClock):
    """A clock that lets what is done aside wait for the time: a slow database, for that alone."""

    def __init__(self) -> None:
        super().__init__(START)
        self.is_reached, self.may_go_on = threading.Event(), threading.Event()

    def now(self) -> datetime:
        if threading.current_thread().name == "aside-cases":
            self.is_reached.set()
            assert self.may_go_on.wait(5.0)
        return super().now()


async def test_nobody_waits_for_it_and_nobody_is_told_when_it_was_cut_off(demo: Demo) -> None:
    """While the case is being opened the next card is found; no note is kept of what nobody waits for."""
    clock = SlowAside()
    store = demo.store.with_clock(clock)
    async with at_desk(store, demo.scenarios) as desk:
        desk.at_once(f"{desk.code_of(VIP)}\r")
        await desk.expects("EXPIRED 11 h ago")
        await asyncio.to_thread(clock.is_reached.wait, 5.0)
        assert list(pending_folder(store.path).glob("*.json")) == []
        desk.at_once(f"a/{desk.code_of(ACTIVE)}\r")
        await desk.expects("The card works: 30.01 GBP")
        desk.does_not_see(": z ──")
        clock.may_go_on.set()
        await desk.settles()
        desk.sees(", open: z")


# The intake


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


# The time line and the page


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
