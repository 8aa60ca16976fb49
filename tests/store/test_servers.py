"""A desk on a server of its own: how it is made, what it refuses, whose clock counts."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from postgres import PrivateServer, as_owner
from store.counter import Counter, ServedDesks, fault_of, plain_sql

from models import desk, unit
from models.agents import admit
from models.clock import FixedClock, SystemClock, from_microseconds
from models.database import known_migrations
from models.doctor.findings import Health
from models.doctor.server import look_at_server
from models.errors import Fault
from models.escalations import Which, listed
from models.jobs.migrate import bring_up_to_date
from models.keys import key_path
from models.locations import Place, Server, database_path
from models.lookups import record_miss
from models.rules.roles import Role
from models.search.fitting import people_fitting
from models.server.parts import has_parts
from models.store import init_store, open_store
from models.unit import Session

ENGINES = ("server",)


# Making and opening.


def test_a_desk_is_made_in_an_empty_database_once(empty: Place) -> None:
    """The second desk leaves the first as it is."""
    first = init_store(empty)
    assert first.business.zone == "Europe/London"
    with pytest.raises(Fault, match=r"There is a desk at .* already\. Nothing was changed\."):
        init_store(empty, zone="Europe/Athens")
    assert open_store(empty).business.zone == "Europe/London"


def test_two_who_make_the_same_desk_at_once_make_one(empty: Place) -> None:
    """One of them is told that there is a desk already."""
    told: list[str] = []

    def make() -> None:
        try:
            told.append(f"made {init_store(empty).is_sandbox}")
        except Fault as fault:
            told.append(fault.sentence.partition(" at ")[0])

    threads = [threading.Thread(target=make) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["There is a desk", "made False"]


def test_an_empty_database_asks_to_be_made_a_desk(empty: Place) -> None:
    """It says how."""
    fault = fault_of(empty)
    assert (fault.status, fault.sentence) == (66, f"There is no desk at {empty}. Make one with: giftdesk init")


def test_a_database_that_is_not_there(server: PrivateServer) -> None:
    """The server knows no database of that name."""
    fault = fault_of(server.place("nowhere"))
    assert (fault.status, fault.sentence.partition(". ")[0]) == (
        66,
        f"There is no database at {server.place('nowhere')}",
    )


def test_a_server_that_does_not_answer(folder: Path) -> None:
    """Nobody listens there; the sentence gives no password away."""
    place = database_path(f"postgresql://ann:secret@/desk?host={folder}")
    fault = fault_of(place)
    assert fault.status == 66
    assert fault.sentence.startswith(f"postgresql://ann@/desk?host={folder} can't be reached")
    assert "secret" not in f"{fault.sentence} {place} {place!r}"


def test_a_key_lies_with_the_users_own_data(server: PrivateServer) -> None:
    """Nothing of the key is on the server; its file is called after the database."""
    place = server.place(server.new_database())
    store = init_store(place)
    key = key_path(place)
    assert key.stem == place.name
    assert key.read_text().strip() == store.keys.master.hex()


def test_a_newer_and_an_older_desk_are_told_apart(place: Place) -> None:
    """By the migrations that were applied."""
    with plain_sql(place) as sql:
        sql.execute("DELETE FROM schema_migration")
    assert fault_of(place).sentence == f"{place} was made by an older giftdesk. Run: giftdesk migrate"
    with plain_sql(place) as sql:
        sql.execute("INSERT INTO schema_migration (name, applied) VALUES ('9999_from_the_future', now())")
    assert "was made by a newer giftdesk" in fault_of(place).sentence


def owned(place: Place) -> Place:
    """The same desk, for its owner, who alone may change its tables."""
    assert isinstance(place, Server)
    return database_path(as_owner(place.url))


def as_of_the_first_migration(place: Place) -> None:
    """Take away what later migrations made."""
    with plain_sql(place) as sql:
        sql.execute("DROP TABLE removal_request, reminder, template CASCADE")
        sql.execute(
            "DROP TABLE credential, support_case, case_card, case_text, escalation, approval, quota, restriction, "
            "outbox, search_text, search_word, customer_text, lookup_miss, lookup_stop, relocation, bulk, "
            "bulk_card CASCADE"
        )
        sql.execute("DROP TRIGGER agent_no_update ON agent")
        sql.execute("DROP TRIGGER high_water_no_return ON high_water")
        sql.execute("ALTER TABLE high_water DROP COLUMN taken_back")
        sql.execute(
            "DROP INDEX gift_card_broken, gift_card_active_from_at, activity_reactivated, gift_card_reactivated, "
            "gift_card_changed_at, gift_card_product_id, gift_card_suspended_at, gift_card_cancelled_at, "
            "customer_organisation_id, activity_loaded"
        )
        sql.execute(
            "ALTER TABLE product DROP COLUMN channels, DROP COLUMN retired_at, DROP COLUMN spend_places, "
            "DROP COLUMN spend_channels"
        )
        sql.execute("ALTER TABLE customer DROP COLUMN merged_into_id, DROP COLUMN removed_at")
        sql.execute("ALTER TABLE import_batch DROP COLUMN watermark")
        sql.execute("ALTER TABLE import_batch DROP COLUMN has_codes_like_ours, DROP COLUMN has_codes_of_letters")
        sql.execute("DELETE FROM schema_migration WHERE name <> '0001_first_desk'")


def test_an_older_desk_is_brought_up_to_date(counter: Counter, server: PrivateServer) -> None:
    """The migrations that files know make on a server what the models declare; what was stored stays."""
    place, card = counter.store.path, counter.issued(recipient=desk.PersonGiven("Lin"))
    as_of_the_first_migration(place)
    assert "older giftdesk" in fault_of(place).sentence
    assert bring_up_to_date(owned(place)).applied == tuple(known_migrations()[1:])
    assert bring_up_to_date(owned(place)).applied == ()
    server.let_clerks_work(place.name)
    migrated = Counter(open_store(place), counter.clock)
    assert not migrated.findings()
    assert migrated.kinds(card) == ["issue"]


def test_what_was_handed_over_before_has_its_row(counter: Counter, server: PrivateServer) -> None:
    """What the desk went on with since counts as answered by who did, and is no news; the rest waits."""
    place, waiting, settled = counter.store.path, counter.issued(), counter.issued()
    for card in (waiting, settled):
        assert desk.escalate(counter.sam, card, desk.Escalation.WRONG_BALANCE, "too little").done
    counter.wait(days=1)
    assert desk.redeem(counter.mia, settled, 100).done
    with plain_sql(place) as sql:
        # Written by the desk of then, which kept no such audit.
        sql.execute("ALTER TABLE audit DISABLE TRIGGER USER")
        sql.execute("DELETE FROM audit WHERE subject LIKE 'escalation:%' OR subject LIKE 'case:%'")
        sql.execute("ALTER TABLE audit ENABLE TRIGGER USER")
    as_of_the_first_migration(place)
    bring_up_to_date(owned(place))
    server.let_clerks_work(place.name)
    migrated = Counter(open_store(place), counter.clock)
    assert [line.id for line in listed(migrated.pat, Which.OPEN).lines] == [f"E{waiting}-2"]
    (closed,) = listed(migrated.pat, Which.CLOSED).lines
    assert (closed.id, closed.outcome, closed.closed_by, closed.is_news) == (f"E{settled}-2", "earlier", "Mia", False)
    assert closed.closed_at == counter.clock.now()
    assert not migrated.findings()


def test_a_desk_that_a_migration_does_not_make_whole_stays_as_it_was(place: Place) -> None:
    """Something else is missing as well: all or nothing."""
    as_of_the_first_migration(place)
    with plain_sql(place) as sql:
        sql.execute("DROP INDEX agent_login")
    with pytest.raises(Fault, match=r"lacks a safeguard \(agent_login\)"):
        bring_up_to_date(owned(place))
    assert "older giftdesk" in fault_of(place).sentence


def test_the_connection_waits_for_nobody_for_ever(counter: Counter) -> None:
    """Every connection is set to the limits, and to UTC."""
    db = counter.store.database
    limits = {"lock_timeout": "3s", "statement_timeout": "15s", "idle_in_transaction_session_timeout": "10s"}
    with db.connected():
        for name, value in {**limits, "TimeZone": "UTC", "synchronous_commit": "on"}.items():
            assert db.execute_sql(f"SHOW {name}").fetchone() == (value,)


# Whose clock counts.


def test_the_servers_clock_decides(empty: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """A workstation that is a year behind writes down the server's time."""
    store = init_store(empty)
    right = SystemClock().now()
    monkeypatch.setattr(SystemClock, "now", lambda _clock: right - timedelta(days=365))
    with store.database.writing():
        assert abs(store.now() - right) < timedelta(minutes=5)
    assert abs(store.clock.now() - right) < timedelta(minutes=5)


