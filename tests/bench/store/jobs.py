"""What goes through all cards: verification and the expiry run, beside the engine alone and beside a till."""

import time
from collections.abc import Iterator
from pathlib import Path

from bench.store.copies import copied
from bench.store.engines import Engine, bare
from bench.store.figures import Figure, at_most, p50, p99, rate, share
from bench.store.measuring import Watch
from bench.store.tills import LATER, at_the_till

from models.clock import FixedClock, to_microseconds
from models.jobs.expire import expire
from models.jobs.sample_lives import END
from models.jobs.verify import verify
from models.locations import Place
from models.store import Store, open_store
from models.unit import Session

_BATCH = 1_000
_TILL_MS = 20.0
_DUE = "balance_minor > 0 AND cancelled_at IS NULL AND cut_off_at <= ?"
_NEVER_DUE = (
    "SELECT id FROM gift_card WHERE balance_minor > 1000 AND last_day_on IS NULL AND suspended_at IS NULL "
    "AND cancelled_at IS NULL"
)


def verification(store: Store, watch: Watch) -> Figure:
    """Activities in a second."""
    started = watch()
    report = verify(store)
    return rate("verify, activities", report.activities / (watch() - started), 80_000)


def expiry(place: Place, folder: Path, watch: Watch, seconds: float) -> Iterator[Figure]:
    """The run beside the engine alone, and then with a till at work that is watched for some seconds before."""
    with copied(place, folder, "first") as first, copied(place, folder, "second") as second:
        yield share("expiry, cards", *_side_by_side(first, second, watch), 0.5)
    with copied(place, folder, "first") as first:
        yield from _beside_a_till(first, seconds)


def _side_by_side(bare_copy: Place, ours: Place, watch: Watch) -> tuple[float, float]:
    """Cards in a second of the run, and of the engine alone: slice by slice in turn, for the same luck."""
    with bare(bare_copy) as raw:
        sets, alone, cards = _without_chain(raw), 0.0, 0

        def go_on(done: int, due: int) -> None:
            nonlocal alone, cards
            if done >= min(cards + _BATCH, due):
                started = watch()
                cards += next(sets, 0)
                alone += watch() - started

        store = open_store(ours, FixedClock(END + LATER))
        started = watch()
        done = expire(Session(store, "kit"), is_sure=True, on_progress=go_on).cards
        took = watch() - started - alone
    return done / took, cards / alone


def _without_chain(raw: Engine) -> Iterator[int]:
    """The engine alone breaks what is due, set by set in the order of the ids, sealing nothing; cards in each set."""
    at = to_microseconds(END + LATER)
    due = [id_ for (id_,) in raw.rows(f"SELECT id FROM gift_card WHERE {_DUE} ORDER BY id", at)]
    which = f"id BETWEEN ? AND ? AND {_DUE}"
    for first in range(0, len(due), _BATCH):
        low, high = due[first], due[min(first + _BATCH, len(due)) - 1]
        raw.run(raw.begin)
        raw.run(
            "INSERT INTO activity (card_id, number, kind, amount_minor, balance_after_minor, effective_at, "
            "recorded_at, actor_id, actor_name, details, format, mac) SELECT id, head_number + 1, 'breakage', "
            f"-balance_minor, 0, cut_off_at, ?, 1, 'bare', '{{}}', 1, head_mac FROM gift_card WHERE {which}",
            *(at, low, high, at),
        )
        raw.run(
            "UPDATE gift_card SET broken_minor = balance_minor, balance_minor = 0, head_number = head_number + 1, "
            f"last_money_number = head_number + 1, changed_at = ? WHERE {which}",
            *(at, low, high, at),
        )
        raw.run("COMMIT")
        yield min(_BATCH, len(due) - first)


def _beside_a_till(place: Place, seconds: float) -> Iterator[Figure]:
    """How long a till waits while the run is at work."""
    store = open_store(place, FixedClock(END + LATER))
    with store.database.connected():
        cards = [id_ for (id_,) in store.database.execute_sql(_NEVER_DUE)]
    alone = at_the_till(place, cards, seconds / 3, lambda: time.sleep(seconds))
    meanwhile = at_the_till(place, cards, seconds / 3, lambda: expire(Session(store, "kit"), is_sure=True))
    longest = min(_TILL_MS, 10 * p50(alone))
    yield Figure("till alone, p99", "ms", p99(alone), "")
    yield at_most("till during the run, p99", p99(meanwhile), round(longest, 1), "ms")
    yield at_most("till during the run, longest", max(meanwhile), _TILL_MS, "ms")
