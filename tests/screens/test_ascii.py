"""Where there is neither colour nor any sign beyond ASCII: everything can be read and done all the same."""

import re
from pathlib import Path

import pytest
from driver import Driver, at_desk
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from screens.conftest import SitDown
from screens.payloads import EIGHT
from screens.test_hostile import let_in, spoil

from tui.commands import COMMANDS, Group
from tui.filters import fitted
from tui.signs import spelled
from tui.terminal import Profile

__all__ = ["let_in"]
FOREIGN = "Zoë Łukasz ß 全角文字 👩‍👩‍👧‍👦 اسم £20 · “free” – 50 %… ★ 🎁"
KEYS = tuple(each.keys.split(",")[0] for each in COMMANDS if each.group is Group.CARD)
VIP = "Expired this morning, VIP"


def is_plain(desk: Driver) -> None:
    """Every cell is one ASCII character without colour, and no row has more or fewer than the terminal."""
    width, height = desk.app.size
    rows = desk.strips()
    assert len(rows) == height
    for row in rows:
        assert row.text.isascii(), row.text
        assert row.text.isprintable(), row.text
        assert len(row.text) == width, row.text
        for segment in row:
            style = segment.style
            assert style is None or (style.color, style.bgcolor, style.dim) == (None, None, None), segment


async def goes_everywhere(desk: Driver, code: str) -> None:
    """Press every key there is for a card, and look at what each opens."""
    await desk.types(f"/{code}\r" if not desk.desk.finder.field.has_focus else f"{code}\r")
    is_plain(desk)
    for key in (*KEYS, "enter", "f1", "ctrl+p"):
        await desk.presses(key)
        is_plain(desk)
        while desk.app.screen is not desk.desk:
            await desk.presses("escape")
        if desk.desk.pane.is_reading:
            await desk.presses("escape")


@pytest.mark.usefixtures("let_in")
async def test_foreign_and_hostile_text_is_spelled(quick_folder: Path) -> None:
    """All of it in one name, on every screen and dialog, small and wide."""
    spoiled = spoil(quick_folder, " ".join((FOREIGN, *EIGHT.values())), "ann@example.org")
    async with at_desk(spoiled.store, profile=Profile.ASCII) as desk:
        await goes_everywhere(desk, spoiled.held)
        await desk.types("/ann\r")
        is_plain(desk)
        await desk.resizes(140, 40)
        is_plain(desk)


async def test_names_keep_their_letters(sit_down: SitDown) -> None:
    """A name is read without its accents; what is cut says so."""
    async with sit_down(profile=Profile.ASCII) as desk:
        await desk.opens("Active: confirm")
        desk.sees("Fay Bjornsdottir", "* ACTIVE", ".... .... .... XPT9")
        await desk.opens("Suspended with a flag")
        desk.sees("= SUSPENDED 3 days ago", "! 1 open: Bank asks for papers: wait f...")


async def test_a_console_gets_no_sign_that_its_font_may_lack(
    sit_down: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who chooses lean there has colours, letters and lines; signs are spelled, each in its cell."""
    monkeypatch.setenv("TERM", "linux")
    async with sit_down(profile=Profile.LEAN) as desk:
        await desk.opens("Active: confirm")
        desk.sees("* ACTIVE", "Fay Björnsdóttir", "── Verdict ──", "···· XPT9")
        await desk.opens("Expired this morning, VIP")
        desk.sees("x EXPIRED 11 h ago", "* VIP", ">21 Nov 2026 03:00")
        await desk.opens("Suspended with a flag")
        desk.sees("= SUSPENDED", "! 1 open: Bank asks for papers: wait f...")
        signs = {character for row in desk.cells() for character in row if not character.isascii()}
        assert signs <= set("─·")
        assert all(cell_len(row) == 80 for row in desk.cells())


async def test_what_cannot_be_done_shows_without_colour(sit_down: SitDown) -> None:
    """A key that can't be used stands in brackets, and a refusal begins with words."""
    async with sit_down(profile=Profile.ASCII) as desk:
        await desk.opens("Suspended with a flag")
        desk.sees("(r Reactivate) n Note e Escalate y Reply")
        await desk.presses("r")
        desk.sees("Not done: 1 flag is open: read and clear each with a reason first.")
        await desk.presses("n")
        await desk.types("read\r")
        desk.does_not_see("Not done")


async def test_the_focus_shows_without_colour(sit_down: SitDown) -> None:
    """The field or choice that takes the keys stands in brackets, the chosen line behind a mark."""
    async with sit_down(profile=Profile.ASCII) as desk:
        desk.sees("Find [(code, last four, e-mail, name, order)")
        await desk.opens("Does not add up")
        desk.does_not_see("Find [")
        assert any(re.match(r">[ \d]\d \w{3} 2026", line) for line in desk.cells())
        await desk.presses("e")
        desk.sees("1 of 3 > The balance is wrong")
        desk.does_not_see("[< 1 of 3 >")
        await desk.presses("up")
        desk.sees("[< 1 of 3 > The balance is wrong")
        await desk.presses("down")
        await desk.types("Till says 50")
        desk.sees("[The balance and the journal do not agree. Till says 50")


async def test_a_long_list_shows_where_it_stands(sit_down: SitDown) -> None:
    """The scroll bar is drawn in ASCII."""
    async with sit_down(profile=Profile.ASCII) as desk:
        await desk.opens("Never expires, with forty visits")
        bar = "".join(line[-1] for line in desk.cells()[12:20])
        assert bar.startswith("#")
        assert bar.endswith("|")
        await desk.presses("end")
        assert "".join(line[-1] for line in desk.cells()[12:20]).endswith("#")


@given(st.text(max_size=40))
def test_a_spelled_text_keeps_its_width(text: str) -> None:
    """Whatever somebody is called: as many characters as it took cells, all of them ASCII."""
    shown = "".join(character for character in text if character.isprintable())
    assert fitted(shown).isascii()
    assert len(fitted(shown)) == cell_len(shown)
    assert spelled(shown).isascii()


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Björnsdóttir", "Bjornsdottir"),
        ("Łukasz Ø Müßig", "Lukasz O Musig"),
        ("per policy – VIP’s", "per policy - VIP's"),
        ("···· 7Q4M", ".... 7Q4M"),
        ("Northwind Trad…  1", "Northwind Tr...  1"),
        ("(…7Q4M)", "(.7Q4M)"),
        ("漢字", "????"),
        ("漢字?", "?????"),
        ("½ of 10²", "? of 10?"),
        ("│ab│", "|ab|"),
    ],
)
def test_how_it_is_spelled(text: str, form: str) -> None:
    assert fitted(text) == form
