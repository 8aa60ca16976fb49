"""Cases as they are shown: lists paged by key, and one case whole with its intake and time line."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal, cast

from models.agents import who_looks
from models.approvals import lapsed_among
from models.case_lines import TimeLine, time_line_of
from models.casebook import case_with, found_case, intake_given, intake_of, state_of
from models.clock import to_microseconds
from models.errors import Refused, faults
from models.journals import ALL
from models.paging import page
from models.records import Record, read_record
from models.replaying import as_of
from models.rules.cases import CaseOutcome, CaseState, standing, with_lapsed
from models.rules.codes import masked
from models.rules.diagnosis import verdict_of
from models.rules.intakes import INTAKE_FIELDS, Intake, Symptom, likely_symptom, missing
from models.rules.policy import Policy
from models.schema import CaseCard, SupportCase
from models.store import Store
from models.unit import Session

MOST: Final = 200

Which = Literal["mine_open", "mine_today", "open", "waiting"]
Key = tuple[int, int, int]
"""Where a line stands in its list: behind it the next page begins."""


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case in a list. Instants are UTC."""

    id: int
    card_id: int
    """The card that came to it last."""
    last_four: str
    cards: int
    """How many cards it is about."""
    customer: str | None
    """Who called: the name, else the e-mail address."""
    holder: str | None
    """Who that card belongs to, likewise."""
    symptom: Symptom | None
    state: str
    """How it stands, in a few words."""
    opened_at: datetime
    last_at: datetime
    """When its agent last had to do with it."""
    closed_at: datetime | None
    calls: int
    agent: str
    is_mine: bool
    waits_for: tuple[str, ...]
    """The escalations and approvals whose answers are not there."""
    answered_at: datetime | None
    """Since when an answer is there that the customer was not told of."""
    outcome: CaseOutcome | None

    @property
    def code_masked(self) -> str:
        """The card's name on screens: the end of its code."""
        return masked(self.last_four)


@dataclass(frozen=True, slots=True)
class CasesListed:
    """A page of a list."""

    lines: tuple[CaseLine, ...]
    next_after: Key | None
    """Behind which line the rest goes on; None when these are all."""


@dataclass(frozen=True, slots=True)
class CaseSheet:
    """A case whole."""

    line: CaseLine
    intake: Intake
    """Filled up from what the desk knows."""
    known: frozenset[str]
    """The fields of the intake that nobody said: they are what the desk knows of the card."""
    missing: tuple[str, ...]
    """What the customer must still be asked, in words."""
    card_ids: tuple[int, ...]
    """In the order in which they came to it."""
    lines: tuple[TimeLine, ...]
    """Newest first."""


# The case, its agent, who called, the card that came to it last, and how many came to it.
_ABOUT: Final = (
    "SELECT c.id, a.name, a.login, COALESCE(k.name, k.email), COALESCE(h.name, h.email), g.id, g.last_four, "
    "(SELECT COUNT(*) FROM case_card n WHERE n.case_id = c.id) FROM support_case c "
    "LEFT JOIN agent a ON a.id = c.agent_id LEFT JOIN customer f ON f.id = c.customer_id "
    "LEFT JOIN customer k ON k.id = COALESCE(f.merged_into_id, f.id) AND k.removed_at IS NULL "
    "LEFT JOIN gift_card g ON g.id = (SELECT n.card_id FROM case_card n WHERE n.case_id = c.id "
    "ORDER BY n.added_at DESC, n.card_id DESC LIMIT 1) "
    "LEFT JOIN customer h ON h.id = COALESCE(g.registered_id, g.recipient_id, g.purchaser_id)"
)


def lines_of(session: Session, case_ids: Sequence[int]) -> tuple[CaseLine, ...]:
    """The cases with these numbers, in their order; within a connection."""
    if not case_ids:
        return ()
    rows = {row.id: row for row in SupportCase.select().where(SupportCase.id.in_(case_ids))}
    marks = ", ".join("?" * len(case_ids))
    about: Any = session.store.database.execute_sql(f"{_ABOUT} WHERE c.id IN ({marks})", tuple(case_ids))
    states = {row.id: state_of(row) for row in rows.values()}
    lapsed = lapsed_among(session.store, (each for state in states.values() for each in state.waits_for))
    lines = {
        row[0]: _line(session, rows[row[0]], with_lapsed(states[row[0]], lapsed), row[1:]) for row in about.fetchall()
    }
    return tuple(lines[case_id] for case_id in case_ids if case_id in lines)


def _line(session: Session, row: SupportCase, state: CaseState, about: Sequence[Any]) -> CaseLine:
    agent, login, customer, holder, card_id, last_four, cards = about
    return CaseLine(
        id=row.id,
        card_id=card_id or 0,
        last_four=last_four or "",
        cards=cards,
        customer=customer,
        holder=holder,
        symptom=state.symptom,
        state=standing(state),
        opened_at=row.opened_at,
        last_at=row.last_at,
        closed_at=row.closed_at,
        calls=row.calls,
        agent=agent or "",
        is_mine=login == session.login,
        waits_for=state.waits_for,
        answered_at=state.answered_at,
        outcome=state.outcome,
    )


