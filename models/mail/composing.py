"""From a letter to the bytes of an e-mail; no name, address or text can add a header or a recipient."""

from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final

from models.accounts import MailAccount
from models.mail.addresses import Mailbox, mailbox, shown_name
from models.mail.letters import Letter

# Seven bits pass every server; only an address beyond ASCII needs more.
_SEVEN_BITS: Final = policy.SMTP.clone(cte_type="7bit", max_line_length=78)
_EIGHT_BITS: Final = policy.SMTPUTF8.clone(cte_type="7bit", max_line_length=78)


@dataclass(frozen=True, slots=True)
class Composed:
    """An e-mail ready for the line."""

    sender: Mailbox
    recipient: Mailbox
    content: bytes

    @property
    def needs_utf8(self) -> bool:
        """Whether only a server with SMTPUTF8 can take it."""
        return self.sender.needs_utf8 or self.recipient.needs_utf8


def compose(letter: Letter, account: MailAccount, at: datetime) -> Composed:
    """The e-mail of a letter, dated with an instant (UTC). Raises BadAddress for whom nobody can write to."""
    sender, recipient = mailbox(account.sender), mailbox(letter.to)
    reply_to = None if account.reply_to is None else mailbox(account.reply_to)
    needs_utf8 = any(each is not None and each.needs_utf8 for each in (sender, recipient, reply_to))
    message = EmailMessage(_EIGHT_BITS if needs_utf8 else _SEVEN_BITS)
    message["From"] = _address(account.sender_name, sender)
    message["To"] = _address(letter.to_name, recipient)
    if reply_to is not None:
        message["Reply-To"] = _address(None, reply_to)
    # What looks encoded would be decoded into whatever it hides, line breaks included.
    message["Subject"] = letter.subject.replace("=?", "= ?")
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{letter.message_id}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    if letter.html is not None:
        message.add_alternative(letter.html, subtype="html")
    return Composed(sender, recipient, message.as_bytes())


def _address(name: str | None, to: Mailbox) -> Address:
    return Address(shown_name(name), username=to.local_part, domain=to.domain)
