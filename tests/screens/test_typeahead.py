"""Typing faster than the screens can follow is as good as typing slowly: every key does there what it was meant for."""

import fcntl
import random
import shutil
import sqlite3
import struct
import termios
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from driver import Driver, at_desk
from screens.conftest import Demo, SitDown
from screens.test_sleeping import CTRL_Z
from screens.test_terminal import _DEMO, VIP, Terminal

from models.clock import FixedClock
from models.jobs.demo import START, Scenario
from models.store import Store, open_store
from tui import bridge
from tui.terminal import Profile

CTRL_Q = "\x11"
F1, F3, F6, F7, F8, F9, F10 = "\x1bOP", "\x1bOR", "\x1b[17~", "\x1b[18~", "\x1b[19~", "\x1b[20~", "\x1b[21~"
CODES = (VIP, "9VY9 NYQP KPN5 XPT9")
# Across all screens; Esc is not among them, for what it means depends on what is under way.
KEYS = (
    *["\r"] * 6,
    *("j", "k", "l", "h", "n", "r", "e", "y", "c", "f", "a", "z", "t", "p", "g", "o", "w", "v", "x", "Y", "S"),
    *(
        "/",
        "-",
        ".",
        "'",
        "1",
        "2",
        " ",
        "\t",
        "\x7f",
        ":note\r",
        ":products\r",
        "ada",
        "leeds",
        "\x1b[200~ada\x1b[201~",
    ),
    *("\x1b[A", "\x1b[B", "\x1b[6~", "\x1b[H", "\x1b[F", F1, F3, F3, F3, F6, F7, F8, F9, F10),
)
Seen = tuple[str, list[str], str, int]
SitAnew = Callable[[], Any]


def pieces(seed: int, count: int) -> list[str]:
    """What somebody types who is given to trying keys."""
    chance = random.Random(seed)
    return [f"{VIP}\r"] + [
        chance.choice(KEYS) if chance.random() < 0.93 else f"{F3}/{chance.choice(CODES)}\r" for _ in range(count)
    ]


def seen(desk: Driver) -> Seen:
    """What is shown, on which screens, where the keys go, and how often it beeped."""
    screens = [type(screen).__name__ for screen in desk.app.screen_stack]
    return " ".join(desk.words().replace("…", " ").split()), screens, str(desk.app.focused), desk.beeps


async def slowly(desk: Driver, typed: list[str], *, until_refused: bool) -> list[str]:
    """Type piece by piece, each after the one before had its effect; which of them were not refused."""
    taken = []
    for piece in typed:
        before = desk.beeps
        for message in [*desk._reader.feed(piece.encode()), *desk._reader.rest()]:
            desk.app.post_message(message)
            await desk.settles()
            if desk.beeps > before:
                break
        if desk.beeps == before:
            taken.append(piece)
        elif until_refused:
            break
    return taken


@pytest.fixture
def copies(original: tuple[Path, tuple[Scenario, ...]], quick_folder: Path) -> SitAnew:
    """A desk on a copy of the demo of its own, each time."""
    path, scenarios = original
    numbers = iter(range(10_000))

    def sit_anew() -> Any:
        name = f"copy-{next(numbers)}"
        for suffix in (".db", ".key"):
            shutil.copy(path.with_suffix(suffix), quick_folder / f"{name}{suffix}")
        store = open_store(quick_folder / f"{name}.db", FixedClock(START))
        return at_desk(store, scenarios, profile=Profile.LEAN)

    return sit_anew


async def ends_alike(copies: SitAnew, monkeypatch: pytest.MonkeyPatch, seed: int, count: int) -> None:
    """What is typed slowly and what is typed in one go, over a store that is now quick and now slow, end alike."""
    async with copies() as desk:
        typed = await slowly(desk, pieces(seed, count), until_refused=False)
    async with copies() as desk:
        await slowly(desk, typed, until_refused=True)
        expected = seen(desk)
    chance, tried = random.Random(seed), bridge._tried

    def tried_in_time(work: Callable[[], Any]) -> Any:
        time.sleep(chance.choice((0, 0, 0.003, 0.02)))
        return tried(work)

    with monkeypatch.context() as patch:
        patch.setattr(bridge, "_tried", tried_in_time)
        async with copies() as desk:
            for piece in typed:  # the line is still for a moment behind each
                desk.at_once(piece)
            await desk.settles()
            assert seen(desk) == expected, f"seed {seed}: {typed}"


