"""Making a sandbox full of cards, for training, tests and benchmarks."""

from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from models.engines import file_of
from models.jobs.sample import SampleReport, make_sample
from models.jobs.sample_lives import END
from models.locations import database_path
from models.placing import placed
from models.rules.codes import grouped
from models.rules.wording import activities, plural
from tui.console.misuse import UsageError
from tui.console.output import iso, progress, say, say_json, say_table

_FOR_THIS_USER: Final = 0o600


def sample(asked: Namespace) -> int:
    """Make a sandbox with so many cards, the same ones for the same seed."""
    if (asked.file is None) == (asked.db is None):
        raise UsageError("Name the file to make, or --db, and not both.")
    path = Path(asked.file).absolute() if asked.file is not None else file_of(database_path(asked.db))
    with _codes_kept(asked.codes) as keep:
        report = make_sample(
            path,
            asked.cards,
            asked.seed,
            on_code=keep,
            on_progress=progress("Sample", is_wanted=asked.progress),
        )
    if asked.json:
        _say_json(path, report)
    else:
        _say(path, report)
    return 0


@contextmanager
def _codes_kept(file: str | None) -> Iterator[Callable[[str, int], None] | None]:
    """Where every full code goes with its card's record number: to a new file, or nowhere."""
    if file is None:
        yield None
        return
    with placed(Path(file), _FOR_THIS_USER) as unfinished, unfinished.open("w", encoding="ascii") as lines:
        lines.write("code,record\n")

        def keep(code: str, card_id: int) -> None:
            lines.write(f"{code},{card_id}\n")

        yield keep


def _say(path: Path, report: SampleReport) -> None:
    say(f"{path} is a sandbox with {plural(report.cards, 'card')} and {activities(report.activities)}.")
    say("Some codes to try, by what happened to the card last:")
    say_table([[f"  {kind.replace('_', ' ')}", grouped(code)] for kind, code in sorted(report.codes.items())])
    say(f"Its past ends at {iso(END)}. Open it at that instant, as sam, pat, mia, ivy, olu or kit:")
    say(f"  giftdesk --db sqlite:///{path} --now {iso(END)} --as sam")


def _say_json(path: Path, report: SampleReport) -> None:
    say_json(
        {
            "done": True,
            "database": str(path),
            "cards": report.cards,
            "activities": report.activities,
            "ends_at": iso(END),
            "codes": dict(report.codes),
        }
    )
