"""Cards that arrive: written down with their products, their people and their codes, within a transaction."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from models import audit
from models.answering import code_row
from models.cards import new_locked
from models.jobs.plans import PlannedCard, PlannedPerson, PlannedProduct
from models.jobs.recognising import Known, PersonKey, ProductKey, person_key, product_key, slug
from models.keys import Keys
from models.ledger import sealed_new, write_new
from models.people import new_organisation, organisation_named, write_people
from models.restrictions import write_restriction
from models.rows import insert_rows
from models.rules.journal import Entry
from models.rules.texts import email_key, search_key
from models.schema import CodeDigest, Customer, GiftCard, Organisation, Product
from models.unit import Unit

NAME: Final = "import"
_ROLES: Final = ("purchaser", "recipient", "registered")


def write_cards(unit: Unit, known: Known) -> Sequence[int]:
    """Write down the new ones of some cards that were just looked up in the same transaction; their record numbers."""
    products = known.products | _new_products(unit, known.new_products)
    people = _People(unit, known)
    ids = unit.store.database.fresh_ids(GiftCard, len(known.new_cards))
    hand = replace(unit.hand, actor_name=NAME)
    arrivals = [
        (card_id, card, tuple(_completed(card, products, people.ids_of(card))))
        for card_id, card in zip(ids, known.new_cards, strict=True)
    ]
    journals = [(new_locked(id_, card.currency, card.last_four), entries) for id_, card, entries in arrivals]
    with unit.store.database.meanwhile(partial(sealed_new, hand, journals)) as sealed:
        people.write_down()
        write_new(sealed())
    for card_id, _, entries in arrivals:
        restricted_to = [entry.details["restriction"] for entry in entries if "restriction" in entry.details]
        if restricted_to and restricted_to[-1] is not None:
            write_restriction(hand, card_id, None, restricted_to[-1], None)
    insert_rows(CodeDigest, (row for id_, card, _ in arrivals for row in _code_rows(unit.store.keys, id_, card)))
    return ids


def _completed(card: PlannedCard, products: Mapping[ProductKey, int], people: Sequence[int]) -> Iterator[Entry]:
    """A planned card's journal with ids where the plan has places in the card's products and people."""
    for planned in card.entries:
        entry, place = planned, planned.details.get("restriction")
        if place is not None:
            entry = planned.having({**planned.details, "restriction": people[place]})
        sets = entry.details.get("sets")
        if not sets:
            yield entry
            continue
        ids = {role: people[place] for role in _ROLES if (place := sets.get(role)) is not None}
        if "product" in sets:
            ids["product"] = products[product_key(card.products[sets["product"]])]
        yield entry.having({**entry.details, "sets": {**sets, **ids}}) if ids else entry


def _code_rows(keys: Keys, card_id: int, card: PlannedCard) -> Iterator[dict[str, Any]]:
    yield code_row(keys, card_id, card.code, is_alias=False)
    for alias in card.aliases:
        yield code_row(keys, card_id, alias, is_alias=True)


def _new_products(unit: Unit, products: Mapping[ProductKey, PlannedProduct]) -> dict[ProductKey, int]:
    """Write down the products that the store does not have, without rules; their ids."""
    if not products:
        return {}
    taken = {row.code for row in Product.select(Product.code)}
    made: dict[ProductKey, int] = {}
    for key, product in products.items():
        code = product.code or slug(product.name, taken)
        taken.add(code)
        values: dict[str, Any] = {"name": product.name, "rules": None, "reminders": []}
        made[key] = Product.insert(code=code, **values, changed_at=unit.now).execute()
        audit.record(unit.hand, f"product:{made[key]}", NAME, None, values)
    return made


class _People:
    """The customers of arriving cards: those who are here, and those who come with them."""

    def __init__(self, unit: Unit, known: Known) -> None:
        self._unit = unit
        self._ids: dict[PersonKey, int] = dict(known.people)
        most = sum(len(card.people) for card in known.new_cards)
        self._fresh = iter(unit.store.database.fresh_ids(Customer, most))
        self._rows: list[dict[str, Any]] = []
        self._organisations: dict[str, int] = {}

    def ids_of(self, card: PlannedCard) -> list[int]:
        """The ids of a card's people, in their order."""
        ids = []
        for person in card.people:
            key = person_key(person)
            id_ = None if key is None else self._ids.get(key)
            if id_ is None:
                id_ = self._add(person)
                if key is not None:
                    self._ids[key] = id_
            ids.append(id_)
        return ids

    def _add(self, person: PlannedPerson) -> int:
        id_ = next(self._fresh)
        organisation = self._organisation(person)
        self._rows.append(
            {
                "id": id_,
                "name": person.name,
                "name_key": search_key(person.name) if person.name else None,
                "email": person.email,
                "email_key": email_key(person.email) if person.email else None,
                "organisation": organisation,
                "linked_at": None if organisation is None else self._unit.now,
                "created_at": self._unit.now,
            }
        )
        return id_

    def _organisation(self, person: PlannedPerson) -> int | None:
        if person.organisation is None:
            return None
        key = search_key(person.organisation)
        if key not in self._organisations:
            found = organisation_named(person.organisation)
            self._organisations[key] = (found or self._new_organisation(person)).id
        return self._organisations[key]

    def _new_organisation(self, person: PlannedPerson) -> Organisation:
        assert person.organisation is not None
        made = new_organisation(person.organisation)
        if person.is_vip:
            after = {"is_vip": True, "source": NAME}
            Organisation.update(is_vip=True, vip_source=NAME, vip_changed_at=self._unit.now).where(
                Organisation.id == made.id
            ).execute()
            before = {"is_vip": False, "source": None}
            audit.record(self._unit.hand, f"organisation:{made.id}", "set_vip", before, after)
        return made

    def write_down(self) -> None:
        """Write down those who came, and which organisation they belong to."""
        write_people(self._rows)
        for row in self._rows:
            if row["organisation"] is not None:
                after = {"organisation": row["organisation"]}
                audit.record(self._unit.hand, f"customer:{row['id']}", "link", {"organisation": None}, after)
