"""The terminal given away and taken back: a sleep of the whole job, begun from within or from outside."""

import os
import select
import signal
from typing import Any, Final, Protocol, cast

from tui.line_driver import LineDriver

# So often, and so long each time, it is looked whether a sleep is over: it may begin a little late.
_MOMENTS, _MOMENT_SECONDS = 10, 0.02


class _Sleeper(Protocol):
    """An app that is put to sleep and woken up."""

    def fall_asleep(self) -> None: ...
    def wake_up(self) -> None: ...


class DeskDriver(LineDriver):
    """The line to the terminal of an app that sleeps when the shell, or somebody else, wants it."""

    NOBODY_WAKES: Final = "There is no shell below giftdesk that could wake it up again."

    def __init__(self, app: Any, *, debug: bool = False, mouse: bool = True, size: Any = None) -> None:
        """Take nothing yet; whether anybody wakes who was put to sleep is known from the start."""
        self._has_job_control = signal.getsignal(signal.SIGTSTP) is not signal.SIG_IGN
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._is_going_to_sleep = self._was_woken = False

    def why_not_sleep(self) -> str | None:
        """Why nobody could wake the app up again, as a sentence; or None."""
        if self._has_job_control and os.getsid(0) not in (os.getpid(), 0) and _is_below_a_shell():
            return None
        return self.NOBODY_WAKES

    def sleep(self) -> bool:
        """Give the terminal back, and stop the whole job until somebody wakes it; whether it was stopped at all."""
        self.stop_application_mode()
        self._is_going_to_sleep, self._was_woken = True, False
        before = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.killpg(os.getpgrp(), signal.SIGTSTP)
        for _ in range(_MOMENTS):
            if not self._was_woken:
                select.select([], [], [], _MOMENT_SECONDS)
        signal.signal(signal.SIGTSTP, before)
        self._is_going_to_sleep = False
        self.start_application_mode()
        return self._was_woken

    def _sigtstp_application(self, *_: object) -> None:
        """Somebody else puts the app to sleep."""
        self._loop.call_soon_threadsafe(self._sleeper.fall_asleep)

    def _sigcont_application(self, *_: object) -> None:
        """Somebody wakes the app up; one that was stopped without notice has not given the terminal back."""
        self._was_woken = True
        if not self._is_going_to_sleep:
            self._loop.call_soon_threadsafe(self._take_again)

    def _take_again(self) -> None:
        if self._is_reading:
            self.disable_input()
            self._painter.forget()
            self.start_application_mode()
            self._sleeper.wake_up()

    @property
    def _sleeper(self) -> _Sleeper:
        return cast("_Sleeper", self._app)


def _is_below_a_shell() -> bool:
    """Whether what started the app has a terminal's session in common with it: only that can wake it up."""
    try:
        return os.getsid(os.getppid()) == os.getsid(0)
    except OSError:
        return False
