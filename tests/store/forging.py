"""Somebody who owns the database and has the desk's key, and writes the past anew so that every seal fits."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from postgres import as_owner

from models.audit import audit_seal
from models.cards import look_at_cards
from models.chain import START
from models.clock import Clock
from models.ledger import SEALED, _projection, activity_seal, row_seal
from models.locations import Place, Server, database_path
from models.safeguards import REFUSALS
from models.schema import TABLES, Audit, GiftCard
from models.soundness import _add_up
from models.store import Store, open_store

Row = dict[str, Any]
_STORED = ", ".join("card_id" if name == "card" else name for name in SEALED)
_MARKS = ", ".join("?" * (len(SEALED) + 1))


class Forger:
    """Works in a transaction of its own."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def does(self, statement: str, *parameters: Any) -> Any:
        """Run a statement; how many rows it touched."""
        return self.store.database.execute_sql(statement, parameters).rowcount

    def journal(self, card: int) -> list[Row]:
        """A card's activities as they are stored, the first one first."""
        rows = self.store.database.execute_sql(
            f"SELECT {_STORED}, mac FROM activity WHERE card_id = ? ORDER BY number", (card,)
        )
        return [dict(zip((*SEALED, "mac"), row, strict=True)) for row in rows.fetchall()]

    def rewrites(self, card: int, change: Callable[[list[Row]], object]) -> None:
        """Change a journal, and make everything fit: numbers, balances, seals, the card's row, and what was wished."""
        keys, rows = self.store.keys, self.journal(card)
        change(rows)
        previous, balance = START, 0
        for number, row in enumerate(rows, start=1):
            balance += row["amount_minor"]
            row |= {"card": card, "number": number, "balance_after_minor": balance}
            previous = row["mac"] = activity_seal(keys, previous, row)
        state, mac = _add_up(keys, [tuple(row.values()) for row in rows], {}, set())
        (held,) = look_at_cards([card])
        forged = replace(held, state=state, number=len(rows), mac=mac)
        forged = replace(forged, seal=row_seal(keys, forged))
        self.does("DELETE FROM activity WHERE card_id = ?", card)
        for row in rows:
            self.does(f"INSERT INTO activity ({_STORED}, mac) VALUES ({_MARKS})", *row.values())
        GiftCard.update(**_projection(forged)).where(GiftCard.id == card).execute()
        self._forget_wishes(card, {row["intent"] for row in rows})

    def _forget_wishes(self, card: int, kept: set[str]) -> None:
        for key, result in self.store.database.execute_sql("SELECT key, result FROM intent").fetchall():
            if json.loads(result)["card_id"] == card and key not in kept:
                self.does("DELETE FROM intent WHERE key = ?", key)

    def removes(self, card: int) -> None:
        """Let a card be gone as if it had never been."""
        self._forget_wishes(card, set())
        for table, column in (("code_digest", "card_id"), ("activity", "card_id"), ("gift_card", "id")):
            assert self.does(f"DELETE FROM {table} WHERE {column} = ?", card)

    def rewrites_audit(self, subject: str, change: Callable[[list[Audit]], object]) -> None:
        """Change a chain of the audit, and make everything fit."""
        rows = list(Audit.select().where(Audit.subject == subject).order_by(Audit.number))
        change(rows)
        self.does("DELETE FROM audit WHERE subject = ?", subject)
        previous = START
        for number, row in enumerate(rows, start=1):
            row.number = number
            previous = row.mac = audit_seal(self.store.keys, previous, row)
            Audit.insert(**row.__data__).execute()


@contextmanager
def forging(store: Store) -> Iterator[Forger]:
    """What is done within is seen by whoever asks within, and undone at the end."""
    database = store.database
    with database.connected(), database.atomic() as transaction:
        if database.for_update:
            for table in TABLES:
                database.execute_sql(f'ALTER TABLE "{table._meta.table_name}" DISABLE TRIGGER USER')
        else:
            for refusal in REFUSALS:
                database.execute_sql(f'DROP TRIGGER "{refusal.name}"')
        yield Forger(store)
        transaction.rollback()


def opened_by_the_owner(place: Place, clock: Clock) -> Store:
    """The desk as whoever owns its database opens it."""
    return open_store(database_path(as_owner(place.url)) if isinstance(place, Server) else place, clock)
