"""A dialog that is refused for what was typed stands with all of it; one that is refused for anything else closes."""

from collections.abc import Callable

import pytest
from driver import Driver
from screens.conftest import SitDown
from textual.widgets import Input

from models import desk as actions
from models.desk.agents import set_agent
from models.errors import Fault, OutcomeUnknown
from models.exits import BUSY
from models.rules.journal import Kind
from models.rules.roles import Role
from models.unit import Outcome

ACTIVE = "Active: confirm"
OTHER = "Last day is today"
EARLY = "The last day is Tue 2 Feb 2027 already: give a later one."


def typed(desk: Driver) -> list[str]:
    """What stands in the fields of the open dialog."""
    return [field.value for field in desk.app.screen.query(Input)]


async def test_a_day_is_mended_and_the_reason_is_still_there(sit_down: SitDown) -> None:
    """The sentence stands in the dialog; the next Enter does it, and nothing was done before."""
    async with sit_down(login="pat") as desk:
        await desk.opens(ACTIVE)
        await desk.presses("d")
        await desk.types("1 Feb 2027\tWas ill for weeks\r")
        desk.sees("Extend ···· ···· ···· XPT9", EARLY, "Was ill for weeks", "Esc Leave it")
        assert typed(desk) == ["1 Feb 2027", "Was ill for weeks"]
        assert desk.beeps == 1
        await desk.presses("up", "ctrl+u")
        await desk.types("1 Mar 2027\r")
        desk.sees("is valid until Mon 1 Mar 2027.")
        desk.does_not_see(EARLY, "Esc Leave it")
        await desk.presses("a")
        desk.sees("new last day Pat: valid until Mon 1 Mar 2027: Was ill")


async def test_that_a_key_does_nothing_is_told_until_another_does_something(sit_down: SitDown) -> None:
    """Why what was typed won't do stands until it is tried again."""
    async with sit_down(login="pat") as desk:
        await desk.opens(ACTIVE)
        await desk.presses("d", "f4")
        desk.sees("F4 does nothing here.")
        await desk.presses("f6")
        desk.sees("F6 does nothing here.")
        desk.does_not_see("F4 does nothing here.")
        await desk.types("1")
        desk.does_not_see("does nothing here.")
        await desk.presses("enter")
        desk.sees("Still to fill in:")
        await desk.types("x")
        desk.sees("Still to fill in:")


async def test_a_refused_dialog_is_left_as_any_other(sit_down: SitDown) -> None:
    async with sit_down(login="pat") as desk:
        await desk.opens(ACTIVE)
        before = desk.sheet.version
        await desk.presses("d")
        await desk.types("1 Feb 2027\tWas ill\r")
        await desk.presses("escape")
        desk.sees("Left as it was.", "History ──")
        desk.does_not_see(EARLY)
        await desk.presses("f5")
        assert desk.sheet.version == before


async def test_what_was_typed_after_the_enter_is_dropped(sit_down: SitDown) -> None:
    """It was meant for the card, not for a field: neither a note nor a letter in the reason."""
    async with sit_down(login="pat") as desk:
        await desk.opens(ACTIVE)
        desk.at_once("d1 Feb 2027\tWas ill\rnCalled\r")
        await desk.settles()
        desk.sees(EARLY)
        assert typed(desk) == ["1 Feb 2027", "Was ill"]
        assert desk.beeps == 1


async def test_a_choice_stays_chosen(sit_down: SitDown) -> None:
    """More is taken off than the card holds: the escalation that was turned to is still the one."""
    async with sit_down(login="olu") as desk:
        await desk.opens(ACTIVE)
        for text in ("Till says 25", "Till says 25.01"):
            wrong = actions.Escalation.WRONG_BALANCE
            assert actions.escalate(desk.colleague("sam"), desk.card_id, wrong, text).done
        await desk.presses("f5", "b", "up", "right", "down")
        await desk.types("-50.00\tTill was down\r")
        desk.sees("The card holds 30.01 GBP, less than 50.00 GBP.", "2 of 2", "Till was down")


