"""A text that is read where it stands: it scrolls by the keys of lists, and takes no others."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.commands import Group, in_group
from tui.text import clean_lines
from tui.widgets.fitting import Fitting

_SCROLLS = {
    "list.open": "by(1)",
    "list.down": "by(1)",
    "list.up": "by(-1)",
    "list.half_down": "pages(1, 2)",
    "list.half_up": "pages(-1, 2)",
    "list.page_down": "pages(1)",
    "list.page_up": "pages(-1)",
    "list.first": "scroll_home",
    "list.last": "scroll_end",
    "list.back": "screen.leave",
}


class Text(Fitting, VerticalScroll, can_focus=True, inherit_bindings=False):
    """Some lines of text, of which as many are shown as fit."""

    DEFAULT_CSS = "Text { scrollbar-size-vertical: 1; }"
    BINDINGS: ClassVar = [
        Binding(each.keys, _SCROLLS[each.id], each.title, id=each.id, show=False)
        for each in in_group(Group.LISTS)
        if each.id in _SCROLLS
    ]

    def compose(self) -> ComposeResult:
        """The lines."""
        yield Static(markup=False)

    def show(self, text: str) -> None:
        """Show another text, from its top."""
        self.query_one(Static).update(Content(clean_lines(text)))
        self.scroll_home(animate=False, immediate=True)

    def action_by(self, lines: int) -> None:
        """Scroll by lines."""
        self.scroll_relative(y=lines, animate=False, immediate=True)

    def action_pages(self, pages: int, parts: int = 1) -> None:
        """Scroll by pages, or by parts of one."""
        self.scroll_relative(y=pages * max(1, self.size.height // parts), animate=False, immediate=True)

    def action_scroll_home(self) -> None:
        """To the top."""
        self.scroll_home(animate=False, immediate=True)

    def action_scroll_end(self) -> None:
        """To the end."""
        self.scroll_end(animate=False, immediate=True)
