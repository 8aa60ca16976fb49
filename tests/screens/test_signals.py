"""Signals, whenever they come: the terminal is as it was, the process is gone, and nothing is half done.

Each of them comes in the middle of a change and behind it, and one or the other with each dialog of a card open:
python3 tests/check.py -m slow -k signals
"""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from screens.test_terminal import Terminal
from store.counter import NOON, Counter, furnish

from models import desk
from models.clock import FixedClock, pause
from models.pending import cut_offs
from models.store import open_store
from tui.commands import COMMANDS, Group

pytestmark = pytest.mark.slow

_GIFTDESK = "import sys; from tui.cli import main; sys.exit(main(sys.argv[1:]))"
# A change stops within its transaction, or behind it, until it is told to go on.
_SLOW = f"""
import os, time
from pathlib import Path
from models import unit

name, folder = os.environ["SLOW"], Path(os.environ["XDG_STATE_HOME"])
real = getattr(unit, name)

def slow(*arguments):
    made = real(*arguments)
    if arguments[1] == "note":
        (folder / "reached").touch()
        while not (folder / "on").exists():
            time.sleep(0.01)
    return made

setattr(unit, name, slow)
{_GIFTDESK}
"""
ENDS = {
    "HUP": signal.SIGHUP,
    "TERM": signal.SIGTERM,
    "QUIT": signal.SIGQUIT,
    "INT": signal.SIGINT,
    "KILL": signal.SIGKILL,
    "closed": signal.SIGHUP,
}
MOMENTS = {"in the transaction": "_once", "behind the commit": "_carried_out"}
_KEEPS_THE_REPLY = "y"
LETTERS = [
    command.key
    for command in COMMANDS
    if command.group is Group.CARD and len(command.key) == 1 and command.key != _KEEPS_THE_REPLY
]


@pytest.fixture
def counter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Counter:
    """A desk with a card."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    clock = FixedClock(NOON)
    return Counter(open_store(furnish(tmp_path / "desk.db"), clock), clock)


@pytest.fixture
def code(counter: Counter) -> str:
    """Of the card."""
    return str(desk.issue(counter.mia, "half", 5000).hand_out)


@pytest.fixture
def slow_desk(counter: Counter, code: str, tmp_path: Path, moment: str) -> Iterator[Terminal]:
    """A note has been typed and confirmed, and is being saved."""
    terminal = opened(_SLOW, counter, code, tmp_path, SLOW=MOMENTS[moment])
    try:
        terminal.types("ncalled\r")
        while not (tmp_path / "reached").exists():
            pause(0.01)
        yield terminal
    finally:
        terminal.close()


def opened(script: str, counter: Counter, code: str, home: Path, **environment: str) -> Terminal:
    """A desk with the card open."""
    words = ("--db", f"sqlite:///{counter.file}", "--as", "mia", "--now", NOON.isoformat())
    terminal = Terminal(script, *words, home=home, environment=environment)
    terminal.types(f"{code}\r")
    terminal.sees("50.00 GBP can be spent")
    return terminal


def sent(terminal: Terminal, end: str) -> None:
    if end == "closed":
        terminal.hangs_up()
    else:
        terminal.process.send_signal(ENDS[end])


def is_gone(terminal: Terminal, end: str) -> None:
    """With the status of the signal, and but for a window that is gone or a process that could do nothing any more, the
    terminal is as it was."""
    status = -signal.SIGKILL if end == "KILL" else 128 + ENDS[end]
    if end == "closed":
        assert terminal.process.wait(5) == status
        return
    assert terminal.ends() == status
    if end != "KILL":
        terminal.is_as_before()
        assert b"Traceback" not in terminal.received


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("end", ENDS)
def test_a_change_is_saved_whole_or_not_at_all(
    slow_desk: Terminal, counter: Counter, tmp_path: Path, moment: str, end: str
) -> None:
    """What is being saved is finished first; who is killed in the middle is told at the next start that it was not."""
    sent(slow_desk, end)
    pause(0.2)
    (tmp_path / "on").touch()
    is_gone(slow_desk, end)
    is_saved = (moment, end) != ("in the transaction", "KILL")
    assert counter.kinds(1) == ["issue", *["note"] * is_saved]
    assert not counter.findings()
    assert [cut.was_done for cut in cut_offs(counter.store)] == [is_saved] * (end == "KILL")


@pytest.mark.parametrize("number", range(len(LETTERS)), ids=LETTERS)
def test_whatever_is_open_is_left(counter: Counter, code: str, tmp_path: Path, number: int) -> None:
    """After each letter that an open card takes, one of the signals in turn: nothing was done."""
    end = list(ENDS)[number % len(ENDS)]
    terminal = opened(_GIFTDESK, counter, code, tmp_path)
    try:
        terminal.types(LETTERS[number])
        terminal.rests()
        sent(terminal, end)
        is_gone(terminal, end)
    finally:
        terminal.close()
    assert counter.kinds(1) == ["issue"]
    assert not cut_offs(counter.store)
