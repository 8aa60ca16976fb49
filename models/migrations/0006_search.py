"""An index of the words that people are found by, the newest activity first, where cards were bought, and misses."""

from typing import Any, Final

STATEMENTS: Final = (
    """
    CREATE TABLE "search_word" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "word" TEXT NOT NULL) STRICT
    """,
    """
    CREATE UNIQUE INDEX "search_word_word" ON "search_word" ("word")
    """,
    """
    CREATE TABLE "customer_word" (
        "word_id" INTEGER NOT NULL,
        "customer_id" INTEGER NOT NULL,
        PRIMARY KEY ("word_id", "customer_id")) STRICT, WITHOUT ROWID
    """,
    """
    CREATE INDEX "gift_card_changed_at" ON "gift_card" ("changed_at", "id")
    """,
    """
    CREATE INDEX "activity_loaded" ON "activity" ("place", "effective_at") WHERE kind IN ('issue', 'top_up')
    """,
    """
    CREATE TABLE "lookup_miss" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "agent_id" INTEGER NOT NULL,
        "at" INTEGER NOT NULL,
        "masked" TEXT NOT NULL,
        "digest" BLOB NOT NULL) STRICT
    """,
    """
    CREATE INDEX "lookup_miss_of_agent" ON "lookup_miss" ("agent_id", "at")
    """,
    """
    CREATE TRIGGER "lookup_miss_no_update" BEFORE UPDATE ON "lookup_miss" BEGIN SELECT RAISE(ABORT, 'lookup_miss is append-only'); END
    """,
    """
    CREATE TRIGGER "lookup_miss_no_delete" BEFORE DELETE ON "lookup_miss" BEGIN SELECT RAISE(ABORT, 'lookup_miss is append-only'); END
    """,
    """
    CREATE TABLE "lookup_stop" (
        "agent_id" INTEGER NOT NULL PRIMARY KEY,
        "stopped_at" INTEGER,
        "lifted_at" INTEGER) STRICT
    """,
    """
    CREATE TRIGGER "lookup_stop_no_delete" BEFORE DELETE ON "lookup_stop" BEGIN SELECT RAISE(ABORT, 'lookup_stop is append-only'); END
    """,
)


def up(_migrator: Any, database: Any) -> None:
    """Add them; what is stored stays as it is."""
    for statement in STATEMENTS:
        database.execute_sql(statement.strip())
