"""Finding and showing cards at the command line."""

import json
from datetime import timedelta

import pytest
from cli.clerk import LATER, Clerk
from postgres import AT_LENGTH

ENGINES = AT_LENGTH

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


@pytest.mark.parametrize("text", ["order 10482", "Order 10482", "ORDER \t 10482", " order   10482 "])
def test_an_order_is_found_as_the_customer_says_it(clerk: Clerk, text: str) -> None:
    """The word before the number is no part of it, in whatever case it is typed."""
    clerk.issues("20.00", "--order", "10483")
    clerk.issues("50.00", *ADA)
    assert [card["balance_minor"] for card in clerk.asks("find", text)["cards"]] == [5000]
    assert [card["balance_minor"] for card in clerk.asks("find", *text.split())["cards"]] == [5000]


def test_an_order_that_was_written_down_with_the_word_is_found(clerk: Clerk) -> None:
    """What was typed when the card was sold leads to it."""
    clerk.issues("50.00", "--order", "Order 10482")
    assert clerk.asks("find", "Order 10482")["cards"]


@pytest.mark.parametrize("text", ["nobody", "nobody@example.org", "Ada Lovelace", "order 7"])
def test_nothing_found_is_exit_code_one(clerk: Clerk, text: str) -> None:
    """A script can tell that nobody is called that; a person is not told of a code that they never typed."""
    assert clerk.is_refused("find", text) == (
        "Nothing is found by that. Check the spelling, or ask for the code, one group at a time."
    )


def test_an_order_that_is_not_found_is_not_spoken_of_as_a_code(clerk: Clerk) -> None:
    assert clerk.is_refused("find", "order 10482").startswith("Nothing is found by that.")


@pytest.mark.parametrize("text", ["234567892345678T", "2345 6789 2345 678T", "2345-6789-2345-678T"])
def test_a_code_that_is_not_found_is_asked_for_again(clerk: Clerk, text: str) -> None:
    assert clerk.is_refused("find", text) == (
        "No card answers to this code. Ask for the code again, one group at a time."
    )


def test_a_list_may_be_of_one_status_only(clerk: Clerk) -> None:
    clerk.issues("10.00", "--name", "Ada Lovelace")
    held = clerk.issues("20.00", "--name", "Ada Lovelace")
    clerk.does("suspend", held, "--reason", "asked to wait")
    assert [card["status"] for card in clerk.asks("find", "lovelace", "--status", "suspended")["cards"]] == [
        "suspended"
    ]
    assert len(clerk.asks("find", "lovelace")["cards"]) == 2


def test_a_slip_of_the_tongue_is_offered_masked(clerk: Clerk) -> None:
    """A code with a letter too many answers unknown, and names the card that it may be."""
    code = clerk.issues("50.00", *ADA)
    answer = clerk.types("show", f"{code}X")
    assert answer.code == 1
    assert "No card answers to this code." in answer.err
    assert "(Ada Lovelace, 17th character: the X that you typed is not on the card)" in answer.err
    assert code not in answer.err


def test_a_code_that_cannot_be_read_whole_is_only_looked_for(clerk: Clerk) -> None:
    """No command is carried out on a card that somebody guessed at; the list tells what it may be."""
    code = clerk.issues("50.00", *ADA)
    damaged = f"?{code[1:8]}?{code[9:]}"
    (found,) = clerk.asks("find", damaged)["cards"]
    assert (found["holder"]["name"], found["remark"]) == ("Ada Lovelace", "fits what can be read of the code")
    told = "With ? a code is only looked for. List the cards that it may be with: giftdesk find"
    assert clerk.is_refused("redeem", damaged, "--amount", "1.00") == told


def test_a_slip_is_offered_only_when_the_card_has_the_status_asked_for(clerk: Clerk) -> None:
    """A list of cards on hold names no other one, not even as a guess."""
    slip = f"{clerk.issues()}X"
    found = clerk.asks("find", slip, "--status", "active")
    assert (found["are_near_misses"], [card["status"] for card in found["cards"]]) == (True, ["active"])
    assert clerk.is_refused("find", slip, "--status", "suspended").startswith("No card answers to this code. Ask")
    clerk.does("suspend", slip[:-1], "--reason", "asked to wait")
    assert [card["status"] for card in clerk.asks("find", slip, "--status", "suspended")["cards"]] == ["suspended"]
    clerk.is_refused("find", slip, "--status", "active")


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
        "id": 1,
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