_MINE: Final = "agent_id = (SELECT id FROM agent WHERE login = ?)"


@dataclass(frozen=True, slots=True)
class _List:
    """One stretch of a list: which cases, by which instant, and whether the latest comes first."""

    where: str
    by: str = "last_at"
    is_latest_first: bool = False


_LISTS: Final[Mapping[Which, tuple[_List, ...]]] = {
    "mine_open": (_List(f"closed_at IS NULL AND {_MINE}", is_latest_first=True),),
    "mine_today": (_List(f"{_MINE} AND last_at >= ?", is_latest_first=True),),
    "open": (_List("closed_at IS NULL"),),
    "waiting": (
        _List("answered_at IS NOT NULL", by="answered_at"),
        _List("waits_for IS NOT NULL AND answered_at IS NULL"),
    ),
}


def cases_listed(session: Session, which: Which, after: Key | None = None, most: int = MOST) -> CasesListed:
    """A page of a list, behind a line that an earlier answer named.

    My open ones and what I did today, the latest first; the desk's open ones, what has lain longest first; what waits:
    answered ones first, then by how long they lie. Raises Fault for a broken store.
    """
    with faults(session.store.path), session.store.database.reading():
        keys = _keys(session, which, after, most + 1)
        lines = lines_of(session, [key[-1] for key in keys[:most]])
    return CasesListed(lines, keys[most - 1] if len(keys) > most else None)


def _keys(session: Session, which: Which, after: Key | None, most: int) -> list[Key]:
    keys: list[Key] = []
    for rank, stretch in enumerate(_LISTS[which]):
        behind = after[1:] if after is not None and after[0] == rank else None
        if (after is None or after[0] <= rank) and len(keys) < most:
            rows = _read(session, stretch, behind, most - len(keys))
            keys.extend((rank, at, id_) for at, id_ in rows)
    return keys


def _read(session: Session, stretch: _List, behind: Sequence[int] | None, most: int) -> list[tuple[int, int]]:
    store, given = session.store, list[Any]()
    if _MINE in stretch.where:
        given.append(session.login)
    if stretch.where.endswith(">= ?"):
        given.append(to_microseconds(store.business.start_of(store.business.date_of(store.now()))))
    order = (stretch.by, "id")
    where, values = page(stretch.where, given, order, behind, most, is_latest_first=stretch.is_latest_first)
    rows: Any = store.database.execute_sql(f"SELECT {', '.join(order)} FROM support_case WHERE {where}", values)
    return [(at, id_) for at, id_ in rows.fetchall()]


def cases_about(session: Session, card_id: int, most: int = MOST) -> tuple[CaseLine, ...]:
    """The conversations that there were about a card, whoever had them, the latest first."""
    with faults(session.store.path), session.store.database.reading():
        rows: Any = session.store.database.execute_sql(
            "SELECT case_id FROM case_card WHERE card_id = ? ORDER BY case_id DESC LIMIT ?", (card_id, most)
        )
        return lines_of(session, [case_id for (case_id,) in rows.fetchall()])


def case_in_hand(session: Session, card_id: int) -> CaseLine | None:
    """The agent's open case about a card; None when they have none."""
    with faults(session.store.path), session.store.database.reading():
        row = case_with(who_looks(session)[0].id, card_id)
        return next(iter(lines_of(session, [row.id])), None) if row is not None else None


def case_sheet(session: Session, case_id: int) -> CaseSheet:
    """A case whole, its intake filled up from what is known. Raises Refused when there is no such case."""
    store = session.store
    with faults(store.path), store.database.reading():
        case = found_case(case_id)
        (line,) = lines_of(session, [case_id])
        record, policy = read_record(store, line.card_id), who_looks(session)[1]
        given, filled = intake_given(case), intake_of(store, case, record)
        card_ids, lines = time_line_of(store, case)
        lacks = missing(filled)
        if filled.symptom is None:
            filled = replace(filled, symptom=_likely_seen(store, case_id, record, policy))
    known = {name for name in INTAKE_FIELDS if getattr(given, name) is None and getattr(filled, name) is not None}
    return CaseSheet(line, filled, frozenset(known), lacks, card_ids, lines)


def _likely_seen(store: Store, case_id: int, record: Record, policy: Policy) -> Symptom | None:
    """What the customer most likely saw of a card when it came to a case: what was done since, they did not see."""
    is_it = (CaseCard.case == case_id) & (CaseCard.card == record.card.id)
    number, at = cast(
        tuple[int, datetime], CaseCard.select(CaseCard.number, CaseCard.added_at).where(is_it).tuples().get()
    )
    if number < record.card.number and record.wrong is None:
        whole = read_record(store, record.card.id, ALL)
        known = replace(whole, journal=tuple(each for each in whole.journal if each.number <= number))
        with suppress(Refused):  # what can't be told is looked up as it is
            record = as_of(known, at, store.business)
    return likely_symptom(verdict_of(record.facts(), policy, at))
