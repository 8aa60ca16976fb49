"""A desk that is open: its database, its business, its keys and its clock; and how one is made."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import time
from functools import cached_property
from pathlib import Path

from models.clock import Clock, SystemClock
from models.database import DeskDatabase, create_database, open_database
from models.errors import MISCONFIGURED, Fault, Refused, faults
from models.keys import Keys, create_key, key_path, read_key
from models.rules.money import check_currency
from models.rules.policy import Policy, policy_from_json
from models.rules.validity import BusinessTime
from models.schema import Business, HighWater, PolicyVersion


@dataclass(frozen=True)
class Store:
    """Everything that reads and writes of one desk need."""

    database: DeskDatabase
    keys: Keys
    clock: Clock
    business: BusinessTime
    currency: str
    """What cards are issued in when nothing else is said."""
    is_sandbox: bool
    """For training and tests: the clock may be set, and agents may be anyone."""
    pick: Callable[[int], int] = secrets.randbelow
    """Chooses the characters of new codes: cryptographically random, but for the demo's known ones."""

    @cached_property
    def path(self) -> Path:
        """Where the database lies."""
        return self.database.path

    def with_clock(self, clock: Clock) -> "Store":
        """The same desk under another clock. Raises Refused outside a sandbox."""
        if not self.is_sandbox:
            raise Refused("The clock can be set in a sandbox only. Leave --now away; nothing was changed.")
        return replace(self, clock=clock)


def open_store(path: Path, clock: Clock | None = None) -> Store:
    """Open the desk at a path. Raises Fault for everything that forbids working with it."""
    database = open_database(path)
    keys = read_key(key_path(path))
    with faults(path), database.connected():
        row = Business.get()
    if row.key_fingerprint != keys.fingerprint:
        raise Fault(
            f"The key file {key_path(path)} belongs to another database. Name the right one in GIFTDESK_KEY.",
            MISCONFIGURED,
        )
    return Store(
        database,
        keys,
        clock or SystemClock(),
        BusinessTime(row.zone, time.fromisoformat(row.cut_off_time)),
        row.currency,
        bool(row.is_sandbox),
    )


def init_store(
    path: Path,
    *,
    zone: str = "Europe/London",
    currency: str = "GBP",
    is_sandbox: bool = False,
    clock: Clock | None = None,
) -> Store:
    """Make a desk at a path where none is. Zone and cut-off time are fixed from then on.

    Raises RuleError for a zone or currency that does not exist, Fault when a file is there already.
    """
    business = BusinessTime(zone)
    currency = check_currency(currency)
    now = (clock or SystemClock()).now()
    if path.exists():
        raise Fault(f"There is a database at {path} already. Nothing was changed.", MISCONFIGURED)

    def fill(keys: Keys) -> None:
        Business.insert(
            id=1,
            zone=business.zone,
            cut_off_time=business.cut_off_time.isoformat(timespec="minutes"),
            currency=currency,
            is_sandbox=is_sandbox,
            key_fingerprint=keys.fingerprint,
            created_at=now,
        ).execute()
        HighWater.insert(id=1, reached_at=now).execute()
        PolicyVersion.insert(version=1, content=Policy().as_json(), recorded_at=now).execute()

    create_database(path, lambda: fill(create_key(key_path(path))))
    return open_store(path, clock)


def policy_in_force() -> Policy:
    """The latest version of the policy; within a connection."""
    row = PolicyVersion.select().order_by(PolicyVersion.version.desc()).limit(1).get()
    content = row.content if isinstance(row.content, dict) else json.loads(row.content)
    return policy_from_json({**content, "version": row.version})
