"""Words that people are found by, the newest activity first, where cards were bought, what few of them are, misses."""

from typing import Any, Final

from models.search.people_index import make_index

STATEMENTS: Final = (
    """
    ALTER TABLE "import_batch" ADD COLUMN "has_codes_like_ours" INTEGER
    """,
    """
    ALTER TABLE "import_batch" ADD COLUMN "has_codes_of_letters" INTEGER
    """,
    """
    CREATE TABLE "search_text" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "text" TEXT NOT NULL) STRICT
    """,
    """
    CREATE UNIQUE INDEX "search_text_text" ON "search_text" ("text")
    """,
    """
    CREATE TABLE "customer_text" (
        "customer_id" INTEGER NOT NULL,
        "text_id" INTEGER NOT NULL,
        PRIMARY KEY ("customer_id", "text_id")) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE "search_word" (
        "word" TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID
    """,
    """
    CREATE INDEX "gift_card_changed_at" ON "gift_card" ("changed_at", "id")
    """,
    """
    CREATE INDEX "gift_card_product_id" ON "gift_card" ("product_id")
    """,
    """
    CREATE INDEX "gift_card_suspended_at" ON "gift_card" ("suspended_at") WHERE suspended_at IS NOT NULL
    """,
    """
    CREATE INDEX "gift_card_cancelled_at" ON "gift_card" ("cancelled_at") WHERE cancelled_at IS NOT NULL
    """,
    """
    CREATE INDEX "customer_organisation_id" ON "customer" ("organisation_id") WHERE organisation_id IS NOT NULL
    """,
    """
    CREATE INDEX "activity_loaded" ON "activity" ("place", "effective_at", "card_id", "kind")
        WHERE kind IN ('issue', 'top_up', 'imported')
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


# These are quicker to make of what is there than to keep while that is filled in.
FOUND_BY: Final = (
    """
    CREATE INDEX "customer_text_text" ON "customer_text" ("text_id", "customer_id")
    """,
    """
    CREATE VIRTUAL TABLE "search_text_part" USING fts5(
        text, content='search_text', content_rowid='id', tokenize='trigram', detail=none, columnsize=0)
    """,
    """
    INSERT INTO search_text_part (search_text_part, rank) VALUES ('secure-delete', 1)
    """,
    """
    INSERT INTO search_text_part (search_text_part) VALUES ('rebuild')
    """,
)


def up(_migrator: Any, database: Any) -> None:
    """Add them, and let everybody be found who is there; what is stored stays as it is."""
    for statement in STATEMENTS:
        database.execute_sql(statement.strip())
    make_index(database)
    for statement in FOUND_BY:
        database.execute_sql(statement.strip())
