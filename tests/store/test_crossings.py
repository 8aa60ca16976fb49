"""Twelve processes with two different wishes: each is done whole or refused, whichever came first.

The default run does each crossing twice on a file and once on a server; the long proof two hundred times on each, and
everybody hesitates by chance between two statements, so that each time goes another way:

    pytest tests/store/test_crossings.py -m slow
"""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from store import readied, wishes
from store.counter import BOTH, Counter
from store.crew import SIZE, Crew, Job

from models import desk
from models.jobs.expire import expire
from models.unit import Outcome, Session

ENGINES = BOTH
INTERLEAVINGS = 200

# Pairs of different wishes about the same cards.


def against_each_other(
    crew: Crew, counter: Counter, one: Callable[..., Any], other: Callable[..., Any], card: int
) -> tuple[list[Outcome], list[Outcome]]:
    """Half of the crew wishes one, the other half the other."""
    at, path = counter.clock.now(), counter.store.path
    deeds = [(one, other)[number % 2] for number in range(SIZE)]
    told = crew.at_once(
        [Job(path, "mia", at, deed, (card, f"{deed.__name__}-{card}-{number}")) for number, deed in enumerate(deeds)]
    )
    assert not counter.findings()
    return told[::2], told[1::2]


def check_transfers_in_both_directions(crew: Crew, counter: Counter) -> None:
    """Nobody waits for anybody for ever, and what one card lost the other won."""
    card = readied.two_live(counter)
    there, back = against_each_other(crew, counter, wishes.transfer, wishes.transfer_back, card)
    balances = [counter.sheet(each).balance_minor for each in (card - 1, card)]
    gone = sum(outcome.done for outcome in there) - sum(outcome.done for outcome in back)
    assert balances == [5000 + 1000 * gone, 5000 - 1000 * gone]
    assert all(outcome.done or "nothing left" in outcome.sentence for outcome in (*there, *back))


def check_cancellation_against_redemption(crew: Crew, counter: Counter) -> None:
    """What was spent before the cancellation is not returned, and nothing is spent after it."""
    card = counter.issued()
    cancelled, redeemed_ = against_each_other(crew, counter, wishes.cancel, wishes.redeem, card)
    (done,) = [outcome for outcome in cancelled if outcome.done]
    taken = sum(outcome.done for outcome in redeemed_)
    assert done.facts["returned_minor"] == 5000 - 1000 * taken
    assert counter.kinds(card) == ["issue", *["redemption"] * taken, "cancellation"]


def check_replacement_against_redemption(crew: Crew, counter: Counter) -> None:
    """The card in its place has what was left, and the old code pays for nothing any more."""
    card = counter.issued()
    replaced, redeemed_ = against_each_other(crew, counter, wishes.replace, wishes.redeem, card)
    made = [outcome for outcome in replaced if outcome.done]
    taken = sum(outcome.done for outcome in redeemed_)
    assert len(made) == (taken < 5)
    assert [outcome.facts["balance_minor"] for outcome in made] == [5000 - 1000 * taken][: len(made)]
    assert counter.sheet(card).balance_minor == 0


def check_opening_against_handing_over(crew: Crew, counter: Counter) -> None:
    """Twelve windows of one agent: one case, and everything that is handed over stands in it."""
    card = counter.issued()
    opened, escalated = against_each_other(crew, counter, wishes.open_case, wishes.escalate, card)
    assert all(outcome.done for outcome in (*opened, *escalated))
    assert len({outcome.facts["case"] for outcome in (*opened, *escalated)}) == 1


def check_reactivation_against_notes(crew: Crew, counter: Counter) -> None:
    """Every note is kept, and the three lines of the one reactivation stand together, wherever a note came in."""
    card = readied.expired(counter)
    reactivated, noted = against_each_other(crew, counter, wishes.reactivate, wishes.note, card)
    assert sum(outcome.done for outcome in reactivated) == 1
    assert all(outcome.done for outcome in noted)
    written = [kind for kind in counter.kinds(card) if kind != "note"]
    assert written == ["issue", "breakage", "reinstatement", "expiry_changed", "reactivated"]
    place = counter.kinds(card).index("reinstatement")
    assert counter.kinds(card)[place : place + 4] == ["reinstatement", "expiry_changed", "note", "reactivated"]
    assert counter.kinds(card).count("note") == len(noted) + 1


