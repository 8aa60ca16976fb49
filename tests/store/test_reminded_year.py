"""A year at a desk: whatever happens to the cards, every reminder that is owed arrives once, and no other.

A mail server on the loopback takes the letters, is down, puts off, refuses, and cuts the line; the run comes by at odd
hours, twice, or not at all for days. What is owed is worked out a second time here, card by card and day by day, from
the cards' rows and from what was sent so far. The long proof takes a thousand cards:

    pytest tests/store/test_reminded_year.py -m slow
    GIFTDESK_YEAR_SEED=7 pytest tests/store/test_reminded_year.py -m slow
"""

import os
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from mail.postmaster import CONNECT, DROP, END, RCPT, PostOffice
from store.counter import NOON, Counter

from models import desk
from models.accounts import MailAccount, Security
from models.clock import from_microseconds
from models.fates import Fate
from models.jobs.expire import expire
from models.jobs.mapped import import_mapped
from models.jobs.mapping import read_mapping
from models.jobs.remind import remind
from models.mail.reminding import reminder_message_id
from models.mail.smtp import SmtpMailer
from models.products import all_products
from models.reminding import unsettled
from models.rules.validity import Period, ValidityRules

SEED = int(os.environ.get("GIFTDESK_YEAR_SEED", "1"))
HOUR = 9
Key = tuple[int, str, int]
"""Card, last day and days before it."""

RULES = {
    "month": ValidityRules(period=Period(1, "months")),
    "fortnight": ValidityRules(period=Period(2, "weeks")),
    "slow": ValidityRules(period=Period(3, "weeks"), activation_delay_days=10),
    "season": ValidityRules(expires_on=date(2026, 10, 25)),
    "spring": ValidityRules(expires_on=date(2027, 3, 28)),
}
LEADS = (1, 2, 7, 13, 14, 21)
ANSWER = {"put off": "451 later", "refuse": "550 no such user"}


