"""Files of our own as rows: a table of cards with one of activities beside it, or one card with its journal a line."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from models.errors import Fault
from models.exits import BAD_INPUT
from models.fields import canonical_json
from models.jobs.headers import Column
from models.jobs.own_columns import ACTIVITY, CARD
from models.jobs.remarks import Remark, Remarks
from models.jobs.spreadsheets import unguarded
from models.jobs.tables import Row, Source, read_lines, read_table

_LONGEST_LINE: Final = 16_000_000
_NAMES: Final = {name: name for name in (*CARD, *ACTIVITY)}

Told = tuple[Row, list[Row] | None]
"""A card's row, and its activities' rows; None when the files tell no activities."""


def told_cards(sources: list[Source], problems: Remarks) -> Iterator[Told]:
    """The cards that files of our own tell, in their order. Raises Fault for files that do not belong together."""
    kinds = [_kind(source) for source in sources]
    if kinds == ["lines"]:
        yield from _from_lines(sources[0], problems)
    elif sorted(kinds) in (["cards"], ["activities", "cards"]):
        cards = sources[kinds.index("cards")]
        activities = sources[kinds.index("activities")] if len(kinds) == 2 else None
        yield from _from_tables(cards, activities, problems)
    else:
        names = ", ".join(source.name for source in sources)
        raise Fault(
            f"{names}: give the table of cards and the table of activities of one export, the cards alone, or one file "
            f"of JSON lines. Nothing was changed.",
            BAD_INPUT,
        )


def _kind(source: Source) -> str:
    """What a file of ours is, by its first line."""
    first = next((text for _, text in read_lines(source, _LONGEST_LINE) if text.strip()), "")
    if first.lstrip().startswith("{"):
        return "lines"
    header = {cell.strip().strip('"').casefold() for cell in first.replace(";", ",").replace("\t", ",").split(",")}
    return "activities" if {"card", "number", "kind"} <= header else "cards"


# Tables.


def _from_tables(cards: Source, activities: Source | None, problems: Remarks) -> Iterator[Told]:
    rows = _table(cards, CARD, ("currency",), problems)
    if activities is None:
        for row in rows:
            yield row, None
        return
    journals = _Journals(_table(activities, ACTIVITY, ("card", "number", "kind"), problems))
    for row in rows:
        yield row, journals.of(row["digest"])
    for row in journals.left():
        problems.add(
            row.remark(
                "card", "This card is not in the table of cards, or the two tables are not in the same order of cards."
            )
        )


def _table(source: Source, names: tuple[str, ...], needed: tuple[str, ...], problems: Remarks) -> Iterator[Row]:
    columns = {name: Column((name,), is_optional=name not in needed) for name in names}
    for row in read_table(source, columns, problems):
        yield Row(row.file, row.line, {name: unguarded(text) for name, text in row.cells.items()}, row.headers)


class _Journals:
    """The activities of a table, as they stand together by card, in the order of the cards."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def of(self, card: str) -> list[Row]:
        """The next rows, as far as they are this card's."""
        found = []
        while self._next is not None and self._next["card"] == card:
            found.append(self._next)
            self._next = next(self._rows, None)
        return found

    def left(self) -> Iterator[Row]:
        """What belongs to no card."""
        if self._next is not None:
            yield self._next
            yield from self._rows


# JSON lines.


def _from_lines(source: Source, problems: Remarks) -> Iterator[Told]:
    for line, text in read_lines(source, _LONGEST_LINE):
        if not text.strip():
            continue
        try:
            card, activities = _told(json.loads(text, parse_float=_no_number, parse_constant=_no_number))
        except (ValueError, RecursionError):
            told = "This is no card of ours: a JSON object with 'card' and 'activities', of texts and whole numbers."
            problems.add(Remark(source.name, line, None, told))
            continue
        journal = None if activities is None else [_row(source, line, each, ACTIVITY) for each in activities]
        yield _row(source, line, card, CARD), journal


def _no_number(text: str) -> Any:
    raise ValueError(text)


def _told(value: Any) -> tuple[Mapping[str, Any], list[Mapping[str, Any]] | None]:
    if not isinstance(value, dict) or not isinstance(value.get("card"), dict):
        raise ValueError(value)
    activities = value.get("activities")
    if activities is not None and not (isinstance(activities, list) and all(isinstance(x, dict) for x in activities)):
        raise ValueError(value)
    return value["card"], activities


def _row(source: Source, line: int, values: Mapping[str, Any], names: tuple[str, ...]) -> Row:
    return Row(source.name, line, {name: _text(values.get(name)).strip() for name in names}, _NAMES)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return canonical_json(value) if isinstance(value, dict | list) else str(value)
