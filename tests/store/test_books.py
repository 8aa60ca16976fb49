"""Stories of the books: Beancount and hledger take them, and add up to what the desk owes."""

import shutil
import stat
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from ledgers import TOOLS, balances, bean_check, by_month, check, tags
from measured import run_measured
from postgres import AT_LENGTH
from rules.payloads import PAYLOADS
from store.asking import STOPPED
from store.counter import Counter as Desk

from models import desk
from models.books.charts import BadAccount, Chart, chart_of
from models.books.entries import Account, Entry, Posting
from models.books.languages import BEANCOUNT, HLEDGER, plain
from models.books.writing import BooksReport, write_books
from models.bulks import BySearch, begin_bulk, undo_bulk
from models.clock import FixedClock, from_microseconds, to_microseconds
from models.desk.handed_over import close_escalation, take_escalation
from models.errors import Fault, Refused
from models.jobs.demo import build_demo
from models.jobs.expire import expire
from models.jobs.sample import make_sample
from models.reports.catalogue import make_report
from models.reports.wishes import ReportWish
from models.rules.bulk import BulkKind, BulkWish
from models.rules.escalations import Answer, Escalation
from models.rules.intakes import Intake, Symptom
from models.rules.validity import Period, ValidityRules
from models.sheets import card_sheet, card_sheet_at
from models.stopping import Stopped
from models.store import Store, open_store
from models.unit import Session

ENGINES = AT_LENGTH

TOOL = {"beancount": BEANCOUNT, "hledger": HLEDGER}
EVIL = '7" \\; 2026-01-01 open Assets:Stolen'
INTAKE = Intake("Ann", "ann@example.org", Symptom.NOT_APPLIED, message="It says 1.")


def owed(store: Store, cards: list[int], at: datetime) -> Counter[str]:
    """What the sheets of some cards say: the balance, or nothing of it past its cut-off."""
    found: Counter[str] = Counter()
    for card in cards:
        try:
            sheet = card_sheet_at(Session(store, "mia"), card, at)
        except Refused:
            continue
        found[sheet.currency] += sheet.balance_minor
    return Counter({currency: minor for currency, minor in found.items() if minor})


def liability(found: Counter[tuple[str, str]]) -> Counter[str]:
    """What a tool says that is owed: credits are below zero."""
    return Counter({currency: -minor for (name, currency), minor in found.items() if name == "Liabilities:GiftCards"})


def all_cards(store: Store) -> list[int]:
    with store.database.reading():
        return [card for (card,) in store.database.execute_sql("SELECT id FROM gift_card ORDER BY id").fetchall()]


def written(
    store: Store, path: Path, tool: str, login: str = "mia", *, since: date | None = None, until: date | None = None
) -> BooksReport:
    return write_books(Session(store, login), TOOL[tool], path, Chart(), since=since, until=until)


@pytest.fixture
def traded(counter: Desk) -> Desk:
    """A desk at which money moved in every way, in currencies with two, three and no decimals."""
    mia, issued = counter.mia, counter.issued
    bought = issued("half", 5_000, order_ref=EVIL, place="Leeds, [2020-01-01]; date:2020-01-01")
    assert desk.redeem(mia, bought, 2_000, order_ref="B-1").done
    assert desk.refund(mia, bought, 500, of_order="B-1").done
    assert desk.top_up(mia, bought, 1_000).done
    gift = issued("half", 1_000, is_goodwill=True)
    assert desk.top_up(mia, gift, 700).done
    assert desk.redeem(mia, gift, 300).done
    assert desk.cancel(mia, gift, "sent back").done
    back, gone, due = (issued("week", minor) for minor in (4_000, 3_000, 2_500))
    other = issued("half", 100)
    assert desk.transfer(mia, other, bought, reason="merged").done
    assert desk.replace(mia, bought, "lost").done
    wrong = issued("half", 2_000)
    handed = desk.escalate(counter.sam, wrong, Escalation.WRONG_BALANCE, "Too much.", intake=INTAKE).facts
    assert take_escalation(counter.pat, handed["escalation"]).done
    assert desk.adjust(counter.pat, wrong, -1_500, handed["escalation"], "typed twice").done
    assert close_escalation(counter.pat, handed["escalation"], Answer.CORRECTED).done
    issued("half", 12_345, currency="KWD")
    yen = issued("week", 5_000, currency="JPY")
    assert desk.redeem(mia, yen, 1_234).done
    counter.at(STOPPED)
    expire(counter.olaf)
    counter.wait(hours=3)
    assert desk.reactivate(counter.sam, back).done
    late = issued("week", 900)
    counter.wait(days=10)
    assert {due, gone, late} <= set(all_cards(counter.store))
    assert not counter.findings()
    return counter


