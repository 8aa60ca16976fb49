"""Moving, replacing, extending, adjusting at the screens: figures before Enter, once, and a code that is seen once."""

import pytest
from driver import Driver
from screens.conftest import SitDown
from textual.widgets import Static

from models import desk as actions
from models.rules.codes import has_valid_check, normalise

ACTIVE = "Active: confirm"
OTHER = "Last day is today"
LATE = "Expired 35 hours ago"
OLD = "An old code"


def code_seen(desk: Driver) -> str:
    """The one full code that stands on the screen."""
    words = desk.words().split()
    fours = [" ".join(words[place : place + 4]) for place in range(len(words) - 3)]
    (found,) = [four for four in fours if len(four) == 19 and has_valid_check(four.replace(" ", ""))]
    return found


async def balance_of(desk: Driver, scenario: str) -> str:
    await desk.opens(scenario)
    assert desk.desk.sheet is not None
    return f"{desk.sheet.balance_minor} until {desk.sheet.last_day_on}"


# Replacing


async def test_a_lost_code_is_replaced(sit_down: SitDown) -> None:
    """The code stands there to be read out, in no clipboard; gone is gone, and o leads to the card in its place."""
    async with sit_down(login="pat") as desk:
        await desk.opens(ACTIVE)
        await desk.presses("L")
        await desk.types("Letter never arrived\r")
        desk.sees("is replaced by ····", "The code of the card in its place ──", "gone for good: Esc")
        code = code_seen(desk)
        assert desk.app.clipboard == ""
        desk.sees(f"The card was replaced by ···· {code[-4:]} on 21 Nov 2026 14:02, and its balance moved there.")
        await desk.presses("escape")
        assert str(desk.desk.pane.query_one("#text Static", Static).content) == ""
        await desk.presses("a", "enter", "w")
        for key in ("escape", "f5", "y"):
            desk.does_not_see(code)
            await desk.presses(key)
        desk.does_not_see(code)
        assert code not in desk.app.clipboard
        assert normalise(code) not in desk.app.clipboard
        desk.sees("a new card has replaced it")
        await desk.presses("escape", "o")
        desk.sees(f"···· ···· ···· {code[-4:]} ● ACTIVE", "Balance 30.01 GBP", "Fay Björnsdóttir")
        desk.sees("Bought as ···· XPT9", "moved in +30.01 30.01 Pat from ···· XPT9")
        await desk.presses("o")
        desk.sees("···· ···· ···· XPT9", "The card was replaced by")
        await desk.types(f"/{code}\r")
        desk.sees("The card works: 30.01 GBP")


async def test_what_was_typed_ahead_does_not_close_the_code(sit_down: SitDown) -> None:
    """Nobody has seen it yet."""
    async with sit_down(login="pat") as desk:
        await desk.opens(ACTIVE)
        desk.at_once("lLost\rawy")
        await desk.settles()
        desk.sees("The code of the card in its place ──")
        assert has_valid_check(code_seen(desk).replace(" ", ""))


async def test_an_old_code_of_the_demo(sit_down: SitDown) -> None:
    """The customer reads an old letter; the agent finds the card in its place with one key."""
    async with sit_down() as desk:
        await desk.opens(OLD)
        desk.sees("The card was replaced by ····", "The customer pays with the code of that card.")
        await desk.presses("o")
        desk.sees("ACTIVE", "Balance 50.00 GBP", "Clémence Roux", "moved in +50.00")


# Moving


async def test_a_balance_is_moved(sit_down: SitDown) -> None:
    """The other card is looked up; what happens to both is said before it happens."""
    async with sit_down(login="pat") as desk:
        await desk.opens(ACTIVE)
        await desk.presses("m")
        desk.sees("Move the balance of ···· ···· ···· XPT9", "Balance 30.01 GBP", "Code of the other card")
        await desk.types(f"{desk.code_of(OTHER)}\t10.01\r")
        desk.sees("To ···· ···· ····", "Ben Okafor", "Moves 10.01 GBP, leaves 20.00 GBP", "Then on it 25.01 GBP")
        desk.sees("Last day Tue 2 Feb 2027")
        await desk.presses("enter")
        desk.sees("Still to fill in: Reason.")
        await desk.types("Bought twice\r")
        desk.sees("10.01 GBP moved to ····", "Balance 20.00 GBP", "moved out -10.01 20.00 Pat to ····")
        assert await balance_of(desk, OTHER) == "2501 until 2027-02-02"
        await desk.presses("enter")
        desk.sees("What moved in", "Moved from ···· XPT9")


async def test_a_balance_is_moved_in_one_go(sit_down: SitDown) -> None:
    """Fast fingers wait for nothing: code, all of it, reason."""
    async with sit_down(login="pat") as desk:
        await desk.opens(ACTIVE)
        desk.at_once(f"m{desk.code_of(OTHER)}\rBought twice\r")
        await desk.settles()
        desk.sees("30.01 GBP moved to ····", "Nothing is left: the last 30.01 GBP was moved to another card")
        await desk.presses("o")
        desk.sees("Balance 45.01 GBP")


@pytest.mark.parametrize(
    ("scenario", "why"),
    [
        ("No such card", "No card answers to this code."),
        (ACTIVE, "That is the code of this card: give the other one."),
        (OLD, "The other card was itself replaced, by ····"),
    ],
)
async def test_a_card_that_takes_nothing_is_told_before_anything_is_decided(
    sit_down: SitDown, scenario: str, why: str
) -> None:
    async with sit_down(login="pat") as desk:
        await desk.opens(ACTIVE)
        await desk.presses("m")
        await desk.types(f"{desk.code_of(scenario)}\r")
        desk.sees(why, "Balance 30.01 GBP", "Code of the other card")
        assert desk.beeps == 1


