"""Cases at the command line: a conversation from the first sentence to the closed case."""

import pytest
from cli.clerk import NOON, Clerk
from postgres import AT_LENGTH

from models.rules.cases import CaseOutcome
from models.rules.intakes import Symptom
from tui.console.case_grammar import OUTCOMES, SYMPTOMS

ENGINES = AT_LENGTH
ADA = ("--name", "Ada Lovelace", "--email", "ada@example.org")


@pytest.fixture
def code(clerk: Clerk) -> str:
    """Ada's card."""
    return clerk.issues("50.00", *ADA, "--place", "Leeds")


def test_a_conversation(clerk: Clerk, code: str) -> None:
    """Opened, asked, noted, looked up again, closed."""
    assert clerk.does("case", "open", code) == "Case 1 is open.\n"
    assert clerk.does("case", "list").endswith("mia  open  card of Ada Lovelace\n")
    told = clerk.does("case", "intake", "1", "--holder", "--symptom", "not_applied")
    assert told == "The intake of case 1 is taken down. Still to be asked: the error message or a screenshot.\n"
    assert clerk.does("case", "intake", "1", "--message", "Declined (51)") == "The intake of case 1 is taken down.\n"
    assert clerk.does("case", "add", "1", "it", "is", "the", "app") == "Case 1 has your text.\n"
    assert clerk.does("case", "leave", "1").startswith("Case 1 stays as it is: something was begun")
    assert clerk.does("case", "list").split() == ["1", "21", "May", "2026", "13:00", "····", code[-4:], "mia", "begun",
                                                  "Ada", "Lovelace"]  # fmt: skip
    assert clerk.does("case", "close", "1", "--outcome", "confirmed") == (
        "Case 1 is closed: balance confirmed, to be tried again.\n"
    )
    assert clerk.does("case", "list") == "You have no open case.\n"
    assert clerk.does("case", "show", "1").splitlines() == [
        "Case 1 of mia: closed: balance confirmed, to be tried again. Opened 21 May 2026 13:00, 1 call, 1 card.",
        "Name          Ada Lovelace",
        "E-mail        ada@example.org",
        f"Code ends in  {code[-4:]}",
        "Sees          I can't apply my card at checkout.",
        "Message       Declined (51)",
        "Bought        21 May 2026 (on file)",
        "Where         Leeds (on file)",
        "21 May 2026 13:00 mia             case opened",
        "21 May 2026 13:00 mia             intake: name, email, symptom, typed last four",
        "21 May 2026 13:00 mia             intake: name, email, symptom, typed last four, message",
        "21 May 2026 13:00 mia             added",
        "                                  it is the app",
        "21 May 2026 13:00 mia             closed: balance confirmed, to be tried again",
    ]


def test_a_case_as_json(clerk: Clerk, code: str) -> None:
    """Everything that a person reads, for a program; and never the code."""
    opened = clerk.asks("case", "open", code, "--ref", "ZD-7", "--intent", "k")
    assert {name: opened[name] for name in ("done", "case", "is_new", "calls", "repeated")} == {
        "done": True, "case": 1, "is_new": True, "calls": 1, "repeated": False,
    }  # fmt: skip
    assert clerk.asks("case", "open", code, "--ref", "ZD-7", "--intent", "k")["repeated"]
    shown = clerk.does("case", "show", "1", "--json")
    assert code not in shown
    sheet = clerk.asks("case", "show", "1")
    assert sheet["intake"] == {
        "name": "Ada Lovelace",
        "email": "ada@example.org",
        "typed_last_four": code[-4:],
        "symptom": "not_applied",
        "message": None,
        "screenshot": None,
        "bought_when": "21 May 2026",
        "bought_where": "Leeds",
    }
    assert sheet["known"] == ["bought_when", "bought_where", "email", "name", "symptom"]
    assert sheet["missing"] == ["what the customer sees", "the error message or a screenshot"]
    assert (sheet["state"], sheet["agent"], sheet["is_mine"], sheet["outcome"]) == ("open", "mia", True, None)
    assert sheet["time_line"] == [
        {"at": "2026-05-21T12:00:00Z", "who": "mia", "what": "case opened", "text": None, "card_id": None}
    ]
    listed = clerk.asks("case", "list", "open")
    assert [(case["case"], case["last_at"]) for case in listed["cases"]] == [(1, "2026-05-21T12:00:00Z")]


