"""What is wished, in functions that other processes know by name."""

from datetime import date
from typing import Any

from store.counter import NOON, PRODUCTS
from store.letterbox import Letterbox

from models import credentials, desk
from models.desk import agents
from models.jobs.expire import ExpiryReport, expire
from models.jobs.remind import remind
from models.jobs.send import send
from models.rules.cases import CaseOutcome
from models.rules.checkout import Checkout, Purchase
from models.rules.families import REMINDER
from models.rules.intakes import Intake, Symptom
from models.rules.reminders import Decision
from models.rules.roles import Role
from models.rules.templates import Texts
from models.rules.validity import Period
from models.schema import Outbox
from models.sheets import card_sheet
from models.unit import Outcome, Session

LIGHT: dict[str, Any] = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}
"""What a hash takes where nobody guesses at it."""
LIN = desk.PersonGiven("Lin", "lin@example.org")


def issue(mia: Session, _card: int, key: str) -> Outcome:
    return desk.issue(mia, "half", 5000, order_ref="race", intent=key)


def top_up(mia: Session, card: int, key: str) -> Outcome:
    return desk.top_up(mia, card, 100, intent=key)


def redeem(mia: Session, card: int, key: str) -> Outcome:
    return desk.redeem(mia, card, 1000, intent=key)


def refund(mia: Session, card: int, key: str) -> Outcome:
    return desk.refund(mia, card, 1000, of_order="A-1", intent=key)


def suspend(mia: Session, card: int, key: str) -> Outcome:
    return desk.suspend(mia, card, "stolen", intent=key)


def lift(mia: Session, card: int, key: str) -> Outcome:
    return desk.lift(mia, card, "found", intent=key)


def raise_flag(mia: Session, card: int, key: str) -> Outcome:
    return desk.raise_flag(mia, card, "doubt", intent=key)


def clear_flag(mia: Session, card: int, key: str) -> Outcome:
    return desk.clear_flag(mia, card, "settled", intent=key)


def note(mia: Session, card: int, key: str) -> Outcome:
    return desk.note(mia, card, "called", intent=key)


def register(mia: Session, card: int, key: str) -> Outcome:
    return desk.register(mia, card, LIN, intent=key)


def reactivate(mia: Session, card: int, key: str) -> Outcome:
    return desk.reactivate(mia, card, intent=key)


def approve(mia: Session, approval: int, key: str) -> Outcome:
    return desk.approve(mia, approval, intent=key)


def refuse_approval(mia: Session, approval: int, key: str) -> Outcome:
    return desk.refuse_approval(mia, approval, "not this one", intent=key)


def withdraw_approval(mia: Session, approval: int, key: str) -> Outcome:
    return desk.withdraw_approval(mia, approval, intent=key)


def raise_quota(mia: Session, _sam: int, key: str) -> Outcome:
    return desk.raise_quota(mia, "sam", 20, "a fair", intent=key)


def lift_lookups(mia: Session, _sam: int, key: str) -> Outcome:
    return desk.lift_lookups(mia, "sam", "it was the printer", intent=key)


def escalate(mia: Session, card: int, key: str) -> Outcome:
    return desk.escalate(mia, card, desk.Escalation.STILL_FAILS, "fails", intent=key)


def restrict(mia: Session, card: int, key: str) -> Outcome:
    return desk.restrict(mia, card, LIN, "a prize", intent=key)


def take_escalation(mia: Session, card: int, key: str) -> Outcome:
    return desk.take_escalation(mia, f"E{card}-2", intent=key)


def close_escalation(mia: Session, card: int, key: str) -> Outcome:
    return desk.close_escalation(mia, f"E{card}-2", desk.Answer.CORRECTED, intent=key)


def see_answer(mia: Session, card: int, key: str) -> Outcome:
    return desk.see_answer(mia, f"E{card}-2", intent=key)


def cancel(mia: Session, card: int, key: str) -> Outcome:
    return desk.cancel(mia, card, "order returned", intent=key)


def extend(mia: Session, card: int, key: str) -> Outcome:
    return desk.extend(mia, card, date(2200, 1, 1), "was ill", intent=key)


def replace(mia: Session, card: int, key: str) -> Outcome:
    return desk.replace(mia, card, "lost", intent=key)


def transfer(mia: Session, card: int, key: str) -> Outcome:
    return desk.transfer(mia, card, card - 1, 1000, reason="wrong card", intent=key)


def transfer_back(mia: Session, card: int, key: str) -> Outcome:
    return desk.transfer(mia, card - 1, card, 1000, reason="wrong card", intent=key)


