"""The shape of models/: who may read the clock, touch a row, catch an error, and what money is made of."""

import ast
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODELS = ROOT / "models"
FILES = sorted(MODELS.rglob("*.py"))
CLOCK = MODELS / "clock.py"
LEDGER = MODELS / "ledger.py"
DEMO = MODELS / "jobs" / "demo.py"
LOADS = MODELS / "desk" / "loads.py"
WITH_FLOATS = {
    *("clock.py", "engine.py", "lookups.py", "rules/lookups.py", "mail/patience.py", "jobs/delivery.py", "unit.py"),
    *("server/connection.py", "server/database.py", "server/spare.py", "database.py", "pending.py"),
    *("locations.py", "settings.py", "doctor/computer.py", "server/opening.py", "mail/outbox.py", "jobs/anchoring.py"),
    *("jobs/backup.py", "jobs/exporting.py", "jobs/importing.py", "jobs/mapping.py", "jobs/repair.py"),
    *("crm/importing.py", "updates/importing.py"),
    *("rules/query_filters.py", "jobs/demo.py", "jobs/demo_work.py"),
    *("jobs/sample.py", "jobs/sample_lives.py", "jobs/sample_people.py"),
}
"""Where seconds are counted, paths are put together, or a sample throws dice; everywhere else money may pass."""
TIME_READERS = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "time.time_ns",
    "time.monotonic",
    "time.monotonic_ns",
    "time.localtime",
    "time.gmtime",
    "time.sleep",
}
BALANCE_COLUMNS = {"balance_minor", "broken_minor", "last_money_number", "head_number", "head_mac", "cut_off_at"}


def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def calls(source: ast.AST) -> Iterator[tuple[ast.Call, str]]:
    """Every call with the dotted name of what is called."""
    for node in ast.walk(source):
        if isinstance(node, ast.Call):
            yield node, ast.unparse(node.func)


def at(file: Path, node: ast.AST) -> str:
    return f"{file.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"


# The lints, each a function of a file's source, so that a test can show that it bites.


def reads_of_the_clock(source: ast.AST) -> list[ast.AST]:
    found: list[ast.AST] = [node for node, name in calls(source) if ".".join(name.split(".")[-2:]) in TIME_READERS]
    for node in ast.walk(source):
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            found.append(node)
    return found


def saves_of_rows(source: ast.AST) -> list[ast.AST]:
    return [
        node
        for node, name in calls(source)
        if re.search(r"\.(save|create|get_or_create|bulk_create|bulk_update|delete_instance)$", name)
    ]


def floats(source: ast.AST) -> list[ast.AST]:
    literals = [node for node in ast.walk(source) if isinstance(node, ast.Constant) and isinstance(node.value, float)]
    divisions = [node for node in ast.walk(source) if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)]
    return [*literals, *divisions, *(node for node, name in calls(source) if name in ("float", "round"))]


def swallowed_errors(source: ast.AST) -> list[ast.AST]:
    """Handlers inside a transaction that go on as if nothing had happened."""
    return [
        handler
        for block in ast.walk(source)
        if isinstance(block, ast.With) and any(is_transaction(item.context_expr) for item in block.items)
        for node in ast.walk(block)
        for handler in (node.handlers if isinstance(node, ast.Try) else [])
        if not any(isinstance(inner, ast.Raise) for inner in ast.walk(handler))
    ]


def is_transaction(expression: ast.expr) -> bool:
    return re.search(r"\.(writing|atomic|transaction|savepoint)\(", ast.unparse(expression)) is not None


def database_errors_caught(source: ast.AST) -> list[ast.AST]:
    """Handlers that name an error of the database."""
    handlers = [node for node in ast.walk(source) if isinstance(node, ast.ExceptHandler)]
    return [node for node in handlers if node.type and re.search(r"peewee|cysqlite|Error\b", ast.unparse(node.type))]


def writes_to(source: ast.AST, table: str) -> list[ast.Call]:
    pattern = rf"{table}\.(insert|insert_many|insert_from|update|replace|replace_many|delete|raw)"
    return [
        node
        for node, name in calls(source)
        if re.fullmatch(pattern, name)
        or (
            re.search(r"\b(insert|update)_(rows|values|stored)$", name)
            and node.args
            and ast.unparse(node.args[0]) == table
        )
    ]


