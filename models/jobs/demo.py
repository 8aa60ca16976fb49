"""The demo: a sandbox with a card for every verdict, made by the desk's own actions at past instants."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from models import desk
from models.agents import sign_on
from models.clock import FixedClock
from models.errors import Refused
from models.jobs.expire import expire
from models.people import PersonGiven
from models.rules.roles import Role
from models.rules.validity import Period, ValidityRules
from models.store import Store, init_store
from models.unit import Outcome, Session

START: Final = datetime(2026, 11, 21, 14, 2, tzinfo=UTC)
"""When the demo takes place: a Saturday afternoon, eleven hours after a cut-off."""

_SEED: Final = 20261121
_REMINDERS: Final = (Period(2, "weeks"), Period(1, "days"))
AGENTS: Final = {
    "sam": ("Sam", Role.AGENT),
    "pat": ("Pat", Role.SUPERVISOR),
    "mia": ("Mia", Role.MANAGER),
    "ivy": ("Ivy", Role.AUDITOR),
    "olu": ("Olu", Role.PAYMENTS),
    "kit": ("Kit", Role.OPERATOR),
}


@dataclass(frozen=True, slots=True)
class Scenario:
    """A card to try."""

    code: str
    """The full code, in groups: known here only because this is a sandbox that is thrown away."""
    shows: str
    """What it shows, and what to do."""


def build_demo(path: Path) -> tuple[Store, tuple[Scenario, ...]]:
    """Make the demo's sandbox at a path; the codes are the same every time."""
    clock = FixedClock(START - timedelta(days=400))
    store = replace(init_store(path, is_sandbox=True, clock=clock), pick=random.Random(_SEED).randrange)
    with store.database.connected():
        # It is thrown away: no power cut has to be survived.
        store.database.execute_sql("PRAGMA synchronous = 0")
        with store.database.writing():
            for login, (name, role) in AGENTS.items():
                sign_on(store, clock.now(), login=login, name=name, role=role, email=f"{login}@giftdesk.example")
        scene = _Scene(Session(store, "mia"), clock)
        scene.set_products()
        scenarios = tuple(Scenario(make(scene), shows) for shows, make in _SCENARIOS)
    clock.at = START
    return store, (*scenarios, Scenario("2222 3333 4444 555N", "No such card: ask for the code again."))


class _Scene:
    """Verbs for telling a card's past."""

    def __init__(self, session: Session, clock: FixedClock) -> None:
        self.session = session
        self.clock = clock

    def at(self, days_ago: float) -> None:
        """Set the clock to some days before the demo begins."""
        self.clock.at = START - timedelta(days=days_ago)

    def set_products(self) -> None:
        for code, name, rules in (
            ("classic", "Classic 50", ValidityRules(period=Period(6, "months"))),
            ("spa", "Spa day", ValidityRules(period=Period(1, "years"), activation_delay_days=3)),
            ("dinner", "Dinner for two", ValidityRules(period=Period(12, "months"), month_end=True)),
            ("thanks", "Thank you", ValidityRules()),
        ):
            desk.set_product(self.session, code, name=name, rules=rules, reminders=_REMINDERS)
        year = ValidityRules(period=Period(1, "years"))
        desk.set_product(
            self.session,
            "town",
            name="Town shops",
            rules=year,
            spend_places=("Leeds", "Bath"),
            spend_channels=("store",),
        )

    def issue(self, bought_on: date, person: PersonGiven, *, product: str = "classic", pounds: int = 50) -> "_Card":
        self.clock.at = datetime(bought_on.year, bought_on.month, bought_on.day, 11, 14, tzinfo=UTC)
        place = ("Leeds", "Bath", "York", "Web shop")[pounds % 4]
        outcome = done(
            desk.issue(
                self.session,
                product,
                pounds * 100,
                recipient=person,
                place=place,
                order_ref=str(10400 + bought_on.toordinal() % 599),
            )
        )
        assert outcome.card_id is not None
        assert outcome.hand_out is not None
        return _Card(self, outcome.card_id, outcome.hand_out)


