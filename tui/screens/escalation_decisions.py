"""The dialogs in which a card is handed over to Payments Support, taken there, and answered."""

from dataclasses import replace
from typing import Any, Final

from models import desk
from models.handing_over import Known
from models.packets import packet
from models.rules.escalations import ANSWERS, HandedOver, standing
from models.rules.intakes import Intake
from models.rules.texts import EMAIL, NAME, NOTE
from models.sheets import CardSheet
from models.unit import Outcome, Session, new_intent
from tui.hand_overs import likely_reason, likely_words
from tui.screens.decisions import Decision
from tui.screens.form import Field, Form
from tui.widgets.asking import Choice, Option, Typed

_TYPED: Final = ("name", "email", "screenshot", "bought_when", "bought_where")


def heading(handed: HandedOver) -> str:
    """What stands over the packet of an escalation."""
    return f"Escalation {handed.id}"


def hand_over(sheet: CardSheet, known: Known) -> Decision:
    """Ask why, the likeliest reason first, what was seen, and of the customer what nobody knows."""
    intent, likely, intake = new_intent(), likely_reason(sheet), known.intake
    reasons = sorted(desk.Escalation, key=lambda why: why is not likely)
    who = ", ".join(part for part in (intake.name, intake.email) if part)
    handed = sheet.handed
    already = standing(handed, sheet.business) if handed is not None and handed.is_open else ""
    form = Form(
        f"Escalate {sheet.code_masked} to Payments Support",
        "\n".join(part for part in (f"For {who}" if who else "", already) if part),
        (
            Field(
                "text",
                "What the customer sees, and what was tried",
                is_required=True,
                longest=NOTE,
                value=likely_words(sheet),
            ),
            *_asked(known),
        ),
        confirm="Hand over",
        options=[Option(why.value, why.words) for why in reasons],
    )

    return Decision(
        form,
        lambda session, typed: desk.escalate(
            session, sheet.card_id, desk.Escalation(typed["choice"]), typed["text"], intake=_given(typed), intent=intent
        ),
    )


def _asked(known: Known) -> tuple[Field, ...]:
    """What the intake lacks."""
    intake, is_needed = known.intake, known.is_asked_for
    fields = (
        Field("name", "The customer's full name", is_required=is_needed, longest=NAME),
        Field("email", "The customer's e-mail address", is_required=is_needed, longest=EMAIL),
        Field("screenshot", "Where a screenshot lies", longest=NAME),
        Field("bought_when", "About when the card was bought", longest=NAME),
        Field("bought_where", "Where it was bought", longest=NAME),
    )
    return tuple(field for field in fields if getattr(intake, field.id) is None)


def _given(typed: Typed) -> Intake | None:
    said: dict[str, Any] = {name: typed[name].strip() or None for name in _TYPED if name in typed}
    given = Intake(**said)
    return None if given == Intake() else given


def next_step(sheet: CardSheet, handed: HandedOver) -> Decision:
    """What Payments Support does next with an open escalation: take it, take it over, or answer it."""
    if handed.owner_id is None:
        return _take(handed, "Take", "")
    if handed.owner_id != sheet.agent.id:
        return _take(handed, "Take over", standing(handed, sheet.business))
    return _answer(sheet, handed)


def _take(handed: HandedOver, confirm: str, body: str) -> Decision:
    intent = new_intent()
    fields = (Field("reason", "Why you take it over", is_required=True, longest=NOTE),) if body else ()
    form = Form(f"{confirm} escalation {handed.id}", body or handed.reason, fields, confirm=confirm)

    def take(session: Session, typed: Typed) -> Outcome:
        taken = desk.take_escalation(session, handed.id, reason=typed.get("reason"), intent=intent)
        return _with_packet(session, handed, taken)

    return Decision(form, take, heading(handed))


class AnswerForm(Form):
    """What came of an escalation is chosen first: nothing stands there that a hasty Enter would answer."""

    def begin(self) -> None:
        """Begin at the choice."""
        self.query_one(Choice).focus()


_TO_CHOOSE: Final = Option("", "Choose what came of it")


def _answer(sheet: CardSheet, handed: HandedOver) -> Decision:
    intent = new_intent()
    is_corrected = any(line.details.get("escalation") == handed.id for line in sheet.money_activities)
    answers = [Option(answer.value, answer.words) for answer in ANSWERS]
    form = AnswerForm(
        f"Answer escalation {handed.id}",
        f"{handed.opened_by_name} asked: {handed.reason}",
        (Field("text", "What the agent should know; needed for 'something else'", longest=NOTE),),
        confirm="Answer",
        # A balance that was adjusted for it has been corrected.
        options=answers if is_corrected else [_TO_CHOOSE, *answers],
        wrong=lambda typed: None if typed["choice"] else "Choose what came of it: Left and Right change it.",
    )

    def answer(session: Session, typed: Typed) -> Outcome:
        given = desk.Answer(typed["choice"])
        closed = desk.close_escalation(session, handed.id, given, typed["text"], intent=intent)
        return _with_packet(session, handed, closed)

    return Decision(form, answer, heading(handed))


def _with_packet(session: Session, handed: HandedOver, outcome: Outcome) -> Outcome:
    """What was done, and the packet as it is then."""
    return replace(outcome, hand_out=packet(session, handed.id)) if outcome.done else outcome