def test_time_is_taken_after_the_card_was_waited_for(served: ServedDesks) -> None:
    """Who waits for a card for a second writes down when it was free, not when the wish began."""
    with served.copy() as place:
        store = open_store(place)
        counter = Counter(store, FixedClock(datetime(2026, 1, 1, tzinfo=UTC)))
        card = counter.issued()
        with plain_sql(place) as other:
            other.execute("SELECT id FROM gift_card WHERE id = ? FOR UPDATE", (card,))
            waiting = threading.Thread(target=lambda: desk.note(counter.mia, card, "waited"))
            waiting.start()
            while not other.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchall():
                pass
            (freed,) = other.execute("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint").fetchone()
        waiting.join()
        assert counter.last(card).effective_at > from_microseconds(int(freed))


@pytest.fixture
def hasty(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A server that lets nobody wait for another for longer than a moment."""
    from models.server import connection as connecting

    monkeypatch.setattr(connecting, "_SETTINGS", connecting._SETTINGS.replace("'3s'", "'30ms'"))
    counter.store.database.let_go()
    yield
    counter.store.database.let_go()


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize(
    ("held", "deed", "kinds"),
    [
        ("gift_card", lambda counter, card: desk.note(counter.mia, card, "hello").done, ["issue", "note"]),
        ("lookup_miss", lambda counter, _card: record_miss(counter.mia, "GC10 0000 0000") is None, ["issue"]),
    ],
    ids=["a wish", "what is written unasked"],
)
def test_who_is_in_the_way_is_waited_for_again(
    counter: Counter,
    monkeypatch: pytest.MonkeyPatch,
    held: str,
    deed: Callable[[Counter, int], bool],
    kinds: list[str],
) -> None:
    """The server lets nobody wait for a lock for long; whoever holds it is done before the second try."""
    card = counter.issued()
    waits: list[float] = []
    with plain_sql(counter.store.path) as other:
        other.execute(f"LOCK TABLE {held} IN ACCESS EXCLUSIVE MODE")

        def let_go(seconds: float) -> None:
            waits.append(seconds)
            other.rollback()

        monkeypatch.setattr(unit, "pause", let_go)
        assert deed(counter, card)
    assert len(waits) == 1
    assert counter.kinds(card) == kinds


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize(("patience_seconds", "most_waits"), [(10.0, 5), (0.0, 0)])
def test_a_card_that_somebody_holds_too_long_is_told_in_a_sentence(
    counter: Counter, monkeypatch: pytest.MonkeyPatch, patience_seconds: float, most_waits: int
) -> None:
    """After so many tries, or when its patience is at an end, the desk gives up, and nothing was changed."""
    card = counter.issued()
    waits: list[float] = []
    monkeypatch.setattr(unit, "PATIENCE_SECONDS", patience_seconds)
    monkeypatch.setattr(unit, "pause", waits.append)
    with plain_sql(counter.store.path) as other:
        other.execute("SELECT id FROM gift_card WHERE id = ? FOR UPDATE", (card,))
        with pytest.raises(Fault) as caught:
            desk.note(counter.mia, card, "hello")
    assert caught.value.status == 75
    assert caught.value.sentence == (
        "Another desk is saving and did not finish in time. Try again. Nothing was changed."
    )
    assert counter.kinds(card) == ["issue"]
    assert len(waits) == most_waits


def test_a_server_set_back_is_noticed(served: ServedDesks) -> None:
    """The mark that is set every minute lies ahead of the server's clock: nothing is written."""
    with served.copy(is_sandbox=False) as place:
        with plain_sql(place) as sql:
            sql.execute(
                "UPDATE high_water SET reached_at = (extract(epoch FROM clock_timestamp()) * 1000000)::bigint + 9e9"
            )
        counter = Counter(open_store(place), FixedClock(datetime(2026, 1, 1, tzinfo=UTC)))
        outcome = desk.set_organisation(counter.mia, "Northwind")
        assert not outcome.done
        assert "behind the last record" in outcome.sentence


# Texts.


@pytest.mark.parametrize("text", ["nul \x00 inside", "half \ud800 a pair", "it's 100% ?", "\\x41", "%s"])
def test_texts_that_the_server_would_choke_on(counter: Counter, text: str) -> None:
    """They are refused in a sentence or stored as they are; a search for them finds nothing and breaks nothing."""
    from models.finding import find

    card = counter.issued()
    outcome = desk.note(counter.mia, card, text)
    if outcome.done:
        assert counter.last(card).reason == text
    else:
        assert counter.kinds(card) == ["issue"]
    assert find(counter.store, f"{text}@example.org").lines == ()
    assert find(counter.store, text).lines == ()


# Strangers, at once.


def test_two_strangers_at_an_empty_desk_make_one_manager(empty: Place) -> None:
    """Whoever comes second is an agent."""
    store = init_store(empty, is_sandbox=True)
    start = threading.Barrier(4)

    def come(login: str) -> None:
        start.wait()
        desk.set_organisation(Session(store, login), "Northwind")

    threads = [threading.Thread(target=come, args=(login,)) for login in ("ann", "bob", "ann", "cid")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    roles = [admit(Session(store, login)).role for login in ("ann", "bob", "cid")]
    assert roles.count(Role.MANAGER) == 1


# The driver.


def test_a_desk_in_a_file_never_pays_for_the_driver(tmp_path: Path) -> None:
    """It is installed, and not imported unless the address asks for it."""
    code = (
        "import sys; from models.store import init_store; from pathlib import Path; init_store(Path(sys.argv[1])); "
        "assert not [name for name in sys.modules if name.startswith('psycopg') and sys.modules[name]]"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "desk.db")], check=True)


