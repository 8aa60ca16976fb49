"""Stories of the expiry run, and of wishes that are made twice."""

import os
from datetime import UTC, datetime

import pytest
from store.counter import BOTH, Counter

from models import desk
from models.cards import lock_cards
from models.clock import to_microseconds
from models.desk import PersonGiven
from models.desk.breakage import break_balance
from models.errors import Refused
from models.hand import Hand
from models.jobs import expire as expiry
from models.jobs.breakages import WRITTEN, read_breakages
from models.jobs.expire import ProductBreakage, expire
from models.ledger import SEALED
from models.locations import pending_folder

ENGINES = BOTH

CUT_OFF = datetime(2026, 5, 28, 2, tzinfo=UTC)


def test_the_run_books_the_whole_balance_at_the_cut_off(counter: Counter) -> None:
    """Booked hours later, it counts from three in the morning."""
    card = counter.issued("week")
    desk.redeem(counter.sam, card, 1000)
    counter.at("2026-05-28T09:30")
    report = expire(counter.olaf)
    assert (report.cards, report.broken_minor, report.skipped) == (1, {"GBP": 4000}, 0)
    line = counter.last(card)
    assert (line.kind, line.amount_minor, line.balance_after_minor) == ("breakage", -4000, 0)
    assert (line.effective_at, line.recorded_at) == (CUT_OFF, datetime(2026, 5, 28, 9, 30, tzinfo=UTC))
    assert line.actor == "expiry run"
    assert not counter.findings()


def test_before_the_cut_off_the_run_leaves_a_card_alone(counter: Counter) -> None:
    """A microsecond early is early."""
    card = counter.issued("week")
    counter.at("2026-05-28T01:59:59.999999")
    assert expire(counter.olaf).cards == 0
    counter.wait(microseconds=1)
    assert expire(counter.olaf).cards == 1
    assert counter.kinds(card) == ["issue", "breakage"]


def test_a_second_run_finds_nothing(counter: Counter) -> None:
    """A balance breaks once."""
    card = counter.issued("week")
    counter.at("2026-06-28T09:30")
    expire(counter.olaf)
    assert expire(counter.olaf).cards == 0
    assert counter.kinds(card) == ["issue", "breakage"]


def test_an_empty_card_gets_no_entry(counter: Counter) -> None:
    """Nothing was left, so nothing broke: the card stays active."""
    card = counter.issued("week")
    desk.redeem(counter.sam, card, 5000)
    counter.at("2026-06-28T09:30")
    assert expire(counter.olaf).cards == 0
    assert (counter.kinds(card), counter.sheet(card).status) == (["issue", "redemption"], "active")


def test_a_dry_run_counts_and_books_nothing(counter: Counter) -> None:
    """The operator sees what tonight will bring."""
    card = counter.issued("week")
    counter.at("2026-06-28T09:30")
    assert expire(counter.olaf, is_dry_run=True).broken_minor == {"GBP": 5000}
    assert counter.kinds(card) == ["issue"]


def test_currencies_are_counted_apart(counter: Counter) -> None:
    """Pounds and yen are never added."""
    counter.issued("week")
    counter.issued("week", 300, currency="JPY")
    counter.at("2026-06-28T09:30")
    assert expire(counter.olaf).broken_minor == {"GBP": 5000, "JPY": 300}


def test_what_broke_is_told_by_product_and_currency(counter: Counter) -> None:
    """A dry run tells what the run tells."""
    for product, minor, currency in (("week", 5000, "GBP"), ("summer", 700, "GBP"), ("week", 300, "JPY")):
        counter.issued(product, minor, currency=currency)
    counter.issued("week", 1200)
    counter.at("2026-09-28T09:30")
    told = (
        ProductBreakage("summer", "Summer", "GBP", 1, 700),
        ProductBreakage("week", "Week", "GBP", 2, 6200),
        ProductBreakage("week", "Week", "JPY", 1, 300),
    )
    assert expire(counter.olaf, is_dry_run=True).products == told
    report = expire(counter.olaf)
    assert (report.products, report.cards, report.broken_minor) == (told, 4, {"GBP": 6900, "JPY": 300})


def test_the_run_writes_what_the_desk_writes(counter: Counter) -> None:
    """Every value and every seal is what stands there when a clerk comes by first, whatever happened to the card."""
    cards = eventful(counter)
    counter.at("2026-12-05T09:30")
    store = counter.store
    hand = Hand(store.keys, store.business, store.now(), 1, "expiry run")
    with store.database.writing():
        found = read_breakages(store.database, hand, cards)
        for card in lock_cards(cards):
            break_balance(hand, card)
    assert (len(found.heads), found.unsound) == (len(cards), [])
    with store.database.reading():
        heads = store.database.execute_sql(f"SELECT {', '.join(WRITTEN)}, id FROM gift_card ORDER BY id").fetchall()
        columns = ", ".join("card_id" if name == "card" else name for name in SEALED)
        activities = store.database.execute_sql(
            f"SELECT {columns}, mac FROM activity WHERE actor_name = 'expiry run' AND recorded_at = ? ORDER BY card_id",
            (to_microseconds(hand.at),),
        ).fetchall()
    assert [head[:-1] for head in found.heads] == [tuple(row) for row in heads]
    assert found.activities == [tuple(row) for row in activities]
    assert not counter.findings()


