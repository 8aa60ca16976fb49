"""Codes that no card answers to, at the command line: the same words for all, counted, slowed, stopped, let on."""

import os
import random
import subprocess
import sys
from datetime import timedelta

import pytest
from cli.clerk import Answer, Clerk
from postgres import AT_LENGTH

from models import database
from models.clock import FixedClock
from models.database import FileDatabase
from models.locations import database_path
from models.lookups import record_miss
from models.rules.codes import grouped, new_code
from models.rules.lookups import SLOW_FROM, STOP_AT, slowed, stopped, why_it_waits
from models.store import open_store
from models.unit import Session

ENGINES = AT_LENGTH

LOOKS = (
    ("find",),
    ("find", "--json"),
    ("show",),
    ("show", "--json"),
    ("why",),
    ("balance",),
    ("balance", "--json"),
    ("redeem", "--amount", "1"),
    ("top-up", "--amount", "1"),
    ("reply",),
    ("escalate", "--text", "fails"),
    ("checkout", "--amount", "1"),
    ("case", "open"),
    ("reminder", "settle", "--drop", "--reason", "x"),
)


WORDS = (("find",), ("show",), ("balance",), ("redeem", "--amount", "1"))


def misses_of(clerk: Clerk, login: str = "mia") -> int:
    """How many misses of somebody are listed."""
    return sum(len(each["misses"]) for each in clerk.asks("agents", "lookups") if each["login"] == login)


def at_desk(clerk: Clerk, login: str) -> Session:
    """Somebody at the clerk's desk."""
    assert clerk.now is not None
    return Session(open_store(database_path(None), FixedClock(clerk.now)), login)


def missed(clerk: Clerk, login: str, times: int) -> None:
    """Somebody looked for so many codes that no card answers to."""
    session = at_desk(clerk, login)
    for number in range(times):
        record_miss(session, f"7777 {number:04}")


def looks(clerk: Clerk, code: str, *words: str) -> Answer:
    """Look for a code by a command."""
    place = next((place for place, word in enumerate(words) if word.startswith("--")), len(words))
    return clerk.types(*words[:place], code, *words[place:])


def imported_like(dice: random.Random) -> str:
    """A code as other systems make them."""
    return "".join(dice.choices("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", k=dice.randint(6, 15))) + "2024"


def own_like(dice: random.Random) -> str:
    """A code as the desk makes them, its check character right."""
    return grouped(new_code(dice.randrange))


def tell_nothing_apart(clerk: Clerk, count: int) -> None:
    dice = random.Random(count)
    clerk.issues()
    told: set[tuple[object, ...]] = set()
    for _ in range(count):
        for make in (imported_like, own_like):
            assert clerk.now is not None
            clerk.now += timedelta(minutes=5)
            code = make(dice)
            told |= {(words, *vars(looks(clerk, code, *words)).values()) for words in WORDS}
    assert len(told) == len(WORDS), told


def test_no_two_codes_of_no_card_are_told_apart(clerk: Clerk) -> None:
    """Whatever code it is and whoever made it: by a command always the same words and the same exit code."""
    tell_nothing_apart(clerk, 1)


@pytest.mark.slow
@pytest.mark.files
def test_a_thousand_looks_for_codes_of_no_card_are_not_told_apart(clerk: Clerk) -> None:
    tell_nothing_apart(clerk, 125)


def test_every_command_that_takes_a_code_counts_a_miss(clerk: Clerk) -> None:
    """Once, by whichever command it is said again."""
    for number, words in enumerate(LOOKS, 1):
        assert clerk.now is not None
        clerk.now += timedelta(minutes=5)
        assert looks(clerk, f"GIFT 2024 {number:04}", *words).code == 1
    assert looks(clerk, f"gift-2024-{number:04}", "show").code == 1
    (mia,) = clerk.asks("agents", "lookups")
    assert [each["code_masked"][-4:] for each in mia["misses"]] == [f"{nth:04}" for nth in range(number, 0, -1)]


def test_the_second_code_of_a_command_counts_as_well(clerk: Clerk) -> None:
    code = clerk.issues()
    assert clerk.types("transfer", code, "--to", "GIFT 2024 5555", "--reason", "x").code == 1
    assert misses_of(clerk) == 1


