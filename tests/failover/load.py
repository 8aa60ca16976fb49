"""Twenty desks at work, each a process of its own that writes down what it was told, and whether all of it is true."""

import json
import multiprocessing
import os
import random
import time
import traceback
from collections import Counter as Tally
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from store.counter import Counter, chosen_key, furnish

from models import desk
from models.agents import sign_on
from models.clock import FixedClock, SystemClock, pause
from models.errors import Fault, OutcomeUnknown, Refused
from models.jobs.expire import expire
from models.locations import Place
from models.rules.roles import Role
from models.store import Store, open_store
from models.unit import Outcome, Session

DESKS = 20
_SHARED_CARDS = 30
_EXPIRED_CARDS = 30
"""So many for each desk, each to be reactivated once."""
_BALANCE_MINOR = 1_000_000_00
_PAUSES_SECONDS = (0.1, 0.3)
_PATIENCE_SECONDS = 90.0
_DIFFERENT = (
    "SELECT g.id FROM gift_card g JOIN activity a ON a.card_id = g.id "
    "GROUP BY g.id HAVING SUM(a.amount_minor) <> g.balance_minor"
)
_WRITTEN = "SELECT intent, kind, COUNT(*) FROM activity WHERE intent LIKE 'desk%' GROUP BY intent, kind"

DONE, REFUSED, UNCHANGED, UNKNOWN = "done", "refused", "unchanged", "unknown"
"""What a desk can be told of a wish: carried out; refused by a rule; not carried out; nobody knows."""


@dataclass(frozen=True)
class Cards:
    """What there is to work on, by the cards' ids."""

    shared: Sequence[int]
    expired: Sequence[int]


@dataclass(frozen=True)
class Line:
    """One try to have a wish carried out, as a desk wrote it down."""

    intent: str
    deed: str
    card: int
    amount_minor: int
    """What it moves: signed."""
    told: str
    sentence: str
    began: float
    ended: float
    """Seconds on a clock that all processes of this machine share."""
    kinds: Sequence[str] = ()
    """The activities that it makes."""

    @property
    def seconds(self) -> float:
        """How long somebody sat in front of it."""
        return self.ended - self.began


def furnished_for_load(place: Place) -> Cards:
    """A desk with cards that are worth much, and some that expired at three this morning."""
    now = SystemClock().now()
    here = now.astimezone(ZoneInfo("Europe/London"))
    today = here.date() if here.hour >= 3 else here.date() - timedelta(days=1)
    clock = FixedClock(datetime(today.year, today.month, today.day, 9, tzinfo=UTC) - timedelta(days=7))
    furnish(place, is_sandbox=False)
    counter = Counter(open_store(place, clock), clock)
    expired = [counter.issued("week", 5_000) for _ in range(DESKS * _EXPIRED_CARDS)]
    with counter.store.database.writing():
        for number in range(DESKS):
            sign_on(counter.store, now, login=f"desk{number}", name=f"Desk {number}", role=Role.MANAGER)
    counter.clock.at = now
    assert expire(counter.olaf, is_sure=True).cards == len(expired)
    shared = [counter.issued("half", _BALANCE_MINOR) for _ in range(_SHARED_CARDS)]
    return Cards(shared, expired)


class Desk:
    """One of the twenty: wishes one thing after the other, and asks again where it was told nothing."""

    def __init__(self, number: int, place: Place, cards: Cards, journal: Path, seed: int) -> None:
        self._number, self._place, self._cards = number, place, cards
        self._dice = random.Random(f"{seed} {number}")
        self._journal = journal
        self._store: Store | None = None
        self._expired = list(cards.expired[number::DESKS])
        self._count = 0

    def work(self, is_over: Callable[[], bool]) -> None:
        """Go on until it is over; then ask for whatever nobody knows."""
        while not is_over():
            self._have(self._wish(), is_over)
            pause(self._dice.uniform(*_PAUSES_SECONDS))

    def _have(self, wish: tuple[str, int, int, Sequence[str], str], is_over: Callable[[], bool]) -> None:
        """Wish until there is an answer. Told that nothing was changed, some let it be."""
        deed, card, amount, kinds, intent = wish
        unknown = 0
        while True:
            began = time.monotonic()
            told, sentence = self._try(deed, card, amount, intent)
            line = Line(intent, deed, card, amount, told, sentence, began, time.monotonic(), kinds)
            self._write_down(line)
            unknown += told == UNKNOWN
            if told in (DONE, REFUSED):
                return
            if told == UNCHANGED and not unknown and (is_over() or self._dice.random() < 0.5):
                return
            pause(self._dice.uniform(*_PAUSES_SECONDS))

    def _write_down(self, line: Line) -> None:
        with open(self._journal, "a", encoding="utf-8") as journal:
            journal.write(json.dumps(line.__dict__) + "\n")
            journal.flush()
            os.fsync(journal.fileno())

    def _wish(self) -> tuple[str, int, int, Sequence[str], str]:
        self._count += 1
        intent = f"desk{self._number}-{self._count}"
        dice, card = self._dice, self._dice.choice(self._cards.shared)
        chosen = dice.choices(("note", "redeem", "top_up", "reactivate"), (5, 6, 3, 2))[0]
        if chosen == "redeem":
            amount = dice.randint(1, 500)
            return "redeem", card, -amount, ("redemption",), intent
        if chosen == "top_up":
            return "top_up", card, dice.randint(1, 500), ("top_up",), intent
        if chosen == "reactivate" and self._expired:
            kinds = ("reinstatement", "expiry_changed", "note", "reactivated")
            return "reactivate", self._expired.pop(), 0, kinds, intent
        return "note", card, 0, ("note",), intent

    def _try(self, deed: str, card: int, amount: int, intent: str) -> tuple[str, str]:
        try:
            outcome = self._done(deed, card, amount, intent)
        except OutcomeUnknown as lost:
            return UNKNOWN, lost.sentence
        except Fault as fault:
            if not fault.sentence.endswith("Nothing was changed."):
                raise
            return UNCHANGED, fault.sentence
        except Refused as refused:
            return REFUSED, str(refused)
        return (DONE if outcome.done else REFUSED), outcome.sentence

    def _done(self, deed: str, card: int, amount: int, intent: str) -> Outcome:
        if self._store is None:
            try:
                self._store = open_store(self._place)
            except Fault as fault:
                raise Fault(f"{fault.sentence} Nothing was changed.") from fault
        session = Session(self._store, f"desk{self._number}")
        if deed == "note":
            return desk.note(session, card, f"note {intent}", intent=intent)
        if deed == "redeem":
            return desk.redeem(session, card, -amount, place="Leeds", intent=intent)
        if deed == "top_up":
            return desk.top_up(session, card, amount, place="Leeds", intent=intent)
        return desk.reactivate(session, card, intent=intent)


