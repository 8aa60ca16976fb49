"""From a letter to the bytes of an e-mail; no name, address or text can add a header or a recipient."""

from binascii import b2a_qp
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.policy import EmailPolicy
from email.utils import format_datetime
from functools import lru_cache
from typing import Any, Final

from models.accounts import MailAccount
from models.mail.addresses import Mailbox, mailbox, shown_name
from models.mail.letters import Letter

# What is quoted printable has no = before a -, so that no text can look like the line between two parts.
_EDGE: Final = "=-part-="
_ALTERNATIVES: Final = f'Content-Type: multipart/alternative; boundary="{_EDGE}"\r\n\r\n'


@dataclass(frozen=True, slots=True)
class Composed:
    """An e-mail ready for the line."""

    sender: Mailbox
    recipient: Mailbox
    content: bytes


def compose(letter: Letter, account: MailAccount, at: datetime) -> Composed:
    """The e-mail of a letter, dated with an instant (UTC). Raises BadAddress for whom nobody can write to."""
    sender, recipient = mailbox(account.sender), mailbox(letter.to)
    answers = None if account.reply_to is None else mailbox(account.reply_to)
    rules = policy.SMTPUTF8 if recipient.needs_utf8 else policy.SMTP
    parts = (
        _letterhead(account.sender_name, sender, answers),
        _header("To", _address(letter.to_name, recipient), rules),
        # What looks encoded would be decoded into whatever it hides, line breaks included.
        _header("Subject", letter.subject.replace("=?", "= ?"), rules),
        _header("Date", format_datetime(at), rules),
        _header("Message-ID", f"<{letter.message_id}@{sender.domain}>", rules),
        _body(letter),
    )
    return Composed(sender, recipient, b"".join(parts))


@lru_cache(maxsize=8)
def _letterhead(name: str | None, sender: Mailbox, answers: Mailbox | None) -> bytes:
    """The headers that all letters of one sender share."""
    head = _header("From", _address(name, sender), policy.SMTP)
    if answers is not None:
        head += _header("Reply-To", _address(None, answers), policy.SMTP)
    return head + b"Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"


def _address(name: str | None, to: Mailbox) -> Address:
    return Address(shown_name(name), username=to.local_part, domain=to.domain)


def _header(name: str, value: object, rules: "EmailPolicy[Any]") -> bytes:
    """A header, encoded and folded. Raises ValueError for a value with a line break."""
    return rules.fold_binary(*rules.header_store_parse(name, value))


def _body(letter: Letter) -> bytes:
    plain = _part("plain", letter.text)
    if letter.html is None:
        return plain
    edge = f"\r\n--{_EDGE}".encode()
    html = _part("html", letter.html)
    return b"".join((_ALTERNATIVES.encode(), edge[2:], b"\r\n", plain, edge, b"\r\n", html, edge, b"--\r\n"))


def _part(kind: str, text: str) -> bytes:
    """A text as a part of an e-mail: seven bits and short lines, which every server passes on as they are."""
    head = f'Content-Type: text/{kind}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    lines = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") + "\n"
    return head.encode() + b2a_qp(lines.encode(), istext=True).replace(b"\n", b"\r\n")
