"""What SQL may say: what every engine understands, and a named rest that lies where an engine is spoken to.

CockroachDB and YugabyteDB speak PostgreSQL's protocol, and not all of its SQL: what would have to be said otherwise
there stands here, each with its reason, and nowhere else.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

MODELS = Path(__file__).parents[2] / "models"
OF_FILES = {
    *("database.py", "definitions.py", "bulk.py", "moving/file_end.py"),
    *("jobs/backup.py", "jobs/rebuilding.py", "jobs/restore.py", "jobs/sample.py"),
    *("__init__.py", "jobs/demo.py", "jobs/stage.py", "jobs/shelf.py", "jobs/doubles.py", "jobs/tally.py"),
}
"""Where only a file is spoken to: the desk's own, or one of an import's for a while."""
FILES = [
    file
    for file in sorted(MODELS.rglob("*.py"))
    if file.relative_to(MODELS).as_posix() not in OF_FILES and "migrations" not in file.parts
]

SAID_ON_SERVERS: dict[str, tuple[set[str], str]] = {
    r"pg_advisory_xact_lock": (
        {"server/database.py"},
        "waits for whoever has the same wish, or writes what cards share: not to be relied on where many servers are "
        "one; a row to lock would have to stand for each name",
    ),
    r"\bFOR UPDATE\b": ({"cards.py"}, "row locks: all three have them"),
    r"FOR KEY SHARE": (
        {"server/database.py"},
        "makes a commit wait for the second server: where every commit is a majority's, nothing has to be said",
    ),
    r"nextval|setval|pg_get_serial_sequence": (
        {"server/database.py", "server/end.py"},
        "ids of an import, in one go: slow where sequences are shared by many servers",
    ),
    r"CREATE (TRIGGER|FUNCTION)|plpgsql|TG_ARGV|pg_get_triggerdef": (
        {"server/definitions.py", "server/end.py"},
        "history kept from being rewritten: a second guard behind the rights, which would have to do alone",
    ),
    r"CREATE EXTENSION|gin_trgm_ops": (
        {"server/parts.py"},
        "the index of parts of names: left out where it is refused",
    ),
    r'COLLATE "C"': (
        {"server/database.py", "server/definitions.py"},
        "texts sort by their letters' numbers everywhere",
    ),
    r"REPEATABLE READ|READ COMMITTED": (
        {"server/database.py"},
        "one view for several questions, and row locks on what is there by then: where all is SERIALIZABLE, more is "
        "undone and done again",
    ),
    r"\bCOPY\b|LOCK TABLE|ANALYZE|::regclass|pg_get_(constraint|index)def": (
        {"server/end.py", "server/definitions.py", "server/many.py", "server/migrating.py"},
        "many rows at once, which both have; and a move into a server, which shuts out whoever writes meanwhile: "
        "another lock would have to be found",
    ),
    r"\bpg_(class|attribute|constraint|index|trigger|rules|proc|collation|roles|has_role|indexes|stat_\w+)\b": (
        {
            *("server/definitions.py", "server/end.py", "server/granting.py", "server/migrating.py"),
            *("server/parts.py", "doctor/server.py"),
        },
        "the catalog is asked whether all safeguards are there, and who may do what: where it answers in other words, "
        "a desk does not open",
    ),
    r"clock_timestamp": ({"server/database.py"}, "the server's clock, after a lock was waited for"),
    r"generate_series|\bunnest\(|= ANY\(": (
        {"server/database.py", "server/granting.py", "server/many.py"},
        "many values in one parameter: all three have them",
    ),
    r"SET LOCAL|enable_seqscan|max_parallel_workers|\bjit\b|synchronous_commit|idle_in_transaction|OFFSET 0": (
        {"server/connection.py", "server/database.py"},
        "how PostgreSQL plans, and how long it waits: settings that another may not know",
    ),
}
"""Pattern -> where it is said, and what becomes of it on CockroachDB and YugabyteDB."""

NEVER_SAID = {
    r"\b(LISTEN|NOTIFY) \w": "nothing waits for messages: what is new is asked for",
    r"CREATE (TEMP|TEMPORARY|UNLOGGED)\b": "no tables of a connection's own",
    r"ON CONFLICT ON CONSTRAINT": "conflicts are named by their columns",
    r"\bILIKE\b|~\*|SIMILAR TO": "texts are compared by keys that were folded before",
    r"\bSKIP LOCKED\b": "left to Peewee, which knows the engine",
    r"\bMERGE INTO\b|\bREPLACE INTO\b|\bINSERT OR\b|\bUPSERT\b": "each engine has other words",
    r"\bPRAGMA\b|\bsqlite_\w+|\browid\b|\bINSTR\(|\bGLOB\b|\bstrftime\(": "a file's own words",
    r"\bNATURAL JOIN\b|\bUSING \(": "joins name what they join",
    r"\bnow\(\)|CURRENT_TIMESTAMP|CURRENT_DATE": "the desk's clock tells the time",
}
"""Pattern -> why."""


def said_in(source: str) -> Iterator[str]:
    """The texts of a source that may be SQL: all but its documentation."""
    tree = ast.parse(source)
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node.value


SAID = {file.relative_to(MODELS).as_posix(): "\n".join(said_in(file.read_text(encoding="utf-8"))) for file in FILES}


def where(pattern: str) -> set[str]:
    return {name for name, said in SAID.items() if re.search(pattern, said)}


@pytest.mark.parametrize("pattern", SAID_ON_SERVERS)
def test_what_one_engine_alone_understands_is_said_where_it_is_spoken_to(pattern: str) -> None:
    """Whoever says more of it adds it here, with what becomes of it elsewhere."""
    files, why = SAID_ON_SERVERS[pattern]
    assert where(pattern) == files
    assert why


@pytest.mark.parametrize("pattern", NEVER_SAID)
def test_what_only_some_engines_understand_is_not_said(pattern: str) -> None:
    assert not {name for name in where(pattern) if not name.startswith("server/")}, NEVER_SAID[pattern]


def test_the_lint_reads_what_is_said() -> None:
    """Texts and parts of texts, and no documentation."""
    source = 'def f():\n    """LISTEN to this."""\n    return f"SELECT {x} FROM t; NOTIFY {y}"'
    assert "NOTIFY " in "".join(said_in(source))
    assert "LISTEN" not in "".join(said_in(source))
    assert len(SAID) > 150
