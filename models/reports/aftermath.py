"""What somebody did and what came of it: reactivations and what was spent afterwards, reminders and what followed."""

import json
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from models.clock import from_microseconds
from models.reports.counting import CARDS, Count, Key, Part, Setting, Sums, by_time, months_between
from models.reports.flows import MONTH, PRODUCT
from models.reports.pages import Reading, pasts
from models.reports.past import Past, Told
from models.reports.tables import Column, Series, Unit
from models.rules.journal import LOADS, SIGNS, Kind
from models.rules.spent import Moved, spent_of

_DONE: Final = "kind = '{}' AND recorded_at >= ? AND recorded_at < ? AND actor_id > 0"
_INDEXED: Final = f"id IN (SELECT card_id FROM activity WHERE {_DONE})"
_SOUGHT: Final = f"EXISTS (SELECT 1 FROM activity WHERE card_id = gift_card.id AND {_DONE})"
_NO_GROUND: Final = "lift"
"""A suspension was lifted from a card that had not expired: that takes no ground."""
_FOLLOWS: Final = timedelta(days=30)
_SPENT: Final = frozenset({Kind.REDEMPTION, Kind.REFUND})


def _done(setting: Setting, kind: Kind, reading: Reading, after: int) -> Iterator[tuple[Past, list[Told]]]:
    """The cards on which something was done at this desk in the time that is asked about, each with all of it."""
    where = _INDEXED if kind is Kind.REACTIVATED else _SOUGHT
    which = (where.format(kind.value), (setting.first, setting.end))
    for past in pasts(setting.store, 0, setting.end, reading, after=after, which=which, has_journals=True):
        if setting.wants(past.product_id):
            yield (
                past,
                [
                    told
                    for told in past.journal
                    if told.kind == kind
                    and not told.is_of_another_desk
                    and setting.first <= told.recorded_at < setting.end
                ],
            )


def _sum(past: Past, kinds: Collection[Kind], after: datetime, until: datetime) -> int:
    """What movements of some kinds come to, behind an instant and before another one."""
    return sum(each.amount_minor for each in past.movements if each.kind in kinds and after < each.at < until)


class Reactivations(Count):
    """Who gave back how much on which ground, and what of it was spent afterwards."""

    columns = (
        Column("agent", "Agent", Unit.TEXT),
        Column("ground", "Ground", Unit.TEXT),
        Column("reactivations", "Number", Unit.COUNT),
        CARDS,
        Column("given_back", "Given back", Unit.MONEY),
        Column("spent", "Spent after", Unit.MONEY),
    )
    sentence = (
        "Each is put down to who asked for it, also when somebody else approved it. Spent after is what was redeemed "
        "and not refunded of what came back, which is spent first, before the card was reactivated again."
    )

    def __init__(self, setting: Setting) -> None:
        """Count what a setting says; within a connection."""
        super().__init__(setting)
        rows = setting.store.database.execute_sql("SELECT id, login FROM agent")
        self._logins: dict[int, str] = dict(rows.fetchall())
        self._by_month: Counter[Key] = Counter()

    def parts(self, reading: Reading, after: int) -> Iterator[tuple[int, Sequence[Part]]]:
        """The reactivations of each card."""
        for past, done in _done(self.setting, Kind.REACTIVATED, reading, after):
            # A hold that was lifted in time has no ground, and gave nothing back.
            times = [
                told.recorded_at
                for told in past.journal
                if told.kind == Kind.REACTIVATED and json.loads(told.details).get("grounds")
            ]
            parts: list[Part] = []
            for told in done:
                following = min((at for at in times if at > told.recorded_at), default=self.setting.end)
                parts += self._of(past, told, following)
            if parts:
                yield past.card_id, parts

    def _of(self, past: Past, told: Told, following: int) -> Iterator[Part]:
        details: dict[str, Any] = json.loads(told.details)
        at = from_microseconds(told.recorded_at)
        key = (self._login(told, details), "+".join(details.get("grounds", ())) or _NO_GROUND, past.currency)
        given_back = sum(
            each.amount_minor for each in past.movements if each.kind is Kind.REINSTATEMENT and each.at == at
        )
        self._by_month[self.setting.month_of(at), past.currency] += given_back
        yield Part(key, "reactivations", 1)
        yield Part(key, "given_back", given_back)
        later = [
            Moved(each.number, Kind(each.kind), each.amount_minor, each.reverses)
            for each in past.journal
            if each.kind in SIGNS and each.number > told.number and each.recorded_at < following
        ]
        yield Part(key, "spent", spent_of(given_back, later))

    def _login(self, told: Told, details: dict[str, Any]) -> str:
        asked_by = details.get("asked_by")
        return self._logins.get(asked_by if isinstance(asked_by, int) else told.actor_id, told.actor_name)

    def texts(self, key: Key) -> tuple[str, ...]:
        """The agent's login, and the grounds in words."""
        return (key[0], key[1].replace("_", " ").replace("+", ", "))

    def series(self, _sums: Sums) -> tuple[Series, ...]:
        """What was given back, month by month."""
        counted: Sums = {key: {"given_back": value} for key, value in self._by_month.items()}
        return by_time(counted, months_between(self.setting), {"given_back": "Given back"})


class Reminders(Count):
    """Which reminders were sent, and what followed within thirty days."""

    columns = (
        MONTH,
        PRODUCT,
        Column("sent", "Sent", Unit.COUNT),
        Column("spent_after", "Spent", Unit.COUNT),
        Column("spent", "Sum spent", Unit.MONEY),
        Column("loaded_after", "Topped up", Unit.COUNT),
        Column("expired_after", "Expired", Unit.COUNT),
        Column("broken", "Sum broken", Unit.MONEY),
    )
    sentence = (
        "Reminders by the month in which they were sent, and after how many of them something was spent, "
        "the card was topped up, or its balance expired: within thirty days, as far as these are over."
    )

    def parts(self, reading: Reading, after: int) -> Iterator[tuple[int, Sequence[Part]]]:
        """The reminders of each card."""
        for past, done in _done(self.setting, Kind.REMINDER_SENT, reading, after):
            parts = [part for told in done for part in self._of(past, told)]
            if parts:
                yield past.card_id, parts

    def _of(self, past: Past, told: Told) -> Iterator[Part]:
        at = from_microseconds(told.recorded_at)
        key = (self.setting.month_of(at), self.setting.code_of(past.product_id), past.currency)
        spent = max(0, -_sum(past, _SPENT, at, at + _FOLLOWS))
        loaded = _sum(past, LOADS, at, at + _FOLLOWS)
        broken = -_sum(past, {Kind.BREAKAGE}, at, at + _FOLLOWS)
        yield Part(key, "sent", 1)
        for column, amount in (("spent_after", spent), ("loaded_after", loaded), ("expired_after", broken)):
            yield Part(key, column, int(amount > 0))
        yield Part(key, "spent", spent)
        yield Part(key, "broken", broken)

    def texts(self, key: Key) -> tuple[str, ...]:
        """The month and the product's name."""
        return (key[0], self.setting.name_of(key[1]))

    def series(self, sums: Sums) -> tuple[Series, ...]:
        """How many were sent month by month, and after how many something was spent."""
        months = dict.fromkeys(months_between(self.setting), 0)
        made = []
        for column, title in (("sent", "Sent"), ("spent_after", "Spent after a reminder")):
            values = dict(months)
            for key, of_line in sums.items():
                values[key[0]] = values.get(key[0], 0) + of_line.get(column, 0)
            made.append(Series(title, None, tuple(values), tuple(values.values())))
        return tuple(made)
