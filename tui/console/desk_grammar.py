"""The grammar of the commands about the desk: organisations, products, agents, jobs and set-up."""

import argparse
from typing import Final

from tui.console.approval_grammar import declare_lookups, declare_raise
from tui.console.grammar import Grammar, add_drawing
from tui.console.mail_grammar import add_decision
from tui.console.policy_grammar import JURISDICTIONS, declare_policy

_ROLES: Final = ("agent", "supervisor", "manager", "auditor", "payments", "operator")


def declare_desk(grammar: Grammar) -> None:
    """Add the commands of supervisors, managers and operators."""
    _declare_customers(grammar)
    _declare_people(grammar)
    _declare_products(grammar)
    _declare_jobs(grammar)
    _declare_reminders(grammar)
    _declare_watch(grammar)
    _declare_keeping(grammar)
    _declare_setup(grammar)


def _declare_customers(grammar: Grammar) -> None:
    people = grammar.group("person", "the people whom cards belong to")
    show = people.command(
        "show",
        "customers:show",
        "show a person with all cards, in every role",
        "When several people fit they are listed with their record numbers. Nobody found is exit code 1.",
    )
    show.add_argument("person", metavar="WHO", nargs="+", help="a record number, an e-mail address or a name")
    correct = people.write("correct", "customers:correct", "correct a person's name or e-mail address on all cards")
    _record(correct)
    correct.add_argument("--name", metavar="N", help="the right name; '' takes it away")
    correct.add_argument("--email", metavar="E", help="the right e-mail address; '' takes it away")
    correct.add_argument("--card", metavar="CODE", help="the card that it came to light with, which then says so")
    merge = people.write(
        "merge",
        "customers:merge",
        "merge a second record of a person into the one that is kept",
        "Every card of the first then names the kept one. It can't be undone.",
    )
    _record(merge, "the record that goes")
    merge.add_argument("into", metavar="INTO_ID", type=int, help="the record that is kept")
    merge.add_argument(
        "--organisation-of", metavar="ID", type=int, help="whose organisation is kept; needed when they differ"
    )
    remove = people.write(
        "remove",
        "customers:remove",
        "ask for the removal of a person's data, or confirm it",
        "It takes two people and one ticket: the first asks, and when another gives the same ticket within",
        "14 days, name, address and all free texts of the person's cards are removed. It can't be undone.",
    )
    _record(remove)
    remove.add_argument(
        "--why",
        choices=("asked", "not_needed", "mistaken"),
        default="asked",
        help="why: the person asked, the data are not needed any more, or were kept by mistake (default: asked)",
    )
    people.command("removals", "customers:list_removals", "list the requests to remove a person's data")


def _record(parser: argparse.ArgumentParser, help_: str = "the number of the person's record") -> None:
    parser.add_argument("id", metavar="ID", type=int, help=f"{help_}; see: giftdesk person show")


def _declare_people(grammar: Grammar) -> None:
    organisations = grammar.group("organisation", "organisations and their VIP marks")
    organisations.command("list", "people:list_organisations", "list the organisations")
    show = organisations.command("show", "people:show_organisation", "show an organisation")
    show.add_argument("name", metavar="NAME", help="its name, case and accents left aside")
    set_ = organisations.write("set", "people:set_organisation", "write down an organisation and its VIP mark")
    set_.add_argument("name", metavar="NAME", help="its name")
    set_.add_argument("--vip", action=argparse.BooleanOptionalAction, help="whether it is a VIP (default: as it is)")
    set_.add_argument("--source", metavar="S", help="how that is known: the CRM profile, an account note")
    set_.add_argument("--reason", metavar="R", help="why it changes")
    agents = grammar.group("agents", "the people at the desk")
    agents.command("list", "agents:list_all", "list the people at the desk")
    add = agents.write("add", "agents:add", "write down somebody who is not at the desk yet")
    change = agents.write("set", "agents:change", "write down a person at the desk, or change one")
    for parser, unsaid in ((add, "agent"), (change, "as it is; agent for somebody unknown")):
        parser.add_argument("login", metavar="LOGIN", help="the login of the operating system")
        parser.add_argument("--role", choices=_ROLES, help=f"what the person may do (default: {unsaid})")
        parser.add_argument("--name", metavar="N", help="the name that activities are signed with")
        parser.add_argument("--email", metavar="E", help="the person's e-mail address; '' takes it away")
    state = change.add_mutually_exclusive_group()
    state.add_argument("--disable", action="store_true", help="the person may work no more")
    state.add_argument("--enable", action="store_true", help="the person may work again")
    declare_raise(agents)
    declare_lookups(agents)
    password = agents.write(
        "password",
        "agents:set_password",
        "set your own password, or as a manager somebody else's",
        "It is typed twice, unseen. Whoever works with the one before is stopped at their next action.",
    )
    password.add_argument("login", metavar="LOGIN", nargs="?", help="whose (default: your own)")
    password.add_argument("--password-file", metavar="FILE", help="a file of yours with the password in its first line")


