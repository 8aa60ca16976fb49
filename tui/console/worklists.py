"""The worklists at the command line."""

from argparse import Namespace
from typing import Any

from models import worklists
from models.agents import admit
from models.card_lines import CardLine
from models.finding import MOST
from models.store import Store
from models.worklists import Counted, Listed, cards_on, with_more, worklist_named
from tui.console.lines import card_as_json, card_cells, person_as_json, person_in_words
from tui.console.misuse import UsageError
from tui.console.output import complain, iso, say, say_json, say_table
from tui.console.sitting import open_desk


def show(asked: Namespace) -> int:
    """Print all lists with how much is on them, or the cards on one."""
    if asked.limit < 1:
        raise UsageError("--limit: at least one card.")
    session = open_desk(asked)
    agent_id = admit(session).id
    if asked.name is None:
        _say_counts(asked, worklists.counts(session.store, agent_id))
    else:
        _say_cards(asked, _first(session.store, asked.name, asked.limit, agent_id))
    return 0


def _first(store: Store, name: str, limit: int, agent_id: int) -> Listed:
    """So many cards of a list of an agent, read page by page."""
    worklist = worklist_named(name)
    listed = cards_on(store, worklist, most=min(limit, MOST), agent_id=agent_id)
    while listed.next_after is not None and len(listed.lines) < limit:
        most = min(limit - len(listed.lines), MOST)
        listed = with_more(listed, cards_on(store, worklist, listed.next_after, most, agent_id=agent_id))
    return listed


def _say_counts(asked: Namespace, counted: tuple[Counted, ...]) -> None:
    if asked.json:
        say_json({"worklists": [_counted_as_json(each) for each in counted]})
    else:
        say_table([(each.worklist.name, each.in_words, each.worklist.title) for each in counted], right=(1,))


def _counted_as_json(counted: Counted) -> dict[str, Any]:
    return {
        "name": counted.worklist.name,
        "title": counted.worklist.title,
        "count": counted.count,
        "is_capped": counted.is_capped,
    }


def _say_cards(asked: Namespace, listed: Listed) -> None:
    has_more = listed.next_after is not None
    if asked.json:
        cards = [_card_as_json(line) for line in listed.lines]
        say_json({"name": asked.name, "sentence": listed.sentence, "has_more": has_more, "cards": cards})
        return
    if listed.lines:
        say_table([card_cells(line, _last(line)) for line in listed.lines], right=(2,))
    else:
        say(listed.sentence or "")
    if has_more:
        complain(f"{listed.sentence} --limit shows more.")


def _card_as_json(line: CardLine) -> dict[str, Any]:
    return {
        **card_as_json(line),
        "holder": line.holder and person_as_json(line.holder),
        "remark": line.remark,
        "changed_at": iso(line.changed_at),
    }


def _last(line: CardLine) -> str:
    """Who holds it, and what is the matter with it."""
    return "; ".join(part for part in (line.remark, person_in_words(line.holder)) if part)
