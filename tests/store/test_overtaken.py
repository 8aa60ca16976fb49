"""Two agents on one card: what was confirmed is done when it is still so, else the second is shown what changed."""

from collections.abc import Callable

import pytest
from postgres import AT_LENGTH
from store.counter import Counter

from models import desk
from models.jobs.expire import expire
from models.people import PersonGiven
from models.rules.roles import Action
from models.unit import Outcome, Session

ENGINES: tuple[object, ...] = AT_LENGTH
LIN = PersonGiven("Lin", "lin@example.org")
Deed = Callable[[Session, int], Outcome]


def reactivate(session: Session, card: int) -> Outcome:
    return desk.reactivate(session, card, reason="found again")


def lift(session: Session, card: int) -> Outcome:
    return desk.lift(session, card, "found again")


def register(session: Session, card: int) -> Outcome:
    return desk.register(session, card, PersonGiven("Grace", "grace@example.org"))


def escalate(session: Session, card: int) -> Outcome:
    return desk.escalate(session, card, desk.Escalation.STILL_FAILS, "fails")


def note(session: Session, card: int) -> Outcome:
    return desk.note(session, card, "called")


def flag(session: Session, card: int) -> Outcome:
    return desk.raise_flag(session, card, "doubt")


def suspend(session: Session, card: int) -> Outcome:
    return desk.suspend(session, card, "stolen")


def clear_flag(session: Session, card: int) -> Outcome:
    return desk.clear_flag(session, card, "settled", number=2)


def held(counter: Counter) -> int:
    card = counter.issued()
    assert desk.suspend(counter.sue, card, "lost").done
    return card


def flagged(counter: Counter) -> int:
    card = counter.issued()
    assert desk.raise_flag(counter.sue, card, "odd").done
    return card


def expired(counter: Counter) -> int:
    card = counter.issued("week", recipient=LIN)
    counter.at("2026-05-28T10:00:00")
    assert expire(counter.mia).cards == 1
    return card


def live(counter: Counter) -> int:
    return counter.issued(recipient=LIN)


ACTIONS: dict[Deed, Action] = {
    reactivate: Action.REACTIVATE,
    lift: Action.LIFT,
    register: Action.REGISTER,
    escalate: Action.ESCALATE,
    note: Action.NOTE,
    flag: Action.RAISE_FLAG,
    suspend: Action.SUSPEND,
    clear_flag: Action.CLEAR_FLAG,
}


def with_dialog(counter: Counter, login: str, deed: Deed, card: int) -> Session:
    """Somebody who has the dialog for a deed open."""
    opened = counter.sheet(card).opened_for(ACTIONS[deed])
    session: Session = getattr(counter, login)
    return session.having_opened(opened)


@pytest.mark.parametrize(
    ("ready", "meanwhile", "deed"),
    [
        (expired, note, reactivate),
        (held, note, reactivate),
        (held, register, lift),
        (live, note, register),
        (live, flag, escalate),
        (live, register, note),
        (live, suspend, flag),
        (live, flag, suspend),
        (flagged, flag, clear_flag),
    ],
    ids=lambda each: each.__name__,
)
def test_what_is_still_as_confirmed_goes_on_by_itself(
    counter: Counter, ready: Callable[[Counter], int], meanwhile: Deed, deed: Deed
) -> None:
    """The card moved on, but nothing that the decision rests on."""
    card = ready(counter)
    sue = with_dialog(counter, "sue", deed, card)
    assert meanwhile(counter.mia, card).done
    outcome = deed(sue, card)
    assert outcome.done, outcome
    assert outcome.changes == ()


def test_the_expiry_run_is_nobody_who_was_quicker(counter: Counter) -> None:
    """Nothing depends on when it comes by: the same money, the same day, the same grounds."""
    card = counter.issued("week")
    counter.at("2026-05-28T10:00:00")
    sue = with_dialog(counter, "sue", reactivate, card)
    assert expire(counter.mia).cards == 1
    assert reactivate(sue, card).done
    assert counter.sheet(card).balance_minor == 5000


OVERTAKEN = "This is not what you confirmed any more: read what changed, and decide again. Nothing was done."


@pytest.mark.parametrize(
    ("ready", "meanwhile", "deed", "lines"),
    [
        (
            held,
            flag,
            lift,
            ("Flags         1 flag is open, was none", "21 May 2026 13:00  Mia  flag raised: doubt"),
        ),
        (
            live,
            lambda session, card: desk.register(session, card, PersonGiven("Zoe", None)),
            register,
            ("Holder        Zoe, was Lin, lin@example.org", "21 May 2026 13:00  Mia  registered"),
        ),
        (
            live,
            lambda session, card: desk.redeem(session, card, 1000, place="Bath"),
            escalate,
            ("Balance       40.00 GBP, was 50.00 GBP", "21 May 2026 13:00  Mia  redemption -10.00 GBP, Bath"),
        ),
    ],
    ids=["a lift", "a registration", "an escalation"],
)
def test_what_changed_is_shown_and_nothing_is_done(
    counter: Counter, ready: Callable[[Counter], int], meanwhile: Deed, deed: Deed, lines: tuple[str, ...]
) -> None:
    """Field by field, and who did it when; afterwards the same wish, seen again, is done under the same key."""
    card = ready(counter)
    sue = with_dialog(counter, "sue", deed, card)
    assert meanwhile(counter.mia, card).done
    before = counter.kinds(card)
    outcome = deed(sue, card)
    assert (outcome.done, outcome.sentence, outcome.changes) == (False, OVERTAKEN, lines)
    assert counter.kinds(card) == before
    assert not counter.findings()
    assert deed(with_dialog(counter, "sue", deed, card), card).done