async def test_a_code_that_nobody_has_is_typed_again(sit_down: SitDown) -> None:
    """The question stands until the other card is found, and what is asked then stands in its place."""
    async with sit_down(login="pat") as desk:
        await desk.opens(ACTIVE)
        await desk.presses("m")
        await desk.types("ABCD-1234\t10.01\r")
        desk.sees("No card answers to this code.", "Code of the other card")
        assert typed(desk) == ["ABCD-1234", "10.01"]
        await desk.presses("up", "ctrl+u")
        await desk.types(f"{desk.code_of(OTHER)}\r")
        desk.sees("Moves 10.01 GBP, leaves 20.00 GBP")
        await desk.presses("escape")
        desk.sees("Left as it was.", "History ──")


async def test_a_time_before_the_card_was_made_is_typed_again(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.opens(ACTIVE)
        await desk.presses("t")
        await desk.types("1 Jan 2020\r")
        desk.sees("The card did not exist yet on 1 Jan 2020 23:59", "at another time")
        await desk.presses("ctrl+u")
        await desk.types("1 Oct 2026 12:00\r")
        desk.sees("As it was on 1 Oct 2026 12:00")
        desk.does_not_see("Esc Leave it")


async def test_what_no_typing_mends_closes_the_dialog(sit_down: SitDown) -> None:
    """A colleague put the card on hold meanwhile: there is nothing left to type."""
    async with sit_down(login="pat") as desk:
        await desk.opens(ACTIVE)
        await desk.presses("s")
        assert actions.suspend(desk.colleague("mia"), desk.card_id, "stolen").done
        await desk.types("Reported lost\r")
        desk.sees("The card is suspended already, since", "SUSPENDED")
        desk.does_not_see("Esc Leave it")
        assert desk.beeps == 1


async def test_a_role_that_was_taken_away_closes_the_dialog(sit_down: SitDown) -> None:
    async with sit_down(login="pat") as desk:
        await desk.opens(ACTIVE)
        await desk.presses("s")
        assert set_agent(desk.colleague("mia"), "pat", role=Role.AGENT).done
        await desk.types("Reported lost\r")
        desk.sees("An agent may not suspend cards; ask a supervisor or a manager.")
        desk.does_not_see("Esc Leave it")


async def test_a_fault_takes_nothing_that_was_typed(sit_down: SitDown, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another desk was saving for too long: Enter tries the same wish again, and it is granted once."""
    async with sit_down() as desk:
        await desk.opens(ACTIVE)
        await desk.presses("n")
        with monkeypatch.context() as patch:
            patch.setattr("models.desk.note", _raises(Fault("Another desk is saving. Nothing was changed.", BUSY)))
            await desk.types("It said card not valid\r")
        desk.sees("Another desk is saving. Nothing was changed.", "It said card not valid", "Esc Leave it")
        assert desk.beeps == 1
        await desk.presses("enter")
        desk.sees("has your note.")
        assert [line.kind for line in desk.sheet.activities].count(Kind.NOTE) == 1


async def test_an_outcome_that_nobody_knows_is_not_tried_again(
    sit_down: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may have been done, so nothing says that it was left as it was: the card tells."""
    async with sit_down() as desk:
        await desk.opens(ACTIVE)
        await desk.presses("n")
        monkeypatch.setattr("models.desk.note", _raises(OutcomeUnknown("The answer was lost. Open the card again.")))
        await desk.types("It said card not valid\r")
        desk.sees("The answer was lost. Open the card again.")
        desk.does_not_see("Esc Leave it")
        assert desk.beeps == 1


def _raises(fault: Fault) -> Callable[..., Outcome]:
    def wish(*_given: object, **_options: object) -> Outcome:
        raise fault

    return wish
