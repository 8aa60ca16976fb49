"""Our own format: its columns, and how people stand in it."""

from typing import Final

PERSON: Final = ("name", "email", "organisation", "vip")
ROLES: Final = ("purchaser", "recipient", "registered")

CARD: Final = (
    "code",
    "digest",
    "folded",
    "key",
    "last_four",
    "aliases",
    "currency",
    "balance",
    "balance_minor",
    "status",
    "product",
    "product_name",
    "active_from",
    "last_day",
    "cut_off",
    "suspended_at",
    "cancelled_at",
    "loaded_at",
    "reactivated_at",
    *(f"{role}_{part}" for role in ROLES for part in PERSON),
    "open_flags",
    "activities",
)
ACTIVITY: Final = (
    "card",
    "number",
    "kind",
    "currency",
    "amount",
    "amount_minor",
    "balance_after_minor",
    "effective_at",
    "recorded_at",
    "actor",
    "actor_name",
    "place",
    "order_ref",
    "text",
    "removed_text",
    "reverses",
    "details",
    "intent",
)
