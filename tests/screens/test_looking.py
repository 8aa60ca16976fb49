"""Stories of typing in the search field: help, what the letters bring, what is overtaken, and pages behind pages."""

import threading
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from driver import NARROW, WIDE, Driver
from rules.typed import HOSTILE, SIGNATURE
from screens.conftest import Demo, SitDown
from store.counter import card_row

from models import lookups
from models.answering import add_code
from models.errors import Refused
from models.finding import MOST, Found, find, with_more
from models.jobs.demo import START
from models.rules.ways import LONGEST
from models.schema import GiftCard
from models.search import searching
from models.store import Store
from tui.screens import looking
from tui.terminal import Profile

VIP = "Expired this morning, VIP"
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n"
_PATIENCE = 10.0
UNPRINTABLE = (
    SIGNATURE,
    "x" * 100_000,
    "a\x00b",
    "ada\ud83d",
    "\u202eada",
    "\U0001f468\u200d\U0001f469",
    "[bold]x",
    "on:may",
)
DOWN = "\x1b[B"


@dataclass
class Library:
    """The searches that were made by themselves; those for a slow text go on until somebody stops them."""

    slow: str = ""
    page: int = MOST
    """So many cards at a time."""
    asked: list[str] = field(default_factory=list)
    is_reached: threading.Event = field(default_factory=threading.Event)
    is_stopped: threading.Event = field(default_factory=threading.Event)

    def find(self, store: Store, text: str, **how: Any) -> Found:
        self.asked.append(text)
        if text == self.slow:
            self.is_reached.set()
            try:
                with store.database.reading():
                    store.database.execute_sql(ENDLESS)
            finally:
                self.is_stopped.set()
        return find(store, text, most=self.page, **how)


@pytest.fixture(autouse=True)
def library(monkeypatch: pytest.MonkeyPatch) -> Library:
    """Searches begin soon after a letter."""
    library = Library()
    monkeypatch.setattr(looking, "finding", SimpleNamespace(find=library.find, with_more=with_more))
    monkeypatch.setattr(looking, "REST_SECONDS", 0.01)
    return library


async def reaches(desk: Driver, event: threading.Event) -> None:
    """Wait for what a thread of the desk says."""
    for _ in range(int(_PATIENCE / 0.01)):
        if event.is_set():
            return
        await desk.pilot.pause(0.01)
    raise AssertionError("never reached")


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_letters_bring_cards_by_themselves(sit_down: SitDown, size: tuple[int, int]) -> None:
    """The keys stay in the field; Down goes into the list, Enter opens, and Esc leads back to it."""
    async with sit_down(size=size) as desk:
        await desk.types("okaf")
        await desk.expects("4 cards, newest activity first.")
        assert desk.desk.finder.field.has_focus
        await desk.types("or")
        await desk.expects("4 cards")
        await desk.presses("down", "down", "enter")
        desk.sees("Ben Okafor", "Verdict")
        await desk.presses("escape")
        desk.sees("Find okafor", "4 cards")
        assert desk.desk.finder.results.cursor == 1


async def test_enter_does_the_whole_thing_at_once(sit_down: SitDown) -> None:
    """Before anything came by itself, and after."""
    async with sit_down() as desk:
        desk.at_once("okafor\r\r")
        await desk.settles()
        desk.sees("Ben Okafor", "Verdict")
        await desk.types("/ada")
        await desk.expects("2 cards")
        await desk.types("\r\r")
        desk.sees("Ada Lovelace", "Verdict")
        assert desk.beeps == 0


async def test_down_means_the_same_before_anything_came(sit_down: SitDown) -> None:
    """Typed in one go: what the field asks for is looked for, and the keys go on in its list."""
    async with sit_down() as desk:
        desk.at_once(f"okafor{DOWN}{DOWN}\r")
        await desk.settles()
        desk.sees("Ben Okafor", "Verdict")
        assert desk.desk.finder.results.cursor == 1


async def test_down_leads_into_no_list_of_other_letters(sit_down: SitDown, monkeypatch: pytest.MonkeyPatch) -> None:
    """Enter was refused while the cards of fewer letters stood there: Down looks for what the field asks for."""

    asked: list[object] = []

    def refuses(_session: object, text: str, **_: object) -> Found:
        asked.append(text)
        raise Refused("The desk is busy.")

    async with sit_down() as desk:
        await desk.types("okaf")
        await desk.expects("4 cards")
        monkeypatch.setattr(lookups, "look_up", refuses)
        desk.at_once("oro\r")
        await desk.settles()
        await desk.presses("down")
        desk.sees("Find okaforo", "The desk is busy.")
        assert asked == ["okaforo", "okaforo"]


