"""What a CRM's table tells, line by line: people by their addresses, organisations by their names."""

from dataclasses import dataclass, field
from typing import NamedTuple

from models.crm.mapping import PeopleMapping
from models.jobs.cells import CellReader
from models.jobs.remarks import Remark, Remarks
from models.jobs.shelf import Shelf
from models.jobs.spool import Spool
from models.jobs.steps import Steps
from models.jobs.tables import Row, Source, columns_there, read_table
from models.rules.texts import NAME, email_key, search_key


class ToldPerson(NamedTuple):
    """A person as one line tells them."""

    line: int
    email: str
    name: str | None
    """None: the line tells no name."""
    organisation: str | None
    """Whom they belong to, empty for nobody; None: the table does not tell."""

    @property
    def key(self) -> str:
        """The address as it is compared."""
        return email_key(self.email)

    @property
    def name_key(self) -> str | None:
        """The name as it is compared."""
        return search_key(self.name) if self.name else None

    @property
    def organisation_key(self) -> str | None:
        """The organisation's name as it is compared."""
        return search_key(self.organisation) if self.organisation is not None else None


class ToldOrganisation(NamedTuple):
    """An organisation as the table tells it."""

    line: int
    """Where it is told first whether it is a VIP, else where it is named first."""
    name: str
    is_vip: bool | None = None
    """None: no line tells."""


@dataclass
class Told:
    """Everything that a table tells; however long it is, little of it is in memory."""

    file: str
    people: Spool[ToldPerson] = field(default_factory=lambda: Spool(tuple, ToldPerson))
    organisations: Shelf[ToldOrganisation] = field(default_factory=Shelf)
    """By their names as they are compared."""
    lines: int = 0
    nameless: int = 0
    """Lines without an address: nobody is known by a name alone."""
    repeated: int = 0
    """Lines that say once more what an earlier one said."""
    problems: Remarks = field(default_factory=Remarks)
    warnings: Remarks = field(default_factory=Remarks)


class PeopleReader:
    """Reads a table by a mapping."""

    def __init__(self, mapping: PeopleMapping, source: Source, steps: Steps) -> None:
        """Read a table, counting its lines as steps."""
        self._mapping = mapping
        self._source = source
        self._steps = steps
        self._told = Told(source.name)
        self._cells = CellReader(self._told.problems, self._told.warnings)
        self._seen: Shelf[ToldPerson] = Shelf()
        self._there = columns_there(source, mapping.columns)

    def read(self, *, is_complete: bool = False) -> Told:
        """Read the whole of it; a complete one must tell marks. Raises Stopped when somebody asked for a stop."""
        told = self._told
        if is_complete and not {"organisation", "vip"} <= self._there:
            told.problems.add(Remark(told.file, 1, None, "It is not complete: it has no column of VIP marks."))
        for row in read_table(self._source, self._mapping.columns, told.problems):
            told.lines += 1
            organisation = self._organisation(row)
            self._person(row, organisation)
            self._steps.checked()
        if not told.lines and not told.problems.count:
            told.problems.add(Remark(told.file, None, None, "There are no people in the file."))
        return told

    def _organisation(self, row: Row) -> str | None:
        if "organisation" not in self._there:
            return None
        name = self._cells.text(row, "organisation", NAME) or ""
        is_vip = self._is_vip(row)
        if not name or not search_key(name):
            if is_vip:
                told = "A VIP mark is an organisation's, and this line names none."
                self._told.problems.add(row.remark("vip", told))
            return ""
        key, shelf = search_key(name), self._told.organisations
        known = shelf.get(key)
        if known is None:
            shelf.put(key, ToldOrganisation(row.line, name, is_vip))
        elif known.is_vip is None and is_vip is not None:
            shelf.exchange(key, ToldOrganisation(row.line, known.name, is_vip))
        elif None not in (known.is_vip, is_vip) and known.is_vip != is_vip:
            state = "a VIP" if known.is_vip else "no VIP"
            self._told.problems.add(row.remark("vip", f"The same organisation is {state} in line {known.line:,}."))
        return name

    def _is_vip(self, row: Row) -> bool | None:
        if "vip" not in self._there:
            return None
        word = row["vip"].casefold()
        if word in self._mapping.yes:
            return True
        if word in self._mapping.no or not word:
            return False if word in self._mapping.no else None
        told = f"{row['vip'][:30]!r} does not say whether the organisation is a VIP: add it to the mapping (vip)."
        self._told.problems.add(row.remark("vip", told))
        return None

    def _person(self, row: Row, organisation: str | None) -> None:
        if not row["email"]:
            self._told.nameless += 1
            return
        email = self._cells.email(row, "email")
        if email is None:
            return
        person = ToldPerson(row.line, email, self._name(row), organisation)
        earlier = self._seen.get(person.key)
        if earlier is None:
            self._seen.put(person.key, person)
            self._told.people.add(person)
        elif (earlier.name_key, earlier.organisation_key) == (person.name_key, person.organisation_key):
            self._told.repeated += 1
        else:
            what = "name" if earlier.name_key != person.name_key else "organisation"
            told = f"The same address stands in line {earlier.line:,} with another {what}."
            self._told.problems.add(row.remark("email", told))

    def _name(self, row: Row) -> str | None:
        parts = [self._cells.text(row, part) for part in ("name", "last_name") if part in self._mapping.columns]
        return " ".join(part for part in parts if part)[:NAME].strip() or None
