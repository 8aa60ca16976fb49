"""The tables: columns, keys, constraints and indexes, each with a name of its own; nothing else.

Money is integer minor units, an instant is integer microseconds UTC, a date is ISO text, a flag of
truth is 0 or 1, a digest is bytes. A card's row is a projection of its journal.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from models.schema.base import APPLICATION_ID, Table, database_proxy

if TYPE_CHECKING:
    from models.schema.bulk import Bulk, BulkCard
    from models.schema.cards import Activity, ActivityText, CodeDigest, Flag, GiftCard, Product, Restriction
    from models.schema.desk import Business, HighWater, PolicyVersion
    from models.schema.letters import Outbox, Reminder, Template
    from models.schema.people import Customer, Organisation, RemovalRequest
    from models.schema.search import CustomerText, LookupMiss, LookupStop, SearchText, SearchWord
    from models.schema.support import Approval, CaseCard, CaseText, Escalation, Quota, SupportCase
    from models.schema.work import Agent, Audit, Credential, ImportBatch, Intent, Relocation

    TABLES: tuple[Any, ...]

_MODULES: Final = {
    "Business": "desk",
    "HighWater": "desk",
    "Agent": "work",
    "PolicyVersion": "desk",
    "Organisation": "people",
    "Customer": "people",
    "Product": "cards",
    "GiftCard": "cards",
    "CodeDigest": "cards",
    "Activity": "cards",
    "ActivityText": "cards",
    "Flag": "cards",
    "Intent": "work",
    "Audit": "work",
    "ImportBatch": "work",
    "RemovalRequest": "people",
    "Reminder": "letters",
    "Template": "letters",
    "Credential": "work",
    "SupportCase": "support",
    "CaseCard": "support",
    "CaseText": "support",
    "Escalation": "support",
    "Approval": "support",
    "Quota": "support",
    "Restriction": "cards",
    "Outbox": "letters",
    "SearchText": "search",
    "CustomerText": "search",
    "SearchWord": "search",
    "LookupMiss": "search",
    "LookupStop": "search",
    "Bulk": "bulk",
    "BulkCard": "bulk",
    "Relocation": "work",
}
"""Table -> the module here that declares it; those that others name stand before them."""

__all__ = [
    "APPLICATION_ID",
    "TABLES",
    "Activity",
    "ActivityText",
    "Agent",
    "Approval",
    "Audit",
    "Bulk",
    "BulkCard",
    "Business",
    "CaseCard",
    "CaseText",
    "CodeDigest",
    "Credential",
    "Customer",
    "CustomerText",
    "Escalation",
    "Flag",
    "GiftCard",
    "HighWater",
    "ImportBatch",
    "Intent",
    "LookupMiss",
    "LookupStop",
    "Organisation",
    "Outbox",
    "PolicyVersion",
    "Product",
    "Quota",
    "Relocation",
    "Reminder",
    "RemovalRequest",
    "Restriction",
    "SearchText",
    "SearchWord",
    "SupportCase",
    "Table",
    "Template",
    "database_proxy",
]


def __getattr__(name: str) -> Any:
    """A table, imported when it is first asked for: a desk that is opened needs three of them."""
    if name == "TABLES":
        return tuple(map(__getattr__, _MODULES))
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"models.schema.{_MODULES[name]}"), name)
