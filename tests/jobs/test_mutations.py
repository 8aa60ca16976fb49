"""Files that somebody's disk, editor or spreadsheet changed at random: understood, or refused in a sentence.

No file, whatever is in it, makes an import crash or leaves half of its cards behind. The default run tries 150
files, the long proof 10,000, or as many as are asked for:

    pytest tests/jobs/test_mutations.py -m slow
    GIFTDESK_MUTATIONS=100000 pytest tests/jobs/test_mutations.py -m slow

A failure names its seed; GIFTDESK_MUTATION_SEED=N tries that one alone.
"""

import os
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from jobs.samples import COMMERCE_LAYER, GIFT_UP, PRETIX, PW, SHOPFRONT, SPREE
from jobs.toggle_export import Export
from jobs.twins import leave

from models.clock import FixedClock
from models.errors import Fault, Refused
from models.jobs.mapped import import_mapped
from models.jobs.mapping import read_mapping
from models.jobs.own import import_own
from models.jobs.plans import ImportReport
from models.jobs.toggle import import_toggle
from models.jobs.verify import verify
from models.rules.errors import RuleError
from models.schema import GiftCard
from models.store import Store, init_store, open_store
from models.unit import Session

FILES = 150
MANY_FILES = int(os.environ.get("GIFTDESK_MUTATIONS", "10000"))
NOON = datetime(2026, 5, 21, 12, tzinfo=UTC)

Bring = Callable[[Session, list[Path]], ImportReport]


@dataclass(frozen=True)
class Sample:
    """Valid files of one format."""

    name: str
    files: dict[str, bytes]
    bring: Bring


@dataclass(frozen=True)
class Workshop:
    """An empty desk, to be copied, and valid files for it."""

    empty: Path
    samples: tuple[Sample, ...]


def mapped(name: str) -> Bring:
    """The import of one table by a mapping."""
    return lambda session, paths: import_mapped(session, paths[0], read_mapping(name), currency="GBP", is_commit=True)


def toggle(session: Session, paths: list[Path]) -> ImportReport:
    """The import of Toggle's three files."""
    cards, lines, liability = paths
    return import_toggle(session, cards, lines, liability, currency="GBP", is_commit=True)


def own(session: Session, paths: list[Path]) -> ImportReport:
    """The import of files of our own."""
    return import_own(session, paths, is_commit=True)


@pytest.fixture(scope="module")
def workshop() -> Iterator[Workshop]:
    """Made once."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clock = FixedClock(NOON)
        init_store(folder / "empty.db", is_sandbox=True, clock=clock)
        for end in (".db", ".key"):
            shutil.copy(folder / f"empty{end}", folder / f"full{end}")
        files = shop(folder)
        session = Session(open_store(folder / "full.db", clock), "mia")
        assert toggle(session, [folder / "toggle" / name for name in files]).is_committed
        out = leave(session, folder / "out")
        texts = {
            "pretix": PRETIX,
            "spree": SPREE,
            "pw-gift-cards": PW,
            "gift-up": GIFT_UP,
            "commerce-layer": COMMERCE_LAYER,
            "shopfront": SHOPFRONT,
        }
        samples = [Sample(name, {"table.csv": text.encode()}, mapped(name)) for name, text in texts.items()]
        samples += [
            Sample("toggle", files, toggle),
            Sample("tables", {name: out[name] for name in ("cards.csv", "activities.csv")}, own),
            Sample("lines", {"cards.jsonl": out["cards.jsonl"]}, own),
        ]
        yield Workshop(folder / "empty.db", tuple(samples))


def shop(folder: Path) -> dict[str, bytes]:
    """Toggle's files of a small shop."""
    export = Export()
    for number in range(1, 5):
        card = export.sold(number, Recipient_Name=f"Ada {number}", Recipient_Email="ada@example.org")
        meal = export.line(card, "redemption", "-20.00", "2025-12-01 19:00:00", Notes="two, with wine")
        export.line(card, "reversal", "5.00", "2025-12-02 19:00:00", reverses=meal["Line Item ID"])
    broken = export.sold(5, Unique_Code_Alias="OLD-123456", expiry="2026-01-04")
    export.line(broken, "breakage", "-50.00", "2026-01-05 03:40:00")
    return {path.name: path.read_bytes() for path in export.write(folder / "toggle")}


