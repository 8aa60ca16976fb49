"""The demo: a sandbox with cards to try, thrown away when it is left."""

import tempfile
from datetime import datetime
from pathlib import Path

from models.agents import admit
from models.clock import RunningClock
from models.errors import Refused
from models.jobs.demo import AGENTS, START, build_demo
from models.jobs.demo_work import put_to_work
from models.unit import Session
from tui.app import run_app
from tui.keymap import Keymap
from tui.outputs import Output
from tui.terminal import Profile


def run_demo(
    login: str | None,
    now: datetime | None,
    profile: Profile,
    keymap: Keymap,
    output: Output = Output.CELLS,
    *,
    has_mouse: bool = False,
) -> int:
    """Open the demo full screen, on a sandbox that is thrown away afterwards; returns the exit status."""
    name = login or "sam"
    if name not in AGENTS:
        raise Refused(f"The demo's people are {', '.join(AGENTS)}.")
    with tempfile.TemporaryDirectory(prefix="giftdesk-") as folder:
        store, scenarios = build_demo(Path(folder) / "demo.db")
        scenarios = put_to_work(store, scenarios)
        session = Session(store.with_clock(RunningClock(now or START)), name)
        help_key = keymap.key("desk.help")
        greeting = f"This is the demo. {help_key} lists cards to try; Enter there opens one."
        return run_app(session, admit(session), profile, keymap, greeting, scenarios, output, has_mouse=has_mouse)
