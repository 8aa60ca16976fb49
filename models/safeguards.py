"""What may not be done to a row, whoever asks for it. Each engine keeps it by triggers in its own words."""

from dataclasses import dataclass
from typing import Final, Literal


@dataclass(frozen=True, slots=True)
class Refusal:
    """A change of a table's rows that the database itself refuses."""

    table: str
    event: Literal["UPDATE", "DELETE"]
    when: str | None = None
    """The condition on the row, in SQL; None is every row."""

    @property
    def name(self) -> str:
        """What its trigger is called."""
        return f"{self.table}_no_{self.event.lower()}"

    @property
    def sentence(self) -> str:
        """What the engine says when it refuses."""
        return f"{self.table} is append-only"


REFUSALS: Final = (
    Refusal("activity", "UPDATE"),
    Refusal("activity", "DELETE"),
    Refusal("activity_text", "UPDATE", "NEW.text IS NOT NULL"),
    Refusal("activity_text", "DELETE"),
    Refusal("audit", "UPDATE"),
    Refusal("audit", "DELETE"),
    Refusal("policy", "UPDATE"),
    Refusal("policy", "DELETE"),
    Refusal("intent", "UPDATE"),
    Refusal("intent", "DELETE"),
    Refusal("removal_request", "DELETE"),
    Refusal("reminder", "DELETE"),
    Refusal("template", "UPDATE"),
    Refusal("template", "DELETE"),
)
