"""A round: every program is started, gone through with its keys and ended, one after the other with the same luck."""

import os
import subprocess
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from bench.terminal.acts import FIRST_SCREEN, Act
from bench.terminal.contestants import Contestant
from bench.terminal.line import Answer, Line

Samples = dict[str, list[Answer]]
"""Event -> what each of its keys brought."""


class Round:
    """What all rounds brought, by the names of the programs."""

    def __init__(self) -> None:
        """Nothing, yet."""
        self.samples: dict[str, Samples] = defaultdict(lambda: defaultdict(list))
        self.memory_mb: dict[str, list[float]] = defaultdict(list)

    def go(self, contestants: Iterable[Contestant], kind: str) -> None:
        """One round."""
        for each in contestants:
            line = started(each.words, each.surroundings, kind=kind)
            try:
                ready = Answer(line.sent, line.arrived[-1].at * 1000, line.cpu_ms)
                self.samples[each.name][FIRST_SCREEN].append(ready)
                for act in each.acts:
                    self._do(act, line, self.samples[each.name])
                self.memory_mb[each.name].append(line.memory_mb)
            finally:
                line.close()

    def _do(self, act: Act, line: Line, samples: Samples) -> None:
        if act.event is not None:
            samples[act.event] += [line.press(key) for key in act.keys]
        elif "escape" in act.keys:  # together with the next key it would be another key
            for key in act.keys:
                line.press(key)
        else:
            line.press(*act.keys)
        if not line.is_open:
            msg = f"ended at {act}: {line.arrived[-1].sent[-500:]!r}"
            raise RuntimeError(msg)


def started(
    words: Sequence[str],
    surroundings: Mapping[str, str],
    *,
    kind: str = "modern",
    bytes_a_second: float | None = None,
) -> Line:
    """A program whose first screen stands."""
    line = Line(words, surroundings, kind=kind, bytes_a_second=bytes_a_second)
    line.starts()
    if not line.is_open or not line.arrived:
        msg = f"{words} ended: {b''.join(each.sent for each in line.arrived)[-500:]!r}"
        raise RuntimeError(msg)
    return line


def run_through(words: Sequence[str], surroundings: Mapping[str, str]) -> tuple[float, float]:
    """A command that ends by itself: milliseconds, and those of the processor."""
    begun = time.perf_counter()
    with subprocess.Popen(words, env=surroundings, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL) as program:
        _, status, used = os.wait4(program.pid, 0)
        took = time.perf_counter() - begun
        program.returncode = os.waitstatus_to_exitcode(status)
    if program.returncode:
        msg = f"{words} ended with {program.returncode}"
        raise RuntimeError(msg)
    return took * 1000, (used.ru_utime + used.ru_stime) * 1000
