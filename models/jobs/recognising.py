"""What the store knows already of planned cards: the cards themselves, their products and their people."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from models.clock import to_microseconds
from models.jobs.plans import PlannedCard, PlannedPerson, PlannedProduct
from models.jobs.remarks import Remarks
from models.journals import StoredActivity, read_journals
from models.products import rules_from_json
from models.rules import wording
from models.rules.journal import Entry
from models.rules.texts import email_key, search_key
from models.rules.validity import ValidityRules, last_day, later
from models.schema import GiftCard, Organisation, Product
from models.store import Store

_AT_ONCE: Final = 1_000
_PEOPLE: Final = ("product", "purchaser", "recipient", "registered")

PersonKey = tuple[str, str | None, str | None]
"""The e-mail address and the name as they are compared; and the organisation's name, empty for none, None if untold."""
ProductKey = tuple[str | None, str | None]
"""The short name, or the name as it is searched for."""


@dataclass
class Known:
    """What was found of some cards, and what follows from it."""

    new_cards: list[PlannedCard] = field(default_factory=list)
    products: dict[ProductKey, int] = field(default_factory=dict)
    new_products: dict[ProductKey, PlannedProduct] = field(default_factory=dict)
    """Those that the store does not have."""
    people: dict[PersonKey, int] = field(default_factory=dict)
    """Customers that people of new cards turned out to be."""


# Both are asked for several times while a card is at hand.
@lru_cache(maxsize=2048)
def person_key(person: PlannedPerson) -> PersonKey | None:
    """What a customer is recognised by; None for one without an e-mail address, who can't be."""
    if person.email is None:
        return None
    organisation = search_key(person.organisation or "") if person.is_organisation_told else None
    return email_key(person.email), search_key(person.name) if person.name else None, organisation


@lru_cache(maxsize=2048)
def product_key(product: PlannedProduct) -> ProductKey:
    """What a product is recognised by: its short name where the file has one, else its name."""
    return (product.code, None) if product.code is not None else (None, search_key(product.name))


class Recogniser:
    """Looks planned cards up, some hundreds at a time; within a transaction."""

    def __init__(self, store: Store, problems: Remarks, warnings: Remarks) -> None:
        """Read the products; remark into these lists."""
        self._store = store
        self._problems = problems
        self._warnings = warnings
        self._products: dict[ProductKey, int] = {}
        self._rules: dict[int, ValidityRules | None] = {}
        for row in Product.select().order_by(Product.id.desc()):
            self._products[row.code, None] = self._products[None, search_key(row.name)] = row.id
            self._rules[row.id] = None if row.rules is None else rules_from_json(row.rules)

    def look_up(self, cards: Sequence[PlannedCard]) -> Known:
        """Tell the new ones from those that are here; remark those that are here with other facts."""
        known = Known(products=self._products)
        for some in _some(cards):
            self._look_up_cards(some, known)
        for card in known.new_cards:
            for product in card.products:
                key = product_key(product)
                if key not in self._products:
                    known.new_products.setdefault(key, product)
            found = self._products.get(product_key(card.product))
            if found is not None:
                self._tell_shorter(card, self._rules.get(found))
        known.people = self._customers(known.new_cards)
        self._tell_vips(known.new_cards)
        return known

    def _look_up_cards(self, cards: Sequence[PlannedCard], known: Known) -> None:
        digests = [code.digest for card in cards for code in (card.code, *card.aliases)]
        is_one_of, params = self._store.database.among("digest", digests)
        rows = self._store.database.execute_sql(
            f"SELECT digest, card_id FROM code_digest WHERE {is_one_of}", params
        ).fetchall()
        if not rows:
            known.new_cards += cards
            return
        answering = {bytes(digest): int(card_id) for digest, card_id in rows}
        here = _Here(self._store, sorted(set(answering.values())))
        for card in cards:
            owners = [answering.get(code.digest) for code in (card.code, *card.aliases)]
            if not any(owners):
                known.new_cards.append(card)
                continue
            difference = here.difference(card, owners)
            if difference is not None:
                self._problems.add(card.remark(difference))

    def _tell_shorter(self, card: PlannedCard, rules: ValidityRules | None) -> None:
        """Warn of a card whose last day, as its customer was told, comes before what our product's rules would give."""
        if rules is None or card.loaded_at is None or card.last_day_on is None:
            return
        ours = last_day(rules, card.loaded_at, self._store.business)
        if later(ours, card.last_day_on) != card.last_day_on:
            until = "never" if ours is None else f"on {wording.day(ours)}"
            self._warnings.add(
                card.remark(
                    f"The last day stays {wording.day(card.last_day_on)}, as the customer was told; by the rules of "
                    f"{card.product.name} it would expire {until}."
                )
            )

    def _tell_vips(self, cards: Sequence[PlannedCard]) -> None:
        """Warn of organisations that are here with another VIP mark: an import leaves it as it is."""
        told = {
            search_key(person.organisation): (card, person)
            for card in cards
            for person in card.people
            if person.organisation is not None
        }
        for keys in _some(sorted(told)):
            for row in Organisation.select().where(Organisation.name_key.in_(keys)):
                card, person = told[row.name_key]
                if bool(row.is_vip) != person.is_vip:
                    state = "is a VIP" if row.is_vip else "is no VIP"
                    name = wording.shortened(row.name)
                    self._warnings.add(
                        card.remark(f"{name} {state} here and stays what it is; the file says otherwise.")
                    )

    def _customers(self, cards: Sequence[PlannedCard]) -> dict[PersonKey, int]:
        wanted = {key for card in cards for person in card.people if (key := person_key(person)) is not None}
        found: dict[PersonKey, int] = {}
        for emails in _some(sorted({email for email, _, _ in wanted})):
            is_one_of, params = self._store.database.among("c.email_key", emails)
            for id_, email, name, organisation in self._store.database.execute_sql(
                "SELECT k.id, c.email_key, c.name_key, o.name_key FROM customer c "
                "JOIN customer k ON k.id = COALESCE(c.merged_into_id, c.id) "
                f"LEFT JOIN organisation o ON o.id = k.organisation_id WHERE {is_one_of} "
                "ORDER BY c.id DESC",
                params,
            ):
                for key in ((email, name, None), (email, name, organisation or "")):
                    if key in wanted:
                        found[key] = id_
        return found


