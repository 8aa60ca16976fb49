"""Stories of what was handed over to Payments Support: who has it, what comes back, and who is told."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from store.counter import BOTH, Counter, plain_sql

from models import desk
from models.cases import case_sheet
from models.desk import Answer, Escalation
from models.desk.agents import set_agent
from models.escalations import Which, escalation, listed, standing_of_queue
from models.outbox import letters_in_hand
from models.packets import packet
from models.rules.cases import CaseOutcome
from models.rules.escalations import HandedOver, standing
from models.rules.intakes import Intake, Symptom
from models.rules.letters import LetterKind
from models.rules.people import RemovalReason
from models.rules.policy import CaseRequired
from models.rules.roles import Role
from models.sheets import card_sheet_at

ENGINES = BOTH
LIN = desk.PersonGiven("Lin Wu", "lin@example.org")


def handed(counter: Counter, text: str = "Refused at the till.") -> str:
    """The id of an escalation that Sam opened, of a card of Lin's."""
    done = desk.escalate(counter.sam, counter.issued(recipient=LIN), Escalation.STILL_FAILS, text)
    assert done.done, done.sentence
    return str(done.facts["escalation"])


def words(handed_over: HandedOver | None, counter: Counter) -> str:
    assert handed_over is not None
    return standing(handed_over, counter.store.business)


def ids(counter: Counter, who: str, which: Which) -> list[str]:
    return [line.id for line in listed(getattr(counter, who), which).lines]


def test_somebody_takes_it_and_everybody_sees_who(counter: Counter) -> None:
    """The agent reads on the card who has it since when, and nobody starts on it twice."""
    id_ = handed(counter)
    card = escalation(counter.sam, id_).card_id
    told = f"{id_} is with Payments Support since 21 May 2026 13:00; nobody there has taken it yet."
    assert words(counter.sheet(card).handed, counter) == told
    counter.wait(hours=2)
    done = desk.take_escalation(counter.pat, id_.lower())
    assert (done.done, done.sentence) == (True, f"You have {id_} in hand.")
    sheet = counter.sheet(card)
    told = f"{id_} is with Payments Support: Pat has it since 21 May 2026 15:00."
    assert (sheet.escalation, words(sheet.handed, counter)) == (id_, told)
    again = desk.take_escalation(counter.pat, id_)
    assert again.sentence == f"You have {id_} already, since 21 May 2026 15:00. Nothing was changed."
    assert not counter.findings()


def test_a_colleague_takes_over_with_a_reason(counter: Counter) -> None:
    """Who had it is told by the audit, why is written beside it, and nobody answers from behind."""
    id_ = handed(counter)
    assert set_agent(counter.mia, "kim", name="Kim", role=Role.PAYMENTS).done
    kim = counter.sam.__class__(counter.store, "kim")
    assert desk.take_escalation(counter.pat, id_).done
    refused = desk.close_escalation(kim, id_, Answer.DECLINED)
    assert refused.sentence == f"Pat has {id_} since 21 May 2026 13:00: take it over first, and say why."
    refused = desk.take_escalation(kim, id_)
    told = f"Pat has {id_} since 21 May 2026 13:00: say why you take it over."
    assert (refused.sentence, refused.is_mendable) == (told, True)
    assert not desk.take_escalation(counter.pat, id_).is_mendable
    done = desk.take_escalation(kim, id_, reason="Pat is on leave")
    assert done.sentence == f"You have {id_} in hand, from Pat."
    assert (ids(counter, "pat", Which.MINE), listed(kim, Which.MINE).lines[0].id) == ([], id_)
    with plain_sql(counter.store.path) as sql:
        told = sql.execute("SELECT actor_name, action FROM audit WHERE subject LIKE 'escalation:%' ORDER BY number")
        assert [tuple(row) for row in told.fetchall()][1:] == [("Pat", "take"), ("Kim", "take_over")]
    assert not counter.findings()


