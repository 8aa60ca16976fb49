"""Trials of a draft of the policy at the command line: for people, for programs, and for spreadsheets."""

import sys
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from models.jobs.spreadsheets import TableWriter
from models.rules import wording
from models.rules.codes import masked
from models.rules.money import format_minor, format_money
from models.rules.policy import Policy
from models.rules.policy_terms import differences
from models.rules.trying import Would
from models.rules.validity import BusinessTime
from models.stopping import Stopped
from models.store import policy_in_force
from models.trials.decisions import Kind
from models.trials.drafts import read_draft
from models.trials.judging import Changed
from models.trials.trial import Trial, try_draft
from tui.console.misuse import UsageError
from tui.console.opening import reading
from tui.console.output import complain, iso, local, progress, say, say_behind, say_json, say_sentences, say_table
from tui.console.sitting import open_desk
from tui.console.stopping import STOPPED, stoppable
from tui.text import clean

_MOST_SHOWN: Final = 200
_DID: Final[Mapping[Kind, str]] = {
    Kind.REACTIVATED: "reactivated",
    Kind.ASKED: "asked for an approval",
    Kind.DECLINED: "told that it expired",
    Kind.ESCALATED: "handed over to Payments Support",
    Kind.EXPLAINED: "case closed as explained",
}
_WOULD: Final[Mapping[Would, str]] = {
    Would.REACTIVATE: "reactivated",
    Would.ASK: "asked for an approval",
    Would.REFUSE: "refused",
}
_MONEY: Final = (
    ("more_minor", "would have come back, and did not"),
    ("less_minor", "came back, and would not have"),
    ("asked_minor", "would have waited for an approval"),
    ("spent_minor", "was spent since of what would not have come back, or after the draft's last day"),
)
_COLUMNS: Final = (
    *("at", "card", "record", "agent", "decided", "came", "would", "why", "last_day", "last_day_was", "currency"),
    *("more", "less", "asked", "spent"),
)


def try_policy(asked: Namespace) -> int:
    """Tell which decisions of the last days would have been others under a draft of the policy."""
    if asked.csv and asked.json:
        raise UsageError("--csv and --json exclude each other.")
    session = open_desk(asked)
    store, path = session.store, Path(asked.file)
    with reading(store):
        policy = policy_in_force(store)
    printer = _Csv() if asked.csv else _Json() if asked.json else _Lines(policy, store.business)
    with stoppable() as is_stopped:
        try:
            trial = try_draft(
                session,
                lambda in_force: read_draft(path, in_force),
                asked.days,
                printer.add,
                on_progress=progress("Trial", unit="decisions"),
                is_stopped=is_stopped,
            )
        except Stopped:
            complain("Stopped; nothing was written.")
            return STOPPED
    printer.end(trial)
    return 0


class _Csv:
    """A line for each decision that would have been another, as it is found."""

    def __init__(self) -> None:
        self._writer = TableWriter(sys.stdout, _COLUMNS, "\n")

    def add(self, changed: Changed) -> None:
        """Print one."""
        values = {
            "at": iso(changed.at),
            "card": masked(changed.last_four),
            "record": changed.card_id,
            "agent": clean(changed.agent),
            "decided": changed.kind.value,
            "came": changed.came,
            "would": changed.would.value,
            "why": clean(" ".join(changed.why)),
            "last_day": changed.last_day_on,
            "last_day_was": changed.last_day_was,
            "currency": changed.currency,
        }
        money = {name.removesuffix("_minor"): getattr(changed.money, name) for name, _ in _MONEY}
        amounts = {name: format_minor(minor, changed.currency) for name, minor in money.items()}
        self._writer.write(values | amounts)

    def end(self, trial: Trial) -> None:
        """Say on standard error what can't be told."""
        for sentence in _not_told(trial):
            complain(sentence)


