"""The expiry run, verification, migrations and imports at the command line."""

import json
import sqlite3
from pathlib import Path

import pytest
from cli.clerk import LATER, Clerk

from models.jobs import doubts

CARDS = """\
Card ID,Creation Date,Card Unique Code,Unique Code Alias,Gift Name,Order ID,Current Balance,Recipient Email
1,2026-01-05 10:00:00,#4812345678901234567,ALIAS-0001,Classic 50,A1,30.00,ada@example.org
"""
LINES = """\
Card ID,Line Item ID,Toggle Card Unique Number,Line Item Type,Value,Adjustment Date,Order ID,Reverse Line Item ID
1,11,4812345678901234567,sale,50.00,2026-01-05 10:00:00,A1,
1,12,4812345678901234567,redemption,-20.00,2026-02-05 10:00:00,A2,
"""
LIABILITY = """\
Order ID,Card ID,Card Unique Code,Unique Code Alias,Value at 010526 00:00 (UTC),Expiry as of 010526 00:00 (UTC)
A1,1,4812345678901234567,ALIAS-0001,30.00,2027-01-04
"""


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """The three files, with one card that was used once."""
    paths = []
    for name, text in (("cards", CARDS), ("lines", LINES), ("liability", LIABILITY)):
        path = tmp_path / f"{name}.csv"
        path.write_text(text, encoding="utf-8")
        paths.append(str(path))
    return paths


def test_the_expiry_run_breaks_each_balance_once(clerk: Clerk) -> None:
    """Counted first, then done, then nothing is left to do."""
    clerk.issues("50.00")
    clerk.issues("20.00")
    clerk.now = LATER
    assert clerk.does("expire", "--dry-run").splitlines() == [
        "2 balances (70.00 GBP) would expire. Nothing was changed.",
        "Half year (half)  2  70.00 GBP",
    ]
    assert clerk.asks("expire") == {
        "done": True,
        "dry_run": False,
        "cards": 2,
        "broken_minor": {"GBP": 7000},
        "products": [{"id": "half", "name": "Half year", "currency": "GBP", "cards": 2, "broken_minor": 7000}],
        "skipped": 0,
        "skipped_cards": [],
        "doubts": [],
        "left": None,
    }
    assert "0 balances expired" in clerk.does("expire")


