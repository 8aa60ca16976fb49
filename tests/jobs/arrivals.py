"""Looking at what an import brought."""

from models.finding import find_exact
from models.schema import Activity, CodeDigest, Customer, GiftCard, ImportBatch, Product
from models.sheets import CardSheet, card_sheet
from models.store import Store
from models.unit import Session


def sheet(session: Session, code: str) -> CardSheet:
    """The card that answers to a code."""
    card_id = find_exact(session.store, code)
    assert card_id is not None, f"nobody answers to {code}"
    return card_sheet(session, card_id)


def history(card: CardSheet) -> list[tuple[str, int, int]]:
    """A card's activities, oldest first: kind, amount, balance after."""
    return [(line.kind.value, line.amount_minor, line.balance_after_minor) for line in reversed(card.activities)]


def counts(store: Store) -> tuple[int, ...]:
    """How much there is of everything that an import writes."""
    with store.database.connected():
        return tuple(
            table.select().count() for table in (GiftCard, Activity, CodeDigest, Customer, Product, ImportBatch)
        )
