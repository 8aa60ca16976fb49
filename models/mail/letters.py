"""A letter, the one who sends it, and what came of that, told apart by what may be done next."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

_ADDRESS: Final = re.compile(r"<?[^\s<>]*@[^\s<>]*>?")


@dataclass(frozen=True, slots=True)
class Letter:
    """One e-mail to one person, filled and ready."""

    to: str
    """The address, as it is on file."""
    to_name: str | None
    subject: str
    text: str
    html: str | None
    """None: it is sent as plain text only."""
    message_id: str
    """What comes before the @ of its Message-ID: the same letter has the same, whenever it is sent."""


class Verdict(StrEnum):
    """What became of a letter."""

    DELIVERED = "delivered"
    """The mail server has taken it, or it lies in the outbox."""
    REFUSED = "refused"
    """This letter to this address will never be taken."""
    NOT_NOW = "not_now"
    """It was certainly not sent; it may be tried again."""
    UNKNOWN = "unknown"
    """It was handed over and the answer was lost: it may have gone out."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of sending a letter."""

    verdict: Verdict
    said: str = ""
    """What the mail server said, or what stood in the way: one short line without the address."""
    is_down: bool = False
    """It is the server that can't be used, and no letter will fare better for now."""


def without_addresses(said: str) -> str:
    """What a mail server said, without any address that it repeats: those are kept with people only."""
    return _ADDRESS.sub("(address)", said)


class Mailer(Protocol):
    """Sends letters, one after the other; used by one thread at a time."""

    def send(self, letter: Letter) -> Answer:
        """Send a letter once, and tell what is known of it; raises nothing that mail can cause."""

    def close(self) -> None:
        """Let go of the server."""
