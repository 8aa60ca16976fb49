"""The history of a card: as long a list as its journal, of which only the blocks around what is seen are at hand."""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias, overload

from textual.content import Content
from textual.message import Message

from tui.later import histories
from tui.widgets.lines import Lines

if TYPE_CHECKING:
    from models.histories import ActivityLine, Extent, Line
    from models.sheets import CardSheet

_MOST_BLOCKS: Final = 8
_AWAITED: Final = Content("…".rjust(17))


class Awaited(NamedTuple):
    """A line that was not read yet."""

    extent: Extent
    block: int
    """The block of the extent in which it lies."""
    line: int
    """Its place in the block."""


Listed: TypeAlias = "Line | Awaited"


class Blocks(Sequence[Listed]):
    """A history, newest first: what its sheet told, and blocks that come when they are asked for and go again."""

    def __init__(self, newest: Sequence[Line], extent: Extent | None, want: Callable[[Extent, int], object]) -> None:
        """Begin with the newest lines; without an extent these are all that is known of."""
        self.newest = newest
        self.extent = extent
        self._want = want
        self._blocks: OrderedDict[int, Sequence[Line]] = OrderedDict()
        self._wanted: set[int] = set()

    def __len__(self) -> int:
        """How many lines are known of."""
        return len(self.newest) if self.extent is None else self.extent.length

    @overload
    def __getitem__(self, place: int) -> Listed: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Listed]: ...
    def __getitem__(self, place: int | slice) -> Listed | Sequence[Listed]:
        """A line by its place from the newest; one that is not at hand is asked for."""
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        if self.extent is None or 0 <= place < len(self.newest):
            return self.newest[place]
        block, line = divmod(range(self.extent.length)[-1 - place], histories.BLOCK)
        if block in self._blocks:
            self._blocks.move_to_end(block)
            return self._blocks[block][line]
        if block not in self._wanted:
            self._wanted.add(block)
            self._want(self.extent, block)
        return Awaited(self.extent, block, line)

    def take(self, block: int, lines: Sequence[Line]) -> None:
        """Keep a block that was asked for, in place of the one that was not looked at for longest."""
        self._wanted.discard(block)
        self._blocks[block] = lines
        while len(self._blocks) > _MOST_BLOCKS:
            self._blocks.popitem(last=False)

    def give_up(self, block: int) -> None:
        """A block can't be read: it is asked for again when it is to be shown again."""
        self._wanted.discard(block)

    def renewed(self, newest: Sequence[Line], extent: Extent | None) -> Blocks:
        """The same history, grown or measured; what was read of it stays, but for a block that was not full."""
        blocks = Blocks(newest, extent, self._want)
        blocks._blocks.update(
            (number, lines) for number, lines in self._blocks.items() if len(lines) == histories.BLOCK
        )
        return blocks


