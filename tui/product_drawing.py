"""What the screens about products show, as pieces of content."""

from typing import Final

from textual.content import Content

from models.products import ProductSheet, in_short
from models.rules import wording
from models.rules.limits import CHANNELS, WEB
from tui.pieces import padded, piece

_STATE_CELLS: Final = 10
_WIDE_ENOUGH: Final = 110
_BESIDE_RULES: Final = 80


def product_line(product: ProductSheet, width: int) -> Content:
    """One product in the list: whether it is sold, short name, name, rules in short, where, reminders."""
    is_wide = width >= _WIDE_ENOUGH
    name_cells, rules_cells = (30, max(36, min(60, width - _BESIDE_RULES))) if is_wide else (17, 20)
    rules = product.summary if is_wide or product.rules is None else in_short(product.rules)
    cells = (
        padded(product.code, 12),
        padded(product.name, name_cells),
        padded(rules, rules_cells),
        padded("" if product.retired_at else sold_where(product), 9),
        leads_in_short(product),
    )
    return Content.assemble(state(product), piece(" ".join(cells))).truncate(width, ellipsis=True)


def state(product: ProductSheet) -> Content:
    """Whether a product is sold, as sign and word."""
    if product.retired_at is not None:
        return piece("⊘ retired".ljust(_STATE_CELLS), "bold $text-error")
    if product.rules is None:
        return piece("○ no rules".ljust(_STATE_CELLS + 1), "bold $text-warning")
    return piece("● sold".ljust(_STATE_CELLS), "bold $text-success")


def sold_where(product: ProductSheet) -> str:
    """Where a product is sold, in a few characters."""
    return "+".join("web" if each == WEB else "store" for each in CHANNELS if each in product.channels)


def leads_in_short(product: ProductSheet) -> str:
    """When reminders go, in a few characters: 14+3 d."""
    days = sorted((lead.days for lead in product.reminders), reverse=True)
    return f"{'+'.join(map(str, days))} d" if days else "-"


def whole(product: ProductSheet) -> Content:
    """All that is to be said of a product, for below the list."""
    sold = f"Sold in {product.sold}" if product.retired_at is None else "Retired"
    spent = "" if product.where is None else f" Spent {product.spent}."
    return piece(f"{product.name}: {product.summary}. {sold}.{spent} Reminders: {product.reminded}.")


def counted(products: tuple[ProductSheet, ...]) -> str:
    """How many products there are, for the heading."""
    retired = sum(each.retired_at is not None for each in products)
    return wording.plural(len(products), "product") + (f", {retired} retired" if retired else "")