EXPECTED = {
    ("Liabilities:GiftCards", "GBP"): -(5_000 - 2_000 + 500 + 1_000 + 100 + 500),
    ("Liabilities:GiftCards", "KWD"): -12_345,
    ("Assets:Bank", "GBP"): 5_000 + 1_000 + (700 - 700) + 4_000 + 3_000 + 2_500 + 100 + 2_000 + 900,
    ("Assets:Bank", "KWD"): 12_345,
    ("Assets:Bank", "JPY"): 5_000,
    # Of a gift of ten pounds three were spent before the rest was taken back.
    ("Expenses:Marketing", "GBP"): 300,
    ("Income:Sales", "GBP"): -(2_000 - 500 + 300),
    ("Income:Sales", "JPY"): -1_234,
    # What was reactivated expired once more, and nobody booked it or the late one yet.
    ("Income:Breakage", "GBP"): -(4_000 + 3_000 + 2_500 - 4_000 + 4_000 + 900),
    ("Income:Breakage", "JPY"): -(5_000 - 1_234),
    ("Expenses:GiftCardAdjustments", "GBP"): -1_500,
}


def test_every_movement_has_both_its_sides(traded: Desk, tmp_path: Path) -> None:
    """And the tools take the files, with texts in them that would be directives if they could."""
    for tool in TOOLS:
        path = tmp_path / tool
        report = written(traded.store, path, tool)
        assert check(tool, path) == ""
        assert (found := balances(tool, path)) == EXPECTED
        assert liability(found) == owed(traded.store, all_cards(traded.store), traded.clock.now())
        assert sum(report.owed.values()) == 5_100 + 12_345
        assert "Stolen" in path.read_text(encoding="utf-8")
    assert bean_check(tmp_path / "beancount") == ""


def test_a_period_begins_with_what_was_owed_and_ends_with_what_is(traded: Desk, tmp_path: Path) -> None:
    """Day by day, each file stands for itself, and what one ends with the next begins with."""
    store = traded.store
    days = [date(2026, 5, 21), date(2026, 5, 27), date(2026, 5, 28), date(2026, 6, 4), date(2026, 6, 7)]
    before: Counter[tuple[str, int | None]] = Counter()
    for since, until in zip(days, [each - timedelta(days=1) for each in days[1:]], strict=False):
        end = store.business.start_of(until + timedelta(days=1)) - timedelta(microseconds=1)
        for tool in TOOLS:
            path = tmp_path / f"{since}.{tool}"
            report = written(store, path, tool, since=since, until=until)
            assert check(tool, path) == ""
            assert report.opening == before
            assert liability(balances(tool, path)) == owed(store, all_cards(store), end)
        before = report.owed
    assert before["GBP", None] == 5_100


def test_told_again_later_they_are_the_same(traded: Desk, tmp_path: Path) -> None:
    """To the letter, whatever is recorded or booked after the last day."""
    first, again = tmp_path / "first", tmp_path / "again"
    written(traded.store, first, "beancount", until=date(2026, 6, 5))
    expire(traded.olaf)
    traded.issued("half", 777)
    written(traded.store, again, "beancount", until=date(2026, 6, 5))
    assert again.read_text(encoding="utf-8") == first.read_text(encoding="utf-8")
    assert "not booked yet" in first.read_text(encoding="utf-8")


