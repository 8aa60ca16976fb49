"""Finding cards at the command line: page by page, and by everything that the field of the screen takes."""

import json

import pytest
from cli.clerk import Clerk
from postgres import AT_LENGTH

from models.search import searching
from tui.console import finding

ENGINES = AT_LENGTH


@pytest.fixture
def five(clerk: Clerk) -> list[str]:
    """The ends of the codes of five cards of one person, the latest first."""
    codes = [clerk.issues(f"{number}.00", "--name", "Ada Lovelace", "--place", "Leeds") for number in range(1, 6)]
    return [code[-4:] for code in reversed(codes)]


def ends(found: dict[str, list[dict[str, str]]]) -> list[str]:
    return [card["code_masked"][-4:] for card in found["cards"]]


def test_pages_bring_every_card_once(clerk: Clerk, five: list[str]) -> None:
    """Each key leads to the page behind it, though a card came in meanwhile; the last page has none."""
    pages: list[str] = []
    after: list[str] = []
    for _ in range(3):
        page = clerk.asks("find", "ada", "place:leeds", "--limit", "2", *after)
        pages += ends(page)
        assert page["has_more"] == (page["next"] is not None)
        after = ["--after", str(page["next"])]
        clerk.issues("50.00", "--name", "Ada Lovelace", "--place", "Leeds")
    assert pages == five
    assert page["next"] is None


def test_the_next_page_is_told_to_a_person(clerk: Clerk, five: list[str]) -> None:
    answer = clerk.types("find", "ada", "--limit", "2")
    key = clerk.asks("find", "ada", "--limit", "2")["next"]
    assert answer.err == f"The newest 2 of more: the same with --after {key} goes on.\n"
    line, *_ = clerk.does("find", "ada", "--limit", "1", "--after", key).splitlines()
    assert five[2] in line
    assert clerk.types("find", "ada").err == ""


_NO_KEYS = ("", "x", "1", ".", "1.", "0x1.1", "-1.1", "ffffffffffffffff.1", "1.2.3", "\u0661.1", "1" * 99)


def test_what_is_no_key_and_no_number_of_cards_is_refused(clerk: Clerk) -> None:
    for key in _NO_KEYS:
        assert clerk.is_refused("find", "ada", f"--after={key}", code=2).startswith("--after: ")
    for limit in ("0", "-1", "10001"):
        assert clerk.is_refused("find", "ada", f"--limit={limit}", code=2) == "--limit: 1 to 10,000 cards."


@pytest.mark.usefixtures("five")
def test_a_forged_key_is_a_place_in_the_list_and_nothing_else(clerk: Clerk) -> None:
    """Behind it no code is looked for, so that none is found there and none counts."""
    code = clerk.issues("50.00", "--name", "Grace Hopper")
    assert clerk.asks("find", code)["is_exact"]
    for text in (code, f"{code[:-1]}?", f"{code}2"):
        found = clerk.types("find", text, "--json", "--after", "7fffffffffffffff.7fffffffffffffff")
        assert (found.code, json.loads(found.out)["cards"]) == (1, [])
    assert not ends(json.loads(clerk.types("find", "ada", "--json", "--after", "0.0").out))


def test_json_has_what_was_understood_and_what_differs(clerk: Clerk, five: list[str]) -> None:
    """Next to what others rely on already."""
    found = clerk.asks("find", "ada", "on:may", "status:active", "--limit", "1")
    assert set(found) == {"is_exact", "are_near_misses", "has_more", "next", "understood", "sentence", "cards"}
    assert found["understood"] == "name or e-mail: ada \u00b7 May 2026 \u00b7 active"
    assert (ends(found), found["cards"][0]["remark"]) == (five[:1], None)
    code = clerk.issues("50.00", "--name", "Grace Hopper")
    (near,) = clerk.asks("find", f"{code}X")["cards"]
    assert near["remark"] == "17th character: the X that you typed is not on the card"
    assert near["remark"] in clerk.does("find", f"{code}X")


@pytest.mark.usefixtures("five")
def test_a_filter_that_finds_nothing_says_what_to_write(clerk: Clerk) -> None:
    assert clerk.is_refused("find", "place:Paris") == "No place is called 'paris'; there is Leeds."
    assert "did you mean place:?" in clerk.is_refused("find", "plce:Leeds")
    assert "on:" in clerk.is_refused("find", "on:31.2.2026")


@pytest.mark.usefixtures("five")
def test_a_search_goes_on_by_itself_until_the_page_is_full(clerk: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    """However few cards it looks at in one go; in the end it says where it stopped."""
    monkeypatch.setattr(searching, "WALKED", 1)
    monkeypatch.setattr(searching, "MOST_LISTED", 0)
    whole = clerk.asks("find", "status:active")
    assert (len(ends(whole)), whole["next"]) == (5, None)
    assert len(ends(clerk.asks("find", "status:active", "--limit", "4"))) == 4
    assert clerk.is_refused("find", "status:expired").startswith("Nothing is found by that.")
    monkeypatch.setattr(finding, "_MOST_READINGS", 2)
    assert clerk.is_refused("find", "status:expired").startswith("Nothing so far: the same with --after ")
