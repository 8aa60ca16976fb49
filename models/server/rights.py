"""What the role of daily work may do on a server, declared once: it adds to history, and never changes it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from textwrap import fill
from typing import Final

from peewee import BigAutoField

from models.errors import Fault
from models.exits import MISCONFIGURED
from models.rules.texts import NAME, made_safe
from models.schema import TABLES

MIGRATIONS: Final = "schema_migration"
"""The table of what was applied."""
ONLY_READ: Final = frozenset({"business", "relocation", MIGRATIONS})
"""The tables that only the owner writes."""
BEGUN: Final = frozenset({"high_water"})
"""The tables whose one row is there from the beginning."""
CHANGED: Final[Mapping[str, tuple[str, ...]]] = {
    "activity_text": ("text",),
    "agent": ("name", "email", "role", "disabled_at"),
    "approval": ("note", "reason", "decision", "decided_at", "decided_by", "decided_by_name", "said", "number"),
    "bulk": (
        *("reason", "ready_at", "cards", "told", "why", "digest", "seal", "decision", "decided_at", "decided_by"),
        *("decided_by_name", "said", "ended_at", "outcome"),
    ),
    "bulk_card": ("first_number", "last_number", "moved_minor", "skipped"),
    "case_text": ("text",),
    "credential": ("hash", "changed_at", "tries", "blocked_until", "seal"),
    "customer": (
        *("name", "name_key", "email", "email_key", "organisation_id", "linked_at", "merged_into_id", "removed_at"),
    ),
    "escalation": ("owner_id", "taken_at", "outcome", "outcome_text", "closed_at", "closed_by", "seen_at"),
    "flag": ("cleared_number",),
    "gift_card": (
        *("product_id", "balance_minor", "broken_minor", "last_money_number", "active_from_at", "last_day_on"),
        *("cut_off_at", "loaded_at", "reactivated_at", "suspended_at", "cancelled_at", "purchaser_id"),
        *("recipient_id", "registered_id", "head_number", "head_mac", "seal", "changed_at"),
    ),
    "high_water": ("reached_at",),
    "import_batch": ("watermark", "has_codes_like_ours", "has_codes_of_letters"),
    "lookup_stop": ("stopped_at", "lifted_at"),
    "organisation": ("is_vip", "vip_source", "vip_changed_at"),
    "outbox": (*("subject", "text", "html", "state", "tries", "claimed_at", "next_try_at", "settled_at", "said"),),
    "product": (
        *("name", "rules", "reminders", "changed_at", "channels", "retired_at", "spend_places", "spend_channels"),
    ),
    "quota": ("used", "most"),
    "reminder": (*("customer_id", "state", "is_late", "tries", "claimed_at", "next_try_at", "settled_at", "said"),),
    "removal_request": ("confirmed_at", "confirmed_by_name"),
    "restriction": ("customer_id", "changed_at", "seal"),
    "support_case": (
        *("agent_id", "last_at", "entries", "calls", "customer_id", "symptom", "told", "is_begun", "said", "said_at"),
        *("waits_for", "answered_at", "outcome", "closed_at"),
    ),
}
"""Table -> the columns that change; of the other tables nothing ever does."""
REMOVED: Final = frozenset({"customer_text", "flag", "search_text", "search_word"})
"""The tables that hold no history: what stands in them follows from others."""

_EVERYBODY: Final = "public"
_THE_SERVERS_OWN: Final = "pg_"
# The server cuts a longer name off without an error, and would let in the role whose name is what is left.
_LONGEST: Final = 63
_WIDTH: Final = 118
_INDENT: Final = "    "


@dataclass(frozen=True, slots=True, order=True)
class Right:
    """Something that a role may do."""

    verb: str
    """As the server calls it: SELECT, INSERT, UPDATE, DELETE, TRUNCATE, ..."""
    on: str
    """The table, the sequence or the schema."""
    column: str = ""
    """The one column to which it may be done; empty is all of it."""

    def __str__(self) -> str:
        """As sentences name it."""
        return f"{self.verb} {self.on}.{self.column}" if self.column else f"{self.verb} {self.on}"


def needed(*, only_reading: bool = False) -> frozenset[Right]:
    """All that a role needs to work, or to look only."""
    reads = [Right("SELECT", table) for table in _tables()]
    if only_reading:
        return frozenset(reads)
    adds = [Right("INSERT", table) for table in _added_to()]
    changes = [Right("UPDATE", table, column) for table, columns in CHANGED.items() for column in columns]
    removes = [Right("DELETE", table) for table in REMOVED]
    return frozenset([*reads, *adds, *changes, *removes, *(Right("USAGE", each) for each in _sequences())])


def statements(role: str, *, only_reading: bool = False) -> Iterator[str]:
    """What the owner says so that a role can do its work and nothing else, whatever it could before.

    Raises Fault for a name that can't be that of a role.
    """
    name = quoted(role)
    yield _listing("REVOKE ALL ON", _tables(), f"FROM {name}")
    yield _listing("REVOKE ALL ON SEQUENCE", [*_sequences(), f"{MIGRATIONS}_id_seq"], f"FROM {name}")
    yield _listing("GRANT SELECT ON", _tables(), f"TO {name}")
    if only_reading:
        return
    yield _listing("GRANT INSERT ON", _added_to(), f"TO {name}")
    for table, columns in CHANGED.items():
        yield _listing("GRANT UPDATE", [f"({', '.join(columns)})"], f"ON {table} TO {name}")
    yield _listing("GRANT DELETE ON", sorted(REMOVED), f"TO {name}")
    yield _listing("GRANT USAGE ON SEQUENCE", _sequences(), f"TO {name}")


def script(role: str, *, only_reading: bool = False) -> str:
    """The same to be read, and run with the server's own tools: all of it or nothing. Raises Fault as statements."""
    return "\n".join(f"{each};" for each in ("BEGIN", *statements(role, only_reading=only_reading), "COMMIT"))


