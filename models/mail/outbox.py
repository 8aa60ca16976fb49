"""A folder into which letters are laid as files, for sandboxes and for whatever picks them up there."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

from models.accounts import MailAccount
from models.errors import Fault
from models.mail.addresses import BadAddress
from models.mail.composing import compose
from models.mail.letters import Answer, Letter, Verdict
from models.placing import placed

_MODE: Final = 0o640


class OutboxMailer:
    """Lays each letter into the folder once, whole, under its Message-ID."""

    def __init__(self, folder: Path, account: MailAccount, now: Callable[[], datetime]) -> None:
        """Letters of the account's sender; the folder is made with the first one."""
        self._folder = folder
        self._account = account
        self._now = now

    def send(self, letter: Letter) -> Answer:
        """Lay a letter into the folder; one that lies there already has been delivered."""
        try:
            composed = compose(letter, self._account, self._now())
        except BadAddress as bad:
            return Answer(Verdict.REFUSED, str(bad))
        file = self._folder / f"{letter.message_id}.eml"
        if file.exists():
            return Answer(Verdict.DELIVERED, "It lies in the outbox already.")
        try:
            with placed(file, _MODE) as unfinished:
                unfinished.write_bytes(composed.content)
        except Fault as fault:
            return Answer(Verdict.NOT_NOW, fault.sentence, is_down=True)
        except OSError as error:
            return Answer(Verdict.NOT_NOW, f"The outbox can't be written to: {error.strerror}.", is_down=True)
        return Answer(Verdict.DELIVERED, "It lies in the outbox.")

    def close(self) -> None:
        """Nothing is kept open."""
