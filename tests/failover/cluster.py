"""Three PostgreSQL servers under Patroni, with etcd and HAProxy, on this machine: to be killed, frozen and woken.

Everything lies in one folder, listens on the loopback only, and ends with the tests.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from postgres import USER, somebody_else

from models.clock import Stopwatch, pause
from models.server.driver import let_in

NEEDED = ("etcd", "patroni", "haproxy", "postgres", "initdb", "pg_rewind")
SECONDS_TO_LIVE = 20
"""How long a leader counts as one after it was last heard of: the shortest that Patroni takes."""
NAMES = ("one", "two", "three")
_PATIENCE_SECONDS = 120.0
_BIN = Path("/usr/lib/postgresql")

# Ends everything once its own standard input ends, whatever becomes of the tests: who was killed can't clean up.
_WATCH = """
read -r line
for file in "$0"/pids/* "$0"/*/postmaster.pid; do
    [ -f "$file" ] && read -r pid < "$file" && kill -KILL "$pid" 2>/dev/null && kill -CONT "$pid" 2>/dev/null
done
"""


def why_absent() -> str | None:
    """Why no cluster can be started here, or None."""
    missing = [name for name in NEEDED if _found(name) is None]
    if missing:
        return f"not installed: {', '.join(missing)}"
    with tempfile.TemporaryDirectory() as folder:
        try:
            subprocess.run([_found("patroni") or "", "--version"], check=True, cwd="/", **somebody_else(Path(folder)))
        except (OSError, subprocess.CalledProcessError):
            return "patroni lies where the user who runs the servers may not go"
    return None


def _found(name: str) -> str | None:
    elsewhere = [str(folder) for folder in sorted(_BIN.glob("*/bin"), reverse=True)]
    return shutil.which(name, path=os.pathsep.join([os.environ["PATH"], "/usr/sbin", *elsewhere]))


def until(holds: Callable[[], bool], what: str, told: Callable[[], str] = str) -> float:
    """Wait until something holds; how many seconds that took."""
    waited = Stopwatch()
    while not holds():
        assert waited.seconds() < _PATIENCE_SECONDS, f"waited {_PATIENCE_SECONDS:.0f} s in vain: {what}\n{told()}"
        pause(0.1)
    return waited.seconds()


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on just now."""
    held = [socket.socket() for _ in range(count)]
    for each in held:
        each.bind(("127.0.0.1", 0))
    ports = [int(each.getsockname()[1]) for each in held]
    for each in held:
        each.close()
    return ports


@dataclass
class Node:
    """One server and the agent that looks after it."""

    name: str
    folder: Path
    port: int
    rest: int
    agent: subprocess.Popen[bytes] | None = None
    frozen: list[int] = field(default_factory=list)

    @property
    def data(self) -> Path:
        """Where the server keeps everything."""
        return self.folder / self.name

    def server_pid(self) -> int | None:
        """The server's first process, if there is one."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
            os.kill(pid, 0)
        except (OSError, ValueError, IndexError):
            return None
        return pid

    def kill_server(self) -> None:
        """SIGKILL to every process of the server at once, as when the machine is gone."""
        pid = self.server_pid()
        for each in [] if pid is None else [pid, *_children(pid)]:
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)

    def kill_agent(self) -> None:
        """SIGKILL to Patroni; the server runs on without."""
        assert self.agent is not None
        self.agent.kill()
        self.agent.wait()

    def freeze(self, *, with_server: bool = True) -> None:
        """SIGSTOP to the agent, and to every process of the server: they are there and say nothing."""
        assert self.agent is not None
        pid = self.server_pid()
        server = [pid, *_children(pid)] if with_server and pid is not None else []
        self.frozen = [self.agent.pid, *server]
        for each in self.frozen:
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let them go on as if no time had gone by."""
        for each in self.frozen:
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGCONT)
        self.frozen = []


def _children(pid: int) -> list[int]:
    """The processes that a process started and that are there still."""
    with suppress(OSError):
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


