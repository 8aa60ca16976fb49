"""Stories of bulk work: what a preview says is what is done, and all of it can be undone."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from peewee import OperationalError
from store.counter import BOTH, Counter, plain_sql

from models import desk
from models.bulks import (
    BulkPreview,
    BulkState,
    ByFile,
    BySearch,
    begin_bulk,
    bulk_numbered,
    bulks,
    cards_of,
    preview,
    preview_undo,
    resume_bulk,
    undo_bulk,
)
from models.desk import PersonGiven
from models.desk.agents import set_agent
from models.errors import Fault, Mendable, Refused
from models.jobs.expire import expire
from models.rules.bulk import BulkKind, BulkWish, Skip
from models.rules.validity import Period

ENGINES = BOTH
ALL = BySearch("status:active,expired,suspended,inactive")
CHRISTMAS = BulkWish(BulkKind.EXTEND, "The Leeds restaurant is closed.", until=date(2026, 12, 31))


def reasons(found: Any) -> dict[str, int]:
    """How many cards stay as they are, by reason."""
    return {each.reason: each.cards for each in found.skipped}


def facts(counter: Counter, card: int) -> tuple[int, date | None, str, str | None]:
    """What a bulk may change of a card."""
    sheet = counter.sheet(card)
    return sheet.balance_minor, sheet.last_day_on, sheet.status, sheet.product_name


def test_an_extension_moves_live_cards_and_gives_back_what_broke(counter: Counter) -> None:
    """One pass: a live card, one that the expiry run broke, and one that it has not come by to yet."""
    live, broken, unbooked = counter.issued("half"), counter.issued("week", 3000), counter.issued("week", 2000)
    forever = counter.issued("forever")
    counter.at("2026-06-10T09:00")
    seen = preview(counter.mia, CHRISTMAS, ALL)
    assert (seen.cards, seen.money_minor, seen.needs_approval) == (3, {"GBP": 5000}, None)
    assert reasons(seen) == {Skip.NO_LAST_DAY.words: 1}
    expire(counter.olaf)
    late = counter.issued("week", 1000)
    counter.at("2026-06-20T09:00")
    report = begin_bulk(counter.mia, CHRISTMAS, ALL)
    assert (report.state, report.done, report.left, report.money_minor) == (BulkState.DONE, 4, 0, {"GBP": 6000})
    for card, money in ((live, 5000), (broken, 3000), (unbooked, 2000), (late, 1000)):
        assert facts(counter, card) == (money, date(2026, 12, 31), "active", counter.sheet(card).product_name)
    assert counter.kinds(late) == ["issue", "breakage", "reinstatement", "expiry_changed"]
    assert counter.last(broken).reason == "The Leeds restaurant is closed."
    assert counter.kinds(forever) == ["issue"]
    assert not counter.findings()


def test_what_is_done_twice_changes_nothing(counter: Counter) -> None:
    counter.issued()
    begin_bulk(counter.mia, CHRISTMAS, ALL)
    with pytest.raises(Mendable, match="No card would be changed"):
        begin_bulk(counter.mia, CHRISTMAS, ALL)
    with pytest.raises(Refused, match="is done"):
        resume_bulk(counter.mia, 1)


def test_an_undo_restores_every_card_that_is_still_as_the_bulk_left_it(counter: Counter) -> None:
    """Money given back breaks again, dates move back; a card that was spent from since is listed and stays."""
    live, expired, spent = counter.issued("half"), counter.issued("week", 3000), counter.issued("week", 2000)
    counter.at("2026-06-10T09:00")
    before = [facts(counter, card) for card in (live, expired)]
    begin_bulk(counter.mia, CHRISTMAS, ALL)
    desk.redeem(counter.sam, spent, 500)
    desk.note(counter.sam, live, "The customer called.")
    counter.wait(hours=1)
    seen = preview_undo(counter.mia, 1)
    assert (seen.cards, seen.money_minor, reasons(seen)) == (2, {"GBP": 3000}, {Skip.TOUCHED.words: 1})
    report = undo_bulk(counter.mia, 1, "It was the wrong restaurant.")
    assert (report.done, report.money_minor, report.undoes) == (2, {"GBP": 3000}, 1)
    assert [facts(counter, card)[1:] for card in (live, expired)] == [row[1:] for row in before]
    assert facts(counter, live)[0] == 5000
    breakage = counter.journal(expired)[-2]
    assert (breakage.kind, breakage.amount_minor, breakage.effective_at) == ("breakage", -3000, counter.clock.at)
    assert counter.sheet(spent).balance_minor == 1500
    assert bulk_numbered(counter.store, 1).state(counter.clock.at) is BulkState.UNDONE
    with pytest.raises(Refused, match="undone by bulk 2 already"):
        undo_bulk(counter.mia, 1, "Again.")
    with pytest.raises(Refused, match="undoes bulk 1 itself"):
        undo_bulk(counter.mia, 2, "Back.")
    assert not counter.findings()


def test_what_was_undone_can_be_reactivated_like_any_expired_card(counter: Counter) -> None:
    """The second breakage has a number of its own, and a reinstatement of its own."""
    card = counter.issued("week", 3000)
    counter.at("2026-05-28T09:00")
    begin_bulk(counter.mia, CHRISTMAS, ALL)
    undo_bulk(counter.mia, 1, "Too early.")
    outcome = desk.reactivate(counter.sam, card)
    assert outcome.done, outcome.sentence
    assert counter.sheet(card).balance_minor == 3000
    assert not counter.findings()


def test_a_card_whose_former_day_is_over_breaks_when_it_is_undone(counter: Counter) -> None:
    """The undo counts from its own instant: what was true between the two stays true."""
    card = counter.issued("week", 3000)
    begin_bulk(counter.mia, CHRISTMAS, ALL)
    counter.at("2026-06-10T09:00")
    assert preview_undo(counter.mia, 1).money_minor == {"GBP": 3000}
    undo_bulk(counter.mia, 1, "Too generous.")
    assert facts(counter, card)[:3] == (0, date(2026, 5, 27), "expired")
    assert counter.kinds(card) == ["issue", "expiry_changed", "breakage", "expiry_changed"]
    assert not counter.findings()


def test_breakage_of_some_days_is_reversed(counter: Counter) -> None:
    """Only what stopped within them; a card that was loaded since keeps what broke broken."""
    early, late = counter.issued("week", 1000), counter.issued("half", 2000)
    loaded = counter.issued("week", 500)
    counter.at("2026-06-01T09:00")
    desk.top_up(counter.mia, loaded, 300)
    counter.at("2026-12-01T09:00")
    within = BulkWish(
        BulkKind.REVERSE_BREAKAGE, "The till was down.", broken_since=date(2026, 5, 1), broken_until=date(2026, 5, 31)
    )
    report = begin_bulk(counter.mia, within, ALL)
    assert (report.done, report.money_minor) == (1, {"GBP": 1000})
    assert facts(counter, early)[:3] == (1000, date(2026, 12, 8), "active")
    assert counter.sheet(late).balance_minor == 0 or counter.sheet(late).status == "expired"
    assert reasons(preview(counter.mia, within, ALL)) == {Skip.NOT_BROKEN.words: 1, Skip.OTHER_DAYS.words: 2}


def test_cards_are_suspended_and_let_go(counter: Counter) -> None:
    """And the other way round by an undo."""
    one, held = counter.issued(), counter.issued()
    desk.suspend(counter.mia, held, "Fraud.")
    report = begin_bulk(counter.sue, BulkWish(BulkKind.SUSPEND, "Stolen batch."), ALL)
    assert (report.done, counter.sheet(one).status) == (1, "suspended")
    lifted = begin_bulk(counter.sue, BulkWish(BulkKind.LIFT, "Found again."), ALL)
    assert (lifted.done, counter.sheet(held).status) == (2, "active")
    undo_bulk(counter.sue, lifted.id, "Not all were found.")
    assert (counter.sheet(one).status, counter.sheet(held).status) == ("suspended", "suspended")
    assert not counter.findings()


def test_another_product_decides_about_later_loads_only(counter: Counter) -> None:
    card = counter.issued("half")
    before = counter.sheet(card).last_day_on
    begin_bulk(counter.mia, BulkWish(BulkKind.CHANGE_PRODUCT, "One product.", product="forever"), ALL)
    assert facts(counter, card) == (5000, before, "active", "Forever")
    undo_bulk(counter.mia, 1, "Two again.")
    assert counter.sheet(card).product_name == "Half"
    assert not counter.findings()


def test_cards_are_registered_from_a_file(counter: Counter, tmp_path: Path) -> None:
    """Each to the person and the organisation that its line names; undone they have their former holder."""
    cards = [desk.issue(counter.mia, "half", 5000, purchaser=PersonGiven("Ann", None)) for _ in range(2)]
    codes = [outcome.hand_out for outcome in cards]
    file = tmp_path / "people.csv"
    file.write_text(
        f"code;name;email;organisation\n{codes[0]};Ada Lovelace;ada@example.org;Northwind\n{codes[1]};Lin Wu;;\n"
    )
    wish = BulkWish(BulkKind.REGISTER, "The company's list.")
    assert preview(counter.mia, wish, ByFile(file)).cards == 2
    report = begin_bulk(counter.mia, wish, ByFile(file))
    assert (report.done, report.state) == (2, BulkState.DONE)
    holder = counter.sheet(cards[0].card_id or 0).holder
    assert holder is not None
    assert (holder.name, holder.organisation) == ("Ada Lovelace", "Northwind")
    assert reasons(preview(counter.mia, wish, ByFile(file))) == {Skip.SAME_HOLDER.words: 1}
    undo_bulk(counter.mia, report.id, "The wrong list.")
    holder = counter.sheet(cards[0].card_id or 0).holder
    assert holder is not None
    assert holder.name == "Ann"
    assert not counter.findings()


def test_a_card_that_was_flagged_since_is_not_taken_off_hold_by_an_undo(counter: Counter) -> None:
    """As by nobody: the flag is read and cleared first."""
    card, other = counter.issued(), counter.issued()
    begin_bulk(counter.mia, BulkWish(BulkKind.SUSPEND, "A breach at the mall."), ALL)
    assert desk.raise_flag(counter.sam, card, "The caller sounded odd.").done
    assert reasons(preview_undo(counter.mia, 1)) == {Skip.FLAGGED.words: 1}
    undo_bulk(counter.mia, 1, "A false alarm.")
    assert [facts(counter, each)[2] for each in (card, other)] == ["suspended", "active"]
    assert not counter.findings()


def test_an_undo_reverses_what_the_bulk_wrote_whatever_its_list_says(counter: Counter) -> None:
    """Somebody with another tool lets the list claim a colleague's earlier reactivation."""
    card = counter.issued("week", 3000)
    counter.at("2026-05-28T09:00")
    expire(counter.olaf)
    assert desk.reactivate(counter.sam, card).done
    begin_bulk(counter.mia, CHRISTMAS, ALL)
    with plain_sql(counter.store.path, guarded=False) as sql:
        sql.execute("UPDATE bulk_card SET first_number = 2")
    assert reasons(preview_undo(counter.mia, 1)) == {Skip.TOUCHED.words: 1}
    with pytest.raises(Refused, match="No card of bulk 1"):
        undo_bulk(counter.mia, 1, "Break it again.")
    assert counter.sheet(card).balance_minor == 3000


