"""The seal on every activity and audit row: each one covers the row before it."""

from collections.abc import Sequence
from typing import Any, Final

from models.fields import json_writer
from models.keys import Keys

FORMAT: Final = 1
START: Final = b""
_WRITE: Final = json_writer(bytes.hex)


def seal(keys: Keys, previous: bytes, row: Sequence[Any]) -> bytes:
    """The MAC of a row's values, in a fixed order, and of the row before it; bytes are covered as hex."""
    return keys.chain(previous + _WRITE(row).encode())


def request_digest(keys: Keys, request: str) -> bytes:
    """The keyed digest by which a wish is recognised; nobody without the key can guess at what it held."""
    return keys.texts(request.encode())


def files_digest(keys: Keys, digest: bytes) -> bytes:
    """The keyed digest by which imported files are known again, of theirs: a file of one card is soon guessed."""
    return keys.texts(b"import " + digest)


def text_digest(keys: Keys, card_id: int, number: int, text: str) -> bytes:
    """The keyed digest that stays in the journal when the text itself is removed."""
    return keys.texts(f"{card_id}/{number}/{text}".encode())


def letter_digest(keys: Keys, letter_id: int, subject: str | None, text: str | None, html: str | None) -> str:
    """What the audit keeps of an e-mail's texts: nobody changes them on their way unseen."""
    return keys.texts(f"letter {letter_id}/{_WRITE([subject, text, html])}".encode()).hex()


def password_digest(keys: Keys, agent_id: int, hashed: str) -> str:
    """What the audit keeps of a password's hash, and a session of the one that it rests on; it tells nothing of it."""
    return keys.texts(f"credential {agent_id}/{hashed}".encode()).hex()


def answer_digest(keys: Keys, escalation_id: str, text: str | None) -> str | None:
    """What the audit keeps of what was written with the answer to an escalation."""
    return None if text is None else keys.texts(f"escalation {escalation_id}/{text}".encode()).hex()


def person_digest(keys: Keys, customer_id: int, fact: str, text: str | None) -> str | None:
    """What the audit keeps of a customer's name or e-mail address: it recognises the text and tells nothing of it."""
    return None if text is None else keys.texts(f"customer {customer_id}/{fact}/{text}".encode()).hex()


def case_digest(keys: Keys, case_id: int, what: int | str, text: str) -> str:
    """What the audit keeps of a text of a case, by the number of its entry, and of what the caller told ('told')."""
    return keys.texts(f"case {case_id}/{what}/{text}".encode()).hex()
