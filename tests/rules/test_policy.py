"""The policy of the desk as data: what it says by default, and what it cannot say."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from models.rules.policy import BadPolicy, Policy, policy_from_json


def test_what_is_allowed_out_of_the_box() -> None:
    policy = Policy()
    assert policy.window == timedelta(hours=24)
    assert policy.extension_days == 7
    assert policy.grounds == ("vip", "recently_expired")
    assert policy.note == "Reactivated per policy \u2013 VIP customer / expired <24h."
    assert policy.lift_note_for("caller confirmed") == "Suspension lifted per policy \u2013 caller confirmed."


def test_an_older_desk_asks_for_no_approval_until_somebody_says_so() -> None:
    """What its policy does not know is off."""
    older = policy_from_json({"version": 4, "window_hours": 24, "grounds": ["vip"]})
    assert (older.repeat_limit, dict(older.approve_above), older.vip_expired_days) == (None, {}, None)
    assert (older.fresh_hours, older.warn_at, older.stop_at) == (None, None, None)


@pytest.mark.parametrize(
    "changes",
    [
        {"window_hours": 0},
        {"window_hours": 168},
        {"extension_days": 1},
        {"extension_days": 365},
        {"grounds": ()},
        {"grounds": ("recently_expired",)},
        {"note": "."},
        {"reminder_hour": 0},
        {"reminder_hour": 23},
        {"jurisdictions": ("ie",)},
        {"jurisdictions": ("us", "ie", "au")},
    ],
)
def test_a_manager_may_go_to_the_edge(changes: dict[str, Any]) -> None:
    assert replace(Policy(), **changes) != Policy()


@pytest.mark.parametrize(
    "changes",
    [
        {"window_hours": -1},
        {"window_hours": 169},
        {"extension_days": 0},
        {"extension_days": 366},
        {"grounds": ("vip", "loyal")},
        {"grounds": ("vip", "vip")},
        {"grounds": ("vip", "recently_expired", "vip")},
        {"grounds": "vip"},
        {"note": " "},
        {"lift_note": "Lifted."},
        {"reminder_hour": -1},
        {"reminder_hour": 24},
        {"jurisdictions": ("us", "us")},
        {"jurisdictions": ("uk",)},
        {"jurisdictions": "us"},
        {"lift_note": "Lifted {Reason}, { reason }."},
    ],
)
def test_a_manager_may_not_go_beyond_it(changes: dict[str, Any]) -> None:
    with pytest.raises(BadPolicy, match=r"^The .*\.$"):
        replace(Policy(), **changes)


@pytest.mark.parametrize("field", ["window_hours", "extension_days", "reminder_hour"])
@pytest.mark.parametrize(
    "number",
    [24.0, 1.5, float("nan"), "24", None, True, False],
)
def test_a_window_or_extension_that_is_no_whole_number_is_refused(field: str, number: object) -> None:
    """Half an hour is not the policy's to give, 'true' is no hour, and a stored value of another kind is nobody's."""
    changes: dict[str, Any] = {field: number}
    with pytest.raises(BadPolicy, match=r"^The .*\.$"):
        replace(Policy(), **changes)
    with pytest.raises(BadPolicy, match=r"^The .*\.$"):
        policy_from_json(changes)


# The note of a lift.


@pytest.mark.parametrize(
    ("reason", "note"),
    [
        ("caller confirmed", "Suspension lifted per policy \u2013 caller confirmed."),
        ("caller confirmed.", "Suspension lifted per policy \u2013 caller confirmed."),
        ("  caller confirmed. ", "Suspension lifted per policy \u2013 caller confirmed."),
        ("see {ticket} in {}", "Suspension lifted per policy \u2013 see {ticket} in {}."),
        ("{reason}", "Suspension lifted per policy \u2013 {reason}."),
        ("{0.__class__} %s $reason \\1", "Suspension lifted per policy \u2013 {0.__class__} %s $reason \\1."),
    ],
)
def test_the_reason_of_a_lift_stands_in_its_note_as_it_was_written(reason: str, note: str) -> None:
    assert Policy().lift_note_for(reason) == note


@pytest.mark.parametrize(
    ("lift_note", "note"),
    [
        ("Lifted {by the desk}: {reason}.", "Lifted {by the desk}: ok."),
        ("Lifted {}: {reason}", "Lifted {}: ok"),
        ("Lifted {{reason}} }{", "Lifted {ok} }{"),
        ("{reason} {date} {0} {reason!r} {reason}", "ok {date} {0} {reason!r} ok"),
    ],
)
def test_other_braces_in_the_note_of_a_lift_are_text(lift_note: str, note: str) -> None:
    assert Policy(lift_note=lift_note).lift_note_for("ok") == note


def test_a_stored_policy_is_read_back_as_it_was() -> None:
    policy = Policy(version=4, window_hours=48, grounds=("vip",), note="Given back.", jurisdictions=("ie", "us"))
    assert policy_from_json(json.loads(json.dumps(policy.as_json()))) == policy


def test_what_another_version_did_not_know_has_its_default_and_what_it_knew_besides_is_left() -> None:
    assert policy_from_json({"version": 2, "window_hours": 12, "mood": "kind"}) == Policy(version=2, window_hours=12)
