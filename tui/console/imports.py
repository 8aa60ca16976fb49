"""Imports from other systems: a dry run unless they are committed."""

from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, Final

from models.crm.mapping import PeopleMapping, people_mappings, read_people_mapping
from models.jobs.imported import imports, unfinished_imports
from models.jobs.mapped import import_mapped
from models.jobs.mapping import Mapping as CardMapping
from models.jobs.mapping import read_mapping, shipped_mappings
from models.jobs.own import import_own
from models.jobs.plans import ImportReport
from models.jobs.toggle import import_toggle
from models.rules.money import check_currency, format_money, parse_amount
from models.rules.wording import plural
from tui.console.bringing import brought
from tui.console.misuse import UsageError
from tui.console.output import complain, iso, local, say, say_all, say_json, say_table
from tui.console.remarks import remark_as_json
from tui.console.sitting import open_desk
from tui.console.stopping import STOPPED

_REFUSED: Final = 1


def toggle(asked: Namespace) -> int:
    """Import Toggle's three files, or say what that would do; exit code 1 when the files can't be committed."""
    currency = check_currency(asked.currency)
    paths = Path(asked.cards), Path(asked.adjustments), Path(asked.liability)
    return _bring(asked, lambda session, **options: import_toggle(session, *paths, currency=currency, **options))


def giftdesk(asked: Namespace) -> int:
    """Import files of our own, or say what that would do; exit code 1 when they can't be committed."""
    paths = [Path(name) for name in asked.files]
    return _bring(asked, lambda session, **options: import_own(session, paths, **options))


def table(asked: Namespace) -> int:
    """Import a table by a mapping, or say what that would do; exit code 1 when it can't be committed."""
    mapping, path = read_mapping(asked.mapping), Path(asked.table)
    if mapping.brings == "days":
        raise UsageError(f"{mapping.title}: this brings only days; see: giftdesk bulk extend --help")
    if mapping.brings == "updates":
        from tui.console.updates import update

        return update(asked, path, mapping)
    given: dict[str, Any] = {
        "currency": None if asked.currency is None else check_currency(asked.currency),
        "redemptions": None if asked.redemptions is None else Path(asked.redemptions),
    }
    return _bring(asked, lambda session, **options: import_mapped(session, path, mapping, **given, **options))


def mappings(asked: Namespace) -> int:
    """List the mappings that come with giftdesk, or print one."""
    if asked.name is not None:
        of_people = asked.name in {each.name for each in people_mappings()}
        found: PeopleMapping | CardMapping = read_people_mapping(asked.name) if of_people else read_mapping(asked.name)
        say_all(found.text.rstrip("\n"))
        return 0
    lines = [(each.name, each.title, each.brings, each.expiry_meaning) for each in shipped_mappings()]
    lines += [(each.name, each.title, "people", "") for each in people_mappings()]
    if asked.json:
        say_json([dict(zip(("name", "title", "brings", "expiry_meaning"), line, strict=True)) for line in lines])
    else:
        say_table(lines)
    return 0


def _bring(asked: Namespace, bring: Callable[..., ImportReport]) -> int:
    control = parse_control(asked.control)
    session = open_desk(asked)
    report = brought(asked, "Import", partial(bring, session, control=control))
    if report is None:
        return STOPPED
    if asked.json:
        say_json(_as_json(report))
    else:
        _say(report)
    if report.stopped_after is not None:
        return STOPPED
    for line in unfinished_imports(session.store):
        complain(line.sentence)
    if report.refusal is not None:
        complain(report.refusal)
        return _REFUSED
    return 0


def list_imports(asked: Namespace) -> int:
    """List what was imported, and what is not finished."""
    session = open_desk(asked)
    lines = imports(session.store)
    if asked.json:
        say_json([{**asdict(line), "begun_at": iso(line.begun_at), "finished": line.is_finished} for line in lines])
        return 0
    say_table(
        [
            [
                str(line.id),
                local(line.begun_at, session.store.business),
                line.format,
                line.agent,
                f"{line.cards_in:,} of {line.cards:,} cards",
                "" if line.is_finished else "not finished: import the same files again",
            ]
            for line in lines
        ],
        right=(0, 4),
    )
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
        "skipped": dict(report.skipped),
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
        "problems": [remark_as_json(remark) for remark in report.problems],
        "warning_count": report.warning_count,
        "warnings": [remark_as_json(remark) for remark in report.warnings],
        "imported_at": iso(report.imported_at),
        "in_before": report.in_before,
        "stopped_after": report.stopped_after,
    }


def _outstanding(report: ImportReport) -> Mapping[str, int]:
    return {currency: totals.outstanding_minor for currency, totals in report.totals.items()}


def _sentence(report: ImportReport) -> str:
    if report.refusal is not None:
        return report.refusal
    if report.is_already_imported:
        return "These files were imported before. Nothing was changed."
    if report.stopped_after is not None:
        return (
            f"Stopped: {report.stopped_after:,} of {report.cards:,} cards are in, and each of them is right. "
            f"Import the same files again to bring in the rest."
        )
    if report.is_committed:
        before = f" The others were brought in before: {report.in_before:,}." if report.in_before else ""
        return f"{plural(report.new_cards, 'card')} imported.{before}"
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
    for what, count in report.skipped.items():
        say(f"Left out: {plural(count, what)}.")
    say(report.expiry_meaning)
    for line in report.control:
        if line.is_right:
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
