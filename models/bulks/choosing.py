"""The cards that a bulk is chosen for, and what a file says of each: by a search, or by a file of codes.

Codes of a file are looked up and never kept. A file counts as one look: who was stopped for missing too often may use
none, and codes that lead nowhere count as one miss, however many they are; of a file that mostly misses nothing is told
but that, or it would try codes by the thousand.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any, Final

from models.answering import is_intact_row
from models.bulks.facts import ByFile, BySearch, Progress, Selection
from models.bulks.selecting import cards_found
from models.errors import Mendable, faults
from models.jobs import cells
from models.jobs.dated_codes import dated_codes
from models.jobs.headers import Column, Layout
from models.jobs.mapping import read_mapping
from models.jobs.remarks import Remark, Remarks
from models.jobs.tables import Row, read_table, survey
from models.lookups import record_miss, refuse_stopped
from models.people import PersonGiven
from models.rules.bulk import BulkKind, BulkWish
from models.rules.texts import NAME, check_email
from models.store import Store
from models.unit import Session

_PAGE: Final = 500
_FEWEST_UNKNOWN: Final = 20
_LAYOUT: Final = Layout(width=1, has_header=None)
_COLUMNS: Final = {
    "code": Column(("code", "gift card code", "card code"), position=1),
    "until": Column(("until", "last day", "last_day", "expiry", "expires"), is_optional=True),
    "name": Column(("name",), is_optional=True),
    "email": Column(("email", "e-mail"), is_optional=True),
    "organisation": Column(("organisation", "organization", "company"), is_optional=True),
}
_ENTRIES: Final = "SELECT digest, folded, card_id, is_alias, seal FROM code_digest WHERE digest IN ({marks})"


@dataclass(frozen=True, slots=True)
class Registered:
    """Whom a file registers a card to."""

    person: PersonGiven
    organisation: str | None


@dataclass(slots=True)
class Chosen:
    """Some cards, in the order of their ids, each once."""

    ids: "array[int]"
    days: "array[int] | None" = None
    """The last day of each, as an ordinal; None where the file tells none."""
    people: list[Registered] | None = None
    """Whom each is registered to; None where the file tells nobody."""
    missing: Remarks = field(default_factory=Remarks)
    """Lines that lead to no card, or to one that is named before."""

    def day(self, place: int) -> date | None:
        """The last day of the card at a place."""
        return None if self.days is None else date.fromordinal(self.days[place])

    def registered(self, place: int) -> Registered | None:
        """Whom the card at a place is registered to."""
        return None if self.people is None else self.people[place]


def choose(session: Session, wish: BulkWish, selection: Selection, on_progress: Progress | None = None) -> Chosen:
    """The cards that are meant. Raises Refused, RuleError and Fault, also for a file that can't be read."""
    if isinstance(selection, BySearch):
        told = None if on_progress is None else lambda found: on_progress(found, 0)
        return Chosen(cards_found(session.store, selection.text, told))
    refuse_stopped(session)
    return _Reading(session, wish, selection).chosen()


def brings(wish: BulkWish) -> tuple[bool, bool]:
    """What a file has to tell of each card, as the wish does not: its last day, and whom it is registered to."""
    has_days = wish.kind is BulkKind.EXTEND and wish.until is None and wish.period is None
    return has_days, wish.kind is BulkKind.REGISTER and not (wish.name or wish.email)


@dataclass(frozen=True, slots=True)
class _Line:
    code: str
    remark: Remark
    day: date | None = None
    registered: Registered | None = None


