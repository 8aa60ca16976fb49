"""Stories of shops that come from anywhere with one table of cards, and of the mappings that say what it means."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from jobs.arrivals import history, sheet
from jobs.samples import COMMERCE_LAYER, GIFT_UP, PRETIX, PRETIX_GERMAN, PW, SHOPFRONT, SPREE
from postgres import AT_LENGTH

from models.clock import FixedClock
from models.errors import Fault
from models.jobs.expire import expire
from models.jobs.mapped import import_mapped
from models.jobs.mapping import Mapping, read_mapping, shipped_mappings
from models.jobs.plans import ImportReport
from models.jobs.verify import verify
from models.rules.journal import Kind
from models.schema import GiftCard
from models.sheets import CardSheet
from models.unit import Session

ENGINES = AT_LENGTH


@pytest.fixture
def bring(manager: Session, tmp_path: Path) -> Callable[..., ImportReport]:
    """Import a text by a mapping: bring(text, "spree") tries it, with is_commit=True it does it."""

    def run(text: str, mapping: str | Mapping, *, encoding: str = "utf-8", **options: object) -> ImportReport:
        path = tmp_path / "cards.csv"
        path.write_bytes(text.encode(encoding))
        found = read_mapping(mapping) if isinstance(mapping, str) else mapping
        return import_mapped(manager, path, found, **options)  # type: ignore[arg-type]

    return run


Bring = Callable[..., ImportReport]


def arrived(manager: Session, report: ImportReport, code: str) -> CardSheet:
    """A card that came in with an import in which nothing was wrong."""
    assert (report.is_committed, report.problems) == (True, ())
    assert not verify(manager.store).findings
    return sheet(manager, code)


# What comes from where.


def test_pretix_leaves_its_test_cards_behind(manager: Session, bring: Bring) -> None:
    """Two cards come, one was only for trying; the last day is the day that was told."""
    report = bring(PRETIX, "pretix", is_commit=True, control={"EUR": 2500})
    card = arrived(manager, report, "abcd efgh 2345 6789")
    assert (report.cards, report.skipped) == (2, {"test mode card": 1})
    assert (card.balance_minor, card.currency, card.last_day_on) == (2500, "EUR", date(2026, 12, 31))
    assert history(card) == [("imported", 2500, 2500)]
    assert card.activities[0].order_ref == "CONF-ABC12"
    assert sheet(manager, "ZZZZEFGH23456789").last_day_on is None


def test_pretix_in_another_language_is_read_by_position(manager: Session, bring: Bring) -> None:
    """A German export: other headers, the same ten columns, and it is told."""
    report = bring(PRETIX_GERMAN, "pretix", is_commit=True)
    assert "read by their position" in str(report.warnings[0])
    assert arrived(manager, report, "abcd efgh 2345 6789").last_day_on == date(2026, 12, 31)


def test_pretix_in_an_unknown_language_is_not_guessed(bring: Bring) -> None:
    """Whether a card is for testing must be known."""
    report = bring(PRETIX.replace(";No;", ";Oxi;", 1), "pretix")
    assert (report.problems[0].line, report.problems[0].column) == (2, "Test mode card")
    assert "add it to the mapping" in report.problems[0].sentence


def test_spree_stops_on_the_day_before_and_tells_what_was_spent(manager: Session, bring: Bring) -> None:
    """Its date is the first day on which nothing can be spent; amounts are formatted; canceled is on hold."""
    report = bring(SPREE, "spree", is_commit=True, control={"USD": 129000})
    card = arrived(manager, report, "abc-123 xyz")
    assert card.last_day_on == date(2026, 12, 30)
    assert history(card) == [("issue", 125000, 125000), ("redemption", -1000, 124000)]
    assert card.activities[0].effective_at == datetime.fromisoformat("2026-02-01T09:30:00+00:00")
    assert card.holder is not None
    assert (card.holder.name, card.holder.email) == ("John Doe", "john@example.com")
    held = sheet(manager, "GHI789RST")
    assert (held.status.value, held.activities[0].reason) == ("suspended", "Canceled in Spree")
    assert "the day before it" in report.expiry_meaning
    assert history(sheet(manager, "DEF456UVW"))[-1] == ("redemption", -5000, 0)


@pytest.mark.parametrize("text", [PW, PW.partition("\n")[2]], ids=["with its header", "without"])
def test_pw_comes_with_or_without_its_header(manager: Session, bring: Bring, text: str) -> None:
    """Its export has one, its import form has none."""
    report = bring(text, "pw-gift-cards", currency="gbp", is_commit=True)
    card = arrived(manager, report, "ABCDEFGHIJKLMNOP")
    assert (card.balance_minor, card.currency, card.last_day_on) == (1250, "GBP", date(2026, 12, 31))


def test_a_column_of_a_table_without_header_is_named_by_its_place(bring: Bring) -> None:
    report = bring(PW.partition("\n")[2], "pw-gift-cards")
    assert report.problems[0].place.endswith("line 1, column 2")


def test_gift_up_tells_both_people_and_what_was_sold(manager: Session, bring: Bring) -> None:
    """Sold with 50 and 30 left: the 20 were spent, nobody knows when; it is valid from February."""
    report = bring(GIFT_UP, "gift-up", currency="GBP", is_commit=True)
    card = arrived(manager, report, "GU1234567890")
    assert history(card) == [("issue", 5000, 5000), ("redemption", -2000, 3000)]
    assert (card.product_name, card.active_from_at.date(), card.last_day_on) == (
        "$50 Gift Card",
        date(2026, 2, 1),
        date(2027, 1, 4),
    )
    assert (card.activities[1].reason, card.holder and card.holder.name) == ("Happy, birthday!", "Ada")
    assert history(sheet(manager, "GU1234567891")) == [("imported", 1000, 1000)]


def test_commerce_layer_tells_instants_and_minor_units(manager: Session, bring: Bring) -> None:
    """Midnight ends the day before; noon still belongs to its day."""
    report = bring(COMMERCE_LAYER, "commerce-layer", is_commit=True)
    first = arrived(manager, report, "32db311a-75d9-4c17-9e34")
    second = sheet(manager, "42db311a-75d9-4c17-9e34")
    assert (first.balance_minor, first.last_day_on) == (1234, date(2026, 12, 30))
    assert (second.last_day_on, second.status.value) == (date(2026, 12, 31), "suspended")


def test_shopfront_has_its_days_decided_by_all_dates(manager: Session, bring: Bring) -> None:
    """31/12 can only be a day first, so 01/02 is the first of February."""
    report = bring(SHOPFRONT, "shopfront", currency="GBP", is_commit=True)
    assert arrived(manager, report, "GHIJKL456").last_day_on == date(2027, 2, 1)
    assert sheet(manager, "ABCDEF123").balance_minor == 1250


def test_what_is_past_its_cut_off_breaks_in_our_next_run(manager: Session, bring: Bring) -> None:
    """Spent in part at a time that nobody knows: before the cut-off, and the rest broke at it."""
    text = GIFT_UP.replace("2027-01-04", "2026-05-01")
    card = arrived(manager, bring(text, "gift-up", currency="GBP", is_commit=True), "GU1234567890")
    assert card.status.value == "expired"
    expire(manager)
    assert history(sheet(manager, "GU1234567890"))[-1] == ("breakage", -3000, 0)
    assert not verify(manager.store).findings


def test_a_newer_table_brings_only_its_new_cards(clock: FixedClock, bring: Bring) -> None:
    """What has no date was dated when it came; a week later it is recognised all the same."""
    bring(PW, "pw-gift-cards", currency="GBP", is_commit=True)
    clock.tick(timedelta(days=7))
    report = bring(f"{PW}QRST-EFGH-IJKL-MNOP,1.00,,\n", "pw-gift-cards", currency="GBP", is_commit=True)
    assert (report.is_committed, report.cards, report.new_cards) == (True, 2, 1)
    assert bring(f"{PW}", "pw-gift-cards", currency="GBP", is_commit=True).is_already_imported


# What cannot be read.


@pytest.mark.parametrize(
    ("mapping", "text", "line", "column", "told"),
    [
        ("pw-gift-cards", PW.replace("12.50", '"12,50"'), 2, "balance", "decimal comma"),
        ("pw-gift-cards", PW.replace("12.50", "-12.50"), 2, "balance", "less than nothing"),
        ("pw-gift-cards", PW.replace("12.50", "12.505"), 2, "balance", "too many decimals"),
        ("pw-gift-cards", PW.replace("12.50", "$12.50"), 2, "balance", "currency sign"),
        ("pw-gift-cards", PW.replace("12.50", ""), 2, "balance", "empty"),
        ("pw-gift-cards", PW.replace("ABCD-EFGH-IJKL-MNOP", "4.81E+18"), 2, "number", "digits are lost"),
        ("pw-gift-cards", PW.replace("ABCD-EFGH-IJKL-MNOP", "ABC"), 2, "number", "6 to 32"),
        ("pw-gift-cards", PW.replace("2026-12-31", "12/31/2026"), 2, "expiration_date", "more than one way"),
        ("pw-gift-cards", PW.replace("2026-12-31", "2026-02-30"), 2, "expiration_date", "no such day"),
        ("pw-gift-cards", PW.replace("2026-12-31", "soon"), 2, "expiration_date", "not written like"),
        ("pw-gift-cards", f"{PW}abcdefghijklmnop,1.00,,\n", 3, "number", "The same code stands in line 2"),
        ("pw-gift-cards", f"{PW}QRSTEFGHIJKLMNOP,1.00\n", 3, "expiration_date", "ends too early"),
        ("pw-gift-cards", f"{PW}QRSTEFGHIJKLMNOP,1.00,,,x\n", 3, "recipient_email", "goes on after"),
        ("pretix", PRETIX.replace("EUR", "EUX", 1), 2, "Currency", "no currency called"),
        ("pretix", PRETIX.replace("2025-11-03", "2026-12-03", 1), 2, "Creation date", "future"),
        ("pretix", PRETIX.replace("2026-12-31", "2025-11-02", 1), 2, "Expiry date", "before it was issued, on 3 Nov"),
        ("spree", SPREE.replace("Active", "Sleeping"), 2, "Status", "no status that the mapping knows"),
        ("spree", SPREE.replace("$1,240.00", "€1,240.00"), 2, "Amount Remaining", "no amount in USD"),
        ("spree", SPREE.replace("$1,240.00", "EUR 1,240.00"), 2, "Amount Remaining", "no amount in USD"),
        ("spree", SPREE.replace("$1,240.00", "$1,24.00"), 2, "Amount Remaining", "decimal sign"),
        ("spree", SPREE.replace("$1,240.00", "$1.240,00"), 2, "Amount Remaining", "decimal sign"),
        ("spree", SPREE.replace("$1,240.00", "($1,240.00)"), 2, "Amount Remaining", "not an amount of money"),
        ("spree", SPREE.replace("$1,240.00", "-$1,240.00"), 2, "Amount Remaining", "less than nothing"),
        ("commerce-layer", COMMERCE_LAYER.replace("1234", "12.34"), 2, "balance_cents", "minor units"),
        ("shopfront", SHOPFRONT.replace("01/02/2027", "12/31/2026"), 3, "expiry", "The month comes first here"),
        ("shopfront", SHOPFRONT.replace("31/12/2026", "03/04/2026"), 2, "expiry", "No date of the table tells"),
        ("shopfront", SHOPFRONT.replace("31/12/2026", "31/12/26"), 2, "expiry", "four digits"),
        ("shopfront", SHOPFRONT.replace("expiry", "ends"), 1, None, "The column 'expiry' is missing"),
        ("shopfront", SHOPFRONT.splitlines()[0], None, None, "There are no cards"),
    ],
)
def test_a_trap_is_told_with_its_place_and_nothing_is_changed(
    manager: Session, bring: Bring, mapping: str, text: str, line: int, column: str, told: str
) -> None:
    """Nothing is guessed."""
    report = bring(text, mapping, currency=None if mapping in ("pretix", "spree") else "GBP", is_commit=True)
    remark = report.problems[0]
    assert (remark.line, remark.column) == (line, column), str(remark)
    assert told in remark.sentence
    assert not report.is_committed
    with manager.store.database.connected():
        assert GiftCard.select().count() == 0


def test_a_table_without_a_currency_asks_for_one(bring: Bring) -> None:
    """Nobody's money is guessed at."""
    assert "name it with --currency" in str(bring(PW, "pw-gift-cards").problems[0])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_it_comes_in_any_encoding(manager: Session, bring: Bring, encoding: str) -> None:
    """Whatever a spreadsheet made of it."""
    report = bring(GIFT_UP.replace("Ada", "Zoë"), "gift-up", currency="GBP", is_commit=True, encoding=encoding)
    card = arrived(manager, report, "GU1234567890")
    assert card.holder is not None
    assert card.holder.name == "Zoë"


