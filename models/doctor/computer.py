"""What may be wrong with what giftdesk stands on: its own version, the engine, the time zones, the settings."""

import platform
import zoneinfo
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from cysqlite import _cysqlite

from models.doctor.findings import Finding, bad, ok

# Older engines can damage a database that two connections write to.
_SAFE_ENGINE: Final = (3, 51, 3)


def look_at_computer(settings: str, settings_fault: str | None) -> Iterator[Finding]:
    """Versions, time zones, and the settings: where they lie, and what is wrong with them."""
    yield ok("giftdesk", f"{_version_of('giftdesk')} on Python {platform.python_version()}")
    yield _engine()
    yield _zones()
    if settings_fault is None:
        yield ok("settings", settings)
    else:
        yield bad("settings", f"{settings} can't be followed", settings_fault)


def _engine() -> Finding:
    engine = _cysqlite.sqlite_version_info
    shown = ".".join(map(str, engine))
    if tuple(engine) >= _SAFE_ENGINE:
        return ok("engine", f"SQLite {shown}")
    return bad("engine", f"SQLite {shown} can damage a database", "Install cysqlite 0.4 or later from its wheel.")


def _zones() -> Finding:
    if not zoneinfo.available_timezones():
        return bad("time zones", "this computer knows none", "Install the time zone data of the system (tzdata).")
    for folder in zoneinfo.TZPATH:
        if (Path(folder) / "UTC").exists():
            return ok("time zones", f"{_told_version(Path(folder))} in {folder}")
    return ok("time zones", f"{_version_of('tzdata')} of Python's tzdata")


def _version_of(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "of an unknown version"


def _told_version(folder: Path) -> str:
    try:
        with (folder / "tzdata.zi").open(encoding="ascii", errors="replace") as opened:
            return opened.readline().removeprefix("# ").strip()
    except OSError:
        return "of an unknown version"
