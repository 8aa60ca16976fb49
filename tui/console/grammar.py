"""What the grammar of the command line is made of: commands with what all of them share."""

import argparse
from collections.abc import Sequence
from shutil import get_terminal_size
from typing import Any, Final, NoReturn

from tui.console.misuse import UsageError
from tui.later import imported

_NARROWEST: Final = 80
_WIDEST: Final = 100


class Parser(argparse.ArgumentParser):
    """A parser that raises UsageError instead of printing a page, and knows no abbreviated options."""

    epilogue: str | None = None
    """The 'module:function' that says what its help ends with, given how many characters a line has."""
    offers: str | None = None
    """The 'module:function' that names what a shell can offer for what stands without an option."""

    def __init__(self, **options: Any) -> None:
        """As argparse has it, without abbreviations."""
        super().__init__(**{"allow_abbrev": False, "formatter_class": argparse.RawDescriptionHelpFormatter, **options})

    def format_help(self) -> str:
        """As argparse has it; an epilogue that a function writes is asked for it now, so that others don't wait."""
        if self.epilogue is None:
            return super().format_help()
        width = min(max(get_terminal_size().columns, _NARROWEST), _WIDEST) - 2
        return f"{super().format_help()}\n{imported(self.epilogue)(width)}\n"

    def error(self, message: str) -> NoReturn:
        """Raise UsageError with argparse's message as a sentence."""
        raise UsageError(f"{message[:1].upper()}{message[1:].rstrip('.')}. See: {self.prog} --help")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is None or value in action.choices:
            return
        choices = [str(choice) for choice in action.choices]
        if isinstance(action, argparse._SubParsersAction):
            self.error(f"there is no command {str(value)[:40]!r}{_suggestion(str(value), choices)}")
        raise argparse.ArgumentError(action, f"{str(value)[:40]!r} is none of {', '.join(choices)}")


def _suggestion(value: str, choices: Sequence[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(value, choices, n=1)
    return f", but there is {close[0]!r}" if close else ""


class Grammar:
    """Adds commands, each with the options that all share, and with where its work is found."""

    def __init__(self, parser: argparse.ArgumentParser, shared: Parser) -> None:
        """Commands are added below the parser."""
        self._shared = shared
        self._commands = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=Parser)

    def command(self, name: str, run: str, help_: str, *more: str) -> Parser:
        """A command carried out by 'module:function' of this package; more is what its help adds."""
        description = "\n".join([f"{help_[:1].upper()}{help_[1:]}.", *more])
        parser = self._commands.add_parser(name, help=help_, description=description, parents=[self._shared])
        parser.set_defaults(run=f"tui.console.{run}")
        return parser

    def write(self, name: str, run: str, help_: str, *more: str) -> argparse.ArgumentParser:
        """A command that changes something: it takes a ticket and an idempotency key."""
        parser = self.command(name, run, help_, *more)
        parser.add_argument("--ref", metavar="TICKET", help="the ticket of the conversation, kept with the change")
        parser.add_argument(
            "--intent",
            metavar="KEY",
            help="idempotency key: the same key with the same wish changes nothing again and tells what came of it",
        )
        return parser

    def group(self, name: str, help_: str) -> "Grammar":
        """A command that has commands of its own."""
        parser = self._commands.add_parser(
            name, help=help_, description=f"{help_[:1].upper()}{help_[1:]}.", parents=[self._shared]
        )
        grammar = Grammar(parser, self._shared)
        grammar._commands.required = True
        return grammar


def add_drawing(parser: argparse.ArgumentParser) -> None:
    """The options of the full-screen commands that say what the terminal can draw, and how it is sent."""
    parser.add_argument(
        "--profile",
        choices=("full", "lean", "ascii"),
        default=argparse.SUPPRESS,
        help="what the terminal can draw (default: found out, or GIFTDESK_PROFILE)",
    )
    parser.add_argument(
        "--output",
        choices=("cells", "stock"),
        default=argparse.SUPPRESS,
        help="what is sent: cells that changed, or all that Textual does (default: cells, or GIFTDESK_OUTPUT)",
    )
