"""Passwords: hashed by argon2, tried seldom, and what a session rests on that was opened with one.

A hash takes a tenth of a second and much memory, so none is made while the desk is locked; the library that makes
them is brought in by the first one only.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from models import audit
from models.agents import admit
from models.chain import START, password_digest, seal
from models.clock import to_microseconds
from models.engine import SHARED
from models.errors import Fault, NotAdmitted, Refused
from models.exits import BAD_INPUT
from models.hand import Hand
from models.keys import Keys
from models.rules.passwords import as_kept, wait_after
from models.rules.roles import Role
from models.schema import Agent, Credential
from models.store import Store
from models.unit import Session, instant, written

NO_WAY_IN: Final = (
    "This login and this password do not open the desk. After several wrong ones even the right one waits for a "
    "while; who forgot it asks a manager for another one."
)
"""The same words for whoever is unknown, has no password, gave a wrong one, or must wait."""

COST: Final[dict[str, Any]] = {"time_cost": 3, "memory_cost": 65_536, "parallelism": 4}
"""What a hash takes: rounds, KiB and threads, as RFC 9106 wants it where memory is scarce."""

# The hash of no password: whoever is unknown costs as much work as whoever is known.
_NOBODYS: Final = "$argon2id$v=19$m=65536,t=3,p=4$6ieZObHEhRLbHU7hl84loA$4a/Ubg5ErDYRVuWFU/5wrMCwaIAyp5df5ynwNRXCSLY"


def hashed(password: str, salt: bytes) -> str:
    """The argon2 hash of a password, with how it was made; a tenth of a second of work."""
    from argon2 import PasswordHasher

    return PasswordHasher(**COST).hash(as_kept(password), salt=salt)


def _fits(hash_: str, password: str) -> bool:
    from argon2 import PasswordHasher
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return PasswordHasher().verify(hash_, as_kept(password).encode("utf-8", "surrogatepass"))
    except (VerificationError, InvalidHashError):
        return False


def sign_in(store: Store, login: str, password: str, *, despite_clock: bool = False) -> Session:
    """The session of somebody who gives a login and its password. A stranger becomes nobody by a password.

    Whoever is to say whether the clock is right may come in though it can't be believed. Raises NotAdmitted, in the
    same words and after the same work whatever is wrong, Fault for a broken store.
    """
    proof = proved(store, login, password, despite_clock=despite_clock)
    if proof is None:
        raise NotAdmitted(NO_WAY_IN)
    session = Session(store, login, proof=proof)
    admit(session)
    return session


def unlock(session: Session, password: str) -> Session:
    """The session as it goes on after its screen was locked: by the password of its agent, if there is one.

    Raises Refused for a wrong password, NotAdmitted for an agent who may not go on, Fault for a broken store.
    """
    if not admit(session).has_password:
        return session
    # Enter in an empty field is no guess, and costs no try.
    proof = proved(session.store, session.login, password) if password else None
    if proof is None:
        raise Refused("That is not the password. After several wrong ones even the right one waits for a while.")
    return replace(session, proof=proof)


def proved(store: Store, login: str, password: str, *, despite_clock: bool = False) -> str | None:
    """The proof that a password is an agent's; None when it is not, or must wait. Each try is counted first.

    Raises Refused when the clock can't be believed, Fault for a broken store.
    """
    held = written(store, lambda: _taken_for_a_try(store, login, despite_clock=despite_clock))
    is_right = _fits(_NOBODYS if held is None else held.hash, password)
    if held is None or not is_right:
        return None
    written(store, lambda: _settle(store, held))
    return password_digest(store.keys, held.agent_id, held.hash)


def _taken_for_a_try(store: Store, login: str, *, despite_clock: bool) -> Credential | None:
    """What is kept of a login's password, one more try counted; None where there is none, or it is too early."""
    store.database.hold(SHARED)
    now = store.clock.now() if despite_clock else instant(store)
    held: Credential | None = (
        Credential.select().join(Agent, on=(Agent.id == Credential.agent_id)).where(Agent.login == login).first()
    )
    if held is None:
        return None
    if bytes(held.seal) != _seal_of(store.keys, held):
        raise Fault(f"The password of {login} was changed with another tool. A manager sets another one.", BAD_INPUT)
    if held.blocked_until is not None and now < held.blocked_until:
        return None
    held.tries += 1
    wait = wait_after(held.tries)
    held.blocked_until = now + wait if wait else None
    _write(store.keys, held)
    return held


