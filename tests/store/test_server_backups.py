"""A desk on a server is dumped by the server's own tools while others write, and restored, as the README says it.

The default run does that beside two writers once; the long proof twenty times beside eight:

    pytest tests/store/test_server_backups.py -m slow
"""

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from postgres import CLERK, PrivateServer
from store.counter import NOON, Counter, furnish
from store.test_backups_at_work import told_by, writers

from models.clock import FixedClock
from models.keys import keep_key, key_path, read_key
from models.locations import Server
from models.schema import Intent
from models.store import open_store

OWNER = "desk_owner"

pytestmark = pytest.mark.skipif(shutil.which("pg_dump") is None, reason="PostgreSQL's client tools are not installed")


@pytest.fixture
def owned(server: PrivateServer) -> Iterator[Server]:
    """A furnished desk that belongs to a role without any further rights, for that role."""
    with server.connection() as sql:
        if not sql.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (OWNER,)).fetchone():
            sql.execute(f"CREATE ROLE {OWNER} LOGIN")
    made = [own_database(server)]
    furnish(made[0])
    server.let_clerks_work(made[0].name)
    yield made[0]
    server.drop(made[0].name)


def own_database(server: PrivateServer) -> Server:
    """An empty database of that role's own."""
    name = server.new_database("template0")
    with server.connection() as sql:
        sql.execute(f"ALTER DATABASE {name} OWNER TO {OWNER}")
    place = server.place(name, OWNER)
    assert isinstance(place, Server)
    return place


def commands_of_the_readme() -> list[list[str]]:
    """How the README dumps a desk on a server and restores it, word by word."""
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```sh\n(pg_dump .*?)```", readme, re.DOTALL)
    return [shlex.split(line, comments=True) for line in block.splitlines()]


def dumped_and_restored(server: PrivateServer, desk: Server, many: int, folder: Path) -> None:
    """Whatever was acknowledged before the dump began is in the desk that was made of it, and everything adds up."""
    again, file = own_database(server), str(folder / f"{desk.name}.dump")
    dump, restore, verify = (
        [
            word.replace("postgresql://desk_owner@db.example/shop", desk.url)
            .replace("shop.dump", file)
            .replace("postgresql://desk_owner@db.example/again", again.url)
            for word in words
        ]
        for words in commands_of_the_readme()
    )
    with writers(server.place(desk.name, CLERK), many) as lines:
        acknowledged = {key for line in lines for key in told_by(line, at_least=3)}
        subprocess.run(dump, check=True)
    subprocess.run(restore, check=True)
    assert (verify[:2], verify[-1]) == (["giftdesk", "verify"], again.url)
    keep_key(key_path(again), read_key(key_path(desk)))
    clock = FixedClock(NOON)
    restored = Counter(open_store(again, clock), clock)
    assert restored.findings() == []
    with restored.store.database.connected():
        assert acknowledged <= {row.key for row in Intent.select(Intent.key)}
    card = restored.issued()
    as_a_clerk = Counter(open_store(server.place(again.name, CLERK), clock), clock)
    assert as_a_clerk.issued() > card
    server.drop(again.name)


def test_a_dump_beside_writers_has_all_that_was_acknowledged(
    server: PrivateServer, owned: Server, tmp_path: Path
) -> None:
    keep_key(key_path(server.place(owned.name, CLERK)), read_key(key_path(owned)))
    dumped_and_restored(server, owned, 2, tmp_path)


@pytest.mark.slow
def test_twenty_dumps_beside_eight_writers(server: PrivateServer, owned: Server, tmp_path: Path) -> None:
    for _ in range(20):
        dumped_and_restored(server, owned, 8, tmp_path)
        (tmp_path / f"{owned.name}.dump").unlink()
