"""The outbox: what is written waits there with whom it goes to, and nobody changes it unseen."""

from functools import partial

import pytest
from store.counter import BOTH, Counter, everything_stored, plain_sql
from store.letterbox import LOST, NOT_NOW, REFUSED, Letterbox
from store.mailroom import holder, written

from models import desk
from models.fates import Fate
from models.jobs.send import send
from models.mail import Answer, Letter
from models.outbox import count_letters, letter_sheet, letters_in_hand
from models.rules.letters import LetterKind
from models.rules.reminders import Decision
from models.worklists import LETTERS, cards_on

ENGINES = BOTH


def test_a_letter_waits_for_its_holder_until_it_is_sent(counter: Counter) -> None:
    """Sam answers Ada: the letter is listed with whom it goes to and who wrote it, oldest first."""
    card = counter.issued(recipient=desk.PersonGiven("Ada", "ada@example.org"))
    first = written(counter.sam, card, holder(counter, card))
    counter.wait(minutes=1)
    second = written(counter.sue, card, subject="For Payments Support")
    one, other = letters_in_hand(counter.store)
    assert (one.id, one.kind, one.fate, one.addressee.email) == (
        first,
        LetterKind.REPLY,
        Fate.WAITING,
        "ada@example.org",
    )
    assert (other.id, other.kind, other.written_by, other.addressee.email) == (second, LetterKind.PACKET, "Sue", None)
    assert letters_in_hand(counter.store, after=one.key) == (other,)
    assert letters_in_hand(counter.store, letter_id=second) == (other,)
    assert letters_in_hand(counter.store, [Fate.REFUSED]) == ()
    assert count_letters(counter.store)[Fate.WAITING] == 2
    assert not counter.findings()


def test_a_subject_of_two_lines_is_no_subject(counter: Counter) -> None:
    """It could become a header of its own."""
    card = counter.issued()
    with pytest.raises(AssertionError, match="one line"):
        written(counter.sam, card, subject="Hello\nBcc: eve@example.org")
    assert letters_in_hand(counter.store) == ()


def test_what_is_said_to_somebody_goes_with_their_data(counter: Counter) -> None:
    """What waits is dropped; of what may be under way only the words go, for somebody must learn what became of it."""
    card = counter.issued(recipient=desk.PersonGiven("Ada", "ada@example.org"))
    person = holder(counter, card)
    waiting, about = written(counter.sam, card, person), written(counter.sam, card)
    lost = Letterbox(lambda _letter: LOST)
    under_way = written(counter.sam, card, person)
    send(counter.sam, lost, ids=[under_way], wait=None)
    for supervisor in (counter.sue, counter.mia):
        assert desk.remove_person(supervisor, person, ref="ZD-7").done
    (line,) = letters_in_hand(counter.store)
    assert (line.id, line.fate, line.subject) == (under_way, Fate.UNKNOWN, None)
    assert [letter_sheet(counter.store, each).state for each in (waiting, about)] == ["dropped", "dropped"]
    assert b"Good news" not in everything_stored(counter.store.path)
    again = desk.settle_letter(counter.sue, under_way, Decision.AGAIN, "send it")
    assert again.sentence == "What that e-mail said was removed with the data of the person: drop it."
    assert desk.settle_letter(counter.sue, under_way, Decision.SENT, "it arrived").done
    assert not counter.findings()


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ("UPDATE outbox SET text = 'Your code, please'", "it does not say what was written"),
        ("UPDATE outbox SET customer_id = 1, kind = 'reply'", "it is not about what it was written for"),
        ("UPDATE outbox SET state = 'dropped'", "where it stands was not set by the desk"),
        ("UPDATE outbox SET written_by = 1", "who wrote it, or when, was not set by the desk"),
        ("UPDATE outbox SET written_at = 1", "who wrote it, or when, was not set by the desk"),
        ("UPDATE outbox SET state = 'sent', settled_at = written_at", "where it stands was not set by the desk"),
    ],
)
def test_verification_sees_what_another_tool_did_to_a_letter(counter: Counter, change: str, finding: str) -> None:
    """In its words, to whom it goes, or whether it went."""
    number = written(counter.sam, counter.issued(recipient=desk.PersonGiven("Ada", "ada@example.org")))
    with plain_sql(counter.store.path) as sql:
        sql.execute(change)
    assert counter.findings() == [f"e-mail {number}: {finding}"]


def test_a_letter_that_is_gone_is_missed(counter: Counter) -> None:
    """Only with the safeguards away can one be deleted."""
    written(counter.sam, counter.issued())
    with plain_sql(counter.store.path, guarded=False) as sql:
        sql.execute("DELETE FROM outbox")
    assert counter.findings() == ["the outbox: e-mails that were written are missing"]


def test_a_letter_that_the_desk_did_not_write_is_seen(counter: Counter) -> None:
    """Somebody lays one in by SQL; it does not go, either."""
    card = counter.issued(recipient=desk.PersonGiven("Ada", "ada@example.org"))
    number = written(counter.sam, card, holder(counter, card))
    columns = "kind, card_id, customer_id, subject, text, details, state, tries, written_at, written_by, next_try_at"
    with plain_sql(counter.store.path) as sql:
        sql.execute(f"INSERT INTO outbox (id, {columns}) SELECT id + 1, {columns} FROM outbox")
    assert counter.findings() == [f"e-mail {number + 1}: it was not written by the desk"]
    report = send(counter.olaf, Letterbox(), wait=None)
    assert (report.sent, report.held_back) == (1, {number + 1: "It was changed with another tool."})


def _always(answer: Answer, _letter: Letter) -> Answer:
    return answer


def test_letters_that_did_not_go_are_a_worklist(counter: Counter) -> None:
    """With why, the oldest first."""
    card = counter.issued(recipient=desk.PersonGiven("Ada", "ada@example.org"))
    for answer in (LOST, REFUSED, NOT_NOW):
        box = Letterbox()
        box.answer = partial(_always, answer)
        send(counter.sam, box, ids=[written(counter.sam, card, 1)], wait=None)
        counter.wait(minutes=1)
    assert [line.remark for line in cards_on(counter.store, LETTERS).lines] == [
        "may have gone out 21 May 13:00",
        "not sent: 550 no such user",
        "waits, tried 1 time, again 21 May 13:17",
    ]
    assert [line.remark for line in cards_on(counter.store, LETTERS, most=2).lines][1] == "not sent: 550 no such user"