def test_a_penny_more_is_found_by_the_tools(traded: Desk, tmp_path: Path) -> None:
    """What the desk owes stands in the file by its own sums: entries that differ are refused."""
    for tool in TOOLS:
        path = tmp_path / tool
        written(traded.store, path, tool)
        path.write_text(path.read_text(encoding="utf-8").replace("50.00 GBP", "50.01 GBP", 2), encoding="utf-8")
        assert "Liabilities:GiftCards" in check(tool, path)


def test_accounts_by_product_and_currency(traded: Desk, tmp_path: Path) -> None:
    """A product's short name is written as the tool can; another account that falls into one of these is refused."""
    assert desk.set_product(traded.mia, "9-lives", name="Nine", rules=ValidityRules(period=Period(9, "days"))).done
    traded.issued("9-lives", 900)
    for tool, half in (("beancount", "Half"), ("hledger", "half")):
        path = tmp_path / tool
        chart = chart_of({"liability": "Liabilities:Cards:{product}:{currency}", "sales": "Income:{product}"})
        write_books(traded.mia, TOOL[tool], path, chart, since=date(2026, 5, 28))
        assert check(tool, path) == ""
        found = balances(tool, path)
        assert found[f"Liabilities:Cards:{half}:KWD", "KWD"] == -12_345
        assert found[f"Liabilities:Cards:{half}:GBP", "GBP"] == -5_100
        assert found["Liabilities:Cards:9-lives:GBP", "GBP"] == -900
        chart = chart_of({"liability": "Liabilities:{product}", "bank": f"Liabilities:{half}"})
        with pytest.raises(BadAccount, match=r"is an account of the liability, and another one"):
            write_books(traded.mia, TOOL[tool], tmp_path / "refused", chart)
    assert not (tmp_path / "refused").exists()


@pytest.mark.files
def test_the_demo_adds_up(tmp_path: Path) -> None:
    """Its damaged card is left out, whatever else there is stands in the books."""
    store, _ = build_demo(tmp_path / "demo" / "desk.db")
    for tool in TOOLS:
        path = tmp_path / tool
        assert written(store, path, tool).left_out == 1
        assert check(tool, path) == ""
        assert liability(balances(tool, path)) == owed(store, sound(store), store.now())


@pytest.mark.files
def test_a_sample_adds_up_month_by_month(sampled: Path, tmp_path: Path) -> None:
    """Three years of sales: what either tool says of each month's breakage is what the journals say."""
    store = copied(sampled, tmp_path)
    told = {month: minor for month, minor in breakages(store).items() if minor}
    assert len(told) > 20
    for tool in TOOLS:
        path = tmp_path / tool
        assert written(store, path, tool).left_out == 0
        assert check(tool, path) == ""
        assert liability(balances(tool, path)) == owed(store, all_cards(store), store.now())
        assert broken(by_month(tool, path)) == told == reported_breakages(store)
        assert liability(balances(tool, path)) == reported_liability(store)


@pytest.mark.slow
@pytest.mark.files
def test_the_books_of_a_hundred_thousand_cards(tmp_path: Path) -> None:
    """Either tool takes them and agrees with our reports to the penny; they take no more room than those of a few."""
    make_sample(tmp_path / "desk.db", 100_000, 7)
    store = open_store(tmp_path / "desk.db", FixedClock(datetime(2026, 11, 21, 14, 2, tzinfo=UTC)))
    for tool in TOOLS:
        path = tmp_path / tool
        at = ("--db", f"sqlite:///{tmp_path}/desk.db", "--as", "mia", "--now", "2026-11-21T14:02:00Z")
        told, kilobytes = run_measured("export", tool, str(path), *at)
        print(told, f"{kilobytes:,} KB")
        assert kilobytes < 100_000
        assert check(tool, path) == ""
        months = by_month(tool, path)
        assert broken(months) == reported_breakages(store)
        assert liability(balances(tool, path)) == reported_liability(store)


