"""Which engine a desk lies on: a file of its own, or a database server. Only the one that is needed is imported."""

from collections.abc import Callable
from pathlib import Path

from models.engine import DeskDatabase
from models.errors import Fault
from models.exits import MISCONFIGURED
from models.locations import Place, Server
from models.server.driver import let_in


def open_database(place: Place) -> DeskDatabase:
    """The database at a place, checked and ready. Raises Fault with a sentence for everything that forbids it."""
    if isinstance(place, Server):
        let_in()
        from models.server.opening import open_server

        return open_server(place)
    from models.database import open_file

    return open_file(place)


def create_database(place: Place, fill: Callable[[DeskDatabase], None], role: str | None = None) -> None:
    """A new database at a place, filled within its first transaction; it appears there whole or not at all.

    On a server a role may be named that is to work there.
    """
    if isinstance(place, Server):
        let_in()
        from models.server.opening import create_server

        return create_server(place, fill, role)
    if role is not None:
        server_of(place)
    from models.database import create_file

    return create_file(place, fill)


def server_of(place: Place) -> Server:
    """The server of a desk that lies on one. Raises Fault for a desk in a file."""
    if isinstance(place, Server):
        return place
    raise Fault(
        f"{place} is a file, which knows no roles: whoever may write to it may write anything. Nothing was changed.",
        MISCONFIGURED,
    )


def file_of(place: Place) -> Path:
    """The file of a desk that is one. Raises Fault for a desk on a server."""
    if isinstance(place, Path):
        return place
    raise Fault(
        f"{place} lies on a server, where this is for the server's own tools, such as pg_dump and pg_restore. Nothing "
        f"was changed.",
        MISCONFIGURED,
    )
