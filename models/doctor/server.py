"""What may be wrong with the server below a desk: whether it keeps what it promised, and from whom."""

from collections.abc import Iterator
from typing import Final

from models.doctor.findings import Finding, bad, ok, warn
from models.doctor.rights import look_at_rights
from models.engine import DeskDatabase
from models.locations import Server
from models.server.parts import has_parts

_TRIED: Final = 150_000
"""The oldest release of PostgreSQL on which giftdesk is tried, as the server numbers it."""
_NEEDED: Final = ("fsync", "full_page_writes")


def look_at_server(database: DeskDatabase) -> Iterator[Finding]:
    """The server's release, the settings on which safety rests, and who works there; within a connection."""
    shown = {
        name: database.execute_sql(f"SHOW {name}").fetchone()[0]
        for name in ("server_version", "server_version_num", *_NEEDED)
    }
    told = f"PostgreSQL {shown['server_version']}"
    if int(shown["server_version_num"]) < _TRIED:
        yield warn("server", f"{told}, older than any on which giftdesk is tried", "Ask for PostgreSQL 15 or later.")
    else:
        yield ok("server", told)
    for name in _NEEDED:
        if shown[name] != "on":
            yield bad(
                "server",
                f"{name} is off: a power cut can lose what was saved, or half of it",
                f"Ask whoever runs the server to switch {name} on.",
            )
    yield look_at_rights(database)
    yield from _look_at_followers(database)
    if has_parts(database):
        yield ok("names", "parts of names and addresses are found by an index (pg_trgm)")
    else:
        yield warn(
            "names",
            "parts of names and addresses are looked for in all of them: there is no pg_trgm",
            "Ask whoever runs the server for the extension, then let the desk's owner run: giftdesk migrate",
        )


def _look_at_followers(database: DeskDatabase) -> Iterator[Finding]:
    """Whether what is acknowledged survives the server, where another may take its place."""
    (awaited,) = database.execute_sql("SHOW synchronous_standby_names").fetchone()
    (followers,) = database.execute_sql("SELECT COUNT(*) FROM pg_stat_replication").fetchone()
    if awaited:
        yield ok("standby", "each commit waits until a second server has it")
    elif followers or (isinstance(database.place, Server) and "," in database.place.url):
        yield warn(
            "standby",
            "commits do not wait for a second server: when it takes over, the last that was acknowledged can be lost",
            "Ask whoever runs the servers for synchronous replication; with Patroni, synchronous_mode: true",
        )
