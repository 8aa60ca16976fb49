"""Every table, index and trigger of a desk on a server: as it is made, and as the server says that it is there."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from models.errors import Fault
from models.exits import BAD_INPUT
from models.safeguards import REFUSALS
from models.schema import TABLES
from models.server.database import ServerDatabase

_REFUSAL: Final = "giftdesk_refuse"
_REFUSAL_BODY: Final = " BEGIN RAISE EXCEPTION '%', TG_ARGV[0]; END "
_FOR_FILES_ONLY: Final = re.compile(r"\)( STRICT)?(,? WITHOUT ROWID)?$")
_COLUMN: Final = re.compile(
    r'"(\w+)" (\w+)( COLLATE "C")?( NOT NULL)?( PRIMARY KEY)?(?: CONSTRAINT \w+ REFERENCES (.*))?'
)
_TYPES: Final = {"bigserial": "bigint"}


def statements(database: ServerDatabase) -> Iterator[str]:
    """What makes a desk, in order: the tables and indexes of the models, and the triggers that keep history."""
    with database.bind_ctx(TABLES):
        for table in TABLES:
            schema = table._schema
            made = [schema._create_table(safe=False), *schema._create_indexes(safe=False)]
            yield from (_FOR_FILES_ONLY.sub(")", statement.query()[0]) for statement in made)
    yield f"CREATE FUNCTION {_REFUSAL}() RETURNS trigger LANGUAGE plpgsql AS $${_REFUSAL_BODY}$$"
    yield from _triggers().values()


def columns(database: ServerDatabase) -> dict[tuple[str, str], str]:
    """Table and column -> how the column is declared."""
    made = (statement for statement in statements(database) if statement.startswith("CREATE TABLE"))
    items = ((statement.split('"')[1], item) for statement in made for item in _split(_body(statement)))
    return {(table, item.split('"')[1]): item for table, item in items if _COLUMN.fullmatch(item)}


def _body(statement: str) -> str:
    return statement[statement.index("(") + 1 : -1]


def _triggers() -> dict[str, str]:
    """The triggers by name; where no row may be deleted, the table may not be emptied either."""
    made = {}
    for each in REFUSALS:
        calls = f"EXECUTE FUNCTION {_REFUSAL}('{each.sentence}')"
        condition = f" WHEN ({each.when})" if each.when else ""
        made[each.name] = (
            f'CREATE TRIGGER {each.name} BEFORE {each.event} ON "{each.table}" FOR EACH ROW{condition} {calls}'
        )
        if each.event == "DELETE":
            other = each.name.replace("delete", "truncate")
            made[other] = f'CREATE TRIGGER {other} BEFORE TRUNCATE ON "{each.table}" FOR EACH STATEMENT {calls}'
    return made


def check_definitions(database: ServerDatabase) -> None:
    """Raise Fault unless everything that money depends on is there as it was made; within a connection."""
    held = _held(database)
    for name, expected in _expected(database).items():
        if held.get(name) != expected:
            raise Fault(
                f"The database {database.place} lacks a safeguard ({name}). Do not work with it; restore a backup.",
                BAD_INPUT,
            )
    strange = _strange_triggers(database) - set(_triggers())
    if strange:
        raise Fault(
            f"{database.place} has a trigger or a rule that giftdesk did not make ({min(strange)}). Do not work with "
            "it.",
            BAD_INPUT,
        )


Definitions = Mapping[str, frozenset[str]]


def _expected(database: ServerDatabase) -> Definitions:
    """Name -> what it consists of, in one spelling."""
    made: dict[str, frozenset[str]] = {_REFUSAL: frozenset({_REFUSAL_BODY})}
    for statement in statements(database):
        name = re.split(r"[\s(]+", statement.partition(" ON ")[0].partition(" BEFORE ")[0].replace('"', ""))
        if statement.startswith("CREATE TABLE"):
            made[name[2]] = frozenset({"kept", *_items(statement)})
        elif not statement.startswith("CREATE FUNCTION"):
            made[name[3] if name[1] == "UNIQUE" else name[2]] = frozenset({_one_spelling(statement)})
    return made


def _items(statement: str) -> Iterator[str]:
    """The columns and constraints of a table, from the statement that makes it."""
    for item in _split(_body(statement)):
        column = _COLUMN.fullmatch(item)
        if column is None:
            yield _one_spelling(re.sub(r"^CONSTRAINT \w+ ", "", item))
            continue
        name, type_, is_plain, is_needed, is_key, other = column.groups()
        yield _column(name, _TYPES.get(type_.lower(), type_.lower()), "C" if is_plain else None, bool(is_needed))
        if is_key:
            yield _one_spelling(f"PRIMARY KEY ({name})")
        if other:
            yield _one_spelling(f"FOREIGN KEY ({name}) REFERENCES {other}")


def _split(items: str) -> Iterator[str]:
    """Split at commas that are not within brackets or quotes."""
    depth, start, is_quoted = 0, 0, False
    for at, letter in enumerate(items):
        is_quoted ^= letter == "'"
        depth += 0 if is_quoted else {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and depth == 0 and not is_quoted:
            yield items[start:at].strip()
            start = at + 1
    yield items[start:].strip()


def _column(name: str, type_: str, collation: str | None, is_needed: bool) -> str:
    return f"{name} {type_} {collation if type_ == 'text' else ''} {'needed' if is_needed else 'may be empty'}"


def _one_spelling(sql: str) -> str:
    """A definition without what the server writes in its own way: brackets, blanks, casts, quoted names."""
    plain = re.sub(r'::\w+|[\s()"]|USING btree', "", sql).lower()
    plain = re.sub(r"=anyarray\[(.*?)\]", r"in\1", plain)
    return re.sub(r"<>allarray\[(.*?)\]", r"notin\1", plain)


_COLUMNS: Final = """
    SELECT c.relname, c.relpersistence = 'p' AND NOT c.relrowsecurity AND NOT c.relhasrules, a.attname,
        format_type(a.atttypid, a.atttypmod), o.collname, a.attnotnull
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid LEFT JOIN pg_collation o ON o.oid = a.attcollation
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
"""
_CONSTRAINTS: Final = """
    SELECT c.relname, pg_get_constraintdef(k.oid) FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
    WHERE c.relnamespace = current_schema()::regnamespace AND k.contype IN ('c', 'f', 'p', 'u', 'x') AND k.convalidated
    AND NOT EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgconstraint = k.oid AND t.tgenabled <> 'O')
