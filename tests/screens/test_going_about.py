"""Going about by keys alone: lists by hjkl, places by their letters, the card before, and the last dialog again."""

from datetime import timedelta

import pytest
from driver import WIDE
from screens.conftest import SitDown

from models.desk import note
from tui.screens.desk import Desk
from tui.screens.products import Products
from tui.widgets.scrolling import Text

VIP = "Expired this morning, VIP"
DAY = "Expired this morning, within 24 h"
HELD = "Suspended, no flag"
LONG = "Never expires"
ACTIVE, STILL_GOOD = "Active: confirm", "There is nothing to reactivate"
NOBODY = "Nothing is found by that."
ADA, BEN = "···· ···· ···· J773", "···· ···· ···· H647"


# What was refused


async def test_a_refusal_goes_with_the_next_key(sit_down: SitDown) -> None:
    """It stands as long as nobody touches a key, and in place of it whatever the next key has to say."""
    async with sit_down() as desk:
        await desk.types("nobody at all\r")
        desk.sees(NOBODY)
        await desk.waits(timedelta(minutes=1))
        desk.sees(NOBODY)
        await desk.types("a")
        desk.does_not_see(NOBODY)
        await desk.opens(ACTIVE)
        await desk.types("r")
        desk.sees(STILL_GOOD)
        await desk.types("r")
        desk.sees(STILL_GOOD)
        await desk.types("j")
        desk.does_not_see(STILL_GOOD)


async def test_what_was_done_stays_told(sit_down: SitDown) -> None:
    """A move in the list makes nothing of it untrue."""
    async with sit_down() as desk:
        await desk.opens(VIP)
        await desk.types("r\rj")
        desk.sees("is reactivated")


# Lists


async def test_a_list_is_gone_through_without_leaving_the_home_row(sit_down: SitDown) -> None:
    """l opens what the cursor is on, h leads back out of it, as far as the field."""
    async with sit_down() as desk:
        await desk.types("Ada\rjl")
        desk.sees("find > card", "QVWW")
        await desk.types("h")
        assert desk.desk.finder.results.cursor == 1
        await desk.presses("right", "left")
        assert desk.desk.finder.results.has_focus
        await desk.types("h")
        assert desk.desk.finder.field.has_focus


