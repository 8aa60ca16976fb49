"""The terms of a line that is typed to find a card: each free word, and each filter with what it takes."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from typing import Final, TypeAlias

from models.rules.errors import BadDate
from models.rules.query_filters import ON, ORDER, STATUS, VIP, Filter, filter_named, likest_name
from models.rules.spans import MOST_WORDS, Days, spelt_days
from models.rules.status import Status
from models.rules.texts import QUOTATION_MARKS, search_key

Statuses: TypeAlias = frozenset[Status]

_TOKEN: Final = re.compile(r'(?:([^\W\d_]+):)?(?:"([^"]*)"|(\S*))')
_QUOTES: Final = str.maketrans(dict.fromkeys(QUOTATION_MARKS, '"'))
_BETWEEN: Final = re.compile(r'[\s,;<>()\[\]{}|"]+')
_AROUND_VALUES: Final = '" ,;'
_SHOWN: Final = 40
_AROUND: Final = "'’‘`:"
_NUMBER_SIGNS: Final = frozenset({"#", "no", "no.", "nr", "nr.", "number"})
_ALSO_CALLED: Final = {
    "canceled": Status.CANCELLED,
    "blocked": Status.SUSPENDED,
    "frozen": Status.SUSPENDED,
    "on hold": Status.SUSPENDED,
    "held": Status.SUSPENDED,
    "not active": Status.INACTIVE,
    "not yet active": Status.INACTIVE,
    "lapsed": Status.EXPIRED,
    "valid": Status.ACTIVE,
    "live": Status.ACTIVE,
}
_STATUS_OF: Final = {status.value: status for status in Status} | _ALSO_CALLED


@dataclass(frozen=True, slots=True)
class Term:
    """A free word, or a filter with what it takes."""

    filter: Filter | None
    """None for a free word; NAME, too, for one that would mean something else."""
    text: str
    """What it takes, as typed; without quotes."""
    meaning: Days | Statuses | None = None
    """The days or statuses that the text spells."""
    complaint: str | None = None
    """Why it can't be understood, in a sentence that shows what to write."""


@dataclass(frozen=True, slots=True)
class _Token:
    name: str
    """What stands before a colon, in the case of filters; empty when nothing does."""
    text: str
    is_quoted: bool
    whole: str
    """With its name."""

    @property
    def goes_on(self) -> bool:
        """Whether it can be a further word of what a filter before it takes."""
        return not self.is_quoted and filter_named(self.name) is None


def closed(line: str) -> str:
    """A line with plain quotation marks, and one more where the last of them is still open."""
    plain = line.translate(_QUOTES)
    return f'{plain}"' if plain.count('"') % 2 else plain


def terms_of(line: str, today: date) -> Iterator[Term]:
    """The terms of a line without line breaks, in their order. Quotes keep words together; a lone one is left away."""
    matches = _TOKEN.finditer(line.translate(_QUOTES))
    tokens = [
        _Token(match[1] or "", match[3] or match[2] or "", match[2] is not None, match[0])
        for match in matches
        if match[0]
    ]
    at = 0
    while at < len(tokens):
        terms, taken = _terms_at(tokens[at:], today)
        yield from terms
        at += taken


def _terms_at(tokens: Sequence[_Token], today: date) -> tuple[list[Term], int]:
    """The terms that tokens begin with, and of how many of them they are made."""
    first = tokens[0]
    named = filter_named(first.name)
    if named is not None:
        term, taken = _filter(named, tokens, today)
        return [term], taken
    if first.is_quoted and not first.name:
        return [Term(None, word) for word in [first.text.strip()] if word], 1
    if first.whole.lower() == VIP.name:
        return [Term(VIP, first.whole)], 1
    if first.name.lower() == VIP.name:
        return [Term(VIP, first.text, complaint=f"{VIP.name} stands alone: it finds the cards {VIP.finds}.")], 1
    likest = likest_name(first.name) if first.name else None
    if likest is not None:
        sentence = f"There is no filter {first.name}:; did you mean {likest}:? In quotes it is plain text."
        return [Term(None, first.text, complaint=sentence)], 1
    if first.whole.lower() == ORDER.name:
        at = 2 if len(tokens) > 2 and tokens[1].whole.lower() in _NUMBER_SIGNS else 1
        if len(tokens) > at and tokens[at].goes_on and any(map(str.isdigit, tokens[at].whole)):
            return [Term(ORDER, tokens[at].whole.strip(",;."))], at + 1
    return [Term(None, word) for word in _words(first.whole)], 1


def _words(text: str) -> Iterator[str]:
    for part in _BETWEEN.split(text.removeprefix("mailto:")):
        word = part.strip(_AROUND)
        if word:
            yield word


def _filter(named: Filter, tokens: Sequence[_Token], today: date) -> tuple[Term, int]:
    """A filter with what it takes: the word at its colon or the one behind, and as many more as spell something."""
    stands_behind = not (tokens[0].text or tokens[0].is_quoted) and len(tokens) > 1
    before = int(stands_behind and (tokens[1].is_quoted or tokens[1].goes_on))
    words = _value(tokens[before:], is_whole=bool(before))
    if not search_key(words[0]):
        sentence = f"After {named.name}: comes {named.takes}, e.g. {named.typed}."
        return Term(named, "", complaint=sentence), 1 + before
    spell = _SPELLERS.get(named.name)
    if spell is None:
        return Term(named, words[0]), 1 + before
    for count in range(len(words), 0, -1):
        text = " ".join(words[:count])
        try:
            meaning = spell(text, today)
        except BadDate as complaint:
            return Term(named, text, complaint=str(complaint)), count + before
        if meaning:
            return Term(named, text, meaning), count + before
    sentence = f"{words[0][:_SHOWN]!r} is not {named.takes}, e.g. {named.typed}."
    return Term(named, words[0], complaint=sentence), 1 + before


def _value(tokens: Sequence[_Token], *, is_whole: bool) -> list[str]:
    """The words that a filter may take, the first of them without what stands at its colon."""
    first = tokens[0]
    words = [first.whole if is_whole and not first.is_quoted else first.text]
    if not first.is_quoted:
        words += [other.whole for other in takewhile(lambda token: token.goes_on, tokens[1:MOST_WORDS])]
    return [word.strip(_AROUND_VALUES) for word in words]


def _spelt_statuses(text: str, _today: date) -> Statuses | None:
    """The statuses that a text spells by their beginnings, with commas between; None when one could be two or none."""
    found = [_status(word) for word in text.split(",")]
    return frozenset(status for status in found if status is not None) if None not in found else None


def _status(text: str) -> Status | None:
    word = search_key(text.replace("-", " "))
    fitting = {status for name, status in _STATUS_OF.items() if word and name.startswith(word)}
    return _STATUS_OF.get(word) or (fitting.pop() if len(fitting) == 1 else None)


_SPELLERS: Final[Mapping[str, Callable[[str, date], Days | Statuses | None]]] = {
    ON.name: spelt_days,
    STATUS.name: _spelt_statuses,
}
