"""What can be said to a customer: each reply with the condition under which it is true, and what it is filled with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from models.rules import reply_values
from models.rules.cases import CaseOutcome
from models.rules.diagnosis import Verdict
from models.rules.errors import RuleError
from models.rules.facts import CardFacts
from models.rules.journal import Kind
from models.rules.languages import language_of
from models.rules.reactivation import is_expired
from models.rules.reply_texts import FOUND
from models.rules.reply_values import Filling, Values
from models.rules.told import Told

_JUST_NOW: Final = timedelta(hours=24)
_LATELY: Final = timedelta(days=7)
_WITH_PAYMENTS: Final = "The card lies with Payments Support, who have not answered yet."

SPENT: Final = "spent"
MOVED: Final = "moved"
TAKEN_OFF: Final = "taken_off"
NEVER_LOADED: Final = "never_loaded"
ARRIVED_EMPTY: Final = "arrived_empty"
UNKNOWN: Final = "unknown"
_WHY_EMPTY: Final[Mapping[str, str]] = {
    SPENT: "The last of it was spent in a purchase.",
    MOVED: "The last of it was moved to another card.",
    TAKEN_OFF: "The last of it was taken off, and not in a purchase.",
    NEVER_LOADED: "There never was any money on the card.",
    ARRIVED_EMPTY: "The card was brought in with nothing on it.",
}


class NoSuchReply(RuleError):
    """There is no reply of that name."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One thing to say."""

    name: str
    title: str
    """What it says, in a few words for a list."""
    why_untrue: Callable[[Told], str | None]
    """Why it is not true of a card at an instant, in one sentence; None when it is."""
    filling: Filling = reply_values.CARD
    """What its placeholders stand for."""
    ends_with: CaseOutcome | None = CaseOutcome.EXPLAINED
    """What a case ends with that it was said in; None: the customer is told again."""


# How a card stands


def _how_it_stands(told: Told) -> str:
    """What keeps a card from being spent, as a sentence; that nothing does, when that is so."""
    match told.verdict:
        case Verdict.UNKNOWN:
            return "No card answers to the code."
        case Verdict.INCONSISTENT:
            return "The card does not add up: nothing can be promised of it."
        case Verdict.CANCELLED:
            return "The card's order was cancelled."
        case Verdict.TOO_EARLY:
            return "The card is not valid yet."
        case Verdict.SPENT:
            return "There is nothing left on the card."
        case Verdict.RETRY:
            return "The card can be spent."
        case _:
            held = told.card is not None and told.card.suspended_at is not None
            return "The card is suspended." if held else "The card has expired."


def _is_gone_for_good(told: Told) -> bool:
    """Whether what was on the card expired, and the policy gives it back no more."""
    return told.card is not None and told.verdict is Verdict.DECLINE and is_expired(told.card, told.now)


def _is_within(at: datetime | None, now: datetime, span: timedelta) -> bool:
    return at is not None and now - at <= span


def _unless_in_doubt(told: Told) -> str | None:
    """What a colleague is still looking at is not told as if it were settled."""
    return _WITH_PAYMENTS if told.is_handed_over else None


# Why a reply is not true


def _active(told: Told) -> str | None:
    return _unless_in_doubt(told) if told.verdict is Verdict.RETRY else _how_it_stands(told)


def _active_again(told: Told) -> str | None:
    is_so = _is_within(told.reactivated_at, told.now, _JUST_NOW)
    return _active(told) or (None if is_so else "The card was not reactivated in the last 24 hours.")


def _lifted(told: Told) -> str | None:
    is_so = _is_within(told.lifted_at, told.now, _JUST_NOW)
    return _active(told) or (None if is_so else "No suspension was lifted in the last 24 hours.")


def _expired(told: Told) -> str | None:
    if told.verdict is Verdict.REINSTATE or (_is_gone_for_good(told) and told.is_waiting):
        return "The card may still be reactivated."
    return _unless_in_doubt(told) if _is_gone_for_good(told) else "Nothing on the card expired for good."


def _too_early(told: Told) -> str | None:
    return None if told.verdict is Verdict.TOO_EARLY else "The card does not wait for its first day."


def _empty_for(name: str) -> Callable[[Told], str | None]:
    """Why it is not true that a card is empty for one reason: it is not empty, or for another."""

    def why_untrue(told: Told) -> str | None:
        if told.card is None or told.verdict is not Verdict.SPENT:
            return _how_it_stands(told)
        found = _why_empty(told.card)
        return _unless_in_doubt(told) if found == name else _WHY_EMPTY[found]

    return why_untrue


def _why_empty(card: CardFacts) -> str:
    """The name of the reply that tells why there is nothing on a card."""
    if card.emptied is not None:
        return {Kind.REDEMPTION: SPENT, Kind.TRANSFER_OUT: MOVED}.get(card.emptied.kind, TAKEN_OFF)
    return NEVER_LOADED if card.imported_empty_at is None else ARRIVED_EMPTY


