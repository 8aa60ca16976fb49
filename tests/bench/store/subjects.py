"""What is looked for: cards of a sample, drawn by a fixed seed, and what their customers make of code and name."""

import os
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bench.store.engines import Engine

from models.clock import from_microseconds
from models.rules.codes import ALPHABET, LOOK_ALIKES

_CARD = """
    SELECT g.last_four, c.name, c.email, a.order_ref, a.place, a.effective_at FROM gift_card g
    JOIN activity a ON a.card_id = g.id AND a.number = 1
    LEFT JOIN customer c ON c.id = COALESCE(g.registered_id, g.recipient_id, g.purchaser_id) WHERE g.id = ?
"""


@dataclass(frozen=True, slots=True)
class Subject:
    """A card as its customer could tell of it."""

    card_id: int
    code: str
    last_four: str
    name: str | None
    email: str | None
    order_ref: str | None
    place: str | None
    bought_on: date

    @property
    def words(self) -> list[str]:
        """The words of the name."""
        return (self.name or "").split()


def draw(engine: Engine, codes: Path, count: int) -> list[Subject]:
    """Different cards of a sample, whose codes lie in a file as giftdesk keeps them; fewer where it has fewer."""
    found = []
    for code, card_id in _lines(codes, count):
        last_four, name, email, order_ref, place, bought_at = engine.rows(_CARD, card_id)[0]
        bought_on = from_microseconds(bought_at).date()
        found.append(Subject(card_id, code, last_four, name, email, order_ref, place, bought_on))
    return found


def _lines(codes: Path, count: int) -> Iterator[tuple[str, int]]:
    """Some lines of a long file, without reading all of it."""
    chance, size, seen = random.Random(1), os.path.getsize(codes), set[bytes]()
    with codes.open("rb") as lines:
        for _ in range(count * 20):
            lines.seek(chance.randrange(size))
            lines.readline()
            line = lines.readline().strip()
            if line and line not in seen and len(seen) < count:
                seen.add(line)
                code, _, record = line.decode("ascii").partition(",")
                yield code, int(record)


def fitting(subjects: Sequence[Subject], fits: Callable[[Subject], object], count: int) -> list[Subject]:
    """The first of them that fit."""
    return [subject for subject in subjects if fits(subject)][:count]


def has_plain_name(subject: Subject) -> bool:
    """Whether the name has a given and a family name with room for a slip, in letters of this country's keyboards."""
    return (
        len(subject.words) == 2
        and all(word.isalpha() and word.isascii() for word in subject.words)
        and (len(subject.words[1]) >= 5)
    )


def one_wrong(code: str, chance: random.Random) -> str:
    """A code with one character taken for another."""
    place = chance.randrange(len(code))
    return code[:place] + chance.choice([letter for letter in ALPHABET if letter != code[place]]) + code[place + 1 :]


def looked_alike(code: str) -> str:
    """A code whose characters are all read as those that they are taken for."""
    alike = {letter: group[group.index(letter) - 1] for group in LOOK_ALIKES for letter in group}
    return "".join(alike.get(letter, letter) for letter in code)


def unreadable(code: str, count: int, chance: random.Random) -> str:
    """A code of which some characters can't be read."""
    places = set(chance.sample(range(len(code)), count))
    return "".join("?" if place in places else letter for place, letter in enumerate(code))


def mistyped(word: str, chance: random.Random) -> str:
    """A word with two of its letters swapped, but not the first."""
    swappable = [place for place in range(1, len(word) - 1) if word[place] != word[place + 1]]
    place = chance.choice(swappable)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
