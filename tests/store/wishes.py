"""What is wished, in functions that other processes know by name, and the cards and people made ready for it."""

from datetime import date, timedelta
from typing import Any

from store.counter import NOON, PRODUCTS, Counter
from store.journals import reactivated
from store.letterbox import Letterbox
from store.mailroom import written

from models import credentials, desk
from models.agents import look_up
from models.desk import agents
from models.jobs.expire import ExpiryReport, expire
from models.jobs.remind import remind
from models.jobs.send import send
from models.lookups import record_miss
from models.rules.cases import CaseOutcome
from models.rules.checkout import Checkout, Purchase
from models.rules.families import BUILT_IN, REMINDER
from models.rules.intakes import Intake, Symptom
from models.rules.reminders import Decision
from models.rules.roles import Role
from models.rules.templates import Texts
from models.rules.validity import Period
from models.schema import Agent, Outbox, Reminder
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


# What is made ready for it.


def live(counter: Counter) -> int:
    return counter.issued()


def redeemed(counter: Counter) -> int:
    card = counter.issued()
    assert desk.redeem(counter.mia, card, 2500, order_ref="A-1").done
    return card


def held(counter: Counter) -> int:
    card = counter.issued()
    assert desk.suspend(counter.mia, card, "stolen").done
    return card


def flagged(counter: Counter) -> int:
    card = counter.issued()
    assert desk.raise_flag(counter.mia, card, "doubt").done
    return card


def two_live(counter: Counter) -> int:
    """The second of two cards, one made after the other."""
    first = counter.issued()
    second = counter.issued()
    assert second == first + 1
    return second


def case(counter: Counter) -> int:
    """A case of Mia's, just opened."""
    return int(desk.open_case(counter.mia, counter.issued()).facts["case"])


def closed_case(counter: Counter) -> int:
    opened = case(counter)
    assert desk.close_case(counter.mia, opened, CaseOutcome.EXPLAINED).done
    return opened


def handed_over(counter: Counter) -> int:
    card = counter.issued()
    assert desk.escalate(counter.mia, card, desk.Escalation.STILL_FAILS, "fails").done
    return card


def answered(counter: Counter) -> int:
    card = handed_over(counter)
    assert desk.close_escalation(counter.pat, f"E{card}-2", desk.Answer.NOTHING_WRONG).done
    return card


def expired(counter: Counter) -> int:
    card = counter.issued("week")
    counter.clock.at = counter.sheet(card).cut_off_at or NOON
    counter.wait(hours=1)
    assert expire(counter.mia, is_sure=True).cards >= 1
    return card


def asked_by(login: str, counter: Counter) -> int:
    """The number of a request for a card that stopped; every amount is above the policy's."""
    assert desk.set_policy(counter.mia, approve_above={"GBP": 0}, stop_at=None).done
    told = desk.reactivate(getattr(counter, login), expired(counter))
    assert desk.set_policy(counter.mia, approve_above={}).done
    return int(told.facts["approval"])


def asked(counter: Counter) -> int:
    return asked_by("sam", counter)


def asked_by_mia(counter: Counter) -> int:
    return asked_by("mia", counter)


def limited(counter: Counter) -> int:
    """Sam, who may reactivate five cards a day."""
    assert desk.set_policy(counter.mia, stop_at=5).done
    with counter.store.database.connected():
        return look_up(counter.sam).id


def slowed(counter: Counter) -> int:
    """Sam, who just looked for five codes that no card answers to."""
    for number in range(5):
        record_miss(counter.sam, f"7777 {counter.clock.now():%H%M} {number}")
    with counter.store.database.connected():
        return look_up(counter.sam).id


def person(counter: Counter) -> int:
    """The second of two records that nobody else has."""
    for name in ("Lin", "Lin W."):
        at = counter.clock.now().isoformat()
        holder = counter.sheet(counter.issued(recipient=desk.PersonGiven(name, f"{at}@example.org"))).holder
    assert holder is not None
    return holder.id


def about_to_be_removed(counter: Counter) -> int:
    lin = person(counter)
    assert desk.remove_person(counter.sue, lin, ref="ZD-7").done
    return lin


def plain_organisation(counter: Counter) -> int:
    assert desk.set_organisation(counter.mia, "Northwind", is_vip=False).done
    return 0


def built_in_texts(counter: Counter) -> int:
    assert desk.set_template(counter.mia, REMINDER, BUILT_IN[REMINDER]).done
    return 0


def plain_agent(counter: Counter) -> int:
    assert agents.set_agent(counter.mia, "zed", role=Role.AGENT).done
    return 0


def empty_place(counter: Counter) -> int:
    """The number of somebody who is not at the desk yet."""
    with counter.store.database.reading():
        return int(Agent.select().count())


def on_sale(counter: Counter) -> int:
    desk.restore_product(counter.mia, "forever")
    return 0


def off_sale(counter: Counter) -> int:
    desk.retire_product(counter.mia, "forever")
    return 0


def plain_policy(counter: Counter) -> int:
    assert desk.set_policy(counter.mia, reminder_hour=9).done
    return 0


def alarming(counter: Counter) -> int:
    """A card that somebody reactivated again and again today, after three quiet weeks: an alarm that nobody saw."""
    counter.wait(days=21)
    reactivated(counter.store, counter.issued(), 3, [counter.clock.now()] * 33)
    return 0


def unsent(counter: Counter) -> int:
    """A card about which a letter waits in the outbox."""
    card = counter.issued(recipient=LIN)
    written(counter.mia, card)
    return card


def left_behind(counter: Counter) -> int:
    """A card of which a reminder was claimed an hour ago by a run that is gone."""
    card = counter.issued(recipient=LIN)
    sheet = counter.sheet(card)
    assert sheet.holder is not None
    claim = {"card": card, "last_day_on": sheet.last_day_on, "lead_days": 7, "customer": sheet.holder.id}
    claimed_at = counter.clock.now() - timedelta(hours=1)
    with counter.store.database.writing():
        Reminder.insert(**claim, state="claimed", is_late=False, tries=1, claimed_at=claimed_at).execute()
    return card
