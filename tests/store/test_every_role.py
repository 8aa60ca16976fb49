"""Every role, every action: done or refused by its own sentence, through the desk's real functions.

On a server they are told as the role of daily work, which is granted what the README says and nothing else:

    pytest tests/store/test_every_role.py -m slow
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from postgres import AT_LENGTH
from store import readied, wishes
from store.counter import STAFF, Counter
from store.letterbox import Letterbox

from models import credentials, desk
from models.bulks import BySearch, begin_bulk
from models.desk.agents import set_agent
from models.errors import NotAdmitted, Refused
from models.jobs.accepting import look_ahead
from models.jobs.anchoring import take_anchor
from models.jobs.backup import back_up
from models.jobs.expire import expire
from models.jobs.exporting import export_json_lines
from models.jobs.giving_up import give_up
from models.jobs.move import leave
from models.jobs.own import import_own
from models.jobs.remind import remind
from models.jobs.repair import may_repair, repair
from models.jobs.send import send
from models.jobs.verify import verify
from models.moving.ends import end_of
from models.rules.bulk import BulkKind, BulkWish
from models.rules.roles import MAY, Action, Role, role_refusal
from models.schema import TABLES, Approval
from models.unit import Outcome, Session, new_intent

ENGINES = AT_LENGTH
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
    give_up(session, is_sure=True)


def hold_all(session: Session, _card: int, _folder: Path) -> object:
    return begin_bulk(session, BulkWish(BulkKind.SUSPEND, "Stolen batch."), BySearch("status:active"))


def give_all_back(session: Session, _card: int, _folder: Path) -> object:
    return begin_bulk(session, BulkWish(BulkKind.REVERSE_BREAKAGE, "Sorry."), BySearch("status:expired"))


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
    Action.BULK: Deed(hold_all),
    Action.GIVE_BACK: Deed(give_all_back, readied.expired, (Action.BULK,)),
}


NO_DAILY_WORK = {Action.BACK_UP, Action.MOVE}
"""What a server's own tools and the owner of a desk there are for."""


def why_not(deed: Deed, session: Session, subject: int, folder: Path) -> str | None:
    """Why it is refused, as a sentence; None when it is done."""
    try:
        came_of_it = deed.does(session, subject, folder)
    except (Refused, NotAdmitted) as refused:
        return str(refused)
    return came_of_it.sentence if isinstance(came_of_it, Outcome) and not came_of_it.done else None


@pytest.mark.parametrize("action", Action)
def test_each_role_does_what_it_may_and_nothing_else(
    counter: Counter, engine: str, action: Action, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is refused leaves the desk as it was."""
    if engine == "server" and action in NO_DAILY_WORK:
        pytest.skip("not for the role of daily work")
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


def test_whoever_is_disabled_meanwhile_does_nothing(
    counter: Counter, engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every action, by everybody who might: their next deed is refused, though nobody signed them out."""
    monkeypatch.setattr(credentials, "COST", wishes.LIGHT)
    deeds = {action: deed for action, deed in DEEDS.items() if engine == "file" or action not in NO_DAILY_WORK}
    subjects = {action: deed.ready(counter) for action, deed in deeds.items()}
    sessions = {login: Session(counter.store, login) for login in STAFF}
    assert set_agent(counter.mia, "max", role=Role.MANAGER).done
    for login in STAFF:
        assert set_agent(Session(counter.store, "max"), login, is_disabled=True).done
    before = rows(counter)
    for action, deed in deeds.items():
        for login in STAFF:
            told = why_not(deed, sessions[login], subjects[action], tmp_path)
            assert told == f"The login {login} may no longer work at this desk. Ask the manager.", (action, login)
    assert rows(counter) == before
    assert not list(tmp_path.glob("*.jsonl")) + list(tmp_path.glob("*.backup"))


def rows(counter: Counter) -> dict[str, int]:
    """How much stands in each table."""
    with counter.store.database.reading():
        return {table._meta.table_name: table.select().count() for table in TABLES}


CARDS_OWN = "This is a card of your own: ask a colleague."
PERSONS_OWN = "This is a record of your own: ask a colleague."
OWN: dict[Action, str | None] = {
    **dict.fromkeys((Action.TOP_UP, Action.REDEEM, Action.SUSPEND, Action.RAISE_FLAG, Action.NOTE), None),
    **dict.fromkeys((Action.REGISTER, Action.ESCALATE, Action.CANCEL, Action.HANDLE_CASE, Action.REPLY), None),
    Action.ADJUST: None,
    **dict.fromkeys((Action.REACTIVATE, Action.APPROVE, Action.REPLACE, Action.EXTEND, Action.TRANSFER), CARDS_OWN),
    **dict.fromkeys((Action.LIFT, Action.CLEAR_FLAG, Action.REFUND, Action.RESTRICT), CARDS_OWN),
    **dict.fromkeys((Action.CORRECT_PERSON, Action.MERGE_PEOPLE, Action.REMOVE_PERSON), PERSONS_OWN),
}
"""What is said to a manager, who may do anything, about a card or a record of their own; None: it is done.

What is adjusted here is taken from the card: nobody favours themselves by that.
"""


def make_own(counter: Counter, action: Action, subject: int) -> None:
    """Let what was made ready be Mia's, by the address that the desk has of her."""
    if OWN[action] == PERSONS_OWN:
        assert desk.correct_person(counter.sue, subject, email="mia@desk.example").done
        return
    card = Approval.get_by_id(subject).card_id if action is Action.APPROVE else subject
    mine = desk.PersonGiven("Mia Meyer", "mia@desk.example")
    assert desk.register(counter.sue, card, mine).done


@pytest.mark.parametrize("action", OWN)
def test_nobody_favours_themselves(counter: Counter, action: Action, tmp_path: Path) -> None:
    """Also who may do everything; what takes from the card or only writes something down is anybody's."""
    deed = DEEDS[action]
    subject = deed.ready(counter)
    assert set_agent(counter.mia, "mia", email="mia@desk.example").done
    with counter.store.database.connected():
        make_own(counter, action, subject)
    assert why_not(deed, counter.mia, subject, tmp_path) == OWN[action]
    assert not counter.findings()


def test_everything_that_can_be_done_to_a_card_is_tried_on_an_own_one() -> None:
    """Whoever adds an action says whether it is done to a card, and then what is said of an own one."""
    about_no_card = {action for action in Action if action not in OWN}
    assert about_no_card == {
        *(Action.ISSUE, Action.LINK_ORGANISATION, Action.SET_ORGANISATION, Action.SET_PRODUCT, Action.SET_POLICY),
        *(Action.SET_TEMPLATE, Action.EXPIRE, Action.REMIND, Action.SETTLE_REMINDER, Action.IMPORT, Action.EXPORT),
        *(
            Action.BACK_UP,
            Action.MOVE,
            Action.REPAIR,
            Action.ANCHOR,
            Action.ACCEPT_CLOCK,
            Action.SET_AGENT,
            Action.SET_PASSWORD,
            Action.CLOSE_ESCALATION,
        ),
        *(Action.RAISE_QUOTA, Action.LIFT_LOOKUPS, Action.SEND, Action.SETTLE_LETTER, Action.WATCH),
        *(Action.BULK, Action.GIVE_BACK),
    }