class History(Lines[Listed]):
    """The activities of one card, or those that moved money. What it lacks it asks for, and waits for nothing."""

    class BlockWanted(Message):
        """Lines are to be shown that are not at hand."""

        def __init__(self, extent: Extent, block: int) -> None:
            super().__init__()
            self.extent = extent
            self.block = block

    class ExtentWanted(Message):
        """It is to be known how far a redemption history goes."""

        def __init__(self, card_id: int, until: int, to: int | None = None) -> None:
            super().__init__()
            self.card_id = card_id
            self.until = until
            """The number of the newest activity."""
            self.to = to
            """The place, beyond all that are known of, where a key leads; None: nobody waits for it."""

    def __init__(self, draw: Callable[[Line, int], Content], *, id: str | None = None) -> None:
        """Draw each line that is at hand with a function of the line and the width."""
        super().__init__(lambda line, width: _AWAITED if isinstance(line, Awaited) else draw(line, width), id=id)
        self._which: tuple[int, object, bool] | None = None
        """The card, the time at which it is shown, and whether only what moved money is listed."""
        self._until = 0
        """The number of the card's newest activity then."""
        self._newest: Sequence[Line] = ()
        self._listed = self._blocks_of((), None)

    def show_sheet(self, sheet: CardSheet, *, is_money: bool) -> None:
        """List the history of a card; the same one grown keeps the cursor and what is in sight where they were."""
        before, self._which = self._which, (sheet.card_id, sheet.as_of, is_money)
        self._until = sheet.activities[0].number if sheet.activities else 0
        # Of a card that does not add up each line is read again, to tell which are to be relied on.
        newest = sheet.newest if sheet.wrong is None else ()
        self._newest = [line for line in newest if line.moves_money] if is_money else newest
        extent = _extent(sheet.card_id, self._until, newest, is_money=is_money)
        if before != self._which:
            self._listed = self._blocks_of(self._newest, extent)
            self.show(self._listed)
            self._look_around()
        else:
            self._grow(extent or (self._listed.extent and self._listed.extent.grown(newest)))
        if not self._is_measured:
            self._ask(self.ExtentWanted(sheet.card_id, self._until))

    def show_nothing(self) -> None:
        """No card is open."""
        self._which = None
        self.show(())

    def take_extent(self, extent: Extent) -> None:
        """Go as far as the history was found to go, if it is still the one that is shown."""
        card_id, _, is_money = self._which or (None, None, False)
        if is_money and (extent.card_id, extent.until) == (card_id, self._until):
            self._grow(extent)

    def take_block(self, extent: Extent, block: int, lines: Sequence[Line]) -> None:
        """Show lines that were asked for, if they are still of what is shown."""
        if extent == self._listed.extent:
            self._listed.take(block, lines)
            self.refresh()

    def give_up(self, extent: Extent, block: int) -> None:
        """Lines can't be read: they are asked for again when they are to be shown again."""
        if extent == self._listed.extent:
            self._listed.give_up(block)

    def watch_cursor(self, before: int, after: int) -> None:
        """Ask for what the next page shows, too, before it is drawn."""
        super().watch_cursor(before, after)
        self._look_around()

    def _look_around(self) -> None:
        page = self.size.height
        for place in range(max(0, self.cursor - page), min(len(self._listed), self.cursor + page + 1)):
            self._listed[place]

    def go_to(self, place: int) -> None:
        """Put the cursor on a line, or on the last one."""
        self._move(place)

    @property
    def _is_measured(self) -> bool:
        return self._listed.extent is not None and self._listed.extent.until == self._until

    def _grow(self, extent: Extent | None) -> None:
        """List more of the same; as long as more was written than the sheet tells, it stays as it was."""
        before = self._listed
        if extent is None and before.extent is not None:
            return
        if extent is not None and before.extent is not None:
            above = extent.length - before.extent.length
        else:
            top = before.newest[0].number if before.newest else self._until
            above = sum(line.number > top for line in self._newest)
        self._listed = before.renewed(self._newest, extent)
        self.renew(self._listed, above=above)
        self._look_around()

    def _blocks_of(self, newest: Sequence[Line], extent: Extent | None) -> Blocks:
        return Blocks(newest, extent, lambda of, block: self._ask(self.BlockWanted(of, block)))

    def _ask(self, message: Message) -> None:
        # A message goes no further up than to whoever was at work when it was made, which may be a parent.
        self.post_message(message.set_sender(self))

    def _move(self, to: int) -> None:
        """Go to a line; where that may be one that is not known of, it is first found out how far the history goes."""
        if to >= len(self.items) and not self._is_measured and self._which is not None:
            self._ask(self.ExtentWanted(self._which[0], self._until, to))
        else:
            super()._move(to)

    def action_last(self) -> None:
        """To the oldest line."""
        self._move(sys.maxsize)


def _extent(card_id: int, until: int, newest: Sequence[ActivityLine], *, is_money: bool) -> Extent | None:
    """How far a history goes, where that can be told without looking; until is the number of the newest activity."""
    if not is_money:
        return histories.all_activities(card_id, until)
    if len(newest) < until:
        return None
    return histories.Extent(card_id, 0, 0, ()).grown(newest)