def check_approval_against_refusal(crew: Crew, counter: Counter) -> None:
    """One decision, and the card is given back if it is the one that says so."""
    asked = readied.asked(counter)
    approved, declined = against_each_other(crew, counter, wishes.approve, wishes.refuse_approval, asked)
    assert sum(outcome.done for outcome in (*approved, *declined)) == 1
    with counter.store.database.connected():
        find = "SELECT card_id, decision FROM approval WHERE id = ?"
        card, decision = counter.store.database.execute_sql(find, (asked,)).fetchone()
    was_approved = any(outcome.done for outcome in approved)
    assert decision == ("approved" if was_approved else "refused")
    assert counter.kinds(card).count("reactivated") == was_approved


CROSSINGS = (
    check_transfers_in_both_directions,
    check_cancellation_against_redemption,
    check_replacement_against_redemption,
    check_opening_against_handing_over,
    check_reactivation_against_notes,
    check_approval_against_refusal,
)


@pytest.mark.parametrize("crossing", CROSSINGS, ids=lambda crossing: crossing.__name__[6:])
def test_different_wishes_about_the_same_cards_get_along(
    crew: Crew, races: Counter, crossing: Callable[[Crew, Counter], None], rounds: int
) -> None:
    """Each is done whole or refused, whichever came first."""
    for _ in range(rounds):
        races.wait(days=1)
        crossing(crew, races)


# Pairs at the instant of the cut-off: one half of the crew starts the run, the other half acts.


def against_the_run(crew: Crew, counter: Counter, deed: Callable[..., Any], card: int, *, early: bool) -> list[Any]:
    cut_off_at = counter.sheet(card).cut_off_at
    assert cut_off_at is not None
    counter.clock.at = cut_off_at
    acts_at = cut_off_at - timedelta(microseconds=1) if early else cut_off_at
    path, half = counter.store.path, SIZE // 2
    runs = [Job(path, "mia", cut_off_at, wishes.run, ()) for _ in range(half)]
    acts = [Job(path, "mia", acts_at, deed, (card, f"{card}-{number}")) for number in range(half)]
    told = crew.at_once([job for pair in zip(acts, runs, strict=True) for job in pair])
    expire(counter.mia, is_sure=True)
    assert not counter.findings()
    return told[::2]


def money(counter: Counter, card: int) -> list[tuple[str, int]]:
    return [(line.kind.value, line.amount_minor) for line in counter.journal(card) if line.amount_minor]


def check_reactivation_against_the_run(crew: Crew, counter: Counter) -> None:
    card = counter.issued("week")
    told = against_the_run(crew, counter, wishes.reactivate, card, early=False)
    assert sum(outcome.done for outcome in told) == 1
    sheet = counter.sheet(card)
    assert (sheet.status, sheet.balance_minor) == ("active", 5000)
    assert money(counter, card) in (
        [("issue", 5000)],
        [("issue", 5000), ("breakage", -5000), ("reinstatement", 5000)],
    )
    assert counter.kinds(card)[-3:] == ["expiry_changed", "note", "reactivated"]


def check_redemption_against_the_run(crew: Crew, counter: Counter) -> None:
    card = counter.issued("week")
    told = against_the_run(crew, counter, wishes.redeem, card, early=True)
    taken = sum(outcome.done for outcome in told)
    assert taken <= 5
    moved = [("issue", 5000), *[("redemption", -1000)] * taken]
    left = 5000 - 1000 * taken
    assert money(counter, card) == [*moved, *([("breakage", -left)] if left else [])]
    for outcome in told:
        assert outcome.done or re.match(r"The card expired|There is nothing left", outcome.sentence)


def check_top_up_against_the_run(crew: Crew, counter: Counter) -> None:
    card = counter.issued("week")
    told = against_the_run(crew, counter, wishes.top_up, card, early=False)
    assert all(outcome.done for outcome in told)
    assert money(counter, card) == [("issue", 5000), ("breakage", -5000), *[("top_up", 100)] * len(told)]
    assert counter.sheet(card).status == "active"


