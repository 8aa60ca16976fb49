"""Whom some words fit: people by parts of their names and e-mail addresses."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from models.engine import DeskDatabase
from models.rules.texts import search_key

_FITS: Final = "EXISTS (SELECT 1 FROM customer p WHERE (p.id = {person} OR p.merged_into_id = {person}) AND ({word}))"
_WORD: Final = "p.name_key LIKE ? ESCAPE '\\' OR p.email_key LIKE ? ESCAPE '\\'"


@dataclass(frozen=True, slots=True)
class Fitting:
    """Whom all of some words fit, each as a part of a name or of an e-mail address of theirs."""

    words: tuple[str, ...]
    few: tuple[int, ...] | None
    """The records of everybody whom they fit, merged ones left out, when these are few; else None."""
    mended: tuple[tuple[str, str], ...] = ()
    """A typed word and the word that it was taken for: nobody fits as typed."""

    @property
    def params(self) -> tuple[Any, ...]:
        """The parameters of the statement, in their order."""
        return self.holds("c.id")[1]

    @property
    def sql(self) -> str:
        """A statement that selects the records of everybody whom they fit, in any number."""
        return f"SELECT c.id FROM customer c WHERE c.merged_into_id IS NULL AND {self.holds('c.id')[0]}"

    def holds(self, person: str) -> tuple[str, tuple[Any, ...]]:
        """The condition that they fit the person whose record's number an SQL expression gives, and its parameters."""
        params = tuple(f"%{_plain(word)}%" for word in self.words for _ in range(2))
        return " AND ".join(_FITS.format(person=person, word=_WORD) for _ in self.words) or "1 = 0", params


def _plain(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def people_fitting(database: DeskDatabase, words: Sequence[str], most: int) -> Fitting:
    """Whom all of some words fit, each as a part of a name or of an address; their records when at most so many.

    Case, accents and the order of the words are left aside. Within a connection.
    """
    fitting = Fitting(tuple(search_key(word) for word in words), None)
    rows = database.execute_sql(f"{fitting.sql} LIMIT ?", (*fitting.params, most + 1)).fetchall()
    return fitting if len(rows) > most else Fitting(fitting.words, tuple(id_ for (id_,) in rows))
