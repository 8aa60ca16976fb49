"""What is made ready on a desk before somebody wishes for something."""

from datetime import timedelta

from store.counter import NOON, Counter
from store.journals import reactivated
from store.mailroom import written
from store.wishes import LIN

from models import desk
from models.agents import look_up
from models.desk import agents
from models.jobs.expire import expire
from models.lookups import record_miss
from models.rules.cases import CaseOutcome
from models.rules.families import BUILT_IN, REMINDER
from models.rules.roles import Role
from models.schema import Agent, Reminder


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
