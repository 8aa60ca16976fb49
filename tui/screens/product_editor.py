"""The editor of one product: its fields, what is wrong with them, what they come to, and one confirmation to save."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input, Static

from models import desk
from models.products import EDITING, ProductSheet, changes, facts, products_and_policy
from models.rules.jurisdictions import warnings
from models.rules.policy import Policy
from models.rules.wording import shortened
from models.unit import Outcome, new_intent
from tui.commands import Group, bindings
from tui.pieces import joined, piece
from tui.product_draft import Meant, meant_by, typed_of
from tui.screens.form import Form
from tui.screens.page import Doer, Page, runs
from tui.widgets.asking import Asked, Typed
from tui.widgets.card_preview import CardPreview
from tui.widgets.heading import Heading
from tui.widgets.product_fields import ROWS, ProductFields
from tui.widgets.rows import Row

_MOST_ON_TRAIL: Final = 30


class ProductEditor(Page[Outcome]):
    """One product. Ends with what came of saving it, or with nothing."""

    GROUP = Group.PRODUCT
    BINDINGS: ClassVar = [
        *runs(GROUP),
        *bindings(
            "dialog",
            confirm="run('product.save')",
            cancel="run('desk.back')",
            down="move(1)",
            up="move(-1)",
            page_down="page(1)",
            page_up="page(-1)",
        ),
        Binding("tab", "move(1)", show=False),
        Binding("shift+tab", "move(-1)", show=False),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-slim"), (62, "-narrow"), (120, "-wide")]
    AUTO_FOCUS = "Input:enabled"
    DEFAULT_CSS = """
    ProductEditor > Horizontal { height: 1fr; layout: vertical; }
    ProductEditor #fields { height: auto; max-height: 70%; scrollbar-size-vertical: 1; padding: 0 1; }
    ProductEditor #fields Static { height: auto; }
    ProductEditor #overtaken { display: none; color: $text-warning; text-style: bold; }
    ProductEditor #warnings { display: none; color: $text-warning; }
    ProductEditor #what-changes { color: $foreground 70%; }
    ProductEditor.-slim ProductFields Horizontal { layout: vertical; height: auto; }
    ProductEditor.-slim ProductFields .label { width: 100%; }
    ProductEditor.-slim ProductFields .between { margin: 0; }
    ProductEditor.-slim ProductFields Input { width: 100%; }
    ProductEditor.-slim ProductFields .wrong { padding-left: 0; }
    ProductEditor.-wide > Horizontal { layout: horizontal; }
    ProductEditor.-wide #fields { width: 66; height: 1fr; max-height: 100%; border-right: solid $primary-background; }
    """

    def __init__(self, product: ProductSheet | None) -> None:
        """Edit a product as it was listed, or make one."""
        super().__init__()
        self.opened = product
        self._began = typed_of(product)
        self._taken: frozenset[str] = frozenset()
        self._policy = Policy()
        self._was_tried = False
        self._is_complaining = False
        self._against: tuple[str, ...] = ()

    # What is drawn

    def body(self) -> ComposeResult:
        """The fields, and the preview below or beside them."""
        store = self.house.session.store
        with Horizontal():
            with Asked(id="fields"):
                yield Heading("")
                yield Static("", id="overtaken", markup=False)
                is_closed = self.refusal("product.save") is not None
                yield ProductFields(self._began, is_new=self.opened is None, is_closed=is_closed)
                yield Static("", id="warnings", markup=False)
                if self.opened is not None:
                    yield Static(EDITING, id="what-changes", markup=False)
            yield CardPreview(store.business, store.clock.now())

    @property
    def fields(self) -> ProductFields:
        """What is typed into."""
        return self.query_one(ProductFields)

    def _head(self) -> None:
        heading, opened = self.query_one("#fields Heading", Heading), self.opened
        if opened is None:
            self.trail, heading.label = "products > new", "New product"
            return
        retired = ", retired" if opened.retired_at is not None else ""
        no_rules = ", no rules yet" if opened.rules is None else ""
        self.trail = f"products > {shortened(opened.name, _MOST_ON_TRAIL)}"
        heading.label = f"{opened.name} ({opened.code}{retired}{no_rules})"

    def on_mount(self) -> None:
        """Say where one is, and follow what is chosen."""
        self._head()
        for choice in self.fields.choices:
            self.watch(choice, "index", self.follow, init=False)
        self.follow()

    def go_on(self, now: datetime) -> None:
        """Today may be another day."""
        self.query_one(CardPreview).go_on(now)
        self.follow()

    # What is typed

    @property
    def typed(self) -> Typed:
        """What stands in the fields."""
        return {**self._began, **self.fields.typed}

    def meant(self) -> Meant:
        """What stands in the fields, as the desk would save it."""
        store = self.house.session.store
        return meant_by(self.typed, self.opened, store.clock.now(), store.business, self._taken)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Judge and show what comes of it, letter by letter."""
        event.stop()
        self.follow()

    def follow(self) -> None:
        """Say beside each field what is wrong with it, and let the preview follow."""
        typed, meant = self.typed, self.meant()
        said = {field: sentence for field, sentence in meant.wrong.items() if self._was_tried or typed[field].strip()}
        self.fields.follow(said)
        if self._is_complaining and not meant.wrong:
            self._is_complaining = False
            self.house.tell("")
        is_sellable = not meant.wrong.keys() - {"name", "code"}
        against = warnings(meant.rules, self._policy.jurisdictions) if is_sellable else ()
        if against != self._against:
            self._against = against
            self._show("warnings", against)
        self.query_one(CardPreview).sold = (meant.rules, meant.reminders, meant.where) if is_sellable else None

    def _show(self, id_: str, sentences: Sequence[str]) -> None:
        static = self.query_one(f"#{id_}", Static)
        static.update(joined(piece(each) for each in sentences))
        static.display = bool(sentences)

    def scroll_to_center(self, widget: Widget, *_args: Any, **_options: Any) -> None:
        """Bring what takes the keys into sight with all of its row: alone it could push out what it means."""
        row = next((each for each in widget.ancestors if isinstance(each, Row)), widget)
        row.scroll_visible(animate=False)

    def action_move(self, way: int) -> None:
        """Give the keys to the next field that is shown, in the order of the form."""
        # Textual's own order goes by places on the screen, and a field that a key just brought has none yet.
        shown = [each for each in self.query("Input, Choice") if not each.disabled and _is_shown(each)]
        place = shown.index(self.focused) if self.focused in shown else -way
        shown[(place + way) % len(shown)].focus()

    def action_page(self, way: int) -> None:
        """Scroll the preview; the fields follow what takes the keys."""
        self.query_one(CardPreview).page(way)

    # What is read

    def read(self) -> None:
        """Read the product again, and what its fields are held against."""
        session = self.house.session

        def work() -> tuple[tuple[ProductSheet, ...], Policy]:
            return products_and_policy(session.store)

        self.house.ask("Reading", work, self._take)

    def _take(self, answer: tuple[tuple[ProductSheet, ...], Policy]) -> None:
        products, self._policy = answer
        if self.opened is None:
            self._taken = frozenset(each.code for each in products)
        else:
            self._rebase(next((each for each in products if each.id == self.opened.id), self.opened))
        self.follow()

    def _rebase(self, product: ProductSheet) -> None:
        """Go on from the product as it is: fields that nobody touched follow it."""
        typed, began, after = self.typed, self._began, typed_of(product)
        self.opened, self._began = product, after
        self.fields.put({field: after[field] for field in typed if typed[field] == began[field]})
        self._head()

    # What is saved

    def doers(self) -> Mapping[str, Doer]:
        """What does the commands of the editor."""
        return {"product.save": self.save}

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in a field asks whether to save."""
        event.stop()
        self.call_later(self.action_run, "product.save")

    async def save(self) -> None:
        """Ask whether to save, saying what that changes; what can't be saved is said, and gets the keys."""
        self._was_tried = True
        self.follow()
        meant, store = self.meant(), self.house.session.store
        if meant.wrong:
            field = next(each for each in ROWS if each in meant.wrong)
            self.query_one(f"#{field}").focus()
            self._is_complaining = True
            self.house.refuse(meant.wrong[field])
            return
        sheet = meant.as_sheet(self.opened, store.clock.now())
        what = facts(sheet) if self.opened is None else changes(self.opened, sheet)
        stays = () if self.opened is None else (EDITING,)
        if not what:
            self.house.refuse("Nothing was changed here: there is nothing to save.")
            return
        form = Form(
            f"Save {sheet.name} ({sheet.code})",
            joined(piece(line) for line in (*what, *self._against, *stays)),
            confirm="Save",
        )
        intent = new_intent()
        await self.stand(form, lambda _typed: self._write(form, meant, intent))

    def _write(self, form: Form, meant: Meant, intent: str) -> None:
        session, opened = self.house.session, self.opened

        def work() -> tuple[Outcome, tuple[tuple[ProductSheet, ...], Policy] | None]:
            outcome = desk.set_product(
                session,
                meant.code,
                name=meant.name if opened is None or meant.name != opened.name else None,
                rules=meant.rules,
                reminders=meant.reminders,
                channels=meant.channels,
                spend_places=meant.spend_places,
                spend_channels=meant.spend_channels,
                opened=opened,
                is_new=opened is None,
                intent=intent,
            )
            return outcome, None if outcome.done else products_and_policy(session.store)

        def take(answer: tuple[Outcome, tuple[tuple[ProductSheet, ...], Policy] | None]) -> None:
            outcome, read = answer
            form.close()
            if read is None:
                self.dismiss(outcome)
                return
            self._show("overtaken", outcome.changes)
            self._take(read)
            self.house.refuse(outcome.sentence)

        self.house.ask("Saving", work, take, can_be_left=False)

    # Leaving

    def leave(self, then: Callable[[], object] = lambda: None) -> None:
        """Leave; what was typed and not saved is asked about."""
        if self.typed == self._began:
            super().leave(then)
        else:
            self.leave_unsaved(then)


def _is_shown(widget: Widget) -> bool:
    return all(node.display for node in widget.ancestors_with_self if isinstance(node, Widget))
