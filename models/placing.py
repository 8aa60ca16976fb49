"""Files that appear at their path whole or not at all, and never in the place of another."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from models.errors import Fault
from models.exits import CANNOT_OPEN, DISK


@contextmanager
def placed(path: Path, mode: int) -> Iterator[Path]:
    """An empty file to fill, beside a path: at the end it lies safe on the disk at the path, else nothing does.

    Its folder is made when it is missing. Raises Fault when something is at the path, or nothing can be written there.
    """
    if os.path.lexists(path):
        raise _taken(path)
    unfinished = path.with_name(f"{path.name}.new-{os.getpid()}")
    has_folder = path.parent.exists()
    try:
        make_folder(path.parent)
        unfinished.unlink(missing_ok=True)
        # Nobody else may look into it while it grows.
        os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError:
        raise Fault(f"The folder {path.parent} cannot be written to. Nothing was changed.", CANNOT_OPEN) from None
    try:
        yield unfinished
        _put_in_place(unfinished, path, mode)
    finally:
        for end in ("", "-wal", "-shm", "-journal"):
            unfinished.with_name(unfinished.name + end).unlink(missing_ok=True)
        if not has_folder:
            with suppress(OSError):  # it is not empty: the file is in place
                path.parent.rmdir()


def _put_in_place(unfinished: Path, path: Path, mode: int) -> None:
    try:
        os.chmod(unfinished, mode)
        sync(unfinished)
        try:
            os.link(unfinished, path)  # unlike a rename it never takes the place of a file that is there
        except FileExistsError:
            raise
        except OSError:  # a file system without links
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode))
            os.replace(unfinished, path)
        sync(path.parent)
    except FileExistsError:
        raise _taken(path) from None
    except OSError as error:
        raise Fault(f"{path} could not be written: {error.strerror}. Nothing was changed.", DISK) from None


def _taken(path: Path) -> Fault:
    return Fault(f"There is a file at {path} already. Nothing was changed.", CANNOT_OPEN)


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, safe on the disk. Raises OSError."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync(folder.parent)


def sync(path: Path) -> None:
    """Wait until a file's content, or a folder's list of names, is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
