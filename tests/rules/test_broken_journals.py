"""Which activities cannot stand in a journal: money that goes the wrong way, comes twice, or moves after the end."""

from datetime import timedelta

import pytest
from rules.entries import BREAKAGE, ISSUE, START, entry

from models.rules.journal import SIGNS, BrokenJournal, CardState, Entry, Kind, TextsGone, apply, are_details, fold


@pytest.mark.parametrize("kind", [kind for kind, sign in SIGNS.items() if sign])
def test_money_that_moves_the_wrong_way_is_refused(kind: Kind) -> None:
    state = CardState(balance_minor=5000, broken_minor=300, last_money_number=1)
    with pytest.raises(BrokenJournal, match=f"^activity 2: {kind} has the wrong sign$"):
        apply(state, entry(kind, -300 * SIGNS[kind], reverses=1), 2)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in SIGNS])
@pytest.mark.parametrize("amount", [1, -1])
def test_a_fact_that_moves_money_is_refused(kind: Kind, amount: int) -> None:
    with pytest.raises(BrokenJournal, match=f"^activity 2: {kind} moves money$"):
        fold([ISSUE, entry(kind, amount)])


@pytest.mark.parametrize("kind", [Kind.REDEMPTION, Kind.ADJUSTMENT, Kind.TRANSFER_OUT, Kind.CANCELLATION])
def test_no_activity_takes_more_than_the_balance(kind: Kind) -> None:
    assert fold([ISSUE, entry(kind, -5000)]).balance_minor == 0
    with pytest.raises(BrokenJournal, match=f"^activity 2: {kind} takes more than the balance$"):
        fold([ISSUE, entry(kind, -5001)])


@pytest.mark.parametrize(
    "journal",
    [
        [entry(Kind.BREAKAGE, 0)],
        [ISSUE, entry(Kind.BREAKAGE, 0)],
        [ISSUE, entry(Kind.BREAKAGE, -4999)],
        [ISSUE, entry(Kind.BREAKAGE, -5001)],
        [ISSUE, BREAKAGE, entry(Kind.BREAKAGE, 0)],
        [ISSUE, BREAKAGE, BREAKAGE],
    ],
    ids=["of an empty card", "of nothing", "of a part", "of too much", "of nothing again", "of the same again"],
)
def test_a_breakage_that_does_not_take_the_whole_balance_once_is_refused(journal: list[Entry]) -> None:
    with pytest.raises(BrokenJournal, match=f"^activity {len(journal)}: "):
        fold(journal)


@pytest.mark.parametrize(
    "journal",
    [
        [entry(Kind.REINSTATEMENT, 0)],
        [entry(Kind.REINSTATEMENT, 5000)],
        [ISSUE, entry(Kind.REINSTATEMENT, 0, reverses=1)],
        [ISSUE, entry(Kind.REINSTATEMENT, 5000, reverses=1)],
        [ISSUE, entry(Kind.REDEMPTION, -5000), entry(Kind.REINSTATEMENT, 0, reverses=2)],
        [ISSUE, entry(Kind.REDEMPTION, -5000), entry(Kind.REINSTATEMENT, 5000, reverses=2)],
        [ISSUE, BREAKAGE, entry(Kind.REINSTATEMENT, 4999, reverses=2)],
        [ISSUE, BREAKAGE, entry(Kind.REINSTATEMENT, 5001, reverses=2)],
        [ISSUE, BREAKAGE, entry(Kind.REINSTATEMENT, 0, reverses=2)],
        [ISSUE, BREAKAGE, entry(Kind.REINSTATEMENT, 5000)],
        [ISSUE, BREAKAGE, entry(Kind.REINSTATEMENT, 5000, reverses=1)],
        [ISSUE, BREAKAGE, *[entry(Kind.REINSTATEMENT, 5000, reverses=2)] * 2],
        [ISSUE, BREAKAGE, entry(Kind.REINSTATEMENT, 5000, reverses=2), entry(Kind.REINSTATEMENT, 0, reverses=3)],
        [ISSUE, BREAKAGE, entry(Kind.TOP_UP, 100), entry(Kind.REINSTATEMENT, 5000, reverses=2)],
        [ISSUE, BREAKAGE, entry(Kind.TOP_UP, 100), entry(Kind.REINSTATEMENT, 0, reverses=3)],
    ],
    ids=[
        "nothing, on an empty journal",
        "something, on an empty journal",
        "nothing, where nothing is broken",
        "no breakage",
        "nothing, where all was spent",
        "what was spent, not broken",
        "less",
        "more",
        "nothing",
        "unnamed",
        "names the issue",
        "twice",
        "nothing, after itself",
        "after new money",
        "nothing, after new money",
    ],
)
def test_a_reinstatement_that_does_not_answer_the_last_breakage_exactly_is_refused(journal: list[Entry]) -> None:
    with pytest.raises(BrokenJournal, match=f"^activity {len(journal)}: a reinstatement gives back"):
        fold(journal)


