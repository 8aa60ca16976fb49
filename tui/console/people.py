"""Who holds a card, and organisations with their VIP marks."""

from argparse import Namespace
from typing import Any

from models import desk
from models.desk import PersonGiven
from models.directory import OrganisationLine, organisation_called, organisations
from tui.console.opening import find_card
from tui.console.outcomes import tell
from tui.console.output import iso, say, say_json, say_table
from tui.console.sitting import open_desk
from tui.console.values import intent_of


def register(asked: Namespace) -> int:
    """Register a card to a person."""
    session = open_desk(asked)
    outcome = desk.register(
        session,
        find_card(session, asked.code),
        PersonGiven(asked.name, asked.email),
        organisation=asked.organisation,
        ref=asked.ref,
        intent=intent_of(asked),
    )
    return tell(asked, outcome, session)


def list_organisations(asked: Namespace) -> int:
    """List the organisations by name."""
    lines = organisations(open_desk(asked).store)
    if asked.json:
        say_json([_organisation_as_json(line) for line in lines])
    elif lines:
        say_table([[line.name, "VIP" if line.is_vip else "", line.vip_source or ""] for line in lines])
    else:
        say("No organisation is written down yet.")
    return 0


def show_organisation(asked: Namespace) -> int:
    """Show one organisation."""
    line = organisation_called(open_desk(asked).store, asked.name)
    if asked.json:
        say_json(_organisation_as_json(line))
        return 0
    say(f"{line.name} is a VIP." if line.is_vip else f"{line.name} is not a VIP.")
    if line.vip_source:
        say(f"Known by: {line.vip_source}")
    say(f"People: {line.people}")
    return 0


def _organisation_as_json(line: OrganisationLine) -> dict[str, Any]:
    return {
        "name": line.name,
        "vip": line.is_vip,
        "vip_source": line.vip_source,
        "vip_changed_at": iso(line.vip_changed_at),
        "people": line.people,
    }


def set_organisation(asked: Namespace) -> int:
    """Write down an organisation and its VIP mark."""
    session = open_desk(asked)
    outcome = desk.set_organisation(
        session,
        asked.name,
        is_vip=asked.vip,
        source=asked.source,
        reason=", ".join(part for part in (asked.reason, asked.ref and f"ticket {asked.ref}") if part) or None,
        intent=intent_of(asked),
    )
    return tell(asked, outcome)
