"""The line to the terminal of an app that sends differences."""

from typing import Final, Protocol, cast

from textual.drivers.linux_driver import LinuxDriver

from tui.cells.painting import Painter

_SECOND_SCREEN: Final = "\x1b[?1049h"


class _Painted(Protocol):
    """An app that knows which cells the terminal shows."""

    painter: Painter


class CellsDriver(LinuxDriver):
    """Textual's driver for Unix terminals; what the terminal shows is not known once it was given away."""

    def start_application_mode(self) -> None:
        """Take the terminal; what somebody painted on its second screen before, and told the painter, stays."""
        self._is_painted = self._painter.is_informed
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def write(self, data: str) -> None:
        """Send, but do not go again to the second screen: terminals clear it then."""
        if data != _SECOND_SCREEN or not self._is_painted:
            super().write(data)

    def stop_application_mode(self) -> None:
        """Give the terminal back."""
        self._painter.forget()
        super().stop_application_mode()

    @property
    def _painter(self) -> Painter:
        return cast("_Painted", self._app).painter
