"""The help page and the palette name every command, and say why one can't be used now."""

from driver import Driver, at_desk
from screens.conftest import Demo, SitDown

from models import desk as actions
from models.people import PersonGiven
from models.rules import query_filters
from tui.commands import COMMANDS, Group
from tui.screens.help import Help
from tui.screens.palette import Palette

VIP = "Expired this morning, VIP"
ACTIVE = "Active: confirm"


async def leafs_through(desk: Driver) -> str:
    """All pages of the help, as words."""
    pages = [desk.words()]
    for _ in range(12):
        await desk.presses("pagedown")
        pages.append(desk.words())
    return "\n".join(pages)


async def test_the_help_lists_every_command(sit_down: SitDown) -> None:
    """With all its keys and its sentence, under its heading."""
    async with sit_down(size=(140, 24)) as desk:
        await desk.presses("f1")
        pages = await leafs_through(desk)
        for command in COMMANDS:
            assert f"{command.all_keys} {command.title} {command.help}" in pages
        for group in Group:
            assert group.value in pages


async def test_on_a_narrow_screen_no_sentence_of_the_help_is_cut(sit_down: SitDown) -> None:
    """It goes on under its beginning; and once there is room it stands in one line again."""
    async with sit_down(size=(80, 24)) as desk:
        await desk.presses("f1")
        pages = await leafs_through(desk)
        assert "…" not in pages
        for command in COMMANDS:
            assert f"{command.all_keys} {command.title} {command.help.split()[0]}" in pages
            assert command.help.split()[-1] in pages
        await desk.resizes(140, 24)
        await desk.presses("home")
        pages = await leafs_through(desk)
        for command in COMMANDS:
            assert f"{command.all_keys} {command.title} {command.help}" in pages


async def test_the_help_lists_the_cards_of_the_demo(sit_down: SitDown) -> None:
    async with sit_down(size=(140, 24)) as desk:
        await desk.presses("f1")
        desk.sees("Cards to try", "Enter opens the card")
        pages = await leafs_through(desk)
        for scenario in desk.app.scenarios:
            assert f"{scenario.code} {scenario.shows}" in pages


async def test_the_help_lists_all_that_finds_a_card(sit_down: SitDown) -> None:
    """At its end; and first of all for whoever asks while typing just that."""
    async with sit_down(size=(160, 24)) as desk:
        await desk.presses("f1")
        desk.does_not_see("What finds a card")
        pages = await leafs_through(desk)
        for typed, finds in query_filters.rows():
            assert f"{typed} {finds}" in pages
        await desk.presses("escape")
        await desk.types("place:")
        await desk.presses("f1")
        desk.sees("What finds a card", 'place:Leeds, place:"Web shop" bought or topped up there')


async def test_enter_on_a_card_of_the_help_opens_it(sit_down: SitDown) -> None:
    """A newcomer gets to a reactivated card with F1, Enter, r, Enter."""
    async with sit_down() as desk:
        await desk.presses("f1", "enter")
        desk.sees("Can be reactivated: Northwind is a VIP")
        await desk.presses("r", "enter")
        desk.sees("ACTIVE 7 days left")


async def test_the_help_tells_of_enter_where_it_opens_something(sit_down: SitDown) -> None:
    """On the cards to try, not on their heading and not among the keys; why a key did nothing stands until a move."""
    async with sit_down() as desk:
        await desk.presses("f1")
        desk.sees("Enter opens the card Esc back")
        for key in ("home", "end"):
            await desk.presses(key)
            desk.sees("Esc back")
            desk.does_not_see("Enter opens the card")
        await desk.types("\r")
        desk.sees("This line leads nowhere.")
        await desk.presses("up")
        desk.does_not_see("This line leads nowhere.")


async def test_what_can_be_done_stands_before_what_can_not(sit_down: SitDown) -> None:
    """Without a card none of a card's commands is in the way; at one they come first, as far as it allows them."""
    async with sit_down() as desk:
        for code in ("", VIP):
            if code:
                await desk.opens(code)
            await desk.presses("ctrl+p")
            palette = desk.app.screen
            assert isinstance(palette, Palette)
            refused = [desk.desk.refusal(each.id) is not None for each in palette.commands.items]
            assert refused == sorted(refused)
            assert (palette.commands.items[0].group is Group.CARD) == bool(code)
            await desk.presses("escape")


