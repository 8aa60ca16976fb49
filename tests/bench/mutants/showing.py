"""Shows mutants to the tests that come by them, each in a process of its own that ends at the first test that fails.

All tests are collected once. A process that is forked off then is given the broken functions and runs what it was told
to; where a module does something else on being imported, its tests are run afresh on a copy of the checkout.
"""

import gc
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise, zip_longest
from multiprocessing import get_context
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import CodeType, FunctionType
from typing import Final

import pytest
from _pytest.runner import runtestprotocol
from bench.mutants.breaking import ROOT, TARGETS, Mutant
from bench.mutants.learning import is_asked, is_on_server

from models.clock import Stopwatch

Learnt = dict[str, tuple[float, list[tuple[str, int]]]]
_AT_ONCE: Final = 2
_SECONDS: Final = 90.0
_MOST_SECONDS: Final = 12.0
"""How long the tests on files that a mutant is shown to took together when they were learnt of; those on a server, too.
"""
_context = get_context("fork")


@dataclass
class _Trial:
    mutant: Mutant
    process: BaseProcess
    folder: Path
    watch: Stopwatch = field(default_factory=Stopwatch)


class Showing:
    """A session of pytest that runs no test itself, but shows mutants to the tests that it collected."""

    def __init__(self, learnt: Learnt, mutants: Iterator[Mutant], tell: Callable[[Mutant, bool], None]) -> None:
        """Show all that is given, and tell of each whether it was noticed."""
        self._learnt_of = learnt
        self._learnt: dict[tuple[str, int | None], list[tuple[float, str]]] = {}
        self._mutants = mutants
        self._tell = tell
        self._items: dict[str, pytest.Item] = {}
        self._unknown: list[pytest.Item] = []
        self._functions: list[FunctionType] = []

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave out what mutants are not shown to."""
        items[:] = filter(is_asked, items)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Show one after the other, some at once."""
        self._items = {item.nodeid: item for item in session.items}
        self._unknown = [item for name, item in self._items.items() if name not in self._learnt_of]
        self._learnt = _by_line(self._learnt_of, self._items)
        self._learnt_of.clear()
        originals = {target: _compiled(target, (ROOT / target).read_text(encoding="utf-8")) for target in TARGETS}
        files = {code.co_filename for code in originals.values()}
        # Looked for once: whoever walks through all objects after the fork makes a copy of them all.
        self._functions = [
            each for each in gc.get_objects() if type(each) is FunctionType and each.__code__.co_filename in files
        ]
        gc.collect()
        gc.freeze()
        trials: list[_Trial] = []
        with tempfile.TemporaryDirectory(prefix="mutants-") as name:
            Path(name).chmod(0o755)
            for number, mutant in enumerate(self._mutants):
                while len(trials) >= _AT_ONCE:
                    self._end_some(trials)
                folder = Path(name) / str(number)
                folder.mkdir(mode=0o755)
                trials.append(self._begin(mutant, originals[mutant.target], folder))
            while trials:
                self._end_some(trials)
        return True

    def _begin(self, mutant: Mutant, original: CodeType, folder: Path) -> _Trial:
        broken = compile(mutant.tree, str(ROOT / mutant.target), "exec")
        is_inside = _outside_functions(broken) == _outside_functions(original)
        asked = self._who_comes_by(mutant.target, mutant.line) if is_inside else []
        if asked:
            act = partial(_run_here, broken, self._functions)
        else:
            # What is done on importing a module is no test's: whoever comes by any line of it may see the difference.
            asked = self._who_comes_by(mutant.target, None)
            act = partial(_run_afresh, mutant, folder)
        process = _context.Process(target=_try, args=(act, asked, folder))
        process.start()
        return _Trial(mutant, process, folder)

    def _who_comes_by(self, target: str, line: int | None) -> list[pytest.Item]:
        """All of which nothing was learnt; of those that come by a line, or any of a module, the quickest ones."""
        come_by = [(seconds, self._items[name]) for seconds, name in self._learnt.get((target, line), ())]
        on_files = _quickest((seconds, item) for seconds, item in come_by if not is_on_server(item))
        on_servers = _quickest((seconds, item) for seconds, item in come_by if is_on_server(item))
        return self._unknown + on_files + on_servers if come_by else []

    def _end_some(self, trials: list[_Trial]) -> None:
        """Wait until one has ended, or had its time."""
        wait([trial.process.sentinel for trial in trials], timeout=1)
        for trial in list(trials):
            is_late = trial.watch.seconds() > _SECONDS
            if trial.process.exitcode is None and not is_late:
                continue
            _kill(trial.process)
            trials.remove(trial)
            shutil.rmtree(trial.folder, ignore_errors=True)
            assert trial.process.exitcode != 2, f"nobody could be asked about {trial.mutant.name}"
            self._tell(trial.mutant, is_late or trial.process.exitcode != 0)


