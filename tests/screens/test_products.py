"""Stories of the products: made, changed, retired, and looked at, with the keyboard alone."""

from datetime import date, timedelta

from driver import Driver
from screens.conftest import Demo, SitDown
from screens.payloads import EIGHT

from models import desk as actions
from models.desk.agents import set_agent
from models.products import ProductSheet, product_named
from models.rules.roles import Role
from models.rules.validity import Period, ValidityRules
from tui.screens.desk import Desk
from tui.screens.product_editor import ProductEditor
from tui.screens.products import Products

SIX_MONTHS = ValidityRules(period=Period(6, "months"))
REFUSED = (
    ("name", "Classic 50", "", "The name is empty."),
    ("activation_delay_days", "0", "168", "must be shorter than the period, which can be as short as 168 days."),
    ("valid_after", "", "1 Jan 2028", "A card sold today could never be spent."),
    ("period", "6 months", "0 months", "The period is a whole number of days, weeks, months or years, 1 or more."),
    ("reminders", "", "7 days, 1 week", "The reminder 7 days before the last day is there twice."),
)
"""Field, what may stand in it, what may not, and why."""
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


def product(desk: Driver, code: str) -> ProductSheet:
    """A product as it is stored."""
    with desk.store.database.connected():
        return product_named(code)


async def goes_to(desk: Driver, field: str) -> None:
    """Go down to a field of the editor, in one go."""
    places = [each.id for each in desk.app.screen.focus_chain]
    assert desk.app.focused is not None
    steps = (places.index(field) - places.index(desk.app.focused.id)) % len(places)
    await desk.presses(*["down"] * steps)
    assert desk.app.focused.id == field


async def fills(desk: Driver, field: str, text: str) -> None:
    """Go down to a field of the editor and paste over what stands in it."""
    await goes_to(desk, field)
    desk.at_once(f"\x05\x15\x1b[200~{text}\x1b[201~")
    await desk.settles()


async def turns(desk: Driver, choice: str, times: int = 1) -> None:
    """Go down to a choice and take one further on."""
    await goes_to(desk, choice)
    await desk.presses(*["right"] * times)


# Made and changed


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
        desk.sees("5 products", "● sold summer Summer box 1 year, month end store 14+3 d")
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


async def test_why_a_field_will_not_do_stands_below_it_while_it_is_typed(sit_down: SitDown) -> None:
    """And goes as soon as it does; saving it is refused, with the keys where it is wrong, and one beep."""
    async with sit_down(login="mia") as desk:
        await desk.presses("f6", "enter")
        await fills(desk, "period", "6 mon")
        rows = desk.cells()
        wrong = next(place for place, row in enumerate(rows) if "'6 mon' is not a period" in row)
        assert "Balance expires" in rows[wrong - 1]
        desk.sees("Shown once what is marked above can be saved.")
        await desk.presses("down", "down")
        desk.at_once("\r\r\rx")
        await desk.settles()
        desk.sees("Ctrl+S Save")
        assert desk.beeps == 1
        assert desk.app.focused is not None
        assert desk.app.focused.id == "period"
        await desk.types("ths")
        desk.does_not_see("is not a period")
        desk.sees("You can use the card from")


async def test_every_rule_refuses_at_its_own_field(sit_down: SitDown) -> None:
    """Saving leads to the field that is wrong, with its reason below it and one beep; nothing is saved."""
    async with sit_down(login="mia") as desk:
        await desk.presses("f6", "enter")
        for beeps, (field, right, wrong, sentence) in enumerate(REFUSED, 1):
            await fills(desk, field, wrong)
            await desk.presses("down", "ctrl+s")
            desk.sees(sentence)
            assert desk.app.focused is not None
            assert (desk.app.focused.id, desk.beeps) == (field, beeps)
            await fills(desk, field, right)
            desk.does_not_see(sentence)
        assert product(desk, "classic").rules == SIX_MONTHS


async def test_a_date_in_the_past_is_refused_beside_it(sit_down: SitDown) -> None:
    async with sit_down(login="mia") as desk:
        await desk.presses("f6", "enter")
        await turns(desk, "expires")
        await fills(desk, "expires_on", "1 Nov 2026")
        desk.sees("The expiry date is in the past.")
        await fills(desk, "expires_on", "24 Dec 2026")
        desk.sees("The balance can be spent up to and including Thu 24 Dec 2026; a top-up does not move that day.")
        desk.does_not_see("Last day ◂")


async def test_what_says_the_same_is_not_saved(sit_down: SitDown) -> None:
    async with sit_down(login="mia") as desk:
        await desk.presses("f6", "enter")
        await fills(desk, "period", "6   MONTHS")
        await desk.presses("ctrl+s")
        desk.sees("Nothing was changed here: there is nothing to save.")


async def test_a_law_that_asks_for_more_is_warned_of_and_forbids_nothing(sit_down: SitDown) -> None:
    async with sit_down(login="mia") as desk:
        assert actions.set_policy(desk.colleague("mia"), jurisdictions=("ie",)).done
        await desk.presses("f6", "enter")
        desk.sees("The law of Ireland asks for 5 years")
        await fills(desk, "period", "4 years")
        await desk.presses("enter")
        desk.sees("Save Classic 50", "The law of Ireland asks for 5 years")
        await desk.presses("enter")
        assert product(desk, "classic").rules == ValidityRules(period=Period(4, "years"))
        await desk.presses("enter")
        await fills(desk, "period", "5 years")
        desk.does_not_see("Ireland")


