"""Why is it zero: exactly one activity emptied the card, and it is named to the agent and to the customer."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rules.entries import ISSUE, START, entry
from rules.situations import LONDON, LONG_AGO, NOW, PHASES, Situation

from models.rules.facts import CardFacts, Emptied
from models.rules.journal import SIGNS, BrokenJournal, CardState, Entry, Kind, apply
from models.rules.zero import Booked, emptied_by, what_emptied, why_zero, zero_refusal

SPENT = Situation(PHASES[4], "spent", True, False, False, 0, False).card()
WISHES = st.tuples(st.sampled_from(Kind), st.integers(-3, 3))


def lived(wishes: list[tuple[Kind, int]]) -> list[Entry]:
    """Of a few wishes those that the rules of money allow, one after the other."""
    journal: list[Entry] = []
    state = CardState()
    for kind, amount in wishes:
        whole = {
            Kind.BREAKAGE: -state.balance_minor,
            Kind.CANCELLATION: -state.balance_minor,
            Kind.REINSTATEMENT: state.broken_minor,
        }
        moved = whole.get(kind, amount) if kind in SIGNS else 0
        wish = replace(entry(kind, moved), reverses=state.last_money_number)
        try:
            state = apply(state, wish, len(journal) + 1)
        except BrokenJournal:
            continue
        journal.append(wish)
    return journal


@given(st.lists(WISHES, max_size=30))
@settings(deadline=None, max_examples=400)
def test_a_card_at_zero_was_emptied_by_exactly_one_activity(wishes: list[tuple[Kind, int]]) -> None:
    """The one that took the whole rest; nothing that came later moved anything."""
    journal = lived(wishes)
    balance = sum(each.amount_minor for each in journal)
    if balance:
        return
    booked = [Booked(number, "Mia", each) for number, each in enumerate(journal, start=1)]
    emptied = emptied_by(reversed(booked))
    if emptied is None:
        assert not any(each.amount_minor for each in journal)
        return
    assert emptied.number is not None
    before = sum(each.amount_minor for each in journal[: emptied.number - 1])
    assert before == emptied.amount_minor > 0
    assert journal[emptied.number - 1].kind is emptied.kind
    assert not any(each.amount_minor for each in journal[emptied.number :])


def test_what_follows_without_money_does_not_empty_it_again() -> None:
    journal = [ISSUE, entry(Kind.REDEMPTION, -5000), entry(Kind.CANCELLATION), entry(Kind.NOTE)]
    booked = [Booked(number, "Mia", each) for number, each in enumerate(journal, start=1)]
    assert emptied_by(reversed(booked)) == Emptied(Kind.REDEMPTION, START, 5000, number=2, actor="Mia")


def test_a_move_to_another_card_names_its_end() -> None:
    out = replace(entry(Kind.TRANSFER_OUT, -5000), details={"other": {"digest": "ab", "last_four": "7Q4M"}})
    emptied = emptied_by([Booked(2, "Mia", out)])
    assert emptied is not None
    assert emptied.other_last_four == "7Q4M"


@pytest.mark.parametrize("details", [{}, {"other": "7Q4M"}, {"other": {"last_four": 7}}])
def test_a_move_that_somebody_spoiled_names_nobody(details: dict[str, object]) -> None:
    emptied = emptied_by([Booked(2, "Mia", replace(entry(Kind.TRANSFER_OUT, -5000), details=details))])
    assert emptied is not None
    assert emptied.other_last_four is None


WHY = {
    "spent": (
        Emptied(Kind.REDEMPTION, LONG_AGO, 1250, "Leeds", "10482", number=7, actor="Mia"),
        "Nothing is left: the last 12.50 GBP was spent on 5 May 2026 15:00 at Leeds, order 10482. "
        "Booked by Mia, activity 7.",
        "The last 12.50 GBP was spent on 5 May 2026 at Leeds.",
    ),
    "broken": (
        Emptied(Kind.BREAKAGE, LONDON.cut_off(date(2026, 5, 4)), 5000, number=2, actor="expiry run"),
        "Nothing is left: the last 50.00 GBP expired at the cut-off on 5 May 2026 03:00. "
        "Booked by expiry run, activity 2.",
        "The last 50.00 GBP expired at the end of 4 May 2026.",
    ),
    "not booked": (
        Emptied(Kind.BREAKAGE, LONDON.cut_off(date(2026, 5, 4)), 5000),
        "Nothing is left: the last 50.00 GBP expired at the cut-off on 5 May 2026 03:00. "
        "The expiry run has not booked it yet.",
        "The last 50.00 GBP expired at the end of 4 May 2026.",
    ),
    "cancelled": (
        Emptied(Kind.CANCELLATION, LONG_AGO, 5000, number=2, actor="Pat"),
        "Nothing is left: the last 50.00 GBP went back to the payer when the order was cancelled on 5 May 2026 15:00. "
        "Booked by Pat, activity 2.",
        "The order was cancelled on 5 May 2026, and the money went back to whoever paid for it.",
    ),
    "moved": (
        Emptied(Kind.TRANSFER_OUT, LONG_AGO, 5000, other_last_four="7Q4M", number=2, actor="Pat"),
        "Nothing is left: the last 50.00 GBP was moved to another card, ···· 7Q4M, on 5 May 2026 15:00. "
        "Booked by Pat, activity 2.",
        "The last 50.00 GBP was moved to another gift card on 5 May 2026.",
    ),
    "adjusted": (
        Emptied(Kind.ADJUSTMENT, LONG_AGO, 5000, number=2, actor="Olu"),
        "Nothing is left: the last 50.00 GBP was taken off by an adjustment on 5 May 2026 15:00. "
        "Booked by Olu, activity 2.",
        "The last 50.00 GBP was taken off on 5 May 2026.",
    ),
    "never": (None, "The card never had any money on it.", "There has never been any money on the card."),
}


@pytest.mark.parametrize(("emptied", "sentence", "customer"), WHY.values(), ids=WHY.keys())
def test_why_it_is_zero(emptied: Emptied | None, sentence: str, customer: str) -> None:
    """Kind, amount, when, where, order and who for the agent; no hour, no name, no other card for the customer."""
    why = why_zero(replace(SPENT, emptied=emptied), NOW, LONDON)
    assert (why.emptied, why.sentence, why.customer) == (emptied, sentence, customer)


def test_every_kind_that_takes_has_its_words() -> None:
    """None is only 'taken'."""
    for kind, sign in SIGNS.items():
        if sign <= 0:
            why = why_zero(replace(SPENT, emptied=Emptied(kind, LONG_AGO, 1)), NOW, LONDON)
            assert "was taken on" not in why.sentence, kind


def test_a_card_that_came_empty_says_so() -> None:
    why = why_zero(replace(SPENT, emptied=None, imported_empty_at=LONG_AGO), NOW, LONDON)
    assert why.sentence == "The card was brought in on 5 May 2026 15:00 with nothing on it."
    assert why.customer == "There was nothing on the card when we took it over."


def test_a_balance_past_its_cut_off_is_gone_booked_or_not() -> None:
    """The breakage counts from the cut-off, not from the run; a moment before there is money."""
    cut_off_at = LONDON.cut_off(date(2026, 11, 20))
    card: CardFacts = replace(SPENT, balance_minor=5000, cut_off_at=cut_off_at, emptied=None)
    assert zero_refusal(card, cut_off_at) is None
    assert what_emptied(card, cut_off_at) == Emptied(Kind.BREAKAGE, cut_off_at, 5000)
    before = zero_refusal(card, cut_off_at - timedelta(microseconds=1))
    assert before == "The balance is not zero: there is 50.00 GBP on the card."


def test_a_card_that_does_not_add_up_is_not_relied_on() -> None:
    why = why_zero(replace(SPENT, is_consistent=False), NOW, LONDON)
    assert why.sentence.endswith("But the card does not add up: don't rely on this, escalate it.")
    assert why.customer == "We are looking into what happened to the balance."
