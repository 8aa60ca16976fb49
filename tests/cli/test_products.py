"""Products at the command line: what customers are told of them, where they are sold, and when they are retired."""

import json
import re

import pytest
from cli.clerk import Clerk

HALF = "The balance lasts 6 months from the day of purchase; each top-up starts that time afresh for the whole balance."


# What a shop asks.


def test_a_shop_asks_for_its_line_and_gets_nothing_else(clerk: Clerk) -> None:
    assert clerk.does("product", "line", "half") == f"{HALF}\n"
    assert clerk.asks("product", "line", "half", "--bought", "2027-01-01") == {
        "id": "half",
        "line": HALF,
        "active_from": "2027-01-01",
        "last_day": "2027-06-30",
    }


def test_a_date_that_makes_no_difference_any_more_is_left_out_of_the_line(clerk: Clerk) -> None:
    clerk.does("product", "set", "xmas", "--expire-on", "2026-12-24", "--valid-after", "2026-11-01")
    last = "The balance can be spent up to and including Thu 24 Dec 2026; a top-up does not move that day.\n"
    assert clerk.does("product", "line", "xmas") == f"The card becomes active on Sun 1 Nov 2026. {last}"
    assert clerk.does("product", "line", "xmas", "--bought", "1 Nov 2026") == last


def test_there_is_no_line_for_what_the_web_shop_does_not_sell(clerk: Clerk) -> None:
    clerk.does("product", "set", "half", "--sold", "store")
    told = clerk.is_refused("product", "line", "half")
    assert told == "Half year is sold in store only: the web shop has nothing to say of it."
    clerk.does("product", "set", "half", "--sold", "both")
    clerk.does("product", "retire", "half")
    assert clerk.is_refused("product", "line", "half").startswith("Half year is retired: ")


def test_there_is_no_line_for_what_nobody_could_spend(clerk: Clerk) -> None:
    clerk.does("product", "set", "xmas", "--name", "Christmas", "--expire-on", "2026-12-24")
    told = clerk.is_refused("product", "line", "xmas", "--bought", "2026-12-26")
    assert told == "Christmas: The balance would stop on 24 Dec 2026, which is already over."
    assert "is no date" in clerk.is_refused("product", "line", "xmas", "--bought", "soon", code=2)


# Trying rules out.


def test_a_preview_tells_every_text_and_every_day(clerk: Clerk) -> None:
    """A card from New Year's Day, topped up on the last day of its half year."""
    clerk.does("product", "set", "half", "--remind", "2 weeks", "--activate-after", "3")
    told = clerk.does("product", "preview", "half", "--bought", "2027-01-01", "--topped-up", "2027-06-30")
    assert told.split("\n\n")[1].splitlines() == [
        "Fri 1 Jan 2027   bought",
        "Mon 4 Jan 2027   becomes active",
        "Wed 16 Jun 2027  reminder, 2 weeks before 30 Jun 2027",
        "Wed 30 Jun 2027  topped up",
        "Wed 15 Dec 2027  reminder, 2 weeks before 29 Dec 2027",
        "Wed 29 Dec 2027  last day",
        "Thu 30 Dec 2027  the balance stops at 03:00, Europe/London",
    ]
    assert "Gift e-mail  Your gift card is active from Mon 4 Jan 2027 up to and including Wed 30 Jun 2027.\n" in told
    assert "On top-up    The whole balance can be spent up to and including Wed 29 Dec 2027.\n" in told


def test_a_preview_as_data(clerk: Clerk) -> None:
    clerk.does("product", "set", "half", "--remind", "3 days")
    told = clerk.asks("product", "preview", "half")
    assert (told["active_from"], told["last_day"], told["cut_off"]) == (
        "2026-05-21",
        "2026-11-20",
        "2026-11-21T03:00:00Z",
    )
    assert told["reminders"] == [{"on": "2026-11-17", "lead": [3, "days"], "last_day": "2026-11-20"}]
    assert told["top_up_line"] is None
    assert told["print_line"] == f"{HALF} Register the card to be reminded by e-mail."


def test_a_balance_that_stays_for_ever_ends_no_preview_with_a_date(clerk: Clerk) -> None:
    clerk.does("product", "set", "plain")
    assert clerk.does("product", "preview", "plain").endswith(
        "Thu 21 May 2026  becomes active\nnever            expires\n"
    )


def test_rules_are_tried_out_before_they_are_saved(clerk: Clerk) -> None:
    """With what the product has besides, and with the refusals that saving would bring."""
    clerk.does("product", "set", "half", "--remind", "2 weeks")
    before = clerk.asks("product", "show", "half")
    told = clerk.asks("product", "set", "half", "--expire-after", "1 month", "--dry-run")
    assert (told["last_day"], told["reminders"][0]["on"]) == ("2026-06-20", "2026-06-06")
    assert clerk.does("product", "set", "spa", "--name", "Spa day", "--dry-run").startswith("Spa day (spa)\n")
    refused = clerk.is_refused("product", "set", "half", "--activate-after", "200", "--dry-run")
    assert refused == "The activation delay must be shorter than the period, which can be as short as 168 days."
    assert "there twice" in clerk.is_refused("product", "set", "a", *["--remind", "1 day"] * 2, "--dry-run")
    assert clerk.asks("product", "list") == [{key: before[key] for key in clerk.asks("product", "list")[0]}]


# Keeping them.


