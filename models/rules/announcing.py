"""What customers are told about how long a balance lasts, and when it happens: pure functions of a product's rules.

Customers are told days; the hour at which a balance stops is the desk's own affair.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from models.rules import wording
from models.rules.errors import BadDate, RuleError
from models.rules.products import load_refusal
from models.rules.reminders import Call, Lead, Remindable, outlook
from models.rules.validity import BusinessTime, Period, ValidityRules, active_from, last_day, later

_REGISTER: Final = "Register the card to be reminded by e-mail."


class Unsellable(RuleError):
    """A card bought or topped up at that instant would be refused, or nothing sensible could be said about it."""


@dataclass(frozen=True, slots=True)
class Announced:
    """A reminder that goes, as long as nothing else happens to the card."""

    on: date
    """The day on which it goes, in the business zone."""
    lead: Period
    """How long before the last day it is meant to go: days or weeks."""
    last_day_on: date
    """The last day that it tells."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """What is said of a card bought at one instant, and what becomes of it. Instants are UTC, dates the business's."""

    web_line: str
    """What a buyer reads in the web shop before buying; true for as long as the rules are as they are."""
    buyer_line: str
    """What the buyer is told on buying."""
    gift_email: str
    """What the recipient's gift e-mail says."""
    print_line: str
    """The terms to print on cards that are sold in store."""
    top_up_line: str | None
    """What is told on topping up; None when nobody does."""
    active_from_at: datetime
    active_from_on: date
    """The day on which the card becomes active."""
    last_day_on: date | None
    """The last day after the top-up, if there is one; None is never."""
    cut_off_at: datetime | None
    """When the balance stops; None is never."""
    reminders: tuple[Announced, ...]
    """Those that go, by their days."""


def announce(
    rules: ValidityRules,
    leads: Sequence[Period],
    bought_at: datetime,
    business: BusinessTime,
    topped_up_at: datetime | None = None,
    where: str | None = None,
) -> Announcement:
    """What is said of a card bought, and perhaps topped up later on, at instants (UTC), under rules that can be saved.

    Where says where alone it can be spent: 'in stores, at Leeds'; None is everywhere.
    Raises Unsellable when it could not be sold or topped up then, BadDate for dates that no calendar has.
    """
    starts_at = _active_from(rules, bought_at, business)
    starts_on = business.date_of(starts_at)
    first = last_day(rules, bought_at, business)
    _check(load_refusal(starts_at, first, bought_at, business))
    if first is not None and starts_on > first:
        raise Unsellable(
            f"The card would become active on {wording.weekday(starts_on)}, after its last day, "
            f"{wording.weekday(first)}: no customer can be told such days."
        )
    last = first if topped_up_at is None else _topped_up(rules, bought_at, topped_up_at, starts_at, first, business)
    loads = [(bought_at, first), *([] if topped_up_at is None else [(topped_up_at, last)])]
    only = "" if where is None else f" The card can be spent only {where}."
    terms = " ".join([*_start(rules, business.date_of(bought_at)), _length(rules)]) + only
    return Announcement(
        web_line=terms,
        buyer_line=f"You can use the card from {wording.weekday(starts_on)}{_until(first)}{only}",
        gift_email=f"Your gift card is active from {wording.weekday(starts_on)}{_until(first)}{only}",
        print_line=f"{terms} {_REGISTER}" if leads and first is not None else terms,
        top_up_line=None if topped_up_at is None else _top_up_line(topped_up_at, first, last, business),
        active_from_at=starts_at,
        active_from_on=starts_on,
        last_day_on=last,
        cut_off_at=None if last is None else business.cut_off(last),
        reminders=_reminders(leads, loads, starts_at, business),
    )


def _active_from(rules: ValidityRules, bought_at: datetime, business: BusinessTime) -> datetime:
    try:
        return active_from(rules, bought_at, business)
    except OverflowError:
        raise BadDate("The activation delay ends outside the years 2000 to 2200.") from None


def _check(refusal: str | None) -> None:
    if refusal is not None:
        raise Unsellable(refusal)


def _topped_up(
    rules: ValidityRules,
    bought_at: datetime,
    topped_up_at: datetime,
    starts_at: datetime,
    first: date | None,
    business: BusinessTime,
) -> date | None:
    """The last day that a top-up leaves a card with."""
    if topped_up_at < bought_at:
        raise Unsellable("The top-up lies before the purchase.")
    last = later(first, last_day(rules, topped_up_at, business))
    _check(load_refusal(starts_at, last, topped_up_at, business))
    return last


# What is said.


def _start(rules: ValidityRules, bought_on: date) -> list[str]:
    """When a card becomes active, as a sentence, unless it is at once for whoever buys on that day or later."""
    delay = rules.activation_delay_days
    not_before = rules.valid_after
    if not_before is not None and not_before <= bought_on + timedelta(days=delay):
        not_before = None
    if not delay:
        return [] if not_before is None else [f"The card becomes active on {wording.weekday(not_before)}."]
    days = "on the day after it is bought" if delay == 1 else f"{delay} days after the day on which it is bought"
    return [f"The card becomes active {days}{_and_not_before(not_before)}."]


def _and_not_before(day: date | None) -> str:
    return "" if day is None else f", but not before {wording.weekday(day)}"


def _length(rules: ValidityRules) -> str:
    """How long a balance lasts, as sentences that hold for every purchase."""
    if rules.expires_on is not None:
        return (
            f"The balance can be spent up to and including {wording.weekday(rules.expires_on)}; "
            f"a top-up does not move that day."
        )
    if rules.period is None:
        return "The balance does not expire."
    rounded = " and on to the end of that month" if rules.month_end else ""
    return (
        f"The balance lasts {rules.period} from the day of purchase{rounded}; "
        f"each top-up starts that time afresh for the whole balance."
    )


def _until(last: date | None) -> str:
    if last is None:
        return "; its balance does not expire."
    return f" up to and including {wording.weekday(last)}."


def _top_up_line(topped_up_at: datetime, first: date | None, last: date | None, business: BusinessTime) -> str:
    """What is told on topping up, also when the earlier balance was gone by then."""
    if last is None or first is None:
        return "The balance does not expire."
    until = f"can be spent up to and including {wording.weekday(last)}."
    if business.cut_off(first) <= topped_up_at:
        return f"The earlier balance expired at the end of {wording.weekday(first)}. What is put on the card {until}"
    return f"The whole balance {until}"


# When reminders go.


def _reminders(
    leads: Sequence[Period],
    loads: Sequence[tuple[datetime, date | None]],
    starts_at: datetime,
    business: BusinessTime,
) -> tuple[Announced, ...]:
    """Those that go between one load and the next: of each load the instant (UTC) and the last day that it leaves."""
    periods = {lead.shortest_days: lead for lead in leads}
    gone: list[Call] = []
    for (loaded_at, last), ends_on in zip(loads, [*(business.date_of(at) for at, _ in loads[1:]), None], strict=True):
        cut_off_at = None if last is None else business.cut_off(last)
        card = Remindable(1, starts_at, last, cut_off_at, loaded_at)
        schedule = [Lead(lead, loaded_at) for lead in leads]
        # Whatever the policy's hour: the first of the day is before every other.
        ahead = outlook(card, schedule, (), 0, loaded_at, business).planned
        gone += [call for call in ahead if ends_on is None or call.on < ends_on]
    return tuple(Announced(call.on, periods[call.lead_days], call.last_day_on) for call in gone)
