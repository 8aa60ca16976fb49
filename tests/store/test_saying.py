"""Stories of what was said to a customer: only what is true, kept with the case, and said once."""

from typing import Any

import pytest
from store.counter import BOTH, Counter, plain_sql
from store.letterbox import REFUSED, Letterbox
from store.mailroom import holder

from models import desk
from models.casebook import case_with
from models.cases import case_sheet, cases_listed
from models.desk import Escalation
from models.jobs import replied
from models.jobs.send import send
from models.outbox import letters_in_hand
from models.replying import addressee_of, replies_for
from models.rules.families import template_name
from models.rules.intakes import Intake, Symptom
from models.rules.policy import CaseRequired
from models.rules.templates import Texts
from models.unit import Outcome

ENGINES = BOTH
ADA = desk.PersonGiven("Ada", "ada@example.org")


@pytest.fixture
def card(counter: Counter) -> int:
    """Ada's card with 50.00 GBP."""
    return counter.issued(recipient=ADA)


def told_in(counter: Counter, case: int) -> list[tuple[str, str | None]]:
    """What the time line of a case says was told, oldest first."""
    return [(line.words, line.text) for line in reversed(case_sheet(counter.sam, case).lines) if line.text]


def said(outcome: Outcome) -> dict[str, Any]:
    assert outcome.done, outcome.sentence
    return dict(outcome.facts)


def test_what_is_said_stands_in_the_journal_and_in_the_case(counter: Counter, card: int) -> None:
    """Sam copies the reply: the text is handed out, the journal knows which, the case keeps it whole."""
    (first, *_) = replies_for(counter.sam, card)
    done = desk.say(counter.sam, card, ref="T-9")
    facts = said(done)
    assert done.hand_out == first.text
    assert "it is active, with 50.00 GBP to spend" in first.text
    line = counter.last(card)
    assert (line.kind, line.actor, line.reason) == ("replied", "Sam", None)
    assert line.details == {
        "reply": "active",
        "language": "en",
        "version": 0,
        "by": "copy",
        "case": facts["case"],
        "entry": facts["entry"],
        "ref": "T-9",
    }
    assert told_in(counter, facts["case"]) == [("told: active", first.text)]
    assert not counter.findings()


def test_the_same_words_are_copied_again_and_kept_once(counter: Counter, card: int) -> None:
    """Another press within the case; after something was spent, or by a colleague, it is something else."""
    first = desk.say(counter.sam, card)
    again = desk.say(counter.sam, card)
    assert (again.done, again.hand_out, again.facts["entry"]) == (True, first.hand_out, first.facts["entry"])
    assert "told so before" in again.sentence
    assert counter.kinds(card) == ["issue", "replied"]
    assert desk.say(counter.sue, card).facts["case"] != first.facts["case"]
    desk.redeem(counter.sam, card, 1000)
    third = desk.say(counter.sam, card)
    assert third.hand_out is not None
    assert "40.00 GBP" in third.hand_out
    assert counter.kinds(card) == ["issue", "replied", "replied", "redemption", "replied"]
    assert not counter.findings()


def test_a_reply_that_is_not_true_is_refused_with_the_reason(counter: Counter, card: int) -> None:
    """Nothing is handed out, nothing is recorded, no case is begun for it."""
    refused = desk.say(counter.sam, card, "expired")
    counter.assert_refused(refused, "Nothing on the card expired for good. Nothing was said.", card, ["issue"])
    assert refused.hand_out is None
    with counter.store.database.reading():
        assert case_with(2, card) is None


def test_what_was_read_is_what_is_said(counter: Counter, card: int) -> None:
    """Somebody spends from the card while Sam reads: the reply is refused, for it would say something else."""
    (first, *_) = replies_for(counter.sam, card)
    desk.redeem(counter.sue, card, 1000)
    refused = desk.say(counter.sam, card, first.name, "en", shown=first.text)
    told = "The card is not any more as the reply says. Read it again; nothing was said."
    counter.assert_refused(refused, told, card, ["issue", "redemption"])


