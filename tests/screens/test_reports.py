"""Reports on the screen: made, plotted, opened down to their cards and back, for another time, as a file."""

import stat
from datetime import timedelta
from pathlib import Path

import pytest
from driver import NARROW, WIDE, Driver
from screens.conftest import Demo, SitDown
from screens.payloads import EIGHT
from textual.content import Content

from models.reports.catalogue import REPORTS
from models.schema import Product
from tui.commands import command
from tui.report_drawing import within
from tui.screens.desk import Desk
from tui.screens.report import ReportSheet
from tui.screens.reports import Reports
from tui.terminal import Profile


async def makes(desk: Driver, name: str) -> None:
    """Make a report by its name."""
    await desk.types(f":report {name}\r")


def lies_open(desk: Driver) -> type:
    """Which page the agent looks at."""
    return type(desk.app.screen)


async def test_a_report_is_chosen_from_the_list(sit_down: SitDown) -> None:
    """Ctrl+R, Enter: what the desk owes, by product, with its total; and one step back each."""
    async with sit_down() as desk:
        await desk.presses("ctrl+r")
        desk.sees("Liability", "Roll-forward", "Breakage", "Reminders", "What is owed for cards at an instant")
        await desk.presses("enter")
        desk.sees("reports > Liability", "Liability as of 21 Nov 2026 14:02.", "Classic 50", "Total 10 909.76")
        await desk.presses("escape")
        assert lies_open(desk) is Reports
        await desk.presses("escape")
        assert lies_open(desk) is Desk


def test_each_report_has_its_name_on_the_command_line_of_the_desk() -> None:
    assert command("desk.reports").also == tuple(f"report {name}" for name in REPORTS)


@pytest.mark.parametrize("name", REPORTS)
async def test_each_report_can_be_made_and_plotted(sit_down: SitDown, name: str) -> None:
    """By its name; an agent may read them all, and each has a picture or says that there is nothing to plot."""
    async with sit_down() as desk:
        await makes(desk, name)
        desk.sees(f"reports > {REPORTS[name].title}")
        before = desk.screen_text()
        await desk.presses("p")
        assert desk.screen_text() != before
        desk.is_harmless()


