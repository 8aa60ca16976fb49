"""A clerk at the command line: types a command, reads what comes back."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tui.cli import main

NOON = datetime(2026, 5, 21, 12, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 21, 14, 2, tzinfo=UTC)
"""Eleven hours after a half year from NOON is over."""


@dataclass(frozen=True)
class Answer:
    """What a command left behind."""

    code: int
    out: str
    err: str


class Clerk:
    """Types commands at one desk, as one login, at one time of day."""

    def __init__(self, capsys: pytest.CaptureFixture[str], database: Path) -> None:
        self.database = database
        self.now: datetime | None = NOON
        self.login: str | None = None
        self._capsys = capsys

    def types(self, *words: str) -> Answer:
        """Run a command in this process."""
        now = ["--now", self.now.isoformat()] if self.now else []
        login = ["--as", self.login] if self.login else []
        code = main([*words, *now, *login])
        printed = self._capsys.readouterr()
        assert "Traceback" not in printed.err
        return Answer(code, printed.out, printed.err)

    def does(self, *words: str) -> str:
        """Run a command that must be done; what it printed."""
        answer = self.types(*words)
        assert answer.code == 0, answer.err
        return answer.out

    def asks(self, *words: str) -> Any:
        """Run a command that must be done; its JSON."""
        return json.loads(self.does(*words, "--json"))

    def is_refused(self, *words: str, code: int = 1) -> str:
        """Run a command that must not be done; the one sentence on standard error."""
        answer = self.types(*words)
        assert answer.code == code, answer
        assert answer.out == ""
        assert answer.err.count("\n") == 1
        return answer.err.strip()

    def issues(self, amount: str = "50.00", *more: str, product: str = "half") -> str:
        """A new card's code."""
        code: str = self.asks("issue", "--product", product, "--amount", amount, *more)["code"]
        return code

    def balance(self, code: str) -> int:
        """A card's balance, minor units."""
        minor: int = self.asks("show", code)["balance_minor"]
        return minor
