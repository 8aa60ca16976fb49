"""Stories of the worklists: who is on them to the microsecond, in which order, page by page."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import product as cartesian

import pytest
from conftest import NOON
from store.counter import BOTH, PRODUCTS, Counter, card_row

from models import desk
from models.cards import LockedCard, look_at_cards
from models.fates import IN_HAND_FOR
from models.fields import canonical_json
from models.forecast import forecast
from models.rules.policy import Policy
from models.rules.reminders import SUSPENDED, State
from models.rules.status import Status, holds, status_of
from models.rules.validity import Period
from models.schema import Customer, GiftCard, PolicyVersion, Reminder
from models.store import Store, policy_seal
from models.worklists import (
    EXPIRED,
    EXPIRING,
    INACTIVE,
    UNKNOWN,
    UNREACHABLE,
    WAITING,
    Listed,
    Worklist,
    cards_on,
    counts,
    with_more,
)

ENGINES = BOTH
_DAY = timedelta(days=1)
_MICROSECOND = timedelta(microseconds=1)
_WEEK_ON, _DAY_AGO = NOON + 7 * _DAY, NOON - _DAY


def around(at: datetime) -> tuple[datetime, ...]:
    return at - _MICROSECOND, at, at + _MICROSECOND


def rows_of_every_kind() -> list[dict[str, object]]:
    """A row for every combination of what decides about a list, at every side of each boundary."""
    cut_offs = (None, *around(_DAY_AGO), *around(NOON), *around(_WEEK_ON))
    return [
        card_row(balance, broken, active_from, cut_off, suspended, cancelled)
        for (balance, broken), active_from, cut_off, suspended, cancelled in cartesian(
            ((0, 0), (500, 0), (0, 500)), around(NOON), cut_offs, (None, NOON), (None, NOON)
        )
    ]


def insert(store: Store, rows: list[dict[str, object]]) -> None:
    with store.database.writing():
        GiftCard.insert_many(rows).execute()


def everyone(store: Store, worklist: Worklist, most: int = 200) -> Listed:
    """A whole list, read page by page."""
    listed = cards_on(store, worklist, most=most)
    while listed.next_after is not None:
        more = cards_on(store, worklist, listed.next_after, most)
        assert len(more.lines) <= most
        listed = with_more(listed, more)
    return listed


def belongs(worklist: Worklist, card: LockedCard, now: datetime) -> bool:
    """Whether a card is to be on a list, by the function of its status."""
    if worklist is EXPIRING:
        is_active = status_of(card, now) is Status.ACTIVE and card.balance_minor > 0
        return is_active and card.cut_off_at is not None and card.cut_off_at <= now + 7 * _DAY
    if worklist is EXPIRED:
        is_expired = status_of(card, now) is Status.EXPIRED or (
            status_of(card, now) is Status.SUSPENDED and holds(Status.EXPIRED, card, now) and card.active_from_at <= now
        )
        return is_expired and card.cut_off_at is not None and card.cut_off_at >= now - _DAY
    return status_of(card, now) is Status.INACTIVE


@pytest.mark.parametrize("worklist", [EXPIRING, EXPIRED, INACTIVE], ids=lambda each: each.name)
def test_a_list_holds_exactly_the_cards_whose_status_says_so(counter: Counter, worklist: Worklist) -> None:
    """Every combination on either side of each boundary; read in pages of seven, no card is lost or told twice."""
    counter.clock.at = NOON
    insert(counter.store, rows_of_every_kind())
    with counter.store.database.reading():
        cards = look_at_cards([row.id for row in GiftCard.select(GiftCard.id)])
        wanted = sorted(card.id for card in cards if belongs(worklist, card, NOON))
    assert wanted
    listed = everyone(counter.store, worklist, most=7)
    assert sorted(line.card_id for line in listed.lines) == wanted
    (counted,) = (each for each in counts(counter.store) if each.worklist is worklist)
    assert (counted.count, counted.is_capped) == (len(wanted), False)


def last_fours(listed: Listed) -> list[str]:
    return [line.last_four for line in listed.lines]


def named(name: str, **columns: object) -> dict[str, object]:
    """A row of a card worth 5.00, valid since yesterday, that stops in three days."""
    return {**card_row(500, 0, _DAY_AGO, NOON + 3 * _DAY), "last_four": name, **columns}


def test_what_stops_first_stands_first_also_across_pages(counter: Counter) -> None:
    """Three stop at one instant: they keep the order of their numbers, and a page may end among them."""
    counter.clock.at = NOON
    later, sooner = NOON + 5 * _DAY, NOON + _DAY
    insert(counter.store, [named("late", cut_off_at=later), named("tie1"), named("tie2"), named("tie3")])
    insert(counter.store, [named("soon", cut_off_at=sooner)])
    for most in (1, 2, 3, 200):
        listed = everyone(counter.store, EXPIRING, most)
        assert last_fours(listed) == ["soon", "tie1", "tie2", "tie3", "late"]
        assert listed.next_after is None
    first = cards_on(counter.store, EXPIRING, most=2)
    assert first.next_after is not None
    assert first.sentence == "Expiring this week: the first 2 cards of more, the soonest to stop first."
    assert listed.sentence == "Expiring this week: 5 cards, the soonest to stop first."


def test_booked_breakage_and_balances_past_their_cut_off_stand_in_one_order(counter: Counter) -> None:
    """Whether the expiry run has been by makes no difference; whose window closes first stands first."""
    counter.clock.at = NOON
    ago = [NOON - timedelta(hours=hours) for hours in (23, 22, 2, 1)]
    booked = {"balance_minor": 0, "broken_minor": 500}
    insert(
        counter.store,
        [
            named("h02b", cut_off_at=ago[2], **booked),
            named("h23b", cut_off_at=ago[0], **booked),
            named("h01u", cut_off_at=ago[3]),
            named("h22u", cut_off_at=ago[1]),
        ],
    )
    for most in (1, 200):
        assert last_fours(everyone(counter.store, EXPIRED, most)) == ["h23b", "h22u", "h02b", "h01u"]


def test_the_window_is_that_of_the_policy(counter: Counter) -> None:
    """A manager makes it two days: what stopped a day and an hour ago is listed."""
    counter.clock.at = NOON + _DAY
    insert(counter.store, [named("old1", cut_off_at=NOON - timedelta(hours=1))])
    assert last_fours(cards_on(counter.store, EXPIRED)) == []
    with counter.store.database.writing():
        content = canonical_json(replace(Policy(), window_hours=48, version=2).as_json())
        sealed = policy_seal(counter.store.keys, 2, content)
        PolicyVersion.insert(version=2, content=content, recorded_at=NOON, seal=sealed).execute()
    assert last_fours(cards_on(counter.store, EXPIRED)) == ["old1"]


def test_a_list_with_nothing_on_it_says_so_and_no_list_is_counted_to_its_end(counter: Counter) -> None:
    counter.clock.at = NOON
    assert [(each.worklist.name, each.in_words) for each in counts(counter.store)][:3] == [
        ("expiring", "0"),
        ("expired", "0"),
        ("inactive", "0"),
    ]
    assert cards_on(counter.store, EXPIRING).sentence == "No balance stops within the next 7 days."
    insert(counter.store, [named("more") for _ in range(201)])
    assert counts(counter.store)[0].in_words == "200+"
    assert len(cards_on(counter.store, EXPIRING).lines) == 200


# Reminders


LIN = desk.PersonGiven("Lin", "lin@example.org")
CY = desk.PersonGiven("Cy")


def remind_a_day_before(counter: Counter) -> None:
    """The week's card is reminded of a day before its last day, 27 May, at nine; the half year's two weeks before."""
    days, weeks = [Period(1, "days")], [Period(2, "weeks")]
    assert desk.set_product(counter.mia, "week", rules=PRODUCTS["week"], reminders=days).done
    assert desk.set_product(counter.mia, "half", rules=PRODUCTS["half"], reminders=weeks).done


def take_in_hand(counter: Counter, card: int, state: State, lead_days: int = 1, **columns: object) -> None:
    """A reminder of a card that a run has, or had, in hand."""
    with counter.store.database.writing():
        customer = Customer.insert(name="Lin", name_key="lin", created_at=NOON).execute()
        Reminder.insert(
            card=card,
            last_day_on=date(2026, 5, 27),
            lead_days=lead_days,
            customer=customer,
            **{"state": state, "is_late": False, "tries": 1, "claimed_at": NOON, **columns},
        ).execute()


AROUND_THE_DAYS = {
    "2026-05-21T12:00:00": 3,
    "2026-05-26T07:59:59": 3,
    "2026-05-26T08:00:00": 3,
    "2026-05-28T01:59:59": 3,
    "2026-05-28T02:00:00": 0,
    "2026-10-30T23:59:59": 0,
    "2026-10-31T00:00:00": 3,
    "2026-11-21T02:59:59": 3,
    "2026-11-21T03:00:00": 0,
}
"""Instant -> how many can't be reminded in the seven days that begin then."""