def balance_updates(source: ast.AST) -> list[ast.AST]:
    """Updates of a card's row, but for those that name only harmless columns."""
    return [
        node
        for node in writes_to(source, "GiftCard")
        if ast.unparse(node.func).endswith(
            (".update", ".replace", ".replace_many", ".raw", "update_values", "update_stored")
        )
        and (not node.keywords or any(word.arg is None or word.arg in BALANCE_COLUMNS for word in node.keywords))
    ]


def written_sql(source: ast.AST) -> list[ast.AST]:
    """SQL text that changes an activity or a card."""
    words = re.compile(r"\b(INSERT|REPLACE|UPDATE|DELETE)\b[^;]*\b(activity|gift_card)\b", re.IGNORECASE)
    return [
        node
        for node in ast.walk(source)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and words.match(node.value.strip())
    ]


def imports(source: ast.AST) -> set[str]:
    found = set()
    for node in ast.walk(source):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def undocumented(source: ast.Module) -> list[ast.AST]:
    public = [node for node in source.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]
    return [node for node in public if not ast.get_docstring(node)]


LINTS = {
    "import time\ntime.time()": reads_of_the_clock,
    "import datetime\ndatetime.datetime.now()": reads_of_the_clock,
    "from time import monotonic": reads_of_the_clock,
    "date.today()": reads_of_the_clock,
    "row.save()": saves_of_rows,
    "GiftCard.create(balance_minor=1)": saves_of_rows,
    "minor = float(text)": floats,
    "rate = 0.5": floats,
    "half = minor / 2": floats,
    "with db.writing():\n    try:\n        f()\n    except ValueError:\n        pass": swallowed_errors,
    "with a, db.atomic():\n    try:\n        f()\n    except ValueError:\n        x = 1": swallowed_errors,
    "try:\n    f()\nexcept peewee.IntegrityError:\n    pass": database_errors_caught,
    "GiftCard.update(balance_minor=1)": balance_updates,
    "GiftCard.update(**changes)": balance_updates,
    "execute('UPDATE gift_card SET balance_minor = 1')": written_sql,
    "execute('delete from activity')": written_sql,
    "Activity.insert(number=1)": lambda source: writes_to(source, "Activity"),
    "insert_rows(Activity, rows)": lambda source: writes_to(source, "Activity"),
    "bulk.insert_values(Activity, columns, rows)": lambda source: writes_to(source, "Activity"),
    "insert_stored(Activity, columns, rows)": lambda source: writes_to(source, "Activity"),
    "update_values(GiftCard, columns, where, rows)": balance_updates,
    "bulk.update_stored(GiftCard, columns, where, rows)": balance_updates,
    "def f():\n    return 1": undocumented,
}


@pytest.mark.parametrize(("offence", "lint"), LINTS.items(), ids=lambda value: getattr(value, "__name__", ""))
def test_every_lint_bites(offence: str, lint: object) -> None:
    """A lint that finds nothing in an offence would find nothing anywhere."""
    assert callable(lint)
    assert lint(ast.parse(offence))


def test_only_the_clock_reads_the_time() -> None:
    """Whoever needs the time is given it."""
    assert not [at(file, node) for file in FILES if file != CLOCK for node in reads_of_the_clock(tree(file))]


def test_no_row_is_saved_as_a_whole() -> None:
    """A stale object saved whole puts spent money back."""
    assert not [at(file, node) for file in FILES for node in saves_of_rows(tree(file))]


def test_money_is_whole_numbers() -> None:
    """No float, no division, no rounding where money passes."""
    found = {file: [at(file, node) for node in floats(tree(file))] for file in FILES}
    assert not [each for file, each in found.items() if each and file.relative_to(MODELS).as_posix() not in WITH_FLOATS]
    assert not WITH_FLOATS - {file.relative_to(MODELS).as_posix() for file, each in found.items() if each}


def test_no_error_is_swallowed_inside_a_transaction() -> None:
    """The engine may have ended the transaction: going on would save by halves."""
    assert not [at(file, node) for file in FILES for node in swallowed_errors(tree(file))]


