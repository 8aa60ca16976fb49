"""Rows that are written afresh, wherever the desk is: spoiled ones, and hours that the zone's new rules moved."""

from dataclasses import replace

from store.counter import BOTH, Counter

from models.jobs.repair import Repairs, repair, tell_apart
from models.jobs.verify import verify
from models.rules.validity import BusinessTime
from models.schema import Audit, GiftCard
from models.sheets import card_sheet

ENGINES = BOTH


def in_paris(counter: Counter) -> Counter:
    """The same desk after its zone has moved by an hour."""
    return Counter(replace(counter.store, business=BusinessTime("Europe/Paris")), counter.clock)


def row_of(counter: Counter, card: int) -> dict[str, object]:
    with counter.store.database.connected():
        return dict(GiftCard.get_by_id(card).__data__)


def mended(counter: Counter) -> Repairs:
    """Verify and repair, as the operator."""
    return repair(counter.olaf, verify(counter.store).findings)


def test_a_spoiled_row_is_what_it_was(counter: Counter) -> None:
    """Once, and on record."""
    card = counter.issued()
    before = row_of(counter, card)
    with counter.store.database.writing():
        GiftCard.update(balance_minor=9900, last_day_on=None, cut_off_at=None).execute()
    assert [each.card_id for each in mended(counter).mends] == [card]
    assert row_of(counter, card) == before
    assert not counter.findings()
    assert mended(counter) == Repairs()


def test_cut_offs_ahead_are_recomputed(counter: Counter) -> None:
    """Cards that have stopped did so for everybody; those ahead stop by today's rules, once and on record."""
    stopped = counter.issued("week")
    counter.wait(days=30)
    ahead, never = counter.issued("half"), counter.issued("forever")
    before = row_of(counter, stopped), row_of(counter, never)
    moved = in_paris(counter)
    assert tell_apart(moved.store, ()).hours == 1
    cut_off_at = counter.sheet(ahead).cut_off_at
    assert mended(moved).hours == 1
    sheet = card_sheet(moved.sam, ahead)
    assert sheet.last_day_on is not None
    assert sheet.cut_off_at == moved.store.business.cut_off(sheet.last_day_on) != cut_off_at
    assert sheet.wrong is None
    assert (row_of(counter, stopped), row_of(counter, never)) == before
    assert not moved.findings()
    assert mended(moved) == Repairs()
    with counter.store.database.connected():
        assert Audit.get(Audit.subject == f"card:{ahead}").reason == "the rules of the zone were changed"


def test_starts_ahead_are_recomputed_and_told(counter: Counter) -> None:
    """The start is a fact of the journal: a note sets it anew, so that the journal still adds up to the row."""
    card = counter.issued("careful")
    moved = in_paris(counter)
    assert mended(moved).hours == 1
    sheet = card_sheet(moved.sam, card)
    assert sheet.active_from_at == moved.store.business.start_of(moved.store.business.date_of(sheet.active_from_at))
    assert sheet.activities[0].reason == "Valid from 24 May 2026 00:00: the rules of the zone were changed."
    assert not moved.findings()
    assert mended(moved) == Repairs()


def test_a_card_that_does_not_add_up_keeps_its_hours(counter: Counter) -> None:
    """Nothing is built on a journal that is broken."""
    card = counter.issued("half")
    with counter.store.database.writing():
        GiftCard.update(head_number=2).execute()
    before = row_of(counter, card)
    repairs = mended(in_paris(counter))
    assert (repairs.hours, [each.card_id for each in repairs.to_escalate]) == (0, [card])
    assert row_of(counter, card) == before