def test_who_cannot_be_reminded_are_those_of_the_forecast(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has no address, and nobody who has one, is on hold, or is owed nothing in these days.

    Several stop at one instant, and are read two at a time.
    """
    monkeypatch.setattr("models.unreachable._PAGE", 2)
    remind_a_day_before(counter)
    people = (desk.PersonGiven(), LIN, CY)
    for product, person in cartesian(("week", "half", "forever"), people):
        counter.issued(product, recipient=person)
    counter.issued("half", purchaser=LIN)
    counter.issued("week", recipient=desk.PersonGiven("Di"), purchaser=LIN)
    assert desk.suspend(counter.sue, counter.issued("week"), "stolen").done
    assert desk.redeem(counter.mia, counter.issued("week"), 5000).done
    found = {}
    for at in AROUND_THE_DAYS:
        counter.at(at)
        foreseen = forecast(counter.sam).unreachable_lines
        wanted = sorted(line.card_id for line in foreseen if line.why_not != SUSPENDED)
        for most in (1, 200):
            listed = everyone(counter.store, UNREACHABLE, most)
            assert sorted(line.card_id for line in listed.lines) == wanted
        found[at] = len(wanted)
    assert found == AROUND_THE_DAYS


def test_who_was_merged_into_somebody_with_an_address_can_be_reminded(counter: Counter) -> None:
    remind_a_day_before(counter)
    counter.issued("week", recipient=LIN)
    counter.issued("week", recipient=CY)
    assert counts(counter.store)[3].in_words == "1"
    assert desk.merge_people(counter.sue, 2, 1, ref="ZD-1").done
    assert counts(counter.store)[3].in_words == "0"


def test_refused_addresses_stand_before_missing_ones(counter: Counter) -> None:
    """Each with the reason; a page may end between the two kinds."""
    remind_a_day_before(counter)
    refused, missing = counter.issued("week", recipient=LIN), counter.issued("week", recipient=CY)
    nobody = counter.issued("week")
    take_in_hand(counter, refused, State.REFUSED, said="550 no such user")
    for most in (1, 2, 200):
        listed = everyone(counter.store, UNREACHABLE, most)
        assert [(line.card_id, line.remark) for line in listed.lines] == [
            (refused, "refused: 550 no such user"),
            (missing, "no e-mail address: Cy"),
            (nobody, "no recipient on file"),
        ]


def test_a_reminder_is_of_unknown_outcome_once_no_run_can_have_it_in_hand(counter: Counter) -> None:
    """To the microsecond; what waits is on the other list; the oldest claim stands first, and settled ones nowhere."""
    first, second = counter.issued("week"), counter.issued("week")
    take_in_hand(counter, second, State.CLAIMED)
    take_in_hand(counter, first, State.CLAIMED, claimed_at=NOON + _MICROSECOND)
    take_in_hand(counter, first, State.WAITING, 2, tries=3, next_try_at=NOON + _DAY)
    take_in_hand(counter, first, State.SENT, 3, settled_at=NOON)
    take_in_hand(counter, first, State.DROPPED, 4, settled_at=NOON)
    counter.clock.at = NOON + IN_HAND_FOR
    listed = cards_on(counter.store, UNKNOWN)
    assert [(line.card_id, line.remark) for line in listed.lines] == [(second, "may have gone out 21 May 13:00")]
    counter.clock.at += _MICROSECOND
    assert [line.card_id for line in everyone(counter.store, UNKNOWN, 1).lines] == [second, first]
    (waiting,) = cards_on(counter.store, WAITING).lines
    assert (waiting.card_id, waiting.remark) == (first, "tried 3 times, again 22 May 13:00")
    counted = {each.worklist: each.in_words for each in counts(counter.store)}
    assert (counted[UNKNOWN], counted[WAITING]) == ("2", "1")
