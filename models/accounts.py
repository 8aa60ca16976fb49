"""How e-mails leave the house, as the settings say it: by a mail server, or into a folder."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, NoReturn

from models.errors import Fault
from models.exits import CANNOT_OPEN, MISCONFIGURED
from models.rules.errors import BadText
from models.rules.texts import check_email

_VARIABLE: Final = "GIFTDESK_SMTP_PASSWORD"
_LONGEST_WAIT: Final = 300
_LONGEST_PASSWORD: Final = 1_000
Complain = Callable[[str, str], NoReturn]
"""Raises Fault: what is wrong with the setting of a name, as a sentence with its cure."""


class Security(StrEnum):
    """How the line to the mail server is kept private."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


_NAMED: Final = re.compile(r"([^<>]*)<([^<>]+)>")
_NO_HOST: Final = re.compile(r"[^\w.-]")
_ADDRESS_6: Final = re.compile(r"[0-9A-Fa-f.]*:[0-9A-Fa-f:.]+")
_PORTS: Final = {Security.STARTTLS: 587, Security.TLS: 465, Security.NONE: 25}
_NAMES: Final = (
    *("server", "port", "security", "ca_file", "timeout", "user", "password_file"),
    *("outbox", "from", "reply_to"),
)


@dataclass(frozen=True, slots=True)
class MailAccount:
    """A way out for e-mails."""

    sender: str
    """The address that letters come from."""
    sender_name: str | None = None
    reply_to: str | None = None
    """The address that answers go to; None: that of the sender."""
    outbox: Path | None = None
    """The folder that letters are laid into; None: they go by the server."""
    server: str = ""
    port: int = _PORTS[Security.STARTTLS]
    security: Security = Security.STARTTLS
    user: str | None = None
    """None: the server wants no login."""
    password_file: Path | None = None
    """None: the password comes from the environment."""
    ca_file: Path | None = None
    """Certificates to trust instead of the system's."""
    timeout: int = 30
    """Seconds after which a server that says nothing counts as gone."""

    def password(self) -> str:
        """The password of the login, read each time. Raises Fault when there is none or it can't be read."""
        if os.environ.get(_VARIABLE):
            return os.environ[_VARIABLE]
        if self.password_file is None:
            raise Fault(
                f"There is no password for the mail server: set {_VARIABLE}, or name a password_file below [mail] in "
                f"the settings. Nothing was sent.",
                MISCONFIGURED,
            )
        try:
            with self.password_file.open(encoding="utf-8") as file:
                password = file.read(_LONGEST_PASSWORD).strip("\r\n")
        except (OSError, ValueError) as error:
            what = getattr(error, "strerror", None) or "it is no UTF-8 text"
            raise Fault(
                f"The password file {self.password_file} can't be read: {what}. Nothing was sent.", CANNOT_OPEN
            ) from None
        if not password:
            raise Fault(f"The password file {self.password_file} is empty. Nothing was sent.", MISCONFIGURED)
        return password


def account_in(section: object, wrong: Complain) -> MailAccount:
    """The account that a [mail] section describes. Raises Fault, naming line and cure, for what can't be meant."""
    if not isinstance(section, dict):
        wrong("mail", 'mail is a section; write [mail], and below it a line like: server = "mail.example.org"')
    for name in section:
        if name not in _NAMES:
            wrong(f"mail.{name}", f"there is no mail setting {name[:40]!r}; there are {', '.join(_NAMES)}.")
    return _Reader(section, wrong).account()


class _Reader:
    """Reads the values of a [mail] section."""

    def __init__(self, section: Mapping[str, Any], wrong: Complain) -> None:
        self._section = section
        self._complain = wrong

    def account(self) -> MailAccount:
        """The whole account."""
        server, outbox = self._text("server"), self._path("outbox")
        if (server is None) == (outbox is None):
            self._complain("mail", "[mail] takes either a server or an outbox folder; write one of them.")
        security = self._security()
        user = self._text("user")
        if user is not None and security is Security.NONE:
            self._wrong("user", 'a login needs security = "starttls" or "tls", or its password could be read.')
        name, sender = self._sender()
        return MailAccount(
            sender,
            name,
            self._address("reply_to")[1],
            outbox,
            "" if server is None else self._server(server),
            self._number("port", _PORTS[security], 65_535),
            security,
            user,
            self._path("password_file"),
            self._path("ca_file"),
            self._number("timeout", 30, _LONGEST_WAIT),
        )

    def _wrong(self, name: str, what: str) -> NoReturn:
        self._complain(f"mail.{name}", what)

    def _text(self, name: str) -> str | None:
        value = self._section.get(name)
        if value is None or (isinstance(value, str) and value.strip() and value.isprintable()):
            return value and value.strip()
        what = "takes a text of one line; write it in quotes." if value != "" else "is empty; give it a text."
        return self._wrong(name, f"{name} {what}")

    def _path(self, name: str) -> Path | None:
        text = self._text(name)
        if text is not None and not Path(text).expanduser().is_absolute():
            self._wrong(name, f"{name} takes an absolute path, such as /srv/giftdesk/{name}.")
        return None if text is None else Path(text).expanduser()

    def _number(self, name: str, default: int, most: int) -> int:
        value = self._section.get(name, default)
        if type(value) is not int or not 1 <= value <= most:
            self._wrong(name, f"{name} takes a whole number from 1 to {most:,}, without quotes.")
        return int(value)

    def _server(self, text: str) -> str:
        if _NO_HOST.search(text) and not _ADDRESS_6.fullmatch(text):
            self._wrong("server", "server takes the name alone, such as mail.example.org; the port has its own line.")
        return text

    def _security(self) -> Security:
        value = self._section.get("security", Security.STARTTLS)
        if value not in list(Security):
            self._wrong("security", f"security is one of {', '.join(Security)}, in quotes.")
        return Security(value)

    def _sender(self) -> tuple[str | None, str]:
        name, address = self._address("from")
        if address is None:
            self._complain("mail", '[mail] lacks from; write a line like: from = "Gift cards <gifts@example.org>"')
        return name, address

    def _address(self, name: str) -> tuple[str | None, str | None]:
        """The name and the address of a setting like Gift cards <gifts@example.org>."""
        text = self._text(name)
        if text is None:
            return None, None
        named = _NAMED.fullmatch(text)
        try:
            return (named[1].strip(' "') or None, check_email(named[2])) if named else (None, check_email(text))
        except BadText:
            return self._wrong(name, f"{name} takes an e-mail address, such as Gift cards <gifts@example.org>.")
