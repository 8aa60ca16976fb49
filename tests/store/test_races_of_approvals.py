"""Twelve processes around one limit, or one request: never one too many, and one decision.

The default run does each race twice on a file and once on a server; the long proof fifty times on each:

    pytest tests/store/test_races_of_approvals.py -m slow
"""

from datetime import timedelta

import pytest
from store import readied, wishes
from store.counter import BOTH, Counter
from store.crew import MANY_ROUNDS, SIZE, Crew, Job

from models import desk
from models.unit import Outcome, Session

ENGINES = BOTH
LIMIT = 5
MICROSECOND = timedelta(microseconds=1)


def of_the_day(counter: Counter) -> tuple[int, ...]:
    """How many are counted for Sam today."""
    day = counter.store.business.date_of(counter.clock.now()).isoformat()
    with counter.store.database.connected():
        rows = counter.store.database.execute_sql(
            "SELECT q.used FROM quota q JOIN agent a ON a.id = q.agent_id WHERE a.login = 'sam' AND q.on_day = ?",
            (day,),
        ).fetchall()
    return tuple(used for (used,) in rows)


def race_for_the_limit(crew: Crew, counter: Counter, key: str) -> None:
    """Sam has twelve sessions open, each with a card of its own, and five reactivations a day."""
    counter.wait(days=1)
    assert desk.set_policy(counter.mia, stop_at=LIMIT, approve_above={}).done
    cards = [counter.issued("week") for _ in range(SIZE)]
    counter.clock.at = counter.sheet(cards[0]).cut_off_at or counter.clock.at
    jobs = [
        Job(counter.store.path, "sam", counter.clock.now(), wishes.reactivate, (card, f"{key}-{card}"))
        for card in cards
    ]
    told = crew.at_once(jobs)
    assert sum(outcome.done for outcome in told) == LIMIT
    assert all("which is the limit" in outcome.sentence for outcome in told if not outcome.done)
    assert of_the_day(counter) == (LIMIT,)


def test_twelve_sessions_never_go_beyond_the_limit(crew: Crew, races: Counter, rounds: int) -> None:
    """Five of twelve are done, never six."""
    for number in range(rounds):
        race_for_the_limit(crew, races, f"limit-{number}")
    assert not races.findings()


def race_for_a_holder(crew: Crew, counter: Counter, key: str) -> None:
    """Twelve cards of one person come back at the same moment, three of them without an approval."""
    counter.wait(days=91)
    assert desk.set_policy(counter.mia, repeat_limit=3, stop_at=None, approve_above={}).done
    cards = [counter.issued("week", recipient=wishes.LIN) for _ in range(SIZE)]
    counter.clock.at = counter.sheet(cards[0]).cut_off_at or counter.clock.at
    at = counter.clock.now()
    jobs = [Job(counter.store.path, "sam", at, wishes.reactivate, (card, f"{key}-{card}")) for card in cards]
    told = crew.at_once(jobs)
    assert all(outcome.done for outcome in told)
    assert sum("number" in outcome.facts for outcome in told) == 3
    assert desk.set_policy(counter.mia, repeat_limit=None).done


def test_twelve_cards_of_one_person_are_counted_one_after_the_other(crew: Crew, races: Counter, rounds: int) -> None:
    """Three come back, nine are asked for: nobody is counted twice, and nobody slips through between two."""
    for number in range(rounds):
        race_for_a_holder(crew, races, f"holder-{number}")
    assert not races.findings()


def decide(session: Session, approval: int, key: str) -> Outcome:
    """What each of three does: Mia approves, Sue refuses, Sam takes it back."""
    deed = {"mia": wishes.approve, "sue": wishes.refuse_approval, "sam": wishes.withdraw_approval}[session.login]
    return deed(session, approval, key)


def decisions(counter: Counter, approval: int) -> tuple[str | None, int]:
    """What was decided, and how often the card was reactivated."""
    with counter.store.database.connected():
        (decision, card) = counter.store.database.execute_sql(
            "SELECT decision, card_id FROM approval WHERE id = ?", (approval,)
        ).fetchone()
    return decision, counter.kinds(card).count("reactivated")


def race_for_the_decision(crew: Crew, counter: Counter, key: str) -> None:
    counter.wait(days=1)
    approval = readied.asked(counter)
    at = counter.clock.now()
    logins = ("mia", "sue", "sam") * 4
    jobs = [
        Job(counter.store.path, login, at, decide, (approval, f"{key}-{place}")) for place, login in enumerate(logins)
    ]
    told = dict(enumerate(crew.at_once(jobs)))
    (won,) = (place for place, outcome in told.items() if outcome.done)
    decision = {"mia": "approved", "sue": "refused", "sam": "withdrawn"}[logins[won]]
    assert decisions(counter, approval) == (decision, int(decision == "approved"))


def test_of_twelve_decisions_one_is_taken(crew: Crew, races: Counter, rounds: int) -> None:
    """Approved, refused, withdrawn: whoever is first, and everybody else is told."""
    for number in range(rounds):
        race_for_the_decision(crew, races, f"decision-{number}")
    assert not races.findings()


def at_the_last_moment(session: Session, card: int, approval: int, key: str) -> Outcome:
    """Mia approves the request that is about to lapse; Sam asks anew."""
    if session.login == "mia":
        return wishes.approve(session, approval, key)
    return desk.reactivate(session, card, reason="found", intent=key)


def race_at_the_lapse(crew: Crew, counter: Counter, key: str) -> None:
    counter.wait(days=1)
    assert desk.set_policy(counter.mia, stop_at=None, approve_above={"GBP": 0}).done
    card = readied.held(counter)
    first = int(desk.reactivate(counter.sam, card, reason="found").facts["approval"])
    counter.wait(hours=24)
    last = counter.clock.now()
    jobs = [
        Job(
            counter.store.path,
            "mia" if place % 2 else "sam",
            last - MICROSECOND if place % 2 else last,
            at_the_last_moment,
            (card, first, f"{key}-{place}"),
        )
        for place in range(SIZE)
    ]
    told = crew.at_once(jobs)
    assert sum(outcome.done for outcome in told) == 1
    decision, done = decisions(counter, first)
    assert (decision, done) in {("approved", 1), ("lapsed", 0)}


def test_a_request_is_approved_or_lapses_and_never_both(crew: Crew, races: Counter, rounds: int) -> None:
    """A microsecond before it lapses Mia approves it, and at that instant Sam asks anew: one of both."""
    for number in range(rounds):
        race_at_the_lapse(crew, races, f"lapse-{number}")
    assert not races.findings()
    assert desk.set_policy(races.mia, approve_above={}).done


@pytest.mark.slow
@pytest.mark.timeout(0)
def test_all_races_of_approvals_many_times(crew: Crew, races: Counter) -> None:
    """Fifty rounds of each."""
    for number in range(MANY_ROUNDS):
        race_for_the_limit(crew, races, f"slow-limit-{number}")
        race_for_a_holder(crew, races, f"slow-holder-{number}")
        race_for_the_decision(crew, races, f"slow-decision-{number}")
        race_at_the_lapse(crew, races, f"slow-lapse-{number}")
    assert not races.findings()
    assert desk.set_policy(races.mia, approve_above={}, stop_at=None).done
