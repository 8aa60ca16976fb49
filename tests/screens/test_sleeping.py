"""The terminal given away and taken back: to the shell and to an editor, from wherever one is, with nothing lost."""

import fcntl
import os
import signal
import struct
import sys
import termios
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from driver import Driver
from screens.conftest import SitDown
from screens.test_locking import names
from screens.test_terminal import _DEMO, VIP, Terminal
from textual.drivers.headless_driver import HeadlessDriver

from models.errors import Refused
from tui.editing import choose_editor, edited

CTRL_G, CTRL_Z = "\x07", "\x1a"
_SHELL = "import os; os.execlp('sh', 'sh', '-i')"
_EDITOR = """#!/bin/sh
stat -c %a "$1" "$(dirname "$1")" > "$HOME/modes"
echo "$1" > "$HOME/where"
printf 'EDITING '
cat "$1"
read answer
case "$answer" in
fail) exit 3;;
wait) exec sleep 60;;
keep) exit 0;;
esac
printf '%s\\n\\033two\\r\\n' "$answer" > "$1"
"""


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Terminal]:
    """A shell that knows how to open the demo, and an editor of a kind."""
    editor = tmp_path / "editor"
    editor.write_text(_EDITOR)
    editor.chmod(0o700)
    start = tmp_path / "start"
    start.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{_DEMO}" demo\n')
    start.chmod(0o700)
    environment = {"VISUAL": str(editor), "PS1": "shell> ", "TMPDIR": str(tmp_path), "XDG_RUNTIME_DIR": ""}
    terminal = Terminal(_SHELL, home=tmp_path, environment=environment)
    try:
        terminal.sees("shell>")
        terminal.types(f"{start}\n")
        terminal.sees("This is the demo. F1 lists cards to try")
        yield terminal
    finally:
        terminal.close()


def child_of(process: int) -> int:
    """What runs below a shell."""
    return int(Path(f"/proc/{process}/task/{process}/children").read_text().split()[0])


def test_a_sleep_loses_nothing(shell: Terminal) -> None:
    """With half a note typed: the shell has its terminal as it was; later, wider, the note is gone on with. Stopped by
    somebody else, with and without notice, it comes back as well."""
    shell.types(f"{VIP}\rnhalf a no{CTRL_Z}lost")
    shell.sees("Stopped")
    shell.is_as_before()
    assert "Ada Lovelace" not in shell.text()  # nor on a terminal without a second screen
    fcntl.ioctl(shell.line, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 79, 0, 0))
    shell.forgets()
    shell.types("fg\n")
    shell.sees("half a no")
    shell.sees("Enter Save")
    shell.is_filled_to(78)
    shell.types("te")
    shell.sees("half a note")
    app = child_of(shell.process.pid)
    os.kill(app, signal.SIGTSTP)
    shell.sees("Stopped")
    shell.is_as_before()
    shell.forgets()
    shell.types("fg\n")
    shell.sees("half a note")
    os.kill(app, signal.SIGSTOP)
    shell.sees("Stopped")
    shell.forgets()
    shell.types("fg\n")
    shell.sees("half a note")
    shell.types(" and more\r")
    shell.sees("has your note")
    shell.types("a")
    shell.sees("half a note and more")
    shell.types("\x11")
    shell.sees("shell>")
    shell.is_as_before()


def test_begun_behind_somebodys_back_it_leaves_the_terminal_as_it_found_it(shell: Terminal, tmp_path: Path) -> None:
    """It waits until it has the terminal: how it was set up for somebody else meanwhile is not how it was before."""
    shell.types("\x11")
    shell.sees("shell>")
    shell.types(f"stty -echo; {tmp_path}/start &\n")
    app = Path("/proc")
    while app.name == "proc" or "T (stopped)" not in (app / "status").read_text():
        shell.takes(until=time.monotonic() + 0.05)
        children = Path(f"/proc/{shell.process.pid}/task/{shell.process.pid}/children").read_text().split()
        app = Path("/proc") / children[-1] if children else app
    shell.types("stty echo; fg\n")
    shell.sees("This is the demo. F1 lists cards to try")
    shell.types("\x11")
    shell.sees("shell>")
    shell.is_as_before()


