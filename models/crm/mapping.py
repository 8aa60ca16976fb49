"""Mapping files for people: what the columns of a CRM's table mean."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from models.jobs.headers import Column
from models.jobs.mapping import SHIPPED
from models.jobs.mapping_values import Values, read_toml

STANDARD: Final = "crm"
_PEOPLE: Final = SHIPPED.joinpath("people")
_TARGETS: Final = ("email", "name", "last_name", "organisation", "vip")


@dataclass(frozen=True, slots=True)
class PeopleMapping:
    """How a table of people is read."""

    name: str
    title: str
    text: str
    """The file itself."""
    columns: Mapping[str, Column]
    yes: frozenset[str] = frozenset()
    """Cells, case folded, that say that the organisation is a VIP."""
    no: frozenset[str] = frozenset()
    """Those that say that it is none. An empty one, if it is not among them, tells nothing."""


def people_mappings() -> tuple[PeopleMapping, ...]:
    """The mappings for people that come with giftdesk."""
    return tuple(read_people_mapping(name) for name in sorted(_shipped()))


def read_people_mapping(name: str) -> PeopleMapping:
    """A mapping by the name of one that comes with giftdesk, or by the path of a file. Raises Fault."""
    text, told = read_toml(name, _shipped())
    values = Values(name, told)
    title = values.text("title") or Path(name).stem
    columns = values.columns(_TARGETS, ("email",))
    marks = values.table("vip") or {}
    if ("vip" in columns) != bool(marks):
        raise values.wrong("vip needs both a table and a column")
    if "vip" in columns and "organisation" not in columns:
        raise values.wrong("a VIP mark is an organisation's: columns.organisation is missing")
    if not isinstance(marks, dict) or (marks and marks.keys() != {"yes", "no"}):
        raise values.wrong("vip has yes and no")
    yes, no = (values.words(marks.get(key, []), f"vip.{key}") for key in ("yes", "no"))
    values.end()
    return PeopleMapping(Path(name).stem, title, text, columns, yes, no)


def _shipped() -> dict[str, Path]:
    return {path.stem: path for path in _PEOPLE.glob("*.toml")}
