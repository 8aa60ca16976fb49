"""Reminder e-mails on the screen: who gets what next week, and texts that are previewed before they are saved."""

import os
import re
import stat
from dataclasses import dataclass
from datetime import date
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from driver import WIDE, Driver
from screens.conftest import Demo, SitDown
from screens.letters import bought, put_in_hand, with_reminders
from screens.payloads import EIGHT
from textual.widgets import TextArea

from models import desk as actions
from models.desk.agents import set_agent
from models.finding import CardLine, find
from models.mail import Answer, Letter, Verdict
from models.mail.opening import sandbox_outbox
from models.people import PersonGiven
from models.previews import texts_held
from models.rules import texts
from models.rules.reminders import State
from models.rules.roles import Role
from models.rules.templates import BUILT_IN, REMINDER, Texts
from models.unit import Session
from tui.browsing import guarded

VIP = "Expired this morning, VIP"
TODAY = "Last day is today"
PLAIN = Texts("Soon over", "Hello {{name}},\n{{balance}} until {{last_day}}, {{days_left}}.", None)


def saved(desk: Driver) -> Texts:
    """The texts that go out."""
    return texts_held(desk.colleague("mia")).texts


def set_by(desk: Driver, login: str, texts: Texts) -> None:
    """A colleague saves other texts."""
    outcome = actions.set_template(desk.colleague(login), REMINDER, texts)
    assert outcome.done, outcome.sentence


def mails(demo: Demo) -> list[bytes]:
    """What lies in the sandbox's outbox."""
    folder = sandbox_outbox(demo.store.path)
    return [file.read_bytes() for file in sorted(folder.glob("*.eml"))] if folder.exists() else []


@pytest.fixture
def letters(demo: Demo, sit_down: SitDown) -> SitDown:
    """A desk with reminders to come and some that wait."""
    with_reminders(demo.store)
    return sit_down


@pytest.fixture
def let_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """The validators look away, as those of another program would."""
    monkeypatch.setattr(texts, "_checked", lambda text, _what, _longest: text)
    monkeypatch.setattr(texts, "_EMAIL", re.compile(".*", re.DOTALL))


# What goes, and to whom


async def test_the_next_days_are_told_card_by_card(letters: SitDown) -> None:
    """Who gets what next week, who can't be reminded and why, and what waits for somebody."""
    async with letters() as desk:
        await desk.presses("f8")
        desk.sees(
            "7 days from today: 4 reminders, 2 late. 1 card cannot be reminded. 1 of unknown outcome. 1 waiting",
            "Sat 21 Nov 2026 2 reminders, 2 of them late",
            "C2TN Ben Okafor Classic 50 late 1 day before",
            "Sun 22 Nov 2026 1 reminder",
            "Grace Hopper Classic 50 14 days before",
            "Mon 23 Nov 2026 none",
            "May have gone out or not: somebody must decide 1",
            "Hal Noether The holder has no e-mail address on file.",
        )
        await desk.presses("end")
        desk.sees("<ida@example.org>, 14 days before Sun 29 Nov 2026.")
        desk.sees("Wait for another try, 3 tries, again 21 Nov 15:02: 451 4.7.1 Try again later")


async def test_more_days_are_read_when_asked_for(letters: SitDown) -> None:
    async with letters() as desk:
        await desk.presses("f8")
        desk.does_not_see("Sat 28 Nov 2026")
        await desk.types("m")
        desk.sees("14 days from today", "Fri 27 Nov 2026")
        await desk.presses("end")
        desk.sees("May have gone out or not")


async def test_a_long_list_is_gone_through_by_its_parts(letters: SitDown) -> None:
    """n leads to the next day on which something goes and to who can't be reminded, p back."""
    async with letters() as desk:
        await desk.types("\x1b[19~nnnj")
        desk.sees("Hal Noether, 14 days before Mon 7 Dec 2026.")
        await desk.types("ppj")
        desk.sees("Ida Rhodes <ida@example.org>, 1 day before")


async def test_enter_opens_the_card_on_the_desk(letters: SitDown) -> None:
    """The line's card, and a line that is no card says so."""
    async with letters() as desk:
        await desk.presses("f8", "enter")
        desk.sees("This line is no card")
        await desk.presses("down", "enter")
        desk.sees("find > card", "C2TN", "Ben Okafor", "Verdict")


