"""The grammar of the reports."""

import argparse
from typing import Final

from tui.console.grammar import Grammar

AT: Final = {
    "liability": "what is owed for cards at an instant, by product and age",
    "expiring": "what expires in the next 13 weeks, and which reminders go",
}
PERIOD: Final = {
    "roll-forward": "how what was owed at first became what was owed at last",
    "breakage": "what broke by month and product, and what was given back",
    "sales": "what was sold and what was spent, by month",
    "reactivations": "who gave back how much on which ground, and what of it was spent",
    "reminders": "which reminders were sent, and what followed",
}
_MONEY: str = "A table on the terminal; --csv for a spreadsheet, --json for programs (minor units)."


def declare_reports(grammar: Grammar) -> None:
    """Add the reports."""
    reports = grammar.group("report", "figures of the desk, each of which opens down to its cards")
    reports.command("list", "reports:list_reports", "list the reports and what each tells")
    for name, help_ in AT.items():
        parser = reports.command(name, "reports:report", help_, _MONEY)
        when = "an instant ahead" if name == "expiring" else "any instant that is over; a date alone is the end of it"
        parser.add_argument("--at", metavar="WHEN", help=f"{when} (default: now)")
        _add_rest(parser, name)
    for name, help_ in PERIOD.items():
        parser = reports.command(name, "reports:report", help_, _MONEY)
        default = "the last month that is over" if name == "roll-forward" else "this month and the eleven before it"
        parser.add_argument("--since", metavar="DATE", help=f"the first day, in the business zone (default: {default})")
        parser.add_argument("--until", metavar="DATE", help="the last day (default: now)")
        _add_rest(parser, name)


def _add_rest(parser: argparse.ArgumentParser, name: str) -> None:
    parser.set_defaults(report=name)
    parser.add_argument("--product", metavar="ID", help="of one product alone: its short name")
    parser.add_argument("--plot", action="store_true", help="draw the figures, too")
    parser.add_argument("--csv", metavar="FILE", help="write the lines as a table; - is standard output")
    parser.add_argument(
        "--cards",
        metavar="KEY",
        help="list the cards behind a line, or behind one figure of it: KEY/COLUMN (see --json)",
    )
    parser.add_argument("--after", metavar="RECORD", type=int, help="with --cards: go on behind this record")
    parser.add_argument("--limit", metavar="N", type=int, default=200, help="with --cards: how many (default: 200)")
