"""Stories of the products: made, changed, retired, and looked at, with the keyboard alone."""

from screens.conftest import Demo, SitDown
from screens.payloads import EIGHT
from screens.products import fills, product, turns

from models import desk as actions
from models.rules.validity import Period, ValidityRules
from tui.screens.desk import Desk
from tui.screens.product_editor import ProductEditor
from tui.screens.products import Products


async def test_a_product_is_made_with_the_keyboard_alone(sit_down: SitDown) -> None:
    """F6, n, the fields from top to bottom, Enter, and Enter again: it stands in the list, and cards are issued."""
    async with sit_down(login="mia") as desk:
        await desk.presses("f6", "n")
        desk.sees("Reminders none, or 2 weeks, 3 days before the last day")
        await fills(desk, "name", "Summer box")
        await fills(desk, "code", "Summer")
        await turns(desk, "channels", 2)
        await fills(desk, "activation_delay_days", "3")
        await turns(desk, "expires")
        await fills(desk, "period", "1 year")
        await turns(desk, "month_end")
        await fills(desk, "reminders", "2 weeks and 3 days")
        await desk.types("\r")
        desk.sees(
            "Save Summer box (summer)", "Sold in: stores", "valid after 3 days", "2 weeks, 3 days before the last"
        )
        await desk.types("\r")
        desk.sees("Summer box (summer): 1 year from last load, to the end of the month, valid after 3 days.")
        desk.sees("6 products", "● sold summer Summer box 1 year, month end store 14+3 d")
        made = product(desk, "summer")
        assert made.rules == ValidityRules(activation_delay_days=3, period=Period(1, "years"), month_end=True)
        assert [lead.days for lead in made.reminders] == [14, 3]
        assert made.channels == ("store",)
        assert actions.issue(desk.colleague("mia"), "summer", 5000).done


async def test_what_editing_changes_and_what_not_stands_on_the_screen_and_is_so(sit_down: SitDown) -> None:
    async with sit_down(login="mia") as desk:
        await desk.opens("Active: confirm")
        assert desk.desk.sheet is not None
        day = desk.desk.sheet.last_day_on
        await desk.presses("f6", "enter")
        desk.sees("Validity counts for cards issued or topped up from then on; others keep their days.")
        await fills(desk, "period", "2 years")
        await desk.presses("ctrl+s")
        desk.sees("Validity: 2 years from last load (before: 6 months from last load)", "others keep their days")
        await desk.presses("enter", "escape", "f5")
        assert desk.desk.sheet.last_day_on == day
        assert product(desk, "classic").rules == ValidityRules(period=Period(2, "years"))


async def test_what_says_the_same_is_not_saved(sit_down: SitDown) -> None:
    async with sit_down(login="mia") as desk:
        await desk.presses("f6", "enter")
        await fills(desk, "period", "6   MONTHS")
        await desk.presses("ctrl+s")
        desk.sees("Nothing was changed here: there is nothing to save.")


async def test_a_product_is_retired_and_brought_back(sit_down: SitDown) -> None:
    """Each asks first; the list says it by sign and word, and the cursor stays on the product."""
    async with sit_down(login="mia") as desk:
        await desk.presses("f6", "down", "x")
        desk.sees("Retire Dinner for two (dinner)", "No more cards of it are issued.")
        await desk.presses("escape")
        desk.sees("Left as it was.", "● sold dinner")
        await desk.types("x\r")
        desk.sees("Dinner for two is retired", "⊘ retired dinner", "5 products, 1 retired")
        assert not actions.issue(desk.colleague("mia"), "dinner", 5000).done
        await desk.types("x")
        desk.sees("Bring back Dinner for two (dinner)")
        await desk.types("\r")
        desk.sees("Dinner for two is issued again.", "● sold dinner")


async def test_an_agent_may_look_and_not_touch(sit_down: SitDown) -> None:
    """The list, the rules and the preview are for everybody; what is dimmed tells why."""
    async with sit_down() as desk:
        await desk.presses("f6", "x")
        desk.sees("An agent may not", "ask a manager.")
        await desk.presses("n")
        assert isinstance(desk.app.screen, Products)
        await desk.presses("enter")
        desk.sees("Classic 50", "6 months")
        await desk.types("1 Jan 2027")
        desk.sees("last day Wed 30 Jun 2027")
        await desk.types("\r")
        desk.sees("An agent may not")
        assert desk.beeps == 3
        await desk.presses("escape", "escape")
        assert isinstance(desk.app.screen, Desk)


