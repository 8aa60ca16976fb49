"""The line to the terminal of an app that sends differences."""

from typing import Protocol, cast

from textual.drivers.linux_driver import LinuxDriver

from tui.cells.painting import Painter


class _Painted(Protocol):
    """An app that knows which cells the terminal shows."""

    painter: Painter


class CellsDriver(LinuxDriver):
    """Textual's driver for Unix terminals; what the terminal shows is not known whenever it is taken."""

    def start_application_mode(self) -> None:
        """Take the terminal, of which nothing is known: at the start, and when woken up."""
        cast("_Painted", self._app).painter.forget()
        super().start_application_mode()  # type: ignore[no-untyped-call]
