"""Stories of cards that leave one desk in files of our own and arrive at another: nothing is lost on the way."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from jobs.toggle_export import Export
from jobs.twins import HOSTILE, arrive, leave, read, twin
from postgres import AT_LENGTH
from store.counter import NOON
from store.letterbox import Letterbox

from models import desk
from models.agents import sign_on
from models.clock import FixedClock
from models.finding import find
from models.jobs.demo import build_demo
from models.jobs.expire import expire
from models.jobs.plans import ImportReport
from models.jobs.remind import remind
from models.jobs.verify import verify
from models.people import PersonGiven
from models.rules.roles import Role
from models.rules.validity import Period, ValidityRules
from models.sheets import card_sheet, other_sheet
from models.unit import Session

ENGINES = AT_LENGTH
pytestmark = pytest.mark.usefixtures("no_litter")
Bring = Callable[..., ImportReport]
FORMS = ("csv", "jsonl")


def arrives_unchanged(session: Session, folder: Path) -> None:
    """Out, in, and out again: byte for byte the same files."""
    before = leave(session, folder / "before")
    for form in FORMS:
        other = twin(session.store, folder / form / "desk.db")
        report = arrive(other, folder / "before", form, is_commit=True)
        assert (report.is_committed, report.problems, report.warnings) == (True, (), ())
        assert not verify(other.store).findings
        assert leave(other, folder / form / "after") == before


def test_the_demo_leaves_and_arrives_unchanged(tmp_path: Path) -> None:
    """Every situation of the demo, but for the card that does not add up, which no file vouches for."""
    store, _ = build_demo(tmp_path / "demo" / "desk.db")
    arrives_unchanged(Session(store, "mia"), tmp_path)
    assert len(read(tmp_path / "before" / "cards.csv")) == 22


def test_who_alone_may_spend_a_card_comes_along(manager: Session, tmp_path: Path) -> None:
    """Restricted, replaced, or given back to anybody: at the other desk it is the same person, or nobody."""
    desk.set_product(manager, "half", rules=ValidityRules(period=Period(6, "months")))
    kept, replaced, lifted = (desk.issue(manager, "half", 5000).card_id or 0 for _ in range(3))
    for card in (kept, replaced, lifted):
        assert desk.restrict(manager, card, PersonGiven("Lin Wu", "lin@example.org"), "a prize").done
    assert desk.replace(manager, replaced, "lost").done
    assert desk.restrict(manager, lifted, None, "passed on").done
    arrives_unchanged(manager, tmp_path)
    other = twin(manager.store, tmp_path / "in" / "desk.db")
    assert arrive(other, tmp_path / "before", is_commit=True).is_committed
    held = [card_sheet(other, card).restricted_to for card in range(1, 5)]
    assert [person and person.email for person in held] == [
        "lin@example.org",
        "lin@example.org",
        None,
        "lin@example.org",
    ]
    assert not verify(other.store).findings


def test_a_replaced_card_still_points_to_the_card_in_its_place(manager: Session, tmp_path: Path) -> None:
    """Whatever row it has at the other desk: the two name each other by their codes' digests."""
    desk.set_product(manager, "half", rules=ValidityRules(period=Period(6, "months")))
    old, _ = (desk.issue(manager, "half", 5000).card_id for _ in range(2))
    assert old is not None
    assert desk.replace(manager, old, "letter never arrived").done
    before = card_sheet(manager, old)
    assert before.other is not None
    leave(manager, tmp_path / "out")
    other = twin(manager.store, tmp_path / "in" / "desk.db")
    desk.set_product(other, "half", rules=ValidityRules(period=Period(6, "months")))
    assert desk.issue(other, "half", 100).done
    assert arrive(other, tmp_path / "out", is_commit=True).is_committed
    (line,) = find(other.store, before.last_four).lines
    sheet = card_sheet(other, line.card_id)
    assert sheet.diagnosis.reason == before.diagnosis.reason
    assert sheet.other is not None
    made = other_sheet(other, sheet.other)
    assert (made.last_four, made.balance_minor) == (before.other.last_four, 5000)


