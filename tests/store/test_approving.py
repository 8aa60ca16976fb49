"""Stories of approvals: who asks, who decides, what is judged when, and how often."""

from datetime import timedelta

import pytest
from postgres import AT_LENGTH
from store.asking import LIN, MUCH, STOPPED, asked, decided_for, refused
from store.counter import Counter

from models import desk
from models.approvals import requests
from models.cases import case_in_hand, case_sheet
from models.desk import PersonGiven, agents
from models.jobs.expire import expire
from models.rules.roles import Role
from models.rules.validity import Period, ValidityRules
from models.sheets import card_sheet
from models.worklists import with_more

ENGINES = AT_LENGTH

pytestmark = pytest.mark.usefixtures("thresholds")


# Asking.


def test_the_sheet_says_beforehand_that_it_will_be_asked_for(counter: Counter, dear: int) -> None:
    found = counter.sheet(dear).diagnosis
    assert found.approval == (MUCH,)
    assert found.reason.endswith(f"gives back 150.00 GBP. It needs an approval. {MUCH}")
    assert found.would_become is not None


def test_sam_asks_and_goes_on(counter: Counter, dear: int) -> None:
    """Nothing has happened to the card; what waits, why and until when is told."""
    told = desk.reactivate(counter.sam, dear, note="Was abroad.", ref="T-3")
    assert told.sentence.endswith(
        f" waits for approval: a supervisor or a manager other than you decides before Fri 29 May 06:00. {MUCH}"
    )
    assert "number" not in told.facts
    assert counter.kinds(dear) == ["issue", "breakage"]
    (request,) = requests(counter.store).waiting
    assert (request.card_id, request.by, request.grounds, request.note) == (
        dear,
        "Sam",
        ("recently_expired",),
        "Was abroad.",
    )
    assert not counter.findings()


@pytest.mark.parametrize("login", ["sam", "sue"])
def test_a_second_press_or_agent_is_told_who_asked_and_when(counter: Counter, dear: int, login: str) -> None:
    asked(counter, dear)
    told = "Sam asked for this on 28 May 06:00: it waits for approval until 29 May 06:00."
    assert refused(desk.reactivate(getattr(counter, login), dear)) == told
    assert counter.sheet(dear).diagnosis.reason.endswith(told)
    assert len(requests(counter.store).waiting) == 1


def test_a_dry_run_tells_that_it_would_be_asked_for(counter: Counter, dear: int) -> None:
    would = desk.reactivate(counter.sam, dear, is_dry_run=True)
    assert would.sentence.endswith(f"But it needs an approval, which would be asked for. {MUCH} Nothing was changed.")
    assert requests(counter.store).waiting == ()


def test_who_may_not_reactivate_asks_for_nothing(counter: Counter) -> None:
    """A card of one's own, and a role that does not serve, are refused before anybody is asked."""
    own = counter.issued("week", 15_000, recipient=PersonGiven("Sam", "sam@desk.example"))
    counter.at(STOPPED)
    assert refused(desk.reactivate(counter.sam, own)) == "This is a card of your own: ask a colleague."
    assert "may not reactivate cards" in refused(desk.reactivate(counter.ada, own))
    assert requests(counter.store).waiting == ()


# Approving.


def test_sue_approves_and_it_is_carried_out_at_once(counter: Counter, dear: int) -> None:
    """One transaction, put down to Sue, naming the request and who asked."""
    request = asked(counter, dear, note="Was abroad.", ref="T-3")
    counter.wait(hours=23, minutes=59, seconds=59)
    done = desk.approve(counter.sue, request)
    assert done.sentence.endswith(" is reactivated: 150.00 GBP given back, valid until Fri 5 Jun 2026.")
    assert counter.kinds(dear)[2:] == ["reinstatement", "expiry_changed", "note", "reactivated"]
    last = counter.last(dear)
    assert (last.actor, last.reason, last.details["ref"]) == ("Sue", "Was abroad.", "T-3")
    assert (last.details["approval"], last.details["asked_by_name"]) == (request, "Sam")
    assert last.details["grounds"] == ["recently_expired"]
    assert not counter.findings()


def test_who_approves_has_nobody_to_tell(counter: Counter, dear: int) -> None:
    """Sue found the card by its code, approved and went on: her case was a look, and Sam's waits for him to tell."""
    request = asked(counter, dear)
    case = desk.open_case(counter.sue, dear).facts["case"]
    assert desk.approve(counter.sue, request).done
    assert desk.leave_case(counter.sue, case).facts["outcome"] == "looked_at"


def test_the_grounds_are_those_of_the_moment_of_asking(counter: Counter, dear: int) -> None:
    """The window closed an hour after Sam asked; for this request it is still open."""
    counter.wait(hours=20)
    request = asked(counter, dear)
    counter.wait(hours=10)
    assert counter.sheet(dear).diagnosis.grounds == ()
    assert desk.approve(counter.sue, request).done
    assert counter.last(dear).details["grounds"] == ["recently_expired"]
    assert counter.journal(dear)[-2].reason == "Reactivated per policy – VIP customer / expired <24h."


