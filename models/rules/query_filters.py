"""What can be typed to find a card, declared once: the hints, the help and the README's table come from here."""

import textwrap
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from models.rules.status import Status

STATUSES: Final = tuple(status.value for status in Status)
_LEAST_LIKENESS: Final = 0.8
_SHORTEST_TO_LIKEN: Final = 4
_GAP: Final = "  "


@dataclass(frozen=True, slots=True)
class Filter:
    """A word with a colon that says what the next one is about."""

    name: str
    takes: str
    """What follows the colon, in words."""
    examples: tuple[str, ...]
    """How it is typed."""
    finds: str
    """Which cards it finds: what the table of the README says."""

    @property
    def help(self) -> str:
        """What it takes, in one line."""
        return f"{self.name}: {self.takes}, e.g. {self.typed}"

    @property
    def typed(self) -> str:
        """How it is typed, as a sentence says it."""
        return " or ".join(filter(None, (", ".join(self.examples[:-1]), self.examples[-1])))


PLACE: Final = Filter("place", "where it was bought", ("place:Leeds", 'place:"Web shop"'), "bought or topped up there")
ON: Final = Filter(
    "on",
    "a day, a month or a span",
    ("on:2026-05-21", "on:May 2026", "on:last week"),
    "bought or topped up then; also `last week`, `this month`, `last year`, `today`, `yesterday`, `monday`, `may`, "
    "`2026`, and from one to another: `2026-05..2026-06`. Weeks begin on Monday",
)
STATUS: Final = Filter(
    "status",
    f"{', '.join(STATUSES[:-1])} or {STATUSES[-1]}",
    ("status:exp",),
    "in that status; the beginning of the word is enough",
)
PRODUCT: Final = Filter(
    "product", "its short name, or a part of its name", ("product:classic",), "sold as that product"
)
ORDER: Final = Filter("order", "its number", ("order:10482",), "of that order; also `order 10482`")
NAME: Final = Filter(
    "name", "a part of a name", ("name:vip",), 'whose people are called so, whatever it means here; also `"vip"`'
)
FILTERS: Final = (PLACE, ON, STATUS, PRODUCT, ORDER, NAME)
VIP: Final = Filter("vip", "nothing", ("vip",), "whose holder's organisation is a VIP")
"""Stands alone: a word with a meaning of its own."""

_BY_NAME: Final = {each.name: each for each in FILTERS}
_LONG_NAMES: Final = [name for name in _BY_NAME if len(name) >= _SHORTEST_TO_LIKEN]

_WAYS: Final = (
    ("`7Q4M 9KXR 3HTC V8PN`", "the card with this code, in any spelling; it is opened at once"),
    ("`7Q4M 9K?R 3HTC V8?N`", "the same, where a `?` stands for a character that can't be read: two at most"),
    ("`v8pn`", "whose code ends so: its last four"),
    ("`ada`, `lovelace ada`", "whose purchaser, recipient or holder has these parts in their name, in any order"),
    ('`"ada lovelace"`', "the same, one after the other as they stand"),
    ("`ada@northwind.example`, `@northwind`", "by an e-mail address, or a part of it"),
    ("`10482`", "of that order"),
)


def filter_named(name: str) -> Filter | None:
    """The filter of that name in any case, or None."""
    return _BY_NAME.get(name.lower())


def likest_name(name: str) -> str | None:
    """The name of the filter that somebody may have meant by another name; None when none is close."""
    close = get_close_matches(name.lower(), _LONG_NAMES, 1, _LEAST_LIKENESS)
    return close[0] if close else None


def beginnings() -> tuple[str, ...]:
    """What the words with a meaning of their own begin with: what a shell can complete."""
    return (*(f"{each.name}:" for each in FILTERS), VIP.name)


def rows() -> tuple[tuple[str, str], ...]:
    """All that can be typed, and which cards it finds, in plain text."""
    return tuple((typed.replace("`", ""), finds.replace("`", "")) for typed, finds in _marked())


def _marked() -> tuple[tuple[str, str], ...]:
    filters = ((", ".join(f"`{example}`" for example in each.examples[:2]), each.finds) for each in (*FILTERS, VIP))
    return (*_WAYS, *filters)


def markdown_table() -> str:
    """What can be typed, as the README shows it."""
    lines = [f"| {typed} | {finds} |" for typed, finds in _marked()]
    return "\n".join(["| Type | To find the cards |", "| --- | --- |", *lines])


def plain_table(width: int) -> str:
    """What can be typed, in lines of so many characters at most."""
    room = max(len(typed) for typed, _ in rows()) + len(_GAP)
    lines = [
        f"{typed if not line else '':<{room}}{part}"
        for typed, finds in rows()
        for line, part in enumerate(textwrap.wrap(finds, width - room - len(_GAP)))
    ]
    return "\n".join(["what can be typed to find the cards:", *(f"{_GAP}{each}" for each in lines)])
