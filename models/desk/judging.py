"""What every write on a card does first: lock it, read it again, judge it again."""

from typing import Any

from models.errors import Refused
from models.journals import ALL
from models.ledger import LockedCard, lock_card
from models.records import Record, read_record
from models.rules.actions import action_refusal
from models.rules.money import LARGEST_MINOR
from models.rules.roles import Action
from models.rules.texts import REFERENCE, optional_line
from models.unit import Unit


def judged(unit: Unit, card_id: int, action: Action) -> Record:
    """The card as it is under the lock. Raises Refused with the rule's reason when the action is not allowed."""
    record = read_again(unit, card_id)
    refusal = action_refusal(action, record.facts(), unit.actor, unit.policy, unit.now, unit.store.business)
    if refusal is not None:
        raise Refused(refusal)
    return record


def read_again(unit: Unit, card_id: int) -> Record:
    """The card, locked and read whole. Raises Refused when it is not the one that the screen has open."""
    lock_card(card_id)
    record = read_record(unit.store, card_id, ALL)
    if unit.opened is not None and unit.opened[0] == card_id and record.wrong is None:
        number, mac = unit.opened[1]
        if not any(activity.number == number and activity.mac == mac for activity in record.journal):
            raise Refused("This is not the card that you opened: the desk's file was exchanged. Find the card again.")
    return record


def name_of(card: LockedCard) -> str:
    """How a sentence names a card: by the end of its code."""
    return f"Card ···· {card.last_four}"


def check_amount(amount_minor: int) -> None:
    """Refuse an amount that is not a sensible number of minor units."""
    if type(amount_minor) is not int or not 0 < amount_minor <= LARGEST_MINOR:
        raise Refused("The amount must be more than zero, and less than any gift card can hold.")


def with_ref(ref: str | None, **details: Any) -> dict[str, Any]:
    """Structured facts of an activity, with the agent's ticket when one was given."""
    ticket = optional_line(ref, "ticket", REFERENCE)
    return {**details, **({"ref": ticket} if ticket else {})}
