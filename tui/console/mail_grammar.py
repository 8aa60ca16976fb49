"""The grammar of the commands about e-mails: their texts, and a look at one before it goes out."""

import argparse

from tui.console.grammar import Grammar

_REMINDER = "reminder"


def declare_mail(grammar: Grammar) -> None:
    """Add the texts of e-mails, and those that wait to be sent."""
    _declare_templates(grammar)
    _declare_outbox(grammar.group("outbox", "e-mails to one person each: what waits, and what became of one"))


def _declare_outbox(outbox: Grammar) -> None:
    outbox.command("list", "outbox:list_letters", "list what waits for another try or for a person")
    show = outbox.command("show", "outbox:show", "print one e-mail, and what became of it")
    send = outbox.command(
        "send",
        "outbox:send",
        "send what waits",
        "An e-mail goes right after it was written; this sends what could not go then. Run it from cron.",
    )
    send.add_argument("--dry-run", action="store_true", help="count what would go and send nothing")
    settle = outbox.write(
        "settle", "outbox:settle", "decide about an e-mail: it was sent, it is to be sent again, or not at all"
    )
    for parser in (show, settle):
        parser.add_argument("letter", metavar="NUMBER", type=int, help="its number, as it is listed")
    add_decision(settle)


def add_decision(parser: argparse.ArgumentParser) -> None:
    """The options with which somebody decides about an e-mail of which nobody knows what became of it."""
    decision = parser.add_mutually_exclusive_group(required=True)
    for name, help_ in (("sent", "it went out"), ("again", "it did not: send it"), ("drop", "send it no more")):
        decision.add_argument(f"--{name}", dest="decision", action="store_const", const=name, help=help_)
    parser.add_argument("--reason", metavar="R", required=True, help="why, in a sentence; it stays with the card")


def _declare_templates(grammar: Grammar) -> None:
    templates = grammar.group("template", "the texts of e-mails and replies, and how one looks for a card")
    templates.command("list", "templates:list_", "list the e-mails and replies whose texts can be set")
    show = templates.command("show", "templates:show", "print the texts that are in force")
    _name(show, is_optional=True)
    show.add_argument(
        "--into", dest="folder", metavar="FOLDER", help="write them into a folder: subject.txt, text.txt, text.html"
    )
    set_ = templates.write(
        "set",
        "templates:set_",
        "change the texts of an e-mail or a reply",
        "What no option names stays as it is. A field is written {{balance}}: giftdesk template fields lists them.",
        "In a reply what stands between [[ and ]] falls away where the card has nothing to put into its fields.",
        "Each change is a version of its own, and in force at once; look at it first with: template preview.",
    )
    _name(set_)
    _texts(set_)
    preview = templates.command(
        "preview",
        "templates:preview",
        "print an e-mail as it would go for a card",
        "With the options of set it shows what they would make of it; nothing is saved and nothing is sent.",
    )
    test = templates.command(
        "test",
        "templates:test",
        "send an e-mail to yourself, filled for a card",
        "It goes to your own address on file (giftdesk agents set LOGIN --email E), and to no other.",
    )
    for parser in (preview, test):
        _name(parser)
        parser.add_argument("code", metavar="CODE", nargs="+", help="the card's code, or - to read it")
        _texts(parser)
    preview.add_argument(
        "--into", dest="folder", metavar="FOLDER", help="write it into a folder, for a browser to show"
    )
    fields = templates.command("fields", "templates:fields", "list the fields that texts can have")
    _name(fields, is_optional=True)


def _name(parser: argparse.ArgumentParser, *, is_optional: bool = False) -> None:
    parser.add_argument(
        "name",
        metavar="NAME",
        nargs="?" if is_optional else None,
        default=_REMINDER,
        help="which e-mail or reply; in another language than English with it, like active_again:de",
    )


def _texts(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--subject", metavar="S", help="the subject")
    parser.add_argument("--text", dest="text_file", metavar="FILE", help="a file with the plain text")
    html = parser.add_mutually_exclusive_group()
    html.add_argument("--html", dest="html_file", metavar="FILE", help="a file with the HTML")
    html.add_argument("--no-html", action="store_true", help="send the plain text alone")
    parser.add_argument(
        "--from",
        dest="from_folder",
        metavar="FOLDER",
        help="a folder with subject.txt, text.txt and text.html, or some",
    )
    parser.add_argument("--built-in", action="store_true", help="begin with the texts that come with giftdesk")
