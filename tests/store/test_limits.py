"""How long a desk may keep a server and its colleagues waiting, and who takes the time that they need."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from postgres import CLERK
from store.counter import Counter, plain_sql

from models import desk
from models.clock import pause
from models.errors import Fault, faults
from models.jobs.exporting import export_json_lines
from models.jobs.migrate import bring_up_to_date
from models.jobs.verify import verify
from models.locations import Server, database_path

if TYPE_CHECKING:
    from models.server.database import ServerDatabase

ENGINES = ("server",)
Shorten = Callable[[str, str], AbstractContextManager[None]]


@pytest.fixture
def shortened(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> Shorten:
    """Connections that are opened meanwhile have a limit that is much shorter: shortened("'15s'", "'150ms'")."""
    from models.server import connection

    @contextmanager
    def within(long: str, short: str) -> Iterator[None]:
        assert connection._SETTINGS.count(long) == 1
        with monkeypatch.context() as patch:
            patch.setattr(connection, "_SETTINGS", connection._SETTINGS.replace(long, short))
            counter.store.database.let_go()
            yield
        counter.store.database.let_go()

    return within


@pytest.mark.parametrize("how", ["reading", "writing"])
def test_no_question_of_daily_work_takes_the_server_longer_than_fifteen_seconds(
    counter: Counter, shortened: Shorten, how: str
) -> None:
    """Somebody waits for the answer; the server gives up, says so, and the desk is told in a sentence."""
    database = counter.store.database
    stopped = pytest.raises(Fault, match=r"took too long over this and was told to stop\. Try again\.")
    with shortened("'15s'", "'100ms'"), stopped, faults(counter.store.path), getattr(database, how)():
        database.execute_sql("SELECT pg_sleep(9)")


def test_nobody_is_waited_for_longer_than_three_seconds(counter: Counter, shortened: Shorten) -> None:
    """A card that another desk holds, and what cards share."""
    card = counter.issued()
    with plain_sql(counter.store.path) as other, shortened("'3s'", "'100ms'"):
        other.execute("SELECT id FROM gift_card WHERE id = ? FOR UPDATE", (card,))
        with pytest.raises(Fault, match="Another desk is saving and did not finish in time"):
            desk.note(counter.mia, card, "hello")
    assert counter.kinds(card) == ["issue"]


def test_a_desk_that_stops_in_the_midst_lets_others_go_on_after_ten_seconds(
    counter: Counter, shortened: Shorten
) -> None:
    """Its computer sleeps with a card in hand: the server undoes what it began, and frees the card."""
    card = counter.issued()

    def sleep_with_it_in_hand() -> None:
        database = counter.store.database
        with faults(counter.store.path), database.writing():
            database.execute_sql("UPDATE gift_card SET balance_minor = 1 WHERE id = ?", (card,))
            pause(0.3)
            database.execute_sql("SELECT 1")

    with shortened("'10s'", "'100ms'"), pytest.raises(Fault, match="The server gave up waiting for this desk"):
        sleep_with_it_in_hand()
    assert counter.sheet(card).balance_minor == 5000
    assert desk.note(counter.mia, card, "hello").done


def test_bringing_a_desk_up_to_date_takes_all_the_time(
    counter: Counter, shortened: Shorten, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An index over ten million cards is made in one statement; nobody works meanwhile."""
    from models.server import definitions, opening

    before = definitions.check_definitions

    def slowly(database: "ServerDatabase") -> None:
        database.execute_sql("SELECT pg_sleep(0.6)")
        before(database)

    monkeypatch.setattr(opening, "check_definitions", slowly)
    place = counter.store.path
    assert isinstance(place, Server)
    with shortened("'15s'", "'300ms'"):
        assert bring_up_to_date(database_path(place.url.replace(CLERK, "desk"))).applied == ()


@pytest.mark.parametrize("job", ["verify", "export"])
def test_a_job_that_only_reads_thinks_as_long_as_it_needs(
    counter: Counter, shortened: Shorten, job: str, tmp_path: Path
) -> None:
    """Seals of millions of rows are checked, or a slow disk is written to, between two questions."""
    counter.issued()
    pauses = iter([0.5, 0.5])
    hook = counter.store.database.query_hooks.append
    hook(lambda event: pause(next(pauses, 0)) if "gift_card" in event.sql else None)
    with shortened("'10s'", "'250ms'"):
        if job == "verify":
            assert not verify(counter.store).findings
        else:
            assert export_json_lines(counter.mia, tmp_path / "cards.jsonl").cards == 1
    assert next(pauses, None) is None
