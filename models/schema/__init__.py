"""The tables: columns, keys, constraints and indexes, each with a name of its own; nothing else.

Money is integer minor units, an instant is integer microseconds UTC, a date is ISO text, a flag of
truth is 0 or 1, a digest is bytes. A card's row is a projection of its journal.
"""

from typing import Final

from models.schema.base import APPLICATION_ID, Table, database_proxy
from models.schema.cards import Activity, ActivityText, CodeDigest, Flag, GiftCard, Product, Restriction
from models.schema.desk import Agent, Audit, Business, Credential, HighWater, ImportBatch, Intent, PolicyVersion
from models.schema.letters import Outbox, Reminder, Template
from models.schema.people import Customer, Organisation, RemovalRequest
from models.schema.search import CustomerText, LookupMiss, LookupStop, SearchText, SearchWord
from models.schema.support import Approval, CaseCard, CaseText, Escalation, Quota, SupportCase

TABLES: Final = (
    Business,
    HighWater,
    Agent,
    PolicyVersion,
    Organisation,
    Customer,
    Product,
    GiftCard,
    CodeDigest,
    Activity,
    ActivityText,
    Flag,
    Intent,
    Audit,
    ImportBatch,
    RemovalRequest,
    Reminder,
    Template,
    Credential,
    SupportCase,
    CaseCard,
    CaseText,
    Escalation,
    Approval,
    Quota,
    Restriction,
    Outbox,
    SearchText,
    CustomerText,
    SearchWord,
    LookupMiss,
    LookupStop,
)

__all__ = [
    "APPLICATION_ID",
    "TABLES",
    "Activity",
    "ActivityText",
    "Agent",
    "Approval",
    "Audit",
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
