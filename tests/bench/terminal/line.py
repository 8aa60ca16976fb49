"""A program at the other end of a line: a pseudo-terminal of 80 by 24, as fast as it sends or as slow as asked."""

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from bench.terminal.answers import Answers
from bench.terminal.keys import sent_for

ROWS: Final = 24
COLUMNS: Final = 80
QUIET_SECONDS: Final = 0.12
"""A pause that long ends what a key brought."""
PATIENCE_SECONDS: Final = 0.6
"""A key that brought nothing for so long brings nothing."""
STARTED_SECONDS: Final = 0.3
"""A pause that long ends the start of a program, if it does nothing meanwhile."""
_START_SECONDS: Final = 20.0
_IDLE_MS: Final = 6.0
_AT_MOST_SECONDS: Final = 4.0
_APPLICATION: Final = (b"\x1b[?1h", b"\x1b[?1l")


@dataclass(frozen=True, slots=True)
class Arrived:
    """Some bytes, when they were read: seconds since the program was started."""

    at: float
    sent: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What a key brought."""

    sent: int
    """Bytes."""
    last_ms: float | None
    """From the key to the last of them; None if nothing came."""
    cpu_ms: float
    """Of the program, all its threads."""


class Line:
    """Starts a program and listens to it; close() ends it."""

    def __init__(
        self,
        words: Sequence[str],
        surroundings: Mapping[str, str],
        *,
        kind: str = "modern",
        bytes_a_second: float | None = None,
    ) -> None:
        """Start; a line of 9,600 baud carries 960 bytes a second."""
        self.arrived: list[Arrived] = []
        self._answers, self._rate = Answers(kind), bytes_a_second
        self._is_application = False
        self.begun = time.perf_counter()
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            _become(words, surroundings)
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self.is_open = True

    # The keyboard

    def type(self, *keys: str) -> None:
        """Send keys at once."""
        self._write(b"".join(sent_for(key, is_application=self._is_application) for key in keys))

    def press(self, *keys: str, quiet: float = QUIET_SECONDS) -> Answer:
        """Send keys and wait for all that they bring."""
        begun, before, cpu = self.now, len(self.arrived), self.cpu_ms
        self.type(*keys)
        self.listen(quiet)
        came = self.arrived[before:]
        last = (came[-1].at - begun) * 1000 if came else None
        return Answer(sum(len(each.sent) for each in came), last, self.cpu_ms - cpu)

    # What is seen

    @property
    def now(self) -> float:
        """Seconds since the start."""
        return time.perf_counter() - self.begun

    @property
    def sent(self) -> int:
        """All bytes that arrived."""
        return sum(len(each.sent) for each in self.arrived)

    def listen(self, quiet: float = QUIET_SECONDS, patience: float = PATIENCE_SECONDS) -> None:
        """Read until nothing came for a while and the program sleeps; the first byte has more time."""
        began = self.now
        ends, last = began + patience, began + patience + _AT_MOST_SECONDS
        while self.is_open and (now := self.now) < ends:
            if self._read(ends - now) or (self.now >= ends and self._is_running):
                ends = min(last, self.now + quiet)

    def listen_for(self, seconds: float) -> None:
        """Read for a time, whatever comes."""
        until = self.now + seconds
        while self.is_open and self.now < until:
            self._read(until - self.now)

    def starts(self) -> None:
        """Read until the first screen stands: nothing comes, and the program has nothing to do either."""
        self.listen(STARTED_SECONDS, _START_SECONDS)
        busy = float("inf")
        while self.is_open and busy > _IDLE_MS and self.now < _START_SECONDS:
            before = self._asked_ms
            self.listen(STARTED_SECONDS, STARTED_SECONDS)
            busy = self._asked_ms - before

    # The program

    @property
    def cpu_ms(self) -> float:
        """The processor's time that all threads together took."""
        return self._scheduled(0)

    @property
    def _asked_ms(self) -> float:
        """What they took and what they waited for it, on a machine that has other things to do."""
        return self._scheduled(0) + self._scheduled(1)

    @property
    def _is_running(self) -> bool:
        """Whether a thread is at work, or waits for a processor."""
        with suppress(OSError):
            for task in os.listdir(f"/proc/{self.pid}/task"):
                with open(f"/proc/{self.pid}/task/{task}/stat", encoding="ascii", errors="replace") as told:
                    if told.read().rpartition(")")[2].split()[0] == "R":
                        return True
        return False

    def _scheduled(self, column: int) -> float:
        total = 0
        with suppress(OSError):
            for task in os.listdir(f"/proc/{self.pid}/task"):
                with open(f"/proc/{self.pid}/task/{task}/schedstat", encoding="ascii") as told:
                    total += int(told.read().split()[column])
        return total / 1e6

    @property
    def memory_mb(self) -> float:
        """What of it lies in memory."""
        with suppress(OSError), open(f"/proc/{self.pid}/status", encoding="ascii") as told:
            return next(int(line.split()[1]) for line in told if line.startswith("VmRSS")) / 1024
        return float("nan")

    def close(self) -> None:
        """End the program, if it is still there."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        os.close(self._fd)
        with suppress(ChildProcessError):
            os.waitpid(self.pid, 0)

    def _write(self, sent: bytes) -> None:
        with suppress(OSError):
            os.write(self._fd, sent)

    def _read(self, seconds: float) -> bool:
        ready, _, _ = select.select([self._fd], [], [], max(0.0, seconds))
        if not ready:
            return False
        try:
            sent = os.read(self._fd, 65_536 if self._rate is None else 96)
        except OSError:
            sent = b""
        if not sent:
            self.is_open = False
            return False
        if self._rate is not None:
            time.sleep(len(sent) / self._rate)
        self.arrived.append(Arrived(self.now, sent))
        for mode in _APPLICATION:
            if mode in sent:
                self._is_application = mode == _APPLICATION[0]
        answer = self._answers.to(sent)
        if answer:
            self._write(answer)
        return True


def _become(words: Sequence[str], surroundings: Mapping[str, str]) -> None:
    try:
        os.execvpe(words[0], list(words), surroundings)
    finally:
        os._exit(127)