def test_a_refusal_tells_what_changed_too(counter: Counter) -> None:
    """The rule's own sentence first; the changes say where it comes from."""
    card = expired(counter)
    sam = with_dialog(counter, "sam", reactivate, card)
    assert desk.raise_flag(counter.sue, card, "stolen").done
    outcome = reactivate(sam, card)
    assert outcome.sentence == "1 flag is open: read and clear each with a reason first."
    assert outcome.changes == (
        "Flags         1 flag is open, was none",
        "28 May 2026 11:00  Sue  flag raised: stolen",
    )


def test_a_colleagues_reactivation_is_named(counter: Counter) -> None:
    card = expired(counter)
    sam = with_dialog(counter, "sam", reactivate, card)
    assert reactivate(counter.sue, card).done
    outcome = reactivate(sam, card)
    assert outcome.sentence == "Sue reactivated this card already, on 28 May 2026 11:00. Nothing was changed."
    assert outcome.changes[:3] == (
        "Balance       50.00 GBP, was 0.00 GBP",
        "Status        active, was expired",
        "Last day      Thu 4 Jun 2026, was Wed 27 May 2026",
    )
    assert "28 May 2026 11:00  Sue  reinstatement 50.00 GBP" in outcome.changes


def test_what_changed_beside_the_card_is_told(counter: Counter) -> None:
    """A VIP mark is no activity, but the reactivation rested on it as well."""
    card = expired(counter)
    assert desk.set_organisation(counter.mia, "Northwind", is_vip=True).done
    assert desk.register(counter.mia, card, LIN, organisation="Northwind").done
    sam = with_dialog(counter, "sam", reactivate, card)
    assert desk.set_organisation(counter.mia, "Northwind", is_vip=False).done
    outcome = reactivate(sam, card)
    assert (outcome.done, outcome.sentence) == (False, OVERTAKEN)
    assert outcome.changes == (
        "VIP           no, was yes",
        "Grounds       expired recently, was VIP organisation, expired recently",
    )


def test_a_dialog_that_stood_over_midnight_promises_another_day(counter: Counter) -> None:
    """The last day that was read is the last day that is set, or it is asked again."""
    card = counter.issued("week")
    counter.at("2026-05-28T22:59:00")
    sam = with_dialog(counter, "sam", reactivate, card)
    counter.wait(minutes=2)
    outcome = reactivate(sam, card)
    assert outcome.changes == ("New last day  Fri 5 Jun 2026, was Thu 4 Jun 2026",)


def test_the_command_line_has_nothing_open(counter: Counter) -> None:
    card = live(counter)
    assert desk.redeem(counter.mia, card, 1000).done
    assert escalate(counter.sam, card).done


def test_a_dialog_on_another_card_does_not_hold_this_one(counter: Counter) -> None:
    card, other = live(counter), live(counter)
    sam = with_dialog(counter, "sam", escalate, other)
    assert desk.redeem(counter.mia, card, 1000).done
    assert escalate(sam, card).done


def test_a_long_story_is_cut(counter: Counter) -> None:
    """The newest dozen, and how many there were before."""
    card = live(counter)
    sam = with_dialog(counter, "sam", escalate, card)
    for number in range(15):
        assert desk.redeem(counter.mia, card, 100 + number).done
    lines = escalate(sam, card).changes
    assert lines[1].endswith("redemption -1.14 GBP")
    assert lines[-1] == "and 3 activities before"
    assert len(lines) == 14


def test_a_dozen_lines_are_told_whole(counter: Counter) -> None:
    card = live(counter)
    sam = with_dialog(counter, "sam", escalate, card)
    for number in range(12):
        assert desk.redeem(counter.mia, card, 100 + number).done
    lines = escalate(sam, card).changes
    assert lines[-1].endswith("redemption -1.00 GBP")
    assert len(lines) == 13


def test_a_wish_is_told_again_under_its_key_whatever_happened_since(counter: Counter) -> None:
    """It was carried out: what changed afterwards is no reason to doubt it."""
    card = live(counter)
    sam = with_dialog(counter, "sam", escalate, card)
    wish = {"why": desk.Escalation.STILL_FAILS, "text": "fails", "intent": "once"}
    assert desk.escalate(sam, card, **wish).done  # type: ignore[arg-type]
    assert desk.redeem(counter.mia, card, 1000).done
    again = desk.escalate(sam, card, **wish)  # type: ignore[arg-type]
    assert (again.done, again.repeated, again.changes) == (True, True, ())


def test_another_action_of_the_same_dialog_is_not_held(counter: Counter) -> None:
    """A dialog's terms are those of its own action."""
    card = live(counter)
    opened = counter.sheet(card).opened_for(Action.ESCALATE)
    assert desk.redeem(counter.mia, card, 1000).done
    assert register(counter.sam.having_opened(opened._replace(terms={})), card).done
