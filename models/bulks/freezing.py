"""A bulk's list of cards, written down page by page while tills go on; none of it counts before it is sealed.

It is sealed in one transaction with what was asked, and from there on nothing is added to it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from models import audit
from models.bulks.choosing import Registered
from models.bulks.facts import Bulk
from models.bulks.judging import Given
from models.bulks.keeping import audited, bulk_numbered_in, bulk_seal, list_digest, subject, text_of
from models.chain import START
from models.engine import SHARED
from models.errors import Refused
from models.jobs.batches import carry_out as in_one_transaction
from models.people import customer_id, new_organisation, organisation_named
from models.rows import insert_values
from models.rules.roles import Action, who_may
from models.rules.wording import plural, weekday_moment
from models.schema import Bulk as BulkRow
from models.schema import BulkCard
from models.unit import Outcome, Session, Unit, begin, perform

NOTHING: Final = "Nothing was changed."
OTHER: Final = "This is not what you saw any more: cards have changed meanwhile. Nothing was done; look again."
_UNKNOWN: Final = "The answer to the last change was lost, and no card was changed: begin it anew."


@dataclass(frozen=True, slots=True)
class OnList:
    """A card that is to be written on a list."""

    given: Given
    registered: Registered | None = None


def lay_down(session: Session, asked: Bulk) -> Bulk:
    """The bulk with a number, and nothing on its list."""

    def write() -> Bulk:
        unit = begin(session, Action.BULK)
        (id_,) = unit.store.database.fresh_ids(BulkRow, 1)
        BulkRow.insert(
            id=id_,
            kind=asked.kind,
            undoes=asked.undoes,
            wish=dict(asked.wish),
            reason=asked.reason,
            ref=asked.ref,
            policy=asked.policy,
            asked_at=unit.now,
            asked_by=unit.agent.id,
            asked_by_name=unit.agent.name,
        ).execute()
        return replace(asked, id=id_, at=unit.now, by_id=unit.agent.id, by=unit.agent.name)

    return in_one_transaction(session.store, write, lambda: False, aftermath=NOTHING, unknown=_UNKNOWN)


def write_list(session: Session, bulk: Bulk, cards: Sequence[OnList]) -> Bulk:
    """The bulk with some more cards on its list, and the digest of it so far."""
    store = session.store

    def write() -> list[Given]:
        unit = begin(session, Action.BULK)
        if any(each.registered is not None for each in cards):
            store.database.hold(SHARED)
        given = [_resolved(unit, each) for each in cards]
        columns = ("bulk", "card", "until_on", "customer_id", "organisation_id")
        rows = [(bulk.id, each.card_id, each.until, each.person_id, each.organisation_id) for each in given]
        insert_values(BulkCard, columns, rows)
        return given

    def is_there() -> bool:
        query = "SELECT 1 FROM bulk_card WHERE bulk_id = ? AND card_id = ?"
        return store.database.execute_sql(query, (bulk.id, cards[-1].given.card_id)).fetchone() is not None

    given = in_one_transaction(store, write, is_there, aftermath=NOTHING, unknown=_UNKNOWN)
    digest = list_digest(store.keys, bulk.digest or START, given)
    return replace(bulk, digest=digest)


def _resolved(unit: Unit, card: OnList) -> Given:
    """What the list says of a card: people and organisations by their records, made where there are none."""
    if card.registered is None:
        return card.given
    name = card.registered.organisation
    organisation = None
    if name is not None:
        organisation = (organisation_named(name) or new_organisation(name)).id
    return replace(card.given, person_id=customer_id(card.registered.person, unit.now), organisation_id=organisation)


def make_ready(
    session: Session,
    bulk: Bulk,
    intent: str | None,
    request: Any,
    also: Callable[[Unit], None] | None = None,
) -> Outcome:
    """Seal a bulk whose list is complete: from then on it is asked for. More may be done in the same transaction."""

    def work(unit: Unit) -> Outcome:
        made = replace(bulk, is_ready=True)
        if also is not None:
            also(unit)
        reason = text_of(unit.store.keys, made.id, "reason", made.reason)
        if bulk_numbered_in(unit.store, made.id).is_ready:
            raise Refused(OTHER)
        BulkRow.update(
            ready_at=unit.now,
            cards=made.cards,
            told=dict(made.told),
            why=list(made.why),
            digest=made.digest,
            seal=bulk_seal(unit.store.keys, made, reason),
        ).where(BulkRow.id == made.id).execute()
        audit.record(unit.hand, subject(made.id), "ask", None, audited(unit.store.keys, made))
        facts = {"bulk": made.id, "why": list(made.why), "lapses_at": made.lapses_at.isoformat()}
        return Outcome(True, _asked(unit, made), facts=facts)

    return perform(session, Action.BULK, intent, request, work)


def _asked(unit: Unit, bulk: Bulk) -> str:
    name = f"Bulk {bulk.id}"
    if not bulk.why:
        return f"{name} is begun: {plural(bulk.cards, 'card')}."
    until = weekday_moment(bulk.lapses_at, unit.store.business)
    return (
        f"{name} waits for approval: {who_may(Action.APPROVE)} other than you decides before {until}. "
        f"{' '.join(bulk.why)}"
    )