async def test_the_beginning_of_a_name_is_enough(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await makes(desk, "br")
        desk.sees("reports > Breakage")
        await desk.presses("escape", "escape")
        await makes(desk, "re")
        desk.sees("reports", "Who gave back how much")
        assert lies_open(desk) is Reports


async def test_on_a_small_screen_a_key_turns_from_the_table_to_the_plot(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await makes(desk, "liability")
        desk.does_not_see("Owed by days")
        await desk.presses("p")
        desk.sees("Owed by days since the latest load, GBP", "31-60", "485.00")
        desk.does_not_see("Classic 50")
        await desk.presses("p", "down")
        desk.sees("Dinner for two")


@pytest.mark.parametrize("size", [WIDE, (160, 40)])
async def test_on_a_wide_screen_both_stand(sit_down: SitDown, size: tuple[int, int]) -> None:
    """Beside each other, or one beneath the other where the table needs the room; the key says so."""
    async with sit_down(size=size) as desk:
        await makes(desk, "liability")
        desk.sees("Classic 50", "Owed by days since the latest load, GBP")
        await desk.presses("p")
        desk.sees("The plot stands beside the table already.")


async def test_in_ascii_a_plot_is_drawn_with_plain_signs(sit_down: SitDown) -> None:
    async with sit_down(profile=Profile.ASCII) as desk:
        await makes(desk, "liability")
        await desk.presses("p")
        desk.sees("|####", "485.00")
        assert desk.screen_text().isascii()


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_a_figure_opens_its_cards_and_a_card_leads_back_to_them(sit_down: SitDown, size: tuple[int, int]) -> None:
    """Enter on a product, on its second card; Esc on the card leads back to that line, and on to the report."""
    async with sit_down(size=size) as desk:
        await makes(desk, "liability")
        await desk.presses("enter")
        desk.sees("reports > Liability > cards", "Classic 50, GBP: 5 cards")
        await desk.presses("down", "enter")
        desk.sees("find > card", "Verdict")
        card = desk.card_id
        await desk.presses("escape")
        desk.sees("reports > Liability > cards")
        await desk.presses("enter")
        assert desk.card_id == card
        await desk.presses("escape", "escape")
        desk.sees("reports > Liability", "Total")
        await desk.presses("escape", "escape")
        assert lies_open(desk) is Desk


async def test_one_figure_of_a_line_opens_its_cards(sit_down: SitDown) -> None:
    """Only those that have part in it; a line with no figures says so."""
    async with sit_down() as desk:
        await makes(desk, "liability")
        await desk.types("f")
        desk.sees("Classic 50, GBP", "Cards: 5", "Enter List")
        await desk.presses("right", "right", "enter")
        desk.sees("Classic 50, GBP, 31-60: 3 cards")
        await desk.presses("escape", "end")
        await desk.types("f")
        desk.sees("This line has no cards of its own")


async def test_a_card_found_since_leads_to_no_report(sit_down: SitDown) -> None:
    """Whoever looks for something else from a report's card is on the desk, and stays there."""
    async with sit_down() as desk:
        await makes(desk, "liability")
        await desk.presses("enter", "enter")
        await desk.types("/Ben Okafor\r\r")
        await desk.presses("escape")
        assert lies_open(desk) is Desk
        desk.sees("newest activity first")


async def test_a_line_without_cards_says_so(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await makes(desk, "liability")
        await desk.presses("end", "enter")
        desk.sees("This line has no cards of its own")
        assert desk.beeps == 1


async def test_another_time_is_asked_for(sit_down: SitDown) -> None:
    """What was typed stands there again; what is no date is told in the dialog; F5 makes the same once more."""
    async with sit_down() as desk:
        await makes(desk, "liability")
        await desk.types("t31 Octember\r")
        desk.sees("is no date")
        await desk.presses("escape")
        await desk.types("t31 Oct 2026\r")
        desk.sees("Liability as of 31 Oct 2026 23:59.")
        await desk.presses("f5")
        desk.sees("Liability as of 31 Oct 2026 23:59.")
        await desk.types("t")
        desk.sees("31 Oct 2026")
        await desk.types("\t1 Jan 2030")
        await desk.presses("escape")
        desk.sees("Left as it was.")


async def test_what_is_still_to_come_is_refused_in_the_dialog(sit_down: SitDown) -> None:
    """What was typed stays, and nothing is made."""
    async with sit_down() as desk:
        await desk.presses("ctrl+r", "t")
        await desk.types("1 Jan 2030\r")
        desk.sees("That is still to come", "1 Jan 2030", "Enter Count")


async def test_a_report_is_of_its_instant_until_it_is_asked_for_again(sit_down: SitDown) -> None:
    """The minute goes on, and a figure still opens the cards that it was counted from; F5 counts anew."""
    async with sit_down() as desk:
        await makes(desk, "liability")
        await desk.waits(timedelta(minutes=5))
        desk.sees("Liability as of 21 Nov 2026 14:02.", "14:07")
        await desk.presses("enter")
        desk.sees("5 cards")
        await desk.presses("escape", "f5")
        desk.sees("Liability as of 21 Nov 2026 14:07.")


def test_an_explanation_that_is_cut_ends_behind_a_whole_word() -> None:
    """It may not read like another one."""
    said = Content("All counts when it was written there, and nothing else does.")
    assert within(said, 18, 2).plain == "All counts when it\nwas written …"
    assert within(said, 80, 2).plain == said.plain


async def test_it_says_in_full_how_it_was_counted(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await makes(desk, "roll-forward")
        desk.sees("Roll-forward from 1 Oct 2026 00:00 to 31 Oct 2026 23:59.", "1 card does not add up and is left out.")
        await desk.presses("w")
        desk.sees("what an import brought counts when it came", "Enter Close")


async def test_a_report_is_written_into_a_private_file(
    sit_down: SitDown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The dialog names a file in the folder where giftdesk was started; another file there is not written over."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "other.csv").write_text("mine")
    async with sit_down() as desk:
        await makes(desk, "liability")
        await desk.types("c")
        desk.sees("giftdesk-liability-2026-11-21.csv")
        await desk.types("\r")
        desk.sees("Written, for you alone to read:")
        written = tmp_path / "giftdesk-liability-2026-11-21.csv"
        assert stat.S_IMODE(written.stat().st_mode) == 0o600
        assert "Classic 50" in written.read_text()
        await desk.types("c")
        await desk.types("\x15" + str(tmp_path / "other.csv") + "\r")
        desk.sees("nothing else is written over")
        assert (tmp_path / "other.csv").read_text() == "mine"


async def test_a_hostile_product_name_is_only_a_name(sit_down: SitDown, demo: Demo) -> None:
    """In the table, in the plot, over its cards."""
    with demo.store.database.writing():
        Product.update(name=" ".join(EIGHT.values())).where(Product.code == "classic").execute()
    async with sit_down() as desk:
        await makes(desk, "liability")
        desk.is_harmless()
        await desk.presses("enter")
        desk.is_harmless()


async def test_everything_may_be_typed_in_one_go(sit_down: SitDown) -> None:
    """The list, the first report, its first line, the first card."""
    async with sit_down() as desk:
        desk.at_once("\x12\r\r\r")
        await desk.settles()
        desk.sees("find > card")


async def test_a_paste_on_a_report_does_nothing(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await makes(desk, "liability")
        before = desk.screen_text()
        await desk.pastes(f"{desk.code_of('Active: confirm')}\r\r")
        assert desk.screen_text() == before
        assert lies_open(desk) is ReportSheet


async def test_a_small_terminal_shows_it_too(sit_down: SitDown) -> None:
    async with sit_down(size=(60, 16)) as desk:
        await makes(desk, "liability")
        desk.sees("Classic 50", "Liability as of 21 Nov 2026 14:02.")
        await desk.presses("p")
        desk.sees("485.00")


async def test_a_locked_screen_shows_nothing_of_a_report(sit_down: SitDown) -> None:
    """And whoever is back finds it as it was."""
    async with sit_down() as desk:
        await makes(desk, "liability")
        await desk.presses("f12", "end", "enter")
        desk.does_not_see("Classic 50", "909.76")