PAIRS = (check_reactivation_against_the_run, check_redemption_against_the_run, check_top_up_against_the_run)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.__name__[6:])
def test_at_the_cut_off_the_run_and_the_desk_get_along(
    crew: Crew, races: Counter, pair: Callable[[Crew, Counter], None], rounds: int
) -> None:
    """Whoever comes first, the money adds up and nobody is left with half of anything."""
    for _ in range(rounds):
        races.wait(days=1)
        pair(crew, races)


# Pairs of wishes about one person: half of the crew wants the one, half the other.


def half_and_half(crew: Crew, counter: Counter, *wishes: tuple[Callable[..., Any], tuple[Any, ...]]) -> list[Any]:
    at, path = counter.clock.now(), counter.store.path
    jobs = [
        Job(path, "mia", at, deed, (*arguments, f"{at}-{deed.__name__}-{arguments}-{number}"))
        for number in range(SIZE // 2)
        for deed, arguments in wishes
    ]
    return crew.at_once(jobs)


def merge_into(mia: Session, gone: int, kept: int, key: str) -> Outcome:
    return desk.merge_people(mia, gone, kept, intent=key)


def issue_to(mia: Session, email: str, key: str) -> Outcome:
    return desk.issue(mia, "half", 5000, recipient=desk.PersonGiven("Lin W.", email), intent=key)


def check_merges_crosswise(crew: Crew, counter: Counter) -> None:
    lin = readied.person(counter)
    told = half_and_half(crew, counter, (merge_into, (lin, lin - 1)), (merge_into, (lin - 1, lin)))
    (done,) = (outcome for outcome in told if outcome.done)
    kept, gone = done.facts["into"], done.facts["from"]
    assert {outcome.sentence for outcome in told if not outcome.done} == {
        f"Record {gone} was merged into record {kept}: use that one."
    }


def check_correction_against_a_merge(crew: Crew, counter: Counter) -> None:
    lin = readied.person(counter)
    told = half_and_half(crew, counter, (wishes.correct_person, (lin,)), (merge_into, (lin, lin - 1)))
    corrected, merged = told[::2], told[1::2]
    assert sum(outcome.done for outcome in merged) == 1
    assert sum(outcome.done for outcome in corrected) <= 1
    for outcome in corrected:
        assert outcome.done or re.match(r"The record says that already|Record \d+ was merged", outcome.sentence)


def check_removal_against_new_cards(crew: Crew, counter: Counter) -> None:
    lin = readied.about_to_be_removed(counter)
    with counter.store.database.connected():
        find_email = "SELECT email FROM customer WHERE id = ?"
        email = counter.store.database.execute_sql(find_email, (lin,)).fetchone()[0]
    told = half_and_half(crew, counter, (wishes.remove_person, (lin,)), (issue_to, (email,)))
    assert sum(outcome.done for outcome in told[::2]) == 1
    assert all(outcome.done for outcome in told[1::2])
    holders = {counter.sheet(outcome.card_id).holder for outcome in told[1::2]}
    names = {(holder.name, holder.id == lin) for holder in holders if holder is not None}
    assert names <= {("(removed)", True), ("Lin W.", False)}


ABOUT_ONE_PERSON = (check_merges_crosswise, check_correction_against_a_merge, check_removal_against_new_cards)


@pytest.mark.parametrize("pair", ABOUT_ONE_PERSON, ids=lambda pair: pair.__name__[6:])
def test_whatever_comes_first_a_person_is_one_person(
    crew: Crew, races: Counter, pair: Callable[[Crew, Counter], None], rounds: int
) -> None:
    """Two merges crosswise, a correction and a merge, a removal and a sale: whole, one after the other."""
    for _ in range(rounds):
        races.wait(days=1)
        pair(crew, races)
        assert not races.findings()


@pytest.mark.slow
@pytest.mark.timeout(0)
@pytest.mark.parametrize(
    "crossing", [*PAIRS, *CROSSINGS, *ABOUT_ONE_PERSON], ids=lambda crossing: crossing.__name__[6:]
)
def test_each_crossing_in_many_ways(crew: Crew, races: Counter, crossing: Callable[[Crew, Counter], None]) -> None:
    """Whoever stops for a moment, and wherever: it ends in one of the two ways."""
    for number in range(INTERLEAVINGS):
        races.wait(days=1)
        with crew.hesitating(number):
            crossing(crew, races)
