"""What may not be done to a row, whoever asks for it. Each engine keeps it by triggers in its own words."""

from dataclasses import dataclass
from typing import Final, Literal


@dataclass(frozen=True, slots=True)
class Refusal:
    """A change of a table's rows that the database itself refuses."""

    table: str
    event: Literal["INSERT", "UPDATE", "DELETE"]
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
    Refusal("credential", "DELETE"),
    Refusal("support_case", "DELETE"),
    Refusal("case_card", "UPDATE"),
    Refusal("case_card", "DELETE"),
    Refusal("case_text", "UPDATE", "NEW.text IS NOT NULL"),
    Refusal("case_text", "DELETE"),
    Refusal("escalation", "DELETE"),
    Refusal("approval", "INSERT", "NEW.decision IS NOT NULL"),
    Refusal(
        "approval",
        "UPDATE",
        "OLD.decision IS NOT NULL OR NEW.decision IS NULL OR NEW.id <> OLD.id OR NEW.card_id <> OLD.card_id "
        "OR NEW.asked_by <> OLD.asked_by OR NEW.asked_at <> OLD.asked_at OR NEW.grounds <> OLD.grounds",
    ),
    Refusal("approval", "DELETE"),
    Refusal("quota", "UPDATE", "NEW.used < OLD.used"),
    Refusal("quota", "DELETE"),
    Refusal("restriction", "DELETE"),
    Refusal("outbox", "DELETE"),
)
