"""E-mail addresses as they go onto the line: whether one can be written to, and what a server must know for it."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from models.accounts import MailAccount

_LONGEST_NAME: Final = 60
_KEPT_SIGNS: Final = "-'’.&+"


class BadAddress(ValueError):
    """An address that no mail server would take; its text says why, without the address."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address that can be written to."""

    address: str
    """As it stands in the header: with a domain of ASCII letters unless it needs more."""
    needs_utf8: bool
    """What stands before the @ is not ASCII: only servers with SMTPUTF8 take it."""

    @property
    def local_part(self) -> str:
        """What stands before the @."""
        return self.address.rpartition("@")[0]

    @property
    def domain(self) -> str:
        """What stands after the @, in ASCII."""
        return self.address.rpartition("@")[2]


@lru_cache(maxsize=64)
def mailbox(address: str) -> Mailbox:
    """An address ready for the line; a domain beyond ASCII is encoded. Raises BadAddress."""
    from email_validator import EmailNotValidError, validate_email

    try:
        valid = validate_email(address, check_deliverability=False)
    except EmailNotValidError:
        raise BadAddress("The address on file can't be written to: it is no e-mail address.") from None
    return Mailbox(valid.ascii_email or f"{valid.local_part}@{valid.ascii_domain}", valid.smtputf8)


def wrong_sender(account: MailAccount) -> str | None:
    """Which setting is no address that e-mails to anybody can come from: from or reply_to; None when both are."""
    for name, address in (("from", account.sender), ("reply_to", account.reply_to)):
        try:
            # Beyond ASCII before the @ it would be refused by many servers, whoever is written to.
            if address is not None and mailbox(address).needs_utf8:
                return name
        except BadAddress:
            return name
    return None


def shown_name(name: str | None) -> str:
    """A name as it may stand before an address: letters, digits and a few signs, and nothing that a header reads.

    Empty for a name of which nothing is left.
    """
    letters = [letter if _is_kept(letter) else " " for letter in unicodedata.normalize("NFC", name or "")[:1_000]]
    return " ".join("".join(letters).split())[:_LONGEST_NAME].strip()


def _is_kept(letter: str) -> bool:
    category = unicodedata.category(letter)
    return category[0] in "LMN" or category in ("So", "Zs") or letter in _KEPT_SIGNS
