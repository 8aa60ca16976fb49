"""Two people at one product: nobody overwrites what they have not seen, and nothing typed is lost."""

from datetime import date

from screens.conftest import SitDown
from screens.products import fills, goes_to, product

from models import desk as actions
from models.desk.agents import set_agent
from models.rules.roles import Role
from models.rules.validity import Period, ValidityRules

SIX_MONTHS = ValidityRules(period=Period(6, "months"))


async def test_a_colleague_retired_it_first(sit_down: SitDown) -> None:
    async with sit_down(login="mia") as desk:
        await desk.presses("f6")
        await desk.types("x")
        assert actions.retire_product(desk.colleague("mia"), "classic").done
        await desk.types("\r")
        desk.sees("Classic 50 is retired already. Nothing was changed.", "⊘ retired classic")
        assert desk.beeps == 1


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
