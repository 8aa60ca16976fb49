"""The cards of a bulk on their way back: what it wrote on each and what came since, read for the rules to judge."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from models.bulks.judging import Given, Judged, read_cards
from models.rules.bulk import Skip
from models.rules.bulk_deeds import Deed
from models.rules.bulk_undoing import Written, as_written, undoing_of
from models.store import Store

_WRITTEN: Final = """
    SELECT a.card_id, a.number, a.kind, a.amount_minor, a.details, b.last_number
    FROM bulk_card b JOIN activity a ON a.card_id = b.card_id AND a.number >= b.first_number
    WHERE b.bulk_id = ? AND b.card_id IN ({marks}) ORDER BY a.card_id, a.number
"""


def undone(
    store: Store,
    bulk_id: int,
    deed: Deed,
    given: Sequence[Given],
    own: frozenset[int],
    now: datetime,
    *,
    only_done: bool = False,
) -> list[Judged]:
    """What puts cards back at an instant (UTC) to what they were before a bulk; within a transaction.

    Cards on its list that it left as they were are left out, where only those are wanted that it has changed.
    """
    done: dict[int, list[Written]] = {each.card_id: [] for each in given}
    since: dict[int, list[Written]] = {each.card_id: [] for each in given}
    ids = [each.card_id for each in given]
    query = _WRITTEN.format(marks=", ".join("?" * len(ids)))
    for card_id, number, kind, amount, details, last in store.database.execute_sql(query, (bulk_id, *ids)):
        of = done if number <= last else since
        of[card_id].append(as_written(number, kind, amount, details))
    judged: list[Judged] = []
    if only_done:
        given = [each for each in given if done[each.card_id]]
    if not given:
        return judged
    for each, card, seen in read_cards(store, given, own):
        written = done[each.card_id]
        verdict = (
            undoing_of(written, since[each.card_id], seen, deed.reason, deed.about, now, store.business)
            if written
            else Skip.TOUCHED
        )
        judged.append(Judged(each, card, verdict))
    return judged