async def test_nothing_yet_is_no_refusal(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.types("zebu")
        await desk.expects("No card so far.")
        assert desk.beeps == 0
        await desk.presses("down")
        assert desk.desk.finder.field.has_focus


async def test_what_can_be_a_code_is_looked_for_with_enter_only(sit_down: SitDown, library: Library) -> None:
    """Of a code that is typed slowly its first group is an end of codes, and from there on nothing is asked."""
    async with sit_down() as desk:
        code = desk.code_of(VIP)
        for letter in code[:11]:
            await desk.types(letter)
            await desk.pilot.pause(0.03)
        await desk.settles()
        assert set(library.asked) <= {code[:length] for length in range(7)}
        desk.does_not_see("card")
        await desk.types(f"{code[11:]}\r")
        desk.sees("EXPIRED 11 h ago")


async def test_a_word_that_is_a_code_is_not_found_by_letters(sit_down: SitDown, library: Library) -> None:
    """Codes of other makers may be plain words: only who presses Enter gets to know, and is counted."""
    async with sit_down() as desk:
        with desk.store.database.connected(), desk.store.database.writing():
            add_code(desk.store, 1, "SUMMERSALE", is_alias=True)
        await desk.types("summersale")
        while library.asked[-1:] != ["summersale"]:
            await desk.pilot.pause(0.01)
        await desk.settles()
        desk.sees("No card so far.")


async def test_a_newer_letter_ends_the_older_search(sit_down: SitDown, library: Library) -> None:
    """Its statement ends in the database, and nothing of it is shown."""
    library.slow = "ad"
    async with sit_down() as desk:
        desk.at_once("ad")
        await reaches(desk, library.is_reached)
        desk.at_once("a")
        await reaches(desk, library.is_stopped)
        await desk.expects("2 cards")
        assert library.asked == ["ad", "ada"]


@pytest.mark.parametrize("key", ["enter", "f7"])
async def test_whatever_else_is_asked_ends_it(sit_down: SitDown, library: Library, key: str) -> None:
    """Enter, or another list."""
    library.slow = "okafor"
    async with sit_down() as desk:
        desk.at_once("okafor")
        await reaches(desk, library.is_reached)
        await desk.presses(key)
        await reaches(desk, library.is_stopped)
        desk.sees("4 cards" if key == "enter" else "Enter lists them.")


async def test_no_letter_is_lost_to_it(sit_down: SitDown) -> None:
    """Many letters in one go, searches begun and overtaken between them, and Enter at the end."""
    async with sit_down() as desk:
        desk.at_once("name:" + "okafor " * 9)
        await desk.settles()
        assert desk.desk.finder.field.value == "name:" + "okafor " * 9
        desk.at_once("\x15okafor\r\r")
        await desk.settles()
        desk.sees("Ben Okafor", "Verdict")


async def test_where_letters_are_dear_only_enter_looks(sit_down: SitDown, library: Library) -> None:
    for profile in (Profile.LEAN, Profile.ASCII):
        async with sit_down(profile=profile) as desk:
            await desk.types("okafor")
            await desk.pilot.pause(0.05)
            assert library.asked == []
            await desk.presses("enter")
            desk.sees("4 cards")


async def test_letters_above_worklists_leave_the_way_back(sit_down: SitDown) -> None:
    """What they bring is shown, and Esc still leads out of the worklists."""
    async with sit_down() as desk:
        await desk.types("Ada\r")
        await desk.presses("f7")
        await desk.types("/okafor")
        await desk.expects("4 cards")
        await desk.presses("escape")
        desk.sees("2 cards", "Ada Lovelace", "Find Ada")


async def test_beneath_an_emptied_field_nothing_comes_back(sit_down: SitDown) -> None:
    """What a code a slip away brought belongs to that code: worklists and cases lead back to an empty field."""
    async with sit_down() as desk:
        code = desk.code_of("Expired this morning, VIP")
        await desk.types(f"{code[:-1]}8\r")
        desk.sees("16th character: you typed 8")
        await desk.types("/")
        await desk.presses("backspace")
        desk.does_not_see("16th character")
        for ways in (["f7", "escape"], ["f7", "enter", "escape", "escape"], ["f9", "escape"]):
            await desk.presses(*ways)
            desk.sees("Find code, last four")
            desk.does_not_see("16th character")


async def test_the_line_below_the_field_helps(sit_down: SitDown) -> None:
    """With the filter that is being typed; with words it stays as it is."""
    async with sit_down() as desk:
        desk.sees("Code, last four, e-mail, name, order; place: on: status: product: vip. Enter finds.")
        await desk.types("on:")
        desk.sees("on: a day, a month or a span, e.g. on:2026-05-21, on:May 2026 or on:last week")


async def test_whatever_is_pasted_is_answered(sit_down: SitDown) -> None:
    """Cards or a sentence; never an error, nothing that a terminal obeys, and no more than the field takes."""
    async with sit_down() as desk:
        for text in (*UNPRINTABLE, *HOSTILE[::25]):
            await desk.pastes(text)
            desk.is_harmless()
            assert len(desk.desk.finder.field.value) <= LONGEST


# Page by page


def insert_cards(demo: Demo, count: int) -> None:
    """So many cards that changed before any other, the first of them last."""
    changed = [START - timedelta(days=900, minutes=each) for each in range(count)]
    rows = [
        {**card_row(500, 0, at, START + timedelta(days=300)), "changed_at": at, "last_four": f"E{each:03}"}
        for each, at in enumerate(changed)
    ]
    with demo.store.database.writing():
        GiftCard.insert_many(rows).execute()


async def test_a_long_answer_goes_on_where_it_seemed_to_end(sit_down: SitDown, demo: Demo) -> None:
    """Two hundred at once; the next are there before somebody gets to them, and the cursor stays."""
    insert_cards(demo, 450)
    async with sit_down() as desk:
        await desk.types("status:active\r")
        desk.sees("active The newest 200 of more; add what else the customer can tell.")
        count = len(desk.desk.finder.results.items)
        await desk.presses("end")
        assert desk.desk.finder.results.cursor == count - 1
        desk.sees("The newest 400 of more")
        await desk.presses("end")
        await desk.presses("end")
        desk.sees("cards, newest activity first.", "E449")
        shown = [line.card_id for line in desk.desk.finder.results.items]
        assert len(shown) == len(set(shown)) > 450
        await desk.presses("enter", "escape")
        desk.sees("E449")
        assert desk.desk.finder.results.cursor == len(shown) - 1


async def test_pages_go_on_behind_what_letters_brought(sit_down: SitDown, demo: Demo) -> None:
    insert_cards(demo, 250)
    async with sit_down() as desk:
        await desk.types("status:active")
        await desk.expects("The newest 200 of more")
        await desk.presses("down", "end")
        await desk.presses("end")
        desk.sees("cards, newest activity first.", "E249")


async def test_a_page_that_ends_early_is_read_on(sit_down: SitDown, library: Library, demo: Demo) -> None:
    """Where a search looks at some thousand cards at a time, the screen is filled all the same."""
    insert_cards(demo, 12)
    library.page = 3
    async with sit_down() as desk:
        await desk.types("status:active")
        await desk.expects("The newest 18 of more")
        desk.sees("E003")


async def test_enter_goes_on_until_there_is_a_card(sit_down: SitDown, monkeypatch: pytest.MonkeyPatch) -> None:
    """However far behind the newest ones it lies; what is typed ahead is meant for it."""
    monkeypatch.setattr(searching, "WALKED", 2)
    async with sit_down() as desk:
        desk.at_once("status:active\r\r")
        await desk.settles()
        desk.sees("● ACTIVE", "Verdict")


async def test_enter_tells_that_there_is_none(sit_down: SitDown, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many pages that took."""
    monkeypatch.setattr(searching, "WALKED", 2)
    monkeypatch.setattr(searching, "MOST_LISTED", 0)
    async with sit_down() as desk:
        await desk.types("status:cancelled vip\r")
        desk.sees("Nothing is found by that.")


async def test_why_nothing_was_found_goes_when_the_next_letters_bring_cards(sit_down: SitDown) -> None:
    """It would stand below cards, and be untrue of them."""
    async with sit_down() as desk:
        await desk.types("zebulon\r")
        desk.sees("Nothing is found by that.")
        await desk.presses("ctrl+u")
        await desk.types("okaf")
        await desk.expects("4 cards, newest activity first.")
        desk.does_not_see("Nothing is found by that.")
