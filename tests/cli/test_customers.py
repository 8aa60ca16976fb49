"""Stories of the command line about the people whom cards belong to."""

import json

import pytest
from cli.clerk import Clerk


@pytest.fixture
def sold(clerk: Clerk) -> list[str]:
    """Ada's card under a typo, Ada's card under her name, and one in euros that she bought for Cy."""
    clerk.does("agents", "set", "sue", "--role", "supervisor")
    typo, ada = ("Ada Lovelacce", "ada@exmaple.org"), ("Ada Lovelace", "ada@example.org")
    bought = ("--name", "Cy", "--currency", "EUR", "--purchaser-name", ada[0], "--purchaser-email", ada[1])
    return [
        clerk.issues("50.00", "--name", typo[0], "--email", typo[1]),
        clerk.issues("70.00", "--name", ada[0], "--email", ada[1]),
        clerk.issues("7.00", *bought),
    ]


def as_sue(clerk: Clerk, *words: str) -> str:
    clerk.login = "sue"
    try:
        return clerk.does(*words)
    finally:
        clerk.login = None


def test_a_person_is_shown_with_all_cards_in_every_role(clerk: Clerk, sold: list[str]) -> None:
    """Held or bought; pounds and euros are never added together."""
    assert sold
    shown = clerk.does("person", "show", "ada@example.org")
    assert "Record      2\nName        Ada Lovelace\n" in shown
    assert "2 cards of Ada Lovelace: 7.00 EUR and 70.00 GBP in all.\n" in shown
    assert shown.splitlines()[-1].endswith("holder, recipient")
    assert shown.splitlines()[-2].endswith("Half year  purchaser")
    told = clerk.asks("person", "show", "2")
    assert (told["people"][0]["email"], told["totals_minor"]) == ("ada@example.org", {"EUR": 700, "GBP": 7000})
    assert [card["roles"] for card in told["cards"]] == [["purchaser"], ["holder", "recipient"]]
    assert told["removal"] is None


def test_several_people_of_a_name_are_listed_with_their_numbers(clerk: Clerk, sold: list[str]) -> None:
    assert sold
    lines = clerk.does("person", "show", "ada").splitlines()
    assert [line.split()[0] for line in lines] == ["1", "2", "Several"]
    assert [person["id"] for person in clerk.asks("person", "show", "ada")["people"]] == [1, 2]


@pytest.mark.parametrize("who", ["nobody", "a", "x@example.org", "99", "9" * 30])
def test_nobody_is_found(clerk: Clerk, sold: list[str], who: str) -> None:
    assert sold
    sentence = clerk.is_refused("person", "show", who)
    assert sentence == "Nobody is found by that: give a record number, an e-mail address or a name."
    answer = clerk.types("person", "show", "--json", who)
    assert (answer.code, json.loads(answer.out)) == (1, {"people": []})