def test_what_was_missed_is_listed_by_its_end(clerk: Clerk) -> None:
    assert clerk.does("agents", "lookups") == "Nobody looked for a code that no card answers to in the last week.\n"
    looks(clerk, "GIFT 2024 5555 9987", "show")
    assert clerk.does("agents", "lookups").splitlines() == [
        "mia (mia): 1 code in the last week that no card answers to",
        "  21 May 2026 13:00  ···· ···· ···· 9987",
    ]
    (mia,) = clerk.asks("agents", "lookups")
    assert (mia["pace"], mia["stopped_at"]) == ("free", None)
    assert mia["misses"] == [{"at": "2026-05-21T12:00:00Z", "code_masked": "···· ···· ···· 9987"}]


def test_the_answer_comes_first_and_then_what_it_leads_to(clerk: Clerk) -> None:
    """The fifth says that the next take longer, the sixth why it does; nobody waits where the clock stands."""
    missed(clerk, "mia", SLOW_FROM - 2)
    answers = [looks(clerk, f"GIFT 2024 {number}", "show").err.splitlines() for number in range(3)]
    no_such = answers[0][0]
    assert answers == [[no_such], [no_such, slowed()], [f"{why_it_waits()}.", no_such]]


def test_a_stopped_agent_is_told_the_same_of_every_code_and_let_on_by_a_colleague(clerk: Clerk) -> None:
    """Of a card's own code, too; a name finds it meanwhile."""
    code = clerk.issues("50.00", "--name", "Ada Lovelace")
    clerk.does("agents", "add", "sam")
    clerk.does("agents", "add", "sue", "--role", "supervisor")
    clerk.login = "sam"
    missed(clerk, "sam", STOP_AT - 1)
    assert looks(clerk, "GIFT 2024", "show").err.splitlines()[-1] == stopped()
    for words in WORDS:
        for each in (code, "GIFT 2024 5555"):
            answer = looks(clerk, each, *words)
            assert (answer.code, answer.err) == (1, f"{stopped()}\n") or "--json" in words, (words, answer)
            assert "50.00" not in answer.out
    assert "50.00 GBP" in clerk.does("find", "lovelace")
    assert clerk.is_refused("agents", "lift", "sam", "--reason", "me").startswith("An agent may not let a colleague")
    clerk.login = "sue"
    assert "stopped since" in clerk.does("agents", "lookups")
    assert "stopped since" in clerk.does("watch")
    assert [each["pace"] for each in clerk.asks("watch")["lookups"]] == ["stopped"]
    assert "looks for codes,sam,sam," in clerk.does("watch", "--csv")
    assert clerk.does("agents", "lift", "sam", "--reason", "a worn card") == "sam may look for codes again.\n"
    clerk.login = "sam"
    assert clerk.balance(code) == 5000
    clerk.login = None
    assert clerk.does("verify").startswith("1 card")


@pytest.mark.files
def test_a_miss_that_cannot_be_recorded_hides_no_answer(clerk: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another desk does not finish: the answer is there, and after it why it was not counted."""
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.02)
    other = FileDatabase(clerk.database)
    with other.writing():
        other.execute_sql("UPDATE agent SET name = 'half done'")
        answer = looks(clerk, "GIFT 2024 5555", "show")
    assert answer.code == 1
    first, second = answer.err.splitlines()
    assert first.startswith("No card answers to this code.")
    assert second.startswith("It was not counted. Another desk is saving")
    assert misses_of(clerk) == 0


def test_whoever_ends_the_command_with_the_answer_is_counted(clerk: Clerk) -> None:
    """Killed at the first letter that it prints."""
    command = [sys.executable, "-c", "import sys; from tui.cli import main; sys.exit(main())"]
    words = ["balance", "GIFT 2024 5555", "--json", "--as", "mia", f"--now={clerk.now}"]
    at_once = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen([*command, *words], stdout=subprocess.PIPE, env=at_once) as looking:
        assert looking.stdout is not None
        assert looking.stdout.read(1) == b"{"
        looking.kill()
    assert misses_of(clerk) == 1
