"""The policy in words: every field of it, and what a change of it changes."""

from dataclasses import fields, replace
from typing import Any

import pytest

from models.rules.policy import CaseRequired, Policy, SignIn, shipped
from models.rules.policy_terms import OFF, TERMS, differences

CHANGES: dict[str, Any] = {
    "grounds": ("vip",),
    "window_hours": 48,
    "extension_days": 1,
    "note": "Given back.",
    "lift_note": "Lifted: {reason}",
    "repeat_limit": 2,
    "approve_above": {"EUR": 9_000},
    "vip_expired_days": 1,
    "fresh_hours": 12,
    "warn_at": 5,
    "stop_at": 6,
    "alarms": ((7, 30),),
    "case_required": CaseRequired.ALWAYS,
    "sign_in": SignIn.PASSWORD,
    "lock_minutes": 0,
    "payments_email": "pay@example.org",
    "languages": ("de", "en"),
    "reminder_hour": 7,
    "jurisdictions": ("ie",),
    "bulk_above": 9,
    "bulk_money_above": {"EUR": 5_000},
}


def test_every_field_is_told() -> None:
    """Whoever adds a field to the policy says how it reads; the version alone stands by itself."""
    assert [term.field for term in TERMS] == list(CHANGES)
    assert {term.field for term in TERMS} == {each.name for each in fields(Policy)} - {"version"}
    assert len({term.label for term in TERMS}) == len(TERMS)


@pytest.mark.parametrize("field", CHANGES)
def test_a_change_is_one_line(field: str) -> None:
    """It names the field, what it says then, and what it said before."""
    before = shipped("GBP")
    (line,) = differences(before, replace(before, **{field: CHANGES[field]}))
    (term,) = (each for each in TERMS if each.field == field)
    assert (
        line == f"{term.label}: {term.words(replace(before, **{field: CHANGES[field]}))} (before: {term.words(before)})"
    )


def test_what_says_the_same_is_no_line() -> None:
    """A version alone is no change."""
    assert differences(Policy(), replace(Policy(), version=9)) == ()


def test_what_is_off_says_so() -> None:
    """A desk without thresholds does not look as if it had some."""
    said = {term.field: term.words(replace(Policy(alarms=()), lock_minutes=0)) for term in TERMS}
    off = {"repeat_limit", "approve_above", "vip_expired_days", "fresh_hours", "warn_at", "stop_at", "alarms"}
    off |= {"lock_minutes", "payments_email", "bulk_above", "bulk_money_above"}
    assert {field for field, words in said.items() if words == OFF} == off


def test_amounts_stand_in_their_currency() -> None:
    """Yen have no decimals, dinars three."""
    words = {term.field: term.words for term in TERMS}["approve_above"]
    policy = Policy(approve_above={"KWD": 30_000, "JPY": 9_000})
    assert words(policy) == "a balance above 9000 JPY or 30.000 KWD needs an approval"