def test_too_many_people_are_not_told_to_be_nobody(
    clerk: Clerk, sold: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sold
    monkeypatch.setattr("models.holdings._FEW", 1)
    sentence = clerk.is_refused("person", "show", "ada")
    assert sentence.endswith("Very many people fit that: give more of the name, an e-mail address or a record number.")


def test_the_number_to_correct_stands_on_the_card(clerk: Clerk, sold: list[str]) -> None:
    """Seen on the card, corrected by it, told on it."""
    assert "Holder    Ada Lovelacce, ada@exmaple.org (record 1)" in clerk.does("show", sold[0])
    wish = ("person", "correct", "1", "--name", "Ada Lovelace", "--card", sold[0], "--ref", "ZD-7", "--intent", "k")
    done = clerk.does(*wish)
    assert done.startswith("Record 1: name corrected, noted on card ····")
    assert "nothing was changed again" in clerk.does(*wish)
    shown = clerk.does("show", sold[0])
    assert "Holder    Ada Lovelace, ada@exmaple.org (record 1)" in shown
    assert "name of record 1 corrected" in shown
    told = clerk.asks("person", "correct", "1", "--email", "ada@example.org")
    assert (told["done"], told["changed"], told["same_email"]) == (True, ["email"], [2])


def test_two_records_are_merged(clerk: Clerk, sold: list[str]) -> None:
    assert sold
    assert (
        clerk.does("person", "merge", "1", "2", "--ref", "ZD-7") == "Record 1 is merged into record 2, with 1 card.\n"
    )
    shown = clerk.does("person", "show", "1")
    assert "Merged      record 1 into this one" in shown
    assert "3 cards of Ada Lovelace: 7.00 EUR and 120.00 GBP in all." in shown
    assert "record 1 merged into another" in clerk.does("show", sold[0])
    assert "all add up" in clerk.does("verify")


def test_whose_organisation_is_kept_must_be_said(clerk: Clerk, sold: list[str]) -> None:
    clerk.does(
        "register", *sold[1].split(), "--name", "Ada Lovelace", "--email", "ada@example.org", "--organisation", "N"
    )
    told = clerk.is_refused("person", "merge", "1", "2")
    assert told == "Record 1 belongs to no organisation, record 2 to N: say whose organisation is kept."
    assert clerk.does("person", "merge", "1", "2", "--organisation-of", "2")


def test_two_people_remove_a_persons_data(clerk: Clerk, sold: list[str]) -> None:
    """Mia asks, sees that it waits, Sue confirms."""
    clerk.does("note", sold[1], "Ada rang about her aunt")
    assert clerk.does("person", "removals") == "Nobody has asked for the removal of anybody's data.\n"
    asked = clerk.does("person", "remove", "2", "--ref", "ZD-7")
    assert asked.startswith("The removal of record 2 is asked for: a second person must confirm it before 4 Jun 2026")
    assert clerk.is_refused("person", "remove", "2", "--ref", "ZD-7").startswith("You asked for this on 21 May 2026")
    waiting = clerk.does("person", "removals")
    assert waiting.split()[:5] == ["open", "2", "Ada", "Lovelace", "ZD-7"]
    assert "Removal     asked for by mia on 21 May 2026 13:00 under ticket ZD-7" in clerk.does("person", "show", "2")
    done = as_sue(clerk, "person", "remove", "2", "--ref", "ZD-7")
    assert done.startswith("The data of record 2 are removed: 2 cards, 1 text.\nBackups and exports from before ")
    (removal,) = clerk.asks("person", "removals")
    assert (removal["state"], removal["asked_by"], removal["confirmed_by"]) == ("removed", "mia", "sue")
    assert clerk.types("find", "ada@example.org").code == 1
    shown = clerk.does("show", sold[1])
    assert "(removed)" in shown
    assert "aunt" not in shown
    assert "is written anew: " in clerk.does("rebuild")
    assert clerk.asks("rebuild")["after"] == clerk.database.stat().st_size
    assert "all add up" in clerk.does("verify")


def test_a_request_that_waited_too_long_is_told_as_lapsed(clerk: Clerk, sold: list[str]) -> None:
    assert sold
    clerk.does("person", "remove", "2", "--ref", "ZD-7")
    assert clerk.now is not None
    clerk.now = clerk.now.replace(month=6, day=4)
    assert clerk.does("person", "removals").startswith("lapsed")
    assert clerk.asks("person", "show", "2")["removal"] is None


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("correct", "1"), 1, "The record says that already. Nothing was changed."),
        (
            ("correct", "ada", "--name", "x"),
            2,
            "Argument ID: invalid int value: 'ada'. See: giftdesk person correct --help",
        ),
        (("correct", "9", "--name", "x"), 1, "There is no person with the record number 9."),
        (("merge", "1", "1"), 1, "That is one and the same record."),
        (("remove", "1"), 1, "Give the ticket under which the removal is asked for."),
        (
            ("remove", "1", "--ref", "Ada rang"),
            1,
            "About a person only a ticket's number is kept; write it without blanks, like 4711 or ZD-4711.",
        ),
        (("correct", "9" * 30, "--name", "x"), 1, "There is no person with the record number 99"),
    ],
)
def test_what_is_refused_is_said_in_a_sentence(
    clerk: Clerk, sold: list[str], words: tuple[str, ...], code: int, sentence: str
) -> None:
    assert sold
    assert clerk.is_refused("person", *words, code=code).startswith(sentence)
