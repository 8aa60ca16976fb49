"""Stories of thresholds: what the desk counts before it asks a colleague."""

import pytest
from postgres import AT_LENGTH
from store.asking import LIN, STOPPED
from store.counter import Counter

from models import desk
from models.desk import PersonGiven

ENGINES = AT_LENGTH

pytestmark = pytest.mark.usefixtures("thresholds")


def test_the_fourth_reactivation_of_a_holder_in_90_days_asks(counter: Counter) -> None:
    """Three cards of one person went at once, the fourth is asked for; one of somebody else is not."""
    cards = [counter.issued("week", recipient=LIN) for _ in range(4)]
    other = counter.issued("week", recipient=PersonGiven("Bo", "bo@example.org"))
    counter.at(STOPPED)
    for card in cards[:3]:
        assert "number" in desk.reactivate(counter.sam, card).facts
    sheet = counter.sheet(cards[3])
    assert sheet.diagnosis.approval == ("The holder's cards were reactivated 3 times in 90 days.",)
    assert "approval" in desk.reactivate(counter.sam, cards[3]).facts
    assert "number" in desk.reactivate(counter.sam, other).facts


def test_a_holder_is_who_the_card_belongs_to_now(counter: Counter) -> None:
    """Cards that were given to somebody else count for them."""
    cards = [counter.issued("week", recipient=LIN) for _ in range(4)]
    counter.at(STOPPED)
    for card in cards[:3]:
        assert desk.register(counter.sam, card, PersonGiven("Bo", "bo@example.org")).done
        assert "number" in desk.reactivate(counter.sam, card).facts
    assert "number" in desk.reactivate(counter.sam, cards[3]).facts


@pytest.mark.parametrize("what", ["mark", "link", "holder", "nothing"])
def test_a_vip_ground_alone_must_be_a_day_old(counter: Counter, dear: int, what: str) -> None:
    """Whatever of it is younger: the mark of the organisation, the link to it, or who holds the card."""
    card = counter.issued("week", recipient=LIN)
    assert desk.set_organisation(counter.sue, "Northwind", is_vip=what != "mark").done
    assert desk.register(counter.sue, card, LIN, organisation=None if what == "link" else "Northwind").done
    counter.wait(days=20)
    if what == "mark":
        assert desk.set_organisation(counter.sue, "Northwind", is_vip=True).done
    elif what == "link":
        assert desk.register(counter.sue, dear, LIN, organisation="Northwind").done
    elif what == "holder":
        assert desk.register(counter.sue, card, LIN).done
    assert bool(counter.sheet(card).diagnosis.approval) is (what != "nothing")
    counter.wait(hours=24)
    assert counter.sheet(card).diagnosis.approval == ()
