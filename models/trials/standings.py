"""Cards as they stood when something was decided about them, from their journals and from what the decision kept.

Whether a holder's organisation was a VIP stands in no journal: it is known where the decision says so, where a ground
tells it, and where neither mark nor link nor holder was changed since.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import takewhile
from typing import Final

from models.cards import LockedCard, look_at_cards
from models.clock import to_microseconds
from models.fields import stored_instant
from models.journals import StoredActivity, read_journals
from models.records import Person, read_people
from models.rules.facts import CardFacts
from models.rules.journal import SIGNS, BrokenJournal, CardState, Kind, Tally
from models.rules.policy import VIP, Policy
from models.rules.reactivation import is_past_cut_off
from models.rules.spent import Moved
from models.rules.thresholds import REPEAT_WINDOW
from models.store import Store
from models.trials.decisions import Decision, Page
from models.trials.decisions import Kind as Decided

_SPOILED = (BrokenJournal, ValueError, LookupError, TypeError, AttributeError, OverflowError)
_ROLES: Final = ("registered", "recipient", "purchaser")
# What a reactivation writes before its own activity, the last first: each of them once at most, in one instant.
_LEADS: Final = (Kind.NOTE, Kind.UNSUSPENDED, Kind.EXPIRY_CHANGED, Kind.REINSTATEMENT)
_HOLDER: Final = "COALESCE(g.registered_id, g.recipient_id, g.purchaser_id)"
_PAST: Final = (
    f"SELECT {_HOLDER}, a.recorded_at FROM gift_card g JOIN activity a ON a.card_id = g.id AND a.kind = 'reactivated' "
    f"WHERE {_HOLDER} IN ({{marks}}) AND g.reactivated_at IS NOT NULL AND a.recorded_at > ? AND a.recorded_at < ?"
)


class NotKept(Exception):
    """What a decision rested on can't be told any more; its text says what."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A card as it stood when something was decided about it."""

    facts: CardFacts
    """But for whether its holder was a VIP."""
    last_four: str
    agent: str
    """Who decided, by name."""
    holder_id: int | None
    broke: int | None
    """The breakage that took what expired; None when it was not booked yet."""
    after: tuple[StoredActivity, ...]
    """What came later, oldest first: with the reactivation itself, when one followed at once."""
    last_day_after: date | None
    """The last day that a reactivation which was carried out has set."""
    nth: int | None
    """Which reactivation of the agent's day it was; None where none was carried out, or that was not kept."""

    def moved(self, number: int) -> Iterator[Moved]:
        """The money that moved on the card after an activity, until it was given back again: that has a decision of its
        own."""
        for each in self.after:
            values = each.values
            if values["number"] <= number:
                continue
            if each.kind is Kind.REACTIVATED and each.details.get("grounds"):
                return
            if each.kind in SIGNS:
                yield Moved(values["number"], each.kind, values["amount_minor"], values["reverses"])

    @property
    def came_back(self) -> bool:
        """Whether what expired then came back later all the same."""
        broke = self.broke
        for each in self.after:
            kind, values = each.kind, each.values
            if kind is Kind.BREAKAGE and broke is None:
                broke = values["number"]
            is_of_it = kind is Kind.REINSTATEMENT and values["reverses"] == broke
            if is_of_it or (kind is Kind.REACTIVATED and broke is None):
                return True
        return False


