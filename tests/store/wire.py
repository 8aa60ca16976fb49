"""The wire between a desk and its server, which can be cut at the moment when the desk has all that it did saved."""

import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_SOCKET = ".s.PGSQL.5432"
_SAVE = b"COMMIT\0"
_MOST_BYTES = 1 << 16


class Wire:
    """Carries whatever is said, both ways; there is nobody else at the server's address in its folder."""

    def __init__(self, folder: Path, server: Path) -> None:
        """Begin to carry between sockets in two folders."""
        self.folder = folder
        self.cuts = 0
        """How often it was cut."""
        self._server = str(server / _SOCKET)
        self._cut: bool | None = None
        self._door = socket.socket(socket.AF_UNIX)
        self._door.bind(str(folder / _SOCKET))
        self._door.listen()
        threading.Thread(target=self._answer, daemon=True).start()

    def cut_at_the_commit(self, *, is_carried_out: bool) -> None:
        """Once: before a transaction that writes is saved, or after it, before anybody is told."""
        self._cut = is_carried_out

    def end(self) -> None:
        """Take no more calls."""
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()

    def _answer(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._door.accept()
                threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        far = socket.socket(socket.AF_UNIX)
        with near, far, suppress(OSError), selectors.DefaultSelector() as ready:
            far.connect(self._server)
            ready.register(near, selectors.EVENT_READ, far)
            ready.register(far, selectors.EVENT_READ, near)
            is_writing = False
            while True:
                for key, _ in ready.select():
                    said = key.fileobj.recv(_MOST_BYTES)  # type: ignore[union-attr]
                    if not said:
                        return
                    if key.fileobj is near and is_writing and _SAVE in said and self._cut is not None:
                        self._part(said, far)
                        return
                    if key.fileobj is near and b"BEGIN" in said:
                        is_writing = b"READ WRITE" in said
                    key.data.sendall(said)

    def _part(self, said: bytes, far: socket.socket) -> None:
        """Say the last word or not, and hear the answer to it."""
        is_carried_out, self._cut = self._cut, None
        self.cuts += 1
        if is_carried_out:
            far.sendall(said)
            answer = b""
            while _SAVE not in answer:
                answer += far.recv(_MOST_BYTES)


@contextmanager
def wire_to(server: Path, folder: Path) -> Iterator[Wire]:
    """A wire to the server whose socket lies in a folder, from one in another."""
    wire = Wire(folder, server)
    try:
        yield wire
    finally:
        wire.end()
