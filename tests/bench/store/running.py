"""The command: which desks are measured, in a process of their own each, and what of them."""

import argparse
import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from bench.grammar import grammar
from bench.store.engines import Engine, bare
from bench.store.figures import Column, Figure, at_most, latency, markdown, rate
from bench.store.jobs import expiry, verification
from bench.store.lookups import LookUps
from bench.store.measuring import Watch, measure_look_up, milliseconds, queries
from bench.store.subjects import draw

from models.clock import FixedClock
from models.jobs.sample import make_sample
from models.jobs.sample_lives import END
from models.locations import place_of
from models.sheets import card_sheet
from models.store import Store, open_store
from models.unit import Session
from models.worklists import WORKLISTS, cards_on, counts

LOOK_UPS, WORK, VERIFY, EXPIRY = PARTS = ("look-ups", "worklists", "verify", "expiry")
_LIST_OPENS_MS = 100.0


@dataclass(frozen=True, slots=True)
class Terms:
    """What is measured, and how."""

    parts: tuple[str, ...] = PARTS
    look_ups: int = 400
    tries: int = 1
    is_cpu: bool = False
    till_seconds: float = 3.0
    folder: Path | None = None
    """Where copies of a file are made, for the expiry run."""

    @property
    def watch(self) -> Watch:
        """What seconds are read from."""
        return time.process_time if self.is_cpu else time.perf_counter


def measure(named: str, codes: Path, terms: Terms) -> Column:
    """All figures of one desk, each told as it comes."""
    place = place_of(named)
    store = open_store(place, FixedClock(END))
    engine = "file" if isinstance(place, Path) else "server"
    with store.database.connected(), bare(place) as alone:
        ((cards,),) = alone.rows("SELECT COUNT(*) FROM gift_card")
        figures = [*_told(_figures(store, alone, codes, terms))]
    store.database.let_go()
    if EXPIRY in terms.parts:
        with tempfile.TemporaryDirectory(dir=terms.folder) as folder:
            figures += _told(expiry(place, Path(folder), terms.watch, terms.till_seconds))
    return Column(f"{engine}, {_in_short(cards)}", engine, cards, tuple(figures))


def _told(figures: Iterator[Figure]) -> Iterator[Figure]:
    for figure in figures:
        print(f"  {figure.what}: {figure.told}", file=sys.stderr, flush=True)
        yield figure


def _figures(store: Store, engine: Engine, codes: Path, terms: Terms) -> Iterator[Figure]:
    session = Session(store, "sam")
    if LOOK_UPS in terms.parts:
        subjects = draw(engine, codes, terms.look_ups * 3)
        for look_up in LookUps(session, engine, subjects, terms.look_ups):
            yield measure_look_up(engine, look_up, terms.watch, terms.tries)
        first = subjects[0].card_id
        yield at_most("queries of a card sheet", queries(store.database, lambda: card_sheet(session, first)), 4)
        yield Figure("memory at most", "MB", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "")
    if WORK in terms.parts:
        times = max(terms.look_ups // 4, 1)
        for each in WORKLISTS:
            taken = milliseconds(terms.watch, partial(cards_on, store, each), times)
            yield latency(f"worklist {each.name}", taken, (), _LIST_OPENS_MS)
        yield latency(
            "counts of all worklists", milliseconds(terms.watch, partial(counts, store), times), (), _LIST_OPENS_MS
        )
    if VERIFY in terms.parts:
        yield verification(store, terms.watch)


def _in_short(cards: int) -> str:
    return f"{cards / 1_000_000:g} M" if cards >= 1_000_000 else f"{cards:,}"


def made(folder: Path, cards: int) -> tuple[str, Path, Figure]:
    """A sample desk, its codes, and how fast it was made."""
    path, codes = folder / "sample.db", folder / "sample.csv"
    with codes.open("w", encoding="ascii") as lines:

        def keep(code: str, card_id: int) -> None:
            print(code, card_id, sep=",", file=lines)

        started = time.perf_counter()
        make_sample(path, cards, 1, on_code=keep)
        took = time.perf_counter() - started
    return str(path), codes, rate("sample, cards", cards / took, 8_000)


def _apart(named: str, codes: Path, terms: Terms) -> Column:
    """The figures of a desk, from a process of its own: nothing is warm that it did not warm, and its memory is its."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(measure, named, codes, terms).result()


def main(arguments: Sequence[str], told: str) -> None:
    """Measure what the command line names, and print the table."""
    asked = _parser(told).parse_args(arguments)
    terms = Terms(tuple(asked.only), asked.look_ups, asked.tries, asked.cpu, folder=asked.folder)
    columns = []
    for named, codes in asked.desk or ():
        print(named, file=sys.stderr)
        columns.append(_apart(named, Path(codes), terms))
    if not columns:
        with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
            named, codes, _ = made(Path(folder), asked.cards)
            columns.append(_apart(named, codes, terms))
    if asked.json:
        asked.json.write_text(json.dumps([asdict(column) for column in columns], indent=1), encoding="utf-8")
    print(markdown(columns))


def _parser(told: str) -> argparse.ArgumentParser:
    parser = grammar("store", told)
    add = parser.add_argument
    add("--cards", type=int, default=1_000_000, help="how many cards to make otherwise (default: 1,000,000)")
    add("--only", nargs="+", choices=PARTS, default=PARTS, help="what to measure (default: all)")
    add("--look-ups", type=int, default=400, help="how many of each kind (default: 400)")
    add("--tries", type=int, default=1, help="how often each is made; the shortest counts (default: 1)")
    add("--cpu", action="store_true", help="take the processor's time")
    add("--folder", type=Path, help="where to work; the expiry run needs room for two copies of a desk")
    return parser
