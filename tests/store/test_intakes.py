"""Stories of intakes: filled from what is known, taken down, and who called."""

import pytest
from store.calling import LIN, WHOLE, opened, words
from store.counter import BOTH, Counter

from models import desk
from models.cases import case_in_hand, case_sheet
from models.rules.cases import CaseOutcome
from models.rules.intakes import Intake, Symptom

ENGINES = BOTH


def test_the_policy_may_want_an_intake_before_anything(counter: Counter) -> None:
    """Always: neither handed over, nor reactivated, nor answered before it is there."""
    assert desk.set_policy(counter.mia, case_required="always").done
    card = counter.issued("week", recipient=LIN)
    counter.clock.at = counter.sheet(card).cut_off_at or counter.clock.at
    refused = desk.reactivate(counter.sam, card)
    assert refused.sentence == (
        "Before a card is reactivated, ask for what the customer sees and the error message or a screenshot: complete "
        "the case's intake. Nothing was changed."
    )
    assert case_in_hand(counter.sam, card) is None
    assert desk.complete_intake(counter.sam, opened(counter.sam, card), WHOLE).done
    assert desk.reactivate(counter.sam, card).done


def test_the_intake_is_filled_from_what_is_known(counter: Counter) -> None:
    """The form needs one field or two, and marks what nobody said."""
    card = counter.issued(recipient=LIN, place="Leeds")
    sheet = case_sheet(counter.sam, opened(counter.sam, card))
    assert sheet.intake == Intake(
        "Lin Wu",
        "lin@example.org",
        typed_last_four=sheet.line.last_four,
        symptom=Symptom.NOT_APPLIED,
        bought_when="21 May 2026",
        bought_where="Leeds",
    )
    assert sheet.known == {"name", "email", "typed_last_four", "symptom", "bought_when", "bought_where"}
    assert sheet.missing == ("what the customer sees", "the error message or a screenshot")


def test_what_the_customer_saw_is_not_what_was_done_since(counter: Counter) -> None:
    """Called about an expired card that was put right, in a case that then stood open for a year."""
    card = counter.issued("week", recipient=LIN)
    counter.clock.at = counter.sheet(card).cut_off_at or counter.clock.at
    case = opened(counter.sam, card)
    assert case_sheet(counter.sam, case).intake.symptom is Symptom.EXPIRED
    counter.wait(minutes=1)
    assert desk.reactivate(counter.sam, card).done
    assert case_sheet(counter.sam, case).intake.symptom is Symptom.EXPIRED
    spent = counter.issued("forever", 5000)
    other = opened(counter.sam, spent)
    counter.wait(minutes=1)
    assert desk.redeem(counter.sam, spent, 5000).done
    assert case_sheet(counter.sam, other).intake.symptom is Symptom.NOT_APPLIED
    again = opened(counter.sue, spent)
    assert case_sheet(counter.sue, again).intake.symptom is Symptom.ZERO


def test_an_intake_is_taken_down(counter: Counter) -> None:
    """The holder is recognised, what is missing is said, and the same again changes nothing."""
    card = counter.issued(recipient=LIN)
    case = opened(counter.sam, card)
    first = desk.complete_intake(counter.sam, case, Intake(" lin wu ", "LIN@example.org", message="Declined"))
    assert first.sentence == f"The intake of case {case} is taken down. Still to be asked: what the customer sees."
    assert desk.complete_intake(counter.sam, case, WHOLE).sentence == f"The intake of case {case} is taken down."
    assert desk.complete_intake(counter.sam, case, WHOLE).done
    sheet = case_sheet(counter.sam, case)
    assert (sheet.line.customer, sheet.missing, sheet.intake.message) == ("Lin Wu", (), "Card declined")
    assert words(counter.sam, case) == [
        "case opened",
        "intake: name, email, message",
        "intake: name, email, symptom, message",
    ]
    with counter.store.database.connected():
        assert counter.store.database.execute_sql("SELECT count(*) FROM customer").fetchone()[0] == 1
    assert not counter.findings()


def test_somebody_else_calls_about_the_card(counter: Counter) -> None:
    """The caller is a person of their own, and the card stays its holder's."""
    card = counter.issued(recipient=LIN)
    case = opened(counter.sam, card)
    assert desk.complete_intake(counter.sam, case, Intake("Ben Wu", "ben@example.org")).done
    sheet = case_sheet(counter.sam, case)
    assert (sheet.line.customer, sheet.intake.email) == ("Ben Wu", "ben@example.org")
    holder = counter.sheet(card).holder
    assert holder is not None
    assert holder.name == "Lin Wu"


def test_a_merged_caller_is_the_person_that_was_kept(counter: Counter) -> None:
    """The case follows the record."""
    case = opened(counter.sam, counter.issued(recipient=LIN))
    assert desk.complete_intake(counter.sam, case, Intake("L. Wu", "old@example.org", message="no")).done
    assert desk.merge_people(counter.sue, 2, 1).done
    sheet = case_sheet(counter.sam, case)
    assert (sheet.line.customer, sheet.intake.email) == ("Lin Wu", "lin@example.org")
    assert not counter.findings()


def test_nothing_is_no_intake(counter: Counter) -> None:
    """It can be mended."""
    case = opened(counter.sam, counter.issued())
    outcome = desk.complete_intake(counter.sam, case, Intake(" ", "", message="\n"))
    assert (outcome.done, outcome.is_mendable) == (False, True)
    assert outcome.sentence == "Nothing is given: say at least who the customer is, or what they see."


@pytest.mark.parametrize("text", ["\x1b]52;c;aGk=\x07", "a\x00b", "\u202eevil", "x" * 4_001, " \n "])
def test_what_a_terminal_would_obey_does_not_get_in(counter: Counter, text: str) -> None:
    """Neither as a text, nor with an intake, nor as the reason of an outcome."""
    case = opened(counter.sam, counter.issued(), typed=text)
    assert not desk.add_to_case(counter.sam, case, text).done
    assert not desk.close_case(counter.sam, case, CaseOutcome.OTHER, text).done
    assert not desk.complete_intake(counter.sam, case, Intake(message=text)).done
    assert words(counter.sam, case) == ["case opened"]
    assert case_sheet(counter.sam, case).line.state == "open"
