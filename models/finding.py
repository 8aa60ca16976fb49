"""Finding cards by whatever the customer can tell: a code, its end, an e-mail address, a name, an order, a place.

What was typed is taken for the code of a card; else for everything else that it can mean; else for a code with a slip;
else for a name with one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from models.answering import card_of
from models.card_lines import CardLine, lines_of
from models.errors import faults
from models.near import Slip, cards_near, cards_readable_as, why_unknown
from models.records import Person
from models.rules import wording
from models.rules.codes import looks_like_ours, normalise, pattern_refusal, read_pattern, reads_like_ours
from models.rules.diagnosis import UNKNOWN_REASON
from models.rules.errors import BadCode
from models.rules.queries import Query, read_query
from models.rules.query_advice import advice
from models.rules.status import Status
from models.search.loads import places
from models.search.meanings import Meaning, Mended, meanings
from models.search.searching import Key, Page, newest
from models.search.traits import Trait, of_statuses
from models.store import Store

MOST: Final = 200
"""How many cards a page has when nobody asks for fewer."""

_MOST_PLACES: Final = 200
"""Reading the names of more takes longer than the advice is worth."""
_NOTHING_TYPED: Final = "Type a code, its last four, an e-mail address, a name or an order."
_NOTHING_YET: Final = "Nothing is found by that."
_NOTHING: Final = f"{_NOTHING_YET} Check the spelling, or ask for the code, one group at a time."


@dataclass(frozen=True, slots=True)
class Found:
    """What a search brought."""

    text: str
    """What was searched for, as typed."""
    lines: tuple[CardLine, ...]
    """Newest activity first, or likeliest first for near misses."""
    is_exact: bool = False
    """The text is the code of the one card found."""
    are_near_misses: bool = False
    """No card answers to the code; these are a slip away, or fit what can be read of it. To be confirmed with the
    customer."""
    sentence: str | None = None
    """Why nothing was found, or other cards than were asked for."""
    was_tried: bool = False
    """Nothing was found, though the text was tried as a code."""
    is_no_code: bool = False
    """Nothing was found, and every word tells a place or a time."""
    is_unknown: bool = False
    """The text is a code, and no card answers to it or to one a slip away."""
    is_refused: bool = False
    """The text is a code, and who asked may look for none."""
    next: Key | None = None
    """Behind it the next page begins, which may be empty; None when these are all."""
    understood: str = ""
    """What was looked for, in one line."""
    mended: Mended = ()
    """Nobody is called as was typed: each such word, and the one that it was taken for."""


def find(
    store: Store,
    text: str,
    status: Status | None = None,
    *,
    after: Key | None = None,
    most: int = MOST,
    by_code: bool = True,
) -> Found:
    """Look for cards, at most so many: from the beginning, or behind the key of an earlier page.

    A status keeps only the cards that have it now; it leaves a code's own card alone. Without by_code the text is
    taken for anything but a whole code: none is digested. Raises Fault for a broken store.
    """
    with faults(store.path), store.database.reading():
        store.database.read_along_indexes()
        now = store.now()
        query = read_query(text, store.business.date_of(now))
        search = _Search(store, text, query, status, now, after, most)
        is_first = by_code and after is None
        if not query.text:
            return search.nothing(_NOTHING_TYPED)
        exact = search.exact() if is_first else None
        if exact is not None:
            return exact
        if query.complaint is not None:
            return search.nothing(query.complaint)
        if not (query.words or query.has_filters):
            return search.nothing(_NOTHING_TYPED)
        meant = meanings(store, query, now)
        return (
            search.by([meaning for meaning in meant if not meaning.mended])
            or (search.near() if is_first else None)
            or search.by([meaning for meaning in meant if meaning.mended])
            or search.by_name()
            or (search.advised() if after is None else None)
            or (search.unknown() if is_first else None)
            or search.nothing()
        )


@dataclass(frozen=True, slots=True)
class _Search:
    """One search, on its way from what is surest to what is least."""

    store: Store
    text: str
    query: Query
    status: Status | None
    now: datetime
    after: Key | None
    most: int

    def nothing(self, sentence: str = _NOTHING) -> Found:
        """The answer that no card was found, and why."""
        return Found(self.text, (), sentence=sentence, understood=self.query.understood)

    def exact(self) -> Found | None:
        """The one card that answers to the text as its code."""
        code, _ = _as_code(self.query.as_code)
        card_id = None if code is None else card_of(self.store, code)
        return None if card_id is None else Found(self.text, lines_of(self.store, [card_id], self.now), is_exact=True)

    def by(self, meant: Sequence[Meaning]) -> Found | None:
        """The cards that are meant, or why none can be; None when there are none."""
        standing = () if self.status is None else (of_statuses([self.status], self.now),)
        for meaning in meant:
            if meaning.complaint is not None:
                return self.nothing(meaning.complaint)
            traits = (*meaning.traits, *standing)
            page = newest(self.store.database, traits, self.after, self.most)
            if not page.is_empty or self._has_begun(traits):
                return self._page(page, meaning.mended)
        return None

    def _has_begun(self, traits: Sequence[Trait]) -> bool:
        """Whether earlier pages had cards of these traits."""
        return self.after is not None and not newest(self.store.database, traits, None, 1).is_empty

    def _page(self, page: Page, mended: Mended) -> Found:
        lines = lines_of(self.store, page.ids, self.now)
        return Found(
            self.text,
            lines,
            sentence=_mended(mended),
            next=page.next,
            understood=self.query.understood,
            mended=mended,
        )

    def near(self) -> Found | None:
        """Cards whose code is a slip away from the text, or fits what can be read of it."""
        if self.query.has_filters:
            return None
        code, _ = _as_code(self.query.as_code)
        pattern = read_pattern(self.query.as_code)
        if code is not None:
            return self._slips(cards_near(self.store, code, MOST), _near_misses)
        if pattern is not None and pattern_refusal(pattern) is None:
            return self._slips(cards_readable_as(self.store, pattern, MOST), _readable)
        return None

    def _slips(self, slips: Sequence[Slip], said: Callable[[int], str]) -> Found | None:
        remarks = {slip.card_id: slip.remark for slip in slips}
        lines = tuple(
            replace(line, remark=remarks[line.card_id])
            for line in lines_of(self.store, [*remarks], self.now)
            if self.status in (None, line.status)
        )
        return Found(self.text, lines, are_near_misses=True, sentence=said(len(lines))) if lines else None

    def by_name(self) -> Found | None:
        """The cards of whom one word fits that reads like a code of ours, and is none: the front of an address can."""
        if len(self.query.words) > 1 or self.query.has_filters or not reads_like_ours(self.query.as_code):
            return None
        return self.by(meanings(self.store, self.query, self.now, is_name=True))

    def advised(self) -> Found | None:
        """How the places and times among the words are typed; None when there are none, or hardly anything but one of
        our codes is meant."""
        if not self.query.words or reads_like_ours(self.query.as_code):
            return None
        everywhere = places(self.store.database, _MOST_PLACES)
        advised = advice(self.query.words, everywhere, self.store.business.date_of(self.now))
        if advised is None:
            return None
        return replace(self.nothing(f"{_NOTHING_YET} {advised.sentence}"), is_no_code=advised.is_whole)

    def unknown(self) -> Found | None:
        """That no card answers to the text, if it is a code; None when it is something else."""
        code, complaint = _as_code(self.query.as_code)
        pattern = read_pattern(self.query.as_code)
        if self.query.has_filters:
            return None
        if pattern is not None:
            refusal = pattern_refusal(pattern)
            return replace(self.nothing(refusal or UNKNOWN_REASON), is_unknown=refusal is None)
        if not _looks_like_a_code(self.query.text, code):
            return None
        sentence = why_unknown(self.store, code) if code is not None else complaint or UNKNOWN_REASON
        return replace(self.nothing(sentence), is_unknown=complaint is None)


def _as_code(text: str) -> tuple[str | None, str | None]:
    try:
        return normalise(text), None
    except BadCode as complaint:
        return None, str(complaint)


def _looks_like_a_code(text: str, code: str | None) -> bool:
    """Whether the words for a code that was not found fit better than those for a name or an order."""
    digits = sum(character.isdigit() for character in text)
    return "@" not in text and (digits >= 4 or (code is not None and looks_like_ours(code)))


def _near_misses(count: int) -> str:
    cards = "one is" if count == 1 else f"{count} are"
    return f"No card answers to this code, but {cards} a slip away: confirm with the customer."


def _readable(count: int) -> str:
    cards = "one card" if count == 1 else f"{count} cards"
    return f"What can be read of this code fits {cards}: confirm it with the customer."


def _mended(mended: Mended) -> str | None:
    """That nobody is called as was typed, and how they are called instead."""
    if not mended:
        return None
    typed, meant = ([repr(wording.shortened(word)) for word in words] for words in zip(*mended, strict=True))
    return f"Nobody is called {wording.listed(typed)}; these are called {wording.listed(meant)}."


def with_more(found: Found, more: Found) -> Found:
    """What was found, with its next page behind it; why nothing was, while that holds and once there is no other."""
    lines = found.lines + more.lines
    is_refused = found.is_refused and not lines
    nothing = None if lines or more.next is not None else _NOTHING
    return replace(
        found,
        lines=lines,
        sentence=found.sentence if is_refused else more.sentence or nothing,
        was_tried=found.was_tried and not lines,
        is_refused=is_refused,
        next=more.next,
    )


def with_line_of(
    found: Found,
    card_id: int,
    *,
    status: Status,
    balance_minor: int,
    last_day_on: date | None,
    holder: Person | None,
) -> Found:
    """The same results with one card's line brought up to date, and its holder's name on all lines."""

    def as_now(line: CardLine) -> CardLine:
        if line.card_id == card_id:
            return replace(line, status=status, balance_minor=balance_minor, last_day_on=last_day_on, holder=holder)
        is_theirs = line.holder is not None and holder is not None and line.holder.id == holder.id
        return replace(line, holder=holder) if is_theirs else line

    lines = tuple(as_now(line) for line in found.lines)
    return found if lines == found.lines else replace(found, lines=lines)


def find_exact(store: Store, text: str) -> int | None:
    """The id of the card that answers to a code in any spelling, or None. Raises BadCode."""
    code = normalise(text)
    with faults(store.path), store.database.reading():
        return card_of(store, code)
