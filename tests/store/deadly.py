"""Runs that are killed while they send: at a statement, at a letter, or at any instant."""

import os
import random
import signal
import traceback
from collections.abc import Callable

from mail.postmaster import PostOffice
from store.counter import NOON, Counter
from store.doomed import Doom, any_doom, arm

from models.accounts import MailAccount, Security
from models.clock import FixedClock, pause
from models.mail import Answer, Letter, Mailer
from models.mail.smtp import SmtpMailer
from models.unit import Session


class DeadlyMailer:
    """Sends by the office, and dies before or after so many letters."""

    def __init__(self, office: PostOffice, letters: int | None = None, *, is_after: bool = False) -> None:
        account = MailAccount("gifts@example.org", server="127.0.0.1", port=office.port, security=Security.NONE)
        self._mailer = SmtpMailer(account, FixedClock(NOON).now)
        self._letters, self._is_after, self._count = letters, is_after, 0

    def send(self, letter: Letter) -> Answer:
        self._count += 1
        if self._count == self._letters and not self._is_after:
            os.kill(os.getpid(), signal.SIGKILL)
        answer = self._mailer.send(letter)
        if self._count == self._letters:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    def close(self) -> None:
        self._mailer.close()


def run_until_killed(
    opened: Callable[[], Counter],
    run: Callable[[Session, Mailer], object],
    office: PostOffice,
    dice: random.Random,
    letters: int,
) -> None:
    """A child process does a run of so many letters until it is killed: at a statement, a letter, or any instant."""
    doom = any_doom(dice) if dice.random() < 0.6 else None
    last, is_after = (None, False) if doom else (dice.randint(1, letters), dice.random() < 0.5)
    child = os.fork()
    if child == 0:
        try:
            counter = opened()
            if doom is not None and doom.statement is not None:
                arm(counter.store.database, Doom(doom.statement * 3, doom.event))
            run(counter.olaf, DeadlyMailer(office, last, is_after=is_after))
            os.kill(os.getpid(), signal.SIGKILL)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)
    if doom is not None and doom.statement is None:
        pause(doom.seconds * 2)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "the run ended by itself"