def test_the_list_says_where_products_are_sold_and_which_are_retired(clerk: Clerk) -> None:
    clerk.does("product", "set", "half", "--sold", "web", "--remind", "2 weeks", "--remind", "3 days")
    clerk.does("product", "set", "old")
    clerk.does("product", "retire", "old", "--ref", "ZD-1")
    assert [re.split(" {2,}", line) for line in clerk.does("product", "list").splitlines()] == [
        ["half", "Half year", "web shop", "6 months from last load", "reminds 2 weeks, 3 days before"],
        ["old", "old", "retired", "never expires"],
    ]
    half, old = clerk.asks("product", "list")
    assert (half["channels"], half["retired_at"]) == (["web"], None)
    assert (old["channels"], old["retired_at"]) == (["web", "store"], "2026-05-21T12:00:00Z")


def test_a_product_is_shown_with_its_cards_and_what_a_change_leaves_alone(clerk: Clerk) -> None:
    clerk.issues()
    told = clerk.does("product", "show", "half")
    assert "Sold:      web shop and stores\n" in told
    assert "Cards:     1\n" in told
    assert "Validity counts for cards issued or topped up from then on; others keep their days." in told
    clerk.does("product", "retire", "half")
    assert "Sold:      no more; retired on 21 May 2026\n" in clerk.does("product", "show", "half")


def test_a_retired_product_is_brought_back(clerk: Clerk) -> None:
    code = clerk.issues()
    clerk.does("product", "retire", "half")
    assert clerk.is_refused("product", "retire", "half") == "Half year is retired already. Nothing was changed."
    told = clerk.is_refused("issue", "--product", "half", "--amount", "5")
    assert told.endswith("A manager can bring it back: giftdesk product restore half")
    clerk.does("top-up", code, "--amount", "5")
    assert clerk.does("product", "restore", "half") == "Half year is issued again.\n"
    clerk.issues()
    clerk.does("verify")


def test_what_is_no_place_to_sell_at_is_not_understood(clerk: Clerk) -> None:
    for where in ("", "market", "web,market", "web;store"):
        assert "write web, store or both" in clerk.is_refused("product", "set", "half", "--sold", where, code=2)


def test_an_imported_product_gets_no_rules_that_nobody_gave(
    clerk: Clerk, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """To say where it is sold must not make its balances live for ever."""
    file = tmp_path_factory.mktemp("in") / "cards.csv"
    file.write_text("code,currency,balance,product_name\nABCDEFGHJKL2,GBP,5.00,Old\n")
    clerk.does("import", "giftdesk", str(file), "--commit")
    (old,) = [each["id"] for each in clerk.asks("product", "list") if each["name"] == "Old"]
    told = clerk.is_refused("product", "set", old, "--sold", "store", code=2)
    assert told.startswith("Old has no validity rules yet: say how long balances live, ")
    assert clerk.is_refused("product", "line", old).startswith("Old has no validity rules yet: a manager must set them")
    clerk.does("product", "set", old, "--sold", "store", "--expire-after", "1 year")


# The policy.


def test_a_length_that_the_law_forbids_is_saved_with_a_warning(clerk: Clerk) -> None:
    warning = (
        "A balance of 6 months is too short. The law of Australia asks for 3 years from the day of supply "
        "(Competition and Consumer Act 2010, Schedule 2, section 99B)."
    )
    assert clerk.does("policy", "set", "--jurisdictions", "au,IE").startswith(
        "Version 2 of the policy is in force.\nLaw: "
    )
    saved = clerk.types("product", "set", "half", "--expire-after", "6 months")
    assert (saved.code, saved.out) == (0, "Half year (half): 6 months from last load.\n")
    assert saved.err.splitlines()[0] == warning
    assert len(saved.err.splitlines()) == 2
    tried = clerk.types("product", "set", "half", "--dry-run")
    assert (tried.code, tried.err) == (0, saved.err)
    assert f"Warning:   {warning}\n" in clerk.does("product", "show", "half")
    assert warning in clerk.asks("product", "show", "half")["warnings"]
    silent = clerk.types("product", "set", "half", "--json")
    assert (silent.err, json.loads(silent.out)["warnings"][0]) == ("", warning)
    clerk.does("policy", "set", "--jurisdictions", "none")
    assert clerk.asks("product", "show", "half")["warnings"] == []


def test_the_policy_says_when_reminders_go(clerk: Clerk) -> None:
    assert "Reminders  from 09:00 on their day\n" in clerk.does("policy", "show")
    clerk.does("policy", "set", "--reminder-hour", "17", "--ref", "ZD-1")
    policy = clerk.asks("policy", "show")
    assert (policy["version"], policy["reminder_hour"], policy["jurisdictions"]) == (2, 17, [])
    assert clerk.does("policy", "set", "--reminder-hour", "17") == "The policy says that already: version 2.\n"
    clerk.does("verify")


def test_what_is_no_policy_is_not_understood(clerk: Clerk) -> None:
    clerk.is_refused("policy", "set", code=2)
    for hour in ("24", "noon", "-1"):
        assert "from 0 to 23" in clerk.is_refused("policy", "set", f"--reminder-hour={hour}", code=2)
    for codes in ("uk", "us,", ""):
        assert "none of us, ie, au" in clerk.is_refused("policy", "set", "--jurisdictions", codes, code=2)
    assert clerk.asks("policy", "show")["version"] == 1


def test_a_desk_is_made_for_the_countries_that_it_sells_in(outsider: Clerk) -> None:
    outsider.is_refused("init", "--jurisdictions", "atlantis", code=2)
    outsider.does("init", "--jurisdictions", "us,ie")
    assert outsider.asks("policy", "show")["jurisdictions"] == ["us", "ie"]