@dataclass
class Year:
    """The desk, the mail server, and what the second opinion remembers."""

    counter: Counter
    office: PostOffice
    dice: random.Random
    folder: Path
    rules: dict[str, ValidityRules] = field(default_factory=lambda: dict(RULES))
    """Product -> its rules, the imported one included."""
    schedule: dict[str, dict[int, datetime]] = field(default_factory=dict)
    """Product -> days before the last day -> since when."""
    imported: dict[int, datetime] = field(default_factory=dict)
    taken: set[Key] = field(default_factory=set)
    put_off: dict[Key, tuple[int, datetime]] = field(default_factory=dict)
    """How often, and until when."""
    lost: set[Key] = field(default_factory=set)
    letters: int = 0
    people: int = 0

    # What happens.

    def person(self) -> desk.PersonGiven:
        """Somebody new, mostly with an address."""
        self.people += 1
        chance = self.dice.random()
        if chance < 0.05:
            return desk.PersonGiven()
        return desk.PersonGiven(f"P{self.people}", f"p{self.people}@example.org" if chance < 0.95 else None)

    def reschedule(self, product: str, days: Sequence[int] | None = None) -> None:
        """A manager sets the reminders of a product that can still be sold; what stays on it keeps its age."""
        if (self.rules[product].expires_on or date.max) <= self.counter.clock.now().date():
            return
        days = self.dice.sample(LEADS, self.dice.randint(0, 4)) if days is None else days
        assert desk.set_product(
            self.counter.mia, product, rules=self.rules[product], reminders=[Period(each, "days") for each in days]
        ).done
        before, now = self.schedule.get(product, {}), self.counter.clock.now()
        self.schedule[product] = {each: before.get(each, now) for each in days}

    def sell(self) -> None:
        product = self.dice.choice(["slow", "fortnight", *self.schedule])
        if (self.rules[product].expires_on or date.max) <= self.counter.clock.now().date():
            product = "month"
        self.counter.issued(product, recipient=self.person(), purchaser=self.person())

    def bring(self) -> None:
        """Some cards come from elsewhere, with the last days that they have."""
        now = self.counter.clock.now()
        lines = ["Balance,Code,Recipient Name,Recipient Email,Initial Balance,Item Name,Issued On,Expires On"]
        for _ in range(3):
            self.people += 1
            last_day = (now + timedelta(days=self.dice.randint(3, 90))).date()
            who = f"P{self.people},p{self.people}@example.org"
            lines.append(f"30.00,GU{self.people:010},{who},50.00,Card,2026-01-05,{last_day}")
        path = self.folder / f"cards-{self.people}.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        report = import_mapped(self.counter.mia, path, read_mapping("gift-up"), currency="GBP", is_commit=True)
        assert report.is_committed
        if "card" not in self.rules:
            with self.counter.store.database.reading():
                (code,) = (each.code for each in all_products() if each.name == "Card")
            self.rules[code] = ValidityRules(period=Period(1, "months"))
        for card in self.rows():
            self.imported.setdefault(card["id"], now) if card["is_imported"] else None

    def happen(self) -> None:
        """Something happens to some card; what the rules refuse does not."""
        ids = [row["id"] for row in self.rows()]
        if not ids:
            return
        card, mia = self.dice.choice(ids), self.counter.mia
        sheet = self.counter.sheet(card)
        deeds: list[Callable[[], Any]] = [
            lambda: desk.redeem(mia, card, self.dice.randint(1, 1000)),
            lambda: self.dice.random() < 0.2 and desk.redeem(mia, card, max(1, sheet.balance_minor)),
            lambda: desk.top_up(mia, card, 1000),
            lambda: desk.suspend(mia, card, "doubt"),
            lambda: desk.lift(mia, card, "cleared"),
            lambda: desk.reactivate(mia, card, reason="cleared"),
            lambda: desk.register(mia, card, self.person()),
            lambda: (
                sheet.last_day_on
                and desk.extend(mia, card, sheet.last_day_on + timedelta(days=self.dice.randint(1, 40)), "was ill")
            ),
            lambda: self.dice.random() < 0.2 and desk.cancel(mia, card, "returned"),
        ]
        self.dice.choice(deeds)()

    def expire(self) -> None:
        expire(self.counter.mia, is_sure=True)

    # What is owed, worked out a second time.

    def rows(self) -> list[dict[str, Any]]:
        """All cards as they lie in their table, with whom a reminder would go to."""
        query = (
            "SELECT g.*, p.code, k.email, (SELECT COUNT(*) FROM activity a WHERE a.card_id = g.id "
            "AND a.kind = 'imported') AS is_imported FROM gift_card g JOIN product p ON p.id = g.product_id "
            "LEFT JOIN customer k ON k.id = COALESCE(g.registered_id, g.recipient_id) ORDER BY g.id"
        )
        with self.counter.store.database.connected():
            cursor = self.counter.store.database.execute_sql(query)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def local(self, microseconds: int) -> datetime:
        """An instant on the wall."""
        return from_microseconds(microseconds).astimezone(self.counter.store.business.tz)

    def owed(self, row: dict[str, Any]) -> Key | None:
        """The reminder that a card is owed now, if any."""
        now = self.counter.clock.now()
        if row["cancelled_at"] or row["suspended_at"] or not row["balance_minor"] or not row["last_day_on"]:
            return None
        if now >= from_microseconds(row["cut_off_at"]) or now < from_microseconds(row["active_from_at"]):
            return None
        nearest = None
        for days, since in sorted(self.schedule.get(row["code"], {}).items(), reverse=True):
            if self.is_missed(row, days, since):
                nearest = days
        if nearest is None:
            return None
        for days in range(1, nearest + 1):
            if (row["id"], row["last_day_on"], days) in self.taken:
                return None
        key = (row["id"], row["last_day_on"], nearest)
        tries_until = self.put_off.get(key)
        return None if tries_until is not None and now < tries_until[1] else key

    def is_missed(self, row: dict[str, Any], days: int, since: datetime) -> bool:
        """Whether so many days before the last day the hour has come, on a day that is owed."""
        day = date.fromisoformat(row["last_day_on"])
        for _ in range(days):
            day -= timedelta(days=1)
        tz = self.counter.store.business.tz
        for loaded in (row["loaded_at"], row["reactivated_at"]):
            if loaded and self.local(loaded).date() >= day:
                return False
        imported = self.imported.get(row["id"])
        for known in (since, imported):
            if known and known.astimezone(tz).date() > day:
                return False
        active_on = self.local(row["active_from_at"]).date()
        day = max(day, active_on)
        wall = self.counter.clock.now().astimezone(tz)
        return (wall.date(), wall.hour) >= (day, HOUR)

    # The run, and what came of it.

    def run(self) -> None:
        """The run comes by; what arrives is what is owed, and nothing else."""
        owed = {key: row["email"] for row in self.rows() if (key := self.owed(row)) is not None and row["email"]}
        moods = self.moods(owed)
        self.office.answer_to = lambda stage, recipient: moods.get((stage, recipient))
        is_down = self.dice.random() < 0.1
        if is_down:
            self.office.answers[CONNECT] = "421 closing"
        account = MailAccount(
            "gifts@example.org", server="127.0.0.1", port=self.office.port, security=Security.NONE, timeout=10
        )
        mailer = SmtpMailer(account, self.counter.clock.now)
        remind(self.counter.olaf, mailer, wait=lambda _seconds: None)
        mailer.close()
        self.office.answers.clear()
        arrived = [letter.message["Message-ID"] for letter in self.office.letters[self.letters :]]
        self.letters += len(arrived)
        taken = [key for key, email in owed.items() if not is_down and (RCPT, email) not in moods]
        expected = [self.message_id(key) for key in taken]
        assert sorted(arrived) == sorted(expected), (self.counter.clock.now(), owed, arrived)
        if not is_down:
            self.remember(owed, moods)

    def message_id(self, key: Key) -> str:
        card, last_day, days = key
        return f"<{reminder_message_id(self.counter.store, card, date.fromisoformat(last_day), days)}@example.org>"

    def moods(self, owed: dict[Key, str]) -> dict[tuple[str, str], str]:
        """How the server treats single letters today: few are put off, very few refused, one may be lost."""
        moods: dict[tuple[str, str], str] = {}
        for email in sorted(set(owed.values())):
            if self.dice.random() < 0.1:
                moods[RCPT, email] = ANSWER[self.dice.choice(("put off", "put off", "refuse"))]
            elif self.dice.random() < 0.05 and (END, DROP) not in [(stage, said) for (stage, _), said in moods.items()]:
                moods[END, email] = DROP
        return moods

    def remember(self, owed: dict[Key, str], moods: dict[tuple[str, str], str]) -> None:
        now = self.counter.clock.now()
        for key, email in owed.items():
            if moods.get((RCPT, email), "").startswith("451"):
                tries = self.put_off.get(key, (0, now))[0] + 1
                self.put_off[key] = (tries, now + min(timedelta(hours=6), timedelta(minutes=15) * 2 ** (tries - 1)))
            else:
                self.taken.add(key)
            if (END, email) in moods:
                self.lost.add(key)