def _by_line(learnt: Learnt, items: Container[str]) -> dict[tuple[str, int | None], list[tuple[float, str]]]:
    """Line -> the tests that come by it, the quickest first; the line None of a file: any of its lines."""
    tests: defaultdict[tuple[str, int | None], set[tuple[float, str]]] = defaultdict(set)
    for name, (seconds, lines) in learnt.items():
        if name in items:
            for target, line in lines:
                tests[target, line].add((seconds, name))
                tests[target, None].add((seconds, name))
    return {line: sorted(each) for line, each in tests.items()}


def _quickest(items: Iterable[tuple[float, pytest.Item]]) -> list[pytest.Item]:
    """The quickest of each module, then the next of each, as many as there is time for; each module's side by side."""
    modules: dict[Path, list[tuple[float, pytest.Item]]] = {}
    for seconds, item in items:
        modules.setdefault(item.path, []).append((seconds, item))
    chosen: dict[Path, list[pytest.Item]] = {}
    left = _MOST_SECONDS
    for following in zip_longest(*modules.values()):
        for seconds, item in filter(None, following):
            left -= seconds
            if left > 0 or not chosen:
                chosen.setdefault(item.path, []).append(item)
    return [item for each in chosen.values() for item in each]


def _kill(process: BaseProcess) -> None:
    """End a trial and whatever it started."""
    assert process.pid is not None
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.join()


def _try(act: Callable[[Sequence[pytest.Item]], bool], items: Sequence[pytest.Item], folder: Path) -> None:
    """In a process of its own: ends with 0 when nobody notices anything, and with 2 when nobody could be asked."""
    os.setsid()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)
    tempfile.tempdir = os.environ["TMPDIR"] = str(folder)
    status = 2
    try:
        status = int(act(items))
    finally:
        os._exit(status)


def _run_here(broken: CodeType, functions: Iterable[FunctionType], items: Sequence[pytest.Item]) -> bool:
    """Put broken functions in place of the right ones, and run tests until one fails."""
    _replace_functions(broken, functions)
    for item, following in pairwise((*items, None)):
        assert item is not None
        if any(report.failed for report in runtestprotocol(item, log=False, nextitem=following)):
            if following is not None:
                item.session._setupstate.teardown_exact(None)
            return True
    return False


def _run_afresh(mutant: Mutant, folder: Path, items: Sequence[pytest.Item]) -> bool:
    """Run tests on a copy of the checkout until one fails."""
    checkout = folder / "checkout"
    shutil.copytree(ROOT, checkout, ignore=shutil.ignore_patterns(".git", "__pycache__", ".*cache", ".venv"))
    (checkout / mutant.target).write_text(mutant.source, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(checkout), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"]
    return bool(items) and bool(
        subprocess.run([*command, *(item.nodeid for item in items)], cwd=checkout, env=environment).returncode
    )


def _compiled(target: str, source: str) -> CodeType:
    return compile(source, str(ROOT / target), "exec")


def _inner(code: CodeType) -> Iterator[CodeType]:
    return (each for each in code.co_consts if isinstance(each, CodeType))


def _is_function(code: CodeType) -> bool:
    return bool(code.co_flags & 0x02)


def _outside_functions(code: CodeType) -> list[object]:
    """What is done on importing a module, its functions left aside."""
    plain = [repr(each) for each in code.co_consts if not isinstance(each, CodeType)]
    own: list[object] = [code.co_code, code.co_names, plain]
    return own + [part for each in _inner(code) if not _is_function(each) for part in _outside_functions(each)]


def _functions(code: CodeType) -> Iterator[CodeType]:
    for each in _inner(code):
        if _is_function(each):
            yield each
        yield from _functions(each)


def _replace_functions(broken: CodeType, functions: Iterable[FunctionType]) -> None:
    """Give every function of the module the code that the broken module has for it."""
    codes = {(each.co_filename, each.co_qualname, each.co_firstlineno): each for each in _functions(broken)}
    for each in functions:
        right = each.__code__
        code = codes.get((right.co_filename, right.co_qualname, right.co_firstlineno))
        if code is not None and len(code.co_freevars) == len(right.co_freevars):
            each.__code__ = code
