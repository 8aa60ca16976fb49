"""The cards behind a figure: listed page by page; one is opened on the desk, and from there one comes back to them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from textual.app import ComposeResult

from models.card_lines import CardLine
from models.rules import wording
from tui import drawing
from tui.commands import Group
from tui.screens.finding import FindingScreen
from tui.screens.page import Page
from tui.text import clean
from tui.widgets.heading import Heading
from tui.widgets.lines import Lines


class Cards(Protocol):
    """Some cards of many."""

    @property
    def lines(self) -> Sequence[CardLine]:
        """The cards, each as a list shows it."""

    @property
    def next(self) -> Any:
        """Behind what the rest goes on; None when these are all."""


@dataclass(frozen=True, slots=True)
class Some:
    """Some cards, and no more."""

    lines: tuple[CardLine, ...]
    next: None = None


@dataclass(frozen=True, slots=True)
class CardsOf:
    """What a list of cards is of."""

    trail: str
    called: str
    """The figure, in words."""
    read: Callable[[Any], Cards]
    """Reads the cards behind one, from the first with None. Runs where keys do not wait for it."""


class FigureCards(Page[None]):
    """The cards behind one figure."""

    GROUP = Group.LISTS
    ALSO_ON_BAR = ("list.open", "desk.back", "desk.help")
    AUTO_FOCUS = "#cards"

    def __init__(
        self,
        of: CardsOf,
        first: Cards,
        come_back: Callable[[FigureCards], Awaitable[None]],
        *,
        lines: Sequence[CardLine] | None = None,
        cursor: int = 0,
    ) -> None:
        """List the first of them; come_back lays on the desk what lay there, and this list on top, made anew."""
        super().__init__()
        self._of = of
        self._come_back = come_back
        self._cards: tuple[CardLine, ...] = tuple(first.lines if lines is None else lines)
        self._last = first
        self._cursor = cursor
        self._is_shown = False

    @property
    def groups(self) -> tuple[Group, ...]:
        """It is a list and nothing else: what moves about in it is not done by name."""
        return super().groups[1:]

    def body(self) -> ComposeResult:
        """The cards under what they are of."""
        yield Heading("", id="cards-heading")
        yield Lines[CardLine](drawing.result_line, id="cards")

    @property
    def lines(self) -> Lines[CardLine]:
        """The cards."""
        return self.query_one("#cards", Lines)

    def on_mount(self) -> None:
        """Say where one is."""
        self.trail = self._of.trail

    def read(self) -> None:
        """Show what was read; once that is shown, read it again from the first."""
        if not self._is_shown:
            self._is_shown = True
            self._show()
            return

        def take(first: Cards) -> None:
            self._cards, self._last, self._cursor = tuple(first.lines), first, self.lines.cursor
            self._show()

        self.house.ask("Looking", partial(self._of.read, None), take)

    def _show(self) -> None:
        self.lines.show(self._cards)
        self.lines.cursor = max(0, min(self._cursor, len(self._cards) - 1))
        self._count()

    def _count(self) -> None:
        more = "the first " if self._last.next is not None else ""
        self.query_one(
            "#cards-heading", Heading
        ).label = f"{clean(self._of.called)}: {more}{wording.plural(len(self._cards), 'card')}"

    def on_lines_ending(self, event: Lines.Ending) -> None:
        """Near the end of what was read, the next cards are read."""
        event.stop()
        last = self._last
        if last.next is None:
            return

        def take(more: Cards) -> None:
            if self._last is last:
                self._cards, self._last = (*self._cards, *more.lines), more
                self.lines.renew(self._cards)
                self._count()

        self.house.ask("Looking", partial(self._of.read, last.next), take)

    def on_lines_opened(self, event: Lines.Opened) -> None:
        """Enter on a card opens it on the desk; Esc there leads back to this line."""
        event.stop()
        card = self.lines.chosen
        assert card is not None
        desk = self.house.screen_stack[0]
        assert isinstance(desk, FindingScreen)
        again = FigureCards(self._of, self._last, self._come_back, lines=self._cards, cursor=self.lines.cursor)
        self.leave_all(partial(desk.open_card_of, card.card_id, partial(self._come_back, again)))
