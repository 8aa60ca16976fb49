"""Somebody opens the file with another program: the desk refuses what it can, and sees the rest."""

import sqlite3
from collections.abc import Callable

import pytest
from store.counter import Counter, plain_sql

from models import desk
from models.desk import Escalation
from models.jobs.expire import expire
from models.jobs.repair import tell_apart
from models.jobs.verify import verify
from models.rules.actions import INCONSISTENT
from models.rules.diagnosis import Verdict
from models.unit import Outcome, Session


@pytest.fixture
def card(counter: Counter) -> int:
    """A card with a journal worth forging: 1 issue, 2 note, 3 redemption, 4 flag, 5 redemption."""
    card = counter.issued()
    desk.note(counter.sam, card, "Called on Monday.", intent="A")
    desk.redeem(counter.sam, card, 2000, place="Leeds", order_ref="A-1")
    desk.raise_flag(counter.sam, card, "stolen?")
    desk.redeem(counter.sam, card, 500)
    desk.set_organisation(counter.sue, "Northwind", is_vip=True)
    desk.set_organisation(counter.sue, "Northwind", is_vip=False)
    desk.set_organisation(counter.sue, "Northwind", is_vip=True)
    return card


COPIED = (
    "kind, amount_minor, balance_after_minor, effective_at, recorded_at, actor_id, actor_name, place, "
    "order_ref, reverses, details, text_digest, intent, format, mac"
)
AS_WRITTEN = "is not as it was written"
MISSING = "an activity is missing, or one too many"
ROW = "the card's row is not "
TEXT_GONE = "a text is gone, and no removal of it is recorded"

