"""The products: what each sells, its rules in short, and what may be done about it."""

from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from models.agents import admit
from models.products import ProductSheet, products_listed
from tui import product_drawing as drawing
from tui.commands import Group
from tui.screens.page import Page, runs
from tui.widgets.card import Heading
from tui.widgets.lines import Lines

_NOTHING: Final = Content("There is no product yet.")


class Products(Page[None]):
    """All products, one line each."""

    DEFAULT_CSS = "Products #whole { height: auto; max-height: 4; padding: 0 1; }"
    GROUP = Group.PRODUCTS
    BINDINGS: ClassVar = runs(GROUP)
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
        session = self.house.session

        def work() -> tuple[ProductSheet, ...]:
            admit(session.store, session.login)
            return products_listed(session.store)

        self.house.ask("Reading", work, self._take)

    def _take(self, products: tuple[ProductSheet, ...]) -> None:
        chosen = self.chosen
        self.lines.show(products)
        places = {each.id: place for place, each in enumerate(products)}
        self.lines.cursor = places.get(chosen.id, 0) if chosen is not None else 0
        self.query_one("#products-heading", Heading).label = drawing.counted(products)
        self._tell()

    @property
    def chosen(self) -> ProductSheet | None:
        """The product that the cursor is on."""
        items = self.lines.items
        return items[self.lines.cursor] if items else None

    def _tell(self) -> None:
        told = _NOTHING if self.chosen is None else drawing.whole(self.chosen)
        self.query_one("#whole", Static).update(told)
        self.dim_keys()