async def test_leaving_the_help(sit_down: SitDown) -> None:
    """Esc, F3, F1 and q lead back to where one was; Enter on what is no card does nothing."""
    async with sit_down() as desk:
        await desk.opens(VIP)
        for key in ("escape", "f3", "f1", "q"):
            await desk.presses("f1", "home", "enter", "end", "enter")
            assert isinstance(desk.app.screen, Help)
            await desk.presses(key)
            desk.sees("EXPIRED 11 h ago", "Verdict")


async def test_outside_the_demo_the_help_has_keys_only(demo: Demo) -> None:
    async with at_desk(demo.store) as desk:
        await desk.presses("f1")
        desk.sees("Esc back", "With a card open")
        desk.does_not_see("Cards to try", "Enter opens the card")


async def test_the_palette_lists_every_command(sit_down: SitDown) -> None:
    """Those for a card say that none is open; nothing of Textual's own is there."""
    async with sit_down(size=(100, 80)) as desk:
        await desk.presses("ctrl+p")
        desk.sees("Quit")
        for command in COMMANDS:
            if command.group in (Group.CARD, Group.EVERYWHERE, Group.ANYWHERE):
                desk.sees(command.title)
        desk.sees("Not now: No card is open: find one first.", "Leave giftdesk.")
        desk.does_not_see("Screenshot", "Theme", "Maximize")


async def test_the_palette_says_why_not(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.opens(ACTIVE)
        await desk.presses("f10")
        await desk.types("susp")
        desk.sees("Not now: An agent may not suspend cards; ask a supervisor or a manager.")
        await desk.presses("enter")
        desk.sees("An agent may not suspend cards; ask a supervisor or a manager. r Reactivate")
        assert desk.beeps == 1


async def test_the_palette_is_moved_through(sit_down: SitDown) -> None:
    """The field keeps the keys; the whole sentence of the chosen command stands below, also after narrowing."""
    async with sit_down() as desk:
        await desk.presses("ctrl+p", "down", "down")
        assert any("▸Back" in line for line in desk.cells())
        await desk.types("f1")
        desk.sees("No command has such a name.")
        await desk.presses("backspace", "backspace", "end", *["pagedown"] * 4)
        desk.sees("Not now: ")
        await desk.types("FIND")
        desk.sees("Go to the search field.")
        await desk.presses("f10")
        assert desk.app.screen is desk.desk


async def test_the_palette_runs_a_command(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.opens(VIP)
        await desk.presses("ctrl+p")
        await desk.types("reac")
        desk.sees("Reactivate r Give back what expired")
        await desk.presses("enter")
        desk.sees("Reactivate ···· ···· ···· J773")
        await desk.presses("enter")
        desk.sees("ACTIVE 7 days left")


async def test_the_palette_has_no_screenshot(sit_down: SitDown) -> None:
    """It would write customer data to the disk. What no command is called is said to be so."""
    async with sit_down() as desk:
        await desk.presses("ctrl+p")
        await desk.types("screensh")
        desk.sees("No command has such a name.")
        desk.does_not_see("Screenshot")
        await desk.presses("enter")
        desk.sees("No command has such a name.")


async def test_a_holder_named_like_markup_does_not_break_the_palette(sit_down: SitDown) -> None:
    """Every command is listed however the holder is called."""
    async with sit_down(size=(110, 40)) as desk:
        await desk.opens(ACTIVE)
        for name in ("[/x] Lee", "[@click=app.exit]Ann[/]", "[bold"):
            assert actions.register(desk.colleague("pat"), desk.card_id, PersonGiven(name), organisation=name).done
            await desk.presses("f5")
            desk.sees(f"{name} {name}")
            await desk.presses("ctrl+p")
            await desk.types("re")
            desk.sees("Register")
            desk.sees("Reactivate", "Refresh")
            await desk.presses("escape")
            desk.sees(f"{name} {name}")


async def test_quitting(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.opens(VIP)
        desk.at_once("\x11")
        await desk.pilot.pause(0.05)
        assert not desk.app.is_running or desk.app._exit
