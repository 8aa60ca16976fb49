"""Pictures of every screen, in all profiles, small and wide. They are looked at when they are accepted.

Accept changed pictures with `pytest tests/screens/test_snapshots.py --snapshot-update`. A picture that no test
takes any more fails a run without -n.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from driver import Driver, make_app
from screens.alarms import overdone
from screens.conftest import Demo
from screens.letters import with_reminders
from textual.app import App
from textual.pilot import Pilot

from models import desk as actions
from models.clock import FixedClock
from models.desk.agents import set_agent
from models.jobs.demo import START
from models.people import PersonGiven
from models.rules.families import REMINDER
from models.rules.reminders import State
from models.rules.templates import Texts
from models.rules.validity import Period, ValidityRules
from models.schema import Reminder
from tui.terminal import Profile

SMALL, BROAD = (80, 24), (140, 40)
VIP = "Expired this morning, VIP"
HELD = "Suspended, no flag"
FLAGGED = "Suspended with a flag"
ACTIVE = "Active: confirm"
LATE = "Expired 35 hours ago"
IN_TOWN = "Spent in the shops of Leeds and Bath only"
GILS = "Gil alone may spend it"
DEAR = "Expired this morning, above 100"
ASKED = "Sam asked for approval"
BUSY = "Never expires, with forty visits"
F4, F5, F6, F7, F8, F9 = "\x1bOS", "\x1b[15~", "\x1b[17~", "\x1b[18~", "\x1b[19~", "\x1b[20~"
F11, F12, END = "\x1b[23~", "\x1b[24~", "\x1b[F"
CTRL_R, CTRL_O, CTRL_T, DOWN, UP = "\x12", "\x0f", "\x14", "\x1b[B", "\x1b[A"

Compare = Callable[..., bool]
Steps = Callable[[Driver], Awaitable[None]]


@dataclass(frozen=True)
class Scene:
    """What is done before the picture is taken: keys at a card, or at the empty desk."""

    name: str
    scenario: str | None = None
    keys: str = ""
    """As they are typed; a return is Enter."""
    named: tuple[str, ...] = ()
    """Keys by their names, pressed last."""
    login: str = "sam"
    meanwhile: Callable[[Driver], None] = lambda _desk: None
    """What a colleague does then."""
    then: str = ""
    """What is typed after that."""
    shown: str = ""
    """What comes by itself then."""


def register_meanwhile(desk: Driver) -> None:
    """Pat registers the open card to somebody else."""
    assert actions.register(desk.colleague("pat"), desk.card_id, PersonGiven("Zoe Quick", "zoe@example.org")).done


def hand_over(desk: Driver) -> str:
    """Sam hands the open card over to Payments Support; the id of the escalation."""
    why = actions.Escalation.STILL_FAILS
    return str(actions.escalate(desk.colleague("sam"), desk.card_id, why, "Tried twice").facts["escalation"])


def take_meanwhile(desk: Driver) -> None:
    """Olu of Payments Support has it in hand."""
    assert actions.take_escalation(desk.colleague("olu"), hand_over(desk)).done


def answer_meanwhile(desk: Driver) -> None:
    """Olu answers."""
    given = actions.Answer.REPAIRED, "It takes the card since noon."
    assert actions.close_escalation(desk.colleague("olu"), hand_over(desk), *given).done


def remind(desk: Driver) -> None:
    """There are reminders to come, and some that nobody settled."""
    with_reminders(desk.store)


def save_meanwhile(desk: Driver) -> None:
    """A colleague saves other texts."""
    assert actions.set_template(desk.colleague("mia"), REMINDER, Texts("Soon", "Hello {{name}}")).done


def lose_sight_of_a_reminder(desk: Driver) -> None:
    """A run that was killed leaves a reminder of the open card behind, and the mail server refused another."""
    rows = [
        {"lead_days": 14, "state": State.CLAIMED, "said": None},
        {"lead_days": 7, "state": State.REFUSED, "said": "550 5.1.1 <fay@example.org>: no such user here"},
    ]
    assert desk.desk.sheet is not None
    assert desk.desk.sheet.holder is not None
    holder = desk.desk.sheet.holder.id
    hand = {"card": desk.card_id, "last_day_on": date(2027, 2, 2), "customer": holder, "is_late": False, "tries": 1}
    with desk.store.database.writing():
        Reminder.insert_many([{**hand, **row, "claimed_at": START - timedelta(hours=5)} for row in rows]).execute()


def overdo(desk: Driver) -> None:
    """Sam reactivates five cards a day, and tries his own; a card of somebody with Pat's address was among them."""
    overdone(desk.store)