async def test_a_day_with_very_many_is_counted_and_not_listed_whole(
    letters: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.forecast.MOST_LINES", 0)
    async with letters() as desk:
        await desk.presses("f8")
        desk.sees("Sun 22 Nov 2026 1 reminder and 1 more", "Cannot be reminded 1 card and 1 more")


async def test_what_was_read_is_read_again(letters: SitDown) -> None:
    """F5 shows what a colleague did meanwhile, and the cursor stays where it was."""
    async with letters() as desk:
        await desk.presses("f8", *["down"] * 4)
        desk.sees("<grace@example.org>, 14 days before Sun 6 Dec 2026. Classic 50, 25.00 GBP. Goes Sun 22 Nov 09:00.")
        (card,) = (line.card_id for line in found(desk, "Grace Hopper"))
        assert actions.suspend(desk.colleague("pat"), card, "Reported lost").done
        await desk.presses("f5")
        desk.sees("2 cards cannot be reminded.", "Grace Hopper The card is suspended.")


def found(desk: Driver, name: str) -> tuple[CardLine, ...]:
    """The cards that somebody's name finds."""
    return find(desk.store, name).lines


# Texts


async def test_a_text_is_edited_previewed_and_saved(letters: SitDown) -> None:
    """From F8 by e to the text, F4 shows it for a real card, and only then Ctrl+S saves it."""
    async with letters(login="mia") as desk:
        await desk.presses("f8", "down", "e")
        desk.sees("These are the texts that giftdesk comes with.", "Hello {{name}},")
        await desk.types("Dear/")
        await desk.presses("ctrl+s")
        desk.sees("A text is saved only as it was seen: look at the preview first (F4).")
        assert saved(desk) == BUILT_IN[REMINDER]
        await desk.presses("f4")
        desk.sees(
            "To Ben Okafor <ben@example.org>", "15.00 GBP to spend until Sat 21 Nov 2026", "Dear/Hello Ben Okafor,"
        )
        await desk.presses("escape")
        await desk.types("x")
        await desk.presses("ctrl+s")
        desk.sees("A text is saved only as it was seen")
        await desk.presses("f4", "ctrl+s")
        desk.sees("Version 1 of the e-mail reminder is in force.", "Version 1, saved by Mia on 21 Nov 2026 14:02.")
        assert saved(desk).text.startswith("Dear/xHello {{name}}")
        await desk.presses("ctrl+s")
        desk.sees("These are the texts as they are saved.")


async def test_what_is_wrong_stands_beside_its_part(letters: SitDown) -> None:
    """While it is typed; neither preview nor save goes on until it is right."""
    async with letters(login="mia") as desk:
        await desk.presses("f8", "e", "shift+tab")
        await desk.types("{{nmae}} ")
        desk.sees("The subject names {{nmae}}, which does not exist; there are {{name}}, {{balance}}")
        for key in ("f4", "ctrl+s"):
            await desk.presses(key)
            assert len(desk.app.screen_stack) == 3
        await desk.presses(*["backspace"] * 9)
        desk.does_not_see("which does not exist")
        await desk.presses("ctrl+u")
        desk.sees("The subject is empty.")


async def test_a_field_is_put_into_the_text_from_a_list(letters: SitDown) -> None:
    """Ctrl+T lists what a text may name; where there is room, the same stands beside it."""
    async with letters(login="mia") as desk:
        await desk.presses("f8", "e", "ctrl+t", "down")
        desk.sees("what is left on the card, with its currency", "For example")
        await desk.presses("enter")
        desk.sees("{{balance}}Hello {{name}}")
    async with letters(login="mia", size=WIDE) as desk:
        await desk.presses("f8", "e")
        desk.sees("Fields", "the card by its last characters")


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


@dataclass
class Says:
    """A mail server that has one answer."""

    answer: Answer

    def send(self, _letter: Letter) -> Answer:
        return self.answer

    def close(self) -> None:
        pass


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


# Colleagues


async def test_a_colleague_was_quicker(letters: SitDown) -> None:
    """Who and when is told, what was typed stays, and F5 lets one choose between the two."""
    async with letters(login="mia") as desk:
        assert set_agent(desk.colleague("mia"), "max", name="Max", role=Role.MANAGER).done
        await desk.presses("f8", "down", "e")
        await desk.types("Dear ")
        await desk.presses("f4")
        set_by(desk, "max", PLAIN)
        await desk.presses("ctrl+s")
        desk.sees("Max saved version 1 of the e-mail reminder on 21 Nov 2026 14:02. Nothing was saved.", "Dear Hello")
        assert saved(desk) == PLAIN
        await desk.presses("f5")
        desk.sees("Other texts were saved meanwhile", "keep what I typed")
        await desk.presses("enter")
        desk.sees("Version 1, saved by Max", "Dear Hello")
        await desk.presses("f4", "ctrl+s")
        desk.sees("Version 2 of the e-mail reminder is in force.")


async def test_the_texts_of_a_colleague_can_be_taken(letters: SitDown) -> None:
    async with letters(login="mia") as desk:
        await desk.presses("f8", "e")
        await desk.types("Dear ")
        set_by(desk, "mia", PLAIN)
        await desk.presses("f5", "right", "enter")
        desk.sees("{{balance}} until {{last_day}}, {{days_left}}.", "Version 1, saved by Mia")
        desk.does_not_see("Dear")
        await desk.presses("escape")
        desk.sees("7 days from today")


async def test_an_agent_may_look_and_preview(letters: SitDown) -> None:
    """Nothing that is typed or pasted changes anything; saving and tests are for managers."""
    async with letters() as desk:
        await desk.presses("f8", "down", "e")
        before = desk.screen_text()
        await desk.types("xyz")
        await desk.pastes("xyz")
        assert desk.screen_text() == before
        await desk.presses("ctrl+s")
        desk.sees("An agent may not change the texts of e-mails; ask a manager.")
        await desk.presses("f4", "t")
        desk.sees("Hello Ben Okafor,", "An agent may not change the texts of e-mails; ask a manager.")


# Nothing is lost, and nothing acts


async def test_nothing_typed_is_lost_unasked(letters: SitDown) -> None:
    """However the page is left, and be it with giftdesk, it asks first."""
    async with letters(login="mia") as desk:
        await desk.presses("f8", "e")
        await desk.types("Dear ")
        for keys in (["escape"], ["f2"], ["f6"], ["ctrl+q"], ["ctrl+t", "ctrl+q"]):
            await desk.presses(*keys)
            desk.sees("What you typed here is not saved.")
            await desk.presses("escape")
            desk.sees("Dear Hello", "Left as it was.")


async def test_leaving_unsaved_after_the_question(letters: SitDown) -> None:
    async with letters(login="mia") as desk:
        await desk.presses("f8", "e")
        await desk.types("Dear ")
        await desk.presses("f2", "enter")
        assert desk.desk.finder.field.has_focus
        assert len(desk.app.screen_stack) == 1
        assert saved(desk) == BUILT_IN[REMINDER]


async def test_a_paste_is_text_and_confirms_nothing(letters: SitDown) -> None:
    """Line breaks, keys and commands in it stay text; one that is too long is refused whole."""
    async with letters(login="mia") as desk:
        await desk.presses("f8", "e")
        await desk.pastes("One\r\rTwo\x13\x1b[15~\r/e")
        desk.sees("One Two[15~ /eHello {{name}}")
        assert len(desk.app.screen_stack) == 3
        await desk.pastes("x" * 20_001)
        desk.sees("There is room for 20,000 characters here; nothing of that was taken.")
        assert "xxx" not in desk.app.screen.query_one("#text", TextArea).text
        await desk.presses("escape")
        await desk.pastes("\r\r")
        desk.sees("What you typed here is not saved.")


async def test_everything_in_one_go(letters: SitDown) -> None:
    """To the text, a word, the preview, saved, back to the desk and the next card: typed before anything is drawn."""
    async with letters(login="mia") as desk:
        desk.at_once(f"\x1b[19~jeDear \x1bOS\x13\x1bOR\x1bOR/{desk.code_of(VIP)}\r")
        await desk.settles()
        desk.sees("EXPIRED 11 h ago")
        assert saved(desk).text.startswith("Dear Hello")


@pytest.mark.usefixtures("let_in")
async def test_hostile_names_and_answers_are_text(letters: SitDown, demo: Demo) -> None:
    """In the forecast, in what a server said, typed into a text, and filled into a preview."""
    for number, payload in enumerate(EIGHT.values()):
        nobody = bought(demo.store, date(2026, 6, 9 + number), PersonGiven(payload))
        put_in_hand(demo.store, nobody, State.WAITING, payload)
        bought(demo.store, date(2026, 6, 20 + number), PersonGiven(payload, "ann@example.org"))
    async with letters(login="mia", size=(100, 60)) as desk:
        await desk.presses("f8", "m", "m", "end")
        desk.is_harmless()
        for _ in EIGHT:
            await desk.presses("up")
            desk.is_harmless()
        await desk.presses("e", "f4")
        desk.is_harmless()
        await desk.presses("escape")
        desk.app.screen.query_one("#html", TextArea).insert("".join(EIGHT.values()))
        await desk.pastes("".join(EIGHT.values()))
        desk.is_harmless()


def test_what_a_browser_is_shown_runs_nothing() -> None:
    """The rule stands in the head, before anything that could run."""
    for html in ("<!DOCTYPE html>\n<html lang='en'><head><script>x</script>", "<p>x<script>y</script>", ""):
        made = guarded(html)
        assert made.index("Content-Security-Policy") < (made + "<script>").index("<script>")
        assert made.startswith(html[: len("<!DOCTYPE html>")] if html.startswith("<!") else "<meta")
