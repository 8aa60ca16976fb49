"""What a bulk does to one card, row by row: the whole table of kinds and standings; and what holds of every card."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.bulk import BulkKind, Skip
from models.rules.bulk_deeds import BulkCard, Change, Deed, change_of
from models.rules.bulk_undoing import Written, undoing_of
from models.rules.journal import CardState, Entry, Kind, Tally
from models.rules.status import Status, is_breakage_due, status_of
from models.rules.validity import LATEST, BusinessTime, Period

LONDON = BusinessTime("Europe/London")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = date(2026, 11, 22)
YEAR_END = date(2026, 12, 31)


def card(last_day: date | None = date(2026, 11, 30), balance: int = 5000, broken: int = 0, **more: object) -> BulkCard:
    """A card of three activities; with something broken it is empty."""
    state = CardState(
        balance_minor=balance,
        broken_minor=broken,
        last_money_number=3,
        active_from_at=datetime(2026, 1, 1, tzinfo=UTC),
        last_day_on=last_day,
        product_id=1,
        registered_id=7,
    )
    return BulkCard(state, None if last_day is None else LONDON.cut_off(last_day), number=3, **more)  # type: ignore[arg-type]


LIVE = card()
BOOKED = card(date(2026, 10, 31), 0, 5000)
UNBOOKED = card(date(2026, 10, 31))
EMPTIED = card(date(2026, 10, 31), 0)
UNTIL = Deed(BulkKind.EXTEND, "Closed.", until=YEAR_END, about={"bulk": 9})
REVERSE = Deed(BulkKind.REVERSE_BREAKAGE, "Closed.", about={"bulk": 9})
HELD = replace(LIVE, state=replace(LIVE.state, suspended_at=NOW - timedelta(days=1)))
BOOKED_HELD = replace(BOOKED, state=replace(BOOKED.state, suspended_at=NOW - timedelta(days=1)))
CANCELLED = replace(LIVE, state=replace(LIVE.state, balance_minor=0, cancelled_at=NOW))
LATER = replace(BOOKED, state=replace(BOOKED.state, active_from_at=datetime(2028, 1, 1, tzinfo=UTC)))

ON_THE_FIRST = replace(REVERSE, broken_since=date(2026, 11, 1), broken_until=date(2026, 11, 1))

CHANGES = [
    (UNTIL, LIVE, ["expiry_changed"], 0),
    (UNTIL, HELD, ["expiry_changed"], 0),
    (UNTIL, replace(LIVE, open_flags=1), ["expiry_changed"], 0),
    (UNTIL, BOOKED, ["reinstatement", "expiry_changed"], 5000),
    (UNTIL, BOOKED_HELD, ["reinstatement", "expiry_changed"], 5000),
    (UNTIL, UNBOOKED, ["breakage", "reinstatement", "expiry_changed"], 5000),
    (replace(UNTIL, until=None), replace(LIVE, until=YEAR_END), ["expiry_changed"], 0),
    (replace(UNTIL, may_give_back=False), LIVE, ["expiry_changed"], 0),
    (REVERSE, BOOKED, ["reinstatement", "expiry_changed"], 5000),
    (REVERSE, UNBOOKED, ["breakage", "reinstatement", "expiry_changed"], 5000),
    (ON_THE_FIRST, BOOKED, ["reinstatement", "expiry_changed"], 5000),
    (Deed(BulkKind.SUSPEND), LIVE, ["suspended"], 0),
    (Deed(BulkKind.SUSPEND), BOOKED, ["suspended"], 0),
    (Deed(BulkKind.SUSPEND), replace(LIVE, is_own=True), ["suspended"], 0),
    (Deed(BulkKind.LIFT), HELD, ["unsuspended"], 0),
    (Deed(BulkKind.CHANGE_PRODUCT, product_id=2), LIVE, ["product_changed"], 0),
    (Deed(BulkKind.CHANGE_PRODUCT, product_id=2), BOOKED, ["product_changed"], 0),
    (Deed(BulkKind.REGISTER), replace(LIVE, person_id=8), ["registered"], 0),
    (Deed(BulkKind.REGISTER), replace(LIVE, is_own=True, person_id=8), ["registered"], 0),
]
SKIPS = [
    (UNTIL, replace(LIVE, is_sound=False), Skip.UNSOUND),
    (UNTIL, CANCELLED, Skip.CANCELLED),
    (UNTIL, replace(LIVE, is_own=True), Skip.OWN),
    (UNTIL, card(None), Skip.NO_LAST_DAY),
    (UNTIL, card(YEAR_END), Skip.LATER_ALREADY),
    (UNTIL, card(date(2027, 1, 1)), Skip.LATER_ALREADY),
    (UNTIL, EMPTIED, Skip.NOTHING_LEFT),
    (UNTIL, replace(BOOKED, open_flags=1), Skip.FLAGGED),
    (UNTIL, LATER, Skip.STILL_OVER),
    (replace(UNTIL, until=date(2026, 11, 20)), BOOKED, Skip.STILL_OVER),
    (replace(UNTIL, until=None, period=Period(1, "weeks")), BOOKED, Skip.STILL_OVER),
    (replace(UNTIL, until=None, period=Period(999_999, "years")), LIVE, Skip.TOO_FAR),
    (replace(UNTIL, until=None, period=Period(180, "years")), LIVE, Skip.TOO_FAR),
    (replace(UNTIL, may_give_back=False), BOOKED, Skip.NOT_ALLOWED),
    (REVERSE, LIVE, Skip.NOT_BROKEN),
    (REVERSE, EMPTIED, Skip.NOT_BROKEN),
    (REVERSE, replace(BOOKED, is_own=True), Skip.OWN),
    (REVERSE, replace(BOOKED, open_flags=2), Skip.FLAGGED),
    (replace(REVERSE, broken_since=date(2026, 11, 2)), BOOKED, Skip.OTHER_DAYS),
    (replace(REVERSE, broken_until=date(2026, 10, 31)), BOOKED, Skip.OTHER_DAYS),
    (replace(REVERSE, until=date(2026, 10, 31)), BOOKED, Skip.STILL_OVER),
    (replace(REVERSE, until=date(2026, 11, 21)), BOOKED, Skip.STILL_OVER),
    (Deed(BulkKind.SUSPEND), HELD, Skip.SUSPENDED_ALREADY),
    (Deed(BulkKind.SUSPEND), CANCELLED, Skip.CANCELLED),
    (Deed(BulkKind.LIFT), LIVE, Skip.NOT_SUSPENDED),
    (Deed(BulkKind.LIFT), replace(HELD, open_flags=1), Skip.FLAGGED),
    (Deed(BulkKind.LIFT), replace(HELD, is_own=True), Skip.OWN),
    (Deed(BulkKind.CHANGE_PRODUCT, product_id=1), LIVE, Skip.SAME_PRODUCT),
    (Deed(BulkKind.REGISTER), replace(LIVE, person_id=7), Skip.SAME_HOLDER),
]


@pytest.mark.parametrize(("deed", "of", "kinds", "minor"), CHANGES)
def test_what_is_done(deed: Deed, of: BulkCard, kinds: list[str], minor: int) -> None:
    found = change_of(deed, of, NOW, LONDON)
    assert isinstance(found, Change), found
    assert ([entry.kind.value for entry in found.entries], found.moves_minor) == (kinds, minor)


@pytest.mark.parametrize(("deed", "of", "skip"), SKIPS)
def test_what_stays_as_it_is(deed: Deed, of: BulkCard, skip: Skip) -> None:
    assert change_of(deed, of, NOW, LONDON) is skip


def test_each_reason_is_given_to_some_card() -> None:
    """And each of them reads as one sentence about it."""
    given_here = {skip for _, _, skip in SKIPS}
    assert given_here | {Skip.TOUCHED, Skip.EXPIRED_SINCE} == set(Skip)
    assert not any(skip.words.endswith(".") for skip in Skip)


@pytest.mark.parametrize(
    ("period", "last", "new"),
    [
        (Period(3, "months"), date(2026, 11, 30), date(2027, 2, 28)),
        (Period(1, "months"), date(2027, 1, 30), date(2027, 2, 28)),
        (Period(1, "weeks"), date(2026, 12, 1), date(2026, 12, 8)),
        (Period(1, "years"), date(2028, 2, 28), date(2029, 2, 28)),
    ],
)
def test_a_period_begins_behind_the_last_day(period: Period, last: date, new: date) -> None:
    """As a product's does on the day of a load: a month that is too short is taken whole."""
    found = change_of(replace(UNTIL, until=None, period=period), card(last), NOW, LONDON)
    assert isinstance(found, Change)
    assert found.entries[-1].details["sets"] == {"last_day": new.isoformat()}


