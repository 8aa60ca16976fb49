"""The people whom cards belong to: showing, correcting and merging them, and removing their data."""

from argparse import Namespace
from typing import Any

from models import desk
from models.holdings import Holdings, PersonLine, Removal, holdings, people_found, removals
from models.rules import wording
from models.rules.people import RemovalReason
from models.rules.validity import BusinessTime
from tui.console.lines import card_as_json, card_cells, organisation_in_words, person_as_json
from tui.console.opening import find_card
from tui.console.outcomes import tell
from tui.console.output import complain, iso, local, say, say_json, say_table
from tui.console.sitting import open_desk
from tui.console.values import intent_of

_NOBODY = "Nobody is found by that: give a record number, an e-mail address or a name."


def show(asked: Namespace) -> int:
    """Show a person with all cards, or list the people whom a text fits; exit code 1 when it fits nobody."""
    store = open_desk(asked).store
    found = people_found(store, " ".join(asked.person))
    held = holdings(store, found[0].id) if len(found) == 1 else None
    if asked.json:
        cards = {} if held is None else _holdings_as_json(held)
        say_json({"people": [_person_as_json(person) for person in found], **cards})
    elif held is not None:
        _say_holdings(held, store.business)
    elif found:
        say_table([_cells(person) for person in found], right=(0,))
        say("Several people: show one by the record number in front.")
    if not found and not asked.json:
        complain(_NOBODY)
    return 0 if found else 1


def _cells(person: PersonLine) -> list[str]:
    cards = wording.plural(person.cards, "card")
    return [str(person.id), person.name or "", person.email or "", organisation_in_words(person), cards]


def _say_holdings(held: Holdings, business: BusinessTime) -> None:
    person = held.person
    facts = [
        ("Record", str(person.id)),
        ("Name", person.name or "none"),
        ("E-mail", person.email or "none"),
        ("Belongs to", organisation_in_words(person) or "no organisation"),
        ("Known since", local(person.created_at, business)),
        *([("Merged", f"record {', '.join(map(str, person.merged))} into this one")] if person.merged else []),
        *([("Removed", local(person.removed_at, business))] if person.removed_at else []),
        *([("Removal", _asked(held.removal, business))] if held.removal else []),
    ]
    for name, text in facts:
        say(f"{name:<12}{text}")
    say()
    say(held.heading)
    if held.cards:
        say_table([card_cells(line, ", ".join(line.roles)) for line in held.cards], right=(2,))


def _asked(removal: Removal, business: BusinessTime) -> str:
    asked_at, lapses_at = local(removal.asked_at, business), local(removal.lapses_at, business)
    return f"asked for by {removal.asked_by} on {asked_at} under ticket {removal.ref}, lapses {lapses_at}"


def _person_as_json(person: PersonLine) -> dict[str, Any]:
    return {
        **person_as_json(person),
        "cards_total": person.cards,
        "merged": list(person.merged),
        "created_at": iso(person.created_at),
        "removed_at": iso(person.removed_at),
    }


def _holdings_as_json(held: Holdings) -> dict[str, Any]:
    return {
        "cards": [{**card_as_json(line), "roles": list(line.roles)} for line in held.cards],
        "totals_minor": dict(held.totals_minor),
        "removal": held.removal and _removal_as_json(held.removal),
    }


def correct(asked: Namespace) -> int:
    """Correct a person's name or e-mail address."""
    session = open_desk(asked)
    outcome = desk.correct_person(
        session,
        asked.id,
        name=asked.name,
        email=asked.email,
        card_id=None if asked.card is None else find_card(session, asked.card),
        ref=asked.ref,
        intent=intent_of(asked),
    )
    return tell(asked, outcome)


def merge(asked: Namespace) -> int:
    """Merge one record of a person into another."""
    outcome = desk.merge_people(
        open_desk(asked),
        asked.id,
        asked.into,
        organisation_of=asked.organisation_of,
        ref=asked.ref,
        intent=intent_of(asked),
    )
    return tell(asked, outcome)


def remove(asked: Namespace) -> int:
    """Ask for the removal of a person's data, or confirm what somebody else asked for."""
    why = RemovalReason(asked.why)
    outcome = desk.remove_person(open_desk(asked), asked.id, why=why, ref=asked.ref or "", intent=intent_of(asked))
    status = tell(asked, outcome)
    if outcome.facts.get("is_removed") and not asked.json:
        say("Backups and exports from before still hold it; what the desk's own file keeps goes with: giftdesk rebuild")
    return status


def list_removals(asked: Namespace) -> int:
    """List the requests to remove a person's data, the newest first."""
    store = open_desk(asked).store
    asked_for = removals(store)
    if asked.json:
        say_json([_removal_as_json(each) for each in asked_for])
    elif asked_for:
        say_table([_removal_cells(each, store.business) for each in asked_for], right=(1,))
    else:
        say("Nobody has asked for the removal of anybody's data.")
    return 0


def _removal_cells(removal: Removal, business: BusinessTime) -> list[str]:
    ends = {
        "open": f"lapses {local(removal.lapses_at, business)}",
        "lapsed": local(removal.lapses_at, business),
        "removed": f"{local(removal.confirmed_at, business)} by {removal.confirmed_by}",
    }
    asked = f"{local(removal.asked_at, business)} by {removal.asked_by}"
    return [
        removal.state,
        str(removal.person),
        removal.shown_name,
        removal.ref,
        removal.why.words,
        asked,
        ends[removal.state],
    ]


def _removal_as_json(removal: Removal) -> dict[str, Any]:
    return {
        "state": removal.state,
        "person": removal.person,
        "why": removal.why.value,
        "ref": removal.ref,
        "asked_at": iso(removal.asked_at),
        "asked_by": removal.asked_by,
        "lapses_at": iso(removal.lapses_at),
        "confirmed_at": iso(removal.confirmed_at),
        "confirmed_by": removal.confirmed_by,
    }
