"""The editor of one product: its fields, what is wrong with them, what they come to, and one confirmation to save."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input, Static

from models import desk
from models.agents import admit
from models.products import EDITING, ProductSheet, changes, facts, products_and_policy
from models.rules.jurisdictions import warnings
from models.rules.policy import Policy
from models.rules.texts import NAME
from models.rules.wording import shortened
from models.unit import Outcome, new_intent
from tui.commands import Group, bindings
from tui.drawing import joined, piece
from tui.screens.form import Asked, Choice, Form, Typed
from tui.screens.page import Doer, Page, runs
from tui.screens.product_draft import (
    AFTER_PERIOD,
    EXPIRES,
    MONTH_END,
    ON_DATE,
    SOLD,
    Meant,
    meant_by,
    typed_of,
)
from tui.widgets.card import Heading
from tui.widgets.card_preview import CardPreview
from tui.widgets.field import OneLine
from tui.widgets.rows import Row

_ROWS: Final = {
    "name": "name-row",
    "code": "code-row",
    "channels": "channels-row",
    "activation_delay_days": "start-row",
    "valid_after": "start-row",
    "period": "expires-row",
    "expires_on": "expires-row",
    "month_end": "month-end-row",
    "reminders": "reminders-row",
}
"""Field -> the row that says what is wrong with it."""
_OPTIONS: Final = {"channels": SOLD, "expires": EXPIRES, "month_end": MONTH_END}
_LONGEST: Final = 40
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
    ProductEditor #expires { width: 28; }
    ProductEditor #activation_delay_days { width: 8; }
    ProductEditor.-slim #fields Row Horizontal { layout: vertical; height: auto; }
    ProductEditor.-slim #fields Row .label { width: 100%; }
    ProductEditor.-slim #fields Row .between { margin: 0; }
    ProductEditor.-slim #fields Row Input { width: 100%; }
    ProductEditor.-slim #fields Row .wrong { padding-left: 0; }
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
                yield Heading(self._heading())
                yield Static("", id="overtaken", markup=False)
                yield from self._rows()
                yield Static("", id="warnings", markup=False)
                if self.opened is not None:
                    yield Static(EDITING, id="what-changes", markup=False)
            yield CardPreview(store.business, store.clock.now())

    def _rows(self) -> ComposeResult:
        yield Row("Name", self._field("name", longest=NAME), id="name-row")
        if self.opened is None:
            yield Row("Short name", self._field("code", placeholder="half-year"), id="code-row")
        yield Row("Sold", self._choice("channels"), id="channels-row")
        yield Row(
            "Active after",
            self._field("activation_delay_days", "short"),
            "days, and not before",
            self._field("valid_after", "short", placeholder="no date"),
            id="start-row",
        )
        yield Row(
            "Balance expires",
            self._choice("expires"),
            self._field("period", placeholder="6 months"),
            self._field("expires_on", placeholder="31 Dec 2027"),
            id="expires-row",
        )
        yield Row("Last day", self._choice("month_end"), id="month-end-row")
        yield Row(
            "Reminders",
            self._field("reminders", placeholder="2 weeks, 3 days", longest=NAME),
            "before the last day",
            id="reminders-row",
        )

    def _field(self, id_: str, classes: str = "", placeholder: str = "", longest: int = _LONGEST) -> OneLine:
        return OneLine(
            self._began[id_],
            id=id_,
            classes=classes,
            placeholder=placeholder,
            max_length=longest,
            select_on_focus=False,
            disabled=self.refusal("product.save") is not None,
        )

    def _choice(self, id_: str) -> Choice:
        choice = Choice(_OPTIONS[id_], id=id_)
        choice.set_reactive(Choice.index, choice.place(self._began[id_]))
        choice.disabled = self.refusal("product.save") is not None
        return choice

    def _heading(self) -> str:
        if self.opened is None:
            return "New product"
        retired = ", retired" if self.opened.retired_at is not None else ""
        no_rules = ", no rules yet" if self.opened.rules is None else ""
        return f"{self.opened.name} ({self.opened.code}{retired}{no_rules})"

    def on_mount(self) -> None:
        """Say where one is, and follow what is chosen."""
        self.trail = f"products > {'new' if self.opened is None else shortened(self.opened.name, _MOST_ON_TRAIL)}"
        for choice in self.query(Choice):
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
        fields = {each.id or "": each.value for each in self.query_one("#fields").query(Input)}
        return {**self._began, **fields, **{each.id or "": each.value for each in self.query(Choice)}}

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
        self.query_one("#period").display = typed["expires"] == AFTER_PERIOD
        self.query_one("#month-end-row").display = typed["expires"] == AFTER_PERIOD
        self.query_one("#expires_on").display = typed["expires"] == ON_DATE
        said = {field: sentence for field, sentence in meant.wrong.items() if self._was_tried or typed[field].strip()}
        for row in self.query("#fields Row").results(Row):
            complaint = " ".join(sentence for field, sentence in said.items() if _ROWS[field] == row.id)
            row.complain(complaint)
            if complaint and row.has_focus_within:
                row.call_after_refresh(row.scroll_visible, animate=False)
        if self._is_complaining and not meant.wrong:
            self._is_complaining = False
            self.house.tell("")
        is_sellable = not meant.wrong.keys() - {"name", "code"}
        against = warnings(meant.rules, self._policy.jurisdictions) if is_sellable else ()
        if against != self._against:
            self._against = against
            self._show("warnings", against)
        self.query_one(CardPreview).sold = (meant.rules, meant.reminders) if is_sellable else None

    def _show(self, id_: str, sentences: Sequence[str]) -> None:
        static = self.query_one(f"#{id_}", Static)
        static.update(joined(piece(each) for each in sentences))
        static.display = bool(sentences)

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
            admit(session.store, session.login)
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
        typed, began = self.typed, self._began
        self.opened, self._began = product, typed_of(product)
        for field in (*self.query_one("#fields").query(Input), *self.query(Choice)):
            id_ = field.id or ""
            if typed[id_] == began[id_] and isinstance(field, Input):
                field.value = self._began[id_]
            elif typed[id_] == began[id_] and isinstance(field, Choice):
                field.index = field.place(self._began[id_])

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
            field = next(each for each in _ROWS if each in meant.wrong)
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
            return
        form = Form("Leave without saving", "What you typed here is not saved.", confirm="Throw it away")
        self.put(form, lambda _typed: super(ProductEditor, self).leave(then))


def _is_shown(widget: Widget) -> bool:
    return all(node.display for node in widget.ancestors_with_self if isinstance(node, Widget))
