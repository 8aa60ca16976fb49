"""Everything that an agent waits for: each look-up through our own functions, and the engine's statement for it."""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any

from bench.store import statements
from bench.store.engines import Engine
from bench.store.statements import Statement
from bench.store.subjects import Subject, has_plain_name, looked_alike, mistyped, one_wrong, unreadable

from models.clock import to_microseconds
from models.finding import Found, find_exact
from models.lookups import look_up
from models.records import Record, read_record
from models.rules.codes import near_misses, readings
from models.rules.texts import search_key
from models.search.searching import Key
from models.sheets import CardSheet, card_sheet
from models.unit import Session

CODE_MS, NEAR_MS, SHEET_MS, OTHER_MS = 2.0, 10.0, 6.0, 15.0
ELSEWHERE = ("Шевченко", "Димитров", "Коваль", "Παπαδοπούλου", "Γεωργίου", "Οικονόμου")
"""Family names of samples that no given name of another script goes with."""


@dataclass(frozen=True, slots=True)
class Try:
    """One look-up: what is asked for which card, and the statement by which the engine alone would answer."""

    asked: Any
    card_id: int | None
    """None: nothing may be found."""
    raw: Statement


@dataclass(frozen=True, slots=True)
class LookUp:
    """A way to look for cards, tried for many of them."""

    what: str
    ours: Callable[[Any], Any]
    tries: Sequence[Try]
    goal_ms: float


def is_right(answer: Any, card_id: int | None) -> bool:
    """Whether a look-up brought the card that it was for, or may have it further down a list."""
    match answer:
        case Found():
            if card_id is None:
                return not answer.lines
            return answer.next is not None or any(line.card_id == card_id for line in answer.lines)
        case CardSheet():
            return answer.card_id == card_id
        case Record():
            return answer.card.id == card_id
    return bool(answer == card_id)


