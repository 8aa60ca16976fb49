"""What is asked before a purchase is tried, and what was typed means."""

from datetime import datetime
from typing import Final

from models.checkout import simulate
from models.rules.checkout import Checkout
from models.rules.instants import parse_moment
from models.rules.limits import STORE, WEB
from models.rules.money import format_money
from models.rules.texts import EMAIL
from models.sheets import CardSheet
from models.unit import Session
from tui.pieces import joined, piece
from tui.screens.form import Field, Form, unreadable
from tui.widgets.asking import Option, Typed

_CHANNELS: Final = (
    Option("", "In a store or in the web shop: not said"),
    Option(STORE, "In a store"),
    Option(WEB, "In the web shop"),
)


def form_for(session: Session, sheet: CardSheet) -> Form:
    """Ask for the purchase; what stays empty is all that there is, nowhere in particular, when the card is shown."""
    all_of_it = f" if not all {format_money(sheet.balance_minor, sheet.currency)}" if sheet.balance_minor else ""
    fields = (
        Field("amount", f"Amount,{all_of_it} (25.00, or 25.00 EUR)" if all_of_it else "Amount: 25.00, or 25.00 EUR"),
        Field("place", "Place"),
        Field("email", "E-mail address of who pays", longest=EMAIL),
        Field("when", "When, if not at that time: tomorrow 9:05, 21 May 2026 14:30" if sheet.as_of else _WHEN),
    )
    limits = sheet.facts.limits
    only = [f"It can be spent only {limits.where}."] if limits.where else []
    only += [f"One person alone can spend it: {limits.person}."] if limits.is_personal else []
    return Form(
        f"Try a purchase with {sheet.code_masked}",
        joined(map(piece, only)) if only else "",
        fields,
        confirm="Try",
        options=_CHANNELS,
        wrong=unreadable("when", lambda text: _instant(session, sheet, text)),
    )


_WHEN: Final = "When, if not now: tomorrow 9:05, 21 May 2026 14:30"


def _instant(session: Session, sheet: CardSheet, text: str) -> datetime:
    return parse_moment(text, session.store.clock.now(), sheet.business)


def tried(session: Session, sheet: CardSheet, typed: Typed) -> Checkout:
    """What came of trying what was typed. Raises RuleError or Refused for what can't be meant."""
    words = typed["amount"].split()
    currency = words.pop() if len(words) > 1 and words[-1].isalpha() else None
    shown_at = sheet.as_of.at if sheet.as_of else None
    return simulate(
        session,
        sheet.card_id,
        typed=" ".join(words) or None,
        currency=currency,
        at=_instant(session, sheet, typed["when"]) if typed["when"].strip() else shown_at,
        place=typed["place"],
        channel=typed["choice"],
        email=typed["email"],
    )
