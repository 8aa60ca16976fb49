"""Taking an anchor: what the desk's journals and audit come to at an instant, to be kept outside the house."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from secrets import token_bytes, token_hex
from typing import Any, Final

from models import audit
from models.acceptances import spans_ahead
from models.anchors import KEPT, SUBJECT, TAKEN, desk_mark, newest_migration
from models.clock import to_microseconds
from models.errors import Fault, faults
from models.exits import BUSY, CANNOT_OPEN, MISCONFIGURED
from models.heads import Cut, Head, at_the_moment, audit_heads, code_heads, journal_heads
from models.keys import Keys, keep_key, read_key
from models.mail import Letter, Mailer, Verdict
from models.placing import placed
from models.rules.anchors import AUDIT, CODES, JOURNALS, Anchor, Heads, Tally, write
from models.rules.roles import Action
from models.rules.texts import check_email
from models.schema import GiftCard, HighWater
from models.unit import Session, Unit, begin, written

ENDING: Final = ".anchor"
_MODE: Final = 0o640
_MOMENT: Final = timedelta(microseconds=1)
_TELLS_EVERY: Final = 10_000
Progress = Callable[[int, int], None] | None


@dataclass(frozen=True, slots=True)
class Taken:
    """An anchor that was taken."""

    anchor: Anchor
    text: str
    seal: str
    """The one on its last line."""
    key: str
    """The fingerprint of the key that sealed it."""
    is_desks_key: bool
    """It was sealed with the desk's own key, which whoever can change everything there has as well."""


def take_anchor(session: Session, secret: Keys | None = None, on_progress: Progress = None) -> Taken:
    """Take an anchor, sealed with a secret that is kept apart, else with the desk's own key.

    Raises Refused for a role that may not, Fault for a broken store. Nobody waits for it but for a moment.
    """
    store, mark = session.store, token_hex(8)

    def draw_line() -> tuple[Unit, tuple[str, str, int], Cut]:
        store.database.hold_all()
        unit = begin(session, Action.ANCHOR)
        audit.record(unit.hand, SUBJECT, TAKEN, None, {"mark": mark})
        # Whatever is recorded from here on is recorded later.
        HighWater.update(reached_at=unit.now + _MOMENT).where(HighWater.reached_at <= unit.now).execute()
        facts = desk_mark(), newest_migration(store.database), int(_last_card())
        # The clock of a sandbox may stand still, or be told to.
        moment = at_the_moment(store.database, to_microseconds(unit.now)) if store.is_sandbox else None
        return unit, facts, Cut(to_microseconds(unit.now), moment, spans_ahead(unit.now))

    unit, facts, cut = written(store, draw_line)
    with faults(store.path), store.database.connected():
        journals = heads_of(_counted(journal_heads(store.database, cut), facts[2], on_progress), JOURNALS)
        codes = heads_of(code_heads(store.database, facts[2]), CODES)
        audited = heads_of(audit_heads(store.database, cut), AUDIT)
    keys = secret or store.keys
    anchor = Anchor(facts[0], mark, unit.now, facts[1], facts[2], journals, codes, audited, cut.moment)
    text = write(anchor, keys.fingerprint, keys.anchors)
    return Taken(anchor, text, text.split()[-1], keys.fingerprint, secret is None)


def _last_card() -> int:
    return GiftCard.select(GiftCard.id).order_by(GiftCard.id.desc()).limit(1).scalar() or 0


def heads_of(heads: Iterable[Head], sizes: tuple[int, ...]) -> Heads:
    """What the ends of chains come to; those that began later are left out."""
    tally = Tally(sizes)
    for name, entries, seal, _ in heads:
        if entries:
            tally.add(name, entries, seal)
    return tally.heads()


def _counted(heads: Iterable[Head], last: int, on_progress: Progress) -> Iterable[Head]:
    for count, head in enumerate(heads):
        if on_progress is not None and count % _TELLS_EVERY == 0:
            on_progress(head.name, last)
        yield head
    if on_progress is not None:
        on_progress(last, last)


def make_secret(path: Path) -> Keys:
    """A key of its own for anchors, at a path where nothing is, to be kept away from the desk."""
    keys = Keys(token_bytes(32))
    if not keep_key(path, keys):
        raise Fault(f"There is a file at {path} already. Nothing was changed.", CANNOT_OPEN)
    return keys


def read_secret(path: Path) -> Keys:
    """The key of its own for anchors at a path. Raises Fault when it is not there, or none."""
    if not path.exists():
        raise Fault(f"There is no key at {path}. Make one with: giftdesk anchor --new-key {path}", CANNOT_OPEN)
    return read_key(path)


def place_for(session: Session, path: Path) -> Path:
    """Where an anchor is to lie: the path itself, or in the folder that it is under a name with the time (UTC).

    Raises Fault when nothing can be laid there, before anything is taken.
    """
    path = path.absolute()
    if not path.parent.is_dir():  # it may be a disk that is not there today
        raise Fault(f"The folder {path.parent} is not there. Make it first; no anchor was taken.", CANNOT_OPEN)
    if path.is_dir():
        with faults(session.store.path), session.store.database.connected():
            path = path / f"{session.store.now():%Y%m%d-%H%M%S}{ENDING}"
    if path.exists():
        raise Fault(f"There is a file at {path} already. Nothing was changed.", CANNOT_OPEN)
    return path


def keep(session: Session, taken: Taken, *, file: Path | None, mailer: Mailer | None, address: str | None) -> None:
    """Lay an anchor into a file, mail it, or both, and write down in the audit that it is kept, and how.

    Raises Fault when it could not leave; then the audit does not say that it did.
    """
    ways: list[str] = []
    if file is not None:
        with placed(file, _MODE) as unfinished:
            unfinished.write_text(taken.text, encoding="ascii")
        ways.append("file")
    if mailer is not None and address is not None:
        _mail(taken, mailer, address)
        ways.append("mail")
    facts: dict[str, Any] = {"mark": taken.anchor.mark, "ways": ways or ["output"], "key": taken.key}

    def note() -> None:
        audit.record(begin(session, Action.ANCHOR).hand, SUBJECT, KEPT, None, facts)

    written(session.store, note, "The anchor stands.")


def check_address(address: str) -> str:
    """An e-mail address as typed. Raises BadText."""
    return check_email(address)


def _mail(taken: Taken, mailer: Mailer, address: str) -> None:
    """Send an anchor as the text of an e-mail. Raises Fault when it did not go."""
    subject = f"giftdesk anchor {taken.anchor.taken_at:%Y-%m-%d %H:%M} UTC, seal {grouped(taken.seal)}"
    try:
        answer = mailer.send(Letter(address, None, subject, taken.text, None, f"anchor.{taken.anchor.mark}"))
    finally:
        mailer.close()
    if answer.verdict is not Verdict.DELIVERED:
        said = f" {answer.said.rstrip('.')}." if answer.said else ""
        status = MISCONFIGURED if answer.verdict is Verdict.REFUSED else BUSY
        raise Fault(f"The anchor was taken, but it {_NOT_GONE[answer.verdict]}.{said} Take another one.", status)


_NOT_GONE: Final = {
    Verdict.REFUSED: "was refused by the mail server",
    Verdict.NOT_NOW: "could not be mailed",
    Verdict.UNKNOWN: "may have been mailed or not",
}


def grouped(seal: str) -> str:
    """The first twenty characters of a seal, to be read out or written down: enough to know it again."""
    return " ".join(seal[place : place + 4] for place in range(0, 20, 4))
