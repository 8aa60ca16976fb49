"""Stories of cards that leave one desk in files of our own and arrive at another: nothing is lost on the way."""

import json
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from jobs.toggle_export import Export
from jobs.twins import arrive, leave, lines, read, tables, twin, write
from postgres import AT_LENGTH

from models import desk
from models.agents import sign_on
from models.clock import FixedClock
from models.engines import file_of
from models.errors import Fault, Refused
from models.finding import find
from models.jobs.demo import build_demo
from models.jobs.expire import expire
from models.jobs.exporting import export_csv, export_json_lines
from models.jobs.own import import_own
from models.jobs.own_columns import guarded, unguarded
from models.jobs.plans import ImportReport
from models.jobs.verify import verify
from models.keys import key_path
from models.people import PersonGiven
from models.rules.journal import Kind
from models.rules.roles import Role
from models.rules.validity import Period, ValidityRules
from models.schema import Audit, GiftCard
from models.sheets import card_sheet, other_sheet
from models.store import Store
from models.unit import Session

ENGINES = AT_LENGTH
Bring = Callable[..., ImportReport]
FORMS = ("csv", "jsonl")
CARDS, LINES, AT = "cards.csv", "activities.csv", "effective_at"
HOSTILE = ("=1+1", "+44 20", "-2+3", "@SUM(A1)", "'=x", "''@y", "'s-Hertogenbosch", "＝cmd", 'a "b", c;d')


def arrives_unchanged(session: Session, folder: Path) -> None:
    """Out, in, and out again: byte for byte the same files."""
    before = leave(session, folder / "before")
    for form in FORMS:
        other = twin(session.store, folder / form / "desk.db")
        report = arrive(other, folder / "before", form, is_commit=True)
        assert (report.is_committed, report.problems, report.warnings) == (True, (), ())
        assert not verify(other.store).findings
        assert leave(other, folder / form / "after") == before


# There and back.


def test_the_demo_leaves_and_arrives_unchanged(tmp_path: Path) -> None:
    """Every situation of the demo, but for the card that does not add up, which no file vouches for."""
    store, _ = build_demo(tmp_path / "demo" / "desk.db")
    arrives_unchanged(Session(store, "mia"), tmp_path)
    assert len(read(tmp_path / "before" / "cards.csv")) == 18


def test_a_replaced_card_still_points_to_the_card_in_its_place(manager: Session, tmp_path: Path) -> None:
    """Whatever row it has at the other desk: the two name each other by their codes' digests."""
    desk.set_product(manager, "half", rules=ValidityRules(period=Period(6, "months")))
    old, _ = (desk.issue(manager, "half", 5000).card_id for _ in range(2))
    assert old is not None
    assert desk.replace(manager, old, "letter never arrived").done
    before = card_sheet(manager, old)
    assert before.other is not None
    leave(manager, tmp_path / "out")
    other = twin(manager.store, tmp_path / "in" / "desk.db")
    desk.set_product(other, "half", rules=ValidityRules(period=Period(6, "months")))
    assert desk.issue(other, "half", 100).done
    assert arrive(other, tmp_path / "out", is_commit=True).is_committed
    (line,) = find(other.store, before.last_four).lines
    sheet = card_sheet(other, line.card_id)
    assert sheet.diagnosis.reason == before.diagnosis.reason
    assert sheet.other is not None
    made = other_sheet(other, sheet.other)
    assert (made.last_four, made.balance_minor) == (before.other.last_four, 5000)