def quoted(role: str) -> str:
    """The name of a role as it stands in a statement, whatever is in it. Raises Fault for one that none can have."""
    is_one = role.strip() and role.isprintable() and len(role.encode()) <= _LONGEST
    if not is_one or role == _EVERYBODY:
        raise Fault(
            f"{shown(role) or 'An empty name'} can't be the name of a role. Nothing was changed.", MISCONFIGURED
        )
    if role.startswith(_THE_SERVERS_OWN):
        raise Fault(
            f"{shown(role)} is one of the server's own roles, which stand for rights everywhere: name a role that "
            f"somebody works as. Nothing was changed.",
            MISCONFIGURED,
        )
    return '"' + role.replace('"', '""') + '"'


def shown(role: str) -> str:
    """The name of a role in a sentence."""
    return made_safe(role, NAME)


def _tables() -> list[str]:
    return sorted([*(table._meta.table_name for table in TABLES), MIGRATIONS])


def _added_to() -> list[str]:
    return [table for table in _tables() if table not in ONLY_READ | BEGUN]


def _sequences() -> list[str]:
    """The counters from which ids are taken, as the server names them."""
    keys = [table._meta.primary_key for table in TABLES]
    return sorted(f"{key.model._meta.table_name}_{key.column_name}_seq" for key in keys if type(key) is BigAutoField)


def _listing(words: str, names: Iterable[str], rest: str) -> str:
    """A statement in lines that can be read; never broken within the name of a role, which may have blanks in it."""
    front = fill(f"{words} {', '.join(names)}", _WIDTH, subsequent_indent=_INDENT, break_long_words=False)
    fits = len(front.rpartition("\n")[2]) + len(rest) < _WIDTH
    return f"{front} {rest}" if fits else f"{front}\n{_INDENT}{rest}"
