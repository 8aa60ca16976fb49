"""Who may do what on a server: the role of daily work adds to history, and the server itself keeps it from the rest."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from postgres import CLERK, USER, PrivateServer, as_owner
from store.counter import Counter, ServedDesks, plain_sql

from models import desk
from models.doctor.findings import Finding, Health
from models.doctor.rights import look_at_rights
from models.errors import Fault
from models.jobs.grant import grant
from models.jobs.migrate import bring_up_to_date
from models.jobs.verify import verify
from models.locations import Place, Server, database_path
from models.server.rights import CHANGED, MIGRATIONS, ONLY_READ, REMOVED, Right, needed, quoted, script, statements
from models.store import init_store, open_store

ENGINES = ("server",)


@pytest.fixture
def place(served: ServedDesks) -> Iterator[Place]:
    """A desk, as its clerks reach it."""
    with served.copy() as place:
        yield place


def owned(place: Place) -> Server:
    """The same desk, for its owner."""
    assert isinstance(place, Server)
    owner = database_path(as_owner(place.url))
    assert isinstance(owner, Server)
    return owner


def as_role(place: Place, role: str) -> Place:
    """The same desk, for another role."""
    assert isinstance(place, Server)
    return database_path(place.url.replace(f"//{CLERK}@", f"//{role}@", 1))


@contextmanager
def new_role(server: PrivateServer, name: str, *, like: str = "LOGIN") -> Iterator[str]:
    """A role that is gone afterwards, with what it was given in the desks that are left."""
    with server.connection() as sql:
        sql.execute(f"DROP ROLE IF EXISTS {quoted(name)}")
        sql.execute(f"CREATE ROLE {quoted(name)} {like}")
    yield name


def health(place: Place) -> Finding:
    """What doctor says of whoever is connected."""
    database = open_store(place).database
    with database.reading():
        return look_at_rights(database)


def is_let(sql: object, statement: str) -> bool:
    """Whether the server lets a role say something; nothing of it is saved."""
    import psycopg

    try:
        with sql.transaction(force_rollback=True):  # type: ignore[attr-defined]
            sql.execute(statement)  # type: ignore[attr-defined]
    except psycopg.errors.InsufficientPrivilege:
        return False
    return True


def everything_there(place: Place) -> dict[str, list[str]]:
    """Table -> its columns, as the server knows them."""
    found: dict[str, list[str]] = {}
    with plain_sql(place) as sql:
        rows = sql.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema() "
            "ORDER BY table_name, ordinal_position"
        )
        for table, column in rows:
            found.setdefault(table, []).append(column)
    return found


def test_the_server_refuses_whatever_no_work_needs(place: Place) -> None:
    """Each column of each table: an UPDATE of it; each table: INSERT, DELETE, TRUNCATE; by a plain connection."""
    import psycopg

    assert isinstance(place, Server)
    tables = everything_there(place)
    with psycopg.connect(place.url, autocommit=True) as sql:
        may_change = {
            (table, column)
            for table, columns in tables.items()
            for column in columns
            if is_let(sql, f'UPDATE {table} SET "{column}" = "{column}" WHERE false')
        }
        may_add = {table for table in tables if is_let(sql, f"INSERT INTO {table} SELECT * FROM {table} WHERE false")}
        may_remove = {table for table in tables if is_let(sql, f"DELETE FROM {table} WHERE false")}
        may_empty = {table for table in tables if is_let(sql, f"TRUNCATE {table} CASCADE")}
    assert may_change == {(table, column) for table, columns in CHANGED.items() for column in columns}
    assert may_add == tables.keys() - ONLY_READ - {"high_water"}
    assert may_remove == REMOVED
    assert not may_empty
    assert len(tables) > 30
    assert MIGRATIONS in tables


@pytest.mark.parametrize("table", ["activity", "audit", "intent", "policy", "template", "lookup_miss", "case_card"])
def test_of_what_is_only_added_to_nothing_can_be_changed(table: str) -> None:
    """The declaration itself."""
    rights = {right.verb for right in needed() if right.on == table}
    assert rights == {"SELECT", "INSERT"}


@pytest.mark.parametrize("table", ["business", "relocation", "schema_migration"])
def test_what_the_desk_itself_is_only_the_owner_says(table: str) -> None:
    """Whose it is, where it is, and how far it was brought up to date."""
    assert {right.verb for right in needed() if right.on == table} == {"SELECT"}


def test_a_role_is_let_work_and_loses_what_it_had_beside(server: PrivateServer, place: Place) -> None:
    """It could do everything with every table; then it can issue a card, and doctor is content."""
    with new_role(server, "wide_clerk") as role:
        with plain_sql(place) as sql:
            sql.execute(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}")
            sql.execute(f"GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {role}")
        found = health(as_role(place, role))
        assert found.health is Health.WARN
        assert "wide_clerk has DELETE activity, " in found.told
        assert grant(owned(place), role).left == ""
        theirs = as_role(place, role)
        assert health(theirs).told == "wide_clerk can add to history, and never change it"
        counter = Counter(open_store(theirs), None)  # type: ignore[arg-type]
        card = counter.issued()
        assert desk.redeem(counter.sam, card, 100).done


def test_the_script_does_the_same_as_the_command(server: PrivateServer, place: Place) -> None:
    """With a name that has to be quoted; everything in it, or nothing."""
    with new_role(server, 'Ann "the" clerk; --') as role:
        with server.connection(place.name) as sql:
            sql.execute(script(role))
        with plain_sql(place) as sql:
            held = sql.execute("SELECT has_table_privilege(?, 'audit', 'INSERT')", (role,)).fetchone()
        assert held == (True,)
        assert grant(owned(place), role).left == ""


def test_who_only_reads_can_verify_and_changes_nothing(server: PrivateServer, place: Place) -> None:
    with new_role(server, "books") as role:
        assert grant(owned(place), role, only_reading=True).left == ""
        store = open_store(as_role(place, role))
        assert not verify(store).findings
        counter = Counter(store, None)  # type: ignore[arg-type]
        with pytest.raises(Fault, match="does not give you the right to do that"):
            desk.issue(counter.mia, "half", 5000)
        assert health(as_role(place, role)).told == "books can only read"


def test_a_right_that_is_missing_is_named(place: Place) -> None:
    """A table that came with a migration, after which nobody was let work."""
    with plain_sql(place) as sql:
        sql.execute(f"REVOKE ALL ON outbox FROM {CLERK}")
        sql.execute(f"GRANT SELECT ON outbox TO {CLERK}")
    found = health(place)
    assert found.health is Health.BAD
    assert found.told.startswith("desk_clerk lacks INSERT outbox, UPDATE outbox.claimed_at, ")
    assert found.told.endswith(" more, so that some work fails")
    assert found.cure == "Let the desk's owner run: giftdesk grant --role desk_clerk"


def test_migrating_lets_others_work_in_the_same_go(place: Place) -> None:
    with plain_sql(place) as sql:
        sql.execute(f"REVOKE ALL ON quota FROM {CLERK}")
    bring_up_to_date(owned(place), CLERK)
    assert health(place).health is Health.OK


def test_owners_and_superusers_are_warned(server: PrivateServer) -> None:
    """They can switch off what keeps history."""
    name = server.new_database()
    with new_role(server, "plain_owner") as owner:
        with server.connection(name) as sql:
            sql.execute(f"GRANT CREATE, USAGE ON SCHEMA public TO {owner}")
        own = server.place(name, owner)
        init_store(own, role=CLERK)
        assert health(own).told == "plain_owner owns the desk: it can switch off what keeps history"
        assert "desk is a superuser of the server" in health(server.place(name)).told
        assert health(server.place(name, CLERK)).health is Health.OK
        server.drop(name)


def test_who_may_become_the_owner_is_not_let_work(place: Place, server: PrivateServer) -> None:
    """A membership that is not inherited gives all of it to whoever asks for it."""
    with new_role(server, "sneaking") as role:
        with plain_sql(place) as sql:
            sql.execute(f"ALTER ROLE {role} NOINHERIT; GRANT {USER} TO {role}")
        with pytest.raises(Fault, match="sneaking may become one that stands above all rights"):
            grant(owned(place), role)


@pytest.mark.parametrize(
    ("role", "told"),
    [
        ("nobody_there", r"knows no role nobody_there\. .* CREATE ROLE \"nobody_there\" LOGIN"),
        ("public", "public can't be the name of a role"),
        ("", "An empty name can't be the name"),
        (" ", "can't be the name of a role"),
        ("r" * 64, "can't be the name of a role"),
        ("ann\nDROP", "can't be the name of a role"),
        ("pg_write_all_data", "pg_write_all_data is one of the server's own roles"),
        ("pg_nobody", "pg_nobody is one of the server's own roles"),
        ("desk", "desk is a superuser of the server: daily work needs a role"),
    ],
)
def test_who_can_not_be_let_work_is_refused(place: Place, role: str, told: str) -> None:
    """In one sentence, and nobody loses what they had."""
    with pytest.raises(Fault, match=told):
        grant(owned(place), role)
    assert health(place).health is Health.OK


def test_no_desk_is_made_for_a_role_that_is_not_there(empty: Place) -> None:
    """All of it or nothing."""
    with pytest.raises(Fault, match="knows no role nobody_there"):
        init_store(empty, role="nobody_there")
    assert init_store(empty).business.zone == "Europe/London"


def test_only_the_owner_lets_others_work(place: Place) -> None:
    """A clerk can neither make a colleague nor itself mightier."""
    with pytest.raises(Fault, match=r"desk_clerk does not own the desk") as caught:
        grant(place, CLERK)
    assert caught.value.status == 77


def test_a_role_of_the_owners_group_is_no_clerk(server: PrivateServer, place: Place) -> None:
    """What it is kept from, the group would give it."""
    refused = pytest.raises(Fault, match="owners_friend owns the desk")
    with new_role(server, "owners_friend", like="LOGIN IN ROLE desk") as role, refused:
        grant(owned(place), role)


def test_rights_that_come_another_way_are_told(server: PrivateServer, place: Place) -> None:
    """A role that belongs to another keeps what that may do."""
    with new_role(server, "eraser", like="NOLOGIN") as group, new_role(server, "clumsy") as role:
        with plain_sql(place) as sql:
            sql.execute(f"GRANT DELETE ON audit TO {group}")
            sql.execute(f"GRANT {group} TO {role}")
        assert grant(owned(place), role).left == "DELETE audit"
        assert health(as_role(place, role)).told == "clumsy has DELETE audit, which no work needs"


def test_a_desk_in_a_file_knows_no_roles(tmp_path: Path) -> None:
    """Neither is one made."""
    file = tmp_path / "desk.db"
    for attempt in (lambda: grant(file, CLERK), lambda: init_store(file, role=CLERK)):
        with pytest.raises(Fault, match="is a file, which knows no roles"):
            attempt()
    assert not file.exists()


def test_statements_name_every_right_that_is_needed() -> None:
    """What is granted and what is looked for later are the same."""
    said = " ".join(" ".join(statements("x")).split())
    for right in needed():
        name = right.column or right.on
        assert name in said.split("GRANT SELECT")[1], right
    assert Right("UPDATE", "gift_card", "last_four") not in needed()