def test_a_reminder_that_the_other_desk_sent_is_not_sent_again(
    manager: Session, clock: FixedClock, tmp_path: Path
) -> None:
    """The card's journal tells; the next one is due here, once."""
    rules, leads = ValidityRules(period=Period(6, "months")), [Period(2, "weeks"), Period(1, "days")]
    desk.set_product(manager, "half", rules=rules, reminders=leads)
    assert desk.issue(manager, "half", 5000, recipient=PersonGiven("Lin", "lin@example.org")).done
    clock.at = NOON.replace(month=11, day=6)
    box = Letterbox()
    assert remind(manager, box).sent == 1
    leave(manager, tmp_path / "out")
    other = twin(manager.store, tmp_path / "in" / "desk.db")
    assert arrive(other, tmp_path / "out", is_commit=True).is_committed
    desk.set_product(other, "half", rules=rules, reminders=leads)
    assert remind(other, box).due == 0
    clock.at = NOON.replace(month=11, day=19)
    assert remind(other, box).sent == 1
    assert len(box.taken) == 2
    assert not verify(other.store).findings


def test_a_desk_that_came_from_toggle_leaves_unchanged(
    manager: Session, clock: FixedClock, export: Export, bring: Bring, tmp_path: Path
) -> None:
    """Aliases, breakages, reversals and people of the imported files; and what was done with them since."""
    for number, name in enumerate(HOSTILE, start=1):
        sold = export.sold(number, Recipient_Name=name, Sold_in_site=name, Unique_Code_Alias=f"OLD-{number:06}")
        meal = export.line(sold, "redemption", "-30.00", "2025-12-01 19:00:00", Notes=f"{name}\nsecond line")
        export.line(sold, "reversal", "10.00", "2025-12-02 10:00:00", reverses=meal["Line Item ID"], User=name)
    nobody = export.card(99, expiry="", Current_Balance="12.00")
    assert bring(is_commit=True).is_committed, nobody
    with manager.store.database.writing():
        sign_on(manager.store, clock.now(), login="sue", name="Sue", role=Role.SUPERVISOR)
    ada = PersonGiven("Ada", "ada@example.org")
    desk.register(manager, 1, ada, organisation="Northwind")
    desk.set_organisation(manager, "Northwind", is_vip=True)
    desk.register(manager, 2, PersonGiven("Ada", None))
    desk.register(manager, 2, PersonGiven("Ada", None), organisation="=Acme")
    for card, reason in ((3, "=stolen"), (4, "doubt")):
        desk.suspend(manager, card, reason)
        desk.raise_flag(manager, card, reason)
    desk.clear_flag(manager, 4, "settled")
    desk.lift(manager, 4, "found")
    desk.note(manager, 5, "Call +44 20 in the evening")
    desk.note(manager, 6, "first\tsecond\n=third\r\n" + "long " * 700)
    for login in ("mia", "sue"):
        assert desk.remove_person(Session(manager.store, login), holder(manager, 5), ref="T-5").done
    assert desk.merge_people(manager, holder(manager, 7), holder(manager, 8), ref="T-8").done
    assert desk.correct_person(manager, holder(manager, 9), name="Zoë", card_id=9).done
    assert desk.replace(manager, 7, reason="lost").done
    assert desk.transfer(manager, 8, 9, 500, reason="one card is enough").done
    assert desk.cancel(manager, 8, "paid back").done
    clock.tick(timedelta(days=163, hours=16))
    expire(manager)
    assert desk.reactivate(manager, 1).done
    assert desk.reactivate(manager, 6).done
    arrives_unchanged(manager, tmp_path)


def holder(session: Session, card_id: int) -> int:
    """The record number of a card's holder."""
    found = card_sheet(session, card_id).holder
    assert found is not None
    return found.id