# Mappings of one's own.

OWN = """\
expiry = "day_after"
dates = "mdy"
amounts = "decimal"
decimal_sign = ","
currency = "EUR"
product = "Old vouchers"
code_length = 9
code_digits = true
[columns]
code = { names = ["Nr.", "Nummer"], prefix = true }
balance = "Rest"
expires = "Bis"
"""


@pytest.fixture
def own(tmp_path: Path) -> Callable[[str], Mapping]:
    """A mapping of one's own, by its text."""

    def make(text: str) -> Mapping:
        path = tmp_path / "own.toml"
        path.write_text(text, encoding="utf-8")
        return read_mapping(str(path))

    return make


def test_a_mapping_of_ones_own(manager: Session, bring: Bring, own: Callable[[str], Mapping]) -> None:
    """Fixed codes of nine digits, decimal commas, the month first."""
    table = "Nr. der Karte;Rest;Bis\n012345678;1.250,50;12/31/2026\n"
    card = arrived(manager, bring(table, own(OWN), is_commit=True), "012345678")
    assert (card.balance_minor, card.last_day_on, card.product_name) == (125050, date(2026, 12, 30), "Old vouchers")
    report = bring(table.replace("012345678", "12345678"), own(OWN))
    assert "zeros in front of it were lost" in str(report.problems[0])


