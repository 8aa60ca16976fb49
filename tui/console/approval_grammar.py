"""The grammar of the commands about approvals, and about how many cards somebody reactivates on a day."""

from tui.console.grammar import Grammar

_DEEDS = (
    ("approve", "approve one that somebody else asked for, which carries it out"),
    ("refuse", "refuse one that somebody else asked for"),
    ("withdraw", "take back what you asked for yourself"),
)


def declare_approvals(grammar: Grammar) -> None:
    """Add the commands about reactivations that a colleague must approve."""
    approvals = grammar.group("approval", "reactivations that a colleague must approve")
    list_ = approvals.command("list", "approvals:list_requests", "list those that wait, the oldest first")
    list_.add_argument("--days", metavar="N", type=int, help="add what was decided in the last N days")
    show = approvals.command("show", "approvals:show", "show one: who asked, why, and what an approval would do now")
    parsers = {name: approvals.write(name, f"approvals:{name}", help_) for name, help_ in _DEEDS}
    for parser in (show, *parsers.values()):
        parser.add_argument("id", metavar="ID", type=int, help="its number; see: giftdesk approval list")
    parsers["refuse"].add_argument("--reason", metavar="R", required=True, help="why; who asked reads it")


def declare_raise(agents: Grammar) -> None:
    """Add the command that raises somebody's limit for the day."""
    more = agents.write("raise", "approvals:raise_quota", "let a colleague reactivate more cards today")
    more.add_argument("login", metavar="LOGIN", help="whose limit")
    more.add_argument("--to", metavar="N", type=int, required=True, help="how many cards in all, today")
    more.add_argument("--reason", metavar="R", required=True, help="why, in a sentence; it is kept in the audit")


def declare_lookups(agents: Grammar) -> None:
    """Add the commands about who looked for codes that no card answers to."""
    agents.command(
        "lookups",
        "lookups:list_lookups",
        "list the looks for codes that no card answers to in the last week, and who is slowed or stopped",
    )
    lift = agents.write("lift", "lookups:lift", "let a colleague look for codes again")
    lift.add_argument("login", metavar="LOGIN", help="whose looks for codes")
    lift.add_argument("--reason", metavar="R", required=True, help="why, in a sentence; it is kept in the audit")
