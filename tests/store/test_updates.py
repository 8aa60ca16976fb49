"""Stories of cards that another shop goes on telling of, by the ends of their codes."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from jobs.samples import SHOPIFY
from postgres import AT_LENGTH
from store.counter import Counter

from models import desk
from models.desk.agents import set_agent
from models.errors import Fault, Refused
from models.jobs.mapped import import_mapped
from models.jobs.mapping import read_mapping
from models.unit import Session
from models.updates.importing import UpdateReport, update_cards

ENGINES = AT_LENGTH
CARDS = (
    "Balance,Code,Purchaser Name,Purchaser Email,Recipient Name,Recipient Email,Initial Balance,Item Name,Issued On,"
    "Expires On\n"
    "30.00,SHOPABCD23456789,Max Moss,max@example.org,Ada,ada@example.org,50.00,Gift,2025-12-01,2026-12-31\n"
    "20.00,SHOPABCD23454321,Max Moss,max@example.org,,,20.00,Gift,2025-12-01,\n"
)
Update = Callable[..., UpdateReport]


@pytest.fixture
def bring(counter: Counter, tmp_path: Path) -> Callable[[str], None]:
    """Bring cards in with their whole codes."""

    def run(text: str) -> None:
        path = tmp_path / "cards.csv"
        path.write_text(text, encoding="utf-8")
        assert import_mapped(counter.mia, path, read_mapping("gift-up"), currency="GBP", is_commit=True).is_committed

    return run


@pytest.fixture
def update(counter: Counter, bring: Callable[[str], None], tmp_path: Path) -> Update:
    """Update two cards that came in: update(text) tries it, update(text, is_commit=True) does it."""
    bring(CARDS)

    def run(text: str = SHOPIFY, *, session: Session = counter.mia, **options: object) -> UpdateReport:
        path = tmp_path / "shopify.csv"
        path.write_text(text, encoding="utf-8")
        return update_cards(session, path, read_mapping("shopify"), **options)  # type: ignore[arg-type]

    return run


def counts(report: UpdateReport) -> dict[str, int]:
    """How many activities of each kind."""
    return {kind.value: count for kind, count in report.kinds.items()}


def test_a_dry_run_changes_nothing(counter: Counter, update: Update) -> None:
    """It tells what would be."""
    report = update()
    assert (report.found, counts(report)) == (2, {"expiry_changed": 1, "note": 1, "suspended": 1})
    assert "the day before it" in report.expiry_meaning
    assert counter.kinds(1) == ["issue", "redemption"]


def test_what_the_other_shop_says_comes_into_the_journals(counter: Counter, update: Update) -> None:
    """A later last day, the day before the one that is told; a note; a hold, with the day on which it was put."""
    assert update(is_commit=True).is_committed
    first, second = counter.sheet(1), counter.sheet(2)
    assert first.last_day_on == date(2027, 12, 31)
    assert first.cut_off_at == datetime(2028, 1, 1, 3, tzinfo=UTC)
    assert [(line.kind.value, line.reason) for line in reversed(first.activities[:2])] == [
        ("expiry_changed", "The last day is 31 Dec 2027: Shopify gift card"),
        ("note", "Paid twice"),
    ]
    assert (second.status.value, second.activities[0].reason) == (
        "suspended",
        "Disabled on 4 Mar 2026: Shopify gift card",
    )
    assert (first.balance_minor, second.balance_minor) == (3000, 2000)
    assert not counter.findings()


def test_the_same_table_twice_changes_nothing(counter: Counter, update: Update) -> None:
    """Nor after a supervisor has let the card go: whoever lifts a hold knows why."""
    update(is_commit=True)
    assert desk.lift(counter.sue, 2, "It was a mistake of theirs").done
    before = counter.kinds(1), counter.kinds(2)
    report = update(is_commit=True)
    assert (report.unchanged, counts(report)) == (2, {})
    assert (counter.kinds(1), counter.kinds(2)) == before


def test_what_would_be_less_is_told_and_stays(counter: Counter, update: Update) -> None:
    """An earlier day takes nothing from a customer, and no money moves, whatever is told."""
    report = update(SHOPIFY.replace("2028-01-01", "2026-06-01").replace("30.00,GBP", "31.00,GBP"), is_commit=True)
    assert [str(each) for each in report.told.warnings.listed] == [
        "shopify.csv, line 2: Here its last day is 31 Dec 2026, which is later, and stays.",
        "shopify.csv, line 2: The card holds 31.00 GBP there and 30.00 GBP here: no money is moved.",
    ]
    assert (counter.sheet(1).last_day_on, counter.sheet(1).balance_minor) == (date(2026, 12, 31), 3000)


def test_an_expired_card_is_not_revived_by_a_table(counter: Counter, update: Update) -> None:
    """A bulk extension gives back what broke, under the rules of giving back."""
    counter.at("2027-01-01 03:00")
    report = update(is_commit=True)
    told = "The card has expired here, and is valid until 31 Dec 2027 there: see giftdesk bulk extend."
    assert told in [each.sentence for each in report.told.warnings.listed]
    assert counter.sheet(1).status.value == "expired"


def test_no_card_is_ever_made(counter: Counter, update: Update) -> None:
    """A line that fits no card is left out and named, for whichever of the three it lacks."""
    for old, new in (("6789,", "6788,"), ("max@example.org,Ada,ada@", "m@example.org,Ada,a@"), ("50.00", "51.00")):
        report = update(SHOPIFY.replace(old, new, 1), is_commit=True)
        assert (report.found, report.unknown) == (1, 1)
        assert str(report.told.warnings.listed[0]) == "shopify.csv, line 2: Left out: no card here fits this line."
    assert counter.kinds(1) == ["issue", "redemption"]


def test_most_lines_may_be_of_other_shops(counter: Counter, update: Update) -> None:
    """Whole batches of them: what is here is updated all the same, and a stop is told between two."""
    head, *rows = SHOPIFY.splitlines(keepends=True)
    strangers = "".join(rows).replace("6789,", "0000,").replace("4321,", "1111,") * 100
    text = f"{head}{strangers}{''.join(rows)}"
    asked = iter(range(10_000))
    stopped = update(text, is_commit=True, is_stopped=lambda: next(asked) > 202)
    assert (stopped.is_committed, stopped.stopped_after, counter.kinds(2)) == (False, 100, ["issue"])
    report = update(text, is_commit=True)
    assert (report.is_committed, report.found, report.unknown) == (True, 2, 200)
    assert counter.kinds(2) == ["issue", "suspended"]


def test_a_line_that_may_mean_two_cards_is_refused(
    counter: Counter, update: Update, bring: Callable[[str], None]
) -> None:
    """Max bought two alike, whose codes end alike; nothing of the file is done."""
    bring(CARDS.splitlines()[0] + "\n50.00,OTHERABC23456789,Max,max@example.org,,,50.00,Gift,2025-12-01,\n")
    report = update(is_commit=True)
    assert [str(each) for each in report.problems.listed] == [
        "shopify.csv, line 2: Several cards fit this line: records 1, 3."
    ]
    assert report.refusal == "There is 1 problem in the file. Nothing was changed."
    assert counter.sheet(2).status.value == "active"


def test_two_lines_of_one_card_are_refused(counter: Counter, update: Update) -> None:
    """Both are named."""
    report = update(SHOPIFY + SHOPIFY.splitlines()[-1] + "\n", is_commit=True)
    assert [str(each) for each in report.problems.listed] == [
        f"shopify.csv, line {len(SHOPIFY.splitlines()) + 1}: Line 3 means the same card, record 2."
    ]
    assert counter.kinds(2) == ["issue"]


def test_who_may_not_import_may_not_update(counter: Counter, update: Update) -> None:
    """It writes into many cards at once."""
    with pytest.raises(Refused, match="may not import"):
        update(session=counter.sue)
    assert update(session=counter.olaf, is_commit=True).is_committed


def test_nobody_does_themselves_a_favour(counter: Counter, update: Update) -> None:
    """Olaf's own card is left out, and told; the other one is updated."""
    assert set_agent(counter.mia, "olaf", email="ada@example.org").done
    report = update(session=counter.olaf, is_commit=True)
    assert str(report.told.warnings.listed[0]) == "shopify.csv, line 2: Left out: this is a card of your own."
    assert (counter.kinds(1), counter.sheet(2).status.value) == (["issue", "redemption"], "suspended")


def test_updates_are_no_cards(counter: Counter, tmp_path: Path) -> None:
    """Neither mapping is taken for the other."""
    path = tmp_path / "shopify.csv"
    path.write_text(SHOPIFY, encoding="utf-8")
    with pytest.raises(Fault, match="The mapping shopify brings no cards"):
        import_mapped(counter.mia, path, read_mapping("shopify"))
    with pytest.raises(Fault, match="brings no updates"):
        update_cards(counter.mia, path, read_mapping("pretix"))
