"""Every right that daily work is granted is needed by some of it.

pytest tests/store/test_rights_needed.py -m slow
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from store import wishes
from store.counter import Counter
from store.test_every_role import DEEDS, NO_DAILY_WORK
from store.test_races import RACES

from models import credentials
from models.server.rights import Right, needed

ENGINES = ("server",)

NEEDED_ELSEWHERE: dict[str, set[str]] = {
    "a person's data are taken away": {
        *("UPDATE activity_text.text", "UPDATE case_text.text", "INSERT search_word", "DELETE search_word"),
    },
    "a password is set anew, or typed wrong": {
        f"UPDATE credential.{name}" for name in ("hash", "changed_at", "tries", "blocked_until", "seal")
    },
    "a card's row is mended": {"DELETE flag"},
    "records are merged": {"UPDATE gift_card.purchaser_id"},
    "an import of many cards is saved piece by piece": {
        f"UPDATE import_batch.{name}" for name in ("watermark", "has_codes_like_ours", "has_codes_of_letters")
    },
    "a letter is tried again": {
        *("UPDATE outbox.claimed_at", "UPDATE outbox.tries"),
        *(f"UPDATE reminder.{name}" for name in ("customer_id", "is_late", "tries", "claimed_at", "next_try_at")),
    },
    "a product is changed": {f"UPDATE product.{name}" for name in ("name", "spend_places", "spend_channels")},
}
"""What the stories of this one pass come to without; they are told elsewhere, on a server too."""


def rights_of(sql: str) -> Iterator[Right]:
    """What a statement needs beside looking."""
    for verb, table in re.findall(r'\b(INSERT INTO|DELETE FROM) "?(\w+)', sql):
        yield Right(verb.split()[0], table)
    for table, settings in re.findall(r'^UPDATE "?(\w+)"? SET (.*?)(?: WHERE |$)', sql, re.DOTALL):
        yield from (Right("UPDATE", table, column) for column in re.findall(r'"?(\w+)"? = ', settings))
    for table, settings in re.findall(r'^INSERT INTO "?(\w+).* DO UPDATE SET (.*)', sql, re.DOTALL):
        yield from (Right("UPDATE", table, column) for column in re.findall(r'"?(\w+)"? = ', settings))


@pytest.mark.slow
def test_no_right_is_granted_that_no_story_needs(
    counter: Counter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every wish and every job once, as the role of daily work: what they say to the server, held against what it is
    granted."""
    from models.server.database import ServerDatabase

    used: set[Right] = set()
    execute, execute_many = ServerDatabase.execute_sql, ServerDatabase.execute_many

    def heard(database: ServerDatabase, sql: str, params: Any = None) -> Any:
        used.update(rights_of(sql))
        return execute(database, sql, params)

    def heard_many(database: ServerDatabase, sql: str, rows: Any) -> int:
        used.update(rights_of(sql))
        return execute_many(database, sql, rows)

    monkeypatch.setattr(ServerDatabase, "execute_sql", heard)
    monkeypatch.setattr(ServerDatabase, "execute_many", heard_many)
    monkeypatch.setattr(credentials, "COST", wishes.LIGHT)
    for race in RACES:
        counter.wait(days=1)
        race.deed(counter.mia, race.ready(counter), f"right-{race}")
    for action, deed in DEEDS.items():
        if action not in NO_DAILY_WORK:
            counter.wait(days=1)
            deed.does(counter.mia, deed.ready(counter), tmp_path)
    granted = {right for right in needed() if right.verb not in ("SELECT", "USAGE")}
    assert used <= granted
    assert {str(right) for right in granted - used} <= set().union(*NEEDED_ELSEWHERE.values())
