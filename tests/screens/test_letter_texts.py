"""The texts of e-mails on the screen: edited, previewed before they are saved, and never lost unasked."""

import re
from datetime import date

import pytest
from driver import WIDE, Driver
from screens.conftest import Demo, SitDown
from screens.letters import bought, put_in_hand
from screens.payloads import EIGHT
from textual.widgets import TextArea

from models import desk as actions
from models.desk.agents import set_agent
from models.people import PersonGiven
from models.previews import texts_held
from models.rules import texts
from models.rules.families import BUILT_IN, REMINDER
from models.rules.reminders import State
from models.rules.roles import Role
from models.rules.templates import Texts
from tui.widgets.area import Area

VIP = "Expired this morning, VIP"
PLAIN = Texts("Soon over", "Hello {{name}},\n{{balance}} until {{last_day}}, {{days_left}}.", None)


def saved(desk: Driver) -> Texts:
    """The texts that go out."""
    return texts_held(desk.colleague("mia")).texts


def set_by(desk: Driver, login: str, texts: Texts) -> None:
    """A colleague saves other texts."""
    outcome = actions.set_template(desk.colleague(login), REMINDER, texts)
    assert outcome.done, outcome.sentence


@pytest.fixture
def let_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """The validators look away, as those of another program would."""
    monkeypatch.setattr(texts, "_checked", lambda text, _what, _longest: text)
    monkeypatch.setattr(texts, "_EMAIL", re.compile(".*", re.DOTALL))


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
        await desk.pastes("xyz")
        assert desk.screen_text() == before
        await desk.types("x")
        desk.sees("x does nothing here: F1 lists the keys.")
        await desk.presses("ctrl+g")
        desk.sees("This text is only shown here: you may not change it.")
        assert desk.screen_text().splitlines()[:-3] == before.splitlines()[:-3]
        await desk.presses("ctrl+s")
        desk.sees("An agent may not change the texts of e-mails; ask a manager.")
        await desk.presses("f4", "t")
        desk.sees("Hello Ben Okafor,", "An agent may not change the texts of e-mails; ask a manager.")


async def test_what_an_editor_leaves_is_seen_where_one_was(letters: SitDown) -> None:
    """The beginning stays in sight: what was changed there is not above the screen."""
    async with letters(login="mia") as desk:
        await desk.presses("f8", "down", "e")
        area = desk.app.focused
        assert isinstance(area, Area)
        assert area.take_edited(area.text.replace("Hello", "Dear")) is None
        await desk.settles()
        desk.sees("Dear {{name}},")
        assert area.cursor_location == (0, 0)


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
    """A hasty Enter loses nothing: what is thrown away is chosen."""
    async with letters(login="mia") as desk:
        await desk.presses("f8", "e")
        await desk.types("Dear ")
        await desk.presses("escape", "enter")
        desk.sees("Dear Hello")
        await desk.presses("f2", "right", "enter")
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