def test_a_reply_is_given_in_the_customers_language(counter: Counter, card: int) -> None:
    """The desk's usual one, another by its two letters, from then on in that case; and none that has no texts."""
    assert desk.set_policy(counter.mia, languages=("de", "en")).done
    german, english = desk.say(counter.sam, card), desk.say(counter.sam, card, language="en")
    assert german.hand_out is not None
    assert "50,00 GBP" in german.hand_out
    assert english.hand_out is not None
    assert "50.00 GBP" in english.hand_out
    refused = desk.say(counter.sam, card, language="fr")
    assert refused.sentence == "There are no texts in 'fr'; there are en, de."
    assert replies_for(counter.sam, card)[0].language == "en"
    assert replies_for(counter.sue, card)[0].language == "de"


def test_a_manager_says_it_in_other_words(counter: Counter, card: int) -> None:
    """Each version has its number in the journal; the condition belongs to the name, whatever the words are."""
    texts = Texts("Your card", "It has {{balance}}[[ until {{last_day}}]].")
    assert desk.set_template(counter.mia, "active", texts).done
    done = desk.say(counter.sam, card)
    assert done.hand_out == "It has 50.00 GBP until Fri 20 Nov 2026."
    assert counter.last(card).details["version"] == 1
    german = desk.set_template(counter.mia, template_name("active", "de"), Texts("Karte", "{{balance}} bleiben."))
    assert german.sentence == "Version 1 of the reply active:de is in force."
    desk.suspend(counter.sue, card, "stolen")
    refused = desk.say(counter.sam, card, "active", "de")
    assert refused.sentence == "The card is suspended. Nothing was said."


def test_who_may_not_answer_customers_reads_only(counter: Counter, card: int) -> None:
    """An auditor sees every reply, and gives none."""
    assert replies_for(counter.ada, card)[0].text
    refused = desk.say(counter.ada, card)
    assert not refused.done
    assert refused.hand_out is None
    assert counter.kinds(card) == ["issue"]


def test_a_desk_that_asks_first_answers_only_with_an_intake(counter: Counter, card: int) -> None:
    """Then the same press answers, in that case."""
    assert desk.set_policy(counter.mia, case_required=CaseRequired.ALWAYS).done
    case = desk.open_case(counter.sam, card).facts["case"]
    refused = desk.say(counter.sam, card)
    assert refused.sentence.startswith("Before a customer is answered, ask for what the customer sees")
    intake = Intake("Ada", "ada@example.org", symptom=Symptom.NOT_APPLIED, message="Code refused")
    assert desk.complete_intake(counter.sam, case, intake).done
    assert said(desk.say(counter.sam, card))["case"] == case


def test_a_mailed_reply_goes_to_the_caller_of_the_case(counter: Counter, card: int) -> None:
    """To the holder as long as nobody else is known to ask; it lies in the outbox with the case."""
    to = addressee_of(counter.sam, card)
    assert to is not None
    assert (to.customer_id, to.email) == (holder(counter, card), "ada@example.org")
    case = desk.open_case(counter.sam, card).facts["case"]
    desk.complete_intake(counter.sam, case, Intake("Bo", "bo@example.org"))
    (first, *_) = replies_for(counter.sam, card)
    moved = desk.say(counter.sam, card, first.name, "en", shown=first.text, is_mailed=True, to=to.email)
    assert moved.sentence == "The customer's e-mail address is another one by now. Look again; nothing was sent."
    done = desk.say(counter.sam, card, first.name, "en", shown=first.text, is_mailed=True, to="bo@example.org")
    box = Letterbox()
    assert send(counter.sam, box, ids=[said(done)["letter"]], wait=None).sent == 1
    (letter,) = box.taken
    assert (letter.to, letter.subject, letter.text) == ("bo@example.org", "Your gift card", f"{first.text}\n")
    assert counter.last(card).details["by"] == "mail"
    assert not counter.findings()


def test_nobody_mails_a_reply_to_themselves(counter: Counter, card: int) -> None:
    """Whoever takes down their own address as the caller's learns nothing by mail."""
    case = desk.open_case(counter.sam, card).facts["case"]
    assert desk.complete_intake(counter.sam, case, Intake("Ada", "SAM@desk.example")).done
    before = counter.kinds(card)
    refused = desk.say(counter.sam, card, is_mailed=True)
    told = "That e-mail would go to yourself: ask a colleague, or set the address in the case's intake right."
    counter.assert_refused(refused, told, card, before)


