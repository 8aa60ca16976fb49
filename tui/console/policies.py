"""The policy from the command line."""

import re
from argparse import Namespace
from collections.abc import Callable, Mapping
from typing import Any, Final

from models import desk
from models.rules.money import check_currency, parse_amount
from models.rules.policy_terms import OFF, TERMS, Term
from models.store import policy_in_force
from tui.console.misuse import UsageError
from tui.console.opening import reading
from tui.console.outcomes import tell
from tui.console.output import say, say_behind, say_json
from tui.console.sitting import open_desk
from tui.console.values import intent_of, parse_hour, parse_jurisdictions

_NUMBER: Final = re.compile("[0-9]{1,6}", re.ASCII)
_ALARM: Final = re.compile("([0-9]{1,3})=([0-9]{1,6})", re.ASCII)


def show_policy(asked: Namespace) -> int:
    """Show the policy in force."""
    store = open_desk(asked).store
    with reading(store):
        policy = policy_in_force(store)
    if asked.json:
        say_json({**policy.as_json(), "zone": store.business.zone})
        return 0
    say(f"Version    {policy.version}")
    for term in TERMS:
        say_behind(f"{term.label:<11}", term.words(policy))
    say(f"Balances stop at {store.business.cut_off_time:%H:%M} on the day after the last day, {store.business.zone}.")
    return 0


def set_policy(asked: Namespace) -> int:
    """Change what the options name of the policy, and say what that changed."""
    given = [term for term in TERMS if getattr(asked, term.field) is not None]
    if not given:
        raise UsageError("Nothing is to be changed: name at least one field, as giftdesk policy set --help lists them.")
    session = open_desk(asked)
    changes = {term.field: _read(term, getattr(asked, term.field), session.store.currency) for term in given}
    outcome = desk.set_policy(session, **changes, ref=asked.ref, intent=intent_of(asked))
    code = tell(asked, outcome)
    for line in () if asked.json else outcome.facts.get("changes", ()):
        say(line)
    return code


def _read(term: Term, value: Any, currency: str) -> Any:
    """What an option means. Raises UsageError or RuleError for what can't be meant."""
    if term.field in ("approve_above", "bulk_money_above"):
        return _balances(value, currency, term.option)
    read = _READERS.get(term.field)
    return value if read is None else read(value, term.option)


def _whole(text: str, option: str) -> int:
    if _NUMBER.fullmatch(text.strip()) is None:
        raise UsageError(f"{option}: {text[:40]!r} is no whole number; write it like 3.")
    return int(text)


def _is_off(text: str) -> bool:
    return text.strip().lower() == OFF


def _whole_or_off(text: str, option: str) -> int | None:
    return None if _is_off(text) else _whole(text, option)


def _minutes(text: str, option: str) -> int:
    return 0 if _is_off(text) else _whole(text, option)


def _names(text: str, _option: str) -> list[str]:
    return [] if text.strip().lower() == "none" else [part.strip().lower() for part in text.split(",")]


def _address(text: str, _option: str) -> str | None:
    return None if _is_off(text) else text


def _balances(texts: list[str], currency: str, option: str) -> dict[str, int]:
    """Currency -> minor units, from 100.00 (of the desk's currency) or EUR=90.00."""
    if len(texts) == 1 and _is_off(texts[0]):
        return {}
    named = [text.rpartition("=") for text in texts]
    currencies = [check_currency(name or currency) for name, _, _ in named]
    if len(set(currencies)) < len(currencies):
        raise UsageError(f"{option}: name each currency once.")
    return {name: parse_amount(amount, name) for name, (_, _, amount) in zip(currencies, named, strict=True)}


def _alarms(texts: list[str], option: str) -> list[list[int]]:
    if len(texts) == 1 and _is_off(texts[0]):
        return []
    found = [_ALARM.fullmatch(text.strip()) for text in texts]
    for text, match in zip(texts, found, strict=True):
        if match is None:
            raise UsageError(f"{option}: {text[:40]!r} is no alarm; write it like 7=33, or off.")
    return sorted([int(match[1]), int(match[2])] for match in found if match is not None)


_READERS: Final[Mapping[str, Callable[[Any, str], Any]]] = {
    "grounds": _names,
    "window_hours": _whole,
    "extension_days": _whole,
    "repeat_limit": _whole_or_off,
    "vip_expired_days": _whole_or_off,
    "fresh_hours": _whole_or_off,
    "warn_at": _whole_or_off,
    "stop_at": _whole_or_off,
    "bulk_above": _whole_or_off,
    "alarms": _alarms,
    "lock_minutes": _minutes,
    "payments_email": _address,
    "languages": _names,
    "reminder_hour": parse_hour,
    "jurisdictions": parse_jurisdictions,
}
