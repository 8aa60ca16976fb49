"""Trying a purchase and restricting a card at the screens."""

import pytest
from driver import Driver
from screens.conftest import SitDown
from screens.payloads import EIGHT

from models import desk as actions
from models.people import PersonGiven
from models.products import products_listed
from models.rules.validity import Period, ValidityRules
from tui.sizes import NEEDED

ACTIVE = "Active: confirm"
LATE = "Expired 35 hours ago"
IN_TOWN = "Spent in the shops of Leeds and Bath only"
GILS = "Gil alone may spend it"
DOWN, UP = "\x1b[B", "\x1b[A"


async def test_would_it_go_through(sit_down: SitDown) -> None:
    """S, the amount, Enter: the answer stands in place of the history, and Escape brings that back."""
    async with sit_down() as desk:
        await desk.opens(ACTIVE)
        await desk.types("S10.00\r")
        desk.sees("── Checkout ──", "10.00 GBP on 21 Nov 2026 14:02 would go through, and leave 20.01 GBP on the card.")
        await desk.presses("escape")
        desk.sees("── History ──", "redemption -19.99")
        assert [line.kind.value for line in desk.sheet.activities] == ["redemption", "issue"]


async def test_what_was_tried_stands_in_the_case(sit_down: SitDown) -> None:
    """Whoever reads the case sees what was asked, and what came of it."""
    async with sit_down() as desk:
        await desk.opens(ACTIVE)
        await desk.types("S100\tLeeds\r")
        await desk.types("z")
        desk.sees("checkout simulated", "100.00 GBP at Leeds on 21 Nov 2026 14:02 would be refused")


async def test_every_rule_that_refuses_is_told_at_once(sit_down: SitDown) -> None:
    """Too much, in the wrong town, in the web shop: all of it in one answer."""
    async with sit_down() as desk:
        await desk.opens(IN_TOWN)
        desk.sees("Rules 1 year, only in st…", "can be spent only in stores, at Leeds or Bath. Confirm")
        await desk.types(f"S100\tYork{UP}{UP}ll\r")
        desk.sees(
            "100.00 GBP at York in the web shop on 21 Nov 2026 14:02 would be refused.",
            "- The card holds 75.00 GBP, less than 100.00 GBP.",
            "- The card can be spent only at Leeds or Bath, not at York.",
            "- The card can be spent only in stores, not in the web shop.",
        )


async def test_only_who_it_is_restricted_to(sit_down: SitDown) -> None:
    """Without his address it is refused; with it it is not. The sheet says whose it is."""
    async with sit_down() as desk:
        await desk.opens(GILS)
        desk.sees("On hold no; only for Gil Haddad", "by Gil Haddad, gil@example.org only")
        await desk.types("S\r")
        desk.sees("nobody is named: give the e-mail address of who pays.")
        await desk.types("S\t\tgil@example.org\r")
        desk.sees("85.00 GBP on 21 Nov 2026 14:02 would go through")


async def test_at_another_time_and_in_another_currency(sit_down: SitDown) -> None:
    """Yesterday it was still good; euros it never was; what can't be meant is said in the dialog, which stands."""
    async with sit_down() as desk:
        await desk.opens(LATE)
        await desk.types("S5\t\t\t19 Nov 2026 10:00\r")
        desk.sees("5.00 GBP on 19 Nov 2026 10:00 would go through")
        await desk.types("S5.00 eur\r")
        desk.sees("The card expired", "The card is in GBP: it can't pay an amount in EUR.")
        await desk.types("S5 xxl\r")
        desk.sees("There is no currency called 'xxl'", "Try a purchase with")
        await desk.presses("escape")
        await desk.types("t19 Nov 2026 10:00\rS5\r")
        desk.sees("As it was on 19 Nov 2026 10:00", "5.00 GBP on 19 Nov 2026 10:00 would go through")


async def test_a_card_is_restricted_and_given_back(sit_down: SitDown) -> None:
    """P by a supervisor; whose it is stands on the card, why in its activities."""
    async with sit_down(login="pat") as desk:
        await desk.opens(ACTIVE)
        await desk.types("Pzoe@example.org\tZoe Quick\tA prize\r")
        desk.sees("one person alone can spend it.", "On hold no; only for Zoe Quick")
        await desk.presses("a")
        desk.sees("Pat: one person alone can spend it: A prize")
        await desk.types("PShe gave it to her son\r")
        desk.sees("anybody can spend it again.", "On hold no")
        desk.does_not_see("only for Zoe")