class Cluster:
    """All of it."""

    def __init__(self, folder: Path) -> None:
        """Prepare it in an empty folder; nothing runs yet."""
        self.folder = folder
        self._as = somebody_else(folder)
        ports = free_ports(10)
        self.nodes = [Node(name, folder, ports.pop(), ports.pop()) for name in NAMES]
        self._etcd_port, self._peer_port, self.port, self.reports_port = ports
        self.started: list[subprocess.Popen[bytes]] = []
        (folder / "pids").mkdir()
        if self._as:
            os.chown(folder / "pids", self._as["user"], self._as["group"])
        self._watch = subprocess.Popen(["sh", "-c", _WATCH, str(folder)], stdin=subprocess.PIPE, cwd="/", **self._as)

    # Starting and stopping

    def start(self) -> None:
        """Start everything, and wait until a leader takes changes and both others follow."""
        here = "http://127.0.0.1"
        etcd = ["--data-dir", str(self.folder / "etcd"), "--name", "etcd", "--log-level", "error"]
        etcd += ["--listen-client-urls", f"{here}:{self._etcd_port}", "--listen-peer-urls", f"{here}:{self._peer_port}"]
        etcd += ["--advertise-client-urls", f"{here}:{self._etcd_port}"]
        etcd += ["--initial-advertise-peer-urls", f"{here}:{self._peer_port}"]
        self._run("etcd", "etcd", *etcd, "--initial-cluster", f"etcd={here}:{self._peer_port}")
        for node in self.nodes:
            self.start_agent(node)
        self._write("haproxy.cfg", self._haproxy())
        self._run("haproxy", "haproxy", "-f", str(self.folder / "haproxy.cfg"), "-db")
        self.settle()

    def start_agent(self, node: Node) -> None:
        """Start the agent of a node, which starts its server unless it runs."""
        self._write(f"{node.name}.json", json.dumps(self._patroni(node)))
        node.agent = self._run(node.name, "patroni", str(self.folder / f"{node.name}.json"))

    def stop(self) -> None:
        """End every process."""
        for node in self.nodes:
            node.thaw()
            if node.agent is not None:
                node.agent.kill()
            node.kill_server()
        assert self._watch.stdin is not None
        self._watch.stdin.close()
        self._watch.wait(30)
        for each in self.started:
            each.kill()
            each.wait(30)

    def _run(self, name: str, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        found = _found(program)
        assert found is not None
        with open(self.folder / f"{name}.log", "ab") as log:
            process = subprocess.Popen(
                [found, *arguments], stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", **self._as
            )
        self._write(f"pids/{name}", f"{process.pid}\n")
        self.started.append(process)
        return process

    def _write(self, name: str, content: str) -> None:
        (self.folder / name).write_text(content)
        if self._as:
            os.chown(self.folder / name, self._as["user"], self._as["group"])

    # Looking

    def logs(self) -> str:
        """The last of what each of them wrote."""
        return "\n".join(f"{log.name}: {log.read_text()[-2_000:]}" for log in sorted(self.folder.glob("*.log")))

    def ask(self, node: Node, path: str) -> dict[str, Any] | None:
        """What a node's agent answers, whatever it thinks of the question; None when it says nothing."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{node.rest}{path}", timeout=2) as answer:
                return dict(json.loads(answer.read()))
        except (OSError, ValueError):
            return None

    def leader(self) -> Node | None:
        """Whose agent holds the lock, by its own word: who is asked answers only while that holds."""
        return next((node for node in self.nodes if not node.frozen and self.ask(node, "/primary")), None)

    def settle(self) -> Node:
        """Wait until there is one leader, both others follow it, and one of them keeps up with every commit."""
        until(self._is_whole, "the cluster is not whole", told=self.logs)
        leader = self.leader()
        assert leader is not None
        return leader

    def _is_whole(self) -> bool:
        leader = self.leader()
        told = None if leader is None else self.ask(leader, "/cluster")
        if told is None:
            return False
        states = sorted((each["role"], each["state"]) for each in told["members"])
        follows = [("leader", "running"), ("replica", "streaming"), ("sync_standby", "streaming")]
        return states == follows and all(each.get("lag", 0) == 0 for each in told["members"])

    # Addresses

    def url(self, name: str, user: str = USER, port: int | None = None) -> str:
        """A database as desks reach it: by way of HAProxy, or of whoever listens at another port."""
        return f"postgresql://{user}@127.0.0.1:{port or self.port}/{name}"

    def url_of_all(self, name: str, user: str = USER) -> str:
        """The same without HAProxy: all servers by name, of which the one is taken that takes changes."""
        hosts = ",".join(f"127.0.0.1:{node.port}" for node in self.nodes)
        return f"postgresql://{user}@{hosts}/{name}?target_session_attrs=read-write"

    def reports_url(self, name: str, user: str = USER) -> str:
        """A server that follows."""
        return self.url(name, user, self.reports_port)

    def make_database(self, name: str) -> None:
        """Make a database on the server that takes changes."""
        let_in()
        import psycopg

        with psycopg.connect(self.url("postgres"), autocommit=True) as sql:
            sql.execute(f"CREATE DATABASE {name}")

    # What they are told

    def _patroni(self, node: Node) -> dict[str, Any]:
        initdb = _found("initdb")
        assert initdb is not None
        trusted = ["local all all trust", "host all all 127.0.0.1/32 trust", "host replication all 127.0.0.1/32 trust"]
        return {
            "scope": "giftdesk",
            "name": node.name,
            "etcd3": {"hosts": [f"127.0.0.1:{self._etcd_port}"]},
            "restapi": {"listen": f"127.0.0.1:{node.rest}", "connect_address": f"127.0.0.1:{node.rest}"},
            "bootstrap": {
                "dcs": {
                    "ttl": SECONDS_TO_LIVE,
                    "loop_wait": 3,
                    "retry_timeout": 3,
                    "synchronous_mode": True,
                    "postgresql": {"use_pg_rewind": True, "use_slots": True},
                },
                "initdb": [{"encoding": "UTF8"}, {"locale": "C"}, "data-checksums"],
            },
            "postgresql": {
                "listen": f"127.0.0.1:{node.port}",
                "connect_address": f"127.0.0.1:{node.port}",
                "data_dir": str(node.data),
                "bin_dir": str(Path(initdb).resolve().parent),
                "pgpass": str(self.folder / f"{node.name}.pgpass"),
                "authentication": {"superuser": {"username": USER}, "replication": {"username": "follower"}},
                "parameters": {
                    "unix_socket_directories": str(self.folder),
                    "max_connections": 80,
                    "shared_buffers": "32MB",
                    "max_wal_size": "256MB",
                },
                "pg_hba": trusted,
            },
        }

    def _haproxy(self) -> str:
        servers = "\n".join(
            f"    server {node.name} 127.0.0.1:{node.port} check port {node.rest}" for node in self.nodes
        )
        return f"""
defaults
    mode tcp
    timeout connect 2s
    timeout client 30m
    timeout server 30m
    timeout check 2s
    option httpchk
    http-check expect status 200
    default-server inter 1s fall 2 rise 1 on-marked-down shutdown-sessions

listen desk
    bind 127.0.0.1:{self.port}
    http-check send meth OPTIONS uri /primary
{servers}

listen reports
    bind 127.0.0.1:{self.reports_port}
    http-check send meth OPTIONS uri /replica
{servers}
"""


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """A cluster in a folder that lives in memory where the machine has one, and is gone afterwards."""
    in_memory = Path("/dev/shm")
    root = in_memory if os.access(in_memory, os.W_OK) else Path(tempfile.gettempdir())
    with tempfile.TemporaryDirectory(prefix="giftdesk-ha-", dir=root) as folder:
        cluster = Cluster(Path(folder))
        try:
            cluster.start()
            yield cluster
        finally:
            cluster.stop()