def test_a_desk_that_came_from_toggle_leaves_unchanged(
    manager: Session, clock: FixedClock, export: Export, bring: Bring, tmp_path: Path
) -> None:
    """Aliases, breakages, reversals and people of the imported files; and what was done with them since."""
    for number, name in enumerate(HOSTILE, start=1):
        sold = export.sold(number, Recipient_Name=name, Sold_in_site=name, Unique_Code_Alias=f"OLD-{number:06}")
        meal = export.line(sold, "redemption", "-30.00", "2025-12-01 19:00:00", Notes=f"{name}\nsecond line")
        export.line(sold, "reversal", "10.00", "2025-12-02 10:00:00", reverses=meal["Line Item ID"], User=name)
    nobody = export.card(99, expiry="", Current_Balance="12.00")
    assert bring(is_commit=True).is_committed, nobody
    with manager.store.database.writing():
        sign_on(manager.store, clock.now(), login="sue", name="Sue", role=Role.SUPERVISOR)
    ada = PersonGiven("Ada", "ada@example.org")
    desk.register(manager, 1, ada, organisation="Northwind")
    desk.set_organisation(manager, "Northwind", is_vip=True)
    desk.register(manager, 2, PersonGiven("Ada", None))
    desk.register(manager, 2, PersonGiven("Ada", None), organisation="=Acme")
    for card, reason in ((3, "=stolen"), (4, "doubt")):
        desk.suspend(manager, card, reason)
        desk.raise_flag(manager, card, reason)
    desk.clear_flag(manager, 4, "settled")
    desk.lift(manager, 4, "found")
    desk.note(manager, 5, "Call +44 20 in the evening")
    desk.note(manager, 6, "first\tsecond\n=third\r\n" + "long " * 700)
    for login in ("mia", "sue"):
        assert desk.remove_person(Session(manager.store, login), holder(manager, 5), ref="T-5").done
    assert desk.merge_people(manager, holder(manager, 7), holder(manager, 8), ref="T-8").done
    assert desk.correct_person(manager, holder(manager, 9), name="Zoë", card_id=9).done
    assert desk.replace(manager, 7, reason="lost").done
    assert desk.transfer(manager, 8, 9, 500, reason="one card is enough").done
    assert desk.cancel(manager, 8, "paid back").done
    clock.tick(timedelta(days=163, hours=16))
    expire(manager)
    assert desk.reactivate(manager, 1).done
    assert desk.reactivate(manager, 6).done
    arrives_unchanged(manager, tmp_path)


def holder(session: Session, card_id: int) -> int:
    """The record number of a card's holder."""
    found = card_sheet(session, card_id).holder
    assert found is not None
    return found.id


@pytest.mark.parametrize("text", [*HOSTILE, "", "'", "''", "'x", "\t=x", "-5", "=" * 3])
def test_a_guarded_cell_is_no_formula_and_reads_back_as_it_was(text: str) -> None:
    """A spreadsheet computes nothing, and nobody loses an apostrophe."""
    assert unguarded(guarded(text)) == text
    assert guarded(text)[:1] not in ("=", "+", "-", "@", "\t", "\r", "＝")


def test_no_cell_of_an_export_begins_like_a_formula(
    manager: Session, export: Export, bring: Bring, tmp_path: Path
) -> None:
    """Whatever the customer is called. A negative number is a number."""
    for number, name in enumerate(HOSTILE, start=1):
        export.line(export.sold(number, Recipient_Name=name), "redemption", "-1.00", "2025-12-01 19:00:00", Notes=name)
    bring(is_commit=True)
    leave(manager, tmp_path / "out")
    for row in (row for path in tables(tmp_path / "out") for row in read(path)):
        for column, text in row.items():
            assert column.startswith("amount") or text[:1] not in ("=", "+", "-", "@", "＝")


# What an export is.


@pytest.fixture
def busy(manager: Session) -> Session:
    """A desk with three cards of half a year."""
    assert desk.set_product(manager, "half", name="Half year", rules=ValidityRules(period=Period(6, "months"))).done
    for amount in (1000, 2000, 3000):
        assert desk.issue(manager, "half", amount, recipient=PersonGiven("Ben", "ben@example.org")).done
    return manager


def test_an_export_is_readable_for_its_writer_alone(busy: Session, tmp_path: Path) -> None:
    """Names and balances are nobody else's."""
    leave(busy, tmp_path / "out")
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "out").iterdir()} == {0o600}
    assert sorted(os.listdir(tmp_path / "out")) == [LINES, "cards.csv", "cards.jsonl"]


