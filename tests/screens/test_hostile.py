"""Whatever somebody managed to store or types: every screen draws it as text, and nothing acts on it.

Eight payloads by default, stored two at a time; all of them, one by one: `pytest -m slow tests/screens/test_hostile.py
-n 2`.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from driver import Driver, at_desk
from rich.cells import set_cell_size
from screens.payloads import ALL, EIGHT
from textual.widgets import Input, Static

from models import desk as actions
from models.clock import FixedClock
from models.desk.agents import set_agent
from models.jobs.demo import START
from models.jobs.expire import expire
from models.people import PersonGiven
from models.rules import texts
from models.rules.errors import BadText
from models.rules.roles import Role
from models.rules.validity import Period, ValidityRules
from models.store import Store, init_store
from models.unit import Outcome, Session
from tui.text import clean
from tui.widgets.bars import Notice

_WORTH = 50_00
_ONE_LINE = 60
PAIRS = {f"{one}, {other}": f"{EIGHT[one]} {EIGHT[other]}" for one, other in zip(*[iter(EIGHT)] * 2, strict=True)}
# Of those that begin with an escape one is enough: a field looks at the characters, not at what they spell.
TYPED = {name: text for name, text in EIGHT.items() if name not in ("title", "clear")}
MORE = {name: text for name, text in ALL.items() if name not in TYPED}
MORE |= {"surrogate": "\ud800", "too long": "x" * 5_000, "nothing": ""}


@dataclass(frozen=True)
class Spoiled:
    """A desk that is full of a payload."""

    store: Store
    expired: str
    """The code of a card whose holder belongs to a VIP organisation."""
    held: str
    """The code of a card on hold with an open flag."""
    spent: str
    """The code of a card that was spent to zero."""


@pytest.fixture
def let_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """The validators look away, as those of another program would."""
    monkeypatch.setattr(texts, "_checked", lambda text, _what, _longest: text)
    monkeypatch.setattr(texts, "_EMAIL", re.compile(".*", re.DOTALL))


def spoil(folder: Path, payload: str, email: str | None = None) -> Spoiled:
    """Store a payload in every field that there is."""
    clock = FixedClock(START - timedelta(days=300))
    store = init_store(folder / "spoiled.db", is_sandbox=True, clock=clock)
    line = payload.replace("\n", " ").replace("\t", " ")
    session, person = Session(store, "eve"), PersonGiven(f"{line} Ann", email or _if_accepted(line))
    done(set_agent(session, "eve", name=line))
    done(set_agent(session, "sam", name=line, role=Role.SUPERVISOR))
    actions.set_product(session, "evil", name=line, rules=ValidityRules(period=Period(6, "months")))

    def issue(on: date) -> tuple[int, str]:
        clock.at = START - (START.date() - on)
        made = actions.issue(session, "evil", _WORTH, recipient=person, place=line, order_ref=line)
        done(made)
        assert made.card_id is not None
        assert made.hand_out is not None
        return made.card_id, made.hand_out

    expired, expired_code = issue(date(2026, 5, 21))
    held, held_code = issue(date(2026, 10, 1))
    spent, spent_code = issue(date(2026, 10, 2))
    done(actions.register(session, expired, person, organisation=line))
    done(actions.set_organisation(session, line, is_vip=True, source=line))
    done(actions.redeem(session, spent, _WORTH, place=line, order_ref=line))
    for card in (expired, held):
        done(actions.note(session, card, payload))
    done(actions.suspend(session, held, payload))
    done(actions.raise_flag(session, held, payload))
    clock.at = START
    expire(session)
    return Spoiled(store, expired_code, held_code, spent_code)


def _if_accepted(line: str) -> str | None:
    """The payload as an e-mail address, unless the desk would never take it for one."""
    try:
        return texts.check_email(line)
    except BadText:
        return None


def done(outcome: Outcome) -> None:
    """The payload was stored."""
    assert outcome.done, outcome.sentence


async def shows_it_everywhere(desk: Driver, spoiled: Spoiled, payload: str) -> None:
    """Go through every screen and dialog; on each the payload is text."""
    shown = set_cell_size(" ".join(clean(payload).split())[:_ONE_LINE], _ONE_LINE).rstrip()
    await finds(desk, spoiled.expired)
    desk.sees("Can be reactivated")
    await presses_harmlessly(desk, "a", "enter")
    for _ in range(3):
        await presses_harmlessly(desk, "escape", "down", "enter")
        if "What note" in desk.words():
            desk.sees(shown)
    await presses_harmlessly(desk, "escape", "y", "escape")
    await finds(desk, spoiled.spent)
    desk.sees("Nothing is left: the last 50.00 GBP")
    await presses_harmlessly(desk, "y", "escape")
    await finds(desk, spoiled.held)
    desk.sees("The card is suspended and 1 flag is open.")
    await presses_harmlessly(desk, "c", "enter", "z", "end", "f9", "x", "escape", "enter", "escape")
    await presses_harmlessly(desk, "r", "x")
    await desk.types("cleared\r")
    desk.is_harmless()
    await desk.types("/ann\r")
    desk.sees("3 cards")
    desk.is_harmless()
    for filtered in ("place:nowhere", "product:nothing"):
        await desk.presses("slash", "home", "shift+end", "delete")
        await desk.types(f"{filtered}\r")
        desk.sees("is called")
        desk.is_harmless()
    await desk.presses("slash", "home", "shift+end", "delete")
    await finds(desk, spoiled.expired)
    await presses_harmlessly(desk, "r")
    assert actions.reactivate(desk.colleague("eve"), desk.card_id).done
    await presses_harmlessly(desk, "enter")
    desk.sees("reactivated this card already")
    await presses_harmlessly(desk, "f12", "end", "enter", "enter")
    assert desk.app.is_running


async def finds(desk: Driver, code: str) -> None:
    """Open a card by its code."""
    await desk.types(f"/{code}\r" if not desk.desk.finder.field.has_focus else f"{code}\r")
    desk.is_harmless()


async def presses_harmlessly(desk: Driver, *keys: str) -> None:
    """Press keys one by one, looking at the screen after each."""
    for key in keys:
        await desk.presses(key)
        desk.is_harmless()


async def refuses_or_stores(desk: Driver, code: str, payload: str) -> None:
    """Fill every field of every dialog; each time one sentence tells what came of it."""
    await finds(desk, code)
    for key in "cnfsuegxdmC":
        await desk.presses(key)
        refused = desk.desk.query_one(Notice).sentence
        for field in desk.app.screen.query(Input):
            field.value = payload
        await desk.presses("enter")
        desk.is_harmless()
        if "Leave it" in desk.words():
            sentence = str(desk.app.screen.query_one(".wrong", Static).content)
            await desk.presses("escape")
        else:
            sentence = desk.desk.query_one(Notice).sentence or refused
        assert sentence.endswith((".", ")", "?"))
        assert "\n" not in sentence
        await desk.presses("escape" if desk.desk.pane.is_reading else "a")
    await desk.presses("slash")
    desk.desk.finder.field.value = payload
    await desk.presses("enter")
    desk.is_harmless()
    await desk.presses("slash")
    await desk.pastes(payload)
    await desk.presses("enter")
    desk.is_harmless()
    assert desk.app.is_running


@pytest.mark.parametrize("payload", PAIRS.values(), ids=PAIRS.keys())
@pytest.mark.usefixtures("let_in")
async def test_stored_text_is_text(quick_folder: Path, payload: str) -> None:
    spoiled = spoil(quick_folder, payload)
    async with at_desk(spoiled.store) as desk:
        await shows_it_everywhere(desk, spoiled, payload)


@pytest.mark.slow
@pytest.mark.parametrize("payload", ALL.values(), ids=ALL.keys())
@pytest.mark.usefixtures("let_in")
async def test_all_stored_text_is_text(quick_folder: Path, payload: str) -> None:
    spoiled = spoil(quick_folder, payload)
    async with at_desk(spoiled.store) as desk:
        await shows_it_everywhere(desk, spoiled, payload)


@pytest.mark.parametrize("payload", TYPED.values(), ids=TYPED.keys())
async def test_typed_text_is_refused_or_stored(quick_folder: Path, payload: str) -> None:
    spoiled = spoil(quick_folder, "Ann", "ann@example.org")
    async with at_desk(spoiled.store) as desk:
        await refuses_or_stores(desk, spoiled.held, payload)


@pytest.mark.slow
@pytest.mark.parametrize("payload", MORE.values(), ids=MORE.keys())
async def test_all_typed_text_is_refused_or_stored(quick_folder: Path, payload: str) -> None:
    spoiled = spoil(quick_folder, "Ann", "ann@example.org")
    async with at_desk(spoiled.store) as desk:
        await refuses_or_stores(desk, spoiled.held, payload)
