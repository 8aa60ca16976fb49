"""Letting a role of the server work at a desk that lies there, and do nothing else."""

from dataclasses import dataclass

from models.engines import server_of
from models.errors import faults
from models.locations import Place
from models.server.driver import let_in


@dataclass(frozen=True, slots=True)
class Granted:
    """What a role may do from then on."""

    role: str
    left: str
    """What it may do beside, through other roles or because everybody may; empty: nothing."""


def grant(place: Place, role: str, *, only_reading: bool = False) -> Granted:
    """Let a role do what daily work needs, or look only, and take all else away that it could do there.

    Raises Fault for a desk in a file, for a role that is none or can do everything, and for whoever is not the owner.
    """
    server = server_of(place)
    let_in()
    from models.server.granting import let_work, listed
    from models.server.opening import open_server

    database = open_server(server)
    with faults(server), database.making():
        stands = let_work(database, role, only_reading=only_reading)
    return Granted(role, listed(stands.too_many))
