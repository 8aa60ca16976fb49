"""Cards as they are shown: reads that become frozen dataclasses."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from models.agents import Colleague, who_looks_when
from models.answering import card_of_digest
from models.errors import Refused, faults
from models.escalations import handed_over_at
from models.histories import ActivityLine, line_of
from models.journals import ALL, NEWEST
from models.products import in_short, sheet_of
from models.records import Person, Record, last_of, read_record
from models.replaying import as_of
from models.rules import wording
from models.rules.actions import INCONSISTENT
from models.rules.approvals import deciding_refusal
from models.rules.asked import Asked
from models.rules.balances import BalanceTold, balance_told
from models.rules.codes import masked
from models.rules.diagnosis import Diagnosis, diagnose
from models.rules.escalations import HandedOver
from models.rules.facts import CardFacts, Emptied, own_card_refusal
from models.rules.journal import LOADS, Kind
from models.rules.policy import Policy
from models.rules.roles import Action, role_refusal
from models.rules.status import Status, status_of
from models.rules.terms import terms
from models.rules.transfers import OtherCard
from models.rules.validity import BusinessTime
from models.rules.zero import WhyZero, what_emptied, why_zero, zero_refusal
from models.session import Opened, Session
from models.store import Store

LISTED: Final = 500
"""How many of the newest activities are read to be listed in one go."""


@dataclass(frozen=True, slots=True)
class FlagLine:
    """An open flag: who raised it, when (UTC), and why."""

    number: int
    at: datetime
    actor: str
    reason: str


@dataclass(frozen=True, slots=True)
class AsOf:
    """The instant, UTC, that somebody asked for, and whether it lay in the future then."""

    at: datetime
    is_ahead: bool


@dataclass(frozen=True, slots=True)
class CardSheet:
    """One card whole, judged at one instant. Instants are UTC, amounts minor units, dates in the business zone."""

    card_id: int
    version: int
    """How many activities the card has."""
    head: tuple[int, bytes]
    """The number and seal of its newest activity: what a write expects still to be there."""
    last_four: str
    currency: str
    status: Status
    balance_minor: int
    active_from_at: datetime
    last_day_on: date | None
    cut_off_at: datetime | None
    broken_minor: int
    """What the last money activity took, when that is a breakage; else 0."""
    broken_at: datetime | None
    reactivated_at: datetime | None
    suspended_at: datetime | None
    suspended_by: str | None
    suspended_reason: str | None
    cancelled_at: datetime | None
    product_name: str
    product_rules: str
    bought_at: datetime | None
    bought_place: str | None
    holder: Person | None
    purchaser: Person | None
    recipient: Person | None
    flags: tuple[FlagLine, ...]
    activities: tuple[ActivityLine, ...]
    """Newest first; of a long journal the newest, and of those before them the few that still matter."""
    wrong: str | None
    """What does not add up, if anything."""
    escalation: str | None
    """The id of the latest escalation that is open, if one is."""
    notes: int
    """How many notes are among the activities that were read."""
    moved_to: OtherCard | None
    """Where money was moved to from here last."""
    came_from: OtherCard | None
    """Where money came from that was moved here last."""
    other: OtherCard | None
    """The other card of the latest transfer, in or out."""
    facts: CardFacts
    """What the verdict was made from."""
    diagnosis: Diagnosis
    judged_at: datetime
    business: BusinessTime
    policy: Policy
    agent: Colleague
    unsettled: int = 0
    """How many of its reminders nobody settled yet."""
    restricted_to: Person | None = None
    """Who alone may spend it; None: anybody."""
    handed: HandedOver | None = None
    """The latest escalation that is open, else the latest that was answered."""
    as_of: AsOf | None = None
    """When it is not the present that is shown."""

    @property
    def when(self) -> str | None:
        """Of which time the card is shown, in words: 'as it was on 21 May 2026 14:30'; None for the present."""
        if self.as_of is None:
            return None
        at = wording.moment(self.as_of.at, self.business)
        return f"as it will be on {at} if nothing happens" if self.as_of.is_ahead else f"as it was on {at}"

    @property
    def code_masked(self) -> str:
        """The card's name on screens: the end of its code."""
        return masked(self.last_four)

    @property
    def balance_told(self) -> BalanceTold:
        """What the customer may be told of the balance."""
        return balance_told(self.facts, self.judged_at, self.business)

    @property
    def emptied(self) -> Emptied | None:
        """The one activity that took the balance away; None when there is one, or never was."""
        return None if self.why_not_zero else what_emptied(self.facts, self.judged_at)

    @property
    def why_not_zero(self) -> str | None:
        """Why nothing is to be explained about the balance; None when it is gone."""
        return zero_refusal(self.facts, self.judged_at)

    @property
    def why_nothing_to_settle(self) -> str | None:
        """Why nothing is to be decided about a reminder of the card; None when something is, and the agent may."""
        refusal = role_refusal(self.agent.role, Action.SETTLE_REMINDER)
        if refusal is None and self.wrong is not None:
            refusal = INCONSISTENT
        return refusal or (None if self.unsettled else "No reminder of this card waits for a decision.")

    @property
    def waiting(self) -> Asked | None:
        """The request that waits for an approval of its reactivation, if any."""
        asked = self.facts.asked
        return asked if asked is not None and asked.waits(self.judged_at) else None

    @property
    def why_nothing_to_approve(self) -> str | None:
        """Why the agent has nothing to decide about a request, or to take back; None when they have."""
        asked, agent = self.waiting, self.agent
        if asked is None:
            return "Nothing of this card waits for an approval."
        if asked.by_id == agent.id:
            return None
        refusal = deciding_refusal(asked, agent.id, agent.actor, self.judged_at, self.business)
        return refusal or own_card_refusal(self.facts, agent.actor)

    def why_zero(self) -> tuple[WhyZero, ActivityLine | None]:
        """Why the balance is gone, and the activity that took it, whole, when it is booked."""
        why = why_zero(self.facts, self.judged_at, self.business)
        number = None if why.emptied is None else why.emptied.number
        return why, next((line for line in self.activities if line.number == number), None)

    def opened_for(self, action: Action) -> Opened:
        """What a dialog for an action shows of this card: the write is held to it."""
        rests_on = terms(action, self.facts, self.policy, self.judged_at, self.business)
        return Opened(self.card_id, self.head, self.facts, action, rests_on)

    @property
    def is_whole(self) -> bool:
        """Whether every activity was read."""
        return len(self.activities) >= self.version

    @property
    def newest(self) -> tuple[ActivityLine, ...]:
        """The newest activities as far as none is left out, newest first."""
        is_next = enumerate(self.activities)
        return tuple(line for place, line in is_next if line.number == self.activities[0].number - place)

    @property
    def money_activities(self) -> tuple[ActivityLine, ...]:
        """The redemption history, newest first."""
        return tuple(line for line in self.activities if line.moves_money)


