"""What an import asks of files of our own, and what it says of those that somebody edited."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from jobs.twins import arrive, leave, lines, read, tables, twin, write
from postgres import AT_LENGTH

from models import desk
from models.errors import Fault
from models.jobs.own import import_own
from models.jobs.verify import verify
from models.people import PersonGiven
from models.rules.journal import Kind
from models.schema import GiftCard
from models.store import Store
from models.unit import Session

ENGINES = AT_LENGTH
pytestmark = pytest.mark.usefixtures("no_litter")
CARDS, LINES = "cards.csv", "activities.csv"


@pytest.mark.files
def test_another_key_is_refused_by_line(busy: Session, make_store: Callable[..., Store], tmp_path: Path) -> None:
    """A desk with another key could never look these codes up again."""
    leave(busy, tmp_path / "out")
    stranger = Session(make_store(), "mia")
    report = arrive(stranger, tmp_path / "out", is_commit=True)
    assert report.problem_count == 3
    assert (report.problems[0].line, report.problems[0].column) == (2, "digest")
    assert "exported under another key" in report.problems[0].sentence
    assert not report.is_committed


def test_a_table_made_by_hand_names_cards_by_their_codes(manager: Session, tmp_path: Path) -> None:
    """Somebody moves over from a spreadsheet: code, currency, balance and a product are enough."""
    row = {"code": "ABCD-1234-5678", "currency": "GBP", "balance": "12.50", "product_name": "Old cards"}
    more = {"last_day": "2027-01-31", "recipient_name": "Zoë", "aliases": "OLD123456"}
    path = write(tmp_path / "hand.csv", [{**row, **more}, {**row, **dict.fromkeys(more, ""), "code": "EFGH12345678"}])
    report = import_own(manager, [path], is_commit=True)
    assert (report.is_committed, report.kinds, report.aliases) == (True, {Kind.IMPORTED: 2}, 1)
    from jobs.arrivals import sheet

    card = sheet(manager, "old 123456")
    assert (card.balance_minor, card.product_name, str(card.last_day_on)) == (1250, "Old cards", "2027-01-31")
    assert sheet(manager, "efgh12345678").last_day_on is None


def test_the_same_export_twice_changes_nothing(busy: Session, tmp_path: Path) -> None:
    """Also into the desk that it came from: every card is recognised."""
    before = leave(busy, tmp_path / "out")
    report = arrive(busy, tmp_path / "out", is_commit=True)
    assert (report.is_committed, report.new_cards) == (True, 0)
    assert arrive(busy, tmp_path / "out", is_commit=True).is_already_imported
    assert leave(busy, tmp_path / "again") == before


Change = Callable[[list[dict[str, str]], list[dict[str, str]]], object]


@pytest.mark.parametrize(
    ("change", "file", "line", "column", "told"),
    [
        (lambda cards, _: cards[1].update(balance_minor="1999"), CARDS, 3, "balance_minor", "says 20.00 GBP"),
        (
            lambda cards, _: cards[1].update(balance_minor="1999", balance="19.99"),
            "cards.csv",
            3,
            "balance_minor",
            "activities add up to 20.00 GBP",
        ),
        (lambda cards, _: cards[1].update(currency="GBX"), CARDS, 3, "currency", "no currency called"),
        (lambda cards, _: cards[1].update(last_day="2027-01-01"), CARDS, 3, "last_day", "20 Nov 2026"),
        (lambda cards, _: cards[1].update(activities="2"), CARDS, 3, "activities", "tell 1 activity"),
        (lambda cards, _: cards[1].update(digest=""), CARDS, 3, "digest", "neither a code nor a digest"),
        (lambda cards, _: cards[1].update(folded="00"), CARDS, 3, "digest", "no digest"),
        (lambda cards, _: cards[1].update(digest=cards[0]["digest"]), CARDS, 3, "digest", "stands in line 2"),
        (
            lambda _, lines: lines[1].update(amount_minor="2001"),
            LINES,
            3,
            "balance_after_minor",
            "add up to",
        ),
        (lambda _, lines: lines[1].update(amount_minor="-2000"), LINES, 3, "amount_minor", "wrong sign"),
        (lambda _, lines: lines[1].update(kind="gift"), LINES, 3, "kind", "no kind of activity"),
        (lambda _, lines: lines[1].update(number="2"), LINES, 3, "number", "Activity 1 of this card"),
        (
            lambda _, lines: lines[1].update(effective_at="2027-01-01T00:00:00Z"),
            LINES,
            3,
            "effective_at",
            "future",
        ),
        (
            lambda _, lines: lines[1].update(effective_at="21/05/2026"),
            LINES,
            3,
            "effective_at",
            "more than one",
        ),
        (lambda _, lines: lines[1].update(reverses="1"), LINES, 3, "reverses", "no whole number"),
        (lambda _, lines: lines[1].update(details="{"), LINES, 3, "details", "no JSON object"),
        (lambda _, lines: lines[1].update(details="{}"), LINES, 3, "details", "must set 'product'"),
        (lambda _, lines: lines[1].update(details='{"sets":{"vip":1}}'), LINES, 3, "details", "these only"),
        (lambda _, lines: lines[1].update(details='{"grounds":5}'), LINES, 3, "details", "a list of texts"),
        (lambda _, lines: lines[1].update(removed_text="ab" * 32), LINES, 3, "removed_text", "no removal of it"),
        (lambda _, lines: lines[1].update(actor_name=""), LINES, 3, "actor_name", "empty"),
        (lambda _, lines: lines.reverse(), LINES, 3, "card", "not in the same order"),
        (lambda _, lines: lines.append({**lines[0], "card": "?"}), LINES, 5, "card", "not in the table"),
    ],
)
def test_what_cannot_be_is_told_with_its_place(
    busy: Session, tmp_path: Path, change: Change, file: str, line: int, column: str, told: str
) -> None:
    """Somebody edited the export: the rules of money judge it like any other file, and nothing comes in."""
    leave(busy, tmp_path / "out")
    cards, activities = (read(path) for path in tables(tmp_path / "out"))
    change(cards, activities)
    for path, rows in zip(tables(tmp_path / "out"), (cards, activities), strict=True):
        write(path, rows)
    other = twin(busy.store, tmp_path / "other" / "desk.db")
    report = arrive(other, tmp_path / "out", is_commit=True)
    assert not report.is_committed
    places = [(remark.file, remark.line, remark.column) for remark in report.problems]
    assert (file, line, column) in places, [str(remark) for remark in report.problems]
    assert told in str(report.problems[places.index((file, line, column))])
    with other.store.database.connected():
        assert GiftCard.select().count() == 0


@pytest.mark.parametrize(
    "line", ["[]", "{}", '{"card": 1}', '{"card": {}, "activities": [1]}', "nonsense", '{"card":NaN}']
)
def test_a_line_that_is_no_card_is_told(busy: Session, tmp_path: Path, line: str) -> None:
    """The other lines are read all the same."""
    leave(busy, tmp_path / "out")
    path = tmp_path / "out" / "cards.jsonl"
    first, *others = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([first, line, *others[1:]]), encoding="utf-8")
    report = import_own(twin(busy.store, tmp_path / "other" / "desk.db"), [path])
    assert (report.cards, report.problem_count, report.problems[0].line) == (2, 1, 2)


def test_a_flag_that_is_not_open_cannot_be_cleared(busy: Session, tmp_path: Path) -> None:
    """A journal that clears the same flag twice was made by nobody's desk."""
    desk.raise_flag(busy, 1, "doubt")
    desk.clear_flag(busy, 1, "settled")
    leave(busy, tmp_path / "out")
    path = tmp_path / "out" / "cards.jsonl"
    told = lines(path)
    journal = told[0]["activities"]
    journal.append({**journal[-1], "number": 4})
    told[0]["card"]["activities"] = 4
    path.write_text("\n".join(map(json.dumps, told)), encoding="utf-8")
    report = import_own(twin(busy.store, tmp_path / "other" / "desk.db"), [path])
    assert "No flag of that number is open" in str(report.problems[0])


