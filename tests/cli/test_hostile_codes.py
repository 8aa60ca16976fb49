"""Whatever is given where a code belongs, by argument or standard input: one sentence, and nothing is done."""

import io
import os
import subprocess
import sys
from datetime import timedelta
from typing import Final

import pytest
from cli.clerk import Clerk
from rules.typed import HOSTILE

_COMMANDS: Final = """\
show CODE
show CODE --at 2026-05-21
why CODE
balance CODE
find CODE
find -- CODE
checkout CODE
restrict CODE --to ada@example.org --reason x
reactivate CODE
suspend CODE --reason x
lift CODE --reason x
flag CODE --reason x
note CODE text
reply CODE
escalate CODE --why still_fails --text x
register CODE --name Ada --email ada@example.org
redeem CODE --amount 1
top-up CODE --amount 1
refund CODE --amount 1 --of x
replace CODE --reason x
transfer KNOWN --to CODE --reason x
transfer CODE --to KNOWN --reason x
extend CODE --until 2030-01-01 --reason x
cancel CODE --reason x
adjust CODE --amount +1 --escalation 1 --reason x
case open CODE
case list --card CODE
template preview reminder CODE
reminder settle CODE --drop --reason x
"""
# Options are another matter, and so is whatever else a terminal takes for more than text.
_TEXTS: Final = tuple(text for text in HOSTILE if not text.startswith("-") and len(text) <= 100_000)
_A_FEW: Final = 2
_STEP: Final = 29


def refuses(clerk: Clerk, command: str, known: str, text: str) -> None:
    """One sentence says why; ten minutes lie between two, so that nobody is slowed."""
    assert clerk.now is not None
    clerk.now += timedelta(minutes=11)
    answer = clerk.types(*({"CODE": text, "KNOWN": known}.get(word, word) for word in command.split()))
    told = answer.err.removesuffix("\n")
    assert answer.code in (1, 2), (command, ascii(text[:60]), answer)
    assert not answer.out or command == "reply CODE", (command, ascii(text[:60]), answer)  # what to tell the customer
    assert told.isprintable(), (command, ascii(text[:60]))
    assert told.endswith((".", "?", "--help", "giftdesk find")), (command, ascii(text[:60]), told)


def test_every_command_refuses_what_is_no_code(clerk: Clerk) -> None:
    """Each command is given a few texts, and all texts are given to some."""
    known = clerk.issues()
    for number, command in enumerate(_COMMANDS.splitlines()):
        for text in _TEXTS[number::_STEP][:_A_FEW]:
            refuses(clerk, command, known, text)
    assert clerk.balance(known) == 5_000


@pytest.mark.slow
def test_every_command_refuses_every_text(clerk: Clerk) -> None:
    known = clerk.issues()
    for command in _COMMANDS.splitlines():
        for text in _TEXTS:
            refuses(clerk, command, known, text)


@pytest.mark.parametrize(
    "given",
    [b"\xff\xfe\n", b"\x00\n", b"", b"\n", b"\xe2\x80\xae\n", b"2" * 5_000_000],
    ids=["no text", "nul", "nothing", "blank", "override", "endless"],
)
def test_whatever_comes_from_standard_input_is_refused(
    clerk: Clerk, given: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bytes that are no text, nothing at all, a line without an end."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given), "utf-8"))
    answer = clerk.types("show", "-")
    assert answer.code in (1, 2)
    assert answer.err.count("\n") == 1


def test_arguments_that_are_no_text_are_refused(clerk: Clerk) -> None:
    """The shell hands on whatever bytes it was given."""
    command = (sys.executable, "-c", "import sys; from tui.cli import main; sys.exit(main())")
    for words in (("find", b"\xff\xfeada"), ("show", b"2345\xff"), ("find", "--status", b"\xff", "ada"), (b"\xff",)):
        done = subprocess.run([*command, *words], capture_output=True, check=False, timeout=60, env=os.environ)
        assert (done.returncode, done.stdout) == (2, b"")
        assert done.stderr.count(b"\n") == 1
        done.stderr.decode()
    assert clerk.database.exists()
