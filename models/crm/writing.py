"""People of a CRM as they are written down: new records, and changes of those that are here, all audited."""

from collections.abc import Sequence
from typing import Any

from models import audit
from models.crm.judging import Judged
from models.crm.marks import organisations_by_key
from models.desk.people import change_person
from models.people import PersonGiven, name_and_email, new_organisation, write_people
from models.rules.texts import search_key
from models.schema import Customer
from models.unit import Unit


def write_judged(unit: Unit, people: Sequence[Judged], reason: str) -> None:
    """Write down what some lines came to, within the transaction in which they were judged."""
    wanted = {judged.told.organisation_key: judged.told.organisation for judged in people if judged.told.organisation}
    rows = organisations_by_key([key for key in wanted if key])
    ids = {key: (rows[key] if key in rows else new_organisation(name)).id for key, name in wanted.items() if key}
    _write_new(unit, [judged for judged in people if judged.is_new], ids)
    for judged in people:
        if judged.is_changed:
            _change(unit, judged, ids, reason)


def _write_new(unit: Unit, people: Sequence[Judged], organisations: dict[str, int]) -> None:
    if not people:
        return
    fresh = unit.store.database.fresh_ids(Customer, len(people))
    rows = [_row(unit, id_, judged, organisations) for id_, judged in zip(fresh, people, strict=True)]
    write_people(rows)
    linked = [row for row in rows if row["organisation"] is not None]
    audit.record_first(
        unit.hand,
        [
            (f"customer:{row['id']}", "link", {"organisation": None}, {"organisation": row["organisation"]})
            for row in linked
        ],
    )


def _row(unit: Unit, id_: int, judged: Judged, organisations: dict[str, int]) -> dict[str, Any]:
    organisation = organisations.get(judged.told.organisation_key or "")
    return {
        "id": id_,
        **name_and_email(PersonGiven(judged.told.name, judged.told.email)),
        "organisation": organisation,
        "linked_at": None if organisation is None else unit.now,
        "created_at": unit.now,
    }


def _change(unit: Unit, judged: Judged, organisations: dict[str, int], reason: str) -> None:
    columns: dict[str, Any] = {}
    if judged.is_renamed and judged.told.name is not None:
        columns |= {"name": judged.told.name, "name_key": search_key(judged.told.name)}
    if judged.is_linked or judged.is_unlinked:
        columns |= {"organisation": organisations.get(judged.told.organisation_key or ""), "linked_at": unit.now}
    before = Customer.get_by_id(judged.id)
    change_person(unit, before, "link" if "organisation" in columns else "correct", reason, **columns)
