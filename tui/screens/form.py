"""The dialog: says what would happen, asks what is still needed, and does nothing until Enter."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Label, Static

from models.rules.codes import is_all_but_ours
from models.rules.errors import RuleError
from models.rules.texts import NAME
from tui.commands import bindings, over_dialogs
from tui.keymap import keymap_of
from tui.pieces import piece
from tui.screens.calm import Calm
from tui.text import clean, clean_lines
from tui.widgets.asking import Asked, Choice, Option, Typed
from tui.widgets.field import OneLine

if TYPE_CHECKING:
    from tui.bridge import BridgeApp


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to type."""

    id: str
    label: str
    is_required: bool = False
    longest: int = NAME
    value: str = ""
    """What stands in it at first, as it is stored."""
    takes_code: bool = False
    """Whether the code of a card may be meant."""

    @property
    def shown(self) -> str:
        """What stands in it at first, as a field can hold it."""
        return clean(self.value)[: self.longest]


class Form(Calm, ModalScreen[Typed | None]):
    """A decision in front of the card. Ends with what was typed, or None for no."""

    attempt: Callable[[Typed], object] | None = None
    """What Enter tries with what was typed. The dialog stands until `close` or Esc, and a refusal is told in it;
    without an attempt Enter ends it."""

    DEFAULT_CSS = """
    Form { align: center bottom; background: $background 0%; }
    Form > Vertical {
        width: 100%; max-width: 80; height: auto; max-height: 100%; margin: 1 0 3 0;
        border: solid $primary; background: $surface; padding: 0 1;
    }
    Form Asked { height: auto; max-height: 100%; scrollbar-size-vertical: 1; }
    Form #foot { height: auto; dock: bottom; }
    Form .body { height: auto; margin-bottom: 1; }
    Form Label { height: 1; color: $foreground 70%; }
    Form Asked > Label { width: 100%; height: auto; }
    Form Input, Form Input:focus { border: none; height: 1; padding: 0; background: $boost; }
    Form Input:focus { background: $primary 30%; }
    Form Choice { height: auto; text-wrap: wrap; }
    Form .keys { height: 1; margin-top: 1; }
    Form .wrong { height: auto; color: $text-warning; text-style: bold; }
    """
    BINDINGS: ClassVar = [
        *bindings(
            "dialog",
            confirm="confirm",
            cancel="cancel",
            down="app.focus_next",
            up="app.focus_previous",
            page_down="page(1)",
            page_up="page(-1)",
        ),
        *over_dialogs(),
    ]

    def __init__(
        self,
        title: str,
        body: Content | str = "",
        fields: Sequence[Field] = (),
        *,
        confirm: str,
        stay: str = "Leave it",
        options: Sequence[Option] = (),
        wrong: Callable[[Typed], str | None] = lambda _typed: None,
    ) -> None:
        """Say what it is about, and what is asked; confirm is the verb for Enter, stay what Esc does.

        Wrong says why what was typed can't be meant, as a sentence; the dialog stands until it has nothing to say.
        """
        super().__init__()
        self._title = title
        self._body = Content(clean_lines(body)) if isinstance(body, str) else body
        self._fields = fields
        self._confirm = confirm
        self._stay = stay
        self._options = options
        self._wrong = wrong
        self._chosen = ""

    @property
    def about(self) -> str:
        """What is decided about, as its title says."""
        return self._title

    def compose(self) -> ComposeResult:
        """The box; what does not fit between its title and its keys scrolls."""
        with Vertical() as box:
            box.border_title = piece(self._title)
            with Asked():
                yield from self._asked()
            with Vertical(id="foot"):
                yield Static("", classes="wrong", markup=False)
                yield Static(
                    Content.assemble(
                        Content.styled("Enter", "bold $text-accent"),
                        f" {self._confirm}   ",
                        Content.styled("Esc", "bold $text-accent"),
                        f" {self._stay}",
                    ),
                    classes="keys",
                )

    def _asked(self) -> ComposeResult:
        if self._body:
            yield Static(self._body, classes="body")
        if self._options:
            if len(self._options) > 1:
                yield Label("Which (Up goes here, Left and Right change it)", markup=False)
            choice = Choice(self._options, id="choice")
            choice.set_reactive(Choice.index, choice.place(self._chosen))
            yield choice
        for field in self._fields:
            yield Label(field.label if field.is_required else f"{field.label} (may stay empty)", markup=False)
            yield OneLine(field.shown, id=field.id, max_length=field.longest, select_on_focus=False)

    def refill(self, typed: Typed) -> None:
        """Begin with what was typed once, as far as it is asked here."""
        self._fields = tuple(replace(each, value=typed.get(each.id, each.value)) for each in self._fields)
        self._chosen = typed.get("choice", "")

    def on_mount(self) -> None:
        """Be ready to be typed into; Enter confirms."""
        self.begin()

    def begin(self) -> None:
        """Begin at the first thing that must be typed, else at what may be, else at the choice."""
        for field in sorted(self._fields, key=lambda field: not field.is_required)[:1]:
            self.set_focus(self.query_one(f"#{field.id}", Input))
        if self._options and not self._fields:
            self.set_focus(self.query_one(Choice))

    AUTO_FOCUS = ""

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in a field confirms the whole."""
        event.stop()
        self.action_confirm()

    def action_confirm(self) -> None:
        """Try what was typed, or end with it, if nothing is missing or wrong."""
        typed = {field.id: self.query_one(f"#{field.id}", Input).value for field in self._fields}
        for field in self._fields:
            if field.is_required and not typed[field.id].strip():
                self.query_one(f"#{field.id}", Input).focus()
                self._refuse(f"Still to fill in: {field.label}.")
                return
        if self._options:
            typed["choice"] = self.query_one(Choice).value
        wrong = self._mistyped(typed) or self._wrong(typed)
        if wrong is not None:
            self._refuse(wrong)
            return
        if self.attempt is None:
            self.dismiss(typed)
            return
        self.complain("")
        self.attempt(typed)

    def _mistyped(self, typed: Typed) -> str | None:
        """Why this was not meant: a code that somebody typed, or a scanner, at an open card. Its first letter was the
        key of a dialog, and its end is no Enter that is meant for that."""
        if not any(is_all_but_ours(typed[field.id]) for field in self._fields if not field.takes_code):
            return None
        find = keymap_of(self).key("desk.find")
        return f"That reads like the code of a card, and nothing is done: Esc, then {find} looks for it."

    def _refuse(self, sentence: str) -> None:
        cast("BridgeApp", self.app).refuse(sentence)

    def complain(self, sentence: str) -> None:
        """Say why what was typed won't do; everything typed stays."""
        self.query_one(".wrong", Static).update(piece(sentence))

    def close(self) -> None:
        """End a dialog that stands: what it was for is done, or can't be done by typing."""
        self.dismiss({})

    def action_page(self, way: int) -> None:
        """Scroll what does not fit."""
        asked = self.query_one(Asked)
        asked.scroll_relative(y=way * asked.size.height, animate=False)

    def action_cancel(self) -> None:
        """End with no."""
        self.dismiss(None)


def unreadable(field: str, read: Callable[[str], object]) -> Callable[[Typed], str | None]:
    """Why what was typed into a field can't be meant, as a sentence; nothing typed is for others to judge."""

    def wrong(typed: Typed) -> str | None:
        try:
            if typed[field].strip():
                read(typed[field])
        except RuleError as complaint:
            return str(complaint)
        return None

    return wrong
