"""The books of a period at the command line, for the tools that read them."""

from argparse import Namespace
from pathlib import Path

from models.books.charts import Chart, read_chart
from models.books.languages import BEANCOUNT, HLEDGER, Tool
from models.books.writing import BooksReport, Sums, write_books
from models.exits import BAD_INPUT
from models.rules.money import grouped_money
from models.rules.wording import plural
from models.stopping import Stopped
from tui.console.output import complain, progress, say, say_json
from tui.console.sitting import open_desk
from tui.console.stopping import STOPPED, stoppable
from tui.console.values import parse_date


def beancount(asked: Namespace) -> int:
    """Write the books for Beancount; exit code 65 when cards had to be left out."""
    return _write(asked, BEANCOUNT)


def hledger(asked: Namespace) -> int:
    """Write the books for hledger; exit code 65 when cards had to be left out."""
    return _write(asked, HLEDGER)


def _write(asked: Namespace, tool: Tool) -> int:
    path = None if asked.file == "-" else Path(asked.file)
    chart = Chart() if asked.accounts is None else read_chart(Path(asked.accounts))
    since = None if asked.since is None else parse_date(asked.since, "--since")
    until = None if asked.until is None else parse_date(asked.until, "--until")
    session = open_desk(asked)
    with stoppable() as is_stopped:
        try:
            report = write_books(
                session,
                tool,
                path,
                chart,
                since=since,
                until=until,
                on_progress=progress("Books"),
                is_stopped=is_stopped,
            )
        except Stopped:
            complain("Stopped; nothing was written.")
            return STOPPED
    return _tell(asked, report, path)


def _tell(asked: Namespace, report: BooksReport, path: Path | None) -> int:
    """Say what was written; nothing on standard output where the books themselves went there."""
    opening, owed = _by_currency(report.opening), _by_currency(report.owed)
    if path is not None and asked.json:
        say_json(
            {
                "done": True,
                "since": report.since and report.since.isoformat(),
                "until": report.until.isoformat(),
                "entries": report.entries,
                "cards": report.cards,
                "left_out": report.left_out,
                "opening_minor": opening,
                "owed_minor": owed,
            }
        )
    elif path is not None:
        say(f"{plural(report.entries, 'movement')} of {plural(report.cards, 'card')} written to {path}.")
        for currency in sorted({*opening, *owed}):
            began, ends = (grouped_money(sums.get(currency, 0), currency) for sums in (opening, owed))
            say(f"{currency}: owed at the beginning {began}, at the end {ends}.")
    if report.left_out:
        complain(f"{plural(report.left_out, 'card')} left out for not adding up. Run: giftdesk verify")
    return BAD_INPUT if report.left_out else 0


def _by_currency(sums: Sums) -> dict[str, int]:
    found: dict[str, int] = {}
    for (currency, _), minor in sums.items():
        found[currency] = found.get(currency, 0) + minor
    return dict(sorted(found.items()))