def _declare_products(grammar: Grammar) -> None:
    products = grammar.group("product", "what cards are sold as, and their validity rules")
    products.command("list", "products:list_products", "list the products")
    _declare_announcements(products)
    show = products.command("show", "products:show_product", "show a product")
    show.add_argument("id", metavar="ID", help="its short name")
    set_ = products.write(
        "set",
        "products:set_product",
        "create or change a product",
        "Of an existing product, what no option names stays as it is. A new product without --expire-after",
        "or --expire-on never expires. Cards that are issued already keep their days.",
    )
    set_.add_argument("id", metavar="ID", help="its short name: letters, digits and dashes")
    set_.add_argument("--name", metavar="N", help="the name on the voucher")
    expiry = set_.add_mutually_exclusive_group()
    expiry.add_argument("--expire-after", metavar="PERIOD", help='"30 days", "2 weeks", "6 months" or "1 year"')
    expiry.add_argument("--expire-on", metavar="DATE", help="a fixed last day, ISO: 2026-12-31")
    expiry.add_argument("--never-expires", action="store_true", help="the balance stays for ever")
    set_.add_argument("--activate-after", metavar="DAYS", help="valid only after so many days; 0 is at once")
    start = set_.add_mutually_exclusive_group()
    start.add_argument("--valid-after", metavar="DATE", help="not valid before that day, ISO")
    start.add_argument("--no-valid-after", action="store_true", help="take that day away")
    set_.add_argument(
        "--month-end",
        action=argparse.BooleanOptionalAction,
        help="let the balance live on until that month ends",
    )
    reminders = set_.add_mutually_exclusive_group()
    reminders.add_argument(
        "--remind", metavar="PERIOD", action="append", help='how long before the last day: "2 weeks"; may be repeated'
    )
    reminders.add_argument("--no-reminders", action="store_true", help="remind of nothing")
    set_.add_argument("--sold", metavar="WHERE", help="web, store or both (default: as it is, both for a new product)")
    places = set_.add_mutually_exclusive_group()
    places.add_argument(
        "--only-at", metavar="PLACE", nargs="+", action="extend", help="the places at which alone its cards are spent"
    )
    places.add_argument("--at-all-places", action="store_true", help="let them be spent everywhere")
    set_.add_argument(
        "--only-in", metavar="WHERE", help="in which channel alone its cards are spent: web or store; both is no limit"
    )
    set_.add_argument("--dry-run", action="store_true", help="tell what customers would be told, and change nothing")
    for name, does, more in (
        ("retire", "issue no more cards of a product", "Cards that are out live on, are topped up and reminded."),
        ("restore", "issue cards of a retired product again", "They follow its rules as they are."),
    ):
        parser = products.write(name, f"products:{name}", does, more)
        parser.add_argument("id", metavar="ID", help="its short name")
    declare_policy(grammar.group("policy", "what agents may reactivate, when reminders go, which laws are heeded"))


def _declare_announcements(products: Grammar) -> None:
    line = products.command(
        "line",
        "announcements:line",
        "print what a buyer reads in the web shop before buying",
        "For a shop to ask. A product that is retired or not sold on the web is exit code 1.",
    )
    preview = products.command(
        "preview",
        "announcements:preview",
        "print all that customers are told of a card, and what happens to it when",
    )
    for parser in (line, preview):
        parser.add_argument("id", metavar="ID", help="its short name")
        parser.add_argument("--bought", metavar="DATE", help="when the card is bought (default: at this moment)")
    preview.add_argument("--topped-up", metavar="DATE", help="when it is topped up (default: never)")


def _declare_watch(grammar: Grammar) -> None:
    watch = grammar.command(
        "watch",
        "watch:watch",
        "print who reactivates too much, tried it for themselves, or did it for people of the desk",
        "For supervisors, managers and auditors. Reactivations that were approved count for whoever asked.",
    )
    watch.add_argument("--csv", action="store_true", help="print a table for a spreadsheet")
    watch.add_argument("--at", metavar="INSTANT", help="as it was then, ISO 8601 with zone (default: now)")


