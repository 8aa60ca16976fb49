"""The desk that is measured: the demo, with a list long enough to be scrolled; and what surrounds a program."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from models import desk
from models.clock import FixedClock
from models.jobs.demo import START, Scenario, build_demo, done
from models.people import PersonGiven
from models.store import Store
from models.unit import Session

LISTED: Final = "Smith"
"""A name that many cards have."""
_MANY: Final = 60


def make_desk(path: Path) -> tuple[Store, tuple[Scenario, ...]]:
    """Make it at a path; the codes are the same every time."""
    store, scenarios = build_demo(path)
    assert isinstance(store.clock, FixedClock)
    session = Session(store, "mia")
    with store.database.connected():
        for number in range(_MANY):
            person = PersonGiven(f"{chr(65 + number % 26)}{'aeiou'[number % 5]}n {LISTED}", f"n{number}@example.org")
            done(desk.issue(session, "classic", 1000 + number, recipient=person, place="York"))
    store.clock.at = START
    return store, scenarios


def surroundings(home: Path, **more: str) -> Mapping[str, str]:
    """An environment with folders of its own and a terminal that can do everything."""
    folders = {f"XDG_{name}_HOME": str(home) for name in ("DATA", "STATE", "CONFIG", "CACHE")}
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SSH_", "XDG_", "GIFTDESK"))}
    terminal = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8", "HOME": str(home)}
    return {**kept, **folders, **terminal, "PYTHONPATH": str(Path(__file__).parents[3]), **more}
