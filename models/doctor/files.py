"""What may be wrong with the files of a desk, and with the disk that they lie on."""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from models.doctor.findings import Finding, bad, ok, warn
from models.errors import Fault
from models.keys import is_open_to_others, key_path, read_key
from models.locations import Place

_MEGABYTE: Final = 1_000_000
_LITTLE_SPACE: Final = 50 * _MEGABYTE
_LONG_LOG: Final = 256 * _MEGABYTE
# A log that several computers map into memory is not kept together by these.
_NETWORKED: Final = frozenset(
    (
        *(
            "nfs",
            "nfs4",
            "cifs",
            "smb3",
            "smbfs",
            "ncpfs",
            "afs",
            "coda",
            "ceph",
            "glusterfs",
            "lustre",
            "gfs2",
            "ocfs2",
        ),
        *("fuse.sshfs", "fuse.glusterfs", "fuse.s3fs", "davfs", "fuse.davfs2"),
        *("vboxsf", "fuse.vmhgfs-fuse", "prl_fs"),
    )
)


def look_at_files(place: Place) -> Iterator[Finding]:
    """The folder, who may read the database, the space on its disk, the kind of its disk, and what lies about."""
    if not isinstance(place, Path):
        return
    folder = place.parent
    if not folder.is_dir():
        yield bad("folder", f"{folder} is not there", "Make a desk with: giftdesk init")
        return
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield bad("folder", f"{folder} can only be read, or not even that", "Ask for the right to write there.")
    else:
        yield ok("folder", f"{folder} can be written to")
    if not os.access(folder, os.X_OK):
        return
    yield from _readers(place)
    yield _space(place)
    yield _kind_of_disk(folder)
    yield from _left_over(place)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _readers(path: Path) -> Iterator[Finding]:
    files = [path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")]
    found = [each for each in files if os.path.exists(each)]
    for each in found:
        if each.stat().st_mode & stat.S_IRWXO:
            yield bad("readers", f"{each} is open to others, with all names and addresses", f"Run: chmod o= {each}")
        elif not os.access(each, os.R_OK | os.W_OK):
            yield bad("readers", f"{each} can only be read, or not even that", "Ask for the right to write to it.")
    if found and not any(each.stat().st_mode & stat.S_IRWXO for each in found):
        yield ok("readers", "only the desk's owner and group may read the database")


def _space(path: Path) -> Finding:
    free, size = shutil.disk_usage(path.parent).free, _size(path)
    told = f"{free // _MEGABYTE:,} MB free on the disk of {path.parent}"
    log = _size(path.with_name(f"{path.name}-wal"))
    if free < _LITTLE_SPACE:
        return bad("space", told, "Free some space: when the disk is full nothing can be saved.")
    if free < 2 * size:
        return warn("space", told, "Free some space: a copy of the desk, as migrate makes one, may not fit.")
    if log > _LONG_LOG:
        return warn(
            "space",
            f"the log beside the database has grown to {log // _MEGABYTE:,} MB",
            "Close every desk once: the log is then folded into the database.",
        )
    return ok("space", told)


def _kind_of_disk(folder: Path) -> Finding:
    kind = kind_of_disk(folder)
    if kind in _NETWORKED:
        return bad(
            "disk",
            f"{folder} lies on a network ({kind}), where a shared log can lose commits",
            "Move the desk to a disk of this computer, or to a database server.",
        )
    return ok("disk", kind or "its kind is not known here")


def kind_of_disk(folder: Path, mounts: Path = Path("/proc/self/mounts")) -> str | None:
    """What kind of file system a folder lies on, as the kernel calls it; None where it does not say."""
    real = folder.resolve()
    kind, depth = None, -1
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return None
    for line in lines:
        _, point, name, *_ = line.split(" ")
        at = Path(point.encode().decode("unicode_escape"))
        if (real == at or at in real.parents) and len(at.parts) >= depth:
            kind, depth = name, len(at.parts)
    return kind


def _left_over(path: Path) -> Iterator[Finding]:
    for each in sorted(path.parent.glob("*.new-*")):
        yield warn(
            "left over",
            f"{each} was left by a command that was cut off",
            "Delete it, unless a giftdesk command is at work there.",
        )
    if not path.exists() and path.with_name(f"{path.name}-wal").exists():
        yield bad(
            "left over",
            f"{path}-wal is there without its database",
            "Bring the database back from where it was moved to, or move this file away.",
        )


def look_at_key(place: Place) -> Iterator[Finding]:
    """The key: there, readable, and closed to others."""
    key = key_path(place)
    if isinstance(place, Path) and not os.path.lexists(place) and not os.path.lexists(key):
        yield ok("key", "none yet, it is made with the desk")
        return
    try:
        keys = read_key(key)
    except Fault as fault:
        yield bad("key", f"{key} gives no key", fault.sentence)
        return
    if is_open_to_others(key):
        yield bad("key", f"{key} is open to others", f"Run: chmod 640 {key}")
    else:
        yield ok("key", f"{key}, fingerprint {keys.fingerprint}")
