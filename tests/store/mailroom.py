"""Letters for the tests of the outbox: written as the desk writes them, within somebody's unit of work."""

from store.counter import Counter

from models.outbox import write_letter
from models.rules.letters import LetterKind
from models.rules.roles import Action
from models.unit import Outcome, Session, Unit, perform


def written(session: Session, card_id: int, customer_id: int | None = None, subject: str = "Your card") -> int:
    """The number of a letter about a card: to a customer, or to Payments Support when none is named."""

    def work(unit: Unit) -> Outcome:
        kind = LetterKind.PACKET if customer_id is None else LetterKind.REPLY
        text = f"Good news about {subject}."
        letter = write_letter(unit, kind, subject=subject, text=text, card_id=card_id, customer_id=customer_id)
        return Outcome(True, "It is written.", facts={"letter": letter})

    outcome = perform(session, Action.REPLY, None, {}, work)
    assert outcome.done, outcome.sentence
    number = outcome.facts["letter"]
    assert isinstance(number, int)
    return number


def holder(counter: Counter, card_id: int) -> int:
    """The number of the record of who holds a card."""
    person = counter.sheet(card_id).holder
    assert person is not None
    return person.id
