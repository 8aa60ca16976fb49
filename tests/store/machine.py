"""A desk on which a machine does whatever comes to its mind, step by step beside plain arithmetic."""

import itertools
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from datetime import datetime, timedelta
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from store.circumstances import AMOUNTS, BESIDE, CARDS, LIMITS, PRODUCTS, STARTS, Limits, next_change
from store.counter import NOON
from store.reference import Card, Reference, cut_off

from models import desk
from models.clock import FixedClock
from models.jobs.expire import expire
from models.jobs.verify import verify
from models.locations import Place
from models.reports.movements import movements
from models.rules.status import unbroken_minor
from models.schema import GiftCard
from models.sheets import card_sheet
from models.store import open_store
from models.unit import Outcome, Session

MOMENT = timedelta(microseconds=1)


class Desk(RuleBasedStateMachine):
    """One desk with a few cards; every wish is made to the store and to the reference."""

    a_copy: ClassVar[Callable[[], AbstractContextManager[Place]]]
    zone: ClassVar[str]

    def __init__(self) -> None:
        super().__init__()
        self.closing = ExitStack()
        self.clock = FixedClock(NOON)
        self.store = open_store(self.closing.enter_context(type(self).a_copy()), self.clock)
        self.closing.enter_context(self.store.database.connected())
        self.agent = Session(self.store, "mia")
        self.colleague = Session(self.store, "sue")
        self.reference = Reference(self.zone, NOON)
        self.ids: list[int] = []
        self.keys = (f"wish-{number}" for number in itertools.count())
        self.done: list[tuple[Callable[[], Outcome], Outcome]] = []
        self.owed: dict[datetime, int] = {}

    def teardown(self) -> None:
        try:
            for card in self.ids:
                self.compare(card)
            assert not verify(self.store).findings
            self.tell_what_was_owed()
        finally:
            self.closing.close()

    @invariant()
    def remember_what_is_owed(self) -> None:
        """What can be spent or is still held at this instant, by the cards' rows."""
        now = self.clock.now()
        self.owed[now] = sum(unbroken_minor(card, now) for card in GiftCard.select())

    def tell_what_was_owed(self) -> None:
        """Whatever was done since: the movements come to what was owed at each instant, and on from one to the next."""
        instants = sorted(self.owed)
        told = list(movements(self.store, instants[-1] + MOMENT))
        for at in instants:
            assert sum(each.amount_minor for each in told if each.at <= at) == self.owed[at]
        since, until = (instant + MOMENT for instant in (instants[len(instants) // 2], instants[-1]))
        assert list(movements(self.store, until, since)) == [each for each in told if each.at >= since]

    # Both desks, side by side.

    def wish(self, function: Callable[..., Outcome], *arguments: object, **options: object) -> Outcome:
        return self.wish_of(self.agent, function, *arguments, **options)

    def wish_of(
        self, session: Session, function: Callable[..., Outcome], *arguments: object, **options: object
    ) -> Outcome:
        key = next(self.keys)

        def again() -> Outcome:
            return function(session, *arguments, intent=key, **options)

        outcome = again()
        assert not outcome.repeated
        if outcome.done:
            self.done.append((again, outcome))
        return outcome

    def card(self, choice: int) -> tuple[int, Card]:
        card = self.ids[choice % len(self.ids)]
        return card, self.reference.cards[card]

    def agree(self, outcome: Outcome, expected: bool, card: int) -> None:
        assert outcome.done is expected, outcome.sentence
        self.compare(card)

    def compare(self, card: int) -> None:
        expected, sheet = self.reference.cards[card], card_sheet(self.agent, card)
        is_past = self.reference.is_past(expected)
        stopped = sheet.broken_minor + (sheet.balance_minor if is_past else 0)
        assert (0 if is_past else sheet.balance_minor) == expected.balance
        assert stopped == expected.broken
        assert sheet.last_day_on == expected.last_day
        assert sheet.active_from_at == expected.active_from
        assert sheet.status == self.reference.status(expected)
        assert sheet.diagnosis.verdict == self.reference.verdict(expected)
        assert list(sheet.diagnosis.grounds) == self.reference.grounds(expected)
        assert {flag.number for flag in sheet.flags} == expected.flags
        assert (sheet.waiting is not None) is self.reference.waits(expected)

    def move_to(self, at: datetime, card: int) -> None:
        if at >= self.clock.now():
            self.clock.at = at
            self.reference.move_to(at)
            self.compare(self.ids[card % len(self.ids)])

    # Cards and money.

    @initialize(
        start=st.sampled_from(STARTS),
        product=st.sampled_from(("half", "days", "careful", "month-end")),
        limits=st.sampled_from(LIMITS),
    )
    def open_the_desk(self, start: datetime, product: str, limits: Limits) -> None:
        self.clock.at = start
        self.reference.move_to(start)
        above = {} if limits.above is None else {"GBP": limits.above}
        policy = {"approve_above": above, "repeat_limit": limits.repeats, "stop_at": limits.a_day}
        assert desk.set_policy(self.agent, **policy).done  # type: ignore[arg-type]
        self.reference.above, self.reference.repeats, self.reference.a_day = limits
        self.issue(product, 5000)

    @precondition(lambda self: len(self.ids) < 3)
    @rule(product=st.sampled_from(sorted(PRODUCTS)), amount=AMOUNTS)
    def issue(self, product: str, amount: int) -> None:
        expected = self.reference.issue(PRODUCTS[product][1], amount)
        outcome = self.wish(desk.issue, product, amount)
        assert outcome.done is (expected is not None), outcome.sentence
        if expected is not None and outcome.card_id is not None:
            self.ids.append(outcome.card_id)
            self.reference.cards[outcome.card_id] = expected
            self.compare(outcome.card_id)

    @rule(choice=CARDS, amount=AMOUNTS)
    def top_up(self, choice: int, amount: int) -> None:
        card, expected = self.card(choice)
        self.agree(self.wish(desk.top_up, card, amount), self.reference.top_up(expected, amount), card)

    @rule(choice=CARDS, amount=st.one_of(AMOUNTS, st.none()))
    def redeem(self, choice: int, amount: int | None) -> None:
        card, expected = self.card(choice)
        taken = amount or expected.balance or 1
        may = self.reference.may_redeem(expected, taken)
        outcome = self.wish(desk.redeem, card, taken)
        if may and outcome.done:
            self.reference.redeem(expected, taken, outcome.facts["number"])
        self.agree(outcome, may, card)

    @rule(choice=CARDS, amount=AMOUNTS, which=st.integers(0, 3))
    def refund(self, choice: int, amount: int, which: int) -> None:
        card, expected = self.card(choice)
        numbers = sorted(expected.redemptions) or [1]
        number = numbers[which % len(numbers)]
        outcome = self.wish(desk.refund, card, amount, of_number=number)
        self.agree(outcome, self.reference.refund(expected, amount, number), card)

    # Moving balances, correcting them, and ending a card.

    @rule(choice=CARDS, other=CARDS, amount=st.one_of(AMOUNTS, st.none()))
    def transfer(self, choice: int, other: int, amount: int | None) -> None:
        card, source = self.card(choice)
        to, target = self.card(other)
        may = self.reference.transfer(source, target, amount or source.balance)
        self.agree(self.wish(desk.transfer, card, to, amount, reason="wrong card"), may, card)
        self.compare(to)

    @precondition(lambda self: len(self.ids) < 4)
    @rule(choice=CARDS)
    def replace(self, choice: int) -> None:
        card, old = self.card(choice)
        expected = self.reference.replace(old)
        outcome = self.wish(desk.replace, card, "lost")
        self.agree(outcome, expected is not None, card)
        if expected is not None and outcome.card_id is not None:
            self.ids.append(outcome.card_id)
            self.reference.cards[outcome.card_id] = expected
            self.compare(outcome.card_id)

    @rule(choice=CARDS, days=st.sampled_from((0, 1, 40)))
    def extend(self, choice: int, days: int) -> None:
        card, expected = self.card(choice)
        until = (expected.last_day or self.reference.today) + timedelta(days=days)
        may = self.reference.extend(expected, until)
        self.agree(self.wish(desk.extend, card, until, "was ill"), may, card)

    @rule(choice=CARDS)
    def escalate(self, choice: int) -> None:
        card, expected = self.card(choice)
        outcome = self.wish(desk.escalate, card, desk.Escalation.WRONG_BALANCE, "till says less")
        expected.escalation = outcome.facts["escalation"]
        self.agree(outcome, True, card)

    @rule(choice=CARDS, amount=AMOUNTS, sign=st.sampled_from((1, -1)))
    def adjust(self, choice: int, amount: int, sign: int) -> None:
        card, expected = self.card(choice)
        may = self.reference.adjust(expected, sign * amount)
        wished = (card, sign * amount, expected.escalation or "E1-1", "till was down")
        self.agree(self.wish(desk.adjust, *wished), may, card)

    @rule(choice=CARDS, is_sure=st.sampled_from((False, False, True)))
    def cancel(self, choice: int, is_sure: bool) -> None:
        card, expected = self.card(choice)
        if is_sure:
            may = self.reference.cancel(expected)
            self.agree(self.wish(desk.cancel, card, "order returned"), may, card)

    # Holds, flags, holders.

    @rule(choice=CARDS)
    def suspend(self, choice: int) -> None:
        card, expected = self.card(choice)
        self.agree(self.wish(desk.suspend, card, "held"), self.reference.suspend(expected), card)

    @rule(choice=CARDS)
    def lift(self, choice: int) -> None:
        card, expected = self.card(choice)
        self.agree(self.wish(desk.lift, card, "found"), self.reference.lift(expected), card)

    @rule(choice=CARDS)
    def raise_flag(self, choice: int) -> None:
        card, expected = self.card(choice)
        outcome = self.wish(desk.raise_flag, card, "doubt")
        expected.flags.add(outcome.facts["number"])
        self.agree(outcome, True, card)

    @rule(choice=CARDS)
    def clear_flag(self, choice: int) -> None:
        card, expected = self.card(choice)
        number = min(expected.flags, default=1)
        outcome = self.wish(desk.clear_flag, card, "settled", number=number)
        was_open = number in expected.flags
        expected.flags.discard(number)
        self.agree(outcome, was_open, card)

    @rule(choice=CARDS)
    def note(self, choice: int) -> None:
        card, _ = self.card(choice)
        self.agree(self.wish(desk.note, card, "called again"), True, card)

    @rule(choice=CARDS, is_vip=st.booleans())
    def register(self, choice: int, is_vip: bool) -> None:
        card, expected = self.card(choice)
        name, organisation = ("Lin", "Northwind") if is_vip else ("Bo", None)
        person = desk.PersonGiven(name, f"{name}@example.org")
        may = not expected.is_cancelled
        if may:
            expected.is_vip, expected.holder = is_vip, name
        self.agree(self.wish(desk.register, card, person, organisation=organisation), may, card)

    @rule(choice=CARDS, is_vip=st.booleans())
    def mark(self, choice: int, is_vip: bool) -> None:
        card, _ = self.card(choice)
        self.reference.vip = is_vip
        self.agree(self.wish(desk.set_organisation, "Northwind", is_vip=is_vip), True, card)

    @rule(choice=CARDS, reason=st.sampled_from(("found", "found", None)))
    def reactivate(self, choice: int, reason: str | None) -> None:
        card, expected = self.card(choice)
        told = self.reference.reactivate(expected, reason is not None)
        outcome = self.wish(desk.reactivate, card, reason=reason)
        if outcome.done:
            assert told == ("asked" if "approval" in outcome.facts else "done")
        self.agree(outcome, told != "refused", card)

    @rule(choice=CARDS)
    def hold_and_bring_back(self, choice: int) -> None:
        self.suspend(choice)
        self.reactivate(choice, "found")

    # Approvals.

    @property
    def has_asked(self) -> bool:
        """Whether somebody asked for an approval of which nothing has come yet; it may have lapsed."""
        return any(card.request is not None for card in self.reference.cards.values())

    @precondition(lambda self: self.has_asked)
    @rule(choice=CARDS)
    def approve(self, choice: int) -> None:
        card, expected = self.asked(choice)
        outcome = self.wish_of(self.colleague, desk.approve, self.request_of(card))
        self.agree(outcome, self.reference.approve(expected), card)

    @precondition(lambda self: self.has_asked)
    @rule(choice=CARDS)
    def approve_what_one_asked_for(self, choice: int) -> None:
        card, _ = self.asked(choice)
        self.agree(self.wish(desk.approve, self.request_of(card)), False, card)

    @precondition(lambda self: self.has_asked)
    @rule(choice=CARDS)
    def refuse(self, choice: int) -> None:
        card, expected = self.asked(choice)
        outcome = self.wish_of(self.colleague, desk.refuse_approval, self.request_of(card), "not sure")
        self.agree(outcome, self.reference.settle(expected), card)

    @precondition(lambda self: self.has_asked)
    @rule(choice=CARDS)
    def withdraw(self, choice: int) -> None:
        card, expected = self.asked(choice)
        outcome = self.wish(desk.withdraw_approval, self.request_of(card))
        self.agree(outcome, self.reference.settle(expected), card)

    def asked(self, choice: int) -> tuple[int, Card]:
        """A card of which something was asked."""
        among = [card for card in self.ids if self.reference.cards[card].request is not None]
        card = among[choice % len(among)]
        return card, self.reference.cards[card]

    def request_of(self, card: int) -> int:
        """The number of the card's latest request."""
        asked = card_sheet(self.agent, card).facts.asked
        assert asked is not None
        return asked.id

    @precondition(lambda self: self.has_asked)
    @rule(choice=CARDS, beside=BESIDE)
    def wait_for_the_lapse(self, choice: int, beside: timedelta) -> None:
        _, expected = self.asked(choice)
        if expected.request is not None:
            self.move_to(expected.request.at + timedelta(hours=24) + beside, choice)

    # The run, the same wish again, and time.

    @rule(choice=CARDS)
    def run(self, choice: int) -> None:
        expire(self.agent)
        with self.store.database.reading():
            due = self.store.database.execute_sql(
                "SELECT count(*) FROM gift_card WHERE balance_minor > 0 AND cut_off_at <= ?",
                (int(self.clock.now().timestamp() * 1_000_000),),
            ).fetchone()
        assert due == (0,)
        self.compare(self.card(choice)[0])

    @precondition(lambda self: self.done)
    @rule(which=st.integers(0, 60), choice=CARDS)
    def wish_again(self, which: int, choice: int) -> None:
        again, first = self.done[which % len(self.done)]
        outcome = again()
        assert (outcome.done, outcome.sentence, outcome.facts) == (True, first.sentence, first.facts)
        assert outcome.repeated
        self.compare(self.card(choice)[0])

    @precondition(lambda self: self.done)
    @rule(choice=CARDS)
    def use_a_key_for_something_else(self, choice: int) -> None:
        card, _ = self.card(choice)
        assert not desk.note(self.agent, card, "another wish", intent="wish-0").done
        self.compare(card)

    @rule(length=st.sampled_from((1, 60, 3600, 86_400, 7 * 86_400, 40 * 86_400)), choice=CARDS)
    def wait(self, length: int, choice: int) -> None:
        self.move_to(self.clock.now() + timedelta(seconds=length), choice)

    @rule(choice=CARDS, beside=BESIDE)
    def wait_for_the_cut_off(self, choice: int, beside: timedelta) -> None:
        _, expected = self.card(choice)
        if expected.last_day is not None:
            self.move_to(cut_off(expected.last_day, self.zone) + beside, choice)

    @rule(choice=CARDS, beside=BESIDE)
    def wait_for_the_end_of_the_window(self, choice: int, beside: timedelta) -> None:
        _, expected = self.card(choice)
        if expected.last_day is not None:
            self.move_to(cut_off(expected.last_day, self.zone) + timedelta(hours=24) + beside, choice)

    @rule(choice=CARDS, beside=BESIDE)
    def wait_for_the_start(self, choice: int, beside: timedelta) -> None:
        _, expected = self.card(choice)
        self.move_to(expected.active_from + beside, choice)

    @rule(choice=CARDS, days=st.integers(0, 4), hour=st.integers(0, 23))
    def wait_for_a_clock_change(self, choice: int, days: int, hour: int) -> None:
        eve = next_change(self.clock.now(), self.zone) - timedelta(days=days)
        self.move_to(eve.replace(hour=hour, minute=30), choice)
