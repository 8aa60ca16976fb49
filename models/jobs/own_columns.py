"""Our own format: its columns, how people and products stand in it, and how a spreadsheet is kept from computing."""

import re
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
# Numbers may begin with a minus: no spreadsheet takes them for a formula.
NUMBERS: Final = frozenset({"balance", "balance_minor", "amount", "amount_minor", "balance_after_minor", "actor"})

# What a spreadsheet takes for the beginning of a formula, wide forms and control characters included.
_FORMULA: Final = re.compile(r"'*[=+\-@\uff1d\uff0b\uff0d\uff20\x00-\x1f\x7f]")
_GUARDED: Final = re.compile(r"'+[=+\-@\uff1d\uff0b\uff0d\uff20\x00-\x1f\x7f]")


def guarded(text: str) -> str:
    """A cell's text, with an apostrophe in front where a spreadsheet would compute; unguarded takes it off again."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """The text that guarded was given."""
    return text[1:] if _GUARDED.match(text) else text
