"""Stories of running an import: first dry, then for good, once, by whoever may, from files of any make."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from jobs.arrivals import counts, sheet
from jobs.toggle_export import Export
from postgres import AT_LENGTH

from models.agents import sign_on
from models.clock import FixedClock
from models.desk import redeem
from models.errors import Fault, Refused
from models.jobs.plans import ImportReport
from models.jobs.toggle import import_toggle
from models.jobs.verify import verify
from models.rules.errors import BadAmount
from models.rules.journal import Kind
from models.rules.roles import Role
from models.store import Store
from models.unit import Session

ENGINES = AT_LENGTH

Bring = Callable[..., ImportReport]


# Dry run, control, repetition.


def test_a_dry_run_tells_everything_and_changes_nothing(store: Store, bring: Bring, export: Export) -> None:
    """Without a commit the manager sees what would come, and how the expiry was read."""
    card = export.sold(1, Recipient_Name="Ada")
    export.line(card, "redemption", "-12.50", "2025-12-01 19:00:00")
    before = counts(store)
    report = bring()
    assert (report.cards, report.new_cards, report.activities, report.with_balance) == (1, 1, 2, 1)
    assert report.kinds == {Kind.ISSUE: 1, Kind.REDEMPTION: 1}
    totals = report.totals["GBP"]
    assert (totals.outstanding_minor, totals.sales_minor, totals.redemptions_minor) == (3750, 5000, 1250)
    assert (report.new_products, report.new_people) == (("Classic 50",), 1)
    assert "the last day itself, inclusive" in report.expiry_meaning
    assert (report.is_committed, report.refusal) == (False, None)
    assert counts(store) == before


@pytest.mark.parametrize(
    ("control", "told"),
    [
        ({"GBP": 5001}, "The files hold 50.00 GBP; the control total says 50.01."),
        ({}, "no control total was given for GBP"),
        ({"GBP": 5000, "EUR": 1}, "There is a control total in EUR"),
    ],
)
def test_a_wrong_control_total_stops_the_import(
    store: Store, export: Export, bring: Bring, control: dict[str, int], told: str
) -> None:
    """The accountant's figure and the files' must be the same to the penny."""
    export.sold()
    before = counts(store)
    report = bring(is_commit=True, control=control)
    assert not report.is_committed
    assert told in (report.refusal or "")
    assert counts(store) == before


def test_the_right_control_total_lets_it_through(export: Export, bring: Bring) -> None:
    """The files hold what the accountant says."""
    export.sold()
    report = bring(is_commit=True, control={"GBP": 5000})
    assert report.is_committed
    assert [line.sentence for line in report.control] == ["The files hold 50.00 GBP, as the control total says."]


def test_the_same_files_twice_change_nothing(store: Store, clock: FixedClock, export: Export, bring: Bring) -> None:
    """The operator's script ran twice; the second time it is told when the first one was."""
    export.sold()
    bring(is_commit=True)
    before, first = counts(store), clock.now()
    clock.tick(timedelta(days=1))
    report = bring(is_commit=True)
    assert report.is_already_imported
    assert (report.imported_at, report.is_committed, report.problem_count) == (first, False, 0)
    assert counts(store) == before


def test_cards_with_the_same_facts_are_recognised_in_other_files(
    manager: Session, export: Export, bring: Bring
) -> None:
    """A week later the export has one more card; the ones that are here, and were used since, stay as they are."""
    card = export.sold(1, Unique_Code_Alias="OLD7KQ4")
    bring(is_commit=True)
    known = sheet(manager, card["Card Unique Code"])
    assert redeem(manager, known.card_id, 1000).done
    export.sold(2)
    report = bring(is_commit=True)
    assert (report.is_committed, report.cards, report.new_cards) == (True, 2, 1)
    assert sheet(manager, card["Card Unique Code"]).balance_minor == 4000
    assert not verify(manager.store).findings


