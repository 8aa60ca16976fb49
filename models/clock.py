"""The one place that reads the time."""

import time
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


class Clock(Protocol):
    """Tells the time, UTC."""

    def now(self) -> datetime:
        """The present instant, UTC."""

    def wait(self, seconds: float) -> None:
        """Let time go by."""


class SystemClock:
    """The clock of this computer."""

    def now(self) -> datetime:
        """The present instant, UTC, to the microsecond."""
        return from_microseconds(time.time_ns() // 1000)

    def wait(self, seconds: float) -> None:
        """Let time go by."""
        pause(seconds)


class RunningClock:
    """A clock that was set to an instant and runs on from there: for the demo."""

    def __init__(self, at: datetime) -> None:
        """Set the clock to an aware instant."""
        self._ahead = at.astimezone(UTC) - SystemClock().now()

    def now(self) -> datetime:
        """The instant to which the clock was set plus the time that went by since, UTC."""
        return SystemClock().now() + self._ahead

    def wait(self, seconds: float) -> None:
        """Let time go by."""
        pause(seconds)


class FixedClock:
    """A clock that stands where it was set: for sandboxes, screenshots and tests."""

    def __init__(self, at: datetime) -> None:
        """Set the clock to an aware instant."""
        self.at = at.astimezone(UTC)
        self.waited_seconds = 0.0
        """How long others were asked to wait: nobody does where no time goes by."""

    def now(self) -> datetime:
        """The instant to which the clock was set, UTC."""
        return self.at

    def wait(self, seconds: float) -> None:
        """Remember that somebody should wait."""
        self.waited_seconds += seconds

    def tick(self, length: timedelta) -> None:
        """Move the clock."""
        self.at += length


def to_microseconds(at: datetime) -> int:
    """Microseconds from 1970 to an aware instant, exactly."""
    return (at - EPOCH) // _MICROSECOND


def from_microseconds(microseconds: int) -> datetime:
    """The instant, UTC, that lies that many microseconds after the start of 1970."""
    return EPOCH + timedelta(microseconds=microseconds)


FIRST: Final = to_microseconds(datetime.min.replace(tzinfo=UTC))
LAST: Final = to_microseconds(datetime.max.replace(tzinfo=UTC))
"""Microseconds that lie outside of these are no instant."""


class Stopwatch:
    """Measures how long something takes, whatever happens to the clock on the wall meanwhile."""

    def __init__(self) -> None:
        """Start it."""
        self._started_ns = time.monotonic_ns()

    def seconds(self) -> float:
        """Seconds since it was started."""
        return (time.monotonic_ns() - self._started_ns) / 1e9


def pause(seconds: float) -> None:
    """Wait, so that others get their turn at the database between two batches of a job."""
    time.sleep(seconds)