@pytest.mark.parametrize(
    "journal",
    [
        [ISSUE, entry(Kind.CANCELLATION, 0)],
        [ISSUE, entry(Kind.CANCELLATION, -1)],
        [ISSUE, entry(Kind.CANCELLATION, -4999)],
        [ISSUE, BREAKAGE, entry(Kind.TOP_UP, 100), entry(Kind.CANCELLATION, 0)],
        [ISSUE, BREAKAGE, entry(Kind.REINSTATEMENT, 5000, reverses=2), entry(Kind.CANCELLATION, -1)],
    ],
    ids=["nothing", "a penny", "all but a penny", "not the new money", "not what came back"],
)
def test_a_cancellation_that_leaves_something_on_the_card_is_refused(journal: list[Entry]) -> None:
    """A cancelled card takes no money and gives none: what is left on it would be lost."""
    with pytest.raises(BrokenJournal, match=f"^activity {len(journal)}: a cancellation takes the whole balance$"):
        fold(journal)


@pytest.mark.parametrize("kind", SIGNS)
@pytest.mark.parametrize("is_broken", [False, True], ids=["with its money", "for nothing"])
def test_no_money_moves_on_a_cancelled_card(kind: Kind, is_broken: bool) -> None:
    """Not even an amount of zero, and not a second cancellation."""
    journal = [ISSUE, BREAKAGE, entry(Kind.CANCELLATION, 0)] if is_broken else [ISSUE, entry(Kind.CANCELLATION, -5000)]
    cancelled, number = fold(journal), len(journal) + 1
    for amount in {0, SIGNS[kind] or 1, 5000 * (SIGNS[kind] or 1)}:
        after = entry(kind, amount, reverses=number - 1)
        with pytest.raises(BrokenJournal, match=f"^activity {number}: money moves on a cancelled card$"):
            apply(cancelled, after, number)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in SIGNS])
def test_a_cancelled_card_still_takes_notes_and_facts(kind: Kind) -> None:
    state = fold([ISSUE, entry(Kind.CANCELLATION, -5000, day=2), entry(kind, day=3)])
    assert (state.balance_minor, state.cancelled_at) == (0, START + timedelta(days=2))


@pytest.mark.parametrize(
    ("kind", "details"),
    [
        (Kind.CORRECTED_CUSTOMER, {}),
        (Kind.CORRECTED_CUSTOMER, {"email": True}),
        (Kind.NOTE, {"removed": 1, "texts": 1}),
    ],
)
def test_only_a_removal_accounts_for_texts_that_are_gone(kind: Kind, details: dict[str, object]) -> None:
    """A corrected address took no text away, and no note may say that it did."""
    gone = TextsGone()
    gone.add(Kind.NOTE, {}, is_gone=True)
    gone.add(kind, details, is_gone=False)
    with pytest.raises(BrokenJournal, match="no removal of it is recorded"):
        gone.close()
    gone.add(Kind.CORRECTED_CUSTOMER, {"removed": 1, "texts": 1}, is_gone=False)
    gone.close()


@pytest.mark.parametrize(
    "facts", [[], None, {"sets": []}, {"sets": None}, {"sets": {"last_day": "soon"}}, {"grounds": 1}]
)
def test_facts_of_another_shape_are_no_details(facts: object) -> None:
    assert not are_details(facts)
    assert are_details({"sets": {"last_day": "2026-11-30"}, "grounds": ["vip"]})


@pytest.mark.parametrize("texts", [2, "1", None, 1.0])
def test_a_removal_takes_no_more_texts_than_are_gone(texts: object) -> None:
    """Who puts a text back in its place is found by the count."""
    gone = TextsGone()
    gone.add(Kind.NOTE, {}, is_gone=True)
    with pytest.raises(BrokenJournal, match="a text is there that was removed"):
        gone.add(Kind.CORRECTED_CUSTOMER, {"removed": 1, "texts": texts}, is_gone=False)


def test_a_penny_breaks_and_comes_back() -> None:
    journal = [entry(Kind.ISSUE, 1), entry(Kind.BREAKAGE, -1), entry(Kind.REINSTATEMENT, 1, reverses=2)]
    assert fold(journal).balance_minor == 1