async def test_the_card_in_its_place_is_theirs_too(sit_down: SitDown) -> None:
    """Said before Enter, and so afterwards."""
    async with sit_down(login="pat") as desk:
        await desk.opens(GILS)
        await desk.types("L")
        desk.sees("Only for Gil Haddad, gil@example.org")
        await desk.types("Letter never arrived\r")
        await desk.presses("escape", "o")
        desk.sees("Bought as ···· WRNT", "On hold no; only for Gil Haddad")


async def test_an_agent_is_told_who_restricts(sit_down: SitDown) -> None:
    """Dimmed, with the sentence that names who may."""
    async with sit_down() as desk:
        await desk.opens(ACTIVE)
        await desk.types("P")
        desk.sees("An agent may not restrict cards to a person; ask a supervisor or a manager.")


async def test_a_colleague_restricted_it_meanwhile(sit_down: SitDown) -> None:
    """What was confirmed is not so any more: nothing is done, and the change is told."""
    async with sit_down(login="pat") as desk:
        await desk.opens(ACTIVE)
        await desk.types("P")
        zoe = PersonGiven("Zoe Quick", "zoe@example.org")
        assert actions.restrict(desk.colleague("mia"), desk.card_id, zoe, "A prize").done
        await desk.types("gil@example.org\t\tA prize\r")
        desk.sees("Spent by", "Zoe Quick, zoe@example.org only, was anybody")


@pytest.mark.parametrize("name", EIGHT)
async def test_hostile_places_are_only_text(sit_down: SitDown, name: str) -> None:
    """Whatever is typed into the dialog, nothing of it acts."""
    async with sit_down() as desk:
        await desk.opens(IN_TOWN)
        await desk.types("S1\t")
        await desk.pastes(EIGHT[name])
        await desk.presses("enter")
        desk.is_harmless()


async def test_hostile_names_are_only_text(sit_down: SitDown) -> None:
    """A place and a person that would like to be more than text, on the card, in both dialogs and in the editor."""
    async with sit_down(login="mia", size=(120, 30)) as desk:
        await desk.opens(ACTIVE)
        live, tag = EIGHT["live link"], EIGHT["unmatched tag"]
        mia = desk.colleague("mia")
        rules = ValidityRules(period=Period(6, "months"))
        places = [f"{live}, [/bold]", "Café ‘Zürich’ 東京"]
        assert actions.set_product(mia, "classic", rules=rules, spend_places=places).done
        assert actions.restrict(desk.colleague("pat"), desk.card_id, PersonGiven(tag, "ann@example.org"), live).done
        await desk.types("\x1b[15~")
        desk.sees(f"only for {tag}", f"only at {live}, [/bold]")
        desk.is_harmless()
        for key in ("S", "P", "a"):
            await desk.types(key)
            desk.is_harmless()
            desk.sees(tag)
            await desk.presses("escape")
        await desk.types("\x1b[17~\r")
        desk.sees("Spent ◂ 1 of 3 web and stores at [@click=app.exit")
        desk.is_harmless()
        await desk.types(" 2\r\r")
        (classic,) = (each for each in products_listed(desk.store) if each.code == "classic")
        assert (classic.name, list(classic.spend_places)) == ("Classic 50 2", places)


async def test_the_dialog_fits_where_there_is_little_room(sit_down: SitDown) -> None:
    """On the smallest terminal the answer can still be asked for."""
    async with sit_down(size=NEEDED) as desk:
        await desk.opens(ACTIVE)
        await desk.types("S10\r")
        await seen_by_scrolling(desk, "would go through")


async def seen_by_scrolling(desk: Driver, text: str) -> None:
    seen = desk.words()
    for _ in range(10):
        if text in seen:
            return
        await desk.presses("down")
        seen += f" {desk.words()}"
    raise AssertionError(f"not seen: {text!r} in {seen}")
