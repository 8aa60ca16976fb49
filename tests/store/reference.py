"""A gift card desk as plain arithmetic, written from the rules and from nothing else.

It knows no expiry run: a balance breaks at its cut-off, and that is that. Where the store agrees with it
after every step, nothing depended on when the run came by.
"""

import calendar
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_WINDOW = timedelta(hours=24)
_EXTENSION = timedelta(days=7)


@dataclass(frozen=True)
class Sold:
    """What a product promises."""

    months: int = 0
    days: int = 0
    until: date | None = None
    delay: int = 0
    to_month_end: bool = False


@cache
def cut_off(last_day: date, zone: str) -> datetime:
    """Walk through the night minute by minute: the last three o'clock there is, else the first minute after it."""
    minutes = _walls(last_day + _DAY, zone)
    three = [at for at, wall in minutes if wall == datetime.combine(last_day + _DAY, time(3))]
    if three:
        return three[-1]
    return next(at for at, wall in minutes if wall > datetime.combine(last_day + _DAY, time(3)))


@cache
def first_instant(day: date, zone: str) -> datetime:
    """The first minute of a day, found by walking."""
    return next(at for at, wall in _walls(day, zone) if wall.date() == day)


def _walls(day: date, zone: str) -> list[tuple[datetime, datetime]]:
    start = datetime.combine(day, time(), UTC) - timedelta(hours=4)
    instants = [start + number * _MINUTE for number in range(10 * 60)]
    return [(at, at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)) for at in instants]


def last_day_of(product: Sold, today: date) -> date | None:
    """The last day of a load made today; None is never."""
    if product.until is not None:
        return product.until
    if product.days:
        return today + (product.days - 1) * _DAY
    if not product.months:
        return None
    year, month = divmod(today.year * 12 + today.month - 1 + product.months, 12)
    longest = calendar.monthrange(year, month + 1)[1]
    is_too_short = today.day > longest
    last = date(year, month + 1, longest) if is_too_short else date(year, month + 1, today.day) - _DAY
    if product.to_month_end:
        last = last.replace(day=calendar.monthrange(last.year, last.month)[1])
    return last


@dataclass(frozen=True)
class Request:
    """What somebody asked a colleague to approve."""

    at: datetime
    has_grounds: bool
    last_day: date | None
    held_at: datetime | None


@dataclass
class Card:
    """One card as a customer would describe it."""

    product: Sold
    balance: int
    last_day: date | None
    active_from: datetime
    broken: int = 0
    """What stopped at the last cut-off, as long as no other money has moved since."""
    is_suspended: bool = False
    is_cancelled: bool = False
    is_replaced: bool = False
    """Whether another card has its place."""
    escalation: str = ""
    """The id of its latest hand-over."""
    is_vip: bool = False
    """Whether its holder belongs to the one organisation."""
    holder: str | None = None
    held_at: datetime | None = None
    """Since when it is on hold."""
    request: Request | None = None
    """What was asked for last, until that was decided."""
    reactivated: list[datetime] = field(default_factory=list)
    flags: set[int] = field(default_factory=set)
    redemptions: dict[int, int] = field(default_factory=dict)
    """Number of a redemption -> what is left to give back of it."""


