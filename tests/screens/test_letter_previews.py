"""An e-mail as it would go: for a real card, in the browser, and as a test to oneself."""

import os
import stat
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from screens.conftest import Demo, SitDown

from models.desk.agents import set_agent
from models.mail import Answer, Letter, Verdict
from models.mail.opening import sandbox_outbox
from models.unit import Session
from tui.browsing import guarded

VIP = "Expired this morning, VIP"
TODAY = "Last day is today"


def mails(demo: Demo) -> list[bytes]:
    """What lies in the sandbox's outbox."""
    folder = sandbox_outbox(demo.store.path)
    return [file.read_bytes() for file in sorted(folder.glob("*.eml"))] if folder.exists() else []


@dataclass
class Says:
    """A mail server that has one answer."""

    answer: Answer

    def send(self, _letter: Letter) -> Answer:
        return self.answer

    def close(self) -> None:
        pass


async def test_the_text_is_shown_for_the_card_that_is_named(letters: SitDown) -> None:
    """By code or last four; what finds none or several stays in the dialog with its reason."""
    async with letters(login="mia") as desk:
        await desk.presses("f8", "e", "f4")
        desk.sees("Which card")
        await desk.types("Ida Rhodes\r")
        desk.sees("2 cards are found by that: give the whole code.")
        await desk.presses(*["backspace"] * 20)
        await desk.types(f"{desk.code_of(VIP)}\r")
        desk.sees("To Ada Lovelace", "This card's holder gets none: The last day is over.")
        await desk.types("c")
        await desk.types("Grace Hopper\r")
        desk.sees("Hello Grace Hopper,", "Sun 6 Dec 2026, in 14 days")


async def test_the_card_on_the_desk_is_the_one_that_is_shown(letters: SitDown) -> None:
    async with letters(login="mia") as desk:
        await desk.opens(TODAY)
        await desk.presses("f8", "e", "f4")
        desk.sees("Card ···· ···· ···· C2TN, 15.00 GBP", "Sat 21 Nov 2026, today.")


async def test_a_test_goes_to_oneself(letters: SitDown, demo: Demo) -> None:
    """Twice when asked twice, each under a name of its own, and never to the customer."""
    async with letters(login="mia") as desk:
        await desk.presses("f8", "down", "e", "f4", "t", "t")
        desk.sees("The test to mia@giftdesk.example was sent.")
    sent = [message_from_bytes(mail, policy=policy.default) for mail in mails(demo)]
    assert [mail["To"] for mail in sent] == ["Mia <mia@giftdesk.example>"] * 2
    assert sent[0]["Subject"] == "[Test] Your gift card: 15.00 GBP to spend until Sat 21 Nov 2026"
    assert sent[0]["Message-ID"] != sent[1]["Message-ID"]


@pytest.mark.parametrize(
    ("verdict", "told"),
    [
        (Verdict.REFUSED, "The test to mia@giftdesk.example was refused. 550 No such user"),
        (Verdict.NOT_NOW, "The test to mia@giftdesk.example was not sent. 550 No such user"),
        (Verdict.UNKNOWN, "Whether the test to mia@giftdesk.example went out is not known. 550 No such user"),
    ],
)
async def test_what_the_server_said_of_a_test_is_told(
    letters: SitDown, monkeypatch: pytest.MonkeyPatch, verdict: Verdict, told: str
) -> None:
    monkeypatch.setattr(
        "models.previews.open_mailer", lambda _store, _settings: Says(Answer(verdict, "550 No such user"))
    )
    async with letters(login="mia") as desk:
        await desk.presses("f8", "down", "e", "f4", "t")
        desk.sees(told)
        assert desk.beeps == 1


async def test_a_test_needs_an_address(letters: SitDown, demo: Demo) -> None:
    assert set_agent(Session(demo.store, "mia"), "mia", email="").done
    async with letters(login="mia") as desk:
        await desk.presses("f8", "down", "e", "f4", "t")
        desk.sees("You have no e-mail address on file")
    assert mails(demo) == []


async def test_the_html_is_shown_in_a_browser(
    letters: SitDown, quick_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From a file that only its owner can read, that runs nothing, and that is gone afterwards."""
    seen = quick_folder / "seen"
    browser = quick_folder / "browser"
    browser.write_text(f'#!/bin/sh\nls -l "${{1#file://}}" > {seen}; cat "${{1#file://}}" >> {seen}\n')
    browser.chmod(0o755)
    monkeypatch.setenv("BROWSER", f"{browser} %s")
    monkeypatch.setenv("DISPLAY", ":9")
    monkeypatch.setattr("tempfile.tempdir", str(quick_folder))
    async with letters(login="mia") as desk:
        await desk.presses("f8", "down", "e", "f4", "b")
        desk.sees("Shown in your browser, from")
        desk.app.exit()
    shown = seen.read_text()
    assert shown.startswith("-rw-------")
    assert "Hello Ben Okafor" in shown
    assert "default-src 'none'" in shown
    assert not list(quick_folder.glob("giftdesk-*.html"))


async def test_without_a_display_the_path_is_said(
    letters: SitDown, quick_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing takes the terminal from under the desk."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("tempfile.tempdir", str(quick_folder))
    async with letters(login="mia") as desk:
        await desk.presses("f8", "down", "e", "f4", "b")
        (file,) = quick_folder.glob("giftdesk-*.html")
        assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
        assert f"open {file} yourself" in desk.words()


def test_what_a_browser_is_shown_runs_nothing() -> None:
    """The rule stands in the head, before anything that could run."""
    for html in ("<!DOCTYPE html>\n<html lang='en'><head><script>x</script>", "<p>x<script>y</script>", ""):
        made = guarded(html)
        assert made.index("Content-Security-Policy") < (made + "<script>").index("<script>")
        assert made.startswith(html[: len("<!DOCTYPE html>")] if html.startswith("<!") else "<meta")
