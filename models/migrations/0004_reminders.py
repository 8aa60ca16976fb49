"""Reminders in hand, the texts of e-mails, where a product is sold and when it was retired, and what worklists read by."""

from typing import Any, Final

STATEMENTS: Final = (
    """
    ALTER TABLE "product" ADD COLUMN "channels" TEXT
    """,
    """
    ALTER TABLE "product" ADD COLUMN "retired_at" INTEGER
    """,
    """
    CREATE TABLE "reminder" (
        "card_id" INTEGER NOT NULL,
        "last_day_on" TEXT NOT NULL,
        "lead_days" INTEGER NOT NULL,
        "customer_id" INTEGER NOT NULL,
        "state" TEXT NOT NULL,
        "is_late" INTEGER NOT NULL,
        "tries" INTEGER NOT NULL,
        "claimed_at" INTEGER NOT NULL,
        "next_try_at" INTEGER,
        "settled_at" INTEGER,
        "said" TEXT,
        PRIMARY KEY ("card_id", "last_day_on", "lead_days"),
        FOREIGN KEY ("card_id") REFERENCES "gift_card" ("id"),
        FOREIGN KEY ("customer_id") REFERENCES "customer" ("id"),
        CONSTRAINT reminder_state_known CHECK (state IN ('claimed', 'waiting', 'sent', 'refused', 'dropped')),
        CONSTRAINT reminder_leads CHECK (lead_days >= 1)) STRICT, WITHOUT ROWID
    """,
    """
    CREATE INDEX "reminder_unsettled" ON "reminder" ("claimed_at") WHERE settled_at IS NULL
    """,
    """
    CREATE TRIGGER "reminder_no_delete" BEFORE DELETE ON "reminder" BEGIN SELECT RAISE(ABORT, 'reminder is append-only'); END
    """,
    """
    CREATE INDEX "gift_card_broken" ON "gift_card" ("cut_off_at") WHERE broken_minor > 0 AND cut_off_at IS NOT NULL AND cancelled_at IS NULL
    """,
    """
    CREATE INDEX "gift_card_active_from_at" ON "gift_card" ("active_from_at")
    """,
    """
    CREATE TABLE "template" (
        "name" TEXT NOT NULL,
        "version" INTEGER NOT NULL,
        "subject" TEXT NOT NULL,
        "text" TEXT NOT NULL,
        "html" TEXT,
        "recorded_at" INTEGER NOT NULL,
        "actor_id" INTEGER NOT NULL,
        "seal" BLOB NOT NULL,
        PRIMARY KEY ("name", "version")) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TRIGGER "template_no_update" BEFORE UPDATE ON "template" BEGIN SELECT RAISE(ABORT, 'template is append-only'); END
    """,
    """
    CREATE TRIGGER "template_no_delete" BEFORE DELETE ON "template" BEGIN SELECT RAISE(ABORT, 'template is append-only'); END
    """,
)


def up(_migrator: Any, database: Any) -> None:
    """Add them; what is stored stays as it is."""
    for statement in STATEMENTS:
        database.execute_sql(statement.strip())