@dataclass(frozen=True, slots=True)
class _Card:
    """One card of the demo."""

    scene: _Scene
    id: int
    code: str

    def spend(self, days_ago: float, minor: int, place: str) -> "_Card":
        self.scene.at(days_ago)
        done(desk.redeem(self.scene.session, self.id, minor, place=place, order_ref=str(20000 + minor)))
        return self

    def top_up(self, days_ago: float, minor: int) -> "_Card":
        self.scene.at(days_ago)
        done(desk.top_up(self.scene.session, self.id, minor, place="Web shop"))
        return self

    def expire(self, days_ago: float = 0.4) -> "_Card":
        """Let the expiry run come by."""
        self.scene.at(days_ago)
        expire(self.scene.session)
        return self

    def suspend(self, days_ago: float, reason: str) -> "_Card":
        self.scene.at(days_ago)
        done(desk.suspend(self.scene.session, self.id, reason))
        return self

    def flag(self, days_ago: float, reason: str) -> "_Card":
        self.scene.at(days_ago)
        done(desk.raise_flag(self.scene.session, self.id, reason))
        return self

    def note(self, days_ago: float, text: str) -> "_Card":
        self.scene.at(days_ago)
        done(desk.note(self.scene.session, self.id, text))
        return self

    def belong_to(self, days_ago: float, person: PersonGiven, organisation: str) -> "_Card":
        self.scene.at(days_ago)
        done(desk.register(self.scene.session, self.id, person, organisation=organisation))
        done(desk.set_organisation(self.scene.session, organisation, is_vip=True, source="CRM"))
        return self

    def restrict(self, days_ago: float, person: PersonGiven, reason: str) -> "_Card":
        self.scene.at(days_ago)
        done(desk.restrict(self.scene.session, self.id, person, reason))
        return self

    def cancel(self, days_ago: float) -> "_Card":
        self.scene.at(days_ago)
        done(desk.cancel(self.scene.session, self.id, "Order cancelled by the payer"))
        return self

    def replace(self, days_ago: float, reason: str) -> "_Card":
        """Let another card take its place; the scenario goes on with this one, whose code is the old one."""
        self.scene.at(days_ago)
        done(desk.replace(self.scene.session, self.id, reason))
        return self

    def ask(self, days_ago: float, note: str) -> "_Card":
        """Let Sam ask for an approval."""
        self.scene.at(days_ago)
        done(desk.reactivate(Session(self.scene.session.store, "sam"), self.id, note=note))
        return self

    def spoil(self) -> "_Card":
        """Change the card's row behind the journal's back, as only somebody with the file can."""
        database = self.scene.session.store.database
        with database.writing():
            database.execute_sql("UPDATE gift_card SET balance_minor = balance_minor + 2500 WHERE id = ?", (self.id,))
        return self


def done(outcome: Outcome) -> Outcome:
    """What was done for a past that is made up. Raises Refused for what the desk refused."""
    if not outcome.done:
        raise Refused(outcome.sentence)
    return outcome


_ADA: Final = PersonGiven("Ada Lovelace", "ada@northwind.example")
_BEN: Final = PersonGiven("Ben Okafor", "ben@example.org")
_CLÉ: Final = PersonGiven("Clémence Roux", "clemence@example.org")
_DAN: Final = PersonGiven("Dan van der Berg", "dan@example.org")
_EVA: Final = PersonGiven("Eva Müller", "eva@northwind.example")
_FAY: Final = PersonGiven("Fay Björnsdóttir", "fay@example.org")
_GIL: Final = PersonGiven("Gil Haddad", "gil@example.org")
_GUS: Final = PersonGiven("Gus Adeyemi", "gus@example.org")
_HAL: Final = PersonGiven("Hal Brandt", "hal@example.org")
_NORTHWIND: Final = "Northwind"
_YESTERDAY: Final = date(2026, 5, 21)
"""A purchase whose six months ended on the day before the demo: cut off this morning at 03:00."""


def _busy(scene: _Scene) -> str:
    card = scene.issue(date(2026, 9, 1), _DAN, product="thanks", pounds=400)
    places = ("Leeds", "Bath", "York", "Brighton")
    for visit in range(40):
        card.spend(60 - visit, 250 + 35 * (visit % 7), places[visit % 4])
    return card.code


