"""Whatever the customer can tell finds the card, and the screens keep it at every size."""

from collections.abc import Callable

import pytest
from driver import NARROW, WIDE, Driver
from screens.conftest import Demo, SitDown

from models.answering import add_code
from tui.sizes import NEEDED

ACTIVE = "Active: confirm"
VIP = "Expired this morning, VIP"


@pytest.mark.parametrize(
    "spelt",
    [
        str.lower,
        lambda code: code.replace(" ", ""),
        lambda code: code.replace(" ", "-"),
        lambda code: code.replace(" ", "."),
        lambda code: f"  #{code} ",
        lambda code: code.replace(" ", " – "),
        lambda code: "".join(chr(ord(c) + 0xFEE0) if c != " " else "\u3000" for c in code),
    ],
    ids=["lower case", "without blanks", "dashes", "dots", "number sign", "long dashes", "full width"],
)
async def test_any_spelling_of_a_code(sit_down: SitDown, spelt: Callable[[str], str]) -> None:
    async with sit_down() as desk:
        await desk.types(spelt(desk.code_of(ACTIVE)))
        await desk.presses("enter")
        desk.sees("···· ···· ···· XPT9", "The card works: 30.01 GBP")
        assert desk.beeps == 0


async def test_an_alias_finds_its_card(demo: Demo, sit_down: SitDown) -> None:
    """A code of the system before answers to the same card."""
    async with sit_down() as desk:
        await desk.opens(ACTIVE)
        with demo.store.database.connected(), demo.store.database.writing():
            add_code(demo.store, desk.card_id, "OLD99TILL", is_alias=True)
        await desk.types("/old-99 till\r")
        desk.sees("···· ···· ···· XPT9", "The card works: 30.01 GBP")


@pytest.mark.parametrize(
    ("told", "brings"),
    [
        ("XPT9", ["1 card.", "XPT9", "Fay Björnsdóttir"]),
        ("xpt9", ["1 card.", "XPT9"]),
        ("ADA@northwind.example", ["2 cards, newest activity first.", "J773", "QVWW"]),
        ("ada", ["2 cards", "Ada Lovelace ★"]),
        ("lovelace ada", ["2 cards", "Ada Lovelace ★"]),
        ("muller", ["2 cards", "Eva Müller"]),
        ("björnsdottir", ["3 cards", "XPT9", "T5P4", "8VK7"]),
        ("21250", ["1 card.", "H647", "Ben Okafor"]),
    ],
)
async def test_what_else_a_customer_can_tell(sit_down: SitDown, told: str, brings: list[str]) -> None:
    """The end of a code, an address, a name in any case and order of words, an order number."""
    async with sit_down() as desk:
        await desk.types(f"{told}\r")
        desk.sees(*brings)
        await desk.presses("enter")
        desk.sees("Verdict", "History")


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ("", "Type a code, its last four, an e-mail address, a name or an order."),
        ("   ", "Type a code, its last four, an e-mail address, a name or an order."),
        ("nobody@example.org", "Nothing is found by that."),
        ("Zebulon", "Nothing is found by that."),
        ("9VY9 NYQP KPN5 XPT9 9", "but one is a slip away"),
        ("9VY9 NYQP KPN5 XPT_9", "A code has letters and digits only; this one has '_' (low line)."),
        ("'; drop table gift_card; --", "Nothing is found by that."),
        ("%", "Nothing is found by that."),
    ],
)
async def test_nothing_is_found(sit_down: SitDown, told: str, sentence: str) -> None:
    """One sentence says why, the bell rings once, and the field can be typed over."""
    async with sit_down() as desk:
        await desk.types(f"{told}\r")
        desk.sees(sentence)
        assert desk.beeps == 1
        assert desk.desk.sheet is None


async def test_a_list_and_back(sit_down: SitDown) -> None:
    """The cursor stays where it was: the next of several cards is one key away."""
    async with sit_down() as desk:
        await desk.types("Ben Okafor\r")
        first = desk.desk.finder.results.items[0].last_four
        second = desk.desk.finder.results.items[1].last_four
        await desk.presses("enter")
        desk.sees(f"···· ···· ···· {first}")
        await desk.presses("escape", "j", "enter")
        desk.sees(f"···· ···· ···· {second}")
        await desk.presses("escape", "k", "enter")
        desk.sees(f"···· ···· ···· {first}")