def _declare_jobs(grammar: Grammar) -> None:
    expire = grammar.command("expire", "jobs:expire", "book the breakage of every balance that has expired")
    expire.add_argument("--dry-run", action="store_true", help="count what is due and change nothing")
    expire.add_argument("--yes", action="store_true", help="do it even when the clock or the number looks wrong")
    verify = grammar.command(
        "verify",
        "checking:verify",
        "recompute every balance and check every chain",
        "Without --repair nothing is changed. A repair writes the row of a card afresh from its journal, where the",
        "journal is whole from its first activity to the end that the row names; everything else is only listed.",
        "Once the seal on a row is lost too, only an anchor or a backup can tell whether activities were cut off.",
    )
    verify.add_argument("--repair", action="store_true", help="mend what can be mended (for operators and managers)")
    verify.add_argument("--anchor", metavar="FILE", nargs="+", help="hold the desk against anchors that were kept")
    key = "keys that may have sealed them, each its own anchors (default: the desk's key)"
    verify.add_argument("--key", metavar="FILE", nargs="+", help=key)
    _declare_anchor(grammar)


def _declare_anchor(grammar: Grammar) -> None:
    anchor = grammar.command(
        "anchor",
        "anchors:anchor",
        "take an anchor: what all journals and the audit come to, to be kept outside the house",
        "Whatever is changed in what was recorded before it, with or without the desk's key, is found and named by:",
        "giftdesk verify --anchor FILE. Without --to and --mail it is printed. For managers, auditors and operators.",
    )
    to = "the file to make; a folder gets one named after the time"
    anchor.add_argument("--to", dest="anchor_file", metavar="PATH", help=to)
    anchor.add_argument("--mail", metavar="ADDRESS", help="send it there, by the mail server of the settings")
    key = anchor.add_mutually_exclusive_group()
    key.add_argument("--key", metavar="FILE", help="a key of its own to seal it with (default: the desk's)")
    key.add_argument("--new-key", metavar="FILE", help="make such a key, to be kept away from the desk, and end")


def _declare_reminders(grammar: Grammar) -> None:
    remind = grammar.command(
        "remind",
        "reminders:remind",
        "send the reminders that are due",
        "It may run late, twice, or on two machines: each reminder goes once. When the mail server can't be used it",
        "ends with 75, and what was due stays due.",
    )
    what = remind.add_mutually_exclusive_group()
    what.add_argument("--dry-run", action="store_true", help="count what is due and send nothing")
    what.add_argument("--forecast", action="store_true", help="tell who gets what in the next days, and who can't")
    remind.add_argument("--yes", action="store_true", help="send them even when the clock looks wrong")
    remind.add_argument("--days", metavar="N", type=int, help="how many days the forecast is for (default: 7)")
    reminders = grammar.group("reminder", "reminders that wait for a person or for another try")
    reminders.command("list", "reminders:list_unsettled", "list them, with what the mail server said")
    settle = reminders.write(
        "settle",
        "reminders:settle",
        "decide about a reminder: it was sent, it is to be sent again, or not at all",
        "Which one must be told only when several of the card wait.",
    )
    settle.add_argument("code", metavar="CODE", nargs="*", help="the card's code in any spelling")
    settle.add_argument("--record", metavar="N", type=int, help="the card's record number instead, as it is listed")
    settle.add_argument("--last-day", metavar="DATE", help="the last day that it was about")
    settle.add_argument("--lead", metavar="DAYS", type=int, help="how many days before that it was due")
    add_decision(settle)