class _Reading:
    """A file of codes on its way to cards."""

    def __init__(self, session: Session, wish: BulkWish, file: ByFile) -> None:
        self._session = session
        self._file = file
        self._has_days, self._has_people = brings(wish)
        self._missing = Remarks()
        self._unknown = 0
        self._first_unknown: str | None = None

    def chosen(self) -> Chosen:
        """The cards that answer to the codes."""
        ids: array[int] = array("q")
        days: array[int] = array("q")
        people: list[Registered] = []
        for card_id, line in self._cards(self._lines()):
            ids.append(card_id)
            if line.day is not None:
                days.append(line.day.toordinal())
            if line.registered is not None:
                people.append(line.registered)
        if self._first_unknown is not None:
            record_miss(self._session, self._first_unknown)
        if self._unknown >= max(_FEWEST_UNKNOWN, len(ids) + 1):
            raise Mendable("Most codes of this file lead to no card: it is not a file of this desk's cards.")
        order = sorted(range(len(ids)), key=ids.__getitem__)
        return Chosen(
            array("q", (ids[place] for place in order)),
            array("q", (days[place] for place in order)) if self._has_days else None,
            [people[place] for place in order] if self._has_people else None,
            self._missing,
        )

    def _lines(self) -> Iterator[_Line]:
        if self._file.mapping is not None:
            return self._dated(self._file.mapping)
        rows = read_table(survey(self._file.path), _COLUMNS, self._missing, _LAYOUT, Remarks())
        return (line for row in rows if (line := self._read(row)) is not None)

    def _dated(self, name: str) -> Iterator[_Line]:
        if not self._has_days:
            raise Mendable("A file with a day for each card is for an extension without another day or period.")
        for each in dated_codes(self._file.path, read_mapping(name), self._session.store, self._missing):
            place = Remark(self._file.path.name, each.line, None, "")
            yield _Line(each.code, place, each.last_day_on)

    def _read(self, row: Row) -> _Line | None:
        reader = cells.CellReader(self._missing, Remarks())
        code = reader.read(row, "code", cells.code)
        day = reader.read(row, "until", cells.day) if self._has_days else None
        if code is None or (self._has_days and day is None):
            return None
        registered = self._registered(row, reader) if self._has_people else None
        if self._has_people and registered is None:
            return None
        return _Line(code, row.remark("code", ""), day, registered)

    def _registered(self, row: Row, reader: cells.CellReader) -> Registered | None:
        before = self._missing.count
        name = reader.read_if_any(row, "name", lambda text: cells.line_of_text(text, NAME)[0])
        email = reader.read_if_any(row, "email", check_email)
        organisation = reader.read_if_any(row, "organisation", lambda text: cells.line_of_text(text, NAME)[0])
        if not (name or email):
            self._missing.add(row.remark(None, "This line names nobody: give a name, an e-mail address, or both."))
        return None if self._missing.count > before else Registered(PersonGiven(name, email), organisation)

    def _cards(self, lines: Iterator[_Line]) -> Iterator[tuple[int, _Line]]:
        store = self._session.store
        at: dict[int, int] = {}
        while some := list(islice(lines, _PAGE)):
            digests = [store.keys.code_digest(line.code) for line in some]
            found = _entries(store, digests)
            for line, digest in zip(some, digests, strict=True):
                card_id = found.get(digest)
                if card_id is None:
                    self._unknown += 1
                    self._first_unknown = self._first_unknown or line.code
                    self._remark(line, "No card answers to this code.")
                elif card_id in at:
                    self._remark(line, f"The same card is named in line {at[card_id]:,}.")
                else:
                    at[card_id] = line.remark.line or 0
                    yield card_id, line

    def _remark(self, line: _Line, sentence: str) -> None:
        place = line.remark
        self._missing.add(Remark(place.file, place.line, place.column, sentence))


def _entries(store: Store, digests: Sequence[bytes]) -> dict[bytes, int]:
    """The cards that answer to codes given by their digests; none for an entry that is not as it was written."""
    query = _ENTRIES.format(marks=", ".join("?" * len(digests)))
    with faults(store.path), store.database.reading():
        rows: Iterable[Any] = store.database.execute_sql(query, tuple(digests)).fetchall()
    return {bytes(row[0]): row[2] for row in rows if is_intact_row(store.keys, row)}