@pytest.mark.parametrize(
    ("amount", "why"),
    [
        ("a lot", "'a lot' is not an amount; write it like 12.50."),
        ("30.02", "The card holds 30.01 GBP, less than 30.02 GBP."),
    ],
)
async def test_an_amount_that_cannot_be_moved(sit_down: SitDown, amount: str, why: str) -> None:
    async with sit_down(login="pat") as desk:
        await desk.opens(ACTIVE)
        await desk.presses("m")
        await desk.types(f"{desk.code_of(OTHER)}\t{amount}\r")
        desk.sees(why)
        assert desk.beeps == 1


async def test_leaving_and_pasting_move_nothing(sit_down: SitDown) -> None:
    """Esc leads back from either dialog, and a paste confirms neither."""
    async with sit_down(login="pat") as desk:
        await desk.opens(ACTIVE)
        before = desk.sheet.version
        await desk.presses("m", "escape")
        desk.sees("Left as it was.")
        await desk.presses("m")
        await desk.pastes(f"{desk.code_of(OTHER)}\r\n")
        desk.sees("Code of the other card")
        await desk.presses("enter")
        desk.sees("Then on it 45.01 GBP")
        await desk.pastes("Bought twice\r\n")
        desk.sees("Then on it 45.01 GBP")
        await desk.presses("escape")
        desk.sees("Left as it was.", "Balance 30.01 GBP")
        await desk.presses("f5")
        assert desk.sheet.version == before


async def test_what_a_colleague_spent_meanwhile_is_not_moved(sit_down: SitDown) -> None:
    """The figures that were confirmed are not true any more: nothing is done, and the agent reads what changed."""
    async with sit_down(login="pat") as desk:
        await desk.opens(ACTIVE)
        await desk.presses("m")
        await desk.types(f"{desk.code_of(OTHER)}\r")
        assert actions.redeem(desk.colleague("mia"), desk.card_id, 1000).done
        await desk.types("Bought twice\r")
        desk.sees("Nothing was done.", "Balance 20.01 GBP")
        assert desk.beeps == 1


# Extending


@pytest.mark.parametrize("typed", ["2027-03-01", "1 Mar 2027"])
async def test_a_card_is_extended(sit_down: SitDown, typed: str) -> None:
    async with sit_down(login="pat") as desk:
        await desk.opens(ACTIVE)
        await desk.presses("d")
        desk.sees("Extend ···· ···· ···· XPT9", "Balance 30.01 GBP", "Last day Tue 2 Feb 2027 until now")
        await desk.types(f"{typed}\tWas ill for weeks\r")
        desk.sees("is valid until Mon 1 Mar 2027.", "Last day Mon 1 Mar 2027")
        await desk.presses("a")
        desk.sees("new last day Pat: valid until Mon 1 Mar 2027: Was ill")


async def test_what_is_no_day_is_asked_again(sit_down: SitDown) -> None:
    """The dialog stands, with what else was typed."""
    async with sit_down(login="pat") as desk:
        await desk.opens(ACTIVE)
        await desk.presses("d")
        await desk.types("30 Feb 2027\tWas ill\r")
        desk.sees("'30 Feb 2027' is a date that does not exist; write it like 2026-05-21 or 21 May 2026.", "Was ill")
        assert desk.beeps == 1


@pytest.mark.parametrize(
    ("scenario", "key", "why"),
    [
        (LATE, "d", "only a reactivation brings a balance back."),
        (OLD, "L", "go on with that one."),
    ],
)
async def test_a_dimmed_key_says_why(sit_down: SitDown, scenario: str, key: str, why: str) -> None:
    async with sit_down(login="pat") as desk:
        await desk.opens(scenario)
        await desk.presses(key)
        desk.sees(why)
        assert desk.beeps == 1


# Adjusting


async def test_payments_support_corrects_a_balance_for_an_escalation(sit_down: SitDown) -> None:
    """The escalations of the card are there to be chosen; the amount has its sign."""
    async with sit_down(login="olu") as desk:
        await desk.opens(ACTIVE)
        for text in ("Till says 25", "Till says 25.01"):
            wrong = actions.Escalation.WRONG_BALANCE
            assert actions.escalate(desk.colleague("sam"), desk.card_id, wrong, text).done
        await desk.presses("f5", "b")
        desk.sees("Adjust ···· ···· ···· XPT9", "Balance 30.01 GBP", "1 of 2", "Till says 25.01 (Sam)")
        await desk.types("-5.00\tTill was down\r")
        desk.sees("5.00 GBP taken off for E", "25.01 GBP on the card.", "Balance 25.01 GBP", "still to be answered.")


async def test_without_an_escalation_nothing_is_adjusted(sit_down: SitDown) -> None:
    async with sit_down(login="olu") as desk:
        await desk.opens(ACTIVE)
        await desk.presses("b")
        await desk.types("5\tE5-2\tAsked\r")
        desk.sees("Nobody has escalated this card: a balance is corrected only for an escalation.")
        await desk.presses("b")
        await desk.types("0\tE5-2\tAsked\r")
        desk.sees("The amount must be more or less than zero.")


# Cancelling


async def test_a_card_past_its_cut_off_is_cancelled_for_nothing(sit_down: SitDown) -> None:
    async with sit_down(login="pat") as desk:
        await desk.opens(LATE)
        await desk.presses("C")
        desk.sees("Goes back nothing")
        await desk.types("Order returned\r")
        desk.sees("is cancelled: nothing goes back.", "CANCELLED")
