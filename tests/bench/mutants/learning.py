"""A plugin of pytest that learns which lines of the targets each test comes by, and how long it takes."""

import json
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bench.mutants.breaking import ROOT, TARGETS

from models.clock import Stopwatch


class Learning:
    """What is learnt in one session."""

    def __init__(self, learnt: Path) -> None:
        self._learnt = learnt
        self._files = {str(ROOT / target): target for target in TARGETS}
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
        self._lines.add((self._files[frame.f_code.co_filename], frame.f_lineno))

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave out what mutants are not shown to."""
        items[:] = filter(is_asked, items)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
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


def is_asked(item: pytest.Item) -> bool:
    """Whether mutants are shown to a test: not where each would start servers of its own."""
    return not hasattr(getattr(item, "module", None), "private_server")


def is_on_server(item: pytest.Item) -> bool:
    """Whether it needs the server that all such tests share."""
    parameters = getattr(getattr(item, "callspec", None), "params", {})
    return parameters.get("engine") == "server" or "server" in getattr(item, "fixturenames", ())


def main(learnt: Path, tests: list[str]) -> None:
    """Learn of some tests."""
    pytest.main(["-q", "-p", "no:cacheprovider", *tests], plugins=[Learning(learnt)])


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