def test_a_mark_that_the_desk_knows_better_stays(busy: Session, tmp_path: Path) -> None:
    """The file calls Northwind a VIP; here it is none, and a supervisor decides."""
    desk.register(busy, 1, PersonGiven("Ada", "ada@example.org"), organisation="Northwind")
    desk.set_organisation(busy, "Northwind", is_vip=True)
    leave(busy, tmp_path / "out")
    other = twin(busy.store, tmp_path / "other" / "desk.db")
    desk.set_organisation(other, "Northwind")
    report = arrive(other, tmp_path / "out", is_commit=True)
    assert "Northwind is no VIP here and stays what it is" in str(report.warnings[0])
    assert not verify(other.store).findings


def test_files_that_do_not_belong_together_are_one_sentence(busy: Session, tmp_path: Path) -> None:
    """Two tables of cards, or activities alone."""
    leave(busy, tmp_path / "out")
    cards, activities = tables(tmp_path / "out")
    for paths in ([cards, cards], [activities], [cards, activities, cards]):
        with pytest.raises(Fault, match="the cards alone, or one file of JSON lines"):
            import_own(busy, paths)


def test_a_desk_in_another_zone_keeps_the_days(busy: Session, tmp_path: Path) -> None:
    """The last day is the day that the customer was told, wherever the desk stands."""
    leave(busy, tmp_path / "out")
    athens = twin(busy.store, tmp_path / "athens" / "desk.db", "Europe/Athens")
    assert arrive(athens, tmp_path / "out", is_commit=True).is_committed
    before, after = (
        read(tmp_path / "out" / "cards.csv"),
        (leave(athens, tmp_path / "after"), read(tmp_path / "after/cards.csv"))[1],
    )
    assert [row["last_day"] for row in after] == [row["last_day"] for row in before]
    assert after[0]["cut_off"] == "2026-11-21T01:00:00Z"
