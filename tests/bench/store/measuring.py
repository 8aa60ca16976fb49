"""How long things take: our own functions and the engine alone in turn, each with the same luck."""

from collections.abc import Callable
from typing import Any

from bench.store.engines import Engine
from bench.store.figures import Figure, latency
from bench.store.lookups import LookUp, is_right

from models.engine import DeskDatabase

Watch = Callable[[], float]


def measure_look_up(engine: Engine, look_up: LookUp, watch: Watch, tries: int) -> Figure:
    """All its tries, when each was made once to warm up. Of a few times, the shortest of each counts."""
    wrong = 0
    for each in look_up.tries:
        wrong += not is_right(look_up.ours(each.asked), each.card_id)
        engine.rows(each.raw[0], *each.raw[1])
    ours, raw = [], []
    for each in look_up.tries:
        asked, (sql, params) = each.asked, each.raw
        ours.append(min(_milliseconds(watch, look_up.ours, asked) for _ in range(tries)))
        raw.append(min(_milliseconds(watch, engine.rows, sql, *params) for _ in range(tries)))
    return latency(look_up.what, ours, raw, look_up.goal_ms, wrong)


def _milliseconds(watch: Watch, work: Callable[..., object], *asked: Any) -> float:
    started = watch()
    work(*asked)
    return (watch() - started) * 1000


def milliseconds(watch: Watch, work: Callable[[], object], times: int) -> list[float]:
    """How long something takes, again and again, after a tenth of the times to warm up."""
    for _ in range(times // 10):
        work()
    return [_milliseconds(watch, work) for _ in range(times)]


def queries(database: DeskDatabase, work: Callable[[], object]) -> int:
    """How many SELECTs some work asks for."""
    asked: list[str] = []
    hooks = database.query_hooks
    hooks.append(note := lambda event: asked.append(event.sql))
    try:
        work()
    finally:
        hooks.remove(note)
    return sum(sql.lstrip().upper().startswith("SELECT") for sql in asked)