# What befalls a file.

WORDS = (
    *("", " ", "0", "-1", "+1", "=1+1", "'", '"', '""', ",", ";", "\t", "\n", "\r", "\x00", "\x1b[31m", "\x1a"),
    *(
        "4.81E+18",
        "1e400",
        "NaN",
        "Infinity",
        "null",
        "true",
        "9" * 40,
        "999999999999999999",
        "-0",
        "1,000.00",
        "1.000,00",
    ),
    *("2026-13-45", "2026-02-30", "0001-01-01", "9999-12-31 23:59:59", "2200-12-31", "31/12/2026", "12/31/2026", "now"),
    *("{", "[]", '{"sets":{}}', '{"sets":{"product":{"code":"x"}}}', "\\ud800", "[" * 2000, '{"a":' * 2000),
    *("GBP", "XXX", "EUR", "issue", "breakage", "reinstatement", "flag_cleared", "cancellation", "yes", "No"),
    *(
        "\u202e",
        "\ufeff",
        "\u0301" * 50,
        "é" * 300,
        "x" * 200_000,
        "😀",
        "GU1234567890",
        "00" * 32,
        "ab" * 32,
        "1",
        "2",
    ),
)


def mutated(dice: random.Random, content: bytes) -> bytes:
    """A file to which something happened, or a few things."""
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        content = dice.choice(MISHAPS)(dice, content)
    return content