class Desks:
    """All of them."""

    def __init__(self, folder: Path, key: Path, places: Sequence[Place], cards: Cards, seed: int) -> None:
        """Start them, each at one of the places in turn; the folder is for what they write down."""
        self._folder = folder
        context = multiprocessing.get_context("fork")
        self._over = context.Event()
        self._processes = [
            context.Process(target=self._work, args=(number, key, places[number % len(places)], cards, seed))
            for number in range(DESKS)
        ]
        for each in self._processes:
            each.start()

    def _work(self, number: int, key: Path, place: Place, cards: Cards, seed: int) -> None:
        os.environ["XDG_STATE_HOME"] = str(self._folder / f"state{number}")
        try:
            with chosen_key(key):
                Desk(number, place, cards, self._folder / f"desk{number}.jsonl", seed).work(self._over.is_set)
        except BaseException:
            (self._folder / f"desk{number}.crash").write_text(traceback.format_exc())
            raise

    def lines(self) -> list[Line]:
        """What all of them wrote down so far, in the order in which it ended."""
        found = []
        for journal in self._folder.glob("*.jsonl"):
            whole, _, _half = journal.read_text().rpartition("\n")
            found += [Line(**json.loads(line)) for line in whole.splitlines()]
        return sorted(found, key=lambda line: line.ended)

    def acknowledged(self) -> int:
        """How many wishes were carried out so far."""
        return sum(line.told == DONE for line in self.lines())

    def dismiss(self) -> None:
        """End them at once, wherever they are."""
        for each in self._processes:
            each.kill()

    def go_home(self) -> list[Line]:
        """Let each finish what it has in hand; what all of them wrote down."""
        self._over.set()
        for each in self._processes:
            each.join(_PATIENCE_SECONDS)
        stuck = [each.name for each in self._processes if each.is_alive()]
        self.dismiss()
        crashes = [crash.read_text() for crash in self._folder.glob("*.crash")]
        assert not crashes, crashes[0]
        assert not stuck, f"{len(stuck)} desks never came back"
        return self.lines()


def gap(lines: Sequence[Line], since: float, until: float) -> float:
    """For how long at most, between two instants, not one wish of all desks was carried out."""
    told = [since, *(line.ended for line in lines if line.told == DONE and since < line.ended < until), until]
    return max(after - before for before, after in pairwise(told))


def assert_all_is_true(store: Store, sql: Any, lines: Sequence[Line], cards: Cards) -> None:
    """What was acknowledged is there once, what was denied is not, and everything adds up.

    The connection is another program's, to the server that takes changes.
    """
    last = {line.intent: line for line in lines}
    kept = {key for (key,) in sql.execute("SELECT key FROM intent WHERE key LIKE 'desk%'").fetchall()}
    made: dict[str, Tally[str]] = {}
    for intent, kind, count in sql.execute(_WRITTEN).fetchall():
        made.setdefault(intent, Tally())[kind] = count
    acknowledged = {intent for intent, line in last.items() if line.told == DONE}
    assert not acknowledged - kept, f"lost: {sorted(acknowledged - kept)}"
    assert not kept - acknowledged, f"there, though nobody was told so: {sorted(kept - acknowledged)}"
    assert not any(line.told == UNKNOWN for line in last.values()), "nobody knows, though it was asked for"
    assert made.keys() == acknowledged
    for intent in acknowledged:
        assert made[intent].keys() <= set(last[intent].kinds), (intent, made[intent])
        assert set(made[intent].values()) == {1}, f"doubled: {intent} {made[intent]}"
    moved: Tally[int] = Tally()
    for intent in acknowledged:
        moved[last[intent].card] += last[intent].amount_minor
    for card, balance in sql.execute("SELECT id, balance_minor FROM gift_card").fetchall():
        if card in set(cards.shared):
            assert balance == _BALANCE_MINOR + moved[card], f"card {card} is not what its desks were told"
    assert not sql.execute(_DIFFERENT).fetchall()
    clock = FixedClock(SystemClock().now())
    assert not Counter(store, clock).findings()
