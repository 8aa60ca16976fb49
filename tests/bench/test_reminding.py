"""How long twenty thousand reminders take: composed, handed to a mail server of their own process, and recorded.

pytest tests/bench/test_reminding.py -m slow -s
GIFTDESK_BENCH_REMINDERS=2000 pytest tests/bench/test_reminding.py -m slow -s
"""

import multiprocessing
import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from mail.postmaster import post_office

from models import desk
from models.accounts import MailAccount, Security
from models.clock import FixedClock, Stopwatch
from models.jobs.mapped import import_mapped
from models.jobs.mapping import read_mapping
from models.jobs.remind import remind
from models.mail.smtp import SmtpMailer
from models.products import all_products
from models.rules.validity import Period, ValidityRules
from models.store import init_store
from models.unit import Session

SALE = datetime(2026, 5, 21, 12, tzinfo=UTC)
DAY = datetime(2026, 11, 6, 9, tzinfo=UTC)
REMINDERS = int(os.environ.get("GIFTDESK_BENCH_REMINDERS", "20000"))
GOAL_SECONDS = 60


def serve(line: Connection) -> None:
    """A mail server in a process of its own; tells its port, and at the end how many it wrote to and how often."""
    with post_office() as office:
        line.send(office.port)
        line.recv()
        line.send((len(office.told()), len(set(office.told()))))


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder on the disk, where desks are."""
    with tempfile.TemporaryDirectory(dir=Path.home()) as name:
        yield Path(name)


@pytest.mark.slow
@pytest.mark.timeout(0)
def test_twenty_thousand_reminders_in_a_minute(folder: Path) -> None:
    """Every letter arrives, each at another address; the goal is in the figures, for machines differ."""
    clock = FixedClock(SALE)
    store = init_store(folder / "desk.db", clock=clock)
    mia = Session(store, "mia")
    with (folder / "cards.csv").open("w", encoding="utf-8") as file:
        file.write("Balance,Code,Recipient Name,Recipient Email,Initial Balance,Item Name,Issued On,Expires On\n")
        for number in range(REMINDERS):
            person = f"Ada {number},ada{number}@example.org"
            file.write(f"30.00,GU{number * 7919 % 10**10:010},{person},50.00,Card,2026-01-05,2026-11-20\n")
    report = import_mapped(mia, folder / "cards.csv", read_mapping("gift-up"), currency="GBP", is_commit=True)
    assert report.is_committed
    with store.database.reading():
        (product,) = all_products()
    rules = ValidityRules(period=Period(6, "months"))
    assert desk.set_product(mia, product.code, rules=rules, reminders=[Period(2, "weeks")]).done
    clock.at = DAY
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("fork").Process(target=serve, args=(theirs,), daemon=True)
    server.start()
    assert ours.poll(10)
    account = MailAccount("gifts@example.org", server="127.0.0.1", port=ours.recv(), security=Security.NONE, timeout=30)
    mailer = SmtpMailer(account, clock.now)
    watch = Stopwatch()
    done = remind(mia, mailer, is_sure=True)
    seconds = watch.seconds()
    mailer.close()
    ours.send(None)
    assert ours.recv() == (REMINDERS, REMINDERS)
    server.join()
    assert (done.sent, done.left) == (REMINDERS, None)
    each = seconds * 1_000 / REMINDERS
    print(f"\n{REMINDERS:,} reminders in {seconds:.1f} s, {each:.2f} ms each; the goal is {GOAL_SECONDS} s for 20,000")
