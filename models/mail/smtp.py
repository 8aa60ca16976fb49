"""The line to a mail server: kept for many letters, made again when it was dropped, and honest about what is known."""

import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Final

from models.accounts import MailAccount, Security
from models.errors import Fault
from models.exits import CANNOT_OPEN
from models.mail.addresses import BadAddress
from models.mail.composing import Composed, compose
from models.mail.letters import Answer, Letter, Verdict, without_addresses
from models.mail.patience import PatientLine, PatientPrivateLine
from models.rules.texts import UNSAFE, made_safe

_LONGEST_SAID: Final = 200
_DOT_AT_START: Final = re.compile(rb"(?m)^\.")
_CLOSING: Final = 421
# Answers to one letter that every other letter would get, too: wrong order or words, no login, no relaying.
_FOR_EVERYBODY: Final = frozenset((500, 502, 503, 504, 530, 534, 535, 538))
_RELAYING: Final = re.compile(r"relay", re.IGNORECASE)


class _Stopped(Exception):
    """Ends the sending of a letter."""

    def __init__(self, answer: Answer, *, is_line_lost: bool) -> None:
        """Keep what came of it, and whether the line can't be used any more."""
        super().__init__(answer.said)
        self.answer = answer
        self.is_line_lost = is_line_lost


class SmtpMailer:
    """Sends letters by one mail server."""

    def __init__(self, account: MailAccount, now: Callable[[], datetime]) -> None:
        """Letters of the account's sender; the line is made with the first one."""
        self._account = account
        self._now = now
        self._line: smtplib.SMTP | None = None

    def send(self, letter: Letter) -> Answer:
        """Hand a letter over; a kept line that is gone is made again, as long as nothing was handed over."""
        try:
            composed = compose(letter, self._account, self._now())
        except BadAddress as bad:
            return Answer(Verdict.REFUSED, str(bad))
        kept = self._line
        try:
            return self._hand_over(kept or self._connect(), composed)
        except _Stopped as stopped:
            if kept is None or not stopped.is_line_lost or stopped.answer.verdict is not Verdict.NOT_NOW:
                return stopped.answer
        try:
            return self._hand_over(self._connect(), composed)
        except _Stopped as stopped:
            return stopped.answer

    def knock(self) -> Answer:
        """Whether the server can be reached and takes the login; no letter is sent."""
        try:
            self._connect()
        except _Stopped as stopped:
            return stopped.answer
        self.close()
        return Answer(Verdict.DELIVERED)

    def close(self) -> None:
        """Say goodbye and let go of the line."""
        line, self._line = self._line, None
        if line is not None:
            with suppress(OSError, smtplib.SMTPException):
                line.quit()
            line.close()

    def _connect(self) -> smtplib.SMTP:
        """A line that was made just now, private and logged in. Raises _Stopped."""
        try:
            password = None if self._account.user is None else self._account.password()
            self._line = _open_line(self._account, password)
        except Fault as fault:
            raise _unusable(fault.sentence) from None
        except (OSError, smtplib.SMTPException) as error:
            raise _unusable(_in_words(error, self._account.timeout)) from None
        return self._line

    def _hand_over(self, line: smtplib.SMTP, composed: Composed) -> Answer:
        """Hand a letter over on a line. Raises _Stopped; a lost line is let go of."""
        if composed.recipient.needs_utf8 and not line.has_extn("smtputf8"):
            said = "The address has letters beyond ASCII before its @, and the mail server takes none of these."
            return Answer(Verdict.REFUSED, said)
        try:
            return self._spoken(line, composed)
        except _Stopped as stopped:
            if stopped.is_line_lost:
                self._line = None
                line.close()
            raise

    def _spoken(self, line: smtplib.SMTP, composed: Composed) -> Answer:
        options = ("SMTPUTF8", "BODY=8BITMIME") if composed.recipient.needs_utf8 else ()
        with self._losing(Verdict.NOT_NOW):
            code, text = line.mail(composed.sender.address, options)
            if code // 100 != 2:
                return self._refused(line, code, text, is_about_all=True)
            code, text = line.rcpt(composed.recipient.address)
            if code // 100 != 2:
                return self._refused(line, code, text)
            code, text = line.docmd("DATA")
            if code // 100 != 3:
                return self._refused(line, code, text)
            line.send(_DOT_AT_START.sub(b"..", composed.content))
        # Only from here on can the server have the whole letter.
        with self._losing(Verdict.UNKNOWN):
            line.send(b".\r\n")
            code, text = line.getreply()
        if code // 100 == 2:
            return Answer(Verdict.DELIVERED, _said(code, text))
        if code // 100 not in (4, 5):
            raise _lost(Verdict.UNKNOWN, "The mail server answered with what is no answer.")
        return self._refused(line, code, text)

    @contextmanager
    def _losing(self, verdict: Verdict) -> Iterator[None]:
        """While the server is spoken to: what a letter is when the line is lost meanwhile. Raises _Stopped."""
        try:
            yield
        except (OSError, smtplib.SMTPException) as error:
            raise _lost(verdict, _in_words(error, self._account.timeout)) from None

    def _refused(self, line: smtplib.SMTP, code: int, text: bytes, *, is_about_all: bool = False) -> Answer:
        """What a refusal means, told by its code and by what was asked. Raises _Stopped when it ends the line."""
        said = _said(code, text)
        if code == _CLOSING or code // 100 not in (4, 5):
            raise _lost(Verdict.NOT_NOW, said)
        try:
            line.rset()
        except (OSError, smtplib.SMTPException):
            self._line = None
        if is_about_all or code in _FOR_EVERYBODY or (code // 100 == 5 and _RELAYING.search(said)):
            return Answer(Verdict.NOT_NOW, said, is_down=True)
        return Answer(Verdict.REFUSED if code // 100 == 5 else Verdict.NOT_NOW, said)


def _open_line(account: MailAccount, password: str | None) -> smtplib.SMTP:
    line: PatientLine
    if account.security is Security.TLS:
        line = PatientPrivateLine(account.server, account.port, timeout=account.timeout, context=_trust(account))
    else:
        line = PatientLine(account.server, account.port, timeout=account.timeout)
    try:
        if account.security is Security.STARTTLS:
            line.starttls(context=_trust(account))
        line.ehlo_or_helo_if_needed()
        if line.sock is not None:
            # The end of a letter must not wait until the server has acknowledged what came before it.
            line.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if account.user is not None and password is not None:
            line.login(account.user, password)
    except BaseException:
        line.close()
        raise
    return line


def _trust(account: MailAccount) -> ssl.SSLContext:
    """Whose certificates are believed: a server must show one of its own name. Raises Fault for an unreadable file."""
    try:
        return ssl.create_default_context(cafile=account.ca_file)
    except OSError as error:
        what = "it holds no certificates" if isinstance(error, ssl.SSLError) else error.strerror
        raise Fault(f"The ca_file {account.ca_file} can't be read: {what}. Nothing was sent.", CANNOT_OPEN) from None


def _unusable(said: str) -> _Stopped:
    return _Stopped(Answer(Verdict.NOT_NOW, said, is_down=True), is_line_lost=True)


def _lost(verdict: Verdict, said: str) -> _Stopped:
    return _Stopped(Answer(verdict, said, is_down=True), is_line_lost=True)


def _in_words(error: Exception, timeout: int) -> str:
    """What an error of the line means: the cause beneath it, when smtplib has wrapped one."""
    cause = error.__context__ if isinstance(error, smtplib.SMTPServerDisconnected) else None
    meant = cause if isinstance(cause, OSError) else error
    match meant:
        case smtplib.SMTPAuthenticationError() as refused:
            return f"The mail server does not take the login: {_said(refused.smtp_code, refused.smtp_error)}"
        case smtplib.SMTPResponseException() as refused if refused.smtp_code > 0:
            return f"The mail server takes no letters: {_said(refused.smtp_code, refused.smtp_error)}"
        case smtplib.SMTPNotSupportedError():
            return "The mail server does not offer what the settings ask for: STARTTLS, or a login."
        case smtplib.SMTPServerDisconnected():
            return "The mail server closed the line."
        case smtplib.SMTPException():
            return "The mail server speaks in a way that can't be understood."
        case TimeoutError():
            return f"The mail server did not answer within {timeout} s."
        case ConnectionRefusedError():
            return "The mail server refuses the connection."
        case socket.gaierror():
            return "The name of the mail server is not known here."
        case ssl.SSLCertVerificationError() as untrusted:
            return f"The certificate of the mail server is not trusted: {untrusted.verify_message}."
        case ssl.SSLError():
            return "No private line to the mail server can be made: it does not speak TLS as asked."
        case _:
            return f"The line to the mail server is broken: {getattr(meant, 'strerror', None) or 'it was closed'}."


def _said(code: int, text: bytes | str) -> str:
    """What a server answered, in one short line that names no address."""
    told = text if isinstance(text, str) else text.decode("utf-8", "replace")
    line = " ".join(told.split())
    return made_safe(without_addresses(UNSAFE.sub("", f"{code} {line}")), _LONGEST_SAID)
