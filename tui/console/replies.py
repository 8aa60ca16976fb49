"""Answering customers from the command line: the reply that is true, another by its name, or all there are."""

from argparse import Namespace
from dataclasses import asdict

from models import desk
from models.errors import Refused
from models.replying import Drafted, replies_for, reply_to_unknown
from models.rules.replies import REPLIES, NoSuchReply, no_such_reply
from models.unit import Session
from tui.console.misuse import UsageError
from tui.console.opening import UnknownCode, find_card
from tui.console.outcomes import tell
from tui.console.output import complain, say, say_all, say_json, say_table
from tui.console.sitting import open_desk
from tui.console.values import intent_of


def reply(asked: Namespace) -> int:
    """Give a reply: record it and print it, mail it, only show it, or list what could be said."""
    if asked.mail and (asked.list or asked.dry_run):
        raise UsageError("--mail sends; --list and --dry-run only look. Leave one of them away.")
    session = open_desk(asked)
    try:
        card_id = find_card(session, asked.code)
    except UnknownCode:
        if not asked.json:
            say_all(reply_to_unknown(session, asked.language).text)
        raise
    if asked.list:
        return _list(asked, replies_for(session, card_id, asked.language))
    if asked.dry_run:
        return _show(asked, _chosen(session, card_id, asked))
    outcome = desk.say(
        session,
        card_id,
        asked.name,
        asked.language,
        is_mailed=asked.mail,
        ref=asked.ref,
        intent=intent_of(asked),
    )
    status = tell(asked, outcome, session, text=outcome.hand_out)
    if outcome.hand_out is not None and not asked.json:
        say()
        say_all(outcome.hand_out)
    return status


def _chosen(session: Session, card_id: int, asked: Namespace) -> Drafted:
    if asked.name is not None and asked.name not in REPLIES:
        raise NoSuchReply(no_such_reply(asked.name))
    drafted = replies_for(session, card_id, asked.language)
    return next((each for each in drafted if each.name == asked.name), drafted[0])


def _show(asked: Namespace, drafted: Drafted) -> int:
    if drafted.refusal is not None:
        raise Refused(drafted.refusal)
    if asked.json:
        say_json({"done": False, **asdict(drafted)})
    else:
        complain(f"{drafted.name}, in {drafted.language}: only shown, nothing was recorded.")
        say_all(drafted.text)
    return 0


def _list(asked: Namespace, drafted: tuple[Drafted, ...]) -> int:
    if asked.json:
        say_json([{"what": each.title, **asdict(each)} for each in drafted])
        return 0
    say_table(
        [["name", "what it says", "why not"]] + [[each.name, each.title, each.refusal or "-"] for each in drafted]
    )
    return 0
