"""What was imported so far, and which imports were stopped before their end."""

from dataclasses import dataclass
from datetime import datetime

from models.errors import faults
from models.schema import Agent, ImportBatch
from models.store import Store


@dataclass(frozen=True, slots=True)
class ImportLine:
    """One import."""

    id: int
    format: str
    begun_at: datetime
    """UTC."""
    agent: str
    """Who began it."""
    cards: int
    """In its files."""
    cards_in: int
    """Of these, how many are in."""

    @property
    def is_finished(self) -> bool:
        """Whether all its cards are in."""
        return self.cards_in == self.cards

    @property
    def sentence(self) -> str:
        """Where an unfinished one stands, and how to go on."""
        return (
            f"Import {self.id} ({self.format}) is not finished: {self.cards_in:,} of {self.cards:,} cards are in. "
            f"Import the same files again to finish it."
        )


def imports(store: Store) -> tuple[ImportLine, ...]:
    """All imports, the newest first. Raises Fault for a broken store."""
    with faults(store.path), store.database.reading():
        names = {agent.id: agent.name for agent in Agent.select(Agent.id, Agent.name)}
        return tuple(
            ImportLine(
                row.id,
                row.format,
                row.recorded_at,
                names.get(row.actor_id, ""),
                row.outcome["cards"],
                row.outcome["cards"] if row.watermark is None else row.watermark,
            )
            for row in ImportBatch.select().order_by(ImportBatch.id.desc())
        )


def unfinished_imports(store: Store) -> tuple[ImportLine, ...]:
    """The imports that were stopped before their end."""
    return tuple(line for line in imports(store) if not line.is_finished)