def _settle(store: Store, held: Credential) -> None:
    """The try was right: earlier ones are forgotten, unless another password was set meanwhile."""
    store.database.hold(SHARED)
    present = Credential.get_by_id(held.agent_id)
    if present.hash == held.hash:
        present.tries, present.blocked_until = 0, None
        _write(store.keys, present)


def keep(hand: Hand, agent_id: int, hash_: str, action: str, why: str | None) -> None:
    """Keep an agent's password, within a transaction: its hash, and in the audit the hash's digest."""
    before = Credential.get_or_none(Credential.agent_id == agent_id)
    held = Credential(agent_id=agent_id, hash=hash_, changed_at=hand.at, tries=0, blocked_until=None)
    if before is None:
        Credential.insert(**{**held.__data__, "seal": _seal_of(hand.keys, held)}).execute()
    else:
        _write(hand.keys, held)
    told = None if before is None else _told(hand.keys, before)
    audit.record(hand, f"credential:{agent_id}", action, told, _told(hand.keys, held), why)


def forget_waits(store: Store, now: datetime) -> None:
    """Let nobody wait with a password until an instant that lies ahead (UTC); within a transaction."""
    for held in Credential.select().where(Credential.blocked_until > now):
        if bytes(held.seal) == _seal_of(store.keys, held):
            held.blocked_until = now
            _write(store.keys, held)


def _write(keys: Keys, held: Credential) -> None:
    values = {**held.__data__, "seal": _seal_of(keys, held)}
    del values["agent_id"]
    Credential.update(**values).where(Credential.agent_id == held.agent_id).execute()


def _told(keys: Keys, held: Credential) -> Mapping[str, Any]:
    return {
        "digest": password_digest(keys, held.agent_id, held.hash),
        "changed_at": to_microseconds(held.changed_at),
    }


def _seal_of(keys: Keys, held: Credential) -> bytes:
    blocked_until: datetime | None = held.blocked_until
    values = (
        held.agent_id,
        held.hash,
        to_microseconds(held.changed_at),
        held.tries,
        None if blocked_until is None else to_microseconds(blocked_until),
    )
    return seal(keys, START, ["credential", *values])


def is_there_a_way_in() -> bool:
    """Whether a manager who may work has a password, so that nobody can be locked out for good; within a connection."""
    managers = Agent.select().join(Credential, on=(Agent.id == Credential.agent_id))
    return bool(managers.where((Agent.role == Role.MANAGER.value) & Agent.disabled_at.is_null()).exists())


def with_password() -> frozenset[int]:
    """The ids of the agents who have a password; within a connection."""
    return frozenset(held.agent_id for held in Credential.select(Credential.agent_id))


def spoiled_credentials(keys: Keys, last: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong with stored passwords: whose, and what, given what the last audit row of every subject says."""
    told = {subject: after for subject, after in last.items() if subject.startswith("credential:")}
    for held in Credential.select().order_by(Credential.agent_id):
        whose = f"password of agent {held.agent_id}"
        said = told.pop(f"credential:{held.agent_id}", None)
        if bytes(held.seal) != _seal_of(keys, held):
            yield whose, "it is not as it was written"
        elif said != _told(keys, held):
            yield whose, "it was not set by the desk"
    for subject in told:
        yield f"password of agent {subject.removeprefix('credential:')}", "its row is missing"