def _declare_keeping(grammar: Grammar) -> None:
    backup = grammar.command(
        "backup",
        "keeping:backup",
        "copy the desk into one checked file while others work",
        "The key is not in it: keep a copy of the key apart. Nothing is overwritten.",
    )
    backup.add_argument("file", metavar="FILE", help="the file to make; a folder gets one named after the time")
    restore = grammar.command(
        "restore",
        "keeping:restore",
        "make a desk of a backup, where none is",
        "The backup is checked first and stays as it is; one of an older giftdesk is brought up to date.",
    )
    restore.add_argument("file", metavar="FILE", help="the backup")
    restore.add_argument("--key", metavar="FILE", help="the desk's key (default: where the desk will look for it)")
    move = grammar.command(
        "move",
        "house:move",
        "move the desk from a file to a server, or back, for good",
        "Nobody can change anything meanwhile. What was cut off goes on when it is run again. All rows are compared",
        "and every seal is checked before the desk is open at its place, and closed where it was.",
    )
    move.add_argument("--from", metavar="DESK", dest="from_", help="the desk that moves (default: as --db)")
    move.add_argument("--to", metavar="PLACE", help="a file that is not there, or a database that holds no desk")
    _role(move)
    move.add_argument("--yes", action="store_true", help="move it; or give up though nobody can be asked there")
    move.add_argument("--give-up", action="store_true", help="take a move back that has not come to its end")
    for parser in (backup, restore, move):
        parser.add_argument("--despite-findings", action="store_true", help="go on when something does not add up")
    grammar.command(
        "rebuild",
        "keeping:rebuild",
        "write the desk's file anew, so that its unused space keeps nothing that was removed",
        "Others wait meanwhile. It needs as much free space as the desk takes.",
    )
    migrate = grammar.command(
        "migrate",
        "keeping:migrate",
        "bring a desk of an older giftdesk up to date",
        "A copy of a file as it was is kept beside it.",
    )
    _role(migrate)
    grant = grammar.command(
        "grant",
        "keeping:grant",
        "let a role of the server work at a desk, and do nothing else there",
        "For the owner of the desk's tables. What the role could do beside is taken from it.",
    )
    grant.add_argument("--role", metavar="NAME", required=True, help="a role of the server")
    grant.add_argument("--only-reading", action="store_true", help="let it look and change nothing")
    grant.add_argument("--print", action="store_true", help="print the statements instead of running them")


def _role(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--role", metavar="NAME", help="on a server: who is to work there; see giftdesk grant")


def _declare_setup(grammar: Grammar) -> None:
    demo = grammar.command("demo", "screens:demo", "open a throw-away sandbox with a card for every situation")
    add_drawing(demo)
    sample = grammar.command(
        "sample",
        "samples:sample",
        "make a sandbox full of cards, for training and for measuring",
        "The same number of cards and seed make the same desk: three years of sales, spending, expiry and trouble.",
    )
    sample.add_argument("file", metavar="FILE", nargs="?", help="the file to make; else the one that --db names")
    sample.add_argument("--cards", metavar="N", type=int, default=1_000, help="how many cards (default: 1000)")
    sample.add_argument("--seed", metavar="S", type=int, default=1, help="which ones (default: 1)")
    sample.add_argument("--codes", metavar="CODES", help="a file to make with every full code and its record")
    sample.add_argument("--progress", action="store_true", help="tell how far it is even when no terminal watches")
    init = grammar.command(
        "init",
        "setup:init",
        "make a desk; who makes it is its manager",
        "The zone and the hour at which balances stop are fixed from then on.",
    )
    init.add_argument("--sandbox", action="store_true", help="for training: the clock may be set")
    init.add_argument("--zone", metavar="Z", default="Europe/London", help="IANA time zone (default: Europe/London)")
    init.add_argument("--currency", metavar="C", default="GBP", help="what cards are issued in (default: GBP)")
    init.add_argument("--jurisdictions", metavar="CODES", help=JURISDICTIONS)
    _role(init)
    doctor = grammar.command(
        "doctor", "setup:doctor", "check terminal, files, key, clock, database and settings, with cures"
    )
    doctor.add_argument("--deep", action="store_true", help="check every card and seal as well, as verify does")
    accept = "tell what was recorded ahead of the clock; with --yes take the desk's time back (a manager and one more)"
    doctor.add_argument("--accept-clock", action="store_true", help=accept)
    doctor.add_argument("--reason", metavar="R", help="why the clock is right; the audit keeps it")
    doctor.add_argument("--yes", action="store_true", help="do it: what was recorded ahead stays as it is")
    completion = grammar.command("completion", "completion:completion", "print the completion of a shell")
    completion.add_argument("shell", choices=("bash", "zsh", "fish"), help="which shell")
    grammar.command(
        "settings",
        "settings:show",
        "print what is in force on this computer, and where it comes from",
        "The settings file (see giftdesk locate) may set db, key, profile, output, mouse and, in [keys], keys.",
    )
    grammar.command("locate", "about:locate", "print the paths that giftdesk uses")
    keys = grammar.command(
        "keys",
        "about:keys",
        "list the keys of the full-screen desk",
        "What the settings changed is marked, and told at the end.",
    )
    keys.add_argument("--markdown", action="store_true", help="print them as a table for a page")
    grammar.command("roles", "about:roles", "print who may do what")