def _some(items: Sequence[Any]) -> Iterable[Any]:
    return (items[start : start + _AT_ONCE] for start in range(0, len(items), _AT_ONCE))


class _Here:
    """Cards of the store, with their journals, to be compared with planned ones."""

    def __init__(self, store: Store, ids: Sequence[int]) -> None:
        self._cards: Mapping[int, GiftCard] = {
            row.id: row for row in GiftCard.select(GiftCard, Product).join(Product).where(GiftCard.id.in_(ids))
        }
        self._journals = read_journals(store.database, ids)

    def difference(self, card: PlannedCard, owners: Sequence[int | None]) -> str | None:
        """In what a card of the store differs from the one that the files tell; None when it is the same."""
        owner = next(each for each in owners if each is not None)
        told = self._told_difference(card, owners)
        return None if told is None else f"Card record {owner} (…{self._cards[owner].last_four}) {told}"

    def _told_difference(self, card: PlannedCard, owners: Sequence[int | None]) -> str | None:
        card_id = owners[0]
        if card_id is None:
            return "answers already to this card's alias."
        if any(owner != card_id for owner in owners):
            return "has this code already, but it does not answer to the same aliases."
        row, journal = self._cards[card_id], self._journals[card_id]
        if row.currency != card.currency or not _is_sold_as(row.product, card.product):
            return f"has this code already, but it is {row.product.name} in {row.currency}."
        if len(journal) < len(card.entries):
            return (
                f"has this code already, with {wording.activities(len(journal))}; the files tell {len(card.entries)}."
            )
        for entry, activity in zip(card.entries, journal, strict=False):
            if not _is_same(entry, activity):
                return f"has this code already, but its activity {activity.number} has other facts."
        return None


def _is_sold_as(row: Product, product: PlannedProduct) -> bool:
    return row.code == product.code if product.code is not None else search_key(row.name) == search_key(product.name)


def _is_same(entry: Entry, activity: StoredActivity) -> bool:
    values = activity.values
    # What a source gives no date for was dated when it was imported, each time.
    is_undated = bool(entry.details.get("undated"))
    return (
        entry.kind.value == values["kind"]
        and entry.amount_minor == values["amount_minor"]
        and (is_undated or to_microseconds(entry.effective_at) == values["effective_at"])
        and entry.order_ref == values["order_ref"]
        and entry.reverses == values["reverses"]
        and _told(entry.details, is_undated) == _told(activity.details, is_undated)
    )


def _told(details: Mapping[str, Any], is_undated: bool) -> dict[str, Any]:
    """The details that the files themselves tell."""
    ours = (*_PEOPLE, "active_from") if is_undated else _PEOPLE
    sets = {name: value for name, value in details.get("sets", {}).items() if name not in ours}
    return {**details, "sets": sets}


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
