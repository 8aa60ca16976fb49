"""What people are found by: the texts that a name and an address come to, and what a typed word looks for in them.

A text is spelt in ASCII, for there are servers that index no other letters. It is made of words with two blanks before
and after each, so that a pattern can ask for the beginning of a word or for a whole one as well as for a part, and has
the three letters by which it is looked up even when it is an initial.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from models.rules.texts import email_key, search_key

GAP: Final = "  "
"""What stands before and after each word of a text."""
SHORTEST_PART: Final = 3
"""The fewest letters that are looked for within words; fewer begin one."""
SHORTEST_FOR_SLIPS: Final = 4
"""The fewest letters of a word in which a slip of the fingers is forgiven."""
LONGEST_WORD: Final = 64
"""No word is asked for by more than its first so many letters."""

# Letters with a stroke or joined to another, which no decomposition takes apart and few keyboards have.
_PLAIN: Final = {
    0x0142: "l",
    0x00F8: "o",
    0x0131: "i",
    0x0111: "d",
    0x00F0: "d",
    0x00FE: "th",
    0x00E6: "ae",
    0x0153: "oe",
    0x0127: "h",
    0x0167: "t",
    0x014B: "n",
}
_SIGNS: Final = re.compile("[^0-9A-Za-z]+")
_APOSTROPHES: Final = re.compile(r"['`\u00b4\u02bb\u02bc\u2018\u2019\u2032\uff07]")
# Han, Kana and Hangul are written without blanks: every character is a word.
_UNSPACED: Final = re.compile(
    r"([\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff])"
)

_WITHOUT_DIGITS: Final = str.maketrans("0123456789", " " * 10)
_NUMBER: Final = re.compile("=([0-9a-f]{5})")


def _letters(first: int, last: int) -> str:
    return "".join(chr(code) for code in range(first, last + 1))


_LATIN: Final = _letters(ord("a"), ord("z"))
# Of Greek, Cyrillic, Hebrew and Arabic what is typed in their languages today.
_SCRIPTS: Final = (
    _LATIN,
    _letters(0x03B1, 0x03C9),
    _letters(0x0430, 0x045F) + chr(0x0491),
    _letters(0x05D0, 0x05EA),
    _letters(0x0621, 0x063A) + _letters(0x0641, 0x064A),
)


@lru_cache(maxsize=4096)
def _folded(key: str) -> str:
    """A key with strokes and ligatures left aside; syllables that a key takes apart are whole again."""
    return key if key.isascii() else unicodedata.normalize("NFC", key.translate(_PLAIN))


def _is_of_a_word(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNM"


@lru_cache(maxsize=4096)
def _words(key: str) -> tuple[str, ...]:
    """The words of a text as it is compared: runs of letters and digits; what an apostrophe parts is one."""
    joined = _APOSTROPHES.sub("", _folded(key))
    if joined.isascii():
        return tuple(_SIGNS.sub(" ", joined).split())
    joined = _UNSPACED.sub(r" \1 ", joined)
    return tuple("".join(each if _is_of_a_word(each) else " " for each in joined).split())


def _spaced(words: tuple[str, ...]) -> str:
    return _spelt(f"{GAP}{GAP.join(words)}{GAP}")


def _spelt(text: str) -> str:
    """A text in ASCII: of any other letter its number, the digits that tell most in front."""
    return text if text.isascii() else "".join(each if each.isascii() else _number(each) for each in text)


@lru_cache(maxsize=4096)
def _number(letter: str) -> str:
    return f"={f'{ord(letter):05x}'[::-1]}"


def _read(text: str) -> str:
    """A text as it was before it was spelt in ASCII."""
    return _NUMBER.sub(lambda found: chr(int(found[1][::-1], 16)), text)


def texts_of(name_key: str | None, address_key: str | None) -> frozenset[str]:
    """The texts by which a person is found, of a name and an e-mail address as they are compared.

    They are the name, what stands before the `@` without its digits, which hardly two people share, and the domain.
    """
    texts = [_text(name_key)] if name_key else []
    if address_key:
        local, _, domain = address_key.rpartition("@")
        texts += [_text(_without_digits(local)), _text_of_domain(domain)]
    return frozenset(filter(None, texts))


def _text(key: str) -> str:
    """The text of a name, or of the front part of an address; empty when there are no words in it."""
    if key.isascii() and key.replace(" ", "").isalnum():
        return f"{GAP}{GAP.join(key.split())}{GAP}"
    words = _words(key)
    return _spaced(words) if words else ""


@lru_cache(maxsize=4096)
def _text_of_domain(domain: str) -> str:
    words = _of_domain(domain)
    return "" if words == ("@",) else _spaced(words)


def _of_domain(domain: str) -> tuple[str, ...]:
    """The words of a domain, marked as such."""
    first, *others = _words(search_key(domain)) or ("",)
    return (f"@{first}", *others)


def _without_digits(local: str) -> str:
    if local.isascii():
        return local.translate(_WITHOUT_DIGITS)
    return "".join(" " if each.isdigit() else each for each in local)


def words_in(text: str) -> tuple[str, ...]:
    """The words of such a text in which slips are forgiven."""
    if text.startswith(f"{GAP}@"):
        return ()
    return tuple(each for each in _read(text).split() if _may_have_a_slip(each))


def _may_have_a_slip(word: str) -> bool:
    return SHORTEST_FOR_SLIPS <= len(word) <= LONGEST_WORD and all(
        unicodedata.category(each)[0] in "LM" for each in word
    )


@dataclass(frozen=True, slots=True)
class Sought:
    """One thing that a typed word looks for: a part of a text of the person, or of their address as a whole."""

    pattern: str | None
    """For LIKE, without anything to escape: it must fit one text of the person."""
    address: str | None = None
    """The part of an e-mail address that fits as well, as addresses are compared."""
    leads: tuple[str, ...] = ()
    """Patterns that fit texts of everybody who has such an address, to look it up by."""
    typed: str | None = None
    """As it was typed, when it is one word in which a slip may be forgiven."""


def sought(typed: str) -> Sought | None:
    """What a typed word looks for, or several that belong together; of signs alone, nothing."""
    words = _words(search_key(typed))
    part = email_key(typed).strip(" <>,;\"'()[]")
    local, at, domain = part.rpartition("@")
    if not words:
        return None
    if at and not local:
        return Sought(_pattern(_of_domain(domain)))
    if at:
        return Sought(None, part, tuple(_leads(local, domain)))
    if any(each.isdigit() for each in part) and " " not in part:
        return Sought(_pattern(words), part, tuple(_leads(part, "")))
    return Sought(_pattern(words), typed=typed if len(words) == 1 and _may_have_a_slip(words[0]) else None)


def _leads(local: str, domain: str) -> Iterator[str]:
    """What is found in the texts of whoever has an address with such a part."""
    for run in _words(search_key(_without_digits(local))):
        if SHORTEST_PART <= len(run) <= LONGEST_WORD:
            yield _pattern((run,))
    if _words(search_key(domain)):
        yield _pattern(_of_domain(domain))


def _pattern(words: tuple[str, ...]) -> str:
    """The pattern of words that stand beside each other: of a part of the first and of the last, where they are not
    single letters and no characters that are words of their own."""
    text = GAP.join(words)[:LONGEST_WORD]
    begins = len(text) < SHORTEST_PART or words[0].startswith("@") or _UNSPACED.match(text)
    ends = _UNSPACED.fullmatch(text[-1])
    return f"%{GAP if begins else ''}{_spelt(text)}{GAP if ends else ''}%"


def can_be_a_name(typed: str) -> bool:
    """Whether a typed word is more than a letter or a number, which can stand beside one that is."""
    return (len(typed) > 1 or _UNSPACED.fullmatch(typed) is not None) and not typed.isdigit()


def looked_up_by(pattern: str) -> tuple[str, ...]:
    """The parts of a pattern by which texts that it may fit are looked up: its longer words, each by itself.

    Where words end and others begin is much the same in all texts, which an index is slow to tell apart.
    """
    longer = [part for part in pattern.strip("%").split(GAP) if len(part) >= SHORTEST_PART]
    return tuple(f"%{part}%" for part in longer) or (pattern,)


def word_of(typed: str) -> str:
    """A typed word as it stands in a text."""
    return " ".join(_words(search_key(typed)))


def holding(word: str) -> str:
    """The pattern that fits the texts in which a whole word stands."""
    return f"%{_spaced((word,))}%"


def whole(word: str) -> Sought:
    """What looks for a whole word."""
    return Sought(holding(word))


def slips(word: str) -> tuple[str, ...]:
    """The words that are one slip away: a letter too many, too few, another one, or two that changed places."""
    letters = next((script for script in _SCRIPTS if word[0] in script), _LATIN)
    found: dict[str, None] = {}
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        if len(after) > 1:
            found[before + after[1] + after[0] + after[2:]] = None
        if after:
            found[before + after[1:]] = None
            found.update(dict.fromkeys(before + letter + after[1:] for letter in letters))
        found.update(dict.fromkeys(before + letter + after for letter in letters))
    found.pop(word, None)
    return tuple(found)
