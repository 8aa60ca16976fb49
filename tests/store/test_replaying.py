"""A card as it was at an instant: what was on the screen then is what is told of then."""

import random
from dataclasses import dataclass
from datetime import timedelta

import pytest
from postgres import AT_LENGTH
from store.counter import Counter, plain_sql

from models import desk
from models.cards import lock_card
from models.errors import Refused
from models.jobs.expire import expire
from models.journals import NEWEST
from models.ledger import append
from models.people import PersonGiven
from models.rules.journal import Entry, Kind
from models.rules.roles import Action
from models.rules.status import is_breakage_due
from models.sheets import CardSheet, card_sheet_at
from models.unit import begin

ENGINES = AT_LENGTH
LIN, ZOE = PersonGiven("Lin", "lin@example.org"), PersonGiven("Zoe", "zoe@example.org")


@dataclass(frozen=True)
class Stand:
    """What of a sheet does not depend on when the expiry run came by."""

    status: str
    balance_minor: int
    broken_minor: int
    rest: tuple[object, ...]


def stand(sheet: CardSheet) -> Stand:
    is_due = is_breakage_due(sheet.facts, sheet.judged_at)
    return Stand(
        sheet.status,
        0 if is_due else sheet.balance_minor,
        sheet.balance_minor if is_due else sheet.broken_minor,
        (
            sheet.last_day_on,
            sheet.cut_off_at,
            sheet.active_from_at,
            sheet.suspended_at,
            sheet.suspended_reason,
            sheet.cancelled_at,
            sheet.reactivated_at,
            sheet.holder and sheet.holder.name,
            tuple(flag.number for flag in sheet.flags),
            sheet.diagnosis.verdict,
            sheet.emptied and (sheet.emptied.kind, sheet.emptied.at, sheet.emptied.amount_minor),
        ),
    )


def lives_on(counter: Counter, card: int, chance: random.Random) -> None:
    """Somebody wishes something of the card; what the rules refuse does not happen."""
    mia = counter.mia
    flags = [flag.number for flag in counter.sheet(card).flags]
    wishes = (
        lambda: desk.redeem(mia, card, chance.choice((500, 1000, 5000)), place="Bath"),
        lambda: desk.top_up(mia, card, 2000),
        lambda: desk.suspend(mia, card, "lost"),
        lambda: desk.lift(mia, card, "found"),
        lambda: desk.raise_flag(mia, card, "odd"),
        lambda: desk.clear_flag(mia, card, "settled", number=chance.choice(flags or [1])),
        lambda: desk.note(mia, card, "called"),
        lambda: desk.register(mia, card, chance.choice((LIN, ZOE))),
        lambda: desk.reactivate(mia, card, reason="policy"),
        lambda: expire(mia),
    )
    chance.choice(wishes)()


@pytest.mark.parametrize("seed", range(6))
def test_the_past_is_what_was_seen_at_the_time(counter: Counter, seed: int) -> None:
    """A random life of a card of one week: every sheet that was seen is told again afterwards."""
    chance = random.Random(seed)
    card = counter.issued("week", recipient=LIN)
    seen = []
    for _ in range(25):
        counter.wait(hours=chance.choice((1, 7, 30, 70)), minutes=1)
        lives_on(counter, card, chance)
        counter.wait(minutes=chance.choice((0, 1, 600)))
        seen.append(counter.sheet(card))
    for before in seen:
        then = card_sheet_at(counter.sam, card, before.judged_at)
        assert stand(then) == stand(before), before.judged_at
        assert not is_breakage_due(then.facts, then.judged_at), "what had expired by then still stands on the sheet"


def test_the_future_is_what_will_be_seen(counter: Counter) -> None:
    """If nothing happens until then: told now, seen later."""
    card = counter.issued("week")
    for hours in (1, 24 * 6, 24 * 8, 24 * 400):
        told = card_sheet_at(counter.sam, card, counter.clock.now() + timedelta(hours=hours))
        assert told.as_of is not None
        assert told.as_of.is_ahead
        counter.wait(hours=hours)
        assert stand(counter.sheet(card)) == stand(told)
        counter.wait(hours=-hours)


def test_the_present_is_no_future(counter: Counter) -> None:
    card = counter.issued()
    told = card_sheet_at(counter.sam, card, counter.clock.now())
    assert told.when == "as it was on 21 May 2026 13:00"


@pytest.mark.files
def test_a_card_whose_row_was_spoiled_has_a_past(counter: Counter) -> None:
    """The journal is whole: it tells what was, and the verdict still says that the card does not add up."""
    card = counter.issued()
    counter.wait(days=1)
    assert desk.redeem(counter.mia, card, 1000).done
    with plain_sql(counter.store.path) as sql:
        sql.execute("UPDATE gift_card SET balance_minor = 9999")
    then = card_sheet_at(counter.sam, card, counter.clock.now() - timedelta(hours=1))
    assert (then.balance_minor, then.diagnosis.verdict) == (5000, "inconsistent")


@pytest.mark.files
def test_a_journal_that_was_spoiled_has_none(counter: Counter) -> None:
    """What does not fold can't be told of any time."""
    card = counter.issued()
    assert desk.redeem(counter.mia, card, 1000).done
    with plain_sql(counter.store.path, guarded=False) as sql:
        sql.execute("UPDATE activity SET amount_minor = -9999999")
    with pytest.raises(Refused, match="its past can't be told"):
        card_sheet_at(counter.sam, card, counter.clock.now())


def test_a_very_long_journal_is_shown_as_far_as_it_matters(counter: Counter) -> None:
    """The newest activities and the older ones that matter, as of the present."""
    card = counter.issued("forever", 100_000)
    assert desk.raise_flag(counter.mia, card, "odd").done
    with counter.store.database.writing():
        unit = begin(counter.mia, Action.NOTE)
        append(unit.hand, lock_card(card), *[Entry(Kind.NOTE, unit.now, text=str(number)) for number in range(700)])
    now, then = counter.sheet(card), card_sheet_at(counter.sam, card, counter.clock.now())
    assert [line.number for line in now.activities] == [line.number for line in then.activities]
    assert then.flags == now.flags
    assert len(then.activities) == NEWEST + 2


@pytest.mark.files
def test_an_old_activity_of_a_very_long_journal_that_was_spoiled_is_seen(counter: Counter) -> None:
    """The quick question and the exact answer are of one mind."""
    card = counter.issued("forever", 100_000)
    with counter.store.database.writing():
        unit = begin(counter.mia, Action.NOTE)
        append(unit.hand, lock_card(card), *[Entry(Kind.NOTE, unit.now, text=str(number)) for number in range(700)])
    assert card_sheet_at(counter.sam, card, counter.clock.now()).wrong is None
    with plain_sql(counter.store.path, guarded=False) as sql:
        sql.execute("UPDATE activity SET actor_name = 'Eve' WHERE number = 3")
    then = card_sheet_at(counter.sam, card, counter.clock.now())
    assert then.wrong == "activity 3 is not as it was written"
    assert then.facts.damage is not None
    assert then.facts.damage.sound_number == 2
    refused = desk.redeem(counter.mia, card, 100)
    assert refused.sentence.startswith("The card does not add up")
