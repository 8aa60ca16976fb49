"""Bulk work: what was asked of many cards at once, which cards those are, and what came of each."""

from typing import Any, Final

STATEMENTS: Final = (
    """
    CREATE TABLE "bulk" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "kind" TEXT NOT NULL,
        "undoes" INTEGER,
        "wish" TEXT NOT NULL,
        "reason" TEXT,
        "ref" TEXT,
        "policy" INTEGER NOT NULL,
        "asked_at" INTEGER NOT NULL,
        "asked_by" INTEGER NOT NULL,
        "asked_by_name" TEXT NOT NULL,
        "ready_at" INTEGER,
        "cards" INTEGER,
        "told" TEXT,
        "why" TEXT,
        "digest" BLOB,
        "seal" BLOB,
        "decision" TEXT,
        "decided_at" INTEGER,
        "decided_by" INTEGER,
        "decided_by_name" TEXT,
        "said" TEXT,
        "ended_at" INTEGER,
        "outcome" TEXT,
        CONSTRAINT bulk_undoes_one FOREIGN KEY (undoes) REFERENCES bulk (id),
        CONSTRAINT bulk_kind_known CHECK (kind IN ('extend', 'reverse_breakage', 'suspend', 'lift', 'change_product', 'register')),
        CONSTRAINT bulk_ready_is_sealed CHECK ((ready_at IS NULL) = (seal IS NULL) AND (ready_at IS NULL) = (digest IS NULL) AND (ready_at IS NULL) = (cards IS NULL)),
        CONSTRAINT bulk_decision_known CHECK (decision IS NULL OR decision IN ('approved', 'refused', 'withdrawn', 'lapsed')),
        CONSTRAINT bulk_decided_at_an_instant CHECK ((decision IS NULL) = (decided_at IS NULL)),
        CONSTRAINT bulk_by_somebody_else CHECK (decision IS NULL OR decision IN ('withdrawn', 'lapsed') OR (decided_by IS NOT NULL AND decided_by <> asked_by)),
        CONSTRAINT bulk_ends_ready CHECK (ended_at IS NULL OR ready_at IS NOT NULL),
        CONSTRAINT bulk_ends_with_outcome CHECK ((ended_at IS NULL) = (outcome IS NULL))) STRICT
    """,
    """
    CREATE TABLE "bulk_card" (
        "bulk_id" INTEGER NOT NULL,
        "card_id" INTEGER NOT NULL,
        "until_on" TEXT,
        "customer_id" INTEGER,
        "organisation_id" INTEGER,
        "first_number" INTEGER,
        "last_number" INTEGER,
        "moved_minor" INTEGER,
        "skipped" TEXT,
        PRIMARY KEY ("bulk_id", "card_id"),
        FOREIGN KEY ("bulk_id") REFERENCES "bulk" ("id"),
        FOREIGN KEY ("card_id") REFERENCES "gift_card" ("id"),
        CONSTRAINT bulk_card_customer FOREIGN KEY (customer_id) REFERENCES customer (id),
        CONSTRAINT bulk_card_organisation FOREIGN KEY (organisation_id) REFERENCES organisation (id),
        CONSTRAINT bulk_card_numbered CHECK ((first_number IS NULL) = (last_number IS NULL)),
        CONSTRAINT bulk_card_done_or_skipped CHECK (first_number IS NULL OR skipped IS NULL)) STRICT, WITHOUT ROWID
    """,
    """
    CREATE UNIQUE INDEX "bulk_undone_once" ON "bulk" ("undoes") WHERE undoes IS NOT NULL AND ready_at IS NOT NULL AND (decision IS NULL OR decision = 'approved')
    """,
    """
    CREATE INDEX "bulk_card_card_id" ON "bulk_card" ("card_id")
    """,
    """
    CREATE INDEX "bulk_card_left" ON "bulk_card" ("bulk_id", "card_id") WHERE first_number IS NULL AND skipped IS NULL
    """,
    """
    CREATE TRIGGER "bulk_no_insert" BEFORE INSERT ON "bulk" WHEN NEW.decision IS NOT NULL OR NEW.ready_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'bulk is append-only'); END
    """,
    """
    CREATE TRIGGER "bulk_no_update" BEFORE UPDATE ON "bulk" WHEN NEW.id IS DISTINCT FROM OLD.id OR NEW.kind IS DISTINCT FROM OLD.kind OR NEW.undoes IS DISTINCT FROM OLD.undoes OR NEW.wish IS DISTINCT FROM OLD.wish OR NEW.ref IS DISTINCT FROM OLD.ref OR NEW.policy IS DISTINCT FROM OLD.policy OR NEW.asked_at IS DISTINCT FROM OLD.asked_at OR NEW.asked_by IS DISTINCT FROM OLD.asked_by OR NEW.asked_by_name IS DISTINCT FROM OLD.asked_by_name OR (NEW.reason IS NOT NULL AND NEW.reason IS DISTINCT FROM OLD.reason) OR (OLD.ready_at IS NOT NULL AND NEW.ready_at IS DISTINCT FROM OLD.ready_at) OR (OLD.ready_at IS NOT NULL AND NEW.cards IS DISTINCT FROM OLD.cards) OR (OLD.ready_at IS NOT NULL AND NEW.told IS DISTINCT FROM OLD.told) OR (OLD.ready_at IS NOT NULL AND NEW.why IS DISTINCT FROM OLD.why) OR (OLD.ready_at IS NOT NULL AND NEW.digest IS DISTINCT FROM OLD.digest) OR (OLD.ready_at IS NOT NULL AND NEW.seal IS DISTINCT FROM OLD.seal) OR (OLD.decision IS NOT NULL AND NEW.decision IS DISTINCT FROM OLD.decision) OR (OLD.decision IS NOT NULL AND NEW.decided_at IS DISTINCT FROM OLD.decided_at) OR (OLD.decision IS NOT NULL AND NEW.decided_by IS DISTINCT FROM OLD.decided_by) OR (OLD.decision IS NOT NULL AND NEW.decided_by_name IS DISTINCT FROM OLD.decided_by_name) OR (OLD.decision IS NOT NULL AND NEW.said IS NOT NULL AND NEW.said IS DISTINCT FROM OLD.said) OR (OLD.ended_at IS NOT NULL AND NEW.ended_at IS DISTINCT FROM OLD.ended_at) OR (OLD.ended_at IS NOT NULL AND NEW.outcome IS DISTINCT FROM OLD.outcome) BEGIN SELECT RAISE(ABORT, 'bulk is append-only'); END
    """,
    """
    CREATE TRIGGER "bulk_no_delete" BEFORE DELETE ON "bulk" BEGIN SELECT RAISE(ABORT, 'bulk is append-only'); END
    """,
    """
    CREATE TRIGGER "bulk_card_no_insert" BEFORE INSERT ON "bulk_card" WHEN NEW.first_number IS NOT NULL OR NEW.skipped IS NOT NULL BEGIN SELECT RAISE(ABORT, 'bulk_card is append-only'); END
    """,
    """
    CREATE TRIGGER "bulk_card_no_update" BEFORE UPDATE ON "bulk_card" WHEN NEW.bulk_id IS DISTINCT FROM OLD.bulk_id OR NEW.card_id IS DISTINCT FROM OLD.card_id OR NEW.until_on IS DISTINCT FROM OLD.until_on OR NEW.customer_id IS DISTINCT FROM OLD.customer_id OR NEW.organisation_id IS DISTINCT FROM OLD.organisation_id OR ((OLD.first_number IS NOT NULL OR OLD.skipped IS NOT NULL) AND NEW.first_number IS DISTINCT FROM OLD.first_number) OR ((OLD.first_number IS NOT NULL OR OLD.skipped IS NOT NULL) AND NEW.last_number IS DISTINCT FROM OLD.last_number) OR ((OLD.first_number IS NOT NULL OR OLD.skipped IS NOT NULL) AND NEW.moved_minor IS DISTINCT FROM OLD.moved_minor) OR ((OLD.first_number IS NOT NULL OR OLD.skipped IS NOT NULL) AND NEW.skipped IS DISTINCT FROM OLD.skipped) BEGIN SELECT RAISE(ABORT, 'bulk_card is append-only'); END
    """,
    """
    CREATE TRIGGER "bulk_card_no_delete" BEFORE DELETE ON "bulk_card" BEGIN SELECT RAISE(ABORT, 'bulk_card is append-only'); END
    """,
)


def up(_migrator: Any, database: Any) -> None:
    """Add its tables; what is stored stays as it is."""
    for statement in STATEMENTS:
        database.execute_sql(statement.strip())
