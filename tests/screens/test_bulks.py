"""Bulk work on the screen: previewed, confirmed, approved by a second person, undone; each figure opens its cards."""

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from driver import NARROW, WIDE, Driver
from screens.conftest import Demo, SitDown

from models import bulks as work
from models import desk as actions
from models.bulks import BySearch
from models.rules.bulk import BulkKind
from models.schema import Activity, GiftCard
from models.store import Store
from models.unit import Session
from models.waiting import bulks_waiting
from tui.screens.bulk_preview import BulkPage
from tui.screens.bulks import Bulks
from tui.screens.desk import Desk

EXPIRED = "status:expired\r"
EXTEND = "n\rclosed\t31 Dec 2027\r"
"""New work, an extension of what was searched for, with a reason and a day."""
WISH = work.read_wish(BulkKind.EXTEND, reason="closed", until="31 Dec 2027")


def lies_open(desk: Driver) -> type:
    """Which page lies on top."""
    return type(desk.app.screen)


def activities(store: Store) -> int:
    """How much was ever done to any card."""
    with store.database.connected():
        return Activity.select().count()


def thresholded(store: Store, above: int) -> None:
    """Work on more cards than that needs a second person."""
    assert actions.set_policy(Session(store, "mia"), bulk_above=above).done


def asked(store: Store, login: str = "mia", reason: str = "closed") -> int:
    """A bulk that somebody asked for: an extension of all that has expired."""
    wish = replace(WISH, reason=reason)
    return work.begin_bulk(Session(store, login), wish, BySearch("status:expired")).id


async def previews(desk: Driver) -> None:
    """From a search to the preview of an extension of what it found."""
    await desk.types(EXPIRED)
    await desk.presses("ctrl+t")
    await desk.types(EXTEND)


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_what_a_search_found_is_extended_and_that_is_undone(sit_down: SitDown, size: tuple[int, int]) -> None:
    """The search says which cards; the preview what would be; Enter does it, and a preview and Enter undo it."""
    async with sit_down(login="mia", size=size) as desk:
        before = activities(desk.store)
        await previews(desk)
        desk.sees("Extension of cards found by status:expired: closed", "6 cards would be changed")
        desk.sees("572.50 GBP comes back", "1 card stays as it is", "has an open flag")
        assert activities(desk.store) == before
        await desk.types("b")
        desk.sees("6 cards: 572.50 GBP comes back.", "Enter Begin")
        await desk.presses("enter")
        desk.sees("Bulk 1 is done: 6 cards changed.", "1 ● done")
        assert activities(desk.store) > before
        await desk.types("xwrong cards\r")
        desk.sees("Undoing the extension 1: wrong cards", "572.50 GBP breaks again")
        await desk.types("b\r")
        desk.sees("Bulk 2, which undoes bulk 1, is done: 6 cards changed.", "undone")


async def test_nothing_is_done_by_one_key_or_by_a_paste(sit_down: SitDown) -> None:
    """Not by what is pasted into the preview, and not by what is pasted before the question."""
    async with sit_down(login="mia") as desk:
        before = activities(desk.store)
        await previews(desk)
        await desk.pastes("b\r\r\r")
        await desk.types("b")
        await desk.pastes("\r\r")
        assert activities(desk.store) == before
        await desk.presses("escape", "escape")
        assert lies_open(desk) is Bulks
        desk.sees("There is no bulk work yet.")


async def test_everything_may_be_typed_in_one_go(sit_down: SitDown) -> None:
    async with sit_down(login="mia") as desk:
        desk.at_once(f"{EXPIRED}\x14{EXTEND}b\r")
        await desk.settles()
        desk.sees("Bulk 1 is done: 6 cards changed.")


async def test_each_figure_opens_its_cards_and_a_card_leads_back(sit_down: SitDown) -> None:
    """Those that stay, one of them on the desk, back to the preview, which is still to be begun; and what was done."""
    async with sit_down(login="mia") as desk:
        await previews(desk)
        await desk.presses("end", "enter")
        desk.sees("bulk > preview > cards", "has an open flag: read and clear it first: 1 card")
        await desk.presses("enter")
        assert lies_open(desk) is Desk
        await desk.presses("escape", "escape")
        assert lies_open(desk) is BulkPage
        await desk.types("b\r")
        desk.sees("Bulk 1 is done")
        await desk.presses("enter")
        desk.sees("bulk > 1", "extension until 31 Dec 2027", "6 cards changed", "572.50 GBP came back")
        await desk.presses("enter")
        desk.sees("bulk > 1 > cards", "changed: 6 cards")
        await desk.presses("enter", "escape")
        desk.sees("bulk > 1 > cards")


async def test_above_the_threshold_a_second_person_decides(sit_down: SitDown, demo: Demo) -> None:
    """Mia asks, and may only withdraw; Pat is told, sees what and why, and approves: it is done at once."""
    thresholded(demo.store, 5)
    async with sit_down(login="mia") as desk:
        await previews(desk)
        await desk.types("b")
        desk.sees("Enter Ask for approval")
        await desk.presses("enter")
        desk.sees("‖ waiting")
        await desk.types("A")
        desk.sees("Withdraw the extension of 6 cards", "Enter Withdraw")
        await desk.presses("escape")
    assert bulks_waiting(Session(demo.store, "mia")) == ""
    assert bulks_waiting(Session(demo.store, "sam")) == ""
    assert bulks_waiting(Session(demo.store, "pat")) == "Bulk work waits for your approval."
    async with sit_down(login="pat") as desk:
        await desk.presses("ctrl+t")
        await desk.types("A")
        desk.sees("Decide about the extension of 6 cards", "Reason closed", "Approve it: the work begins at once")
        await desk.presses("up", "right", "enter")
        desk.sees("Say why it is refused")
        await desk.presses("right", "enter")
        desk.sees("Bulk 1 is done: 6 cards changed.")
    assert bulks_waiting(Session(demo.store, "pat")) == ""


