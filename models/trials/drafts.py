"""A draft of the policy, read from a file: what it names differs from the policy in force, all else is the same."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

from models.desk.policy import checked_changes
from models.rules.errors import RuleError
from models.rules.policy import BadPolicy, Policy, policy_from_json
from models.rules.policy_terms import OFF
from models.settings import where_it_breaks
from models.short_files import read_short

_FIXED: Final = ("version", "zone")
"""What the policy in force shows of itself, and nobody drafts."""
_NAMES: Final = tuple(item.name for item in fields(Policy) if item.name not in _FIXED)
_LISTS: Final = ("grounds", "jurisdictions", "languages", "alarms")
_TEXTS: Final = ("note", "lift_note", "case_required", "sign_in")
_OFF_IS_NONE: Final = ("repeat_limit", "vip_expired_days", "fresh_hours", "warn_at", "stop_at", "payments_email")


def read_draft(path: Path, policy: Policy) -> Policy:
    """The draft in a file: the policy in force with what the file says otherwise.

    Raises Fault for a file that can't be read, RuleError for what no policy says.
    """
    text = read_short(path, "a policy", BadPolicy, "Nothing was tried.")
    return drafted(_understood(path.name, text), policy)


def _understood(name: str, read: bytes) -> dict[str, Any]:
    try:
        text = read.decode()
    except UnicodeDecodeError:
        raise BadPolicy(f"{name} is no UTF-8 text: save it as such.") from None
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        where = where_it_breaks(error, text)
        raise BadPolicy(f"{name}, {where}: it can't be read. Write a line like: window_hours = 48") from None


def drafted(said: Mapping[str, Any], policy: Policy) -> Policy:
    """The policy with what a draft says otherwise. Raises RuleError."""
    changes = {name: _value(name, value) for name, value in said.items() if name not in _FIXED}
    unknown = sorted(changes.keys() - set(_NAMES))
    if unknown:
        raise BadPolicy(f"A policy has nothing called {unknown[0][:40]!r}; it has {', '.join(_NAMES)}.")
    if said.get("version", policy.version) != policy.version:
        raise BadPolicy(f"Version {policy.version} of the policy is in force: a draft has no version of its own.")
    try:
        return policy_from_json({**policy.as_json(), **checked_changes(changes)})
    except RuleError:
        raise
    except (TypeError, ValueError, AttributeError):
        raise BadPolicy("An item of a list of the draft is of another kind than those of a policy.") from None


def _value(name: str, value: Any) -> Any:
    """A value as the policy keeps it: 'off' is none. Raises BadPolicy for one of another kind."""
    is_off = isinstance(value, str) and value.strip().lower() == OFF
    if name in _LISTS and not isinstance(value, list):
        raise BadPolicy(f"{name} is a list; write it like {name} = [], with its items in the brackets.")
    if name == "approve_above" and not isinstance(value, dict):
        raise BadPolicy("approve_above has minor units for currencies; write it like approve_above = { GBP = 10000 }.")
    if name in _TEXTS and not isinstance(value, str):
        raise BadPolicy(f"{name} is a text; write it in quotes.")
    if name in _OFF_IS_NONE and is_off:
        return None
    if name == "payments_email" and not isinstance(value, str):
        raise BadPolicy('payments_email is a text; write it in quotes, or "off".')
    return 0 if name == "lock_minutes" and is_off else value
