"""What is asked before a balance is moved, corrected or given back, or a card lives longer: each with its figures."""

from typing import Final

from textual.content import Content

from models import desk
from models.errors import Refused
from models.lookups import Warn, card_answering
from models.rules import wording
from models.rules.dates import read_day
from models.rules.journal import Kind
from models.rules.money import format_money, parse_correction, parse_positive
from models.rules.status import unbroken_minor
from models.rules.texts import REFERENCE
from models.rules.transfers import last_day_after, receiving_refusal
from models.sheets import CardSheet, card_sheet
from models.unit import Session, new_intent
from tui.pieces import joined, piece
from tui.screens.decisions import REASON, Decision, Question
from tui.screens.form import Field, Form, unreadable
from tui.widgets.asking import Option, Typed

_LABEL_CELLS: Final = 13


def _rows(*rows: tuple[str, str]) -> Content:
    return joined(piece(f"{label.ljust(_LABEL_CELLS)}{text}") for label, text in rows)


def _holder(sheet: CardSheet) -> str:
    return sheet.holder.shown_name if sheet.holder else "nobody on file"


def _only_for(sheet: CardSheet) -> tuple[tuple[str, str], ...]:
    """Who alone may spend it then, if it is somebody."""
    return () if sheet.restricted_to is None else (("Only for", sheet.restricted_to.in_words),)


def _money(sheet: CardSheet, minor: int) -> str:
    return format_money(minor, sheet.currency)


def cancel(sheet: CardSheet) -> Decision:
    """Say what goes back to the payer, and that it is final."""
    intent = new_intent()
    returned = unbroken_minor(sheet.facts, sheet.judged_at)
    body = _rows(
        ("Card of", _holder(sheet)),
        ("Goes back", f"{_money(sheet, returned)} to the payer" if returned else "nothing"),
        ("After that", "nothing moves on this card any more: this is final"),
    )
    form = Form(f"Cancel {sheet.code_masked}", body, (REASON,), confirm="Cancel the card")
    return Decision(form, lambda session, typed: desk.cancel(session, sheet.card_id, typed["reason"], intent=intent))


def replace(sheet: CardSheet) -> Decision:
    """Say what the card in its place takes over, and that its code is shown once."""
    intent = new_intent()
    body = _rows(
        ("Card of", _holder(sheet)),
        ("Moves", f"{_money(sheet, sheet.balance_minor)} to a card made for it"),
        ("Last day", wording.last_day(sheet.last_day_on)),
        *_only_for(sheet),
        ("This code", "only points to that card from then on"),
        ("Its code", "is shown once, after Enter"),
    )
    form = Form(f"Replace {sheet.code_masked}", body, (REASON,), confirm="Replace the card")
    return Decision(
        form,
        lambda session, typed: desk.replace(session, sheet.card_id, typed["reason"], intent=intent),
        hands_out="The code of the card in its place",
        is_secret=True,
    )


def extend(sheet: CardSheet) -> Decision:
    """Ask for the last day."""
    intent = new_intent()
    body = _rows(
        ("Card of", _holder(sheet)),
        ("Balance", _money(sheet, sheet.balance_minor)),
        ("Last day", f"{wording.last_day(sheet.last_day_on)} until now"),
    )
    until = Field("until", "Last day: 2027-01-31 or 31 Jan 2027", True)
    wrong = unreadable("until", read_day)
    form = Form(f"Extend {sheet.code_masked}", body, (until, REASON), confirm="Extend", wrong=wrong)
    return Decision(
        form,
        lambda session, typed: desk.extend(
            session, sheet.card_id, read_day(typed["until"]), typed["reason"], intent=intent
        ),
    )


def adjust(sheet: CardSheet) -> Decision:
    """Ask for the amount, and for which escalation."""
    intent = new_intent()
    escalated = [line for line in sheet.activities if line.kind is Kind.ESCALATED and "escalation" in line.details]
    options = [
        Option(str(line.details["escalation"]), f"{line.details['escalation']}: {line.reason or ''} ({line.actor})")
        for line in escalated
    ]

    def minor(typed: str) -> int:
        return parse_correction(typed, sheet.currency)

    fields = (
        Field("amount", "Amount: 5.00 adds, -5.00 takes off", True),
        *(() if options else (Field("choice", "Escalation", True, REFERENCE),)),
        REASON,
    )
    body = _rows(("Card of", _holder(sheet)), ("Balance", _money(sheet, sheet.balance_minor)))
    wrong = unreadable("amount", minor)
    form = Form(f"Adjust {sheet.code_masked}", body, fields, confirm="Adjust", options=options, wrong=wrong)
    return Decision(
        form,
        lambda session, typed: desk.adjust(
            session,
            sheet.card_id,
            minor(typed["amount"]),
            typed["choice"],
            typed["reason"],
            intent=intent,
        ),
    )


def transfer(sheet: CardSheet) -> Question:
    """Ask for the other card and how much; what that does is said before it is done."""

    def minor(typed: str) -> int:
        return parse_positive(typed, sheet.currency)

    def look(session: Session, typed: Typed, warn: Warn) -> Decision:
        wished = typed["amount"].strip()
        return _transfer_to(sheet, _other(session, sheet, typed["to"], warn), minor(wished) if wished else None)

    body = _rows(("Card of", _holder(sheet)), ("Balance", _money(sheet, sheet.balance_minor)))
    fields = (Field("to", "Code of the other card", True, takes_code=True), Field("amount", "Amount, if not all of it"))
    title, wrong = f"Move the balance of {sheet.code_masked}", unreadable("amount", minor)
    return Question(Form(title, body, fields, confirm="Look", wrong=wrong), look)


def _other(session: Session, sheet: CardSheet, code: str, warn: Warn) -> CardSheet:
    """The card that answers to a code. Raises NoSuchCode, Refused when it can't take the balance."""
    card_id = card_answering(session, code, warn=warn)
    if card_id == sheet.card_id:
        raise Refused("That is the code of this card: give the other one.")
    other = card_sheet(session, card_id)
    refusal = receiving_refusal(sheet.facts, other.facts, sheet.agent.actor, other.judged_at, sheet.business)
    if refusal is not None:
        raise Refused(refusal)
    return other


def _transfer_to(sheet: CardSheet, other: CardSheet, wished_minor: int | None) -> Decision:
    intent = new_intent()
    moved = sheet.balance_minor if wished_minor is None else wished_minor
    if moved > sheet.balance_minor:
        raise Refused(f"The card holds {_money(sheet, sheet.balance_minor)}, less than {_money(sheet, moved)}.")
    takes_over = other.facts.never_had_money
    body = _rows(
        ("From", f"{sheet.code_masked}, {_holder(sheet)}"),
        ("To", f"{other.code_masked}, {_holder(sheet if takes_over else other)}"),
        ("Moves", f"{_money(sheet, moved)}, leaves {_money(sheet, sheet.balance_minor - moved)}"),
        ("Then on it", _money(sheet, unbroken_minor(other.facts, other.judged_at) + moved)),
        ("Last day", wording.last_day(last_day_after(sheet.facts, other.facts))),
        *_only_for(sheet if takes_over and other.restricted_to is None else other),
    )
    form = Form(f"Move the balance of {sheet.code_masked}", body, (REASON,), confirm="Move it")
    return Decision(
        form,
        lambda session, typed: desk.transfer(
            session, sheet.card_id, other.card_id, wished_minor, reason=typed["reason"], intent=intent
        ),
    )