LETTERS = Scene("letters", meanwhile=remind, then=F8)
WRONG_TEXT = Scene("wrong text", login="mia", meanwhile=remind, then=f"{F8}eDear {{{{nmae}}}}")
PREVIEW = Scene("preview", login="mia", meanwhile=remind, then=f"{F8}je{F4}")


def change_and_retire(desk: Driver) -> None:
    """Mia has the classic card sold in stores for a year, and Dinner for two no more."""
    mia = desk.colleague("mia")
    year = ValidityRules(activation_delay_days=3, period=Period(1, "years"))
    leads = (Period(2, "weeks"), Period(3, "days"))
    assert actions.set_product(mia, "classic", rules=year, reminders=leads, channels=("store",)).done
    assert actions.retire_product(mia, "dinner").done


def give_a_password(desk: Driver) -> None:
    assert actions.set_password(desk.colleague("mia"), "sam", "correct horse battery").done


def disable(desk: Driver) -> None:
    assert set_agent(desk.colleague("mia"), "sam", is_disabled=True).done


PRODUCTS = Scene("products", login="mia", meanwhile=change_and_retire, then=f"{F6}j")
EDITOR = Scene("product", login="mia", meanwhile=change_and_retire, then=f"{F6}\r")
SETTLE = Scene("settle", ACTIVE, login="pat", meanwhile=lose_sight_of_a_reminder, then=f"{F5}R\r")
EXTENSION = f"status:expired\r{CTRL_T}n\rThe restaurant is closed\t31 Dec 2027\r"
BULK = Scene("bulk preview", keys=EXTENSION, login="mia")
WHO = Scene("who works here", VIP, named=("f12",))
LOCKED = Scene("locked", VIP, meanwhile=give_a_password, then=f"{F12}{END}\r")
IN_EVERY_PROFILE = (
    LOCKED,
    EDITOR,
    WRONG_TEXT,
    Scene("case", VIP, "cCard expired, says the till\rz"),
    Scene("a purchase refused", IN_TOWN, f"S100\tYork{UP}{UP}ll\r"),
    Scene("watch", login="pat", meanwhile=overdo, then=F11),
    Scene("worklist", named=("f7", "down", "enter")),
    Scene("as it was", "Expired this morning, within", "t1 Oct 2026 12:00\r"),
    Scene("approval", ASKED, "A", login="pat"),
    Scene("plot", keys=":report roll-forward\rp"),
    Scene("help", named=("f1",)),
    Scene("palette", ACTIVE, named=("ctrl+p",)),
    Scene("near miss", keys="9VY9 NYQP KPN5 XPT8\r"),
)
"""On a small terminal, whatever it can draw: one picture of every kind of element."""

