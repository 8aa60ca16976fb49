"""What may be wrong with the way out for e-mails: its settings, its password, and whether the server is there."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from models.accounts import MailAccount
from models.doctor.findings import Finding, bad, ok, warn
from models.errors import Fault
from models.keys import is_open_to_others
from models.mail.letters import Verdict

_PATIENCE: Final = 10
"""Seconds after which a server that says nothing is not waited for here, whatever the settings say."""


def look_at_mail(account: MailAccount | None) -> Iterator[Finding]:
    """The account of the settings, its password file, and the server or the folder."""
    if account is None:
        yield ok("mail", "no way out is set up, so no desk but a sandbox sends e-mails")
        return
    from models.mail.addresses import wrong_sender

    wrong = wrong_sender(account)
    if wrong is not None:
        yield bad("mail", f"{wrong} is no address that e-mails can come from", "Correct it below [mail].")
        return
    if account.outbox is not None:
        yield _folder(account.outbox)
        return
    yield ok("mail", f"from {account.sender} by {account.server}, port {account.port}, security {account.security}")
    if account.user is not None:
        yield _password(account)
    yield _server(account)


def _folder(folder: Path) -> Finding:
    if folder.exists() and not (folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)):
        return bad("mail", f"the outbox {folder} can't be written to", "Ask for the right to write there.")
    if not folder.exists() and not os.access(folder.parent, os.W_OK | os.X_OK):
        return bad("mail", f"the outbox {folder} can't be made", "Make it, or name another below [mail].")
    return ok("mail", f"e-mails are laid into {folder}")


def _password(account: MailAccount) -> Finding:
    file = account.password_file
    try:
        account.password()
    except Fault as fault:
        return bad("mail password", "there is none", fault.sentence)
    if file is None or not file.exists():
        return ok("mail password", "from the environment")
    if is_open_to_others(file):
        return bad("mail password", f"{file} is open to others", f"Run: chmod 640 {file}")
    return ok("mail password", f"from {file}, which others can't read")


def _server(account: MailAccount) -> Finding:
    from models.clock import SystemClock
    from models.mail.smtp import SmtpMailer

    answer = SmtpMailer(replace(account, timeout=min(account.timeout, _PATIENCE)), SystemClock().now).knock()
    if answer.verdict is Verdict.DELIVERED:
        return ok("mail server", f"{account.server} answers{' and takes the login' if account.user else ''}")
    return warn("mail server", answer.said.rstrip("."), "Until it answers no e-mail goes out; they wait.")