def test_the_answer_comes_back_to_who_asked(counter: Counter) -> None:
    """It leaves the queue, is news to Sam and to nobody else, and no longer once he has read it."""
    id_ = handed(counter)
    counter.wait(days=1)
    done = desk.close_escalation(counter.pat, id_, Answer.REPAIRED, "The till in Leeds had the old keys.")
    assert done.sentence == f"{id_} is answered: Checkout was repaired: the card works. Sam is told."
    closed = escalation(counter.sam, id_)
    told = "Checkout was repaired: the card works. The till in Leeds had the old keys."
    assert (closed.owner, closed.closed_by, closed.is_news, closed.answer) == ("Pat", "Pat", True, told)
    assert words(closed, counter) == f"{id_} was answered on 22 May 2026 13:00 by Pat: {told}"
    assert (ids(counter, "sam", Which.OPEN), ids(counter, "sam", Which.ANSWERED)) == ([], [id_])
    assert ids(counter, "sue", Which.ANSWERED) == []
    not_hers = desk.see_answer(counter.sue, id_)
    assert not_hers.sentence == f"Sam handed {id_} over, and is the one to read the answer."
    seen = desk.see_answer(counter.sam, id_)
    assert (seen.done, seen.sentence) == (True, f"The answer to {id_} is read.")
    assert ids(counter, "sam", Which.ANSWERED) == []
    assert desk.see_answer(counter.sam, id_).sentence == f"You have read the answer to {id_} already."
    sheet = counter.sheet(closed.card_id)
    assert (sheet.escalation, sheet.handed is not None) == (None, True)
    assert not counter.findings()


REFUSED: Mapping[str, tuple[str, Any, str]] = {
    "other without a text": ("pat", (Answer.OTHER, " "), "Say what came of it: the answer 'other' needs a text."),
    "no answer": ("pat", (Answer.EARLIER, None), "That is no answer; say what came of it."),
    "an agent": (
        "sam",
        (Answer.DECLINED, None),
        "An agent may not take and close escalations; ask a manager or Payments Support.",
    ),
    "hostile": (
        "pat",
        (Answer.OTHER, "a\x1b[2Jb"),
        "The answer holds a character that cannot be shown (U+001B).",
    ),
}


@pytest.mark.parametrize(("who", "given", "told"), REFUSED.values(), ids=REFUSED)
def test_nothing_is_closed_without_an_outcome(counter: Counter, who: str, given: Any, told: str) -> None:
    id_ = handed(counter)
    refused = desk.close_escalation(getattr(counter, who), id_, *given)
    assert (refused.done, refused.sentence) == (False, told)
    assert escalation(counter.sam, id_).is_open
    assert not counter.findings()


def test_what_is_answered_is_neither_taken_nor_answered_again(counter: Counter) -> None:
    id_ = handed(counter)
    assert desk.close_escalation(counter.pat, id_, Answer.DECLINED).done
    told = f"Pat answered {id_} already, on 21 May 2026 13:00: It can't be done. Nothing was changed."
    assert desk.close_escalation(counter.mia, id_, Answer.CORRECTED).sentence == told
    assert desk.take_escalation(counter.mia, id_).sentence == told


def test_what_is_not_there_is_said_to_be(counter: Counter) -> None:
    told = "There is no escalation E9-9. See: giftdesk escalation list"
    assert desk.take_escalation(counter.pat, "e9-9").sentence == told
    assert desk.see_answer(counter.sam, "e9-9").sentence == told


def test_the_queue_is_read_page_by_page_oldest_first(counter: Counter) -> None:
    """Those of one instant by their ids, none twice, none left out."""
    made = []
    for number in range(7):
        counter.wait(minutes=number % 2)
        made.append(handed(counter))
    told, after = [], None
    while True:
        page = listed(counter.pat, Which.OPEN, after, most=2)
        told += [line.id for line in page.lines]
        after = page.next_after
        if after is None:
            break
    opened = {id_: escalation(counter.sam, id_).opened_at for id_ in made}
    assert told == sorted(made, key=lambda id_: (opened[id_], id_))
    assert desk.take_escalation(counter.pat, told[3]).done
    queue = standing_of_queue(counter.pat)
    assert (queue.count, queue.untaken, queue.oldest_at) == (7, 6, opened[told[0]])
    for id_ in told[:3]:
        counter.wait(hours=1)
        assert desk.close_escalation(counter.pat, id_, Answer.DECLINED).done
    assert ids(counter, "ada", Which.CLOSED) == told[2::-1]
    first = listed(counter.ada, Which.CLOSED, most=1)
    assert [line.id for line in listed(counter.ada, Which.CLOSED, first.next_after).lines] == told[1::-1]


