"""Stories of the colon: a command is done by its name, from the field and from a card, and nothing else is changed."""

import pytest
from driver import NARROW, WIDE
from screens.conftest import SitDown

from models.rules.journal import Kind
from tui.command_line import fitting, meant
from tui.commands import COMMANDS
from tui.screens.help import Help
from tui.screens.products import Products
from tui.terminal import Profile

VIP = "Expired this morning, VIP"
ACTIVE = "Active: confirm"


@pytest.mark.parametrize(
    ("typed", "one"),
    [
        (":reactivate", "card.reactivate"),
        (":REAC", "card.reactivate"),
        (": why  zero ", "card.why"),
        (":case", "card.case"),
        (":cases", "desk.cases"),
        (":case_", None),
        (":case line", "card.case_line"),
        (":card.case_line", "card.case_line"),
        (":q", "desk.quit"),
        (":rep", None),
        (":", None),
        (":%s", None),
    ],
)
def test_a_name_or_its_beginning_means_one_command(typed: str, one: str | None) -> None:
    """Titles and ids; what is called so wins over what only begins so."""
    found = meant(typed, COMMANDS)
    assert (found and found.id) == one


def test_every_command_can_be_called_by_its_id() -> None:
    for each in COMMANDS:
        assert meant(each.id, COMMANDS) is each
    assert fitting(":", COMMANDS) == COMMANDS


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_a_command_at_an_open_card(sit_down: SitDown, size: tuple[int, int]) -> None:
    """All typed in one go: the card stays, its dialog opens, and the keys go where they went before."""
    async with sit_down(size=size) as desk:
        await desk.opens(VIP)
        await desk.types(":rea")
        desk.sees("EXPIRED 11 h ago", "Find :rea", "Reactivate: Give back what expired")
        await desk.presses("escape")
        desk.at_once(":reac\r\r:note\rtold so\r")
        await desk.settles()
        assert [line.kind for line in desk.sheet.activities].count(Kind.REACTIVATED) == 1
        desk.sees("has your note.", "ACTIVE 7 days left")
        assert desk.desk.pane.history.has_focus
        assert desk.beeps == 0


async def test_a_command_survives_another_size(sit_down: SitDown) -> None:
    """What was typed of it stands in the field wherever that is."""
    async with sit_down(size=NARROW) as desk:
        await desk.opens(VIP)
        await desk.types(":no")
        await desk.resizes(*WIDE)
        desk.sees("Find :no", "Verdict")
        await desk.types("te\r")
        desk.sees("Note on")


async def test_the_field_is_as_it_was(sit_down: SitDown) -> None:
    """What was found before stays found, and is typed over by the next letters."""
    async with sit_down() as desk:
        await desk.types("Ben Okafor\r")
        await desk.types("/")
        await desk.presses("escape", "slash")
        await desk.types("ada\r/:help\r")
        assert isinstance(desk.app.screen, Help)
        await desk.presses("escape")
        desk.sees("Find ada", "2 cards, newest activity first.")
        await desk.types("Okafor\r")
        desk.sees("4 cards")


@pytest.mark.parametrize("leave", [("escape",), ("backspace",), ("enter",)], ids=lambda keys: keys[0])
async def test_a_colon_alone_is_left(sit_down: SitDown, leave: tuple[str, ...]) -> None:
    """With Esc, by deleting it, or with Enter: nothing was done."""
    async with sit_down() as desk:
        await desk.presses("colon")
        desk.sees("Find :", "Products F6 List the products")
        await desk.presses(*leave)
        desk.sees("Enter finds.")
        assert desk.desk.finder.field.has_focus
        assert desk.desk.finder.field.value == ""
        assert desk.beeps == 0


async def test_a_colon_within_a_search_is_a_letter(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.types("place:York")
        desk.sees("Find place:York")
        assert desk.desk.commands is None


async def test_what_cannot_be_done_says_why(sit_down: SitDown) -> None:
    """Not now, not only one, not any: a sentence and a beep; what was typed for after it is dropped."""
    async with sit_down() as desk:
        await desk.types(":reac")
        desk.sees("Reactivate. Not now: No card is open")
        desk.at_once("\rnobody")
        await desk.settles()
        desk.sees("No card is open: find one first.")
        assert desk.desk.finder.field.value == ""
        await desk.types(":re\r")
        desk.sees("11 commands begin so: type more of the name.", "Find :re")
        await desk.types("sign\r")
        desk.sees("No command begins so.", "Find :resign")
        assert desk.beeps == 3


async def test_a_command_is_chosen_from_the_list(sit_down: SitDown) -> None:
    """Down leads into it; Enter does the one under the cursor."""
    async with sit_down() as desk:
        await desk.types(":pro")
        await desk.presses("down", "enter")
        assert isinstance(desk.app.screen, Products)


@pytest.mark.parametrize("begun", ["", ":reac", ":"])
async def test_a_paste_never_runs_anything(sit_down: SitDown, begun: str) -> None:
    """It is looked for as what it is, and a command that was being typed is left."""
    async with sit_down() as desk:
        await desk.opens(VIP)
        await desk.types(begun)
        await desk.pastes(":q\r:reactivate\r")
        assert desk.app.is_running
        desk.sees("Find :q", "Nothing is found by that.")
        await desk.presses("enter")
        desk.sees("Nothing is found by that.")
        await desk.types("/")
        await desk.pastes(desk.code_of(ACTIVE))
        desk.sees("The card works: 30.01 GBP")


async def test_it_works_from_another_page_and_ends_with_any_other_command(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.presses("f6")
        await desk.types(":work")
        desk.sees("Worklists: List the cards")
        await desk.presses("f7")
        desk.sees("Enter lists them.")
        await desk.types(":help\r")
        await desk.presses("escape")
        desk.sees("Enter lists them.")


@pytest.mark.parametrize("profile", [Profile.LEAN, Profile.ASCII])
async def test_where_letters_are_dear_one_line_names_what_fits(sit_down: SitDown, profile: Profile) -> None:
    """What was found stays below it."""
    async with sit_down(profile=profile) as desk:
        await desk.types("Ada\r/:rep")
        desk.sees("Reply, Replies, Replace, Repeat.", "Ada Lovelace")
        desk.does_not_see("Not now:")
        await desk.types("ly\r")
        desk.sees("No card is open: find one first.")
