"""Anchors: what the journals and the audit of a desk came to at an instant, as a text that leaves the house.

A chain is entered by its name, by how many entries it had and by the seal on the last of them, which covers all
before it. Millions of them fit into a few thousand lines: each chain falls into one slot of every grid, and a slot
keeps one digest of all that fell into it. A chain that is another later on is the one all of whose slots differ.
"""

import hashlib
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from models.rules.errors import RuleError

FORMAT: Final = 1
JOURNALS: Final = (499, 503, 509, 521)
"""How many slots each grid has for the journals of cards: numbers without a common divisor."""
AUDIT: Final = (197, 199, 211, 223)
"""The same for the chains of the audit."""
CODES: Final = (101, 103, 107, 109)
"""And for the codes of cards, which are no chains: they never change."""
_DIGEST_BYTES: Final = 16
_TITLE: Final = "giftdesk anchor"
_ADVICE: Final = "# Keep this where nobody can change it who can change the desk."


class BadAnchor(RuleError):
    """What was given as an anchor is none, or not as it was written."""


@dataclass(frozen=True, slots=True)
class Slot:
    """What fell into one slot of a grid."""

    digest: str
    chains: int = 0
    """Counted in the first grid only."""
    entries: int = 0
    """The same, of all these chains."""


Grid = Mapping[int, Slot]


@dataclass(frozen=True, slots=True)
class Heads:
    """What the chains of one kind came to."""

    chains: int
    entries: int
    grids: tuple[Grid, ...]
    """Slot -> what fell into it, where something did; one for each number of slots."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a desk held at an instant."""

    desk: str
    """By which the desk is known again, wherever it lies."""
    mark: str
    """By which the desk's audit knows this anchor."""
    taken_at: datetime
    """UTC, by the desk's clock: all that was recorded until then is covered."""
    migration: str
    """The newest that the desk had."""
    last_card: int
    """The highest record number of a card."""
    journals: Heads
    codes: Heads
    audit: Heads
    moment: Mapping[str, int] | None = None
    """Of the chains that have entries of the very instant, how far they are covered; None where all of it is.

    A sandbox needs it, whose clock may stand still.
    """


@dataclass(frozen=True, slots=True)
class SealedAnchor:
    """An anchor as it was read, with what proves that nobody changed it since."""

    anchor: Anchor
    key: str
    """The fingerprint of the key that sealed it."""
    seal: str
    body: bytes

    def is_sealed_by(self, mac: Callable[[bytes], bytes]) -> bool:
        """Whether the seal is that of a key, given as what makes MACs with it."""
        return mac(self.body).hex() == self.seal


def slots_of(name: str | int, sizes: Sequence[int]) -> tuple[int, ...]:
    """The slot of a chain in each grid: a card's by its record number, a chain of the audit's by its subject."""
    number = name if isinstance(name, int) else int.from_bytes(hashlib.sha256(name.encode()).digest()[:8])
    return tuple(number % size for size in sizes)


class Tally:
    """Enters chains, one after the other in the order of their names."""

    def __init__(self, sizes: Sequence[int]) -> None:
        """Begin with empty grids of so many slots."""
        self._sizes = sizes
        self._hashes: list[list[Any]] = [[None] * size for size in sizes]
        self._chains, self._entries = [0] * sizes[0], [0] * sizes[0]

    def add(self, name: str | int, entries: int, seal: bytes) -> None:
        """Enter a chain with so many entries and the seal on its last."""
        slots, entered = slots_of(name, self._sizes), f"{name} {entries} {seal.hex()}\n".encode()
        for hashes, slot in zip(self._hashes, slots, strict=True):
            if hashes[slot] is None:
                hashes[slot] = hashlib.sha256(entered)
            else:
                hashes[slot].update(entered)
        self._chains[slots[0]] += 1
        self._entries[slots[0]] += entries

    def heads(self) -> Heads:
        """What was entered came to."""
        grids = [{slot: Slot(_digest(each)) for slot, each in enumerate(hashes) if each} for hashes in self._hashes]
        counted = {slot: Slot(each.digest, self._chains[slot], self._entries[slot]) for slot, each in grids[0].items()}
        return Heads(sum(self._chains), sum(self._entries), (counted, *grids[1:]))


def _digest(hashed: Any) -> str:
    return urlsafe_b64encode(hashed.digest()[:_DIGEST_BYTES]).decode().rstrip("=")


def write(anchor: Anchor, key: str, mac: Callable[[bytes], bytes]) -> str:
    """An anchor as text, sealed with a key: its fingerprint, and what makes MACs with it."""
    body = "".join(f"{line}\n" for line in (*_header(anchor, key), *_sections(anchor)))
    return f"{body}seal {mac(body.encode()).hex()}\n"


