"""The prompt that stands before the app does: it is true, no key is lost behind it, and it goes when something else is
to be said."""

import os
import shutil
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from driver import NARROW, WIDE
from screens.conftest import SitDown
from screens.test_terminal import _DEMO as _GIFTDESK
from screens.test_terminal import VIP, Terminal, surroundings

from models import settings
from models.jobs.demo import Scenario
from tui import first_frame
from tui.console.parser import parse
from tui.console.quick_look import wish_for_screens
from tui.outputs import Output
from tui.terminal import FIRST_SCREEN, Profile

VERY_WIDE = (200, 60)
NOON = "2026-11-21T14:02Z"
Open = Callable[..., Terminal]


@pytest.fixture
def desk_file(original: tuple[Path, tuple[Scenario, ...]], tmp_path: Path) -> Path:
    """A copy of the demo's desk that nobody has open."""
    for suffix in (".db", ".key"):
        shutil.copy(original[0].with_suffix(suffix), tmp_path / f"desk{suffix}")
    return tmp_path / "desk.db"


@pytest.fixture
def open_desk(desk_file: Path, tmp_path: Path) -> Iterator[Open]:
    """Start the screens on that desk: open_desk("--profile", "lean", NO_COLOR="1")."""
    opened: list[Terminal] = []

    def open_(*words: str, **environment: str) -> Terminal:
        where = ("--db", f"sqlite:///{desk_file}", "--as", "sam", "--now", NOON)
        opened.append(Terminal(_GIFTDESK, *where, *words, home=tmp_path, environment=environment))
        return opened[-1]

    yield open_
    for terminal in opened:
        terminal.close()


# It is true


def test_only_the_terminal_of_the_keys_is_painted(tmp_path: Path) -> None:
    """With the keys of another one than that of the output, the app alone says which it takes: neither is touched."""
    (keys, theirs), (screen, shown) = os.openpty(), os.openpty()
    termios.tcsetwinsize(shown, (24, 80))
    before = termios.tcgetattr(shown)
    code = "from tui import first_frame; first_frame.paint(None)"
    environment = {**surroundings(tmp_path), "PYTHONPATH": os.getcwd()}
    subprocess.run([sys.executable, "-c", code], stdin=theirs, stdout=shown, stderr=shown, env=environment, check=True)
    assert termios.tcgetattr(shown) == before
    for each in (keys, theirs, screen, shown):
        os.close(each)


