"""Bringing a desk that an older giftdesk made up to date."""

from models.database import FileDatabase, known_migrations, migrate
from models.engine import file_of
from models.errors import BAD_INPUT, CANNOT_OPEN, Fault, faults
from models.locations import Place
from models.schema import APPLICATION_ID


def bring_up_to_date(place: Place) -> list[str]:
    """Apply the migrations that a database lacks, and set it back to the mode that keeps commits safe.

    Returns the names of what was applied. Raises Fault for what is no desk, or one from a newer giftdesk.
    """
    path = file_of(place)
    if not path.is_file():
        raise Fault(f"There is no database at {path}. Make one with: giftdesk init", CANNOT_OPEN)
    database = FileDatabase(path)
    with faults(path, "What was applied before is saved; run it again."), database.connected():
        if database.pragma("application_id") != APPLICATION_ID:
            raise Fault(f"{path} is not a giftdesk database. Check the path.", BAD_INPUT)
        applied = {name for (name,) in database.execute_sql("SELECT name FROM schema_migration")}
        if applied - set(known_migrations()):
            raise Fault(f"{path} was made by a newer giftdesk. Update this one; nothing was changed.", BAD_INPUT)
        database.pragma("journal_mode", "wal")
        return migrate(database)
