"""The cards of a bulk on their way back: what it wrote on each and what came since, read for the rules to judge."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from models.bulks.judging import Given, Judged, kept_people, read_cards
from models.rules.bulk import Skip
from models.rules.bulk_deeds import Deed
from models.rules.bulk_undoing import Written, as_written, undoing_of
from models.rules.journal import Kind
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
    done: Mapping[int, list[Written]] = {each.card_id: [] for each in given}
    since: dict[int, list[Written]] = {each.card_id: [] for each in given}
    ids = [each.card_id for each in given]
    query = _WRITTEN.format(marks=", ".join("?" * len(ids)))
    for card_id, number, kind, amount, details, last in store.database.execute_sql(query, (bulk_id, *ids)):
        written = as_written(number, kind, amount, details)
        of = done if number <= last and _is_of(written, bulk_id) else since
        of[card_id].append(written)
    done = _to_kept_people(store, done)
    judged: list[Judged] = []
    if only_done:
        given = [each for each in given if done[each.card_id]]
    if not given:
        return judged
    for each, card, seen in read_cards(store, given, own):
        by_it = done[each.card_id]
        verdict = (
            undoing_of(by_it, since[each.card_id], seen, deed.reason, deed.about, now, store.business)
            if by_it
            else Skip.TOUCHED
        )
        judged.append(Judged(each, card, verdict))
    return judged


def _is_of(written: Written, bulk_id: int) -> bool:
    """Whether a bulk wrote it: the chain bears that out, whatever a list says that somebody changed by another tool.

    The breakage that it books first, where no expiry run has, bears no bulk and is not reversed.
    """
    return written.kind is Kind.BREAKAGE or written.details.get("bulk") == bulk_id


def _to_kept_people(store: Store, done: Mapping[int, list[Written]]) -> Mapping[int, list[Written]]:
    """What was written, with the kept record of a former holder who was merged since."""
    kept = kept_people(store, (_former_holder(each) for some in done.values() for each in some))
    return {card_id: [_leading_on(each, kept) for each in some] for card_id, some in done.items()} if kept else done


def _former_holder(written: Written) -> int | None:
    holder = written.details.get("was", {}).get("registered")
    return holder if isinstance(holder, int) else None


def _leading_on(written: Written, kept: Mapping[int, int]) -> Written:
    holder = _former_holder(written)
    if holder is None or holder not in kept:
        return written
    return replace(written, details={**written.details, "was": {"registered": kept[holder]}})