def test_a_file_names_codes_and_days(counter: Counter, tmp_path: Path) -> None:
    """Unknown codes, doubles and empty lines are told by line; no code is kept."""
    card = desk.issue(counter.mia, "half", 5000)
    code = card.hand_out or ""
    file = tmp_path / "codes.txt"
    file.write_text(f"{code.lower()}\n\n{code.replace(' ', '-')}\nABCD EFGH 1234\n")
    seen = preview(counter.mia, CHRISTMAS, ByFile(file))
    assert seen.cards == 1
    assert [(each.line, each.sentence) for each in seen.missing] == [
        (3, "The same card is named in line 1."),
        (4, "No card answers to this code."),
    ]
    file.write_text(f"code,until\n{code},2027-02-28\n")
    wish = BulkWish(BulkKind.EXTEND, "The mall said so.")
    begin_bulk(counter.mia, wish, ByFile(file))
    assert counter.sheet(card.card_id or 0).last_day_on == date(2027, 2, 28)


def test_a_file_with_other_cards_is_another_wish_whatever_its_name(counter: Counter, tmp_path: Path) -> None:
    """The same key with it is a conflict, not what came of the first file."""
    codes = [desk.issue(counter.mia, "half", 5000).hand_out for _ in range(2)]
    file = tmp_path / "codes.txt"
    file.write_text(f"{codes[0]}\n")
    assert begin_bulk(counter.mia, CHRISTMAS, ByFile(file), intent="monday").done == 1
    assert begin_bulk(counter.mia, CHRISTMAS, ByFile(file), intent="monday").id == 1
    file.write_text(f"{codes[1]}\n")
    with pytest.raises(Refused, match="key"):
        begin_bulk(counter.mia, CHRISTMAS, ByFile(file), intent="monday")


