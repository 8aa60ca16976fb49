"""Stories of a shop that leaves Toggle with its three files: what becomes of its cards."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from jobs.arrivals import history, sheet
from jobs.toggle_export import Export
from postgres import AT_LENGTH

from models.finding import find
from models.jobs.expire import expire
from models.jobs.plans import ImportReport
from models.jobs.verify import verify
from models.rules.journal import Kind
from models.rules.status import Status
from models.schema import Customer, Product
from models.sheets import card_sheet_at
from models.unit import Session

ENGINES = AT_LENGTH

Bring = Callable[..., ImportReport]


# What comes in.


def test_a_sale_becomes_an_issue_with_all_that_the_files_tell(manager: Session, export: Export, bring: Bring) -> None:
    """Ada's card arrives with its code, day, place, order, product and recipient, at the time of its sale."""
    sold = export.sold(Recipient_Name="Ada Lovelace", Recipient_Email="Ada@example.org", Unique_Code_Alias="OLD7KQ4")
    report = bring(is_commit=True)
    assert report.is_committed
    card = sheet(manager, sold["Card Unique Code"])
    assert history(card) == [("issue", 5000, 5000)]
    assert (card.last_day_on, card.active_from_at) == (date(2026, 10, 31), datetime(2025, 11, 3, 10, 15, tzinfo=UTC))
    assert (card.bought_at, card.bought_place) == (card.active_from_at, "Leeds")
    assert (card.product_name, card.product_rules, card.currency) == ("Classic 50", "no rules yet", "GBP")
    assert card.holder is not None
    assert (card.holder.name, card.holder.email) == ("Ada Lovelace", "Ada@example.org")
    issue = card.activities[0]
    assert (issue.order_ref, issue.actor, issue.details["line_item"]) == ("70001", "import", "900001")
    assert issue.recorded_at == manager.store.clock.now()
    assert card.status is Status.ACTIVE
    assert not verify(manager.store).findings


def test_the_alias_and_a_hash_in_front_lead_to_the_same_card(manager: Session, export: Export, bring: Bring) -> None:
    """A customer reads out the old number, or the new one with the hash that guards it against spreadsheets."""
    sold = export.sold(Unique_Code_Alias="old-7kq4")
    code = sold["Card Unique Code"]
    sold["Card Unique Code"] = f"#{code}"
    report = bring(is_commit=True)
    assert (report.aliases, report.new_cards) == (1, 1)
    ids = {
        find(manager.store, text).lines[0].card_id for text in (code, f"#{code}", "OLD7KQ4", f"{code[:9]} {code[9:]}")
    }
    assert len(ids) == 1


def test_a_life_of_a_card_is_told_in_the_right_order(manager: Session, export: Export, bring: Bring) -> None:
    """Later sales are top-ups, redemptions know their site, and lines of one instant keep the file's order."""
    card = export.card(
        Last_redemption_date="2026-02-01 18:00:00", Last_redemption_site="Café Zoë", Last_redemption_value="20.00"
    )
    export.line(card, "sale", "30.00", "2026-01-10 09:00:00", Notes="Top up", Unit="Till 4")
    export.line(card, "sale", "50.00", "2025-11-03 10:15:00")
    export.line(card, "redemption", "-10.00", "2025-12-24 12:00:00", Unit="Bath")
    export.line(card, "redemption", "-20.00", "2026-02-01 18:00:00")
    export.line(card, "redemption", "-50.00", "2025-12-24 12:00:00")
    card["Current Balance"] = "0.00"
    export.lines[-1]["Value"] = "-40.00"
    card["Current Balance"] = "10.00"
    bring(is_commit=True)
    found = sheet(manager, card["Card Unique Code"])
    assert history(found) == [
        ("issue", 5000, 5000),
        ("redemption", -1000, 4000),
        ("redemption", -4000, 0),
        ("top_up", 3000, 3000),
        ("redemption", -2000, 1000),
    ]
    places = [line.place for line in reversed(found.activities)]
    assert places == ["Leeds", "Bath", "Example Inns", "Till 4", "Café Zoë"]
    assert [line.reason for line in found.activities][1] == "Top up"


