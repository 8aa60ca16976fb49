"""Where giftdesk keeps things, by the habits of the platform and the environment."""

import hashlib
import os
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from platformdirs import user_data_path, user_log_path, user_state_path

from models.errors import MISCONFIGURED, Fault

_APP: Final = "giftdesk"


def default_database() -> Path:
    """The database when none is named."""
    return user_data_path(_APP) / "desk.db"


def log_file() -> Path:
    """Where faults are written down, without customer data."""
    return user_log_path(_APP) / "giftdesk.log"


def pending_folder(database: Path) -> Path:
    """Where a desk notes the writes whose answer it is waiting for, one folder a database."""
    name = hashlib.sha256(os.fsencode(database.absolute())).hexdigest()[:16]
    return user_state_path(_APP) / "pending" / f"{database.stem[:32]}-{name}"


def database_path(url: str | None) -> Path:
    """The file that a database URL names: sqlite:////absolute/path.db; GIFTDESK_DB or the default for None."""
    if url is not None and not url.strip():
        raise Fault("No database is named: --db is empty.", MISCONFIGURED)
    named = url or os.environ.get("GIFTDESK_DB")
    if not named:
        return default_database()
    if "://" not in named:
        return Path(named).expanduser().absolute()
    parts = urlsplit(named)
    if parts.scheme != "sqlite" or parts.netloc or not parts.path.strip("/"):
        raise Fault(
            f"The database URL must read sqlite:////absolute/path.db; this one begins with {parts.scheme!r}.",
            MISCONFIGURED,
        )
    return Path(unquote(parts.path[1:])).absolute()
