"""A desk that is open for business: products of every kind of validity, and one colleague of every role."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from store.counter import Counter, copy_desk, furnish

from models.clock import FixedClock
from models.store import open_store

_IN_MEMORY = Path("/dev/shm")


def _memory() -> Path | None:
    return _IN_MEMORY if os.access(_IN_MEMORY, os.W_OK) else None


@pytest.fixture(scope="session")
def quick() -> Iterator[Path]:
    """A folder that lives in memory where the machine has one: commits are as many, the disk is not waited for."""
    with tempfile.TemporaryDirectory(prefix="giftdesk-", dir=_memory()) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def furnished(quick: Path) -> Path:
    """A furnished desk that nobody works on: tests open copies of it."""
    return furnish(quick / "furnished" / "desk.db")


@pytest.fixture
def folder(quick: Path) -> Iterator[Path]:
    """A quick folder of the test's own."""
    with tempfile.TemporaryDirectory(dir=quick) as own:
        yield Path(own)


@pytest.fixture
def counter(furnished: Path, folder: Path, clock: FixedClock) -> Counter:
    """A furnished desk of the test's own, at noon on 21 May 2026 UTC."""
    return Counter(open_store(copy_desk(furnished, folder), clock), clock)
