"""Stories of suspensions, flags, notes and escalations."""

import pytest
from store.counter import BOTH, Counter

from models import desk
from models.desk import Escalation

ENGINES = BOTH


def test_a_card_is_suspended_with_a_reason(counter: Counter) -> None:
    """Whoever opens the card next reads who holds it and why."""
    card = counter.issued()
    done = desk.suspend(counter.sue, card, "  reported stolen ", ref="T-7")
    sheet = counter.sheet(card)
    assert done.sentence == f"Card ···· {sheet.last_four} is suspended."
    assert (sheet.status, sheet.suspended_by, sheet.suspended_reason) == ("suspended", "Sue", "reported stolen")
    assert counter.last(card).details == {"ref": "T-7"}
    assert not counter.findings()


def test_a_second_suspension_is_refused(counter: Counter) -> None:
    """Two supervisors, one hold."""
    card = counter.issued()
    desk.suspend(counter.sue, card, "stolen")
    counter.assert_refused(
        desk.suspend(counter.mia, card, "stolen"),
        "The card is suspended already, since 21 May 2026 13:00.",
        card,
        ["issue", "suspended"],
    )


def test_a_lift_removes_the_suspension_and_nothing_else(counter: Counter) -> None:
    """Balance, last day and start are what they were."""
    card = counter.issued()
    before = counter.sheet(card)
    desk.suspend(counter.sue, card, "stolen")
    counter.wait(days=3)
    assert desk.lift(counter.sue, card, "it was found").done
    after = counter.sheet(card)
    assert (after.status, after.suspended_at) == ("active", None)
    assert (after.balance_minor, after.last_day_on, after.active_from_at) == (
        before.balance_minor,
        before.last_day_on,
        before.active_from_at,
    )
    assert counter.last(card).reason == "it was found"
    assert not counter.findings()


def test_what_is_not_suspended_is_not_lifted(counter: Counter) -> None:
    """Nothing happens, and it is said."""
    card = counter.issued()
    counter.assert_refused(desk.lift(counter.sue, card, "why not"), "The card is not suspended.", card, ["issue"])


@pytest.mark.parametrize(("action", "words"), [("suspend", "suspend cards"), ("lift", "lift suspensions")])
def test_holding_is_a_supervisors(counter: Counter, action: str, words: str) -> None:
    """Sam can flag a card; holding it is Sue's."""
    card = counter.issued()
    counter.assert_refused(
        getattr(desk, action)(counter.sam, card, "hm"),
        f"An agent may not {words}; ask a supervisor or a manager.",
        card,
        ["issue"],
    )


def test_a_note_stays_with_the_card(counter: Counter) -> None:
    """The next agent reads what was said on the telephone, word for word."""
    card = counter.issued()
    done = desk.note(counter.sam, card, "Asked for it twice.\nSends a photo – tomorrow.")
    assert done.sentence.endswith(" has your note.")
    assert counter.last(card).reason == "Asked for it twice.\nSends a photo – tomorrow."
    assert not counter.findings()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (" \n ", "The note is empty."),
        ("x" * 4001, "The note has 4,001 characters; 4,000 are the most."),
        ("a\x1b]52;c;aGk=\x07", "The note holds a character that cannot be shown (U+001B)."),
        ("a\x00", "The note holds a character that cannot be shown (U+0000)."),
        ("\udc80", "The note holds a character that cannot be shown (U+DC80)."),
        ("e" + "\u0301" * 5, "The note stacks more than 4 marks on one character."),
    ],
)
def test_a_note_that_no_screen_can_show_is_refused(counter: Counter, text: str, sentence: str) -> None:
    """What a terminal would obey never gets in."""
    card = counter.issued()
    counter.assert_refused(desk.note(counter.sam, card, text), sentence, card, ["issue"])


def test_the_auditor_writes_no_notes(counter: Counter) -> None:
    """She reads everything and changes nothing."""
    card = counter.issued()
    counter.assert_refused(
        desk.note(counter.ada, card, "seen"),
        "An auditor may not write notes; ask an agent, a supervisor, a manager or Payments Support.",
        card,
        ["issue"],
    )


def test_a_flag_is_raised_and_cleared_with_a_reason(counter: Counter) -> None:
    """A doubt is written down, looked into, and put away; both stay in the journal."""
    card = counter.issued()
    assert desk.raise_flag(counter.sam, card, "bought with a stolen card?").sentence.endswith(" is flagged.")
    (flag,) = counter.sheet(card).flags
    assert (flag.number, flag.actor, flag.reason) == (2, "Sam", "bought with a stolen card?")
    done = desk.clear_flag(counter.sam, card, "the bank says no")
    assert done.sentence.endswith(": flag cleared, none is open.")
    assert not counter.sheet(card).flags
    assert (counter.last(card).kind, counter.last(card).reverses) == ("flag_cleared", 2)
    assert not counter.findings()


