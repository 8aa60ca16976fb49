"""Finding cards by whatever the customer can tell: a code, its end, an e-mail address, a name, an order."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from peewee import SQL, fn

from models.answering import card_of
from models.card_lines import CardLine, lines_of
from models.errors import faults
from models.near import cards_near, why_unknown
from models.records import Person
from models.rules.codes import ALPHABET, SHORTEST_FOR_NEAR_MISSES, normalise
from models.rules.errors import BadCode
from models.rules.status import Status
from models.rules.texts import email_key, made_safe, search_key
from models.schema import Activity, Customer, GiftCard
from models.standing import status_is
from models.store import Store

MOST: Final = 200
_LONGEST: Final = 254
_MOST_WORDS: Final = 12
_FEW_PEOPLE: Final = 500
_ORDER: Final = re.compile(r"^order\s+", re.IGNORECASE)


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
    """No card answers to the code; these are one slip away. To be confirmed with the customer."""
    sentence: str | None = None
    """Why nothing, or not everything, was found."""
    has_more: bool = False
    is_unknown: bool = False
    """The text is a code, and no card answers to it or to one a slip away."""
    is_refused: bool = False
    """The text is a code, and who asked may look for none."""


def find(store: Store, text: str, status: Status | None = None, *, by_code: bool = True) -> Found:
    """Look for cards. A code in any spelling wins; else its end, an order, an e-mail address or a name.

    A status keeps only the cards that have it now; it leaves a code's own card alone. Without by_code the text is
    taken for anything but a whole code: none is digested.
    """
    wanted = made_safe(text, _LONGEST)
    if not wanted:
        return Found(text, (), sentence="Type a code, its last four, an e-mail address, a name or an order.")
    with faults(store.path), store.database.reading():
        code, complaint = _as_code(wanted)
        if code is not None and by_code:
            exact = card_of(store, code)
            if exact is not None:
                return Found(text, lines_of(store, [exact]), is_exact=True)
        standing = SQL("1 = 1") if status is None else status_is(status, store.now())
        ids, has_more = _by_other_means(wanted, code, standing)
        if ids:
            lines = lines_of(store, ids)
            return Found(text, lines, has_more=has_more, sentence=_capped(has_more))
        if code is not None and by_code:
            lines = lines_of(store, [slip.card_id for slip in cards_near(store, code, MOST)])
            near = tuple(line for line in lines if status is None or line.status is status)
            if near:
                return Found(text, near, are_near_misses=True, sentence=_near_misses(len(near)))
    if by_code and _looks_like_a_code(wanted, code):
        sentence = complaint if code is None else why_unknown(store, code)
        return Found(text, (), sentence=sentence, is_unknown=complaint is None)
    return Found(text, (), sentence=_NOTHING)


_NOTHING: Final = "Nothing is found by that. Check the spelling, or ask for the code, one group at a time."


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


def _near_misses(count: int) -> str:
    cards = "one is" if count == 1 else f"{count} are"
    return f"No card answers to this code, but {cards} a single slip away: confirm it with the customer."


def _as_code(text: str) -> tuple[str | None, str | None]:
    try:
        return normalise(text), None
    except BadCode as complaint:
        return None, str(complaint)


def _looks_like_a_code(text: str, code: str | None) -> bool:
    """Whether the words for a code that was not found fit better than those for a name or an order."""
    if "@" in text or _ORDER.match(text) is not None:
        return False
    digits = sum(character.isdigit() for character in text)
    is_like_ours = code is not None and len(code) >= SHORTEST_FOR_NEAR_MISSES and set(code) <= set(ALPHABET)
    return digits >= 4 or is_like_ours


def _capped(has_more: bool) -> str | None:
    return f"The newest {MOST} of more; add what else the customer can tell." if has_more else None


def _by_other_means(text: str, code: str | None, standing: Any) -> tuple[list[int], bool]:
    conditions: list[Any] = []
    if code is not None and len(code) <= 4:
        conditions.append(GiftCard.last_four == code)
    orders = Activity.select(Activity.card).where(Activity.order_ref.in_([text, _ORDER.sub("", text)]))
    conditions.append(GiftCard.id.in_(orders))
    people = None if _is_no_name(text, code) else people_called(text)
    if people is not None:
        # A merged record leads to the cards of the one that was kept.
        held = Customer.select(fn.COALESCE(Customer.merged_into_id, Customer.id)).where(people)
        # Looking through all names takes longest: once for a few people, and not at all again for nobody.
        rows: Any = held.limit(_FEW_PEOPLE + 1).tuples()
        few = [customer for (customer,) in rows]
        whose = few if len(few) <= _FEW_PEOPLE else held
        roles = (GiftCard.registered_id, GiftCard.recipient_id, GiftCard.purchaser_id)
        conditions += [role.in_(whose) for role in roles if few]
    found: set[tuple[datetime, int]] = set()
    for condition in conditions:
        query = (
            GiftCard.select(GiftCard.changed_at, GiftCard.id)
            .where(condition, standing)
            .order_by(GiftCard.changed_at.desc(), GiftCard.id.desc())
            .limit(MOST + 1)
        )
        found |= {(row.changed_at, row.id) for row in query}
    newest = sorted(found, reverse=True)
    return [card_id for _, card_id in newest[:MOST]], len(newest) > MOST


def _is_no_name(text: str, code: str | None) -> bool:
    """Whether a text that can be a code is hardly a name: parts of names are found by walking through all of them."""
    if code is None or not any(character.isdigit() for character in code):
        return False
    is_one_word = len(text.split()) == 1
    return is_one_word or (len(code) >= SHORTEST_FOR_NEAR_MISSES and _looks_like_a_code(text, code))


def people_called(text: str) -> Any:
    """An expression over customers: a name or e-mail address fits; None when the text can be neither."""
    if "@" in text:
        return Customer.email_key == email_key(text)
    words = search_key(text).split()[:_MOST_WORDS]
    if not any(len(word) >= 2 and not word.isdigit() for word in words):
        return None
    matching = None
    for word in words:
        contains = Customer.name_key.contains(word)
        matching = contains if matching is None else matching & contains
    return matching
