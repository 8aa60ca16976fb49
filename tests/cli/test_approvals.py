"""Approvals at the command line: asked for, listed, shown and decided about; and a limit raised for the day."""

from datetime import timedelta

import pytest
from cli.clerk import LATER, Clerk
from postgres import AT_LENGTH

ENGINES = AT_LENGTH
MUCH = "150.00 GBP is more than 100.00 GBP."


@pytest.fixture
def code(clerk: Clerk) -> str:
    """A card of 150 pounds that stopped eleven hours ago, at a desk with the policy that it was made with."""
    code = clerk.issues("150.00")
    clerk.now = LATER
    clerk.does("agents", "set", "pat", "--role", "supervisor")
    clerk.login = "sam"
    return code


def test_asking_is_an_exit_code_of_its_own(clerk: Clerk, code: str) -> None:
    """A script can tell asked for from done and from refused."""
    answer = clerk.types("reactivate", code, "--note", "abroad")
    assert (answer.code, answer.err) == (3, "")
    assert answer.out.endswith(f"decides before Sun 22 Nov 14:02. {MUCH}\n")
    assert clerk.is_refused("reactivate", code).startswith("sam asked for this on 21 Nov 14:02")


def test_a_dry_run_is_done_whatever_it_would_be(clerk: Clerk, code: str) -> None:
    assert f"needs an approval, which would be asked for. {MUCH}" in clerk.does("reactivate", code, "--dry-run")
    assert clerk.does("approval", "list") == "Nothing waits for an approval.\n"


def test_what_waits_is_listed_shown_and_approved(clerk: Clerk, code: str) -> None:
    clerk.types("reactivate", code, "--note", "abroad", "--ref", "T-7")
    clerk.login = "pat"
    (line,) = clerk.asks("approval", "list")
    assert (line["approval"], line["state"], line["asked_by"], line["why"]) == (1, "waiting", "sam", [MUCH])
    assert "asked for by sam" in clerk.does("worklist", "approvals")
    shown = clerk.does("approval", "show", "1")
    for words in ("sam, 21 Nov 2026 14:02; lapses Sun 22 Nov 14:02", MUCH, "abroad", "T-7", "keeps 150.00 GBP"):
        assert words in shown
    told = clerk.asks("approval", "approve", "1")
    assert (told["decision"], told["asked_by"], told["status"]) == ("approved", "sam", "active")
    assert "pat approved this on 21 Nov 2026 14:02." in clerk.does("approval", "list", "--days", "1")
    assert "approved by pat" in clerk.does("worklist", "decided")
    assert clerk.is_refused("approval", "approve", "1") == "pat approved this on 21 Nov 2026 14:02."
    assert "all add up" in clerk.does("verify")


def test_a_refusal_has_a_reason_and_who_asked_reads_it(clerk: Clerk, code: str) -> None:
    clerk.types("reactivate", code)
    clerk.login = "pat"
    assert "required: --reason" in clerk.is_refused("approval", "refuse", "1", code=2)
    assert "is refused" in clerk.does("approval", "refuse", "1", "--reason", "sold twice")
    clerk.login = "sam"
    assert "pat refused to approve this on 21 Nov 2026 14:02: sold twice." in clerk.does("show", code)


def test_who_asked_withdraws_and_another_day_it_has_lapsed(clerk: Clerk, code: str) -> None:
    clerk.types("reactivate", code)
    assert "Your request is withdrawn" in clerk.does("approval", "withdraw", "1")
    clerk.types("reactivate", code)
    clerk.now = LATER + timedelta(days=1)
    clerk.login = "pat"
    assert clerk.is_refused("approval", "approve", "2").startswith("The request lapsed on 22 Nov 2026 14:02")
    assert clerk.asks("approval", "show", "2")["state"] == "lapsed"


def test_a_limit_is_raised_for_the_day(clerk: Clerk, code: str) -> None:
    clerk.login = "pat"
    clerk.now = LATER
    assert clerk.is_refused("agents", "raise", "pat", "--to", "20", "--reason", "fair").startswith("Your own limit")
    clerk.types("find", code)
    clerk.login = "sam"
    clerk.types("reactivate", code)
    clerk.login = "pat"
    told = clerk.does("agents", "raise", "sam", "--to", "20", "--reason", "fair")
    assert told == "sam may reactivate 20 cards today; 0 of them are used.\n"


def test_a_number_that_no_request_has(clerk: Clerk) -> None:
    assert clerk.is_refused("approval", "show", "9") == "There is no request 9 for an approval."
    assert "--days" in clerk.is_refused("approval", "list", "--days", "0", code=2)


def test_a_new_desk_begins_with_thresholds(clerk: Clerk) -> None:
    """Whoever makes a desk gets them, in its own currency; a manager can switch each off."""
    policy = clerk.asks("policy", "show")
    limits = ("repeat_limit", "approve_above", "vip_expired_days", "fresh_hours", "warn_at", "stop_at")
    assert [policy[name] for name in limits] == [3, {"GBP": 10_000}, 30, 24, 8, 15]
