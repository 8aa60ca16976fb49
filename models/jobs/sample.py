"""A sandbox full of cards, for training, tests and benchmarks: the same number and seed make the same desk.

Blocks of cards are told and sealed by as many processes as there are cores; one writes them down.
"""

import hashlib
import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Any, Final

from models import audit, desk
from models.agents import sign_on
from models.answering import code_row, digests_of
from models.audit import Facts
from models.cards import LockedCard, new_locked
from models.clock import FixedClock
from models.database import DATABASE_MODE, FileDatabase, make_file, refuse_left_overs
from models.errors import Fault, Refused, faults
from models.exits import CANNOT_OPEN
from models.hand import Hand
from models.jobs.demo import AGENTS, done
from models.jobs.sample_escalations import escalations_of
from models.jobs.sample_lives import BEGIN, END, PRODUCTS, Cast, Life
from models.jobs.sample_people import ORGANISATIONS, invent
from models.keys import Keys, keep_key, key_path
from models.ledger import SealedCards, sealed_new, write_new
from models.people import PersonGiven, audited, name_and_email
from models.placing import placed
from models.rows import insert_rows
from models.rules.codes import last_four, new_code
from models.rules.journal import Entry
from models.rules.validity import BusinessTime
from models.schema import TABLES, CodeDigest, Customer, Escalation, Product
from models.search.people_index import make_index
from models.store import Store, desk_on, fill_desk
from models.unit import Session

ZONE: Final = "Europe/London"
# Cards that are told in one go; part of what a seed means.
_BLOCK: Final = 1_000
# So few that starting other processes costs more than they save.
_FEW_BLOCKS: Final = 3
_MOST: Final = 100_000_000
_CACHE_KIBIBYTES: Final = 200_000


@dataclass(frozen=True, slots=True)
class Block:
    """Some cards with all that belongs to them, ready to be written down."""

    sealed: SealedCards
    codes: list[dict[str, Any]]
    customers: list[dict[str, Any]]
    escalations: list[dict[str, Any]]
    audits: list[tuple[str, str, Facts, Facts]]
    """What the audit keeps of people who belong to an organisation, and of escalations."""
    told: list[tuple[str, int, str]]
    """The full code of each card, its id, and the kind of its last activity: known here, for it is a sandbox."""


@dataclass(frozen=True, slots=True)
class SampleReport:
    """What was made."""

    cards: int
    activities: int
    codes: Mapping[str, str]
    """The kind of a card's last activity -> the full code of one such card."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a process must know to tell any block of a sample."""

    seed: int
    cards: int
    master: bytes
    products: Mapping[str, int]
    staff: Mapping[str, int]
    organisations: tuple[int, ...]

    def block(self, place: int) -> Block:
        """The cards of one block, always the same ones."""
        return _Teller(self, place).tell()