def live_a_year(year: Year, cards: int, days: int) -> None:
    """Sell the cards in the first half of it, let things happen, and let the run come by when it does."""
    start, down_until = year.counter.clock.now(), NOON
    for product in list(year.rules):
        year.reschedule(product, LEADS)
    for day in range(days):
        midnight = start.replace(hour=0) + timedelta(days=day)
        hours = sorted(year.dice.sample(range(1, 23), 4))
        for place, hour in enumerate(hours):
            year.counter.clock.at = midnight + timedelta(hours=hour, minutes=year.dice.randint(0, 59))
            for _ in range(max(1, cards * 2 // days)):
                if year.dice.random() < 0.5:
                    year.happen()
            if day < days * 2 // 3 and place == 0:
                for _ in range(max(1, 2 * cards // days)):
                    year.sell()
            if year.dice.random() < 0.02:
                year.bring()
            if year.dice.random() < 0.04:
                year.reschedule(year.dice.choice(list(year.rules)))
            if year.dice.random() < 0.2:
                year.expire()
            if year.dice.random() < 0.01:
                down_until = year.counter.clock.now() + timedelta(days=year.dice.randint(1, 9))
            if year.counter.clock.now() >= down_until and year.dice.random() < 0.4:
                year.run()
    ids = [letter.message["Message-ID"] for letter in year.office.letters]
    assert len(ids) == len(set(ids)), "somebody was written to twice"
    unknown = {(line.card_id, line.last_day_on.isoformat(), line.lead_days) for line in unsettled_lost(year)}
    assert unknown == year.lost
    assert not year.counter.findings()
    assert len(ids) > cards // 4


def unsettled_lost(year: Year) -> list[Any]:
    return list(unsettled(year.counter.store, [Fate.UNKNOWN, Fate.IN_HAND], most=10_000))


@pytest.fixture
def year(counter: Counter, office: PostOffice, tmp_path: Path) -> Year:
    """A desk in London on 21 May, and a mail server."""
    return Year(counter, office, random.Random(SEED), tmp_path)


def test_some_cards_through_six_weeks(year: Year) -> None:
    """A few dozen cards, every event many times."""
    live_a_year(year, cards=60, days=50)


@pytest.mark.slow
@pytest.mark.timeout(0)
def test_a_thousand_cards_through_a_year(year: Year) -> None:
    """Both clock changes, a thousand cards, and a run that is down for days."""
    live_a_year(year, cards=1_000, days=365)
