"""Trying a draft of the policy at the command line: told to people, programs and spreadsheets."""

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest
from cli.clerk import LATER, Clerk
from postgres import AT_LENGTH

ENGINES = AT_LENGTH


@pytest.fixture
def draft(clerk: Clerk, tmp_path: Path) -> str:
    """A card was reactivated eleven hours after its cut-off; the draft lets ten go."""
    code = clerk.issues("50.00", "--name", "Ada", "--email", "ada@example.org")
    clerk.now = LATER
    clerk.does("reactivate", code)
    clerk.does("redeem", code, "--amount", "12.50")
    clerk.now += timedelta(hours=1)
    file = tmp_path / "draft.toml"
    file.write_text("window_hours = 10\nlock_minutes = 5\n", encoding="utf-8")
    return str(file)


def test_it_is_told_to_people(clerk: Clerk, draft: str) -> None:
    told = clerk.does("policy", "try", draft)
    assert "was: reactivated; draft: refused. The card expired 11 h ago" in told
    assert "\n  50.00 GBP came back, and would not have\n  12.50 GBP was spent since" in told
    assert "Window: 10 h after the cut-off still count as recently expired (before: 24 h" in told
    assert "\nreactivated                             1         0\n" in told
    assert "       50.00 GBP came back, and would not have\n" in told
    assert "The draft also changes what decides about no card: Lock.\n" in told
    assert told.endswith("Nothing was written.\n")


def test_it_is_told_to_programs_and_spreadsheets(clerk: Clerk, draft: str) -> None:
    """The same line, its money in minor units and as amounts."""
    found = clerk.asks("policy", "try", draft, "--days", "1")
    assert found["sums"] == {"GBP": {"more_minor": 0, "less_minor": 5_000, "asked_minor": 0, "spent_minor": 1_250}}
    (line,) = found["decisions"]
    assert (line["decided"], line["would"], line["less_minor"], line["at"]) == (
        "reactivated",
        "refuse",
        5_000,
        "2026-11-21T14:02:00Z",
    )
    (row,) = csv.DictReader(io.StringIO(clerk.does("policy", "try", draft, "--csv")))
    assert (row["would"], row["less"], row["spent"], row["last_day_was"]) == ("refuse", "50.00", "12.50", "2026-11-28")
    assert row["card"].startswith("····")


def test_what_can_not_be_tried(clerk: Clerk, draft: str) -> None:
    Path(draft).write_text("window_hours = 200\n", encoding="utf-8")
    assert clerk.is_refused("policy", "try", draft, code=2) == "The window after expiry is 0 to 168 hours."
    clerk.is_refused("policy", "try", draft, "--csv", "--json", code=2)
    clerk.is_refused("policy", "try", f"{draft}.none", code=66)
    Path(draft).write_text("", encoding="utf-8")
    clerk.is_refused("policy", "try", draft, "--days", "0")
