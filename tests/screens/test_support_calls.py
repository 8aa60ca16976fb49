"""A support call, a story for each way it can go: from what the customer says first to the closed case, with the keys.

Found, asked, judged, done, told, and the next customer, whose code closes the case: `CODE Enter`, `c TEXT Enter`,
what there is to do, `y`, `/ CODE Enter`.
"""

import pytest
from screens.calls import Call, call
from screens.conftest import Demo, SitDown

from models.jobs.repair import repair
from models.jobs.verify import verify
from models.rules.cases import CaseOutcome

NEXT, ANOTHER = "Gil alone may spend it", "Never expires, with forty visits"
KEYS = {
    "active, tried again": "CODE Enter c TEXT Enter y / CODE Enter",
    "suspended with a flag": "CODE Enter c TEXT Enter a x TEXT Enter r TEXT Enter y / CODE Enter",
    "suspended without": "CODE Enter c TEXT Enter r TEXT Enter y / CODE Enter",
    "expired within 24 h": "CODE Enter c TEXT Enter r Enter y / CODE Enter",
    "expired for longer": "CODE Enter c TEXT Enter y / CODE Enter",
    "a VIP's": "CODE Enter c TEXT Enter r Enter y / CODE Enter",
    "not active yet": "CODE Enter c TEXT Enter y / CODE Enter",
    "spent": "CODE Enter c TEXT Enter y / CODE Enter",
    "cancelled": "CODE Enter c TEXT Enter y / CODE Enter",
    "replaced": "CODE Enter c TEXT Enter o y / CODE Enter",
    "above the threshold": "CODE Enter c TEXT Enter r Enter y / CODE Enter F9 Enter y / CODE Enter",
    "above the threshold, approved": "F7 End Up Enter Down Enter A Enter",
    "active, and still refused": "CODE Enter c TEXT Enter y e Enter y / CODE Enter F9 Enter y / CODE Enter",
    "wrong balance": "CODE Enter c TEXT Enter e Enter y / CODE Enter F9 Enter y / CODE Enter",
    "unknown code": "CODE Enter CODE Enter c TEXT Enter y / CODE Enter",
}
"""Branch -> every key from the customer's first sentence to the case that is closed by the next one's code."""


async def is_closed(on_line: Call, branch: str, outcome: CaseOutcome, following: str = NEXT) -> None:
    """The next customer's code closes the case, and no key more was needed than the table says."""
    await on_line.gives(following)
    closed, *_, now = on_line.cases()
    assert (closed.outcome, closed.calls) == (outcome, 1)
    assert now.closed_at is None
    assert on_line.keys == KEYS[branch]


def told(on_line: Call, *said: str) -> None:
    """The reply stands on the screen and in the clipboard."""
    for text in said:
        assert text in on_line.desk.app.clipboard
    on_line.desk.sees("Reply ──", *said)


# Active


async def test_active_and_tried_again(sit_down: SitDown) -> None:
    """'I can't apply my card at checkout.' The balance is confirmed; tried once more, it goes through."""
    async with call(sit_down) as on_line:
        desk = on_line.desk
        await on_line.gives("Active: confirm the balance")
        desk.sees("ACTIVE 73 days left", "The card works: 30.01 GBP can be spent.")
        await on_line.presses("c")
        desk.sees("Full name Fay Björnsdóttir known", "I can't apply my card at checkout.", "Bought about 3 Aug 2026")
        await on_line.says("It says: try another way to pay")
        await on_line.presses("y")
        told(on_line, "it is active, with 30.01 GBP to spend")
        desk.sees(", told: z")
        await is_closed(on_line, "active, tried again", CaseOutcome.CONFIRMED)


async def test_active_and_still_refused(sit_down: SitDown) -> None:
    """Tried again and refused again: handed over, answered by Payments Support, told, and closed."""
    async with call(sit_down) as on_line, call(sit_down, "olu") as payments:
        desk = on_line.desk
        await on_line.gives("Active: confirm the balance")
        await on_line.tells_what_they_see("It says: try another way to pay")
        await on_line.presses("y")
        desk.sees("The customer was told on 21 Nov 14:02 to try again: if it failed, e hands it over.")
        await on_line.presses("e")
        desk.sees(
            "The card looks active, but checkout still refuses it.", "Tried again at checkout, and refused again."
        )
        await on_line.presses("Enter")
        desk.sees("is handed over to Payments Support as E", ", with Payments Support: z")
        await on_line.presses("y")
        told(on_line, "I've passed your gift card on to our payments team")
        await on_line.gives(NEXT)
        assert on_line.cases()[0].closed_at is None
        await takes_the_oldest(payments)
        await payments.presses("E", "Right", "Right")
        payments.desk.sees("Checkout was repaired: the card works.")
        await payments.presses("Enter")
        payments.desk.sees("is answered: Checkout was repaired: the card works. Sam is told.")
        await on_line.presses("F9")
        desk.sees("an answer is there")
        await on_line.presses("Enter")
        desk.sees("by Olu: Checkout was repaired: the card works.", "Message It says: try another way to pay")
        await on_line.presses("y")
        told(on_line, "Our payments team has looked into your gift card")
        await is_closed(on_line, "active, and still refused", CaseOutcome.EXPLAINED, ANOTHER)


