"""Stories of codes that were lost, and of the cards that took the place of theirs."""

from datetime import date

import pytest
from store.counter import BOTH, Counter, everything_stored, plain_sql

from models import desk
from models.errors import Refused
from models.finding import find_exact
from models.replying import replies_for
from models.rules.codes import has_valid_check, normalise
from models.sheets import other_sheet
from models.unit import Outcome

ENGINES = BOTH

LIN = desk.PersonGiven("Lin", "lin@example.org")
BO = desk.PersonGiven("Bo", "bo@example.org")


def replaced(counter: Counter, card: int) -> int:
    """The id of the card that took a card's place."""
    outcome = desk.replace(counter.sue, card, "letter never arrived")
    assert outcome.done, outcome.sentence
    assert outcome.card_id is not None
    return outcome.card_id


def said(counter: Counter, card: int) -> str:
    """What the customer is told."""
    return replies_for(counter.sam, card)[0].text


def test_a_card_is_replaced(counter: Counter) -> None:
    """Another card has its balance, its days, its product and its people, and a code that is told once."""
    old = counter.issued(recipient=LIN, purchaser=BO)
    desk.redeem(counter.sam, old, 1500)
    counter.wait(days=20)
    done = desk.replace(counter.sue, old, "letter never arrived", ref="T-3")
    assert done.hand_out is not None
    assert done.card_id is not None
    made, before = counter.sheet(done.card_id), counter.sheet(old)
    assert has_valid_check(normalise(done.hand_out))
    assert find_exact(counter.store, done.hand_out) == made.card_id != old
    assert done.sentence == (
        f"Card ···· {before.last_four} is replaced by ···· {made.last_four}, which has 35.00 GBP, "
        f"valid until Fri 20 Nov 2026."
    )
    assert (made.balance_minor, made.last_day_on, made.product_name) == (3500, date(2026, 11, 20), "Half")
    assert (made.holder, made.purchaser) == (before.holder, before.purchaser)
    assert made.active_from_at == before.active_from_at
    assert (counter.kinds(old)[-1], counter.kinds(made.card_id)) == ("transfer_out", ["transfer_in"])
    assert not counter.findings()


def test_the_old_code_points_to_the_card_in_its_place(counter: Counter) -> None:
    """The agent reads it in the verdict, the customer in the reply, and nobody reads a full code."""
    old = counter.issued()
    made = replaced(counter, old)
    end, sheet = counter.sheet(made).last_four, counter.sheet(old)
    assert sheet.diagnosis.verdict == "spent"
    assert sheet.diagnosis.reason == (
        f"The card was replaced by ···· {end} on 21 May 2026 13:00, and its balance moved there. "
        f"The customer pays with the code of that card."
    )
    assert f"a new card has replaced it, with a code that ends in {end}" in said(counter, old)
    assert sheet.other is not None
    assert other_sheet(counter.sam, sheet.other).card_id == made
    back = counter.sheet(made).other
    assert back is not None
    assert other_sheet(counter.sam, back).card_id == old


def test_a_card_that_is_not_valid_yet_is_replaced_and_waits_on(counter: Counter) -> None:
    """The delay counts for the card in its place; the old code tells both."""
    old = counter.issued("careful")
    made = replaced(counter, old)
    assert counter.sheet(made).active_from_at == counter.sheet(old).active_from_at
    assert counter.sheet(made).status == "inactive"
    assert "It was replaced by ····" in counter.sheet(old).diagnosis.reason
    assert "a new card has replaced it" in said(counter, old)


@pytest.mark.parametrize("wish", ["replace", "top_up", "redeem"])
def test_what_is_wished_of_a_replaced_card_is_answered_with_the_pointer(counter: Counter, wish: str) -> None:
    old = counter.issued()
    end = counter.sheet(replaced(counter, old)).last_four
    wishes: dict[str, Outcome] = {
        "replace": desk.replace(counter.sue, old, "again"),
        "top_up": desk.top_up(counter.sue, old, 100),
        "redeem": desk.redeem(counter.sam, old, 100),
    }
    told = f"The card was replaced by ···· {end} on 21 May 2026 13:00: go on with that one."
    counter.assert_refused(wishes[wish], told, old, ["issue", "transfer_out"])


def test_a_replaced_card_takes_no_transfer(counter: Counter) -> None:
    old, other = counter.issued(), counter.issued()
    end = counter.sheet(replaced(counter, old)).last_four
    told = desk.transfer(counter.sue, other, old, reason="asked").sentence
    assert told == f"The other card was itself replaced, by ···· {end}: move the balance to that one."


def test_a_late_refund_is_told_and_can_be_moved(counter: Counter) -> None:
    """What was bought with the old code is given back to it, for that is whom the refund names."""
    old = counter.issued()
    desk.redeem(counter.sam, old, 1500, order_ref="A-1")
    made = replaced(counter, old)
    assert desk.refund(counter.sue, old, 1500, of_order="A-1").done
    assert "move there what is left on it." in counter.sheet(old).diagnosis.reason
    assert "it is active, with 15.00 GBP" in said(counter, old)
    assert desk.transfer(counter.sue, old, made, reason="follows").done
    assert counter.sheet(made).balance_minor == 5000
    assert not counter.findings()


def test_a_card_is_replaced_and_its_successor_too(counter: Counter) -> None:
    """Whoever loses the second code as well gets a third; each points to the next."""
    first = counter.issued()
    second = replaced(counter, first)
    third = replaced(counter, second)
    assert counter.sheet(third).balance_minor == 5000
    assert counter.sheet(third).last_four in counter.sheet(second).diagnosis.reason


def test_a_card_with_nothing_on_it_is_not_replaced(counter: Counter) -> None:
    card = counter.issued()
    desk.redeem(counter.sam, card, 5000)
    told = "There is nothing left on the card."
    counter.assert_refused(desk.replace(counter.sue, card, "lost"), told, card, ["issue", "redemption"])


def test_a_flag_must_be_read_first(counter: Counter) -> None:
    """Whoever asks for a fresh code of a card in doubt may be the doubt."""
    card = counter.issued()
    desk.raise_flag(counter.sam, card, "doubt")
    told = "1 flag is open: read and clear each with a reason first."
    counter.assert_refused(desk.replace(counter.sue, card, "lost"), told, card, ["issue", "flag_raised"])


def test_a_code_is_handed_out_once(counter: Counter) -> None:
    """The same wish again makes no card and tells no code."""
    card = counter.issued()
    once, again = (desk.replace(counter.sue, card, "lost", intent="once") for _ in range(2))
    assert (again.repeated, again.hand_out, again.card_id) == (True, None, once.card_id)
    assert once.hand_out is not None
    code = normalise(once.hand_out)
    held = everything_stored(counter.store.path)
    assert code.encode() not in held
    assert once.hand_out.encode() not in held


def test_a_spoiled_pointer_leads_nowhere(counter: Counter) -> None:
    """Whoever points a code at another card behind the desk's back is noticed before the pointer is followed."""
    old = counter.issued()
    made, other = replaced(counter, old), counter.issued()
    with plain_sql(counter.store.path, guarded=False) as file:
        file.execute("UPDATE code_digest SET card_id = ? WHERE card_id = ?", (other, old))
    came_from = counter.sheet(made).came_from
    assert came_from is not None
    with pytest.raises(Refused, match="behind the desk's back"):
        other_sheet(counter.sam, came_from)
    assert "behind the desk's back" in desk.transfer(counter.sue, made, other, reason="asked").sentence
    assert counter.sheet(made).balance_minor == 5000