def test_an_editor_has_the_terminal_to_itself(shell: Terminal, tmp_path: Path) -> None:
    """A private file, gone afterwards; one line of what it left for a field of one line; a failure changes nothing."""
    shell.types(f"{VIP}\rnhalf{CTRL_G}not for giftdesk")
    shell.sees("EDITING half")
    shell.is_as_before()
    assert (tmp_path / "modes").read_text().split() == ["600", "700"]
    where = Path((tmp_path / "where").read_text().strip())
    assert where.exists()
    shell.types("one\n")
    shell.sees("one two")
    assert not where.parent.exists()
    shell.types(f"!{CTRL_G}")
    shell.sees("EDITING one two!")
    shell.types("fail\n")
    shell.sees("The editor ended with status 3. Nothing was changed.")
    shell.sees("one two!")
    shell.types(CTRL_G)
    shell.sees("EDITING one two!")
    shell.types("wait\n")
    where = Path((tmp_path / "where").read_text().strip())
    os.kill(child_of(shell.process.pid), signal.SIGTERM)
    shell.sees("shell>")
    assert not where.parent.exists()
    shell.types("echo status $?\n")
    shell.sees("status 143")
    assert "half" not in "".join(log.read_text() for log in tmp_path.rglob("*.log"))


async def test_who_stays_away_finds_it_locked(sit_down: SitDown) -> None:
    """By the time that has passed: at once when it is woken up, and before the first key where nobody noticed."""
    async with sit_down() as desk:
        desk.clock.tick(timedelta(minutes=desk.app.policy.lock_minutes))
        desk.app.wake_up()
        await desk.settles()
        desk.sees("Locked")
    async with sit_down() as desk:
        await desk.opens("Expired this morning, VIP")
        desk.clock.tick(timedelta(minutes=desk.app.policy.lock_minutes))
        await desk.types("nx")
        desk.sees("Locked")
        desk.does_not_see("x")


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An editor that puts a word before what it finds, where a driver has a terminal to give away; its folder."""
    for name, does in (("can_suspend", property(lambda _: True)), ("suspend_application_mode", lambda _: None)):
        monkeypatch.setattr(HeadlessDriver, name, does)
    monkeypatch.setattr(HeadlessDriver, "resume_application_mode", lambda _: None)
    (tmp_path / "editor").write_text('#!/bin/sh\nprintf "more %s" "$(cat "$1")" > "$1~"; cp "$1~" "$1"\n')
    (tmp_path / "editor").chmod(0o700)
    monkeypatch.setenv("VISUAL", str(tmp_path / "editor"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "session"))
    (tmp_path / "session").mkdir()
    return tmp_path / "session"


def takes(desk: Driver, monkeypatch: pytest.MonkeyPatch, minutes: int) -> None:
    """So long the agent stays in the editor."""
    monkeypatch.setattr(
        HeadlessDriver, "suspend_application_mode", lambda _: desk.clock.tick(timedelta(minutes=minutes))
    )


async def sits_down(desk: Driver, name: str) -> None:
    """Somebody goes on at the sandbox, if it is not them already."""
    if desk.app.agent.name != name:
        await desk.presses("f12", "home")
        await desk.presses(*["down"] * names(desk).index(name), "enter")
        desk.sees(f"You are {name} now")


async def test_who_stays_in_an_editor_finds_it_locked_and_the_text_kept(
    sit_down: SitDown, editor: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dialog is left: what was written goes on in the editor, for the same card and the same login alone."""
    async with sit_down() as desk:
        await desk.opens("Expired this morning, VIP")
        await desk.types("nhalf")
        takes(desk, monkeypatch, desk.app.policy.lock_minutes)
        await desk.presses("ctrl+g")
        desk.sees("Locked")
        desk.does_not_see("half", "more", "Ada")
        assert not list(editor.iterdir())
        await desk.presses("enter")
        desk.sees("You were away, so nothing was taken. What you wrote is kept for the editor.")
        takes(desk, monkeypatch, 0)
        for name, seen in (("Pat", "Note more"), ("Sam", "Note more more half"), ("Sam", "Note more")):
            await sits_down(desk, name)
            await desk.types("n")
            await desk.presses("ctrl+g")
            desk.sees(seen)
            await desk.presses("escape")


