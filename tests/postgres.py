"""A PostgreSQL server of the tests' own: in a folder of its own, on a socket in it, and gone when its starter is."""

import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from models.clock import pause
from models.errors import Fault
from models.locations import Place, database_path
from models.server.driver import let_in

NEEDED = "GIFTDESK_TESTS_NEED_POSTGRESQL"
"""Set where a missing server is a failure and no reason to skip, as it is in continuous integration."""
USER = "desk"
"""Who owns everything there, and may do what no desk may."""
CLERK = "desk_clerk"
"""Who may do what the README grants, and nothing else."""
AT_LENGTH = ("file", pytest.param("server", marks=pytest.mark.slow))
"""For modules whose stories are told on a file, and in long runs on a server too: ENGINES = AT_LENGTH."""
# One after the other until it answers; a start takes well under a second.
_MOST_QUESTIONS = 1_000
_LONGEST_SOCKET = 90

# Runs the server until its own standard input ends: whatever becomes of the tests, the server goes with them.
_WATCHED = '"$@" & server=$!; read -r line; kill -INT $server; wait $server'
_QUICK = {"fsync": "off", "full_page_writes": "off"}


def why_absent() -> str | None:
    """Why no server can be started here, or None."""
    missing = [name for name in ("initdb", "postgres") if shutil.which(name) is None]
    if missing:
        return f"PostgreSQL is not installed: no {' and no '.join(missing)} on the path"
    try:
        let_in()
    except Fault as fault:
        return fault.sentence
    return None


class PrivateServer:
    """A server that is stopped with the tests."""

    def __init__(self, folder: Path, *, is_safe: bool = False) -> None:
        """Make one in an empty folder and start it. A safe one waits for the disk, to be crashed."""
        self.folder = folder
        self._settings = {} if is_safe else _QUICK
        self._as = somebody_else(folder)
        self._count = 0
        self._run("initdb", "-D", str(folder / "data"), "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        self.start()
        with self.connection() as sql:
            sql.execute(f"CREATE ROLE {CLERK} LOGIN")

    def _run(self, *command: str) -> None:
        subprocess.run(command, check=True, capture_output=True, cwd="/", **self._as)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        reached_by = {"listen_addresses": "", "unix_socket_directories": str(self.folder), "max_connections": "260"}
        settings = {**self._settings, **reached_by}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with open(self.folder / "log", "ab") as log:
            self._watch = subprocess.Popen(
                ["sh", "-c", _WATCHED, "sh", "postgres", "-D", str(self.folder / "data"), *options],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd="/",
                **self._as,
            )
        for _ in range(_MOST_QUESTIONS):
            if self._answers():
                return
            assert self._watch.poll() is None, (self.folder / "log").read_text()
            pause(0.01)
        raise AssertionError((self.folder / "log").read_text())

    def _answers(self) -> bool:
        import psycopg

        try:
            with self.connection():
                return True
        except psycopg.OperationalError:
            return False

    def stop(self) -> None:
        """Stop it in good order."""
        assert self._watch.stdin is not None
        # A forked process may hold the other end as well, so closing is not enough.
        self._watch.stdin.write(b"\n")
        self._watch.stdin.close()
        self._watch.wait(30)

    def crash(self, *, is_killed: bool = False) -> None:
        """End it at once, as a power cut would: what it had promised must be there when it is started again.

        It is told to drop everything; or all its processes are killed, and it is told nothing.
        """
        postmaster = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        ended = [postmaster, *_children(postmaster)]
        for process in ended if is_killed else ended[:1]:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL if is_killed else signal.SIGQUIT)
        assert self._watch.stdin is not None
        while not all(_has_ended(process) for process in ended):
            pause(0.01)
        self._watch.stdin.write(b"\n")
        self._watch.stdin.close()
        self._watch.wait(30)

    def url(self, name: str = "postgres", user: str = USER) -> str:
        """The address of one of its databases, for one of its users."""
        return f"postgresql://{user}@/{name}?host={quote(str(self.folder))}"

    @contextmanager
    def connection(self, name: str = "postgres") -> Iterator[Any]:
        """Another program's connection to one of its databases; each statement is saved at once."""
        import psycopg

        with psycopg.connect(self.url(name), autocommit=True) as connection:
            yield connection

    def new_database(self, template: str = "template1") -> str:
        """Make a database, a copy of another one at which nobody works; returns its name."""
        self._count += 1
        name = f"desk{self._count}"
        with self.connection() as sql:
            sql.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", [template])
            sql.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, name: str) -> None:
        """Drop a database, whoever has it open."""
        with self.connection() as sql:
            sql.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def place(self, name: str, user: str = USER) -> Place:
        """One of its databases as a place for a desk, for one of its users."""
        return database_path(self.url(name, user))

    def let_clerks_work(self, name: str) -> None:
        """Grant what the README grants on a desk."""
        with self.connection(name) as sql:
            sql.execute(granted_by_the_readme())


def granted_by_the_readme() -> str:
    """The statements by which the README lets clerks work, as they stand there."""
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    (statements,) = re.findall(r"<!-- rights: .*?```sql\n(.*?)```", readme, re.DOTALL)
    return str(statements)


def as_owner(url: str) -> str:
    """The same address, for the owner."""
    return url.replace(f"//{CLERK}@", f"//{USER}@", 1)


def somebody_else(folder: Path) -> dict[str, Any]:
    """As whom to run it: the server refuses to be run by root."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _children(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def _has_ended(process: int) -> bool:
    """Whether a process is gone, or waits for nothing but somebody to notice that it is."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


@contextmanager
def private_server(*, is_safe: bool = False) -> Iterator[PrivateServer]:
    """A server in a folder of its own; on a disk, if it is a safe one."""
    root = Path("/var/tmp" if is_safe else tempfile.gettempdir())
    root = root if len(str(root)) < _LONGEST_SOCKET - 40 else Path("/tmp")
    with tempfile.TemporaryDirectory(prefix="giftdesk-pg-", dir=root) as folder:
        server = PrivateServer(Path(folder), is_safe=is_safe)
        try:
            yield server
        finally:
            server.stop()
