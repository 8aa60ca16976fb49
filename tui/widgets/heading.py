"""A line across the screen with a heading in it."""

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui import drawing


class Heading(Widget):
    """A line across with a heading in it."""

    DEFAULT_CSS = """
    Heading { height: 1; text-wrap: nowrap; }
    Heading.-another-time { text-style: reverse; }
    """
    label: reactive[str] = reactive("")
    hint: reactive[str] = reactive("")

    def __init__(self, label: str, *, id: str | None = None) -> None:
        """Begin with a heading."""
        super().__init__(id=id)
        self.set_reactive(Heading.label, label)

    def render(self) -> Content:
        """The line."""
        return drawing.rule(self.label, self.size.width, self.hint)
