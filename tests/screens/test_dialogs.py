"""Every dialog: says what would happen, asks what it needs, acts once, and only on an Enter that somebody pressed."""

from dataclasses import dataclass

import pytest
from driver import Driver
from screens.conftest import SitDown

from models import desk as actions
from models.rules.journal import Kind

VIP = "Expired this morning, VIP"
HELD = "Suspended, no flag"
FLAGGED = "Suspended with a flag"
ACTIVE = "Active: confirm"


@dataclass(frozen=True)
class Dialog:
    """One dialog, where it can be opened, and what it leaves in the journal."""

    key: str
    scenario: str
    title: str
    shows: tuple[str, ...]
    missing: str | None
    kind: Kind
    told: str


DIALOGS = (
    Dialog(
        "r",
        VIP,
        "Reactivate ···· ···· ···· J773",
        ("Card of Ada Lovelace", "Because Northwind is a VIP; expired less than 24 h ago", "Gives back 50.00 GBP"),
        None,
        Kind.REACTIVATED,
        "is reactivated: 50.00 GBP given back",
    ),
    Dialog(
        "r",
        HELD,
        "Reactivate ···· ···· ···· TYR6",
        ("Card of Clémence Roux", "Keeps 60.00 GBP", "Last day Thu 1 Apr 2027", "Suspension lifted per policy"),
        "Reason",
        Kind.UNSUSPENDED,
        "is reactivated: valid until Thu 1 Apr 2027.",
    ),
    Dialog("n", ACTIVE, "Note on ···· ···· ···· XPT9", ("Note", "Enter Save"), "Note", Kind.NOTE, "note"),
    Dialog(
        "e",
        ACTIVE,
        "Escalate ···· ···· ···· XPT9 to Payments Support",
        ("The card looks active, but checkout still refuses it.", "Enter Hand over"),
        "What the customer sees, and what was tried",
        Kind.ESCALATED,
        "is handed over to Payments Support",
    ),
    Dialog(
        "s", ACTIVE, "Suspend ···· ···· ···· XPT9", ("Reason", "Enter Suspend"), "Reason", Kind.SUSPENDED, "suspended"
    ),
    Dialog(
        "u",
        HELD,
        "Lift the suspension of ···· ···· ···· TYR6",
        ("Reason", "Enter Lift"),
        "Reason",
        Kind.UNSUSPENDED,
        "is not suspended any more.",
    ),
    Dialog("f", ACTIVE, "Flag ···· ···· ···· XPT9", ("Reason", "Raise the flag"), "Reason", Kind.FLAG_RAISED, "flag"),
    Dialog(
        "x",
        FLAGGED,
        "Clear a flag of ···· ···· ···· KF99",
        ("Bank asks for papers: wait for their letter (Mia, 18 Nov 2026 14:02)", "Clear the flag"),
        "Reason",
        Kind.FLAG_CLEARED,
        "flag",
    ),
    Dialog(
        "C",
        ACTIVE,
        "Cancel ···· ···· ···· XPT9",
        ("Card of Fay Björnsdóttir", "Goes back 30.01 GBP to the payer", "this is final", "Enter Cancel the card"),
        "Reason",
        Kind.CANCELLATION,
        "is cancelled: 30.01 GBP goes back to the payer.",
    ),
    Dialog(
        "L",
        ACTIVE,
        "Replace ···· ···· ···· XPT9",
        ("Card of Fay Björnsdóttir", "Moves 30.01 GBP to a card made for it", "Its code is shown once, after Enter"),
        "Reason",
        Kind.TRANSFER_OUT,
        "is replaced by ····",
    ),
    Dialog(
        "g",
        ACTIVE,
        "Register ···· ···· ···· XPT9",
        ("Belongs to Fay", "Name (may stay empty)", "E-mail (may stay empty)", "Organisation (may stay empty)"),
        None,
        Kind.REGISTERED,
        "is registered",
    ),
)
HOT_PASTES = ("yes\r\n", "\r", "one\r\ntwo\r\n", "a\x1b\rb\r", "\x1b[201\r", "\x1b\x1b[13u\r")
each_dialog = pytest.mark.parametrize("dialog", DIALOGS, ids=lambda each: f"{each.key} {each.kind}")


def times(desk: Driver, kind: Kind) -> int:
    """How often the open card's journal has a kind of activity."""
    assert desk.desk.sheet is not None
    return [line.kind for line in desk.sheet.activities].count(kind)


async def version(desk: Driver) -> int:
    """How many activities the open card has in the database."""
    await desk.presses("f5")
    assert desk.desk.sheet is not None
    return desk.sheet.version


