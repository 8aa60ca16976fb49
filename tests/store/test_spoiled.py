"""What only somebody with the file in hand can do to it: it is told in words, and nothing falls over."""

import pytest
from store.counter import Counter, plain_sql

from models import desk
from models.cards import lock_card
from models.desk import Escalation
from models.desk.agents import set_agent
from models.hand import Hand
from models.jobs.expire import expire
from models.journals import NEWEST
from models.ledger import append
from models.rules.journal import Entry, Kind

COPIED = (
    "kind, amount_minor, balance_after_minor, effective_at, recorded_at, actor_id, actor_name, place, "
    "order_ref, reverses, details, text_digest, intent, format, mac"
)

SPOILED = {
    "a last day that is none": "UPDATE gift_card SET last_day_on = 'rubbish' WHERE id = 1",
    "a head that is too high": "UPDATE gift_card SET head_number = 9 WHERE id = 1",
    "a kind that is none": "UPDATE activity SET kind = 'bogus' WHERE card_id = 1 AND number = 3",
    "details that are none": "UPDATE activity SET details = '{' WHERE card_id = 1 AND number = 2",
    "details of another shape": "UPDATE activity SET details = '[]' WHERE card_id = 1 AND number = 2",
    "the currency": "UPDATE gift_card SET currency = 'KWD' WHERE id = 1",
    "the end of the code": "UPDATE gift_card SET last_four = 'ZZZZ' WHERE id = 1",
    "a product that is not there": "UPDATE gift_card SET product_id = 99 WHERE id = 1",
    "a cut-off beyond all time": "UPDATE gift_card SET cut_off_at = 9223372036854775807 WHERE id = 1",
    "a head that is too low": "UPDATE gift_card SET head_number = 2 WHERE id = 1",
    "a start that is gone": "UPDATE activity SET details = '{}' WHERE card_id = 1 AND number = 1",
    "grounds of another shape": (
        """UPDATE activity SET details = '{"grounds":[[1]]}' WHERE card_id = 1 AND number = 2"""
    ),
    "a day that is none": (
        """UPDATE activity SET details = '{"sets":{"last_day":"x"}}' WHERE card_id = 1 AND number = 2"""
    ),
    "settings of another shape": (
        """UPDATE activity SET details = '{"sets":{"last_day":5}}' WHERE card_id = 1 AND number = 1"""
    ),
    "an instant beyond all time": (
        "UPDATE activity SET recorded_at = 9223372036854775807, effective_at = 9223372036854775807 "
        "WHERE card_id = 1 AND number = 2"
    ),
    "amounts beyond all sums": f"UPDATE activity SET amount_minor = {2**62} WHERE card_id = 1 AND number <> 2",
    "one activity too many": (
        f"INSERT INTO activity SELECT card_id, 4, {COPIED} FROM activity WHERE card_id = 1 AND number = 3"
    ),
}


@pytest.fixture(params=[2000, 5000], ids=["something left", "nothing left"])
def card(counter: Counter, request: pytest.FixtureRequest) -> int:
    """A card with an issue, a note and a redemption; and a second card."""
    card = counter.issued()
    desk.note(counter.sam, card, "Called on Monday.")
    desk.redeem(counter.sam, card, request.param, order_ref="A-1")
    counter.issued("forever")
    return card


@pytest.mark.parametrize("statement", SPOILED.values(), ids=SPOILED.keys())
def test_a_spoiled_card_is_named_shown_and_handed_over(counter: Counter, card: int, statement: str) -> None:
    """Verification goes on to its end, the sheet opens, and the card takes a note and an escalation, no more."""
    with plain_sql(counter.store.path, guarded=False) as sql:
        sql.execute(statement)
    named = counter.findings()
    assert [each for each in named if each.startswith(f"card {card} ")], named
    sheet = counter.sheet(card)
    assert sheet.diagnosis.verdict == "inconsistent"
    assert sheet.wrong
    assert desk.note(counter.sam, card, "Looks forged.").done
    assert "inconsistent" in (desk.escalate(counter.sam, card, Escalation.WRONG_BALANCE, "Forged.").hand_out or "")
    assert not desk.redeem(counter.sam, card, 1).done
    assert not desk.suspend(counter.sue, card, "x").done
    counter.wait(days=400)
    assert expire(counter.olaf).cards == 0
    assert counter.sheet(card).diagnosis.verdict == "inconsistent"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE organisation SET is_vip = 1",
        "UPDATE customer SET organisation_id = 1",
        "UPDATE product SET rules = '{}' WHERE code = 'half'",
        "UPDATE agent SET role = 'manager' WHERE login = 'sam'",
        "UPDATE agent SET disabled_at = NULL WHERE login = 'zed'",
        "UPDATE code_digest SET card_id = 2 WHERE card_id = 1",
        "INSERT INTO code_digest SELECT x'00', x'00', 1, 1, seal FROM code_digest LIMIT 1",
        "UPDATE gift_card SET currency = 'KWD' WHERE id = 1",
        "UPDATE gift_card SET last_four = 'ZZZZ' WHERE id = 1",
        "UPDATE gift_card SET product_id = 99 WHERE id = 1",
        "UPDATE gift_card SET cut_off_at = 9223372036854775807 WHERE id = 1",
        "UPDATE gift_card SET head_number = 0 WHERE id = 1",
        "UPDATE audit SET after = '{' WHERE subject = 'organisation:1' AND number = 1",
        "DELETE FROM gift_card WHERE id = 1",
    ],
)
def test_what_was_not_done_by_the_desk_is_named(counter: Counter, statement: str) -> None:
    """A VIP mark, a role or a rule that nobody set through the desk stands out, and so does a card that is gone."""
    card = counter.issued()
    counter.issued("forever")
    desk.set_organisation(counter.sue, "Northwind", is_vip=True)
    desk.set_organisation(counter.sue, "Northwind", is_vip=False)
    desk.register(counter.sue, card, desk.PersonGiven("Lin", "lin@example.org"))
    set_agent(counter.mia, "zed", is_disabled=True)
    assert not counter.findings()
    with plain_sql(counter.store.path, guarded=False) as sql:
        sql.execute(statement)
    assert counter.findings()


def test_a_long_journal_is_compared_with_its_card_as_well(counter: Counter) -> None:
    """Five hundred notes do not hide a hold that somebody took away."""
    card = counter.issued()
    hand = Hand(counter.store.keys, counter.store.business, counter.clock.now(), 3, "Sam")
    with counter.store.database.writing():
        append(hand, lock_card(card), *[Entry(Kind.NOTE, hand.at, text="called again")] * (NEWEST + 1))
    assert not counter.findings()
    desk.suspend(counter.sue, card, "stolen")
    with plain_sql(counter.store.path, guarded=False) as sql:
        sql.execute("UPDATE gift_card SET suspended_at = NULL WHERE id = 1")
    assert counter.sheet(card).diagnosis.verdict == "inconsistent"
    assert not desk.redeem(counter.sam, card, 1).done
