"""A request for an approval as lines of text, for the dialog and the command line alike."""

from models.rules import wording
from models.rules.approvals import approval_refusal, settled
from models.rules.asked import Asked
from models.rules.money import format_money
from models.rules.policy import GROUNDS_IN_WORDS
from models.rules.reactivation import Reactivation, plan
from models.sheets import CardSheet

Rows = tuple[tuple[str, str], ...]


def request_rows(asked: Asked, sheet: CardSheet) -> Rows:
    """Who asked, when and why, what it rested on then, and what an approval would do now, or why there can be none."""
    business, now = sheet.business, sheet.judged_at
    at, ends = wording.moment(asked.at, business), wording.weekday_moment(asked.lapses_at, business)
    came_of_it = settled(asked, now, business)
    rows = (
        ("Asked by", f"{wording.shortened(asked.by)}, {at}{'' if came_of_it else f'; lapses {ends}'}"),
        ("Card of", sheet.holder.shown_name if sheet.holder else "nobody on file"),
        ("Why", " ".join(asked.why)),
        ("Rests on", ", ".join(GROUNDS_IN_WORDS.get(each, each) for each in asked.grounds) or "no ground needed"),
        ("Lifts", f"the suspension: {asked.reason}" if asked.reason else ""),
        ("Adds", asked.note or ""),
        ("Ticket", asked.ref or ""),
        ("Then", came_of_it or _what_now(asked, sheet)),
    )
    return tuple((label, text) for label, text in rows if text)


def _what_now(asked: Asked, sheet: CardSheet) -> str:
    agent, now, business = sheet.agent, sheet.judged_at, sheet.business
    if asked.by_id == agent.id:
        return "it waits for somebody else"
    refusal = approval_refusal(asked, sheet.facts, agent.id, agent.actor, sheet.policy, now, business)
    return refusal or _effect(plan(sheet.facts, sheet.policy, now, business, held=asked.grounds), sheet)


def _effect(planned: Reactivation, sheet: CardSheet) -> str:
    back = planned.restores_minor
    money = format_money(back or sheet.balance_minor, sheet.currency)
    until = wording.last_day(planned.last_day_on)
    return f"{'gives back' if back else 'keeps'} {money}, last day {until}"