def test_a_reactivated_card_is_right_at_every_past_instant(manager: Session, export: Export, bring: Bring) -> None:
    """Broken in January, given back the same morning, valid until June: each day shows what held on it."""
    card = export.card(expiry="2026-06-30")
    export.line(card, "sale", "50.00", "2025-11-03 10:15:00")
    broken = export.line(card, "breakage", "-50.00", "2026-01-05 03:40:00")
    export.line(card, "reversal", "50.00", "2026-01-05 08:00:00", reverses=broken["Line Item ID"], User="sam")
    bring(is_commit=True)
    found = sheet(manager, card["Card Unique Code"])
    assert history(found) == [("issue", 5000, 5000), ("breakage", -5000, 0), ("reinstatement", 5000, 5000)]
    assert (found.activities[0].reverses, found.activities[0].details["user"]) == (2, "sam")
    assert found.last_day_on == date(2026, 6, 30)
    expected = {
        datetime(2026, 1, 4, 12, tzinfo=UTC): (Status.ACTIVE, date(2026, 1, 4)),
        datetime(2026, 1, 5, 4, tzinfo=UTC): (Status.EXPIRED, date(2026, 1, 4)),
        datetime(2026, 1, 5, 9, tzinfo=UTC): (Status.ACTIVE, date(2026, 6, 30)),
    }
    for at, (status, last_day_on) in expected.items():
        past = card_sheet_at(manager, found.card_id, at)
        assert (past.status, past.last_day_on) == (status, last_day_on), at


def test_a_load_after_a_breakage_leaves_the_old_money_broken(manager: Session, export: Export, bring: Bring) -> None:
    """Two expiries in one life: each has its own last day, and the second is still the source's."""
    card = export.card(expiry="2026-03-31")
    export.line(card, "sale", "50.00", "2025-11-03 10:15:00")
    export.line(card, "breakage", "-50.00", "2026-01-05 03:40:00")
    export.line(card, "sale", "20.00", "2026-02-01 12:00:00")
    export.line(card, "breakage", "-20.00", "2026-04-01 02:40:00")
    bring(is_commit=True)
    found = sheet(manager, card["Card Unique Code"])
    assert history(found)[-2:] == [("top_up", 2000, 2000), ("breakage", -2000, 0)]
    assert (found.status, found.last_day_on, found.broken_minor) == (Status.EXPIRED, date(2026, 3, 31), 2000)
    assert card_sheet_at(manager, found.card_id, datetime(2026, 1, 6, tzinfo=UTC)).last_day_on == date(2026, 1, 4)
    assert card_sheet_at(manager, found.card_id, datetime(2026, 2, 2, tzinfo=UTC)).last_day_on == date(2026, 3, 31)


def test_a_breakage_that_came_late_leaves_the_last_day_alone(manager: Session, export: Export, bring: Bring) -> None:
    """The source's run came by two days late: the card had stopped, and held nothing, since its file says so."""
    card = export.card(expiry="2026-01-02")
    export.line(card, "sale", "50.00", "2025-11-03 10:15:00")
    export.line(card, "breakage", "-50.00", "2026-01-05 03:40:00")
    bring(is_commit=True)
    found = sheet(manager, card["Card Unique Code"])
    assert found.last_day_on == date(2026, 1, 2)
    for at, balance in (
        (datetime(2026, 1, 3, 3, tzinfo=UTC) - timedelta(microseconds=1), 5000),
        (datetime(2026, 1, 3, 3, tzinfo=UTC), 0),
        (datetime(2026, 1, 4, tzinfo=UTC), 0),
    ):
        past = card_sheet_at(manager, found.card_id, at)
        assert (past.balance_minor, past.broken_minor) == (balance, 5000 - balance), at
        assert past.status is (Status.ACTIVE if balance else Status.EXPIRED), at


def test_a_broken_card_whose_day_was_moved_keeps_both_days(manager: Session, export: Export, bring: Bring) -> None:
    """Broken in January, and the file says never: it never expires again, but in January it did."""
    card = export.card(expiry="")
    export.line(card, "sale", "50.00", "2025-11-03 10:15:00")
    export.line(card, "breakage", "-50.00", "2026-01-05 03:40:00")
    bring(is_commit=True)
    found = sheet(manager, card["Card Unique Code"])
    assert found.last_day_on is None
    assert card_sheet_at(manager, found.card_id, datetime(2026, 1, 4, tzinfo=UTC)).last_day_on == date(2026, 1, 4)


def test_reversals_of_redemptions_and_sales_are_what_they_are(manager: Session, export: Export, bring: Bring) -> None:
    """A meal that was paid back is a refund; a sale that was taken back is a negative adjustment."""
    card = export.card()
    sale = export.line(card, "sale", "50.00", "2025-11-03 10:15:00")
    meal = export.line(card, "redemption", "-30.00", "2025-12-01 19:00:00")
    export.line(card, "reversal", "10.00", "2025-12-02 10:00:00", reverses=meal["Line Item ID"])
    export.line(card, "reversal", "20.00", "2025-12-03 10:00:00", reverses=meal["Line Item ID"])
    export.line(card, "reversal", "-50.00", "2025-12-04 10:00:00", reverses=sale["Line Item ID"])
    report = bring(is_commit=True)
    found = sheet(manager, card["Card Unique Code"])
    assert history(found)[2:] == [("refund", 1000, 3000), ("refund", 2000, 5000), ("adjustment", -5000, 0)]
    assert [line.reverses for line in found.activities] == [1, 2, 2, None, None]
    assert report.totals["GBP"].reversals_minor == -2000
    assert not verify(manager.store).findings