def test_a_card_is_shown_as_it_stood_with_payments_support(counter: Counter) -> None:
    """Yesterday nobody had it, this morning Pat, now there is an answer."""
    card = counter.issued()
    counter.wait(hours=1)
    assert desk.escalate(counter.sam, card, Escalation.STILL_FAILS, "fails").done
    begun = counter.clock.now()
    counter.wait(days=1)
    assert desk.take_escalation(counter.pat, f"E{card}-2").done
    counter.wait(days=1)
    assert desk.close_escalation(counter.pat, f"E{card}-2", Answer.NOTHING_WRONG).done
    past = {hours: card_sheet_at(counter.sam, card, begun + timedelta(hours=hours)).handed for hours in (-1, 1, 25, 49)}
    assert past[-1] is None
    assert [past[hours] and (past[hours].owner, past[hours].is_open) for hours in (1, 25, 49)] == [  # type: ignore[union-attr]
        (None, True),
        ("Pat", True),
        ("Pat", False),
    ]


def test_of_several_the_open_one_is_shown(counter: Counter) -> None:
    """The later one is answered first: the card goes on telling of the one that waits."""
    card = counter.issued()
    for text in ("too little", "and now nothing"):
        assert desk.escalate(counter.sam, card, Escalation.WRONG_BALANCE, text).done
    assert desk.close_escalation(counter.pat, f"E{card}-3", Answer.CORRECTED).done
    assert counter.sheet(card).escalation == f"E{card}-2"
    counter.wait(days=1)
    assert desk.close_escalation(counter.pat, f"E{card}-2", Answer.CORRECTED).done
    sheet = counter.sheet(card)
    assert (sheet.escalation, sheet.handed and sheet.handed.id) == (None, f"E{card}-3")
    yesterday = card_sheet_at(counter.sam, card, counter.clock.now() - timedelta(hours=1))
    assert yesterday.escalation == f"E{card}-2"


def test_a_person_takes_what_was_written_of_them_along(counter: Counter) -> None:
    """The answer's word stays, its text goes, and everything still adds up."""
    id_ = handed(counter)
    said = "Lin Wu mistyped the code"
    assert desk.close_escalation(counter.pat, id_, Answer.NOTHING_WRONG, said).done
    holder = counter.sheet(escalation(counter.sam, id_).card_id).holder
    assert holder is not None
    for who in (counter.sue, counter.mia):
        assert desk.remove_person(who, holder.id, ref="ZD-7", why=RemovalReason.ASKED).done
    closed = escalation(counter.sam, id_)
    assert (closed.said, closed.answer) == (None, "Nothing is wrong with the card.")
    shown = packet(counter.pat, id_)
    assert "Told      (removed)" in shown
    assert "Lin" not in shown
    assert not counter.findings()


def test_a_merged_person_is_the_one_who_was_kept(counter: Counter) -> None:
    """The packet of yesterday's escalation names today's record."""
    id_ = handed(counter)
    old = counter.sheet(escalation(counter.sam, id_).card_id).holder
    new = counter.sheet(counter.issued(recipient=desk.PersonGiven("Lin Wu-Brown", "wu@example.org"))).holder
    assert old is not None
    assert new is not None
    assert desk.merge_people(counter.mia, old.id, new.id).done
    assert "Lin Wu-Brown, wu@example.org" in packet(counter.pat, id_)
    assert not counter.findings()


# The case


def test_a_hand_over_stands_in_a_case_that_is_filled_from_what_is_known(counter: Counter) -> None:
    """The holder is the customer, the reason says what they see, the description counts as the message."""
    assert desk.set_policy(counter.mia, case_required=CaseRequired.ESCALATION).done
    id_ = handed(counter)
    case_id = escalation(counter.sam, id_).case_id
    assert case_id is not None
    sheet = case_sheet(counter.sam, case_id)
    assert (sheet.intake.name, sheet.intake.email) == (LIN.name, LIN.email)
    assert (sheet.intake.symptom, sheet.intake.message) == (Symptom.NOT_APPLIED, "Refused at the till.")
    assert (sheet.missing, sheet.line.state, sheet.line.waits_for) == (
        (),
        "with Payments Support",
        (f"escalation:{id_}",),
    )
    again = desk.escalate(counter.sam, sheet.card_ids[0], Escalation.WRONG_BALANCE, "And it is too low.")
    assert again.facts["case"] == case_id
    assert case_sheet(counter.sam, case_id).intake.message == "Refused at the till."
    assert not counter.findings()


