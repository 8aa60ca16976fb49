"""The grammar of the commands about escalations: handing a card over, and what Payments Support does with it."""

import argparse
from typing import Final

from tui.console.grammar import Grammar


def declare_escalations(grammar: Grammar) -> None:
    """Add the commands of both sides of a hand-over."""
    _declare_handing_over(grammar)
    escalations = grammar.group("escalation", "what was handed over to Payments Support")
    list_ = escalations.command(
        "list",
        "escalations:list_",
        "list escalations, with who has each and what came of it",
        "An empty list is exit code 0.",
    )
    list_.add_argument(
        "which",
        nargs="?",
        choices=("open", "mine", "answered", "closed"),
        default="open",
        help="open: those that wait, the oldest first (default); mine: those of them that you have; answered: answers "
        "to you that you have not read; closed: all that were answered, the newest answer first",
    )
    list_.add_argument("--limit", metavar="N", type=int, default=200, help="how many (default: 200)")
    show = escalations.command("show", "escalations:show", "print the packet of an escalation, made afresh")
    seen = escalations.write("seen", "escalations:seen", "say that you have read the answer to what you handed over")
    take = escalations.write("take", "escalations:take", "take an escalation in hand, or over from a colleague")
    take.add_argument("--reason", metavar="R", help="why you take it over; needed when a colleague has it")
    close = escalations.write("close", "escalations:close", "answer an escalation; whoever handed it over is told")
    close.add_argument(
        "--outcome",
        required=True,
        choices=("corrected", "repaired", "replaced", "nothing_wrong", "declined", "other"),
        help="what came of it",
    )
    close.add_argument("--text", metavar="T", help="what the agent should know; needed for 'other'")
    for parser in (show, seen, take, close):
        parser.add_argument("id", metavar="ID", help="the id of the escalation, as it is listed")


_ASKED: Final = (
    ("--caller", "N", "the customer's full name (default: the holder's)"),
    ("--email", "E", "the customer's e-mail address (default: the holder's)"),
    ("--message", "M", "the error message at checkout (default: what --text says)"),
    ("--screenshot", "S", "where a screenshot lies: a ticket's attachment, an e-mail"),
    ("--bought-when", "W", "about when the card was bought"),
    ("--bought-where", "W", "where the card was bought"),
)


def _declare_handing_over(grammar: Grammar) -> None:
    escalate = grammar.write(
        "escalate",
        "escalations:escalate",
        "hand a card over to Payments Support; prints the packet",
        "It stands in your case with the card. What is known of the holder is filled in; what the policy asks for all",
        "the same is told.",
    )
    escalate.add_argument(
        "code", metavar="CODE", nargs="+", help="the card's code in any spelling; - reads it from standard input"
    )
    escalate.add_argument(
        "--why",
        choices=("still_fails", "wrong_balance", "not_available"),
        default="still_fails",
        help="what is wrong (default: still_fails)",
    )
    escalate.add_argument("--text", "--reason", dest="text", metavar="T", required=True, help="what you have seen")
    escalate.add_argument(
        "--symptom",
        choices=("not_valid", "expired", "zero", "not_applied"),
        help="what the customer sees (default: what goes with --why)",
    )
    _add(escalate)


def _add(parser: argparse.ArgumentParser) -> None:
    for option, metavar, help_ in _ASKED:
        parser.add_argument(option, metavar=metavar, help=help_)
