"""What the stories of backups share: one that was taken, and the order to make a desk of it elsewhere."""

from dataclasses import replace
from pathlib import Path

from store.counter import NOON, Counter

from models.clock import FixedClock
from models.jobs.backup import Backup, back_up
from models.jobs.restore import Order
from models.store import Store
from models.unit import Session


def taken(counter: Counter, login: str = "olaf") -> Backup:
    return back_up(Session(counter.store, login), counter.file.with_name("kept.backup"))


def order(backup: Path, database: Path, **more: object) -> Order:
    """What Olaf orders, with the key that lies beside the first desk."""

    def olaf(store: Store) -> Session:
        return Session(store.with_clock(FixedClock(NOON)), "olaf")

    whole = Order(backup, database, backup.with_name("desk.key"), olaf)
    return replace(whole, **more)  # type: ignore[arg-type]


def files(path: Path) -> list[str]:
    return sorted(each.name for each in path.parent.iterdir())