async def test_what_was_asked_for_is_refused_with_a_reason(sit_down: SitDown, demo: Demo) -> None:
    thresholded(demo.store, 5)
    number, before = asked(demo.store), activities(demo.store)
    async with sit_down(login="pat") as desk:
        await desk.presses("ctrl+t")
        await desk.types("Anot before Monday")
        await desk.presses("up", "right", "enter")
        desk.sees(f"Bulk {number}, which Mia asked for, is refused.", "refused")
        await desk.types("A")
        desk.sees("This work is refused: nothing about it is to be decided.")
    assert activities(demo.store) == before


async def test_what_changed_since_the_preview_is_not_done(sit_down: SitDown, demo: Demo) -> None:
    """One of them is on hold meanwhile: Enter does nothing, the dialog says why, and F5 looks again."""
    async with sit_down(login="mia") as desk:
        await previews(desk)
        card_id = work.preview(Session(demo.store, "mia"), WISH, BySearch("status:expired")).first_ids[0]
        assert actions.raise_flag(Session(demo.store, "pat"), card_id, "Read this first").done
        before = activities(demo.store)
        await desk.types("b\r")
        desk.sees("This is not what you saw any more")
        assert activities(demo.store) == before
        await desk.presses("escape", "f5")
        desk.sees("5 cards would be changed", "2 cards stay as they are")
        asked(demo.store)
        await desk.presses("f5")
        await desk.types("b")
        desk.sees("No card would be changed.")


async def test_work_that_lasts_can_be_stopped(sit_down: SitDown, demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    """Esc after a second asks it to stop; before the list is complete nothing of it is done, and the dialog says so."""
    began, goes_on = threading.Event(), threading.Event()
    begin = work.begin_bulk

    def slowly(*args: object, **steps: object) -> object:
        began.set()
        goes_on.wait(10)
        return begin(*args, **steps)  # type: ignore[arg-type]

    monkeypatch.setattr(work, "begin_bulk", slowly)
    async with sit_down(login="mia") as desk:
        await previews(desk)
        desk.at_once("b\r")
        await desk.expects("Esc stops it")
        assert began.is_set()
        desk.at_once("\x1b")
        await desk.expects("stopping")
        goes_on.set()
        await desk.settles()
        desk.sees("was stopped", "Enter Begin")
    with demo.store.database.connected():
        assert GiftCard.select().where(GiftCard.last_day_on == "2027-12-31").count() == 0


async def test_a_file_says_which_cards_and_what_can_not_be_used(sit_down: SitDown, tmp_path: Path) -> None:
    """The path of a file, and one line of it that no card answers to."""
    async with sit_down(login="mia") as desk:
        path = tmp_path / "codes.txt"
        path.write_text(f"{desk.code_of('Active: confirm')}\n2222333344445552\n")
        await desk.presses("ctrl+t", "n")
        await desk.presses("up", "right", "right", "down", "down")
        await desk.types(f"{path}\r")
        await desk.types("reported stolen\r")
        desk.sees("1 card would be changed", "No money moves.", "1 line of the file can't be used", "line 2")
        await desk.types("b\r")
        desk.sees("Bulk 1 is done: 1 card changed.")


async def test_what_is_missing_is_told_in_the_dialog(sit_down: SitDown) -> None:
    """No cards, no day, a day that is none."""
    async with sit_down(login="mia") as desk:
        await desk.presses("ctrl+t")
        await desk.types("n\r")
        desk.sees("Say with which cards")
        await desk.presses("escape", "escape")
        await desk.types(EXPIRED)
        await desk.presses("ctrl+t")
        await desk.types("n\rclosed\r")
        desk.sees("Say once how long")
        await desk.types("\t31 Octember\r")
        desk.sees("is no date")


async def test_an_agent_sees_what_was_done_and_is_told_who_may(sit_down: SitDown, demo: Demo) -> None:
    number = asked(demo.store)
    async with sit_down() as desk:
        await desk.presses("ctrl+t", "enter")
        desk.sees(f"bulk > {number}", "6 cards changed")
        await desk.presses("escape", "n")
        desk.sees("An agent may not work on many cards at once; ask")


async def test_a_hostile_reason_is_only_a_reason(sit_down: SitDown, demo: Demo) -> None:
    asked(demo.store, reason="[@click=app.exit]x[/] [/x] Ann")
    async with sit_down(login="mia") as desk:
        await desk.presses("ctrl+t")
        desk.sees("[@click=app.exit]x[/] [/x] Ann")
        await desk.presses("enter")
        desk.is_harmless()


async def test_a_page_of_work_keeps_up_with_what_colleagues_do(sit_down: SitDown, demo: Demo) -> None:
    async with sit_down(login="mia") as desk:
        await desk.presses("ctrl+t")
        asked(demo.store, "mia")
        await desk.waits(timedelta(minutes=1))
        await desk.presses("f5")
        desk.sees("1 ● done")


async def test_in_a_narrow_terminal_an_amount_is_told_whole(sit_down: SitDown) -> None:
    """Of a product's name there is less; and the list leaves away who asked, before it cuts what was done."""
    async with sit_down(login="mia", size=(60, 16)) as desk:
        await previews(desk)
        assert sum("572.50 GBP" in line for line in desk.cells()) == 2
        await desk.types("b\r")
        desk.sees("extension until 31", "6 cards changed")