# Every card, whatever stands on it.
days = st.dates(TODAY - timedelta(days=60), TODAY + timedelta(days=60))
cards = st.builds(
    lambda last, broken, balance, flags, held, own: replace(
        card(last, 0 if broken else balance, broken, open_flags=flags, is_own=own),
        state=replace(
            card(last, 0 if broken else balance, broken).state,
            suspended_at=NOW - timedelta(days=1) if held else None,
            last_money_number=3,
        ),
    ),
    st.none() | days,
    st.sampled_from((0, 0, 700)),
    st.sampled_from((0, 5000)),
    st.sampled_from((0, 0, 1)),
    st.booleans(),
    st.booleans(),
)
deeds = st.builds(
    lambda kind, until: Deed(kind, "Closed.", until=until, product_id=2, about={"bulk": 9}),
    st.sampled_from(BulkKind),
    days,
)


@given(cards, deeds)
def test_what_is_done_adds_up_and_an_undo_takes_it_all_back(of: BulkCard, deed: Deed) -> None:
    """No date is shortened, no card that got money back is still past its last day, and an undo restores every fact
    but how much of it is booked."""
    of = replace(of, person_id=8)
    found = change_of(deed, of, NOW, LONDON)
    if isinstance(found, Skip):
        return
    after = added(of, found.entries)
    last, new = of.state.last_day_on, after.state.last_day_on
    assert new == last or (last is not None and new is not None and last < new <= LATEST)
    assert spendable_minor(after) == spendable_minor(of) + found.moves_minor
    if found.moves_minor:
        assert status_of(replace(after, state=replace(after.state, suspended_at=None)), NOW) is Status.ACTIVE
    done = written(of, found.entries)
    undone = undoing_of(done, (), after, "Back.", {"bulk": 10, "undoes": 9}, NOW + timedelta(hours=1), LONDON)
    if of.is_own and deed.kind is BulkKind.SUSPEND:
        assert undone is Skip.OWN
        return
    assert isinstance(undone, Change), undone
    back = added(after, undone.entries)
    assert undone.moves_minor == found.moves_minor
    for fact in ("last_day_on", "product_id", "registered_id"):
        assert getattr(back.state, fact) == getattr(of.state, fact)
    assert (back.state.suspended_at is None) == (of.state.suspended_at is None)
    assert spendable_minor(back) == spendable_minor(of)
    assert back.broken_minor + back.balance_minor == of.broken_minor + of.balance_minor


