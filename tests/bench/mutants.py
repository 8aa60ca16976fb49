"""Breaks the modules of money in many small ways, one at a time, and counts how many of them the tests notice.

python tests/bench/mutants.py --minutes 20 --seed 1      # survivors are printed, to be read: some change nothing
python tests/bench/mutants.py --learnt /tmp/learnt.json  # learns once, which takes some minutes by itself
python tests/bench/mutants.py --only models/ledger.py

Works on a copy of the checkout. First all tests of the rules, of the store and of jobs are run once, to learn which of
them come by which line; a mutant is then shown to the quickest of those that come by its line.
"""

import argparse
import ast
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from models.clock import Stopwatch

ROOT = Path(__file__).parents[2]
RULES = (
    *("alarms", "approvals", "balances", "checkout", "dates", "diagnosis", "instants", "journal", "limits", "money"),
    *("reactivation", "status", "thresholds", "transfers", "validity", "zero"),
)
TARGETS = (
    *(f"models/rules/{name}.py" for name in RULES),
    *(str(path.relative_to(ROOT)) for path in sorted((ROOT / "models" / "desk").glob("*.py"))),
    "models/ledger.py",
)
TESTS = ("tests/rules", "tests/store", "tests/jobs")
MOST_TESTS = 60
SECONDS = 90
LEARNT = "GIFTDESK_MUTANTS_LEARNT"

SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
}
Change = Callable[[Any], None]


class Learning:
    """A plugin of pytest that learns which lines of the targets each test comes by, and how long it takes."""

    def __init__(self, learnt: Path) -> None:
        self._learnt = learnt
        self._files = {str(ROOT / target) for target in TARGETS}
        self._lines: set[tuple[str, int]] = set()
        self._of: dict[str, tuple[float, list[tuple[str, int]]]] = {}

    def _trace(self, frame: Any, _event: str, _value: Any) -> Any:
        if frame.f_code.co_filename not in self._files:
            return None
        self._note(frame)
        return self._trace_lines

    def _trace_lines(self, frame: Any, event: str, _value: Any) -> Any:
        if event == "line":
            self._note(frame)
        return self._trace_lines

    def _note(self, frame: Any) -> None:
        self._lines.add((str(Path(frame.f_code.co_filename).relative_to(ROOT)), frame.f_lineno))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: Any) -> Iterator[None]:
        """One test, from its setup to its end."""
        self._lines, watch = set(), Stopwatch()
        threading.settrace(self._trace)
        sys.settrace(self._trace)
        try:
            return (yield)
        finally:
            sys.settrace(None)
            threading.settrace(None)
            self._of[item.nodeid] = (watch.seconds(), sorted(self._lines))

    def pytest_sessionfinish(self) -> None:
        """Write down what was learnt."""
        self._learnt.write_text(json.dumps(self._of))


def points(tree: ast.Module) -> Iterator[tuple[ast.AST, int, str, Change]]:
    """Every place that can be broken: the node, its line, what becomes of it, and what breaks it."""
    skipped = {id(inner) for node in ast.walk(tree) for part in _not_of_interest(node) for inner in ast.walk(part)}
    for node in ast.walk(tree):
        if id(node) in skipped or not hasattr(node, "lineno"):
            continue
        for what, change in _changes(node):
            yield node, node.lineno, what, change


