"""Stories of the people on a card: all cards of one, a wrong name, two records, data that must go."""

import pytest
from driver import WIDE, Driver
from screens.conftest import Demo, SitDown
from screens.payloads import ALL, EIGHT

from models import desk as actions
from models.people import PersonGiven
from models.rules.texts import search_key
from models.unit import Session

BEN = "Expired this morning, within 24 h"
VIP = "Expired this morning, VIP"
EVA = "Expired weeks ago, but a VIP"
CLE = "Suspended, no flag"
FLAGGED = "Suspended with a flag"


def shown(desk: Driver) -> str:
    """The first name in the open card's face."""
    assert desk.desk.sheet is not None
    return desk.desk.sheet.holder.shown_name if desk.desk.sheet.holder else ""


# All cards of one person


async def test_all_cards_of_the_holder_on_one_screen_and_back(sit_down: SitDown) -> None:
    """p lists them, Enter opens one, Esc leads back step by step to the card from which it began."""
    async with sit_down() as desk:
        await desk.opens(CLE)
        began = desk.card_id
        await desk.presses("p")
        desk.sees("cards of Clémence Roux: ", " GBP in all.", " holder Classic 50")
        await desk.presses("down", "enter")
        assert desk.card_id != began
        desk.sees("Clémence Roux")
        await desk.presses("escape")
        desk.sees("cards of Clémence Roux: ")
        await desk.presses("escape")
        assert desk.card_id == began
        desk.does_not_see("cards of Clémence Roux: ")


