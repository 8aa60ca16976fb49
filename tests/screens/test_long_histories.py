"""A history is as long as its card's journal: each of its lines is a key away, and stays where it is while more is
written above it."""

import gc

import pytest
from driver import Driver
from lifelong import lengthen
from rich.color import ColorSystem
from screens.conftest import Demo, SitDown
from screens.test_painting import paint
from store.counter import plain_sql
from textual.geometry import Offset

from models import desk as actions
from models.histories import ActivityLine
from models.unit import Session
from tui.cells.painting import Painter

CODE = "Never expires, with forty visits"
LONG = 1_501


@pytest.fixture
def card(demo: Demo) -> int:
    """The card of forty visits, after many more."""
    with demo.store.database.connected():
        busiest = "SELECT card_id FROM activity GROUP BY card_id ORDER BY COUNT(*) DESC LIMIT 1"
        (card_id,) = demo.store.database.execute_sql(busiest).fetchone()
    lengthen(Session(demo.store, "mia"), card_id, LONG)
    return int(card_id)


def listed(desk: Driver) -> list[str]:
    """The lines of the history that are seen, without cursor and scrollbar."""
    cells = desk.cells()
    first = next(y for y, row in enumerate(cells) if row.startswith(("── History", "── All")))
    return [row[1:-1].rstrip() for row in cells[first + 1 : -3]]


def chosen(desk: Driver) -> str:
    """The line that the cursor is on."""
    return next(row[1:-1].strip() for row in desk.cells() if row.startswith("▸"))


def blocks_read(desk: Driver) -> list[str]:
    """The questions for lines of histories, from here on."""
    asked: list[str] = []
    desk.store.database.query_hooks.append(
        lambda event: asked.append(event.sql) if "balance_after_minor" in str(event.sql) else None
    )
    return asked


def lines_kept() -> int:
    """How many lines of histories lie in memory."""
    gc.collect()
    return sum(isinstance(each, ActivityLine) for each in gc.get_objects())


async def test_any_line_is_one_key_away(sit_down: SitDown, card: int) -> None:  # noqa: ARG001
    """The oldest and the newest, in both histories, each with one question at most; and each can be read whole."""
    async with sit_down() as desk:
        await desk.opens(CODE)
        asked = blocks_read(desk)
        await desk.presses("end")
        assert " issue " in chosen(desk)
        assert len(asked) == 1
        await desk.presses("enter")
        desk.sees("What issue", "Number 1", "Amount 400.00 GBP")
        await desk.presses("escape", "home", "a")
        assert f"visit {LONG}" in chosen(desk)
        await desk.presses("end", "pageup")
        assert "…" not in " ".join(listed(desk))
        await desk.presses("home", "pagedown", "pagedown")
        assert len(asked) <= 3


@pytest.mark.usefixtures("alone_in_memory")
async def test_every_line_comes_once_and_in_order(sit_down: SitDown, card: int) -> None:  # noqa: ARG001
    """Page by page to the oldest: no line is left out, none comes twice, none waits to be read."""
    async with sit_down(size=(80, 60)) as desk:
        await desk.opens(CODE)
        await desk.presses("a")
        history, before = desk.desk.pane.history, lines_kept()
        seen: dict[int, None] = {}
        while history.cursor < LONG - 1:
            await desk.presses("pagedown")
            line = history.chosen
            assert isinstance(line, ActivityLine)
            assert line.number == LONG - history.cursor
            assert "…" not in " ".join(listed(desk))
            seen[line.number] = None
        assert list(seen)[-1] == 1
        assert lines_kept() - before < LONG * 4 // 5


async def test_what_was_typed_ahead_finds_its_line(sit_down: SitDown, card: int) -> None:  # noqa: ARG001
    """The code, End and Enter in one go read the first purchase, though nobody had counted yet."""
    async with sit_down() as desk:
        desk.at_once(f"{desk.code_of(CODE)}\r\x1b[F\r")
        await desk.settles()
        desk.sees("What issue", "Number 1")


async def test_a_line_stays_where_it_is(sit_down: SitDown, card: int) -> None:
    """While a colleague writes, F5 changes nothing of what is looked at, however much was written; who looks at the
    newest line sees what comes in."""
    async with sit_down() as desk:
        await desk.opens(CODE)
        for key in ("", "a"):
            await desk.presses(*key, "pagedown", "pagedown")
            for more in (3, 150):
                before = listed(desk), chosen(desk)
                lengthen(desk.colleague("mia"), card, desk.sheet.version + more)
                await desk.presses("f5")
                assert (listed(desk), chosen(desk)) == before
                await desk.presses("down", "up")
        await desk.presses("home")
        assert actions.note(desk.colleague("pat"), card, "The last word").done
        await desk.presses("f5")
        assert chosen(desk).endswith("Pat: The last word")


async def test_the_past_ends_then(sit_down: SitDown, card: int) -> None:  # noqa: ARG001
    """At another time the history begins with what was the newest then."""
    async with sit_down() as desk:
        await desk.opens(CODE)
        await desk.presses("t")
        await desk.types("20 Nov 2026\r")
        newest = desk.desk.pane.history.items[0]
        assert isinstance(newest, ActivityLine)
        assert newest.number < 50
        await desk.presses("end")
        assert " issue " in chosen(desk)


async def test_a_line_that_was_spoiled_is_not_shown(sit_down: SitDown, demo: Demo, card: int) -> None:
    """Far behind what a sheet checks somebody changed an activity: its line says so, and so does the desk."""
    with plain_sql(demo.store.path, guarded=False) as sql:
        sql.execute("UPDATE activity SET actor_name = 'Eve' WHERE card_id = ? AND number = 3", (card,))
    async with sit_down() as desk:
        await desk.opens(CODE)
        await desk.presses("a", "end")
        desk.sees("! activity 3 is not as it was written", "Activity 3 is not as it was written. Escalate the card.")
        desk.does_not_see("Eve")
        await desk.presses("up", "up", "enter")
        desk.sees("Activity 3 is not as it was written, so nothing of it is shown. Don't rely on the card")


async def test_a_key_costs_the_same_however_long_it_is(sit_down: SitDown, demo: Demo) -> None:
    """Fifteen times as many lines, and no key sends more than the figures that got longer and the bar beside them."""
    costs = []
    async with sit_down() as desk:
        await desk.opens(CODE)
        for length in (100, LONG):
            lengthen(Session(demo.store, "mia"), desk.card_id, length)
            await desk.presses("f5", "home")
            keys = ("down", "pagedown", "end", "pageup", "up", "home", "enter")
            costs.append([await sent_by(desk, key) for key in keys])
            await desk.presses("escape")
    short, long = costs
    assert all(more <= fewer + 60 for fewer, more in zip(short, long, strict=True)), costs


async def sent_by(desk: Driver, key: str) -> int:
    """How many bytes a key sends."""
    painter = Painter()
    for keys in ((), (key,)):
        await desk.presses(*keys)
        strips = desk.app.screen._compositor.render_strips()
        sent = paint(painter, strips, Offset(0, 0), ColorSystem.STANDARD)
    return len(sent.encode())