def broken(months: Counter[tuple[str, str, str]]) -> Counter[tuple[str, str]]:
    """What a tool says of each month's breakage."""
    return Counter({(month, each): -minor for (month, name, each), minor in months.items() if "Breakage" in name})


def reported_breakages(store: Store) -> Counter[tuple[str, str]]:
    """What our report says of it; months in which nothing is kept are left out."""
    report = make_report(store, "breakage", ReportWish(since=datetime(2020, 1, 1, tzinfo=UTC)))
    kept = [column.name for column in report.columns].index("kept")
    found: Counter[tuple[str, str]] = Counter()
    for line in report.lines:
        month, amount = line.cells[0], line.cells[kept]
        assert isinstance(month, str)
        assert isinstance(amount, int)
        found[month, str(line.currency)] += amount
    return Counter({key: minor for key, minor in found.items() if minor})


def reported_liability(store: Store) -> Counter[str]:
    """What our report says that is owed."""
    report = make_report(store, "liability", ReportWish())
    place = [column.name for column in report.columns].index("owed")
    amounts = {str(line.currency): line.cells[place] for line in report.totals}
    return Counter({currency: minor for currency, minor in amounts.items() if isinstance(minor, int) and minor})


def copied(sampled: Path, folder: Path) -> Store:
    """A sample of one's own, at the instant at which its past ends."""
    for suffix in (".db", ".key"):
        shutil.copy(sampled.with_suffix(suffix), folder / f"desk{suffix}")
    return open_store(folder / "desk.db", FixedClock(datetime(2026, 11, 21, 14, 2, tzinfo=UTC)))


def sound(store: Store) -> list[int]:
    """The cards that add up."""
    mia = Session(store, "mia")
    return [card for card in all_cards(store) if card_sheet(mia, card).wrong is None]


def breakages(store: Store) -> Counter[tuple[str, str]]:
    """What broke less what came back, by month and currency, from the journals; and what nobody booked yet."""
    found: Counter[tuple[str, str]] = Counter()
    now = to_microseconds(store.now())
    with store.database.reading():
        rows = store.database.execute_sql(
            "SELECT CASE WHEN kind = 'breakage' THEN effective_at ELSE recorded_at END, g.currency, -amount_minor "
            "FROM activity a JOIN gift_card g ON g.id = a.card_id WHERE kind IN ('breakage', 'reinstatement') "
            "UNION ALL SELECT cut_off_at, currency, balance_minor FROM gift_card WHERE cut_off_at <= ?",
            (now,),
        ).fetchall()
    for at, currency, minor in rows:
        found[f"{store.business.date_of(from_microseconds(at)):%Y-%m}", currency] += minor
    return found


# The file.


def test_it_is_whole_private_and_stands_in_the_audit(traded: Desk, tmp_path: Path) -> None:
    path = tmp_path / "books" / "may.beancount"
    written(traded.store, path, "beancount", "olaf")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["may.beancount"]
    with traded.store.database.reading():
        (row,) = traded.store.database.execute_sql(
            "SELECT after FROM audit WHERE subject = 'export' ORDER BY number DESC LIMIT 1"
        ).fetchall()
    assert '"format":"beancount"' in row[0]
    written(traded.store, path, "beancount", "olaf")
    with pytest.raises(Fault, match="is no earlier export"):
        written(traded.store, path, "hledger", "olaf")


