"""Bulk work that a second person decides about: its thresholds, its requests, and the list that was asked for."""

from datetime import date
from typing import Any

import pytest
from store.counter import BOTH, Counter, plain_sql
from store.test_bulk import ALL, CHRISTMAS

from models import desk
from models.bulks import (
    BulkState,
    BySearch,
    approve_bulk,
    begin_bulk,
    bulk_numbered,
    bulks,
    preview,
    refuse_bulk,
    resume_bulk,
    undo_bulk,
    withdraw_bulk,
)
from models.bulks.telling import rows_of
from models.bulks.thresholds import why_approve
from models.desk import PersonGiven
from models.errors import Refused
from models.holdings import people_found
from models.rules.bulk import BulkKind, BulkWish
from models.rules.policy import Policy
from models.schema import GiftCard

ENGINES = BOTH


def threshold(counter: Counter, **limits: Any) -> None:
    """Above these a second person must approve."""
    assert desk.set_policy(counter.mia, **limits).done


def test_an_approval_that_was_not_given_at_the_desk_approves_nothing(counter: Counter) -> None:
    """Whoever can write to the database lets a colleague have approved it, and the audit too."""
    threshold(counter, bulk_above=1)
    counter.issued()
    counter.issued()
    begin_bulk(counter.mia, CHRISTMAS, ALL)
    forged = (
        "UPDATE bulk SET decision = 'approved', decided_at = asked_at, decided_by_name = 'Sue', "
        "decided_by = (SELECT id FROM agent WHERE login = 'sue')",
        "INSERT INTO audit (subject, number, action, recorded_at, actor_id, actor_name, format, mac) "
        "SELECT subject, 2, 'approved', recorded_at, (SELECT id FROM agent WHERE login = 'sue'), "
        "'Sue', format, mac FROM audit WHERE subject = 'bulk:1'",
    )
    for statement in forged:
        with plain_sql(counter.store.path, guarded=False) as sql:
            sql.execute(statement)
        with pytest.raises(Refused, match="changed with another tool"):
            resume_bulk(counter.mia, 1)
    assert bulk_numbered(counter.store, 1).left == 2


def test_what_took_two_people_takes_two_whatever_its_row_says(counter: Counter) -> None:
    """Somebody with another tool lets nobody have approved it, nor have had to: it is not undone alone."""
    threshold(counter, bulk_above=1)
    counter.issued()
    counter.issued()
    begin_bulk(counter.mia, CHRISTMAS, ALL)
    approve_bulk(counter.sue, 1)
    with plain_sql(counter.store.path, guarded=False) as sql:
        sql.execute("UPDATE bulk SET why = '[]', decision = NULL, decided_at = NULL, decided_by = NULL")
    with pytest.raises(Refused, match="changed with another tool"):
        undo_bulk(counter.mia, 1, "Alone.")
    assert len(bulks(counter.store)) == 1


def test_above_a_threshold_a_second_person_decides(counter: Counter) -> None:
    """What is carried out is the list that was asked for; who asked can't approve it."""
    threshold(counter, bulk_above=1)
    cards = [counter.issued(), counter.issued()]
    report = begin_bulk(counter.mia, CHRISTMAS, ALL)
    assert (report.state, report.done, report.left) == (BulkState.WAITING, 0, 2)
    assert "waits for approval" in report.sentence
    later = counter.issued()
    with pytest.raises(Refused, match="You asked for this"):
        approve_bulk(counter.mia, report.id)
    with pytest.raises(Refused, match="may not"):
        approve_bulk(counter.sam, report.id)
    done = approve_bulk(counter.sue, report.id)
    assert (done.state, done.done) == (BulkState.DONE, 2)
    assert [counter.sheet(card).last_day_on for card in cards] == [date(2026, 12, 31)] * 2
    assert counter.sheet(later).last_day_on != date(2026, 12, 31)
    undo = undo_bulk(counter.mia, report.id, "No.")
    assert undo.state is BulkState.WAITING
    of_it = rows_of(bulk_numbered(counter.store, undo.id), counter.store.business)
    assert ("Cards", "2 cards: all that were changed") in of_it
    approve_bulk(counter.sue, undo.id)
    assert counter.sheet(cards[0]).last_day_on == date(2026, 11, 20)
    assert not counter.findings()


def test_money_that_comes_back_has_a_threshold_of_its_own(counter: Counter) -> None:
    threshold(counter, bulk_money_above={"GBP": 4999})
    counter.issued("week")
    counter.at("2026-06-10T09:00")
    found = preview(counter.mia, CHRISTMAS, ALL)
    assert found.needs_approval == "50.00 GBP come back: more than 49.99 GBP need an approval."


def test_many_small_bulks_are_one_large_one(counter: Counter) -> None:
    """What one did alone within a day counts along; what was approved does not, and a colleague begins afresh."""
    threshold(counter, bulk_above=2)
    counter.issued(), counter.issued()
    assert begin_bulk(counter.mia, CHRISTMAS, ALL).state is BulkState.DONE
    counter.issued()
    assert preview(counter.sue, CHRISTMAS, ALL).needs_approval is None
    asked = begin_bulk(counter.mia, CHRISTMAS, ALL)
    assert bulk_numbered(counter.store, asked.id).why == (
        "The extension changes 1 card, and 2 were changed alone within 24 hours: more than 2 need an approval.",
    )
    counter.wait(hours=23)
    approve_bulk(counter.sue, asked.id)
    counter.issued()
    counter.wait(hours=1)
    assert preview(counter.mia, CHRISTMAS, ALL).needs_approval is None