def _not_of_interest(node: ast.AST) -> Iterator[ast.AST]:
    """Annotations, decorators and docstrings."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield from node.decorator_list
    if isinstance(node, ast.FunctionDef) and node.returns is not None:
        yield node.returns
    if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation is not None:
        yield node.annotation
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        yield node


def _changes(node: ast.AST) -> Iterator[tuple[str, Change]]:
    match node:
        case ast.Compare(ops=[operator]) if type(operator) in SWAPPED:
            yield _swap("ops", SWAPPED[type(operator)], is_list=True)
        case ast.BoolOp() | ast.BinOp() if type(node.op) in SWAPPED:
            yield _swap("op", SWAPPED[type(node.op)])
        case ast.UnaryOp(op=ast.Not()):
            yield "without not", lambda it: setattr(it, "operand", ast.UnaryOp(ast.Not(), it.operand))
        case ast.Constant(value=bool(value)):
            yield f"{not value}", lambda it: setattr(it, "value", not value)
        case ast.Constant(value=int(value)):
            yield f"{value + 1}", lambda it: setattr(it, "value", value + 1)
        case ast.If() | ast.IfExp() if isinstance(node.test, ast.Name | ast.Attribute | ast.Call):
            yield "if not", lambda it: setattr(it, "test", ast.UnaryOp(ast.Not(), it.test))
        case ast.Expr(value=ast.Call()):
            yield "left away", lambda it: setattr(it, "value", ast.Constant(None))
        case ast.Return(value=ast.expr()) if not isinstance(node.value, ast.Constant):
            yield "returns None", lambda it: setattr(it, "value", ast.Constant(None))


def _swap(name: str, operator: type[ast.AST], *, is_list: bool = False) -> tuple[str, Change]:
    return operator.__name__, lambda it: setattr(it, name, [operator()] if is_list else operator())


def mutant(target: str, place: int) -> tuple[int, str, str]:
    """A file broken at one of its points: the line, what was changed, and the whole source."""
    tree = ast.parse((ROOT / target).read_text(encoding="utf-8"))
    node, line, what, change = list(points(tree))[place]
    before = ast.unparse(node).splitlines()[0][:80]
    change(node)
    return line, f"{before}: {what}", ast.unparse(ast.fix_missing_locations(tree))


def count(target: str) -> int:
    """How many points of a file can be broken."""
    return sum(1 for _ in points(ast.parse((ROOT / target).read_text(encoding="utf-8"))))


def learn(learnt: Path, among: Sequence[str]) -> dict[tuple[str, int], list[tuple[float, str]]]:
    """Line -> the tests that come by it, the quickest first; kept in a file, and read from it when it is there."""
    if not learnt.exists():
        subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "bench.mutants", *among],
            cwd=ROOT,
            env={**os.environ, LEARNT: str(learnt), "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"},
        )
    tests: defaultdict[tuple[str, int], list[tuple[float, str]]] = defaultdict(list)
    for test, (seconds, lines) in json.loads(learnt.read_text()).items():
        for file, line in lines:
            tests[file, line].append((seconds, test))
    return {line: sorted(each) for line, each in tests.items()}


def pytest_configure(config: pytest.Config) -> None:
    """Learn, where that is what this module was loaded for."""
    if os.environ.get(LEARNT):
        config.pluginmanager.register(Learning(Path(os.environ[LEARNT])))


def is_killed(checkout: Path, target: str, source: str, tests: Sequence[str]) -> bool:
    """Whether one of some tests fails, or does not end, with a file's source in a copy of the checkout."""
    file = checkout / target
    right = file.read_text(encoding="utf-8")
    file.write_text(source, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(checkout), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    try:
        ended = subprocess.run(
            command, cwd=checkout, env=environment, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return True
    finally:
        file.write_text(right, encoding="utf-8")
    return ended.returncode != 0


def main() -> None:
    """Break, run, count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="+", default=TARGETS)
    parser.add_argument("--tests", nargs="+", default=TESTS, help="the tests that are asked, instead of all")
    parser.add_argument("--learnt", type=Path, help="a file that keeps which tests come by which line, for another run")
    asked = parser.parse_args()
    killed, survivors = 0, []
    with tempfile.TemporaryDirectory() as name:
        tests = learn(asked.learnt or Path(name) / "learnt.json", asked.tests)
        watch = Stopwatch()
        checkout = Path(name) / "checkout"
        shutil.copytree(ROOT, checkout, ignore=shutil.ignore_patterns(".git", "__pycache__", ".*cache", ".venv"))
        waiting = [(target, place) for target in asked.only for place in range(count(target))]
        random.Random(asked.seed).shuffle(waiting)
        print(f"{len(waiting):,} mutants", flush=True)
        for target, place in waiting:
            if watch.seconds() > asked.minutes * 60:
                break
            line, what, source = mutant(target, place)
            # What is done on importing a module is no test's: whoever comes by any line of it may see the difference.
            of_file = sorted({each for (file, _), found in tests.items() if file == target for each in found})
            come_by = [test for _, test in tests.get((target, line), of_file)][:MOST_TESTS]
            if come_by and is_killed(checkout, target, source, come_by):
                killed += 1
                continue
            survivors.append(f"{target}:{line}: {what}{'' if come_by else ' (no test comes by)'}")
            print(survivors[-1], flush=True)
    shown = killed + len(survivors)
    print(f"{shown} shown, {killed} killed ({100 * killed // max(shown, 1)} %)")


if __name__ == "__main__":
    main()