@each_dialog
async def test_a_dialog(sit_down: SitDown, dialog: Dialog) -> None:
    """It shows the card and what is asked; without it nothing happens; with it, once however often Enter is pressed."""
    async with sit_down(login="pat") as desk:
        await desk.opens(dialog.scenario)
        before, had = desk.sheet.version, times(desk, dialog.kind)
        await desk.presses(dialog.key)
        desk.sees(dialog.title, *dialog.shows, "Enter", "Esc Leave it", "Balance", "Last day")
        if dialog.missing is not None:
            await desk.presses("enter")
            desk.sees(f"Still to fill in: {dialog.missing}.", dialog.title)
            assert desk.beeps == 1
        await desk.types("Because of test")
        desk.at_once("\r\r\r")
        await desk.settles()
        desk.sees(dialog.told)
        desk.does_not_see(dialog.title)
        assert times(desk, dialog.kind) == had + 1
        assert desk.sheet.version > before


@each_dialog
async def test_leaving_a_dialog(sit_down: SitDown, dialog: Dialog) -> None:
    """Esc and F3 lead back to the card, which is as it was, whatever had been typed."""
    async with sit_down(login="pat") as desk:
        await desk.opens(dialog.scenario)
        before = desk.sheet.version
        for way in ("escape", "f3"):
            await desk.presses(dialog.key)
            await desk.types("half a thought")
            await desk.presses(way)
            desk.sees("Left as it was.")
            desk.does_not_see(dialog.title, "half a thought")
        assert await version(desk) == before


@each_dialog
async def test_a_paste_never_confirms(sit_down: SitDown, dialog: Dialog) -> None:
    """Whatever line ends and escapes a paste carries, the dialog stands and the card is as it was."""
    async with sit_down(login="pat") as desk:
        await desk.opens(dialog.scenario)
        before = desk.sheet.version
        await desk.presses(dialog.key)
        for pasted in HOT_PASTES:
            await desk.pastes(pasted)
            desk.sees(dialog.title, "Esc Leave it")
            desk.is_harmless()
        await desk.presses("escape")
        assert await version(desk) == before


async def test_a_note_is_pasted_whole(sit_down: SitDown) -> None:
    """What a customer wrote in several lines is not cut after the first."""
    async with sit_down() as desk:
        await desk.opens(ACTIVE)
        await desk.presses("n")
        await desk.pastes("It said\r\n  card not valid \r\n\r\nat the till in Leeds\r\n")
        await desk.presses("enter", "a", "enter")
        desk.sees("Text It said card not valid at the till in Leeds")


@pytest.mark.parametrize(
    ("scenario", "typed"),
    [
        (VIP, "rw3y83vq8338k98y"),
        (VIP, "gc7q4m2k9xr3htcv"),
        (ACTIVE, "CVYVJJKMTXNMCQ27"),
        (ACTIVE, "n62p j9wq q5ym f5hf"),
    ],
)
async def test_a_code_typed_at_an_open_card_does_nothing(sit_down: SitDown, scenario: str, typed: str) -> None:
    """By hand or by a scanner, which ends in Enter: its first letter opens a dialog, the rest is no reason in it."""
    async with sit_down(login="mia") as desk:
        await desk.opens(scenario)
        before = await version(desk)
        await desk.types(f"{typed}\r")
        desk.sees("That reads like the code of a card, and nothing is done: Esc, then / looks for it.")
        assert await version(desk) == before
        assert desk.beeps == 1


async def test_the_reason_of_an_escalation_is_chosen(sit_down: SitDown) -> None:
    """The likeliest comes first; the arrows turn to the others, and back to the text."""
    async with sit_down() as desk:
        await desk.opens(ACTIVE)
        await desk.presses("e")
        await desk.types("Shows no money")
        await desk.presses("up", "right")
        desk.sees("The balance is wrong, or part of the history is missing.")
        await desk.presses("enter")
        assert "The balance is wrong" in desk.app.clipboard
        assert "Shows no money" in desk.app.clipboard


async def test_one_of_two_flags_is_cleared(sit_down: SitDown) -> None:
    """The one that was chosen, with the reason; the other stays open."""
    async with sit_down() as desk:
        await desk.opens(FLAGGED)
        await desk.presses("f")
        await desk.types("Second thoughts\r")
        desk.sees("2 open: Second thoughts (Sam)")
        await desk.presses("x", "up", "right")
        desk.sees("Bank asks for papers: wait for their letter (Mia")
        await desk.presses("down")
        await desk.types("Letter came\r")
        desk.sees("1 open: Second thoughts (Sam)")


