"""A change of who may work here counts from the next thing that is done, wherever that is."""

import pytest
from driver import Driver
from screens.conftest import SitDown
from store.wishes import LIGHT

from models import credentials
from models.credentials import sign_in
from models.desk import set_password
from models.desk.agents import set_agent
from models.rules.roles import Role
from models.sheets import card_sheet
from tui.screens.locking import Stopped

VIP = "Expired this morning, VIP"
HORSE = "correct horse battery"

# What Sam does next, with a card open: keys, one after the other; a blank between them is no key.
NEXT = {
    "finds by a name": "slash o k a f o r enter",
    "finds a code": "slash 2 2 2 2 enter",
    "reads the card again": "f5",
    "switches the history": "a",
    "asks why it is zero": "w",
    "copies the reply": "y",
    "sees the customer's view": "v",
    "opens a dialog": "r",
    "confirms a dialog": "n h i enter",
    "lists the holder's cards": "p",
    "goes to another time": "t y e s t e r d a y enter",
    "opens worklists": "f7",
    "opens products": "f6",
    "opens reminders": "f8",
    "opens the help": "f1",
    "opens the palette": "ctrl+p",
    "goes back": "escape",
}


def is_gone(desk: Driver) -> None:
    """Nothing is to be seen but the sentence; Enter leaves."""
    assert isinstance(desk.app.screen, Stopped)
    desk.sees("The login sam may no longer work at this desk. Ask the manager.", "Enter Leave giftdesk")
    desk.does_not_see("Ada", "Northwind", "J773", "Okafor", "Classic", "cards")


def disable(desk: Driver) -> None:
    assert set_agent(desk.colleague("mia"), "sam", is_disabled=True).done


@pytest.mark.parametrize("keys", NEXT.values(), ids=NEXT)
async def test_who_was_disabled_is_stopped_at_the_next_thing(sit_down: SitDown, keys: str) -> None:
    async with sit_down() as desk:
        await desk.opens(VIP)
        card, before = desk.card_id, desk.sheet.activities
        disable(desk)
        await desk.presses(*keys.split())
        is_gone(desk)
        assert card_sheet(desk.colleague("pat"), card).activities == before
        await desk.presses("f6", "f12", "escape")
        assert desk.app.return_code == 1


PAGES = {"products": "f6 enter", "reminders": "f8 e", "worklists": "f7 enter", "a worklist": "f7 enter f5"}


@pytest.mark.parametrize("keys", PAGES.values(), ids=PAGES)
async def test_on_every_page(sit_down: SitDown, keys: str) -> None:
    first, *then = keys.split()
    async with sit_down() as desk:
        await desk.presses(first)
        disable(desk)
        await desk.presses(*then)
        is_gone(desk)


async def test_a_dialog_that_is_open_writes_nothing(sit_down: SitDown) -> None:
    """The write is judged by itself, under the lock."""
    async with sit_down() as desk:
        await desk.opens(VIP)
        await desk.types("nShe called")
        disable(desk)
        await desk.presses("enter")
        is_gone(desk)
        assert card_sheet(desk.colleague("pat"), desk.card_id).notes == 0


async def test_work_aside_stops_them_too(sit_down: SitDown) -> None:
    """No key was pressed: what ran in the background came back, and is not shown."""
    shown: list[str] = []
    async with sit_down() as desk:
        await desk.opens(VIP)
        disable(desk)
        desk.app.aside("elsewhere", lambda: "Ada Lovelace", shown.append)
        await desk.settles()
        is_gone(desk)
        assert not shown


async def test_a_locked_screen_lets_nobody_back_in(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.opens(VIP)
        await desk.presses("f12", "end", "enter")
        disable(desk)
        await desk.presses("enter")
        is_gone(desk)


async def test_an_answer_that_was_given_up_on_stops_them_too(sit_down: SitDown) -> None:
    """Esc while it was read: they are gone all the same."""
    async with sit_down() as desk:
        await desk.opens(VIP)
        disable(desk)
        desk.app.ask("Reading", lambda: None, lambda _: None)
        desk.app.cancel_waiting()
        await desk.settles()
        await desk.expects("may no longer work")


async def test_a_session_ends_with_the_password_it_was_opened_with(
    sit_down: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A manager gave them another one, for a reason."""
    monkeypatch.setattr(credentials, "COST", LIGHT)
    async with sit_down() as desk:
        mia = desk.colleague("mia")
        assert set_password(mia, "sam", HORSE).done
        desk.app.session = sign_in(desk.store, "sam", HORSE)
        await desk.opens(VIP)
        desk.sees("Ada Lovelace")
        assert set_password(mia, "sam", "staple and paper clip").done
        await desk.presses("f5")
        desk.sees("The password of sam was changed meanwhile.")
        desk.does_not_see("Ada")


# Another role.


async def test_who_was_demoted_may_do_less_from_the_next_thing_on(sit_down: SitDown) -> None:
    """The key is dimmed, and who works here is said anew."""
    async with sit_down(login="pat") as desk:
        await desk.opens(VIP)
        assert desk.desk.refusal("card.suspend") is None
        assert set_agent(desk.colleague("mia"), "pat", role=Role.AGENT).done
        await desk.presses("a")
        desk.sees("Pat · agent", "Ada Lovelace")
        await desk.types("s")
        desk.sees("An agent may not suspend cards")


async def test_a_dialog_opened_before_is_refused(sit_down: SitDown) -> None:
    async with sit_down(login="pat") as desk:
        await desk.opens(VIP)
        await desk.types("sStolen")
        assert set_agent(desk.colleague("mia"), "pat", role=Role.AUDITOR).done
        await desk.presses("enter")
        desk.sees("An auditor may not suspend cards", "Pat · auditor")
        assert desk.sheet.suspended_at is None


async def test_who_was_promoted_may_do_more(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.opens(VIP)
        assert set_agent(desk.colleague("mia"), "sam", role=Role.SUPERVISOR, name="Samuel").done
        await desk.presses("f5")
        desk.sees("Samuel · supervisor")
        await desk.types("sStolen\r")
        desk.sees("is suspended")


async def test_a_page_that_others_may_look_at_is_left(sit_down: SitDown) -> None:
    """Alarms about colleagues are no agent's to see; who works here is back at the desk, and told why."""
    async with sit_down(login="pat") as desk:
        await desk.presses("f11")
        assert set_agent(desk.colleague("mia"), "pat", role=Role.AGENT).done
        await desk.presses("f5")
        assert desk.app.screen is desk.desk
        desk.sees("Pat · agent", "An agent may not see the alarms")


async def test_nor_is_it_shown_behind_the_lock(sit_down: SitDown) -> None:
    async with sit_down(login="pat") as desk:
        await desk.presses("f11")
        desk.app.lock_screen()
        assert set_agent(desk.colleague("mia"), "pat", role=Role.AGENT).done
        await desk.presses("enter")
        assert desk.app.screen is desk.desk


async def test_a_page_below_another_is_judged_anew_as_well(sit_down: SitDown) -> None:
    async with sit_down(login="mia") as desk:
        await desk.presses("f6", "enter")
        assert set_agent(desk.colleague("mia"), "max", role=Role.MANAGER).done
        assert set_agent(desk.colleague("max"), "mia", role=Role.AGENT).done
        await desk.presses("f5")
        desk.sees("Mia · agent")
        await desk.presses("escape")
        desk.sees("Mia · agent")
        await desk.types("n")
        desk.sees("An agent may not change products")
