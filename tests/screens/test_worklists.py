"""Stories of the worklists: chosen by their counts, gone through card by card, and back to the same line."""

from datetime import timedelta

import pytest
from driver import NARROW, WIDE
from screens.conftest import Demo, SitDown
from screens.payloads import EIGHT
from store.counter import card_row

from models import desk as actions
from models.jobs.demo import START
from models.rules.reminders import State
from models.schema import GiftCard, Reminder
from models.unit import Session

CLE = "Suspended, no flag"


def insert_expiring(demo: Demo, count: int) -> None:
    """So many cards stop tomorrow, one after the other, each a minute later; E000 is the first."""
    stops = [START + timedelta(days=1, minutes=each) for each in range(count)]
    with demo.store.database.writing():
        GiftCard.insert_many(
            [
                {**card_row(500, 0, START - timedelta(days=1), at), "last_four": f"E{each:03}"}
                for each, at in enumerate(stops)
            ]
        ).execute()


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_a_list_is_gone_through_card_by_card(sit_down: SitDown, size: tuple[int, int]) -> None:
    """F7, the list, its second card, reactivated; Esc leads back to that line, which says what it is by then."""
    async with sit_down(size=size) as desk:
        await desk.presses("f7")
        desk.sees("worklists", "1 Expiring this week", "6 Just expired", "0 Cannot be reminded")
        await desk.presses("down", "enter", "down", "enter")
        desk.sees("worklists > Just expired > card", "Can be reactivated")
        await desk.types("r\r")
        desk.sees("17.50 GBP given back, valid until Sat 28 Nov 2026.")
        await desk.presses("escape")
        desk.sees("Just expired: 6 cards, the window that closes soonest first.", "H647 ● active")
        assert desk.desk.finder.results.cursor == 1
        await desk.presses("down", "enter")
        desk.sees("T5P4", "Fay Björnsdóttir")


async def test_everything_may_be_typed_in_one_go(sit_down: SitDown) -> None:
    """The lists, the second, its first card, reactivated, back, and the next card."""
    async with sit_down() as desk:
        desk.at_once("\x1b[18~\x1b[B\r\rr\r")
        await desk.settles()
        desk.sees("···· J773", "50.00 GBP given back")


async def test_esc_leads_back_step_by_step_to_where_it_began(sit_down: SitDown) -> None:
    """From a card on a list to the list, to all lists, to the card that was open before."""
    async with sit_down() as desk:
        await desk.opens(CLE)
        began = desk.card_id
        await desk.presses("f7", "enter", "enter")
        assert desk.card_id != began
        await desk.presses("escape")
        desk.sees("giftdesk worklists > Expiring this week")
        await desk.presses("escape")
        desk.sees("Enter lists them.")
        await desk.presses("escape")
        assert desk.card_id == began
        desk.sees("giftdesk find > card")


async def test_what_was_found_before_is_there_again(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.types("Okafor\r")
        await desk.presses("f7", "enter", "f7", "escape")
        desk.sees("4 cards, newest activity first.", "Ben Okafor")
        await desk.presses("escape")
        assert desk.desk.finder.field.has_focus


async def test_a_search_leads_out_of_the_lists(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.presses("f7", "enter", "enter")
        await desk.types("/Okafor\r")
        desk.sees("giftdesk find", "4 cards, newest activity first.")
        await desk.presses("f7")
        await desk.types("/Okafor\r")
        desk.sees("giftdesk find", "4 cards, newest activity first.")


async def test_the_cards_of_one_person_lead_back_to_the_list(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.presses("f7", "down", "enter", "enter")
        await desk.types("p")
        desk.sees("cards of Ada Lovelace")
        await desk.presses("escape", "escape")
        desk.sees("Just expired: 6 cards")


async def test_a_list_with_nothing_on_it_says_so(sit_down: SitDown) -> None:
    """Nothing is left to go back from: the lists stay."""
    async with sit_down() as desk:
        await desk.presses("f7", "end", "enter")
        desk.sees("No approval was decided about in the last 7 days.", "Enter lists them.")
        assert desk.beeps == 0


async def test_a_long_list_goes_on_where_it_seemed_to_end(sit_down: SitDown, demo: Demo) -> None:
    """Four hundred and fifty cards: 200 are read at once, and the next before somebody gets there."""
    insert_expiring(demo, 450)
    async with sit_down() as desk:
        await desk.presses("f7")
        desk.sees("200+ Expiring this week")
        await desk.presses("enter")
        desk.sees("Expiring this week: the first 200 cards of more, the soonest to stop first.")
        await desk.presses("G")
        desk.sees("the first 400 cards of more", "E198")
        assert desk.desk.finder.results.cursor == 199
        await desk.presses("down")
        desk.sees("E199")
        await desk.presses("G", "G")
        desk.sees("Expiring this week: 451 cards, the soonest to stop first.", "E449")
        await desk.presses("home", "pagedown")
        desk.sees("E000", "E016")


async def test_f5_reads_a_list_again(sit_down: SitDown, demo: Demo) -> None:
    """A colleague reactivated the card above: it is gone, and the cursor is on the card where it was."""
    async with sit_down() as desk:
        await desk.presses("f7", "down", "enter", "down")
        first = desk.desk.finder.results.items[0].card_id
        assert actions.reactivate(Session(demo.store, "pat"), first).done
        await desk.presses("f5")
        desk.sees("Just expired: 5 cards")
        assert desk.desk.finder.results.cursor == 0
        await desk.presses("enter")
        desk.sees("H647")


async def test_f5_counts_again(sit_down: SitDown, demo: Demo) -> None:
    async with sit_down() as desk:
        await desk.presses("f7")
        insert_expiring(demo, 3)
        await desk.presses("f5")
        desk.sees("4 Expiring this week")


async def test_the_lists_are_reached_from_the_palette_and_from_another_page(sit_down: SitDown) -> None:
    async with sit_down(login="ivy") as desk:
        await desk.presses("ctrl+p")
        await desk.types("worklists\r")
        desk.sees("Enter lists them.")
        await desk.presses("f6", "f7", "down", "enter")
        desk.sees("Just expired: 6 cards")


async def test_what_a_mail_server_said_is_text(sit_down: SitDown, demo: Demo) -> None:
    """It is somebody else's, and stands on the list."""
    refused = {
        "last_day_on": START.date(),
        "lead_days": 7,
        "customer": 1,
        "state": State.REFUSED,
        "is_late": False,
        "tries": 1,
        "claimed_at": START - timedelta(days=1),
    }
    rows = [{**refused, "card": card, "said": said} for card, said in enumerate(EIGHT.values(), start=1)]
    with demo.store.database.writing():
        Reminder.insert_many(rows).execute()
    for size in (NARROW, WIDE):
        async with sit_down(size=size) as desk:
            await desk.presses("f7", "down", "down", "down", "enter")
            desk.sees("Cannot be reminded: 8 cards", "refused: ")
            desk.is_harmless()


async def test_a_long_way_leaves_the_time_in_sight(sit_down: SitDown, demo: Demo) -> None:
    """The list with the longest name: its end is cut, and not who works and how late it is."""
    in_hand = {"last_day_on": START.date(), "lead_days": 7, "customer": 1, "is_late": False, "tries": 1}
    with demo.store.database.writing():
        Reminder.insert(card=1, state=State.CLAIMED, claimed_at=START - timedelta(days=1), **in_hand).execute()
    async with sit_down(size=NARROW) as desk:
        await desk.presses("f7", "down", "down", "down", "down", "enter", "enter")
        desk.sees("worklists > Reminders that may have gone", "Sam · agent 14:02")
