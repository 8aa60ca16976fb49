"""The wire between desks and servers, as a process of its own, so that it can be cut, held up, or lose answers."""

import asyncio
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection

from failover.cluster import free_ports, until

_PIECE = 65_536


class Wire:
    """Connections from one port of this machine to another, as long as somebody lets them pass."""

    def __init__(self, target: int) -> None:
        """Begin to listen, and let everything pass."""
        (self.port,) = free_ports(1)
        context = multiprocessing.get_context("fork")
        self._line, theirs = context.Pipe()
        self._process = context.Process(target=_carry, args=(self.port, target, theirs), daemon=True)
        self._process.start()
        until(lambda: self._line.poll(0), "the wire is not there")
        self._line.recv()

    def cut(self) -> None:
        """Drop every connection at once; new ones can be made."""
        self._tell("cut")

    def hold_up(self) -> None:
        """Carry nothing either way, and say nothing of it."""
        self._tell("hold")

    def lose_answers(self) -> None:
        """Carry what desks say, and nothing of what they are told."""
        self._tell("mute")

    def let_pass(self) -> None:
        """Carry everything again, what was held up first."""
        self._tell("pass")

    def _tell(self, order: str) -> None:
        self._line.send(order)
        assert self._line.recv() == order

    def end(self) -> None:
        """Let it go."""
        self._process.kill()
        self._process.join()


@contextmanager
def wire_to(target: int) -> Iterator[Wire]:
    """A wire to a port of this machine, gone afterwards."""
    wire = Wire(target)
    try:
        yield wire
    finally:
        wire.end()


def _carry(port: int, target: int, line: Connection) -> None:
    asyncio.run(_Carrier(target).carry(port, line))


class _Carrier:
    def __init__(self, target: int) -> None:
        self._target = target
        self._ends: set[asyncio.StreamWriter] = set()
        self._there, self._back = asyncio.Event(), asyncio.Event()

    async def carry(self, port: int, line: Connection) -> None:
        self._there.set()
        self._back.set()
        server = await asyncio.start_server(self._connect, "127.0.0.1", port)
        asyncio.get_running_loop().add_reader(line.fileno(), self._obey, line)
        line.send("ready")
        async with server:
            await server.serve_forever()

    def _obey(self, line: Connection) -> None:
        order = line.recv()
        if order == "cut":
            for end in self._ends:
                end.transport.abort()
        else:
            for way, is_open in ((self._there, order != "hold"), (self._back, order == "pass")):
                way.set() if is_open else way.clear()
        line.send(order)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.transport.abort()
            return
        self._ends |= {writer, far_writer}
        await asyncio.gather(self._pass(reader, far_writer, self._there), self._pass(far_reader, writer, self._back))
        self._ends -= {writer, far_writer}

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: asyncio.Event) -> None:
        with suppress(OSError):
            while piece := await reader.read(_PIECE):
                await way.wait()
                writer.write(piece)
                await writer.drain()
        await way.wait()
        with suppress(OSError):
            writer.close()
