"""A list that is written once and read in order: the first few items in memory, a long one in a file without a name."""

import pickle
import tempfile
from collections.abc import Callable, Iterator
from typing import Any, Final, Generic, TypeVar

T = TypeVar("T")

CHUNK: Final = 500


class Spool(Generic[T]):
    """Items in the order in which they were added. The file has no name, so nothing of it outlives the process."""

    def __init__(self, pack: Callable[[T], tuple[Any, ...]], unpack: Callable[..., T]) -> None:
        """Begin with nothing. Items lie in the file as plain tuples, which cost less to write and read."""
        self._pack = pack
        self._unpack = unpack
        self._count = 0
        self._open: list[T] = []
        self._file: Any = None
        self._watch: Callable[[list[T]], object] = len

    def watch(self, watch: Callable[[list[T]], object]) -> None:
        """Show the items that are added from here on to somebody, some hundreds at a time, before they are put away."""
        self._watch = watch

    def close(self) -> None:
        """Nothing more will be added: show the last ones."""
        self._watch(self._open)

    def __len__(self) -> int:
        """How many items there are."""
        return self._count

    def add(self, item: T) -> None:
        """Put an item behind the others."""
        if len(self._open) == CHUNK:
            self._put_away()
        self._open.append(item)
        self._count += 1

    def _put_away(self) -> None:
        self._watch(self._open)
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it is as long-lived as the list
        pickle.dump([self._pack(item) for item in self._open], self._file, pickle.HIGHEST_PROTOCOL)
        self._open = []

    def chunks(self) -> Iterator[list[T]]:
        """All items, some hundreds at a time. What was read is in nobody's hand but the caller's."""
        if self._file is not None:
            end = self._file.tell()
            self._file.seek(0)
            while self._file.tell() < end:
                yield [self._unpack(*packed) for packed in pickle.load(self._file)]
        if self._open:
            yield self._open

    def __iter__(self) -> Iterator[T]:
        """All items, one by one."""
        for chunk in self.chunks():
            yield from chunk
