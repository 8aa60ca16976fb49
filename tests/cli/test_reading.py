"""Finding and showing cards at the command line."""

import json

import pytest
from cli.clerk import LATER, Clerk

ADA = ("--name", "Ada Lovelace", "--email", "ada@example.org", "--place", "Leeds", "--order", "10482")


@pytest.mark.parametrize("text", ["10482", "ada@example.org", "lovelace ada", "ADA"])
def test_a_card_is_found_by_what_the_customer_can_tell(clerk: Clerk, text: str) -> None:
    """Order number, e-mail address and name lead to the card."""
    code = clerk.issues("50.00", *ADA)
    line = clerk.does("find", text)
    assert code[-4:] in line
    assert "50.00 GBP" in line
    assert "Ada Lovelace" in line


def test_a_code_is_found_in_any_spelling(clerk: Clerk) -> None:
    """Lower case, groups and dashes make no difference, as one word or as several."""
    code = clerk.issues()
    spelled = [code[i : i + 4].lower() for i in range(0, 16, 4)]
    assert clerk.asks("find", "-".join(spelled))["is_exact"]
    assert clerk.asks("show", *spelled)["code_masked"].endswith(code[-4:])


def test_nothing_found_is_exit_code_one(clerk: Clerk) -> None:
    """A script can tell that nobody is called that."""
    assert clerk.is_refused("find", "nobody") == (
        "No card answers to this. Ask for the code again, one group at a time."
    )


def test_a_list_may_be_of_one_status_only(clerk: Clerk) -> None:
    clerk.issues("10.00", "--name", "Ada Lovelace")
    held = clerk.issues("20.00", "--name", "Ada Lovelace")
    clerk.does("suspend", held, "--reason", "asked to wait")
    assert [card["status"] for card in clerk.asks("find", "lovelace", "--status", "suspended")["cards"]] == ["suspended"]
    assert len(clerk.asks("find", "lovelace")["cards"]) == 2


def test_a_slip_of_the_tongue_is_offered_masked(clerk: Clerk) -> None:
    """A code with a letter too many answers unknown, and names the card that it may be."""
    code = clerk.issues("50.00", *ADA)
    answer = clerk.types("show", f"{code}X")
    assert answer.code == 1
    assert "No card answers to this code." in answer.err
    assert "Ada Lovelace" in answer.err
    assert code not in answer.err


def test_an_unknown_code_as_json_has_the_verdict(clerk: Clerk) -> None:
    """Scripts read the verdict on a code that no card answers to, and the near misses."""
    code = clerk.issues()
    answer = clerk.types("show", f"{code}X", "--json")
    assert answer.code == 1
    assert answer.err == ""
    told = json.loads(answer.out)
    assert set(told) == {"verdict", "reason", "near_misses"}
    assert told["verdict"] == "unknown"
    assert told["near_misses"] == [f"···· ···· ···· {code[-4:]}"]


def test_show_as_json_has_everything_that_others_rely_on(clerk: Clerk) -> None:
    """The names and the shape of the JSON are kept."""
    code = clerk.issues("50.00", *ADA)
    clerk.does("organisation", "set", "Northwind", "--vip")
    clerk.does("register", code, "--name", "Ada Lovelace", "--email", "ada@example.org", "--organisation", "Northwind")
    clerk.does("flag", code, "--reason", "odd")
    clerk.does("flag", code, "--clear", "--reason", "fine")
    clerk.now = LATER
    clerk.does("expire")
    card = clerk.asks("show", code)
    assert card["code_masked"] == f"···· ···· ···· {code[-4:]}"
    assert (card["status"], card["balance_minor"], card["currency"]) == ("expired", 0, "GBP")
    assert (card["active_from"], card["last_day"], card["cut_off"]) == (
        "2026-05-21T12:00:00Z",
        "2026-11-20",
        "2026-11-21T03:00:00Z",
    )
    assert card["verdict"] == "reinstate"
    assert card["grounds"] == ["vip", "recently_expired"]
    assert card["actions"]["reactivate"] is None
    assert "stopped" in card["actions"]["redeem"]
    assert (card["would_become"]["last_day"], card["would_become"]["restores_minor"]) == ("2026-11-28", 5000)
    assert card["holder"] == {
        "name": "Ada Lovelace",
        "email": "ada@example.org",
        "organisation": "Northwind",
        "vip": True,
    }
    assert card["flags"] == []
    assert [line["kind"] for line in card["activities"]] == [
        "breakage",
        "flag_cleared",
        "flag_raised",
        "registered",
        "issue",
    ]
    issue = card["activities"][-1]
    assert {name: issue[name] for name in ("amount_minor", "balance_after_minor", "place", "order_ref")} == {
        "amount_minor": 5000,
        "balance_after_minor": 5000,
        "place": "Leeds",
        "order_ref": "10482",
    }
    assert (issue["actor"], issue["effective_at"], issue["recorded_at"], issue["reason"], issue["reverses"]) == (
        "mia",
        "2026-05-21T12:00:00Z",
        "2026-05-21T12:00:00Z",
        None,
        None,
    )
    assert card["activities"][1]["reverses"] == 3


def test_show_in_words_says_what_to_do(clerk: Clerk) -> None:
    """A person reads the verdict, what is possible and why the rest is not, and the history."""
    code = clerk.issues("50.00", *ADA)
    clerk.now = LATER
    clerk.does("suspend", code, "--reason", "stolen")
    told = clerk.does("show", code)
    for words in ("suspended", "stolen", "Verdict", "Possible", "Not now", "order 10482", "Ada Lovelace"):
        assert words in told
    assert code not in told


def test_a_card_as_it_was_at_an_instant(clerk: Clerk) -> None:
    """The past is shown as it was, in the zone that was given."""
    code = clerk.issues()
    clerk.now = LATER
    clerk.does("redeem", clerk.issues(), "--amount", "1")
    clerk.does("expire")
    assert clerk.asks("show", code)["status"] == "expired"
    past = clerk.asks("show", code, "--at", "2026-06-01T12:00:00+01:00")
    assert (past["status"], past["balance_minor"], past["judged_at"]) == ("active", 5000, "2026-06-01T11:00:00Z")


def test_before_it_was_made_there_was_no_card(clerk: Clerk) -> None:
    """An instant before the card's first activity is refused in a sentence."""
    code = clerk.issues()
    assert "did not exist yet" in clerk.is_refused("show", code, "--at", "2020-01-01T00:00:00Z")


def test_a_code_may_come_from_standard_input(clerk: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that it shows in no list of processes."""
    from io import StringIO

    code = clerk.issues()
    monkeypatch.setattr("sys.stdin", StringIO(f"{code}\n"))
    assert clerk.asks("show", "-")["status"] == "active"
    monkeypatch.setattr("sys.stdin", StringIO(""))
    assert "standard input" in clerk.is_refused("show", "-", code=2)


def test_what_is_stored_is_drawn_and_never_obeyed(clerk: Clerk) -> None:
    """Brackets stay, line breaks become blanks, and a table keeps its columns beside wide letters."""
    code = clerk.issues("50.00", "--name", "[/bold] 愛子", "--place", "Leeds [red]")
    clerk.does("note", code, "one\ntwo")
    told = clerk.does("show", code)
    assert "[/bold] 愛子" in told
    assert "Leeds [red]" in told
    assert "one two" in told