# The preview


async def test_the_preview_follows_letter_by_letter(sit_down: SitDown) -> None:
    """Bought on the first of January for six months, topped up on the last day: the article's own example."""
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
    async with sit_down(login="mia", size=(44, 12)) as desk:
        await desk.presses("f6", "enter")
        for field, row in SEEN_WHOLE.items():
            await goes_to(desk, field)
            for words in row:
                await desk.expects(words)


# Retired and brought back


async def test_a_product_is_retired_and_brought_back(sit_down: SitDown) -> None:
    """Each asks first; the list says it by sign and word, and the cursor stays on the product."""
    async with sit_down(login="mia") as desk:
        await desk.presses("f6", "down", "x")
        desk.sees("Retire Dinner for two (dinner)", "No more cards of it are issued.")
        await desk.presses("escape")
        desk.sees("Left as it was.", "● sold dinner")
        await desk.types("x\r")
        desk.sees("Dinner for two is retired", "⊘ retired dinner", "4 products, 1 retired")
        assert not actions.issue(desk.colleague("mia"), "dinner", 5000).done
        await desk.types("x")
        desk.sees("Bring back Dinner for two (dinner)")
        await desk.types("\r")
        desk.sees("Dinner for two is issued again.", "● sold dinner")


async def test_a_colleague_retired_it_first(sit_down: SitDown) -> None:
    async with sit_down(login="mia") as desk:
        await desk.presses("f6")
        await desk.types("x")
        assert actions.retire_product(desk.colleague("mia"), "classic").done
        await desk.types("\r")
        desk.sees("Classic 50 is retired already. Nothing was changed.", "⊘ retired classic")
        assert desk.beeps == 1


# Colleagues and roles


async def test_a_colleague_was_quicker(sit_down: SitDown) -> None:
    """Nothing is saved; what changed is told, what nobody touched follows, and saving again means what it says."""
    async with sit_down(login="mia") as desk:
        assert set_agent(desk.colleague("mia"), "max", name="Max Power", role=Role.MANAGER).done
        await desk.presses("f6", "enter")
        await fills(desk, "reminders", "1 week")
        changed = ValidityRules(activation_delay_days=2, period=Period(9, "months"))
        assert actions.set_product(desk.colleague("max"), "classic", rules=changed).done
        await desk.presses("enter", "enter")
        desk.sees("Max Power changed Classic 50 since you opened it. Nothing was saved.")
        desk.sees("Validity: 9 months from last load, valid after 2 days (before: 6 months from last load)")
        desk.sees("after a period 9 months", "Reminders 1 week")
        assert [lead.days for lead in product(desk, "classic").reminders] == [14, 1]
        assert desk.beeps == 1
        await desk.presses("enter")
        desk.sees("Reminders: 1 week before the last day (before: 2 weeks, 1 day before the last day)")
        assert "9 months" not in desk.words().partition("Save Classic 50")[2]
        await desk.presses("enter")
        saved = product(desk, "classic")
        assert (saved.rules, [lead.days for lead in saved.reminders]) == (changed, [7])


async def test_two_make_a_product_of_one_short_name(sit_down: SitDown) -> None:
    """The second is refused, and what they typed is still there under another short name."""
    async with sit_down(login="mia") as desk:
        await desk.presses("f6", "n")
        await fills(desk, "name", "Summer box")
        await fills(desk, "code", "classic")
        desk.sees("There is a product called classic already.")
        await fills(desk, "code", "summer")
        await desk.presses("enter")
        assert actions.set_product(desk.colleague("mia"), "summer", name="Sun", rules=SIX_MONTHS).done
        await desk.presses("enter")
        desk.sees("There is a product called summer already: Sun. Choose another short name.", "Summer box")
        await fills(desk, "code", "summer-2")
        await desk.types("\r\r")
        assert product(desk, "summer").name == "Sun"
        assert product(desk, "summer-2").name == "Summer box"


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


# Leaving, pasting, typing ahead


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
        await desk.presses("escape", "enter")
        assert isinstance(desk.app.screen, Products)
        await desk.presses("enter")
        await fills(desk, "name", "Classic fifty")
        await desk.presses("f2")
        desk.sees("Enter Throw it away Esc Go on typing")
        await desk.presses("enter")
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


# Text that would like to be more


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


# What was there before


async def test_reading_again_keeps_what_was_typed_and_brings_what_a_colleague_saved(sit_down: SitDown) -> None:
    """F5 in the editor: only fields that nobody touched follow."""
    async with sit_down(login="mia") as desk:
        await desk.presses("f6", "enter")
        await fills(desk, "name", "Fifty")
        await goes_to(desk, "expires")
        changed = ValidityRules(valid_after=date(2026, 12, 1), period=Period(9, "months"))
        assert actions.set_product(desk.colleague("mia"), "classic", name="Classic", rules=changed).done
        await desk.presses("f5")
        desk.sees("Name Fifty", "after a period 9 months", "and not before 2026-12-01")
        await desk.types("\r\r")
        assert product(desk, "classic").name == "Fifty"
        assert product(desk, "classic").rules == changed


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


async def test_today_is_another_day_after_midnight(sit_down: SitDown) -> None:
    async with sit_down(login="mia") as desk:
        await desk.presses("f6", "enter")
        desk.sees("active at once Sat 21 Nov 2026")
        await desk.waits(timedelta(hours=12))
        desk.sees("active at once Sun 22 Nov 2026")
