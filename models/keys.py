"""The desk's master key, in a file beside the database and never in it, and what is derived from it."""

import hashlib
import hmac
import os
import secrets
import stat
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from models.errors import Fault
from models.exits import CANNOT_OPEN, MISCONFIGURED
from models.locations import Place, place_of, server_key
from models.rules.codes import fold
from models.settings import read_settings

_LENGTH: Final = 32
_BLOCK: Final = 64
_MODE: Final = 0o640


def _hkdf(master: bytes, purpose: str) -> bytes:
    """A key for one purpose (HKDF-SHA-256 without salt, one block)."""
    extracted = hmac.digest(bytes(_LENGTH), master, hashlib.sha256)
    return hmac.digest(extracted, purpose.encode() + b"\x01", hashlib.sha256)


class Mac:
    """HMAC-SHA-256 under one key, prepared once: less than half the work of starting from the key each time."""

    __slots__ = ("_inner", "_outer")

    def __init__(self, key: bytes) -> None:
        """Take a key of at most 64 bytes."""
        padded = key.ljust(_BLOCK, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in padded))

    def __call__(self, message: bytes) -> bytes:
        """The MAC of a message."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(message)
        outer.update(inner.digest())
        return outer.digest()


@dataclass(frozen=True)
class Keys:
    """The master key and the keys derived from it."""

    master: bytes

    @cached_property
    def codes(self) -> Mac:
        """Digests codes."""
        return Mac(_hkdf(self.master, "giftdesk code"))

    @cached_property
    def folded(self) -> Mac:
        """Digests folded codes."""
        return Mac(_hkdf(self.master, "giftdesk folded code"))

    @cached_property
    def chain(self) -> Mac:
        """Chains activities and audit rows."""
        return Mac(_hkdf(self.master, "giftdesk chain"))

    @cached_property
    def texts(self) -> Mac:
        """Digests free text."""
        return Mac(_hkdf(self.master, "giftdesk text"))

    @cached_property
    def anchors(self) -> Mac:
        """Seals anchors."""
        return Mac(_hkdf(self.master, "giftdesk anchor"))

    @cached_property
    def fingerprint(self) -> str:
        """What the database and a backup keep to recognise the key; it gives nothing of it away."""
        return _hkdf(self.master, "giftdesk fingerprint")[:8].hex()

    def code_digest(self, code: str) -> bytes:
        """What is stored of a normalised code."""
        return self.codes(code.encode())

    def folded_digest(self, code: str) -> bytes:
        """What is stored of a normalised code with its look-alikes folded."""
        return self.folded(fold(code).encode())


def key_path(database: Place) -> Path:
    """Where the key of a database lies: GIFTDESK_KEY, the settings, else beside the file, or with the user's data.

    What the settings say holds for the desk that they name, and for no other.
    """
    chosen = os.environ.get("GIFTDESK_KEY")
    if chosen:
        return Path(chosen)
    settings = read_settings()
    if settings.key is not None and database == place_of(settings.db):
        return settings.key
    return database.with_suffix(".key") if isinstance(database, Path) else server_key(database)


def create_key(path: Path) -> Keys:
    """The key at a path, made when there is none; only the desk's group may read it."""
    keys = Keys(secrets.token_bytes(_LENGTH))
    return keys if keep_key(path, keys) else read_key(path)


def keep_key(path: Path, keys: Keys) -> bool:
    """Write a key to a path, safe on the disk; False when there is one already, which stays as it is."""
    from models.placing import make_folder, sync

    try:
        make_folder(path.parent)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE)
    except FileExistsError:
        return False
    except OSError:
        raise Fault(f"The key file {path} cannot be written. Nothing was changed.", CANNOT_OPEN) from None
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(keys.master.hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
    os.chmod(path, _MODE)
    sync(path.parent)
    return True


def remove_key(path: Path, keys: Keys) -> bool:
    """Remove a key from a path; False when another one lies there, or none, or it can't be removed."""
    try:
        if read_key(path) != keys:
            return False
        path.unlink()
    except (Fault, OSError):
        return False
    return True


def read_key(path: Path) -> Keys:
    """The key at a path. Raises Fault when it is not there, not readable, or no key."""
    try:
        master = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except FileNotFoundError:
        raise Fault(
            f"The key file {path} is missing. Without it no code can be looked up: bring it back from where you "
            f"keep it, or name it in GIFTDESK_KEY.",
            CANNOT_OPEN,
        ) from None
    except OSError:
        raise Fault(f"The key file {path} cannot be read. Check who may read it.", CANNOT_OPEN) from None
    except ValueError:
        raise _no_key(path) from None
    if len(master) != _LENGTH:
        raise _no_key(path)
    return Keys(master)


def _no_key(path: Path) -> Fault:
    return Fault(f"{path} holds no giftdesk key. Bring the right one back from where you keep it.", MISCONFIGURED)


def is_open_to_others(path: Path) -> bool:
    """Whether people outside the desk's group may read or change the key file."""
    return bool(path.stat().st_mode & (stat.S_IRWXO | stat.S_IWGRP))