def _flip(dice: random.Random, content: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(dice.randint(1, 4)):
        if changed:
            changed[dice.randrange(len(changed))] = dice.randrange(256)
    return bytes(changed)


def _cut(dice: random.Random, content: bytes) -> bytes:
    start = dice.randint(0, len(content))
    return content[:start] + content[start + dice.randint(1, 40) :]


def _end_early(dice: random.Random, content: bytes) -> bytes:
    return content[: dice.randint(0, len(content))]


def _insert(dice: random.Random, content: bytes) -> bytes:
    start = dice.randint(0, len(content))
    word = dice.choice(WORDS).encode() if dice.random() < 0.7 else dice.randbytes(dice.randint(1, 8))
    return content[:start] + word + content[start:]


def _another_cell(dice: random.Random, content: bytes) -> bytes:
    separator = max((b",", b";", b'"'), key=content.count)
    cells = content.split(separator)
    cells[dice.randrange(len(cells))] = dice.choice(WORDS).encode()
    return separator.join(cells)


def _swapped_cells(dice: random.Random, content: bytes) -> bytes:
    separator = max((b",", b";"), key=content.count)
    cells = content.split(separator)
    one, two = dice.randrange(len(cells)), dice.randrange(len(cells))
    cells[one], cells[two] = cells[two], cells[one]
    return separator.join(cells)


def _lines(dice: random.Random, content: bytes) -> bytes:
    lines = content.splitlines(keepends=True)
    if not lines:
        return content
    one, two = dice.randrange(len(lines)), dice.randrange(len(lines))
    match dice.randrange(4):
        case 0:
            lines[one], lines[two] = lines[two], lines[one]
        case 1:
            lines.insert(two, lines[one])
        case 2:
            del lines[one]
        case _:
            lines.insert(one, b"\r\n")
    return b"".join(lines)


def _otherwise_encoded(dice: random.Random, content: bytes) -> bytes:
    return content.decode("utf-8", "replace").encode(
        dice.choice(("utf-16", "utf-16-le", "utf-8-sig", "latin-1")), "replace"
    )


MISHAPS = (
    _flip,
    _cut,
    _end_early,
    _insert,
    _insert,
    _another_cell,
    _another_cell,
    _another_cell,
    _swapped_cells,
    _lines,
    _otherwise_encoded,
)


class Desk:
    """An empty desk, another one after each import that brought something."""

    def __init__(self, workshop: Workshop, folder: Path) -> None:
        self._workshop = workshop
        self._folder = folder
        self._made = 0
        self.session = self._fresh()

    def _fresh(self) -> Session:
        self._made += 1
        path = self._folder / f"desk{self._made}.db"
        for end in (".db", ".key"):
            shutil.copy(self._workshop.empty.with_suffix(end), path.with_suffix(end))
        return Session(open_store(path, FixedClock(NOON)), "mia")

    def used(self) -> None:
        """Take another one."""
        shutil.rmtree(self._folder)
        self._folder.mkdir()
        self.session = self._fresh()


def cards_in(store: Store) -> int:
    with store.database.connected():
        return int(GiftCard.select().count())


def try_one(seed: int, workshop: Workshop, desk: Desk, folder: Path) -> str:
    """Import files of one format of which one or two were changed; what came of it."""
    dice = random.Random(seed)
    sample = dice.choice(workshop.samples)
    changed = dice.sample(sorted(sample.files), dice.choice((1, 1, min(2, len(sample.files)))))
    paths = []
    for name, content in sample.files.items():
        paths.append(folder / name)
        paths[-1].write_bytes(mutated(dice, content) if name in changed else content)
    try:
        report = sample.bring(desk.session, paths)
    except (Fault, Refused, RuleError) as refused:
        told = str(refused)
    else:
        return settled(report, desk)
    assert told.endswith((".", "?")), told
    assert cards_in(desk.session.store) == 0
    return "refused"


def settled(report: ImportReport, desk: Desk) -> str:
    """What became of files that could be read: all of their cards are here, or none."""
    if not report.is_committed:
        assert report.refusal is not None
        assert cards_in(desk.session.store) == 0
        return "problems"
    assert cards_in(desk.session.store) == report.cards == report.new_cards
    verified = verify(desk.session.store)
    assert not verified.findings
    assert verified.balances_minor == {currency: totals.outstanding_minor for currency, totals in report.totals.items()}
    desk.used()
    return "committed"


def try_many(workshop: Workshop, files: int, first: int) -> None:
    """Try one seed after the other."""
    chosen = os.environ.get("GIFTDESK_MUTATION_SEED")
    fates: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(dir=workshop.empty.parent) as name:
        folder = Path(name)
        (folder / "desk").mkdir()
        desk = Desk(workshop, folder / "desk")
        for seed in [int(chosen)] if chosen else range(first, first + files):
            try:
                fates[try_one(seed, workshop, desk, folder)] += 1
            except Exception as broken:
                raise AssertionError(f"GIFTDESK_MUTATION_SEED={seed}: {type(broken).__name__}: {broken}") from broken
    assert chosen or (fates["committed"] and fates["problems"]), fates


def test_valid_files_of_every_format_come_in(workshop: Workshop) -> None:
    """Otherwise nothing would be proved by changing them."""
    with tempfile.TemporaryDirectory(dir=workshop.empty.parent) as name:
        folder = Path(name)
        (folder / "desk").mkdir()
        desk = Desk(workshop, folder / "desk")
        for sample in workshop.samples:
            paths = [folder / file for file in sample.files]
            for path, content in zip(paths, sample.files.values(), strict=True):
                path.write_bytes(content)
            report = sample.bring(desk.session, paths)
            assert report.is_committed, (sample.name, report.problems)
            desk.used()


def test_changed_files_are_understood_or_refused(workshop: Workshop) -> None:
    """A few, and the same ones each time."""
    try_many(workshop, FILES, 0)


@pytest.mark.slow
@pytest.mark.timeout(0)
def test_ten_thousand_changed_files(workshop: Workshop) -> None:
    """Others each time."""
    try_many(workshop, MANY_FILES, random.randrange(10**9))
