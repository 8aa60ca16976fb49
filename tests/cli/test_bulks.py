"""Bulk work at the command line: looked at, done, approved, undone, in the words that scripts rely on."""

from contextlib import nullcontext
from pathlib import Path

import pytest
from cli.clerk import LATER, Clerk

WHY = ("--reason", "The Leeds restaurant is closed.")
ALL = ("--search", "product:half")


@pytest.fixture
def manager(clerk: Clerk) -> Clerk:
    """At a desk with two expired cards and a live one, and Pat, who may approve."""
    for amount in ("50.00", "30.00"):
        clerk.issues(amount)
    clerk.now = LATER
    clerk.issues("20.00")
    clerk.does("agents", "set", "pat", "--role", "supervisor")
    return clerk


def test_a_preview_tells_all_and_changes_nothing(manager: Clerk) -> None:
    told = manager.does("bulk", "extend", *ALL, "--until", "2027-12-31", *WHY)
    assert told == (
        "3 cards would be changed. Nothing was changed yet.\n"
        "Comes back:\n"
        "  Half year  2  80.00 GBP\n"
        "Add --commit to do it.\n"
    )
    assert manager.does("bulk", "list") == "No bulk work was done yet.\n"


def test_what_is_done_is_what_was_told_and_can_be_undone(manager: Clerk) -> None:
    seen = manager.asks("bulk", "extend", *ALL, "--until", "31 Dec 2027", *WHY)
    done = manager.asks("bulk", "extend", *ALL, "--until", "2027-12-31", *WHY, "--commit")
    assert (seen["cards"], seen["money"]) == (done["cards"], done["money"])
    assert (done["done"], done["state"], done["left"], done["money_minor"]) == (True, "done", 0, {"GBP": 8000})
    again = manager.is_refused("bulk", "extend", *ALL, "--until", "2027-12-31", *WHY, "--commit")
    assert again.startswith("No card would be changed (3 cards: it has that day or a later one already).")
    would = manager.does("bulk", "undo", "1", "--reason", "The wrong one", "--dry-run")
    assert "Breaks again:\n  Half year  2  80.00 GBP\n" in would
    assert manager.does("bulk", "undo", "1", "--reason", "The wrong one").startswith(
        "Bulk 2, which undoes bulk 1, is done: 3 cards changed.\n"
    )
    assert [(each["bulk"], each["state"]) for each in manager.asks("bulk", "list")] == [(2, "done"), (1, "undone")]
    assert "Undone    by bulk 2\n" in manager.does("bulk", "show", "1")
    manager.does("verify")


def test_the_same_key_does_it_once(manager: Clerk) -> None:
    """And tells again what came of it."""
    words = ("bulk", "suspend", *ALL, *WHY, "--commit", "--intent", "night job")
    first, second = manager.asks(*words), manager.asks(*words)
    assert (first["bulk"], first["cards"]) == (second["bulk"], second["cards"]) == (1, 3)


def test_above_a_threshold_it_is_asked_for(manager: Clerk) -> None:
    """With an exit code of its own; the other one approves, which carries it out."""
    manager.does("policy", "set", "--bulk-above", "2")
    answer = manager.types("bulk", "suspend", *ALL, *WHY, "--commit")
    assert answer.code == 3
    assert "waits for approval: a supervisor or a manager other than you decides before Sun 22 Nov 14:02." in answer.out
    assert manager.is_refused("bulk", "approve", "1").startswith("You asked for this on 21 Nov 2026")
    manager.login = "pat"
    assert manager.does("bulk", "approve", "1") == "Bulk 1 is done: 3 cards changed.\n"
    assert manager.is_refused("bulk", "refuse", "1", "--reason", "No") == (
        "pat decided about bulk 1 on 21 Nov 2026 14:02: approved."
    )


def test_a_file_of_codes_is_done_but_for_its_bad_lines(manager: Clerk, tmp_path: Path) -> None:
    """In any encoding a spreadsheet writes; each bad line is told with its number."""
    code = manager.issues("10.00")
    file = tmp_path / "codes.csv"
    file.write_text(f"code;until\n{code};2028-01-31\n4.81E+18;2028-01-31\n{code};2028-02-28\n", encoding="utf-16")
    told = manager.does("bulk", "extend", "--file", str(file), *WHY)
    assert "1 card would be changed." in told
    assert "codes.csv, line 3, column code: A spreadsheet turned this code into 4.81E+18" in told
    assert "codes.csv, line 4, column code: The same card is named in line 2." in told
    manager.does("bulk", "extend", "--file", str(file), *WHY, "--commit")
    assert manager.asks("show", code)["last_day"] == "2028-01-31"
    assert code not in manager.database.read_bytes().decode("latin-1")


def test_a_file_of_codes_and_days_is_read_by_a_mapping(manager: Clerk, tmp_path: Path) -> None:
    code = manager.issues("10.00")
    file = tmp_path / "erply.csv"
    file.write_text(f"{code},2028-01-31\n")
    manager.does("bulk", "extend", "--file", str(file), "--mapping", "erply", *WHY, "--commit")
    assert manager.asks("show", code)["last_day"] == "2028-01-31"


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("extend", *ALL), 2, "Say once how long: a last day, a period"),
        (("extend", *ALL, "--until", "2027-13-01"), 2, "does not exist"),
        (("extend", *ALL, "--by", "soon"), 2, "is not a period"),
        (("extend", *ALL, "--mapping", "erply"), 2, "--mapping says how a file is read"),
        (("suspend",), 2, "One of the arguments --search --file is required"),
        (("suspend", "--search", ""), 1, "Say by what the cards are found"),
        (("suspend", "--file", "/nowhere"), 66, "/nowhere cannot be read"),
        (("product", *ALL, "--product", "nothing"), 1, "nothing"),
        (("register", *ALL), 2, "Cards are registered to one person, or to those that the file names"),
        (("reverse", *ALL, "--broken-since", "2026-11-03", "--broken-until", "2026-11-01"), 2, "lies after the last"),
    ],
)
def test_what_can_not_be_meant_is_one_sentence(manager: Clerk, words: tuple[str, ...], code: int, told: str) -> None:
    assert told in manager.is_refused("bulk", *words, *WHY, code=code)


def test_there_is_no_such_bulk(manager: Clerk) -> None:
    for verb in ("show", "approve", "resume", "withdraw"):
        assert manager.is_refused("bulk", verb, "7") == "There is no bulk 7."


def test_a_stop_has_an_exit_code_of_its_own(manager: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the list is complete nothing is done; behind a batch the rest is resumed."""
    looks = iter((True, False, True))
    with monkeypatch.context() as patched:
        patched.setattr("tui.console.bulks.stoppable", lambda: nullcontext(lambda: next(looks)))
        answer = manager.types("bulk", "suspend", *ALL, *WHY, "--commit")
        assert (answer.code, answer.err) == (130, "It was stopped before its list was complete. No card was changed.\n")
        answer = manager.types("bulk", "suspend", *ALL, *WHY, "--commit")
    assert answer.code == 130
    assert answer.out.startswith("Bulk 1 has changed 0 cards, and 3 cards are left: resume it.\n")
    assert manager.does("bulk", "resume", "1").startswith("Bulk 1 is done: 3 cards changed.")
