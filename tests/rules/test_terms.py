"""What a decision rests on: equal for equal effects, and every difference told by its label."""

from dataclasses import replace
from datetime import timedelta

import pytest
from rules.situations import LONDON, NOW, every_situation

from models.rules.actions import ON_A_CARD
from models.rules.policy import Policy
from models.rules.reactivation import plan
from models.rules.roles import Action
from models.rules.terms import differences, facts_in_words, terms

POLICY = Policy()
CARDS = [situation.card() for situation in every_situation()][::7]


def test_what_is_said_of_a_card_rests_on_nothing() -> None:
    """Notes, flags and holds are as true of a card that moved on."""
    for action in (Action.NOTE, Action.RAISE_FLAG, Action.CLEAR_FLAG, Action.SUSPEND):
        assert all(terms(action, card, POLICY, NOW, LONDON) == {} for card in CARDS)


@pytest.mark.parametrize("action", ON_A_CARD)
def test_the_same_card_has_the_same_terms(action: Action) -> None:
    """Nothing but the facts decides: reading the card twice makes no difference."""
    for card in CARDS:
        first, second = (terms(action, each, POLICY, NOW, LONDON) for each in (card, replace(card)))
        assert first == second
        assert differences(first, second) == ()


def test_a_reactivation_rests_on_its_plan() -> None:
    """Two cards with the same terms are reactivated alike: grounds, last day, money afterwards, hold."""
    for card in CARDS:
        for other in (replace(card, is_vip=not card.is_vip), replace(card, last_day_on=NOW.date() + timedelta(30))):
            one, two = (plan(each, POLICY, NOW, LONDON) for each in (card, other))
            same = (one.grounds, one.last_day_on) == (two.grounds, two.last_day_on)
            first, second = (terms(Action.REACTIVATE, each, POLICY, NOW, LONDON) for each in (card, other))
            assert (first == second) == same


def test_a_booked_breakage_changes_no_terms() -> None:
    """Before and after the expiry run the reactivation leaves the same money."""
    (card, *_) = [card for card in CARDS if card.broken_minor and card.balance_minor == 0]
    unbooked = replace(card, balance_minor=card.broken_minor, broken_minor=0)
    assert terms(Action.REACTIVATE, card, POLICY, NOW, LONDON) == terms(
        Action.REACTIVATE, unbooked, POLICY, NOW, LONDON
    )


def test_a_booked_breakage_changes_nothing_of_what_goes_back() -> None:
    """Past its cut-off a cancelled card returns nothing, whether or not the run has been by."""
    (card, *_) = [card for card in CARDS if card.broken_minor and card.balance_minor == 0]
    unbooked = replace(card, balance_minor=card.broken_minor, broken_minor=0)
    for each in (card, unbooked):
        assert terms(Action.CANCEL, each, POLICY, NOW, LONDON) == {"Goes back": "0.00 GBP"}


def test_each_difference_is_a_line() -> None:
    card = CARDS[0]
    changed = replace(card, balance_minor=card.balance_minor + 1, open_flags=2, holder="Zoe")
    lines = differences(facts_in_words(card, NOW, LONDON), facts_in_words(changed, NOW, LONDON))
    assert [line.split()[0] for line in lines] == ["Balance", "Flags", "Holder"]


def test_what_is_there_only_before_or_after_is_told() -> None:
    assert differences({"A": "1"}, {"B": "2"}) == ("A             none, was 1", "B             2, was none")
