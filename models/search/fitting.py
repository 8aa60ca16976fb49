"""Whom some words fit: people by parts of their names and e-mail addresses, looked up in the index of their texts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice, product
from typing import Any, Final

from models.engine import DeskDatabase
from models.rules.words import Sought, looked_up_by, slips, sought, whole, word_of

_ENOUGH: Final = 200
"""So many people are looked at one by one; when a word has more, what is rarer leads to them."""
_WITHIN: Final = 500
"""So many are looked at for an address that a part was typed of from its midst."""
_SAMPLE: Final = 100
_COMMON: Final = 25
"""When one in so many of a sample of those who have the one word has the others too, they are not few."""
_MOST_TEXTS: Final = 2
"""Hardly anybody is found by one word through more texts than so many: a name and an address."""
_FEWEST_ROWS: Final = 400
_MOST_WORDS: Final = 12
_MOST_MENDED: Final = 8
_MOST_WAYS: Final = 12

_LAST: Final = chr(0x10FFFF)
# Counted and not only asked whether there are any: servers make joins of that, and go through everybody.
_TEXT: Final = (
    "(SELECT COUNT(*) FROM customer_text ct JOIN search_text st ON st.id = ct.text_id "
    "WHERE ct.customer_id = {person} AND st.text LIKE ?) > 0"
)
_ADDRESS: Final = (
    "(SELECT COUNT(*) FROM customer ca WHERE ca.id = {person} AND ca.email_key LIKE ? ESCAPE '\\') > 0 OR "
    "(SELECT COUNT(*) FROM customer cm WHERE cm.merged_into_id = {person} AND cm.email_key LIKE ? ESCAPE '\\') > 0"
)
_BEGUN: Final = "SELECT COALESCE(merged_into_id, id) FROM customer WHERE email_key >= ? AND email_key < ? LIMIT ?"

Condition = tuple[str, tuple[Any, ...]]
Way = tuple[Sought, ...]
"""What one person must fit, all of it."""


@dataclass(frozen=True, slots=True)
class Fitting:
    """Whom all of some words fit, each as a part of a name or of an e-mail address of theirs."""

    ways: tuple[Way, ...]
    """Whoever fits one of these fits."""
    few: tuple[int, ...] | None
    """The records of everybody whom they fit, merged ones left out, when these are few; else None."""
    mended: tuple[tuple[str, str], ...] = ()
    """A typed word and a word that it was taken for: nobody fits as typed."""

    def holds(self, person: str) -> Condition:
        """The condition that they fit the person whose record's number an SQL expression gives, and its parameters.

        It looks at that one person only.
        """
        return _all_of([_all_of([_condition(each, person) for each in way], "AND") for way in self.ways], "OR")


def _all_of(conditions: Sequence[Condition], joined_by: str) -> Condition:
    told = f" {joined_by} ".join(f"({condition})" for condition, _ in conditions)
    return f"({told})" if told else "1 = 0", tuple(value for _, params in conditions for value in params)


def _condition(one: Sought, person: str) -> Condition:
    ways: list[Condition] = []
    if one.pattern is not None:
        ways.append((_TEXT.format(person=person), (one.pattern,)))
    if one.address is not None:
        ways.append((_ADDRESS.format(person=person), (_as_part(one.address),) * 2))
    return _all_of(ways, "OR")


def _as_part(address: str) -> str:
    plain = address.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{plain}%"


@dataclass(slots=True)
class Asked:
    """What was asked of single words, for several looks within one transaction that reads."""

    few: dict[Sought, tuple[int, ...] | None] = field(default_factory=dict)
    """The people who fit a thing, None when they are not few."""
    doubtful: set[Sought] = field(default_factory=set)
    """What nobody was found by, though somebody may have it in the midst of an address."""
    near: dict[str, list[str]] = field(default_factory=dict)
    """A typed word -> the words that a slip makes of it."""


def people_fitting(database: DeskDatabase, words: Sequence[str], most: int, asked: Asked | None = None) -> Fitting:
    """Whom all of some words fit, each as a part of a name or of an address; their records when at most so many.

    Case, accents and the order of the words are left aside. When nobody fits as typed, a slip in a word is forgiven:
    a letter too many, too few, another one, or two that changed places. What was asked before is not asked again.
    Within a connection.

    Of two words that very many people have, those who have the one by their name and the other by their address
    alone may be missing from few: they are found by adding a rarer word.
    """
    things = (sought(word) for word in words[:_MOST_WORDS])
    way = tuple(dict.fromkeys(each for each in things if each is not None))
    if not way:
        return Fitting((), ())
    look = _Look(database, most, asked or Asked())
    few = look.people(way)
    if few is None or few:
        return Fitting((way,), few)
    return look.mended(way) or Fitting((way,), ())


class _Look:
    """One look for people."""

    def __init__(self, database: DeskDatabase, most: int, asked: Asked) -> None:
        self._database = database
        self._most = most
        self._known = asked.few
        self._doubtful = asked.doubtful
        self._near = asked.near
        self._firsts: dict[str, tuple[int, ...]] = {}

    def people(self, way: Way) -> tuple[int, ...] | None:
        """Everybody who fits, or None when they are more than few."""
        if len(way) == 1:
            return self._look_up(way[0], self._most)
        few = [self._if_few(one) for one in way]
        if () in few:
            return ()
        rarest = min((ids for ids in few if ids is not None), key=len, default=None)
        if rarest is None:
            return self._among_common(way)
        return self._at_most(self._checked(rarest, way))

    def _at_most(self, ids: Sequence[int], most: int | None = None) -> tuple[int, ...] | None:
        return None if len(ids) > (self._most if most is None else most) else tuple(ids)

    def _if_few(self, one: Sought) -> tuple[int, ...] | None:
        """The people who fit one thing, when they are few enough to be looked at one by one; None when that is not
        known either, for somebody may have it in the midst of an address."""
        if one not in self._known:
            found = self._look_up(one, _ENOUGH)
            self._known[one] = None if one.address is not None and not found else found
            if one.address is not None and found == ():
                self._doubtful.add(one)
        return self._known[one]

    def _look_up(self, one: Sought, most: int) -> tuple[int, ...] | None:
        """Everybody who fits one thing, as far as an index can tell, or None when they are more than so many."""
        found = () if one.pattern is None else self._with_text(one.pattern, most)
        if one.address is None or found is None:
            return found
        begun = self._ids(_BEGUN, (one.address, one.address + _LAST, most + 1))
        if not found and not begun and one.leads:
            # Within addresses, of those whom the most telling letters of it lead to.
            begun = list(self._of_some((max(one.leads, key=len),), _WITHIN, (one,)))
        return self._at_most(tuple(dict.fromkeys((*found, *begun))), most)

    def _among_common(self, way: Way) -> tuple[int, ...] | None:
        """Whom several things fit that many people have each: mostly, all of them are in one name."""
        plain = [one.pattern for one in way if one.address is None and one.pattern is not None]
        if len(plain) + len(self._doubtful & set(way)) < len(way) or not plain:
            return None
        of_one_text = self._first(plain, self._rows(self._most) + 1) if len(plain) == len(way) else []
        some = self._firsts.get(plain[0])
        others = self._of_some(plain[:1], _SAMPLE, way) if some is None else self._checked(some, way)
        if len(others) * _COMMON > _SAMPLE:
            return None
        return self._at_most(tuple(dict.fromkeys((*of_one_text, *others))))

    def _with_text(self, pattern: str, most: int) -> tuple[int, ...] | None:
        """Everybody with a text that a pattern fits, or None when they are more than so many."""
        rows = self._rows(most)
        found = self._first([pattern], rows + 1)
        if len(found) > rows:
            self._firsts[pattern] = tuple(dict.fromkeys(found[:_SAMPLE]))
            return None
        return self._at_most(tuple(dict.fromkeys(found)), most)

    def _rows(self, most: int) -> int:
        """In how many rows so many people are found, each by several texts."""
        return max(most * _MOST_TEXTS, _FEWEST_ROWS)

    def _first(self, patterns: Sequence[str], rows: int) -> list[int]:
        first, given = self._statement(patterns)
        return self._ids(f"SELECT {first} LIMIT ?", (*given, rows))

    def _of_some(self, patterns: Sequence[str], most: int, way: Way) -> tuple[int, ...]:
        """Those who fit of some of the people with a text that patterns fit."""
        some, given = self._statement(patterns)
        fits, params = Fitting((way,), None).holds("s.customer_id")
        sql = f"SELECT s.customer_id FROM (SELECT {some} LIMIT ?) AS s WHERE {fits}"
        return tuple(dict.fromkeys(self._ids(sql, (*given, most, *params))))

    def _statement(self, patterns: Sequence[str]) -> Condition:
        parts = list(dict.fromkeys(part for pattern in patterns for part in looked_up_by(pattern)))
        others = [pattern for pattern in patterns if pattern not in parts]
        # Servers that know the pattern while they plan are led astray by guesses about it.
        fits = [*("p.text LIKE (SELECT CAST(? AS TEXT))" for _ in parts), *("p.text || '' LIKE ?" for _ in others)]
        return f"t.customer_id {self._database.with_texts(' AND '.join(fits))}", (*parts, *others)

    def _checked(self, ids: Sequence[int], way: Way) -> tuple[int, ...]:
        """Those of some people who fit."""
        if not ids:
            return ()
        is_one_of, given = self._database.among("c.id", ids)
        fits, params = Fitting((way,), None).holds("c.id")
        return tuple(self._ids(f"SELECT c.id FROM customer c WHERE {is_one_of} AND {fits}", (*given, *params)))

    def _ids(self, sql: str, params: Sequence[Any]) -> list[int]:
        return [id_ for (id_,) in self._database.execute_sql(sql, params).fetchall()]

    def mended(self, way: Way) -> Fitting | None:
        """Whom the words fit with a slip forgiven in each that nobody has, or in one, when somebody has each."""
        absent = list(way) if len(way) == 1 else [one for one in way if self._if_few(one) == ()]
        for wrong in [absent] if absent else [[one] for one in way]:
            found = self._mended_in(way, wrong)
            if found is not None:
                return found
        return None

    def _mended_in(self, way: Way, wrong: Sequence[Sought]) -> Fitting | None:
        """The same with a slip in each of some words."""
        taken = [[(one, word) for word in self._words_near(one)] for one in wrong]
        ways: dict[Way, tuple[int, ...] | None] = {}
        mended: dict[tuple[str, str], None] = {}
        for instead in islice(product(*taken), _MOST_WAYS):
            words = {one: whole(word) for one, word in instead}
            other = tuple(words.get(one, one) for one in way)
            few = self.people(other)
            if few is None or few:
                ways[other] = few
                mended |= dict.fromkeys((one.typed or "", word) for one, word in instead)
        if not ways:
            return None
        everybody = tuple(dict.fromkeys(id_ for few in ways.values() for id_ in few or ()))
        few = None if None in ways.values() else self._at_most(everybody)
        return Fitting(tuple(ways), few, tuple(mended))

    def _words_near(self, one: Sought) -> list[str]:
        """The words that somebody is found by and that a slip makes of one."""
        if one.typed is None:
            return []
        if one.typed not in self._near:
            is_one_of, given = self._database.among("word", slips(word_of(one.typed)))
            sql = f"SELECT word FROM search_word WHERE {is_one_of} LIMIT ?"
            rows = self._database.execute_sql(sql, (*given, _MOST_MENDED)).fetchall()
            self._near[one.typed] = [word for (word,) in rows]
        return self._near[one.typed]