def test_past_its_cut_off_a_card_had_nothing_although_nobody_had_booked_it(clerk: Clerk) -> None:
    """What a card held at an instant does not depend on when the run came by."""
    code = clerk.issues()
    at = "2026-11-21T03:00:00Z"
    clerk.now = LATER
    seen = clerk.asks("show", code, "--at", at)
    clerk.does("expire")
    for card in (seen, clerk.asks("show", code, "--at", at)):
        assert (card["status"], card["balance_minor"], card["verdict"]) == ("expired", 0, "reinstate")
        assert card["would_become"]["restores_minor"] == 5000
    before = clerk.asks("show", code, "--at", "2026-11-21T02:59:59.999999Z")
    assert (before["status"], before["balance_minor"]) == ("active", 5000)


def test_a_card_that_expired_twice_is_told_with_the_second_time(clerk: Clerk) -> None:
    """Given back in November until the 28th, and over again before anybody booked it."""
    code = clerk.issues()
    clerk.now = LATER
    clerk.does("expire")
    clerk.does("reactivate", code)
    clerk.now = LATER + timedelta(days=30)
    told = clerk.does("show", code, "--at", "2026-12-01T12:00:00Z")
    assert "Balance   0.00 GBP (50.00 GBP broken 29 Nov 2026 03:00)" in told


def test_before_it_was_made_there_was_no_card(clerk: Clerk) -> None:
    """An instant before the card's first activity is refused in a sentence."""
    code = clerk.issues()
    assert "did not exist yet" in clerk.is_refused("show", code, "--at", "2020-01-01T00:00:00Z")


@pytest.mark.parametrize("at", ["1 Jun 2026", "2026-06-01 12:00", "1 June 2026 12:00", "2026-06-01T12:00:00+01:00"])
def test_a_time_is_typed_as_people_write_it(clerk: Clerk, at: str) -> None:
    """On the clocks of the business; the answer says of which time it is."""
    code = clerk.issues()
    clerk.now = LATER
    hour = "23:59" if at == "1 Jun 2026" else "12:00"
    assert clerk.does("show", code, "--at", at).startswith(f"The card as it was on 1 Jun 2026 {hour}.\n")


def test_a_time_that_has_two_meanings_is_not_understood(clerk: Clerk) -> None:
    code = clerk.issues()
    assert clerk.is_refused("show", code, "--at", "01/02/2026", code=2) == (
        "--at: '01/02/2026' can be 1 Feb 2026 or 2 Jan 2026; write the month as a word: 1 Feb 2026."
    )


def test_a_card_as_it_will_be(clerk: Clerk) -> None:
    """If nothing happens until then; the JSON says that it lies ahead."""
    code = clerk.issues()
    told = clerk.asks("show", code, "--at", "1 Jan 2027")
    assert (told["status"], told["balance_minor"], told["is_ahead"]) == ("expired", 0, True)
    assert told["as_of"] == told["judged_at"] == "2027-01-01T23:59:59.999999Z"
    assert (clerk.asks("show", code)["as_of"], clerk.asks("show", code)["is_ahead"]) == (None, False)


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


def test_on_a_terminal_no_sentence_breaks_within_a_word(clerk: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    """It goes on under itself; what another program reads stays in one line."""
    code = clerk.issues("50.00")
    verdict = (
        "retry: The card works: 50.00 GBP can be spent. Confirm the balance and ask to retry at checkout; "
        "if it still fails, escalate."
    )
    assert f"Verdict   {verdict}\n" in clerk.does("show", code)
    monkeypatch.setenv("COLUMNS", "63")
    for stream in ("stdout", "stderr"):
        monkeypatch.setattr(f"sys.{stream}.isatty", lambda: True)
    shown = clerk.does("show", code)
    assert "Verdict   retry: The card works: 50.00 GBP can be spent.\n          Confirm the balance" in shown
    assert " ".join(shown.split()).count(verdict) == 1
    assert max(map(len, shown.splitlines())) <= 63
    refused = clerk.types("lift", code, "--reason", "found again, after a long search in every drawer")
    assert refused.code == 1
    assert max(map(len, refused.err.splitlines())) <= 63
