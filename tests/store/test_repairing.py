"""Repair: a row is written afresh from a whole journal; a journal that is not whole is left for Payments Support."""

import sqlite3

import pytest
from store.counter import Counter, plain_sql
from store.crew import SIZE, Crew, Job

from models import desk
from models.errors import Refused
from models.jobs.expire import expire
from models.jobs.repair import Repairs, repair, tell_apart
from models.jobs.verify import verify
from models.people import PersonGiven
from models.schema import Audit
from models.unit import Outcome, Session

LIN = PersonGiven("Lin", "lin@example.org")


@pytest.fixture
def card(counter: Counter) -> int:
    """A card whose every column says something: 1 issue, 2 flag, 3 cleared, 4 flag, 5 redemption, 6 suspended."""
    card = counter.issued("half", recipient=LIN, purchaser=PersonGiven("Ben", "ben@example.org"))
    assert desk.raise_flag(counter.sam, card, "odd").done
    assert desk.clear_flag(counter.sam, card, "settled").done
    assert desk.raise_flag(counter.sam, card, "stolen?").done
    assert desk.redeem(counter.sam, card, 2000, place="Leeds", order_ref="A-1").done
    assert desk.suspend(counter.sue, card, "lost").done
    return card


def spoil(counter: Counter, *statements: str) -> None:
    """Another program writes into the file."""
    with plain_sql(counter.store.path, guarded=False) as sql:
        for statement in statements:
            assert sql.execute(statement).rowcount > 0, statement


def row_of(counter: Counter, card: int) -> dict[str, object]:
    with plain_sql(counter.store.path) as sql:
        sql.row_factory = sqlite3.Row
        return dict(sql.execute("SELECT * FROM gift_card WHERE id = ?", (card,)).fetchone())


def mended(counter: Counter, login: str = "olaf") -> Repairs:
    """Verify and repair, as somebody at the command line."""
    return repair(getattr(counter, login), verify(counter.store).findings)


SPOILED_ROWS = {
    "balance_minor": "balance_minor = 9900",
    "broken_minor": "balance_minor = 0, broken_minor = 5000",
    "last_money_number": "last_money_number = 1",
    "active_from_at": "active_from_at = 0",
    "last_day_on": "last_day_on = '2030-01-01'",
    "last_day_on unreadable": "last_day_on = 'soon'",
    "never": "last_day_on = NULL, cut_off_at = NULL",
    "cut_off_at": "cut_off_at = cut_off_at + 1",
    "loaded_at": "loaded_at = NULL",
    "reactivated_at": "reactivated_at = 1",
    "suspended_at": "suspended_at = NULL",
    "cancelled_at": "cancelled_at = 1",
    "product_id": "product_id = 2",
    "purchaser_id": "purchaser_id = NULL",
    "recipient_id": "recipient_id = 2",
    "registered_id": "registered_id = 1",
    "several": "balance_minor = 1, last_day_on = '2030-01-01', suspended_at = NULL, purchaser_id = NULL",
}


@pytest.mark.parametrize("change", SPOILED_ROWS.values(), ids=SPOILED_ROWS)
def test_a_spoiled_row_is_what_it_was(counter: Counter, card: int, change: str) -> None:
    """Every column comes back as it was, the change is on record, and verification has nothing to say."""
    before = row_of(counter, card)
    spoil(counter, f"UPDATE gift_card SET {change}")
    told = tell_apart(counter.store, verify(counter.store).findings)
    assert [(each.card_id, each.is_proven) for each in told.mends] == [(card, True)]
    assert row_of(counter, card) != before
    repairs = mended(counter)
    assert [each.card_id for each in repairs.mends] == [card]
    assert repairs.to_escalate == []
    assert row_of(counter, card) == before
    assert not counter.findings()
    with counter.store.database.connected():
        audited = Audit.get(Audit.subject == f"card:{card}")
    assert (audited.action, audited.actor_name) == ("repair", "Olaf")
    assert set(audited.before) == set(audited.after) != {"seal"}
    assert mended(counter) == Repairs()


FLAGS = {
    "a flag cleared": "UPDATE flag SET cleared_number = 5 WHERE number = 4",
    "a flag opened": "UPDATE flag SET cleared_number = NULL WHERE number = 2",
    "flags deleted": "DELETE FROM flag",
    "a flag invented": "INSERT INTO flag VALUES (1, 5, NULL)",
}


@pytest.mark.parametrize("statement", FLAGS.values(), ids=FLAGS)
def test_flags_are_what_they_were(counter: Counter, card: int, statement: str) -> None:
    assert card == 1
    with plain_sql(counter.store.path) as sql:
        before = sql.execute("SELECT * FROM flag").fetchall()
    spoil(counter, statement)
    assert len(mended(counter).mends) == 1
    with plain_sql(counter.store.path) as sql:
        assert sql.execute("SELECT * FROM flag").fetchall() == before
    assert not counter.findings()


