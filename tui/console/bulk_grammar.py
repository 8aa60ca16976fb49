"""The grammar of the commands about bulk work."""

import argparse

from tui.console.grammar import Grammar

_PREVIEW = "Without --commit it tells what it would do, and changes nothing."
_DAY = '2027-01-31 or "31 Jan 2027"'


def declare_bulk(grammar: Grammar) -> None:
    """Add the commands that do the same to many cards, and those about what was done."""
    bulk = grammar.group("bulk", "do the same to many cards: look first, undo later")
    extend = _deed(bulk, "extend", "set a later last day; an expired card gets back what broke last")
    how_long = extend.add_mutually_exclusive_group()
    how_long.add_argument("--until", metavar="DATE", help=f"the last day: {_DAY}")
    how_long.add_argument("--by", metavar="PERIOD", help="how much later than its own last day: '3 months'")
    how_long.add_argument("--mapping", metavar="M", help="read --file as this system's codes and days: erply")
    reverse = _deed(bulk, "reverse", "give back what broke, unless the card was loaded since")
    reverse.add_argument("--broken-since", metavar="DATE", help="the first day on which the balances stopped")
    reverse.add_argument("--broken-until", metavar="DATE", help="the last day on which they did")
    reverse.add_argument("--until", metavar="DATE", help=f"the last day they get (else as the policy says): {_DAY}")
    _deed(bulk, "suspend", "put cards on hold")
    _deed(bulk, "lift", "remove suspensions, and change nothing else")
    product = _deed(bulk, "product", "let another product's rules decide about later loads; no date moves")
    product.add_argument("--product", metavar="ID", required=True, help="the product that the cards get")
    register = _deed(bulk, "register", "make people the holders: one person, or those that the file names")
    register.add_argument("--name", metavar="N", help="the holder's name")
    register.add_argument("--email", metavar="E", help="the holder's e-mail address")
    register.add_argument("--organisation", metavar="O", help="link the holder to this organisation")
    _declare_kept(bulk)


def _deed(bulk: Grammar, name: str, help_: str) -> argparse.ArgumentParser:
    parser = bulk.write(name, f"bulks:{name}", help_, _PREVIEW)
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--search", metavar="TEXT", help="all cards that the search field finds by this")
    which.add_argument("--file", metavar="FILE", help="the cards whose codes it names: one a line, or a column 'code'")
    parser.add_argument("--reason", metavar="R", required=True, help="why, in a sentence; it stays with every card")
    parser.add_argument("--commit", action="store_true", help="do it, or ask for an approval where one is needed")
    return parser


def _declare_kept(bulk: Grammar) -> None:
    list_ = bulk.command("list", "bulks:list_bulks", "list what was begun, the latest first")
    list_.add_argument("--limit", metavar="N", type=int, default=50, help="how many at most (50)")
    show = bulk.command("show", "bulks:show", "show one: what was asked for, and what came of it")
    show.add_argument("--cards", choices=("all", "done", "skipped", "left"), help="list its cards, too")
    show.add_argument("--after", metavar="N", type=int, help="go on behind the card with this record number")
    approve = bulk.write("approve", "bulks:approve", "approve one that somebody else asked for, and carry it out")
    refuse = bulk.write("refuse", "bulks:refuse", "refuse one that somebody else asked for")
    withdraw = bulk.write("withdraw", "bulks:withdraw", "take back one that you asked for yourself")
    resume = bulk.command("resume", "bulks:resume", "go on with one that was stopped or cut off")
    undo = bulk.write(
        "undo", "bulks:undo", "put back every card that is still as it was left, by entries that reverse it"
    )
    undo.add_argument("--dry-run", action="store_true", help="tell what it would do, and change nothing")
    refuse.add_argument("--reason", metavar="R", required=True, help="why; who asked reads it")
    undo.add_argument("--reason", metavar="R", required=True, help="why, in a sentence; it stays with every card")
    for parser in (show, approve, refuse, withdraw, resume, undo):
        parser.add_argument("id", metavar="ID", type=int, help="its number; see: giftdesk bulk list")
