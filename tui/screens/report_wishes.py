"""The dialog that asks of when and of what a report is to be, and what makes it while keys wait."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from models.reports.catalogue import REPORTS, make_report
from models.reports.tables import Report
from models.reports.wishes import ReportWish, read_wish
from models.rules.errors import RuleError
from tui.screens.form import Field, Form
from tui.widgets.asking import Typed

if TYPE_CHECKING:
    from datetime import datetime

    from tui.bridge import BridgeApp

_LABELS: Final = {
    "at": "As of: 21 May 2026 14:30, or a date, which is its end",
    "since": "From: a date",
    "until": "To: a date, itself included",
    "product": "Product: its id",
}


def making(house: BridgeApp, name: str, wish: ReportWish) -> Callable[[], Report]:
    """What makes a report while keys wait, and tells how far it is."""
    session, progress = house.session, house.progress("Counting")
    return lambda: make_report(session.store, name, wish, on_progress=progress)


def read_typed(house: BridgeApp, name: str, typed: Typed) -> ReportWish:
    """What was typed, as a wish. Raises RuleError."""
    store, told = house.session.store, {each: typed.get(each, "") for each in _LABELS}
    return read_wish(REPORTS[name].parameters, now=store.clock.now(), business=store.business, **told)


def pinned(report: Report, wish: ReportWish) -> ReportWish:
    """The wish for the very figures of a report that was made by it, whenever they are asked for."""
    if "at" in REPORTS[report.name].parameters:
        return replace(wish, at=report.at)
    return replace(wish, until=report.at)


def begun_at(house: BridgeApp, report: Report, wish: ReportWish) -> datetime | None:
    """From when on a report tells (UTC); None for one of an instant."""
    business = house.session.store.business
    since, at = REPORTS[report.name].span(pinned(report, wish), report.at, business)
    return since if since < at else None


def wish_form(house: BridgeApp, name: str, typed: Typed) -> Form:
    """Asks of when and of what a report is to be; what was typed before stands there."""
    kind = REPORTS[name]

    def wrong(told: Typed) -> str | None:
        try:
            read_typed(house, name, told)
        except RuleError as complaint:
            return str(complaint)
        return None

    fields = [Field(each, _LABELS[each], value=typed.get(each, "")) for each in kind.parameters]
    return Form(kind.title, kind.sentence, fields, confirm="Count", wrong=wrong)
