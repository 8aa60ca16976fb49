"""Which way letters leave a desk, and the folder into which they may be laid."""

import dataclasses
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from models.accounts import MailAccount
from models.clock import FixedClock
from models.errors import Fault
from models.locations import place_of
from models.mail import Answer, Letter, Verdict, open_mailer
from models.mail.opening import sandbox_outbox
from models.mail.outbox import OutboxMailer
from models.mail.smtp import SmtpMailer
from models.settings import Settings
from models.store import Store

ADA = Letter("ada@example.org", "Ada", "Hello", "Hello Ada\n", None, "abc123")
SERVER = MailAccount("gifts@example.org", server="mail.invalid")
FILE = Path("/srv/giftdesk.toml")


def test_a_letter_appears_whole_under_its_name(tmp_path: Path, clock: FixedClock) -> None:
    """Only the desk's group can read it: it holds a name and an address."""
    mailer = OutboxMailer(tmp_path / "out", SERVER, clock.now)
    assert mailer.send(ADA) == Answer(Verdict.DELIVERED, "It lies in the outbox.")
    (file,) = (tmp_path / "out").iterdir()
    assert file.name == "abc123.eml"
    assert file.stat().st_mode & 0o777 == 0o640
    assert b"To: Ada <ada@example.org>\r\n" in file.read_bytes()


def test_the_same_letter_is_laid_there_once(tmp_path: Path, clock: FixedClock) -> None:
    """What was killed between laying it down and writing that down does no harm."""
    mailer = OutboxMailer(tmp_path, SERVER, clock.now)
    mailer.send(ADA)
    again = mailer.send(dataclasses.replace(ADA, text="other"))
    assert again == Answer(Verdict.DELIVERED, "It lies in the outbox already.")
    assert b"Hello Ada" in (tmp_path / "abc123.eml").read_bytes()
    assert os.listdir(tmp_path) == ["abc123.eml"]


def test_an_outbox_that_can_not_be_written_to_is_down(tmp_path: Path, clock: FixedClock) -> None:
    (tmp_path / "out").write_text("no folder")
    got = OutboxMailer(tmp_path / "out", SERVER, clock.now).send(ADA)
    assert (got.verdict, got.is_down) == (Verdict.NOT_NOW, True)
    assert "cannot be written to" in got.said


def test_a_sandbox_mails_into_a_folder_beside_itself(store: Store) -> None:
    """Whatever server the settings name: its people may be real ones."""
    mailer = open_mailer(store, Settings(FILE, mail=SERVER))
    assert mailer.send(ADA).verdict is Verdict.DELIVERED
    assert isinstance(store.path, Path)
    assert (store.path.with_suffix(".outbox") / "abc123.eml").exists()


def test_a_sandbox_on_a_server_has_its_folder_beside_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIFTDESK_KEY", "/srv/keys/training.key")
    assert sandbox_outbox(place_of("postgresql://clerk@db.example/shop")) == Path("/srv/keys/training.outbox")


def test_a_sandbox_that_the_settings_name_uses_their_server(store: Store) -> None:
    """Somebody wrote both down, side by side."""
    named = Settings(FILE, db=str(store.path), mail=SERVER)
    assert isinstance(open_mailer(store, named), SmtpMailer)


def test_an_outbox_of_the_settings_is_for_every_desk(store: Store, tmp_path: Path) -> None:
    account = dataclasses.replace(SERVER, server="", outbox=tmp_path / "own")
    assert open_mailer(store, Settings(FILE, mail=account)).send(ADA).verdict is Verdict.DELIVERED
    assert (tmp_path / "own" / "abc123.eml").exists()


def test_a_desk_without_a_way_out_says_how_to_make_one(make_store: Callable[..., Store]) -> None:
    store = make_store(is_sandbox=False)
    with pytest.raises(Fault, match=r"No way out for e-mails is set up: write a \[mail\] section .* Nothing was sent"):
        open_mailer(store, Settings(FILE))
    assert isinstance(open_mailer(store, Settings(FILE, mail=SERVER)), SmtpMailer)


@pytest.mark.parametrize("address", ["gifts@shop.local", "jörg@example.org", "gifts@127.0.0.1"])
def test_a_sender_whom_nobody_could_answer_is_refused(make_store: Callable[..., Store], address: str) -> None:
    """Before the first letter, and not once for each; nor one whom many servers would not take."""
    desk = make_store(is_sandbox=False)
    for setting, account in (
        ("from", dataclasses.replace(SERVER, sender=address)),
        ("reply_to", dataclasses.replace(SERVER, reply_to=address)),
    ):
        with pytest.raises(Fault, match=f"{setting} is no address that e-mails can come from"):
            open_mailer(desk, Settings(FILE, mail=account))
