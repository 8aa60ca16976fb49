"""Imports from other systems: a dry run unless they are committed."""

from argparse import Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from models.jobs.plans import ImportReport
from models.jobs.tables import Remark
from models.jobs.toggle import import_toggle
from models.rules.money import check_currency, format_money, parse_amount
from models.rules.wording import plural
from tui.console.grammar import UsageError
from tui.console.opening import open_desk
from tui.console.output import complain, iso, progress, say, say_json, say_table

_REFUSED: Final = 1


def toggle(asked: Namespace) -> int:
    """Import Toggle's three files, or say what that would do; exit code 1 when the files can't be committed."""
    control = parse_control(asked.control)
    currency = check_currency(asked.currency)
    report = import_toggle(
        open_desk(asked),
        Path(asked.cards),
        Path(asked.adjustments),
        Path(asked.liability),
        currency=currency,
        is_commit=asked.commit,
        control=control,
        on_progress=progress("Import"),
    )
    if asked.json:
        say_json(_as_json(report))
    else:
        _say(report)
    if report.refusal is not None:
        complain(report.refusal)
        return _REFUSED
    return 0


def parse_control(texts: Sequence[str] | None) -> dict[str, int] | None:
    """Control totals in minor units by currency, from texts like GBP=29542.13; None when none is given."""
    totals: dict[str, int] = {}
    for text in texts or ():
        name, sign, amount = text.partition("=")
        if not sign:
            raise UsageError(f"--control: {text[:40]!r} is no control total; write it like GBP=29542.13.")
        currency = check_currency(name)
        if currency in totals:
            raise UsageError(f"--control: {currency} is given twice; give one total for each currency.")
        totals[currency] = parse_amount(amount, currency)
    return totals or None


def _as_json(report: ImportReport) -> dict[str, Any]:
    return {
        "done": report.refusal is None,
        "committed": report.is_committed,
        "sentence": _sentence(report),
        "format": report.format,
        "cards": report.cards,
        "new_cards": report.new_cards,
        "activities": report.activities,
        "kinds": {kind.value: count for kind, count in report.kinds.items()},
        "aliases": report.aliases,
        "with_balance": report.with_balance,
        "outstanding_minor": _outstanding(report),
        "new_products": list(report.new_products),
        "new_people": report.new_people,
        "expiry_meaning": report.expiry_meaning,
        "control": [
            {"currency": line.currency, "expected_minor": line.expected_minor, "found_minor": line.found_minor}
            for line in report.control
        ],
        "problem_count": report.problem_count,
        "problems": [_remark(remark) for remark in report.problems],
        "warning_count": report.warning_count,
        "warnings": [_remark(remark) for remark in report.warnings],
        "imported_at": iso(report.imported_at),
    }


def _remark(remark: Remark) -> dict[str, Any]:
    return {"file": remark.file, "line": remark.line, "column": remark.column, "sentence": remark.sentence}


def _outstanding(report: ImportReport) -> Mapping[str, int]:
    return {currency: totals.outstanding_minor for currency, totals in report.totals.items()}


def _sentence(report: ImportReport) -> str:
    if report.refusal is not None:
        return report.refusal
    if report.is_already_imported:
        return "These files were imported before. Nothing was changed."
    if report.is_committed:
        return f"{plural(report.new_cards, 'card')} imported."
    return "This was a dry run: nothing was changed. Add --commit to carry it out."


def _say(report: ImportReport) -> None:
    rows = [
        ["Cards", f"{report.cards:,}, of these {report.new_cards:,} new and {report.with_balance:,} with a balance"],
        ["Activities", f"{report.activities:,}"],
        *([f"  {kind.value}", f"{count:,}"] for kind, count in report.kinds.items()),
        ["Aliases", f"{report.aliases:,}"],
        ["New people", f"{report.new_people:,}"],
        *(["Outstanding", format_money(minor, currency)] for currency, minor in _outstanding(report).items()),
    ]
    say_table(rows)
    say(report.expiry_meaning)
    for line in report.control:
        say(line.sentence)
    if report.new_products:
        say(f"New products, without rules until a manager sets them: {', '.join(report.new_products)}")
    for what, remarks, count in (
        ("Warning", report.warnings, report.warning_count),
        ("Problem", report.problems, report.problem_count),
    ):
        for remark in remarks:
            say(f"{what}: {remark}")
        if count > len(remarks):
            say(f"{what}: and {count - len(remarks):,} more.")
    if report.refusal is None:
        say(_sentence(report))