async def test_what_was_typed_is_not_lost_by_leaving(sit_down: SitDown) -> None:
    """Whatever would lead away asks first."""
    async with sit_down(login="mia") as desk:
        await desk.presses("f6", "enter")
        await fills(desk, "name", "Classic fifty")
        for key in ("escape", "f2", "f6", "ctrl+q"):
            await desk.presses(key)
            desk.sees("What you typed here is not saved.")
            await desk.presses("escape")
            desk.sees("Classic fifty")
        assert desk.app.is_running


async def test_leaving_all_the_same(sit_down: SitDown) -> None:
    """One step back, and with / all the way to the search field; nothing was saved."""
    async with sit_down(login="mia") as desk:
        await desk.presses("f6", "enter")
        await fills(desk, "name", "Classic fifty")
        await desk.presses("escape", "right", "enter")
        assert isinstance(desk.app.screen, Products)
        await desk.presses("enter")
        await fills(desk, "name", "Classic fifty")
        await desk.presses("f2")
        desk.sees("1 of 2 Go on typing", "Enter Choose Esc Go on")
        await desk.types("l\r")
        assert isinstance(desk.app.screen, Desk)
        assert desk.desk.finder.field.has_focus
        assert product(desk, "classic").name == "Classic 50"


async def test_a_paste_never_saves(sit_down: SitDown) -> None:
    async with sit_down(login="mia") as desk:
        await desk.presses("f6", "enter", "ctrl+u")
        await desk.pastes("Fifty\r\n\r\r")
        assert isinstance(desk.app.screen, ProductEditor)
        await desk.presses("enter")
        desk.sees("Save Fifty (classic)")
        await desk.pastes("\r\n\r")
        desk.sees("Save Fifty (classic)")
        assert product(desk, "classic").name == "Classic 50"


async def test_everything_typed_in_one_go(sit_down: SitDown) -> None:
    """A field that a key brings takes what is typed after it."""
    async with sit_down(login="mia") as desk:
        desk.at_once("\x1b[17~\r\x15Fifty\r\r")
        await desk.settles()
        desk.sees("Fifty (classic): 6 months from last load.")
        desk.at_once("nHalf year\thalf\t\t\t\t \t6 months\t\t2 weeks\r\r")
        await desk.settles()
        desk.sees("Half year (half): 6 months from last load.", "● sold half Half year 6 months")
        assert desk.cells()[4].startswith("▸")
        assert product(desk, "half").reminded == "2 weeks before the last day"


async def test_a_hostile_name_is_drawn_and_stays_as_it_is(demo: Demo, sit_down: SitDown) -> None:
    """In the list, the editor and the dialogs; who changes something else does not change it."""
    name = " ".join(EIGHT.values())
    with demo.store.database.writing():
        demo.store.database.execute_sql("UPDATE product SET name = ? WHERE code = 'classic'", (name,))
    async with sit_down(login="mia") as desk:
        await desk.types("\x1b[17~")
        while desk.app.screen.chosen.code != "classic":  # type: ignore[attr-defined]
            await desk.presses("down")
        desk.is_harmless()
        await desk.types("x")
        desk.is_harmless()
        await desk.types("\r\r")
        desk.is_harmless()
        await fills(desk, "period", "7 months")
        await desk.types("\r")
        desk.is_harmless()
        await desk.types("\r")
        desk.is_harmless()
        assert product(desk, "classic").name == name
        assert product(desk, "classic").rules == ValidityRules(period=Period(7, "months"))


async def test_a_product_that_an_import_brought_gets_its_rules(demo: Demo, sit_down: SitDown) -> None:
    """It says that it has none; saving what stands there gives it some."""
    with demo.store.database.writing():
        demo.store.database.execute_sql("UPDATE product SET rules = NULL WHERE code = 'classic'")
    async with sit_down(login="mia") as desk:
        await desk.presses("f6")
        desk.sees("○ no rules classic Classic 50 no rules yet")
        await desk.presses("enter", "ctrl+s")
        desk.sees("Classic 50 (classic, no rules yet)", "Validity: never expires (before: no rules yet)")
        await desk.presses("enter")
        assert product(desk, "classic").rules == ValidityRules()
