"""Cancelling, replacing, extending, transferring and adjusting from the command line."""

from argparse import Namespace

from models import desk
from models.rules.money import parse_correction, parse_positive
from models.sheets import card_sheet
from tui.console.opening import find_card
from tui.console.outcomes import tell, tell_code, there_must_be_an_output
from tui.console.sitting import open_desk
from tui.console.values import intent_of, parse_date


def cancel(asked: Namespace) -> int:
    """Cancel a card for good."""
    session = open_desk(asked)
    card_id = find_card(session, asked.code)
    return tell(asked, desk.cancel(session, card_id, asked.reason, ref=asked.ref, intent=intent_of(asked)), session)


def replace(asked: Namespace) -> int:
    """Make a card in the place of another and print its code, which is kept nowhere."""
    there_must_be_an_output()
    session = open_desk(asked)
    card_id = find_card(session, asked.code)
    outcome = desk.replace(session, card_id, asked.reason, ref=asked.ref, intent=intent_of(asked))
    return tell_code(asked, outcome, session)


def extend(asked: Namespace) -> int:
    """Give a card a later last day."""
    until = parse_date(asked.until, "--until")
    session = open_desk(asked)
    card_id = find_card(session, asked.code)
    outcome = desk.extend(session, card_id, until, asked.reason, ref=asked.ref, intent=intent_of(asked))
    return tell(asked, outcome, session)


def transfer(asked: Namespace) -> int:
    """Move a balance, or a part of it, to another card."""
    session = open_desk(asked)
    card_id, to_card_id = find_card(session, asked.code), find_card(session, asked.to)
    currency = card_sheet(session, card_id).currency
    outcome = desk.transfer(
        session,
        card_id,
        to_card_id,
        None if asked.amount is None else parse_positive(asked.amount, currency),
        reason=asked.reason,
        ref=asked.ref,
        intent=intent_of(asked),
    )
    return tell(asked, outcome, session)


def adjust(asked: Namespace) -> int:
    """Correct a balance for an escalation."""
    session = open_desk(asked)
    card_id = find_card(session, asked.code)
    amount_minor = parse_correction(asked.amount, card_sheet(session, card_id).currency)
    outcome = desk.adjust(
        session, card_id, amount_minor, asked.escalation, asked.reason, ref=asked.ref, intent=intent_of(asked)
    )
    return tell(asked, outcome, session)