@pytest.mark.parametrize("change", ["amount", "more", "expiry", "product", "alias", "taken alias"])
def test_a_card_that_is_here_with_other_facts_is_a_problem(
    store: Store, export: Export, bring: Bring, change: str
) -> None:
    """What the desk knows and what the file tells differ: a person must decide, and both are named."""
    card = export.sold(1, Unique_Code_Alias="OLD7KQ4")
    bring(is_commit=True)
    if change == "amount":
        export.lines[0]["Value"] = card["Current Balance"] = "40.00"
    elif change == "more":
        export.line(card, "redemption", "-10.00", "2026-01-01 12:00:00")
    elif change == "expiry":
        export.expires(card, "2027-01-31")
    elif change == "product":
        card["Gift Name"] = "Chef's Table"
    elif change == "alias":
        card["Unique Code Alias"] = "OLD7KQ5"
    else:
        other = export.sold(2, Unique_Code_Alias="OLD7KQ4")
        card["Unique Code Alias"] = ""
        export.cards, export.liability = [other], [export.liability_of(other)]
        export.lines = export.lines[1:]
    before = counts(store)
    report = bring(is_commit=True)
    assert report.problem_count == 1
    assert (report.problems[0].line, report.problems[0].column) == (2, "Card Unique Code")
    assert "Card record 1 (…1987)" in report.problems[0].sentence
    assert counts(store) == before


# Who may, and what can be read.


def test_an_agent_may_look_but_not_import(store: Store, export: Export, bring: Bring) -> None:
    """The role is asked inside the transaction that would write."""
    with store.database.writing():
        sign_on(store, store.now(), login="sam", name="Sam", role=Role.AGENT)
        sign_on(store, store.now(), login="mia", name="Mia", role=Role.MANAGER)
    export.sold()
    sam = Session(store, "sam")
    assert bring(session=sam).new_cards == 1
    before = counts(store)
    with pytest.raises(Refused, match="may not import cards"):
        bring(session=sam, is_commit=True)
    assert counts(store) == before


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_files_come_in_any_encoding_and_with_any_separator(
    manager: Session, export: Export, bring: Bring, encoding: str, separator: str
) -> None:
    """Whatever a spreadsheet made of the export, Zoë's name and the quoted site arrive as they were."""
    card = export.sold(Recipient_Name='Zoë "Zo" Haddad', Sold_in_site="Brighton, North; Laine")
    bring(is_commit=True, encoding=encoding, separator=separator)
    found = sheet(manager, card["Card Unique Code"])
    assert found.holder is not None
    assert (found.holder.name, found.bought_place) == ('Zoë "Zo" Haddad', "Brighton, North; Laine")


def test_the_newer_column_names_are_understood(manager: Session, export: Export, tmp_path: Path) -> None:
    """Toggle renamed two columns of the balance adjustments; both kinds of file come in."""
    card = export.sold()
    cards, lines, liability = export.write(tmp_path / "newer")
    text = lines.read_text("utf-8-sig").replace("Gift Name", "Product Name")
    lines.write_text(text.replace("Toggle Card Unique Number", "Card Unique Code"), encoding="utf-8")
    report = import_toggle(manager, cards, lines, liability, currency="gbp", is_commit=True)
    assert report.is_committed
    assert sheet(manager, card["Card Unique Code"]).balance_minor == 5000


def test_a_currency_that_does_not_exist_is_refused(export: Export, bring: Bring) -> None:
    """The files name no currency: the one that is given must be one."""
    export.sold()
    with pytest.raises(BadAmount, match="no currency called 'GPB'"):
        bring(currency="GPB")


@pytest.mark.parametrize(("currency", "value", "minor"), [("JPY", "5000", 5000), ("KWD", "5.125", 5125)])
def test_amounts_have_the_decimals_of_their_currency(
    manager: Session, export: Export, bring: Bring, currency: str, value: str, minor: int
) -> None:
    """Yen have no decimals, dinars three."""
    export.currency_places = len(value.partition(".")[2])
    card = export.card(Current_Balance="0")
    export.line(card, "sale", value, "2025-11-03 10:15:00")
    export.liability_of(card)["Value at 210526 00:00 (UTC)"] = value
    bring(currency=currency, is_commit=True)
    found = sheet(manager, card["Card Unique Code"])
    assert (found.balance_minor, found.currency) == (minor, currency)


def test_a_file_that_is_not_there_is_told_by_name(manager: Session, export: Export, tmp_path: Path) -> None:
    """A mistyped path is one sentence, not a trace."""
    cards, lines, _ = export.write(tmp_path)
    with pytest.raises(Fault, match=r"missing\.csv cannot be read: no such file"):
        import_toggle(manager, cards, lines, tmp_path / "missing.csv", currency="GBP")


def test_progress_reaches_its_end(export: Export, bring: Bring) -> None:
    """The operator sees lines done of lines in all, and the last report is the whole."""
    for number in range(1, 601):
        export.sold(number)
    told: list[tuple[int, int]] = []
    bring(is_commit=True, on_progress=lambda done, total: told.append((done, total)))
    assert len(told) > 2
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1]
