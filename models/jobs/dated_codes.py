"""A table that tells nothing but another last day for cards that are here: what a bulk extension reads."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from models.errors import Fault
from models.exits import BAD_INPUT
from models.jobs import cells
from models.jobs.codebook import CodeBook
from models.jobs.headers import Layout
from models.jobs.mapped_cells import Dates, decided_order
from models.jobs.mapping import HEADERS, Mapping
from models.jobs.remarks import Remarks
from models.jobs.tables import read_table, survey
from models.rules.validity import BusinessTime
from models.store import Store


@dataclass(frozen=True, slots=True)
class DatedCode:
    """One line of such a table."""

    line: int
    code: str
    """As it is looked up: normalised."""
    last_day_on: date


def dated_codes(path: Path, mapping: Mapping, store: Store, problems: Remarks) -> Iterator[DatedCode]:
    """The cards of a table with their last days, as a mapping reads them; what is wrong goes to the problems.

    A code that stands there twice is a problem as well. Raises Fault for a file that can't be read, and for a mapping
    that brings something else.
    """
    if mapping.brings != "days":
        raise Fault(f"The mapping {mapping.name} brings no days for cards. Nothing was changed.", BAD_INPUT)
    source, layout = survey(path), Layout(mapping.width, HEADERS[mapping.header])
    zone = store.business if mapping.zone == "business" else BusinessTime(mapping.zone)
    order = mapping.dates
    if order == "decide":
        order = decided_order(read_table(source, mapping.columns, Remarks(), layout), ["expires"], problems)
    dates, reader, codes = Dates(order, zone, store.business), cells.CellReader(problems, Remarks()), CodeBook(problems)
    for row in read_table(source, mapping.columns, problems, layout, Remarks()):
        code, moment = reader.read(row, "code", cells.code), reader.read(row, "expires", dates.read)
        if code is not None:
            codes.add(store.keys.code_digest(code), row.remark("code", ""), code)
        if code is not None and moment is not None:
            yield DatedCode(row.line, code, dates.last_day(moment, mapping.expiry))
    codes.check(source.name)
