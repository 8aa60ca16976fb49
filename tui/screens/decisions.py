"""What is asked before a card is changed, and which action of the desk then does it."""

from collections.abc import Callable
from dataclasses import dataclass

from textual.content import Content

from models import desk
from models.lookups import Warn
from models.people import PersonGiven
from models.rules import wording
from models.rules.money import format_money
from models.rules.policy import RECENTLY_EXPIRED, VIP
from models.rules.reactivation import Reactivation
from models.rules.roles import Action, role_refusal, who_may
from models.rules.texts import EMAIL, NOTE
from models.sheets import CardSheet
from models.unit import Outcome, Session, new_intent
from tui.pieces import joined, piece
from tui.screens.form import Field, Form
from tui.widgets.asking import Option, Typed

REASON = Field("reason", "Reason", is_required=True, longest=NOTE)


@dataclass(frozen=True, slots=True)
class Decision:
    """A dialog, and what confirming it does; the idempotency key is minted with it."""

    form: Form
    do: Callable[[Session, Typed], Outcome]
    hands_out: str = "For Payments Support"
    """The heading of what the outcome hands out."""
    is_secret: bool = False
    """Whether what is handed out is a code, which goes to no clipboard by itself."""


@dataclass(frozen=True, slots=True)
class Question:
    """A dialog whose answer is looked up first; then the decision is asked for."""

    form: Form
    look: Callable[[Session, Typed, Warn], Decision]
    """Changes nothing; says why when it takes long. Raises Refused or RuleError."""


def reactivate(sheet: CardSheet) -> Decision:
    """Show what comes back, until when, why, and the note; a suspension asks for a reason."""
    intent, planned = new_intent(), sheet.diagnosis.would_become
    assert planned is not None
    fields = (*((REASON,) if planned.lifts else ()), Field("note", "Add to the note", longest=NOTE))
    confirm = "Ask for approval" if sheet.diagnosis.approval else "Reactivate"
    form = Form(f"Reactivate {sheet.code_masked}", _what_happens(sheet, planned), fields, confirm=confirm)
    return Decision(
        form,
        lambda session, typed: desk.reactivate(
            session, sheet.card_id, note=typed["note"], reason=typed.get("reason"), intent=intent
        ),
    )


def _what_happens(sheet: CardSheet, planned: Reactivation) -> Content:
    holder = sheet.holder.shown_name if sheet.holder else "nobody on file"
    grounds = {
        VIP: f"{sheet.facts.organisation} is a VIP",
        RECENTLY_EXPIRED: f"expired less than {sheet.policy.window_hours} h ago",
    }
    because = "; ".join(grounds[ground] for ground in planned.grounds) or "the suspension is lifted, no ground needed"
    back = planned.restores_minor
    money = format_money(back or sheet.balance_minor, sheet.currency)
    note, must = _note(sheet, planned), sheet.diagnosis.approval
    rows = (
        ("Card of", holder),
        ("Because", because),
        *((("Lifts", f"the suspension: {sheet.suspended_reason or ''}"),) if planned.lifts else ()),
        ("Gives back" if back else "Keeps", money),
        ("Last day", wording.last_day(planned.last_day_on)),
        ("Note", note),
        *((("Approval", f"{who_may(Action.APPROVE)} must approve it: {' '.join(must)}"),) if must else ()),
    )
    return joined(piece(f"{label.ljust(11)}{text}") for label, text in rows)


def _note(sheet: CardSheet, planned: Reactivation) -> str:
    return sheet.policy.note if planned.grounds else sheet.policy.lift_note_for("your reason")


def _with_reason(title: str, confirm: str, do: Callable[..., Outcome], sheet: CardSheet, *, body: str = "") -> Decision:
    intent = new_intent()
    form = Form(f"{title} {sheet.code_masked}", body, (REASON,), confirm=confirm)
    return Decision(form, lambda session, typed: do(session, sheet.card_id, typed["reason"], intent=intent))


def suspend(sheet: CardSheet) -> Decision:
    """Ask for the reason of a hold."""
    return _with_reason("Suspend", "Suspend", desk.suspend, sheet)


def lift(sheet: CardSheet) -> Decision:
    """Ask for the reason to lift a hold; open flags are shown, for they stay."""
    flags = f"{wording.open_flags(len(sheet.flags)).capitalize()} and will stay open." if sheet.flags else ""
    return _with_reason("Lift the suspension of", "Lift", desk.lift, sheet, body=flags)


def note(sheet: CardSheet) -> Decision:
    """Ask for a note."""
    intent = new_intent()
    form = Form(f"Note on {sheet.code_masked}", "", (Field("note", "Note", True, NOTE),), confirm="Save")
    return Decision(form, lambda session, typed: desk.note(session, sheet.card_id, typed["note"], intent=intent))


def raise_flag(sheet: CardSheet) -> Decision:
    """Ask for what others must read first."""
    return _with_reason("Flag", "Raise the flag", desk.raise_flag, sheet)


def clear_flag(sheet: CardSheet) -> Decision:
    """Show the open flags, one to be chosen, and ask for the reason to clear it."""
    intent = new_intent()
    options = [
        Option(str(flag.number), f"{flag.reason} ({flag.actor}, {wording.moment(flag.at, sheet.business)})")
        for flag in sheet.flags
    ]
    form = Form(f"Clear a flag of {sheet.code_masked}", "", (REASON,), confirm="Clear the flag", options=options)
    return Decision(
        form,
        lambda session, typed: desk.clear_flag(
            session, sheet.card_id, typed["reason"], number=int(typed["choice"]), intent=intent
        ),
    )


def register(sheet: CardSheet) -> Decision:
    """Ask for the person; their organisation only of those who may link one."""
    intent = new_intent()
    may_link = role_refusal(sheet.agent.role, Action.LINK_ORGANISATION) is None
    fields = (
        Field("name", "Name"),
        Field("email", "E-mail", longest=EMAIL),
        *((Field("organisation", "Organisation"),) if may_link else ()),
    )
    holder = sheet.holder.shown_name if sheet.holder else "nobody on file"
    form = Form(f"Register {sheet.code_masked}", f"Belongs to {holder} until now.", fields, confirm="Register")
    return Decision(
        form,
        lambda session, typed: desk.register(
            session,
            sheet.card_id,
            PersonGiven(typed["name"], typed["email"]),
            organisation=typed.get("organisation", "").strip() or None,
            intent=intent,
        ),
    )
