"""Anchors at the command line: taking one, and holding the desk against those that were kept."""

from argparse import Namespace
from pathlib import Path
from typing import Any

from models.errors import Fault
from models.exits import BAD_INPUT, CANNOT_OPEN
from models.jobs.anchored import compare, is_of
from models.jobs.anchoring import Taken, check_address, grouped, keep, make_secret, place_for, read_secret, take_anchor
from models.jobs.verify import Finding
from models.keys import Keys
from models.mail import open_mailer
from models.rules.anchors import BadAnchor, SealedAnchor, read
from models.rules.wording import activities, moment, plural
from models.settings import read_settings
from models.store import Store
from tui.console.output import iso, progress, say, say_all, say_json
from tui.console.sitting import open_desk


def anchor(asked: Namespace) -> int:
    """Take an anchor and lay it into a file, mail it, or print it; or make a key of its own for anchors."""
    if asked.new_key is not None:
        return _make_key(Path(asked.new_key).absolute(), is_json=asked.json)
    address = None if asked.mail is None else check_address(asked.mail)
    secret = None if asked.key is None else read_secret(Path(asked.key))
    session = open_desk(asked)
    file = None if asked.anchor_file is None else place_for(session, Path(asked.anchor_file))
    mailer = None if address is None else open_mailer(session.store, read_settings())
    taken = take_anchor(session, secret, progress("Anchor"))
    keep(session, taken, file=file, mailer=mailer, address=address)
    if asked.json:
        say_json(_taken_as_json(taken, file, address))
    elif file is None and address is None:
        say_all(taken.text.rstrip("\n"))
    else:
        _say_taken(taken, session.store, file, address)
    return 0


def _make_key(path: Path, *, is_json: bool) -> int:
    fingerprint = make_secret(path).fingerprint
    if is_json:
        say_json({"done": True, "key": str(path), "fingerprint": fingerprint})
    else:
        say(f"A key for anchors lies in {path}, fingerprint {fingerprint}. Keep it away from the desk.")
    return 0


def _taken_as_json(taken: Taken, file: Path | None, address: str | None) -> dict[str, Any]:
    return {
        "done": True,
        "file": None if file is None else str(file),
        "mailed_to": address,
        "taken_at": iso(taken.anchor.taken_at),
        "cards": taken.anchor.journals.chains,
        "activities": taken.anchor.journals.entries,
        "audit_rows": taken.anchor.audit.entries,
        "mark": taken.anchor.mark,
        "key": taken.key,
        "desks_key": taken.is_desks_key,
        "seal": taken.seal,
        **({"anchor": taken.text} if file is None and address is None else {}),
    }


def _say_taken(taken: Taken, store: Store, file: Path | None, address: str | None) -> None:
    known = taken.anchor
    went = [*([f"lies in {file}"] if file else []), *([f"was mailed to {address}"] if address else [])]
    say(
        f"The anchor of {moment(known.taken_at, store.business)} {' and '.join(went)}: "
        f"{plural(known.journals.chains, 'journal')} with {activities(known.journals.entries)}, "
        f"{plural(known.audit.entries, 'audit row')}."
    )
    say(f"Its seal begins with {grouped(taken.seal)}, made with {_whose(taken.is_desks_key, taken.key)}.")


def _whose(is_desks: bool, key: str) -> str:
    return "the desk's own key" if is_desks else f"the key {key}"


class Held:
    """Anchors that were kept, to hold a desk against."""

    def __init__(self, store: Store, files: list[str], keys: list[str]) -> None:
        """Read them, the oldest first. Raises Fault for what is no anchor, was changed, is another desk's, or bears
        the seal of a key that is none of these (when none is named: the desk's own)."""
        self._store = store
        secrets = [read_secret(Path(key)) for key in keys] or [store.keys]
        held = [(file, sealed) for file in files for sealed in _read(file, store, secrets)]
        self._held = sorted(held, key=lambda each: each[1].anchor.taken_at)
        self._findings: list[list[Finding]] = []

    def compare(self) -> list[Finding]:
        """What is not as they knew it, of each in turn."""
        self._findings = [compare(self._store, sealed.anchor) for _, sealed in self._held]
        return [finding for findings in self._findings for finding in findings]

    def say(self, *, adds_up: bool) -> None:
        """Say of each whether all that it knew is there; it knew only where each chain ended, and vouches for what
        lies before that where the chains add up by themselves."""
        is_there = "all that it knew is there" if adds_up else "each end that it knew is there, but not all adds up"
        for (_, sealed), findings in zip(self._held, self._findings, strict=True):
            told = "not all that it knew is as it was" if findings else is_there
            say(
                f"The anchor of {moment(sealed.anchor.taken_at, self._store.business)}, seal {grouped(sealed.seal)}, "
                f"made with {_whose(sealed.key == self._store.keys.fingerprint, sealed.key)}: {told}."
            )

    def as_json(self) -> list[dict[str, Any]]:
        """Each with how much is not as it knew it."""
        return [
            {
                "file": file,
                "taken_at": iso(sealed.anchor.taken_at),
                "mark": sealed.anchor.mark,
                "key": sealed.key,
                "seal": sealed.seal,
                "findings": len(findings),
            }
            for (file, sealed), findings in zip(self._held, self._findings, strict=True)
        ]


def _read(file: str, store: Store, secrets: list[Keys]) -> tuple[SealedAnchor, ...]:
    try:
        found = read(Path(file).read_text(encoding="utf-8", errors="replace"))
    except OSError as error:
        raise Fault(f"{file} can't be read: {error.strerror}. Nothing was verified.", CANNOT_OPEN) from None
    except BadAnchor as why:
        raise Fault(f"{file} can't be held against the desk: {why}. Nothing was verified.", BAD_INPUT) from None
    for sealed in found:
        why_not = _why_not(sealed, store, secrets)
        if why_not is not None:
            which = file if len(found) == 1 else f"The anchor in {file} with the seal {grouped(sealed.seal)}"
            raise Fault(f"{which} {why_not}. Nothing was verified.", BAD_INPUT)
    return found


def _why_not(sealed: SealedAnchor, store: Store, secrets: list[Keys]) -> str | None:
    """Why nothing is held against an anchor, as a phrase; None when it can be believed."""
    if not is_of(store, sealed.anchor):
        return "is an anchor of another desk"
    key = next((secret for secret in secrets if secret.fingerprint == sealed.key), None)
    if key is not None:
        return None if sealed.is_sealed_by(key.anchors) else "is not as it was when the anchor was taken"
    if sealed.key != store.keys.fingerprint:
        return f"was sealed with the key {sealed.key}. Name its file with --key"
    return (
        "was sealed with the desk's own key, which whoever could have changed the desk may have as well. Leave "
        "--key away, or name the desk's key with it too"
    )