def test_a_second_card_and_a_colleague(clerk: Clerk, code: str) -> None:
    """The card joins the case; the colleague takes it over, and the first one has none left."""
    clerk.does("case", "open", code)
    assert clerk.does("case", "open", clerk.issues("5.00"), "--beside", "1") == "Case 1 has one more card.\n"
    clerk.login = "zoe"
    assert clerk.is_refused("case", "add", "1", "she rang") == "This is a case of mia: take it over first."
    assert clerk.does("case", "reopen", "1") == "Case 1 is yours.\n"
    assert [case["cards"] for case in clerk.asks("case", "list", "mine_today")["cases"]] == [2]
    clerk.login = None
    assert clerk.does("case", "list") == "You have no open case.\n"


def test_nobody_sees_more_than_was_asked_for(clerk: Clerk) -> None:
    """A long list says that there is more."""
    for _ in range(3):
        clerk.does("case", "open", clerk.issues("5.00"))
    answer = clerk.types("case", "list", "mine_today", "--limit", "2")
    assert (answer.code, len(answer.out.splitlines())) == (0, 2)
    assert answer.err == "There are more. --limit shows them.\n"


def test_who_calls_again_is_remembered(clerk: Clerk, code: str) -> None:
    """All conversations about a card, whoever had them."""
    assert clerk.does("case", "list", "--card", code) == "There was no case about that card.\n"
    clerk.does("case", "open", code)
    clerk.does("case", "close", "1", "--outcome", "explained")
    clerk.login = "zoe"
    clerk.does("case", "open", code)
    told = clerk.asks("case", "list", "--card", code)
    assert [(case["case"], case["agent"], case["state"]) for case in told["cases"]] == [
        (2, "zoe", "open"),
        (1, "mia", "closed: explained"),
    ]
    assert clerk.types("case", "list", "--card", code, "--limit", "1").err == "There are more. --limit shows them.\n"


def test_an_intake_is_changed_field_by_field(clerk: Clerk, code: str) -> None:
    """What is not named stays; '' takes it away; nothing at all is not understood."""
    clerk.does("case", "open", code)
    clerk.does("case", "intake", "1", "--message", "Declined", "--bought", "in May", "--place", "York")
    clerk.does("case", "intake", "1", "--message", "", "--screenshot", "ZD-7, page 2")
    intake = clerk.asks("case", "show", "1")["intake"]
    assert (intake["message"], intake["screenshot"], intake["bought_when"]) == (None, "ZD-7, page 2", "in May")
    assert clerk.is_refused("case", "intake", "1", code=2).startswith("Nothing that was said is named.")
    assert clerk.is_refused("case", "intake", "1", "--email", "nowhere").startswith("That is not an e-mail address")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("show", "9"), "There is no case 9."),
        (("show", "-1"), "There is no case -1."),
        (("show", str(2**70)), f"There is no case {2**70}."),
        (("leave", "9"), "There is no case 9."),
        (("reopen", str(2**70)), f"There is no case {2**70}."),
        (("close", "1", "--outcome", "other"), "Say in a sentence why the case is closed as 'other'."),
        (("close", "1", "--outcome", "unanswered", "--reason", "x"),
         "The case waits for no answer: close it with another outcome."),
        (("reopen", "1"), "You have this case open already."),
    ],
)  # fmt: skip
def test_what_is_refused(clerk: Clerk, code: str, words: tuple[str, ...], sentence: str) -> None:
    """One sentence each."""
    clerk.does("case", "open", code)
    assert clerk.is_refused("case", *words) == sentence


def test_an_auditor_reads_and_opens_nothing(clerk: Clerk, code: str) -> None:
    """Lists and cases are there to be read; handling them is not theirs."""
    clerk.does("agents", "set", "ada", "--role", "auditor")
    clerk.does("case", "open", code)
    clerk.login = "ada"
    assert len(clerk.asks("case", "list", "open")["cases"]) == 1
    assert clerk.is_refused("case", "open", code).startswith("An auditor may not handle cases")
    assert clerk.is_refused("case", "leave", "1").startswith("An auditor may not handle cases")


def test_another_call(clerk: Clerk, code: str) -> None:
    """Half an hour later."""
    clerk.does("case", "open", code)
    clerk.now = NOON.replace(minute=30)
    assert clerk.does("case", "open", code) == "Case 1 goes on with another call.\n"
    assert "2 calls" in clerk.does("case", "list")


def test_the_grammar_knows_every_symptom_and_outcome() -> None:
    """It spells them out, so that whoever asks for help waits for no rules."""
    assert list(SYMPTOMS) == [symptom.value for symptom in Symptom]
    assert {outcome.value: outcome.words for outcome in CaseOutcome} == OUTCOMES