def test_it_is_used_once(counter: Counter, dear: int) -> None:
    request = asked(counter, dear)
    assert desk.approve(counter.sue, request).done
    assert refused(desk.approve(counter.mia, request)) == "Sue approved this on 28 May 2026 06:00."
    assert counter.kinds(dear).count("reactivated") == 1


def test_nobody_approves_what_they_asked_for(counter: Counter, dear: int) -> None:
    """Sue may reactivate, and may approve, but not both on one card."""
    request = int(desk.reactivate(counter.sue, dear).facts["approval"])
    told = "You asked for this on 28 May 2026 06:00: somebody else must decide."
    assert refused(desk.approve(counter.sue, request)) == told
    assert refused(desk.refuse_approval(counter.sue, request, "no")) == told
    assert desk.approve(counter.mia, request).done


@pytest.mark.parametrize("login", ["sam", "ada", "pat", "olaf"])
def test_only_a_supervisor_or_a_manager_approves(counter: Counter, dear: int, login: str) -> None:
    request = asked(counter, dear)
    told = refused(desk.approve(getattr(counter, login), request))
    assert told.endswith(" may not approve reactivations; ask a supervisor or a manager.")


def test_nobody_decides_about_a_card_of_their_own(counter: Counter, dear: int) -> None:
    assert desk.register(counter.sue, dear, PersonGiven("Sue", "sue@desk.example")).done
    request = asked(counter, dear)
    assert agents.set_agent(counter.mia, "sue", email="sue@desk.example").done
    told = "This is a card of your own: ask a colleague."
    assert refused(desk.approve(counter.sue, request)) == told
    assert refused(desk.refuse_approval(counter.sue, request, "no")) == told


@pytest.mark.parametrize(
    ("happens", "told"),
    [
        (lambda counter, card: desk.raise_flag(counter.pat, card, "doubt"), "1 flag is open"),
        (lambda counter, card: desk.suspend(counter.mia, card, "stolen"), "The card was put on hold after Sam asked"),
        (lambda counter, card: desk.cancel(counter.mia, card, "returned"), "The card was cancelled on"),
        (
            lambda counter, card: desk.top_up(counter.mia, card, 500),
            "There is nothing to reactivate: the card is neither expired nor suspended.",
        ),
        (
            lambda counter, _card: agents.set_agent(counter.mia, "sam", is_disabled=True),
            "Sam, who asked for this, may reactivate no cards any more: refuse it.",
        ),
        (
            lambda counter, _card: agents.set_agent(counter.mia, "sam", role=Role.AUDITOR),
            "Sam, who asked for this, may reactivate no cards any more: refuse it.",
        ),
        (
            lambda counter, card: desk.register(counter.mia, card, PersonGiven("S", "sam@desk.example")),
            "This is a card of Sam's own: refuse it.",
        ),
    ],
    ids=["flag", "hold", "cancelled", "fine already", "asker disabled", "asker demoted", "asker's own"],
)
def test_everything_but_the_grounds_is_judged_when_it_is_approved(
    counter: Counter, dear: int, happens: object, told: str
) -> None:
    request = asked(counter, dear)
    assert callable(happens)
    assert happens(counter, dear).done
    assert refused(desk.approve(counter.sue, request)).startswith(told)
    assert card_sheet(counter.mia, dear).reactivated_at is None
    assert desk.refuse_approval(counter.sue, request, "not any more").done
    assert not counter.findings()


def test_an_approval_is_not_for_the_next_expiry(counter: Counter, dear: int) -> None:
    """Topped up meanwhile and stopped again: that is another case."""
    request = asked(counter, dear)
    assert desk.set_product(counter.mia, "week", rules=ValidityRules(period=Period(1, "days"))).done
    assert desk.top_up(counter.mia, dear, 500).done
    counter.wait(hours=22)
    expire(counter.mia, is_sure=True)
    told = refused(desk.approve(counter.sue, request))
    assert told.startswith("The card's last day was changed after Sam asked on 28 May 2026 06:00")


def test_a_hold_is_lifted_with_the_reason_that_was_asked_with(counter: Counter) -> None:
    card = counter.issued("half", 15_000)
    assert desk.suspend(counter.mia, card, "stolen").done
    assert "give the reason" in refused(desk.reactivate(counter.sam, card))
    request = asked(counter, card, reason="It was found.")
    assert desk.approve(counter.sue, request).done
    assert counter.kinds(card) == ["issue", "suspended", "unsuspended", "note", "reactivated"]
    assert counter.journal(card)[2].reason == "It was found."


def test_another_hold_needs_another_request(counter: Counter) -> None:
    """The reason of a request is about the hold that lay on the card then."""
    card = counter.issued("half", 15_000)
    assert desk.suspend(counter.mia, card, "stolen").done
    request = asked(counter, card, reason="It was found.")
    counter.wait(minutes=5)
    assert desk.lift(counter.mia, card, "found").done
    assert desk.suspend(counter.mia, card, "chargeback").done
    assert refused(desk.approve(counter.sue, request)).startswith("The card was put on hold after Sam asked on")