def test_without_the_driver_the_sentence_says_what_to_install() -> None:
    """A desk on a server needs one more package."""
    code = (
        "import sys, models.server.driver as driver; from models.locations import Server, database_path\n"
        "class Nowhere:\n"
        "    def find_spec(self, name, *rest):\n"
        "        if name == 'psycopg': raise ImportError(name)\n"
        "sys.meta_path.insert(0, Nowhere())\n"
        "from tui.cli import main; sys.exit(main(['verify', '--db', 'postgresql://ann@host/desk']))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 78
    assert "pip install 'giftdesk[postgres]'" in run.stderr


# The index of parts of names.


def test_without_the_extension_people_are_found_all_the_same(counter: Counter) -> None:
    """Doctor says what is missing; once it may be made, migrating makes it, though there is nothing else to do."""
    place = counter.store.path
    with plain_sql(place) as sql:
        sql.execute("DROP EXTENSION pg_trgm CASCADE")
    desk.issue(counter.mia, "half", 5000, recipient=desk.PersonGiven("Ada Lovelace"))
    with counter.store.database.reading():
        assert people_fitting(counter.store.database, ["velac"], 9).few == (1,)
        assert [each.health for each in look_at_server(counter.store.database) if each.subject == "names"] == [
            Health.WARN
        ]
    assert bring_up_to_date(owned(place)).applied == ()
    with counter.store.database.reading():
        assert people_fitting(counter.store.database, ["velac"], 9).few == (1,)
        assert [each.health for each in look_at_server(counter.store.database) if each.subject == "names"] == [
            Health.OK
        ]


def test_an_owner_who_may_not_make_the_extension_makes_a_desk(server: PrivateServer) -> None:
    """It lacks the index, and nothing else."""
    name = server.new_database()
    with server.connection(name) as sql:
        sql.execute("DROP ROLE IF EXISTS plain_owner")
        sql.execute("CREATE ROLE plain_owner LOGIN")
        sql.execute("GRANT CREATE, USAGE ON SCHEMA public TO plain_owner")
    store = init_store(server.place(name, "plain_owner"))
    with store.database.reading():
        assert not has_parts(store.database)
    server.drop(name)
