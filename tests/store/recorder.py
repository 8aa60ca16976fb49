"""Listens to what the shipped engine itself asks of the disk: its own calls for files are written down as they pass."""

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p, cast, string_at
from pathlib import Path
from typing import Any

from cysqlite import _cysqlite

_MAIN_FILES = 0x00000100 | 0x00000800 | 0x00080000
"""The engine's marks of a database, of its journal and of its log; what else it opens is gone with the process."""
_OK = 0

_OPEN = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)
_DELETE = CFUNCTYPE(c_int, c_void_p, c_char_p, c_int)
_WRITE = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
_TRUNCATE = CFUNCTYPE(c_int, c_void_p, c_int64)
_SYNC = CFUNCTYPE(c_int, c_void_p, c_int)
_OPEN_FOLDER = CFUNCTYPE(c_int, c_char_p, c_void_p)
_GET_CALL = CFUNCTYPE(c_void_p, c_void_p, c_char_p)
_SET_CALL = CFUNCTYPE(c_int, c_void_p, c_char_p, c_void_p)


class _System(Structure):
    """The engine's way to the operating system: `sqlite3_vfs`."""

    _fields_ = [
        ("version", c_int),
        ("file_size", c_int),
        ("longest_name", c_int),
        *((name, c_void_p) for name in ("next", "name", "own", "open", "delete", "access", "full_name")),
        *((f"library_{number}", c_void_p) for number in range(4)),
        *((name, c_void_p) for name in ("random", "sleep", "time", "error", "time_in_full", "set_call", "get_call")),
    ]


class _Ways(Structure):
    """What can be done with an open file: `sqlite3_io_methods`."""

    _fields_ = [
        ("version", c_int),
        *((name, c_void_p) for name in ("close", "read", "write", "truncate", "sync", "size")),
        *((f"other_{number}", c_void_p) for number in range(12)),
    ]


class _OpenFile(Structure):
    _fields_ = [("ways", POINTER(_Ways))]


class Recording:
    """All that the engine asked of the files in a folder, in order."""

    def __init__(self, folder: Path) -> None:
        """Begin with the files that are there; nobody has one open."""
        self.files = {file.name: file.read_bytes() for file in folder.iterdir()}
        self.events: list[tuple[Any, ...]] = []
        """Each by the name of the disk's method, and its arguments."""
        self.folder = folder
        self._names: dict[int, str] = {}
        self._syncs_of_folder = 0
        self._kept_alive: list[Any] = []

    def note(self, event: str, *arguments: Any) -> None:
        """Write down what happened."""
        self.events.append((event, *arguments))

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Write down what this process asks by any connection that is opened meanwhile."""
        engine = ctypes.CDLL(_cysqlite.__file__)
        engine.sqlite3_vfs_find.restype = POINTER(_System)
        system = engine.sqlite3_vfs_find(None).contents
        before = system.open, system.delete
        opened, deleted = self._opening(_OPEN(before[0])), self._deleting(_DELETE(before[1]))
        system.open, system.delete = _address(opened), _address(deleted)
        get_call, set_call = _GET_CALL(system.get_call), _SET_CALL(system.set_call)
        open_folder = get_call(ctypes.byref(system), b"openDirectory")
        listened = self._opening_folder(_OPEN_FOLDER(open_folder))
        set_call(ctypes.byref(system), b"openDirectory", _address(listened))
        self._kept_alive += [opened, deleted, listened]
        try:
            yield
        finally:
            system.open, system.delete = before
            set_call(ctypes.byref(system), b"openDirectory", open_folder)

    def _opening(self, open_: Any) -> Any:
        def open_listened(system: int, name: int | None, file: int, flags: int, told: int) -> int:
            path = Path(os.fsdecode(string_at(name))) if name else Path()
            is_ours = path.parent == self.folder and bool(flags & _MAIN_FILES)
            if is_ours and not path.exists():
                self.note("make", path.name)
            answer: int = open_(system, name, file, flags, told)
            if is_ours and answer == _OK:
                self._names[file] = path.name
                self._listen_to(cast(file, POINTER(_OpenFile)).contents)
            return answer

        return _OPEN(open_listened)

    def _listen_to(self, file: _OpenFile) -> None:
        """Give an open file other ways: they write down what is asked, and hand it on."""
        ways = _Ways.from_buffer_copy(file.ways.contents)
        write, truncate, sync = _WRITE(ways.write), _TRUNCATE(ways.truncate), _SYNC(ways.sync)

        def written(file: int, content: int, length: int, at: int) -> int:
            self.note("write", self._names[file], at, string_at(content, length))
            return int(write(file, content, length, at))

        def truncated(file: int, length: int) -> int:
            self.note("cut_to", self._names[file], length)
            return int(truncate(file, length))

        def synced(file: int, how: int) -> int:
            with self._folder_synced():
                answer = int(sync(file, how))
                self.note("sync", self._names[file])
            return answer

        listened = _WRITE(written), _TRUNCATE(truncated), _SYNC(synced)
        ways.write, ways.truncate, ways.sync = (_address(way) for way in listened)
        self._kept_alive += [ways, *listened]
        file.ways = ctypes.pointer(ways)

    def _deleting(self, delete: Any) -> Any:
        def delete_listened(system: int, name: bytes, is_synced: int) -> int:
            path = Path(os.fsdecode(name))
            is_ours = path.parent == self.folder and path.exists()
            with self._folder_synced():
                if is_ours:
                    self.note("remove", path.name)
                return int(delete(system, name, is_synced))

        return _DELETE(delete_listened)

    def _opening_folder(self, open_folder: Any) -> Any:
        # The engine opens a folder for no other reason than to sync it.
        def open_folder_listened(name: bytes, told: int) -> int:
            self._syncs_of_folder += 1
            return int(open_folder(name, told))

        return _OPEN_FOLDER(open_folder_listened)

    @contextmanager
    def _folder_synced(self) -> Iterator[None]:
        """Write down, after what the engine does within, whether it synced the folder as well."""
        before = self._syncs_of_folder
        yield
        if self._syncs_of_folder > before:
            self.note("sync_folder")


def _address(function: Any) -> int | None:
    return cast(function, c_void_p).value
