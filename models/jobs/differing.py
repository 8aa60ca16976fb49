"""Which chains are not as an anchor knew them, each by its name, and what became of it."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Final

from models.cards import look_at_cards
from models.heads import Cut, Head, audit_heads, code_heads, journal_heads
from models.jobs.anchoring import heads_of
from models.jobs.verify import Finding
from models.rules.anchors import AUDIT, CODES, JOURNALS, Anchor, Heads, Slot, slots_of
from models.rules.wording import plural
from models.store import Store

_MOST: Final = 100
_NOTHING: Final = Slot("")
_ALONE: Final = ("policy", "desk", "export", "people", "watch")
"""Subjects of the audit without a number."""
_NUMBERED: Final = (
    *("agent", "approval", "card", "case", "credential", "customer", "escalation", "import", "letter", "organisation"),
    "product",
)
"""Subjects with one."""
_FEWEST_GUESSES: Final = 1_000


@dataclass(frozen=True, slots=True)
class Kind:
    """What chains of one kind are called, and how they are read."""

    all: str
    chain: str
    entry: str
    entries: str
    sizes: tuple[int, ...]
    """How many slots the grids of an anchor have for them."""
    anchored: Heads
    read: Callable[[], Iterator[Head]]
    """Begins to read where they ended at the anchor's instant."""
    named: Callable[[Any], str]
    """How findings call one."""
    missing: Callable[[set[Any]], Iterator[Any]]
    """Names that a chain may have had, but for those that chains have."""
    changed: str | None = None
    """What is told of any that changed, where no more can be told."""


def journals(store: Store, anchor: Anchor, cut: Cut) -> Kind:
    """The journals of cards as an anchor knew them, and what of them was recorded until then."""

    def read() -> Iterator[Head]:
        # Cards that came later may have come with a history of their own.
        return takewhile(lambda head: head.name <= anchor.last_card, journal_heads(store.database, cut))

    words = ("the journals", "its journal", "activity", "activities")
    return Kind(*words, JOURNALS, anchor.journals, read, _card, _other_cards(anchor))


def codes(store: Store, anchor: Anchor) -> Kind:
    """The codes of cards, likewise: they never change."""

    def read() -> Iterator[Head]:
        return code_heads(store.database, anchor.last_card)

    words = ("the codes", "its code", "code", "codes")
    changed = "other codes lead to it than"
    return Kind(*words, CODES, anchor.codes, read, _card, _other_cards(anchor), changed)


def _other_cards(anchor: Anchor) -> Callable[[set[int]], Iterator[int]]:
    return lambda there: (card_id for card_id in range(1, anchor.last_card + 1) if card_id not in there)


def _card(card_id: int) -> str:
    cards = look_at_cards([card_id])
    return f"card {card_id} (…{cards[0].last_four})" if cards else f"card {card_id}"


def audit(store: Store, anchor: Anchor, cut: Cut) -> Kind:
    """The chains of the audit, likewise."""

    def read() -> Iterator[Head]:
        return audit_heads(store.database, cut)

    return Kind("the audit", "its chain", "row", "rows", AUDIT, anchor.audit, read, "audit of {}".format, _untold)


def _untold(there: set[str]) -> Iterator[str]:
    """Subjects of the audit that are not there, as far as those that are let guess at them."""
    yield from (name for name in _ALONE if name not in there)
    highest = dict.fromkeys(_NUMBERED, _FEWEST_GUESSES)
    for kind, _, number in (name.partition(":") for name in there):
        if number.isdecimal():
            highest[kind] = max(highest.get(kind, 0), int(number))
    for kind, most in highest.items():
        yield from (f"{kind}:{number}" for number in range(1, most + 2) if f"{kind}:{number}" not in there)


def differences(kind: Kind, when: str) -> Iterator[Finding]:
    """The chains that are not as an anchor knew them, each with what became of it."""
    present = heads_of(kind.read(), kind.sizes)
    odd = [
        {slot for slot in {*was, *is_} if was.get(slot, _NOTHING).digest != is_.get(slot, _NOTHING).digest}
        for was, is_ in zip(kind.anchored.grids, present.grids, strict=True)
    ]
    if not odd[0]:
        return
    found = _suspects(kind, present, odd)
    if not found or len(found) > _MOST:
        least, knew = max(map(len, odd)), f"the anchor of {when} knew"
        yield Finding(
            kind.all,
            f"{plural(least, 'chain')} at least {'is' if least == 1 else 'are'} not what {knew}; it knew "
            f"{_counted(kind, kind.anchored.entries)}, and of then there are {present.entries:,}",
        )
        return
    by_slot = defaultdict(list)
    for head in found:
        by_slot[slots_of(head.name, kind.sizes)[0]].append(head)
    for slot, heads in sorted(by_slot.items()):
        was, is_ = (grid.get(slot, _NOTHING) for grid in (kind.anchored.grids[0], present.grids[0]))
        for head in heads:
            what = _what_became(kind, head, was, is_, when) if len(heads) == 1 else _perhaps(len(heads), when)
            yield Finding(kind.named(head.name), what)


def _suspects(kind: Kind, present: Heads, odd: Sequence[set[int]]) -> list[Head]:
    """The chains all of whose slots differ, and names of such that are not there, where chains are missing."""
    was, is_ = kind.anchored.grids[0], present.grids[0]
    lost = {slot for slot in odd[0] if was.get(slot, _NOTHING).chains > is_.get(slot, _NOTHING).chains}

    def is_suspect(name: Any, among: Sequence[set[int]] = odd) -> bool:
        return all(slot in slots for slot, slots in zip(slots_of(name, kind.sizes), among, strict=True))

    found, there = [], set()
    for head in kind.read():
        there.add(head.name)
        if is_suspect(head.name, odd if head.entries else [lost, *odd[1:]]):
            found.append(head)
        if len(found) > _MOST:
            return found
    if lost:
        found += [Head(name, 0, b"", 0) for name in kind.missing(there) if is_suspect(name, [lost, *odd[1:]])]
    return found


def _what_became(kind: Kind, head: Head, was: Slot, is_: Slot, when: str) -> str:
    """What became of a chain, from what its slot held, where no other was changed."""
    if kind.changed is not None:
        return f"{kind.changed} the anchor of {when} knew"
    chains, entries = was.chains - is_.chains, was.entries - is_.entries
    knew = head.entries + entries
    if not head.entries:
        known = f"the anchor of {when} knew {_counted(kind, entries)} of it"
        return f"{kind.chain} begins later, and {known}" if head.number else f"it is missing: {known}"
    if chains > 0:
        return _perhaps(2, when)
    if chains:
        return f"the anchor of {when} did not know it: it was put in later and dated back"
    if entries < 0:
        return (
            f"{_counted(kind, -entries)} {'is' if entries == -1 else 'are'} dated before the anchor of {when}, which "
            f"knew {knew}: put in later"
        )
    if not entries:
        return f"{kind.chain} was rewritten: up to {kind.entry} {knew} it is not what the anchor of {when} knew"
    if head.number > head.entries:
        had = f"{kind.chain} had {_counted(kind, knew)} when the anchor of {when} was taken"
        return f"{had}, and of then there {'is' if head.entries == 1 else 'are'} {head.entries:,}"
    return f"{kind.chain} ends before {kind.entry} {head.entries + 1}, which the anchor of {when} knew"


def _counted(kind: Kind, count: int) -> str:
    return f"1 {kind.entry}" if count == 1 else f"{count:,} {kind.entries}"


def _perhaps(count: int, when: str) -> str:
    return f"it, or another of {count}, is not what the anchor of {when} knew"