def test_nobody_to_mail_to_is_a_sentence(counter: Counter) -> None:
    card = counter.issued()
    refused = desk.say(counter.sam, card, is_mailed=True)
    told = "Nobody with an e-mail address is on file: complete the case's intake, or copy the reply."
    counter.assert_refused(refused, told, card, ["issue"])


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda counter, card: desk.redeem(counter.sam, card, 1000), "The card is not any more as the reply says."),
        (lambda counter, card: desk.suspend(counter.sue, card, "stolen"), "The card is suspended."),
        (
            lambda counter, card: desk.escalate(counter.sam, card, Escalation.STILL_FAILS, "Refused at the till"),
            "The card lies with Payments Support, who have not answered yet.",
        ),
    ],
    ids=["spent from", "suspended", "handed over"],
)
def test_a_letter_that_became_untrue_does_not_go(counter: Counter, card: int, change: Any, why: str) -> None:
    """It is filled again when it is taken in hand; a person decides what becomes of it."""
    letter = said(desk.say(counter.sam, card, is_mailed=True))["letter"]
    assert change(counter, card).done
    box = Letterbox()
    assert send(counter.sam, box, ids=[letter], wait=None).held_back == {letter: why}
    assert not box.taken
    (line,) = letters_in_hand(counter.store)
    assert line.said == why


def test_a_letter_in_older_words_still_goes(counter: Counter, card: int) -> None:
    """New texts are for new letters: what was written is held against the words that it was written in."""
    letter = said(desk.say(counter.sam, card, is_mailed=True))["letter"]
    assert desk.set_template(counter.mia, "active", Texts("Card", "{{balance}} it is.")).done
    box = Letterbox()
    assert send(counter.sam, box, ids=[letter], wait=None).sent == 1
    assert "it is active, with" in box.taken[0].text


def test_words_that_are_not_true_any_more_are_not_handed_out_again(counter: Counter, card: int) -> None:
    """The order was cancelled since: who repeats the wish is told that it was carried out, and reads no balance."""
    assert desk.say(counter.sam, card, intent="once").hand_out is not None
    assert desk.cancel(counter.sue, card, "paid back").done
    again = desk.say(counter.sam, card, intent="once")
    assert (again.repeated, again.hand_out) == (True, None)
    assert again.sentence.endswith("By now the reply is another one, and those words are not handed out again.")


def test_one_wish_is_carried_out_once_and_handed_out_twice(counter: Counter, card: int) -> None:
    """The answer was lost and the wish came again: the words are those that were kept."""
    first, again = (desk.say(counter.sam, card, intent="once") for _ in range(2))
    assert (again.repeated, again.hand_out) == (True, first.hand_out)
    assert counter.kinds(card) == ["issue", "replied"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            "DELETE FROM case_text; DELETE FROM case_card; DELETE FROM support_case; "
            "DELETE FROM audit WHERE subject = 'case:1'",
            "activity 2 is a reply that case 1 does not keep",
        ),
        ("UPDATE activity SET kind = 'note' WHERE kind = 'replied'", "activity 2 is not as it was written"),
    ],
    ids=["no case", "no activity"],
)
def test_a_reply_that_only_one_of_both_knows_is_found(counter: Counter, card: int, change: str, told: str) -> None:
    """A case that was deleted without a trace leaves the activity that names it."""
    assert desk.say(counter.sam, card).done
    assert not counter.findings()
    with plain_sql(counter.store.path, guarded=False) as sql:
        for statement in change.split(";"):
            sql.execute(statement)
    assert told in " ".join(counter.findings())


