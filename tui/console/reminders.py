"""Reminders at the command line: sending them, foretelling them, and deciding about those nobody settled."""

from argparse import Namespace
from datetime import date
from typing import Any, Final

from models import desk
from models.fates import Fate
from models.forecast import DAYS, Forecast, ForecastDay, Planned, forecast
from models.jobs import remind as reminding
from models.jobs.remind import RemindReport
from models.mail import open_mailer
from models.reminding import ReminderLine, count_unsettled, unsettled
from models.rules import wording
from models.rules.money import format_money
from models.rules.reminders import Addressee, Decision
from models.rules.validity import BusinessTime
from models.rules.wording import plural
from models.settings import read_settings
from models.unit import Session
from tui.console.mailings import Mailing, fate, person
from tui.console.misuse import UsageError
from tui.console.opening import find_card
from tui.console.outcomes import tell
from tui.console.output import complain, iso, local, progress, say, say_json, say_table
from tui.console.sitting import open_desk
from tui.console.stopping import complain_of_left_out, stoppable
from tui.console.values import intent_of, parse_date

_REMINDERS: Final = Mailing("reminder", "due", "giftdesk reminder list")
_LINES_A_DAY: Final = 20


def remind(asked: Namespace) -> int:
    """Send the reminders that are due, count them, or tell what goes in the next days."""
    if asked.days is not None and not asked.forecast:
        raise UsageError("--days belongs to --forecast.")
    session = open_desk(asked)
    if asked.forecast:
        return _foretell(asked, session)
    if asked.dry_run:
        return _told(asked, reminding.remind(session, None, is_dry_run=True))
    mailer = open_mailer(session.store, read_settings())
    try:
        with stoppable() as is_stopped:
            tell_progress = progress("Reminders", unit="reminders")
            report = reminding.remind(
                session, mailer, is_sure=asked.yes, on_progress=tell_progress, is_stopped=is_stopped
            )
    finally:
        mailer.close()
    code = _told(asked, report)
    _REMINDERS.complain_of_left_behind(count_unsettled(session.store)[Fate.UNKNOWN] - report.unknown)
    return code


def _told(asked: Namespace, report: RemindReport) -> int:
    """Print what a run did, or would do; its exit code."""
    if asked.json:
        say_json({"done": True, "dry_run": asked.dry_run, **vars(report)})
    elif asked.dry_run:
        late = f" ({report.late:,} of them late)" if report.late else ""
        say(f"{plural(report.due, 'reminder')} would go{late}. Nothing was sent.")
    else:
        say(f"{plural(report.sent, 'reminder')} sent.")
    _complain_of(report)
    return _REMINDERS.end(report)


def _complain_of(report: RemindReport) -> None:
    """Say what wants somebody's attention."""
    if report.doubt is not None:
        complain(report.doubt)
    if report.unreachable:
        complain(
            f"{plural(report.unreachable, 'card')} with a reminder due and nobody to write to. See: giftdesk remind "
            f"--forecast"
        )
    _REMINDERS.complain_of(report)
    complain_of_left_out(report.skipped, report.skipped_cards)


def _foretell(asked: Namespace, session: Session) -> int:
    made = forecast(session, DAYS if asked.days is None else asked.days)
    if asked.json:
        say_json(_forecast_as_json(made))
        return 0
    for day in made.days:
        if day.cards:
            _say_day(day)
    if not any(day.cards for day in made.days):
        say(f"No reminder goes in the {plural(len(made.days), 'day')} from {wording.weekday(made.days[0].on)}.")
    for why, cards in sorted(made.by_reason.items()):
        say(f"Can't be reminded: {plural(cards, 'card')}. {why}")
        same = [line for line in made.unreachable_lines if line.why_not == why]
        _say_lines(same, cards)
    return 0


def _say_day(day: ForecastDay) -> None:
    kinds = [f"{plural(lead, 'day')} before: {cards:,}" for lead, cards in sorted(day.by_lead.items())]
    kinds += [f"late: {day.late:,}"] if day.late else []
    say(f"{wording.weekday(day.on)}: {plural(day.cards, 'reminder')} ({', '.join(kinds)})")
    _say_lines(day.lines, day.cards)


def _say_lines(lines: list[Planned], of: int) -> None:
    if lines:
        say_table([_cells(line) for line in lines[:_LINES_A_DAY]], right=(2,))
    if of > _LINES_A_DAY:
        say(f"  … and {of - _LINES_A_DAY:,} more; --json lists a thousand")


