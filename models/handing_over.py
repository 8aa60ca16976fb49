"""What is known before a card is handed over: the intake of the agent's case with it, and what must still be asked."""

from dataclasses import dataclass

from models.agents import who_looks
from models.casebook import case_with, intake_of
from models.errors import faults
from models.records import read_record
from models.rules.intakes import Intake, intake_refusal
from models.rules.roles import Action
from models.schema import SupportCase
from models.unit import Session


@dataclass(frozen=True, slots=True)
class Known:
    """What a hand-over would be filled with."""

    intake: Intake
    is_asked_for: bool
    """Whether the policy wants to know who calls before a card is handed over."""


def known_of(session: Session, card_id: int) -> Known:
    """What is known of the conversation about a card. Raises Refused for no such card, Fault for a broken store."""
    store = session.store
    with faults(store.path), store.database.reading():
        agent, policy = who_looks(session)
        case = case_with(agent.id, card_id) or SupportCase()
        intake = intake_of(store, case, read_record(store, card_id))
    return Known(intake, intake_refusal(policy, Action.ESCALATE, Intake()) is not None)
