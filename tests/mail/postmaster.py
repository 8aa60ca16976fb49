"""A real mail server on the loopback, which takes letters, or misbehaves at any stage as a story wants it."""

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

CERTIFICATE = Path(__file__).with_name("localhost.pem")
"""Made for these tests, for localhost and 127.0.0.1; nobody trusts it who is not told to."""
_KEY = Path(__file__).with_name("localhost-key.pem")
HANG = "hang"
"""An answer that does not come."""
DROP = "drop"
"""The line is cut in the place of an answer."""
DRIP = "drip"
"""An answer that comes letter by letter and is never finished."""
ENDLESS = "endless"
"""An answer of more and more lines."""
CONNECT, MAIL, RCPT, DATA, CONTENT, END = "CONNECT", "MAIL", "RCPT", "DATA", "CONTENT", "END"
"""Stages: the greeting; the three questions; while the letter comes; when all of it has come."""
LOGIN, PASSWORD = "desk", "correct horse"


@dataclass(frozen=True)
class Received:
    """A letter that the server has taken."""

    sender: str
    recipients: list[str]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        """It, as a mail program reads it."""
        read = message_from_bytes(self.content, policy=policy.default)
        assert isinstance(read, EmailMessage)
        return read


@dataclass
class PostOffice:
    """The server: what it took, and how it answers; both may be looked at and changed while it runs."""

    port: int = 0
    letters: list[Received] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    """Stage -> what is answered instead: a line like '550 no such user', HANG or DROP."""
    answer_to: Callable[[str, str], str | None] = lambda _stage, _recipient: None
    """The same for single letters, by stage and recipient."""
    lines: int = 0
    """How many lines were made to it."""

    def told(self) -> list[str]:
        """The recipients, in the order in which they were written to."""
        return [recipient for letter in self.letters for recipient in letter.recipients]


def wire(server: SMTP) -> asyncio.WriteTransport:
    """The line to who writes."""
    assert isinstance(server.transport, asyncio.WriteTransport)
    return server.transport


class _Desk:
    """Answers the questions of one server as its office says."""

    def __init__(self, office: PostOffice) -> None:
        self.office = office

    async def answer(self, server: SMTP, stage: str, recipient: str, otherwise: str) -> str:
        said = self.office.answer_to(stage, recipient) or self.office.answers.get(stage, otherwise)
        if said == HANG:
            await asyncio.sleep(3600)
        while said in (DRIP, ENDLESS):
            wire(server).write(b"2" if said == DRIP else b"250-and\r\n" * 1_000)
            await asyncio.sleep(0.05)
        if said == DROP:
            wire(server).abort()
            raise asyncio.CancelledError
        return said

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        said = await self.answer(server, MAIL, "", "250 OK")
        if said.startswith("2"):
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return said

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        said = await self.answer(server, RCPT, address, "250 OK")
        if said.startswith("2"):
            envelope.rcpt_tos.append(address)
            envelope.rcpt_options.extend(options)
        return said

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        recipients = [str(each) for each in envelope.rcpt_tos]
        said = self.office.answer_to(END, recipients[0]) or self.office.answers.get(END, "250 OK")
        if said.startswith("2") or said in (DROP, HANG, DRIP, ENDLESS):
            content = envelope.content if isinstance(envelope.content, bytes) else b""
            self.office.letters.append(Received(str(envelope.mail_from), recipients, content))
        return await self.answer(server, END, recipients[0], "250 OK")


class _Server(SMTP):
    """Adds the stages that have no question of their own."""

    desk: _Desk

    async def _handle_client(self) -> None:
        self.desk.office.lines += 1
        said = self.desk.office.answers.get(CONNECT)
        if said is not None:
            said = await self.desk.answer(self, CONNECT, "", "")
            await self.push(said)
            wire(self).close()
            return
        await super()._handle_client()

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        envelope = self.envelope
        recipient = str(envelope.rcpt_tos[0]) if envelope and envelope.rcpt_tos else ""
        said = await self.desk.answer(self, DATA, recipient, "354")
        if not said.startswith("354"):
            await self.push(said)
            return
        if self.desk.office.answer_to(CONTENT, recipient) or CONTENT in self.desk.office.answers:
            await self.push("354 go on")
            await self.desk.answer(self, CONTENT, recipient, DROP)
        await super().smtp_DATA(arg)


@contextmanager
def post_office(*, tls: str = "none", needs_login: bool = False, takes_utf8: bool = False) -> Iterator[PostOffice]:
    """A server that runs meanwhile; tls is 'none', 'starttls' or 'tls'."""
    office, loop, running = PostOffice(), asyncio.new_event_loop(), threading.Event()

    def authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
        is_right = isinstance(given, LoginPassword) and given == LoginPassword(LOGIN.encode(), PASSWORD.encode())
        return AuthResult(success=is_right, handled=False)

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE, _KEY)

    def serve_one() -> SMTP:
        desk = _Desk(office)
        made = _Server(
            desk,
            hostname="mail.test",
            enable_SMTPUTF8=takes_utf8,
            tls_context=context if tls == "starttls" else None,
            require_starttls=tls == "starttls",
            auth_required=needs_login,
            auth_require_tls=tls == "starttls",
            authenticator=authenticate if needs_login else None,
            loop=loop,
        )
        made.desk = desk
        return made

    async def begin() -> asyncio.Server:
        return await loop.create_server(serve_one, "127.0.0.1", 0, ssl=context if tls == "tls" else None)

    def serve() -> None:
        asyncio.set_event_loop(loop)
        server = loop.run_until_complete(begin())
        office.port = server.sockets[0].getsockname()[1]
        running.set()
        loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    assert running.wait(10)
    try:
        yield office
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