async def test_wrong_balance(sit_down: SitDown, demo: Demo) -> None:
    """'My balance can't be right.' Handed over with two keys; mended by the operator, answered, and told."""
    async with call(sit_down) as on_line, call(sit_down, "olu") as payments:
        desk = on_line.desk
        await on_line.gives("Does not add up")
        desk.sees("The card does not add up", "e hands it over.")
        await on_line.tells_what_they_see("The shop says 50, you said 75")
        await on_line.presses("e", "Enter")
        desk.sees("is handed over to Payments Support as E")
        await on_line.presses("y")
        told(on_line, "I've passed your gift card on to our payments team")
        await on_line.gives(NEXT)
        assert repair(desk.colleague("kit"), verify(demo.store).findings).mends
        await takes_the_oldest(payments)
        await payments.presses("E", "Right", "Enter")
        payments.desk.sees("is answered: The balance was corrected. Sam is told.")
        await on_line.presses("F9", "Enter", "y")
        told(on_line, "its balance has been corrected. 50.00 GBP can be spent")
        await is_closed(on_line, "wrong balance", CaseOutcome.EXPLAINED, ANOTHER)


async def takes_the_oldest(payments: Call) -> None:
    """Payments Support finds its work at the top of the worklists that concern it, and takes it."""
    await payments.presses("F7", "Enter")
    payments.desk.sees("With Payments Support: 1 card")
    await payments.presses("Enter", "E", "Enter")
    payments.desk.sees("in hand.")


# Suspended


async def test_suspended_with_a_flag(sit_down: SitDown) -> None:
    """'It says my code isn't valid.' Flag and notes are read; what the bank wrote settles it."""
    async with call(sit_down) as on_line:
        desk = on_line.desk
        await on_line.gives("Suspended with a flag")
        desk.sees("SUSPENDED 3 days ago", "The card is suspended and 1 flag is open.")
        await on_line.tells_what_they_see("Code not valid, at the till in Leeds")
        await on_line.presses("a")
        desk.sees("note Mia: Bank wrote: the chargeback was withdrawn")
        await on_line.presses("x")
        await on_line.says("Chargeback withdrawn")
        await on_line.presses("r")
        desk.sees("the suspension is lifted, no ground needed", "Keeps 100.00 GBP")
        await on_line.says("Bank letter of 20 Nov")
        await on_line.presses("y")
        told(on_line, "100.00 GBP is ready to spend")
        await is_closed(on_line, "suspended with a flag", CaseOutcome.REACTIVATED)


async def test_suspended_without_a_flag(sit_down: SitDown) -> None:
    """'It says my code isn't valid.' Nothing stands against it: it is lifted for a reason."""
    async with call(sit_down) as on_line:
        await on_line.gives("Suspended, no flag")
        on_line.desk.sees(
            "The card is on hold, before its last day and with no open flag. Reactivate it with a reason."
        )
        await on_line.tells_what_they_see("Code not valid")
        await on_line.presses("r")
        await on_line.says("Found again, the customer holds it in the hand")
        await on_line.presses("y")
        told(on_line, "60.00 GBP is ready to spend")
        await is_closed(on_line, "suspended without", CaseOutcome.REACTIVATED)


# Expired


@pytest.mark.parametrize(
    ("branch", "scenario", "money"),
    [
        ("expired within 24 h", "Expired this morning, within", "17.50 GBP"),
        ("a VIP's", "Expired this morning, VIP", "50.00 GBP"),
    ],
    ids=["within 24 h", "VIP"],
)
async def test_expired_and_reactivated(sit_down: SitDown, branch: str, scenario: str, money: str) -> None:
    """'The system says my card has expired.' It is given back for a week, noted by itself, and told."""
    async with call(sit_down) as on_line:
        desk = on_line.desk
        await on_line.gives(scenario)
        desk.sees("EXPIRED 11 h ago", "Can be reactivated", f"gives back {money}.")
        await on_line.tells_what_they_see("Your gift card has expired")
        await on_line.presses("r", "Enter")
        desk.sees("ACTIVE 7 days left", f"{money} given back, valid until Sat 28 Nov 2026.")
        await on_line.presses("y")
        told(on_line, f"it is active again: {money} is ready to spend", "Sat 28 Nov 2026")
        await is_closed(on_line, branch, CaseOutcome.REACTIVATED)


