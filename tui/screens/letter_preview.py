"""A reminder e-mail as it would go for one card: subject and text on the screen, HTML in a browser, and a test mail."""

from collections.abc import Callable, Sequence
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from models.previews import Previewed, send_test, trial_refusal
from tui import letter_drawing as drawing
from tui.browsing import PrivateFile, open_in_browser
from tui.commands import Group
from tui.pieces import piece
from tui.screens.page import Doer, Page, runs
from tui.text import clean_lines
from tui.widgets.heading import Heading
from tui.widgets.lines import Lines

_NO_HTML: Final = "This e-mail has no HTML: it goes as plain text only."


class LetterPreview(Page[str | None]):
    """The e-mail filled. Ends with what is wished next: "card" for another card, "save", or None."""

    DEFAULT_CSS = """
    LetterPreview #envelope { height: auto; max-height: 7; padding: 0 1; }
    """
    GROUP = Group.LETTER_PREVIEW
    BINDINGS: ClassVar = runs(GROUP)
    AUTO_FOCUS = "#lines"

    def __init__(self, previewed: Previewed, save_refusal: Callable[[], str | None]) -> None:
        """Show an e-mail; the refusal tells why its texts can't be saved now."""
        super().__init__()
        self._previewed = previewed
        self._save_refusal = save_refusal
        self._file = PrivateFile()

    def body(self) -> ComposeResult:
        """The envelope, and the text."""
        yield Static(drawing.envelope(self._previewed), id="envelope", markup=False)
        yield Heading("Text", id="text-heading")
        yield Lines[Content](lambda line, _width: line, id="lines")

    def on_mount(self) -> None:
        """Say where one is."""
        self.trail = "reminder e-mails > texts > preview"
        html = self._previewed.letter.html
        self.query_one("#text-heading", Heading).hint = "no HTML" if html is None else f"HTML: {len(html):,} characters"

    def on_resize(self) -> None:
        """Break the text where the lines end."""
        lines = self.query_one("#lines", Lines)
        cursor = lines.cursor
        lines.show(_wrapped(self._previewed.letter.text, max(20, self.size.width - 3)))
        lines.cursor = min(cursor, max(0, len(lines.items) - 1))

    def on_unmount(self) -> None:
        """Leave no file behind."""
        self._file.remove()

    def refusal(self, command_id: str) -> str | None:
        """Why a command can't be used now, or None."""
        if command_id == "preview.save":
            return self._save_refusal()
        if command_id == "preview.test":
            return trial_refusal(self.house.agent.role)
        if command_id == "preview.browser" and self._previewed.letter.html is None:
            return _NO_HTML
        return super().refusal(command_id)

    def doers(self) -> dict[str, Doer]:
        """The commands of this page."""
        return {
            "preview.card": self._to_another_card,
            "preview.browser": self._browse,
            "preview.test": self._send_test,
            "preview.save": self._save,
        }

    async def _to_another_card(self) -> None:
        self.dismiss("card")

    async def _save(self) -> None:
        self.dismiss("save")

    async def _browse(self) -> None:
        html = self._previewed.letter.html or ""

        def work() -> str:
            path = self._file.write(html)
            if open_in_browser(path):
                return f"Shown in your browser, from {path}; the file goes when you leave this page."
            return f"No browser can be opened from here: open {path} yourself; it goes when you leave this page."

        self.house.ask("Opening the browser", work, lambda told: self.house.tell(told, "done"), can_be_left=False)

    async def _send_test(self) -> None:
        session, previewed = self.house.session, self._previewed

        def take(answer: tuple[bool, str]) -> None:
            is_sent, sentence = answer
            if is_sent:
                self.house.tell(sentence, "done")
            else:
                self.house.refuse(sentence)

        self.house.ask("Sending", lambda: send_test(session, previewed), take, can_be_left=False)


def _wrapped(text: str, width: int) -> Sequence[Content]:
    """The text in lines that fit."""
    return [part for line in clean_lines(text).split("\n") for part in (Content(line).wrap(width) or [piece("")])]
