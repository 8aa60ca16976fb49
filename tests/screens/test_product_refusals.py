"""What will not do in a product's editor stands at its field, and what the law has against it below them."""

from screens.conftest import SitDown
from screens.products import fills, product, turns

from models import desk as actions
from models.rules.validity import Period, ValidityRules

SIX_MONTHS = ValidityRules(period=Period(6, "months"))
REFUSED = (
    ("name", "Classic 50", "", "The name is empty."),
    ("activation_delay_days", "0", "168", "must be shorter than the period, which can be as short as 168 days."),
    ("valid_after", "", "1 Jan 2028", "A card sold today could never be spent."),
    ("period", "6 months", "0 months", "The period is a whole number of days, weeks, months or years, 1 or more."),
    ("reminders", "", "7 days, 1 week", "The reminder 7 days before the last day is there twice."),
)
"""Field, what may stand in it, what may not, and why."""


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
        desk.sees("stops 03:00 Fri 21 May 2027")


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