def _header(anchor: Anchor, key: str) -> Iterator[str]:
    yield f"{_TITLE} {FORMAT}"
    yield _ADVICE
    yield f"desk {anchor.desk}"
    yield f"mark {anchor.mark}"
    yield f"taken {anchor.taken_at.astimezone(UTC).isoformat(timespec='microseconds').replace('+00:00', 'Z')}"
    yield f"migration {anchor.migration}"
    yield f"key {key}"
    yield f"card {anchor.last_card}"


def _sections(anchor: Anchor) -> Iterator[str]:
    if anchor.moment is not None:
        yield f"moment {len(anchor.moment)}"
        yield from (f"{number} {name}" for name, number in anchor.moment.items())
    kinds = (("journals", JOURNALS, anchor.journals), ("codes", CODES, anchor.codes), ("audit", AUDIT, anchor.audit))
    for name, sizes, heads in kinds:
        yield f"{name} {heads.chains} {heads.entries}"
        for place, (size, grid) in enumerate(zip(sizes, heads.grids, strict=True)):
            yield f"by {size}"
            for slot, each in sorted(grid.items()):
                counts = "" if place else f"{each.chains} {each.entries} "
                yield f"{slot} {counts}{each.digest}"


_BEGIN: Final = re.compile(rf"^{_TITLE} \d+$", re.MULTILINE)
_WHOLE: Final = re.compile(rf"^{_TITLE} (\d+)$.*?^seal ([0-9a-f]{{64}})$", re.DOTALL | re.MULTILINE)
_SLOT: Final = re.compile(r"(\d+) (?:(\d+) (\d+) )?([A-Za-z0-9_-]{22})")


def read(text: str) -> tuple[SealedAnchor, ...]:
    """All anchors in a text, such as an e-mail; one at least. Raises BadAnchor; whose seals they bear is not asked."""
    text = "\n".join(line.rstrip() for line in text.splitlines())
    wholes = list(_WHOLE.finditer(text))
    if not wholes or len(wholes) < len(_BEGIN.findall(text)):
        raise BadAnchor("it holds no anchor, or not all of one")
    return tuple(map(_read, wholes))


def _read(found: re.Match[str]) -> SealedAnchor:
    if int(found[1]) != FORMAT:
        raise BadAnchor(f"its format is {found[1]}, which this giftdesk does not know")
    body = found[0][: found.start(2) - found.start() - len("seal ")]
    try:
        anchor, key = _anchor(body.splitlines())
    except (ValueError, IndexError):
        raise BadAnchor("it is not as it was written") from None
    return SealedAnchor(anchor, key, found[2], body.encode())


_FACTS: Final = ("desk", "mark", "taken", "migration", "key", "card")


def _anchor(lines: Sequence[str]) -> tuple[Anchor, str]:
    facts, sections = lines[2 : 2 + len(_FACTS)], lines[2 + len(_FACTS) :]
    desk, mark, taken, migration, key, last_card = map(_value, facts, _FACTS)
    first, second, third = (_begin(sections, name) for name in ("journals ", "codes ", "audit "))
    journals = _heads(sections[first:second], "journals", JOURNALS)
    codes = _heads(sections[second:third], "codes", CODES)
    audit = _heads(sections[third:], "audit", AUDIT)
    known = (desk, mark, datetime.fromisoformat(taken), migration, int(last_card))
    return Anchor(*known, journals, codes, audit, _moment(sections[:first])), key


def _begin(lines: Sequence[str], name: str) -> int:
    return next((place for place, line in enumerate(lines) if line.startswith(name)), len(lines))


def _moment(lines: Sequence[str]) -> Mapping[str, int] | None:
    if not lines:
        return None
    _value(lines[0], "moment")
    told = (line.partition(" ") for line in lines[1:])
    return {name: int(number) for number, _, name in told}


def _value(line: str, name: str) -> str:
    given, _, value = line.partition(" ")
    if given != name or not value:
        raise ValueError
    return value


def _heads(lines: Sequence[str], name: str, sizes: Sequence[int]) -> Heads:
    chains, entries = _value(lines[0], name).split()
    begins = [place for place, line in enumerate(lines) if line.startswith("by ")]
    if [lines[place] for place in begins] != [f"by {size}" for size in sizes]:
        raise ValueError
    ends = (*begins[1:], len(lines))
    grids = [dict(map(_slot, lines[begin + 1 : end])) for begin, end in zip(begins, ends, strict=True)]
    return Heads(int(chains), int(entries), tuple(grids))


def _slot(line: str) -> tuple[int, Slot]:
    found = _SLOT.fullmatch(line)
    if found is None:
        raise ValueError
    return int(found[1]), Slot(found[4], int(found[2] or 0), int(found[3] or 0))
