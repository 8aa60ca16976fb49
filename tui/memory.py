"""What a desk remembers of who sits there, to go back to it or to do it again; forgotten when they get up."""

from collections.abc import Mapping
from typing import Final

REPEATABLE: Final[Mapping[str, frozenset[str]]] = {
    "card.reactivate": frozenset({"reason", "note"}),
    "card.note": frozenset({"note"}),
    "card.suspend": frozenset({"reason"}),
    "card.lift": frozenset({"reason"}),
    "card.flag": frozenset({"reason"}),
    "card.clear_flag": frozenset({"reason"}),
    "card.checkout": frozenset({"amount", "place", "when", "choice"}),
    "card.at": frozenset({"when"}),
}
"""Command -> what of its dialog is kept for another card.

What was typed about a person belongs to that person's card, and what names money, another card or a date is meant for
one card: none of that is kept.
"""


class Memory:
    """The card that was open before, and the last dialog that can be repeated."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._shown: int | None = None
        self._latest: int | None = None
        self._before: int | None = None
        self.deed: tuple[str, Mapping[str, str]] | None = None
        """The command of the last dialog that was confirmed, and what was typed in it; None when there was none."""

    def show(self, card_id: int | None) -> None:
        """Take note of the card that is open now; None when none is."""
        self._shown = card_id
        if card_id is not None and card_id != self._latest:
            self._before, self._latest = self._latest, card_id

    @property
    def last_card(self) -> int | None:
        """The card that was open last, but for the one that is; None when there was none."""
        return self._before if self._shown == self._latest else self._latest

    def keep(self, command_id: str, typed: Mapping[str, str]) -> None:
        """Take note of what was done, if it can be repeated."""
        if command_id in REPEATABLE:
            kept = REPEATABLE[command_id]
            self.deed = command_id, {name: text for name, text in typed.items() if name in kept}
