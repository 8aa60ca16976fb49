"""Reminders and a real mail server that refuses, hangs, or drops the line: nobody twice, nobody lost from sight."""

from collections import Counter as Tally

import pytest
from mail.postmaster import CONNECT, CONTENT, DATA, DROP, END, HANG, MAIL, RCPT, PostOffice
from store.counter import PRODUCTS, Counter

from models import desk
from models.accounts import MailAccount, Security
from models.fates import Fate
from models.jobs import delivery
from models.jobs.remind import RemindReport, remind
from models.mail.smtp import SmtpMailer
from models.reminding import unsettled
from models.rules.validity import Period

EVERYBODY = {f"p{number}@example.org" for number in range(4)}


@pytest.fixture(autouse=True)
def _due(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four people's cards, all of which are reminded of now; nobody waits for a server that is down."""
    monkeypatch.setattr(delivery, "_PATIENCE", ())
    assert desk.set_product(counter.mia, "week", rules=PRODUCTS["week"], reminders=[Period(2, "days")]).done
    for email in sorted(EVERYBODY):
        counter.issued("week", recipient=desk.PersonGiven(email=email))
    counter.at("2026-05-25T09:00")


def run(counter: Counter, office: PostOffice) -> RemindReport:
    account = MailAccount(
        "gifts@example.org",
        server="127.0.0.1",
        port=office.port,
        security=Security.NONE,
        timeout=0.15,  # type: ignore[arg-type]
    )
    mailer = SmtpMailer(account, counter.clock.now)
    try:
        return remind(counter.olaf, mailer)
    finally:
        mailer.close()


@pytest.mark.parametrize(
    ("stage", "mood"),
    [
        (CONNECT, HANG),
        (CONNECT, "421 closing"),
        (MAIL, "451 later"),
        (RCPT, DROP),
        (RCPT, "451 later"),
        (RCPT, "550 no such user"),
        (DATA, HANG),
        (CONTENT, DROP),
        (END, HANG),
        (END, DROP),
        (END, "451 later"),
        (END, "554 no"),
    ],
)
def test_whatever_the_server_does_everybody_is_written_to_once_or_listed(
    counter: Counter, office: PostOffice, stage: str, mood: str
) -> None:
    """It is in a mood for one run; half a day later it is well again."""
    office.answers[stage] = mood
    run(counter, office)
    office.answers.clear()
    for_a_person = [Fate.UNKNOWN, Fate.REFUSED]
    listed = {line.addressee.email for line in unsettled(counter.store, for_a_person)}
    counter.wait(hours=12)
    run(counter, office)
    told = Tally(office.told())
    assert not told or max(told.values()) == 1
    assert set(told) | listed == EVERYBODY
    assert {line.addressee.email for line in unsettled(counter.store, list(Fate))} == listed
    is_lost = stage == END and mood in (HANG, DROP)
    assert bool(listed & set(told)) == is_lost
    assert not counter.findings()


def test_a_server_that_is_down_for_a_day_delays_everything_and_loses_nothing(
    counter: Counter, office: PostOffice
) -> None:
    """Every hour it is asked; what was due goes when it is back, late."""
    office.answers[CONNECT] = "421 closing"
    for _ in range(24):
        report = run(counter, office)
        assert (report.sent, report.why_stopped is not None) == (0, True)
        counter.wait(hours=1)
    office.answers.clear()
    report = run(counter, office)
    assert (report.sent, report.late) == (4, 4)
    assert Tally(office.told()) == dict.fromkeys(EVERYBODY, 1)
    assert run(counter, office).due == 0