def test_replies_are_held_against_cases_page_by_page(
    counter: Counter, card: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many there are, none is taken twice and none is left out at the edge of a page."""
    monkeypatch.setattr(replied, "_PAGE", 2)
    other = counter.issued()
    for _ in range(3):
        assert desk.say(counter.sam, card).done
        assert desk.say(counter.sue, card).done
        assert desk.say(counter.sam, other).done
        desk.redeem(counter.sam, card, 100)
        desk.redeem(counter.sam, other, 100)
    assert not counter.findings()
    with plain_sql(counter.store.path, guarded=False) as sql:
        sql.execute("DELETE FROM audit WHERE subject = 'case:2'")
    names = [each for each in counter.findings() if "is a reply that case 2" in each]
    assert len(names) == 3


def test_what_is_found_is_told_until_something_is_done(counter: Counter, card: int) -> None:
    """Handed over, answered, told; after the next purchase the answer is about another card than there is."""
    escalated = desk.escalate(counter.sam, card, Escalation.STILL_FAILS, "Refused at the till")
    assert replies_for(counter.sam, card)[0].name == "handed_over"
    assert desk.close_escalation(counter.pat, escalated.facts["escalation"], desk.Answer.NOTHING_WRONG).done
    first = replies_for(counter.sam, card)[0]
    assert (first.name, "nothing was found to be wrong with it. 50.00 GBP can be spent" in first.text) == (
        "answered",
        True,
    )
    counter.wait(hours=1)
    desk.redeem(counter.sam, card, 1000)
    assert replies_for(counter.sam, card)[0].name == "active"


def test_the_case_says_what_became_of_its_e_mail(counter: Counter, card: int) -> None:
    """It went; a second one was refused; both stand on the time line, without what they said."""
    facts = said(desk.say(counter.sam, card, is_mailed=True))
    send(counter.sam, Letterbox(), ids=[facts["letter"]], wait=None)
    facts = said(desk.say(counter.sam, card, is_mailed=True))
    send(counter.sam, Letterbox(lambda _letter: REFUSED), ids=[facts["letter"]], wait=None)
    lines = [line.words for line in case_sheet(counter.sam, facts["case"]).lines]
    assert [words for words in reversed(lines) if words.startswith("e-mail")] == [
        "e-mail: sent",
        "e-mail: refused by the mail server",
    ]
    assert not counter.findings()


def test_whom_an_e_mail_did_not_reach_is_still_to_be_told(counter: Counter, card: int) -> None:
    """Answered by mail, left and closed; the address is no good: the case is open again, and stays so."""
    facts = said(desk.say(counter.sam, card, is_mailed=True))
    assert desk.leave_case(counter.sam, facts["case"]).facts["is_closed"]
    send(counter.sam, Letterbox(lambda _letter: REFUSED), ids=[facts["letter"]], wait=None)
    (line,) = cases_listed(counter.sam, "mine_open").lines
    assert (line.id, line.state) == (facts["case"], "begun")
    assert not desk.leave_case(counter.sam, facts["case"]).facts["is_closed"]
    assert not counter.findings()


def test_a_case_that_was_spoiled_stops_no_letter(counter: Counter, card: int) -> None:
    """Somebody writes into the case by SQL: the e-mail goes all the same, and is recorded as sent."""
    facts = said(desk.say(counter.sam, card, is_mailed=True))
    with plain_sql(counter.store.path) as sql:
        sql.execute("UPDATE support_case SET entries = 77")
    assert send(counter.sam, Letterbox(), ids=[facts["letter"]], wait=None).sent == 1
    assert letters_in_hand(counter.store) == ()


def test_words_that_go_with_a_persons_data_are_not_handed_out_again(counter: Counter, card: int) -> None:
    """That Ada was told something stays, and what is not; the same reply is another one from then on."""
    assert desk.say(counter.sam, card, intent="once").hand_out is not None
    waiting = said(desk.say(counter.sam, card, is_mailed=True))["letter"]
    for who in (counter.sue, counter.mia):
        assert desk.remove_person(who, holder(counter, card), ref="ZD-7").done
    again = desk.say(counter.sam, card, intent="once")
    assert (again.done, again.repeated, again.hand_out) == (True, True, None)
    assert send(counter.sam, Letterbox(), ids=[waiting], wait=None).sent == 0
    before = len(counter.kinds(card))
    assert desk.say(counter.sam, card).hand_out is not None
    assert len(counter.kinds(card)) == before + 1
    assert not counter.findings()
