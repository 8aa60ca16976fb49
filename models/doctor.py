"""What may be wrong with a desk and the computer around it, each finding with its cure. Changes nothing."""

import os
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Final

from cysqlite import _cysqlite

from models.clock import Clock, SystemClock
from models.errors import Fault, faults
from models.keys import is_open_to_others, key_path, read_key
from models.locations import Place
from models.pending import cut_offs
from models.rules import wording
from models.schema import HighWater
from models.store import CLOCK_SLACK, Store, open_store

# Older engines can damage a database that two connections write to.
_SAFE_ENGINE: Final = (3, 51, 3)
_NARROWEST: Final = (80, 24)


class Health(StrEnum):
    """How bad a finding is."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    subject: str
    health: Health
    told: str
    """What was found, as a phrase."""
    cure: str | None = None
    """What to do about it, as a sentence; None when all is well."""


@dataclass(frozen=True, slots=True)
class TerminalFacts:
    """What is known of the terminal."""

    is_terminal: bool
    """Both input and output are one."""
    name: str
    """TERM."""
    columns: int
    lines: int
    encoding: str
    profile: str
    """How the full screen would draw, and why."""


def examine(path: Place, terminal: TerminalFacts, clock: Clock | None = None) -> tuple[Finding, ...]:
    """Look at everything, whatever is broken; in the order in which it is best mended."""
    return (*_versions(), *_terminal(terminal), *_folder(path), *_key(path), *_desk(path, clock or SystemClock()))


def _ok(subject: str, told: str) -> Finding:
    return Finding(subject, Health.OK, told)


def _versions() -> Iterator[Finding]:
    yield _ok("giftdesk", f"{version('giftdesk')} on Python {platform.python_version()}")
    engine = _cysqlite.sqlite_version_info
    shown = ".".join(map(str, engine))
    if tuple(engine) >= _SAFE_ENGINE:
        yield _ok("engine", f"SQLite {shown}")
    else:
        yield Finding(
            "engine",
            Health.BAD,
            f"SQLite {shown} can damage a database",
            "Install cysqlite 0.4 or later from its wheel.",
        )


def _terminal(facts: TerminalFacts) -> Iterator[Finding]:
    if not facts.is_terminal:
        yield Finding("terminal", Health.WARN, "this is none", "Use the commands, or start it in a terminal.")
    elif facts.name in ("", "dumb", "unknown"):
        yield Finding(
            "terminal",
            Health.WARN,
            f"TERM is {facts.name or 'empty'}",
            "Set TERM to what your terminal is, such as xterm-256color.",
        )
    else:
        yield _ok("terminal", facts.name)
    size = f"{facts.columns}x{facts.lines}"
    if (facts.columns, facts.lines) < _NARROWEST or facts.lines < _NARROWEST[1]:
        yield Finding("size", Health.WARN, size, "Make the window 80 columns by 24 lines, or larger.")
    else:
        yield _ok("size", size)
    if facts.encoding.lower().replace("-", "") == "utf8":
        yield _ok("characters", facts.encoding)
    else:
        yield Finding(
            "characters",
            Health.WARN,
            f"{facts.encoding}: all others are spelled in it, or show as ?",
            "Choose a UTF-8 locale, such as LANG=C.UTF-8.",
        )
    yield _ok("profile", facts.profile)


def _folder(path: Place) -> Iterator[Finding]:
    if not isinstance(path, Path):
        return
    folder = path.parent
    if not folder.is_dir():
        yield Finding("folder", Health.BAD, f"{folder} is not there", "Make a desk with: giftdesk init")
    elif not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield Finding("folder", Health.BAD, f"{folder} can only be read", "Ask for the right to write there.")
    else:
        yield _ok("folder", f"{folder} can be written to")


def _key(path: Place) -> Iterator[Finding]:
    key = key_path(path)
    try:
        keys = read_key(key)
    except Fault as fault:
        yield Finding("key", Health.BAD, f"{key} gives no key", fault.sentence)
        return
    if is_open_to_others(key):
        yield Finding("key", Health.BAD, f"{key} is open to others", f"Run: chmod 640 {key}")
    else:
        yield _ok("key", f"{key}, fingerprint {keys.fingerprint}")


def _desk(path: Place, clock: Clock) -> Iterator[Finding]:
    try:
        store = open_store(path, clock)
        with faults(path), store.database.reading():
            reached = HighWater.get().reached_at
    except Fault as fault:
        yield Finding("database", Health.BAD, f"{path} does not open", fault.sentence)
        return
    kind = "sandbox" if store.is_sandbox else "desk"
    yield _ok("database", f"{path}, {kind} in {store.business.zone}; WAL; all safeguards are there")
    if isinstance(path, Path) and not os.access(path, os.W_OK):
        yield Finding("writing", Health.BAD, f"{path} can only be read", "Ask for the right to write to it.")
    behind = reached - clock.now()
    if behind > CLOCK_SLACK and not store.is_sandbox:
        yield Finding(
            "clock",
            Health.BAD,
            f"{wording.span(behind)} behind the last record",
            "Set this computer's clock right; until then nothing can be changed.",
        )
    else:
        yield _ok("clock", "not behind the last record")
    yield from _cut_off_writes(store)


def _cut_off_writes(store: Store) -> Iterator[Finding]:
    found = cut_offs(store)
    if not found:
        yield _ok("pending", "no change was cut off")
    for write in found:
        what = "was carried out" if write.was_done else "was not carried out"
        yield Finding("pending", Health.WARN, f"a cut-off {write.action} {what}", write.sentence)