def test_an_export_tells_of_one_moment_while_others_write(busy: Session, tmp_path: Path) -> None:
    """A till redeems and a colleague issues while the file is written: neither waits, neither is half in the file."""
    told: list[int] = []

    def meanwhile(done: int, _total: int) -> None:
        told.append(done)
        if done == 1:
            other = Session(busy.store, "mia")
            results: list[desk.Outcome] = []
            in_a_thread(lambda: results.append(desk.redeem(other, 3, 500)))
            in_a_thread(lambda: results.append(desk.issue(other, "half", 700)))
            assert [result.done for result in results] == [True, True]

    export_json_lines(busy, tmp_path / "cards.jsonl", meanwhile)
    assert told == [1, 2, 3]
    assert [card["card"]["balance_minor"] for card in lines(tmp_path / "cards.jsonl")] == [1000, 2000, 3000]


def in_a_thread(work: Callable[[], object]) -> None:
    """Work on a connection of its own, and wait for it."""
    from threading import Thread

    thread = Thread(target=work)
    thread.start()
    thread.join()


def test_an_export_takes_the_place_of_an_export_and_of_nothing_else(busy: Session, tmp_path: Path) -> None:
    """The same command every night goes on; a slip of the pen costs neither desk nor key, letter or link."""
    export_csv(busy, tmp_path)
    export_csv(busy, tmp_path)
    lines, link, letter = tmp_path / "cards.jsonl", tmp_path / "link", tmp_path / "letter"
    export_json_lines(busy, lines)
    export_json_lines(busy, lines)
    link.symlink_to(lines)
    os.mkfifo(tmp_path / "pipe")
    letter.write_text("Dear Ada", encoding="utf-8")
    desk_file = file_of(busy.store.path)
    others = (desk_file, key_path(busy.store.path), link, letter, tmp_path / "cards.csv", tmp_path / "pipe", tmp_path)
    before = [path.lstat() for path in others]
    for path in others:
        with pytest.raises(Fault, match="is no earlier export"):
            export_json_lines(busy, path)
    assert [(path.lstat().st_ino, path.lstat().st_mode) for path in others] == [(s.st_ino, s.st_mode) for s in before]
    (tmp_path / "cards.csv").write_text("Ada's shopping list", encoding="utf-8")
    with pytest.raises(Fault, match="is no earlier export"):
        export_csv(busy, tmp_path)


def test_a_broken_export_leaves_no_file(busy: Session, tmp_path: Path) -> None:
    """It is stopped after the second card: what was there stays, and nothing half lies about."""
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "cards.csv").write_text("code,digest,folded: yesterday's", encoding="utf-8")

    def stop(done: int, _total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_csv(busy, folder, stop)
    assert os.listdir(folder) == ["cards.csv"]
    assert (folder / "cards.csv").read_text(encoding="utf-8") == "code,digest,folded: yesterday's"


@pytest.mark.usefixtures("busy")
def test_only_operators_and_managers_export_and_it_is_written_down(store: Store, tmp_path: Path) -> None:
    """Sam may not; of what the operator took away there is a trace."""
    with store.database.writing():
        sign_on(store, store.now(), login="sam", name="Sam", role=Role.AGENT)
        sign_on(store, store.now(), login="olaf", name="Olaf", role=Role.OPERATOR)
    with pytest.raises(Refused, match="may not export cards"):
        export_csv(Session(store, "sam"), tmp_path / "out")
    assert not (tmp_path / "out").exists()
    export_csv(Session(store, "olaf"), tmp_path / "out")
    with store.database.connected():
        row = Audit.select().where(Audit.subject == "export").get()
    assert (row.actor_name, row.after["cards"], row.after["activities"]) == ("Olaf", 3, 3)


def test_a_folder_that_takes_no_files_is_a_sentence(busy: Session, tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "out").write_text("", encoding="utf-8")
    with pytest.raises(Fault, match=r"cannot be written to: .*\. Nothing was written\."):
        export_csv(busy, tmp_path / "out")


# What an import asks of our own files.


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
        (lambda cards, _: cards[1].update(activities="2"), CARDS, 3, "activities", "tell 1 activities"),
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


@pytest.fixture(autouse=True)
def _no_litter(tmp_path: Path) -> Iterator[None]:
    """Exports are as large as a desk: away with them."""
    yield
    shutil.rmtree(tmp_path, ignore_errors=True)


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
