"""The way out for e-mails as the settings say it: what may stand there, and that every slip has its line and cure."""

import json
from pathlib import Path

import pytest
from cli.clerk import Clerk
from mail.postmaster import DROP, PostOffice
from store.counter import plain_sql

from models.accounts import MailAccount, Security
from models.settings import read_settings

WHOLE = """\
[mail]
server = "mail.example.org"
from = "Gift cards <gifts@example.org>"
"""


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A settings file of one's own."""
    file = tmp_path / "giftdesk.toml"
    monkeypatch.setenv("GIFTDESK_CONFIG", str(file))
    monkeypatch.delenv("GIFTDESK_SMTP_PASSWORD", raising=False)
    return file


def test_a_server_and_a_sender_are_enough(settings: Path) -> None:
    """The line is private unless it is said otherwise."""
    settings.write_text(WHOLE)
    account = MailAccount("gifts@example.org", "Gift cards", server="mail.example.org")
    assert (account.port, account.security) == (587, Security.STARTTLS)
    assert read_settings().mail == account


@pytest.mark.parametrize(("security", "port"), [("starttls", 587), ("tls", 465), ("none", 25)])
def test_the_port_follows_the_security(settings: Path, security: str, port: int) -> None:
    settings.write_text(f'{WHOLE}security = "{security}"\n')
    account = read_settings().mail
    assert account is not None
    assert (account.port, account.security) == (port, security)
    settings.write_text(f'{WHOLE}security = "{security}"\nport = 2525\n')
    account = read_settings().mail
    assert account is not None
    assert account.port == 2525


@pytest.mark.parametrize(
    ("line", "number", "cure"),
    [
        ("port = 70000", 4, "port takes a whole number from 1 to 65,535, without quotes."),
        ('port = "587"', 4, "port takes a whole number from 1 to 65,535, without quotes."),
        ("timeout = 0", 4, "timeout takes a whole number from 1 to 300, without quotes."),
        ("timeout = true", 4, "timeout takes a whole number from 1 to 300, without quotes."),
        ('security = "ssl"', 4, "security is one of starttls, tls, none, in quotes."),
        ('security = "none"\nuser = "desk"', 5, 'a login needs security = "starttls" or "tls"'),
        ('password_file = "password"', 4, "password_file takes an absolute path"),
        ('password = "secret"', 4, "there is no mail setting 'password'; there are server,"),
        ('reply_to = "nobody"', 4, "reply_to takes an e-mail address"),
        ("user = 5", 4, "user takes a text of one line; write it in quotes."),
        ('user = ""', 4, "user is empty; give it a text."),
        ('outbox = "/srv/outbox"', 1, "[mail] takes either a server or an outbox folder; write one of them."),
    ],
)
def test_every_slip_is_one_sentence_with_its_line(
    clerk: Clerk, settings: Path, line: str, number: int, cure: str
) -> None:
    """Nothing is guessed, and a password never stands in the file."""
    settings.write_text(f"{WHOLE}{line}\n")
    told = clerk.is_refused("settings", code=78)
    assert told.startswith(f"{settings}, line {number}: ")
    assert cure in told


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ('[mail]\nserver = "a.example"', "[mail] lacks from; write a line like: from ="),
        ('[mail]\nfrom = "a@b.example"', "[mail] takes either a server or an outbox folder"),
        ('mail = "a.example"', "mail is a section; write [mail]"),
        ('[mail]\nserver = "a.example:25"\nfrom = "a@b.example"', "the port has its own line."),
        ('[mail]\nserver = "smtp://a.example:25"\nfrom = "a@b.example"', "the port has its own line."),
        ('[mail]\nserver = "a.example"\nfrom = "a b"', "from takes an e-mail address"),
    ],
)
def test_what_is_missing_is_told(clerk: Clerk, settings: Path, text: str, cure: str) -> None:
    settings.write_text(text)
    assert cure in clerk.is_refused("settings", code=78)


@pytest.mark.parametrize("server", ["localhost", "127.0.0.1", "::1", "mail-1.example.org"])
def test_a_server_is_named_in_every_usual_way(settings: Path, server: str) -> None:
    settings.write_text(f'[mail]\nserver = "{server}"\nfrom = "a@b.example"\n')
    account = read_settings().mail
    assert account is not None
    assert account.server == server


