"""Issuing, loading, redeeming and refunding from the command line."""

import sys
from argparse import Namespace

from models import desk
from models.desk import PersonGiven
from models.rules.money import check_currency, parse_positive
from models.sheets import card_sheet
from models.unit import Session
from tui.console.grammar import UsageError
from tui.console.opening import find_card, open_desk
from tui.console.outcomes import tell, telling
from tui.console.output import say
from tui.console.values import intent_of


def issue(asked: Namespace) -> int:
    """Issue a card and print its code, which is kept nowhere."""
    if sys.stdout is None:
        raise UsageError("There is nowhere to print the code, which is told only once. Nothing was changed.")
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
    code = outcome.hand_out
    status = tell(asked, outcome, session, code=code and code.replace(" ", ""))
    if code is not None and not asked.json:
        with telling(outcome):
            say(code)
    return status


def _card_and_amount(session: Session, asked: Namespace) -> tuple[int, int]:
    """A card, and an amount in minor units of its currency. Raises BadAmount, UnknownCode."""
    card_id = find_card(session, asked.code)
    return card_id, parse_positive(asked.amount, card_sheet(session, card_id).currency)


def top_up(asked: Namespace) -> int:
    """Load a card again."""
    session = open_desk(asked)
    card_id, amount_minor = _card_and_amount(session, asked)
    outcome = desk.top_up(
        session,
        card_id,
        amount_minor,
        place=asked.place,
        order_ref=asked.order,
        is_goodwill=asked.goodwill,
        ref=asked.ref,
        intent=intent_of(asked),
    )
    return tell(asked, outcome, session)


def redeem(asked: Namespace) -> int:
    """Take money from a card."""
    session = open_desk(asked)
    card_id, amount_minor = _card_and_amount(session, asked)
    outcome = desk.redeem(
        session,
        card_id,
        amount_minor,
        place=asked.place,
        order_ref=asked.order,
        ref=asked.ref,
        intent=intent_of(asked),
    )
    return tell(asked, outcome, session)


def refund(asked: Namespace) -> int:
    """Give back what a redemption took."""
    session = open_desk(asked)
    card_id, amount_minor = _card_and_amount(session, asked)
    outcome = desk.refund(
        session,
        card_id,
        amount_minor,
        of_order=asked.of,
        of_number=asked.number,
        ref=asked.ref,
        intent=intent_of(asked),
    )
    return tell(asked, outcome, session)