def test_an_old_breakage_given_back_after_a_load_is_an_adjustment(
    manager: Session, export: Export, bring: Bring
) -> None:
    """Our rules reinstate only the last breakage; the source's money is kept, and the dry run tells of it."""
    card = export.card()
    export.line(card, "sale", "50.00", "2025-11-03 10:15:00")
    broken = export.line(card, "breakage", "-50.00", "2026-01-05 03:40:00")
    export.line(card, "sale", "20.00", "2026-02-01 12:00:00")
    export.line(card, "reversal", "50.00", "2026-02-02 12:00:00", reverses=broken["Line Item ID"])
    report = bring(is_commit=True)
    assert report.warning_count == 1
    assert history(sheet(manager, card["Card Unique Code"]))[-1] == ("adjustment", 5000, 7000)


def test_a_card_without_line_items_comes_with_what_is_left(manager: Session, export: Export, bring: Bring) -> None:
    """The source tells no loads: the balance is imported as it is, even when it is nothing."""
    full = export.card(1, Current_Balance="12.34", expiry="")
    empty = export.card(2)
    report = bring(is_commit=True, control={"GBP": 1234})
    assert report.kinds == {Kind.IMPORTED: 2}
    assert history(sheet(manager, full["Card Unique Code"])) == [("imported", 1234, 1234)]
    assert sheet(manager, full["Card Unique Code"]).last_day_on is None
    assert sheet(manager, empty["Card Unique Code"]).status is Status.ACTIVE
    assert not verify(manager.store).findings


def test_a_balance_past_its_cut_off_breaks_in_the_next_expiry_run(
    manager: Session, export: Export, bring: Bring
) -> None:
    """The source's run had not been by: ours books it at the cut-off, 03:00 in London after the last day itself."""
    card = export.sold(expiry="2026-05-20")
    bring(is_commit=True)
    assert sheet(manager, card["Card Unique Code"]).status is Status.EXPIRED
    expire(manager)
    found = sheet(manager, card["Card Unique Code"])
    assert found.broken_at == datetime(2026, 5, 21, 2, tzinfo=UTC)
    assert not verify(manager.store).findings


# Products and people.


def test_products_come_without_rules_unless_one_has_that_name(manager: Session, export: Export, bring: Bring) -> None:
    """Two names share a short name, a third exists already: nobody loses a product."""
    with manager.store.database.writing():
        Product.insert(code="classic", name="Classic 50", rules=None, reminders=[], changed_at=0).execute()
    export.sold(1)
    export.sold(2, Gift_Name="Chef's Table")
    export.sold(3, Gift_Name="Chef’s table!")
    report = bring()
    assert report.new_products == ("Chef's Table", "Chef’s table!")
    bring(is_commit=True)
    with manager.store.database.connected():
        codes = {row.code: row.name for row in Product.select()}
    assert codes == {"classic": "Classic 50", "chef-s-table": "Chef's Table", "chef-s-table-2": "Chef’s table!"}


def test_a_shorter_last_day_than_our_rules_give_is_kept_and_told(
    manager: Session, export: Export, bring: Bring
) -> None:
    """Classic 50 lasts two years here; the customer was told October, so October it is."""
    rules = {
        "activation_delay_days": 0,
        "valid_after": None,
        "period": [2, "years"],
        "expires_on": None,
        "month_end": False,
    }
    with manager.store.database.writing():
        Product.insert(code="classic", name="Classic 50", rules=rules, reminders=[], changed_at=0).execute()
    card = export.sold()
    report = bring(is_commit=True)
    assert "The last day stays 31 Oct 2026, as the customer was told" in str(report.warnings[0])
    assert sheet(manager, card["Card Unique Code"]).last_day_on == date(2026, 10, 31)


def test_people_are_recognised_by_name_and_address_together(manager: Session, export: Export, bring: Bring) -> None:
    """Ada's two cards are one Ada's; Max shares her address; a name alone is nobody known."""
    export.sold(1, Recipient_Name="Ada", Recipient_Email="ada@example.org")
    export.sold(2, Recipient_Name="ADA", Recipient_Email="Ada@Example.org")
    export.sold(3, Recipient_Name="Max", Recipient_Email="ada@example.org")
    export.sold(4, Recipient_Name="Ada")
    export.sold(5)
    assert bring().new_people == 3
    bring(is_commit=True)
    assert len(find(manager.store, "ada@example.org").lines) == 3
    with manager.store.database.connected():
        assert Customer.select().count() == 3
