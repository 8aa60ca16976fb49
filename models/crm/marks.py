"""Organisations and their VIP marks, as a CRM tells them: what changes, and the change.

A mark that somebody at the desk set by an account note is the desk's: a CRM that knows nothing of it takes it not away.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from peewee import chunked

from models import audit
from models.crm.told import ToldOrganisation
from models.people import new_organisation
from models.rules.texts import search_key
from models.schema import Organisation
from models.unit import Unit

SOURCE: Final = "CRM"
"""How the desk's record says that a mark is known."""
_AT_ONCE: Final = 400


@dataclass(frozen=True, slots=True)
class Marked:
    """What a CRM's word on an organisation comes to."""

    told: ToldOrganisation
    id: int | None
    """Its number; None for one that is not here."""
    turns: bool | None = None
    """It becomes a VIP, or is one no more; None: its mark stays."""
    keeps_note: bool = False
    """It stays a VIP, for an account note says so, whatever the CRM says."""


def judge_marks(told: Sequence[ToldOrganisation]) -> list[Marked]:
    """What some organisations come to; within a transaction."""
    return [
        _judged(each, here.get(search_key(each.name)))
        for some in chunked(told, _AT_ONCE)
        for here in [organisations_by_key([search_key(each.name) for each in some])]
        for each in some
    ]


def organisations_by_key(keys: Sequence[str]) -> Mapping[str, Organisation]:
    """Those organisations that are here, by their names as they are compared; within a transaction."""
    return {
        row.name_key: row
        for some in chunked(sorted(set(keys)), _AT_ONCE)
        for row in Organisation.select().where(Organisation.name_key.in_(some))
    }


def _judged(told: ToldOrganisation, row: Organisation | None) -> Marked:
    id_, is_vip = (None, False) if row is None else (row.id, bool(row.is_vip))
    if told.is_vip is None or told.is_vip == is_vip:
        return Marked(told, id_)
    if row is not None and is_vip and row.vip_source != SOURCE:
        return Marked(told, id_, keeps_note=True)
    return Marked(told, id_, told.is_vip)


def write_marks(unit: Unit, marked: Sequence[Marked], reason: str) -> None:
    """Write down organisations that are not here, and marks that turn; within the transaction."""
    for each in marked:
        id_ = new_organisation(each.told.name).id if each.id is None else each.id
        if each.turns is not None:
            turn_mark(unit, Organisation.get_by_id(id_), is_vip=each.turns, reason=reason)


def turn_mark(unit: Unit, row: Organisation, *, is_vip: bool, reason: str) -> None:
    """Set or take away a mark, as the CRM's, and audit it."""
    before = {"is_vip": bool(row.is_vip), "source": row.vip_source}
    changes = {"is_vip": is_vip, "vip_source": SOURCE, "vip_changed_at": unit.now}
    Organisation.update(changes).where(Organisation.id == row.id).execute()
    audit.record(unit.hand, f"organisation:{row.id}", "set_vip", before, {"is_vip": is_vip, "source": SOURCE}, reason)


def marks_of_the_crm(after: int) -> list[Organisation]:
    """The next organisations, in the order of their numbers, that are VIPs by the CRM; within a transaction."""
    is_next = _is_of_the_crm() & (Organisation.id > after)
    return list(Organisation.select().where(is_next).order_by(Organisation.id).limit(_AT_ONCE))


def still_of_the_crm(rows: Sequence[Organisation]) -> list[Organisation]:
    """Of some organisations those that are VIPs by the CRM, read again; within a transaction."""
    return list(Organisation.select().where(Organisation.id.in_([row.id for row in rows]) & _is_of_the_crm()))


def _is_of_the_crm() -> Any:
    return (Organisation.is_vip == 1) & (Organisation.vip_source == SOURCE)