async def test_expired_for_longer(sit_down: SitDown) -> None:
    """'The system says my card has expired.' Too late, and no VIP: an apology and the terms."""
    async with call(sit_down) as on_line:
        await on_line.gives("Expired 35 hours ago")
        on_line.desk.sees("Expired 35 h ago", "more than 24 h, and no VIP organisation.")
        await on_line.tells_what_they_see("Expired, it says")
        await on_line.presses("y")
        told(on_line, "I'm sorry to say that it expired at the end of 19 Nov 2026.")
        await is_closed(on_line, "expired for longer", CaseOutcome.EXPLAINED)


# What is only explained


@pytest.mark.parametrize(
    ("branch", "scenario", "verdict", "said"),
    [
        ("not active yet", "Bought yesterday", "INACTIVE for 33 h more", "it becomes valid only on Mon 23 Nov 2026"),
        ("spent", "Spent to the last penny", "Nothing is left", "spent on 17 Nov 2026 at Leeds"),
        ("cancelled", "The order was cancelled", "CANCELLED", "the money went back to whoever paid for it"),
    ],
    ids=["not active yet", "spent", "cancelled"],
)
async def test_explained(sit_down: SitDown, branch: str, scenario: str, verdict: str, said: str) -> None:
    """The one thing that is so is told, and that ends it."""
    async with call(sit_down) as on_line:
        await on_line.gives(scenario)
        on_line.desk.sees(verdict)
        await on_line.tells_what_they_see("It does not take it")
        await on_line.presses("y")
        told(on_line, said)
        await is_closed(on_line, branch, CaseOutcome.EXPLAINED)


async def test_replaced(sit_down: SitDown) -> None:
    """'It says my code isn't valid.' The old code leads to the card that has its place, in the same case."""
    async with call(sit_down) as on_line:
        await on_line.gives("An old code")
        await on_line.tells_what_they_see("Not valid")
        await on_line.presses("o", "y")
        told(on_line, "50.00 GBP to spend")
        assert on_line.cases()[0].cards == 2
        await is_closed(on_line, "replaced", CaseOutcome.CONFIRMED)


async def test_a_code_that_no_card_has(sit_down: SitDown) -> None:
    """It is asked for again, a group at a time; the case is of the card that it turns out to be."""
    async with call(sit_down) as on_line:
        await on_line.gives("No such card")
        on_line.desk.sees("No card answers to this code. Ask for the code again, one group at a time.")
        await on_line.gives("Expired 35 hours ago")
        await on_line.tells_what_they_see("Expired, it says")
        await on_line.presses("y")
        told(on_line, "I'm sorry to say that it expired")
        await is_closed(on_line, "unknown code", CaseOutcome.EXPLAINED)


# Above the threshold


async def test_above_the_threshold(sit_down: SitDown) -> None:
    """It is asked for with the same keys, and the agent goes on; approved, it is the first of the open cases."""
    async with call(sit_down) as on_line, call(sit_down, "pat") as supervisor:
        desk = on_line.desk
        await on_line.gives("Expired this morning, above 100")
        desk.sees("It needs an approval. 150.00 GBP is more than 100.00 GBP.")
        await on_line.tells_what_they_see("Your gift card has expired")
        await on_line.presses("r", "Enter")
        desk.sees("waits for approval: a supervisor or a manager other than you decides", ", waits for approval: z")
        await on_line.presses("y")
        told(on_line, "I've asked a colleague to decide about your gift card")
        await on_line.gives(NEXT)
        assert on_line.cases()[0].closed_at is None
        await supervisor.presses("F7", "End", "Up", "Enter", "Down", "Enter")
        supervisor.desk.sees("Sam asked for this on 21 Nov 14:02")
        await supervisor.presses("A", "Enter")
        supervisor.desk.sees("ACTIVE 7 days left", "150.00 GBP given back, valid until Sat 28 Nov 2026.")
        assert supervisor.keys == KEYS["above the threshold, approved"]
        await on_line.presses("F9")
        desk.sees("an answer is there")
        await on_line.presses("Enter", "y")
        told(on_line, "it is active again: 150.00 GBP is ready to spend")
        await is_closed(on_line, "above the threshold", CaseOutcome.REACTIVATED, ANOTHER)
