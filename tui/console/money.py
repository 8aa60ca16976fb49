"""Issuing, loading, redeeming and refunding from the command line."""

from argparse import Namespace
from collections.abc import Callable
from typing import Any

from models import desk
from models.desk import PersonGiven
from models.rules.money import check_currency, parse_positive
from models.sheets import card_sheet
from models.unit import Outcome
from tui.console.opening import find_card
from tui.console.outcomes import tell, tell_code, there_must_be_an_output
from tui.console.sitting import open_desk
from tui.console.values import intent_of


def issue(asked: Namespace) -> int:
    """Issue a card and print its code, which is kept nowhere."""
    there_must_be_an_output()
    session = open_desk(asked)
    currency = check_currency(asked.currency or session.store.currency)
    outcome = desk.issue(
        session,
        asked.product,
        parse_positive(asked.amount, currency),
        currency=currency,
        recipient=PersonGiven(asked.name, asked.email),
        purchaser=PersonGiven(asked.purchaser_name, asked.purchaser_email),
        place=asked.place,
        order_ref=asked.order,
        is_goodwill=asked.goodwill,
        ref=asked.ref,
        intent=intent_of(asked),
    )
    return tell_code(asked, outcome, session)


def top_up(asked: Namespace) -> int:
    """Load a card again."""
    return _move(asked, desk.top_up, place=asked.place, order_ref=asked.order, is_goodwill=asked.goodwill)


def redeem(asked: Namespace) -> int:
    """Take money from a card."""
    return _move(asked, desk.redeem, place=asked.place, channel=asked.channel, email=asked.email, order_ref=asked.order)


def refund(asked: Namespace) -> int:
    """Give back what a redemption took."""
    return _move(asked, desk.refund, of_order=asked.of, of_number=asked.number)


def _move(asked: Namespace, action: Callable[..., Outcome], **more: Any) -> int:
    """Move an amount, in the card's own currency. Raises BadAmount, UnknownCode."""
    session = open_desk(asked)
    card_id = find_card(session, asked.code)
    amount_minor = parse_positive(asked.amount, card_sheet(session, card_id).currency)
    return tell(asked, action(session, card_id, amount_minor, ref=asked.ref, intent=intent_of(asked), **more), session)