def _replaced(told: Told) -> str | None:
    if told.card is None or told.card.replaced is None:
        return "No card was made in the place of this one."
    if told.card.balance_minor:
        return "There is money on this card."
    return None if told.verdict in (Verdict.SPENT, Verdict.TOO_EARLY) else _how_it_stands(told)


def _cancelled(told: Told) -> str | None:
    return None if told.verdict is Verdict.CANCELLED else "The card's order was not cancelled."


def _paid_back(told: Told) -> str | None:
    emptied = None if told.card is None else told.card.emptied
    is_so = emptied is not None and emptied.kind is Kind.CANCELLATION
    return _cancelled(told) or (None if is_so else "No money went back when the order was cancelled.")


def _handed_over(told: Told) -> str | None:
    return None if told.is_handed_over else "It does not wait for Payments Support."


def _answered(told: Told) -> str | None:
    if told.is_handed_over:
        return _WITH_PAYMENTS
    if told.answered is None or not _is_within(told.answered.at, told.now, _LATELY):
        return "No answer of Payments Support still holds."
    if told.verdict is Verdict.INCONSISTENT:
        return _how_it_stands(told)
    is_known = told.answered.outcome in FOUND["en"]
    return None if is_known else "What Payments Support answered is not for customers: say it in your own words."


def _waiting(told: Told) -> str | None:
    return None if told.is_waiting else "No reactivation of the card waits for a colleague."


def _looked_into(told: Told) -> str | None:
    if told.is_handed_over:
        return "Payments Support has the card: say that."
    is_open = told.verdict in (Verdict.INCONSISTENT, Verdict.REVIEW, Verdict.LIFT, Verdict.REINSTATE)
    is_held = told.verdict is Verdict.DECLINE and not _is_gone_for_good(told)
    return None if is_open or is_held or told.is_waiting else _how_it_stands(told)


def _unknown(told: Told) -> str | None:
    return None if told.card is None else "A card answers to the code."


_ALL: Final = (
    Reply("handed_over", "it lies with our payments team", _handed_over, ends_with=None),
    Reply("answered", "what our payments team found", _answered, reply_values.FINDING),
    Reply("replaced", "a new card has replaced it", _replaced, reply_values.SUCCESSOR),
    Reply("active_again", "active again", _active_again, reply_values.SPENDABLE, CaseOutcome.REACTIVATED),
    Reply("lifted", "checked, and can be used again", _lifted, reply_values.SPENDABLE, CaseOutcome.REACTIVATED),
    Reply("active", "active, with its balance", _active, reply_values.SPENDABLE, CaseOutcome.CONFIRMED),
    Reply("expired", "expired for good", _expired, reply_values.EXPIRED),
    Reply("too_early", "not valid before its first day", _too_early, reply_values.BEGINNING),
    Reply(SPENT, "used up in a purchase", _empty_for(SPENT), reply_values.BOUGHT),
    Reply(MOVED, "moved to another gift card", _empty_for(MOVED), reply_values.TAKEN),
    Reply(TAKEN_OFF, "taken off otherwise", _empty_for(TAKEN_OFF), reply_values.TAKEN),
    Reply(NEVER_LOADED, "never had any money", _empty_for(NEVER_LOADED), ends_with=None),
    Reply(ARRIVED_EMPTY, "was empty when we took it over", _empty_for(ARRIVED_EMPTY), ends_with=None),
    Reply("paid_back", "cancelled, and the money went back", _paid_back),
    Reply("cancelled", "cancelled", _cancelled),
    Reply("waiting", "a colleague is to decide", _waiting, ends_with=None),
    Reply("looked_into", "being looked into", _looked_into, ends_with=None),
    Reply(UNKNOWN, "no card has this code", _unknown, reply_values.NOTHING, None),
)
REPLIES: Final[Mapping[str, Reply]] = {reply.name: reply for reply in _ALL}
"""All replies by their names; of those that are true the first is the one to give."""


def proposed(told: Told) -> str:
    """The name of the reply that says most of what is true of a card."""
    return next(reply.name for reply in _ALL if reply.why_untrue(told) is None)


def why_untrue(name: str, told: Told) -> str | None:
    """Why a reply is not true of a card at an instant, in one sentence; None when it is. Raises NoSuchReply."""
    return _named(name).why_untrue(told)


def values(name: str, told: Told, language: str) -> Values:
    """What the placeholders of a reply that is true stand for, in a language. Raises NoSuchReply, BadLanguage."""
    filling, written = _named(name).filling, language_of(language)
    return {} if told.card is None else {"card": told.last_four, **filling.values(told, told.card, written)}


def _named(name: str) -> Reply:
    try:
        return REPLIES[name]
    except KeyError:
        raise NoSuchReply(no_such_reply(name)) from None


def no_such_reply(name: str) -> str:
    """That there is no reply of a name, as a sentence."""
    return f"There is no reply called {name[:40]!r}; there are {', '.join(REPLIES)}."