def eventful(counter: Counter) -> list[int]:
    """Cards to which much has happened, and that all stop within the year."""
    back = counter.issued("week")
    counter.at("2026-05-28T09:30")
    expire(counter.olaf)
    assert desk.reactivate(counter.sam, back).done
    plain, held, moved = (counter.issued("half", 5000 + number) for number in range(3))
    old = counter.issued("week", 900, recipient=PersonGiven("Ada", "ada@example.org"), purchaser=PersonGiven("Bo"))
    assert desk.transfer(counter.sue, old, moved, reason="one card is enough").done
    assert desk.top_up(counter.mia, old, 50, order_ref="A-2").done
    assert desk.redeem(counter.sam, plain, 1000, place="Leeds", order_ref="A-1").done
    assert desk.raise_flag(counter.sam, held, "stolen?").done
    assert desk.suspend(counter.sue, held, "being looked at").done
    assert desk.register(counter.sam, held, PersonGiven("Lin", "lin@example.org")).done
    return [back, plain, held, moved, old]


def test_the_run_goes_in_batches_and_tells_how_far_it_is(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three cards take two short transactions when a batch has two."""
    monkeypatch.setattr(expiry, "_BATCH", 2)
    for _ in range(3):
        counter.issued("week")
    counter.at("2026-06-28T09:30")
    told: list[tuple[int, int]] = []
    report = expire(counter.olaf, on_progress=lambda done, total: told.append((done, total)))
    assert report.cards == 3
    assert told == [(2, 3), (3, 3)]
    assert not counter.findings()


def test_an_agent_does_not_start_the_run(counter: Counter) -> None:
    """It is the operator's, or the manager's."""
    with pytest.raises(Refused, match="An agent may not start the expiry run; ask a manager or an operator"):
        expire(counter.sam)


def test_the_same_wish_twice_happens_once(counter: Counter) -> None:
    """Sam's Enter key bounces: one purchase, told twice in the same words."""
    card = counter.issued()
    first = desk.redeem(counter.sam, card, 1000, intent="till-1")
    again = desk.redeem(counter.sam, card, 1000, intent="till-1")
    assert (again.done, again.sentence, again.facts) == (first.done, first.sentence, first.facts)
    assert (first.repeated, again.repeated) == (False, True)
    assert counter.sheet(card).balance_minor == 4000


def test_the_same_wish_long_after_still_tells_what_came_of_it(counter: Counter) -> None:
    """The card has expired since; the answer to the old wish has not."""
    card = counter.issued("week")
    first = desk.redeem(counter.sam, card, 1000, intent="till-1")
    counter.wait(days=30)
    assert desk.redeem(counter.sam, card, 1000, intent="till-1").sentence == first.sentence


def test_one_key_for_two_wishes_is_a_conflict(counter: Counter) -> None:
    """Another amount under the old key is refused, and so is another action."""
    card = counter.issued()
    desk.redeem(counter.sam, card, 1000, intent="till-1")
    sentence = "This idempotency key was used before, for something else. Nothing was changed."
    kinds = ["issue", "redemption"]
    counter.assert_refused(desk.redeem(counter.sam, card, 1001, intent="till-1"), sentence, card, kinds)
    counter.assert_refused(desk.note(counter.sam, card, "x", intent="till-1"), sentence, card, kinds)


def test_a_refused_wish_may_be_made_again(counter: Counter) -> None:
    """The key of a refusal is not used up: what was missing was put right."""
    card = counter.issued()
    assert not desk.redeem(counter.sam, card, 6000, intent="till-1").done
    desk.top_up(counter.sue, card, 1000)
    assert desk.redeem(counter.sam, card, 6000, intent="till-1").done


def test_a_repeated_issue_makes_no_second_card_and_tells_no_code(counter: Counter) -> None:
    """The code was told once; who lost it gets another card."""
    first = desk.issue(counter.mia, "half", 5000, intent="sale-1")
    again = desk.issue(counter.mia, "half", 5000, intent="sale-1")
    assert (again.card_id, again.sentence, again.hand_out) == (first.card_id, first.sentence, None)


@pytest.mark.parametrize("key", ["../../victim", "/etc/victim", "a/b", "x" * 200, "nul\x00", "\udc80", "line\nline"])
def test_a_key_is_never_taken_for_a_path(counter: Counter, key: str) -> None:
    """Whatever a till sends as its key, no file is made, changed or removed, and it is taken or refused in words."""
    card = counter.issued()
    notes = pending_folder(counter.store.path)
    victim = (notes / f"{key[:64]}.json").resolve() if "\x00" not in key and key.isascii() else notes / "victim.json"
    if os.access(victim.parent.parent, os.W_OK):
        victim.parent.mkdir(parents=True, exist_ok=True)
        victim.write_text("precious")
    outcome = desk.note(counter.sam, card, "x", intent=key)
    assert outcome.done or outcome.sentence
    assert not victim.parent.exists() or not os.access(victim.parent, os.W_OK) or victim.read_text() == "precious"
