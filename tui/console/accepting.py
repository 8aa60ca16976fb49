"""Taking the desk's time back to a clock that is right again, at the command line: looked at first, then done."""

from argparse import Namespace
from typing import Any, Final

from models.errors import Refused
from models.jobs import accepting
from models.jobs.accepting import Ahead
from models.jobs.agreeing import named
from models.rules.codes import masked
from models.rules.money import format_money
from models.rules.validity import BusinessTime
from models.rules.wording import moment, plural, span, weekday
from tui.console.misuse import UsageError
from tui.console.outcomes import ASKED
from tui.console.output import iso, say, say_json
from tui.console.sitting import open_desk

_AGREES: Final = 'giftdesk doctor --accept-clock --yes --reason "why it is".'


def accept_clock(asked: Namespace) -> int:
    """Tell what was recorded ahead of the clock; with --yes take the desk's time back to it."""
    if asked.yes and not (asked.reason or "").strip():
        raise UsageError("Say why the clock is right: --reason R. See: giftdesk doctor --help")
    session = open_desk(asked, despite_clock=True)
    ahead = accepting.accept_clock(session, asked.reason) if asked.yes else accepting.look_ahead(session)
    if asked.json:
        say_json({"done": asked.yes and not ahead.to_agree, **_as_json(ahead)})
    else:
        _say(ahead, session.store.business, is_done=asked.yes)
    if ahead.refusal is not None:
        raise Refused(ahead.refusal)
    return ASKED if asked.yes and ahead.to_agree else 0


def _as_json(ahead: Ahead) -> dict[str, Any]:
    return {
        "clock": iso(ahead.now),
        "last_record_at": iso(ahead.reached_at),
        "last_before_at": iso(ahead.before_at),
        "first_ahead_at": iso(ahead.first_at),
        "activities": [
            {"kind": each.kind, "currency": each.currency, "count": each.count, "amount_minor": each.amount_minor}
            for each in ahead.moved
        ],
        "cards": [{"card": id_, "code_masked": masked(end)} for id_, end in ahead.cards],
        "broken_early": [
            {"card": id_, "code_masked": masked(end), "currency": currency, "amount_minor": minor}
            for id_, end, currency, minor in ahead.broken
        ],
        "audit_rows": ahead.audit_rows,
        "refusal": ahead.refusal,
        "asked": ahead.asked_by,
        "to_agree": list(ahead.to_agree),
    }


def _say(ahead: Ahead, business: BusinessTime, *, is_done: bool) -> None:
    local = ahead.now.astimezone(business.tz)
    reached = moment(ahead.reached_at, business)
    say(f"This clock says {weekday(local.date())} {local:%H:%M}, {business.zone}. The last record is of {reached}.")
    if ahead.before_at is not None:
        ago = span(ahead.now - ahead.before_at)
        say(f"The last that was recorded before the leap is of {moment(ahead.before_at, business)}, {ago} ago.")
    for each in ahead.moved:
        sum_ = f", {format_money(each.amount_minor, each.currency)}" if each.amount_minor else ""
        say(f"Recorded ahead of the clock: {each.count:,} {each.kind.replace('_', ' ')}{sum_}.")
    if ahead.audit_rows:
        say(f"Recorded ahead of the clock: {plural(ahead.audit_rows, 'audit row')}.")
    for id_, end in ahead.cards:
        say(f"Card {id_} ({masked(end)}) has activities of then.")
    for id_, end, currency, minor in ahead.broken:
        say(
            f"Card {id_} ({masked(end)}) lost {format_money(minor, currency)} before its time: escalate it, so that "
            f"Payments Support adjusts it."
        )
    if ahead.asked_by is not None:
        say(ahead.asked_by)
    if is_done and ahead.to_agree:
        say(f"Asked for; nothing was changed yet. Within a day {named(ahead.to_agree)} has to agree: {_AGREES}")
    elif is_done:
        say("The desk's time is that of the clock from here on. What was recorded ahead of it stays as it is.")
    elif ahead.refusal is None:
        say(
            f"Nothing was changed. Only if this clock is right: {_AGREES} The audit keeps who did it, and anchors that "
            f"were taken ahead can be used no more."
        )
        if ahead.to_agree:
            say(f"A second person has to agree then: {named(ahead.to_agree)}.")
