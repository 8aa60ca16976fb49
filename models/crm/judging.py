"""What a CRM's lines mean for the people of the desk: who is new, who is called otherwise, who belongs elsewhere."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from peewee import chunked

from models.crm.told import ToldPerson
from models.engine import DeskDatabase
from models.jobs.shelf import Shelf

_AT_ONCE: Final = 400
_RECORDS: Final = (
    "SELECT c.email_key, k.id, k.name, k.name_key, k.email_key, o.name_key FROM customer c "
    "JOIN customer k ON k.id = COALESCE(c.merged_into_id, c.id) "
    "LEFT JOIN organisation o ON o.id = k.organisation_id "
    "WHERE k.removed_at IS NULL AND c.email_key IN ({marks}) ORDER BY k.id"
)


@dataclass(frozen=True, slots=True)
class Known:
    """A person's record as it is compared with a line."""

    id: int
    name: str | None
    name_key: str | None
    email_key: str | None
    """None, or another than that by which it was found, where that was a merged record's."""
    organisation_key: str | None


@dataclass(frozen=True, slots=True)
class Judged:
    """What a line comes to."""

    told: ToldPerson
    id: int | None = None
    """The person's record; None for somebody new, and for whom nothing is done."""
    is_renamed: bool = False
    is_linked: bool = False
    """They belong to another organisation than before, or to one at all."""
    is_unlinked: bool = False
    conflict: str | None = None
    """Why nothing can be done, as a sentence."""

    @property
    def is_new(self) -> bool:
        """Nobody is written to at that address."""
        return self.id is None and self.conflict is None

    @property
    def is_changed(self) -> bool:
        """Whether a record that is here becomes another."""
        return self.is_renamed or self.is_linked or self.is_unlinked


class Judge:
    """Judges the lines of a table in their order, some at a time; each time within a transaction."""

    def __init__(self, database: DeskDatabase) -> None:
        """Begin before the first line."""
        self._database = database
        self._seen: Shelf[ToldPerson] = Shelf()

    def judge(self, people: Sequence[ToldPerson]) -> Iterator[Judged]:
        """What the next lines come to."""
        for some in chunked(people, _AT_ONCE):
            records = self._records([person.key for person in some])
            for person in some:
                yield self._alone(_judged(person, records.get(person.key, [])))

    def _records(self, keys: Sequence[str]) -> dict[str, list[Known]]:
        found: dict[str, dict[int, Known]] = {}
        sql = _RECORDS.format(marks=", ".join("?" * len(keys)))
        for key, *facts in self._database.execute_sql(sql, tuple(keys)).fetchall():
            found.setdefault(key, {})[facts[0]] = Known(*facts)
        return {key: list(records.values()) for key, records in found.items()}

    def _alone(self, judged: Judged) -> Judged:
        """The same, unless another line, with the address of a record that was merged, says otherwise of the person."""
        if judged.id is None:
            return judged
        key = str(judged.id)
        earlier = self._seen.get(key)
        if earlier is None:
            self._seen.put(key, judged.told)
        elif earlier.organisation_key != judged.told.organisation_key:
            told = f"Line {earlier.line:,} is the same person (record {key}), and names another organisation."
            return Judged(judged.told, conflict=told)
        return judged


def _judged(told: ToldPerson, records: Sequence[Known]) -> Judged:
    """Who is alone at an address is the person, whatever they are called; of several the one with that name is."""
    if not records:
        return Judged(told)
    same = [record for record in records if record.name_key == told.name_key]
    fitting = records if len(records) == 1 else same
    if len(fitting) != 1:
        numbers = ", ".join(str(record.id) for record in (fitting or records)[:3])
        return Judged(told, conflict=f"Several records have this address ({numbers}): merge or correct them first.")
    record = fitting[0]
    is_renamed = told.name is not None and told.name != record.name and record.email_key == told.key
    belongs, wanted = record.organisation_key, told.organisation_key
    return Judged(
        told,
        record.id,
        is_renamed=is_renamed,
        is_linked=bool(wanted) and wanted != belongs,
        is_unlinked=wanted == "" and belongs is not None,
    )
