"""Whether size matters: a card with very many activities beside one with few, and desks of any size."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from bench.store.engines import bare
from bench.store.subjects import draw
from bench.terminal.contestants import LEAN, at_a_desk, giftdesk
from bench.terminal.figures import Figure, Row, p50, p95, pair, short
from bench.terminal.measuring import started
from lifelong import lengthen

from models import desk
from models.clock import FixedClock
from models.jobs.demo import START, done
from models.locations import place_of
from models.store import open_store
from models.unit import Session

SHORT, LONG = 100, 100_000
_DONE_AT_A_CARD: Final = (
    ("open its card", "enter"),
    ("a row down", "down"),
    ("a page down", "pagedown"),
    ("to the end", "end"),
    ("to the beginning", "home"),
)
_AS_FAST: Final = 1.5
"""Times as long, at most, is the same: so much differs from one run to the next."""
_CARDS: Final = 30
_CARD_MS: Final = 60
READER: Final = "ivy"
"""Who reads everything and changes nothing: a desk that somebody needs is left as it is."""


def measure_histories(folder: Path, times: int, kind: str) -> tuple[list[Row], Sequence[str]]:
    """What is done at a card with a short history and at one with a long one, in turn."""
    each = at_a_desk(folder / "histories", LEAN)
    codes = dict(_long_lived(folder / "histories" / LEAN / "desk.db"))
    taken: dict[str, dict[int, list[float]]] = {what: {SHORT: [], LONG: []} for what, _ in _DONE_AT_A_CARD}
    memory: dict[int, list[float]] = {SHORT: [], LONG: []}
    for _ in range(times):
        for length, code in codes.items():
            line = started(each.words, each.surroundings, kind=kind)
            line.press(*code)
            for what, key in _DONE_AT_A_CARD:
                taken[what][length].append(line.press(key).last_ms or float("nan"))
            memory[length].append(line.memory_mb)
            line.close()
    rows = []
    for what, by_length in taken.items():
        ratio = p50(by_length[LONG]) / p50(by_length[SHORT])
        told = {_named(length): Figure(pair(values, "ms")) for length, values in by_length.items()}
        told[_named(LONG)] = replace(told[_named(LONG)], is_met=ratio <= _AS_FAST)
        rows.append(Row(what, "as fast", told))
    rows.append(Row("memory", "", {_named(length): Figure(f"{p50(each):.0f} MB") for length, each in memory.items()}))
    return rows, [_named(SHORT), _named(LONG)]


def _named(length: int) -> str:
    return f"{length:,} activities"


def _long_lived(path: Path) -> Iterator[tuple[int, str]]:
    store = open_store(path, FixedClock(START))
    session = Session(store, "mia")
    with store.database.connected():
        for length in (SHORT, LONG):
            outcome = done(desk.issue(session, "thanks", 5000))
            assert outcome.card_id is not None
            assert outcome.hand_out is not None
            lengthen(session, outcome.card_id, length)
            yield length, outcome.hand_out.replace(" ", "")


def measure_desks(
    desks: Sequence[tuple[str, Path]], surroundings: Mapping[str, str], kind: str
) -> tuple[list[Row], Sequence[str]]:
    """How soon a desk stands there and shows cards, one after the other, of which the codes lie in a file."""
    rows = [Row("fully working"), Row("typed letter"), Row("card on screen", f"{_CARD_MS} ms")]
    for named, codes in desks:
        with bare(place_of(named)) as engine:
            subjects = draw(engine, codes, _CARDS)
        ready, letters, shown = _gone_through([subject.code for subject in subjects], named, surroundings, kind)
        told = [
            Figure(f"{short(ready)} ms"),
            Figure(pair(letters, "ms")),
            Figure(pair(shown, "ms"), p95(shown) <= _CARD_MS),
        ]
        title = Path(named).stem
        rows = [replace(row, figures={**row.figures, title: figure}) for row, figure in zip(rows, told, strict=True)]
    return rows, [Path(named).stem for named, _ in desks]


def _gone_through(
    codes: Sequence[str], named: str, surroundings: Mapping[str, str], kind: str
) -> tuple[float, list[float], list[float]]:
    """Milliseconds of the start, of some letters, and of the cards."""
    line = started(giftdesk("--db", named, "--as", READER), surroundings, kind=kind)
    letters, shown = [], []
    try:
        ready = line.arrived[-1].at * 1000
        for code in codes:
            letters += [line.press(key).last_ms for key in code[:4]]
            line.press(*code[4:])
            shown.append(line.press("enter").last_ms or float("nan"))
            line.press("f2")
    finally:
        line.close()
    return ready, [each for each in letters if each is not None], shown
