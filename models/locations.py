"""Where giftdesk keeps things, by the habits of the platform and the environment."""

import hashlib
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias
from urllib.parse import parse_qs, quote, unquote, urlsplit

from platformdirs import user_data_path, user_log_path, user_state_path

from models.errors import Fault
from models.exits import MISCONFIGURED
from models.rules.texts import NAME, made_safe
from models.settings import read_settings

_APP: Final = "giftdesk"
_SERVER_SCHEMES: Final = ("postgresql", "postgres")
# What is meant for a server is never taken for a file: sentences and the log name files as they were written.
_MEANT_FOR_SERVER: Final = re.compile(r"postgres(ql)?(:|//)|.*\bpassword\s*=", re.IGNORECASE | re.DOTALL)
_UNREADABLE: Final = "The database URL can't be read. Write: postgresql://user@host/name."


@dataclass(frozen=True, slots=True)
class Server:
    """A database on a server."""

    shown: str
    """The address as sentences name it: without a password, and without what is no part of where it is."""
    name: str
    """The database's own name there."""
    url: str = field(repr=False)
    """The address as it was given, for the driver."""
    reports: str = ""
    """Servers that follow it, host:port with commas between, from which lists and reports are read."""

    def __str__(self) -> str:
        """As sentences name it."""
        return self.shown


Place: TypeAlias = Path | Server
"""Where a desk is kept: in a file, or on a server."""


def default_database() -> Path:
    """The database when none is named."""
    return user_data_path(_APP) / "desk.db"


def log_file() -> Path:
    """Where faults are written down, without customer data."""
    return user_log_path(_APP) / "giftdesk.log"


def pending_folder(database: Place) -> Path:
    """Where a desk notes the writes whose answer it is waiting for, one folder a database."""
    if isinstance(database, Path):
        address, stem = os.fsencode(database.absolute()), database.stem
    else:
        address, stem = database.shown.encode(), _as_file_name(database)
    name = hashlib.sha256(address).hexdigest()[:16]
    return user_state_path(_APP) / "pending" / f"{stem[:32]}-{name}"


def server_key(server: Server) -> Path:
    """Where the key of a database on a server lies: with this user's data, by the database's name."""
    return user_data_path(_APP) / f"{_as_file_name(server)}.key"


def _as_file_name(server: Server) -> str:
    return quote(server.name, safe=" ").lstrip(".")[:100] or "desk"


def database_path(url: str | None) -> Place:
    """What a database URL names: sqlite:////absolute/path.db or postgresql://user@host/name.

    None stands for GIFTDESK_DB, the settings, or the default file. Raises Fault for what is no such URL.
    """
    if url is not None and not url.strip():
        raise Fault("No database is named: --db is empty.", MISCONFIGURED)
    return place_of(url or os.environ.get("GIFTDESK_DB") or read_settings().db)


def place_of(named: str | None) -> Place:
    """What a path or a URL names; the default file for None. Raises Fault for what is no such URL."""
    if not named:
        return default_database()
    if "://" not in named:
        if _MEANT_FOR_SERVER.match(named):
            raise Fault(_UNREADABLE, MISCONFIGURED)
        return Path(named).expanduser().absolute()
    try:
        parts = urlsplit(named)
    except ValueError:
        raise Fault(_UNREADABLE, MISCONFIGURED) from None
    if parts.scheme in _SERVER_SCHEMES:
        return _server(named)
    if parts.scheme != "sqlite" or parts.netloc or not parts.path.strip("/"):
        raise Fault(
            f"The database URL must read sqlite:////absolute/path.db or postgresql://user@host/name; this one begins "
            f"with {parts.scheme!r}.",
            MISCONFIGURED,
        )
    return Path(unquote(parts.path[1:])).absolute()


def _server(url: str) -> Server:
    parts = urlsplit(url)
    name = unquote(parts.path.strip("/"))
    if not name:
        raise Fault("The database URL must name a database: postgresql://user@host/name.", MISCONFIGURED)
    if "@" in parts.path:  # a password with a slash in it ends what names the server
        raise Fault(
            f"{_UNREADABLE} A password in it has its / as %2F, its ? as %3F and its # as %23; better it stands in "
            f"~/.pgpass.",
            MISCONFIGURED,
        )
    where, who = {key: values[-1] for key, values in parse_qs(parts.query).items()}, parts.netloc.rpartition("@")[0]
    user = unquote(who.partition(":")[0]) or where.get("user", "")
    host = parts.netloc.rpartition("@")[2]
    asked = "&".join(f"{key}={where[key]}" for key in ("host", "port") if key in where)
    shown = f"postgresql://{user}{'@' if user else ''}{host}/{name}{'?' if asked else ''}{asked}"
    # What is ours in the address, the driver would take for a mistake.
    query = "&".join(each for each in parts.query.split("&") if not each.startswith("reports="))
    return Server(made_safe(shown, 2 * NAME), name, parts._replace(query=query).geturl(), where.get("reports", ""))
