"""The grammar of the commands about cases: conversations with customers."""

import argparse
from typing import Final

from tui.console.grammar import Grammar

# Spelled out: whoever asks for help alone loads none of the rules.
SYMPTOMS: Final = ("not_valid", "expired", "zero", "not_applied")
OUTCOMES: Final = {
    "reactivated": "active again, and told",
    "confirmed": "balance confirmed, to be tried again",
    "explained": "explained",
    "served": "done what was asked for",
    "handed_on": "others answer the customer",
    "not_heard_of": "the customer did not come back",
    "unanswered": "closed without the answer that it waited for",
    "looked_at": "looked at only",
    "other": "otherwise",
}


def declare_cases(grammar: Grammar) -> None:
    """Add opening, reading, filling and closing of cases."""
    cases = grammar.group("case", "conversations with customers: what was asked, said and done, and how it ended")
    open_ = cases.write(
        "open",
        "cases:open_",
        "open a case about a card, or go on with your open one",
        "The same card again after half an hour is another call.",
    )
    open_.add_argument(
        "code", metavar="CODE", nargs="+", help="the card's code in any spelling; - reads it from standard input"
    )
    open_.add_argument("--beside", metavar="ID", type=int, help="your open case of this customer: the card joins it")
    list_ = cases.command("list", "cases:list_", "list cases; without a name, your open ones")
    list_.add_argument(
        "name",
        nargs="?",
        default="mine_open",
        choices=("mine_open", "mine_today", "open", "waiting"),
        help="your open ones; what you did today; everybody's open ones; what waits for an answer, or has got one",
    )
    list_.add_argument("--card", metavar="CODE", help="all that there were about a card instead, the latest first")
    list_.add_argument("--limit", metavar="N", type=int, default=50, help="how many at most (default: 50)")
    _declare_steps(cases)
    _declare_ends(cases)


def _declare_steps(cases: Grammar) -> None:
    _case(cases.command("show", "cases:show", "show a case with its intake and its time line"))
    intake = cases.write(
        "intake",
        "cases:intake",
        "take down what the customer was asked",
        "What no option names stays as it was said before; '' takes it away.",
    )
    _case(intake)
    intake.add_argument("--name", metavar="N", help="the customer's full name")
    intake.add_argument("--email", metavar="E", help="the customer's e-mail address")
    intake.add_argument("--holder", action="store_true", help="the customer is who the card belongs to")
    intake.add_argument("--symptom", choices=SYMPTOMS, help="what they see")
    intake.add_argument("--message", metavar="T", help="the error message at checkout, or what it looked like")
    intake.add_argument("--screenshot", metavar="WHERE", help="where a screenshot lies")
    intake.add_argument("--typed", metavar="CODE", help="the code as the customer gave it; only its end is kept")
    intake.add_argument("--bought", dest="bought_when", metavar="WHEN", help="about when the card was bought")
    intake.add_argument("--place", dest="bought_where", metavar="P", help="where it was bought")
    add = cases.write("add", "cases:add", "add what the customer said, or what was seen")
    _case(add)
    add.add_argument("text", metavar="TEXT", nargs="+", help="the text; it stays with the case")


def _declare_ends(cases: Grammar) -> None:
    leave = cases.write(
        "leave",
        "cases:leave",
        "turn to another customer: the case closes with what was done in it, or stays open",
        "It stays open while an answer is waited for, or something was begun and the customer not told.",
    )
    close = cases.write(
        "close",
        "cases:close",
        "close a case with what it ended with",
        "A case that waits for an answer closes as 'unanswered' only, and the reason says why.",
    )
    reopen = cases.write("reopen", "cases:reopen", "open a closed case again, or take over a colleague's open one")
    for parser in (leave, close, reopen):
        _case(parser)
    outcomes = "; ".join(f"{name}: {words}" for name, words in OUTCOMES.items())
    close.add_argument("--outcome", choices=OUTCOMES, required=True, help=outcomes)
    close.add_argument("--reason", metavar="R", help="why, in a sentence; needed for unanswered and other")


def _case(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("case", metavar="ID", type=int, help="the case's number; see: giftdesk case list")
