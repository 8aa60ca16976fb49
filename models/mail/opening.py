"""Which way letters leave a desk: by the mail server of the settings, or into an outbox folder."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

from models.accounts import MailAccount
from models.clock import FixedClock, RunningClock, SystemClock
from models.errors import Fault
from models.exits import MISCONFIGURED
from models.keys import key_path
from models.locations import Place, place_of
from models.mail.letters import Mailer
from models.settings import Settings
from models.store import Store

_SANDBOX: Final = MailAccount("gift-cards@sandbox.example", "Gift cards")


def open_mailer(store: Store, settings: Settings) -> Mailer:
    """The way out for a desk's letters. Raises Fault, with the cure, when none is set up.

    A sandbox lays them into a folder of its own, unless the settings name that very desk beside the mail account.
    """
    account = settings.mail
    if store.is_sandbox and not _is_meant_for(store, settings):
        account = _SANDBOX
    if account is None:
        raise Fault(
            f"No way out for e-mails is set up: write a [mail] section with server and from in {settings.file}. "
            f"Nothing was sent.",
            MISCONFIGURED,
        )
    _check_sender(account, settings)
    if account is _SANDBOX or account.outbox is not None:
        from models.mail.outbox import OutboxMailer

        return OutboxMailer(account.outbox or sandbox_outbox(store.path), account, dated_by(store))
    from models.mail.smtp import SmtpMailer

    return SmtpMailer(account, dated_by(store))


def _is_meant_for(store: Store, settings: Settings) -> bool:
    """Whether the mail account of the settings is for a sandbox, too: it is a folder, or they name that desk."""
    if settings.mail is None or settings.mail.outbox is not None:
        return settings.mail is not None
    return settings.db is not None and place_of(settings.db) == store.path


def _check_sender(account: MailAccount, settings: Settings) -> None:
    from models.mail.addresses import wrong_sender

    wrong = wrong_sender(account)
    if wrong is not None:
        settings.wrong(f"mail.{wrong}", f"{wrong} is no address that e-mails can come from; take one of your own.")


def sandbox_outbox(place: Place) -> Path:
    """The folder for a sandbox's letters: beside its database, or beside the key of one on a server."""
    return (place if isinstance(place, Path) else key_path(place)).with_suffix(".outbox")


def dated_by(store: Store) -> Callable[[], datetime]:
    """What tells the date of letters: a clock that was set, else this computer's, which asks no database."""
    clock = store.clock
    return clock.now if isinstance(clock, FixedClock | RunningClock) else SystemClock().now
