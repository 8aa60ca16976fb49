"""Files that appear under their names whole, or not at all, and that only their writer may read.

One takes the place of an earlier file of its kind, and of nothing else: no desk, no key, no link, no device.
"""

import contextlib
import os
import stat
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from models.errors import Fault
from models.exits import CANNOT_OPEN, DISK


@contextmanager
def written_files(beginnings: Mapping[Path, str]) -> Iterator[Sequence[TextIO]]:
    """Files to be written, put in their places in this order at the end, each given with how its kind begins.

    Raises Fault for a disk that won't, and when something of another kind is at one of the paths.
    """
    paths = list(beginnings)
    made: list[tuple[TextIO, Path]] = []
    try:
        with _disk(paths[0].parent):
            for path, beginning in beginnings.items():
                _check_place(path, beginning.encode())
                path.parent.mkdir(parents=True, exist_ok=True)
                handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
                made.append((os.fdopen(handle, "w", encoding="utf-8", newline=""), Path(name)))
        yield [file for file, _ in made]
        with _disk(paths[0].parent):
            for file, _ in made:
                file.flush()
                os.fsync(file.fileno())
                file.close()
            for (_, unfinished), path in zip(made, paths, strict=True):
                os.replace(unfinished, path)
    finally:
        for file, unfinished in made:
            with contextlib.suppress(OSError):
                file.close()
            unfinished.unlink(missing_ok=True)


def _check_place(path: Path, beginning: bytes) -> None:
    try:
        is_file = stat.S_ISREG(path.lstat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return
    if is_file:
        with path.open("rb") as file:
            is_file = file.read(len(beginning)) in (b"", beginning)
    if not is_file:
        raise Fault(
            f"{path} is no earlier export: nothing else is written over. Move it away, or name another place. "
            f"Nothing was written.",
            CANNOT_OPEN,
        )


@contextmanager
def written_stream(stream: TextIO) -> Iterator[Sequence[TextIO]]:
    """A file whose text goes to a stream at the end, when nothing went wrong."""
    with tempfile.TemporaryFile("w+", encoding="utf-8", newline="") as file:
        yield (file,)
        file.seek(0)
        while text := file.read(1 << 16):
            stream.write(text)


@contextmanager
def _disk(folder: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise Fault(f"{error.filename or folder} is not there. Nothing was written.", CANNOT_OPEN) from None
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise Fault(f"{folder} cannot be written to: {reason}. Nothing was written.", DISK) from None
