"""A list of lines with a cursor, drawn line by line: it costs the same however long it is."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Final, Generic, TypeVar

from textual.binding import Binding
from textual.content import Content
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.reactive import var
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from tui.commands import Group, in_group
from tui.widgets.fitting import Fitting

Item = TypeVar("Item")
# After so many characters and before so many, where a word ends: a date and a time, a code, or its end and a status.
_REVERSED: Final = (14, 24)


class Lines(Fitting, ScrollView, Generic[Item], can_focus=True):
    """Rows of any kind of item, one line each."""

    DEFAULT_CSS = """
    Lines { height: 1fr; overflow-x: hidden; scrollbar-size-vertical: 1; }
    """
    BINDINGS: ClassVar = [
        Binding(each.keys, each.id.replace("list.", ""), each.title, id=each.id, show=False)
        for each in in_group(Group.LISTS)
    ]

    cursor: var[int] = var(0)
    """The line that Enter opens."""

    class Opened(Message):
        """A line was chosen."""

        def __init__(self, lines: "Lines[Any]", item: object) -> None:
            super().__init__()
            self.lines = lines
            self.item = item

        @property
        def control(self) -> "Lines[Any]":
            """The list it was chosen in."""
            return self.lines

    class Nothing(Message):
        """There is no line that could be chosen."""

    class Ending(Message):
        """The cursor was moved to where less than a page follows."""

        def __init__(self, lines: "Lines[Any]") -> None:
            super().__init__()
            self.lines = lines

        @property
        def control(self) -> "Lines[Any]":
            """The list that ends."""
            return self.lines

    def __init__(self, draw: Callable[[Item, int], Content], *, id: str | None = None, is_led: bool = False) -> None:
        """Draw each item with a function of the item and the width; a list that is led shows its cursor always."""
        super().__init__(id=id)
        self._is_led = is_led
        self._draw = draw
        self._is_marked: Callable[[Item], bool] = lambda _item: False
        self._items: Sequence[Item] = ()

    @property
    def items(self) -> Sequence[Item]:
        """What is listed."""
        return self._items

    @property
    def chosen(self) -> Item | None:
        """What the cursor is on."""
        return self._items[self.cursor] if self._items else None

    @property
    def is_ending(self) -> bool:
        """Whether less than a page follows the cursor."""
        return self.cursor + self.size.height >= len(self._items)

    def mark(self, is_marked: Callable[[Item], bool]) -> None:
        """Mark the items that a function picks: they are open elsewhere."""
        self._is_marked = is_marked
        self.refresh()

    def show(self, items: Sequence[Item]) -> None:
        """List other items, from the top."""
        before, self._items = self._items, items
        if not items and not before:
            return
        self.virtual_size = Size(0, len(items))
        self.cursor = 0
        self.scroll_to(y=0, animate=False)
        self.refresh()

    def renew(self, items: Sequence[Item], *, above: int = 0) -> None:
        """List the same items brought up to date, or with more behind them: the cursor and what is in sight stay.

        What was put above them is seen where the cursor was on the first one; else they keep their place.
        """
        above = above if self.cursor else 0
        self._items = items
        self.virtual_size = Size(0, len(items))
        if above:
            self.scroll_to(y=self.scroll_offset.y + above, animate=False)
        self.cursor = max(0, min(len(items) - 1, self.cursor + above))
        self.refresh()

    def seek(self, is_it: Callable[[Item], bool]) -> None:
        """Put the cursor on the first item that fits, unless it is on one that does."""
        fitting = [place for place, item in enumerate(self._items) if is_it(item)]
        if fitting and self.cursor not in fitting:
            self.cursor = fitting[0]

    def render_line(self, y: int) -> Strip:
        """One row of the screen."""
        width = self.scrollable_content_region.width
        index = y + self.scroll_offset.y
        style = self.visual_style
        if index >= len(self._items):
            return Strip.blank(width, style.rich_style)
        content = self._draw(self._items[index], width - 1).truncate(width - 1, ellipsis=True)
        is_chosen = (self.has_focus or self._is_led) and index == self.cursor
        lead = "▸" if is_chosen else "•" if self._is_marked(self._items[index]) else " "
        content = Content.assemble(lead, content)
        content = content.pad_right(width - content.cell_length)
        if is_chosen:
            content = self._reversed(content)
            if self.has_focus:  # a terminal that shows its own cursor shows it here
                self.app.cursor_position = self.region.offset + Offset(0, y)
        return Visual.to_strips(self, content, width, 1, style, apply_selection=False)[0]

    def _reversed(self, line: Content) -> Content:
        """The chosen line: reversed as a whole, or where each byte counts only where it begins.

        What is reversed loses its own colours: they would turn into blocks.
        """
        end = len(line)
        if self.app.ansi_color:
            end = line.plain.find(" ", *_REVERSED)
            end = _REVERSED[1] if end < 0 else end
        return Content.assemble(Content.styled(line.plain[:end], "reverse"), line[end:])

    def watch_cursor(self, before: int, after: int) -> None:
        """Keep the cursor's line in sight."""
        if self.size:  # before the first layout everything is out of sight
            self.scroll_to_region(Region(0, self.cursor, 1, 1), animate=False, force=True)
        self.refresh_line(before)
        self.refresh_line(after)

    def on_focus(self) -> None:
        """Show the cursor."""
        self.refresh()

    def on_blur(self) -> None:
        """Hide the cursor."""
        self.refresh()

    def _move(self, to: int) -> None:
        if self._items:
            self.cursor = max(0, min(len(self._items) - 1, to))
            if self.is_ending:
                self.post_message(self.Ending(self))

    def action_down(self) -> None:
        """One line down."""
        self._move(self.cursor + 1)

    def action_up(self) -> None:
        """One line up."""
        self._move(self.cursor - 1)

    def action_page_down(self) -> None:
        """One page down."""
        self._move(self.cursor + self.size.height)

    def action_page_up(self) -> None:
        """One page up."""
        self._move(self.cursor - self.size.height)

    def action_first(self) -> None:
        """To the first line."""
        self._move(0)

    def action_last(self) -> None:
        """To the last line."""
        self._move(len(self._items) - 1)

    def action_half_down(self) -> None:
        """Half a page down."""
        self._move(self.cursor + max(1, self.size.height // 2))

    def action_half_up(self) -> None:
        """Half a page up."""
        self._move(self.cursor - max(1, self.size.height // 2))

    async def action_back(self) -> None:
        """One step back, as Esc does it here."""
        await self.run_action("screen.leave")

    def action_open(self) -> None:
        """Choose the cursor's line."""
        if self._items:
            self.post_message(self.Opened(self, self._items[self.cursor]))
        else:
            self.post_message(self.Nothing())