_SCENARIOS: Final[tuple[tuple[str, Callable[[_Scene], str]], ...]] = (
    (
        "Expired this morning, VIP: press r, then Enter.",
        lambda scene: scene.issue(_YESTERDAY, _ADA).belong_to(100, _ADA, _NORTHWIND).expire().code,
    ),
    (
        "Expired this morning, within 24 h: reactivate it.",
        lambda scene: scene.issue(_YESTERDAY, _BEN, pounds=30).spend(30, 1250, "Bath").expire().code,
    ),
    (
        "Expired 35 hours ago: decline; y copies the reply.",
        lambda scene: scene.issue(date(2026, 5, 20), _CLÉ, pounds=25).expire(1).code,
    ),
    (
        "Expired weeks ago, but a VIP: reactivate it.",
        lambda scene: scene.issue(date(2026, 4, 28), _EVA, pounds=80).belong_to(90, _EVA, _NORTHWIND).expire(20).code,
    ),
    (
        "Active: confirm the balance, ask to retry.",
        lambda scene: scene.issue(date(2026, 8, 3), _FAY).spend(20, 1999, "Leeds").code,
    ),
    (
        "Last day is today: still good until 03:00 tomorrow.",
        lambda scene: scene.issue(date(2026, 5, 22), _BEN, pounds=15).code,
    ),
    (
        "Suspended, no flag: reactivate with a reason.",
        lambda scene: scene.issue(date(2026, 10, 2), _CLÉ, pounds=60).suspend(2, "Reported lost, found again").code,
    ),
    (
        "Suspended with a flag: clear it with x, then r.",
        lambda scene: (
            scene.issue(date(2026, 10, 5), _DAN, pounds=100)
            .suspend(3, "Chargeback announced by the bank")
            .flag(3, "Bank asks for papers: wait for their letter")
            .note(1, "Bank wrote: the chargeback was withdrawn")
            .code
        ),
    ),
    (
        "Expired this morning and flagged: the flag first.",
        lambda scene: (
            scene.issue(_YESTERDAY, _FAY, pounds=45).flag(10, "Bought with a card reported stolen").expire().code
        ),
    ),
    (
        "Suspended and expired: one reactivation does both.",
        lambda scene: (
            scene.issue(_YESTERDAY, _EVA, pounds=20).suspend(5, "Name on the order did not match").expire().code
        ),
    ),
    (
        "Suspended, expired two weeks ago: decline.",
        lambda scene: scene.issue(date(2026, 5, 8), _BEN, pounds=35).suspend(40, "Possible fraud").expire(10).code,
    ),
    (
        "Bought yesterday: too early, tell the date.",
        lambda scene: scene.issue(date(2026, 11, 20), _CLÉ, product="spa", pounds=120).code,
    ),
    (
        "Spent to the last penny: tell where and when.",
        lambda scene: (
            scene.issue(date(2026, 7, 1), _DAN, pounds=40).spend(12, 2500, "York").spend(4, 1500, "Leeds").code
        ),
    ),
    (
        "The order was cancelled: explain.",
        lambda scene: scene.issue(date(2026, 10, 20), _FAY, pounds=70).cancel(5).code,
    ),
    (
        "Does not add up: escalate with e.",
        lambda scene: scene.issue(date(2026, 9, 9), _BEN, pounds=55).spend(9, 500, "Bath").spoil().code,
    ),
    ("Never expires, with forty visits: scroll its history.", _busy),
    (
        "Rounded to the end of the month, topped up once.",
        lambda scene: scene.issue(date(2026, 2, 11), _ADA, product="dinner", pounds=90).top_up(50, 2500).code,
    ),
    (
        "An old code: its card was replaced; o opens the other.",
        lambda scene: (
            scene.issue(date(2026, 9, 24), _CLÉ, pounds=65)
            .spend(30, 1500, "York")
            .replace(6, "Letter with the code never arrived")
            .code
        ),
    ),
    (
        "Spent in the shops of Leeds and Bath only: S tries a purchase.",
        lambda scene: scene.issue(date(2026, 10, 12), _GIL, product="town", pounds=75).code,
    ),
    (
        "Gil alone may spend it: S, with his address and without.",
        lambda scene: (
            scene.issue(date(2026, 10, 14), _GIL, product="thanks", pounds=85)
            .restrict(30, _GIL, "A prize, which is not to be passed on")
            .code
        ),
    ),
    (
        "Expired this morning, above 100: r asks for approval.",
        lambda scene: scene.issue(_YESTERDAY, _GUS, pounds=150).expire().code,
    ),
    (
        "Sam asked for approval: as pat, A decides about it.",
        lambda scene: scene.issue(_YESTERDAY, _HAL, pounds=250).expire().ask(0.02, "Was in hospital").code,
    ),
)
