"""Stories of the forecast: who gets what in the next days, and who can't be reminded."""

from datetime import date

import pytest
from store.counter import BOTH, PRODUCTS, Counter

from models import candidates, desk
from models.errors import Refused
from models.forecast import forecast
from models.reminding import card_outlook
from models.rules.validity import Period

ENGINES = BOTH
LIN = desk.PersonGiven("Lin", "lin@example.org")
ABE = desk.PersonGiven("Abe", "abe@example.org")


@pytest.fixture(autouse=True)
def _schedule(counter: Counter) -> None:
    """The week's card is reminded of two days and one day before its last day, 27 May."""
    leads = [Period(2, "days"), Period(1, "days")]
    assert desk.set_product(counter.mia, "week", rules=PRODUCTS["week"], reminders=leads).done


def test_the_forecast_tells_who_gets_what_on_which_day(counter: Counter) -> None:
    """Issued on 21 May, last day 27 May: Lin hears of it on the 25th and on the 26th."""
    card = counter.issued("week", recipient=LIN, purchaser=ABE)
    made = forecast(counter.sam)
    assert [(day.on, day.by_lead) for day in made.days if day.cards] == [
        (date(2026, 5, 25), {2: 1}),
        (date(2026, 5, 26), {1: 1}),
    ]
    (line,) = made.days[4].lines
    assert line.addressee is not None
    assert (line.card_id, line.addressee.email, line.call.last_day_on) == (card, "lin@example.org", date(2026, 5, 27))
    assert made.unreachable == 0


def test_what_was_missed_goes_today_marked_late(counter: Counter) -> None:
    """The run did not come by on the 25th; on the 26th at ten only the nearer one goes."""
    counter.issued("week", recipient=LIN)
    counter.at("2026-05-26T07:00")
    assert (forecast(counter.sam).days[0].by_lead, forecast(counter.sam).days[0].late) == ({2: 1, 1: 1}, 1)
    counter.at("2026-05-26T09:00")
    assert (forecast(counter.sam).days[0].by_lead, forecast(counter.sam).days[0].late) == ({1: 1}, 0)


def test_who_cannot_be_reminded_is_listed_with_the_reason(counter: Counter) -> None:
    """Nobody on file, only who paid, without an address, and on hold."""
    counter.issued("week")
    counter.issued("week", purchaser=ABE)
    counter.issued("week", recipient=desk.PersonGiven("Lin"))
    held = counter.issued("week", recipient=LIN)
    assert desk.suspend(counter.sue, held, "stolen").done
    made = forecast(counter.sam)
    assert made.unreachable == 4
    assert made.by_reason == {
        "Nobody is on file who holds the card.": 2,
        "The holder has no e-mail address on file.": 1,
        "The card is suspended.": 1,
    }
    assert not any(day.cards for day in made.days)


def test_whoever_registered_the_card_is_told_not_its_recipient(counter: Counter) -> None:
    """It is theirs now."""
    card = counter.issued("week", recipient=LIN)
    assert desk.register(counter.sam, card, ABE).done
    candidate, found = card_outlook(counter.sam, card)
    assert candidate.addressee is not None
    assert candidate.addressee.email == "abe@example.org"
    assert [call.lead_days for call in found.planned] == [2, 1]


def test_cards_that_are_far_from_their_last_day_are_not_read(counter: Counter) -> None:
    """A product without a schedule, a card without an end, a spent one: nothing to foresee."""
    counter.issued("half", recipient=LIN)
    counter.issued("forever", recipient=LIN)
    spent = counter.issued("week", recipient=LIN)
    assert desk.redeem(counter.sam, spent, 5000).done
    made = forecast(counter.sam, 30)
    assert (made.unreachable, sum(day.cards for day in made.days)) == (0, 0)


def test_a_forecast_for_no_day_is_refused(counter: Counter) -> None:
    """Nor is one for years."""
    with pytest.raises(Refused, match="A forecast is for 1 to 92 days"):
        forecast(counter.sam, 0)


def test_many_cards_that_stop_at_one_instant_are_all_foreseen(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Page by page, whether a page ends between two days or within one."""
    monkeypatch.setattr(candidates, "_PAGE", 2)
    cards = [counter.issued("week", recipient=LIN) for _ in range(5)]
    counter.wait(days=1)
    cards += [counter.issued("week", recipient=LIN) for _ in range(2)]
    made = forecast(counter.sam)
    foreseen = sorted(line.card_id for day in made.days for line in day.lines if line.call.lead_days == 2)
    assert foreseen == cards
