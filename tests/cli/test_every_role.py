"""Every role, every action, by its command: who may not is told so in the action's own sentence, and others are not."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from cli.clerk import Clerk
from store.counter import NOON, STAFF, Counter, furnish
from store.readied import left_behind
from store.wishes import LIGHT

from models import credentials, desk
from models.clock import FixedClock
from models.rules.roles import MAY, Action, role_refusal
from models.store import open_store

HELD_BY = desk.PersonGiven("Lin", "lin@example.org")
WHY = ("--reason", "asked for")


@dataclass(frozen=True)
class Desk:
    """One desk for all of them, in whatever state the commands before have left it."""

    database: Path
    codes: tuple[str, str]
    record: int
    """A card with a reminder that a person must decide about."""
    folder: Path


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk with everybody at it, two cards, a letter and a hand-over."""
    folder = tmp_path_factory.mktemp("roles")
    path = furnish(folder / "desk.db")
    clock = FixedClock(NOON)
    counter = Counter(open_store(path, clock), clock)
    mia = counter.mia
    issued = [desk.issue(mia, "half", 5000, recipient=HELD_BY, order_ref="A-1") for _ in range(2)]
    card = issued[0].card_id
    assert card is not None
    assert desk.redeem(mia, card, 1000, order_ref="A-2").done
    assert desk.raise_flag(mia, card, "doubt").done
    assert desk.escalate(mia, card, desk.Escalation.STILL_FAILS, "fails").done
    record = left_behind(counter)
    for name, text in (
        ("password", "correct horse battery\n"),
        ("cards.csv", "code,currency,balance,product_name\nGIFT123456,GBP,5.00,Old\n"),
        ("text", "Hello {{name}}\n"),
    ):
        (folder / name).write_text(text)
        (folder / name).chmod(0o600)
    first, second = (outcome.hand_out or "" for outcome in issued)
    return Desk(path, (first, second), record, folder)


Words = Callable[[Desk], tuple[str, ...]]


def on_card(*words: str) -> Words:
    """A command on the first card: its code comes after the words of the command, before the options."""
    options = next((place for place, word in enumerate(words) if word.startswith("--")), len(words))
    return lambda at: (*words[:options], at.codes[0], *words[options:])


def plain(*words: str) -> Words:
    return lambda _at: words


COMMANDS: dict[Action, Words] = {
    Action.ISSUE: plain("issue", "--product", "half", "--amount", "5"),
    Action.TOP_UP: on_card("top-up", "--amount", "1"),
    Action.REDEEM: on_card("redeem", "--amount", "1"),
    Action.REFUND: on_card("refund", "--of", "A-2", "--amount", "1"),
    Action.SUSPEND: on_card("suspend", *WHY),
    Action.LIFT: on_card("lift", *WHY),
    Action.RAISE_FLAG: on_card("flag", *WHY),
    Action.CLEAR_FLAG: on_card("flag", "--clear", *WHY),
    Action.NOTE: lambda at: ("note", at.codes[0].replace(" ", ""), "She called"),
    Action.REGISTER: on_card("register", "--name", "Lin", "--email", "lin@example.org"),
    Action.LINK_ORGANISATION: on_card("register", "--name", "Lin", "--organisation", "Northwind"),
    Action.SET_ORGANISATION: plain("organisation", "set", "Northwind", "--no-vip"),
    Action.REACTIVATE: on_card("reactivate", *WHY),
    Action.ESCALATE: on_card("escalate", "--text", "Fails again"),
    Action.CANCEL: on_card("cancel", *WHY),
    Action.REPLACE: on_card("replace", *WHY),
    Action.EXTEND: on_card("extend", "--until", "2027-12-31", *WHY),
    Action.TRANSFER: lambda at: ("transfer", at.codes[0], "--to", at.codes[1], "--amount", "1", *WHY),
    Action.ADJUST: on_card("adjust", "--amount", "+1", "--escalation", "E1-4", *WHY),
    Action.CORRECT_PERSON: plain("person", "correct", "1", "--name", "Lin Wu"),
    Action.MERGE_PEOPLE: plain("person", "merge", "1", "2"),
    Action.REMOVE_PERSON: plain("person", "remove", "1", "--ref", "ZD-7"),
    Action.SET_PRODUCT: plain("product", "set", "half", "--name", "Half a year"),
    Action.SET_POLICY: plain("policy", "set", "--reminder-hour", "8"),
    Action.SET_TEMPLATE: lambda at: ("template", "set", "reminder", "--text", str(at.folder / "text")),
    Action.EXPIRE: plain("expire", "--yes"),
    Action.REMIND: plain("remind", "--yes"),
    Action.SETTLE_REMINDER: lambda at: ("reminder", "settle", "--record", str(at.record), "--drop", *WHY),
    Action.IMPORT: lambda at: ("import", "giftdesk", str(at.folder / "cards.csv"), "--commit"),
    Action.EXPORT: plain("export", "jsonl", "-"),
    Action.BACK_UP: lambda at: ("backup", str(at.folder)),
    Action.MOVE: plain("move", "--give-up"),
    Action.REPAIR: plain("verify", "--repair"),
    Action.ANCHOR: plain("anchor"),
    Action.ACCEPT_CLOCK: plain("doctor", "--accept-clock"),
    Action.SET_AGENT: plain("agents", "set", "zed", "--name", "Zed"),
    Action.SET_PASSWORD: lambda at: ("agents", "password", "--password-file", str(at.folder / "password")),
    Action.HANDLE_CASE: on_card("case", "open"),
    Action.REPLY: on_card("reply"),
    Action.CLOSE_ESCALATION: plain("escalation", "close", "E1-4", "--outcome", "nothing_wrong"),
    Action.APPROVE: plain("approval", "approve", "1"),
    Action.RAISE_QUOTA: plain("agents", "raise", "sam", "--to", "20", *WHY),
    Action.LIFT_LOOKUPS: plain("agents", "lift", "sam", *WHY),
    Action.RESTRICT: on_card("restrict", "--lift", *WHY),
    Action.SEND: plain("outbox", "send"),
    Action.SETTLE_LETTER: plain("outbox", "settle", "1", "--drop", *WHY),
    Action.WATCH: plain("watch"),
    Action.BULK: plain("bulk", "suspend", "--search", "product:half", *WHY),
    Action.GIVE_BACK: plain("bulk", "reverse", "--search", "product:half", *WHY),
}
WITHIN = {Action.LINK_ORGANISATION: Action.REGISTER, Action.GIVE_BACK: Action.BULK}
"""What an action is a part of, and refused for first."""


@pytest.mark.parametrize("action", Action)
def test_each_role_is_told_by_the_command_what_it_may_not(
    at: Desk, action: Action, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIFTDESK_DB", str(at.database))
    monkeypatch.setattr(credentials, "COST", LIGHT)
    clerk = Clerk(capsys, at.database)
    for clerk.login, role in sorted(STAFF.items(), key=lambda one: action in MAY[one[1]]):
        answer = clerk.types(*COMMANDS[action](at))
        if action in MAY[role]:
            assert answer.code not in (2, 70), answer
            assert not re.match("An? .* may not .*; ask ", answer.err), answer
        else:
            first = WITHIN.get(action, action)
            assert (answer.code, answer.out) == (1, "")
            assert answer.err.strip() == (role_refusal(role, first) or role_refusal(role, action))
