"""The first start: no desk is there, and somebody who never saw giftdesk sits in front of it."""

import io
import tomllib
from pathlib import Path

import pytest
from cli.clerk import Clerk

from models.locations import Place
from models.settings import settings_file
from models.store import open_store
from tui.console.first_start import DEMO, choose, system_zone


class Newcomer:
    """Answers the questions one after the other; then the line is dead."""

    def __init__(self, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch, place: Path) -> None:
        self.place = place
        self._capsys, self._patch = capsys, patch

    def answers(self, *lines: str) -> tuple[Place | str | None, str]:
        """What is opened, and what was read on the way there."""
        self._patch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        chosen = choose(self.place)
        return chosen, self._capsys.readouterr().out


@pytest.fixture
def newcomer(outsider: Clerk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Newcomer:
    """Somebody at a computer without a desk, who has set nothing."""
    monkeypatch.delenv("GIFTDESK_DB")
    monkeypatch.setenv("TZ", "Europe/Athens")
    return Newcomer(capsys, monkeypatch, outsider.database)


def test_the_demo_needs_nothing(newcomer: Newcomer) -> None:
    chosen, told = newcomer.answers("1")
    assert chosen == DEMO
    assert f"There is no desk at {newcomer.place} yet." in told
    assert not newcomer.place.parent.exists()


def test_a_desk_is_made_with_what_the_computer_suggests(newcomer: Newcomer) -> None:
    """Three times Enter; and what must be kept is said before anything is opened."""
    chosen, told = newcomer.answers("2", "", "", "")
    assert chosen == newcomer.place
    store = open_store(newcomer.place)
    assert (store.business.zone, store.currency, store.is_sandbox) == ("Europe/Athens", "GBP", False)
    assert "Time zone of the business [Europe/Athens]: " in told
    assert "mia is its manager." in told
    assert f"Its key lies in {newcomer.place.with_suffix('.key')}. Keep a copy elsewhere" in told


def test_wrong_answers_are_asked_again(newcomer: Newcomer) -> None:
    """Each with its sentence; what was right before is not asked for twice."""
    chosen, told = newcomer.answers("yes", "", "2", "Mars/Olympus", "Europe/London", "XXX", "eur", "")
    assert chosen == newcomer.place
    assert told.count("Type 1, 2, 3 or q, then Enter.") == 2
    assert "Mars/Olympus" in told
    assert told.count("Currency [GBP]: ") == 2
    assert open_store(newcomer.place).currency == "EUR"


@pytest.mark.parametrize("lines", [("q",), (), ("2",), ("2", "Europe/London"), ("3",), ("3", "", "Q")])
def test_whoever_leaves_leaves_nothing_behind(newcomer: Newcomer, lines: tuple[str, ...]) -> None:
    """By q, or by the end of the input at any question."""
    assert newcomer.answers(*lines)[0] is None
    assert not newcomer.place.parent.exists()
    assert not settings_file().exists()


def test_a_desk_elsewhere_is_remembered_if_wanted(newcomer: Newcomer, outsider: Clerk, tmp_path: Path) -> None:
    """The next start opens it without a question; what else the settings say stays."""
    there = tmp_path / "there" / "desk ✓.db"
    outsider.does("init", "--db", str(there))
    chosen, told = newcomer.answers("3", "/nowhere.db", str(tmp_path), str(there), "n")
    assert chosen == there
    assert "There is no database at /nowhere.db." in told
    assert f"{tmp_path} is a folder, not a database." in told
    assert not settings_file().exists()
    settings_file().parent.mkdir(parents=True, exist_ok=True)
    settings_file().write_text('profile = "lean"\ndb = "/gone.db"\n\n[keys]\ncard.note = "F9"\n')
    newcomer.answers("3", str(there), "y")
    assert tomllib.loads(settings_file().read_text(encoding="utf-8")) == {
        "db": str(there),
        "profile": "lean",
        "keys": {"card": {"note": "F9"}},
    }
    assert outsider.asks("locate")["database"] == str(there)


def test_what_the_environment_says_is_not_written_over(
    newcomer: Newcomer, outsider: Clerk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line in the settings would change nothing."""
    there = tmp_path / "there.db"
    outsider.does("init", "--db", str(there))
    monkeypatch.setenv("GIFTDESK_DB", str(newcomer.place))
    chosen, told = newcomer.answers("3", str(there))
    assert chosen == there
    assert "GIFTDESK_DB names another desk" in told
    assert not settings_file().exists()


def test_on_a_terminal_no_word_is_broken(newcomer: Newcomer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sentence goes on in the next line between two words; a path stays whole."""
    monkeypatch.setenv("COLUMNS", "50")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    _, told = newcomer.answers("2", "", "", "")
    assert "Dates and the hour at which balances stop are in\none time zone, fixed from now on.\n" in told
    assert f"{newcomer.place.with_suffix('.key')}." in told


def test_ctrl_c_leaves_the_prompt_alone_on_its_line(
    newcomer: Newcomer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The shell's own prompt begins a line; nothing was made."""

    def interrupt(_question: str) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("tui.console.first_start.prompt", interrupt)
    with pytest.raises(KeyboardInterrupt):
        choose(newcomer.place)
    assert capsys.readouterr().out.endswith("  q  Leave\n\n\n")
    assert not newcomer.place.parent.exists()


def test_a_zone_that_the_computer_does_not_know(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its name is a suggestion, never a guess at something else."""
    monkeypatch.setenv("TZ", ":Asia/Tokyo")
    assert system_zone() == "Asia/Tokyo"
    monkeypatch.setenv("TZ", "XYZ+3")
    monkeypatch.setattr("os.path.realpath", lambda _path: "/etc/localtime")
    assert system_zone() == "Europe/London"
