"""The lines at the edges of the screen: where you are, what was said last, and which keys do what."""

from collections.abc import Collection, Mapping
from typing import Final

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui.commands import Command, Group
from tui.keymap import keymap_of
from tui.pieces import piece

_NOT_DONE: Final = "Not done: "
_MOST_AT_THE_START: Final = 6
"""So many lines have room while nothing is found yet."""


class TopBar(Widget):
    """Where you are at the left, who you are and the time at the right."""

    DEFAULT_CSS = """
    TopBar { height: 1; background: $primary-background; color: $text; text-wrap: nowrap; }
    """
    trail: reactive[str] = reactive("find")
    who: reactive[str] = reactive("")
    time: reactive[str] = reactive("")
    silence: reactive[str] = reactive("")
    """Since when all that is shown may be old, if it may."""

    def render(self) -> Content:
        """The line."""
        left = Content.assemble(" ", Content.styled("giftdesk", "bold"), piece(f"  {self.trail}"))
        right = piece(f"{self.who}   {self.time} ")
        if self.silence:
            right = Content.assemble(piece(f" {self.silence} ").stylize("bold reverse"), "  ", right)
        # A long way here is cut, so that who works and the time stay.
        left = left.truncate(max(1, self.size.width - right.cell_length - 1), ellipsis=True)
        gap = max(1, self.size.width - left.cell_length - right.cell_length)
        return Content.assemble(left, Content(" " * gap), right).truncate(self.size.width)


class Notice(Widget):
    """What came of the last command, in one sentence; a refusal says why."""

    DEFAULT_CSS = """
    Notice { height: 2; padding: 0 1; }
    Notice.-refused { text-style: bold; color: $text-warning; }
    Notice.-done { color: $text-success; }
    Notice.-greeting { height: auto; min-height: 2; max-height: 6; }
    """
    sentence: reactive[str] = reactive("")
    remark: reactive[str] = reactive("")
    """What is said as long as there is nothing else to say."""

    def render(self) -> Content:
        """The sentence; where no colour says so, words tell that it is a refusal."""
        if not self.sentence:
            return self._as_room_allows(piece(self.remark))
        lead = _NOT_DONE if self.app.no_color and self.has_class("-refused") else ""
        return self._as_room_allows(piece(f"{lead}{self.sentence}"))

    def _as_room_allows(self, said: Content) -> Content:
        """What is said; where more is to be said than has room, the last line ends so that this is seen."""
        width, height = self.content_size
        if self.has_class("-greeting"):
            height = _MOST_AT_THE_START
        if said.cell_length <= width or not height:
            return said
        lines = said.wrap(width)
        if len(lines) <= height:
            return said
        last = lines[height - 1]
        cut = last.truncate(width - 1).rstrip()
        return Content("\n").join([*lines[: height - 1], Content.assemble(cut, "…")])

    def tell(self, sentence: str, kind: str = "") -> None:
        """Show a sentence: 'done', 'refused', 'greeting', which has more room, or plain."""
        for each in ("refused", "done", "greeting"):
            self.set_class(kind == each, f"-{each}")
        self.sentence = sentence

    @property
    def is_an_answer(self) -> bool:
        """Whether what is said is what came of a key."""
        return self.has_class("-refused") or self.has_class("-done")

    def forget_refusal(self) -> None:
        """Take away why something was refused: it is over."""
        if self.has_class("-refused"):
            self.tell("")


class KeyBar(Widget):
    """The frequent keys. One that can't be used now is dimmed; pressing it tells why."""

    DEFAULT_CSS = """
    KeyBar { height: 1; background: $panel; text-wrap: nowrap; padding: 0 1; }
    KeyBar:nocolor { padding: 0; }
    """
    refusals: reactive[Mapping[str, str | None]] = reactive({})
    """Command id -> why not now; commands that are not named can be used."""

    def __init__(self, group: Group, also: Collection[str]) -> None:
        """Show the frequent commands of a group, and some others by their names."""
        super().__init__()
        self._group = group
        self._also = also

    def render(self) -> Content:
        """The line, as many keys as fit whole; the last, which leads to all others, stays."""
        on_bar = (
            each
            for each in keymap_of(self).commands
            if each.keys and ((each.group is self._group and each.is_on_bar) or each.id in self._also)
        )
        parts = [self._key(command, is_dim=self.refusals.get(command.id) is not None) for command in on_bar]
        gap = Content("" if self.app.no_color else "  ")
        line = gap.join(parts)
        while line.cell_length > self.size.width and len(parts) > 1:
            del parts[-2]
            line = gap.join(parts)
        return line

    def _key(self, command: Command, *, is_dim: bool) -> Content:
        """One key; where nothing can be dimmed, brackets stand in the gaps around it."""
        key_style, title_style = ("dim", "dim") if is_dim else ("bold $text-accent", "")
        key = Content.assemble(Content.styled(command.key, key_style), Content.styled(f" {command.title}", title_style))
        if not self.app.no_color:
            return key
        return Content.assemble("(", key, ")") if is_dim else Content.assemble(" ", key, " ")
