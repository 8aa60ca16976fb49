"""What keeps history what it is on a server: every safeguard is missed, and a clerk's rights do not reach it."""

import pytest
from postgres import as_owner
from store.counter import Counter, fault_of, plain_sql

from models.errors import Fault
from models.locations import Place, Server, database_path
from models.schema import TABLES

ENGINES = ("server",)


def everything_that_can_be_dropped(place: Place) -> dict[str, str]:
    """Each index, trigger and named constraint of a desk, with the statement that takes it away."""
    tables = ", ".join(f"'{table._meta.table_name}'" for table in TABLES)
    with plain_sql(place) as sql:
        constraints = sql.execute(
            "SELECT c.relname, k.conname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid "
            f"WHERE c.relname IN ({tables}) AND k.contype IN ('c', 'f')"
        ).fetchall()
        triggers = sql.execute(
            "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            f"WHERE c.relname IN ({tables}) AND NOT t.tgisinternal"
        ).fetchall()
        indexes = sql.execute(
            # The index of parts of names is made where a server lets us; doctor says when it is not there.
            f"SELECT indexname FROM pg_indexes WHERE tablename IN ({tables}) AND indexname NOT LIKE '%pkey' "
            "AND indexname <> 'search_text_part'"
        ).fetchall()
    return {
        **{f"{table}: {name}": f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"' for table, name in constraints},
        **{name: f'DROP TRIGGER "{name}" ON "{table}"' for table, name in triggers},
        **{name: f'DROP INDEX "{name}"' for (name,) in indexes},
    }


def everything_that_may_become_empty(place: Place) -> dict[str, str]:
    """Each column that must be given, with the statement that no longer asks for it."""
    tables = ", ".join(f"'{table._meta.table_name}'" for table in TABLES)
    with plain_sql(place) as sql:
        columns = sql.execute(
            f"SELECT table_name, column_name FROM information_schema.columns c WHERE table_name IN ({tables}) "
            "AND is_nullable = 'NO' AND NOT EXISTS (SELECT 1 FROM information_schema.key_column_usage k "
            "WHERE k.table_name = c.table_name AND k.column_name = c.column_name AND k.constraint_name LIKE '%pkey')"
        ).fetchall()
    return {f"{table}: {column}": f'ALTER TABLE "{table}" ALTER "{column}" DROP NOT NULL' for table, column in columns}


def test_a_desk_misses_every_single_safeguard(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take any one of them away, and what is asked at each start names it: N of N."""
    from models.server import definitions
    from models.server.database import ServerDatabase

    statements = {**everything_that_can_be_dropped(place), **everything_that_may_become_empty(place)}
    assert len(statements) > 280
    assert isinstance(place, Server)
    owner = database_path(as_owner(place.url))
    assert isinstance(owner, Server)
    database = ServerDatabase(owner)
    expected = definitions._expected(database)
    monkeypatch.setattr(definitions, "_expected", lambda _database: expected)
    with database.connected():
        definitions.check_definitions(database)
        for name, statement in statements.items():
            with database.atomic() as transaction:
                database.execute_sql(statement)
                with pytest.raises(Fault, match="lacks a safeguard") as missed:
                    definitions.check_definitions(database)
                assert f"({name.partition(':')[0]})" in missed.value.sentence, name
                transaction.rollback()
        definitions.check_definitions(database)


@pytest.mark.parametrize(
    ("name", "loosened"),
    [
        ("activity_no_update", "ALTER TABLE activity DISABLE TRIGGER activity_no_update"),
        ("audit_no_truncate", "DROP TRIGGER audit_no_truncate ON audit"),
        ("agent_login", "DROP INDEX agent_login; CREATE INDEX agent_login ON agent (login)"),
        (
            "activity_reinstated_once",
            "DROP INDEX activity_reinstated_once; CREATE UNIQUE INDEX activity_reinstated_once ON activity "
            "(card_id, reverses) WHERE kind = 'nothing'",
        ),
        (
            "gift_card",
            "ALTER TABLE gift_card DROP CONSTRAINT gift_card_balance_not_negative, ADD CONSTRAINT "
            "gift_card_balance_not_negative CHECK (balance_minor >= -1)",
        ),
        ("gift_card", "ALTER TABLE gift_card ALTER COLUMN currency DROP NOT NULL"),
        ("gift_card", "ALTER TABLE gift_card DISABLE TRIGGER ALL"),
        ("customer", "ALTER TABLE customer ENABLE ROW LEVEL SECURITY"),
        ("flag", "DROP TABLE flag CASCADE"),
        (
            "giftdesk_refuse",
            "CREATE OR REPLACE FUNCTION giftdesk_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RETURN NEW; END $$",
        ),
    ],
)
def test_a_safeguard_that_guards_less_is_noticed(place: Place, name: str, loosened: str) -> None:
    """The definition counts, not the name."""
    with plain_sql(place) as sql:
        sql.execute(loosened)
    assert f"({name})" in fault_of(place).sentence


@pytest.mark.parametrize(
    "strange",
    [
        "CREATE TRIGGER generous BEFORE INSERT ON activity FOR EACH ROW EXECUTE FUNCTION giftdesk_refuse()",
        "CREATE RULE generous AS ON INSERT TO activity DO ALSO UPDATE gift_card SET balance_minor = 9",
    ],
)
def test_a_trigger_or_a_rule_that_nobody_declared_is_noticed(place: Place, strange: str) -> None:
    """Somebody added a rule of their own to the database."""
    with plain_sql(place) as sql:
        sql.execute(strange)
    assert "(activity)" in fault_of(place).sentence or "(generous)" in fault_of(place).sentence


@pytest.mark.parametrize("table", ["activity", "audit", "intent", "policy"])
def test_history_is_not_rewritten_by_sql(counter: Counter, table: str) -> None:
    """Not by changing, deleting or emptying, by whoever owns the tables."""
    import psycopg

    counter.issued()
    changed = {"activity": "number", "audit": "number", "intent": "actor_id", "policy": "actor_id"}[table]
    statements = (f"UPDATE {table} SET {changed} = 7", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE")
    for statement in statements:
        with pytest.raises(psycopg.Error, match="append-only"), plain_sql(counter.store.path) as sql:
            sql.execute(statement)
    assert not counter.findings()


@pytest.mark.parametrize(
    "statement",
    [
        *(
            statement.format(table)
            for table in ("activity", "audit", "intent", "policy", "code_digest", "business", "gift_card")
            for statement in (
                "DELETE FROM {}",
                "TRUNCATE {} CASCADE",
                "ALTER TABLE {} DISABLE TRIGGER ALL",
                "DROP TABLE {}",
            )
        ),
        "UPDATE activity SET number = 7",
        "UPDATE audit SET number = 7",
        "UPDATE activity_text SET number = 7",
        "UPDATE business SET zone = 'Asia/Tokyo'",
        "CREATE TABLE mine (id int)",
        "CREATE OR REPLACE FUNCTION giftdesk_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
    ],
)
def test_a_clerk_of_the_server_may_not_touch_history(place: Place, statement: str) -> None:
    """Not even with the server's own tools: the rights that the README grants do not reach that far."""
    import psycopg

    with pytest.raises(psycopg.errors.InsufficientPrivilege), psycopg.connect(place.url) as sql:  # type: ignore[union-attr]
        sql.execute(statement)
