"""giftdesk as a process: exit codes, what is imported, and a reader that went away."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from cli.clerk import NOON, Clerk

from models.rules import query_filters
from tui.console.parser import build_parser
from tui.version import VERSION

ROOT = Path(__file__).parents[2]


_COMMAND = (sys.executable, "-c", "import sys; from tui.cli import main; sys.exit(main())")


def _giftdesk(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*_COMMAND, *words],
        env={**os.environ, **environment},
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def _imported(words: list[str]) -> set[str]:
    """What a command has imported when it ends."""
    script = "import sys\nfrom tui.cli import main\nmain(sys.argv[1:])\nprint('IMPORTED', *sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script, *words], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    return set(done.stdout.rpartition("IMPORTED")[2].split())


@pytest.mark.parametrize("words", [["--version"], ["--help"], ["show", "--help"]])
def test_what_needs_no_desk_brings_in_no_store(words: list[str]) -> None:
    """Version and help answer at once."""
    imported = _imported(words)
    assert "tui" in imported
    assert not imported & {"textual", "rich", "peewee", "cysqlite", "models"}


@pytest.mark.parametrize("columns", ["20", "80", "400"])
def test_the_help_of_find_ends_with_what_can_be_typed(
    columns: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However wide the terminal is."""
    monkeypatch.setenv("COLUMNS", columns)
    with pytest.raises(SystemExit):
        build_parser().parse_args(["find", "--help"])
    told = capsys.readouterr().out.partition("what can be typed")[2]
    assert max(map(len, told.splitlines())) <= 98
    for typed, finds in query_filters.rows():
        assert typed in told
        assert finds.split()[-1] in told


def test_a_card_is_shown_without_the_screens(clerk: Clerk) -> None:
    """The command line never brings Textual in, nor what only e-mails and replies need."""
    code = clerk.issues()
    imported = _imported(["show", code])
    assert "peewee" in imported
    assert not imported & {"textual", "rich", "smtplib", "ssl", "email", "email_validator", "argon2"}
    assert not imported & {f"models.rules.{name}" for name in ("templates", "replies", "reply_texts", "markup")}


def test_the_version_is_the_packages(capsys: pytest.CaptureFixture[str]) -> None:
    """It is written down twice so that asking for it takes no time; both must agree."""
    from tui.cli import main

    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"giftdesk {VERSION}\n"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project.get("version", VERSION) == VERSION


def test_without_a_terminal_the_screens_are_refused(clerk: Clerk) -> None:
    """One sentence and exit code 2, before anything of the screens is imported; so with a terminal that is none."""
    for words in ((), ("demo",), ("--profile", "lean")):
        done = _giftdesk(*words)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.count("\n") == 1
        assert "giftdesk --help" in done.stderr
    assert not _imported_after_refusal() & {"textual", "peewee"}
    assert clerk.database.exists()


def _imported_after_refusal() -> set[str]:
    return _imported([])


def test_exit_codes_of_a_process(clerk: Clerk, tmp_path: Path) -> None:
    """Done, refused, not understood, broken."""
    code = clerk.issues()
    assert _giftdesk("show", code).returncode == 0
    assert _giftdesk("show", "234567892345678T").returncode == 1
    assert _giftdesk("show", code, "--at", "noon").returncode == 2
    broken = _giftdesk("show", code, GIFTDESK_DB=str(tmp_path / "none.db"))
    assert broken.returncode == 66
    assert broken.stderr.startswith("There is no database at ")


def test_a_terminal_without_utf_8_gets_plain_letters(clerk: Clerk) -> None:
    """Nothing fails for a letter that cannot be shown."""
    code = clerk.issues("50.00", "--name", "愛子 Müller")
    done = _giftdesk("show", code, PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert f".... .... .... {code[-4:]}" in done.stdout
    assert "?? Muller" in done.stdout


def test_a_reader_that_went_away_is_no_fault(clerk: Clerk) -> None:
    """giftdesk show | head ends quietly."""
    code = clerk.issues()
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [sys.executable, "-c", "import sys; from tui.cli import main; sys.exit(main())", "show", code],
            cwd=ROOT,
            stdout=writer,
            stderr=subprocess.PIPE,
            check=False,
            timeout=60,
        )
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (141, b"")


def test_a_full_disk_behind_the_output_is_told(clerk: Clerk) -> None:
    """Output that could not be kept is not taken for success."""
    if not os.path.exists("/dev/full"):
        pytest.skip("this system has no /dev/full")
    code = clerk.issues()
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-c", "import sys; from tui.cli import main; sys.exit(main())", "show", code],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            text=True,
            timeout=60,
        )
    assert done.returncode == 74
    assert "No space left" in done.stderr
    assert "Traceback" not in done.stderr


def test_ctrl_c_is_quiet(clerk: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever interrupts a command sees no page of frames."""

    def interrupted(*_arguments: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tui.console.finding.look_up", interrupted)
    answer = clerk.types("find", "x")
    assert (answer.code, answer.out, answer.err) == (130, "", "")


def test_what_was_done_but_cannot_be_written_out_is_not_to_be_repeated(clerk: Clerk) -> None:
    """The money is taken although nobody reads the answer; a full disk says nothing else."""
    code = clerk.issues("50.00")
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [*_COMMAND, "redeem", code, "--amount", "10", "--now", NOON.isoformat(), "--as", "mia"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
    assert done.returncode == 74
    assert done.stderr.startswith("It was done (")
    assert "don't repeat it" in done.stderr
    assert clerk.balance(code) == 4000


def test_no_card_is_issued_when_its_code_can_be_told_nowhere(clerk: Clerk) -> None:
    before = clerk.asks("verify")["cards"]
    words = ["issue", "--product", "half", "--amount", "7", "--now", NOON.isoformat(), "--as", "mia"]
    done = subprocess.run(
        ["sh", "-c", 'exec "$@" >&-', "sh", *_COMMAND, *words], stderr=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert done.returncode == 2
    assert "nowhere to print the code" in done.stderr
    assert clerk.asks("verify")["cards"] == before


def test_an_empty_key_is_no_key(clerk: Clerk) -> None:
    """A script that lost its key is told so, rather than taking money twice."""
    code = clerk.issues("50.00")
    assert "idempotency key is empty" in clerk.is_refused("redeem", code, "--amount", "1", "--intent", " ", code=2)
    assert clerk.balance(code) == 5000
