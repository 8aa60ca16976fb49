"""Stories of the outbox being sent: each letter once, to whom it is for now, and what does not go stays in sight."""

import pytest
from store.counter import BOTH, Counter, plain_sql
from store.letterbox import DOWN, LOST, NOT_NOW, REFUSED, TAKEN, Letterbox
from store.mailroom import holder, written

from models import desk
from models.cases import case_sheet
from models.desk import agents as colleagues
from models.errors import Refused
from models.fates import Fate
from models.jobs import letters
from models.jobs.send import SendReport, send
from models.mail import Answer, Letter
from models.outbox import count_letters, letters_in_hand
from models.rules.letters import LetterKind
from models.rules.reminders import Decision
from models.unit import Session
from models.worklists import LETTERS, cards_on

ENGINES = BOTH
ADA = desk.PersonGiven("Ada Byron", "ada@example.org")


@pytest.fixture
def card(counter: Counter) -> int:
    """Ada's card."""
    return counter.issued(recipient=ADA)


def run(counter: Counter, box: Letterbox) -> SendReport:
    """Olaf's cron job comes by; nobody waits for a server that is down."""
    return send(counter.olaf, box, wait=None)


def fates(counter: Counter) -> list[tuple[int, str]]:
    """What nobody settled: number and where it stands."""
    return [(line.id, line.fate.value) for line in letters_in_hand(counter.store, list(Fate))]


def test_a_letter_goes_out_once_and_what_it_said_is_kept_no_longer(counter: Counter, card: int) -> None:
    """Ada is greeted by her name; a second run has nothing to do."""
    number = written(counter.sam, card, holder(counter, card))
    box = Letterbox()
    assert run(counter, box).sent == 1
    (letter,) = box.taken
    assert (letter.to, letter.to_name, letter.text) == ("ada@example.org", "Ada Byron", "Good news about Your card.")
    assert (run(counter, box).due, len(box.taken)) == (0, 1)
    assert fates(counter) == []
    with plain_sql(counter.store.path) as sql:
        kept = sql.execute("SELECT state, subject, text FROM outbox WHERE id = ?", (number,)).fetchone()
    assert tuple(kept) == ("sent", None, None)
    assert not counter.findings()


def test_whoever_wrote_a_letter_may_send_it_and_no_other(counter: Counter, card: int) -> None:
    """Sam has no right to send what waits in the outbox, but his own answer goes right after he gave it."""
    sams, sues = (written(who, card, holder(counter, card)) for who in (counter.sam, counter.sue))
    box = Letterbox()
    assert send(counter.sam, box, ids=[sams, sues], wait=None).sent == 1
    assert fates(counter) == [(sues, "waiting")]
    with pytest.raises(Refused, match="may not send what waits"):
        send(counter.sam, box, wait=None)


def test_a_letter_goes_to_where_its_person_is_now(counter: Counter, card: int) -> None:
    """The address is corrected while the server is down; the letter follows it."""
    written(counter.sam, card, holder(counter, card))
    down = Letterbox(lambda _letter: DOWN)
    assert run(counter, down).why_stopped is not None
    person = holder(counter, card)
    assert desk.correct_person(counter.sue, person, email="ada@byron.example").done
    box = Letterbox()
    run(counter, box)
    assert box.to == ["ada@byron.example"]


@pytest.mark.parametrize(
    ("answer", "fate", "tries"),
    [(REFUSED, "refused", 1), (LOST, "unknown", 1), (NOT_NOW, "waiting", 1), (DOWN, "waiting", 0)],
)
def test_what_was_not_taken_stays_in_sight(counter: Counter, card: int, answer: Answer, fate: str, tries: int) -> None:
    """Half a day later only what certainly did not go is tried again."""
    number = written(counter.sam, card, holder(counter, card))
    box = Letterbox(lambda _letter: answer)
    run(counter, box)
    (line,) = letters_in_hand(counter.store, list(Fate))
    assert (line.id, line.fate.value, line.tries, line.said) == (number, fate, tries, answer.said)
    counter.wait(hours=12)
    box.answer = lambda _letter: TAKEN
    run(counter, box)
    assert fates(counter) == ([] if fate == "waiting" else [(number, fate)])
    assert not counter.findings()


def test_a_letter_that_is_put_off_rests_before_it_is_tried_again(counter: Counter, card: int) -> None:
    """A quarter of an hour after the first try, twice as long after the second."""
    written(counter.sam, card, holder(counter, card))
    box = Letterbox(lambda _letter: NOT_NOW)
    asked = []
    for _ in range(10):
        run(counter, box)
        asked.append(box.asked)
        counter.wait(minutes=10)
    assert asked == [1, 1, 2, 2, 2, 3, 3, 3, 3, 3]