@dataclass
class Reference:
    """The desk: its zone, its clock, its cards, and whether the one organisation is a VIP."""

    zone: str
    now: datetime
    cards: dict[int, Card] = field(default_factory=dict)
    vip: bool = False
    above: int | None = None
    """The balance above which a colleague must approve."""
    repeats: int | None = None
    """How often a card or its holder is reactivated in 90 days without one."""
    a_day: int | None = None
    """How many cards the one who asks reactivates on a day at most."""
    used: dict[date, int] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return self.now.astimezone(ZoneInfo(self.zone)).date()

    def move_to(self, at: datetime) -> None:
        """Time passes, and what has reached its cut-off stops."""
        self.now = at
        for card in self.cards.values():
            if self.is_past(card) and card.balance:
                card.balance, card.broken = 0, card.balance

    def is_past(self, card: Card) -> bool:
        return card.last_day is not None and self.now >= cut_off(card.last_day, self.zone)

    def status(self, card: Card) -> str:
        if card.is_cancelled:
            return "cancelled"
        if card.is_suspended:
            return "suspended"
        if self.now < card.active_from:
            return "inactive"
        return "expired" if self.is_past(card) and card.broken else "active"

    def grounds(self, card: Card) -> list[str]:
        if not (self.is_past(card) and card.broken) or card.last_day is None:
            return []
        is_recent = self.now - cut_off(card.last_day, self.zone) <= _WINDOW
        return ["vip"] * (self.vip and card.is_vip) + ["recently_expired"] * is_recent

    def verdict(self, card: Card) -> str:
        has_ground = bool(self.grounds(card))
        if card.is_cancelled:
            return "cancelled"
        if card.flags and (card.is_suspended or has_ground):
            return "review"
        if card.is_suspended and not self.is_past(card):
            return "lift"
        if card.is_suspended or self.status(card) == "expired":
            return "reinstate" if has_ground else "decline"
        if self.status(card) == "inactive":
            return "too_early"
        return "retry" if card.balance else "spent"

    # What an agent wishes: each says whether it is done, and does it.

    def issue(self, product: Sold, amount: int) -> Card | None:
        starts = first_instant(self.today + product.delay * _DAY, self.zone) if product.delay else self.now
        last = last_day_of(product, self.today)
        if last is not None and not max(starts, self.now) < cut_off(last, self.zone):
            return None
        return Card(product, amount, last, starts)

    def top_up(self, card: Card, amount: int) -> bool:
        new = last_day_of(card.product, self.today)
        last = None if card.last_day is None or new is None else max(card.last_day, new)
        if card.is_suspended or card.is_cancelled or card.is_replaced:
            return False
        if last is not None and not max(card.active_from, self.now) < cut_off(last, self.zone):
            return False
        card.balance, card.broken, card.last_day = card.balance + amount, 0, last
        return True

    def may_redeem(self, card: Card, amount: int) -> bool:
        return self.status(card) == "active" and amount <= card.balance

    def redeem(self, card: Card, amount: int, number: int) -> None:
        card.balance, card.broken = card.balance - amount, 0
        card.redemptions[number] = amount

    def refund(self, card: Card, amount: int, number: int) -> bool:
        if card.is_cancelled or self.is_past(card) or amount > card.redemptions.get(number, 0):
            return False
        card.balance, card.broken = card.balance + amount, 0
        card.redemptions[number] -= amount
        return True

    def suspend(self, card: Card) -> bool:
        if card.is_cancelled:
            return False
        was_free, card.is_suspended = not card.is_suspended, True
        card.held_at = self.now if was_free else card.held_at
        return was_free

    def lift(self, card: Card) -> bool:
        if card.is_cancelled:
            return False
        was_held, card.is_suspended = card.is_suspended, False
        return was_held

    def reactivate(self, card: Card, has_reason: bool) -> str:
        """What comes of it: done, asked, or refused."""
        grounds = self.grounds(card)
        is_stopped = self.a_day is not None and self.used.get(self.today, 0) >= self.a_day
        if not self.may_come_back(card, bool(grounds)) or self.waits(card) or is_stopped:
            return "refused"
        if card.is_suspended and not has_reason:
            return "refused"
        if self.must_ask(card):
            card.request = Request(self.now, bool(grounds), card.last_day, card.held_at if card.is_suspended else None)
            return "asked"
        self.bring_back(card)
        return "done"

    def may_come_back(self, card: Card, has_grounds: bool) -> bool:
        is_expired = self.is_past(card) and card.broken > 0
        if not (is_expired or card.is_suspended) or card.flags or card.is_cancelled:
            return False
        return has_grounds or not self.is_past(card)

    def must_ask(self, card: Card) -> bool:
        if self.above is not None and card.balance + card.broken > self.above:
            return True
        holders = [each for each in self.cards.values() if each.holder == card.holder and card.holder is not None]
        counts = [
            sum(self.now - at < timedelta(days=90) for each in cards for at in each.reactivated)
            for cards in ([card], holders)
        ]
        return self.repeats is not None and max(counts) >= self.repeats

    def waits(self, card: Card) -> bool:
        return card.request is not None and self.now < card.request.at + timedelta(hours=24)

    def approve(self, card: Card) -> bool:
        request = card.request
        if request is None or not self.waits(card) or not self.may_come_back(card, request.has_grounds):
            return False
        if card.last_day != request.last_day or (card.is_suspended and card.held_at != request.held_at):
            return False
        if self.a_day is not None and self.used.get(self.today, 0) >= self.a_day:
            return False
        card.request = None
        self.bring_back(card)
        return True

    def settle(self, card: Card) -> bool:
        """Refused or taken back, while it waits."""
        did_wait = self.waits(card)
        card.request = None if did_wait else card.request
        return did_wait

    def bring_back(self, card: Card) -> None:
        self.used[self.today] = self.used.get(self.today, 0) + 1
        card.reactivated.append(self.now)
        if card.last_day is not None:
            card.last_day = max(card.last_day, self.today + _EXTENSION)
            if card.is_suspended:
                starts_on = card.active_from.astimezone(ZoneInfo(self.zone)).date()
                card.last_day = max(card.last_day, starts_on + _EXTENSION)
        card.balance, card.broken, card.is_suspended = card.balance + card.broken, 0, False

    def cancel(self, card: Card) -> bool:
        if card.is_cancelled:
            return False
        card.balance, card.broken, card.is_cancelled = 0, 0, True
        return True

    def extend(self, card: Card, until: date) -> bool:
        if card.is_cancelled or card.last_day is None or self.is_past(card) or until <= card.last_day:
            return False
        card.last_day = until
        return True

    def adjust(self, card: Card, amount: int) -> bool:
        if card.is_cancelled or self.is_past(card) or not card.escalation or card.balance + amount < 0:
            return False
        card.balance, card.broken = card.balance + amount, 0
        return True

    def may_give(self, card: Card, amount: int) -> bool:
        is_free = not (card.is_cancelled or card.is_suspended or card.flags)
        return is_free and 0 < amount <= card.balance

    def transfer(self, source: Card, target: Card, amount: int) -> bool:
        if source is target or not self.may_give(source, amount):
            return False
        if target.is_cancelled or target.is_suspended or target.is_replaced:
            return False
        if self.now < source.active_from and target.active_from < source.active_from:
            return False
        days = (source.last_day, target.last_day)
        target.last_day = None if None in days else max(day for day in days if day)
        source.balance, source.broken = source.balance - amount, 0
        target.balance, target.broken = target.balance + amount, 0
        return True

    def replace(self, card: Card) -> Card | None:
        if card.is_replaced or not self.may_give(card, card.balance):
            return None
        made = Card(card.product, card.balance, card.last_day, card.active_from, is_vip=card.is_vip, holder=card.holder)
        card.balance, card.broken, card.is_replaced = 0, 0, True
        return made
