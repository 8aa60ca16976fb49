"""What jobs at the command line share: Ctrl+C, first a wish, then an order; and the cards that they left out."""

import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from models.rules.wording import plural
from tui.console.output import complain

STOPPED: Final = 130
"""The exit code of a job that somebody stopped."""
_NAMED: Final = 10


@contextmanager
def stoppable() -> Iterator[Callable[[], bool]]:
    """While this lasts, the first Ctrl+C only asks for a stop at the next good moment; a second one ends at once."""
    asked = False

    def ask(*_signal: object) -> None:
        nonlocal asked
        asked = True
        signal.signal(signal.SIGINT, before)
        complain("")
        complain("Stopping. Ctrl+C once more ends at once.")

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield lambda: asked
    finally:
        signal.signal(signal.SIGINT, before)


def complain_of_left_out(count: int, card_ids: Sequence[int]) -> None:
    """Say how many cards a job left out because they don't add up, if any, and the first of them."""
    if count:
        named = ", ".join(str(card) for card in card_ids[:_NAMED])
        more = ", …" if count > _NAMED else ""
        complain(f"{plural(count, 'card')} left out for not adding up (record {named}{more}). Run: giftdesk verify")
