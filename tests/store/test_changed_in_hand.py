"""Stories of reminders whose card or person changes while the letter is on its way: one letter, kept in sight."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from store.counter import PRODUCTS, Counter
from store.letterbox import LOST, TAKEN, Letterbox

from models import desk
from models.fates import Fate
from models.jobs.remind import remind
from models.mail import Answer, Letter
from models.reminding import unsettled
from models.rules.reminders import Decision
from models.rules.validity import Period

LIN = desk.PersonGiven("Lin", "lin@example.org")
TWO_DAYS_BEFORE = "2026-05-25T09:00"
Change = Callable[[Counter, int], object]


def holder(counter: Counter, card: int) -> int:
    person = counter.sheet(card).holder
    assert person is not None
    return person.id


def redeem(counter: Counter, card: int) -> None:
    assert desk.redeem(counter.sam, card, 5000).done


def suspend(counter: Counter, card: int) -> None:
    assert desk.suspend(counter.sue, card, "lost").done


def cancel(counter: Counter, card: int) -> None:
    assert desk.cancel(counter.sue, card, "order undone").done


def replace(counter: Counter, card: int) -> None:
    assert desk.replace(counter.sue, card, "code lost").done


def transfer(counter: Counter, card: int) -> None:
    other = counter.issued("half")
    assert desk.transfer(counter.sue, card, other, reason="one card is enough").done


def extend(counter: Counter, card: int) -> None:
    assert desk.extend(counter.sue, card, date(2026, 6, 30), "was ill").done


def register(counter: Counter, card: int) -> None:
    assert desk.register(counter.sam, card, desk.PersonGiven("Abe", "abe@example.org")).done


def merge(counter: Counter, card: int) -> None:
    kept = counter.issued("half", recipient=desk.PersonGiven("Lin Wu", "wu@example.org"))
    assert desk.merge_people(counter.mia, holder(counter, card), holder(counter, kept)).done


def remove(counter: Counter, card: int) -> None:
    person = holder(counter, card)
    assert desk.remove_person(counter.sue, person, ref="ZD-9").done
    assert desk.remove_person(counter.mia, person, ref="ZD-9").done


def expire(counter: Counter, _card: int) -> None:
    counter.wait(days=4)


def jump_back(counter: Counter, _card: int) -> None:
    counter.clock.tick(-timedelta(days=2))


def send_elsewhere(counter: Counter, _card: int) -> None:
    assert remind(counter.olaf, Letterbox()).sent == 0


CHANGES: list[Change] = [
    *(redeem, suspend, cancel, replace, transfer, extend, register, merge, remove, expire, jump_back, send_elsewhere)
]


@pytest.mark.parametrize("answer", [TAKEN, LOST], ids=lambda answer: answer.verdict.value)
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_what_becomes_of_a_letter_is_kept_whatever_becomes_of_its_card(
    counter: Counter, change: Change, answer: Answer
) -> None:
    """The card's history says what went, a list what did not; everything adds up, and no letter goes twice."""
    assert desk.set_product(counter.mia, "week", rules=PRODUCTS["week"], reminders=[Period(2, "days")]).done
    card = counter.issued("week", recipient=LIN)
    counter.at(TWO_DAYS_BEFORE)
    answers = [answer]

    def meanwhile(_letter: Letter) -> Answer:
        if not answers:
            return TAKEN
        change(counter, card)
        return answers.pop()

    box = Letterbox(meanwhile)
    remind(counter.olaf, box, wait=lambda _seconds: None)
    was_sent = answer is TAKEN
    assert ("reminder_sent" in counter.kinds(card)) == was_sent
    left = [(line.card_id, line.fate) for line in unsettled(counter.store, list(Fate))]
    assert bool(left) != was_sent
    assert not counter.findings()
    counter.wait(hours=1)
    remind(counter.olaf, box, wait=lambda _seconds: None)
    assert len({letter.message_id for letter in box.taken}) == len(box.taken)
    assert not counter.findings()
    if answer is LOST:
        assert desk.settle_reminder(counter.sue, card, date(2026, 5, 27), 2, Decision.SENT, "asked them").done
        assert not counter.findings()
