"""What every import does with its plan: looks it up in the store, reports, and writes it down whole or not at all."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from models import audit
from models.answering import code_row
from models.bulk import insert_rows
from models.errors import faults
from models.jobs.plans import ImportReport, Plan, PlannedCard, Steps, compared
from models.jobs.recognising import Known, look_up, person_key, slug
from models.jobs.tables import MOST_REMARKS, Remarks
from models.keys import Keys
from models.ledger import LockedCard, append_to_new, new_locked
from models.people import PersonGiven
from models.rules.codes import last_four
from models.rules.journal import Entry
from models.rules.roles import Action
from models.rules.texts import email_key, search_key
from models.schema import CodeDigest, Customer, GiftCard, ImportBatch, Product
from models.unit import Session, Unit, begin

NAME: Final = "import"


def bring_in(
    session: Session, plan: Plan, *, is_commit: bool, control: Mapping[str, int] | None, steps: Steps
) -> ImportReport:
    """Report what a plan means for the store, and with a commit write it down in one transaction.

    Nothing is written while there is a problem or a control total (minor units by currency) is wrong,
    nor when the same files were imported before. Raises Refused for a role that may not import.
    """
    store = session.store
    with faults(store.path), store.database.reading():
        report = _report(plan, look_up(store, plan), control)
    if not is_commit or report.refusal is not None or report.is_already_imported:
        return report
    # After a failed commit only a second try can tell what became of it; it can't do any harm.
    with faults(store.path, "To be sure, import again: the same files change nothing twice."), store.database.writing():
        unit = begin(session, Action.IMPORT)
        known = look_up(store, plan)
        report = _report(plan, known, control)
        if report.refusal is not None or report.is_already_imported:
            return report
        _write(unit, plan, known, report, steps)
    return replace(report, is_committed=True)


def _report(plan: Plan, known: Known, control: Mapping[str, int] | None) -> ImportReport:
    problems = _joined(plan.problems, known.problems)
    warnings = _joined(plan.warnings, known.warnings)
    return ImportReport(
        format=plan.format,
        cards=len(plan.cards),
        new_cards=len(known.new_cards),
        activities=plan.kinds.total(),
        kinds=dict(plan.kinds),
        aliases=sum(len(card.aliases) for card in plan.cards),
        with_balance=plan.with_balance,
        totals=plan.totals,
        new_products=tuple(known.new_products.values()),
        new_people=known.new_people,
        expiry_meaning=plan.expiry_meaning,
        warnings=tuple(warnings.listed),
        warning_count=warnings.count,
        problems=tuple(problems.listed),
        problem_count=problems.count,
        control=compared(control, plan.totals),
        imported_at=known.imported_at,
    )


def _joined(first: Remarks, second: Remarks) -> Remarks:
    return Remarks([*first.listed, *second.listed][:MOST_REMARKS], first.count + second.count)


def _write(unit: Unit, plan: Plan, known: Known, report: ImportReport, steps: Steps) -> None:
    products = known.products | _new_products(unit, known)
    people = _recipients(unit, known)
    ids = unit.store.database.fresh_ids(GiftCard, len(known.new_cards))
    hand = replace(unit.hand, actor_name=NAME)

    def journals() -> Iterator[tuple[LockedCard, list[Entry]]]:
        for card_id, card, recipient in zip(ids, known.new_cards, people, strict=True):
            steps.made(len(card.entries) + 2)
            new = new_locked(card_id, card.currency, last_four(card.code))
            yield new, _completed(card, products[search_key(card.product_name)], recipient)

    append_to_new(hand, journals())
    insert_rows(
        CodeDigest,
        (
            row
            for card_id, card in zip(ids, known.new_cards, strict=True)
            for row in _code_rows(unit.store.keys, card_id, card)
        ),
    )
    _note_batch(unit, plan, report)


def _completed(card: PlannedCard, product_id: int, recipient_id: int | None) -> list[Entry]:
    """A planned card's journal with the product and the recipient, which its first entry sets."""
    first, *others = card.entries
    sets = {**first.details["sets"], "product": product_id}
    if recipient_id is not None:
        sets["recipient"] = recipient_id
    return [replace(first, details={**first.details, "sets": sets}), *others]


def _code_rows(keys: Keys, card_id: int, card: PlannedCard) -> Iterator[dict[str, Any]]:
    for code in (card.code, *card.aliases):
        yield code_row(keys, card_id, code, is_alias=code != card.code)


def _new_products(unit: Unit, known: Known) -> dict[str, int]:
    """Write down the products that no name was found for, without rules; their ids by key."""
    taken = {row.code for row in Product.select(Product.code)}
    made: dict[str, int] = {}
    for key, name in known.new_products.items():
        code = slug(name, taken)
        taken.add(code)
        values: dict[str, Any] = {"name": name, "rules": None, "reminders": []}
        made[key] = Product.insert(code=code, **values, changed_at=unit.now).execute()
        audit.record(unit.hand, f"product:{made[key]}", NAME, None, values)
    return made


def _recipients(unit: Unit, known: Known) -> list[int | None]:
    """Write down the recipients who are no customers yet; the customer of each new card, in their order."""
    people = dict(known.people)
    rows: list[dict[str, Any]] = []
    ids: list[int | None] = []
    fresh = iter(unit.store.database.fresh_ids(Customer, len(known.new_cards)))
    for card in known.new_cards:
        if card.recipient is None:
            ids.append(None)
            continue
        key = person_key(card.recipient)
        found = people.get(key) if key is not None else None
        if found is None:
            found = next(fresh)
            rows.append(_customer_row(found, card.recipient, unit.now))
            if key is not None:
                people[key] = found
        ids.append(found)
    insert_rows(Customer, rows)
    return ids


def _customer_row(id_: int, person: PersonGiven, now: datetime) -> dict[str, Any]:
    return {
        "id": id_,
        "name": person.name,
        "name_key": search_key(person.name) if person.name else None,
        "email": person.email,
        "email_key": email_key(person.email) if person.email else None,
        "created_at": now,
    }


def _note_batch(unit: Unit, plan: Plan, report: ImportReport) -> None:
    """Remember these files, so that they are not imported twice, and who brought them in."""
    outcome = {
        "cards": report.cards,
        "new_cards": report.new_cards,
        "activities": report.activities,
        "outstanding": {currency: totals.outstanding_minor for currency, totals in plan.totals.items()},
    }
    batch_id: int = ImportBatch.insert(
        format=plan.format, digest=plan.digest, outcome=outcome, recorded_at=unit.now, actor_id=unit.agent.id
    ).execute()
    audit.record(unit.hand, f"import:{batch_id}", NAME, None, {"format": plan.format, **outcome})