class LookUps:
    """All of them on one desk, each with at most so many tries."""

    def __init__(self, session: Session, engine: Engine, subjects: Sequence[Subject], count: int) -> None:
        """For cards that were drawn."""
        self._session, self._store, self._engine = session, session.store, engine
        self._some, self._chance = subjects[:count], random.Random(1)
        self._with_address = [each for each in subjects if each.email][:count]
        self._named = [each for each in subjects if has_plain_name(each)][:count]
        self._sold = [each for each in subjects if each.place][:count]

    def __iter__(self) -> Iterator[LookUp]:
        """In the order of the table."""
        yield from self._cards()
        yield from self._slips()
        yield from self._addresses()
        yield from self._names()
        yield from self._parts()
        yield from self._purchases()
        yield from self._pages()

    def _search(self, text: str) -> Found:
        return look_up(self._session, text)

    def _searches(
        self,
        what: str,
        typed: Iterable[tuple[Subject, str]],
        raw: Callable[[str], Statement],
        goal_ms: float = OTHER_MS,
        *,
        is_there: bool = True,
    ) -> LookUp:
        """What is typed into the field, for each card."""
        tries = [Try(text, each.card_id if is_there else None, raw(text)) for each, text in typed]
        return LookUp(what, self._search, tries, goal_ms)

    def _any_of(self, codes: Iterable[str]) -> Statement:
        digests = [self._store.keys.code_digest(code) for code in codes]
        return statements.cards_by_digests(*self._engine.among("digest", digests))

    def _cards(self) -> Iterator[LookUp]:
        """A code as it is, and what lies behind it."""
        store, digest = self._store, self._store.keys.code_digest
        exact = [Try(each.code, each.card_id, statements.card_by_digest(digest(each.code))) for each in self._some]
        cards = [Try(each.card_id, each.card_id, statements.card_and_history(each.card_id)) for each in self._some]

        def record(card_id: int) -> Record:
            with store.database.reading():
                return read_record(store, card_id)

        yield LookUp("exact code", partial(find_exact, store), exact, CODE_MS)
        yield LookUp("exact code, in the field", self._search, exact, CODE_MS)
        yield LookUp("card and history", record, cards, SHEET_MS)
        yield LookUp("whole card sheet", partial(card_sheet, self._session), cards, SHEET_MS)

    def _slips(self) -> Iterator[LookUp]:
        """Codes that are not quite right, and ends of codes."""
        some, chance, keys = self._some, self._chance, self._store.keys
        wrong = [(each, one_wrong(each.code, chance)) for each in some]
        yield self._searches("near miss, one wrong", wrong, lambda code: self._any_of(near_misses(code)), NEAR_MS)
        alike = [(each, code) for each in some if (code := looked_alike(each.code)) != each.code]
        yield self._searches(
            "near miss, look-alikes", alike, lambda code: statements.cards_by_folded(keys.folded_digest(code)), NEAR_MS
        )
        for count, what in ((1, "one unreadable character"), (2, "two unreadable characters")):
            damaged = [(each, unreadable(each.code, count, chance)) for each in some]
            yield self._searches(what, damaged, lambda code: self._any_of(readings(code)))
        yield self._searches("last four", [(each, each.last_four) for each in some], statements.cards_by_end)

    def _addresses(self) -> Iterator[LookUp]:
        """E-mail addresses, whole and in part."""
        whole = [(each, str(each.email)) for each in self._with_address]
        yield self._searches("e-mail", whole, statements.cards_of_address)
        begun = [(each, address.partition("@")[0]) for each, address in whole]
        yield self._searches("e-mail, its beginning", begun, statements.cards_of_addresses)
        nobody = [(each, f"nobody{each.card_id}@example.org") for each in self._some]
        yield self._searches("e-mail, absent", nobody, statements.cards_of_address, is_there=False)

    def _names(self) -> Iterator[LookUp]:
        """Names, and one letter wrong in them."""
        named, chance = self._named, self._chance

        def called(text: str) -> Statement:
            return statements.cards_of_name(search_key(text))

        yield self._searches("name", [(each, str(each.name)) for each in named], called)
        slipped = [(each, f"{each.words[0]} {mistyped(each.words[1], chance)}") for each in named]
        yield self._searches("name with a typo", slipped, called)
        yield self._searches("family name alone", [(each, each.words[1]) for each in named], self._with_parts)
        nobody = [(each, f"Nobody{each.card_id} Nowhere") for each in self._some]
        yield self._searches("name, absent", nobody, called, is_there=False)
        apart = [(each, f"{each.words[0]} {chance.choice(ELSEWHERE)}") for each in named]
        yield self._searches(
            "name, absent, its words common",
            apart,
            self._with_parts,
            is_there=False,
        )

    def _with_parts(self, text: str) -> Statement:
        return statements.people_with_parts(self._store.database.texts, *search_key(text).split())

    def _parts(self) -> Iterator[LookUp]:
        """Parts of names: the beginning of a word, and what stands within one."""
        begun = [(each, each.words[1][:4]) for each in self._named]
        yield self._searches("beginning of a family name", begun, self._with_parts)
        within = [(each, each.words[1][1:5].lower()) for each in self._named]
        yield self._searches("part within a family name", within, self._with_parts)

    def _purchases(self) -> Iterator[LookUp]:
        """Orders, and where and when a card was bought."""
        ordered = [(each, each.order_ref) for each in self._sold if each.order_ref]
        yield self._searches("order", ordered, statements.cards_of_order)
        tries = [
            Try(_bought(each), each.card_id, statements.cards_loaded(str(each.place), *_month(each.bought_on)))
            for each in self._sold
        ]
        yield LookUp("place and month", self._search, tries, OTHER_MS)
        tries = [
            Try(
                f"{each.words[1]} {_bought(each)}",
                each.card_id,
                statements.cards_loaded_for(each.words[1].lower(), str(each.place), *_month(each.bought_on)),
            )
            for each in self._named
            if each.place
        ]
        yield LookUp("family name, place and month", self._search, tries, OTHER_MS)

    def _pages(self) -> Iterator[LookUp]:
        """A list's second page, behind the last line of the first."""
        tries = []
        for each in self._named:
            first = self._search(each.words[1])
            if first.next is not None and first.lines:
                asked = (each.words[1], first.next)
                behind = statements.cards_behind(first.lines[-1].card_id)
                tries += [Try(asked, line.card_id, behind) for line in self._next_page(asked).lines[:1]]
        yield LookUp("second page of a family name", self._next_page, tries, OTHER_MS)

    def _next_page(self, asked: tuple[str, Key]) -> Found:
        text, after = asked
        return look_up(self._session, text, after=after)


def _bought(subject: Subject) -> str:
    """Where and in which month a card was bought, as it is typed."""
    place = f'"{subject.place}"' if " " in str(subject.place) else subject.place
    return f"place:{place} on:{subject.bought_on:%Y-%m}"


def _month(day: date) -> tuple[int, int]:
    """The instants, in microseconds, between which a day's month lies, in UTC."""
    first = day.replace(day=1)
    begin = datetime.combine(first, time(), UTC)
    end = datetime.combine((first + timedelta(days=32)).replace(day=1), time(), UTC)
    return to_microseconds(begin), to_microseconds(end)