def test_a_lost_seal_is_written_again_and_said_to_be_no_proof(counter: Counter, card: int) -> None:
    """Everything on the row is right, but nothing confirms that the journal has its end: a cut tail looks the same."""
    before = row_of(counter, card)
    spoil(counter, "UPDATE gift_card SET seal = x'00'")
    repairs = mended(counter)
    assert [(each.what, each.is_proven) for each in repairs.mends] == [
        ("the seal on its row is broken, though the row says what the journal adds up to", False)
    ]
    assert row_of(counter, card) == before
    with counter.store.database.connected():
        assert "only an anchor or a backup can tell" in str(Audit.get(Audit.subject == f"card:{card}").reason)


@pytest.mark.parametrize("is_wish_left", [True, False], ids=["the wish is left", "and the wish deleted"])
def test_a_cut_tail_with_a_matching_head(counter: Counter, card: int, is_wish_left: bool) -> None:
    """What was done to the card is remembered by its wish as well: then nothing is mended. With the wish deleted too
    it looks like a lost seal, which is the limit of what a repair can know: it is mended, but never called proven."""
    if not is_wish_left:
        spoil(counter, "DELETE FROM intent WHERE key = (SELECT intent FROM activity WHERE number = 6)")
    spoil(
        counter,
        "DELETE FROM activity_text WHERE number = 6",
        "DELETE FROM activity WHERE number = 6",
        "UPDATE gift_card SET head_number = 5, suspended_at = NULL, "
        "head_mac = (SELECT mac FROM activity WHERE number = 5)",
    )
    told = tell_apart(counter.store, verify(counter.store).findings)
    repairs = mended(counter)
    assert len(told.mends) == len(repairs.mends)
    if is_wish_left:
        assert repairs.mends == []
        assert repairs.to_escalate[0].what.endswith("so that its journal was cut off")
    else:
        assert [(each.card_id, each.is_proven) for each in repairs.mends] == [(card, False)]


COLUMNS = {
    "kind": "'adjustment'",
    "amount_minor": "-1000",
    "balance_after_minor": "1",
    "effective_at": "effective_at - 1",
    "recorded_at": "recorded_at + 1",
    "actor_id": "1",
    "actor_name": "'Mia'",
    "place": "NULL",
    "order_ref": "'A-2'",
    "reverses": "1",
    "details": "'{\"x\":1}'",
    "text_digest": "x'00'",
    "intent": "'other'",
    "format": "2",
    "mac": "x'00'",
}


@pytest.mark.parametrize("column", COLUMNS)
def test_a_spoiled_activity_is_never_mended(counter: Counter, card: int, column: str) -> None:
    """The journal is the truth: where it is broken there is nothing to mend from. It is sound up to the one before."""
    spoil(counter, f"UPDATE activity SET {column} = {COLUMNS[column]} WHERE number = 5")
    before = row_of(counter, card)
    repairs = mended(counter)
    assert repairs.mends == []
    assert [(each.card_id, each.what) for each in repairs.to_escalate] == [(card, "activity 5 was changed")]
    assert row_of(counter, card) == before
    damage = counter.sheet(card).facts.damage
    assert damage is not None
    assert (damage.sound_number, damage.is_mendable) == (4, False)


ESCALATED = {
    "the first is missing": (["DELETE FROM activity WHERE number = 1"], "activity 1 is missing", 0),
    "two are missing": (
        ["DELETE FROM activity_text WHERE number IN (3, 4)", "DELETE FROM activity WHERE number IN (3, 4)"],
        "2 activities from number 3 on are missing",
        2,
    ),
    "the last is missing": (
        ["DELETE FROM activity_text WHERE number = 6", "DELETE FROM activity WHERE number = 6"],
        "activity 6 is missing from the end of its journal",
        5,
    ),
    "all are missing": (
        ["DELETE FROM activity_text", "DELETE FROM activity"],
        "its whole journal is missing",
        0,
    ),
    "the count": (["UPDATE gift_card SET head_number = 5"], "its journal has 6 activities, its row counts 5", 6),
    "the head": (["UPDATE gift_card SET head_mac = x'00'"], "its row does not name the end of its journal", 6),
    "a text": (
        ["UPDATE activity_text SET text = 'fine' WHERE number = 4"],
        "the text of activity 4 was changed",
        3,
    ),
    "a currency": (["UPDATE gift_card SET currency = 'KWD'"], "its row says KWD, the seal on it says GBP", 6),
    "a currency and its seal": (
        ["UPDATE gift_card SET currency = 'KWD', seal = x'00'"],
        "the seal on its row is broken, and nothing proves that its currency is KWD",
        6,
    ),
}


