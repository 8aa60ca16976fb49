"""Letters and a real mail server that refuses, hangs or drops the line, on either engine: none twice, none lost."""

from collections import Counter as Tally

import pytest
from mail.postmaster import CONNECT, CONTENT, DATA, DROP, END, HANG, RCPT, PostOffice
from store.counter import BOTH, Counter
from store.mailroom import holder, written

from models import desk
from models.accounts import MailAccount, Security
from models.fates import Fate
from models.jobs.send import SendReport, send
from models.mail.smtp import SmtpMailer
from models.outbox import letters_in_hand

ENGINES = BOTH
EVERYBODY = {f"p{number}@example.org" for number in range(4)}


def run(counter: Counter, office: PostOffice) -> SendReport:
    account = MailAccount(
        "gifts@example.org",
        server="127.0.0.1",
        port=office.port,
        security=Security.NONE,
        timeout=0.1,  # type: ignore[arg-type]
    )
    mailer = SmtpMailer(account, counter.clock.now)
    try:
        return send(counter.olaf, mailer, wait=None)
    finally:
        mailer.close()


@pytest.mark.parametrize(
    ("stage", "mood"),
    [(CONNECT, "421 closing"), (RCPT, DROP), (RCPT, "550 no such user"), (DATA, HANG), (CONTENT, DROP), (END, DROP)],
)
def test_whatever_the_server_does_everybody_is_written_to_once_or_listed(
    counter: Counter, office: PostOffice, stage: str, mood: str
) -> None:
    """It is in a mood for one run; half a day later it is well again."""
    for email in sorted(EVERYBODY):
        card = counter.issued(recipient=desk.PersonGiven(email=email))
        written(counter.sam, card, holder(counter, card))
    office.answers[stage] = mood
    run(counter, office)
    office.answers.clear()
    listed = {line.addressee.email for line in letters_in_hand(counter.store, [Fate.UNKNOWN, Fate.REFUSED])}
    counter.wait(hours=12)
    run(counter, office)
    told = Tally(office.told())
    assert not told or max(told.values()) == 1
    assert set(told) | listed == EVERYBODY
    assert {line.addressee.email for line in letters_in_hand(counter.store, list(Fate))} == listed
    assert bool(listed & set(told)) == (stage == END)
    assert not counter.findings()
