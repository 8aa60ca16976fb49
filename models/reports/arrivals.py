"""When the cards of an import came to this desk: their journals may tell of another one's days.

What another desk wrote down keeps its dates. The audit of the import tells which cards each of its
transactions brought.
"""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any, Final

from models.engine import DeskDatabase
from models.fields import stored_json
from models.reports.past import Told

_IMPORTS: Final = (
    "SELECT recorded_at, action, after FROM audit WHERE subject >= 'import:' AND subject < 'import;' "
    "ORDER BY subject, number"
)


class Arrivals:
    """When cards came, by their record numbers. Instants are microseconds UTC."""

    def __init__(self, database: DeskDatabase) -> None:
        """Read what the imports tell; within a connection."""
        self._stretches: list[tuple[int, int, int]] = []
        self._older: list[int] = []
        for recorded_at, action, after in database.execute_sql(_IMPORTS):
            told: Any = stored_json(after) or {}
            first, last = told.get("first_card"), told.get("last_card")
            if isinstance(first, int) and isinstance(last, int):
                self._stretches.append((first, last, recorded_at))
            elif action == "import" and told.get("format") == "giftdesk":
                self._older.append(recorded_at)
        self._stretches.sort()
        self._older.sort()

    def noted(self, card_id: int) -> int | None:
        """When a card came, where an import noted it."""
        place = bisect_right(self._stretches, card_id, key=lambda stretch: stretch[0])
        if not place:
            return None
        _, last, at = self._stretches[place - 1]
        return at if card_id <= last else None

    def of(self, brought: Sequence[Told]) -> int:
        """When the activities came that an import brought of one card.

        An import that did not note its cards brought them the first time that it can have: after the last of them.
        """
        here = next((told.recorded_at for told in brought if not told.is_of_another_desk), None)
        if here is not None:
            return here
        noted = self.noted(brought[0].card_id)
        if noted is not None:
            return noted
        newest = max(told.recorded_at for told in brought)
        return next((at for at in self._older if at >= newest), newest)