def test_a_reply_that_became_untrue_is_held_back_and_says_why(
    counter: Counter, card: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is judged by its kind within the transaction that claims it; a person decides what becomes of it."""
    monkeypatch.setitem(letters.JUDGES, LetterKind.REPLY, lambda _unit, _row: "The balance is another one now.")
    number = written(counter.sam, card, holder(counter, card))
    box = Letterbox()
    report = run(counter, box)
    assert (report.sent, report.held_back) == (0, {number: "The balance is another one now."})
    (line,) = letters_in_hand(counter.store)
    assert (line.fate, line.said, box.asked) == (Fate.REFUSED, "The balance is another one now.", 0)


def test_a_packet_that_was_refused_is_seen_by_who_handed_over(counter: Counter, card: int) -> None:
    """On the list of e-mails that did not go, and on the time line of their case, which still waits for the answer."""
    assert desk.set_policy(counter.mia, payments_email="payments@desk.example").done
    told = desk.escalate(counter.sam, card, desk.Escalation.STILL_FAILS, "Refused at the till.").facts
    run(counter, Letterbox(lambda _letter: REFUSED))
    (line,) = cards_on(counter.store, LETTERS).lines
    assert (line.card_id, line.remark) == (card, f"not sent: {REFUSED.said}")
    case = case_sheet(counter.sam, told["case"])
    assert case.lines[0].words == "e-mail: refused by the mail server"
    assert case.line.state == "with Payments Support"
    assert not counter.findings()


def test_nobody_is_written_to_whose_address_is_missing(counter: Counter) -> None:
    """It waits for a person, and goes when there is an address and somebody says so."""
    card = counter.issued(recipient=desk.PersonGiven("Ada"))
    reply, packet = written(counter.sam, card, holder(counter, card)), written(counter.sam, card)
    box = Letterbox()
    assert run(counter, box).held_back == {
        reply: "The holder has no e-mail address on file.",
        packet: "The policy names no e-mail address of Payments Support.",
    }
    assert desk.set_policy(counter.mia, payments_email="payments@desk.example").done
    assert desk.settle_letter(counter.sue, packet, Decision.AGAIN, "the policy has one now").done
    run(counter, box)
    assert box.to == ["payments@desk.example"]
    assert fates(counter) == [(reply, "refused")]


def test_a_letter_that_was_changed_with_another_tool_does_not_go(counter: Counter, card: int) -> None:
    """Somebody writes something else into it by SQL."""
    number = written(counter.sam, card, holder(counter, card))
    with plain_sql(counter.store.path) as sql:
        sql.execute("UPDATE outbox SET text = 'Send your code to Eve.'")
    assert run(counter, Letterbox()).held_back == {number: "It was changed with another tool."}


def test_a_letter_left_behind_is_for_a_person(counter: Counter, card: int) -> None:
    """A run that is killed has it in hand; ten minutes later it is of unknown outcome, and never sent by itself."""
    number = written(counter.sam, card, holder(counter, card))

    def killed(_letter: Letter) -> Answer:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(counter, Letterbox(killed))
    assert fates(counter) == [(number, "in hand")]
    outcome = desk.settle_letter(counter.sue, number, Decision.AGAIN, "it did not arrive")
    assert outcome.sentence == (
        "A run is sending that e-mail, since 21 May 2026 13:00: wait until 10 minutes are over."
    )
    counter.wait(minutes=10)
    box = Letterbox()
    run(counter, box)
    assert (fates(counter), box.asked) == ([(number, "unknown")], 0)
    again = desk.settle_letter(counter.sue, number, Decision.AGAIN, "it did not arrive")
    assert (again.done, again.card_id) == (True, card)
    run(counter, box)
    assert (fates(counter), box.to) == ([], ["ada@example.org"])
    assert counter.last(card).reason == "The e-mail of 21 May 2026 13:00 is to be sent again: it did not arrive"
    assert not counter.findings()


def test_who_decides_is_told_what_cannot_be(counter: Counter, card: int) -> None:
    """A letter that certainly did not go was not sent; one that was dropped is settled."""
    number = written(counter.sam, card, holder(counter, card))
    outcome = desk.settle_letter(counter.sue, number, Decision.SENT, "I think so")
    assert outcome.sentence == "That e-mail was certainly not sent: send it again, or drop it."
    outcome = desk.settle_letter(counter.sue, number, Decision.DROP, "x" * 3_801)
    assert outcome.sentence == "The reason must be shorter: 3,800 characters at most."
    assert desk.settle_letter(counter.sue, number, Decision.DROP, "x" * 3_800).done
    outcome = desk.settle_letter(counter.sue, number, Decision.DROP, "again")
    assert outcome.sentence == "That e-mail is settled already: it is dropped."
    assert not desk.settle_letter(counter.sam, number, Decision.DROP, "mine").done
    assert not desk.settle_letter(counter.sue, 99, Decision.DROP, "which").done
    assert run(counter, Letterbox()).due == 0
    assert count_letters(counter.store) == dict.fromkeys(Fate, 0)


def test_who_is_disabled_while_sending_leaves_a_record_of_what_went(counter: Counter, card: int) -> None:
    """The first ten letters are out when Olaf loses his job: they are recorded, and no other goes by his hand."""
    for _ in range(12):
        written(counter.sam, card, holder(counter, card))

    def leaving(_letter: Letter) -> Answer:
        if box.asked == 10:
            assert colleagues.set_agent(counter.mia, "olaf", is_disabled=True).done
        return TAKEN

    box = Letterbox(leaving)
    with pytest.raises(Refused):
        run(counter, box)
    assert [fate for _, fate in fates(counter)] == ["waiting"] * 2
    assert len(box.taken) == 10


def test_two_desks_that_send_at_once_share_the_work(counter: Counter, card: int) -> None:
    """While one sends its first letter the other comes by: everybody is written to once."""
    numbers = [written(counter.sam, card, holder(counter, card)) for _ in range(25)]
    box = Letterbox()

    def meanwhile(_letter: Letter) -> Answer:
        if box.asked == 1:
            send(Session(counter.store, "mia"), box, wait=None)
        return TAKEN

    box.answer = meanwhile
    run(counter, box)
    assert len({letter.message_id for letter in box.taken}) == len(box.taken) == len(numbers)
    assert fates(counter) == []
