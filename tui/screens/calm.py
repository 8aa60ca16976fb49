"""What all screens have in common: they are not painted anew as a whole when the focus moves."""

from textual.reactive import var
from textual.widget import Widget


class Calm:
    """A screen of which what loses the focus and what takes it are painted, and nothing else."""

    focused: var[Widget | None] = var(None)
    """What takes the keys; a screen of Textual's own paints every cell again for it."""
