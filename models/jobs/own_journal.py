"""A card of our own files as what it was: its journal read, judged by the rules of money, and compared with its row."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Final

from models.jobs import cells
from models.jobs.cells import CellReader
from models.jobs.own_columns import PERSON, ROLES
from models.jobs.plans import PlannedPerson, PlannedProduct
from models.jobs.tables import Row
from models.rules.errors import BadAmount, BadDate, BadText
from models.rules.journal import SETTABLE, BrokenJournal, CardState, Entry, Kind, Stamp, Tally, TextsGone, are_details
from models.rules.money import LARGEST_MINOR
from models.rules.texts import EMAIL, NAME, NOTE, UNSAFE, check_email, check_line, made_safe

_LONGEST_DETAILS: Final = 20_000
_LONGEST_TEXT: Final = 2 * NOTE
_LARGEST_ID: Final = 2**53
_KINDS: Final = {kind.value: kind for kind in Kind}


@dataclass
class Named:
    """The products and people that one card names, each once."""

    products: list[PlannedProduct] = field(default_factory=list)
    people: list[PlannedPerson] = field(default_factory=list)

    def product(self, product: PlannedProduct) -> int:
        """The place of a product."""
        return _place(self.products, product)

    def person(self, person: PlannedPerson) -> int:
        """The place of a person."""
        return _place(self.people, person)


def _place(things: list[Any], thing: Any) -> int:
    if thing not in things:
        things.append(thing)
    return things.index(thing)


def person(name: str, email: str, organisation: str, vip: str) -> PlannedPerson | None:
    """A person as four cells tell one; None when they are empty. Raises BadText."""
    if not (name or email):
        if organisation or vip == "yes":
            raise BadText("An organisation belongs to a person: the name and the e-mail address are empty.")
        return None
    return PlannedPerson(
        check_line(name, "name", NAME) if name else None,
        check_email(email) if email else None,
        check_line(organisation, "organisation", NAME) if organisation else None,
        is_vip=_yes(vip),
        is_organisation_told=True,
    )


def _yes(text: str) -> bool:
    if text.casefold() not in ("yes", "no", ""):
        raise BadText(f"{text[:20]!r} is neither yes nor no.")
    return text.casefold() == "yes"


def whole(text: str, *, least: int = 0, most: int = _LARGEST_ID) -> int:
    """A whole number. Raises BadAmount."""
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 16 or not least <= int(text) <= most:
        raise BadAmount(f"{text[:30]!r} is no whole number between {least:,} and {most:,}.")
    return int(text)


minor: Final = partial(whole, least=-LARGEST_MINOR, most=LARGEST_MINOR)


def digest(text: str) -> bytes:
    """A digest in hex. Raises BadText."""
    try:
        found = bytes.fromhex(text)
    except ValueError:
        found = b""
    if len(found) != 32:
        raise BadText("This is no digest: 64 characters from 0 to 9 and a to f.")
    return found


class JournalReader:
    """Reads the activities of cards and remarks what cannot be."""

    def __init__(self, reader: CellReader, now: datetime) -> None:
        """Remark where the reader does; instants after now (UTC) are refused."""
        self._cells = reader
        self._problems = reader.problems
        self._now = now

    def entries(self, rows: list[Row], named: Named) -> tuple[list[Entry], CardState] | None:
        """A card's entries and what they add up to, or None with a problem."""
        before, tally = self._problems.count, Tally()
        entries: list[Entry] = []
        open_flags: set[int] = set()
        gone = TextsGone()
        for number, row in enumerate(rows, start=1):
            entry = self._entry(row, number, named)
            if entry is None:
                return None
            self._check_flags(row, number, entry, open_flags)
            if number == 1 and not {"product", "active_from"} <= entry.details.get("sets", {}).keys():
                self._problems.add(row.remark("details", "The first activity must set 'product' and 'active_from'."))
            try:
                tally.add(entry, number)
                gone.add(entry.kind, entry.details, is_gone=bool(entry.stamp and entry.stamp.removed_text))
            except BrokenJournal as broken:
                self._problems.add(row.remark("amount_minor", f"The journal does not add up: {broken}."))
                return None
            after = self._cells.read(row, "balance_after_minor", minor)
            if after is not None and after != tally.values["balance_minor"]:
                told = f"The activities add up to {tally.values['balance_minor']:,} here."
                self._problems.add(row.remark("balance_after_minor", told))
            entries.append(entry)
        try:
            gone.close()
        except BrokenJournal as broken:
            self._problems.add(rows[-1].remark("removed_text", f"The journal does not add up: {broken}."))
        return (entries, tally.state) if self._problems.count == before else None

    def _check_flags(self, row: Row, number: int, entry: Entry, open_flags: set[int]) -> None:
        if entry.kind is Kind.FLAG_RAISED:
            open_flags.add(number)
        elif entry.kind is Kind.FLAG_CLEARED:
            if entry.reverses not in open_flags:
                self._problems.add(row.remark("reverses", "No flag of that number is open here."))
            open_flags.discard(entry.reverses or 0)

    def _entry(self, row: Row, number: int, named: Named) -> Entry | None:
        read, before = self._cells.read, self._problems.count
        own_number = read(row, "number", whole)
        if own_number is not None and own_number != number:
            self._problems.add(row.remark("number", f"Activity {number} of this card should stand here."))
        kind = read(row, "kind", _kind)
        minor_units, effective_at = read(row, "amount_minor", minor), read(row, "effective_at", self._past)
        reverses = self._cells.read_if_any(row, "reverses", partial(whole, least=1, most=number - 1))
        details = self._cells.read_if_any(row, "details", partial(_details, named=named))
        text = self._text(row, "text", _LONGEST_TEXT)
        stamp = self._stamp(row, effective_at, text)
        if kind is Kind.REINSTATEMENT and reverses is None:
            self._problems.add(row.remark("reverses", "A reinstatement names the breakage that it reverses."))
        if self._problems.count > before or kind is None or minor_units is None or effective_at is None:
            return None
        place, order = self._text(row, "place"), self._text(row, "order_ref")
        return Entry(kind, effective_at, minor_units, place, order, text, details or {}, reverses, stamp)

    def _stamp(self, row: Row, effective_at: datetime | None, text: str | None) -> Stamp | None:
        """Who wrote it down and when; None when the file does not tell."""
        removed = self._cells.read_if_any(row, "removed_text", digest)
        if removed is not None and text is not None:
            self._problems.add(row.remark("removed_text", "A text that was removed cannot be there."))
        if not row["recorded_at"]:
            if removed is not None:
                self._problems.add(row.remark("recorded_at", "This cell is empty."))
            return None
        recorded_at = self._cells.read(row, "recorded_at", self._past)
        actor = self._cells.read_if_any(row, "actor", whole) or 0
        name = self._text(row, "actor_name")
        if name is None:
            self._problems.add(row.remark("actor_name", "This cell is empty."))
        if recorded_at is None or effective_at is None or name is None:
            return None
        if effective_at > recorded_at:
            self._problems.add(row.remark("effective_at", "It cannot count before it was recorded."))
        intent = self._text(row, "intent")
        return Stamp(recorded_at, -actor, name, intent, removed)

    def _text(self, row: Row, column: str, longest: int = NAME) -> str | None:
        """A text as it was written, tabs included; made harmless with a warning where no desk would have kept it."""
        text = row[column]
        if not text or made_safe(text, longest) == text.replace("\t", " "):
            return text or None
        return self._cells.note(row, column) if longest > NAME else self._cells.text(row, column, longest)

    def _past(self, text: str) -> datetime:
        at = cells.instant(text)
        if at > self._now:
            raise BadDate(f"{text!r} lies in the future.")
        return at