def test_what_comes_back_bit_by_bit_counts_together(counter: Counter) -> None:
    """Fifty pounds alone, and three more a day later."""
    threshold(counter, bulk_money_above={"GBP": 5_000})
    back = BulkWish(BulkKind.REVERSE_BREAKAGE, "The till was down.")
    counter.issued("week")
    counter.wait(days=1)
    counter.issued("week", 300)
    counter.at("2026-05-28T05:00")
    assert begin_bulk(counter.mia, back, ALL).done == 1
    counter.at("2026-05-29T04:00")
    assert preview(counter.mia, back, ALL).needs_approval == (
        "3.00 GBP come back, and 50.00 GBP came back alone within 24 hours: more than 50.00 GBP need an approval."
    )


def test_the_sums_of_an_approval_have_their_thousands_apart() -> None:
    """They stand beside the figures of the preview, which have them apart, too."""
    policy = Policy(bulk_money_above={"GBP": 100_000, "JPY": 20_000})
    (why,) = why_approve(BulkKind.EXTEND, 1, {"GBP": 37_375_497, "JPY": 20_000}, policy)
    assert why == "373,754.97 GBP come back: more than 1,000.00 GBP need an approval."


def test_a_request_is_refused_withdrawn_or_lapses(counter: Counter) -> None:
    """Nothing of it is done then."""
    threshold(counter, bulk_above=1)
    card = counter.issued()
    counter.issued()
    for end in ("refused", "withdrawn", "lapsed"):
        asked = begin_bulk(counter.mia, CHRISTMAS, ALL)
        if end == "refused":
            assert refuse_bulk(counter.sue, asked.id, "Ask the owner first.").done
        elif end == "withdrawn":
            assert withdraw_bulk(counter.mia, asked.id).done
        else:
            counter.wait(hours=24)
        with pytest.raises(Refused):
            approve_bulk(counter.sue, asked.id)
        assert bulk_numbered(counter.store, asked.id).state(counter.clock.at) == end
    assert counter.kinds(card) == ["issue"]
    assert not counter.findings()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE bulk_card SET card_id = 3 WHERE card_id = 2",
        "DELETE FROM bulk_card WHERE card_id = 2",
        "UPDATE bulk_card SET until_on = '2199-01-01'",
        "UPDATE bulk SET wish = REPLACE(wish, '2026-12-31', '2199-12-31')",
        "UPDATE bulk SET asked_by = 2",
        "UPDATE bulk SET decision = 'approved', decided_at = 1, decided_by = 2, decided_by_name = 'Sue'",
    ],
)
def test_a_list_that_was_changed_behind_the_desks_back_is_not_carried_out(counter: Counter, change: str) -> None:
    """Who approves gets what was asked for or nothing, and verification tells."""
    threshold(counter, bulk_above=1)
    cards = [counter.issued() for _ in range(3)]
    desk.cancel(counter.mia, cards[2], "Not part of it.")
    asked = begin_bulk(counter.mia, CHRISTMAS, ALL)
    with plain_sql(counter.store.path, guarded=False) as sql:
        sql.execute(change)
    with pytest.raises(Refused):
        approve_bulk(counter.sue, asked.id)
    assert counter.kinds(cards[0]) == ["issue"]
    assert [finding for finding in counter.findings() if finding.startswith(f"bulk {asked.id}: ")]


def test_the_database_itself_keeps_a_list_as_it_was_asked_for(counter: Counter) -> None:
    """Whatever program tries."""
    threshold(counter, bulk_above=1)
    for _ in range(2):
        counter.issued()
    begin_bulk(counter.mia, CHRISTMAS, ALL)
    for change in (
        "UPDATE bulk SET wish = '{}'",
        "UPDATE bulk SET decision = 'approved', decided_at = 1, decided_by = asked_by, decided_by_name = 'Mia'",
        "DELETE FROM bulk",
        "UPDATE bulk_card SET until_on = '2199-01-01'",
        "DELETE FROM bulk_card",
    ):
        with pytest.raises(Exception, match=r"append-only|bulk_by_somebody_else"), plain_sql(counter.store.path) as sql:
            sql.execute(change)
    assert not counter.findings()


def holder_of(counter: Counter, card: int) -> int | None:
    """The record number of whom a card names as its holder."""
    with counter.store.database.connected():
        holder: int | None = GiftCard.get_by_id(card).registered_id
        return holder


def test_a_person_who_was_merged_since_is_the_one_who_was_kept(counter: Counter) -> None:
    """Whether a list that waited names them, or an undo puts them back."""
    threshold(counter, bulk_above=1)

    def merged(name: str) -> int:
        """The record that was kept of somebody."""
        kept = PersonGiven(name, f"{name}@new.example")
        desk.issue(counter.mia, "summer", 100, purchaser=kept)
        gone, into = (people_found(counter.store, f"{name}@{each}.example")[0].id for each in ("old", "new"))
        assert desk.merge_people(counter.sue, gone, into).done
        return into

    cards = [counter.issued(), counter.issued()]
    assert all(desk.register(counter.sam, card, PersonGiven("lin", "lin@old.example")).done for card in cards)
    wish = BulkWish(BulkKind.REGISTER, "The company's list.", name="ada", email="ada@old.example")
    bulk = begin_bulk(counter.mia, wish, BySearch("product:half"))
    ada = merged("ada")
    assert approve_bulk(counter.sue, bulk.id).done == 2
    assert {holder_of(counter, card) for card in cards} == {ada}
    undoing = undo_bulk(counter.mia, bulk.id, "The wrong list.")
    lin = merged("lin")
    assert approve_bulk(counter.sue, undoing.id).done == 2
    assert {holder_of(counter, card) for card in cards} == {lin}
    assert not counter.findings()