def test_codes_that_a_spreadsheet_rounded_are_noticed(bring: Bring) -> None:
    """Fifteen digits and then zeros, in most of the lines."""
    rows = "".join(f"1234567890{number:05}0000,1.00,,\n" for number in range(4))
    report = bring(PW.partition("\n")[0] + "\n" + rows, "pw-gift-cards", currency="GBP")
    assert "a spreadsheet has rounded them" in str(report.problems[-1])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no table called columns"),
        ("[columns]\ncode = 'a'", "columns.balance is missing"),
        ("[columns]\ncode = 'a'\nbalance = 'b'\ncolour = 'c'", "a column called 'colour'"),
        ("[columns]\ncode = 1\nbalance = 'b'", "columns.code is a header"),
        ("expiry = 'maybe'\n[columns]\ncode = 'a'\nbalance = 'b'", "expiry must be one of"),
        ("zone = 'Mars'\n[columns]\ncode = 'a'\nbalance = 'b'", "zone must be"),
        ("currency = 'XXX'\n[columns]\ncode = 'a'\nbalance = 'b'", "no currency called"),
        ("speed = 1\n[columns]\ncode = 'a'\nbalance = 'b'", "nothing called 'speed'"),
        ("header = 'none'\n[columns]\ncode = 'a'\nbalance = 'b'", "needs the width"),
        ("[columns]\ncode = 'a'\nbalance = 'b'\nstatus = 'c'", "status needs both"),
        ("brings = 'fun'\n[columns]\ncode = 'a'\nbalance = 'b'", "brings must be one of cards, days, updates"),
        ("brings = 'days'\n[columns]\ncode = 'a'", "columns.expires is missing"),
        ("brings = 'updates'\n[columns]\nlast_characters = 'a'\ninitial = 'b'", "updates need columns.purchaser_email"),
        ("redemptions = 1\n[columns]\ncode = 'a'\nbalance = 'b'", "redemptions is a table"),
        (
            "[redemptions.columns]\ncode = 'a'\n[columns]\ncode = 'a'\nbalance = 'b'",
            "redemptions.columns.amount is missing",
        ),
        ("columns = [", "is no TOML"),
        (f"columns = {'9' * 5000}", "is no TOML"),
    ],
)
def test_a_mapping_that_cannot_be_used_says_why(own: Callable[[str], Mapping], text: str, told: str) -> None:
    """One sentence that names the key."""
    with pytest.raises(Fault) as refused:
        own(text)
    assert told in refused.value.sentence
    assert refused.value.sentence.endswith("Nothing was changed.")


def test_a_mapping_that_is_not_there_names_those_that_are() -> None:
    """A mistyped name."""
    with pytest.raises(Fault, match=r"There is no mapping sprea: name a file, or one of commerce-layer, erply"):
        read_mapping("sprea")


def test_every_shipped_mapping_says_how_it_reads_the_expiry() -> None:
    """As the tables of the systems mean it."""
    assert {each.name: each.expiry for each in shipped_mappings()} == {
        "commerce-layer": "instant",
        "erply": "last_day",
        "gift-up": "last_day",
        "pretix": "last_day",
        "pw-gift-cards": "last_day",
        "shopfront": "last_day",
        "shopify": "day_after",
        "spree": "day_after",
    }


def test_a_card_that_holds_more_than_it_was_sold_with(manager: Session, bring: Bring) -> None:
    """It was topped up, the table doesn't tell when: what is left comes in, and the dry run tells."""
    report = bring(GIFT_UP.replace("30.00,GU", "80.00,GU"), "gift-up", currency="GBP", is_commit=True)
    assert "holds more: what is left comes in" in str(report.warnings[0])
    assert history(arrived(manager, report, "GU1234567890")) == [("imported", 8000, 8000)]
    assert report.kinds == {Kind.IMPORTED: 2}