def card_sheet(session: Session, card_id: int, newest: int = NEWEST) -> CardSheet:
    """A card as it is now, with its verdict and so many of its newest activities. Raises Refused when there is no such
    card."""
    store = session.store
    with faults(store.path), store.database.reading():
        record = read_record(store, card_id, newest)
        agent, policy, now = who_looks_when(session)
    return _sheet(store, record, agent, policy, now)


def other_sheet(session: Session, other: OtherCard) -> CardSheet:
    """The card at the other end of a transfer, as it is now. Raises Refused when it is not at this desk."""
    store = session.store
    with faults(store.path), store.database.reading():
        card_id = card_of_digest(store, other.digest)
    if card_id is None:
        raise Refused(f"The other card, ···· {other.last_four}, is not at this desk.")
    return card_sheet(session, card_id)


def card_sheet_at(session: Session, card_id: int, at: datetime, newest: int = NEWEST) -> CardSheet:
    """A card as it was at an instant (UTC), judged under today's policy; in the future, if nothing happens until then.

    A balance past its cut-off counts as broken, booked by then or not. Product, holder's organisation and VIP
    mark are today's. Raises Refused when the card did not exist yet, or when its journal can't be told.
    """
    store = session.store
    with faults(store.path), store.database.reading():
        record = read_record(store, card_id, ALL)
        agent, policy, now = who_looks_when(session)
        handed = handed_over_at(store.database, card_id, at)
    past = replace(as_of(record, at, store.business, newest), handed=handed)
    sheet = _sheet(store, past, agent, policy, at)
    return replace(sheet, as_of=AsOf(at, at > now))


