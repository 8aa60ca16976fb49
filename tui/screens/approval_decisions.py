"""The dialog about what a colleague asked for, or one asked for oneself."""

from typing import Final

from models import desk
from models.rules.approvals import approval_refusal, withdrawal_refusal
from models.rules.asked import Asked
from models.rules.texts import NOTE
from models.sheets import CardSheet
from models.unit import Outcome, Session, new_intent
from tui.pieces import joined, piece
from tui.requests import request_rows
from tui.screens.decisions import Decision
from tui.screens.form import Field, Form
from tui.widgets.asking import Option, Typed

_APPROVE: Final = Option("approve", "Approve it: the card is reactivated at once")
_REFUSE: Final = Option("refuse", "Refuse it, with a reason that who asked will read")


def decide(sheet: CardSheet, asked: Asked) -> Decision:
    """What may be decided about a request by whoever looks at the card."""
    body = joined(piece(f"{label.ljust(11)}{text}") for label, text in request_rows(asked, sheet))
    agent, business, now = sheet.agent, sheet.business, sheet.judged_at
    intent = new_intent()
    if withdrawal_refusal(asked, agent.id, now, business) is None:
        form = Form(f"Withdraw your request for {sheet.code_masked}", body, confirm="Withdraw")
        return Decision(form, lambda session, _typed: desk.withdraw_approval(session, asked.id, intent=intent))
    refusal = approval_refusal(asked, sheet.facts, agent.id, agent.actor, sheet.policy, now, business)
    form = Form(
        f"Decide about {sheet.code_masked}",
        body,
        (Field("reason", "Reason, to refuse", longest=NOTE),),
        confirm="Decide",
        options=[_REFUSE] if refusal else [_APPROVE, _REFUSE],
        wrong=_no_reason,
    )

    def do(session: Session, typed: Typed) -> Outcome:
        if typed["choice"] == _APPROVE.value:
            return desk.approve(session, asked.id, intent=intent)
        return desk.refuse_approval(session, asked.id, typed["reason"], intent=intent)

    return Decision(form, do)


def _no_reason(typed: Typed) -> str | None:
    is_silent = typed["choice"] == _REFUSE.value and not typed["reason"].strip()
    return "Say why it is refused: who asked reads it." if is_silent else None
