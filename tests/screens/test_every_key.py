"""Each key, wherever one is: it does something that can be seen, or says why not. And Tab goes everywhere."""

import re
from dataclasses import dataclass

import pytest
from driver import WIDE, Driver
from screens.conftest import SitDown

from models.schema import Activity
from tui.commands import COMMANDS, Command, Group
from tui.screens.form import Form
from tui.screens.page import Page

ACTIVE = "Active: confirm"
FLAGGED = "Suspended with a flag"
_MOST_STEPS = 6
# These end the desk, or draw again what is there.
_NOT_SEEN = frozenset({"desk.quit", "desk.refresh", "desk.suspend", "list.open"})

_GIVES_A_REPLY = frozenset({"card.reply", "replies.copy"})


@dataclass(frozen=True)
class Situation:
    """Where somebody is."""

    name: str
    scenario: str = ACTIVE
    keys: tuple[str, ...] = ()
    """What leads there from the open card."""
    login: str = "sam"


CARD = Situation("card")
SITUATIONS = (
    CARD,
    Situation("flagged card, supervisor", FLAGGED, login="pat"),
    Situation("spent card, manager", "Spent to the last penny", login="mia"),
    Situation("inconsistent card, payments", "Does not add up", login="olu"),
    Situation("auditor", "Expired this morning, VIP", login="ivy"),
    Situation("products", keys=("f6",), login="mia"),
    Situation("worklists", keys=("f7",)),
    Situation("reminders", keys=("f8",), login="mia"),
    Situation("cases", keys=("f9",)),
    Situation("watch", keys=("f11",), login="pat"),
    Situation("bulk", keys=("ctrl+t",), login="mia"),
    Situation("reports", keys=("ctrl+r",)),
    Situation("report", keys=("ctrl+r", "enter")),
    Situation("cards of a figure", keys=("ctrl+r", "enter", "enter")),
    Situation("replies", keys=("Y",)),
    Situation("texts", keys=("f8", "e"), login="mia"),
    Situation("preview", keys=("f8", "e", "f4"), login="mia"),
    Situation("product", keys=("f6", "enter"), login="mia"),
)


async def comes(desk: Driver, there: Situation) -> Page[object]:
    """Begin anew, and go there."""
    for _ in range(_MOST_STEPS):
        if desk.app.screen is desk.desk and desk.desk.sheet is None and desk.desk.finder.field.has_focus:
            break
        await desk.presses("escape")
        if "Leave without saving" in desk.words():
            await desk.presses("right", "enter")
    await desk.opens(there.scenario)
    await desk.presses(*there.keys)
    page = desk.app.screen
    assert isinstance(page, Page)
    return page


def usable_on(page: Page[object]) -> list[Command]:
    """What can be done there by a key."""
    groups = {page.GROUP, Group.EVERYWHERE, Group.ANYWHERE, Group.LISTS}
    return [each for each in COMMANDS if each.group in groups and each.id not in _NOT_SEEN]


def activities(desk: Driver) -> int:
    """How much was ever done to any card."""
    with desk.store.database.connected():
        return Activity.select().count()


async def says_something(desk: Driver, there: Situation) -> None:
    """Press each key once: nothing is done by it alone, but for a reply that is given."""
    page, silent = await comes(desk, there), []
    home = desk.screen_text()
    for each in usable_on(page):
        if each.group is Group.LISTS and (each.id != "list.back" or page.GROUP in (Group.PRODUCT, Group.LETTER_TEXTS)):
            continue  # at an end of a list there is nothing to go to, and one sees it
        beeps, refusal = desk.beeps, page.refusal(each.id)
        written = activities(desk)
        await desk.presses(each.keys.split(",")[-1])
        assert activities(desk) == written or each.id in _GIVES_A_REPLY, each.id
        if isinstance(desk.app.screen, Form):
            assert re.search(r"Enter \w.* Esc \w", desk.words()), "the keys of the dialog are cut off"
        if refusal is not None:
            desk.sees(refusal)
            assert desk.beeps > beeps
            continue
        if desk.screen_text() == home and desk.beeps == beeps:
            silent.append(each.id)
        page = await comes(desk, there)
        home = desk.screen_text()
    assert not silent


async def test_each_dimmed_key_says_why(sit_down: SitDown) -> None:
    """An agent at an active card: half of the keys are dimmed, and each has its sentence."""
    async with sit_down() as desk:
        page = await comes(desk, CARD)
        dimmed = [each for each in usable_on(page) if page.refusal(each.id) is not None]
        assert len(dimmed) > 12
        for each in dimmed:
            await desk.presses(each.keys.split(",")[0])
            desk.sees(page.refusal(each.id) or "")
        assert desk.beeps == len(dimmed)


@pytest.mark.slow
@pytest.mark.parametrize("there", SITUATIONS, ids=lambda there: there.name)
async def test_each_key_everywhere_does_something_or_says_why(sit_down: SitDown, there: Situation) -> None:
    async with sit_down(login=there.login) as desk:
        await says_something(desk, there)


async def test_a_key_of_no_command_says_so(sit_down: SitDown) -> None:
    """It beeps, and what was typed behind it is dropped: it was meant for something else."""
    async with sit_down() as desk:
        await desk.opens(ACTIVE)
        desk.at_once("qn")
        await desk.settles()
        desk.sees("q does nothing here: F1 lists the keys.")
        assert desk.beeps == 1
        await desk.presses("f6", "f4")
        desk.sees("F4 does nothing here")
        await desk.presses("escape", "f1", "q", "f1", "end", "enter")
        desk.sees("This line leads nowhere.")
        await desk.presses("escape", "escape", "escape", "escape")
        desk.sees("This is the beginning: Ctrl+Q leaves giftdesk.")


@pytest.mark.parametrize("keys", [(), ("f6", "n"), ("f8", "e"), ("c",)], ids=["desk", "product", "texts", "intake"])
async def test_tab_goes_through_everything_and_comes_back(sit_down: SitDown, keys: tuple[str, ...]) -> None:
    """Both ways, wherever the focus can be: nothing needs a mouse, and nothing keeps the keys."""
    async with sit_down(size=WIDE, login="mia") as desk:
        await desk.types("Ada\rl")
        await desk.presses(*keys)
        screen = desk.app.screen
        there = [each for each in screen.focus_chain if all(node.display for node in each.ancestors_with_self)]
        for key in ("tab", "shift+tab"):
            begun, reached = screen.focused, []
            for _ in there:
                await desk.presses(key)
                reached.append(screen.focused)
            assert screen.focused is begun
            assert set(reached) == set(there)
