"""How far an import has come, told to whoever waits, and whether somebody wants it stopped."""

from collections.abc import Callable
from typing import Final

from models.errors import Refused

_TOLD_EVERY: Final = 1_000


class Stopped(Refused):
    """Somebody stopped an import before it had written anything."""


class Steps:
    """Tells how far an import has come, now and then, and asks whether it is to stop."""

    def __init__(
        self,
        lines: int,
        on_progress: Callable[[int, int], None] | None = None,
        is_stopped: Callable[[], bool] | None = None,
        *,
        is_commit: bool = False,
    ) -> None:
        """Count so many lines as they are read, and with a commit once more as they are written."""
        self._lines = max(1, lines)
        self._total = self._lines * (2 if is_commit else 1)
        self._done = 0
        self._told = 0
        self._on_progress = on_progress
        self._is_stopped = is_stopped

    @property
    def is_stopped(self) -> bool:
        """Whether somebody asked for a stop."""
        return self._is_stopped is not None and self._is_stopped()

    def share(self, cards: int, of: int) -> int:
        """How many steps some of all cards are: writing all of them takes as many as reading them."""
        return cards * self._lines // of

    def made(self, steps: int = 1) -> None:
        """Count some more."""
        self._done = min(self._done + steps, self._total)
        if self._done - self._told >= _TOLD_EVERY:
            self._told = self._done
            if self._on_progress is not None:
                self._on_progress(self._done, self._total)

    def checked(self, steps: int = 1) -> None:
        """Count some more while nothing is written. Raises Stopped when somebody asked for a stop."""
        self.made(steps)
        if self.is_stopped:
            raise Stopped("The import was stopped. Nothing was changed.")

    def finished(self) -> None:
        """Tell that all is done."""
        if self._on_progress is not None:
            self._on_progress(self._total, self._total)