def test_a_run_that_looks_wrong_fails_until_somebody_is_sure(clerk: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A timer sees the exit status, its journal the sentence with the cure."""
    monkeypatch.setattr(doubts, "JUST_A_FEW", 0)
    clerk.issues("50.00")
    clerk.now = LATER
    told = clerk.is_refused("expire", code=1)
    assert told.startswith("1 of 1 live balances would expire, more than one in 20")
    assert told.endswith("Nothing was changed; if all of this is right, add --yes.")
    assert "1 balance (50.00 GBP) would expire" in clerk.types("expire", "--dry-run").out
    assert clerk.asks("expire", "--yes")["cards"] == 1


def test_an_agent_may_not_start_the_expiry_run(clerk: Clerk) -> None:
    """The sentence says who may."""
    clerk.login = "sam"
    assert "ask a manager or an operator" in clerk.is_refused("expire")


def test_verification_finds_a_balance_that_somebody_changed(clerk: Clerk) -> None:
    """A sound desk adds up; after a hand in the file it does not, and the exit code says so."""
    clerk.issues()
    assert "all add up" in clerk.does("verify")
    with sqlite3.connect(clerk.database) as tampered:
        tampered.execute("UPDATE gift_card SET balance_minor = 9000")
    tampered.close()
    answer = clerk.types("verify")
    assert answer.code == 65
    assert "card 1" in answer.out
    assert "giftdesk verify --repair" in answer.err


def test_migrating_a_desk_that_is_up_to_date(clerk: Clerk) -> None:
    """Nothing is left to apply."""
    assert "nothing was left to apply" in clerk.does("migrate")
    assert clerk.asks("migrate") == {"done": True, "applied": [], "backup": None}


def test_migrating_restores_the_mode_that_keeps_commits_safe(clerk: Clerk) -> None:
    """Somebody's tool took the desk out of its mode: doctor says so, and migrate mends it."""
    connection = sqlite3.connect(clerk.database)
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()
    assert "mode that keeps commits safe" in clerk.is_refused("verify", code=65)
    clerk.does("migrate")
    clerk.does("verify")


def test_an_import_is_tried_first_and_then_committed(clerk: Clerk, files: list[str]) -> None:
    """A dry run counts and changes nothing; committed the cards answer to their codes and aliases."""
    told = clerk.does("import", "toggle", *files, "--currency", "GBP", "--control", "GBP=30.00")
    assert "dry run" in told
    assert clerk.asks("verify")["cards"] == 0
    report = clerk.asks("import", "toggle", *files, "--currency", "GBP", "--control", "GBP=30.00", "--commit")
    assert (report["done"], report["committed"], report["new_cards"]) == (True, True, 1)
    assert report["outstanding_minor"] == {"GBP": 3000}
    assert clerk.balance("4812345678901234567") == 3000
    assert clerk.balance("alias 0001") == 3000
    assert "imported before" in clerk.does("import", "toggle", *files, "--currency", "GBP", "--commit")


def test_a_wrong_control_total_stops_an_import(clerk: Clerk, files: list[str]) -> None:
    """The sentence has both sums and is told once, and nothing is changed."""
    words = ("import", "toggle", *files, "--currency", "GBP", "--commit")
    answer = clerk.types(*words, "--control", "GBP=30.01")
    assert answer.code == 1
    assert (answer.out + answer.err).count("30.00 GBP; the control total says 30.01") == 1
    assert "30.00 GBP; the control total says 30.01" in answer.err
    assert clerk.asks("verify")["cards"] == 0
    for control in ("30.00", "GBP=x", "XXX=1"):
        clerk.is_refused(*words, "--control", control, code=2)
    clerk.is_refused(*words, "--control", "GBP=30", "--control", "gbp=30", code=2)


def test_what_is_wrong_in_a_file_is_named_by_line_and_column(clerk: Clerk, files: list[str]) -> None:
    """A problem stops the import, dry or not."""
    Path(files[1]).write_text(LINES.replace("-20.00", "-20.001"), encoding="utf-8")
    answer = clerk.types("import", "toggle", *files, "--currency", "GBP", "--commit")
    assert answer.code == 1
    assert "line 3, column Value" in answer.out
    assert "Nothing was changed." in answer.err
    assert clerk.asks("verify")["cards"] == 0


def test_files_that_are_not_there(clerk: Clerk, files: list[str]) -> None:
    """The sentence names the file."""
    assert "nowhere.csv" in clerk.is_refused(
        "import", "toggle", *files[:2], "nowhere.csv", "--currency", "GBP", code=66
    )


def test_a_sample_is_made_and_worked_with(clerk: Clerk, tmp_path: Path) -> None:
    """The codes that are printed and kept lead to its cards, and verification finds nothing."""
    desk, codes = tmp_path / "sample.db", tmp_path / "codes.csv"
    clerk.now = clerk.login = None
    made = clerk.asks("sample", str(desk), "--cards", "50", "--seed", "4", "--codes", str(codes))
    assert made["cards"] == 50
    kept = dict(line.split(",") for line in codes.read_text().splitlines()[1:])
    assert len(kept) == 50
    assert set(made["codes"].values()) <= set(kept)
    assert codes.stat().st_mode & 0o077 == 0
    assert "already" in clerk.is_refused("sample", str(desk), code=66)
    assert "not both" in clerk.is_refused("sample", code=2)


def spoil(clerk: Clerk, statement: str) -> None:
    with sqlite3.connect(clerk.database) as other:
        triggers = other.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            other.execute(f'DROP TRIGGER "{name}"')
        other.execute(statement)
        for _, definition in triggers:
            other.execute(definition)
    other.close()


def test_a_row_is_mended_when_asked_to(clerk: Clerk) -> None:
    """Verification alone says what could be mended and changes nothing; a repair does it, and all adds up."""
    code = clerk.issues()
    spoil(clerk, "UPDATE gift_card SET balance_minor = 9900")
    told = clerk.types("verify")
    line = f"card 1 (…{code[-4:]}): its row says balance 99.00 GBP, its journal 50.00 GBP. "
    assert (told.code, told.out.splitlines()[1]) == (65, f"{line}Can be mended.")
    assert told.err == (
        "Something does not add up. Mend what can be mended with: giftdesk verify --repair. Nothing was changed.\n"
    )
    assert clerk.does("verify", "--repair").splitlines()[1] == f"{line}Mended."
    assert clerk.balance(code) == 5000
    assert "all add up" in clerk.does("verify")


def test_what_can_not_be_mended_is_listed_for_payments_support(clerk: Clerk) -> None:
    code = clerk.issues()
    clerk.does("redeem", code, "--amount", "5")
    spoil(clerk, "UPDATE activity SET amount_minor = -1 WHERE number = 2")
    told = clerk.types("verify", "--repair")
    assert (told.code, told.out.splitlines()[1]) == (
        65,
        f"card 1 (…{code[-4:]}): activity 2 was changed. To be escalated.",
    )
    assert told.err == "Something does not add up. Escalate what can't be mended to Payments Support.\n"
    damage = clerk.asks("show", code)["damage"]
    assert damage == {
        "what": "activity 2 was changed",
        "sound_number": 1,
        "sound_at": "2026-05-21T12:00:00Z",
        "mendable": False,
    }


def test_a_repair_as_data(clerk: Clerk) -> None:
    code = clerk.issues()
    subject = f"card 1 (…{code[-4:]})"
    spoil(clerk, "UPDATE gift_card SET balance_minor = 9900")
    what = "its row says balance 99.00 GBP, its journal 50.00 GBP"
    seen = json.loads(clerk.types("verify", "--json").out)
    assert seen["mendable"] == [{"subject": subject, "what": what, "proven": True}]
    done = clerk.asks("verify", "--repair")
    assert (done["mended"], done["to_escalate"], done["hours_recomputed"]) == (seen["mendable"], [], 0)


def test_an_agent_does_not_repair(clerk: Clerk) -> None:
    """Told before anything is read."""
    clerk.does("agents", "set", "sam", "--role", "agent")
    clerk.login = "sam"
    assert clerk.is_refused("verify", "--repair") == "An agent may not mend cards' rows; ask a manager or an operator."
