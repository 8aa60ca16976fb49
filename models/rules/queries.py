"""What somebody types to find a card, in one field without modes, understood: words, filters, or a complaint."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from models.rules.codes import LONGEST as LONGEST_CODE
from models.rules.codes import SHORTEST, has_valid_check, normalise
from models.rules.errors import BadCode
from models.rules.query_filters import FILTERS, NAME, ON, ORDER, PLACE, PRODUCT, STATUS, VIP, Filter, filter_named
from models.rules.query_terms import Term, closed, terms_of
from models.rules.spans import Days
from models.rules.status import Status
from models.rules.texts import QUOTATION_MARKS, made_safe, search_key
from models.rules.ways import LONGEST, WAYS
from models.rules.wording import shortened

MOST_WORDS: Final = 12
LINE: Final = 78
"""How many characters a hint, and what was understood, have at most."""

_MOST_READ: Final = 4_000
_SHOWN: Final = 24
_ADDRESS: Final = re.compile(r"[^\s@,;:<>()\[\]\"]+@[^\s@,;:<>()\[\]\"]+\.[^\s@,;:<>()\[\]\"]+")
_OWN: Final = re.compile(r"(?<![0-9A-Za-z])(?=([0-9A-Za-z]{4}(?:[ -]{0,2}[0-9A-Za-z]{4}){3})(?![0-9A-Za-z]))")
_REPLACED: Final = "\ufffd"
_AROUND_CODES: Final = f"{QUOTATION_MARKS}'‘’`<>()[] "


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for: every word and every kind of filter must fit a card."""

    text: str
    """What was typed, made safe, in one line of at most 254 characters."""
    words: tuple[str, ...] = ()
    """Free words as typed, at most 12; quotes keep several together."""
    orders: tuple[str, ...] = ()
    """Alternatives: the numbers of orders."""
    places: tuple[str, ...] = ()
    """Alternatives: where it was bought or topped up, as search keys."""
    days: Days | None = None
    """When it was bought or topped up."""
    statuses: frozenset[Status] = frozenset()
    """Alternatives; empty for any."""
    products: tuple[str, ...] = ()
    """Alternatives: parts of names, or short names, as search keys."""
    is_vip: bool = False
    """Whether the holder's organisation must be a VIP."""
    complaint: str | None = None
    """Why a filter can't be understood, in a sentence that shows what to write; nothing is searched then."""
    told: tuple[str, ...] = ()
    """What each kind of filter was understood as, in words."""
    remark: str | None = None
    """What was left aside of too long a text."""

    @property
    def has_filters(self) -> bool:
        """Whether anything but free words is asked for."""
        return bool(self.orders or self.places or self.days or self.statuses or self.products or self.is_vip)

    @property
    def as_code(self) -> str:
        """The whole text as it is read as a code, without what a pasted one stands in; nothing beside a filter."""
        return "" if self.has_filters else self.text.strip(_AROUND_CODES)

    @property
    def understood(self) -> str:
        """What is looked for, in one line: name or e-mail: ada · bought in Leeds · May 2026."""
        return _in_one_line([*([self.remark] if self.remark else []), *_words_told(self.words), *self.told])


def read_query(text: str, today: date) -> Query:
    """What a text means on a day in the business zone; whatever it is, nothing is raised.

    Of several lines, and of more than 12 words, an e-mail address among them is all that is looked for: it tells
    most of a pasted signature. Without one it is the first line, and the first words.
    """
    lines = _lines(text)
    terms = tuple(terms_of(lines[0][:LONGEST], today)) if lines else ()
    words, remark = _words_of(terms, lines)
    days, complaint = _days_of(terms)
    statuses = frozenset(status for term in terms if isinstance(term.meaning, frozenset) for status in term.meaning)
    places, products = _texts(terms, PLACE), _texts(terms, PRODUCT)
    orders = _texts(terms, ORDER)
    is_vip = any(term.filter is VIP for term in terms)
    return Query(
        " ".join(lines)[:LONGEST].strip(),
        words,
        orders=tuple(dict.fromkeys(number for order in orders for number in (order, order.removeprefix("#")))),
        places=tuple(dict.fromkeys(map(search_key, places))),
        days=days,
        statuses=statuses,
        products=tuple(dict.fromkeys(map(search_key, products))),
        is_vip=is_vip,
        complaint=next((term.complaint for term in terms if term.complaint), complaint),
        told=(
            *_alternatives("order", orders),
            *_alternatives("bought in", places),
            *([str(days)] if days else []),
            *_alternatives("", [status.value for status in Status if status in statuses]),
            *_alternatives("product", products),
            *(["VIP"] if is_vip else []),
        ),
        remark=remark,
    )


def line_of(arguments: Sequence[str]) -> str:
    """What is typed, from the arguments of a command line: its shell has taken the quotes away.

    An argument that begins with a filter of one word and has blanks, but neither quotes nor a further colon, is that
    filter with all that follows.
    """
    return " ".join(_quoted(argument) for argument in arguments)


def _quoted(argument: str) -> str:
    name, colon, value = argument.partition(":")
    is_whole = colon and " " in value.strip() and not set(value) & {":", *QUOTATION_MARKS}
    return f'{name}:"{value}"' if is_whole and filter_named(name) in (PLACE, PRODUCT, ORDER, NAME) else argument