@pytest.mark.parametrize(("statements", "what", "sound"), ESCALATED.values(), ids=ESCALATED)
def test_what_no_journal_tells_is_escalated(
    counter: Counter, card: int, statements: list[str], what: str, sound: int
) -> None:
    """Named, with the last activity that is sound; the row stays as it is."""
    spoil(counter, *statements)
    before = row_of(counter, card)
    repairs = mended(counter)
    assert (repairs.mends, [each.what for each in repairs.to_escalate]) == ([], [what])
    assert row_of(counter, card) == before
    damage = counter.sheet(card).facts.damage
    assert damage is not None
    assert damage.sound_number == sound


def test_what_was_noted_meanwhile_does_not_hinder(counter: Counter, card: int) -> None:
    """A card that does not add up takes notes and escalations; its row is mended all the same, proven by its seal."""
    spoil(counter, "UPDATE gift_card SET balance_minor = 9900")
    assert desk.note(counter.sam, card, "Customer says 30.").done
    assert desk.escalate(counter.sam, card, desk.Escalation.WRONG_BALANCE, "Till says 30.").done
    assert [each.is_proven for each in mended(counter).mends] == [True]
    assert counter.sheet(card).balance_minor == 3000
    assert not counter.findings()
    assert desk.lift(counter.sue, card, "found").done


def test_only_what_is_spoiled_is_touched(counter: Counter, card: int) -> None:
    """One card is mended, one escalated, the third is left as it is."""
    broken, sound = counter.issued(), counter.issued()
    before = row_of(counter, sound)
    spoil(
        counter,
        f"UPDATE gift_card SET balance_minor = 9900 WHERE id = {card}",
        f"UPDATE activity SET amount_minor = 1 WHERE card_id = {broken}",
    )
    repairs = mended(counter)
    assert [each.card_id for each in repairs.mends] == [card]
    assert [each.card_id for each in repairs.to_escalate] == [broken]
    assert row_of(counter, sound) == before


@pytest.mark.parametrize("login", ["sam", "sue", "ada", "pat"])
def test_only_operators_and_managers_mend(counter: Counter, card: int, login: str) -> None:
    spoil(counter, "UPDATE gift_card SET balance_minor = 9900")
    before = row_of(counter, card)
    with pytest.raises(Refused, match="may not mend cards' rows; ask a manager or an operator"):
        mended(counter, login)
    assert row_of(counter, card) == before
    assert len(mended(counter, "mia").mends) == 1


def test_the_sheet_says_what_is_wrong_and_what_to_do(counter: Counter, card: int) -> None:
    spoil(counter, "UPDATE gift_card SET balance_minor = 9900, last_day_on = NULL, cut_off_at = NULL")
    assert counter.sheet(card).diagnosis.reason == (
        "The card does not add up: its row says balance 99.00 GBP, its journal 30.00 GBP; its row says last day never, "
        "its journal Fri 20 Nov 2026; and 1 more. Its journal is sound to the end, activity 6 of 21 May 2026 13:00. "
        "An operator or a manager mends the row (giftdesk verify --repair); if it can't wait, escalate."
    )
    handed = desk.escalate(counter.sam, card, desk.Escalation.WRONG_BALANCE, "Till says 30.").hand_out or ""
    assert "Wrong     its row says balance 99.00 GBP, its journal 30.00 GBP" in handed


# A till at the same moment


def repairs_all(session: Session) -> int:
    return len(repair(session, verify(session.store).findings).mends)


def redeems(session: Session, card: int) -> Outcome:
    return desk.redeem(session, card, 100)


def test_a_repair_and_eleven_tills(crew: Crew, counter: Counter) -> None:
    """Each till is refused before the mend or served after it; nobody spends what the forged row promised."""
    path, at = counter.store.path, counter.clock.now()
    for _ in range(4):
        card = counter.issued("half", 500)
        spoil(counter, f"UPDATE gift_card SET balance_minor = 9900 WHERE id = {card}")
        tills = [Job(path, "mia", at, redeems, (card,)) for _ in range(SIZE - 1)]
        mends, *told = crew.at_once([Job(path, "olaf", at, repairs_all, ()), *tills])
        served = sum(outcome.done for outcome in told)
        assert mends == 1
        assert served <= 5
        assert counter.sheet(card).balance_minor == 500 - 100 * served
        assert not counter.findings()


def test_the_expiry_run_takes_up_what_was_mended(counter: Counter) -> None:
    card = counter.issued("week")
    spoil(counter, "UPDATE gift_card SET balance_minor = 9900")
    counter.wait(days=30)
    assert expire(counter.olaf).skipped == 1
    assert len(mended(counter).mends) == 1
    assert expire(counter.olaf).broken_minor == {"GBP": 5000}
    assert counter.sheet(card).balance_minor == 0
