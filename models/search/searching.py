"""The two ways of searching: the cards on a list, or those that changed last, one after the other.

Both bring a true beginning of the answer in its order, newest activity first, and tell where to go on from.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final, NamedTuple

from models.engine import DeskDatabase
from models.search.traits import Trait

MOST_LISTED: Final = 50_000
"""Of a list that is longer no card is read: a tenth of a second goes by for so many."""
WALKED: Final = 1_000
"""Cards that one page of a walk looks at: with people some milliseconds; whoever lists them reads on by themselves."""


class Key(NamedTuple):
    """Where a card stands in the answer; behind it the next page begins."""

    changed_at: int
    """When its latest activity was recorded, microseconds UTC."""
    card_id: int


@dataclass(frozen=True, slots=True)
class Page:
    """Some cards of an answer."""

    ids: tuple[int, ...]
    """Newest activity first."""
    next: Key | None
    """Behind it there may be more."""

    @property
    def is_empty(self) -> bool:
        """Nothing was found, and nothing is left to look at."""
        return not self.ids and self.next is None


_BEFORE: Final = "(g.changed_at + 0, g.id) < (?, ?)"
# Grouped, not distinct: read in the order of their ids, neighbours come from the same page of the file.
_LISTED: Final = """
    WITH l (id) AS MATERIALIZED (SELECT id FROM ({listed}) AS any_of LIMIT ?)
    SELECT COUNT(*), 0 FROM l UNION ALL
    SELECT * FROM (
        SELECT g.changed_at, g.id FROM (SELECT id FROM l GROUP BY id) AS u CROSS JOIN gift_card g
        WHERE (SELECT COUNT(*) FROM l) <= ? AND g.id = u.id AND {holds}
        ORDER BY g.changed_at + 0 DESC, g.id DESC LIMIT ?) AS newest
"""
_FLOOR: Final = "SELECT changed_at, id FROM gift_card g {behind} ORDER BY changed_at DESC, id DESC LIMIT 1 OFFSET ?"
_WALKED: Final = """
    SELECT g.changed_at, g.id FROM gift_card g WHERE {holds} ORDER BY g.changed_at DESC, g.id DESC LIMIT ?
"""


def newest(database: DeskDatabase, traits: Sequence[Trait], after: Key | None, most: int) -> Page:
    """The cards that are all of something, newest activity first, at most so many behind a key; within a connection."""
    for trait in _to_list(database, traits):
        page = _listed(
            database, trait, [each for each in traits if each is not trait or each.lists_others], after, most
        )
        if page is not None:
            return page
    return _walked(database, traits, after, most)


def _to_list(database: DeskDatabase, traits: Sequence[Trait]) -> list[Trait]:
    """What to begin with: what few cards are, else what the fewest are; nothing when that are too many."""
    few = [trait for trait in traits if trait.is_few and trait.listed is not None]
    many = [trait for trait in traits if not trait.is_few and trait.listed is not None]
    if few or not many:
        return few
    counts = [f"(SELECT COUNT(*) FROM (SELECT 1 FROM ({t.listed.text}) AS a LIMIT ?) AS b)" for t in many if t.listed]
    params = chain.from_iterable((*trait.listed.params, MOST_LISTED + 1) for trait in many if trait.listed)
    counted = database.execute_sql(f"SELECT {', '.join(counts)}", tuple(params)).fetchone()
    fewest, place = min((count, place) for place, count in enumerate(counted))
    return [many[place]] if fewest <= MOST_LISTED else []


def _listed(database: DeskDatabase, trait: Trait, asked: Sequence[Trait], after: Key | None, most: int) -> Page | None:
    """The page from a list, of the cards on it that are all that is asked for; None when the list is too long."""
    assert trait.listed is not None
    conditions = [each.holds.text for each in asked]
    params: list[Any] = [*trait.listed.params, MOST_LISTED + 1, MOST_LISTED]
    params += chain.from_iterable(each.holds.params for each in asked)
    if after is not None:
        conditions.append(_BEFORE)
        params += after
    sql = _LISTED.format(listed=trait.listed.text, holds=" AND ".join(conditions) or "1 = 1")
    rows = database.execute_sql(sql, (*params, most + 1)).fetchall()
    (count,) = (count for count, card_id in rows if card_id == 0)
    return None if count > MOST_LISTED else _page([Key(*row) for row in rows if row[1] != 0], most, None)


def _walked(database: DeskDatabase, traits: Sequence[Trait], after: Key | None, most: int) -> Page:
    """The page from a walk along the newest activity."""
    behind = "WHERE (changed_at, id) < (?, ?)" if after is not None else ""
    floor = database.execute_sql(_FLOOR.format(behind=behind), (*(after or ()), WALKED - 1)).fetchone()
    conditions = [trait.holds.text for trait in traits]
    params: list[Any] = [*chain.from_iterable(trait.holds.params for trait in traits)]
    for sign, key in ((">=", floor), ("<", after)):
        if key is not None:
            conditions.append(f"(g.changed_at, g.id) {sign} (?, ?)")
            params += key
    sql = _WALKED.format(holds=" AND ".join(conditions) or "1 = 1")
    rows = database.execute_sql(sql, (*params, most + 1)).fetchall()
    return _page([Key(*row) for row in rows], most, Key(*floor) if floor is not None else None)


def _page(keys: Sequence[Key], most: int, floor: Key | None) -> Page:
    shown = sorted(keys, reverse=True)[:most]
    ids = tuple(key.card_id for key in shown)
    return Page(ids, shown[-1] if len(keys) > most else floor)
