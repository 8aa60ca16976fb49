"""The packet of an escalation: the text that hands a card over, so that nobody has to ask the agent again.

It is made afresh from the card whenever somebody asks for it. Lines fit a mail of 80 columns. No full code is in
it, no note, and of people only whom Payments Support may have to write to.
"""

import textwrap
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from models.agents import look_up
from models.casebook import intake_of
from models.errors import Refused, faults
from models.escalations import known_escalation
from models.journals import StoredActivity
from models.records import Record, read_record
from models.rules import wording
from models.rules.checkout import Purchase, judge
from models.rules.codes import masked
from models.rules.diagnosis import diagnose
from models.rules.escalations import HandedOver, standing
from models.rules.intakes import Intake
from models.rules.journal import SIGNS, BrokenJournal
from models.rules.money import format_minor, format_money
from models.rules.policy import Policy
from models.rules.roles import Actor
from models.schema import SupportCase
from models.store import Store, policy_in_force
from models.unit import Session

_COLUMNS: Final = 74
_WHERE: Final = 60
"""The column in which a line of money says where it moved."""
_LABEL: Final = 10
_ACTIVITIES: Final = 10
_REMOVED: Final = "(removed)"

Row = tuple[str, str]
"""What a line is about, and what it says."""


def packet(session: Session, escalation_id: str) -> str:
    """The packet of an escalation as things stand. Raises Refused for no such escalation, Fault for a broken store."""
    store = session.store
    with faults(store.path, "The escalation itself is saved."), store.database.reading():
        handed = known_escalation(store.database, escalation_id)
        return packet_of(store, handed, look_up(session).actor, policy_in_force(store))


def packet_of(store: Store, handed: HandedOver, actor: Actor, policy: Policy) -> str:
    """The packet of an escalation, for somebody who looks; within a connection."""
    record = read_record(store, handed.card_id)
    escalated = next((each for each in record.journal if each.number == handed.number), None)
    told = escalated.text if escalated is not None else None
    ticket = escalated.details.get("ref") if escalated is not None else None
    parts = (
        [f"Escalation {handed.id} to Payments Support"],
        _laid_out(_head(store, handed, told, ticket)),
        _laid_out(_customer(store, handed, record, told)),
        _laid_out(_card(store, record, actor, policy)),
        ["Latest activities, newest first", *_activities(store, record)],
    )
    return "\n\n".join("\n".join(part) for part in parts)


def _laid_out(rows: list[Row]) -> list[str]:
    """Rows behind their labels; what is too long goes on under itself."""
    lines: list[str] = []
    for label, text in rows:
        first = label.ljust(_LABEL)
        lines += textwrap.wrap(
            " ".join(text.split()),
            _COLUMNS,
            initial_indent=first,
            subsequent_indent=" " * _LABEL,
            break_on_hyphens=False,
        ) or [first.rstrip()]
    return lines


def _head(store: Store, handed: HandedOver, told: str | None, ticket: str | None) -> list[Row]:
    at = wording.moment(handed.opened_at, store.business)
    return [
        ("From", f"{handed.opened_by_name}, {at} ({store.business.zone})"),
        *([("Ticket", str(ticket))] if ticket else []),
        ("Reason", handed.reason),
        ("Told", told or _REMOVED),
        ("Stands", standing(handed, store.business)),
    ]


def _customer(store: Store, handed: HandedOver, record: Record, told: str | None) -> list[Row]:
    """Who called, what they see, and what they remember of the purchase."""
    case = None if handed.case_id is None else SupportCase.get_or_none(SupportCase.id == handed.case_id)
    intake = intake_of(store, case or SupportCase(), record)
    bought = ", ".join(part for part in (intake.bought_when, intake.bought_where) if part)
    rows = (
        ("Customer", ", ".join(part for part in (intake.name, intake.email) if part) or "nobody on file"),
        ("Holder", _holder(record, intake)),
        ("Case", "" if case is None else str(case.id)),
        ("Sees", intake.symptom.words if intake.symptom else ""),
        ("Message", "" if intake.message == told else intake.message or ""),
        ("Picture", intake.screenshot or ""),
        ("Bought", bought),
    )
    return [row for row in rows if row[1]]


def _holder(record: Record, intake: Intake) -> str:
    """Whether somebody else holds the card than who called; who that is, the card tells at the desk."""
    holder = record.holder
    if holder is None:
        return ""
    is_theirs = (holder.name, holder.email) == (intake.name, intake.email)
    return "" if is_theirs else "somebody else than the customer"


def _card(store: Store, record: Record, actor: Actor, policy: Policy) -> list[Row]:
    card, business = record.card, store.business
    stops = f", cut off {wording.moment(card.cut_off_at, business)}" if card.cut_off_at else ""
    diagnosis = diagnose(record.facts(), actor, policy, store.now(), business)
    return [
        ("Card", f"{masked(card.last_four, mark='*')} (record {card.id}), {record.product.name}"),
        ("Balance", format_money(card.state.balance_minor, card.currency)),
        ("Last day", f"{wording.last_day(card.state.last_day_on)}{stops}"),
        ("Verdict", f"{diagnosis.verdict}: {diagnosis.reason}"),
        *([("Wrong", record.damage.what)] if record.damage else []),
        ("Checkout", _checkout(store, record)),
    ]


def _checkout(store: Store, record: Record) -> str:
    """Whether the whole balance could be paid with at this moment, and every rule that refuses it."""
    purchase = Purchase(None, record.card.currency, store.now())
    try:
        checkout = judge(replace(record.facts(), limits=record.limits()), purchase, store.business)
    except Refused as spoiled:
        return str(spoiled)
    return " ".join((checkout.sentence, *checkout.refusals))


def _activities(store: Store, record: Record) -> Iterator[str]:
    """When, what, how much, what was left, and where; of an activity without money, who did it."""
    for activity in list(reversed(record.journal))[:_ACTIVITIES]:
        try:
            line = _line(store, record, activity)
        except (BrokenJournal, ValueError, KeyError, TypeError, AttributeError, OverflowError):
            line = "  an activity that can't be read"
        yield from textwrap.wrap(line, _COLUMNS, subsequent_indent=" " * _WHERE, break_on_hyphens=False)


def _line(store: Store, record: Record, activity: StoredActivity) -> str:
    values, currency = activity.values, record.card.currency
    head = f"  {wording.moment(activity.effective_at, store.business):>17}  {activity.kind.words:<13}"
    if activity.kind not in SIGNS:
        return f"{head} {' '.join(values['actor_name'].split())}"
    where = values["place"] or values["actor_name"]
    order = f"order {values['order_ref']}, " if values["order_ref"] else ""
    moved, left = (format_minor(values[name], currency) for name in ("amount_minor", "balance_after_minor"))
    return f"{head} {moved:>11} {left:>11}  {order}{' '.join(where.split())}"