"""
_INDEXES: Final = """
    SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE c.relnamespace = current_schema()::regnamespace AND i.indisvalid AND i.indisready
"""
_TRIGGERS: Final = """
    SELECT t.tgname, pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE c.relnamespace = current_schema()::regnamespace AND NOT t.tgisinternal AND t.tgenabled = 'O'
"""
_FUNCTIONS: Final = """
    SELECT proname, prosrc FROM pg_proc WHERE pronamespace = current_schema()::regnamespace AND pronargs = 0
"""
_ALL_TRIGGERS: Final = """
    SELECT t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE c.relnamespace = current_schema()::regnamespace AND NOT t.tgisinternal AND c.relname IN ({tables})
    UNION SELECT rulename FROM pg_rules WHERE schemaname = current_schema() AND tablename IN ({tables})
"""


def _held(database: ServerDatabase) -> Definitions:
    """Name -> what the server says that it consists of, in one spelling."""
    (schema,) = database.execute_sql("SELECT current_schema()").fetchone()
    within = re.compile(rf'(?<![\w"])"?{re.escape(schema or "")}"?\.')
    found: dict[str, set[str]] = {}
    for table, is_kept, name, type_, collation, is_needed in database.execute_sql(_COLUMNS):
        found.setdefault(table, {"kept"} if is_kept else set()).add(_column(name, type_, collation, is_needed))
    for query in (_CONSTRAINTS, _INDEXES, _TRIGGERS):
        for name, definition in database.execute_sql(query):
            found.setdefault(name, set()).add(_one_spelling(within.sub("", definition)))
    for name, body in database.execute_sql(_FUNCTIONS):
        found.setdefault(name, set()).add(body)
    return {name: frozenset(items) for name, items in found.items()}


def _strange_triggers(database: ServerDatabase) -> set[str]:
    """The names of all triggers and rules on the desk's tables."""
    tables = ", ".join(f"'{table._meta.table_name}'" for table in TABLES)
    return {name for (name,) in database.execute_sql(_ALL_TRIGGERS.format(tables=tables))}
