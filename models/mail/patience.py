"""Lines to a mail server whose answers come whole within the timeout and have an end, however they dribble in."""

import errno
import io
import smtplib
import socket
from typing import Any, Final

from models.clock import Stopwatch

_LONGEST_ANSWER: Final = 65_536
_SHORTEST_WAIT: Final = 0.001
"""Seconds; a socket takes zero for something else."""


class _Answers(io.RawIOBase):
    """What a server says. One answer has so many seconds and bytes in all, and not each piece of it."""

    def __init__(self, line: socket.socket, timeout: float) -> None:
        """Read from a connected socket; the timeout is in seconds."""
        super().__init__()
        self._line = line
        self._timeout = timeout
        self.begin()

    def begin(self) -> None:
        """Another answer is waited for."""
        self._watch = Stopwatch()
        self._read = 0

    def readable(self) -> bool:
        """Of course."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read a piece. Raises OSError when the answer takes too long, or has no end."""
        if self._read >= _LONGEST_ANSWER:
            raise OSError(errno.EMSGSIZE, "its answer has no end")
        self._line.settimeout(max(_SHORTEST_WAIT, self._timeout - self._watch.seconds()))
        try:
            count = self._line.recv_into(buffer)
        finally:
            self._line.settimeout(self._timeout)
        self._read += count
        return count


class PatientLine(smtplib.SMTP):
    """A line in the clear, or one that becomes private with STARTTLS."""

    _answers: _Answers | None = None

    def getreply(self) -> tuple[int, bytes]:
        """The next answer. Raises SMTPException for a line that is lost or a server that does not come to an end."""
        if self.file is None and self.sock is not None:
            self._answers = _Answers(self.sock, self.timeout)
            self.file = io.BufferedReader(self._answers)
        elif self._answers is not None:
            self._answers.begin()
        return super().getreply()


class PatientPrivateLine(PatientLine, smtplib.SMTP_SSL):
    """A line that is private from the start."""