async def test_a_field_of_a_page_has_what_was_written_behind_the_lock(
    sit_down: SitDown, editor: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stands where it was to go, for the page is only covered."""
    async with sit_down(login="mia") as desk:
        await desk.presses("f8", "down", "e")
        takes(desk, monkeypatch, desk.app.policy.lock_minutes)
        await desk.presses("ctrl+g")
        desk.sees("Locked")
        desk.does_not_see("more", "Hello")
        await desk.presses("enter")
        desk.sees("more Hello {{name}},")
        assert not list(editor.iterdir())


async def test_who_comes_back_from_an_editor_in_time_goes_on(
    sit_down: SitDown, editor: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To leave it is a sign of life: the time until the lock begins anew."""
    async with sit_down() as desk:
        await desk.opens("Expired this morning, VIP")
        await desk.types("nhalf")
        takes(desk, monkeypatch, desk.app.policy.lock_minutes - 1)
        await desk.presses("ctrl+g")
        desk.sees("more half")
        await desk.goes_away(timedelta(minutes=2))
        desk.sees("more half")
        assert not list(editor.iterdir())


async def test_a_field_for_few_words_needs_no_editor(sit_down: SitDown) -> None:
    """The search field, and a field of a name."""
    async with sit_down() as desk:
        await desk.presses("ctrl+g")
        desk.sees("This field takes a few words: type them here.")
        assert desk.beeps == 1


def test_an_editor_is_named_or_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """VISUAL before EDITOR, words as a shell reads them, and no shell runs; one that is not there is told."""
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in ("my editor", "vi"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o700)
    monkeypatch.setenv("EDITOR", "vi")
    monkeypatch.setenv("VISUAL", "'my editor' --wait '$(reboot)'")
    assert choose_editor() == ["my editor", "--wait", "$(reboot)"]
    monkeypatch.delenv("VISUAL")
    assert choose_editor() == ["vi"]
    monkeypatch.delenv("EDITOR")
    assert choose_editor() == ["vi"]
    for wrong in ("nowhere", "'open"):
        monkeypatch.setenv("EDITOR", wrong)
        with pytest.raises(Refused, match="no editor as EDITOR names it"):
            choose_editor()
    monkeypatch.delenv("EDITOR")
    (tmp_path / "vi").unlink()
    with pytest.raises(Refused, match="no editor here"):
        choose_editor()


@pytest.mark.parametrize(
    ("writes", "text"),
    [
        ("printf 'a\\nb\\n'", "a\nb"),
        ("printf 'a\\r\\nb'", "a\nb"),
        ("printf '\\357\\273\\277\\303\\251\\033[2J\\n\\n'", "é[2J\n"),
        ("printf ''", ""),
    ],
)
def test_what_an_editor_leaves_is_text(writes: str, text: str) -> None:
    """Without its last newline, without what a terminal would obey."""
    assert edited("x", ["sh", "-c", f'{writes} > "$0"']) == text


@pytest.mark.parametrize(
    ("does", "told"),
    [
        ("printf '\\377' > \"$0\"", "can't be read as a text"),
        ('rm "$0"', "can't be read as a text"),
        ('head -c 1000002 /dev/zero > "$0"', "too long"),
        ("exit 1", "ended with status 1"),
    ],
)
def test_what_is_no_text_changes_nothing(does: str, told: str) -> None:
    """It is said why."""
    with pytest.raises(Refused, match=f"{told}.*Nothing was changed"):
        edited("x", ["sh", "-c", does])