async def test_the_list_from_before_is_there_again(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.types("Okafor\r\rp")
        desk.sees("4 cards of Ben Okafor: ")
        await desk.presses("escape", "escape")
        desk.sees("4 cards, newest activity first.", "Ben Okafor")


async def test_another_search_forgets_the_way_back(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.opens(CLE)
        await desk.types("p/Okafor\r")
        desk.sees("4 cards, newest activity first.")
        await desk.presses("escape")
        assert desk.desk.sheet is None


async def test_of_several_people_one_is_chosen(sit_down: SitDown, demo: Demo) -> None:
    """A card that one bought for another: both are offered, the holder first."""
    mia = at_desk_of(demo, "mia")
    made = actions.issue(
        mia, "classic", 5000, recipient=PersonGiven("Cy"), purchaser=PersonGiven("Ben Okafor", "ben@example.org")
    )
    assert made.hand_out is not None
    async with sit_down() as desk:
        await desk.types(f"{made.hand_out}\rp")
        desk.sees("Whose cards", "1 of 2", "Cy, holder and recipient")
        await desk.presses("right")
        desk.sees("Ben Okafor, purchaser")
        await desk.presses("enter")
        desk.sees("5 cards of Ben Okafor", "purchaser")
        await desk.presses("escape", "i", "escape")
        desk.sees("Left as it was.")


async def test_a_card_of_nobody_has_no_people(sit_down: SitDown, demo: Demo) -> None:
    made = actions.issue(at_desk_of(demo, "mia"), "classic", 5000)
    async with sit_down(login="pat") as desk:
        await desk.types(f"{made.hand_out}\r")
        for key in "piMD":
            await desk.presses(key)
            desk.sees("Nobody is on file: register the card to a person first.")


# Correcting


async def test_a_name_is_corrected_and_shows_everywhere_at_once(sit_down: SitDown) -> None:
    """The dialog begins with what is stored; on a wide screen the list beside follows."""
    async with sit_down(size=WIDE) as desk:
        await desk.types("Okafor\r\ri")
        desk.sees("Correct record", "Ben Okafor", "ben@example.org")
        await desk.types(" Jr\r")
        desk.sees("name corrected, noted on card ····")
        assert shown(desk) == "Ben Okafor Jr"
        assert desk.words().count("Ben Okafor Jr") == 5
        await desk.presses("a")
        desk.sees("correction Sam: name of record")


async def test_what_was_not_touched_is_not_corrected(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.opens(BEN)
        await desk.types("i\r")
        desk.sees("The record says that already. Nothing was changed.")
        assert desk.beeps == 1


async def test_a_vips_record_is_not_an_agents(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.opens(VIP)
        await desk.types("ix\r")
        desk.sees("That person belongs to a VIP organisation: ask a supervisor to correct the record.")


async def keeps_a_hostile_name(sit_down: SitDown, demo: Demo, payload: str) -> None:
    name = f"{payload} Ben"
    database = demo.store.database
    with database.writing():
        row = (name, search_key(name), f"{'x' * 400}@example.org", "ben@example.org")
        database.execute_sql("UPDATE customer SET name = ?, name_key = ?, email = ? WHERE email_key = ?", row)
    async with sit_down(login="pat") as desk:
        await desk.opens(BEN)
        for keys in (["p", "escape"], ["i", "escape"], ["D", "escape"], ["M", *"eva", "enter", "escape"]):
            for key in keys:
                await desk.presses(key)
                desk.is_harmless()
        await desk.presses("i", "down", "ctrl+u")
        await desk.types("ben@home.example\r")
        desk.sees("e-mail address corrected")
    with database.connected():
        stored = database.execute_sql("SELECT name FROM customer WHERE email = 'ben@home.example'").fetchall()
    assert stored == [(name,)]


WORST = {name: EIGHT[name] for name in ("clipboard",)}
OTHERS = {name: text for name, text in ALL.items() if name not in WORST and text.strip()}


@pytest.mark.parametrize("payload", WORST.values(), ids=WORST.keys())
async def test_a_hostile_name_is_text_and_stays_as_it_is(sit_down: SitDown, demo: Demo, payload: str) -> None:
    """Another program stored it: the fields draw it, and a correction of the address leaves it alone."""
    await keeps_a_hostile_name(sit_down, demo, payload)


@pytest.mark.slow
@pytest.mark.parametrize("payload", OTHERS.values(), ids=OTHERS.keys())
async def test_all_hostile_names_are_text_and_stay_as_they_are(sit_down: SitDown, demo: Demo, payload: str) -> None:
    await keeps_a_hostile_name(sit_down, demo, payload)


# Merging


async def test_two_records_are_compared_before_they_are_merged(sit_down: SitDown) -> None:
    """Both whole, with their cards; whose organisation is kept is chosen and seen."""
    async with sit_down(login="pat") as desk:
        await desk.opens(EVA)
        await desk.types("Mclemence@example.org\r")
        desk.sees("Goes record 4, Eva Müller, eva@northwind.example Northwind ★ VIP; 2 cards: ")
        desk.sees("Is kept record 3, Clémence Roux, clemence@example.org no organisation; 5 cards: ")
        desk.sees("1 of 2", "Belongs to no organisation", "This can't be undone.")
        await desk.presses("up", "right")
        desk.sees("Belongs to Northwind ★ VIP")
        await desk.presses("enter")
        desk.sees("Record 4 is merged into record 3, with 2 cards.")
        assert shown(desk) == "Clémence Roux"
        desk.sees("Can be reactivated: Northwind is a VIP.")


async def test_one_of_several_people_that_fit_is_chosen(sit_down: SitDown) -> None:
    async with sit_down(login="pat") as desk:
        await desk.opens(BEN)
        await desk.types("Mqq\r")
        desk.sees("Nobody else is found by that")
        await desk.presses("ctrl+u")
        await desk.types("ad\r")
        desk.sees("Several people fit", "1 of ")
        await desk.presses("enter")
        desk.sees("Merge two records")
        await desk.presses("escape")
        desk.sees("Left as it was.")


async def test_an_agent_is_told_who_merges_and_removes(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.opens(BEN)
        await desk.presses("M")
        desk.sees("An agent may not merge people; ask a supervisor or a manager.")
        await desk.presses("D")
        desk.sees("An agent may not remove a person's data; ask a supervisor or a manager.")
        assert desk.beeps == 2


# Removing


async def test_removal_is_asked_for_and_confirmed_by_a_second_person(sit_down: SitDown) -> None:
    """Pat sees what would go and asks; Mia types the record's number; nothing of Clémence is left on the screen."""
    async with sit_down(login="pat") as desk:
        await desk.opens(CLE)
        await desk.presses("D")
        desk.sees("Ask for removal: record 3", "texts (notes, reasons) on 5 cards that the person holds")
        await desk.types("\r")
        desk.sees("Still to fill in: Ticket.")
        await desk.types("ZD-7\r")
        desk.sees("The removal of record 3 is asked for: a second person must confirm it before")
        await desk.types("D3\r")
        desk.sees("You asked for this on 21 Nov 2026 14:02: somebody else must confirm it.")
    async with sit_down(login="mia") as desk:
        await desk.opens(CLE)
        await desk.presses("D")
        desk.sees(
            "Remove the data of record 3", "Asked by Pat on 21 Nov 2026 14:02, ticket ZD-7: The person asked for it."
        )
        await desk.types("4\r")
        desk.sees("That is another number.")
        await desk.presses("backspace")
        await desk.types("3\r")
        desk.sees("The data of record 3 are removed: 5 cards")
        assert shown(desk) == "(removed)"
        desk.does_not_see("Clémence", "clemence@example.org", "Reported lost")


async def test_what_a_colleague_did_meanwhile_is_told(sit_down: SitDown, demo: Demo) -> None:
    """The dialog said 'asks'; Mia asked meanwhile: an Enter that meant asking removes nothing."""
    async with sit_down(login="pat") as desk:
        await desk.opens(CLE)
        await desk.presses("D")
        assert actions.remove_person(at_desk_of(demo, "mia"), 3, ref="ZD-7").done
        await desk.types("ZD-7\r")
        desk.sees("A colleague asked or confirmed at the same moment. Nothing was changed; look again.")
        assert shown(desk) == "Clémence Roux"


async def test_a_card_with_an_open_flag_is_named(sit_down: SitDown) -> None:
    async with sit_down(login="pat") as desk:
        await desk.opens(FLAGGED)
        await desk.types("DZD-7\r")
        desk.sees("On Card ···· KF99 1 flag is open: read and clear each with a reason first.")


def at_desk_of(demo: Demo, login: str) -> Session:
    return Session(demo.store, login)
