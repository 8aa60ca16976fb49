"""What a thief may look for in files who has no key: codes in any spelling, and digests that anybody can make again."""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator
from itertools import product

from models.rules.codes import fold, grouped

_ALGORITHMS = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "blake2b", "blake2s")
_LETTERS = 8
"""So many characters of a code in a row are more of it than may be kept."""
_BYTES = 8
"""So many bytes of a digest tell it from chance, whichever end of it was kept."""


def given_away(held: bytes, codes: Iterable[str], lying_there: Iterable[str]) -> set[str]:
    """Which normalised codes what is held gives away, given the texts that lie there and may have been mixed in."""
    return _spelt_out(held, codes) | _made_again(held, codes, [salt.encode() for salt in lying_there])


def _spelt_out(held: bytes, codes: Iterable[str]) -> set[str]:
    lower = b"\n".join(_texts(held)).lower()
    return {code for code in codes if any(spelling.lower() in lower for spelling in _spellings(code))}


def _texts(held: bytes) -> set[bytes]:
    """All runs of letters, signs and blanks, in one or two bytes each; a page that is kept in many states is one."""
    wide = {run[::2] for run in re.findall(rb"(?:[ -~]\0){8,}", held)}
    return wide | {run[1::2] for run in re.findall(rb"(?:\0[ -~]){8,}", held)} | set(re.findall(rb"[ -~]{8,}", held))


def _spellings(code: str) -> Iterator[bytes]:
    """Parts of a code in a row, forwards and backwards, also as hex and as base64."""
    for text in (code, grouped(code), grouped(code).replace(" ", "-")):
        # Of the grouped ones as many letters, with what stands between them.
        length = _LETTERS if text == code else _LETTERS + 2
        for way in (text, text[::-1]):
            for part in (way[start : start + length].encode() for start in range(len(way) - length + 1)):
                yield part
                yield part.hex().encode()
                yield part.lower().hex().encode()
    for lead, text in product(range(3), (code, code.lower())):
        coded = base64.b64encode(b"?" * lead + text.encode())
        yield coded[4:-4]


def _made_again(held: bytes, codes: Iterable[str], salts: list[bytes]) -> set[str]:
    needles: dict[bytes, str] = {}
    for code in codes:
        for digest in _digests(code, salts):
            needles |= dict.fromkeys((digest[:_BYTES], digest[-_BYTES:]), code)
    written = {
        _BYTES: needles,
        2 * _BYTES: {needle.hex().encode(): code for needle, code in needles.items()},
        _BYTES + 2: {base64.b64encode(needle)[: _BYTES + 2]: code for needle, code in needles.items()},
    }
    found = set()
    for length, sought in written.items():
        # As bytes anywhere; as text only where text of that kind is.
        kind = {_BYTES: rb"(?s).+", 2 * _BYTES: rb"(?i)[0-9a-f]{16,}"}.get(length, rb"[A-Za-z0-9+/]{10,}")
        for run in re.findall(kind, held):
            text = run.lower() if length == 2 * _BYTES else run
            found |= {sought[part] for at in range(len(text)) if (part := text[at : at + length]) in sought}
    return found


def _digests(code: str, salts: list[bytes]) -> Iterator[bytes]:
    texts = {code, code.lower(), grouped(code), grouped(code).replace(" ", "-"), fold(code)}
    for algorithm, text in product(_ALGORITHMS, texts):
        message = text.encode()
        yield hashlib.new(algorithm, message).digest()
        for salt in salts:
            yield hashlib.new(algorithm, salt + message).digest()
            yield hashlib.new(algorithm, message + salt).digest()
            yield hmac.digest(salt, message, algorithm)
