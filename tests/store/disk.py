"""A disk that loses its power: what was only written may be there or not, sector by sector; what was synced is."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

_SECTOR = 512


@dataclass
class File:
    """What of a file is safe on the disk, and what was asked of it since."""

    kept: bytearray = field(default_factory=bytearray)
    asked: list[tuple[int, bytes | None]] = field(default_factory=list)
    """Where something was written, and what; or how long the file was made, and None."""

    def sync(self) -> None:
        """All that was asked is safe."""
        for at, content in self.asked:
            _write(self.kept, at, content, bytes)
        self.asked.clear()

    def left(self, dice: random.Random) -> bytes:
        """What a cut may leave: of each sector any of its states since the last sync, each by itself."""
        left, share = bytearray(self.kept), dice.choice((0.0, dice.random(), dice.random(), 1.0))
        unwritten = dice.choice((bytes, dice.randbytes))
        too_late: set[int] = set()
        for at, content in self.asked:
            if content is None:
                if dice.random() < share:
                    _write(left, at, None, unwritten)
                continue
            for first, last in _sectors(at, len(content)):
                if dice.random() >= share:
                    too_late.add(first // _SECTOR)
                if first // _SECTOR not in too_late:
                    _write(left, first, content[first - at : last - at], unwritten)
        return bytes(left)


def _sectors(at: int, length: int) -> list[tuple[int, int]]:
    """The parts of a range that each lie in one sector, by their begin and end."""
    edges = [at, *range((at // _SECTOR + 1) * _SECTOR, at + length, _SECTOR), at + length]
    return list(pairwise(edges))


def _write(file: bytearray, at: int, content: bytes | None, unwritten: Callable[[int], bytes]) -> None:
    if content is None:
        del file[at:]
        file.extend(bytes(at - len(file)))
    else:
        file.extend(unwritten(max(0, at - len(file))))
        file[at : at + len(content)] = content


class Disk:
    """A folder of files, as programs see it and as a cut may leave it."""

    def __init__(self, files: dict[str, bytes]) -> None:
        """Begin with some files, all of them safe."""
        self._seen = {name: File(bytearray(content)) for name, content in files.items()}
        self._kept = dict(self._seen)
        self._asked: list[tuple[str, File | None]] = []
        self.acknowledged = 0
        """How many changes somebody was told are done."""

    def make(self, name: str) -> None:
        """Make a file, if there is none of that name."""
        if name not in self._seen:
            self._seen[name] = File()
            self._asked.append((name, self._seen[name]))

    def write(self, name: str, at: int, content: bytes) -> None:
        """Write something into a file."""
        self._seen[name].asked.append((at, content))

    def cut_to(self, name: str, length: int) -> None:
        """Make a file that long."""
        self._seen[name].asked.append((length, None))

    def sync(self, name: str) -> None:
        """Wait until what is in a file is safe; that it is there at all may not be."""
        self._seen[name].sync()

    def remove(self, name: str) -> None:
        """Remove a file."""
        del self._seen[name]
        self._asked.append((name, None))

    def sync_folder(self) -> None:
        """Wait until it is safe which files there are."""
        self._kept = dict(self._seen)
        self._asked.clear()

    def acknowledge(self) -> None:
        """Tell somebody that a change is done."""
        self.acknowledged += 1

    def left(self, dice: random.Random) -> dict[str, bytes]:
        """The files that a power cut at this instant may leave, by name. Files come and go in the order asked for."""
        kept = dict(self._kept)
        for name, file in self._asked[: dice.randint(0, len(self._asked))]:
            if file is None:
                kept.pop(name, None)
            else:
                kept[name] = file
        return {name: file.left(dice) for name, file in kept.items()}
