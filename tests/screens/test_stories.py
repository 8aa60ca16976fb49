"""One story for each verdict, on a small terminal: type the code, read what is wrong, do the one right thing."""

import pytest
from driver import Driver
from screens.conftest import Demo, SitDown

from models.finding import find_exact
from models.rules.diagnosis import Verdict
from models.sheets import card_sheet
from models.unit import Session


async def copies_the_reply(desk: Driver, *said: str) -> None:
    """Press y: the reply stands on the screen and in the clipboard."""
    await desk.presses("y")
    desk.sees("Reply ──", "Sent to your terminal's clipboard.", *said)
    for text in said:
        assert text in desk.app.clipboard


async def test_a_code_that_no_card_has(sit_down: SitDown) -> None:
    """The agent is told to ask again, and the field is ready for the code."""
    async with sit_down() as desk:
        await desk.opens("No such card")
        desk.sees("No card answers to this code. Ask for the code again, one group at a time.")
        assert desk.beeps == 1
        await desk.types(desk.code_of("Active: confirm"))
        await desk.presses("enter")
        desk.sees("The card works: 30.01 GBP")


@pytest.mark.parametrize(
    "slip",
    ["9VY9 NYQP KPN5 XPT8", "9VY9 NYQP KPN5 XP9T", "9VY9 NYQP KPN5 XPT", "9VY9 NYQP KPN5 XPTT9", "9VY9 NYOP KPNS XPT9"],
    ids=["one wrong", "two swapped", "one missing", "one too many", "look-alikes"],
)
async def test_a_slip_of_the_pen(sit_down: SitDown, slip: str) -> None:
    """The card that is one slip away is offered with its holder, never opened by itself."""
    async with sit_down() as desk:
        await desk.types(f"{slip}\r")
        desk.sees("No card answers to this code, but one is a slip away", "XPT9", "Fay Björnsdóttir")
        assert desk.desk.sheet is None
        assert desk.beeps == 1
        await desk.presses("enter")
        desk.sees("The card works: 30.01 GBP")


async def test_does_not_add_up(sit_down: SitDown) -> None:
    """The card is handed over with a packet; everything else is refused."""
    async with sit_down() as desk:
        await desk.opens("Does not add up")
        desk.sees(
            "The card does not add up: its row says balance 75.00 GBP, its journal 50.00 GBP.",
            "Its journal is sound to the end, activity 2 of 12 Nov 2026 14:02.",
            "An operator or a manager mends the row (giftdesk verify --repair); if it can't wait, escalate.",
        )
        await desk.presses("r")
        desk.sees("The card does not add up: escalate it to Payments Support.")
        await desk.presses("e")
        desk.sees("The balance is wrong, or part of the history is missing.")
        await desk.types("Till says 50, we say 75\r")
        desk.sees("is handed over to Payments Support as E", "For Payments Support ──")
        assert "Till says 50, we say 75" in " ".join(desk.app.clipboard.split())
        await desk.presses("escape", "a")
        desk.sees("escalated Sam: The balance and the journal do not agree.")
        await copies_the_reply(desk, "I've passed your gift card on to our payments team")


async def test_the_order_was_cancelled(sit_down: SitDown) -> None:
    """It is explained; nothing can be done."""
    async with sit_down() as desk:
        await desk.opens("The order was cancelled")
        desk.sees("CANCELLED", "The order was cancelled on 16 Nov 2026 14:02 and the balance returned to the payer.")
        await desk.presses("r")
        desk.sees("The card was cancelled on 16 Nov 2026 14:02, which is final.")
        await copies_the_reply(desk, "the money went back to whoever paid for it")


async def test_what_happened_a_moment_ago_fits_into_its_line(sit_down: SitDown) -> None:
    async with sit_down(login="pat") as desk:
        await desk.opens("Active: confirm")
        await desk.presses("s")
        await desk.types("Reported stolen\r")
        desk.sees("SUSPENDED just now Fay Björnsdóttir")


async def test_suspended_with_a_flag(sit_down: SitDown) -> None:
    """Flag and notes are read, the flag is cleared with a reason, then the card is reactivated with one."""
    async with sit_down() as desk:
        await desk.opens("Suspended with a flag")
        desk.sees("SUSPENDED 3 days ago", "The card is suspended and 1 flag is open.", "1 open: Bank asks for papers")
        await desk.presses("r")
        desk.sees("1 flag is open: read and clear each with a reason first.")
        await desk.presses("a")
        desk.sees("note Mia: Bank wrote: the chargeback was withdrawn", "suspended Mia: Chargeback announced")
        await desk.presses("x")
        desk.sees("Bank asks for papers: wait for their letter (Mia, 18 Nov 2026 14:02)")
        await desk.types("Chargeback withdrawn\r")
        desk.sees("The card is on hold, before its last day and with no open flag.", "On hold")
        await desk.presses("r")
        desk.sees("the suspension is lifted, no ground needed", "Keeps 100.00 GBP", "Last day Sun 4 Apr 2027")
        await desk.types("Bank letter of 20 Nov\r")
        desk.sees(
            "is reactivated: valid until Sun 4 Apr 2027.", "ACTIVE", "note Sam: Suspension lifted per policy – Ba"
        )
        await copies_the_reply(desk, "it is active again: 100.00 GBP is ready to spend")