def test_several_flags_are_cleared_by_number(counter: Counter) -> None:
    """Clearing the wrong doubt would be worse than none."""
    card = counter.issued()
    desk.raise_flag(counter.sam, card, "first")
    desk.raise_flag(counter.sam, card, "second")
    kinds = ["issue", "flag_raised", "flag_raised"]
    counter.assert_refused(
        desk.clear_flag(counter.sam, card, "fine"),
        "Several flags are open; clear each by its number: 2, 3.",
        card,
        kinds,
    )
    assert desk.clear_flag(counter.sam, card, "fine", number=3).sentence.endswith(": flag cleared, 1 still open.")
    assert [flag.reason for flag in counter.sheet(card).flags] == ["first"]


@pytest.mark.parametrize("number", [1, 3, 99])
def test_a_flag_that_is_not_open_is_not_cleared(counter: Counter, number: int) -> None:
    """Neither another activity, nor one that does not exist."""
    card = counter.issued()
    desk.raise_flag(counter.sam, card, "first")
    counter.assert_refused(
        desk.clear_flag(counter.sam, card, "fine", number=number),
        f"No flag {number} is open on this card.",
        card,
        ["issue", "flag_raised"],
    )


def test_a_card_without_flags_has_none_to_clear(counter: Counter) -> None:
    """The second of two agents is told."""
    card = counter.issued()
    counter.assert_refused(desk.clear_flag(counter.sam, card, "fine"), "No flag is open.", card, ["issue"])


def test_a_reason_is_asked_for(counter: Counter) -> None:
    """No flag goes away without a word."""
    card = counter.issued()
    desk.raise_flag(counter.sam, card, "first")
    refused = desk.clear_flag(counter.sam, card, "  ")
    assert refused.sentence == "The reason is empty."
    assert len(counter.sheet(card).flags) == 1


def test_an_escalation_hands_over_everything_but_the_code(counter: Counter) -> None:
    """Payments Support reads the packet and need not ask back."""
    done = desk.issue(counter.mia, "half", 5000, recipient=desk.PersonGiven("Lin", "lin@example.org"))
    card = done.card_id or 0
    desk.redeem(counter.sam, card, 1250, place="Leeds", order_ref="A-1")
    handed = desk.escalate(counter.sam, card, Escalation.STILL_FAILS, "Refused at the till in Leeds.", ref="T-9")
    assert handed.sentence.endswith(f" is handed over to Payments Support as E{card}-3.")
    packet = handed.hand_out or ""
    for part in (
        f"Escalation E{card}-3 to Payments Support",
        "From      Sam, 21 May 2026 13:00 (Europe/London)",
        "Ticket    T-9",
        "Told      Refused at the till in Leeds.",
        f"Stands    E{card}-3 is with Payments Support since 21 May 2026 13:00; nobody",
        "Customer  Lin, lin@example.org",
        "Sees      I can't apply my card at checkout.",
        "Bought    21 May 2026",
        "Checkout  37.50 GBP on 21 May 2026 13:00 would go through, and leave 0.00",
        "Balance   37.50 GBP",
        "Last day  Fri 20 Nov 2026, cut off 21 Nov 2026 03:00",
    ):
        assert part in packet
    assert "order A-1, Leeds" in " ".join(packet.split())
    assert (done.hand_out or "?") not in packet
    assert counter.last(card).kind == "escalated"
    assert counter.last(card).reason == "Refused at the till in Leeds."
    assert not counter.findings()


def test_the_same_escalation_again_gives_the_same_packet(counter: Counter) -> None:
    """A double press hands the card over once."""
    card = counter.issued()
    first = desk.escalate(counter.sam, card, Escalation.STILL_FAILS, "fails", intent="e-1")
    again = desk.escalate(counter.sam, card, Escalation.STILL_FAILS, "fails", intent="e-1")
    assert (again.sentence, again.hand_out, again.repeated) == (first.sentence, first.hand_out, True)
    assert counter.kinds(card) == ["issue", "escalated"]


def test_an_escalation_needs_a_description(counter: Counter) -> None:
    """Payments Support can do nothing with an empty page."""
    card = counter.issued()
    counter.assert_refused(
        desk.escalate(counter.sam, card, Escalation.STILL_FAILS, ""), "The description is empty.", card, ["issue"]
    )


def test_payments_support_does_not_escalate_to_itself(counter: Counter) -> None:
    """Only those who serve customers hand over."""
    card = counter.issued()
    counter.assert_refused(
        desk.escalate(counter.pat, card, Escalation.STILL_FAILS, "x"),
        "Payments Support may not escalate cards; ask an agent, a supervisor or a manager.",
        card,
        ["issue"],
    )