def test_settings_show_the_way_out_without_the_login(clerk: Clerk, settings: Path) -> None:
    settings.write_text(f'{WHOLE}user = "secret-login"\n')
    told = clerk.does("settings")
    assert "mail.example.org, port 587, security starttls" in told
    assert "Gift cards <gifts@example.org>" in told
    assert "secret-login" not in told


def looked_at(clerk: Clerk) -> dict[str, str]:
    """What doctor says of mail."""
    found = clerk.types("doctor", "--json")
    return {each["subject"]: f"{each['health']} {each['told']}" for each in json.loads(found.out)}


def test_doctor_knocks_at_the_server(clerk: Clerk, settings: Path, office: PostOffice) -> None:
    """It says whether it answers, and sends nothing."""
    plain = f'[mail]\nserver = "127.0.0.1"\nport = {office.port}\nsecurity = "none"\nfrom = "gifts@example.org"\n'
    settings.write_text(plain)
    assert looked_at(clerk)["mail server"] == "ok 127.0.0.1 answers"
    assert office.letters == []
    office.answers["CONNECT"] = DROP
    assert looked_at(clerk)["mail server"] == "warn The mail server closed the line"
    settings.write_text(plain.replace("gifts@example.org", "gifts@shop.local"))
    assert looked_at(clerk)["mail"].startswith("bad from is no address")


def test_doctor_looks_who_can_read_the_password(clerk: Clerk, settings: Path, tmp_path: Path) -> None:
    """As for the key: the desk's group, and nobody else."""
    password = tmp_path / "password"
    nobody = '[mail]\nserver = "127.0.0.1"\nport = 1\nfrom = "gifts@example.org"\n'
    settings.write_text(f'{nobody}user = "desk"\npassword_file = "{password}"\n')
    assert looked_at(clerk)["mail password"] == "bad there is none"
    password.write_text("correct horse")
    password.chmod(0o644)
    assert looked_at(clerk)["mail password"] == f"bad {password} is open to others"
    password.chmod(0o640)
    found = looked_at(clerk)
    assert found["mail password"] == f"ok from {password}, which others can't read"
    assert found["mail server"] == "warn The mail server refuses the connection"


def test_doctor_looks_at_the_outbox(clerk: Clerk, settings: Path, tmp_path: Path) -> None:
    settings.write_text(f'[mail]\noutbox = "{tmp_path}/out"\nfrom = "gifts@example.org"\n')
    assert looked_at(clerk)["mail"] == f"ok e-mails are laid into {tmp_path}/out"
    settings.write_text(f'[mail]\noutbox = "{tmp_path}/nowhere/out"\nfrom = "gifts@example.org"\n')
    assert "can't be made" in looked_at(clerk)["mail"]


def test_doctor_misses_the_way_out_for_reminders_that_will_be_due(
    outsider: Clerk, settings: Path, tmp_path: Path
) -> None:
    """A sandbox has one of its own; a desk without reminders needs none."""
    settings.touch()
    outsider.does("init")
    outsider.does("product", "set", "half", "--expire-after", "6 months")
    assert looked_at(outsider)["e-mails"] == "ok their texts are the built-in ones"
    outsider.does("product", "set", "half", "--remind", "2 weeks")
    assert looked_at(outsider)["e-mails"].startswith(
        "warn reminders of 1 product are due some day, and there is no way"
    )
    settings.write_text(f'[mail]\noutbox = "{tmp_path}/out"\nfrom = "gifts@example.org"\n')
    outsider.does("template", "set", "reminder", "--subject", "Soon")
    assert looked_at(outsider)["e-mails"] == "ok version 1 of their texts is in force"


def test_doctor_sees_texts_that_somebody_else_changed(clerk: Clerk) -> None:
    """They don't go out, so reminders stop."""
    clerk.does("template", "set", "reminder", "--subject", "Soon")
    with plain_sql(clerk.database, guarded=False) as sql:
        sql.execute("UPDATE template SET subject = 'Now'")
    assert looked_at(clerk)["e-mails"] == "bad their texts are not as they were saved"
    assert "were changed with another tool" in clerk.is_refused("template", "show", code=65)
