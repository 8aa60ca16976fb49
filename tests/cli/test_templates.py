"""The texts of e-mails from the command line: shown, written by staff, looked at for a card, and sent to oneself."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from cli.clerk import Clerk
from mail.postmaster import PostOffice

NAME = ("template", "preview", "reminder")


@pytest.fixture
def card(clerk: Clerk) -> str:
    """The code of a card that expires on 20 November 2026 and of which Ada is reminded two weeks before."""
    clerk.does("product", "set", "half", "--remind", "2 weeks")
    return clerk.issues("25.00", "--name", "Ada <b>", "--email", "ada@example.org")


def laid_out(clerk: Clerk) -> EmailMessage:
    """The one letter in the sandbox's outbox."""
    (file,) = clerk.database.with_suffix(".outbox").iterdir()
    read = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert isinstance(read, EmailMessage)
    return read


def test_until_somebody_writes_texts_the_built_in_ones_are_shown(clerk: Clerk) -> None:
    told = clerk.does("template", "show")
    assert told.startswith("The e-mail reminder as it comes with giftdesk\nSubject: Your gift card: {{balance}}")
    assert "Hello {{name}}," in told
    assert clerk.asks("template", "show", "reminder")["version"] == 0


def test_texts_leave_for_an_editor_and_come_back(clerk: Clerk, tmp_path: Path) -> None:
    """Written into a folder, changed there, and set from it: all or some of the files."""
    folder = tmp_path / "texts"
    assert "subject.txt, text.txt, text.html written" in clerk.does("template", "show", "--into", str(folder))
    assert "says that already" in clerk.does("template", "set", "reminder", "--from", str(folder))
    (folder / "subject.txt").write_text("Soon over: {{balance}}\n")
    (folder / "text.html").unlink()
    done = clerk.asks("template", "set", "reminder", "--from", str(folder), "--ref", "ZD-7")
    assert (done["template"], done["version"]) == ("reminder", 1)
    held = clerk.asks("template", "show")
    assert (held["subject"], held["version"], held["saved_by"]) == ("Soon over: {{balance}}", 1, "mia")
    assert held["html"].startswith("<!DOCTYPE html>")
    assert "a file at" in clerk.is_refused("template", "show", "--into", str(folder), code=66)


def test_what_no_option_names_stays(clerk: Clerk, tmp_path: Path) -> None:
    """And the texts that come with giftdesk come back."""
    before = clerk.asks("template", "show")
    clerk.does("template", "set", "reminder", "--subject", "Soon")
    html = tmp_path / "own.html"
    html.write_text("<p>{{name}}</p>")
    clerk.does("template", "set", "reminder", "--html", str(html))
    held = clerk.asks("template", "show")
    assert (held["subject"], held["text"], held["html"]) == ("Soon", before["text"], "<p>{{name}}</p>")
    clerk.does("template", "set", "reminder", "--no-html")
    assert "There is no HTML." in clerk.does("template", "show")
    clerk.does("template", "set", "reminder", "--built-in")
    assert clerk.asks("template", "show")["text"] == before["text"]


def test_what_can_not_go_out_is_refused_in_one_sentence(clerk: Clerk, tmp_path: Path) -> None:
    told = clerk.is_refused("template", "set", "reminder", "--subject", "For {{nmae}}")
    assert "{{nmae}}, which does not exist; there are {{name}}" in told
    wrong = tmp_path / "text.txt"
    wrong.write_bytes(b"\xff\xfe\x00")
    assert "it is no UTF-8 text" in clerk.is_refused("template", "set", "reminder", "--text", str(wrong), code=66)
    assert "No such file" in clerk.is_refused("template", "set", "reminder", "--html", "/nowhere", code=66)
    assert "holds none of" in clerk.is_refused("template", "set", "reminder", "--from", "/nowhere", code=66)
    assert "Nothing to change" in clerk.is_refused("template", "set", "reminder", code=2)
    assert clerk.asks("template", "show")["version"] == 0


def test_an_e_mail_is_looked_at_for_a_card_before_it_is_saved(clerk: Clerk, card: str, tmp_path: Path) -> None:
    """As it would go on the day on which it is due, and with texts that are in force nowhere yet."""
    told = clerk.does(*NAME, card)
    assert told.startswith(
        "To: Ada <b> <ada@example.org>\nSubject: Your gift card: 25.00 GBP to spend until Fri 20 Nov"
    )
    assert "in 14 days" in told
    assert card[-4:] in told
    assert "{{" not in told
    folder = tmp_path / "seen"
    clerk.does(*NAME, card, "--subject", "{{product}} ends {{days_left}}", "--into", str(folder))
    assert (folder / "subject.txt").read_text() == "Half year ends in 14 days\n"
    assert "Hello Ada &lt;b&gt;," in (folder / "text.html").read_text()
    assert clerk.asks("template", "show")["version"] == 0
    assert "which does not exist" in clerk.is_refused(*NAME, card, "--subject", "{{x}}")


def test_a_desk_at_work_is_previewed_like_a_sandbox(outsider: Clerk) -> None:
    """Its clock is asked together with its last record."""
    outsider.does("init")
    outsider.does("product", "set", "half", "--expire-after", "6 months", "--remind", "2 weeks")
    told = outsider.does(*NAME, outsider.issues("25.00", "--email", "ada@example.org"))
    assert told.startswith("To: <ada@example.org>\nSubject: Your gift card: 25.00 GBP")


def test_a_card_whose_holder_gets_none_says_why(clerk: Clerk) -> None:
    """The texts are filled all the same."""
    nobody = clerk.issues("25.00")
    told = clerk.does(*NAME, nobody)
    assert told.startswith("To: nobody\n")
    assert "Hello there," in told
    assert re.search(r"^It does not go: .+\.$", told, re.MULTILINE)
    assert clerk.asks(*NAME, nobody)["why_not"]


def test_a_test_goes_to_oneself_and_to_nobody_else(clerk: Clerk, card: str) -> None:
    """In a sandbox it lies in a folder beside it."""
    refused = clerk.is_refused("template", "test", "reminder", card)
    assert "no e-mail address on file" in refused
    clerk.does("agents", "set", "mia", "--email", "mia@desk.example")
    assert "mia@desk.example" in clerk.does("template", "test", "reminder", card)
    letter = laid_out(clerk)
    assert [each.addr_spec for each in letter["To"].addresses] == ["mia@desk.example"]
    assert "25.00 GBP" in str(letter["Subject"])
    assert "ada@example.org" not in letter.as_string()


def test_a_test_goes_by_the_server_of_the_settings(
    clerk: Clerk, card: str, office: PostOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the settings name that very desk; what the server says is told."""
    file = tmp_path / "giftdesk.toml"
    file.write_text(
        f'db = "{clerk.database}"\n[mail]\nserver = "127.0.0.1"\nport = {office.port}\nsecurity = "none"\n'
        'from = "Gift cards <gifts@example.org>"\n'
    )
    monkeypatch.setenv("GIFTDESK_CONFIG", str(file))
    clerk.does("agents", "set", "mia", "--email", "mia@desk.example")
    clerk.does("template", "test", "reminder", card)
    assert office.told() == ["mia@desk.example"]
    office.answers["RCPT"] = "550 no such user"
    assert "550 no such user" in clerk.is_refused("template", "test", "reminder", card)
    assert clerk.asks("template", "fields")[0]["name"] == "name"


def test_the_fields_are_listed_with_their_meanings(clerk: Clerk) -> None:
    told = clerk.does("template", "fields")
    assert re.search(r"\{\{balance\}\} +what is left on the card, with its currency +25\.00 GBP", told)
