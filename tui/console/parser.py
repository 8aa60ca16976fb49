"""The grammar of the command line: what every command shares, and the whole of it put together."""

import argparse
from collections.abc import Sequence
from functools import cache
from typing import Final

from tui.console.approval_grammar import declare_approvals
from tui.console.bulk_grammar import declare_bulk
from tui.console.card_grammar import declare_cards
from tui.console.case_grammar import declare_cases
from tui.console.desk_grammar import declare_desk
from tui.console.escalation_grammar import declare_escalations
from tui.console.file_grammar import declare_files
from tui.console.grammar import Grammar, Parser, add_drawing
from tui.console.mail_grammar import declare_mail
from tui.console.report_grammar import declare_reports
from tui.version import VERSION

_DEFAULTS: Final = {"db": None, "as_login": None, "now": None, "json": False, "profile": None, "output": None}
_EPILOG: Final = """\
exit codes: 0 done; 1 refused by a rule, or not found; 2 the command was not understood; 3 asked for: a colleague must
approve it first;
65 and above something is broken, as in sysexits.h. Errors are one sentence on standard error.

The desk is the file that --db, GIFTDESK_DB or your settings name, else one in your data folder (see: giftdesk locate
and giftdesk settings).
A password is typed on the terminal, or read from the file that GIFTDESK_PASSWORD_FILE names.
In a sandbox, and only there, --now sets the clock, and --as asks for no password.
"""


def _shared() -> Parser:
    shared = Parser(add_help=False, argument_default=argparse.SUPPRESS)
    where = "the desk: sqlite:////absolute/path.db or postgresql://user@host/name (default: GIFTDESK_DB)"
    shared.add_argument("--db", metavar="URL", help=where)
    shared.add_argument("--as", dest="as_login", metavar="LOGIN", help="work as this login; its password is asked for")
    shared.add_argument("--now", metavar="INSTANT", help="set the clock, ISO 8601 with zone (sandbox only)")
    shared.add_argument("--json", action="store_true", help="print JSON: minor units, ISO dates, instants in UTC")
    return shared


@cache
def build_parser() -> argparse.ArgumentParser:
    """The whole command line: the same one for whoever asks again."""
    shared = _shared()
    parser = Parser(
        prog="giftdesk",
        description="The gift card back office of a support desk. Without a command: the full-screen desk.",
        epilog=_EPILOG,
        parents=[shared],
    )
    parser.add_argument("--version", action="version", version=f"giftdesk {VERSION}", help="print the version and end")
    add_drawing(parser)
    parser.set_defaults(run="tui.console.screens:desk")
    grammar = Grammar(parser, shared)
    declare_cards(grammar)
    declare_cases(grammar)
    declare_approvals(grammar)
    declare_bulk(grammar)
    declare_escalations(grammar)
    declare_desk(grammar)
    declare_files(grammar)
    declare_mail(grammar)
    declare_reports(grammar)
    return parser


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """What was asked for. Raises UsageError; ends with SystemExit after --help and --version."""
    return build_parser().parse_args(argv, argparse.Namespace(**_DEFAULTS))
