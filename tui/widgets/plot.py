"""A plot of figures, drawn line by line as text; what follows the cursor of a list elsewhere costs it nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.content import Content
from textual.reactive import reactive
from textual.strip import Strip
from textual.visual import Visual
from textual.widget import Widget

from tui.commands import Group, in_group
from tui.pieces import piece
from tui.terminal import is_console

if TYPE_CHECKING:
    from models.reports.tables import Series

_KEYS = {
    "list.back": "screen.leave",
    "list.down": "screen.run('report.next')",
    "list.open": "screen.run('report.next')",
}


class Plot(Widget, can_focus=True):
    """One series of figures, as much of it as has room."""

    DEFAULT_CSS = "Plot { height: 1fr; padding: 0 1; }"
    BINDINGS: ClassVar = [
        Binding(each.keys, _KEYS[each.id], each.title, id=each.id, show=False)
        for each in in_group(Group.LISTS)
        if each.id in _KEYS
    ]

    series: reactive[Series | None] = reactive(None)
    """What is drawn; None: nothing."""
    _drawn: tuple[object, tuple[str, ...]] = (None, ())

    def render_line(self, y: int) -> Strip:
        """One row of the screen."""
        width, lines = self.size.width, self._lines()
        text = lines[y] if y < len(lines) else ""
        content = piece(text, "bold" if y == 0 else "")
        return Visual.to_strips(self, _filled(content, width), width, 1, self.visual_style, apply_selection=False)[0]

    def _lines(self) -> tuple[str, ...]:
        if self.series is None:
            return ()
        of = (self.series, self.size)
        if self._drawn[0] != of:
            from tui.plotting import plot

            is_ascii = getattr(self.app, "profile", None) == "ascii" or is_console()
            self._drawn = of, plot(self.series, self.size.width, self.size.height, is_ascii=is_ascii)
        return self._drawn[1]


def _filled(content: Content, width: int) -> Content:
    return content.pad_right(max(0, width - content.cell_length))