@pytest.mark.parametrize("size", [NARROW, WIDE, VERY_WIDE, (60, 16)], ids=str)
@pytest.mark.parametrize(
    ("profile", "no_color"), [(Profile.FULL, ""), (Profile.LEAN, ""), (Profile.LEAN, "1"), (Profile.ASCII, "")]
)
async def test_the_app_paints_the_same(
    sit_down: SitDown, size: tuple[int, int], profile: Profile, no_color: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In each profile and size: what comes later are who works there, the time, and colours."""
    monkeypatch.setenv("NO_COLOR", no_color)
    painted = first_frame.FirstFrame([], *size, profile, has_own_keys=False)
    async with sit_down(size=size, profile=profile) as desk:
        top, *rest = [strip.text.rstrip() for strip in desk.strips()]
        assert top.startswith(painted.rows[0])
        assert rest == [row.rstrip() for row in painted.rows[1:]]
        assert desk.desk.finder.field.cursor_screen_offset == painted.cursor


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=str)
async def test_what_was_styled_once_was_styled_right(sit_down: SitDown, size: tuple[int, int]) -> None:
    """At the start each part is styled as it is mounted, and no more: to do it all again changes nothing."""
    async with sit_down(size=size, profile=Profile.LEAN) as desk:
        parts = [desk.desk, *desk.desk.walk_children()]
        as_mounted = [part.styles.css for part in parts]
        desk.app.stylesheet.update(desk.desk)
        assert [part.styles.css for part in parts] == as_mounted


def test_own_keys_come_with_the_app() -> None:
    """A bar that would show other keys than somebody's own shows none."""
    assert first_frame.FirstFrame([], *NARROW, Profile.LEAN, has_own_keys=True).rows[-1] == ""


def test_where_there_is_no_room_it_says_so() -> None:
    """The same sentence that the app says."""
    assert first_frame.FirstFrame([], 40, 12, Profile.LEAN, has_own_keys=False).rows[0].startswith("giftdesk needs")


@pytest.mark.parametrize(
    "environment", [{}, {"XDG_CONFIG_HOME": "/etc/desk"}, {"XDG_CONFIG_HOME": " "}, {"GIFTDESK_CONFIG": "~/my.toml"}]
)
def test_the_settings_are_looked_for_in_one_place(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the app reads them, the first frame does."""
    for name in ("XDG_CONFIG_HOME", "GIFTDESK_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert os.path.expanduser(first_frame.settings_path()) == str(settings.settings_file())


@pytest.mark.parametrize(
    ("line", "is_plain"),
    [
        ("", True),
        ("demo", True),
        ("--profile lean", True),
        ("--db=sqlite:////srv/desk.db --as sam demo --now 2026-11-21T14:02Z --output stock", True),
        ("--profile gaudy", False),
        ("--profile", False),
        ("--json", False),
        ("--db --as", False),
        ("demo demo", False),
        ("--help", False),
        ("show 7Q4M", False),
        ("--version", False),
        ("demo --help", False),
    ],
)
def test_a_quick_look_sees_what_the_grammar_would(line: str, is_plain: bool) -> None:
    """A command line that asks for the screens is understood the same way; any other is left to the grammar."""
    wish = wish_for_screens(line.split())
    assert (wish is not None) is is_plain
    if wish is not None:
        assert vars(wish) == vars(parse(line.split()))


@pytest.mark.parametrize("choice", [*Profile, *Output])
def test_a_quick_look_knows_all_choices(choice: Profile | Output) -> None:
    """They are told there once more, so that it costs no import of the rest."""
    option = "--profile" if isinstance(choice, Profile) else "--output"
    assert wish_for_screens([option, choice]) is not None


# No key is lost behind it


@pytest.mark.parametrize("delay_ms", [0, 15, 60, 250])
def test_what_is_typed_meanwhile_is_done(open_desk: Open, delay_ms: int) -> None:
    """A code, Enter, r and Enter, all at once, long before there is an app: the card is reactivated."""
    terminal = open_desk()
    time.sleep(delay_ms / 1000)
    terminal.types(f"{VIP}\rr\r")
    terminal.sees("is reactivated: 50.00 GBP")
    assert VIP.encode() not in terminal.received.partition(b"giftdesk  find")[2].partition(b"Sam")[0]
    terminal.types("\x11")
    assert terminal.ends() == 0
    terminal.is_as_before()


def test_the_app_sends_what_differs(open_desk: Open) -> None:
    """The screen is taken once, and neither cleared nor painted again."""
    terminal = open_desk("--profile", "lean")
    terminal.sees("Sam")
    terminal.types("\x11")
    assert terminal.ends() == 0
    terminal.is_as_before()
    assert terminal.received.count(b"\x1b[?1049h") == 1
    assert terminal.received.removesuffix(b"\x1b[?25h").removesuffix(FIRST_SCREEN.encode()).count(b"\x1b[2J") == 1
    assert terminal.received.count(b"begins a command") == 1


# It goes


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_during_the_start_ends_in_order(open_desk: Open, number: signal.Signals, status: int) -> None:
    """As soon as the prompt stands: the terminal is as it was."""
    terminal = open_desk()
    terminal.sees("Find")
    terminal.process.send_signal(number)
    assert terminal.ends() == status
    terminal.is_as_before()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_that_is_lost_in_the_start_ends_all_the_same(
    desk_file: Path, tmp_path: Path, number: signal.Signals
) -> None:
    """What a signal raises amid an import may be lost in what clears up after one: the app asks once it is there."""
    losing = (
        "import signal\nfrom contextlib import suppress\nfrom tui.console import screens\n"
        "import_ = screens.import_textual\n"
        f"def losing():\n    with suppress(BaseException):\n        signal.raise_signal({int(number)})\n    import_()\n"
        "screens.import_textual = losing\n"
    )
    terminal = Terminal(
        f"{losing}{_GIFTDESK}", "--db", f"sqlite:///{desk_file}", "--as", "sam", "--now", NOON, home=tmp_path
    )
    try:
        assert terminal.ends() == 128 + number
        terminal.is_as_before()
    finally:
        terminal.close()


def test_ctrl_c_during_the_start_ends_in_order(open_desk: Open, tmp_path: Path) -> None:
    """Typed on the terminal; a start that has to compile all modules outlasts any busy machine."""
    terminal = open_desk(PYTHONPYCACHEPREFIX=str(tmp_path / "compiled"))
    terminal.sees("Find")
    terminal.types("\x03")
    assert terminal.ends() == 130
    terminal.is_as_before()


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"GIFTDESK_PROFILE": "gaudy"}, b"GIFTDESK_PROFILE names no profile"),
        ({"GIFTDESK_MOUSE": "of"}, b"GIFTDESK_MOUSE is neither on nor off: of."),
        ({"GIFTDESK_CONFIG": "/nowhere.toml"}, b"There are no settings at /nowhere.toml"),
        ({"GIFTDESK_KEY": "/nowhere.key"}, b"/nowhere.key"),
    ],
    ids=["profile", "mouse", "settings", "key"],
)
def test_a_refusal_is_told_on_the_terminal_as_it_was(
    open_desk: Open, environment: dict[str, str], sentence: bytes
) -> None:
    """Behind the prompt something turns out to be wrong: it is gone, and the sentence stands."""
    terminal = open_desk(**environment)
    terminal.types("typed for the desk, not for the shell\r")
    assert terminal.ends() != 0
    told = terminal.received.rpartition(b"\x1b[?1049l")[2]
    assert sentence in told
    assert b"Traceback" not in terminal.received
    if b"\x1b[?1049h" in terminal.received:
        terminal.is_as_before()
    # This terminal has no second screen, like GNU screen: nothing of the picture is left there.
    assert "Find" not in terminal.text()


def test_a_question_is_asked_on_the_terminal_as_it_was(tmp_path: Path) -> None:
    """A question stands on the first screen, with its echo or without; what was typed before answers nothing."""
    terminal = Terminal(_GIFTDESK, home=tmp_path)
    try:
        terminal.types("1\r")
        terminal.sees("Which?")
        terminal.is_as_before()
        terminal.types("q\n")
        assert terminal.ends() == 0
    finally:
        terminal.close()
