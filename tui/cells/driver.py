"""The line to the terminal of an app that sends differences."""

from typing import Final, Protocol, cast

from textual.drivers.linux_driver import LinuxDriver

from tui.cells.painting import Painter

_POINTER: Final = "\x1b]22;"
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
        """Send what has an effect: no shape of a pointer that isn't there, nor the way to a second screen that was
        painted already: terminals clear it then."""
        if data == _SECOND_SCREEN and self._is_painted:
            return
        if data.startswith(_POINTER) and not self._mouse:
            return
        super().write(data)

    def stop_application_mode(self) -> None:
        """Give the terminal back."""
        self._painter.forget()
        super().stop_application_mode()

    @property
    def _painter(self) -> Painter:
        return cast("_Painted", self._app).painter