EVERYWHERE = (
    Scene("find"),
    Scene("results", keys="Ben Okafor\r"),
    Scene("card", VIP),
    Scene("reactivate", VIP, "r"),
)
SMALL_ONLY = (
    *IN_EVERY_PROFILE,
    WHO,
    PRODUCTS,
    LETTERS,
    SETTLE,
    Scene("intake", VIP, "c"),
    Scene("cases", VIP, f"cit beeps\r/9VY9 NYQP KPN5 XPT9\r{F9}", login="pat"),
    Scene("customer's view", ACTIVE, "v"),
    Scene("restricted to a person", GILS),
    Scene("replies", VIP, "Y"),
    Scene("to be answered", ACTIVE, login="olu", meanwhile=take_meanwhile, then=f"{F5}E"),
    Scene("answered", ACTIVE, meanwhile=answer_meanwhile, then=F5),
    Scene("worklists", named=("f7",)),
    BULK,
    Scene("bulk work", keys=f"{EXTENSION}b\r", login="mia"),
    Scene("report", keys=f"{CTRL_R}\r"),
    Scene("asks for approval", DEAR, "r"),
    Scene("review", FLAGGED),
    Scene("reactivate a hold", HELD, "r"),
    Scene("command", VIP, ":re"),
    Scene("nothing found", keys="2222 3333 4444 555N\r"),
    Scene("unreadable", keys="9VY9 N?QP KPN5 XP?9\r"),
    Scene("syntax help", keys="status:active on:"),
    Scene("cards for letters", keys="okaf", shown="4 cards"),
    Scene("filtered", keys="vip status:active\r"),
    Scene("declined", LATE),
    Scene("refused", LATE, "r"),
    Scene("lift", HELD),
    Scene("too early", "Bought yesterday"),
    Scene("spent", "Spent to the last penny"),
    Scene("inconsistent", "Does not add up"),
    Scene("why zero", "Spent to the last penny", "w"),
    Scene("another time", "Expired this morning, within", "t1 Oct 2026 12:00"),
    Scene("as it will be", "Last day is today", "ttomorrow 3:00\rs"),
    Scene("what changed", ACTIVE, "g", meanwhile=register_meanwhile, then="Grace Hopper\r"),
    Scene("cancelled", "The order was cancelled"),
    Scene("long history", BUSY, "G"),
    Scene("all activities", FLAGGED, "a"),
    Scene("one activity", VIP, "\r"),
    Scene("done", VIP, "r\r"),
    Scene("waits for approval", DEAR, "r\r"),
    Scene("withdraw", ASKED, "A"),
    Scene("reply", LATE, "y"),
    Scene("replies in German", ACTIVE, "YL"),
    Scene("reply by e-mail", ACTIVE, "Ym"),
    Scene("reply that is only read", ACTIVE, "y", login="ivy"),
    Scene("names of texts", login="mia", meanwhile=remind, then=f"{F8}e{CTRL_O}{DOWN * 6}"),
    Scene("texts of a reply", login="mia", meanwhile=remind, then=f"{F8}e{CTRL_O}{DOWN * 10}\r"),
    Scene("reason missing", HELD, "r\r"),
    Scene("suspend", ACTIVE, "sreported lost", login="pat"),
    Scene("note", ACTIVE, "n"),
    Scene("flag", ACTIVE, "f"),
    Scene("clear flag", FLAGGED, "x"),
    Scene("register", ACTIVE, "g", login="pat"),
    Scene("escalate", ACTIVE, "e"),
    Scene("packet", ACTIVE, "eTried twice\r"),
    Scene("transfer", ACTIVE, "mJY4K 5NHF 57F8 C2TN\t10\rBought twice", login="pat"),
    Scene("try a purchase", ACTIVE, "S"),
    Scene("restrict", GILS, "P", login="pat"),
    Scene("replaced", "An old code"),
    Scene("adjust", ACTIVE, "b-5.00", login="olu"),
    Scene("all cards of one person", VIP, "p"),
    Scene("correct", VIP, "i", login="pat"),
    Scene("merge", "Expired weeks ago, but a VIP", "Mclemence@example.org\r", login="pat"),
    Scene("ask for removal", HELD, "D", login="pat"),
    Scene("auditor", ACTIVE, login="ivy"),
    Scene("refused reminders", ACTIVE, meanwhile=lose_sight_of_a_reminder, then=f"{F7}{DOWN * 3}\r"),
    Scene("letters in hand", meanwhile=remind, then=f"{F8}G"),
    Scene("close a case", VIP, f"{F9}x"),
    Scene("fields", login="mia", meanwhile=remind, then=f"{F8}e{CTRL_T}j"),
    PREVIEW,
    Scene("other texts meanwhile", keys=f"{F8}eDear ", login="mia", meanwhile=save_meanwhile, then=F5),
    Scene("product for an agent", keys=f"{F6}\r"),
    Scene("product that can't be", login="mia", keys=f"{F6}\r\t\t0\t30 Jun 2027\t\tx\r"),
    Scene("save a product", login="mia", keys=f"{F6}n\x15Half year\thalf\t\t\t\t \t6 months\r"),
    Scene("product was changed", login="mia", keys=f"{F6}\rx", meanwhile=change_and_retire, then="\r\r"),
    Scene("help for keys", named=("f1", *["pagedown"] * 3)),
    Scene("wrong password", VIP, named=("f12", "end", "enter"), meanwhile=give_a_password, then="\r"),
    Scene("locked without a password", VIP, named=("f12", "end", "enter")),
    Scene("gone", VIP, meanwhile=disable, then="r"),
)
BROAD_ONLY = (
    WHO,
    LOCKED,
    WRONG_TEXT,
    EDITOR,
    Scene("list and card", keys="Ben Okafor\r\r"),
    Scene("near miss", keys="9VY9 NYQP KPN5 XPT8\r"),
    Scene("worklist and card", named=("f7", "down", "enter", "enter")),
    Scene("reply", VIP, "y"),
    Scene("report and plot", keys=f"{CTRL_R}\r"),
    Scene("palette", named=("ctrl+p",)),
)
ASCII_TOO = (
    *IN_EVERY_PROFILE,
    PREVIEW,
    BULK,
    Scene("nothing found", keys="2222 3333 4444 555N\r"),
    Scene("too early", "Bought yesterday"),
    Scene("cancelled", "The order was cancelled"),
    Scene("long history", BUSY, "G"),
)