def test_a_file_that_mostly_misses_tells_nothing(counter: Counter, tmp_path: Path) -> None:
    """Or it would try codes by the thousand."""
    file = tmp_path / "codes.txt"
    file.write_text("".join(f"GUESS{number:05}\n" for number in range(30)))
    with pytest.raises(Mendable, match="Most codes of this file lead to no card"):
        preview(counter.mia, CHRISTMAS, ByFile(file))


def test_what_was_seen_is_what_is_done(counter: Counter) -> None:
    """A preview that is not true any more begins nothing."""
    counter.issued()
    seen = preview(counter.mia, CHRISTMAS, ALL)
    counter.issued()
    with pytest.raises(Refused, match="not what you saw any more"):
        begin_bulk(counter.mia, CHRISTMAS, ALL, seen=seen)
    assert bulks(counter.store)[0].state(counter.clock.at) is BulkState.BROKEN_OFF
    seen = preview(counter.mia, CHRISTMAS, ALL)
    assert begin_bulk(counter.mia, CHRISTMAS, ALL, seen=seen).done == 2


def test_a_supervisor_extends_and_gives_nothing_back(counter: Counter) -> None:
    counter.issued()
    counter.issued("week")
    counter.at("2026-06-10T09:00")
    found = preview(counter.sue, CHRISTMAS, ALL)
    assert (found.cards, reasons(found)) == (1, {Skip.NOT_ALLOWED.words: 1})
    with pytest.raises(Refused, match="may not give back"):
        preview(counter.sue, BulkWish(BulkKind.REVERSE_BREAKAGE, "Please."), ALL)
    with pytest.raises(Refused, match="may not work on many cards"):
        preview(counter.sam, CHRISTMAS, ALL)