async def test_the_agent_adds_to_the_note(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.opens(VIP)
        await desk.presses("r", "tab")
        await desk.types("Ticket 4711\r")
        await desk.presses("a")
        desk.sees("reactivated Sam: Ticket 4711")


async def test_a_new_holder_is_shown_at_once(sit_down: SitDown) -> None:
    async with sit_down(login="pat") as desk:
        await desk.opens(ACTIVE)
        await desk.presses("g")
        await desk.types("Grace Hopper\tgrace@example.org\tNorthwind\r")
        desk.sees("Grace Hopper Northwind ★ VIP")


async def test_an_agent_is_not_asked_for_the_organisation(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.opens(ACTIVE)
        await desk.presses("g")
        desk.sees("Name (may stay empty)", "E-mail (may stay empty)")
        desk.does_not_see("Organisation")


# What can't be done says why

DEEDS = {
    "r": "reactivate cards",
    "n": "write notes",
    "e": "escalate cards",
    "s": "suspend cards",
    "u": "lift suspensions",
    "f": "raise flags",
    "x": "clear flags",
    "g": "register cards",
    "m": "move balances between cards",
    "L": "replace cards",
    "d": "extend cards",
    "b": "adjust balances",
    "C": "cancel cards",
}


async def test_an_auditor_changes_nothing(sit_down: SitDown) -> None:
    """Every key is dimmed and says who may; no dialog opens."""
    async with sit_down(login="ivy") as desk:
        await desk.opens(FLAGGED)
        for beeps, (key, deed) in enumerate(DEEDS.items(), start=1):
            await desk.presses(key)
            desk.sees(f"An auditor may not {deed}; ask ")
            desk.does_not_see("Leave it")
            assert desk.beeps == beeps


@pytest.mark.parametrize(
    ("scenario", "key", "why"),
    [
        (ACTIVE, "s", "An agent may not suspend cards; ask a supervisor or a manager."),
        (HELD, "u", "An agent may not lift suspensions; ask a supervisor or a manager."),
        (ACTIVE, "r", "There is nothing to reactivate: the card is neither expired nor suspended."),
        (ACTIVE, "x", "No flag is open."),
        ("The order was cancelled", "g", "The card was cancelled on 16 Nov 2026 14:02, which is final."),
        (ACTIVE, "o", "No money was moved between this card and another."),
        (ACTIVE, "b", "An agent may not adjust balances; ask a manager or Payments Support."),
        ("Does not add up", "f", "The card does not add up: it takes notes and escalations only."),
    ],
)
async def test_a_dimmed_key_says_why(sit_down: SitDown, scenario: str, key: str, why: str) -> None:
    async with sit_down() as desk:
        await desk.opens(scenario)
        await desk.presses(key)
        desk.sees(why)
        assert desk.beeps == 1


async def test_without_a_card_the_keys_say_so(sit_down: SitDown) -> None:
    """Outside the search field the letters are commands, and there is no card to use them on."""
    async with sit_down() as desk:
        await desk.types("Ben Okafor\r")
        for beeps, key in enumerate((*DEEDS, "y", "a", "o"), start=1):
            await desk.presses(key)
            desk.sees("No card is open: find one first.")
            assert desk.beeps == beeps


async def test_ones_own_card_is_refused(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.opens(VIP)
        await desk.presses("g")
        await desk.types("Sam\tsam@giftdesk.example\r")
        await desk.presses("r")
        desk.sees("This is a card of your own: ask a colleague.")


# Somebody else was quicker


async def test_a_colleague_reactivated_it_meanwhile(sit_down: SitDown) -> None:
    """The second is told who did it and when; the money is given back once."""
    async with sit_down() as desk:
        await desk.opens(VIP)
        await desk.presses("r")
        assert actions.reactivate(desk.colleague("pat"), desk.card_id).done
        await desk.presses("enter")
        desk.sees("Pat reactivated this card already, on 21 Nov 2026 14:02. Nothing was changed.", "Balance 50.00 GBP")
        assert times(desk, Kind.REINSTATEMENT) == 1
        assert desk.beeps == 1


async def test_the_flag_was_cleared_meanwhile(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.opens(FLAGGED)
        await desk.presses("x")
        assert actions.clear_flag(desk.colleague("pat"), desk.card_id, "Done").done
        await desk.types("Me too\r")
        assert desk.beeps == 1
        assert times(desk, Kind.FLAG_CLEARED) == 1


async def test_refreshing_shows_what_a_colleague_did(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.opens(VIP)
        assert actions.reactivate(desk.colleague("pat"), desk.card_id).done
        desk.sees("EXPIRED")
        await desk.presses("f5")
        desk.sees("ACTIVE 7 days left", "reinstatement +50.00 50.00 Pat")
