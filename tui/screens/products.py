"""The products: what each sells, its rules in short, and what may be done about it."""

from collections.abc import Mapping
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from models import desk
from models.products import ProductSheet, products_listed
from models.unit import Outcome, new_intent
from tui import product_drawing as drawing
from tui.commands import Group
from tui.screens.form import Form
from tui.screens.page import Doer, Page, runs
from tui.screens.product_editor import ProductEditor
from tui.widgets.asking import Typed
from tui.widgets.heading import Heading
from tui.widgets.lines import Lines

_NOTHING: Final = Content("There is no product yet.")
_RETIRES: Final = "No more cards of it are issued. Those that are out live on, are topped up and reminded as before."
_RESTORES: Final = "Cards of it are issued again, under its rules as they are."


class Products(Page[None]):
    """All products, one line each."""

    DEFAULT_CSS = "Products #whole { height: auto; max-height: 4; padding: 0 1; }"
    GROUP = Group.PRODUCTS
    OPENED_BY = "desk.products"
    BINDINGS: ClassVar = runs(GROUP)
    ALSO_ON_BAR = ("list.open", "desk.back", "desk.help")
    AUTO_FOCUS = "#products"

    def body(self) -> ComposeResult:
        """The list under its heading."""
        yield Heading("Products", id="products-heading")
        yield Lines[ProductSheet](drawing.product_line, id="products")
        yield Static(markup=False, id="whole")

    @property
    def lines(self) -> Lines[ProductSheet]:
        """The list of products."""
        return self.query_one("#products", Lines)

    def on_mount(self) -> None:
        """Say where one is, and follow the cursor."""
        self.trail = "products"
        self.watch(self.lines, "cursor", self._tell, init=False)

    def read(self) -> None:
        """Read the products."""
        self._read(None)

    def _read(self, outcome: Outcome | None) -> None:
        """Read the products, and say what came of a change before."""
        session = self.house.session

        def work() -> tuple[ProductSheet, ...]:
            return products_listed(session.store)

        self.house.ask("Reading", work, lambda products: self._take(products, outcome))

    def _take(self, products: tuple[ProductSheet, ...], outcome: Outcome | None) -> None:
        """List them, with the cursor on the one that was changed, else where it was."""
        changed = outcome.facts.get("product") if outcome is not None else None
        code = changed or (self.chosen.code if self.chosen is not None else "")
        self.lines.show(products)
        self.lines.cursor = next((place for place, each in enumerate(products) if each.code == code), 0)
        self.query_one("#products-heading", Heading).label = drawing.counted(products)
        self._tell()
        if outcome is not None and outcome.done:
            self.house.tell(outcome.sentence, "done")
        elif outcome is not None:
            self.house.refuse(outcome.sentence)

    # Commands

    def refusal(self, command_id: str) -> str | None:
        """Why a command can't be used now, or None."""
        if command_id == "products.retire" and self.chosen is None:
            return "There is no product yet."
        return super().refusal(command_id)

    def doers(self) -> Mapping[str, Doer]:
        """What does the commands of this page."""
        return {"products.new": self.make, "products.retire": self.retire}

    async def on_lines_opened(self, event: Lines.Opened) -> None:
        """Enter on a product: its editor, or for those who may not change it, a look."""
        event.stop()
        if isinstance(event.item, ProductSheet):
            await self._edit(event.item)

    async def make(self) -> None:
        """Make a product."""
        await self._edit(None)

    async def _edit(self, product: ProductSheet | None) -> None:
        def ended(outcome: Outcome | None) -> None:
            if outcome is not None:
                self._read(outcome)

        await self.house.push_screen(ProductEditor(product), ended)

    async def retire(self) -> None:
        """Ask whether to issue no more of a product, or to issue a retired one again."""
        product, session, intent = self.chosen, self.house.session, new_intent()
        assert product is not None
        is_retired = product.retired_at is not None
        form = Form(
            f"{'Bring back' if is_retired else 'Retire'} {product.name} ({product.code})",
            _RESTORES if is_retired else _RETIRES,
            confirm="Bring back" if is_retired else "Retire",
        )
        do = desk.restore_product if is_retired else desk.retire_product

        def write(_typed: Typed) -> None:
            self.house.ask("Saving", lambda: do(session, product.code, intent=intent), take, can_be_left=False)

        def take(outcome: Outcome) -> None:
            form.close()
            self._read(outcome)

        await self.stand(form, write)

    @property
    def chosen(self) -> ProductSheet | None:
        """The product that the cursor is on."""
        items = self.lines.items
        return items[self.lines.cursor] if items else None

    def _tell(self) -> None:
        told = _NOTHING if self.chosen is None else drawing.whole(self.chosen)
        self.query_one("#whole", Static).update(told)
        self.dim_keys()