async def test_half_pages_and_both_ends(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.opens(LONG)
        history = desk.desk.pane.history
        half = history.size.height // 2
        await desk.presses("ctrl+d")
        assert history.cursor == half
        await desk.presses("ctrl+d", "ctrl+u")
        assert history.cursor == half
        await desk.types(">")
        assert history.cursor == len(history.items) - 1
        await desk.types("<")
        assert history.cursor == 0


async def test_a_text_scrolls_by_the_keys_of_lists(sit_down: SitDown) -> None:
    """A reply that is longer than its place is read line by line, by half pages and from both ends."""
    async with sit_down(size=(80, 16)) as desk:
        await desk.opens(VIP)
        await desk.types("'c")
        text = desk.desk.pane.query_one("#text")
        await desk.types("jj")
        assert text.scroll_offset.y == 2
        await desk.types("k<")
        assert text.scroll_offset.y == 0
        await desk.types("G")
        assert text.scroll_offset.y == text.max_scroll_y > 2
        await desk.presses("ctrl+u", "ctrl+d", "pageup", "home")
        assert text.scroll_offset.y == 0
        await desk.types("h")
        assert not desk.desk.pane.is_reading


async def test_a_reply_that_is_longer_than_its_place_is_read_to_its_end(sit_down: SitDown) -> None:
    """Tab goes to it, and its letter does; a manager may have written a long one."""
    async with sit_down() as desk:
        await desk.opens("Active: confirm")
        await desk.types("Y")
        text = desk.app.screen.query_one("#said", Text)
        text.show("\n".join(f"Paragraph {number}." for number in range(20)))
        await desk.settles()
        desk.does_not_see("Paragraph 19.")
        for goes in ("tab", "'t"):
            await (desk.presses(goes) if goes == "tab" else desk.types(goes))
            assert text.has_focus
            await desk.types(">")
            desk.sees("Paragraph 19.")
            await desk.presses("home", "shift+tab")


async def test_h_leaves_what_is_listed_in_front_of_a_page(sit_down: SitDown) -> None:
    """Help is a list, too."""
    async with sit_down() as desk:
        await desk.presses("f1", "j", "h")
        assert type(desk.app.screen) is Desk


# Places


async def test_every_place_has_its_letter(sit_down: SitDown) -> None:
    """The field is f and the list l, the history h; the card and its verdict are read whole."""
    async with sit_down(size=WIDE) as desk:
        await desk.types("Ada\rl'")
        assert {each.strip() for each in desk.words().split() if len(each) == 1} >= set("flchv")
        await desk.types("l")
        assert desk.desk.finder.results.has_focus
        await desk.types("'f")
        assert desk.desk.finder.field.has_focus
        await desk.presses("ctrl+n", "h")
        assert desk.desk.pane.history.has_focus
        await desk.types("'v")
        desk.sees("Verdict", "gives back 50.00 GBP")
        assert desk.desk.pane.is_reading
        await desk.types("'c")
        desk.sees("Ada Lovelace Northwind ★ VIP")


async def test_who_does_not_want_to_jump_stays(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.opens(VIP)
        before = desk.screen_text()
        for leaves in ("escape", "'", "ctrl+n", "f3"):
            await desk.presses("'", leaves)
            assert desk.screen_text() == before
        desk.at_once("'zr\r")
        await desk.settles()
        desk.sees("No place here has that letter.", "EXPIRED")
        assert desk.beeps == 1


async def test_a_field_keeps_its_apostrophe(sit_down: SitDown) -> None:
    """Ctrl+N shows the letters there: in a dialog one leads to each field."""
    async with sit_down(login="pat") as desk:
        await desk.types("O'Neil")
        desk.sees("Find O'Neil")
        await desk.opens(VIP)
        await desk.types("g")
        await desk.presses("ctrl+n", "s")
        await desk.types("ada@lovelace.example")
        assert desk.app.screen.query_one("#email").has_focus
        desk.sees("ada@lovelace.example")


# The card before


async def test_the_card_before_and_back(sit_down: SitDown) -> None:
    """Whoever compares two cards goes to and fro with one key."""
    async with sit_down() as desk:
        await desk.opens(VIP)
        await desk.types("-")
        desk.sees("No other card was open before.", ADA)
        await desk.opens(DAY)
        await desk.types("-")
        desk.sees(ADA)
        await desk.types("-")
        desk.sees(BEN)
        await desk.presses("escape", "escape")
        await desk.types("-")
        desk.sees(BEN)


async def test_the_card_before_from_a_page_and_from_a_search(sit_down: SitDown) -> None:
    """And where it is typed within a search, it is a letter."""
    async with sit_down() as desk:
        await desk.opens(VIP)
        await desk.types("/-")
        desk.sees(ADA)
        await desk.opens(DAY)
        await desk.presses("f6", "-")
        desk.sees(ADA)
        await desk.types("/12-")
        desk.sees("Find 12-")


async def test_the_card_before_is_of_its_own_case(sit_down: SitDown) -> None:
    """It is opened as by its code: the case that was begun with its customer is taken up again."""
    async with sit_down() as desk:
        await desk.opens(VIP)
        await desk.types("nLooks for the receipt\r")
        assert desk.desk.case is not None
        case = desk.desk.case.id
        await desk.opens(DAY)
        assert desk.desk.case is not None
        assert desk.desk.case.id != case
        await desk.types("-")
        assert desk.desk.case is not None
        assert desk.desk.case.id == case


@pytest.mark.parametrize("leaves", ["lock", "sits down"])
async def test_nothing_is_remembered_of_who_got_up(sit_down: SitDown, leaves: str) -> None:
    """Neither the card before nor what was typed, whoever sits down then."""
    async with sit_down() as desk:
        await desk.opens(VIP)
        await desk.opens(DAY)
        await desk.types("nCalled twice\r")
        if leaves == "lock":
            desk.app.lock_screen()
            await desk.settles()
            await desk.presses("enter")
        else:
            await desk.presses("f12", "enter")
        await desk.types("-")
        desk.sees("No other card was open before.", BEN)
        await desk.types(".")
        desk.sees("Nothing to repeat")


# Once more


async def test_a_note_is_written_again_on_another_card(sit_down: SitDown) -> None:
    """The dialog stands there with the same words, and nothing is done until Enter."""
    async with sit_down() as desk:
        await desk.opens(VIP)
        await desk.types(".")
        desk.sees("Nothing to repeat")
        await desk.types("nThe till in Leeds was down\r")
        await desk.opens(DAY)
        await desk.types(".")
        desk.sees("Note on ···· ···· ···· H647", "The till in Leeds was down")
        assert desk.sheet.notes == 0
        await desk.types(" all day\r")
        assert desk.sheet.notes == 1
        await desk.types("'c")
        desk.sees("Notes 1")
        await desk.presses("escape", "escape", "/")
        await desk.opens(VIP)
        desk.at_once(".\r")
        await desk.settles()
        assert desk.sheet.notes == 2
        await desk.types("a")
        desk.sees("The till in Leeds was down all day")


async def test_what_was_left_is_not_repeated(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.opens(VIP)
        await desk.types("nhalf a thought")
        await desk.presses("escape", ".")
        desk.sees("Nothing to repeat")


async def test_what_the_card_does_not_allow_is_not_repeated(sit_down: SitDown) -> None:
    """It says why, as the key itself would."""
    async with sit_down(login="pat") as desk:
        await desk.opens("Active: confirm")
        await desk.types("sLost in the post\r")
        desk.sees("SUSPENDED")
        await desk.types(".")
        desk.sees("is suspended already")
        assert desk.beeps == 1
        await desk.opens(DAY)
        desk.at_once(".\r")
        await desk.settles()
        assert desk.sheet.suspended_reason == "Lost in the post"


async def test_money_and_people_are_not_repeated(sit_down: SitDown) -> None:
    """A name belongs to one card, and money moves only by what is typed for it."""
    async with sit_down(login="pat") as desk:
        await desk.opens(HELD)
        await desk.types("nFound again\r")
        await desk.types("g")
        await desk.types("Grace Hopper\r")
        await desk.opens(VIP)
        await desk.types(".")
        desk.sees("Note on")
        desk.does_not_see("Grace Hopper on")


async def test_a_purchase_is_tried_with_another_card(sit_down: SitDown) -> None:
    """All but who pays: that is another customer."""
    async with sit_down() as desk:
        await desk.opens("Spent in the shops of Leeds")
        await desk.types("S25.00")
        await desk.presses("down")
        await desk.types("York")
        await desk.presses("down")
        await desk.types("gil@town.example\r")
        desk.sees("Checkout")
        await desk.opens("Gil alone may spend it")
        await desk.types(".")
        desk.sees("25.00", "York")
        desk.does_not_see("gil@town.example ")
        await desk.presses("enter")
        desk.sees("Checkout", "York")


async def test_the_last_dialog_waits_while_nothing_is_open(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.opens(VIP)
        await desk.types("nOnce\r")
        await desk.presses("f6", ".")
        assert type(desk.app.screen) is Products
        note(desk.colleague("pat"), desk.card_id, "Meanwhile")
        await desk.presses("escape", ".", "enter")
        assert desk.sheet.notes == 3