FORGERIES = {
    "an amount": (["UPDATE activity SET amount_minor = -1000 WHERE number = 3"], f"activity 3 {AS_WRITTEN}"),
    "a balance after": (["UPDATE activity SET balance_after_minor = 1 WHERE number = 2"], f"activity 2 {AS_WRITTEN}"),
    "an instant": (
        ["UPDATE activity SET effective_at = effective_at - 1 WHERE number = 3"],
        f"activity 3 {AS_WRITTEN}",
    ),
    "a record's instant": (
        ["UPDATE activity SET recorded_at = recorded_at + 1 WHERE number = 3"],
        f"activity 3 {AS_WRITTEN}",
    ),
    "an actor": (["UPDATE activity SET actor_name = 'Mia' WHERE number = 3"], f"activity 3 {AS_WRITTEN}"),
    "an actor's id": (["UPDATE activity SET actor_id = 1 WHERE number = 3"], f"activity 3 {AS_WRITTEN}"),
    "a place": (["UPDATE activity SET place = NULL WHERE number = 3"], f"activity 3 {AS_WRITTEN}"),
    "an order": (["UPDATE activity SET order_ref = 'A-2' WHERE number = 3"], f"activity 3 {AS_WRITTEN}"),
    "a kind": (["UPDATE activity SET kind = 'adjustment' WHERE number = 3"], f"activity 3 {AS_WRITTEN}"),
    "a detail": (
        ["UPDATE activity SET details = replace(details, '2026', '2030') WHERE number = 1"],
        f"activity 1 {AS_WRITTEN}",
    ),
    "an intent": (["UPDATE activity SET intent = 'other' WHERE number = 5"], f"activity 5 {AS_WRITTEN}"),
    "what it answers": (["UPDATE activity SET reverses = 1 WHERE number = 5"], f"activity 5 {AS_WRITTEN}"),
    "a text's digest": (["UPDATE activity SET text_digest = NULL WHERE number = 2"], f"activity 2 {AS_WRITTEN}"),
    "a seal": (["UPDATE activity SET mac = x'00' WHERE number = 5"], f"activity 5 {AS_WRITTEN}"),
    "the first deleted": (["DELETE FROM activity WHERE number = 1"], MISSING),
    "one in the middle deleted": (["DELETE FROM activity WHERE number = 3"], MISSING),
    "the last deleted": (["DELETE FROM activity WHERE number = 5"], MISSING),
    "all deleted": (["DELETE FROM activity"], "the journal is missing"),
    "one deleted and the rest renumbered": (
        [
            "DELETE FROM activity WHERE number = 3",
            "UPDATE activity SET number = 3 WHERE number = 4",
            "UPDATE activity SET number = 4 WHERE number = 5",
            "UPDATE gift_card SET head_number = 4",
        ],
        f"activity 3 {AS_WRITTEN}",
    ),
    "two swapped": (
        [
            "UPDATE activity SET number = 99 WHERE number = 3",
            "UPDATE activity SET number = 3 WHERE number = 5",
            "UPDATE activity SET number = 5 WHERE number = 99",
        ],
        f"activity 3 {AS_WRITTEN}",
    ),
    "one copied to the end": (
        [
            f"INSERT INTO activity SELECT card_id, 6, {COPIED} FROM activity WHERE number = 5",
            "UPDATE gift_card SET head_number = 6",
        ],
        f"activity 6 {AS_WRITTEN}",
    ),
    "a text": (["UPDATE activity_text SET text = 'Called on Friday.' WHERE number = 2"], "the text of activity 2"),
    "a text deleted": (["DELETE FROM activity_text WHERE number = 2"], "the text of activity 2"),
    "a text invented": (["INSERT INTO activity_text VALUES (1, 3, 'fine')"], "the text of activity 3"),
    "the balance": (["UPDATE gift_card SET balance_minor = 9900"], "the balance is not the sum of its activities"),
    "what broke": (["UPDATE gift_card SET balance_minor = 0, broken_minor = 9900"], "the balance is not the sum"),
    "the last day": (["UPDATE gift_card SET last_day_on = '2030-01-01'"], ROW),
    "the cut-off": (["UPDATE gift_card SET cut_off_at = cut_off_at + 1"], ROW),
    "no expiry": (["UPDATE gift_card SET last_day_on = NULL, cut_off_at = NULL"], ROW),
    "the start": (["UPDATE gift_card SET active_from_at = 0"], ROW),
    "the load": (["UPDATE gift_card SET loaded_at = 0"], ROW),
    "a reactivation": (["UPDATE gift_card SET reactivated_at = 0"], ROW),
    "a suspension": (["UPDATE gift_card SET suspended_at = 1"], ROW),
    "a cancellation": (["UPDATE gift_card SET cancelled_at = 1"], ROW),
    "the product": (["UPDATE gift_card SET product_id = 2"], ROW),
    "the holder": (
        ["INSERT INTO customer (id, name, created_at) VALUES (9, 'Eve', 0)", "UPDATE gift_card SET registered_id = 9"],
        ROW,
    ),
    "the head's seal": (["UPDATE gift_card SET head_mac = x'00'"], "the card's row does not name the end"),
    "a flag cleared": (["UPDATE flag SET cleared_number = 5"], ROW),
    "a flag deleted": (["DELETE FROM flag"], ROW),
    "a flag invented": (["INSERT INTO flag VALUES (1, 2, NULL)"], ROW),
}

