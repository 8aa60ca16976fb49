"""The parts of an e-mail's texts, one under the other: what stands in them, and below each what is wrong with it."""

from collections.abc import Iterable
from typing import Final

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from models.rules.templates import LONGEST, Problem, Texts
from tui.pieces import piece
from tui.text import clean, clean_lines
from tui.widgets.area import Area
from tui.widgets.field import OneLine
from tui.widgets.heading import Heading

_PARTS: Final = {"subject": "Subject", "text": "Text", "html": "HTML (may stay empty)"}


class LetterParts(Vertical):
    """Subject, text and HTML."""

    DEFAULT_CSS = """
    LetterParts { width: 1fr; }
    LetterParts #subject, LetterParts #subject:focus { border: none; height: 1; padding: 0 1; background: $boost; }
    LetterParts #subject:focus { background: $primary 30%; }
    LetterParts #text { height: 3fr; }
    LetterParts #html { height: 2fr; }
    LetterParts .wrong { height: auto; max-height: 3; padding: 0 1; color: $text-warning; text-style: bold; }
    """

    def __init__(self, texts: Texts, *, is_read_only: bool, has_html: bool = True) -> None:
        """Begin with texts as fields can hold them; what is plain text only has no HTML."""
        super().__init__()
        self._titles = {part: title for part, title in _PARTS.items() if has_html or part != "html"}
        self._first = texts
        self._is_read_only = is_read_only

    def compose(self) -> ComposeResult:
        """A heading, a field and the place for what is wrong with it, three times."""
        values = {"subject": self._first.subject, "text": self._first.text, "html": self._first.html or ""}
        for part, title in self._titles.items():
            yield Heading(title, id=f"{part}-heading")
            if part == "subject":
                subject = OneLine(values[part], id=part, max_length=LONGEST[part], select_on_focus=False)
                subject.disabled = self._is_read_only
                yield subject
            else:
                yield Area(values[part], LONGEST[part], id=part, is_read_only=self._is_read_only)
            yield Static(id=f"{part}-wrong", classes="wrong", markup=False)

    @property
    def texts(self) -> Texts:
        """What stands in them."""
        html = self.query_one("#html", Area).text if "html" in self._titles else ""
        subject = self.query_one("#subject", Input).value
        return Texts(subject, self.query_one("#text", Area).text, html if html.strip() else None)

    def put(self, texts: Texts) -> None:
        """Let these texts stand in them."""
        self.query_one("#subject", Input).value = texts.subject
        self.query_one("#text", Area).load_text(texts.text)
        if "html" in self._titles:
            self.query_one("#html", Area).load_text(texts.html or "")

    def put_in(self, text: str) -> None:
        """Put a piece of text where the cursor is: in the part that has the keys, else in the text."""
        focused = self.screen.focused
        part = focused if isinstance(focused, Area | OneLine) else self.query_one("#text", Area)
        if part.disabled:
            return
        part.focus()
        if isinstance(part, Area):
            part.put_in(text)
        else:
            part.replace(text, *part.selection)

    def complain(self, problems: Iterable[Problem]) -> None:
        """Say below each part what is wrong with it."""
        sentences = [(each.field, each.sentence) for each in problems]
        for part in self._titles:
            told = " ".join(sentence for field, sentence in sentences if field == part)
            wrong = self.query_one(f"#{part}-wrong", Static)
            wrong.update(piece(told))
            wrong.display = bool(told)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Mark the part that takes the keys, by more than a colour."""
        for part, title in self._titles.items():
            lead = "▸ " if event.widget.id == part else ""
            self.query_one(f"#{part}-heading", Heading).label = f"{lead}{title}"

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in the subject leads to the text."""
        event.stop()
        self.query_one("#text").focus()


def as_shown(texts: Texts) -> Texts:
    """Texts as fields can hold them."""
    html = None if texts.html is None else _lines(texts.html)[: LONGEST["html"]]
    return Texts(clean(texts.subject)[: LONGEST["subject"]], _lines(texts.text)[: LONGEST["text"]], html)


def _lines(text: str) -> str:
    return clean_lines(text.replace("\r\n", "\n"))
