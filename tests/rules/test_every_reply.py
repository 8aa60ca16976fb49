"""Every reply in every state of a card: only what is true of it leaves, and something always can."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules.situations import DAY, HOUR, LONDON, LONG_AGO, MICROSECOND, NOW, Situation, every_situation
from rules.telling import VALID, facts

from models.rules.diagnosis import Verdict, verdict_of
from models.rules.facts import CardFacts, Emptied, Replaced
from models.rules.families import BUILT_IN, FAMILIES, template_name
from models.rules.journal import Kind
from models.rules.languages import LANGUAGES, BadLanguage
from models.rules.policy import Policy
from models.rules.replies import REPLIES, NoSuchReply, proposed, values, why_untrue
from models.rules.reply_texts import FOUND
from models.rules.templates import fill
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
    def is_open(self) -> bool:
        """Whether somebody at the desk has still to find out or to do something."""
        can_come_back = self.situation.ground and not self.situation.cancelled
        return (self.is_doubtful or can_come_back) and not self.is_lost

    @property
    def is_lost(self) -> bool:
        """Whether what was on it expired, and nothing brings it back."""
        each = self.situation
        is_watched = each.suspended and each.flags > 0
        return each.expired and not each.ground and each.consistent and not each.cancelled and not is_watched


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
    "expired": lambda state: state.is_lost and not (state.told.is_handed_over or state.told.is_waiting),
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
    "looked_into": lambda state: not state.told.is_handed_over and (state.told.is_waiting or state.is_open),
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
        for card in cards(situation):
            told = Told(card, verdict_of(card, Policy(), NOW), NOW, LONDON, last_four="Q4M7")
            states += [State(situation, replace(told, **history)) for history in HISTORIES]  # type: ignore[arg-type]
    return states


@pytest.mark.parametrize("name", sorted(CLAIMS))
def test_a_reply_leaves_exactly_when_it_is_true(name: str) -> None:
    """In every state of a card; and in one at least it is, so that no reply is there for nothing."""
    true_in = 0
    for state in every_state():
        is_true = why_untrue(name, state.told) is None
        assert is_true is CLAIMS[name](state), (name, state)
        true_in += is_true
    assert true_in, name


def test_every_reply_is_claimed() -> None:
    """A reply that is added says here when it is true."""
    assert CLAIMS.keys() | {"unknown"} == REPLIES.keys()


def test_in_every_state_something_can_be_said() -> None:
    """What is proposed is true, and never that there is no such card."""
    found = set()
    for state in every_state():
        name = proposed(state.told)
        assert why_untrue(name, state.told) is None, state
        found.add(name)
    assert found == CLAIMS.keys()


def test_of_a_code_that_nobody_knows_only_that_is_said() -> None:
    """It has no balance, no last day and nobody to pass it on to."""
    told = Told(None, Verdict.UNKNOWN, NOW, LONDON)
    assert [name for name in REPLIES if why_untrue(name, told) is None] == ["unknown"]
    assert values("unknown", told, "de") == {}


def test_a_refusal_is_one_plain_sentence() -> None:
    """It stands beside the reply that can't be given."""
    refusals = {why_untrue(name, state.told) for state in every_state() for name in REPLIES} - {None}
    for refusal in refusals:
        assert refusal is not None
        assert re.fullmatch(r"[A-Z][^.]*\.", refusal), refusal
        assert len(refusal) <= 90, refusal


def said(name: str, told: Told, language: str) -> str:
    return fill(BUILT_IN[template_name(name, language)], values(name, told, language), FAMILIES[name]).text


@cache
def all_that_leaves() -> list[tuple[str, Told]]:
    """Every reply in one of the states in which it says something of its own."""
    found = {
        (name, *values(name, state.told, "en").items()): (name, state.told)
        for state in every_state()
        for name in REPLIES
        if why_untrue(name, state.told) is None
    }
    return list(found.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_leaves_is_whole(language: str) -> None:
    """In every state and language: nothing is missing, nothing is left of a template, nothing is said twice."""
    texts = {said(name, told, language) for name, told in all_that_leaves()}
    for text in texts:
        assert re.search(r"[{}]|\[\[|\]\]|None|  | [.,;]|\.\.", text) is None, text
        assert text[0].isupper(), text
        assert text.endswith("."), text
        assert len(text) < 600, text


def test_a_german_reply_writes_days_and_money_as_germans_do() -> None:
    told = Told(replace(facts(VALID), balance_minor=123456), Verdict.RETRY, NOW, LONDON)
    text = said("active", told, "de")
    assert "Sie können 1234,56 GBP ausgeben, und zwar bis einschließlich Dienstag, 8. Juni 2027." in text


def test_no_other_language_is_guessed_at() -> None:
    told = Told(facts(VALID), Verdict.RETRY, NOW, LONDON)
    with pytest.raises(BadLanguage, match="There are no texts in 'fr'; there are en, de"):
        values("active", told, "fr")
    with pytest.raises(NoSuchReply, match="There is no reply called 'activ'; there are handed_over"):
        why_untrue("activ", told)


INSTANTS = st.none() | st.sampled_from([NOW, NOW - DAY, NOW - DAY - MICROSECOND, LONG_AGO])
SITUATIONS = st.sampled_from(list(every_situation()))


@given(
    SITUATIONS,
    INSTANTS,
    INSTANTS,
    st.booleans(),
    st.booleans(),
    st.none() | st.builds(Answered, st.sampled_from([*FOUND["en"], "other", "earlier"]), st.just(NOW)),
    st.sampled_from(sorted(LANGUAGES)),
    st.text(max_size=20),
)
def test_whatever_the_facts_what_leaves_promises_nothing_untrue(
    situation: Situation,
    reactivated_at: datetime | None,
    lifted_at: datetime | None,
    is_handed_over: bool,
    is_waiting: bool,
    answered: Answered | None,
    language: str,
    place: str,
) -> None:
    """A balance is promised only where it can be spent, and what fills a reply is always there."""
    card = facts(situation)
    if card.emptied is not None:
        card = replace(card, emptied=replace(card.emptied, place=place))
    verdict = verdict_of(card, Policy(), NOW)
    told = Told(card, verdict, NOW, LONDON, "Q4M7", reactivated_at, lifted_at, is_handed_over, answered, is_waiting)
    for name, reply in REPLIES.items():
        if why_untrue(name, told) is None:
            told_of = values(name, told, language)
            certain = {each for each, field in reply.filling.fields.items() if not field.is_optional}
            assert all(told_of.get(each) for each in certain), (name, told_of)
            assert not told_of.get("balance") or situation.spendable or name == "too_early", (name, told)
