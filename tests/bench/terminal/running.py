"""The command: what is measured, how often, and the tables of it."""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.terminal import keys_told
from bench.terminal.answers import KINDS
from bench.terminal.contestants import ASCII, FULL, LEAN, NAMES, STOCK_OUTPUT, contestants, opened
from bench.terminal.desks import make_desk, surroundings
from bench.terminal.figures import Row, markdown
from bench.terminal.lasting import measure_burst, measure_idle
from bench.terminal.measuring import Round
from bench.terminal.starts import measure_commands, measure_starts
from bench.terminal.story import measure_story

KEYS, STARTS, COMMANDS, SLOW, IDLE, BURST = PARTS = ("keys", "starts", "commands", "slow-line", "idle", "burst")


@dataclass(frozen=True, slots=True)
class Table:
    """One of the tables that are printed."""

    title: str
    rows: Sequence[Row]
    columns: Sequence[str]

    def __str__(self) -> str:
        return f"{self.title}\n\n{markdown(self.rows, self.columns)}\n"


@dataclass(frozen=True, slots=True)
class Terms:
    """What is measured, and how."""

    parts: Sequence[str] = PARTS
    times: int = 5
    kind: str = "modern"
    """Of terminal."""
    burst_seconds: float = 60.0


def measure(folder: Path, terms: Terms) -> list[Table]:
    """All tables, made at desks of their own below a folder."""
    tables = []
    if KEYS in terms.parts:
        tables += _keys(folder, terms)
    home = folder / "starts"
    home.mkdir()
    _, scenarios = make_desk(home / "desk.db")
    around = surroundings(home, GIFTDESK_PROFILE="lean")
    if STARTS in terms.parts:
        rows, columns = measure_starts({LEAN: opened(home / "desk.db")}, around, terms.times, terms.kind)
        tables.append(Table("Start", rows, columns))
    if COMMANDS in terms.parts:
        rows = measure_commands(home / "desk.db", scenarios[0].code, around, terms.times)
        tables.append(Table("Commands, of the processor", rows, [LEAN]))
    if SLOW in terms.parts:
        tables.append(Table("A call over 9,600 baud, 300 ms there and back", *measure_story(folder, terms.kind)))
    if IDLE in terms.parts:
        tables.append(Table("Left open", *measure_idle(folder, terms.kind)))
    if BURST in terms.parts:
        tables.append(Table("Typed without a pause", *measure_burst(folder, terms.kind, terms.burst_seconds)))
    return tables


def _keys(folder: Path, terms: Terms) -> list[Table]:
    rounds, all_of_them = Round(), contestants(folder)
    for number in range(terms.times):
        print(f"round {number + 1}", file=sys.stderr, flush=True)
        rounds.go(all_of_them, terms.kind)
    return [
        Table("Bytes", keys_told.bytes_of(rounds), NAMES),
        Table("Times", keys_told.times_of(rounds), [LEAN, FULL, ASCII, STOCK_OUTPUT, *NAMES[4:]]),
    ]


def main(arguments: Sequence[str], told: str) -> None:
    """Measure what the command line asks for, and print the tables."""
    asked = _parser(told).parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        tables = measure(Path(folder), Terms(asked.only, asked.repeat, asked.terminal))
    if asked.json:
        asked.json.write_text(json.dumps([asdict(table) for table in tables], indent=1), encoding="utf-8")
    print("\n".join(map(str, tables)))


def _parser(told: str) -> argparse.ArgumentParser:
    about, _, rest = told.partition("\n")
    parser = argparse.ArgumentParser(
        prog="python3 tests/bench/terminal",
        description=about,
        epilog=rest,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--only", nargs="+", choices=PARTS, default=PARTS, help="what to measure (default: all)")
    add("--repeat", type=int, default=5, help="how many rounds (default: 5)")
    add("--terminal", choices=KINDS, default="modern", help="what the terminal answers (default: modern)")
    add("--json", type=Path, help="keep the tables in a file, too")
    return parser