def pasted(text: str) -> str:
    """What a pasted text puts into the field, in one line.

    A code of ours that stands in it. Else of several lines: all of a code that is spread over them, else an e-mail
    address, else the first.
    """
    lines = _lines(text)
    whole = " ".join(lines)
    code = _own_code(whole)
    if code is not None:
        return code
    address = _ADDRESS.search(whole) if len(lines) > 1 else None
    if address is not None:
        return address[0].rstrip(".")[:LONGEST]
    return (whole if _is_code(whole) else "".join(lines[:1]))[:LONGEST].strip()


def hint(text: str, today: date) -> str:
    """Help for what is being typed, in one line: about the filter at the end, else what the filters are understood as.

    It does not repeat free words, so that the line stays as it is while they are typed. Only a complaint can be longer
    than the line.
    """
    lines = _lines(text)
    typed = closed(lines[0][:LONGEST]) if lines else ""
    is_ended = not lines or (text[-1:].isspace() and typed == lines[0])
    terms = [*terms_of(typed, today)]
    at_end = _filter_at_end(terms, is_ended=is_ended)
    if at_end is not None:
        return at_end.help
    if terms and terms[-1].filter is VIP and not is_ended:  # it can be the beginning of a name
        typed = typed[: -len(terms[-1].text)]
    query = read_query(typed, today)
    return query.complaint or _in_one_line(query.told) or WAYS


def _filter_at_end(terms: Sequence[Term], *, is_ended: bool) -> Filter | None:
    """The filter that is being typed, the terms before it being in order; None when none is."""
    *before, last = terms or [Term(None, "")]
    if not is_ended and last.filter is None and before and before[-1].filter in (ON, STATUS) and before[-1].complaint:
        *before, last = before  # the word at the end can become a part of what the filter takes
    if last.filter not in FILTERS or any(term.complaint for term in before):
        return None
    is_spelt = last.complaint is None and (is_ended or (last.meaning is not None and " " in last.text))
    return None if is_spelt else last.filter


def _own_code(text: str) -> str | None:
    """The one code that giftdesk could have made among other words, in groups or in one piece; None for several."""
    found = [match[1] for match in _OWN.finditer(text) if has_valid_check(normalise(match[1]))]
    return found[0] if len(found) == 1 else None


def _is_code(text: str) -> bool:
    """Whether a text is a code rather than a name: its length is a code's, and it has a digit."""
    try:
        code = normalise(text.strip(_AROUND_CODES))
    except BadCode:
        return False
    return SHORTEST <= len(code) <= LONGEST_CODE and any(map(str.isdigit, code))


def _lines(text: str) -> list[str]:
    """The lines of a text that hold anything, made safe, with single blanks."""
    safe = (made_safe(line, _MOST_READ).replace(_REPLACED, " ") for line in text[:_MOST_READ].splitlines())
    return [line for line in (" ".join(line.split()) for line in safe) if line]


def _words_of(terms: Sequence[Term], lines: Sequence[str]) -> tuple[tuple[str, ...], str | None]:
    """The free words, and what was left aside of what was typed."""
    typed = tuple(dict.fromkeys(term.text for term in terms if term.filter in (None, NAME) and term.text))
    words = tuple(word for word in typed if any(map(str.isalnum, word))) or typed
    if len(lines) > 1 or len(words) > MOST_WORDS:
        address = _ADDRESS.search(" ".join(lines))
        if address is not None:
            return (address[0].rstrip("."),), "only the address of all that"
    if len(words) > MOST_WORDS:
        return words[:MOST_WORDS], f"only the first {MOST_WORDS} words"
    if len(lines) > 1:
        return words, "only the first line"
    return words, f"only the first {LONGEST} characters" if lines and len(lines[0]) > LONGEST else None


def _days_of(terms: Sequence[Term]) -> tuple[Days | None, str | None]:
    """The days that all spans have in common; a complaint when there are several without one."""
    spans = [term.meaning for term in terms if isinstance(term.meaning, Days)]
    days: Days | None = None
    for span in spans:
        days = span if days is None else days.common(span)
        if days is None:
            return spans[0], f"{spans[0]} and {span} have no day in common; leave one {ON.name}: away."
    return days, None


def _texts(terms: Sequence[Term], kind: Filter) -> tuple[str, ...]:
    return tuple(dict.fromkeys(term.text for term in terms if term.filter is kind and term.complaint is None))


def _alternatives(what: str, texts: Sequence[str]) -> list[str]:
    """What one kind of filter asks for, in words; nothing when it is not there."""
    said = " or ".join(shortened(text, _SHOWN) for text in texts)
    return [f"{what} {said}".strip()] if said else []


def _words_told(words: Sequence[str]) -> list[str]:
    addresses = [word for word in words if "@" in word]
    numbers = [word for word in words if "@" not in word and any(map(str.isdigit, word))]
    names = [f'"{word}"' if " " in word else word for word in words if word not in addresses and word not in numbers]
    kinds = (("name or e-mail:", names), ("e-mail:", addresses), ("last four, order or e-mail:", numbers))
    return [f"{kind} {' '.join(shown)}" for kind, shown in kinds if shown]


def _in_one_line(parts: Sequence[str]) -> str:
    return shortened(" · ".join(parts), LINE)
