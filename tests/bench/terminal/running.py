"""The command: what is measured, how often, and the tables of it."""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from bench.grammar import grammar
from bench.terminal import keys_told
from bench.terminal.answers import KINDS
from bench.terminal.contestants import ASCII, FULL, LEAN, NAMES, STOCK_OUTPUT, contestants, opened
from bench.terminal.desks import make_desk, surroundings
from bench.terminal.figures import Row, markdown
from bench.terminal.lasting import measure_burst, measure_idle
from bench.terminal.measuring import Round
from bench.terminal.sizes import measure_desks, measure_histories
from bench.terminal.starts import measure_commands, measure_starts
from bench.terminal.story import measure_story

KEYS, STARTS, COMMANDS, SLOW, IDLE, BURST, HISTORIES = PARTS = (
    *("keys", "starts", "commands"),
    *("slow-line", "idle", "burst", "histories"),
)


@dataclass(frozen=True, slots=True)
class Table:
    """One of the tables that are printed."""

    title: str
    rows: Sequence[Row]
    columns: Sequence[str]

    def __str__(self) -> str:
        return f"{self.title}\n\n{markdown(self.rows, self.columns)}\n"


_README: Final = Path(__file__).parents[3] / "README.md"
_BEGINS: Final = "<!-- benchmark: python tests/bench/terminal -->\n"
_ENDS: Final = "<!-- end of benchmark of the terminal -->"


def put_into_readme(tables: Sequence[Table], readme: Path = _README) -> None:
    """Put tables in the place of those that stand there."""
    before, begins, rest = readme.read_text(encoding="utf-8").partition(_BEGINS)
    _, ends, after = rest.partition(_ENDS)
    assert begins
    assert ends
    told = "\n".join(map(str, tables))
    readme.write_text(f"{before}{begins}{told}{ends}{after}", encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Terms:
    """What is measured, and how."""

    parts: Sequence[str] = PARTS
    times: int = 5
    kind: str = "modern"
    """Of terminal."""
    burst_seconds: float = 60.0
    desks: Sequence[tuple[str, Path]] = ()
    """Samples that are there, each with its codes; they are only read."""


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
        tables.append(Table("From the command to the first screen:", rows, columns))
    if COMMANDS in terms.parts:
        rows = measure_commands(home / "desk.db", scenarios[0].code, around, terms.times)
        tables.append(Table("Commands that draw no screen, in the processor's time:", rows, [LEAN]))
    if SLOW in terms.parts:
        tables.append(
            Table(
                "A call over 9,600 baud, 300 ms there and back; what is waited for the line alone:",
                *measure_story(folder, terms.kind),
            )
        )
    if IDLE in terms.parts:
        tables.append(Table("Nobody touches a key:", *measure_idle(folder, terms.kind)))
    if BURST in terms.parts:
        tables.append(
            Table(
                "Somebody types for a minute without a pause:", *measure_burst(folder, terms.kind, terms.burst_seconds)
            )
        )
    if HISTORIES in terms.parts:
        tables.append(Table("A card with a long history:", *measure_histories(folder, terms.times, terms.kind)))
    if terms.desks:
        tables.append(
            Table("Samples, read from the start of giftdesk on:", *measure_desks(terms.desks, around, terms.kind))
        )
    return tables


def _keys(folder: Path, terms: Terms) -> list[Table]:
    rounds, all_of_them = Round(), contestants(folder)
    for number in range(terms.times):
        print(f"round {number + 1}", file=sys.stderr, flush=True)
        rounds.go(all_of_them, terms.kind)
    return [
        Table("Bytes that a key sends:", keys_told.bytes_of(rounds), NAMES),
        Table(
            "From the key to the last byte on the screen, and the processor's time meanwhile:",
            keys_told.times_of(rounds),
            [LEAN, FULL, ASCII, STOCK_OUTPUT, *NAMES[4:]],
        ),
    ]


def main(arguments: Sequence[str], told: str) -> None:
    """Measure what the command line asks for, and print the tables."""
    asked = _parser(told).parse_args(arguments)
    desks = [(named, Path(codes)) for named, codes in asked.desk or ()]
    with tempfile.TemporaryDirectory() as folder:
        tables = measure(Path(folder), Terms(asked.only, asked.repeat, asked.terminal, desks=desks))
    if asked.json:
        asked.json.write_text(json.dumps([asdict(table) for table in tables], indent=1), encoding="utf-8")
    if asked.readme:
        put_into_readme(tables)
    print("\n".join(map(str, tables)))


def _parser(told: str) -> argparse.ArgumentParser:
    parser = grammar("terminal", told)
    add = parser.add_argument
    add("--only", nargs="+", choices=PARTS, default=PARTS, help="what to measure (default: all)")
    add("--repeat", type=int, default=5, help="how many rounds (default: 5)")
    add("--terminal", choices=KINDS, default="modern", help="what the terminal answers (default: modern)")
    add("--readme", action="store_true", help="put the tables into the README, in the place of those that stand there")
    return parser