def _sheet(store: Store, record: Record, agent: Colleague, policy: Policy, now: datetime) -> CardSheet:
    card, state, facts = record.card, record.card.state, record.facts()
    lines = tuple(line_of(activity) for activity in reversed(record.journal))
    suspended = last_of(record, Kind.SUSPENDED) if state.suspended_at else None
    handed = record.handed
    moved_out, moved_in = last_of(record, Kind.TRANSFER_OUT), last_of(record, Kind.TRANSFER_IN)
    moved_last = max((moved for moved in (moved_out, moved_in) if moved), key=lambda moved: moved.number, default=None)
    first_load = next((line for line in reversed(lines) if line.kind in LOADS), None)
    if first_load is not None and first_load.number > 1 and len(lines) < card.number:
        first_load = None  # an older one may not have been read
    product = sheet_of(record.product)
    return CardSheet(
        card_id=card.id,
        version=card.number,
        head=(card.number, card.mac),
        last_four=card.last_four,
        currency=card.currency,
        status=status_of(facts, now),
        balance_minor=state.balance_minor,
        active_from_at=facts.active_from_at,
        last_day_on=state.last_day_on,
        cut_off_at=card.cut_off_at,
        broken_minor=state.broken_minor,
        broken_at=_broken_at(record),
        reactivated_at=state.reactivated_at,
        suspended_at=state.suspended_at,
        suspended_by=suspended.values["actor_name"] if suspended else None,
        suspended_reason=suspended.text if suspended else None,
        cancelled_at=state.cancelled_at,
        product_name=product.name,
        product_rules="no rules yet" if product.rules is None else in_short(product.rules),
        bought_at=first_load.effective_at if first_load else None,
        bought_place=first_load.place if first_load else None,
        holder=record.holder,
        purchaser=record.person(state.purchaser_id),
        recipient=record.person(state.recipient_id),
        flags=tuple(_flag(line) for line in lines if line.number in record.open_flags),
        activities=lines,
        wrong=record.wrong,
        escalation=handed.id if handed is not None and handed.is_open else None,
        notes=sum(line.kind is Kind.NOTE for line in lines),
        moved_to=record.other_card(moved_out) if moved_out else None,
        came_from=record.other_card(moved_in) if moved_in else None,
        other=record.other_card(moved_last) if moved_last else None,
        facts=facts,
        diagnosis=diagnose(facts, agent.actor, policy, now, store.business),
        judged_at=now,
        business=store.business,
        policy=policy,
        agent=agent,
        unsettled=record.unsettled,
        restricted_to=record.restricted_to,
        handed=handed,
    )


def rejudged(sheet: CardSheet, now: datetime) -> CardSheet:
    """The same card at a later instant (UTC), without asking the database: for the countdown on a screen.

    A card that is shown as it was stays as it was.
    """
    if sheet.as_of is not None:
        return sheet
    now = max(now, sheet.judged_at)
    diagnosis = diagnose(sheet.facts, sheet.agent.actor, sheet.policy, now, sheet.business)
    return replace(sheet, status=status_of(sheet.facts, now), diagnosis=diagnosis, judged_at=now)


def _broken_at(record: Record) -> datetime | None:
    """Since when what broke last is broken, UTC; None when nothing is."""
    if not record.card.state.broken_minor:
        return None
    booked = last_of(record, Kind.BREAKAGE)
    is_the_last = booked is not None and booked.number == record.card.state.last_money_number
    return booked.effective_at if booked is not None and is_the_last else record.card.cut_off_at


def _flag(line: ActivityLine) -> FlagLine:
    return FlagLine(line.number, line.effective_at, line.actor, line.reason or "")