async def test_a_burst_is_as_good_as_typing(copies: SitAnew, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys of every screen in one go."""
    await ends_alike(copies, monkeypatch, seed=5, count=14)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 140))
async def test_bursts_are_as_good_as_typing(copies: SitAnew, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Many more."""
    await ends_alike(copies, monkeypatch, seed, count=40)


async def test_a_refusal_drops_all_that_has_arrived(sit_down: SitDown) -> None:
    """A burst of hundreds of keys behind it, not looked at yet: one beep, and none of them does anything."""
    async with sit_down() as desk:
        await desk.opens("Expired this morning, VIP")
        before = seen(desk)
        desk.at_once("s" + "nothing of it\r" * 30)
        await desk.settles()
        desk.sees("An agent may not suspend cards")
        assert seen(desk)[1:3] == before[1:3]
        assert desk.beeps == 1
        await desk.types("n")
        desk.sees("Note on")


async def test_a_long_way_back_is_one_way(sit_down: SitDown) -> None:
    """From three pages deep to another page: the key behind it is for that page."""
    async with sit_down(login="mia") as desk:
        desk.at_once(f"{F8}e\x1bOS{VIP}\r{F6}n")
        await desk.settles()
        desk.sees("products > new")


def test_a_burst_of_many_thousand_keys_is_dropped_whole(tmp_path: Path) -> None:
    """On a real line, more than a terminal holds at once: behind a refusal none of it does anything; one beep. What is
    on the line when the app sleeps or ends is not the app's."""
    terminal = Terminal(_DEMO, "demo", home=tmp_path)
    try:
        terminal.sees("This is the demo")
        terminal.types(f"{VIP}\rs" + "n" * 9_000)
        terminal.sees("An agent may not suspend cards")
        terminal.types("n")
        terminal.sees("Note on")
        terminal.types("one")
        terminal.sees("one")
        assert "none" not in terminal.text().partition("Note on")[2]
        assert terminal.received.replace(b"\x1b]22;default\x07", b"").count(b"\x07") == 1
        terminal.types(f"{F3}{CTRL_Q}{CTRL_Z}x\r")
        assert terminal.ends() == 0
    finally:
        terminal.close()


class Busy(threading.Thread):
    """Another program that holds the store's lock again and again."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._path = str(store.path)
        self._is_over = threading.Event()
        self.held_seconds = 0.0

    def run(self) -> None:
        chance = random.Random(1)
        other = sqlite3.connect(self._path, isolation_level=None)
        while not self._is_over.wait(chance.uniform(0.05, 0.4)):
            length = chance.uniform(0.2, 1.5)
            other.execute("BEGIN IMMEDIATE")
            self._is_over.wait(length)
            other.execute("ROLLBACK")
            self.held_seconds += length
        other.close()

    def stop(self) -> None:
        """Hold it no more."""
        self._is_over.set()
        self.join()


@pytest.fixture
def busy(demo: Demo) -> Iterator[Busy]:
    """It begins at once."""
    other = Busy(demo.store)
    other.start()
    yield other
    other.stop()


def notes(store: Store) -> list[str]:
    """The notes that were written, card by card, in their order."""
    with sqlite3.connect(str(store.path)) as read:
        found = read.execute("SELECT text FROM activity_text WHERE text LIKE 'note %' ORDER BY card_id, number")
        return [text for (text,) in found]


@pytest.mark.slow
def test_a_minute_of_fifty_keys_a_second(tmp_path: Path, demo: Demo, busy: Busy) -> None:
    """Over a store whose lock somebody else holds most of the time, with pastes, resizes and reports between the keys:
    every note that was typed letter by letter is there, whole and in order, and nothing beeped."""
    words = ("--db", f"sqlite:///{demo.store.path}", "--as", "sam", "--now", "2026-11-21T14:02Z")
    terminal = Terminal(_DEMO, *words, home=tmp_path)
    expected: list[str] = []
    try:
        terminal.sees("Enter finds.")
        sent, begun = 0, time.monotonic()
        while time.monotonic() < begun + 60:
            code = CODES[len(expected) % 2]
            expected.append(f"note {len(expected)} é of many letters and a ")
            keys = [*code, "\r", "n", *expected[-1], "\x1b[200~paste\x1b[201~", "\r"]
            keys += [F7, "\x1b[I", F3, F1, "\x1b[6~", F3, F10, "x", F3, "\x1b[O", F9, "j", F3, "/"]
            fcntl.ioctl(terminal.line, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 79 + len(expected) % 2, 0, 0))
            for key in keys:
                for part in (key.encode()[:1], key.encode()[1:]):
                    terminal.sends(part)
                sent += 1
                terminal.takes(until=begun + sent / 50)
        until = time.monotonic() + 120
        while len(notes(demo.store)) < len(expected) and time.monotonic() < until:
            terminal.takes(until=time.monotonic() + 0.1)
        whole = [f"{each}paste" for each in expected]
        assert notes(demo.store) in (whole[::2] + whole[1::2], whole[1::2] + whole[::2])
        assert terminal.received.replace(b"\x1b]22;default\x07", b"").count(b"\x07") == 0
        print(f"\n{sent} keys, {len(expected)} notes, the store held for {busy.held_seconds:.0f} s of 60")
        terminal.sees("1 card.")
        terminal.types(CTRL_Q)
        assert terminal.ends() == 0
    finally:
        terminal.close()