async def test_expired_with_a_flag(sit_down: SitDown) -> None:
    """A ground holds, but the flag comes first; left standing, it keeps the card shut."""
    async with sit_down() as desk:
        await desk.opens("Expired this morning and flagged")
        desk.sees("The card has expired and 1 flag is open.")
        await desk.presses("r")
        desk.sees("1 flag is open: read and clear each with a reason first.")
        await desk.presses("x")
        await desk.types("Police found the owner: it was hers\r")
        desk.sees("Can be reactivated: it expired 11 h ago")
        await desk.presses("r", "enter", "a")
        desk.sees("ACTIVE 7 days left", "flag cleared Sam: Police found the owner", "reactivated Sam: expired recently")


async def test_a_hold_without_anything_against_it(sit_down: SitDown) -> None:
    """The hold is lifted for a reason; nothing is given back and no day is lost."""
    async with sit_down() as desk:
        await desk.opens("Suspended, no flag")
        desk.sees("The card is on hold, before its last day and with no open flag. Reactivate it with a reason.")
        await desk.presses("r")
        desk.sees("the suspension is lifted, no ground needed", "Keeps 60.00 GBP", "Reason")
        await desk.types("Customer brought the card\r")
        desk.sees("is reactivated: valid until Thu 1 Apr 2027.", "Balance 60.00 GBP")
        await desk.presses("a")
        desk.sees("unsuspended Sam: Customer brought the card", "only the suspension was lifted")
        await copies_the_reply(desk, "it is active again: 60.00 GBP is ready to spend")


async def test_held_past_its_last_day_with_a_ground(sit_down: SitDown) -> None:
    """One reactivation gives back and lifts."""
    async with sit_down() as desk:
        await desk.opens("Suspended and expired")
        desk.sees("SUSPENDED 5 days ago", "Can be reactivated: Northwind is a VIP; and it expired 11 h ago")
        await desk.presses("r")
        desk.sees("Gives back 20.00 GBP", "Reason")
        await desk.types("Passport matches\r")
        desk.sees("ACTIVE 7 days left", "20.00 GBP given back, valid until Sat 28 Nov 2026.")
        await desk.presses("a")
        desk.sees("unsuspended Sam: Passport matches", "Reactivated per policy", "reinstatement +20.00 20.00 Sam")


async def test_held_past_its_last_day_without_a_ground(sit_down: SitDown) -> None:
    """Too late: declined."""
    async with sit_down() as desk:
        await desk.opens("Suspended, expired two weeks ago")
        desk.sees("Expired 13 days ago (stopped Sun 8 Nov 03:00): more than 24 h, and no VIP organisation.")
        await desk.presses("r")
        desk.sees("The card expired 13 days ago (the balance stopped on Sun 8 Nov 03:00): more than 24 h, and no VIP")
        await copies_the_reply(desk, "it expired at the end of 7 Nov 2026")


async def test_too_early(sit_down: SitDown) -> None:
    """The date is told; there is no way to hurry it."""
    async with sit_down() as desk:
        await desk.opens("Bought yesterday")
        desk.sees("INACTIVE for 33 h more", "The card is valid from Mon 23 Nov 00:00 (in 33 h).", "can't be hurried")
        await desk.presses("r")
        desk.sees("There is nothing to reactivate: the card is neither expired nor suspended.")
        await copies_the_reply(desk, "it becomes valid only on Mon 23 Nov 2026;")


