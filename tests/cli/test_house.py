"""Moving house at the command line: what is asked, what is told, and how it is gone on with or taken back."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from cli.clerk import Clerk
from postgres import PrivateServer

from models.jobs import move as moving
from models.keys import key_path
from models.locations import Server


@pytest.fixture
def shop(server: PrivateServer) -> Server:
    """An empty database on a server."""
    place = server.place(server.new_database())
    assert isinstance(place, Server)
    return place


def test_a_desk_moves_to_a_server_and_back(clerk: Clerk, shop: Server, tmp_path: Path) -> None:
    """First it is told what would move; then it is there, with its key, and the cards answer to their codes."""
    code = clerk.issues("50.00", "--name", "Lin", "--email", "lin@example.org")
    told = clerk.is_refused("move", "--to", shop.url)
    assert f"The desk at {clerk.database}, with 1 card, would move to {shop}" in told
    assert "add --yes" in told
    told = clerk.does("move", "--to", shop.url, "--yes")
    assert f"The desk moved to {shop}: 1 card (50.00 GBP); 1 active." in told
    assert "compared one by one; the ends of all chains are the same, " in told
    assert f"Let others work there with: giftdesk grant --role NAME --db {shop}" in told
    assert f"At {clerk.database} it is closed for good. Name {shop} with --db" in told
    assert f"This desk moved to {shop}. Work there" in clerk.is_refused("find", "lin", code=78)
    assert clerk.asks("show", code, "--db", shop.url)["balance_minor"] == 5000
    back = tmp_path / "back.db"
    facts = clerk.asks("move", "--from", shop.url, "--to", str(back), "--yes")
    assert (facts["done"], facts["from"], facts["to"]) == (True, str(shop), str(back))
    assert (facts["cards"], facts["balances_minor"], facts["posted_minor"]) == (
        {"active": 1},
        {"GBP": 5000},
        {"GBP": 5000},
    )
    assert (facts["rows"]["gift_card"], facts["findings"], facts["rows_left"]) == (1, [], 0)
    assert facts["key"] == str(back.with_suffix(".key"))
    assert clerk.asks("show", code, "--db", f"sqlite:///{back}")["balance_minor"] == 5000


@pytest.fixture
def stopped(clerk: Clerk, shop: Server, monkeypatch: pytest.MonkeyPatch) -> Clerk:
    """A desk of which somebody stopped the move at its first page."""
    move: Callable[..., moving.Moved] = moving.move
    begun: list[str] = []
    with monkeypatch.context() as patched:
        patched.setattr(
            moving, "move", lambda order, _watch, _: move(order, lambda what, _: begun.append(what), lambda: begun[1:])
        )
        answer = clerk.types("move", "--to", shop.url, "--yes")
    assert answer.code == 130
    assert "rows left, and nothing checked. The desk stays closed for changes: run it again to go on" in answer.err
    return clerk


def test_a_stopped_move_is_told_by_everything_and_gone_on_with(stopped: Clerk, shop: Server) -> None:
    """By what is saved, by the doctor, by the place; and run again it needs no further word."""
    assert "This desk is moving house" in stopped.is_refused("organisation", "set", "Northwind")
    found = {each["subject"]: each for each in json.loads(stopped.types("doctor", "--json").out)}
    assert (found["moving"]["health"], str(shop) in found["moving"]["told"]) == ("warn", True)
    assert "is not whole yet" in stopped.is_refused("find", "lin", "--db", shop.url, code=78)
    assert "The desk moved to" in stopped.does("move", "--to", shop.url)
    assert stopped.asks("verify", "--db", shop.url)["findings"] == []


def test_a_stopped_move_is_taken_back(stopped: Clerk, shop: Server) -> None:
    """What was brought is to be removed by hand; where nothing was, the desk may move there again."""
    key = key_path(shop)
    told = stopped.does("move", "--give-up")
    assert f"The key that the move had laid at {key} was removed." in told
    assert not key.exists()
    assert f"stays at {stopped.database}, and work goes on. What lies at {shop} by now is no desk" in told
    stopped.issues("5.00")
    assert "This desk is not moving." in stopped.is_refused("move", "--give-up")
    assert "The desk moved to" in stopped.does("move", "--to", shop.url, "--yes")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "Name where the desk moves to, with --to"),
        (("--give-up", "--to", "x.db"), "leave --to away"),
        (("--from", "a.db", "--db", "b.db", "--to", "c.db"), "not with both"),
    ],
)
def test_what_is_not_understood(clerk: Clerk, words: tuple[str, ...], told: str) -> None:
    assert told in clerk.is_refused("move", *words, code=2)


def test_a_place_that_does_not_answer(clerk: Clerk) -> None:
    """Nothing was begun, and no password is told."""
    told = clerk.is_refused("move", "--to", "postgresql://ann:secret@/shop?host=/nowhere", "--yes", code=66)
    assert "can't be reached" in told
    assert "secret" not in told
    clerk.issues("5.00")
