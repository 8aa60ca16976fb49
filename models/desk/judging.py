"""What every write on a card does first: lock it, read it again, judge it again."""

from typing import Any, Final

from models.cards import LockedCard, lock_card
from models.errors import Mendable, Overtaken, OwnCard, Refused
from models.journals import ALL, StoredActivity
from models.records import Record, read_record
from models.rules import wording
from models.rules.actions import action_refusal
from models.rules.checkout import NO_AMOUNT
from models.rules.facts import OWN_CARD
from models.rules.journal import SIGNS
from models.rules.money import LARGEST_MINOR, format_money
from models.rules.roles import Action
from models.rules.terms import Terms, differences, facts_in_words, terms
from models.rules.texts import REFERENCE, optional_line
from models.rules.validity import BusinessTime
from models.session import Opened
from models.unit import Unit

_MOST_LINES: Final = 12


def judged(unit: Unit, card_id: int, action: Action) -> Record:
    """The card as it is under the lock.

    Raises Refused with the rule's reason when the action is not allowed, and Overtaken when it is not what the
    agent confirmed.
    """
    record = read_again(unit, card_id)
    refusal = action_refusal(action, record.facts(), unit.actor, unit.policy, unit.now, unit.store.business)
    if refusal is not None:
        raise refused(unit, record, refusal)
    hold_to_terms(unit, record, action)
    return record


def read_again(unit: Unit, card_id: int) -> Record:
    """The card, locked and read whole. Raises Refused when it is not the one that the screen has open."""
    lock_card(card_id)
    unit.has_waited()
    record = read_record(unit.store, card_id, ALL)
    if unit.opened is not None and unit.opened.card_id == card_id and record.wrong is None:
        number, mac = unit.opened.head
        if not any(activity.number == number and activity.mac == mac for activity in record.journal):
            raise Refused("This is not the card that you opened: the desk's file was exchanged. Find the card again.")
    return record


def hold_to_terms(unit: Unit, record: Record, action: Action) -> None:
    """Raise Overtaken when the action rests on something else than its dialog showed; a card without one passes."""
    opened = unit.opened
    if opened is None or opened.card_id != record.card.id or opened.action is not action:
        return
    present = terms(action, record.facts(), unit.policy, unit.now, unit.store.business)
    if present != opened.terms:
        raise Overtaken(
            "This is not what you confirmed any more: read what changed, and decide again. Nothing was done.",
            _changes(unit, opened, record, present),
        )


def refused(unit: Unit, record: Record, sentence: str) -> Refused:
    """A refusal, with what changed on the card since its dialog was opened, if anything did."""
    if sentence == OWN_CARD:
        return OwnCard(sentence, record.card.id)
    opened = unit.opened
    changes = () if opened is None or opened.card_id != record.card.id else _changes(unit, opened, record, opened.terms)
    return Overtaken(sentence, changes) if changes else Refused(sentence)


def _changes(unit: Unit, opened: Opened, record: Record, present: Terms) -> tuple[str, ...]:
    """What became of the card since it was opened: each fact and term that differs, then who did what, newest first."""
    business = unit.store.business
    before, after = (facts_in_words(facts, unit.now, business) for facts in (opened.facts, record.facts()))
    since = [activity for activity in reversed(record.journal) if activity.number > opened.head[0]]
    done = [_done_since(activity, record.card.currency, business) for activity in since[:_MOST_LINES]]
    more = (f"and {len(since) - _MOST_LINES} activities before",) if len(since) > _MOST_LINES else ()
    return (*differences({**before, **opened.terms}, {**after, **present}), *done, *more)


def _done_since(activity: StoredActivity, currency: str, business: BusinessTime) -> str:
    values = activity.values
    money = f" {format_money(values['amount_minor'], currency)}" if activity.kind in SIGNS else ""
    where = f", {values['place']}" if values["place"] else ""
    said = f": {wording.shortened(' '.join(activity.text.split()), 60)}" if activity.text else ""
    at = wording.moment(activity.recorded_at, business)
    return f"{at}  {wording.shortened(values['actor_name'])}  {activity.kind.words}{money}{where}{said}"


def name_of(card: LockedCard) -> str:
    """How a sentence names a card: by the end of its code."""
    return f"Card ···· {card.last_four}"


def check_amount(amount_minor: int) -> None:
    """Refuse an amount that is not a sensible number of minor units."""
    if type(amount_minor) is not int or not 0 < amount_minor <= LARGEST_MINOR:
        raise Mendable(NO_AMOUNT)


def with_ref(ref: str | None, **details: Any) -> dict[str, Any]:
    """Structured facts of an activity, with the agent's ticket when one was given."""
    ticket = optional_line(ref, "ticket", REFERENCE)
    return {**details, **({"ref": ticket} if ticket else {})}