def test_who_may_not_and_what_is_no_period_leave_nothing(traded: Desk, tmp_path: Path) -> None:
    path = tmp_path / "books"
    with pytest.raises(Refused, match="may not export"):
        written(traded.store, path, "beancount", "sam")
    with pytest.raises(Refused, match="lies after its last, or after today"):
        written(traded.store, path, "beancount", since=date(2026, 6, 2), until=date(2026, 6, 1))
    with pytest.raises(Refused, match="lies after its last, or after today"):
        written(traded.store, path, "beancount", since=date(2026, 7, 2), until=date(2026, 7, 9))
    with pytest.raises(Stopped):
        write_books(traded.mia, BEANCOUNT, path, Chart(), is_stopped=lambda: True)
    assert not list(tmp_path.iterdir())


def test_bulk_work_stands_in_the_books(traded: Desk, tmp_path: Path) -> None:
    """What a bulk gave back, what its undo took again, and cards that became another product with money on them."""
    everything = BySearch("status:active,expired,suspended,inactive")
    extend = BulkWish(BulkKind.EXTEND, "Closed.", until=date(2026, 12, 31))
    extended = begin_bulk(traded.mia, extend, everything)
    traded.wait(days=1)
    assert undo_bulk(traded.mia, extended.id, "The wrong ones.").done
    change = BulkWish(BulkKind.CHANGE_PRODUCT, "Renamed.", product="forever")
    assert begin_bulk(traded.mia, change, everything).done
    chart = chart_of({"liability": "Liabilities:GiftCards:{product}"})
    for tool, forever in (("beancount", "Forever"), ("hledger", "forever")):
        path = tmp_path / tool
        write_books(traded.mia, TOOL[tool], path, chart)
        assert check(tool, path) == ""
        found = balances(tool, path)
        assert {key: minor for key, minor in found.items() if "Cards" in key[0] and "Adj" not in key[0]} == {
            (f"Liabilities:GiftCards:{forever}", "GBP"): -5_100,
            (f"Liabilities:GiftCards:{forever}", "KWD"): -12_345,
        }
        assert found["Income:Breakage", "GBP"] == EXPECTED["Income:Breakage", "GBP"]
    assert not traded.findings()


def test_before_the_first_card_the_books_are_empty(counter: Desk, tmp_path: Path) -> None:
    for tool in TOOLS:
        path = tmp_path / tool
        assert written(counter.store, path, tool).entries == 0
        assert check(tool, path) == ""
        assert not balances(tool, path)


# Texts.


@pytest.mark.files
@pytest.mark.parametrize("tool", TOOLS)
def test_no_text_ends_its_line_or_begins_another(tmp_path: Path, tool: str) -> None:
    """Whatever stands as an order or a place: as many entries as were written, on their day, and nothing else."""
    texts = [*PAYLOADS, EVIL, '"', "\\", '\\"', "\n2026-01-01 open Assets:Stolen", "x, date:2020-01-01", "[2020-01-01]"]
    language, path = TOOL[tool].language, tmp_path / "books"
    accounts = "".join(language.account(name) for name in ("Assets:Bank", "Liabilities:GiftCards"))
    postings = (Posting(Account.LIABILITY, 1, -1), Posting(Account.BANK, 1, 1))
    with path.open("w", encoding="utf-8") as file:
        file.write(language.head(Chart(), EVIL, [EVIL, "\n2026-01-01 open Assets:Stolen"]))
        file.write(language.currency("GBP") + accounts)
        for text in texts:
            entry = Entry(date(2026, 5, 21), "issue", "GBP", postings, (("order", text), ("place", text)))
            file.write(language.entry(entry, ("Liabilities:GiftCards", "Assets:Bank")))
    assert check(tool, path) == ""
    assert by_month(tool, path) == {
        ("2026-05", "Liabilities:GiftCards", "GBP"): -len(texts),
        ("2026-05", "Assets:Bank", "GBP"): len(texts),
    }
    if tool == "hledger":
        assert tags(path) == {"order", "place"}
    else:
        from beancount import loader

        entries, _, _ = loader.load_file(str(path))
        kept = [entry.meta["order"] for entry in entries if type(entry).__name__ == "Transaction"]
        assert kept == [plain(text) for text in texts]