def test_cards_of_ones_own_are_left_alone(counter: Counter) -> None:
    """Those of whoever began it, though the card names them no more."""
    set_agent(counter.mia, "sue", email="sue@desk.example")
    own = counter.issued(recipient=PersonGiven("Sue", "SUE@desk.example"))
    other = counter.issued()
    desk.register(counter.sam, own, PersonGiven("Ann", None))
    found = preview(counter.sue, CHRISTMAS, ALL)
    assert (found.first_ids, reasons(found)) == ((other,), {Skip.OWN.words: 1})


def test_a_stopped_bulk_goes_on_where_it_was(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each card is changed once."""
    monkeypatch.setattr("models.bulks.carrying._BATCH", 2)
    cards = [counter.issued() for _ in range(5)]
    told: list[int] = []
    report = begin_bulk(
        counter.mia,
        CHRISTMAS,
        ALL,
        on_progress=lambda done, _total: told.append(done),
        is_stopped=lambda: told[-1:] == [2],
    )
    assert (report.state, report.done, report.left) == (BulkState.BEGUN, 2, 3)
    assert [len(cards_of(counter.store, report.id, which).lines) for which in ("done", "left")] == [2, 3]
    done = resume_bulk(counter.sue, report.id)
    assert (done.state, done.done) == (BulkState.DONE, 5)
    assert [counter.kinds(card) for card in cards] == [["issue", "expiry_changed"]] * 5
    assert not counter.findings()


def test_a_stopped_bulk_is_undone_and_never_goes_on(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.bulks.carrying._BATCH", 2)
    for _ in range(5):
        counter.issued()
    told: list[int] = []
    begin_bulk(
        counter.mia,
        CHRISTMAS,
        ALL,
        on_progress=lambda done, _total: told.append(done),
        is_stopped=lambda: told[-1:] == [2],
    )
    assert undo_bulk(counter.mia, 1, "Stop it.").done == 2
    with pytest.raises(Refused, match="is undone"):
        resume_bulk(counter.mia, 1)
    assert not counter.findings()


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        (BulkWish(BulkKind.EXTEND, ""), "The reason is empty"),
        (BulkWish(BulkKind.EXTEND, "So."), "Say once how long"),
        (BulkWish(BulkKind.EXTEND, "So.", date(2027, 1, 1), Period(1, "months")), "not both"),
        (BulkWish(BulkKind.SUSPEND, "So.", date(2027, 1, 1)), "moves no last day"),
        (BulkWish(BulkKind.CHANGE_PRODUCT, "So."), "Say which product"),
        (BulkWish(BulkKind.REGISTER, "So."), "one of the two"),
    ],
)
def test_what_no_bulk_can_fulfil_is_said_in_a_sentence(counter: Counter, wish: BulkWish, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        preview(counter.mia, wish, ALL)


def test_nothing_is_guessed_of_a_search(counter: Counter) -> None:
    """A name with a slip is forgiven an agent who looks for one card, and not a bulk."""
    counter.issued(purchaser=PersonGiven("Augusta Lovelace", None))
    assert preview(counter.mia, CHRISTMAS, BySearch("lovelace")).cards == 1
    assert preview(counter.mia, CHRISTMAS, BySearch("lovelase")).cards == 0
    for text in ("", "place:Nowhere"):
        with pytest.raises(Refused):
            preview(counter.mia, CHRISTMAS, BySearch(text))


def test_an_empty_preview_is_whole(counter: Counter) -> None:
    assert preview(counter.mia, CHRISTMAS, ALL) == BulkPreview(BulkKind.EXTEND, 0)


def test_a_disk_that_fills_up_half_way_leaves_whole_batches(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence says what is saved; resumed, the rest is done."""
    monkeypatch.setattr("models.bulks.carrying._BATCH", 2)
    cards = [counter.issued() for _ in range(5)]
    database, seen = counter.store.database, []

    def fill_up(sql: str, rows: Any) -> int:
        if sql.startswith("UPDATE bulk_card"):
            seen.append(sql)
            if len(seen) > 1:
                raise OperationalError("database or disk is full")
        return many(sql, rows)

    many = database.execute_many
    monkeypatch.setattr(database, "execute_many", fill_up)
    with pytest.raises(Fault) as caught:
        begin_bulk(counter.mia, CHRISTMAS, ALL)
    assert caught.value.sentence.endswith("What is done of bulk 1 is saved; resume it for the rest.")
    monkeypatch.setattr(database, "execute_many", many)
    assert [counter.kinds(card) for card in cards] == [["issue", "expiry_changed"]] * 2 + [["issue"]] * 3
    assert resume_bulk(counter.mia, 1).done == 5
    assert [counter.kinds(card) for card in cards] == [["issue", "expiry_changed"]] * 5
    assert not counter.findings()


def test_a_person_who_is_removed_takes_the_reason_along(counter: Counter) -> None:
    """It stood on their card and with the bulk; digests stay, and all of it still adds up."""
    card = counter.issued(recipient=PersonGiven("Lin Wu", "lin@example.org"))
    begin_bulk(counter.mia, BulkWish(BulkKind.SUSPEND, "Lin Wu is a fraud."), ALL)
    person = counter.sheet(card).holder
    assert person is not None
    for colleague in (counter.mia, counter.sue):
        assert desk.remove_person(colleague, person.id, ref="ZD-7").done
    assert bulk_numbered(counter.store, 1).reason is None
    assert counter.journal(card)[1].reason == "(removed)"
    assert undo_bulk(counter.mia, 1, "Who is it?").done == 1
    assert not counter.findings()
