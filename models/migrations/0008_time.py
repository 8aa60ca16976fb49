"""How often the desk's time was taken back to a clock: the last record is earlier only where that is counted."""

from typing import Any, Final

STATEMENTS: Final = (
    """
    DROP TRIGGER IF EXISTS "high_water_no_update"
    """,
    """
    ALTER TABLE "high_water" ADD COLUMN "taken_back" INTEGER
    """,
    """
    CREATE TRIGGER "high_water_no_return" BEFORE UPDATE ON "high_water" WHEN COALESCE(NEW.taken_back, 0) < COALESCE(OLD.taken_back, 0) OR (NEW.reached_at < OLD.reached_at AND COALESCE(NEW.taken_back, 0) <> COALESCE(OLD.taken_back, 0) + 1) BEGIN SELECT RAISE(ABORT, 'high_water is append-only'); END
    """,
)


def up(_migrator: Any, database: Any) -> None:
    """Count it; nothing is changed."""
    for statement in STATEMENTS:
        database.execute_sql(statement.strip())
