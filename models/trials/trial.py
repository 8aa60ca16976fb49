"""A trial: decisions of some days judged again under a draft of the policy, and what it would have cost or saved.

Each is judged for itself, by the rules that the desk itself asks, with the facts as they were: what the draft would
have made of earlier ones changes nothing for later ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final

from models.agents import who_looks_when
from models.errors import Refused, faults
from models.fields import stored_instant
from models.rules.policy import Policy
from models.rules.policy_terms import TERMS
from models.rules.trying import JUDGED
from models.stopping import Stopped
from models.store import Store, policy_of
from models.trials.decisions import Decision, Decisions, Kind
from models.trials.judging import NOTHING, Changed, Judges, Money, NoDecision
from models.trials.standings import NotKept, Standings
from models.unit import Session

LONGEST_DAYS: Final = 3_660
OnProgress = Callable[[int, int], None] | None


@dataclass
class Trial:
    """What came of a trial."""

    draft: Policy
    since: datetime
    until: datetime
    """UTC; that instant is left out."""
    unchanged: Counter[Kind] = field(default_factory=Counter)
    changed: Counter[Kind] = field(default_factory=Counter)
    untold: Counter[str] = field(default_factory=Counter)
    """What can't be told any more, and of how many decisions."""
    sums: dict[str, Money] = field(default_factory=dict)
    """By currency, of what would have changed: of one card only once what several decisions would have given back."""
    undecided: tuple[str, ...] = ()
    """The labels of what the draft changes, and no decision rests on."""


def try_draft(
    session: Session,
    draft_of: Callable[[Policy], Policy],
    days: int,
    on_change: Callable[[Changed], object],
    *,
    on_progress: OnProgress = None,
    is_stopped: Callable[[], bool] = lambda: False,
) -> Trial:
    """Judge the decisions of so many days again under a draft, made from the policy in force; nothing is written.

    Each one that would have been another is handed on as it is found. Raises Refused, RuleError, Stopped, Fault.
    """
    store = session.store
    if not 1 <= days <= LONGEST_DAYS:
        raise Refused(f"Decisions are judged again of the last 1 to {LONGEST_DAYS:,} days.")
    with faults(store.path, "Nothing was written."), store.database.surveying():
        with store.database.reading():
            _, policy, now = who_looks_when(session)
            draft = draft_of(policy)
            # What is decided in this very instant belongs to it.
            until = now + timedelta(microseconds=1)
            decisions = Decisions(store, until - timedelta(days=days), until)
            judges, total = Judges(store, draft, _policies(store), _raised(store)), decisions.count()
        trial = Trial(draft, until - timedelta(days=days), until, undecided=_undecided(policy, draft))
        done, given = 0, set[int]()
        for page, looked_at in decisions.pages():
            if is_stopped():
                raise Stopped
            with store.database.reading():
                standings = Standings(store, page)
            for decision in page:
                _count(trial, judges, standings, decision, given, on_change)
            done += looked_at
            if on_progress is not None:
                on_progress(min(done, total), total)
    return trial


def _count(
    trial: Trial,
    judges: Judges,
    standings: Standings,
    decision: Decision,
    given: set[int],
    on_change: Callable[[Changed], object],
) -> None:
    try:
        changed = judges.changed(decision, standings)
    except NotKept as unknown:
        trial.untold[str(unknown)] += 1
        return
    except NoDecision:
        return
    if changed is None:
        trial.unchanged[decision.kind] += 1
        return
    trial.changed[decision.kind] += 1
    if decision.lasted is None and changed.money != NOTHING:
        if decision.card_id in given:
            changed = replace(changed, money=NOTHING)
        given.add(decision.card_id)
    trial.sums[changed.currency] = trial.sums.get(changed.currency, NOTHING) + changed.money
    on_change(changed)


def _undecided(policy: Policy, draft: Policy) -> tuple[str, ...]:
    differing = (term for term in TERMS if getattr(policy, term.field) != getattr(draft, term.field))
    return tuple(term.label for term in differing if term.field not in JUDGED)


def _policies(store: Store) -> list[tuple[datetime, Policy]]:
    """Every version of the policy with since when (UTC) it was in force, the oldest first; within a connection."""
    rows = store.database.execute_sql("SELECT recorded_at, version, content, seal FROM policy ORDER BY version")
    return [(stored_instant(at), policy_of(store, *version)) for at, *version in rows.fetchall()]


def _raised(store: Store) -> Mapping[tuple[int, date], int]:
    """The limits of a day that were raised, by agent and day; within a connection."""
    rows = store.database.execute_sql("SELECT agent_id, on_day, most FROM quota WHERE most IS NOT NULL").fetchall()
    return {(agent_id, date.fromisoformat(str(on))): most for agent_id, on, most in rows}
