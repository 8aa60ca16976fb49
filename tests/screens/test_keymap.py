"""Keys that the settings changed: they work, and every place that tells of keys tells the truth."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from driver import WIDE, Driver
from screens.conftest import Demo

from models.agents import admit, look_up
from models.settings import Settings
from models.unit import Session
from tui.app import DeskApp
from tui.keymap import keymap
from tui.widgets.bars import Notice

VIP = "Expired this morning, VIP"
KEYS = {
    "card.reactivate": "Alt+R",
    "card.note": "r",
    "card.history": "Alt+A",
    "desk.refresh": "Ctrl+R",
    "desk.find": "F2, |",
    "list.down": "Alt+J",
    "desk.command": ";",
}


@asynccontextmanager
async def with_keys(
    demo: Demo, size: tuple[int, int] = (80, 24), keys: Mapping[str, str] = KEYS
) -> AsyncIterator[Driver]:
    """Sit down at the demo's desk with other keys."""
    session = Session(demo.store, "sam")
    with demo.store.database.connected():
        agent = look_up(session)
    chosen = keymap(Settings(Path("giftdesk.toml"), keys=keys))
    app = DeskApp(session, agent, scenarios=demo.scenarios, keymap=chosen)
    async with app.run_test(size=size) as pilot:
        driver = Driver(app, demo.store.clock, pilot)  # type: ignore[arg-type]
        await driver.settles()
        yield driver


async def test_a_changed_key_does_what_it_was_given(demo: Demo) -> None:
    """Alt+R reactivates; r, which did so before, opens a note."""
    async with with_keys(demo) as desk:
        await desk.opens(VIP)
        desk.sees("Alt+R Reactivate", "r Note", "F1 Help", "all: Alt+A")
        desk.does_not_see("r Reactivate", "n Note")
        await desk.presses("r")
        desk.sees("Note on")
        await desk.presses("escape", "n")
        desk.does_not_see("Note on")
        await desk.presses("alt+r", "enter")
        desk.sees("ACTIVE 7 days left")


async def test_a_key_in_place_of_a_letter_works_in_the_field(demo: Demo) -> None:
    """Without a card it says why not, beside one it is done; a letter in place of a key is typed there."""
    keys = {"card.reactivate": "Alt+R", "desk.last": "F4", "desk.refresh": "Z"}
    async with with_keys(demo, size=WIDE, keys=keys) as desk:
        await desk.presses("alt+r")
        desk.sees("No card is open: find one first.")
        await desk.presses("f4")
        desk.sees("No other card was open before.")
        await desk.opens(VIP)
        await desk.types("/Z")
        assert desk.desk.finder.field.value == "Z"
        await desk.presses("alt+r", "enter")
        desk.sees("is reactivated")


async def test_the_key_for_commands_is_the_same_in_the_field(demo: Demo) -> None:
    """And the colon, which was it before, is a letter there."""
    async with with_keys(demo) as desk:
        await desk.types(":he")
        desk.sees("Find :he")
        await desk.presses("enter", "home", "shift+end")
        await desk.types(";help")
        desk.sees("Help: Show all keys")
        await desk.presses("escape")
        desk.sees("Find :he")


async def test_lists_follow_their_changed_keys(demo: Demo) -> None:
    async with with_keys(demo) as desk:
        await desk.types("Ada\r")
        assert desk.desk.finder.results.cursor == 0
        await desk.presses("j")
        assert desk.desk.finder.results.cursor == 0
        await desk.presses("alt+j")
        assert desk.desk.finder.results.cursor == 1


async def test_help_and_palette_tell_the_changed_keys(demo: Demo) -> None:
    """A help page that lies after a key was changed is worse than none."""
    async with with_keys(demo, size=(140, 60)) as desk:
        await desk.presses("f1")
        pages = desk.words()
        for _ in range(5):
            await desk.presses("pagedown")
            pages += desk.words()
        assert "Alt+R Reactivate Give back" in pages
        assert "Ctrl+R Refresh" in pages
        assert "F2, | Find" in pages
        await desk.presses("escape", "ctrl+p")
        await desk.types("refr")
        await desk.expects("Refresh Ctrl+R Draw the screen and read again what it shows.")


async def test_a_key_that_was_taken_does_what_the_settings_say(demo: Demo) -> None:
    """On the card and in its history; what lost it is left with its other keys, or with its name."""
    async with with_keys(demo, keys={"card.note": "r", "card.flag": "j", "desk.last": "'"}) as desk:
        await desk.opens(VIP)
        desk.sees("r Note", "j Flag")
        desk.does_not_see("Reactivate ", ":reactivate")
        await desk.presses("r")
        desk.sees("Note on")
        await desk.presses("escape", "j")
        desk.sees("Flag ····")
        await desk.presses("escape", "down", "'")
        assert desk.desk.pane.history.cursor == 1
        desk.sees("No other card was open before.")
        await desk.presses("ctrl+n", "v")
        assert desk.desk.pane.is_reading
        await desk.types(":reactivate\r")
        desk.sees("Reactivate ····", "Enter Reactivate")


@pytest.mark.parametrize("size", [(80, 24), (60, 16)])
async def test_keys_that_were_lost_leave_room_for_the_greeting(demo: Demo, size: tuple[int, int]) -> None:
    """All that is told at the start is seen whole; what is told later has two lines, as ever."""
    lost = keymap(Settings(Path("giftdesk.toml"), keys={"card.note": "r", "card.flag": "j", "desk.last": "'"})).told
    session = Session(demo.store, "sam")
    app = DeskApp(session, admit(session), scenarios=demo.scenarios, greeting="This is the demo. F1 lists cards.")
    app.notices = lambda: f"Payments Support answered 1 escalation of yours. F7 lists what waits. {lost}"
    async with app.run_test(size=size) as pilot:
        desk = Driver(app, demo.store.clock, pilot)  # type: ignore[arg-type]
        await desk.settles()
        desk.sees("Payments Support answered", lost, "This is the demo. F1 lists cards.")
        await desk.presses("f7")
        assert desk.desk.query_one(Notice).size.height == 2


async def test_a_greeting_does_not_cover_the_answer_to_what_was_typed_ahead(demo: Demo) -> None:
    """A key that was typed before the first screen stood was refused: the greeting waits for the next one."""
    session = Session(demo.store, "sam")
    app = DeskApp(session, admit(session), greeting="Good morning.")

    def notices() -> str:
        app.call_from_thread(app.refuse, "F4 does nothing here.")
        return ""

    app.notices = notices
    async with app.run_test(size=(80, 24)) as pilot:
        desk = Driver(app, demo.store.clock, pilot)  # type: ignore[arg-type]
        await desk.settles()
        desk.sees("F4 does nothing here.")
        desk.does_not_see("Good morning.")
        await desk.presses("a")
        desk.sees("Good morning.")
        desk.does_not_see("F4 does nothing here.")


async def test_dialogs_keep_their_keys(demo: Demo) -> None:
    """Their bindings can be named, but Enter and Esc are what they are."""
    async with with_keys(demo) as desk:
        await desk.opens(VIP)
        await desk.presses("alt+r", "escape")
        desk.sees("EXPIRED", "Left as it was.")
