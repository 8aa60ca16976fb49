"""Stories of cases that are left: what closes them, what keeps them open, and what opens them again."""

from store.calling import LIN, entered, opened, told, words
from store.counter import BOTH, Counter

from models import desk
from models.cases import case_sheet, cases_listed
from models.rules.cases import CaseOutcome, Step

ENGINES = BOTH


def test_a_look_leaves_a_closed_case_behind(counter: Counter) -> None:
    """The next customer's card closes it by itself."""
    case = opened(counter.sam, counter.issued())
    outcome = desk.leave_case(counter.sam, case)
    assert outcome.sentence == f"Case {case} is closed (looked at only): nothing was said, done or typed."
    assert case_sheet(counter.sam, case).line.outcome is CaseOutcome.LOOKED_AT
    again = desk.leave_case(counter.sam, case)
    assert again.sentence == f"Case {case} stays as it is: it is not in your hand any more."
    assert not counter.findings()


def test_a_reactivated_card_whose_customer_was_told_closes_its_case(counter: Counter) -> None:
    """Not told, it stays open; told, it closes by itself as reactivated."""
    card = counter.issued("week", recipient=LIN)
    counter.clock.at = counter.sheet(card).cut_off_at or counter.clock.at
    case = opened(counter.sam, card)
    assert desk.reactivate(counter.sam, card).done
    assert not desk.leave_case(counter.sam, case).facts["is_closed"]
    counter.wait(minutes=1)
    told(counter.sam, card)
    assert desk.leave_case(counter.sam, case).facts["outcome"] == CaseOutcome.REACTIVATED
    assert not counter.findings()


def test_what_a_colleague_does_to_the_card_is_not_the_agents_deed(counter: Counter) -> None:
    """Sam only looked."""
    card = counter.issued()
    case = opened(counter.sam, card)
    assert desk.suspend(counter.sue, card, "stolen").done
    assert desk.leave_case(counter.sam, case).facts["outcome"] == CaseOutcome.LOOKED_AT


def test_what_was_done_before_the_case_does_not_count(counter: Counter) -> None:
    """Yesterday's note is yesterday's."""
    card = counter.issued()
    assert desk.note(counter.sam, card, "rang").done
    assert desk.leave_case(counter.sam, opened(counter.sam, card)).facts["outcome"] == CaseOutcome.LOOKED_AT


def test_a_case_that_waits_comes_back_with_its_answer(counter: Counter) -> None:
    """Left, it stays; it can't be closed without saying so; the answer puts it first on the list; told, it closes."""
    card = counter.issued(recipient=LIN)
    case = opened(counter.sam, card)
    entered(counter.sam, case, Step.ESCALATED, waits_for="escalation:E1-2")
    assert not desk.leave_case(counter.sam, case).facts["is_closed"]
    refused = desk.close_case(counter.sam, case, CaseOutcome.EXPLAINED)
    assert refused.sentence == (
        "The case waits for an answer to escalation E1-2. Close it as 'unanswered' and say why, or wait."
    )
    second = counter.issued()
    other = opened(counter.sam, second)
    entered(counter.sam, other, Step.ASKED, waits_for="approval:1")
    assert [(line.id, line.state) for line in cases_listed(counter.sam, "waiting").lines] == [
        (case, "with Payments Support"),
        (other, "waits for approval"),
    ]
    entered(counter.sue, other, Step.ANSWERED, "go on", waits_for="approval:1", answer="approved")
    assert [(line.id, line.state) for line in cases_listed(counter.sam, "waiting").lines] == [
        (other, "an answer is there"),
        (case, "with Payments Support"),
    ]
    told(counter.sam, second)
    assert desk.leave_case(counter.sam, other).facts["is_closed"]
    assert [line.id for line in cases_listed(counter.sam, "waiting").lines] == [case]
    assert not counter.findings()


def test_an_answer_opens_a_case_that_was_closed_without_it(counter: Counter) -> None:
    """Nobody has to remember."""
    case = opened(counter.sam, counter.issued())
    entered(counter.sam, case, Step.ESCALATED, waits_for="escalation:E1-2")
    assert desk.close_case(counter.sam, case, CaseOutcome.UNANSWERED, "the customer was paid back").done
    entered(counter.pat, case, Step.ANSWERED, waits_for="escalation:E1-2", answer="corrected")
    assert [line.id for line in cases_listed(counter.sam, "mine_open").lines] == [case]
    assert words(counter.sam, case)[-2:] == [
        "closed: closed without the answer that it waited for",
        "answer: escalation E1-2, corrected",
    ]
    assert not counter.findings()


def test_a_closed_case_takes_nothing_until_it_is_opened_again(counter: Counter) -> None:
    """By whoever goes on with it."""
    case = opened(counter.sam, counter.issued())
    assert desk.close_case(counter.sam, case, CaseOutcome.EXPLAINED, "on the phone").done
    assert desk.add_to_case(counter.sam, case, "and").sentence == f"Case {case} is closed: open it again first."
    assert (
        desk.close_case(counter.sam, case, CaseOutcome.OTHER, "x").sentence == "The case is closed already: explained."
    )
    assert desk.reopen_case(counter.sue, case).sentence == f"Case {case} is open again."
    assert case_sheet(counter.sam, case).line.agent == "Sue"
    assert not counter.findings()