@pytest.mark.parametrize("file", [LEDGER, *sorted((MODELS / "desk").glob("*.py"))], ids=lambda file: file.stem)
def test_what_runs_inside_a_unit_of_work_catches_no_error_of_the_database(file: Path) -> None:
    """Every error ends the unit; what it means is said outside."""
    assert not [at(file, node) for node in database_errors_caught(tree(file))]


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(MODELS)))
def test_models_never_draw(file: Path) -> None:
    """No screen, no colours."""
    assert not imports(tree(file)) & {"textual", "rich", "tui"}


def test_only_the_ledger_appends_activities_and_moves_balances() -> None:
    """One place to read when money is wrong. Loads make an empty card, and that is all."""
    others = [file for file in FILES if file != LEDGER]
    assert not [at(file, node) for file in others for node in writes_to(tree(file), "Activity")]
    assert not [at(file, node) for file in others for node in writes_to(tree(file), "ActivityText")]
    assert not [at(file, node) for file in others for node in balance_updates(tree(file))]
    makers = {file for file in FILES if writes_to(tree(file), "GiftCard")}
    assert makers <= {LEDGER, LOADS}
    assert writes_to(tree(LEDGER), "Activity")
    assert balance_updates(tree(LEDGER))


def test_whoever_writes_customers_lets_them_be_found() -> None:
    """They are written where the index of people is; a sample, whose index is made at its end, is the exception."""
    writers = {file for file in FILES if writes_to(tree(file), "Customer")}
    inserting, changing = MODELS / "people.py", MODELS / "desk" / "people.py"
    assert writers == {inserting, changing, MODELS / "jobs" / "sample.py"}
    assert "index_people(" in inserting.read_text(encoding="utf-8")
    assert "reindex_people(" in changing.read_text(encoding="utf-8")


def test_no_sql_text_changes_a_card_or_its_journal() -> None:
    """Not even by hand-written SQL, outside the ledger; the demo spoils one card, so that one can be seen."""
    allowed = {LEDGER, DEMO, *(MODELS / "migrations").glob("*.py")}
    assert not [at(file, node) for file in FILES if file not in allowed for node in written_sql(tree(file))]


def test_every_public_function_says_what_it_does() -> None:
    """One sentence at least."""
    assert not [at(file, node) for file in FILES for node in undocumented(tree(file))]


def test_every_module_says_what_it_is() -> None:
    """A newcomer reads the first line."""
    assert not [file for file in FILES if file.read_text() and not ast.get_docstring(tree(file))]


def test_index_and_constraint_names_are_unique() -> None:
    """Two tables that share an index name leave one of them unguarded, without an error."""
    from models.schema import TABLES

    names = [index._name for table in TABLES for index in table._meta.fields_to_index()]
    tables = [table._meta.table_name for table in TABLES]
    schema = "".join(file.read_text(encoding="utf-8") for file in (MODELS / "schema").glob("*.py"))
    constraints = re.findall(r"CONSTRAINT ([a-z_]+) ", schema)
    for each in (names + tables, constraints, [table.__name__ for table in TABLES]):
        assert [name for name, count in Counter(each).items() if count > 1] == []
    assert all(names)


def test_every_model_saves_only_what_changed() -> None:
    """Even if somebody saves a row one day, columns that were not touched stay as they are."""
    from models.schema import TABLES

    assert all(table._meta.only_save_dirty for table in TABLES)


def test_every_table_of_the_schema_is_in_the_list_of_tables() -> None:
    """What is not in the list is neither checked at the start nor bound to the database."""
    from models.schema import TABLES, Table

    def all_of(base: type) -> set[type]:
        below: list[type] = base.__subclasses__()
        return {each for one in below for each in (one, *all_of(one))}

    assert all_of(Table) == set(TABLES)


def test_the_import_contracts_hold() -> None:
    """Arrows run from the screens to the models, and inside them down to the rules."""
    command = shutil.which("lint-imports", path=str(Path(sys.executable).parent)) or shutil.which("lint-imports")
    assert command is not None, "lint-imports is not installed"
    run = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout
