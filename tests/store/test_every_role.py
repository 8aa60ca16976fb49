"""Every role, every action: done or refused by its own sentence, through the desk's real functions."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from store import readied, wishes
from store.counter import STAFF, Counter
from store.letterbox import Letterbox

from models import credentials, desk
from models.errors import Refused
from models.jobs.accepting import look_ahead
from models.jobs.anchoring import take_anchor
from models.jobs.backup import back_up
from models.jobs.expire import expire
from models.jobs.exporting import export_json_lines
from models.jobs.move import give_up, leave
from models.jobs.own import import_own
from models.jobs.remind import remind
from models.jobs.repair import may_repair, repair
from models.jobs.send import send
from models.jobs.verify import verify
from models.moving.ends import end_of
from models.rules.roles import MAY, Action, Role, role_refusal
from models.unit import Outcome, Session, new_intent

Ready = Callable[[Counter], int]


@dataclass(frozen=True)
class Deed:
    """What is done, and what is made ready for it."""

    does: Callable[[Session, int, Path], Any]
    """Of whom, with what was made ready, in a folder of the test's own."""
    ready: Ready = readied.live
    within: tuple[Action, ...] = ()
    """What it is a part of, and refused for first."""


def wish(asked: Callable[[Session, int, str], Outcome], ready: Ready = readied.live, *within: Action) -> Deed:
    return Deed(lambda session, subject, _folder: asked(session, subject, new_intent()), ready, within)


def link(session: Session, card: int, key: str) -> Outcome:
    return desk.register(session, card, wishes.LIN, organisation="Northwind", intent=key)


def own_password(session: Session, _card: int, key: str) -> Outcome:
    return desk.set_password(session, session.login, "correct horse battery", intent=key)


def take_in(session: Session, _card: int, folder: Path) -> object:
    cards = folder / "cards.csv"
    code = "".join(str(ord(letter)) for letter in session.login)
    cards.write_text(f"code,currency,balance,product_name\nGIFT{code},GBP,5.00,Old\n")
    report = import_own(session, [cards], is_commit=True)
    assert report.refusal is None
    return report


def mend(session: Session, _card: int, _folder: Path) -> object:
    may_repair(session)
    return repair(session, verify(session.store).findings)


def leave_and_stay(session: Session, _card: int, folder: Path) -> None:
    end = end_of(session.store.database)
    with end.ready():
        leave(session, end, folder / "elsewhere.db", "a mark")
    give_up(session)


DEEDS: dict[Action, Deed] = {
    Action.ISSUE: wish(wishes.issue),
    Action.TOP_UP: wish(wishes.top_up),
    Action.REDEEM: wish(wishes.redeem),
    Action.REFUND: wish(wishes.refund, readied.redeemed),
    Action.SUSPEND: wish(wishes.suspend),
    Action.LIFT: wish(wishes.lift, readied.held),
    Action.RAISE_FLAG: wish(wishes.raise_flag),
    Action.CLEAR_FLAG: wish(wishes.clear_flag, readied.flagged),
    Action.NOTE: wish(wishes.note),
    Action.REGISTER: wish(wishes.register),
    Action.LINK_ORGANISATION: wish(link, readied.live, Action.REGISTER),
    Action.SET_ORGANISATION: wish(wishes.set_organisation),
    Action.REACTIVATE: wish(wishes.reactivate, readied.expired),
    Action.ESCALATE: wish(wishes.escalate),
    Action.CANCEL: wish(wishes.cancel),
    Action.REPLACE: wish(wishes.replace),
    Action.EXTEND: wish(wishes.extend),
    Action.TRANSFER: wish(wishes.transfer, readied.two_live),
    Action.ADJUST: wish(wishes.adjust, readied.handed_over),
    Action.CORRECT_PERSON: wish(wishes.correct_person, readied.person),
    Action.MERGE_PEOPLE: wish(wishes.merge_people, readied.person),
    Action.REMOVE_PERSON: wish(wishes.remove_person, readied.person),
    Action.SET_PRODUCT: wish(wishes.set_product),
    Action.SET_POLICY: wish(wishes.set_policy),
    Action.SET_TEMPLATE: wish(wishes.set_template),
    Action.EXPIRE: Deed(lambda session, _card, _folder: expire(session, is_sure=True)),
    Action.REMIND: Deed(lambda session, _card, _folder: remind(session, Letterbox(), is_sure=True)),
    Action.SETTLE_REMINDER: wish(wishes.settle_reminder, readied.left_behind),
    Action.IMPORT: Deed(take_in),
    Action.EXPORT: Deed(lambda session, _card, folder: export_json_lines(session, folder / "cards.jsonl")),
    Action.BACK_UP: Deed(lambda session, _card, folder: back_up(session, folder / f"{session.login}.backup")),
    Action.MOVE: Deed(leave_and_stay),
    Action.REPAIR: Deed(mend),
    Action.ANCHOR: Deed(lambda session, _card, _folder: take_anchor(session)),
    Action.ACCEPT_CLOCK: Deed(lambda session, _card, _folder: look_ahead(session)),
    Action.SET_AGENT: wish(wishes.set_agent),
    Action.SET_PASSWORD: wish(own_password),
    Action.HANDLE_CASE: wish(wishes.open_case),
    Action.REPLY: wish(wishes.say),
    Action.CLOSE_ESCALATION: wish(wishes.close_escalation, readied.handed_over),
    Action.APPROVE: wish(wishes.approve, readied.asked),
    Action.RAISE_QUOTA: wish(wishes.raise_quota, readied.limited),
    Action.LIFT_LOOKUPS: wish(wishes.lift_lookups, readied.slowed),
    Action.RESTRICT: wish(wishes.restrict),
    Action.SEND: Deed(lambda session, _card, _folder: send(session, Letterbox()), readied.unsent),
    Action.SETTLE_LETTER: wish(wishes.settle_letter, readied.unsent),
    Action.WATCH: wish(wishes.see_alarms, readied.alarming),
}


def why_not(deed: Deed, session: Session, subject: int, folder: Path) -> str | None:
    """Why it is refused, as a sentence; None when it is done."""
    try:
        came_of_it = deed.does(session, subject, folder)
    except Refused as refused:
        return str(refused)
    return came_of_it.sentence if isinstance(came_of_it, Outcome) and not came_of_it.done else None


@pytest.mark.parametrize("action", Action)
def test_each_role_does_what_it_may_and_nothing_else(
    counter: Counter, action: Action, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is refused leaves the desk as it was."""
    monkeypatch.setattr(credentials, "COST", wishes.LIGHT)
    deed = DEEDS[action]
    for login, role in STAFF.items():
        counter.wait(days=1)
        subject = deed.ready(counter) if action in MAY[role] else 1
        refusals = [refusal for each in (*deed.within, action) if (refusal := role_refusal(role, each))]
        told = why_not(deed, Session(counter.store, login), subject, tmp_path)
        assert told == next(iter(refusals), None), role
    assert not counter.findings()


def test_every_role_is_at_the_counter() -> None:
    assert set(STAFF.values()) == set(Role)
