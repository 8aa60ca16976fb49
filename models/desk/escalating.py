"""Handing a card over to Payments Support: an activity, a reason, and a packet of text."""

from dataclasses import replace
from enum import StrEnum
from typing import Final

from models.agents import look_up
from models.desk.judging import judged, name_of, with_ref
from models.errors import faults
from models.journals import StoredActivity
from models.ledger import append
from models.records import Record, read_record
from models.rules import wording
from models.rules.codes import masked
from models.rules.diagnosis import diagnose
from models.rules.journal import SIGNS, Entry, Kind
from models.rules.money import format_money
from models.rules.roles import Action
from models.rules.texts import check_note
from models.store import Store, policy_in_force
from models.unit import Outcome, Session, Unit, perform

_MONEY_LINES: Final = 10


class Escalation(StrEnum):
    """The three reasons for which a card goes to Payments Support."""

    STILL_FAILS = "still_fails"
    WRONG_BALANCE = "wrong_balance"
    NOT_AVAILABLE = "not_available"

    @property
    def words(self) -> str:
        """The reason as a sentence."""
        return {
            Escalation.STILL_FAILS: "The card looks active, but checkout still refuses it.",
            Escalation.WRONG_BALANCE: "The balance is wrong, or part of the history is missing.",
            Escalation.NOT_AVAILABLE: "It should be reactivated, but the desk cannot do it.",
        }[self]


def escalate(
    session: Session,
    card_id: int,
    why: Escalation,
    text: str,
    *,
    ref: str | None = None,
    intent: str | None = None,
) -> Outcome:
    """Hand a card over to Payments Support. The outcome hands out the packet to send."""

    def work(unit: Unit) -> Outcome:
        checked = check_note(text, "description")
        record = judged(unit, card_id, Action.ESCALATE)
        id_ = f"E{card_id}-{record.card.number + 1}"
        entry = Entry(Kind.ESCALATED, unit.now, text=checked, details=with_ref(ref, escalation=id_, why=why.value))
        card = append(unit.hand, record.card, entry)
        sentence = f"{name_of(card)} is handed over to Payments Support as {id_}."
        return Outcome(True, sentence, card_id, {"escalation": id_, "number": card.number})

    request = {"card": card_id, "why": why.value, "text": text, "ref": ref}
    outcome = perform(session, Action.ESCALATE, intent, request, work)
    return replace(outcome, hand_out=packet(session, card_id, outcome.facts["number"])) if outcome.done else outcome


def packet(session: Session, card_id: int, number: int) -> str:
    """The text that hands an escalation over, by the number of its activity; made afresh from the card.

    It has everything that Payments Support needs, so that nobody has to ask the agent again, and no full code.
    """
    store = session.store
    with faults(store.path, "The escalation itself is saved."), store.database.reading():
        record = read_record(store, card_id)
        agent, policy, now = look_up(session), policy_in_force(store), store.now()
    diagnosis = diagnose(record.facts(), agent.actor, policy, now, store.business)
    head = _head(store, record.activity(number))
    verdict = [
        f"Verdict   {diagnosis.verdict}: {diagnosis.reason}",
        *([f"Wrong     {record.damage.what}"] if record.damage else []),
    ]
    return "\n".join([*head, "", *_card_lines(store, record), *verdict, "", *_money_lines(store, record)])


def _head(store: Store, escalated: StoredActivity) -> list[str]:
    details = escalated.details
    at = wording.moment(escalated.effective_at, store.business)
    return [
        f"Escalation {details['escalation']} to Payments Support",
        f"From      {escalated.values['actor_name']}, {at} ({store.business.zone})",
        *([f"Ticket    {details['ref']}"] if "ref" in details else []),
        f"Reason    {Escalation(details['why']).words}",
        f"Told      {escalated.text or '(removed)'}",
    ]


def _card_lines(store: Store, record: Record) -> list[str]:
    card, holder = record.card, record.holder
    who = [holder.name, holder.email, holder.organisation] if holder else ["nobody on file"]
    stops = f", cut off {wording.moment(card.cut_off_at, store.business)}" if card.cut_off_at else ""
    return [
        f"Card      {masked(card.last_four, mark='*')} (record {card.id}), {record.product.name}",
        f"Holder    {', '.join(part for part in who if part)}",
        f"Balance   {format_money(card.state.balance_minor, card.currency)}",
        f"Last day  {wording.last_day(card.state.last_day_on)}{stops}",
    ]


def _money_lines(store: Store, record: Record) -> list[str]:
    lines = ["Latest money activities, newest first"]
    for activity in [activity for activity in reversed(record.journal) if activity.kind in SIGNS][:_MONEY_LINES]:
        values, currency = activity.values, record.card.currency
        where = f"  {values['place']}" if values["place"] else ""
        order = f"  order {values['order_ref']}" if values["order_ref"] else ""
        lines.append(
            f"  {wording.moment(activity.effective_at, store.business):<18} {activity.kind:<13} "
            f"{format_money(values['amount_minor'], currency):>14}  "
            f"balance {format_money(values['balance_after_minor'], currency)}{where}{order}"
        )
    return lines
