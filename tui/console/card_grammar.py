"""The grammar of the commands on cards: finding, showing, holding, moving money."""

import argparse

from tui.console.grammar import Grammar


def declare_cards(grammar: Grammar) -> None:
    """Add the commands that an agent uses with a customer on the line."""
    _declare_reading(grammar)
    _declare_judging(grammar)
    _declare_money(grammar)
    _declare_moves(grammar)


_ASKING = "Where the policy wants a colleague to approve it, it is asked for, and that is exit code 3."


def _code(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "code", metavar="CODE", nargs="+", help="the card's code in any spelling; - reads it from standard input"
    )


def _reason(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--reason", metavar="R", required=True, help="why, in a sentence; it stays with the card")


def _declare_reading(grammar: Grammar) -> None:
    find = grammar.command(
        "find",
        "finding:find_cards",
        "find cards by whatever the customer can tell",
        "Nothing found is exit code 1. What a shell would take for its own stands in single quotes, above all ? and",
        "double quotes: giftdesk find '7Q4M 9K?R 3HTC V8?N', giftdesk find '\"ada lovelace\" place:\"Web shop\"'.",
    )
    find.epilogue = "models.rules.query_filters:plain_table"
    find.offers = "models.rules.query_filters:beginnings"
    find.add_argument("text", metavar="TEXT", nargs="+", help="what the customer can tell")
    find.add_argument(
        "--status",
        choices=("cancelled", "suspended", "inactive", "expired", "active"),
        help="only cards that are this now; the card that answers to a code is shown whatever it is",
    )
    find.add_argument("--limit", metavar="N", type=int, default=200, help="how many cards, to 10,000 (default: 200)")
    find.add_argument("--after", metavar="KEY", help="go on behind the page that ended with this key")
    balance = grammar.command(
        "balance",
        "cards:balance",
        "say what a customer may be told of a card: what is on it, from when, until when",
        "Nothing about people, notes, flags or codes. No such card is exit code 1.",
    )
    _code(balance)
    show = grammar.command("show", "cards:show", "show a card: status, verdict, what can be done, history")
    _code(show)
    _declare_worklist(grammar)
    why = grammar.command(
        "why",
        "cards:why",
        "say which activity emptied a card",
        "A card with money on it is exit code 1.",
    )
    _code(why)
    for parser in (show, why):
        parser.add_argument(
            "--at",
            metavar="INSTANT",
            help="the card as it was, or will be: 2026-05-21 (its end), '21 May 2026 14:30', or ISO 8601 with zone",
        )


def _declare_worklist(grammar: Grammar) -> None:
    worklist = grammar.command(
        "worklist",
        "worklists:show",
        "list cards that somebody should look at; without a name, all lists with how much is on them",
        "An empty list is exit code 0.",
    )
    worklist.add_argument(
        "name",
        nargs="?",
        choices=(
            "expiring",
            "expired",
            "inactive",
            "unreachable",
            "unknown",
            "waiting",
            "letters",
            "approvals",
            "decided",
            "escalated",
            "answered",
        ),
        help="what stops within 7 days; what the window after expiry is open for; what is not active yet; who can't be "
        "reminded; reminders that may have gone out or not; reminders that wait for another try; e-mails that did not "
        "go, or of which nobody knows; reactivations that wait for an approval; those that were decided about in the "
        "last 7 days; what waits with Payments Support; what they answered to you",
    )
    worklist.add_argument("--limit", metavar="N", type=int, default=200, help="how many cards (default: 200)")


def _declare_judging(grammar: Grammar) -> None:
    reactivate = grammar.write("reactivate", "holds:reactivate", "reactivate a card under the policy", _ASKING)
    _code(reactivate)
    reactivate.add_argument("--note", metavar="TEXT", help="what you add to the policy's own note")
    reactivate.add_argument("--reason", metavar="R", help="why a suspension is lifted; needed when there is one")
    reactivate.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")
    for name, help_ in (("suspend", "put a card on hold"), ("lift", "take a card off hold and change nothing else")):
        parser = grammar.write(name, f"holds:{name}", help_)
        _code(parser)
        _reason(parser)
    flag = grammar.write("flag", "holds:flag", "raise a flag on a card, or clear one")
    _code(flag)
    _reason(flag)
    flag.add_argument("--clear", action="store_true", help="clear the open flag instead")
    flag.add_argument("--number", metavar="N", type=int, help="which flag to clear, when several are open")
    note = grammar.write("note", "holds:note", "write a note that stays with a card")
    note.add_argument("code", metavar="CODE", help="the card's code, as one word or in quotes")
    note.add_argument("text", metavar="TEXT", nargs="+", help="the note")
    reply = grammar.write(
        "reply",
        "replies:reply",
        "answer the customer: record the reply that is true of a card, and print it",
        "One that is not true now is refused with the reason: exit code 1. The same words again are recorded once.",
    )
    _code(reply)
    reply.add_argument("--name", metavar="N", help="another reply than the one to give: --list names them")
    reply.add_argument("--language", metavar="L", help="two letters, like de (default: the policy's first)")
    reply.add_argument("--mail", action="store_true", help="send it to the customer as an e-mail, too")
    reply.add_argument("--list", action="store_true", help="list all replies, and why not for those that are not true")
    reply.add_argument("--dry-run", action="store_true", help="print it and record nothing")
    register = grammar.write("register", "people:register", "register a card to the person who holds it")
    _code(register)
    register.add_argument("--name", metavar="N", help="the person's name")
    register.add_argument("--email", metavar="E", help="the person's e-mail address")
    register.add_argument("--organisation", metavar="O", help="who the person belongs to (a supervisor's to set)")


def _amount(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--amount", metavar="A", required=True, help="decimal, in the card's currency: 12.50")


def _where(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--place", metavar="P", help="the shop or channel")
    parser.add_argument("--order", metavar="O", help="the order number")


def _how(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--channel", choices=("web", "store"), help="where it is paid with: in the web shop or a store")
    parser.add_argument("--email", metavar="E", help="who pays, for a card that one person alone can spend")


def _declare_checkout(grammar: Grammar) -> None:
    checkout = grammar.command(
        "checkout",
        "checkout:checkout",
        "try a purchase: would it go through, and if not, every rule that refuses it",
        "Nothing is changed. A purchase that would be refused is exit code 1.",
    )
    _code(checkout)
    checkout.add_argument("--amount", metavar="A", help="decimal, in its currency: 12.50 (default: all that there is)")
    checkout.add_argument("--currency", metavar="C", help="three letters (default: the card's)")
    checkout.add_argument("--place", metavar="P", help="the shop")
    _how(checkout)
    checkout.add_argument(
        "--at",
        metavar="INSTANT",
        help="when (default: at this moment): 2026-05-21 (its end), '21 May 2026 14:30', or ISO 8601 with zone",
    )
    restrict = grammar.write("restrict", "checkout:restrict", "let one person alone spend a card, or anybody again")
    _code(restrict)
    who = restrict.add_mutually_exclusive_group(required=True)
    who.add_argument("--to", metavar="EMAIL", help="the person's e-mail address, by which they are recognised")
    who.add_argument("--lift", action="store_true", help="let anybody spend it again")
    restrict.add_argument("--name", metavar="N", help="the person's name")
    _reason(restrict)


def _declare_money(grammar: Grammar) -> None:
    issue = grammar.write("issue", "money:issue", "issue a card; prints its code, the only time that it is shown")
    issue.add_argument("--product", metavar="ID", required=True, help="what the card is sold as: its short name")
    _amount(issue)
    issue.add_argument("--currency", metavar="C", help="three letters (default: the desk's)")
    issue.add_argument("--name", metavar="N", help="the recipient's name")
    issue.add_argument("--email", metavar="E", help="the recipient's e-mail address")
    issue.add_argument("--purchaser-name", metavar="N", help="the purchaser's name")
    issue.add_argument("--purchaser-email", metavar="E", help="the purchaser's e-mail address")
    _where(issue)
    issue.add_argument("--goodwill", action="store_true", help="nobody pays for it")
    top_up = grammar.write("top-up", "money:top_up", "load a card again")
    _code(top_up)
    _amount(top_up)
    _where(top_up)
    top_up.add_argument("--goodwill", action="store_true", help="nobody pays for it")
    redeem = grammar.write("redeem", "money:redeem", "take money from a card")
    _code(redeem)
    _amount(redeem)
    _where(redeem)
    _how(redeem)
    _declare_checkout(grammar)
    refund = grammar.write("refund", "money:refund", "give back what a redemption took, or a part of it")
    _code(refund)
    _amount(refund)
    which = refund.add_mutually_exclusive_group(required=True)
    which.add_argument("--of", metavar="ORDER", help="the order of the redemption")
    which.add_argument("--number", metavar="N", type=int, help="its number in the card's history")


def _declare_moves(grammar: Grammar) -> None:
    cancel = grammar.write("cancel", "moves:cancel", "cancel a card for good; its balance goes back to the payer")
    _code(cancel)
    _reason(cancel)
    replace = grammar.write(
        "replace",
        "moves:replace",
        "make a card in the place of one whose code was lost; prints its code, the only time that it is shown",
    )
    _code(replace)
    _reason(replace)
    extend = grammar.write("extend", "moves:extend", "give a card that has not expired a later last day")
    _code(extend)
    extend.add_argument("--until", metavar="DATE", required=True, help='the last day: 2027-01-31 or "31 Jan 2027"')
    _reason(extend)
    transfer = grammar.write("transfer", "moves:transfer", "move a balance, or a part of it, to another card")
    _code(transfer)
    transfer.add_argument("--to", metavar="CODE", required=True, help="the other card's code, as one word or in quotes")
    transfer.add_argument("--amount", metavar="A", help="decimal, in the cards' currency (default: all of it)")
    _reason(transfer)
    adjust = grammar.write("adjust", "moves:adjust", "correct a balance, for an escalation to Payments Support")
    _code(adjust)
    adjust.add_argument(
        "--amount", metavar="A", required=True, help="decimal, in the card's currency: 5.00 adds, -5.00 takes off"
    )
    adjust.add_argument("--escalation", metavar="ID", required=True, help="the id that the escalation was given")
    _reason(adjust)
