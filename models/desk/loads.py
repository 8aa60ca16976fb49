"""Putting money on cards: issuing and topping up."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from models.answering import add_code
from models.cards import LockedCard, new_locked
from models.chain import START
from models.desk.breakage import break_balance
from models.desk.judging import check_amount, judged, name_of, refused, with_ref
from models.errors import Refused
from models.hand import Hand
from models.ledger import append
from models.people import PersonGiven, customer_id
from models.products import ProductSheet, product_named, refuse_retired, rules_for_loading, sheet_of
from models.rules import wording
from models.rules.announcing import Unsellable, announce
from models.rules.codes import grouped, last_four, new_code
from models.rules.facts import own_card_refusal
from models.rules.journal import Entry, Kind
from models.rules.money import LARGEST_MINOR, check_currency, format_money
from models.rules.products import load_refusal
from models.rules.roles import Action
from models.rules.texts import NAME, REFERENCE, optional_line
from models.rules.validity import active_from, last_day, later
from models.schema import GiftCard
from models.unit import Outcome, Session, Unit, perform

_NOBODY: Final = PersonGiven()


def issue(
    session: Session,
    product_code: str,
    amount_minor: int,
    *,
    currency: str | None = None,
    recipient: PersonGiven = _NOBODY,
    purchaser: PersonGiven = _NOBODY,
    place: str | None = None,
    order_ref: str | None = None,
    is_goodwill: bool = False,
    ref: str | None = None,
    intent: str | None = None,
) -> Outcome:
    """Make a card and load it (minor units, above zero). The outcome hands out its code, told only now.

    Its facts have what the buyer is told on buying and what the gift e-mail says of the card's days.

    Goodwill marks a card that nobody paid for.
    """

    def work(unit: Unit) -> Outcome:
        check_amount(amount_minor)
        product = product_named(product_code)
        refuse_retired(product)
        sets = {"product": product.id, **_first_dates(unit, product), **_people(unit, recipient, purchaser)}
        code = new_code(unit.store.pick)
        card = new_card(unit, code, check_currency(currency or unit.store.currency), sets)
        entry = Entry(
            Kind.ISSUE,
            unit.now,
            amount_minor,
            place=optional_line(place, "place", NAME),
            order_ref=optional_line(order_ref, "order", REFERENCE),
            details=with_ref(ref, **({"goodwill": True} if is_goodwill else {}), sets=sets),
        )
        card = append(unit.hand, card, entry)
        money = format_money(amount_minor, card.currency)
        return Outcome(
            True,
            f"{name_of(card)} issued with {money}, {_since(unit, card)}{until(card)}.",
            card.id,
            {"last_four": card.last_four, "balance_minor": amount_minor, **_told(unit, product)},
            hand_out=grouped(code),
        )

    request = {
        "product": product_code,
        "amount": amount_minor,
        "currency": currency,
        "recipient": [recipient.name, recipient.email],
        "purchaser": [purchaser.name, purchaser.email],
        "place": place,
        "order": order_ref,
        "goodwill": is_goodwill,
        "ref": ref,
    }
    return perform(session, Action.ISSUE, intent, request, work)


def _first_dates(unit: Unit, product: ProductSheet) -> dict[str, Any]:
    """From when and until when a card issued now can be spent."""
    rules, business = rules_for_loading(product), unit.store.business
    starts_at, last_day_on = active_from(rules, unit.now, business), last_day(rules, unit.now, business)
    refusal = load_refusal(starts_at, last_day_on, unit.now, business)
    if refusal is not None:
        raise Refused(refusal)
    return {"active_from": starts_at.isoformat(), "last_day": last_day_on.isoformat() if last_day_on else None}


def _told(unit: Unit, product: ProductSheet) -> dict[str, str]:
    """What customers are told of a card issued now; nothing where no sensible days could be told."""
    try:
        told = announce(rules_for_loading(product), (), unit.now, unit.store.business, where=product.where)
    except Unsellable:
        return {}
    return {"buyer_line": told.buyer_line, "gift_email": told.gift_email}


def _since(unit: Unit, card: LockedCard) -> str:
    """From which day a card is active, for a sentence, when that lies ahead."""
    starts_at = card.state.active_from_at
    if starts_at is None or starts_at <= unit.now:
        return ""
    return f"active from {wording.weekday(unit.store.business.date_of(starts_at))}, "


def _people(unit: Unit, recipient: PersonGiven, purchaser: PersonGiven) -> dict[str, int]:
    """Who gets the card and who bought it, as far as they are named."""
    named = {"recipient": recipient.checked(), "purchaser": purchaser.checked()}
    return {role: customer_id(person, unit.now) for role, person in named.items() if person is not None}


def new_card(unit: Unit, code: str, currency: str, sets: Mapping[str, Any]) -> LockedCard:
    """An empty card that answers to a normalised code; the first activity, which sets those facts, must follow."""
    card_id: int = GiftCard.insert(
        product=sets["product"],
        currency=currency,
        last_four=last_four(code),
        balance_minor=0,
        broken_minor=0,
        active_from_at=datetime.fromisoformat(sets["active_from"]),
        head_number=0,
        head_mac=START,
        seal=START,
        changed_at=unit.now,
    ).execute()
    add_code(unit.store, card_id, code, is_alias=False)
    return new_locked(card_id, currency, last_four(code))


def top_up(
    session: Session,
    card_id: int,
    amount_minor: int,
    *,
    place: str | None = None,
    order_ref: str | None = None,
    is_goodwill: bool = False,
    ref: str | None = None,
    intent: str | None = None,
) -> Outcome:
    """Load a card again (minor units, above zero): the rules of its product, as they are now, decide how long.

    A balance past its cut-off breaks first and stays broken; the last day never becomes earlier.
    """

    def work(unit: Unit) -> Outcome:
        where = optional_line(place, "place", NAME)
        order = optional_line(order_ref, "order", REFERENCE)
        check_amount(amount_minor)
        record = judged(unit, card_id, Action.TOP_UP)
        own = own_card_refusal(record.facts(), unit.actor) if is_goodwill else None
        if own is not None:
            raise refused(unit, record, own)
        hand = unit.hand
        card = break_balance(hand, record.card)
        if card.state.balance_minor + amount_minor > LARGEST_MINOR:
            raise Refused("That is more than a gift card can hold.")
        details = with_ref(
            ref, **({"goodwill": True} if is_goodwill else {}), sets=_extension(hand, card, sheet_of(record.product))
        )
        entry = Entry(Kind.TOP_UP, unit.now, amount_minor, place=where, order_ref=order, details=details)
        card = append(hand, card, entry)
        return Outcome(
            True,
            f"{name_of(card)}: {format_money(amount_minor, card.currency)} loaded, "
            f"{format_money(card.state.balance_minor, card.currency)} on the card, {until(card)}.",
            card_id,
            {"balance_minor": card.state.balance_minor, "number": card.number},
        )

    request = {
        "card": card_id,
        "amount": amount_minor,
        "place": place,
        "order": order_ref,
        "goodwill": is_goodwill,
        "ref": ref,
    }
    return perform(session, Action.TOP_UP, intent, request, work)


def _extension(hand: Hand, card: LockedCard, product: ProductSheet) -> dict[str, Any]:
    """The last day that a load made now leaves the card with, if it moves."""
    new = last_day(rules_for_loading(product), hand.at, hand.business)
    last_day_on = later(card.state.last_day_on, new)
    assert card.state.active_from_at is not None
    refusal = load_refusal(card.state.active_from_at, last_day_on, hand.at, hand.business)
    if refusal is not None:
        raise Refused(refusal)
    if last_day_on == card.state.last_day_on:
        return {}
    return {"last_day": last_day_on.isoformat() if last_day_on else None}


def until(card: LockedCard) -> str:
    """How long a card is valid, for a sentence."""
    last = card.state.last_day_on
    return "without expiry" if last is None else f"valid until {wording.weekday(last)}"
