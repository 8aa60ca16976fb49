"""What the store knows already of planned cards: the cards themselves, their products and their people."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from peewee import chunked

from models.clock import to_microseconds
from models.jobs.plans import Plan, PlannedCard
from models.jobs.tables import Remarks
from models.journals import StoredActivity, read_journals
from models.people import PersonGiven
from models.products import sheet_of
from models.rules import wording
from models.rules.journal import Entry
from models.rules.texts import email_key, search_key
from models.rules.validity import ValidityRules, last_day, later
from models.schema import CodeDigest, Customer, GiftCard, ImportBatch, Product
from models.store import Store

_AT_ONCE: Final = 400
PersonKey = tuple[str | None, str | None]


@dataclass
class Known:
    """What was found, and what follows from it."""

    imported_at: datetime | None = None
    """When these very files were imported, UTC."""
    new_cards: list[PlannedCard] = field(default_factory=list)
    products: dict[str, int] = field(default_factory=dict)
    """By the key of its name."""
    new_products: dict[str, str] = field(default_factory=dict)
    """The names that no product has, by key."""
    people: dict[PersonKey, int] = field(default_factory=dict)
    """Customers that recipients of new cards turned out to be."""
    new_people: int = 0
    problems: Remarks = field(default_factory=Remarks)
    warnings: Remarks = field(default_factory=Remarks)


def person_key(person: PersonGiven) -> PersonKey | None:
    """What a customer is recognised by; None for one without an e-mail address, who can't be."""
    if person.email is None:
        return None
    return email_key(person.email), search_key(person.name) if person.name else None


def look_up(store: Store, plan: Plan) -> Known:
    """Compare a plan with the store; within a transaction."""
    known = Known()
    batch = ImportBatch.get_or_none(ImportBatch.digest == plan.digest)
    if batch is not None:
        known.imported_at = batch.recorded_at
        return known
    for cards in chunked(plan.cards, _AT_ONCE):
        _look_up_cards(store, cards, known)
    _look_up_products(store, known)
    _look_up_people(known)
    return known


def _look_up_cards(store: Store, cards: Sequence[PlannedCard], known: Known) -> None:
    digests = {card.code: store.keys.code_digest(card.code) for card in cards}
    digests |= {alias: store.keys.code_digest(alias) for card in cards for alias in card.aliases}
    rows = CodeDigest.select().where(CodeDigest.digest.in_(list(digests.values())))
    answering = {bytes(row.digest): int(row.__data__["card"]) for row in rows}
    if not answering:
        known.new_cards += cards
        return
    ids = sorted(set(answering.values()))
    stored = {row.id: row for row in GiftCard.select(GiftCard, Product).join(Product).where(GiftCard.id.in_(ids))}
    journals = read_journals(store.database, ids)
    for card in cards:
        owners = [answering.get(digests[code]) for code in (card.code, *card.aliases)]
        card_id = owners[0]
        if card_id is None and not any(owners):
            known.new_cards.append(card)
            continue
        difference = _difference(card, owners, stored, journals)
        if difference is not None:
            owner = next(each for each in owners if each is not None)
            known.problems.add(card.remark(f"Card record {owner} (…{stored[owner].last_four}) {difference}"))


def _difference(
    card: PlannedCard,
    owners: Sequence[int | None],
    stored: dict[int, GiftCard],
    journals: dict[int, list[StoredActivity]],
) -> str | None:
    """In what a card of the store differs from the one that the files tell; None when it is the same."""
    card_id = owners[0]
    if card_id is None:
        return "answers already to this card's alias."
    if any(owner != card_id for owner in owners):
        return "has this code already, but it does not answer to the same aliases."
    row, journal = stored[card_id], journals[card_id]
    same_product = search_key(row.product.name) == search_key(card.product_name)
    if row.currency != card.currency or not same_product:
        return f"has this code already, but it is {row.product.name} in {row.currency}."
    if len(journal) < len(card.entries):
        return f"has this code already, with {len(journal)} activities; the files tell {len(card.entries)}."
    for entry, activity in zip(card.entries, journal, strict=False):
        if not _is_same(entry, activity):
            return f"has this code already, but its activity {activity.number} has other facts."
    return None


def _is_same(entry: Entry, activity: StoredActivity) -> bool:
    values = activity.values
    return (
        entry.kind.value == values["kind"]
        and entry.amount_minor == values["amount_minor"]
        and to_microseconds(entry.effective_at) == values["effective_at"]
        and entry.order_ref == values["order_ref"]
        and entry.reverses == values["reverses"]
        and _told(entry.details) == _told(activity.details)
    )


def _told(details: Any) -> dict[str, Any]:
    """The details that the files themselves tell."""
    sets = {name: value for name, value in details.get("sets", {}).items() if name not in ("product", "recipient")}
    return {**details, "sets": sets}


def _look_up_products(store: Store, known: Known) -> None:
    rules: dict[str, ValidityRules | None] = {}
    for row in Product.select().order_by(Product.id.desc()):
        key = search_key(row.name)
        known.products[key] = row.id
        rules[key] = sheet_of(row).rules
    for card in known.new_cards:
        key = search_key(card.product_name)
        if key not in known.products:
            known.new_products.setdefault(key, card.product_name)
            continue
        _tell_shorter(store, card, rules[key], known)


def _tell_shorter(store: Store, card: PlannedCard, rules: ValidityRules | None, known: Known) -> None:
    """Warn of a card whose last day, as its customer was told, comes before what our product's rules would give."""
    if rules is None or card.loaded_at is None or card.last_day_on is None:
        return
    ours = last_day(rules, card.loaded_at, store.business)
    if later(ours, card.last_day_on) != card.last_day_on:
        until = "never" if ours is None else f"on {wording.day(ours)}"
        known.warnings.add(
            card.remark(
                f"The last day stays {wording.day(card.last_day_on)}, as the customer was told; by the rules of "
                f"{card.product_name} it would expire {until}."
            )
        )


def _look_up_people(known: Known) -> None:
    given = [card.recipient for card in known.new_cards if card.recipient is not None]
    keys = [person_key(person) for person in given]
    wanted = {key for key in keys if key is not None}
    for emails in chunked(sorted({email for email, _ in wanted if email}), _AT_ONCE):
        found = Customer.select(Customer.id, Customer.email_key, Customer.name_key).where(
            Customer.email_key.in_(emails)
        )
        for row in found.order_by(Customer.id.desc()):
            if (row.email_key, row.name_key) in wanted:
                known.people[row.email_key, row.name_key] = row.id
    known.new_people = len(wanted) - len(known.people) + keys.count(None)


_NO_SLUG: Final = re.compile(r"[^a-z0-9]+")
_LONGEST_SLUG: Final = 40


def slug(name: str, taken: Iterable[str]) -> str:
    """A short name for a product, in letters, digits and dashes, that none has yet."""
    stem = _NO_SLUG.sub("-", search_key(name)).strip("-")[:_LONGEST_SLUG].strip("-") or "product"
    others = set(taken)
    found, count = stem, 1
    while found in others:
        count += 1
        ending = f"-{count}"
        found = stem[: _LONGEST_SLUG - len(ending)].rstrip("-") + ending
    return found
