"""Cards with very long journals, made in a moment: a penny spent, a note with its number, the penny given back, a note,
and so on."""

from collections.abc import Iterator

from models.cards import lock_card
from models.ledger import append
from models.rules.journal import Entry, Kind
from models.rules.roles import Action
from models.unit import Session, Unit, begin


def lengthen(session: Session, card_id: int, until: int) -> None:
    """Let a card with money on it have so many activities; a hundred thousand take about a second."""
    with session.store.database.writing():
        unit, card = begin(session, Action.NOTE), lock_card(card_id)
        append(unit.hand, card, *_visits(unit, range(card.number + 1, until + 1)))


def annotate(session: Session, card_id: int, count: int) -> None:
    """Let a card have so many notes more."""
    with session.store.database.writing():
        unit = begin(session, Action.NOTE)
        notes = [Entry(Kind.NOTE, unit.now, text=f"note {number}") for number in range(1, count + 1)]
        append(unit.hand, lock_card(card_id), *notes)


def _visits(unit: Unit, numbers: range) -> Iterator[Entry]:
    for turn, number in enumerate(numbers):
        if turn % 2:
            yield Entry(Kind.NOTE, unit.now, text=f"visit {number}")
        elif turn % 4:
            yield Entry(Kind.REFUND, unit.now, amount_minor=1, place="Leeds", reverses=number - 2)
        else:
            yield Entry(Kind.REDEMPTION, unit.now, amount_minor=-1, place="Leeds", order_ref=f"V{number}")
