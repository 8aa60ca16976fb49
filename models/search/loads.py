"""Where and when cards were bought or topped up: the places that there are, and the cards of some places and days.

An imported card tells, too, where and when it was sold, unless it came without a date.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final

from models.clock import to_microseconds
from models.engine import DeskDatabase
from models.rules.spans import Days
from models.rules.texts import search_key
from models.rules.validity import BusinessTime
from models.search.traits import Sql, Trait, marks, united

# As the index over them says it.
_KINDS: Final = "kind IN ('issue', 'top_up', 'imported')"
# From one place to the next along the index, however many cards were bought at each.
_PLACES: Final = f"""
    WITH RECURSIVE held (place) AS (
        SELECT MIN(place) FROM activity WHERE {_KINDS} UNION ALL
        SELECT (SELECT MIN(n.place) FROM activity n WHERE n.{_KINDS} AND n.place > held.place) FROM held
        WHERE held.place IS NOT NULL)
    SELECT place FROM held WHERE place IS NOT NULL LIMIT ?
"""
_MOST_PLACES: Final = 10_000
"""Every one is a step along the index, some microseconds each; whoever has more writes something else there."""
_DAY: Final = timedelta(days=1)
_UNDATED: Final = '%"undated":true%'
_HOLDS_ON: Final = (
    " AND n.effective_at + 0 >= ? AND n.effective_at + 0 < ? AND (n.kind <> 'imported' OR NOT n.details LIKE ?)"
)
_LISTED: Final = f"SELECT n.card_id AS id FROM activity n WHERE n.{_KINDS}"
# All of it stands in the index, but whether an import was dated: that its own row tells.
_LISTED_ON: Final = (
    " AND n.effective_at >= ? AND n.effective_at < ? AND (n.kind <> 'imported' OR NOT EXISTS "
    "(SELECT 1 FROM activity d WHERE d.card_id = n.card_id AND d.number = 1 AND d.details LIKE ?))"
)


def places(database: DeskDatabase, most: int = _MOST_PLACES) -> tuple[str, ...]:
    """Every spelling of a place at which a card was bought or topped up, in order; within a connection."""
    return tuple(place for (place,) in database.execute_sql(_PLACES, (most,)).fetchall())


def fitting_places(spellings: Iterable[str], wanted: Sequence[str]) -> tuple[str, ...]:
    """The spellings in which one of these search keys is a part."""
    return tuple(each for each in spellings if any(key in search_key(each) for key in wanted))


def of_loads(at: Sequence[str] | None, on: Days | None, business: BusinessTime, everywhere: Sequence[str]) -> Trait:
    """It was bought or topped up at a place in one of these spellings and on these days of the business, in one go.

    None stands for any place or none, and for any day; the spellings of all places are gone through then.
    """
    days = () if on is None else (business.start_of(on.first), business.start_of(on.last + _DAY))
    bounds = (*map(to_microseconds, days), _UNDATED) if days else ()
    spelt = tuple(everywhere if at is None else at)
    holds = f"n.card_id = g.id AND n.{_KINDS}{_HOLDS_ON if days else ''}"
    if at is not None:
        holds += f" AND n.place || '' IN ({marks(spelt)})"
    listed = [Sql(f"n.place IN ({marks(spelt)})", spelt)] if spelt else []
    nowhere = [Sql("n.place IS NULL")] if at is None else []
    return Trait(
        Sql(f"EXISTS (SELECT 1 FROM activity n WHERE {holds})", (*bounds, *(at or ()))),
        united(
            Sql(f"{_LISTED} AND {where.text}{_LISTED_ON if days else ''}", (*where.params, *bounds))
            for where in (*listed, *nowhere)
        ),
    )
