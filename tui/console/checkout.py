"""Trying a purchase, and restricting a card to one person, from the command line."""

from argparse import Namespace
from typing import Any

from models import desk
from models.checkout import simulate
from models.desk import PersonGiven
from models.rules.checkout import BULLET, Checkout
from tui.console.misuse import UsageError
from tui.console.opening import find_card
from tui.console.outcomes import tell
from tui.console.output import iso, say_behind, say_json, say_sentences
from tui.console.sitting import open_desk
from tui.console.values import intent_of, parse_time_of_card


def checkout(asked: Namespace) -> int:
    """Try a purchase and tell every rule that refuses it; exit code 1 when one does."""
    session = open_desk(asked)
    store = session.store
    at = None if asked.at is None else parse_time_of_card(asked.at, "--at", store.clock.now(), store.business)
    found = simulate(
        session,
        find_card(session, asked.code),
        typed=asked.amount,
        currency=asked.currency,
        at=at,
        place=asked.place,
        channel=asked.channel,
        email=asked.email,
    )
    if asked.json:
        say_json(_as_json(found))
    else:
        say_sentences(found.sentence)
        for refusal in found.refusals:
            say_behind(BULLET, refusal)
    return 0 if found.passes else 1


def _as_json(found: Checkout) -> dict[str, Any]:
    purchase = found.purchase
    return {
        "passes": found.passes,
        "sentence": found.sentence,
        "refusals": list(found.refusals),
        "pays_minor": found.pays_minor,
        "left_minor": found.left_minor,
        "rest_minor": found.rest_minor,
        "currency": purchase.currency,
        "at": iso(purchase.at),
        "place": purchase.place,
        "channel": purchase.channel,
    }


def restrict(asked: Namespace) -> int:
    """Let one person alone spend a card, or anybody again."""
    if asked.lift and asked.name is not None:
        raise UsageError("--lift lets anybody spend the card again: leave --name away.")
    session = open_desk(asked)
    person = None if asked.lift else PersonGiven(asked.name, asked.to)
    card_id = find_card(session, asked.code)
    outcome = desk.restrict(session, card_id, person, asked.reason, ref=asked.ref, intent=intent_of(asked))
    return tell(asked, outcome, session)