def adjust(mia: Session, card: int, key: str) -> Outcome:
    return desk.adjust(mia, card, -2000, f"E{card}-2", "till was down", intent=key)


def correct_person(mia: Session, person: int, key: str) -> Outcome:
    return desk.correct_person(mia, person, name="Lin Wu", intent=key)


def merge_people(mia: Session, person: int, key: str) -> Outcome:
    return desk.merge_people(mia, person, person - 1, intent=key)


def remove_person(mia: Session, person: int, key: str) -> Outcome:
    return desk.remove_person(mia, person, ref="ZD-7", intent=key)


def say(mia: Session, card: int, key: str) -> Outcome:
    return desk.say(mia, card, intent=key)


def open_case(mia: Session, card: int, key: str) -> Outcome:
    return desk.open_case(mia, card, intent=key)


def complete_intake(mia: Session, case: int, key: str) -> Outcome:
    return desk.complete_intake(mia, case, Intake("Lin", "lin@example.org", symptom=Symptom.ZERO), intent=key)


def add_to_case(mia: Session, case: int, key: str) -> Outcome:
    return desk.add_to_case(mia, case, "it says: try again", intent=key)


def keep_checkout(mia: Session, case: int, key: str) -> Outcome:
    asked = Purchase(100, "GBP", NOON, place="Leeds")
    found = Checkout(False, ("Too late.",), 0, 0, 100, "1.00 GBP would be refused.", asked)
    return desk.keep_checkout(mia, case, found, intent=key)


def leave_case(mia: Session, case: int, key: str) -> Outcome:
    return desk.leave_case(mia, case, intent=key)


def close_case(mia: Session, case: int, key: str) -> Outcome:
    return desk.close_case(mia, case, CaseOutcome.EXPLAINED, intent=key)


def reopen_case(mia: Session, case: int, key: str) -> Outcome:
    return desk.reopen_case(mia, case, intent=key)


def set_product(mia: Session, _card: int, key: str) -> Outcome:
    leads = [Period(2, "weeks")]
    return desk.set_product(mia, "week", rules=PRODUCTS["week"], reminders=leads, channels=["store"], intent=key)


def retire_product(mia: Session, _card: int, key: str) -> Outcome:
    return desk.retire_product(mia, "forever", intent=key)


def restore_product(mia: Session, _card: int, key: str) -> Outcome:
    return desk.restore_product(mia, "forever", intent=key)


def set_policy(mia: Session, _card: int, key: str) -> Outcome:
    return desk.set_policy(mia, reminder_hour=7, intent=key)


def set_template(mia: Session, _card: int, key: str) -> Outcome:
    return desk.set_template(mia, REMINDER, Texts("Soon", "Hello {{name}}"), intent=key)


def settle_reminder(mia: Session, card: int, key: str) -> Outcome:
    last_day_on = card_sheet(mia, card).last_day_on
    assert last_day_on is not None
    return desk.settle_reminder(mia, card, last_day_on, 7, Decision.SENT, "asked", intent=key)


def see_alarms(mia: Session, _card: int, key: str) -> Outcome:
    return desk.see_alarms(mia, intent=key)


def settle_letter(mia: Session, card: int, key: str) -> Outcome:
    with mia.store.database.connected():
        letter = Outbox.get(Outbox.card_id == card).id
    return desk.settle_letter(mia, letter, Decision.DROP, "told by phone", intent=key)


def set_organisation(mia: Session, _card: int, key: str) -> Outcome:
    return desk.set_organisation(mia, "Northwind", is_vip=True, intent=key)


def set_password(mia: Session, _card: int, key: str) -> Outcome:
    credentials.COST.update(LIGHT)  # in a process of its own
    return desk.set_password(mia, "zed", "correct horse battery", intent=key)


def add_agent(mia: Session, number: int, key: str) -> Outcome:
    return agents.add_agent(mia, f"newcomer{number}", role=Role.SUPERVISOR, intent=key)


def set_agent(mia: Session, _card: int, key: str) -> Outcome:
    return agents.set_agent(mia, "zed", role=Role.SUPERVISOR, intent=key)


def run(mia: Session) -> ExpiryReport:
    return expire(mia, is_sure=True)


def remind_all(mia: Session) -> list[str]:
    box = Letterbox()
    assert remind(mia, box, is_sure=True).left is None
    return box.to


def send_all(mia: Session) -> list[str]:
    box = Letterbox()
    assert send(mia, box, wait=None).left is None
    return box.to