async def test_a_long_history_is_scrolled(sit_down: SitDown) -> None:
    """By lines, by pages and to both ends."""
    async with sit_down() as desk:
        await desk.opens("Never expires, with forty visits")
        desk.sees("31 Oct 2026 14:02")
        await desk.types("G")
        desk.sees("1 Sep 2026 12:14 issue +400.00")
        await desk.presses("home")
        desk.sees("31 Oct 2026 14:02")
        await desk.presses("pagedown", "ctrl+f", "ctrl+b", "pageup", "end", "up", "k", "down", "j")
        desk.sees("1 Sep 2026 12:14 issue +400.00")


async def test_escape_leads_back_step_by_step(sit_down: SitDown) -> None:
    """Out of the text, out of the card, into the field; never out of the app."""
    async with sit_down() as desk:
        await desk.opens(VIP)
        await desk.presses("y")
        desk.sees("Reply ──")
        await desk.presses("escape")
        desk.sees("History", "EXPIRED")
        desk.does_not_see("Reply ──")
        await desk.presses("escape")
        desk.does_not_see("EXPIRED", "History")
        assert desk.desk.finder.field.has_focus
        await desk.presses("escape", "escape", "f3")
        assert desk.app.is_running


# Sizes


async def test_side_by_side_when_wide(sit_down: SitDown) -> None:
    """The list stays beside the card."""
    async with sit_down(size=WIDE) as desk:
        await desk.types("Ada\r")
        await desk.presses("enter")
        desk.sees("Find Ada", "2 cards, newest activity first.", "Verdict", "History")


async def test_one_after_the_other_when_narrow(sit_down: SitDown) -> None:
    async with sit_down(size=(119, 30)) as desk:
        await desk.types("Ada\r")
        desk.sees("Find Ada", "2 cards")
        desk.does_not_see("Verdict")
        await desk.presses("enter")
        desk.sees("Verdict", "History")
        desk.does_not_see("Find Ada", "2 cards")


async def test_a_resize_keeps_what_is_open(sit_down: SitDown) -> None:
    """The card, the text that is read, what was typed into a dialog, and where the keys go."""
    async with sit_down(size=NARROW) as desk:
        await desk.types("Ada\r")
        await desk.presses("enter")
        await desk.resizes(*WIDE)
        desk.sees("Find Ada", "2 cards", "Verdict")
        await desk.presses("n")
        await desk.types("half a ")
        await desk.resizes(*NARROW)
        await desk.types("thought")
        desk.sees("Note on", "half a thought")
        await desk.resizes(140, 40)
        await desk.presses("enter")
        desk.sees("has your note.")
        await desk.presses("y")
        await desk.resizes(*NARROW)
        desk.sees("Reply ──")
        desk.does_not_see("Find Ada")


@pytest.mark.parametrize("size", [NEEDED, (300, 16), (60, 90)], ids=str)
async def test_every_screen_at_odd_sizes(sit_down: SitDown, size: tuple[int, int]) -> None:
    """Nothing breaks, and the work can be done."""
    async with sit_down(login="pat", size=size) as desk:
        await every_screen(desk)
        await desk.opens(VIP)
        await desk.presses("r", "enter")
        assert desk.sheet.balance_minor == 50_00


async def every_screen(desk: Driver) -> None:
    """Go through all of them."""
    await desk.presses("f1", "pagedown", "escape")
    await desk.types("Ada\r")
    await desk.presses("enter", "a", "enter", "escape", "y", "escape")
    for key in "nesfg":
        await desk.presses(key, "escape")
    await desk.presses("ctrl+p")
    await desk.types("esc")
    await desk.presses("escape", "slash")


async def test_who_comes_back_to_the_list_finds_the_card_as_it_is(sit_down: SitDown) -> None:
    """Status, balance and last day are those that have just changed."""
    async with sit_down() as desk:
        await desk.opens(VIP)
        await desk.presses("r", "enter", "escape")
        desk.sees("J773 ● active 50.00 GBP 28 Nov 2026")


async def test_the_open_card_is_marked_in_the_list(sit_down: SitDown) -> None:
    """Beside the card the list says which line it is, also when the cursor stands elsewhere."""
    async with sit_down(size=(140, 40)) as desk:
        await desk.types("Ben Okafor\r")
        assert not marked(desk)
        await desk.presses("down", "enter")
        assert desk.desk.sheet is not None
        assert marked(desk) == [desk.sheet.last_four]
        await desk.presses("escape")
        assert not marked(desk)


def marked(desk: Driver) -> list[str]:
    """The ends of the codes of the lines that bear the mark."""
    return [line[1:6].strip() for line in desk.cells() if line.startswith("•")]
