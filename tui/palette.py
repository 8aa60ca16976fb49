"""All commands by name: what can't be done now says why."""

from collections.abc import Coroutine
from functools import partial
from typing import Any

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from tui.commands import COMMANDS, Command, Group
from tui.drawing import piece
from tui.screens.desk import Desk


class DeskCommands(Provider):
    """The desk's commands for the palette."""

    def _commands(self) -> list[Command]:
        return [each for each in COMMANDS if each.group in (Group.CARD, Group.EVERYWHERE)]

    def _help(self, each: Command) -> Content:
        refusal = self.screen.refusal(each.id) if isinstance(self.screen, Desk) else None
        return piece(f"{each.all_keys}: {each.help}" if refusal is None else f"Not now: {refusal}")

    def _run(self, each: Command) -> partial[Coroutine[Any, Any, None]]:
        return partial(self.screen.run_action, f"run('{each.id}')")

    async def discover(self) -> Hits:
        """Every command."""
        for each in self._commands():
            yield DiscoveryHit(piece(each.title), self._run(each), text=each.title, help=self._help(each))  # type: ignore[arg-type]

    async def search(self, query: str) -> Hits:
        """The commands whose title or sentence fits."""
        matcher = self.matcher(query)
        for each in self._commands():
            score, offsets = matcher.fuzzy_search.match(query, each.title)
            if not score:
                continue
            text = piece(each.title)
            for offset in offsets:
                text = text.stylize(matcher.match_style, offset, offset + 1)
            yield Hit(score, text, self._run(each), text=each.title, help=self._help(each))  # type: ignore[arg-type]