def make_sample(
    path: Path,
    cards: int,
    seed: int,
    *,
    on_code: Callable[[str, int], None] | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> SampleReport:
    """Make a sandbox at a path where none is, with so many cards; whole, or not at all.

    Every full code is told with its card's id, and progress as cards made and cards in all. Raises Refused
    for a number out of range, Fault when a database or its key is there already.
    """
    if not 1 <= cards <= _MOST:
        raise Refused(f"A sample has 1 to {_MOST:,} cards. Nothing was made.")
    keys = Keys(hashlib.sha256(f"giftdesk sample {seed}".encode()).digest())
    refuse_left_overs(path)
    with placed(path, DATABASE_MODE) as unfinished, _key_kept(key_path(path), keys), faults(path):
        business = BusinessTime(ZONE)
        make_file(unfinished, lambda _: fill_desk(keys, business, "GBP", BEGIN, is_sandbox=True))
        database = FileDatabase(unfinished)
        with database.connected(), database.bind_ctx(TABLES), _unguarded(database):
            store = desk_on(database, keys, FixedClock(BEGIN))
            report = _fill(store, cards, seed, on_code, on_progress)
    return report


@contextmanager
def _key_kept(path: Path, keys: Keys) -> Iterator[None]:
    """Keep the sample's own key while its desk is made, and afterwards if that succeeds."""
    if not keep_key(path, keys):
        raise Fault(f"There is a key at {path} already. Move it away first; nothing was made.", CANNOT_OPEN)
    try:
        yield
    except BaseException:
        path.unlink()
        raise


@contextmanager
def _unguarded(database: FileDatabase) -> Iterator[None]:
    """Nothing of an unfinished file is worth guarding: no log, no waiting for the disk, and its indexes come last."""
    for pragma, value in (("journal_mode", "off"), ("synchronous", 0), ("foreign_keys", 0)):
        database.pragma(pragma, value)
    database.pragma("cache_size", -_CACHE_KIBIBYTES)
    indexes = database.execute_sql(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    ).fetchall()
    for name, _ in indexes:
        database.execute_sql(f'DROP INDEX "{name}"')
    yield
    for _, definition in indexes:
        database.execute_sql(definition)
    with database.atomic():
        make_index(database)
        database.remake_parts()
    database.pragma("journal_mode", "wal")


def _fill(
    store: Store,
    cards: int,
    seed: int,
    on_code: Callable[[str, int], None] | None,
    on_progress: Callable[[int, int], None] | None,
) -> SampleReport:
    plan = _furnish(store, cards, seed)
    hand = Hand(store.keys, store.business, END, plan.staff["pat"], "Pat")
    activities, codes = 0, dict[str, str]()
    with _blocks(plan) as blocks:
        for block in blocks:
            with store.database.writing():
                _write(hand, block)
            activities += len(block.sealed.activities)
            for code, card_id, kind in block.told:
                codes.setdefault(kind, code)
                if on_code is not None:
                    on_code(code, card_id)
            if on_progress is not None:
                on_progress(block.told[-1][1], cards)
    with store.database.writing():
        store.database.reach(END)
    return SampleReport(cards, activities, codes)


def _furnish(store: Store, cards: int, seed: int) -> _Plan:
    """The colleagues, products and organisations to which the cards refer."""
    with store.database.writing():
        staff = {
            login: sign_on(store, BEGIN, login=login, name=name, role=role, email=f"{login}@giftdesk.example").id
            for login, (name, role) in AGENTS.items()
        }
    for product in sorted(PRODUCTS, key=lambda product: product.on_sale_after):
        if product.rules is not None:
            on_sale_at = BEGIN + timedelta(days=product.on_sale_after)
            manager = Session(store.with_clock(FixedClock(on_sale_at)), "mia")
            intent = f"sample-{product.code}"
            done(
                desk.set_product(
                    manager,
                    product.code,
                    name=product.name,
                    rules=product.rules,
                    reminders=product.reminders,
                    intent=intent,
                )
            )
    with store.database.writing():
        hand = Hand(store.keys, store.business, BEGIN, staff["kit"], "import")
        for product in PRODUCTS:
            if product.rules is None:
                values: dict[str, Any] = {"name": product.name, "rules": None, "reminders": []}
                id_: int = Product.insert(code=product.code, **values, changed_at=BEGIN).execute()
                audit.record(hand, f"product:{id_}", "import", None, values)
    manager = Session(store.with_clock(FixedClock(END)), "mia")
    for place, name in enumerate(ORGANISATIONS):
        done(desk.set_organisation(manager, name, is_vip=place % 2 == 0, source="CRM", intent=f"sample-{name}"))
    products = {row.code: row.id for row in Product.select()}
    return _Plan(seed, cards, store.keys.master, products, staff, tuple(range(1, len(ORGANISATIONS) + 1)))


@contextmanager
def _blocks(plan: _Plan) -> Iterator[Iterator[Block]]:
    """All blocks in their order, told by other processes where there are many."""
    places = range((plan.cards + _BLOCK - 1) // _BLOCK)
    if len(places) <= _FEW_BLOCKS:
        yield map(plan.block, places)
        return
    processes = os.cpu_count() or 1
    with ProcessPoolExecutor(processes, get_context("spawn"), _deaf_to_the_keyboard) as pool:
        yield _in_order(pool, plan, places, processes + 1)


def _deaf_to_the_keyboard() -> None:
    """Let the process that writes be the one that is interrupted."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _in_order(pool: ProcessPoolExecutor, plan: _Plan, places: range, ahead: int) -> Iterator[Block]:
    """Each block when it is its turn, only a few of them told ahead."""
    waiting: deque[Future[Block]] = deque()
    for place in places:
        waiting.append(pool.submit(plan.block, place))
        if len(waiting) > ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _write(hand: Hand, block: Block) -> None:
    insert_rows(Customer, block.customers)
    write_new(block.sealed)
    insert_rows(CodeDigest, block.codes)
    insert_rows(Escalation, block.escalations)
    audit.record_first(hand, block.audits)


class _Teller:
    """Tells the cards of one block."""

    def __init__(self, plan: _Plan, place: int) -> None:
        self._plan = plan
        self._rng = Random(f"{plan.seed}/{place}")
        self._ids = range(place * _BLOCK + 1, min((place + 1) * _BLOCK, plan.cards) + 1)
        self._keys = Keys(plan.master)
        self._cast = Cast(BusinessTime(ZONE), plan.products, plan.staff)
        self._customers: list[dict[str, Any]] = []
        self._escalations: list[dict[str, Any]] = []
        self._audits: list[tuple[str, str, Facts, Facts]] = []

    def tell(self) -> Block:
        codes: list[dict[str, Any]] = []
        told: list[tuple[str, int, str]] = []
        hand = Hand(self._keys, self._cast.business, END, self._plan.staff["kit"], "sample")

        def journals() -> Iterator[tuple[LockedCard, list[Entry]]]:
            for card_id in self._ids:
                code = new_code(lambda most: int(self._rng.random() * most))
                codes.append(code_row(self._keys, card_id, digests_of(self._keys, code), is_alias=False))
                life = Life(self._rng, self._cast, card_id)
                entries = life.tell(self._people(card_id))
                told.append((code, card_id, entries[-1].kind.value))
                for row, kept in escalations_of(self._keys, card_id, entries, self._plan.staff):
                    self._escalations.append(row)
                    self._audits.append(kept)
                yield new_locked(card_id, life.currency, last_four(code)), entries

        sealed = sealed_new(hand, journals())
        return Block(sealed, codes, self._customers, self._escalations, self._audits, told)

    def _people(self, card_id: int) -> dict[str, int]:
        """Who bought a card and who got it: somebody new, somebody who has one already, or nobody on file."""
        people = {}
        if self._rng.random() < 0.88:
            people["recipient"] = self._somebody(card_id * 2)
        if self._rng.random() < 0.3:
            people["purchaser"] = self._somebody(card_id * 2 + 1)
        return people

    def _somebody(self, id_: int) -> int:
        rng, customers = self._rng, self._customers
        if customers and rng.random() < 0.15:
            known: int = customers[int(rng.random() * len(customers))]["id"]
            return known
        person = invent(rng, id_)
        if customers and rng.random() < 0.04:
            # A household shares an address.
            person = PersonGiven(person.name or "Guest", customers[-1]["email"])
        row = {"id": id_, **name_and_email(person), "organisation": None, "linked_at": None, "created_at": BEGIN}
        if person.name and rng.random() < 0.02:
            row = self._linked(row)
        customers.append(row)
        return id_

    def _linked(self, row: dict[str, Any]) -> dict[str, Any]:
        organisations = self._plan.organisations
        organisation = organisations[int(self._rng.random() * len(organisations))]
        linked = {**row, "organisation": organisation, "linked_at": END}
        facts = [audited(self._keys, Customer(**each)) for each in (row, linked)]
        self._audits.append((f"customer:{row['id']}", "link", facts[0], facts[1]))
        return linked
