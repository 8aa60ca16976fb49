"""What travels from the workers to the screens."""

from collections.abc import Callable
from typing import Any

from textual.message import Message


class Answered(Message):
    """Work in a thread has ended: with its result, or with the sentence of what went wrong."""

    def __init__(self, ticket: int, result: Any = None, wrong: str | None = None) -> None:
        """Name the work by its ticket, so that what was given up on is not taken for what is awaited."""
        super().__init__()
        self.ticket = ticket
        self.result = result
        self.wrong = wrong


class DoneAside(Message):
    """Work aside has ended."""

    def __init__(self, then: Callable[[], object]) -> None:
        """Bring what takes its answer, on the screen's side."""
        super().__init__()
        self.then = then
