"""Where a desk is that moves to another place."""

from typing import Any, Final

STATEMENTS: Final = (
    """
    CREATE TABLE "relocation" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "stage" TEXT NOT NULL,
        "place" TEXT NOT NULL,
        "mark" TEXT NOT NULL,
        "since_at" INTEGER NOT NULL,
        "lacks" TEXT,
        CONSTRAINT relocation_is_one CHECK (id = 1),
        CONSTRAINT relocation_stage_known CHECK (stage IN ('leaving', 'left', 'arriving', 'arrived'))) STRICT
    """,
    """
    CREATE TRIGGER "relocation_no_update" BEFORE UPDATE ON "relocation" WHEN OLD.stage = 'left' BEGIN SELECT RAISE(ABORT, 'relocation is append-only'); END
    """,
    """
    CREATE TRIGGER "relocation_no_delete" BEFORE DELETE ON "relocation" WHEN OLD.stage = 'left' BEGIN SELECT RAISE(ABORT, 'relocation is append-only'); END
    """,
)


def up(_migrator: Any, database: Any) -> None:
    """Add it, without a row: the desk stays where it is."""
    for statement in STATEMENTS:
        database.execute_sql(statement.strip())
