"""Finding cards at the command line, page by page."""

import re
from argparse import Namespace
from typing import Any, Final

from models.card_lines import CardLine
from models.fields import LARGEST_ID
from models.finding import Found, with_more
from models.lookups import is_miss, look_up
from models.rules.queries import line_of
from models.rules.status import Status
from models.search.searching import Key
from models.unit import Session
from tui.console.lines import card_as_json, card_cells, person_as_json, person_in_words
from tui.console.misuse import UsageError
from tui.console.opening import count_miss, say_why_it_waits
from tui.console.output import complain, iso, say_json, say_table
from tui.console.sitting import open_desk

_MOST: Final = 10_000
_MOST_READINGS: Final = 40
"""So often, at most, a search that looks at some thousand cards at a time goes on by itself."""
_KEY: Final = re.compile(r"([0-9a-f]{1,16})\.([0-9a-f]{1,16})", re.ASCII)


def find_cards(asked: Namespace) -> int:
    """List what answers to a text; exit code 1 when nothing does."""
    if not 1 <= asked.limit <= _MOST:
        raise UsageError(f"--limit: 1 to {_MOST:,} cards.")
    after = None if asked.after is None else _read_key(asked.after)
    session = open_desk(asked)
    found = _found(session, line_of(asked.text), Status(asked.status) if asked.status else None, after, asked.limit)
    counted = count_miss(session, found.text) if after is None and is_miss(found) else None
    if asked.json:
        say_json(_as_json(found))
    elif found.lines:
        say_table([card_cells(line, _told(line)) for line in found.lines], right=(2,))
    if not (asked.json and found.lines):
        for said in filter(None, (found.sentence, _how_to_go_on(found, after, asked.limit))):
            complain(said)
    if counted is not None:
        complain(counted)
    return 0 if found.lines else 1


def _found(session: Session, text: str, status: Status | None, after: Key | None, most: int) -> Found:
    """So many cards, read on until there are as many, or for as long as anybody will wait."""
    found = look_up(session, text, status, after=after, most=most, warn=say_why_it_waits)
    for _ in range(_MOST_READINGS):
        if found.next is None or len(found.lines) >= most:
            break
        more = look_up(session, text, status, after=found.next, most=most - len(found.lines))
        found = with_more(found, more)
    return found


def _told(line: CardLine) -> str:
    return "; ".join(filter(None, (person_in_words(line.holder), line.remark)))


def _how_to_go_on(found: Found, after: Key | None, most: int) -> str | None:
    if found.next is None:
        return None
    which = "newest" if after is None else "next"
    few = "There may be more" if found.lines else "Nothing so far"
    count = f"The {which} {most:,} of more" if len(found.lines) >= most else few
    return f"{count}: the same with --after {_written(found.next)} goes on."


def _as_json(found: Found) -> dict[str, Any]:
    return {
        "is_exact": found.is_exact,
        "are_near_misses": found.are_near_misses,
        "has_more": found.next is not None,
        "next": found.next and _written(found.next),
        "understood": found.understood,
        "sentence": found.sentence,
        "cards": [
            {
                **card_as_json(line),
                "holder": line.holder and person_as_json(line.holder),
                "changed_at": iso(line.changed_at),
                "remark": line.remark,
            }
            for line in found.lines
        ],
    }


def _written(key: Key) -> str:
    """A key as it is printed, to be given back as it is."""
    return f"{key.changed_at:x}.{key.card_id:x}"


def _read_key(text: str) -> Key:
    match = _KEY.fullmatch(text)
    key = Key(*(int(part, 16) for part in match.groups())) if match is not None else None
    if key is None or max(key) > LARGEST_ID:
        raise UsageError(f"--after: {text[:40]!r} is no key; give the one that the page before ended with.")
    return key
