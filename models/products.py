"""Products as rows: their validity rules in and out of storage."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from models.errors import Refused, faults
from models.rules import wording
from models.rules.limits import CHANNELS, STORE, WEB, where_only
from models.rules.policy import Policy
from models.rules.reminders import Lead
from models.rules.validity import Period, Unit, ValidityRules
from models.schema import GiftCard, Product
from models.store import Store, policy_in_force

_IN_WORDS: Final = {WEB: "web shop", STORE: "stores"}

EDITING: Final = (
    "Validity counts for cards issued or topped up from then on; others keep their days. Where cards are spent counts "
    "for all of them at once. Reminders go for all cards, but for no day before they were put there."
)
"""What editing a product changes, and what not."""


@dataclass(frozen=True, slots=True)
class ProductSheet:
    """A product as it is listed."""

    id: int
    code: str
    """The short name that commands use."""
    name: str
    rules: ValidityRules | None
    """None: an import brought it, and nobody has set its rules yet."""
    reminders: tuple[Lead, ...]
    """How long before the last day reminders go."""
    channels: tuple[str, ...] = CHANNELS
    """Where it is sold."""
    retired_at: datetime | None = None
    """Since when it is issued no more, UTC."""
    spend_places: tuple[str, ...] = ()
    """The places at which alone its cards can be spent; none: at all."""
    spend_channels: tuple[str, ...] = ()
    """The channels in which alone its cards can be spent; none: in all."""

    @property
    def where(self) -> str | None:
        """Where alone its cards can be spent: 'in stores, at Leeds or York'; None: everywhere."""
        return where_only(self.spend_places, self.spend_channels)

    @property
    def spent(self) -> str:
        """Where its cards can be spent, in words."""
        return "everywhere" if self.where is None else f"only {self.where}"

    @property
    def sold(self) -> str:
        """Where it is sold, in words."""
        return " and ".join(_IN_WORDS.get(channel, channel) for channel in self.channels)

    @property
    def summary(self) -> str:
        """The validity rules in words."""
        return "no rules yet" if self.rules is None else in_words(self.rules)

    @property
    def reminded(self) -> str:
        """When reminders go, in words."""
        if not self.reminders:
            return "none"
        longest_first = sorted(self.reminders, key=lambda lead: -lead.days)
        return f"{', '.join(str(lead.period) for lead in longest_first)} before the last day"


def facts(product: ProductSheet) -> tuple[str, ...]:
    """What a product says, a line for each thing."""
    return tuple(f"{what}: {said}" for what, said in _facts(product))


def changes(before: ProductSheet, after: ProductSheet) -> tuple[str, ...]:
    """What differs between two states of a product, a line for each thing."""
    both = zip(_facts(before), _facts(after), strict=True)
    return tuple(f"{what}: {new} (before: {old})" for (what, old), (_, new) in both if new != old)


def _facts(product: ProductSheet) -> tuple[tuple[str, str], ...]:
    return (
        ("Name", product.name),
        ("Sold in", product.sold if product.retired_at is None else f"{product.sold}, retired"),
        ("Spent", product.spent),
        ("Validity", product.summary),
        ("Reminders", product.reminded),
    )


def in_words(rules: ValidityRules) -> str:
    """Validity rules as a short text: '6 months from last load, valid after 3 days'."""
    parts = []
    if rules.period is not None:
        rounded = ", to the end of the month" if rules.month_end else ""
        parts.append(f"{rules.period} from last load{rounded}")
    elif rules.expires_on is not None:
        parts.append(f"until {wording.day(rules.expires_on)}")
    else:
        parts.append("never expires")
    if rules.activation_delay_days:
        parts.append(f"valid after {wording.plural(rules.activation_delay_days, 'day')}")
    if rules.valid_after is not None:
        parts.append(f"not before {wording.day(rules.valid_after)}")
    return ", ".join(parts)


def in_short(rules: ValidityRules) -> str:
    """How long a load lives, in a few characters: '6 months'."""
    if rules.period is not None:
        return f"{rules.period}, month end" if rules.month_end else str(rules.period)
    return "never expires" if rules.expires_on is None else f"to {wording.day(rules.expires_on)}"


def rules_as_json(rules: ValidityRules) -> dict[str, Any]:
    """Validity rules as JSON values, as stored."""
    return {
        "activation_delay_days": rules.activation_delay_days,
        "valid_after": rules.valid_after.isoformat() if rules.valid_after else None,
        "period": [rules.period.count, rules.period.unit] if rules.period else None,
        "expires_on": rules.expires_on.isoformat() if rules.expires_on else None,
        "month_end": rules.month_end,
    }


def rules_from_json(stored: Mapping[str, Any]) -> ValidityRules:
    """Validity rules from their stored JSON values. Raises Refused for what the desk did not write."""
    try:
        return ValidityRules(
            activation_delay_days=stored["activation_delay_days"],
            valid_after=date.fromisoformat(stored["valid_after"]) if stored["valid_after"] else None,
            period=Period(*stored["period"]) if stored["period"] else None,
            expires_on=date.fromisoformat(stored["expires_on"]) if stored["expires_on"] else None,
            month_end=stored["month_end"],
        )
    except (KeyError, TypeError, ValueError):
        raise _foreign("rules") from None


def _foreign(what: str) -> Refused:
    return Refused(
        f"The {what} of a product were changed with another tool: giftdesk verify names it, and a manager sets them "
        f"anew. Nothing was changed."
    )


def sheet_of(row: Product) -> ProductSheet:
    """A product's row as a sheet."""
    return ProductSheet(
        row.id,
        row.code,
        row.name,
        None if row.rules is None else rules_from_json(row.rules),
        leads_of(row),
        _channels(row.channels),
        row.retired_at,
        *spending_of(row),
    )


