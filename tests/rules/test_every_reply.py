"""Every reply in every state of a card: only what is true of it leaves, and something always can."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from itertools import product

from rules.situations import DAY, HOUR, LONDON, LONG_AGO, MICROSECOND, NOW, Situation, every_situation
from rules.telling import SAM, facts

from models.rules.diagnosis import diagnose
from models.rules.facts import CardFacts, Emptied, Replaced
from models.rules.journal import Kind
from models.rules.policy import Policy
from models.rules.reply_texts import FOUND
from models.rules.told import Answered, Told

LATELY = 7 * DAY


@dataclass(frozen=True)
class State:
    """One card, and how far the desk has got with it."""

    situation: Situation
    told: Told

    @property
    def card(self) -> CardFacts:
        """The facts of the card."""
        assert self.told.card is not None
        return self.told.card

    @property
    def works(self) -> bool:
        """Whether its balance can be spent and nobody doubts it."""
        return self.situation.spendable and self.situation.consistent

    @property
    def is_doubtful(self) -> bool:
        """Whether something must be cleared up before anybody knows how the card stands."""
        each = self.situation
        held = each.suspended or (each.flags > 0 and each.ground)
        return not each.consistent or (not each.cancelled and held)

    @property
    def is_empty(self) -> bool:
        """Whether all is well but for the money."""
        each = self.situation
        is_settled = not (self.is_doubtful or each.cancelled or each.inactive or each.expired)
        return is_settled and each.balance == 0

    @property
    def is_lost(self) -> bool:
        """Whether what was on it expired, and nothing brings it back."""
        each = self.situation
        is_open = not each.consistent or each.cancelled or self.told.is_handed_over or self.told.is_waiting
        return each.expired and not each.ground and not is_open


def within(at: datetime | None, span: timedelta) -> bool:
    return at is not None and NOW - at <= span


def emptied_by(state: State, *kinds: Kind) -> bool:
    emptied = state.card.emptied
    return state.is_empty and emptied is not None and emptied.kind in kinds


SETTLED = (Kind.REDEMPTION, Kind.TRANSFER_OUT)

# What each reply claims, said once more without a look at the rules.
CLAIMS: dict[str, Callable[[State], bool]] = {
    "handed_over": lambda state: state.told.is_handed_over,
    "answered": lambda state: (
        state.told.answered is not None
        and state.told.answered.outcome in FOUND["en"]
        and within(state.told.answered.at, LATELY)
        and not state.told.is_handed_over
        and state.situation.consistent
    ),
    "waiting": lambda state: state.told.is_waiting,
    "replaced": lambda state: (
        state.card.replaced is not None
        and state.situation.balance == 0
        and not state.is_doubtful
        and not state.situation.cancelled
        and not state.situation.expired
    ),
    "active_again": lambda state: (
        state.works and not state.told.is_handed_over and within(state.told.reactivated_at, DAY)
    ),
    "lifted": lambda state: state.works and not state.told.is_handed_over and within(state.told.lifted_at, DAY),
    "active": lambda state: state.works and not state.told.is_handed_over,
    "expired": lambda state: state.is_lost and (state.situation.suspended is False or state.situation.flags == 0),
    "too_early": lambda state: state.situation.inactive and not state.is_doubtful and not state.situation.cancelled,
    "spent": lambda state: emptied_by(state, Kind.REDEMPTION) and not state.told.is_handed_over,
    "moved": lambda state: emptied_by(state, Kind.TRANSFER_OUT) and not state.told.is_handed_over,
    "taken_off": lambda state: (
        emptied_by(state, *(kind for kind in Kind if kind not in SETTLED)) and not state.told.is_handed_over
    ),
    "never_loaded": lambda state: (
        state.is_empty
        and state.card.emptied is None
        and state.card.imported_empty_at is None
        and not state.told.is_handed_over
    ),
    "arrived_empty": lambda state: (
        state.is_empty
        and state.card.emptied is None
        and state.card.imported_empty_at is not None
        and not state.told.is_handed_over
    ),
    "paid_back": lambda state: (
        state.situation.cancelled
        and state.situation.consistent
        and state.card.emptied is not None
        and state.card.emptied.kind is Kind.CANCELLATION
    ),
    "cancelled": lambda state: state.situation.cancelled and state.situation.consistent,
    "looked_into": lambda state: (
        not state.told.is_handed_over
        and (state.told.is_waiting or not state.works)
        and (state.told.is_waiting or not state.is_empty)
        and (state.told.is_waiting or not state.is_lost or state.is_doubtful)
    ),
    "unknown": lambda state: False,
}


def cards(situation: Situation) -> Iterator[CardFacts]:
    """The card of a situation, and for an empty one everything that may have emptied it."""
    card = facts(situation)
    yield card
    if situation.purse == "spent":
        yield replace(card, emptied=Emptied(Kind.ADJUSTMENT, LONG_AGO, 5000))
        moved = replace(card, emptied=Emptied(Kind.TRANSFER_OUT, LONG_AGO, 5000, other_last_four="J773"))
        yield moved
        yield replace(moved, replaced=Replaced("J773", LONG_AGO))
        if situation.cancelled:
            yield replace(card, emptied=Emptied(Kind.CANCELLATION, LONG_AGO, 5000))
    elif situation.purse == "never loaded":
        yield replace(card, imported_empty_at=LONG_AGO)
    elif situation.purse == "full":
        yield replace(card, replaced=Replaced("J773", LONG_AGO))


HISTORIES = [
    {},
    {"reactivated_at": NOW - HOUR},
    {"reactivated_at": NOW - DAY - MICROSECOND, "lifted_at": NOW - DAY},
    {"is_handed_over": True, "lifted_at": NOW},
    {"is_waiting": True, "reactivated_at": NOW - DAY},
    {"answered": Answered("nothing_wrong", NOW - LATELY)},
    {"answered": Answered("corrected", NOW - LATELY - MICROSECOND)},
    {"answered": Answered("other", NOW), "is_waiting": True},
]


@cache
def every_state() -> list[State]:
    """Every situation with every history."""
    states = []
    for situation in every_situation():
        for card, history in product(cards(situation), HISTORIES):
            verdict = diagnose(card, SAM, Policy(), NOW, LONDON).verdict
            told = Told(card, verdict, NOW, LONDON, last_four="Q4M7")
            states.append(State(situation, replace(told, **history)))  # type: ignore[arg-type]
    return states
