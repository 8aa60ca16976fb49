"""Cards and their journals as files of our own: read page by page from one view of the desk, each card verified.

Whoever writes meanwhile is not held up, and the files tell of one moment. A card that does not add up is left
out and named, for a file would vouch for it.
"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any, Final

from models import audit
from models.answering import is_intact
from models.cards import look_at_cards
from models.clock import from_microseconds
from models.errors import faults
from models.jobs.own_columns import ACTIVITY, CARD, PERSON, ROLES
from models.jobs.spreadsheets import TableWriter
from models.jobs.written_files import written_files, written_stream
from models.journals import StoredActivity, read_journals, what_is_wrong
from models.rules.money import format_minor
from models.rules.roles import Action
from models.rules.status import status_of
from models.schema import CodeDigest, Flag, GiftCard, Product
from models.store import Store
from models.unit import Session, begin, begin_reading, written

Values = dict[str, Any]

_PAGE: Final = 400
_MOST_NAMED: Final = 50
_LINE: Final = '{"card": {'
# A merged record is told as the one that was kept.
_PEOPLE: Final = (
    "SELECT c.id, k.name, k.email, o.name, o.is_vip FROM customer c "
    "JOIN customer k ON k.id = COALESCE(c.merged_into_id, c.id) "
    "LEFT JOIN organisation o ON o.id = k.organisation_id"
)


@dataclass
class ExportReport:
    """What an export wrote."""

    cards: int = 0
    activities: int = 0
    left_out: int = 0
    """Cards that do not add up."""
    named: list[str] = field(default_factory=list)
    """The first of these, and what is the matter with each."""

    def leave_out(self, card: GiftCard, what: str) -> None:
        """Count a card that does not add up."""
        self.left_out += 1
        if self.left_out <= _MOST_NAMED:
            self.named.append(f"card {card.id} (…{card.last_four}): {what}")


OnProgress = Callable[[int, int], None] | None


def export_csv(session: Session, folder: Path, on_progress: OnProgress = None) -> ExportReport:
    """Write cards.csv and activities.csv into a folder. Raises Refused for a role that may not, Fault for a disk."""
    _check_role(session)
    tables = {folder / "activities.csv": _header(ACTIVITY), folder / "cards.csv": _header(CARD)}
    with written_files(tables) as (activities, cards):
        write_card, write_activity = TableWriter(cards, CARD).write, TableWriter(activities, ACTIVITY).write

        def write(card: Values, journal: Iterable[Values]) -> None:
            write_card(card)
            for activity in journal:
                write_activity({"card": card["digest"], **activity})

        return _export(session, "csv", write, on_progress)


def export_json_lines(session: Session, path: Path | None, on_progress: OnProgress = None) -> ExportReport:
    """Write one card with its journal a line, to standard output without a path. Raises like export_csv."""
    _check_role(session)
    with written_stream(sys.stdout) if path is None else written_files({path: _LINE}) as (file,):

        def write(card: Values, journal: Iterable[Values]) -> None:
            file.write(f"{json.dumps({'card': card, 'activities': list(journal)})}\n")

        return _export(session, "jsonl", write, on_progress)


def _header(columns: tuple[str, ...]) -> str:
    """How the tables of any release begin."""
    return ",".join(columns[:3])


def _check_role(session: Session) -> None:
    """Nothing is made on a disk for somebody who may not export."""
    with faults(session.store.path), session.store.database.reading():
        begin_reading(session, Action.EXPORT)


def _export(
    session: Session, format_: str, write: Callable[[Values, Iterable[Values]], None], on_progress: OnProgress
) -> ExportReport:
    store, report = session.store, ExportReport()
    with faults(store.path), store.database.surveying(), store.database.reading():
        store.database.read_at_length()
        now = begin_reading(session, Action.EXPORT).now
        total, pages = GiftCard.select().count(), _Pages(store, now)
        for card, journal in pages.cards(report):
            write(card, journal)
            if on_progress is not None:
                on_progress(report.cards + report.left_out, total)
    counts = {"cards": report.cards, "activities": report.activities, "left_out": report.left_out}

    def note() -> None:
        audit.record(begin(session, Action.EXPORT).hand, "export", "export", None, {"format": format_, **counts})

    written(store, note)  # whoever holds the data must be known before anybody holds them
    return report


class _Pages:
    """Reads the cards of one view of the desk, some hundreds at a time."""

    def __init__(self, store: Store, now: datetime) -> None:
        self._store = store
        self._now = now
        self._products = {row.id: row for row in Product.select()}

    def cards(self, report: ExportReport) -> Iterator[tuple[Values, Iterable[Values]]]:
        last = 0
        while rows := list(GiftCard.select().where(GiftCard.id > last).order_by(GiftCard.id).limit(_PAGE)):
            last = rows[-1].id
            yield from self._page(rows, report)

    def _page(self, rows: list[GiftCard], report: ExportReport) -> Iterator[tuple[Values, Iterable[Values]]]:
        ids = [row.id for row in rows]
        journals, codes, flags = read_journals(self._store.database, ids), self._codes(ids), self._open_flags(ids)
        people = self._people(rows, journals)
        for row, card in zip(rows, look_at_cards(ids), strict=True):
            journal = journals[row.id]
            wrong = what_is_wrong(self._store.keys, card, journal, frozenset(flags[row.id]))
            own = [code for code in codes[row.id] if not code.is_alias]
            if wrong is None and not (
                len(own) == 1 and all(is_intact(self._store.keys, code) for code in codes[row.id])
            ):
                wrong = "its codes are not as they were written"
            if wrong is not None:
                report.leave_out(row, wrong)
                continue
            report.cards += 1
            report.activities += len(journal)
            facts = self._facts(row, people, open_flags=len(flags[row.id]), activities=len(journal))
            yield self._codes_of(own[0], codes[row.id]) | facts, self._journal(row, journal, people)

    def _codes(self, ids: list[int]) -> Mapping[int, list[CodeDigest]]:
        codes: dict[int, list[CodeDigest]] = {id_: [] for id_ in ids}
        for code in CodeDigest.select().where(CodeDigest.card.in_(ids)).order_by(CodeDigest.digest):
            codes[code.__data__["card"]].append(code)
        return codes

    def _open_flags(self, ids: list[int]) -> Mapping[int, set[int]]:
        flags: dict[int, set[int]] = {id_: set() for id_ in ids}
        for flag in Flag.select().where(Flag.card.in_(ids) & Flag.cleared_number.is_null()):
            flags[flag.__data__["card"]].add(flag.number)
        return flags

    def _people(self, rows: list[GiftCard], journals: Mapping[int, list[StoredActivity]]) -> Mapping[int, Values]:
        """Everybody whom some cards name or once named, as our columns have them."""
        ids = {getattr(row, f"{role}_id") for row in rows for role in ROLES}
        for activity in chain.from_iterable(journals.values()):
            details = activity.details
            sets = details.get("sets", {})
            ids |= {details.get("restriction"), *(sets.get(role) for role in ROLES)}
        known = sorted(id_ for id_ in ids if isinstance(id_, int))
        found: Any = self._store.database.execute_sql(
            f"{_PEOPLE} WHERE c.id IN ({', '.join('?' * len(known)) or 'NULL'})", known
        )
        return {
            id_: dict(zip(PERSON, (name, email, organisation, None if vip is None else bool(vip)), strict=True))
            for id_, name, email, organisation, vip in found
        }

    def _codes_of(self, own: CodeDigest, codes: list[CodeDigest]) -> Values:
        aliases = (f"{bytes(code.digest).hex()}:{bytes(code.folded).hex()}" for code in codes if code.is_alias)
        return {
            "digest": bytes(own.digest).hex(),
            "folded": bytes(own.folded).hex(),
            "key": self._store.keys.fingerprint,
            "aliases": " ".join(aliases) or None,
        }

    def _facts(self, row: GiftCard, people: Mapping[int, Values], **counts: int) -> Values:
        product = self._products[row.__data__["product"]]
        facts = {
            "last_four": row.last_four,
            "currency": row.currency,
            "balance": format_minor(row.balance_minor, row.currency),
            "balance_minor": row.balance_minor,
            "status": status_of(row, self._now).value,
            "product": product.code,
            "product_name": product.name,
            "active_from": _iso(row.active_from_at),
            "last_day": None if row.last_day_on is None else row.last_day_on.isoformat(),
        }
        for column in ("cut_off", "suspended", "cancelled", "loaded", "reactivated"):
            facts[column if column == "cut_off" else f"{column}_at"] = _iso(getattr(row, f"{column}_at"))
        for role in ROLES:
            person = people.get(getattr(row, f"{role}_id"), {})
            facts |= {f"{role}_{part}": person.get(part) for part in PERSON}
        return {**facts, **counts}

    def _journal(self, row: GiftCard, journal: list[StoredActivity], people: Mapping[int, Values]) -> Iterator[Values]:
        for activity in journal:
            values = activity.values
            digest = values["text_digest"]
            yield {
                "number": values["number"],
                "kind": values["kind"],
                "currency": row.currency,
                "amount": format_minor(values["amount_minor"], row.currency),
                "amount_minor": values["amount_minor"],
                "balance_after_minor": values["balance_after_minor"],
                "effective_at": _iso(from_microseconds(values["effective_at"])),
                "recorded_at": _iso(from_microseconds(values["recorded_at"])),
                # Agents of another desk have numbers below zero, so that nobody here is taken for them.
                "actor": abs(values["actor_id"]),
                "actor_name": values["actor_name"],
                "place": values["place"],
                "order_ref": values["order_ref"],
                "text": activity.text,
                "removed_text": bytes(digest).hex() if activity.is_text_removed else None,
                "reverses": values["reverses"],
                "details": self._told(activity.details, people),
                "intent": values["intent"],
            }

    def _told(self, details: Values, people: Mapping[int, Values]) -> Values:
        """Details with people and products named, where the journal has their ids."""
        sets = dict(details.get("sets", {}))
        for role in ROLES:
            if sets.get(role) is not None:
                sets[role] = people.get(sets[role])
        if "product" in sets:
            product = self._products[sets["product"]]
            sets["product"] = {"code": product.code, "name": product.name}
        told = {**details, "sets": sets} if sets else details
        return {**told, "restriction": people.get(told["restriction"])} if "restriction" in told else told


def _iso(at: datetime | None) -> str | None:
    """An instant as our files have it: ISO 8601 in UTC, to the microsecond where it has any."""
    return None if at is None else at.isoformat().replace("+00:00", "Z")
