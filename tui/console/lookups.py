"""Looks for codes that no card answers to: who made them, and who is let on."""

from argparse import Namespace
from typing import Any

from models import desk
from models.lookers import Looker, lookers_of_the_desk
from models.rules import wording
from models.rules.codes import masked
from models.rules.lookups import Pace
from models.rules.validity import BusinessTime
from tui.console.outcomes import tell
from tui.console.output import iso, local, say, say_json, say_table
from tui.console.sitting import open_desk
from tui.console.values import intent_of


def list_lookups(asked: Namespace) -> int:
    """List who missed in the last week, each miss by the end of the code, and who is slowed or stopped."""
    session = open_desk(asked)
    found, business = lookers_of_the_desk(session), session.store.business
    if asked.json:
        say_json([looker_as_json(each) for each in found])
    elif not found:
        say("Nobody looked for a code that no card answers to in the last week.")
    for each in () if asked.json else found:
        say(f"{each.login} ({each.agent}): {in_words(each, business)}")
        say_table([(f"  {local(miss.at, business)}", masked(miss.last_four)) for miss in each.misses])
    return 0


def in_words(looker: Looker, business: BusinessTime) -> str:
    """How many misses there were, and what became of whoever made them."""
    count = wording.plural(len(looker.misses), "code")
    lately = f"{count} in the last week that no card answers to"
    if looker.stopped_at is not None and looker.pace is Pace.STOPPED:
        return f"{lately}, stopped since {local(looker.stopped_at, business)}"
    return f"{lately}, slowed" if looker.pace is Pace.SLOW else lately


def looker_as_json(looker: Looker) -> dict[str, Any]:
    """Who missed, what, and since when they are stopped."""
    return {
        "login": looker.login,
        "agent": looker.agent,
        "pace": looker.pace.value,
        "stopped_at": iso(looker.stopped_at),
        "lifted_at": iso(looker.lifted_at),
        "misses": [{"at": iso(miss.at), "code_masked": masked(miss.last_four)} for miss in looker.misses],
    }


def lift(asked: Namespace) -> int:
    """Let a colleague look for codes again."""
    outcome = desk.lift_lookups(open_desk(asked), asked.login, asked.reason, ref=asked.ref, intent=intent_of(asked))
    return tell(asked, outcome)