def test_what_the_policy_asks_for_is_asked_for(counter: Counter) -> None:
    """Nobody is on file: the card is handed over once the customer's name and address are given, and not before."""
    assert desk.set_policy(counter.mia, case_required=CaseRequired.ESCALATION).done
    card = counter.issued()
    refused = desk.escalate(counter.sam, card, Escalation.STILL_FAILS, "fails", intake=Intake(name="Lin Wu"))
    told = "Before a card is handed over, ask for the customer's e-mail address: complete the case's intake."
    assert (refused.sentence, refused.is_mendable) == (told, True)
    assert counter.kinds(card) == ["issue"]
    given = Intake(name="Lin Wu", email="lin@example.org", screenshot="ZD-7, attachment 2", bought_where="Leeds")
    done = desk.escalate(counter.sam, card, Escalation.STILL_FAILS, "fails", intake=given)
    assert done.done, done.sentence
    packet = done.hand_out or ""
    assert "Customer  Lin Wu, lin@example.org\n" in packet
    assert "Picture   ZD-7, attachment 2\n" in packet
    assert "Bought    21 May 2026, Leeds\n" in packet
    assert not counter.findings()


def test_a_caller_who_is_not_the_holder_is_told_apart(counter: Counter) -> None:
    """Her son calls: his name with her address would be nobody's, and hers is not for the packet."""
    assert desk.set_policy(counter.mia, case_required=CaseRequired.ESCALATION).done
    card = counter.issued(recipient=LIN)
    son = Intake(name="Bo Wu")
    refused = desk.escalate(counter.sam, card, Escalation.STILL_FAILS, "fails", intake=son)
    assert "ask for the customer's e-mail address" in refused.sentence
    son = Intake(name="Bo Wu", email="bo@example.org")
    packet = desk.escalate(counter.sam, card, Escalation.STILL_FAILS, "fails", intake=son).hand_out or ""
    assert "Customer  Bo Wu, bo@example.org\nHolder    somebody else than the customer\n" in packet
    assert "Lin" not in packet


def test_an_answer_opens_the_case_again(counter: Counter) -> None:
    """Sam closed it as unanswered; the answer brings it back to him, and his customer is still to be told."""
    id_ = handed(counter)
    case_id = escalation(counter.sam, id_).case_id or 0
    assert desk.close_case(counter.sam, case_id, CaseOutcome.UNANSWERED, "They wait too long").done
    counter.wait(days=1)
    assert desk.close_escalation(counter.pat, id_, Answer.REPLACED, "A new one is on its way.").done
    sheet = case_sheet(counter.sam, case_id)
    assert (sheet.line.state, sheet.line.waits_for) == ("an answer is there", ())
    first = sheet.lines[0]
    assert (first.who, first.words, first.text) == (
        "Pat",
        f"answer: escalation {id_}, replaced",
        "A new one is on its way.",
    )
    assert not counter.findings()


def test_the_packet_is_mailed_where_payments_support_has_an_address(counter: Counter) -> None:
    """Within the same transaction, about the customer, with no line that a mail would break."""
    assert desk.set_policy(counter.mia, payments_email="payments@bank.example").done
    done = desk.escalate(
        counter.sam, counter.issued(recipient=LIN), Escalation.STILL_FAILS, "Refused at the till. " * 20
    )
    (letter,) = letters_in_hand(counter.store)
    assert (letter.id, letter.kind, letter.escalation_id) == (
        done.facts["letter"],
        LetterKind.PACKET,
        done.facts["escalation"],
    )
    assert letter.addressee.email == "payments@bank.example"
    with counter.store.database.connected():
        (text,) = counter.store.database.execute_sql("SELECT text FROM outbox").fetchone()
    assert text == done.hand_out
    assert max(len(line) for line in text.split("\n")) < 80
    assert not counter.findings()


