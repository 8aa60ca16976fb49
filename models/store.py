"""A desk that is open: its database, its business, its keys and its clock; and how one is made."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import cached_property
from typing import Final

from peewee import DoesNotExist

from models.chain import START, seal
from models.clock import Clock
from models.engine import DeskDatabase
from models.engines import create_database, open_database
from models.errors import Fault, Refused, faults
from models.exits import BAD_INPUT, MISCONFIGURED
from models.fields import canonical_json, stored_instant
from models.keys import Keys, create_key, key_path, read_key
from models.locations import Place
from models.rules.errors import BadZone
from models.rules.money import check_currency
from models.rules.policy import Policy, policy_from_json, shipped
from models.rules.validity import BusinessTime
from models.schema import Business, HighWater, PolicyVersion

CLOCK_SLACK: Final = timedelta(seconds=120)
"""How far the clock may lie behind the last record before nothing is written any more."""


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

    def now(self) -> datetime:
        """The instant that counts, UTC, within a connection: the clock's, but never before the last record."""
        return self.clock.now() if self.is_sandbox else self.instant(*self._times())

    def instant(self, told: int | None, reached: int) -> datetime:
        """The same, from what a statement brought along: the engine's own time, and that of the last record."""
        return self._at(told) if self.is_sandbox else max(self._at(told), stored_instant(reached))

    def how_far_behind(self) -> timedelta:
        """How far the clock lies behind the last record, within a connection; zero or less when it does not."""
        if self.is_sandbox:
            return timedelta()
        told, reached = self._times()
        return stored_instant(reached) - self._at(told)

    def _times(self) -> tuple[int | None, int]:
        """The engine's own time, if it counts, and that of the last record; both in one go."""
        row = self.database.execute_sql(f"SELECT {self.database.time_sql}, reached_at FROM high_water").fetchone()
        if row is None:
            raise DoesNotExist
        told, reached = row
        return told, reached

    def _at(self, told: int | None) -> datetime:
        """What the clock shows, which may be the engine's."""
        if told is not None and self.clock is self.database.clock():
            return self.database.heed(told)
        return self.clock.now()

    @cached_property
    def path(self) -> Place:
        """Where the database lies: a file, or a server's address."""
        return self.database.place

    def with_clock(self, clock: Clock) -> "Store":
        """The same desk under another clock. Raises Refused outside a sandbox."""
        if not self.is_sandbox:
            raise Refused("The clock can be set in a sandbox only. Leave --now away; nothing was changed.")
        return replace(self, clock=clock)


def open_store(path: Place, clock: Clock | None = None) -> Store:
    """Open the desk at a place. Raises Fault for everything that forbids working with it."""
    database = open_database(path)
    return desk_on(database, read_key(key_path(path)), clock)


def desk_on(database: DeskDatabase, keys: Keys, clock: Clock | None = None) -> Store:
    """The desk on a database that was checked. Raises Fault for the keys of another desk, and for tampering."""
    path = database.place
    with faults(path), database.connected():
        row = Business.get()
    if row.key_fingerprint == keys.fingerprint and bytes(row.seal) != _business_seal(keys, row):
        raise Fault(
            f"Zone, currency or kind of the desk at {path} were changed with another tool. Restore a backup.", BAD_INPUT
        )
    if row.key_fingerprint != keys.fingerprint:
        raise Fault(
            f"The key file {key_path(path)} belongs to another database. Name the right one in GIFTDESK_KEY.",
            MISCONFIGURED,
        )
    return Store(
        database,
        keys,
        clock or database.clock(),
        _business_time(row),
        row.currency,
        bool(row.is_sandbox),
    )


def _business_time(row: Business) -> BusinessTime:
    try:
        return BusinessTime(row.zone, time.fromisoformat(row.cut_off_time))
    except BadZone:
        raise Fault(
            f"This computer does not know the desk's time zone, {row.zone}. Install its time zone data (tzdata).",
            MISCONFIGURED,
        ) from None


def init_store(
    path: Place,
    *,
    zone: str = "Europe/London",
    currency: str = "GBP",
    is_sandbox: bool = False,
    clock: Clock | None = None,
    policy: Policy | None = None,
    role: str | None = None,
) -> Store:
    """Make a desk at a place where none is. Zone and cut-off time are fixed from then on.

    It begins with the policy that is given, else with the one that desks are shipped with. On a server a role may be
    named that is to work there.

    Raises RuleError for a zone or currency that does not exist, Fault when a database is there already.
    """
    business = BusinessTime(zone)
    currency = check_currency(currency)

    def fill(database: DeskDatabase) -> None:
        now = (clock or database.clock()).now()
        keys = create_key(key_path(path))
        fill_desk(keys, business, currency, now, is_sandbox=is_sandbox, policy=policy)

    create_database(path, fill, role)
    return open_store(path, clock)


def fill_desk(
    keys: Keys,
    business: BusinessTime,
    currency: str,
    now: datetime,
    *,
    is_sandbox: bool,
    policy: Policy | None = None,
) -> None:
    """The first rows of a desk made at an instant (UTC): whose it is, and its policy; within a transaction."""
    row = Business(
        id=1,
        zone=business.zone,
        cut_off_time=business.cut_off_time.isoformat(timespec="minutes"),
        currency=currency,
        is_sandbox=is_sandbox,
        key_fingerprint=keys.fingerprint,
        created_at=now,
    )
    Business.insert(**{**row.__data__, "seal": _business_seal(keys, row)}).execute()
    HighWater.insert(id=1, reached_at=now).execute()
    content = canonical_json((policy or shipped(currency)).as_json())
    PolicyVersion.insert(version=1, content=content, recorded_at=now, seal=policy_seal(keys, 1, content)).execute()


def _business_seal(keys: Keys, row: Business) -> bytes:
    return seal(keys, START, [row.zone, row.cut_off_time, row.currency, int(row.is_sandbox), row.key_fingerprint])


def policy_seal(keys: Keys, version: int, content: str) -> bytes:
    """The seal that belongs on a version of the policy, its content given as stored."""
    return seal(keys, START, ["policy", version, content])


def policy_in_force(store: Store) -> Policy:
    """The latest version of the policy; within a connection. Raises Fault when it was changed with another tool."""
    row = store.database.execute_sql("SELECT version, content, seal FROM policy ORDER BY version DESC LIMIT 1")
    return policy_of(store, *row.fetchone())


def policy_of(store: Store, version: int, content: str, sealed: bytes) -> Policy:
    """A version of the policy, given as stored. Raises Fault when it was changed with another tool."""
    if bytes(sealed) != policy_seal(store.keys, version, content):
        raise Fault(
            f"The policy of {store.path} was changed with another tool. Nothing was changed; restore a backup.",
            BAD_INPUT,
        )
    return policy_from_json({**json.loads(content), "version": version})
