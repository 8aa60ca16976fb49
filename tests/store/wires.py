"""A wire to a server of the tests that is cut at a chosen moment: as a desk tells it to save, or when it has."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PIECE = 65_536


class Wire:
    """Carries everything both ways, but for what is cut."""

    def __init__(self, far: Path) -> None:
        """Lead to a server's socket; nothing is cut yet."""
        self._far = far
        self._left = 0
        self._is_carried_out = self._is_for_good = False
        self.was_cut = False

    def cut_at(self, number: int, *, is_carried_out: bool, is_for_good: bool = False) -> None:
        """Cut it at this end of a transaction from here on: before the server hears of it, or behind its answer, which
        nobody hears then. Others pass afterwards, unless it is for good."""
        self._left, self._is_carried_out, self._is_for_good = number, is_carried_out, is_for_good
        self.was_cut = False

    def leave_whole(self) -> None:
        """Cut nothing from here on."""
        self._left, self._is_for_good = 0, False

    def carry(self, near: socket.socket) -> None:
        """Carry what one desk says, until it says no more."""
        with suppress(OSError), near, socket.socket(socket.AF_UNIX) as far:
            if self.was_cut and self._is_for_good:
                return
            far.connect(str(self._far))
            is_hushed = threading.Event()
            answers = threading.Thread(target=_carry_back, args=(far, near, is_hushed), daemon=True)
            answers.start()
            while said := near.recv(_PIECE):
                if b"COMMIT\0" in said and self._is_to_be_cut():
                    if self._is_carried_out:
                        is_hushed.set()
                        far.sendall(said)
                        answers.join()
                    break
                far.sendall(said)
            near.shutdown(socket.SHUT_RDWR)
            far.shutdown(socket.SHUT_RDWR)

    def _is_to_be_cut(self) -> bool:
        self._left -= 1
        self.was_cut = self.was_cut or self._left == 0
        return self._left == 0


def _carry_back(far: socket.socket, near: socket.socket, is_hushed: threading.Event) -> None:
    """Carry what the server answers, until it has answered what nobody is to hear."""
    with suppress(OSError):
        while (answer := far.recv(_PIECE)) and not is_hushed.is_set():
            near.sendall(answer)
        if not is_hushed.is_set():
            near.shutdown(socket.SHUT_RDWR)


@contextmanager
def wire_in_place_of(there: Path) -> Iterator[Wire]:
    """Whoever comes to this socket comes through a wire, without knowing it."""
    away = there.with_name("server")
    there.rename(away)
    wire = Wire(away)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(there))
        there.chmod(0o777)
        listening.listen(16)

        def take() -> None:
            with suppress(OSError):
                while True:
                    near, _ = listening.accept()
                    threading.Thread(target=wire.carry, args=(near,), daemon=True).start()

        threading.Thread(target=take, daemon=True).start()
        try:
            yield wire
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            away.replace(there)