def test_what_was_decided_is_listed_page_by_page(counter: Counter) -> None:
    """The latest first, those that lapsed among them, none twice and none left out."""
    cards = [counter.issued("half", 15_000) for _ in range(7)]
    for place, card in enumerate(cards):
        counter.wait(minutes=7)
        assert desk.suspend(counter.mia, card, "stolen").done
        request = asked(counter, card, reason="found")
        if place % 2:
            assert desk.refuse_approval(counter.sue, request, "no").done
    counter.wait(days=2)
    listed = decided_for(counter.sue, most=2)
    while listed.next_after is not None:
        listed = with_more(listed, decided_for(counter.sue, listed.next_after, 2))
    lapsed, refused_ = [cards[place] for place in (6, 4, 2, 0)], [cards[place] for place in (5, 3, 1)]
    assert [line.card_id for line in listed.lines] == [*lapsed, *refused_]


def test_an_agent_reads_what_became_of_their_own_requests(counter: Counter, dear: int) -> None:
    """Who watches over others reads all."""
    for session in (counter.sam, counter.sue):
        request = int(desk.reactivate(session, dear).facts["approval"])
        assert desk.refuse_approval(counter.mia, request, "no").done
        counter.wait(minutes=5)
    told = ["refused by Mia 28 May 06:05, asked for by Sue", "refused by Mia 28 May 06:00, asked for by Sam"]
    assert [line.remark for line in decided_for(counter.sam).lines] == told[1:]
    for session in (counter.sue, counter.mia, counter.ada):
        assert [line.remark for line in decided_for(session).lines] == told
    assert decided_for(counter.olaf).lines == ()


# Refusing and withdrawing.


def test_a_refusal_says_why_and_the_card_may_be_asked_for_again(counter: Counter, dear: int) -> None:
    request = asked(counter, dear)
    counter.wait(minutes=30)
    assert desk.refuse_approval(counter.sue, request, "The customer wrote twice.").done
    assert counter.kinds(dear) == ["issue", "breakage"]
    assert counter.sheet(dear).diagnosis.reason.endswith(
        "Sue refused to approve this on 28 May 2026 06:30: The customer wrote twice."
    )
    assert refused(desk.approve(counter.mia, request)).startswith("Sue refused to approve this on")
    assert asked(counter, dear) != request
    assert not counter.findings()


def test_who_asked_takes_it_back_and_nobody_else(counter: Counter, dear: int) -> None:
    request = asked(counter, dear)
    assert refused(desk.withdraw_approval(counter.sue, request)) == (
        "Sam asked for this, and nobody else withdraws it: refuse it instead."
    )
    assert desk.withdraw_approval(counter.sam, request).done
    assert refused(desk.approve(counter.sue, request)).startswith("Sam withdrew the request for this on")
    assert not counter.findings()


def test_a_request_that_is_not_there(counter: Counter) -> None:
    for number in (0, -1, 99, 2**70):
        assert refused(desk.approve(counter.sue, number)) == f"There is no request {number} for an approval."


# What the case tells.


def test_the_case_waits_for_the_decision_and_then_tells_it(counter: Counter, dear: int) -> None:
    """Sam may go on: what Pat decides comes back to the case, and stands among those that wait for Sam."""
    request = asked(counter, dear)
    line = case_in_hand(counter.sam, dear)
    assert line is not None
    assert line.state == "waits for approval"
    assert desk.refuse_approval(counter.sue, request, "Ask for the receipt.").done
    answered = case_in_hand(counter.sam, dear)
    assert answered is not None
    assert (answered.id, answered.state) == (line.id, "an answer is there")
    assert any(entry.text == "Ask for the receipt." for entry in case_sheet(counter.sam, line.id).lines)


# What a removal takes away.


def test_a_removal_takes_the_words_of_a_request_and_leaves_the_request(counter: Counter) -> None:
    """Nobody's data are removed while somebody still has to read them; afterwards everything still adds up."""
    card = counter.issued("half", 15_000, recipient=LIN)
    assert desk.suspend(counter.mia, card, "stolen").done
    request = asked(counter, card, reason="Lin rang", note="from Whitby")
    holder = counter.sheet(card).holder
    assert holder is not None
    assert refused(desk.remove_person(counter.sue, holder.id, ref="ZD-7")).endswith(
        " waits for an approval: decide about that first."
    )
    assert desk.refuse_approval(counter.sue, request, "Lin is not sure").done
    assert desk.remove_person(counter.sue, holder.id, ref="ZD-7").done
    assert desk.remove_person(counter.mia, holder.id, ref="ZD-7").done
    (left,) = requests(counter.store, counter.clock.now() - timedelta(days=1)).decided
    assert (left.note, left.reason, left.said, left.decision) == (None, None, None, "refused")
    assert not counter.findings()
