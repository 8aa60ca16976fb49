"""Favours: who tried an action on a card of their own, and whose cards bear a name or an address of the desk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from peewee import chunked

from models.noticing import OWN_CARD, WATCH
from models.rules.texts import email_key, search_key
from models.schema import Agent, Audit, GiftCard
from models.store import Store

SHOWN: Final = timedelta(days=28)
"""How long ago what is listed lies at most."""
_AT_ONCE: Final = 400


@dataclass(frozen=True, slots=True)
class Reactivated:
    """One reactivation, by whose it is."""

    card_id: int
    agent_id: int
    at: datetime
    """UTC."""


@dataclass(frozen=True, slots=True)
class OwnCard:
    """Somebody tried an action on a card of their own, and was refused."""

    agent: str
    card_id: int
    last_four: str
    action: str
    at: datetime
    """UTC; the first time on its day."""


@dataclass(frozen=True, slots=True)
class Kin:
    """A reactivation of a card one of whose people has the name or the address of somebody at the desk."""

    agent: str
    """Who reactivated it, or asked for it."""
    card_id: int
    last_four: str
    at: datetime
    """UTC."""
    like: str
    """Whose name or address it is, of the people at the desk."""
    is_address: bool
    """The e-mail address is the same; otherwise the name is."""


def own_cards(now: datetime) -> tuple[OwnCard, ...]:
    """What was tried on own cards in the days before an instant (UTC), the newest first; within a connection."""
    told = (Audit.subject == WATCH) & (Audit.action == OWN_CARD)
    lately = (Audit.recorded_at > now - SHOWN) & (Audit.recorded_at <= now)
    rows = list(Audit.select().where(told & lately).order_by(Audit.number.desc()))
    ends = _last_fours([row.after["card"] for row in rows])
    return tuple(_own_card(row, ends) for row in rows)


def _own_card(row: Audit, ends: Mapping[int, str]) -> OwnCard:
    card_id = row.after["card"]
    return OwnCard(row.actor_name, card_id, ends.get(card_id, ""), row.after["action"], row.recorded_at)


def _last_fours(card_ids: Sequence[int]) -> dict[int, str]:
    ends: dict[int, str] = {}
    for some in chunked(sorted(set(card_ids)), _AT_ONCE):
        rows: Any = GiftCard.select(GiftCard.id, GiftCard.last_four).where(GiftCard.id.in_(some)).tuples()
        ends.update(rows)
    return ends


_PEOPLE: Final = (
    "SELECT g.id, g.last_four, k.name_key, k.email_key FROM gift_card g "
    "JOIN customer c ON c.id = g.purchaser_id OR c.id = g.recipient_id OR c.id = g.registered_id "
    "JOIN customer k ON k.id = COALESCE(c.merged_into_id, c.id) WHERE g.id IN ({})"
)


def kin_of_the_desk(store: Store, agents: Mapping[int, Agent], done: Sequence[Reactivated]) -> tuple[Kin, ...]:
    """Reactivations, given oldest first, for people with the name or the address of somebody at the desk.

    The newest first; within a connection. A single word is no name that says anything; an address that somebody had
    is theirs still.
    """
    names = {search_key(each.name): each.name for each in agents.values() if len(each.name.split()) > 1}
    addresses = _addresses(agents)
    alike: dict[int, tuple[str, str, bool]] = {}
    for some in chunked(sorted({each.card_id for each in done}), _AT_ONCE):
        rows = store.database.execute_sql(_PEOPLE.format(", ".join("?" * len(some))), some).fetchall()
        for card_id, last_four, name, email in rows:
            if email in addresses:
                alike[card_id] = (last_four, addresses[email], True)
            elif name in names:
                alike.setdefault(card_id, (last_four, names[name], False))
    return tuple(_kin(agents, each, *alike[each.card_id]) for each in reversed(done) if each.card_id in alike)


def _addresses(agents: Mapping[int, Agent]) -> dict[str, str]:
    """Every e-mail address that people at the desk have or had, and whose it is."""
    told = Audit.select(Audit.subject, Audit.after).where((Audit.subject > "agent:") & (Audit.subject < "agent;"))
    had = ((agents.get(int(row.subject.partition(":")[2])), (row.after or {}).get("email")) for row in told)
    former = {email_key(email): agent.name for agent, email in had if agent is not None and email}
    return former | {email_key(each.email): each.name for each in agents.values() if each.email}


def _kin(agents: Mapping[int, Agent], done: Reactivated, last_four: str, like: str, is_address: bool) -> Kin:
    agent = agents.get(done.agent_id)
    return Kin("" if agent is None else agent.name, done.card_id, last_four, done.at, like, is_address)