def _kind(text: str) -> Kind:
    if text not in _KINDS:
        raise BadText(f"{text[:30]!r} is no kind of activity.")
    return _KINDS[text]


def _details(text: str, named: Named) -> dict[str, Any]:
    """Structured facts as JSON, people and products by their places. Raises BadText."""
    try:
        facts = (
            json.loads(text, parse_float=_refused, parse_constant=_refused) if len(text) < _LONGEST_DETAILS else None
        )
        unsafe = UNSAFE.search(json.dumps(facts, ensure_ascii=False)) or "\\ud" in json.dumps(facts)
    except (ValueError, RecursionError):
        facts, unsafe = None, None
    if not isinstance(facts, dict) or unsafe:
        raise BadText("The details are no JSON object of texts and whole numbers.")
    if not are_details({**facts, "sets": {}}):
        raise BadText("'grounds' is a list of texts.")
    if facts.get("restriction") is not None:
        facts["restriction"] = _setting("restriction", facts["restriction"], named)
    sets = facts.get("sets")
    if sets is None:
        return dict(facts)
    if not isinstance(sets, dict) or not sets.keys() <= SETTABLE.keys():
        raise BadText(f"'sets' can hold these only: {', '.join(SETTABLE)}.")
    return {**facts, "sets": {name: _setting(name, value, named) for name, value in sets.items()}}


def _refused(text: str) -> Any:
    raise ValueError(text)


def _setting(name: str, value: Any, named: Named) -> Any:
    """One fact that an activity sets, as the plan has it. Raises BadText."""
    if name in (*ROLES, "restriction"):
        if value is None:
            return None
        found = person(*_texts(value, PERSON))
        if found is None:
            raise BadText(f"The {name} has neither a name nor an e-mail address.")
        return named.person(found)
    if name == "product":
        code, title = _texts(value, ("code", "name"))
        return named.product(product(title, code))
    try:
        if name == "active_from":
            return _instant(value)
        return None if value is None else cells.day(value).isoformat()
    except (TypeError, AttributeError, BadDate):
        raise BadText(f"'{name}' is no {'instant' if name == 'active_from' else 'day'}.") from None


def _instant(value: str) -> str:
    """The text of an instant with its zone, UTC. Raises BadDate, or TypeError for what is no text."""
    cells.instant(value.removesuffix("+00:00"))
    return value if value.endswith("+00:00") else f"{value.removesuffix('Z')}+00:00"


def _texts(value: Any, names: tuple[str, ...]) -> list[str]:
    if not isinstance(value, Mapping):
        raise BadText(f"A person or product is told as an object with: {', '.join(names)}.")
    found = []
    for name in names:
        text = value.get(name)
        if isinstance(text, bool):
            text = "yes" if text else "no"
        if not isinstance(text, str | None) or len(text or "") > EMAIL:
            raise BadText(f"{name!r} is no short text.")
        found.append((text or "").strip())
    return found


def product(name: str, code: str) -> PlannedProduct:
    """A product by its name, its short name, or both. Raises BadText."""
    if not (name or code):
        raise BadText("The product is not named.")
    if code and (len(code) > 40 or not code.replace("-", "").isalnum() or not code.isascii() or code != code.lower()):
        raise BadText(f"{code[:40]!r} is no short name of a product: letters, digits and dashes.")
    return PlannedProduct(check_line(name or code, "product", NAME), code or None)
