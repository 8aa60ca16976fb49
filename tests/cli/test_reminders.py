"""Reminders at the command line: the run, the forecast, and deciding about what nobody settled."""

from datetime import datetime

import pytest
from cli.clerk import Clerk
from mail.postmaster import DROP, END, RCPT, PostOffice

DAY = datetime.fromisoformat("2026-11-06T09:30:00+00:00")


@pytest.fixture
def lin(clerk: Clerk) -> str:
    """The code of Lin's card, of which a reminder goes two weeks before 20 November; another card is nobody's."""
    clerk.does("product", "set", "half", "--expire-after", "6 months", "--remind", "2 weeks")
    code = clerk.issues("50.00", "--name", "Lin", "--email", "lin@example.org")
    clerk.issues("20.00")
    clerk.now = DAY
    return code


def test_a_sandbox_lays_its_reminders_into_a_folder(clerk: Clerk, lin: str) -> None:
    """Counted first, then sent, then nothing is left; the card's history says so."""
    answer = clerk.types("remind", "--dry-run")
    assert (answer.code, answer.out) == (0, "1 reminder would go. Nothing was sent.\n")
    assert "1 card with a reminder due and nobody to write to." in answer.err
    assert clerk.does("remind") == "1 reminder sent.\n"
    assert len(list(clerk.database.with_suffix(".outbox").glob("*.eml"))) == 1
    assert clerk.asks("remind")["due"] == 0
    assert "reminder run  14 days before Fri 20 Nov 2026\n" in clerk.does("show", lin)


@pytest.mark.usefixtures("lin")
def test_the_run_in_json(clerk: Clerk) -> None:
    """Every figure by its name."""
    assert clerk.asks("remind") == {
        "done": True,
        "dry_run": False,
        "due": 1,
        "late": 0,
        "sent": 1,
        "waiting": 0,
        "refused": 0,
        "unknown": 0,
        "unreachable": 1,
        "skipped": 0,
        "skipped_cards": [],
        "left": None,
        "why_stopped": None,
        "doubt": None,
    }


@pytest.mark.usefixtures("lin")
def test_the_forecast_tells_who_gets_what_and_who_cannot_be_reminded(clerk: Clerk) -> None:
    """A line for each card, and the reason for who gets nothing."""
    told = clerk.does("remind", "--forecast")
    assert "Fri 6 Nov 2026: 1 reminder (14 days before: 1)" in told
    assert "14 days before Fri 20 Nov 2026" in told
    assert "Lin, lin@example.org" in told
    assert "Can't be reminded: 1 card. Nobody is on file who holds the card." in told
    asked = clerk.asks("remind", "--forecast", "--days", "2")
    assert [day["cards"] for day in asked["days"]] == [1, 0]
    assert asked["days"][0]["reminders"][0]["person"]["email"] == "lin@example.org"
    assert asked["unreachable_reminders"][0]["why_not"] == "Nobody is on file who holds the card."


def test_a_forecast_of_nothing_says_so(clerk: Clerk) -> None:
    """And how many days it looked at."""
    assert clerk.does("remind", "--forecast") == "No reminder goes in the 7 days from Thu 21 May 2026.\n"
    assert clerk.is_refused("remind", "--days", "3", code=2).startswith("--days belongs to --forecast.")


@pytest.mark.usefixtures("lin")
def test_a_mail_server_that_is_gone_is_told_and_ends_with_try_later(
    clerk: Clerk, by_mail: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence, exit code 75, and the reminder is still due when the server is back."""
    monkeypatch.setattr("models.jobs.delivery._PATIENCE", ())
    by_mail.answers["CONNECT"] = "421 closing"
    answer = clerk.types("remind")
    assert answer.code == 75
    assert answer.err.splitlines()[-1].startswith("The mail server can't be used (")
    assert "closing). Still due" in answer.err
    assert answer.err.splitlines()[-1].endswith("Still due: 1 reminder; try again later.")
    by_mail.answers.clear()
    assert clerk.does("remind") == "1 reminder sent.\n"
    assert by_mail.told() == ["lin@example.org"]


def test_an_address_that_is_refused_is_listed_and_settled(clerk: Clerk, lin: str, by_mail: PostOffice) -> None:
    """Dropped by its code, with a reason that stays on the card."""
    by_mail.answers[RCPT] = "550 5.1.1 <lin@example.org> no such user"
    assert "1 refused by the mail server" in clerk.types("remind").err
    listed = clerk.does("reminder", "list")
    assert "refused" in listed
    assert listed.count("lin@example.org") == 1  # the person's; what the server said has none
    told = clerk.does("reminder", "settle", lin, "--drop", "--reason", "address is dead", "--ref", "ZD-1")
    assert told.endswith("the reminder is dropped; it is not sent any more.\n")
    assert clerk.does("reminder", "list") == "No reminder waits for anybody.\n"
    assert "address is dead" in clerk.does("show", lin)


@pytest.mark.usefixtures("lin")
def test_a_lost_answer_is_settled_by_the_record_number(clerk: Clerk, by_mail: PostOffice) -> None:
    """The line was cut after the letter; Lin says that it came."""
    by_mail.answers[END] = DROP
    assert "1 of unknown outcome" in clerk.types("remind").err
    assert "1 of unknown outcome" in clerk.types("doctor").out
    left_behind = "1 reminder of unknown outcome from before: somebody must decide. See: giftdesk reminder list\n"
    assert clerk.types("remind").err.endswith(left_behind)
    (line,) = clerk.asks("reminder", "list")
    assert (line["fate"], line["lead_days"], line["last_day"]) == ("unknown", 14, "2026-11-20")
    card = str(line["card_id"])
    which = ("--last-day", "2026-11-20", "--lead", "14", "--sent")
    clerk.does("reminder", "settle", "--record", card, *which, "--reason", "it came")
    assert "unknown" not in clerk.types("remind").err
    assert clerk.asks("remind")["due"] == 0
    refusal = clerk.is_refused("reminder", "settle", "--record", card, "--again", "--reason", "x")
    assert refusal == "No reminder of this card waits for a decision. See: giftdesk reminder list"
    assert "by its code or by --record" in clerk.is_refused("reminder", "settle", "--drop", "--reason", "x", code=2)


@pytest.mark.usefixtures("lin")
def test_an_agent_sends_no_reminders(clerk: Clerk) -> None:
    """The sentence says who may."""
    clerk.login = "sam"
    assert clerk.is_refused("remind") == "An agent may not send reminders; ask a manager or an operator."
