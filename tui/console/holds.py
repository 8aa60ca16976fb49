"""Reactivating, holding, flags and notes: what changes a card without moving a customer's money."""

from argparse import Namespace

from models import desk
from tui.console.misuse import UsageError
from tui.console.opening import find_card
from tui.console.outcomes import ASKED, tell
from tui.console.sitting import open_desk
from tui.console.values import intent_of


def reactivate(asked: Namespace) -> int:
    """Reactivate a card under the policy, or say what that would do."""
    session = open_desk(asked)
    outcome = desk.reactivate(
        session,
        find_card(session, asked.code),
        note=asked.note,
        reason=asked.reason,
        ref=asked.ref,
        intent=intent_of(asked),
        is_dry_run=asked.dry_run,
    )
    status = tell(asked, outcome, session, dry_run=asked.dry_run)
    return ASKED if outcome.done and "approval" in outcome.facts else status


def suspend(asked: Namespace) -> int:
    """Put a card on hold."""
    session = open_desk(asked)
    card_id = find_card(session, asked.code)
    return tell(asked, desk.suspend(session, card_id, asked.reason, ref=asked.ref, intent=intent_of(asked)), session)


def lift(asked: Namespace) -> int:
    """Take a card off hold."""
    session = open_desk(asked)
    card_id = find_card(session, asked.code)
    return tell(asked, desk.lift(session, card_id, asked.reason, ref=asked.ref, intent=intent_of(asked)), session)


def flag(asked: Namespace) -> int:
    """Raise a flag, or clear one."""
    if asked.number is not None and not asked.clear:
        raise UsageError("--number names the flag to clear; add --clear, or leave it away to raise a flag.")
    session = open_desk(asked)
    card_id = find_card(session, asked.code)
    if asked.clear:
        outcome = desk.clear_flag(
            session, card_id, asked.reason, number=asked.number, ref=asked.ref, intent=intent_of(asked)
        )
    else:
        outcome = desk.raise_flag(session, card_id, asked.reason, ref=asked.ref, intent=intent_of(asked))
    return tell(asked, outcome, session)


def note(asked: Namespace) -> int:
    """Write a note."""
    session = open_desk(asked)
    card_id = find_card(session, asked.code)
    outcome = desk.note(session, card_id, " ".join(asked.text), ref=asked.ref, intent=intent_of(asked))
    return tell(asked, outcome, session)