@pytest.mark.parametrize(
    ("scenario", "because", "grounds", "back"),
    [
        (
            "Expired this morning, within",
            "it expired 11 h ago, and the window closes Sun 22 Nov",
            "expired recently",
            "17.50",
        ),
        ("Expired weeks ago, but a VIP", "Northwind is a VIP.", "VIP organisation", "80.00"),
        (
            "Expired this morning, VIP",
            "Northwind is a VIP; and it expired 11 h",
            "VIP organisation, expired recently",
            "50.00",
        ),
    ],
    ids=["by the window", "by the VIP", "by both"],
)
async def test_reactivated(sit_down: SitDown, scenario: str, because: str, grounds: str, back: str) -> None:
    """Exactly what expired is given back for a week, with the policy's note and all grounds on record."""
    async with sit_down() as desk:
        await desk.opens(scenario)
        desk.sees("EXPIRED", f"Can be reactivated: {because}", f"gives back {back} GBP.", f"({back} broken")
        await desk.presses("r")
        desk.sees(
            f"Gives back {back} GBP",
            "Last day Sat 28 Nov 2026",
            "Reactivated per policy – VIP customer / expired <24h.",
        )
        await desk.presses("enter")
        desk.sees("ACTIVE 7 days left", f"Balance {back} GBP", f"{back} GBP given back, valid until Sat 28 Nov 2026.")
        desk.sees(f"21 Nov 2026 14:02 reinstatement +{back} {back} Sam")
        desk.does_not_see("Reactivated per policy")
        await desk.presses("a")
        desk.sees("note Sam: Reactivated per policy – VIP customer", f"reactivated Sam: {grounds}")
        await desk.presses("down", "enter")
        desk.sees(
            "Text Reactivated per policy – VIP customer / expired <24h.", f"Grounds {grounds}", "Policy version 1"
        )
        await desk.presses("escape")
        await copies_the_reply(desk, f"it is active again: {back} GBP is ready to spend", "Sat 28 Nov 2026")


async def test_declined(sit_down: SitDown) -> None:
    """Too late and no VIP: the reply apologises, and names no hour and no other customer."""
    async with sit_down() as desk:
        await desk.opens("Expired 35 hours ago")
        desk.sees("Expired 35 h ago (stopped Fri 20 Nov 03:00): more than 24 h, and no VIP organisation. Apologise")
        await desk.presses("r")
        desk.sees("The card expired 35 h ago")
        assert desk.beeps == 1
        await copies_the_reply(desk, "I'm sorry to say that it expired at the end of 19 Nov 2026.")
        assert "03:00" not in desk.app.clipboard
        assert "VIP" not in desk.app.clipboard


async def test_spent(sit_down: SitDown) -> None:
    """The one activity that emptied the card is named: when, where, which order."""
    async with sit_down() as desk:
        await desk.opens("Spent to the last penny")
        desk.sees("Nothing is left: the last 15.00 GBP was spent on 17 Nov 2026 14:02 at Leeds, order 21500.")
        desk.sees("17 Nov 2026 14:02 redemption -15.00 0.00 Leeds order 21500")
        await copies_the_reply(desk, "The last 15.00 GBP was spent on 17 Nov 2026 at Leeds.")


async def test_works_after_all(sit_down: SitDown) -> None:
    """The balance is confirmed; when it fails again the card is escalated as looking active."""
    async with sit_down() as desk:
        await desk.opens("Active: confirm the balance")
        desk.sees("ACTIVE 73 days left", "The card works: 30.01 GBP can be spent.", "ask to retry at checkout")
        await copies_the_reply(desk, "it is active, with 30.01 GBP to spend")
        await desk.presses("e")
        desk.sees("The card looks active, but checkout still refuses it.")
        await desk.types("Retried twice at Leeds\r")
        desk.sees("is handed over to Payments Support as E")


async def test_the_last_day_is_a_good_day(sit_down: SitDown) -> None:
    """On its last day, and until 03:00 after it, a card works."""
    async with sit_down() as desk:
        await desk.opens("Last day is today")
        desk.sees("ACTIVE 12 h left", "stops Sun 22 Nov 03:00", "The card works: 15.00 GBP can be spent.")


async def test_why_it_is_zero(sit_down: SitDown) -> None:
    """One key: the activity that emptied it, what the customer can be told, and the activity whole."""
    async with sit_down() as desk:
        await desk.opens("Spent to the last penny")
        await desk.presses("w")
        desk.sees(
            "Why is it zero",
            "Nothing is left: the last 15.00 GBP was spent on 17 Nov 2026 14:02 at Leeds, order 21500. Booked by Mia",
            "For the customer: The last 15.00 GBP was spent on 17 Nov 2026 at Leeds.",
            "Amount -15.00 GBP",
        )
        await desk.presses("escape")
        await desk.opens("Active: confirm")
        await desk.presses("w")
        desk.sees("The balance is not zero: there is 30.01 GBP on the card.")
        assert desk.beeps == 1


def test_every_verdict_has_a_card_to_try(demo: Demo) -> None:
    """The demo leaves no verdict out."""
    session = Session(demo.store, "sam")
    cards = [find_exact(demo.store, scenario.code) for scenario in demo.scenarios]
    found = {card_sheet(session, card).diagnosis.verdict if card else Verdict.UNKNOWN for card in cards}
    assert found == set(Verdict)
