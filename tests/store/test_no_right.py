"""Desks on disks and in folders where nothing can be written: one sentence, and nothing is changed."""

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from models.errors import Fault
from models.exits import NO_PERMISSION
from models.store import init_store, open_store

NOBODY = 65534


@pytest.fixture
def locked_up() -> Iterator[Path]:
    """A desk in a folder that everybody may look into and nobody but its owner may write to."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        desk = folder / "desk.db"
        init_store(desk, is_sandbox=True)
        desk.chmod(0o644)
        (folder / "desk.key").chmod(0o644)
        folder.chmod(0o555)
        yield desk
        folder.chmod(0o755)


def told_to_nobody(what: Callable[[], object]) -> str:
    """What a process without rights of its own is told; '' when it is refused nothing."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        if os.getuid() == 0:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        told = ""
        try:
            what()
        except Fault as fault:
            told = f"{fault.status} {fault.sentence}"
        finally:
            os.write(writing, told.encode())
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as answer:
        told = answer.read()
    os.waitpid(child, 0)
    return told


def test_a_folder_that_can_only_be_read_is_told_in_a_sentence(locked_up: Path) -> None:
    """The journal lies beside the database: without it nothing can even be looked up."""
    told = told_to_nobody(lambda: open_store(locked_up))
    assert told.startswith(f"{NO_PERMISSION} {locked_up} lies where nothing can be written")
    assert told.endswith("Nothing was changed.")


def test_no_desk_is_made_where_nothing_can_be_written(locked_up: Path) -> None:
    told = told_to_nobody(lambda: init_store(locked_up.with_name("other.db")))
    assert "cannot be written to. Nothing was changed." in told
    assert sorted(file.name for file in locked_up.parent.iterdir()) == ["desk.db", "desk.key"]
