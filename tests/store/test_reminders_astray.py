"""Stories of reminders that do not arrive: tried again, given back, and decided about by a person."""

from collections.abc import Iterator

import pytest
from store.counter import BOTH, Counter
from store.letterbox import DOWN, LOST, NOT_NOW, REFUSED, TAKEN, Letterbox
from store.reminded import A_DAY_BEFORE, LAST_DAY, LIN, TWO_DAYS_BEFORE, fates, people, run, scheduled

from models import desk
from models.fates import Fate
from models.jobs import delivery
from models.jobs.remind import remind
from models.mail import Answer
from models.reminding import count_unsettled, unsettled
from models.rules.reminders import Decision

ENGINES = BOTH


@pytest.fixture(autouse=True)
def _schedule(counter: Counter) -> None:
    scheduled(counter)


def test_a_letter_that_is_not_taken_waits_and_is_tried_again_later_and_later(counter: Counter) -> None:
    """Greylisted: a quarter of an hour, half an hour; then it is taken, once."""
    card = counter.issued("week", recipient=LIN)
    answers: Iterator[Answer] = iter([NOT_NOW, NOT_NOW, TAKEN])
    box = Letterbox(lambda _letter: next(answers))
    counter.at(TWO_DAYS_BEFORE)
    assert run(counter, box).waiting == 1
    (line,) = unsettled(counter.store)
    assert (line.fate, line.tries, line.said) == (Fate.WAITING, 1, "451 come back later")
    for minutes, asked in ((14, 1), (1, 2), (29, 2), (1, 3)):
        counter.wait(minutes=minutes)
        run(counter, box)
        assert box.asked == asked
    assert (box.to, fates(counter)) == (["lin@example.org"], [])
    assert counter.kinds(card) == ["issue", "reminder_sent"]
    assert not counter.findings()


def test_what_waits_is_dropped_when_a_nearer_one_has_gone(counter: Counter) -> None:
    """Nobody gets yesterday's e-mail after today's."""
    counter.issued("week", recipient=LIN)
    counter.at(TWO_DAYS_BEFORE)
    run(counter, Letterbox(lambda _letter: NOT_NOW))
    counter.at(A_DAY_BEFORE)
    run(counter, Letterbox())
    counter.wait(minutes=1)
    assert run(counter, Letterbox()).due == 0
    assert fates(counter) == []


def test_what_waits_is_not_sent_while_the_card_is_on_hold(counter: Counter) -> None:
    """Suspended meanwhile: it waits on; let go again, it is sent, late."""
    card = counter.issued("week", recipient=LIN)
    counter.at(TWO_DAYS_BEFORE)
    run(counter, Letterbox(lambda _letter: NOT_NOW))
    assert desk.suspend(counter.sue, card, "stolen").done
    counter.wait(hours=12)
    box = Letterbox()
    assert (run(counter, box).due, fates(counter)) == (0, [(card, 2, "waiting")])
    assert desk.lift(counter.sue, card, "found").done
    assert (run(counter, box).sent, fates(counter)) == (1, [])


def test_a_server_that_is_down_stops_the_run_and_all_stays_due(counter: Counter) -> None:
    """It is asked four times, then the run ends with a sentence; the next run sends everything."""
    cards = people(counter, 3)
    counter.at(TWO_DAYS_BEFORE)
    box = Letterbox(lambda _letter: DOWN)
    report = run(counter, box)
    assert (report.left, report.sent, box.asked) == (2, 0, 4)
    assert report.why_stopped == "The mail server can't be used (nobody answers)."
    assert {fate for _, _, fate in fates(counter)} == {"waiting"}
    box = Letterbox()
    assert run(counter, box).sent == 3
    assert sorted(box.to) == [f"p{n}@example.org" for n in range(1, 4)]
    assert [counter.kinds(card) for card in cards] == [["issue", "reminder_sent"]] * 3
    assert fates(counter) == []


def test_a_server_that_comes_back_in_a_moment_is_waited_for(counter: Counter) -> None:
    """Restarted while the run was at it."""
    people(counter, 2)
    counter.at(TWO_DAYS_BEFORE)
    answers: Iterator[Answer] = iter([DOWN, DOWN, TAKEN, TAKEN])
    waited: list[float] = []
    report = remind(counter.olaf, Letterbox(lambda _letter: next(answers)), wait=waited.append)
    assert (report.sent, report.left, waited) == (2, None, [1.0, 2.0])


