"""Cards in lists and the people on them, as the command line prints them: in words, in cells and as JSON."""

from typing import Any

from models.card_lines import CardLine
from models.holdings import PersonLine
from models.records import Person
from models.rules import wording
from models.rules.codes import masked
from models.rules.escalations import HandedOver
from models.rules.money import format_money
from tui.console.output import iso


def card_cells(line: CardLine, last: str) -> list[str]:
    """A card in a table, with whatever the list says of it last."""
    return [
        line.code_masked,
        line.status.value,
        format_money(line.balance_minor, line.currency),
        wording.last_day(line.last_day_on),
        line.product_name,
        last,
    ]


def card_as_json(line: CardLine) -> dict[str, Any]:
    """A card of a list: money in minor units, the last day in the business zone."""
    return {
        "code_masked": line.code_masked,
        "status": line.status.value,
        "balance_minor": line.balance_minor,
        "currency": line.currency,
        "last_day": line.last_day_on.isoformat() if line.last_day_on else None,
        "product": line.product_name,
    }


def person_as_json(person: Person | PersonLine) -> dict[str, Any]:
    """Who somebody is."""
    return {
        "id": person.id,
        "name": person.name,
        "email": person.email,
        "organisation": person.organisation,
        "vip": person.is_vip,
    }


def person_in_words(person: Person | None) -> str:
    """Name, e-mail address and organisation, as far as they are known."""
    if person is None:
        return ""
    return ", ".join(part for part in (person.name, person.email, organisation_in_words(person)) if part)


def organisation_in_words(person: Person | PersonLine) -> str:
    """The organisation and its VIP mark; empty for who belongs to none."""
    return f"{person.organisation}{' (VIP)' if person.is_vip else ''}" if person.organisation else ""


def escalation_as_json(handed: HandedOver) -> dict[str, Any]:
    """An escalation: who has it, and what came of it."""
    return {
        "escalation": handed.id,
        "card": handed.card_id,
        "code_masked": masked(handed.last_four),
        "case": handed.case_id,
        "why": handed.why,
        "opened_at": iso(handed.opened_at),
        "opened_by": handed.opened_by_name,
        "owner": handed.owner,
        "taken_at": iso(handed.taken_at),
        "outcome": handed.outcome,
        "answer": handed.answer or None,
        "closed_at": iso(handed.closed_at),
        "closed_by": handed.closed_by,
        "seen_at": iso(handed.seen_at),
    }