@pytest.mark.parametrize("hostile", ["a" * 4000, "[bold]x[/] \u4f60" * 200, "one\ntwo\n\nE1-1 to Payments Support"])
def test_whatever_was_told_the_packet_keeps_its_shape(counter: Counter, hostile: str) -> None:
    """Every line begins with a label of ours or goes on under one, and none is too long for a mail."""
    person = desk.PersonGiven("N" * 200, f"{'e' * 200}@example.org")
    card = counter.issued(recipient=person, place="P" * 200, order_ref="O" * 60)
    packet = desk.escalate(counter.sam, card, Escalation.STILL_FAILS, hostile).hand_out or ""
    lines = packet.split("\n")
    assert max(map(len, lines)) < 80
    assert all(not line or line[:10].strip() in _LABELS or line.startswith("  ") for line in lines[1:])


_LABELS = {
    *("From", "Reason", "Told", "Stands", "Customer", "Case", "Sees", "Bought", "Card", "Balance", "Last day"),
    *("Verdict", "Checkout", "Latest act"),
}


# What is found


TAMPERED = {
    "an owner": ("UPDATE escalation SET owner_id = 1, taken_at = 1", "not set by the desk: owner id, taken at"),
    "an answer": (
        "UPDATE escalation SET outcome = 'declined', closed_at = 5",
        "not set by the desk: outcome, closed at",
    ),
    "another card": (
        "UPDATE escalation SET card_id = 1, number = 1",
        "no activity of the card says that it was handed over",
    ),
    "gone": ("DELETE FROM escalation", "its row is missing"),
    "made up": (
        "INSERT INTO escalation (id, card_id, number, why, opened_at, opened_by, outcome, closed_at) "
        "SELECT 'E0-0', card_id, number, why, opened_at, opened_by, 'earlier', opened_at FROM escalation",
        "its row was not written by the desk",
    ),
}


@pytest.mark.parametrize(("statement", "told"), TAMPERED.values(), ids=TAMPERED)
def test_what_the_desk_did_not_write_is_found(counter: Counter, statement: str, told: str) -> None:
    id_ = handed(counter)
    with plain_sql(counter.store.path, guarded=False) as sql:
        sql.execute(statement)
    which = "E0-0" if "E0-0" in statement else id_
    assert counter.findings() == [f"escalation {which}: {told}"]


def test_an_answer_that_was_rewritten_is_found(counter: Counter) -> None:
    id_ = handed(counter)
    assert desk.close_escalation(counter.pat, id_, Answer.OTHER, "Not before Monday.").done
    with plain_sql(counter.store.path) as sql:
        sql.execute("UPDATE escalation SET outcome_text = 'Never.'")
    assert counter.findings() == [f"escalation {id_}: not set by the desk: said"]


def test_a_journal_that_was_taken_back_does_not_stop_the_next_escalation(counter: Counter) -> None:
    """Somebody cut the hand-over off the card: the next one has an id of its own."""
    id_ = handed(counter)
    card = escalation(counter.sam, id_).card_id
    with plain_sql(counter.store.path, guarded=False) as sql:
        for table in ("activity_text", "activity"):
            sql.execute(f"DELETE FROM {table} WHERE card_id = ? AND number = 2", (card,))
        sql.execute("UPDATE gift_card SET head_number = 1 WHERE id = ?", (card,))
    again = desk.escalate(counter.sam, card, Escalation.WRONG_BALANCE, "the hand-over is gone")
    assert again.facts["escalation"] == f"{id_}-2"


def test_nobody_is_called_after_the_mark_of_a_removal(counter: Counter) -> None:
    """The card of a person whose data were removed is handed over for whoever calls, once they are asked."""
    assert desk.set_policy(counter.mia, case_required=CaseRequired.ESCALATION).done
    card = counter.issued(recipient=LIN)
    holder = counter.sheet(card).holder
    assert holder is not None
    for who in (counter.sue, counter.mia):
        assert desk.remove_person(who, holder.id, ref="ZD-7").done
    refused = desk.escalate(counter.sam, card, Escalation.STILL_FAILS, "fails")
    assert "the customer's full name and e-mail address" in refused.sentence
