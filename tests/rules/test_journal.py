"""What a card's activities add up to."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rules.entries import BREAKAGE, ISSUE, START, entry

from models.rules.journal import LOADS, SIGNS, BrokenJournal, CardState, Entry, Kind, apply, fold

# What moves money, and which way.


def test_these_kinds_move_money_and_no_others() -> None:
    gives = {"issue", "top_up", "refund", "reinstatement", "transfer_in", "imported"}
    takes = {"redemption", "breakage", "transfer_out", "cancellation"}
    assert {kind.value for kind, sign in SIGNS.items() if sign > 0} == gives
    assert {kind.value for kind, sign in SIGNS.items() if sign < 0} == takes
    assert {kind.value for kind, sign in SIGNS.items() if sign == 0} == {"adjustment"}
    facts = (
        "suspended unsuspended note flag_raised flag_cleared expiry_changed registered reactivated escalated "
        "reminder_sent replied corrected_customer product_changed"
    )
    assert {kind.value for kind in Kind if kind not in SIGNS} == set(facts.split())


def test_only_an_issue_and_a_top_up_are_loads() -> None:
    assert {"issue", "top_up"} == LOADS
    for kind in Kind:
        state = CardState(balance_minor=5000, broken_minor=300, last_money_number=7)
        amounts = {Kind.BREAKAGE: -5000, Kind.CANCELLATION: -5000, Kind.REINSTATEMENT: 300}
        after = apply(state, replace(entry(kind, amounts.get(kind, 0)), reverses=7), 8)
        assert (after.loaded_at == START) is (kind in {Kind.ISSUE, Kind.TOP_UP}), kind


# A card's life.


def test_a_card_without_activities_has_nothing() -> None:
    assert fold([]) == CardState()
    assert (CardState().balance_minor, CardState().broken_minor) == (0, 0)


def test_the_balance_is_the_sum_of_the_activities() -> None:
    state = fold(
        [
            ISSUE,
            entry(Kind.REDEMPTION, -1250),
            entry(Kind.NOTE),
            entry(Kind.REFUND, 250, reverses=2),
            entry(Kind.TOP_UP, 2000, day=30),
            entry(Kind.ADJUSTMENT, -1),
            entry(Kind.ADJUSTMENT, 2),
        ]
    )
    assert state.balance_minor == 5000 - 1250 + 250 + 2000 - 1 + 2
    assert state.loaded_at == START + timedelta(days=30)
    assert state.last_money_number == 7


def test_a_breakage_takes_everything_and_its_reinstatement_gives_exactly_that_back() -> None:
    broken = fold([ISSUE, BREAKAGE])
    assert (broken.balance_minor, broken.broken_minor, broken.last_money_number) == (0, 5000, 2)
    back = apply(broken, entry(Kind.REINSTATEMENT, 5000, reverses=2), 3)
    assert (back.balance_minor, back.broken_minor, back.last_money_number) == (5000, 0, 3)


def test_facts_between_a_breakage_and_its_reinstatement_change_nothing() -> None:
    facts = [entry(kind) for kind in Kind if kind not in SIGNS]
    state = fold([ISSUE, BREAKAGE, *facts, entry(Kind.REINSTATEMENT, 5000, reverses=2)])
    assert state.balance_minor == 5000


def test_a_card_that_expires_again_breaks_again_and_each_reinstatement_names_its_own_breakage() -> None:
    twice = [ISSUE, BREAKAGE, entry(Kind.REINSTATEMENT, 5000, reverses=2), entry(Kind.REDEMPTION, -1000)]
    twice += [entry(Kind.BREAKAGE, -4000), entry(Kind.REINSTATEMENT, 4000, reverses=5)]
    assert fold(twice).balance_minor == 4000


def test_a_load_on_an_expired_card_is_the_new_money_only() -> None:
    state = fold([ISSUE, BREAKAGE, entry(Kind.TOP_UP, 2000, day=200)])
    assert (state.balance_minor, state.broken_minor) == (2000, 0)


@pytest.mark.parametrize("kind", [kind for kind in SIGNS if kind not in (Kind.BREAKAGE, Kind.REINSTATEMENT)])
def test_whatever_moves_money_after_a_breakage_leaves_it_broken_for_good(kind: Kind) -> None:
    state = fold([ISSUE, BREAKAGE, entry(kind, 100 if SIGNS[kind] >= 0 else 0)])
    assert state.broken_minor == 0
    with pytest.raises(BrokenJournal):
        apply(state, entry(Kind.REINSTATEMENT, 5000, reverses=2), 4)


def test_a_hold_lasts_until_it_is_lifted() -> None:
    held = fold([ISSUE, entry(Kind.SUSPENDED, day=3)])
    assert held.suspended_at == START + timedelta(days=3)
    assert apply(held, entry(Kind.UNSUSPENDED, day=4), 3).suspended_at is None


def test_a_cancellation_returns_the_balance_and_is_remembered() -> None:
    state = fold([ISSUE, entry(Kind.CANCELLATION, -5000, day=2)])
    assert (state.balance_minor, state.cancelled_at) == (0, START + timedelta(days=2))


def test_a_card_past_its_cut_off_is_cancelled_for_nothing() -> None:
    state = fold([ISSUE, BREAKAGE, entry(Kind.CANCELLATION, 0, day=200)])
    assert (state.balance_minor, state.cancelled_at) == (0, START + timedelta(days=200))


def test_a_reactivation_is_remembered_and_is_no_load() -> None:
    state = fold([ISSUE, entry(Kind.REACTIVATED, day=9)])
    assert (state.reactivated_at, state.loaded_at) == (START + timedelta(days=9), START)


def test_an_activity_sets_the_facts_that_it_names_and_leaves_the_others() -> None:
    sold = entry(
        Kind.ISSUE, 5000, active_from="2026-05-24T23:00:00+00:00", last_day="2026-11-20", product=3, purchaser=11
    )
    state = fold([sold, entry(Kind.EXPIRY_CHANGED, last_day="2026-12-31")])
    assert state.active_from_at == datetime(2026, 5, 24, 23, tzinfo=UTC)
    assert state.last_day_on == date(2026, 12, 31)
    assert (state.product_id, state.purchaser_id) == (3, 11)
    assert apply(state, entry(Kind.EXPIRY_CHANGED, last_day=None), 3).last_day_on is None


@pytest.mark.parametrize(
    ("people", "holder"),
    [
        ({}, None),
        ({"purchaser": 1}, 1),
        ({"purchaser": 1, "recipient": 2}, 2),
        ({"purchaser": 1, "registered": 3}, 3),
        ({"purchaser": 1, "recipient": 2, "registered": 3}, 3),
    ],
)
def test_the_holder_is_who_registered_else_the_recipient_else_the_purchaser(
    people: dict[str, int], holder: int | None
) -> None:
    assert fold([entry(Kind.ISSUE, 5000, **people)]).holder_id == holder


def test_a_fact_that_no_card_has_cannot_be_set() -> None:
    with pytest.raises(KeyError):
        fold([entry(Kind.ISSUE, 5000, balance=9999)])


# Any journal.


@st.composite
def journals(draw: st.DrawFn) -> list[Entry]:
    """A journal as the desk could have written it.

    Money stays within the balance, a breakage is whole and answered once, and a cancellation is the last of the money.
    """
    journal: list[Entry] = []
    balance, breakage, is_cancelled = 0, 0, False
    for day in range(draw(st.integers(0, 25))):
        kind = draw(st.sampled_from(_possible(balance, breakage, is_cancelled=is_cancelled)))
        if kind in (Kind.BREAKAGE, Kind.CANCELLATION):
            amount = -balance
        elif kind is Kind.REINSTATEMENT:
            amount = -journal[breakage - 1].amount_minor
        elif kind in SIGNS:
            amount = draw(st.integers(0 if SIGNS[kind] > 0 else -balance, 0 if SIGNS[kind] < 0 else 9999))
        else:
            amount = 0
        journal.append(entry(kind, amount, day=day, reverses=breakage if kind is Kind.REINSTATEMENT else None))
        balance += amount
        is_cancelled = is_cancelled or kind is Kind.CANCELLATION
        if kind in SIGNS:
            breakage = len(journal) if kind is Kind.BREAKAGE else 0
    return journal


def _possible(balance: int, breakage: int, *, is_cancelled: bool) -> list[Kind]:
    """What may come next; breakages and their answers are made likelier, that journals have several."""
    facts = [kind for kind in Kind if kind not in SIGNS]
    if is_cancelled:
        return facts
    money = [kind for kind in SIGNS if kind not in (Kind.BREAKAGE, Kind.REINSTATEMENT)]
    return [*facts, *money, *[Kind.BREAKAGE] * (6 if balance else 0), *[Kind.REINSTATEMENT] * (12 if breakage else 0)]


@given(journals())
@settings(deadline=None, max_examples=200)
def test_any_journal_adds_up_and_never_goes_below_zero(journal: list[Entry]) -> None:
    for length in range(len(journal) + 1):
        state = fold(journal[:length])
        moved = [(number, e) for number, e in enumerate(journal[:length], start=1) if e.kind in SIGNS]
        assert state.balance_minor == sum(e.amount_minor for e in journal[:length]) >= 0
        assert state.last_money_number == (moved[-1][0] if moved else None)
        last_is_breakage = bool(moved) and moved[-1][1].kind is Kind.BREAKAGE
        assert state.broken_minor == (-moved[-1][1].amount_minor if last_is_breakage else 0)


@given(journals(), st.integers(0, 25))
@settings(deadline=None)
def test_a_card_at_a_past_instant_is_the_same_fold_stopped_earlier(journal: list[Entry], length: int) -> None:
    state = fold(journal[:length])
    for number, later_entry in enumerate(journal[length:], start=len(journal[:length]) + 1):
        state = apply(state, later_entry, number)
    assert state == fold(journal)


@given(journals(), st.integers(0, 24), st.integers(1, 9999))
@settings(deadline=None)
def test_no_journal_survives_a_redemption_of_more_than_it_holds(journal: list[Entry], after: int, more: int) -> None:
    before = journal[:after]
    state = fold(before)
    why = "takes more than the balance" if state.cancelled_at is None else "money moves on a cancelled card"
    with pytest.raises(BrokenJournal, match=why):
        apply(state, entry(Kind.REDEMPTION, -state.balance_minor - more), len(before) + 1)


@given(journals(), st.integers(0, 9999))
@settings(deadline=None)
def test_any_journal_can_be_cancelled_once_for_all_that_it_holds(journal: list[Entry], kept: int) -> None:
    state, number = fold(journal), len(journal) + 1
    whole = entry(Kind.CANCELLATION, -state.balance_minor)
    if state.cancelled_at is not None:
        assert state.balance_minor == 0
        with pytest.raises(BrokenJournal, match="money moves on a cancelled card"):
            apply(state, whole, number)
        return
    assert apply(state, whole, number).cancelled_at is not None
    if 0 < kept <= state.balance_minor:
        with pytest.raises(BrokenJournal, match="a cancellation takes the whole balance"):
            apply(state, entry(Kind.CANCELLATION, kept - state.balance_minor), number)


@given(journals(), st.integers(-2, 2))
@settings(deadline=None)
def test_in_any_journal_only_what_the_last_money_activity_broke_comes_back(journal: list[Entry], more: int) -> None:
    state, number = fold(journal), len(journal) + 1
    amount = state.broken_minor + more
    back = entry(Kind.REINSTATEMENT, amount, reverses=state.last_money_number)
    if state.cancelled_at is None and amount == state.broken_minor > 0:
        assert apply(state, back, number).balance_minor == amount
        return
    with pytest.raises(BrokenJournal):
        apply(state, back, number)


@given(journals(), st.data())
@settings(deadline=None)
def test_notes_and_the_like_move_no_money_wherever_they_stand(journal: list[Entry], data: st.DataObject) -> None:
    state = fold(journal)
    kind = data.draw(st.sampled_from([kind for kind in Kind if kind not in SIGNS]))
    after = apply(state, entry(kind), len(journal) + 1)
    changed = {field.name for field in fields(state) if getattr(state, field.name) != getattr(after, field.name)}
    assert changed <= {"suspended_at", "reactivated_at"}
