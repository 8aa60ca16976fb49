"""What a key changes goes to the terminal in one write, at once if that could be seen to tear."""

import pytest
from bench.terminal.wire import Wire, on_the_wire, sent
from driver import Driver
from screens.conftest import Demo

POINTER = "\x1b]22;"
BEGIN, END = "\x1b[?2026h", "\x1b[?2026l"


@pytest.fixture(autouse=True)
def _draws_for_who_looks() -> None:
    """Every update is drawn: a wire looks."""


async def writes(desk: Driver, wire: Wire, key: str) -> list[str]:
    """What a key sends of the picture, write by write."""
    wire.cut()
    await desk.presses(key)
    await sent(desk)
    return [each for each in wire._sent if not each.startswith(POINTER)]


async def test_a_key_is_one_write(demo: Demo) -> None:
    """Whatever it changes on the screen, and however many widgets."""
    async with on_the_wire(demo.store, demo.scenarios) as (desk, wire):
        for key in ("B", "backspace", "f7", "down", "home", "f1", "pagedown", "escape"):
            assert len(await writes(desk, wire, key)) == 1, key
        assert await writes(desk, wire, "home") == []


async def test_a_letter_and_what_it_lists_are_one_write(demo: Demo) -> None:
    """The list is another widget, which hears of the letter once the field has it."""
    async with on_the_wire(demo.store, demo.scenarios) as (desk, wire):
        for key in ("ctrl+p", "r", "backspace", "escape", ":", "h", "e", "backspace"):
            assert len(await writes(desk, wire, key)) == 1, key


async def test_a_dialog_stands_there_ready_to_be_typed_into(demo: Demo) -> None:
    """It is not seen without its field being the one that takes the keys."""
    async with on_the_wire(demo.store, demo.scenarios) as (desk, wire):
        await desk.opens("Expired this morning, VIP")
        await sent(desk)
        for key in ("n", "escape", "r", "escape", "e"):
            assert len(await writes(desk, wire, key)) == 1, key


async def test_only_what_could_tear_is_shown_at_once(demo: Demo) -> None:
    """The terminal said that it can; a letter needs none of that, a page does."""
    async with on_the_wire(demo.store, demo.scenarios) as (desk, wire):
        (letter,) = await writes(desk, wire, "B")
        assert BEGIN not in letter
        (page,) = await writes(desk, wire, "f7")
        assert page.startswith(BEGIN)
        assert page.endswith(END)


async def test_a_slow_terminal_is_sent_the_last_picture_only(demo: Demo) -> None:
    """While it still has to take what it was given, nothing is added; then only what differs from what it shows."""
    async with on_the_wire(demo.store, demo.scenarios) as (desk, wire):
        desk.app._driver.is_backed_up = True  # type: ignore[union-attr]
        for key in ("f1", "pagedown", "f3", "B"):
            assert await writes(desk, wire, key) == []
        desk.app._driver.is_backed_up = False  # type: ignore[union-attr]
        desk.app.paint_soon()
        await sent(desk)
        assert len(wire.cut()) < 150


async def test_going_back_to_stock_output_paints_everything(demo: Demo) -> None:
    """And back again."""
    async with on_the_wire(demo.store, demo.scenarios) as (desk, wire):
        for is_stock in (True, False):
            wire.cut()
            desk.app.is_stock = is_stock
            await desk.settles()
            await sent(desk)
            told = wire.cut().decode()
            assert told.startswith("\x1b[m\x1b[r")
            assert "giftdesk" in told
            assert ("\x1b[0m" in told) is is_stock