def take(demo: Demo, snap_compare: Compare, scene: Scene, profile: Profile, size: tuple[int, int]) -> bool:
    """Take the picture and compare it with the accepted one."""
    app = make_app(demo.store, demo.scenarios, login=scene.login, profile=profile)
    clock = demo.store.clock
    assert isinstance(clock, FixedClock)

    async def run_before(pilot: Pilot[None]) -> None:
        desk = Driver(app, clock, pilot)
        await desk.settles()
        if scene.scenario is not None:
            await desk.opens(scene.scenario)
        await desk.types(scene.keys)
        await desk.presses(*scene.named)
        scene.meanwhile(desk)
        await desk.types(scene.then)
        await desk.expects(scene.shown)
        await steady(app, desk)

    return snap_compare(app, terminal_size=size, run_before=run_before)


async def steady(app: App[None], desk: Driver) -> None:
    """Wait until the picture does not change any more; no cursor blinks in it."""
    for field in app.screen.query("Input"):
        field.cursor_blink = False  # type: ignore[attr-defined]
    before = ""
    while before != (now := desk.screen_text()):
        before = now
        await desk.pilot.pause(0.02)


@pytest.mark.parametrize("profile", list(Profile))
@pytest.mark.parametrize("size", [SMALL, BROAD], ids=["80x24", "140x40"])
@pytest.mark.parametrize("scene", EVERYWHERE, ids=lambda scene: scene.name)
def test_everywhere(demo: Demo, snap_compare: Compare, scene: Scene, size: tuple[int, int], profile: Profile) -> None:
    """The screens of the ordinary case, in every profile and size."""
    assert take(demo, snap_compare, scene, profile, size)


@pytest.mark.parametrize("scene", SMALL_ONLY, ids=lambda scene: scene.name)
def test_small(demo: Demo, snap_compare: Compare, scene: Scene) -> None:
    """All others, where there is least room."""
    assert take(demo, snap_compare, scene, Profile.FULL, SMALL)


@pytest.mark.parametrize("scene", BROAD_ONLY, ids=lambda scene: scene.name)
def test_broad(demo: Demo, snap_compare: Compare, scene: Scene) -> None:
    """What looks different with room."""
    assert take(demo, snap_compare, scene, Profile.FULL, BROAD)


@pytest.mark.parametrize("scene", IN_EVERY_PROFILE, ids=lambda scene: scene.name)
def test_lean(demo: Demo, snap_compare: Compare, scene: Scene) -> None:
    """What looks different with sixteen colours."""
    assert take(demo, snap_compare, scene, Profile.LEAN, SMALL)


@pytest.mark.parametrize("scene", ASCII_TOO, ids=lambda scene: scene.name)
def test_ascii(demo: Demo, snap_compare: Compare, scene: Scene) -> None:
    """What looks different without signs and colours."""
    assert take(demo, snap_compare, scene, Profile.ASCII, SMALL)
