"""What a policy says in words, field by field: to be shown, compared, and told in the README."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from models.rules.jurisdictions import JURISDICTIONS
from models.rules.money import format_money, grouped_money
from models.rules.policy import CaseRequired, Policy, SignIn
from models.rules.wording import plural

OFF: Final = "off"
_CASES: Final = {
    CaseRequired.NEVER: "an intake is asked for nothing",
    CaseRequired.ESCALATION: "an escalation needs an intake",
    CaseRequired.ALWAYS: "an escalation, a reactivation and a reply need an intake",
}
_SIGN_IN: Final = {
    SignIn.LOGIN: "by the login of the operating system",
    SignIn.PASSWORD: "by login and password",
}


@dataclass(frozen=True, slots=True)
class Term:
    """One field of the policy."""

    field: str
    """Its name in Policy."""
    label: str
    takes: str
    """What its option takes."""
    decides: str
    """What it decides, as the README says it."""
    words: Callable[[Policy], str]
    """What a policy says of it."""

    @property
    def option(self) -> str:
        """How the command line calls it."""
        return f"--{'alarm' if self.field == 'alarms' else self.field.replace('_', '-')}"


def _laws(policy: Policy) -> str:
    return " ".join(JURISDICTIONS[code].demand for code in policy.jurisdictions) or "none is heeded"


def _repeats(policy: Policy) -> str:
    if policy.repeat_limit is None:
        return OFF
    return f"more than {policy.repeat_limit} of a card or a holder in 90 days need an approval"


def _above(policy: Policy) -> str:
    limits = " or ".join(format_money(minor, currency) for currency, minor in sorted(policy.approve_above.items()))
    return f"a balance above {limits} needs an approval" if limits else OFF


def _bulk(policy: Policy) -> str:
    return (
        OFF
        if policy.bulk_above is None
        else f"a bulk of more than {plural(policy.bulk_above, 'card')} needs an approval"
    )


def _bulk_money(policy: Policy) -> str:
    limits = " or ".join(grouped_money(minor, currency) for currency, minor in sorted(policy.bulk_money_above.items()))
    return f"a bulk by which more than {limits} comes back needs an approval" if limits else OFF


def _late(policy: Policy) -> str:
    days = policy.vip_expired_days
    return OFF if days is None else f"a VIP's card that expired more than {plural(days, 'day')} ago needs an approval"


def _fresh(policy: Policy) -> str:
    hours = policy.fresh_hours
    return OFF if hours is None else f"a VIP mark, link or holder younger than {hours} h needs an approval"


def _warned(policy: Policy) -> str:
    return OFF if policy.warn_at is None else f"from {policy.warn_at} reactivations of an agent on a day"


def _stopped(policy: Policy) -> str:
    return OFF if policy.stop_at is None else f"at {policy.stop_at} reactivations of an agent on a day"


def _alarms(policy: Policy) -> str:
    return ", ".join(f"{count} in {plural(days, 'day')}" for days, count in policy.alarms) or OFF


def _locked(policy: Policy) -> str:
    return f"after {policy.lock_minutes} idle minutes" if policy.lock_minutes else OFF


TERMS: Final = (
    Term(
        "grounds",
        "Grounds",
        "NAMES",
        "what an expired card may be reactivated for: `vip`, `recently_expired`, both with a comma between, or `none`",
        lambda policy: ", ".join(policy.grounds) or "none",
    ),
    Term(
        "window_hours",
        "Window",
        "N",
        "for how many hours after its cut-off a card counts as recently expired, 0 to 168",
        lambda policy: f"{policy.window_hours} h after the cut-off still count as recently expired",
    ),
    Term(
        "extension_days",
        "Extension",
        "N",
        "how many days after today a reactivated card's new last day lies, 1 to 365",
        lambda policy: f"{plural(policy.extension_days, 'day')} after today is the new last day",
    ),
    Term("note", "Note", "TEXT", "the note that a reactivation leaves, word for word", lambda policy: policy.note),
    Term(
        "lift_note",
        "Lift note",
        "TEXT",
        "the note that a lift without a ground leaves; `{reason}` in it is the agent's reason",
        lambda policy: policy.lift_note,
    ),
    Term(
        "repeat_limit",
        "Repeats",
        "N",
        "after how many reactivations of a card or a holder in 90 days the next needs an approval, 1 to 100, or `off`",
        _repeats,
    ),
    Term(
        "approve_above",
        "Above",
        "A",
        "above which balance a reactivation needs an approval: `100.00`, or `EUR=90.00` for a currency of its own, "
        "repeated for several, or `off`",
        _above,
    ),
    Term(
        "vip_expired_days",
        "Late VIP",
        "N",
        "how many days after its cut-off a VIP's card needs an approval, 1 to 3650, or `off`",
        _late,
    ),
    Term(
        "fresh_hours",
        "Fresh VIP",
        "N",
        "for how many hours a VIP mark, a link or a holder is too fresh to be the only ground, 1 to 168, or `off`",
        _fresh,
    ),
    Term("warn_at", "Warning", "N", "from which reactivation of a day on an agent is warned, or `off`", _warned),
    Term("stop_at", "Stop", "N", "how many cards an agent reactivates on a day at most, or `off`", _stopped),
    Term(
        "alarms",
        "Alarms",
        "DAYS=N",
        "how many reactivations of an agent within so many days alarm supervisors: `7=33`, repeated for several, or "
        "`off`",
        _alarms,
    ),
    Term(
        "case_required",
        "Cases",
        "WHEN",
        "what needs a case with its intake: `never` anything, an `escalation`, or `always`: reactivations and replies, "
        "too",
        lambda policy: _CASES[policy.case_required],
    ),
    Term(
        "sign_in",
        "Sign-in",
        "HOW",
        "how people say who they are: by the `login` of the operating system, or by `password`",
        lambda policy: _SIGN_IN[policy.sign_in],
    ),
    Term("lock_minutes", "Lock", "N", "after how many idle minutes the screen is locked, 1 to 240, or `off`", _locked),
    Term(
        "payments_email",
        "Packets to",
        "E",
        "where packets for Payments Support are mailed to, or `off`: they are in the queue only",
        lambda policy: policy.payments_email or OFF,
    ),
    Term(
        "languages",
        "Languages",
        "CODES",
        "which languages customers are answered in, the usual one first: `en,de`",
        lambda policy: ", ".join(policy.languages),
    ),
    Term(
        "reminder_hour",
        "Reminders",
        "H",
        "from which hour of their day on reminders go, 0 to 23",
        lambda policy: f"from {policy.reminder_hour:02}:00 on their day",
    ),
    Term(
        "jurisdictions",
        "Law",
        "CODES",
        "whose law warns of products that are too short: `us`, `ie`, `au` with commas between them, or `none`",
        _laws,
    ),
    Term(
        "bulk_above",
        "Bulk",
        "CARDS",
        "above how many cards a bulk needs an approval, 1 to 1000000, or `off`",
        _bulk,
    ),
    Term(
        "bulk_money_above",
        "Bulk money",
        "A",
        "above which sum that comes back a bulk needs an approval: `1000.00`, or `EUR=900.00` for a currency of its "
        "own, repeated for several, or `off`",
        _bulk_money,
    ),
)
"""Every field but the version, in the order in which they are shown."""


def differences(before: Policy, after: Policy) -> tuple[str, ...]:
    """What a change of the policy changes, a line for each field."""
    both = ((term.label, term.words(before), term.words(after)) for term in TERMS)
    return tuple(f"{label}: {new} (before: {old})" for label, old, new in both if new != old)


def markdown_table() -> str:
    """The fields as the README shows them."""
    rows = [f"| `{term.option} {term.takes}` | {term.decides} |" for term in TERMS]
    return "\n".join(["| Option | What it decides |", "| --- | --- |", *rows])