@given(cards, deeds, st.sampled_from([kind for kind in Kind if kind is not Kind.ISSUE]))
def test_only_what_is_still_as_it_was_left_is_undone(of: BulkCard, deed: Deed, kind: Kind) -> None:
    """What was said about a card since keeps nobody from undoing it; whatever changed it does."""
    of = replace(of, person_id=8, is_own=False)
    found = change_of(deed, of, NOW, LONDON)
    if isinstance(found, Skip):
        return
    after = added(of, found.entries)
    since = [Written(after.number + 1, kind, 0, {})]
    undone = undoing_of(written(of, found.entries), since, after, "Back.", {}, NOW, LONDON)
    says_only = {"note", "flag_raised", "flag_cleared", "escalated", "reminder_sent", "replied", "corrected_customer"}
    assert (undone is Skip.TOUCHED) == (kind.value not in says_only | {"breakage"})
    if kind is Kind.BREAKAGE:
        moves_a_day = deed.kind in (BulkKind.EXTEND, BulkKind.REVERSE_BREAKAGE)
        assert (undone is Skip.EXPIRED_SINCE) == moves_a_day


def test_what_has_expired_since_is_left_to_the_expiry_run() -> None:
    """Whether that has been by makes no difference."""
    found = change_of(UNTIL, LIVE, NOW, LONDON)
    assert isinstance(found, Change)
    after = added(LIVE, found.entries)
    late = datetime(2027, 1, 2, tzinfo=UTC)
    assert undoing_of(written(LIVE, found.entries), (), after, "Back.", {}, late, LONDON) is Skip.EXPIRED_SINCE


def added(of: BulkCard, entries: tuple[Entry, ...]) -> BulkCard:
    """The card after some entries, which the rules of money allow."""
    tally = Tally(of.state)
    for number, entry in enumerate(entries, start=of.number + 1):
        tally.add(entry, number)
    last = tally.state.last_day_on
    cut_off = None if last is None else LONDON.cut_off(last)
    return replace(of, state=tally.state, cut_off_at=cut_off, number=of.number + len(entries))


def written(of: BulkCard, entries: tuple[Entry, ...]) -> list[Written]:
    return [
        Written(number, entry.kind, entry.amount_minor, entry.details)
        for number, entry in enumerate(entries, start=of.number + 1)
    ]


def spendable_minor(of: BulkCard) -> int:
    """What counts as owed: nothing of a balance that is past its cut-off."""
    return 0 if is_breakage_due(of, NOW) else of.balance_minor