# The row is as it was written, no activity is missing, and they sum up to the balance: so the run goes by.
WITHOUT_MONEY = {
    "a balance after",
    "an instant",
    "a record's instant",
    "an actor",
    "an actor's id",
    "a place",
    "an order",
    "a kind",
    "a detail",
    "an intent",
    "what it answers",
    "a text's digest",
    "a text",
    "a text deleted",
    "a text invented",
    "a flag cleared",
    "a flag deleted",
    "a flag invented",
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_every_forgery_on_a_card_is_named(counter: Counter, card: int, forgery: str) -> None:
    """Verification names the card, and its sheet is judged inconsistent; the run steps over it where money is wrong."""
    statements, finding = FORGERIES[forgery]
    assert not counter.findings()
    with plain_sql(counter.store.path, guarded=False) as sql:
        for statement in statements:
            sql.execute(statement)
    other = counter.issued("forever", 100)
    named = counter.findings()
    assert any(each.startswith(f"card {card} ") and finding in each for each in named), named
    assert not any(each.startswith(f"card {other} ") for each in named)
    sheet = counter.sheet(card)
    assert sheet.diagnosis.verdict == "inconsistent"
    assert finding in (sheet.wrong or "")
    assert counter.sheet(other).diagnosis.verdict == "retry"
    counter.wait(days=400)
    is_broken = expire(counter.olaf).cards == 1
    assert is_broken == (forgery in WITHOUT_MONEY)
    assert any(each.startswith(f"card {card} ") for each in counter.findings())


WISHES: dict[str, Callable[[Counter, int], Outcome]] = {
    "top_up": lambda counter, card: desk.top_up(counter.mia, card, 100),
    "redeem": lambda counter, card: desk.redeem(counter.mia, card, 100),
    "refund": lambda counter, card: desk.refund(counter.mia, card, 100, of_number=3),
    "suspend": lambda counter, card: desk.suspend(counter.mia, card, "x"),
    "lift": lambda counter, card: desk.lift(counter.mia, card, "x"),
    "raise_flag": lambda counter, card: desk.raise_flag(counter.mia, card, "x"),
    "clear_flag": lambda counter, card: desk.clear_flag(counter.mia, card, "x"),
    "register": lambda counter, card: desk.register(counter.mia, card, desk.PersonGiven("Lin")),
}


@pytest.mark.parametrize("wish", WISHES.values(), ids=WISHES.keys())
def test_a_card_that_does_not_add_up_moves_nothing(
    counter: Counter, card: int, wish: Callable[[Counter, int], Outcome]
) -> None:
    """Whatever is asked of it, the agent reads why not."""
    with plain_sql(counter.store.path, guarded=False) as sql:
        sql.execute("UPDATE gift_card SET balance_minor = 9900")
    before = counter.kinds(card)
    refused = wish(counter, card)
    assert (refused.done, refused.sentence) == (False, INCONSISTENT)
    assert counter.kinds(card) == before


def test_a_card_that_does_not_add_up_is_not_reactivated(counter: Counter, card: int) -> None:
    """Not even for a VIP."""
    with plain_sql(counter.store.path, guarded=False) as sql:
        sql.execute("UPDATE gift_card SET suspended_at = 1")
    refused = desk.reactivate(counter.mia, card, reason="found")
    assert refused.sentence == "The card does not add up: escalate it to Payments Support."


@pytest.mark.parametrize(
    "statement",
    ["UPDATE gift_card SET balance_minor = 9900", "DELETE FROM activity WHERE number = 3", "DELETE FROM activity"],
)
def test_a_card_that_does_not_add_up_takes_notes_and_escalations(counter: Counter, card: int, statement: str) -> None:
    """The way out of it stays open, and the packet says what is wrong."""
    with plain_sql(counter.store.path, guarded=False) as sql:
        sql.execute(statement)
    assert desk.note(counter.sam, card, "Looks forged.").done
    handed = desk.escalate(counter.sam, card, Escalation.WRONG_BALANCE, "Looks forged.")
    assert handed.done
    assert "Verdict   inconsistent" in (handed.hand_out or "")
    assert "Wrong     " in (handed.hand_out or "")
    assert counter.sheet(card).diagnosis.verdict == "inconsistent"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET actor_name = 'Sam' WHERE number = 2",
        "UPDATE audit SET after = '{}' WHERE number = 2",
        "UPDATE audit SET recorded_at = 0 WHERE number = 2",
        "UPDATE audit SET mac = x'00' WHERE number = 2",
        "DELETE FROM audit WHERE number = 2",
        "DELETE FROM audit WHERE number = 1",
    ],
)
def test_a_forged_record_of_a_vip_mark_is_named(counter: Counter, card: int, statement: str) -> None:
    """Who gave the mark can't be changed behind everybody's back."""
    assert card
    with plain_sql(counter.store.path, guarded=False) as sql:
        sql.execute(f"{statement} AND subject = 'organisation:1'")
    assert counter.findings()
    assert all(named.startswith("audit of organisation:1: ") for named in counter.findings())


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("DELETE FROM agent WHERE login = 'sue'", "agent 2: its row is missing"),
        ("DELETE FROM organisation", "organisation 1: its row is missing"),
        ("DELETE FROM product WHERE code = 'week'", "product 5: its row is missing"),
        ("DELETE FROM policy", "the policy: it is missing"),
        ("DELETE FROM intent WHERE key = 'A'", "card 1: what activity 2 was asked by is gone: it could be asked again"),
    ],
)
def test_whatever_has_an_audit_is_missed_when_it_is_gone(
    counter: Counter, card: int, statement: str, finding: str
) -> None:
    """A row that is deleted leaves its audit behind, which names it."""
    assert card
    with plain_sql(counter.store.path, guarded=False) as sql:
        sql.execute(statement)
    assert counter.findings() == [finding]


