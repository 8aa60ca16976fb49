"""What expires in the next weeks if nothing happens to the cards meanwhile, and which reminders go in them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from models.candidates import products_by_id, read_candidates
from models.cards import look_at_cards
from models.clock import to_microseconds
from models.reports.counting import CARDS, Count, Key, Part, Sums, by_time
from models.reports.pages import Reading, pasts
from models.reports.past import Past
from models.reports.tables import Column, Series, Unit
from models.rules.reminders import address_refusal
from models.store import policy_in_force

WEEKS: Final = 13
_WEEK: Final = timedelta(weeks=1)
_LIVE: Final = "balance_minor > 0 AND cancelled_at IS NULL AND cut_off_at > ? AND cut_off_at <= ?"
_AT_ONCE: Final = 500


class Expiring(Count):
    """What expires in each of the next weeks, as the cards are."""

    columns = (
        Column("week", "Week from", Unit.TEXT),
        CARDS,
        Column("expiring", "Expiring", Unit.MONEY),
        Column("reminders", "Reminders", Unit.COUNT),
        Column("unreachable", "Not reachable", Unit.COUNT),
    )
    sentence = (
        "By the last day of each balance, as the cards are: whatever is spent, loaded or extended meanwhile changes "
        "it. Reminders are those that still go for these balances; not reachable are cards without an address."
    )
    counts_cards_once = True

    def parts(self, reading: Reading, after: int) -> Iterator[tuple[int, Sequence[Part]]]:
        """What each card will lose."""
        setting, end = self.setting, self.setting.end
        last = setting.business.cut_off(self._week(WEEKS) - timedelta(days=1))
        which = (_LIVE, (end - 1, to_microseconds(last)))
        some: dict[int, Past] = {}
        with setting.store.database.reading():
            self._products, self._hour = products_by_id(), policy_in_force(setting.store).reminder_hour
        for past in pasts(setting.store, end, end, reading, after=after, which=which):
            if setting.wants(past.product_id):
                some[past.card_id] = past
            if len(some) == _AT_ONCE:
                yield from self._of(some)
                some = {}
        if some:
            yield from self._of(some)

    def _week(self, number: int) -> date:
        """The first day of a week, counted from the one that begins with the day that is asked for."""
        return self.setting.business.date_of(self.setting.at) + number * _WEEK

    def _of(self, some: Mapping[int, Past]) -> Iterator[tuple[int, Sequence[Part]]]:
        setting = self.setting
        with setting.store.database.reading():
            found = read_candidates(setting.store.database, look_at_cards(list(some)), self._products)
        for candidate in found:
            past, last_day = some[candidate.card.id], candidate.card.state.last_day_on
            if last_day is None or not past.held_minor:
                continue
            number = max(0, (last_day - self._week(0)).days // _WEEK.days)
            key = (self._week(number).isoformat(), past.currency)
            outlook = candidate.outlook(self._hour, setting.now, setting.business)
            calls = len(outlook.planned) + (outlook.due is not None)
            is_reachable = address_refusal(candidate.addressee) is None
            yield (
                past.card_id,
                (
                    Part(key, "expiring", past.held_minor),
                    Part(key, "reminders", calls if is_reachable else 0),
                    Part(key, "unreachable", int(not is_reachable)),
                ),
            )

    def texts(self, key: Key) -> tuple[str, ...]:
        """The first day of the week."""
        return (key[0],)

    def series(self, sums: Sums) -> tuple[Series, ...]:
        """What expires week by week."""
        weeks = [self._week(number).isoformat() for number in range(WEEKS)]
        return by_time(sums, weeks, {"expiring": "Expiring"})