def spending_of(row: Product) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The places and the channels to which a product's cards are restricted. Raises Refused for what the desk did
    not write."""
    return spending_from_json(row.spend_places, row.spend_channels)


def spending_from_json(places: Any, channels: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The same from stored JSON values."""
    for stored in (places, channels):
        if stored is not None and not (isinstance(stored, list) and all(isinstance(each, str) for each in stored)):
            raise _foreign("restrictions")
    if not set(channels or ()) <= set(CHANNELS):
        raise _foreign("restrictions")
    return tuple(places or ()), tuple(channels or ())


def _channels(stored: Any) -> tuple[str, ...]:
    if stored is None:
        return CHANNELS
    if not isinstance(stored, list) or not stored or any(each not in CHANNELS for each in stored):
        raise _foreign("channels")
    return tuple(stored)


def leads_of(row: Product) -> tuple[Lead, ...]:
    """The reminders on a product's schedule. Raises Refused for what the desk did not write."""
    try:
        return tuple(_lead(row, *stored) for stored in row.reminders)
    except (TypeError, ValueError):
        raise _foreign("reminders") from None


def _lead(row: Product, count: int, unit: Unit, since: str | None = None) -> Lead:
    """A reminder as stored; what does not say since when it is there is as old as the product's last change."""
    since_at = row.changed_at if since is None else datetime.fromisoformat(since).astimezone(UTC)
    if type(count) is not int or count < 1 or unit not in ("days", "weeks"):
        raise ValueError(count, unit)
    return Lead(Period(count, unit), since_at)


def lead_as_json(lead: Lead) -> list[Any]:
    """A reminder as JSON values, as stored."""
    return [lead.period.count, lead.period.unit, lead.since_at.isoformat()]


def facts_of(row: Product) -> dict[str, Any]:
    """What is audited of a product; what is as it was before anybody could choose is left out."""
    facts = {"name": row.name, "rules": row.rules, "reminders": row.reminders}
    if row.channels is not None:
        facts["channels"] = row.channels
    if row.spend_places is not None:
        facts["spend_places"] = row.spend_places
    if row.spend_channels is not None:
        facts["spend_channels"] = row.spend_channels
    if row.retired_at is not None:
        facts["retired_at"] = row.retired_at.isoformat()
    return facts


def product_named(code: str) -> ProductSheet:
    """The product of that short name. Raises Refused when there is none."""
    return sheet_of(row_named(code))


def row_named(code: str) -> Product:
    """The row of the product of that short name. Raises Refused when there is none."""
    row: Product | None = Product.get_or_none(Product.code == code.strip().lower())
    if row is None:
        raise Refused(f"There is no product called {code.strip()[:40]!r}. See: giftdesk product list")
    return row


def products_listed(store: Store) -> tuple[ProductSheet, ...]:
    """Every product, by name. Raises Fault for a broken store, Refused for rules that nobody can read."""
    with faults(store.path), store.database.reading():
        return all_products()


def products_and_policy(store: Store) -> tuple[tuple[ProductSheet, ...], Policy]:
    """Every product by name, and the policy in force, in one view. Raises like products_listed."""
    with faults(store.path), store.database.reading():
        return all_products(), policy_in_force(store)


def all_products() -> tuple[ProductSheet, ...]:
    """Every product, by name; within a connection."""
    return tuple(sheet_of(row) for row in Product.select().order_by(Product.name, Product.id))


def refuse_retired(product: ProductSheet) -> None:
    """Raise Refused for a product of which no more cards are issued."""
    if product.retired_at is not None:
        raise Refused(
            f"{product.name} is retired: no more cards of it are issued. A manager can bring it back: "
            f"giftdesk product restore {product.code}"
        )


def refuse_off_the_web(product: ProductSheet) -> None:
    """Raise Refused for a product that the web shop does not sell."""
    if WEB not in product.channels:
        raise Refused(f"{product.name} is sold in store only: the web shop has nothing to say of it.")


def cards_of(product: ProductSheet) -> int:
    """How many cards of a product are out, of any status; it looks at every card of the desk. Within a connection."""
    counted: int = GiftCard.select().where(GiftCard.product == product.id).count()
    return counted


def rules_for_loading(product: ProductSheet) -> ValidityRules:
    """The rules that decide about a load now. Raises Refused for a product that has none yet."""
    if product.rules is None:
        raise Refused(
            f"{product.name} has no validity rules yet: a manager must set them before it can be issued or topped up."
        )
    return product.rules