class Standings:
    """The cards of a page of decisions, read at once; within a connection."""

    def __init__(self, store: Store, decisions: Page) -> None:
        """Read their journals and their people."""
        self._store = store
        ids = sorted({each.card_id for each in decisions})
        self._cards: Mapping[int, LockedCard] = {card.id: card for card in look_at_cards(ids)} if ids else {}
        self._journals = read_journals(store.database, ids)
        self._states: dict[tuple[int, int], tuple[CardState, int]] = {}
        held = [(each, self._holder_at(each)) for each in decisions]
        people = sorted({holder for _, holder in held if holder is not None})
        self._people: Mapping[int, Person] = read_people(store, people)
        self._past = self._read_past(people, [each.at for each in decisions])

    def standing(self, decision: Decision) -> Standing:
        """How the card of a decision stood. Raises NotKept."""
        try:
            return self._standing(decision)
        except _SPOILED:
            raise NotKept("the card's journal does not add up") from None

    def _standing(self, decision: Decision) -> Standing:
        card, journal = self._cards[decision.card_id], self._journals[decision.card_id]
        begun = _begins(journal, decision)
        state, open_flags = self._state(decision.card_id, begun)
        if state.active_from_at is None:
            raise BrokenJournal("nothing was on the card yet")
        own = next((each for each in journal if each.number == decision.number), None)
        nth = journal[decision.lasted - 1].details.get("nth") if decision.lasted else None
        past = journal[: begun - 1]
        facts = CardFacts(
            currency=card.currency,
            balance_minor=state.balance_minor,
            broken_minor=state.broken_minor,
            active_from_at=state.active_from_at,
            last_day_on=state.last_day_on,
            cut_off_at=None if state.last_day_on is None else self._store.business.cut_off(state.last_day_on),
            suspended_at=state.suspended_at,
            cancelled_at=state.cancelled_at,
            open_flags=open_flags,
            reactivated=tuple(each.recorded_at for each in past if each.values["kind"] == Kind.REACTIVATED),
            holder_reactivated=self._of_holder(state.holder_id, decision.at),
            vip_since_at=self._vip_since(state, past, decision.at),
        )
        return Standing(
            facts,
            card.last_four,
            decision.agent or ("" if own is None else own.values["actor_name"]),
            state.holder_id,
            state.last_money_number if state.broken_minor else None,
            tuple(journal[begun - 1 :]),
            self._state(decision.card_id, decision.lasted + 1)[0].last_day_on if decision.lasted else None,
            nth if isinstance(nth, int) else None,
        )

    def was_vip(self, decision: Decision, standing: Standing, then: Policy) -> bool:
        """Whether the holder was a VIP when something was decided under a policy. Raises NotKept."""
        if decision.was_vip is not None:
            return decision.was_vip
        if VIP in then.grounds and decision.grounds is not None and is_past_cut_off(standing.facts, decision.at):
            return VIP in decision.grounds
        if VIP in then.grounds and decision.kind is Decided.DECLINED:
            return False  # what expired for good had no ground
        person = None if standing.holder_id is None else self._people.get(standing.holder_id)
        if person is None:
            return False
        if person.belongs_since_at is not None and person.belongs_since_at > decision.at:
            raise NotKept("the holder's VIP mark, or the link to it, was changed since")
        return person.is_vip

    def _vip_since(self, state: CardState, past: Sequence[StoredActivity], at: datetime) -> datetime | None:
        """Since when mark, link and holder were as they were at an instant (UTC); None where that is not known."""
        person = None if state.holder_id is None else self._people.get(state.holder_id)
        if person is None or person.belongs_since_at is None or person.belongs_since_at > at:
            return None
        role = next(role for role in _ROLES if getattr(state, f"{role}_id") is not None)
        named = (each.recorded_at for each in reversed(past) if each.sets.get(role) is not None)
        return max(person.belongs_since_at, next(named, person.belongs_since_at))

    def _of_holder(self, holder_id: int | None, at: datetime) -> tuple[datetime, ...]:
        return () if holder_id is None else tuple(each for each in self._past[holder_id] if each < at)

    def _read_past(self, holders: Sequence[int], instants: Sequence[datetime]) -> Mapping[int, list[datetime]]:
        past: dict[int, list[datetime]] = defaultdict(list)
        if not holders:
            return past
        between = (to_microseconds(min(instants) - REPEAT_WINDOW), to_microseconds(max(instants)))
        query = _PAST.format(marks=", ".join("?" * len(holders)))
        for holder, at in self._store.database.execute_sql(query, (*holders, *between)).fetchall():
            past[holder].append(stored_instant(at))
        return past

    def _holder_at(self, decision: Decision) -> int | None:
        try:
            begun = _begins(self._journals[decision.card_id], decision)
            return self._state(decision.card_id, begun)[0].holder_id
        except _SPOILED:
            return None

    def _state(self, card_id: int, before: int) -> tuple[CardState, int]:
        """What a card's activities before a number add up to, and how many flags were open."""
        if (card_id, before) not in self._states:
            tally, flags = Tally(), set[int]()
            for activity in takewhile(lambda each: each.number < before, self._journals[card_id]):
                activity.add_to(tally)
                if activity.kind is Kind.FLAG_RAISED:
                    flags.add(activity.number)
                elif activity.kind is Kind.FLAG_CLEARED:
                    flags.discard(activity.values["reverses"])
            self._states[card_id, before] = tally.state, len(flags)
        return self._states[card_id, before]


def _begins(journal: Sequence[StoredActivity], decision: Decision) -> int:
    """The number of the first activity that was not there yet when something was decided."""
    at = to_microseconds(decision.at)
    first = decision.number or next((e.number for e in journal if e.values["recorded_at"] > at), journal[-1].number + 1)
    if decision.lasted is None:
        return first
    leads, place, reactivated = iter(_LEADS), decision.lasted - 1, journal[decision.lasted - 1]
    while place > 0:
        before = journal[place - 1]
        is_of_it = all(before.values[each] == reactivated.values[each] for each in ("recorded_at", "intent"))
        if not is_of_it or before.values["kind"] not in leads:
            break
        place -= 1
    return min(first, place + 1)
