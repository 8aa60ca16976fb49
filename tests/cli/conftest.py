"""Desks for the stories of the command line: none yet, and one that is open for business."""

import os
import pwd
from pathlib import Path

import pytest
from cli.clerk import NOON, Clerk
from mail.postmaster import PostOffice

from tui.console import output


@pytest.fixture
def outsider(
    engine: str,
    request: pytest.FixtureRequest,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Clerk:
    """Somebody at a computer without a desk."""
    database = tmp_path / "cli" / "desk.db"
    if engine == "file":
        monkeypatch.setenv("GIFTDESK_DB", f"sqlite:///{database}")
    else:
        place = request.getfixturevalue("new_place")()
        monkeypatch.setenv("GIFTDESK_DB", place.url)
    account = pwd.struct_passwd(("mia", "x", os.getuid(), os.getgid(), "", "/", "/bin/sh"))
    monkeypatch.setattr(pwd, "getpwuid", lambda _uid: account)
    monkeypatch.setattr(output, "_TERMINAL", str(tmp_path / "no terminal"))  # whoever runs the tests is not asked
    monkeypatch.setenv("LOGNAME", "somebody else")  # the environment says nothing of who one is
    clerk = Clerk(capsys, database)
    clerk.now = None
    return clerk


@pytest.fixture
def clerk(outsider: Clerk) -> Clerk:
    """The manager of a sandbox in London with a product of six months, at noon on 21 May 2026."""
    outsider.now = NOON
    outsider.does("init", "--sandbox")
    outsider.does("product", "set", "half", "--name", "Half year", "--expire-after", "6 months")
    return outsider


@pytest.fixture
def by_mail(office: PostOffice, clerk: Clerk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PostOffice:
    """The settings name this very desk and the office as its mail server."""
    settings = tmp_path / "giftdesk.toml"
    account = f'server = "127.0.0.1"\nport = {office.port}\nsecurity = "none"\nfrom = "gifts@example.org"\n'
    settings.write_text(f'db = "{clerk.database}"\n[mail]\n{account}', encoding="utf-8")
    monkeypatch.setenv("GIFTDESK_CONFIG", str(settings))
    return office
