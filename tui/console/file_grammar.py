"""The grammar of the commands that bring cards in from files and write them into files."""

import argparse

from tui.console.grammar import Grammar

_DRY: str = "Without --commit it is a dry run: everything is checked and counted, and nothing is changed."


def declare_files(grammar: Grammar) -> None:
    """Add imports and exports."""
    _declare_imports(grammar.group("import", "bring cards and people in from files"))
    _declare_exports(grammar.group("export", "write cards and their journals into files"))


def _declare_imports(imports: Grammar) -> None:
    toggle = imports.command(
        "toggle", "imports:toggle", "import Toggle's cards, balance adjustments and liability files", _DRY
    )
    toggle.add_argument("cards", metavar="CARDS", help="the cards export, CSV")
    toggle.add_argument("adjustments", metavar="ADJUSTMENTS", help="the balance adjustments export, CSV")
    toggle.add_argument("liability", metavar="LIABILITY", help="the liability export, CSV")
    toggle.add_argument("--currency", metavar="C", required=True, help="the files' currency, three letters")
    _add_commit(toggle)
    own = imports.command(
        "giftdesk",
        "imports:giftdesk",
        "import what giftdesk exported: cards.csv and activities.csv, or one file of JSON lines",
        _DRY,
        "A table of cards alone brings in what is left on each.",
    )
    own.add_argument("files", metavar="FILE", nargs="+", help="the files of one export, in any order")
    _add_commit(own)
    table = imports.command(
        "csv",
        "imports:table",
        "import a table of cards from any other system, by a mapping of its columns",
        _DRY,
        "How the expiry dates of the table were read is printed.",
    )
    table.add_argument("table", metavar="FILE", help="the table")
    table.add_argument("--mapping", metavar="NAME", required=True, help="one of 'import mappings', or a TOML file")
    table.add_argument("--currency", metavar="C", help="three letters, for a table that tells none")
    table.add_argument(
        "--redemptions", metavar="FILE", help="a second table, of what was spent of each card (pretix has one)"
    )
    _add_commit(table)
    people = imports.command(
        "people",
        "crm:people",
        "bring in people, their organisations and VIP marks from a CRM's table, as often as it changes",
        _DRY,
        "What is as the table says stays untouched; whom it does not name stays as they are.",
    )
    people.add_argument("table", metavar="FILE", help="the table, CSV")
    people.add_argument("--mapping", metavar="NAME", default="crm", help="a TOML file, or one of 'import mappings'")
    people.add_argument(
        "--complete", action="store_true", help="the table names every VIP: whom it doesn't name loses the CRM's mark"
    )
    people.add_argument("--commit", action="store_true", help="carry it out")
    mappings = imports.command("mappings", "imports:mappings", "list the mappings, or print one to make your own of")
    mappings.add_argument("name", metavar="NAME", nargs="?", help="the one to print")
    imports.command("list", "imports:list_imports", "list what was imported, and what is not finished")


def _declare_exports(exports: Grammar) -> None:
    csv = exports.command("csv", "exports:csv", "write cards.csv and activities.csv")
    csv.add_argument("folder", metavar="FOLDER", help="where to; made when it is not there")
    lines = exports.command("jsonl", "exports:jsonl", "write one card with its journal a line, as JSON")
    lines.add_argument("file", metavar="FILE", help="where to; - is standard output")
    for tool, title in (("beancount", "Beancount"), ("hledger", "hledger")):
        books = exports.command(
            tool,
            f"books:{tool}",
            f"write the books of a period for {title}: one balanced entry for each movement of what is owed",
            "The file ends with what the desk owes by its own sums: the tool refuses it when the entries differ.",
        )
        books.add_argument("file", metavar="FILE", help="where to; - is standard output")
        books.add_argument("--since", metavar="DATE", help="the first day (default: from the beginning)")
        books.add_argument("--until", metavar="DATE", help="the last day (default: to this moment)")
        books.add_argument("--accounts", metavar="FILE", help="how the accounts are called, TOML (default: as usual)")


def _add_commit(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--commit", action="store_true", help="carry it out")
    parser.add_argument(
        "--control", metavar="C=TOTAL", action="append", help="what all balances must add up to: GBP=29542.13"
    )
