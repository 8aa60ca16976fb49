"""Cards in lists and the people on them, as the command line prints them: in words, in cells and as JSON."""

from typing import Any

from models.finding import CardLine
from models.holdings import PersonLine
from models.records import Person
from models.rules import wording
from models.rules.money import format_money


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
