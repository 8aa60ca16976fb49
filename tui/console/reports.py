"""Reports: as a table, as plots, as CSV and JSON, and the cards behind a figure."""

import shutil
import sys
from argparse import Namespace
from pathlib import Path

from models.errors import faults
from models.exits import BAD_INPUT
from models.jobs.written_files import written_files
from models.reports.catalogue import REPORTS, CardsBehind, cards_behind, make_report
from models.reports.files import as_json, header, write_csv
from models.reports.tables import Column, Line, Report, Unit
from models.reports.wishes import ReportWish, read_wish
from models.rules import wording
from models.rules.wording import plural
from models.session import Session
from models.stopping import Stopped
from models.store import Store
from tui.console.lines import card_as_json, card_cells
from tui.console.misuse import UsageError
from tui.console.output import complain, progress, say, say_all, say_json, say_sentences, say_table
from tui.console.sitting import open_desk
from tui.console.stopping import STOPPED, stoppable
from tui.plotting import figure, plot
from tui.terminal import draws_ascii_only

_LINES_OF_PLOT = 16
_MOST = 10_000


def list_reports(asked: Namespace) -> int:
    """List the reports."""
    if asked.json:
        say_json(
            [
                {"name": kind.name, "title": kind.title, "sentence": kind.sentence, "parameters": list(kind.parameters)}
                for kind in REPORTS.values()
            ]
        )
    else:
        say_table([(kind.name, kind.sentence) for kind in REPORTS.values()])
    return 0


def report(asked: Namespace) -> int:
    """Make a report; exit code 65 when cards had to be left out, 130 when it was stopped."""
    if not 1 <= asked.limit <= _MOST:
        raise UsageError(f"--limit: 1 to {_MOST:,} cards.")
    session = open_desk(asked)
    wish = _wish(session.store, asked)
    try:
        with stoppable() as is_stopped:
            if asked.cards is not None:
                behind = cards_behind(
                    session.store, asked.report, wish, asked.cards, asked.after, asked.limit, is_stopped=is_stopped
                )
                return _tell_cards(asked, behind)
            made = make_report(session.store, asked.report, wish, on_progress=progress("Report"), is_stopped=is_stopped)
    except Stopped:
        complain("Stopped: there is no report of a part of the cards.")
        return STOPPED
    return _tell(session, asked, made)


def _wish(store: Store, asked: Namespace) -> ReportWish:
    with faults(store.path), store.database.reading():
        now = store.now()
    given = {name: getattr(asked, name, None) or "" for name in ("at", "since", "until", "product")}
    return read_wish(REPORTS[asked.report].parameters, **given, now=now, business=store.business)


def _tell(session: Session, asked: Namespace, made: Report) -> int:
    if asked.json:
        say_json(as_json(made))
    elif asked.csv == "-":
        write_csv(made, sys.stdout)
    elif asked.csv is not None:
        with written_files({Path(asked.csv): ",".join(header(made))}) as (file,):
            write_csv(made, file)
        say(f"{plural(len(made.lines), 'line')} written to {asked.csv}.")
    else:
        _draw(session.store, made, is_plotted=asked.plot)
    if made.left_out:
        complain(f"{plural(made.left_out, 'card')} left out for not adding up. Run: giftdesk verify")
    return BAD_INPUT if made.left_out else 0


def _draw(store: Store, made: Report, *, is_plotted: bool) -> None:
    """A table of each currency, the plots of it behind it."""
    since = "as of " if made.since is None else f"{wording.moment(made.since, store.business)} to "
    say(f"{made.title}, {since}{wording.moment(made.at, store.business)}")
    say_sentences(made.sentence)
    if not made.lines:
        say("")
        say("There is nothing to tell.")
    for currency in sorted({line.currency or "" for line in made.lines}):
        lines = [line for line in (*made.lines, *made.totals) if (line.currency or "") == currency]
        say("")
        say(currency)
        rows = [[column.title for column in made.columns], *([*_cells(made.columns, line)] for line in lines)]
        say_table(rows, right=[place for place, column in enumerate(made.columns) if column.unit is not Unit.TEXT])
        if is_plotted:
            _plot(made, currency)
    if is_plotted:
        _plot(made, None)


def _plot(made: Report, currency: str | None) -> None:
    for series in made.series:
        if series.currency == currency:
            say("")
            width = shutil.get_terminal_size().columns
            say_all("\n".join(plot(series, width, _LINES_OF_PLOT, is_ascii=draws_ascii_only())))


def _cells(columns: tuple[Column, ...], line: Line) -> list[str]:
    cells = []
    for column, value in zip(columns, line.cells, strict=True):
        if isinstance(value, int):
            cells.append(figure(value, line.currency if column.unit is Unit.MONEY else None))
        else:
            cells.append(value or "")
    return cells


def _tell_cards(asked: Namespace, behind: CardsBehind) -> int:
    if asked.json:
        cards = [{**card_as_json(line), "remark": line.remark} for line in behind.lines]
        say_json({"cards": cards, "next": behind.next})
    elif behind.lines:
        say_table([card_cells(line, line.remark or "") for line in behind.lines], right=(2,))
    else:
        complain(f"No card is behind {asked.cards[:60]!r}. The keys of the lines are told by --json.")
    if behind.next is not None and not asked.json:
        complain(f"There are more: the same with --after {behind.next} goes on.")
    return 0 if behind.lines else 1