class _Json:
    """Everything as one value."""

    def __init__(self) -> None:
        self._changed: list[dict[str, Any]] = []

    def add(self, changed: Changed) -> None:
        """Keep one."""
        self._changed.append(
            {
                "at": iso(changed.at),
                "code_masked": masked(changed.last_four),
                "card_id": changed.card_id,
                "agent": changed.agent,
                "decided": changed.kind.value,
                "came": changed.came,
                "would": changed.would.value,
                "why": list(changed.why),
                "last_day": changed.last_day_on and changed.last_day_on.isoformat(),
                "last_day_was": changed.last_day_was and changed.last_day_was.isoformat(),
                "currency": changed.currency,
                **{name: getattr(changed.money, name) for name, _ in _MONEY},
            }
        )

    def end(self, trial: Trial) -> None:
        """Print all."""
        say_json(
            {
                "since": iso(trial.since),
                "until": iso(trial.until),
                "changed": {kind.value: trial.changed[kind] for kind in Kind},
                "unchanged": {kind.value: trial.unchanged[kind] for kind in Kind},
                "not_told": dict(sorted(trial.untold.items())),
                "sums": {
                    currency: {name: getattr(sums, name) for name, _ in _MONEY}
                    for currency, sums in sorted(trial.sums.items())
                },
                "decides_nothing": list(trial.undecided),
                "decisions": self._changed,
            }
        )


class _Lines:
    """For people: what changes, the first of the decisions, and the sums."""

    def __init__(self, policy: Policy, business: BusinessTime) -> None:
        self._policy = policy
        self._business = business
        self._shown = 0

    def add(self, changed: Changed) -> None:
        """Print one of the first."""
        self._shown += 1
        if self._shown > _MOST_SHOWN:
            return
        at = local(changed.at, self._business)
        say(f"{at}  {masked(changed.last_four)}  record {changed.card_id}  {wording.shortened(changed.agent)}")
        came = f" ({changed.came})" if changed.came else ""
        say_behind("  ", f"was: {_DID[changed.kind]}{came}; draft: {_WOULD[changed.would]}. {self._why(changed)}")
        for name, what in _MONEY:
            minor = getattr(changed.money, name)
            if minor:
                say(f"  {format_money(minor, changed.currency)} {what}")

    def _why(self, changed: Changed) -> str:
        sentences = list(changed.why)
        if changed.would is not Would.REFUSE and changed.last_day_was is not None:
            days = (wording.last_day(day) for day in (changed.last_day_on, changed.last_day_was))
            sentences.append("The last day would be {}; it was {}.".format(*days))
        return " ".join(sentences)

    def end(self, trial: Trial) -> None:
        """Print the sums."""
        if self._shown > _MOST_SHOWN:
            say(f"... and {wording.plural(self._shown - _MOST_SHOWN, 'decision')} more; all of them: --csv")
        if self._shown:
            say("")
        for line in differences(self._policy, trial.draft):
            say(line)
        since = local(trial.since, self._business)
        counts = [(_DID[kind], f"{trial.changed[kind]:,}", f"{trial.unchanged[kind]:,}") for kind in Kind]
        say_table([(f"Decisions since {since}", "others", "the same"), *counts], right=(1, 2))
        for currency, sums in sorted(trial.sums.items()):
            for name, what in _MONEY:
                if getattr(sums, name):
                    say_behind(f"{format_money(getattr(sums, name), currency):>16} ", what)
        for sentence in _not_told(trial):
            say_sentences(sentence)
        say_sentences(_HONEST)


def _not_told(trial: Trial) -> list[str]:
    """What a trial can't tell, in sentences."""
    told = [
        f"{wording.plural(count, 'decision')} can't be tried: {why}." for why, count in sorted(trial.untold.items())
    ]
    if trial.undecided:
        told.append(f"The draft also changes what decides about no card: {', '.join(trial.undecided)}.")
    return told


_HONEST: Final = (
    "A press that was refused at once leaves no trace and is not tried; intakes and a case that the policy asks for "
    "are not, either. Each decision is tried for itself, with what was known when it was taken. Nothing was written."
)
