"""Every card that is opened is a conversation: its case is opened, kept and closed without a key of its own."""

import asyncio
import threading
from datetime import datetime, timedelta

import pytest
from driver import Driver, at_desk
from screens.calls_today import of_today, open_cases
from screens.conftest import Demo, SitDown

from models import database
from models.clock import FixedClock
from models.jobs.demo import START
from models.locations import pending_folder
from models.rules.cases import CaseOutcome

VIP = "Expired this morning, VIP"
WINDOW = "Expired this morning, within"
LATE = "Expired 35 hours ago"
ACTIVE = "Active: confirm"
SPENT = "Spent to the last penny"
OLD_CODE = "An old code"


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