def test_a_desk_without_its_agents_has_no_first_comer(counter: Counter, card: int) -> None:
    """Whoever deletes all agents from the file does not become the manager, nor does whoever comes next."""
    with plain_sql(counter.store.path) as sql:
        sql.execute("DELETE FROM agent")
    assert len(counter.findings()) == 6
    refused = desk.note(Session(counter.store, "eve"), card, "I run this desk.")
    assert refused.sentence == "Everybody who worked at this desk is gone from its database. Restore a backup."


REFUSED = {
    "activity": "amount_minor = 1",
    "activity_text": "text = 'other'",
    "audit": "actor_name = 'x'",
    "policy": "content = '{}'",
    "intent": "result = '{}'",
}


@pytest.mark.parametrize("table", REFUSED)
def test_history_is_not_rewritten_with_plain_sql(counter: Counter, card: int, table: str) -> None:
    """UPDATE, DELETE and REPLACE are refused by the database itself."""
    assert card
    with plain_sql(counter.store.path) as sql:
        sql.execute("PRAGMA recursive_triggers = 1")
        for statement in (
            f"UPDATE {table} SET {REFUSED[table]}",
            f"DELETE FROM {table}",
            f"REPLACE INTO {table} SELECT * FROM {table}",
            f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
        ):
            with pytest.raises(sqlite3.DatabaseError, match="append-only"):
                sql.execute(statement)
    assert not counter.findings()


def test_the_desks_own_connection_replaces_nothing_either(counter: Counter, card: int) -> None:
    """REPLACE deletes without a trigger unless the connection asks for it; ours does."""
    assert card
    with counter.store.database.connected(), pytest.raises(Exception, match="append-only"):
        counter.store.database.execute_sql("REPLACE INTO activity SELECT * FROM activity")


def test_a_text_that_nobody_removed_at_the_desk_is_missed(counter: Counter, card: int) -> None:
    """A note that says too much goes behind the desk's back: no removal accounts for it, and nothing mends it."""
    with plain_sql(counter.store.path) as sql:
        sql.execute("UPDATE activity_text SET text = NULL WHERE number = 2")
    (finding,) = counter.findings()
    assert finding.endswith(TEXT_GONE)
    assert not tell_apart(counter.store, verify(counter.store).findings).mends
    assert counter.sheet(card).diagnosis.verdict is Verdict.INCONSISTENT
    assert counter.journal(card)[1].reason == "(removed)"


def test_neither_do_more_texts_go_than_a_removal_took_nor_do_they_come_back(counter: Counter, card: int) -> None:
    """A recorded removal is no cloak for another text that goes, nor can an old copy put its own texts back."""
    said = counter.journal(card)[1].reason
    assert desk.clear_flag(counter.sam, card, "She has it still.").done
    desk.register(counter.sue, card, desk.PersonGiven("Ada", "ada@example.org"))
    for session in (counter.sue, counter.mia):
        assert desk.remove_person(session, 1, ref="ZD-7").done
    assert not counter.findings()
    desk.note(counter.sam, card, "Called on Monday.")
    with plain_sql(counter.store.path, guarded=False) as sql:
        sql.execute("UPDATE activity_text SET text = NULL")
    (finding,) = counter.findings()
    assert finding.endswith(TEXT_GONE)
    with plain_sql(counter.store.path, guarded=False) as sql:
        sql.execute("UPDATE activity_text SET text = ? WHERE number = 2", (said,))
    (finding,) = counter.findings()
    assert finding.endswith("a text is there that was removed")
