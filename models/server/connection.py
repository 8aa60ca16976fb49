"""One connection to a database server: how it is made, what it is set to, and how long its answers are waited for."""

from collections.abc import Generator, Iterable
from functools import cached_property
from typing import Any, Final

import psycopg
from psycopg.adapt import Loader
from psycopg.conninfo import conninfo_to_dict
from psycopg.types.array import ListBinaryDumper

from models.clock import Stopwatch
from models.errors import Fault
from models.exits import MISCONFIGURED
from models.server.driver import marked, stored
from models.sqlstates import UNREADABLE
from models.stopping import Stop, ThreadAtWork

_GIVEN: Final = {
    "fallback_application_name": "giftdesk",
    "connect_timeout": 5,
    "tcp_user_timeout": 20_000,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
}
"""What counts unless the address says otherwise: a wire that is cut without a word is noticed within 20 seconds."""
# Other processes and compiled plans are for reports: what somebody waits for here is done before they have begun.
_SETTINGS: Final = (
    "SET lock_timeout = '3s'; SET statement_timeout = '15s'; SET idle_in_transaction_session_timeout = '10s'; "
    "SET TimeZone = 'UTC'; SET client_encoding = 'UTF8'; SET synchronous_commit = 'on'; "
    "SET max_parallel_workers_per_gather = 0; SET jit = 'off'"
)
_PATIENCE_SECONDS: Final = 20.0
"""Longer than the server lets any statement take: one that still says nothing has stopped, or is out of reach."""
_LOOK_SECONDS: Final = 0.02
"""How often a thread that waits for the server looks whether somebody still waits for it."""
_PORT: Final = "5432"
_CANCEL_SECONDS: Final = 2.0
_LOOKS_BETWEEN_WORDS: Final = 10
_MOST_LOOKS: Final = 100


class _WholeNumber(Loader):
    """Sums come as numeric; all of ours are whole."""

    def load(self, data: Any) -> int:
        return int(bytes(data))


class Many(list[Any]):
    """Many values as one parameter: sent as they are, for reading a thousand as text takes longer than finding them."""


class _Cursor(psycopg.Cursor[Any]):
    """Takes statements with our marks for parameters. One without parameters is left as it is."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> "_Cursor":
        if not params:
            return super().execute(query, **options)
        return super().execute(marked(query) if "?" in query else query, stored(params), **options)

    def executemany(self, query: Any, params_seq: Iterable[Any], **options: Any) -> None:
        super().executemany(marked(query), [stored(params) for params in params_seq], **options)


class Connection(psycopg.Connection[Any]):
    """Waits for the server no longer than somebody waits for the thread that does, and than there is hope."""

    thread: ThreadAtWork | None = None
    patience_seconds: float | None = _PATIENCE_SECONDS
    """How long the server may say nothing before it is given up; None: for ever."""
    is_spoilt = False
    """Whether something went wrong on it, or it was set otherwise than others: nobody else is to work on it."""
    is_kept = False
    """Whether it was made for an earlier unit of work, and may be lost since."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        """Begin with nothing that the server warned of."""
        super().__init__(*arguments, **settings)
        self.warnings: list[str] = []
        """What the server warned of, in its words."""
        self.add_notice_handler(self._keep)

    def _keep(self, notice: psycopg.errors.Diagnostic) -> None:
        if notice.severity_nonlocalized == "WARNING":
            self.warnings.append(notice.message_primary or "a warning")

    def wait(self, gen: Generator[Any, Any, Any], interval: float = _LOOK_SECONDS, timeout: float | None = None) -> Any:
        """What the server answers, as the driver waits for it."""
        stop = self.thread.stop if self.thread is not None else None
        hopeful = gen if self.patience_seconds is None else self._hopeful(self.patience_seconds, gen)
        return super().wait(hopeful if stop is None else self._until(stop, hopeful), interval, timeout)

    def _hopeful(self, patience_seconds: float, gen: Generator[Any, Any, Any]) -> Generator[Any, Any, Any]:
        """The same answer, unless nothing at all comes of it for so long: then the connection is closed."""
        silence = None
        try:
            awaited = next(gen)
            while silence is None or silence.seconds() < patience_seconds:
                ready = yield awaited
                silence = None if ready else silence or Stopwatch()
                awaited = gen.send(ready)
        except StopIteration as answered:
            return answered.value
        self.pgconn.finish()
        raise psycopg.OperationalError("the server does not answer")

    def _until(self, stop: Stop, gen: Generator[Any, Any, Any]) -> Generator[Any, Any, Any]:
        """The same answer; once the stop is called the server is told to end, and its last word is still awaited.

        So whatever comes next on the connection finds the server idle. It is told again, for it may have been told
        before it had the statement. One that can't be told, or doesn't end, is left: the connection is closed.
        """
        looks = 0
        try:
            awaited = next(gen)
            while looks < _MOST_LOOKS:
                ready = yield awaited
                if stop.is_called:
                    if looks % _LOOKS_BETWEEN_WORDS == 0:
                        self._tell_to_end()
                    looks += 1
                awaited = gen.send(ready)
        except StopIteration as answered:
            return answered.value
        self.pgconn.finish()
        raise psycopg.errors.CancellationTimeout("the server does not end what it does")

    def _tell_to_end(self) -> None:
        try:
            self.cancel_safe(timeout=_CANCEL_SECONDS)
        except psycopg.Error:
            self.pgconn.finish()
            raise


class Servers:
    """The servers that an address names, the one that took us last first: another may say nothing for long."""

    def __init__(self, url: str, others: str = "") -> None:
        """Begin with the order of the address; or with other servers of the same desk, each host:port."""
        self._url, self._others = url, others
        self.last: tuple[str, str] | None = None
        """Host and port of the one that took us last."""

    @cached_property
    def settings(self) -> dict[str, Any]:
        """What the address says. Raises Fault for one that can't be read."""
        try:
            read: dict[str, Any] = {**_GIVEN, **conninfo_to_dict(self._url)}
        except psycopg.ProgrammingError:
            raise Fault(f"{UNREADABLE} Nothing was changed.", MISCONFIGURED) from None
        if self._others:
            places = [each.rpartition(":") if ":" in each else (each, "", "") for each in self._others.split(",")]
            hosts, _, ports = zip(*places, strict=True)
            read |= {"host": ",".join(hosts), "port": ",".join(ports), "target_session_attrs": "any"}
        return read

    def connect(self) -> Connection:
        """A connection to the first of them that will have us, set to our limits."""
        settings = {**self.settings, **self.in_order()}
        connection = Connection.connect("", autocommit=True, cursor_factory=_Cursor, **settings)
        try:
            connection.adapters.register_loader("numeric", _WholeNumber)
            connection.adapters.register_dumper(Many, ListBinaryDumper)
            connection.execute(_SETTINGS)
        except BaseException:
            connection.close()
            raise
        self.last = connection.info.host, str(connection.info.port)
        return connection

    def in_order(self) -> dict[str, str]:
        """Hosts and ports, where one was found that takes changes, and which one does matters."""
        if self.last is None or self.settings.get("target_session_attrs") not in ("read-write", "primary"):
            return {}
        hosts, ports = (str(self.settings.get(name, "")).split(",") for name in ("host", "port"))
        places = list(zip(hosts, ports if len(ports) > 1 else ports * len(hosts), strict=True))
        places.sort(key=lambda place: (place[0], place[1] or _PORT) != self.last)
        return {"host": ",".join(host for host, _ in places), "port": ",".join(port for _, port in places)}