def test_a_server_that_takes_nothing_now_stops_the_run(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty thousand refusals help nobody."""
    monkeypatch.setattr(delivery, "_MOST_PUT_OFF", 2)
    people(counter, 4)
    counter.at(TWO_DAYS_BEFORE)
    report = run(counter, Letterbox(lambda _letter: NOT_NOW))
    assert (report.waiting, report.left) == (2, 2)
    assert report.why_stopped == "The mail server takes no letters now (451 come back later)."


def test_an_address_that_is_refused_is_listed_until_somebody_decides(counter: Counter) -> None:
    """No run tries it again; corrected by hand, it goes."""
    card = counter.issued("week", recipient=LIN)
    counter.at(TWO_DAYS_BEFORE)
    refusal = Answer(REFUSED.verdict, "550 <lin@example.org>: no such user")
    assert run(counter, Letterbox(lambda _letter: refusal)).refused == 1
    (line,) = unsettled(counter.store)
    assert (line.fate, line.said) == (Fate.REFUSED, "550 (address): no such user")
    box = Letterbox()
    counter.wait(hours=12)
    assert run(counter, box).due == 0
    assert line.addressee.email == "lin@example.org"
    assert desk.correct_person(counter.mia, line.addressee.id, email="lin@example.com").done
    settled = desk.settle_reminder(counter.sue, card, LAST_DAY, 2, Decision.AGAIN, "address corrected")
    assert settled.sentence.endswith("the reminder goes with the next run, if it is still owed then.")
    assert run(counter, box).sent == 1
    assert box.to == ["lin@example.com"]
    assert counter.kinds(card) == ["issue", "note", "reminder_sent"]


def test_a_lost_answer_is_never_sent_again_by_itself(counter: Counter) -> None:
    """The line was cut after the letter: a person must look, whatever the runs do."""
    card = counter.issued("week", recipient=LIN)
    counter.at(TWO_DAYS_BEFORE)
    box = Letterbox(lambda _letter: LOST)
    assert run(counter, box).unknown == 1
    (line,) = unsettled(counter.store)
    assert (line.fate, line.said) == (Fate.UNKNOWN, "the line was cut")
    counter.wait(hours=12)
    assert run(counter, Letterbox()).due == 0
    assert counter.kinds(card) == ["issue"]
    assert not counter.findings()


@pytest.mark.parametrize(
    ("decision", "kinds", "sends"),
    [
        (Decision.SENT, ["issue", "reminder_sent"], 0),
        (Decision.AGAIN, ["issue", "note", "reminder_sent"], 1),
        (Decision.DROP, ["issue", "note"], 0),
    ],
)
def test_a_person_decides_about_a_lost_answer(
    counter: Counter, decision: Decision, kinds: list[str], sends: int
) -> None:
    """Sue asks the customer: it came, it did not come, or it does not matter any more."""
    card = counter.issued("week", recipient=LIN)
    counter.at(TWO_DAYS_BEFORE)
    run(counter, Letterbox(lambda _letter: LOST))
    assert desk.settle_reminder(counter.sue, card, LAST_DAY, 2, decision, "asked by phone", ref="ZD-7").done
    box = Letterbox()
    counter.wait(minutes=1)
    assert run(counter, box).sent == sends
    assert (counter.kinds(card), fates(counter)) == (kinds, [])
    assert "asked by phone" in (counter.journal(card)[1].reason or "")
    assert not counter.findings()


def test_after_three_lost_answers_the_run_stops(counter: Counter) -> None:
    """One at a time while the server is in trouble, so that few are of unknown outcome."""
    people(counter, 12)
    counter.at(TWO_DAYS_BEFORE)
    report = run(counter, Letterbox(lambda _letter: LOST))
    assert (report.unknown, report.left) == (3, 9)
    assert count_unsettled(counter.store)[Fate.UNKNOWN] == 3
    box = Letterbox()
    assert run(counter, box).sent == 9
    assert len(set(box.to)) == 9


def test_nobody_decides_about_what_is_settled_or_never_was(counter: Counter) -> None:
    """Each refusal says why."""
    card = counter.issued("week", recipient=LIN)
    before = counter.kinds(card)
    outcome = desk.settle_reminder(counter.sue, card, LAST_DAY, 2, Decision.SENT, "asked")
    counter.assert_refused(outcome, "No such reminder was ever in hand. See: giftdesk reminder list", card, before)
    counter.at(TWO_DAYS_BEFORE)
    run(counter, Letterbox(lambda _letter: NOT_NOW))
    outcome = desk.settle_reminder(counter.sue, card, LAST_DAY, 2, Decision.SENT, "asked")
    sentence = "That reminder was certainly not sent: send it again, or drop it."
    counter.assert_refused(outcome, sentence, card, before)
    outcome = desk.settle_reminder(counter.sam, card, LAST_DAY, 2, Decision.DROP, "asked")
    sentence = "An agent may not decide about reminders; ask a supervisor, a manager or an operator."
    counter.assert_refused(outcome, sentence, card, before)
    assert desk.settle_reminder(counter.sue, card, LAST_DAY, 2, Decision.DROP, "asked").done
    outcome = desk.settle_reminder(counter.sue, card, LAST_DAY, 2, Decision.AGAIN, "asked")
    counter.assert_refused(outcome, "That reminder is settled already: it is dropped.", card, [*before, "note"])
