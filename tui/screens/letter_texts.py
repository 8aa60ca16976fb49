"""The texts of e-mails and replies: looked at by everybody, changed by managers, saved only as they were previewed."""

from collections.abc import Callable
from functools import partial
from typing import ClassVar, Final

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static, TextArea

from models import desk
from models.previews import Previewed, card_found, preview, texts_held
from models.rules.families import called, family_of
from models.rules.roles import Action, role_refusal
from models.rules.templates import Problem, Texts, problems
from models.templates import StoredTexts
from models.unit import Outcome, new_intent
from tui import letter_drawing as drawing
from tui.commands import Group
from tui.keymap import keymap_of
from tui.pieces import piece
from tui.screens.form import Field, Form
from tui.screens.letter_fields import LetterFields, beside
from tui.screens.letter_names import LetterNames
from tui.screens.letter_preview import LetterPreview
from tui.screens.page import Doer, Page, runs
from tui.widgets.area import Area
from tui.widgets.asking import Option, Typed
from tui.widgets.letter_parts import LetterParts, as_shown

_KEEP, _TAKE = "keep", "take"
_WHICH_CARD: Final = "A card that the text is shown for, filled: its code, its last four, a name or an order."


class LetterTexts(Page[None]):
    """Subject, text and HTML, what is wrong with them beside each, and the way to the preview before saving."""

    DEFAULT_CSS = """
    LetterTexts #about { height: 1; padding: 0 1; }
    LetterTexts #parts { height: 1fr; }
    LetterTexts #fields { display: none; width: 49; padding: 0 1; border-left: solid $primary-background; }
    LetterTexts.-wide #fields { display: block; }
    """
    GROUP = Group.LETTER_TEXTS
    BINDINGS: ClassVar = runs(GROUP)
    AUTO_FOCUS = "#text"

    def __init__(self, held: StoredTexts, card_id: int | None) -> None:
        """Begin with the texts in force; the card is the one that they are shown for."""
        super().__init__()
        self._held = held
        self._family = family_of(held.name)
        self._first = as_shown(held.texts)
        self._card_id = card_id
        self._seen: tuple[Texts, str] | None = None
        """The texts whose preview was seen, and the idempotency key for saving them."""
        self._problems: tuple[Problem, ...] = ()
        self._last = self._first
        """What was judged last."""

    # What is on it

    def body(self) -> ComposeResult:
        """The parts one under the other, and where there is room the fields beside them."""
        yield Static(id="about", markup=False)
        with Horizontal(id="parts"):
            is_read_only = role_refusal(self.house.agent.role, Action.SET_TEMPLATE) is not None
            yield LetterParts(self._first, is_read_only=is_read_only, has_html=not self._family.is_reply)
            yield Static(beside(self._family), id="fields", markup=False)

    def on_mount(self) -> None:
        """Say where one is, and which texts these are."""
        self.trail = f"{called(self._held.name)} > texts" if self._family.is_reply else "reminder e-mails > texts"
        self._say_about()

    def _say_about(self) -> None:
        self.query_one("#about", Static).update(piece(self._saved(self._held)))

    def _saved(self, held: StoredTexts) -> str:
        return drawing.saved(held.version, held.saved_by, held.recorded_at, self.house.session.store.business)

    @property
    def parts(self) -> LetterParts:
        """What is typed into."""
        return self.query_one(LetterParts)

    @property
    def texts(self) -> Texts:
        """What is typed."""
        return self.parts.texts

    @property
    def is_changed(self) -> bool:
        """Whether something would be lost."""
        return self.texts != self._first

    # While something is typed

    def on_input_changed(self) -> None:
        """The subject is another."""
        self._follow()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """The text or the HTML is another."""
        event.stop()
        self._follow()

    def on_area_overfull(self, event: Area.Overfull) -> None:
        """There is no room for what was typed or pasted."""
        self.house.refuse(f"There is room for {event.longest:,} characters here; nothing of that was taken.")

    def on_paste(self, event: events.Paste) -> None:
        """A paste where no field has the focus goes nowhere."""
        event.stop()

    def _follow(self) -> None:
        """What was said before is about other texts."""
        if self.texts != self._last:
            self._last = self.texts
            self.house.tell("")
            self._judge()

    def _judge(self) -> None:
        """Say beside each part what is wrong with it, and which keys that leaves."""
        self._problems = problems(self.texts, self._family)
        self.parts.complain(self._problems)
        self.dim_keys()

    def refusal(self, command_id: str) -> str | None:
        """Why a command can't be used now, or None."""
        if command_id == "texts.preview":
            return self._wrong
        if command_id != "texts.save":
            return super().refusal(command_id)
        preview_key = keymap_of(self).key("texts.preview")
        is_seen = self._seen is not None and self._seen[0] == self.texts
        return (
            super().refusal(command_id)
            or ("These are the texts as they are saved." if not self.is_changed else None)
            or self._wrong
            or (None if is_seen else f"A text is saved only as it was seen: look at the preview first ({preview_key}).")
        )

    @property
    def _wrong(self) -> str | None:
        return self._problems[0].sentence if self._problems else None

    # Commands

    def doers(self) -> dict[str, Doer]:
        """The commands of this page."""
        return {
            "texts.preview": self._preview,
            "texts.save": self.save,
            "texts.fields": self._list_fields,
            "texts.other": self._list_names,
        }

    async def _preview(self) -> None:
        if self._card_id is None:
            await self.choose_card()
        else:
            self._show(self._card_id)

    async def choose_card(self) -> None:
        """Ask for the card that the texts are to be shown for."""
        session = self.house.session

        form = Form(
            "Which card", _WHICH_CARD, (Field("card", "Card", is_required=True, takes_code=True),), confirm="Show"
        )

        def look(typed: Typed) -> None:
            self.house.ask("Looking", partial(card_found, session, typed["card"], self.house.explain), found)

        def found(card_id: int) -> None:
            form.close()
            self._show(card_id)

        await self.stand(form, look)

    def _show(self, card_id: int) -> None:
        session, texts = self.house.session, self.texts

        def take(previewed: Previewed) -> object:
            self._card_id = card_id
            if self._seen is None or self._seen[0] != texts:
                self._seen = texts, new_intent()
            self.dim_keys()
            return self.house.push_screen(LetterPreview(previewed, partial(self.refusal, "texts.save")), self._after)

        self.house.ask("Filling in", partial(preview, session, self._held.name, texts, card_id), take)

    def _after(self, wish: str | None) -> None:
        """Go on as the preview was left: with another card, by saving, or with nothing."""
        wishes: dict[str | None, Doer] = {"card": self.choose_card, "save": self.save}
        if wish in wishes:
            self.call_later(wishes[wish])

    async def save(self) -> None:
        """Save what was previewed, unless a colleague saved other texts meanwhile."""
        assert self._seen is not None
        (texts, intent), held, session = self._seen, self._held, self.house.session

        def work() -> tuple[Outcome, StoredTexts]:
            outcome = desk.set_template(session, held.name, texts, on_version=held.version, intent=intent)
            return outcome, texts_held(session, held.name)

        self.house.ask("Saving", work, self._take_outcome, can_be_left=False)

    def _take_outcome(self, answer: tuple[Outcome, StoredTexts]) -> None:
        outcome, held = answer
        if not outcome.done:
            again = (
                f" {keymap_of(self).key('desk.refresh')} lets you choose." if held.version != self._held.version else ""
            )
            self.house.refuse(f"{outcome.sentence}{again}")
            return
        self._held, self._first, self._seen = held, self.texts, None
        self._say_about()
        self.dim_keys()
        self.house.tell(outcome.sentence, "done")

    async def _list_fields(self) -> None:
        def insert(name: str | None) -> None:
            if name is not None:
                self.parts.put_in(f"{{{{{name}}}}}")

        await self.house.push_screen(LetterFields(self._family), insert)

    async def _list_names(self) -> None:
        def chosen(name: str | None) -> None:
            if name is not None and name != self._held.name:
                self.house.ask("Reading", partial(texts_held, self.house.session, name), self._go_on_with)

        await self.house.push_screen(LetterNames(self._held.name), chosen)

    def _go_on_with(self, held: StoredTexts) -> None:
        house, card_id = self.house, self._card_id
        self.leave(lambda: house.push_screen(LetterTexts(held, card_id)))

    # Coming back, and leaving

    def read_by_itself(self) -> None:
        """Nothing: somebody may be in the midst of typing."""

    def read(self) -> None:
        """Look whether other texts are in force than those that one began with."""
        self._judge()
        self.house.ask("Reading", partial(texts_held, self.house.session, self._held.name), self._compare)

    def _compare(self, held: StoredTexts) -> object:
        if held.version == self._held.version:
            return None
        if not self.is_changed:
            self._take_over(held)
            return None
        form = Form(
            "Other texts were saved meanwhile",
            f"{self._saved(held)} What you typed is still here.",
            confirm="Choose",
            options=(
                Option(_KEEP, "keep what I typed; saving it takes the place of theirs"),
                Option(_TAKE, "take theirs; what I typed is lost"),
            ),
        )
        return self.put(form, lambda typed: self._settle(held, is_kept=typed["choice"] == _KEEP))

    def _settle(self, held: StoredTexts, *, is_kept: bool) -> None:
        if is_kept:
            self._held, self._first, self._seen = held, as_shown(held.texts), None
            self._say_about()
            self.dim_keys()
        else:
            self._take_over(held)

    def _take_over(self, held: StoredTexts) -> None:
        self._held, self._first, self._seen = held, as_shown(held.texts), None
        self.parts.put(self._first)
        self._say_about()
        self._judge()

    def leave(self, then: Callable[[], object] = lambda: None) -> None:
        """Leave the page; with unsaved changes only after a question."""
        if self.is_changed:
            self.leave_unsaved(then)
        else:
            super().leave(then)