def _cells(line: Planned) -> tuple[str, ...]:
    late = ", late" if line.call.is_late else ""
    return (
        f"  ···· {line.last_four}",
        line.product_name,
        format_money(line.balance_minor, line.currency),
        f"{_before(line.call.lead_days, line.call.last_day_on)}{late}",
        "" if line.addressee is None else person(line.addressee),
    )


def _before(lead_days: int, last_day_on: date) -> str:
    return f"{plural(lead_days, 'day')} before {wording.weekday(last_day_on)}"


def _forecast_as_json(made: Forecast) -> dict[str, Any]:
    return {
        "at": iso(made.at),
        "days": [
            {
                "on": day.on.isoformat(),
                "cards": day.cards,
                "late": day.late,
                "by_lead_days": {str(lead): cards for lead, cards in sorted(day.by_lead.items())},
                "reminders": [_planned_as_json(line) for line in day.lines],
            }
            for day in made.days
        ],
        "unreachable": made.unreachable,
        "by_reason": made.by_reason,
        "unreachable_reminders": [_planned_as_json(line) for line in made.unreachable_lines],
    }


def _planned_as_json(line: Planned) -> dict[str, Any]:
    call = line.call
    return {
        "card_id": line.card_id,
        "last_four": line.last_four,
        "product": line.product_name,
        "balance_minor": line.balance_minor,
        "currency": line.currency,
        "on": call.on.isoformat(),
        "at": iso(call.at),
        "last_day": call.last_day_on.isoformat(),
        "lead_days": call.lead_days,
        "late": call.is_late,
        "person": _person_as_json(line.addressee),
        "why_not": line.why_not,
    }


def _person_as_json(addressee: Addressee | None) -> dict[str, Any] | None:
    if addressee is None:
        return None
    return {"id": addressee.id, "name": addressee.name, "email": addressee.email}


def list_unsettled(asked: Namespace) -> int:
    """Print the reminders that wait for a person or for another try."""
    store = open_desk(asked).store
    return _REMINDERS.tell(
        asked, unsettled(store, list(Fate)), lambda line: _line_cells(line, store.business), _line_as_json
    )


def _line_cells(line: ReminderLine, business: BusinessTime) -> tuple[str, ...]:
    return (
        f"record {line.card_id}",
        f"···· {line.last_four}",
        line.fate.value,
        _before(line.lead_days, line.last_day_on),
        fate(line.addressee, line.said, line.next_try_at, f"since {local(line.claimed_at, business)}", business),
    )


def _line_as_json(line: ReminderLine) -> dict[str, Any]:
    return {
        "card_id": line.card_id,
        "last_four": line.last_four,
        "last_day": line.last_day_on.isoformat(),
        "lead_days": line.lead_days,
        "fate": line.fate.value,
        "person": _person_as_json(line.addressee),
        "late": line.is_late,
        "tries": line.tries,
        "claimed_at": iso(line.claimed_at),
        "next_try_at": iso(line.next_try_at),
        "said": line.said,
    }


def settle(asked: Namespace) -> int:
    """Decide about a reminder: it was sent, it is to be sent again, or not at all."""
    if bool(asked.code) == (asked.record is not None):
        raise UsageError("Name the card by its code or by --record, and not by both.")
    last_day_on = None if asked.last_day is None else parse_date(asked.last_day, "--last-day")
    session = open_desk(asked)
    card_id = asked.record if asked.record is not None else find_card(session, asked.code)
    lead_days = asked.lead
    if last_day_on is None or lead_days is None:
        lines = [
            line
            for line in unsettled(session.store, list(Fate), card_id=card_id)
            if lead_days in (None, line.lead_days) and last_day_on in (None, line.last_day_on)
        ]
        if len(lines) != 1:
            complain(_which_one(lines))
            return 1
        last_day_on, lead_days = lines[0].last_day_on, lines[0].lead_days
    outcome = desk.settle_reminder(
        session,
        card_id,
        last_day_on,
        lead_days,
        Decision(asked.decision),
        asked.reason,
        ref=asked.ref,
        intent=intent_of(asked),
    )
    return tell(asked, outcome, session)


def _which_one(lines: list[ReminderLine]) -> str:
    if not lines:
        return "No reminder of this card waits for a decision. See: giftdesk reminder list"
    which = "; ".join(f"--last-day {line.last_day_on} --lead {line.lead_days}" for line in lines)
    return f"Several reminders of this card wait for a decision; name one: {which}."
