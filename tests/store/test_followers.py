"""Lists and reports come from a server that follows, where one was named; nothing that decides ever does."""

from urllib.parse import quote

import pytest
from postgres import PrivateServer
from store.counter import Counter

from models import worklists
from models.locations import Place, Server, database_path
from models.reports.catalogue import make_report
from models.reports.wishes import ReportWish
from models.store import Store, open_store

ENGINES = ("server",)


def reported(place: Place, reports: str) -> Store:
    """The same desk with another server for lists."""
    assert isinstance(place, Server)
    return open_store(database_path(f"{place.url}&reports={quote(reports)}"))


def test_the_address_says_where_lists_come_from() -> None:
    """The driver is not told, nor are people; all else is left as it was given."""
    place = database_path("postgresql://sam@one,two/shop?target_session_attrs=read-write&reports=three:5433,four")
    assert isinstance(place, Server)
    assert (str(place), place.reports) == ("postgresql://sam@one,two/shop", "three:5433,four")
    assert place.url == "postgresql://sam@one,two/shop?target_session_attrs=read-write"
    plain = database_path("postgresql://sam@one/shop?connect_timeout=3")
    assert isinstance(plain, Server)
    assert (plain.url, plain.reports) == ("postgresql://sam@one/shop?connect_timeout=3", "")


def test_others_take_the_place_of_the_servers_in_the_address(counter: Counter) -> None:
    """Host and port of each, or the host alone; any of them will do."""
    assert counter  # the driver is there
    from models.server.connection import Servers

    settings = Servers("postgresql://sam@one:5/shop?target_session_attrs=primary", "two:5433,three").settings
    assert (settings["host"], settings["port"], settings["dbname"]) == ("two,three", "5433,", "shop")
    assert (settings["user"], settings["target_session_attrs"]) == ("sam", "any")


def test_a_list_comes_on_a_connection_of_its_own(
    counter: Counter, server: PrivateServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever asks for one in the midst of something else goes on with what they had."""
    store = reported(counter.store.path, str(server.folder))
    database = store.database
    with database.connected():
        here = backend(store)
        with database.surveying():
            assert backend(store) != here
        assert backend(store) == here
        with database.writing(), database.surveying():
            assert backend(store) == here
    monkeypatch.setattr(database, "_connect_to_a_follower", _crash)
    with pytest.raises(AssertionError, match="a follower was asked"):
        worklists.counts(store)
    with pytest.raises(AssertionError, match="a follower was asked"):
        make_report(store, "liability", ReportWish())
    with database.reading():
        store.now()


def backend(store: Store) -> int:
    """Which process of the server answers just now."""
    (pid,) = store.database.execute_sql("SELECT pg_backend_pid()").fetchone()
    return int(pid)


def _crash() -> None:
    raise AssertionError("a follower was asked")


def test_where_none_follows_who_takes_changes_is_asked(counter: Counter, folder: object) -> None:
    """A list is there all the same."""
    store = reported(counter.store.path, str(folder))
    counted = {each.worklist.name for each in worklists.counts(store)}
    assert "expiring" in counted
