"""Escalations at the command line: handing a card over, and what Payments Support does with it."""

from argparse import Namespace
from dataclasses import replace

from models import desk
from models.desk import Answer, Escalation
from models.escalations import Which, escalation, listed
from models.handing_over import known_of
from models.packets import packet
from models.rules import wording
from models.rules.codes import masked
from models.rules.escalations import HandedOver
from models.rules.handing_over import filled
from models.rules.intakes import Intake, Symptom
from models.unit import Outcome, Session
from tui.console.lines import escalation_as_json
from tui.console.misuse import UsageError
from tui.console.opening import find_card, reading
from tui.console.outcomes import tell
from tui.console.output import complain, local, say, say_all, say_json, say_table
from tui.console.sitting import open_desk
from tui.console.values import intent_of

_MOST_AT_ONCE = 200


def escalate(asked: Namespace) -> int:
    """Hand a card over to Payments Support and print the packet to send."""
    session = open_desk(asked)
    card_id = find_card(session, asked.code)
    outcome = desk.escalate(
        session,
        card_id,
        Escalation(asked.why),
        asked.text,
        intake=_intake(asked),
        ref=asked.ref,
        intent=intent_of(asked),
    )
    if outcome.is_mendable:
        outcome = _with_options(outcome, session, card_id, asked)
    status = tell(asked, outcome, session, packet=outcome.hand_out)
    if outcome.hand_out is not None and not asked.json:
        say()
        say_all(outcome.hand_out)
    return status


def _with_options(refused: Outcome, session: Session, card_id: int, asked: Namespace) -> Outcome:
    """A refusal while nobody knows who calls names the options that say it."""
    known = known_of(session, card_id)
    intake = filled(_intake(asked) or Intake(), known.intake, Escalation(asked.why), asked.text)
    given = {"--caller": intake.name, "--email": intake.email}
    options = tuple(option for option, value in given.items() if value is None)
    if not options or not known.is_asked_for:
        return refused
    return replace(refused, sentence=f"{refused.sentence} Who calls is said with {wording.listed(options)}.")


def _intake(asked: Namespace) -> Intake | None:
    """What was given of the customer; None for nothing, so that the wish stays what it is without."""
    given = Intake(
        name=asked.caller,
        email=asked.email,
        symptom=None if asked.symptom is None else Symptom(asked.symptom),
        message=asked.message,
        screenshot=asked.screenshot,
        bought_when=asked.bought_when,
        bought_where=asked.bought_where,
    )
    return None if given == Intake() else given


def list_(asked: Namespace) -> int:
    """Print a list of escalations."""
    if asked.limit < 1:
        raise UsageError("--limit: at least one escalation.")
    session = open_desk(asked)
    lines, has_more = _first(session, Which(asked.which), asked.limit)
    if asked.json:
        say_json(
            {"which": asked.which, "has_more": has_more, "escalations": [escalation_as_json(line) for line in lines]}
        )
        return 0
    if lines:
        with reading(session.store):
            now = session.store.now()
        say_table([_cells(line, session, wording.span(now - line.opened_at)) for line in lines])
    else:
        say(_NOTHING[Which(asked.which)])
    if has_more:
        complain(f"There are more than these {asked.limit}; --limit shows more.")
    return 0


_NOTHING = {
    Which.OPEN: "Nothing waits with Payments Support.",
    Which.MINE: "You have no escalation in hand.",
    Which.ANSWERED: "You have read every answer of Payments Support to you.",
    Which.CLOSED: "Nothing was answered yet.",
}


def _first(session: Session, which: Which, limit: int) -> tuple[list[HandedOver], bool]:
    """So many of a list, read page by page, and whether there are more."""
    page = listed(session, which, most=min(limit, _MOST_AT_ONCE))
    lines = list(page.lines)
    while page.next_after is not None and len(lines) < limit:
        page = listed(session, which, page.next_after, min(limit - len(lines), _MOST_AT_ONCE))
        lines += page.lines
    return lines, page.next_after is not None


def _cells(line: HandedOver, session: Session, age: str) -> list[str]:
    opened = f"{local(line.opened_at, session.store.business)} by {wording.shortened(line.opened_by_name)}"
    return [line.id, masked(line.last_four), age, line.owner or "nobody", opened, line.answer or line.reason]


def show(asked: Namespace) -> int:
    """Print the packet of an escalation."""
    session = open_desk(asked)
    text = packet(session, asked.id)
    if asked.json:
        say_json({**escalation_as_json(escalation(session, asked.id)), "packet": text})
    else:
        say_all(text)
    return 0


def take(asked: Namespace) -> int:
    """Take an escalation in hand."""
    session = open_desk(asked)
    return tell(asked, desk.take_escalation(session, asked.id, reason=asked.reason, intent=intent_of(asked)))


def close(asked: Namespace) -> int:
    """Answer an escalation."""
    session = open_desk(asked)
    answer = Answer(asked.outcome)
    return tell(asked, desk.close_escalation(session, asked.id, answer, asked.text, intent=intent_of(asked)))


def seen(asked: Namespace) -> int:
    """Say that the answer was read."""
    session = open_desk(asked)
    return tell(asked, desk.see_answer(session, asked.id, intent=intent_of(asked)))
