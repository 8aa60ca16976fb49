"""People: a record that was merged leads to another, data that was removed is marked, and requests to remove some."""

from typing import Any, Final

STATEMENTS: Final = (
    """
    ALTER TABLE "customer" ADD COLUMN "merged_into_id" INTEGER CONSTRAINT customer_merged_into REFERENCES "customer" ("id")
    """,
    """
    ALTER TABLE "customer" ADD COLUMN "removed_at" INTEGER
    """,
    """
    CREATE INDEX "customer_merged_into_id" ON "customer" ("merged_into_id") WHERE merged_into_id IS NOT NULL
    """,
    """
    CREATE TABLE "removal_request" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "customer_id" INTEGER NOT NULL,
        "why" TEXT NOT NULL,
        "ref" TEXT NOT NULL,
        "asked_at" INTEGER NOT NULL,
        "asked_by" INTEGER NOT NULL,
        "asked_by_name" TEXT NOT NULL,
        "confirmed_at" INTEGER,
        "confirmed_by_name" TEXT,
        "seal" BLOB NOT NULL,
        FOREIGN KEY ("customer_id") REFERENCES "customer" ("id")) STRICT
    """,
    """
    CREATE INDEX "removal_request_customer" ON "removal_request" ("customer_id")
    """,
    """
    CREATE TRIGGER "removal_request_no_delete" BEFORE DELETE ON "removal_request" BEGIN SELECT RAISE(ABORT, 'removal_request is append-only'); END
    """,
)


def up(_migrator: Any, database: Any) -> None:
    """Add them; what is stored stays as it is."""
    for statement in STATEMENTS:
        database.execute_sql(statement.strip())
