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
    of: str | None = None
    """What is refused, where it is not simply the event."""

    @property
    def name(self) -> str:
        """What its trigger is called."""
        return f"{self.table}_no_{self.of or self.event.lower()}"

    @property
    def sentence(self) -> str:
        """What the engine says when it refuses."""
        return f"{self.table} is append-only"


# What was asked stays, and so does a decision; free texts can be taken away for a person who asks.
_ASKED: Final = (
    "id",
    "card_id",
    "case_id",
    "why",
    "grounds",
    "policy",
    "ref",
    "asked_at",
    "asked_by",
    "asked_by_name",
    "seal",
)
_DECIDED: Final = ("decision", "decided_at", "decided_by", "decided_by_name", "number")
_REWRITES_A_REQUEST: Final = " OR ".join(
    (
        *(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in _ASKED),
        *(f"(NEW.{name} IS NOT NULL AND NEW.{name} IS DISTINCT FROM OLD.{name})" for name in ("note", "reason")),
        *(f"(OLD.decision IS NOT NULL AND NEW.{name} IS DISTINCT FROM OLD.{name})" for name in _DECIDED),
        "(OLD.decision IS NOT NULL AND NEW.said IS NOT NULL AND NEW.said IS DISTINCT FROM OLD.said)",
    )
)

# A list that is complete stays what it is, and so does what was asked of it; what was done is said once.
_OF_A_BULK: Final = ("id", "kind", "undoes", "wish", "ref", "policy", "asked_at", "asked_by", "asked_by_name")
_READY: Final = ("ready_at", "cards", "told", "why", "digest", "seal")
_REWRITES_A_BULK: Final = " OR ".join(
    (
        *(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in _OF_A_BULK),
        "(NEW.reason IS NOT NULL AND NEW.reason IS DISTINCT FROM OLD.reason)",
        *(f"(OLD.ready_at IS NOT NULL AND NEW.{name} IS DISTINCT FROM OLD.{name})" for name in _READY),
        *(f"(OLD.decision IS NOT NULL AND NEW.{name} IS DISTINCT FROM OLD.{name})" for name in _DECIDED[:-1]),
        "(OLD.decision IS NOT NULL AND NEW.said IS NOT NULL AND NEW.said IS DISTINCT FROM OLD.said)",
        *(f"(OLD.ended_at IS NOT NULL AND NEW.{name} IS DISTINCT FROM OLD.{name})" for name in ("ended_at", "outcome")),
    )
)
_ON_THE_LIST: Final = ("bulk_id", "card_id", "until_on", "customer_id", "organisation_id")
_DONE: Final = ("first_number", "last_number", "moved_minor", "skipped")
_REWRITES_A_LIST: Final = " OR ".join(
    (
        *(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in _ON_THE_LIST),
        *(
            f"((OLD.first_number IS NOT NULL OR OLD.skipped IS NOT NULL) AND NEW.{name} IS DISTINCT FROM OLD.{name})"
            for name in _DONE
        ),
    )
)

# Time may be taken back, once for each time that it is counted.
_RETURNS_UNCOUNTED: Final = (
    "COALESCE(NEW.taken_back, 0) < COALESCE(OLD.taken_back, 0) OR (NEW.reached_at < OLD.reached_at AND "
    "COALESCE(NEW.taken_back, 0) <> COALESCE(OLD.taken_back, 0) + 1)"
)

REFUSALS: Final = (
    Refusal("activity", "UPDATE"),
    Refusal("activity", "DELETE"),
    Refusal("activity_text", "UPDATE", "NEW.text IS NOT NULL"),
    Refusal("activity_text", "DELETE"),
    Refusal("audit", "UPDATE"),
    Refusal("audit", "DELETE"),
    Refusal("policy", "UPDATE"),
    Refusal("policy", "DELETE"),
    Refusal("agent", "UPDATE", "NEW.id IS DISTINCT FROM OLD.id OR NEW.login IS DISTINCT FROM OLD.login"),
    Refusal("high_water", "UPDATE", _RETURNS_UNCOUNTED, "return"),
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
    Refusal("approval", "UPDATE", _REWRITES_A_REQUEST),
    Refusal("approval", "DELETE"),
    Refusal("quota", "UPDATE", "NEW.used < OLD.used"),
    Refusal("quota", "DELETE"),
    Refusal("restriction", "DELETE"),
    Refusal("outbox", "DELETE"),
    Refusal("lookup_miss", "UPDATE"),
    Refusal("lookup_miss", "DELETE"),
    Refusal("lookup_stop", "DELETE"),
    Refusal("bulk", "INSERT", "NEW.decision IS NOT NULL OR NEW.ready_at IS NOT NULL"),
    Refusal("bulk", "UPDATE", _REWRITES_A_BULK),
    Refusal("bulk", "DELETE"),
    Refusal("bulk_card", "INSERT", "NEW.first_number IS NOT NULL OR NEW.skipped IS NOT NULL"),
    Refusal("bulk_card", "UPDATE", _REWRITES_A_LIST),
    Refusal("bulk_card", "DELETE"),
    Refusal("relocation", "UPDATE", "OLD.stage = 'left'"),
    Refusal("relocation", "DELETE", "OLD.stage = 'left'"),
)
