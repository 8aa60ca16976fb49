"""The tables of the first desk: cards and their journals, people, products, policy, agents and audit."""

from typing import Any, Final

STATEMENTS: Final = (
    """
    CREATE TABLE "business" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "zone" TEXT NOT NULL,
        "cut_off_time" TEXT NOT NULL,
        "currency" TEXT NOT NULL,
        "is_sandbox" INTEGER NOT NULL,
        "key_fingerprint" TEXT NOT NULL,
        "created_at" INTEGER NOT NULL,
        "seal" BLOB NOT NULL,
        CONSTRAINT business_is_one CHECK (id = 1)) STRICT
    """,
    """
    CREATE TABLE "high_water" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "reached_at" INTEGER NOT NULL,
        CONSTRAINT high_water_is_one CHECK (id = 1)) STRICT
    """,
    """
    CREATE TABLE "agent" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "login" TEXT NOT NULL,
        "name" TEXT NOT NULL,
        "email" TEXT,
        "role" TEXT NOT NULL,
        "disabled_at" INTEGER,
        "created_at" INTEGER NOT NULL,
        CONSTRAINT agent_role_known CHECK (role IN ('agent', 'supervisor', 'manager', 'auditor', 'payments', 'operator'))) STRICT
    """,
    """
    CREATE UNIQUE INDEX "agent_login" ON "agent" ("login")
    """,
    """
    CREATE TABLE "policy" (
        "version" INTEGER NOT NULL PRIMARY KEY,
        "content" TEXT NOT NULL,
        "recorded_at" INTEGER NOT NULL,
        "actor_id" INTEGER,
        "seal" BLOB NOT NULL) STRICT
    """,
    """
    CREATE TABLE "organisation" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "name" TEXT NOT NULL,
        "name_key" TEXT NOT NULL,
        "is_vip" INTEGER NOT NULL,
        "vip_source" TEXT,
        "vip_changed_at" INTEGER) STRICT
    """,
    """
    CREATE UNIQUE INDEX "organisation_name_key" ON "organisation" ("name_key")
    """,
    """
    CREATE TABLE "customer" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "name" TEXT,
        "name_key" TEXT,
        "email" TEXT,
        "email_key" TEXT,
        "organisation_id" INTEGER,
        "linked_at" INTEGER,
        "created_at" INTEGER NOT NULL,
        FOREIGN KEY ("organisation_id") REFERENCES "organisation" ("id"),
        CONSTRAINT customer_has_a_name CHECK (name IS NOT NULL OR email IS NOT NULL)) STRICT
    """,
    """
    CREATE INDEX "customer_email_key" ON "customer" ("email_key")
    """,
    """
    CREATE INDEX "customer_name_key" ON "customer" ("name_key")
    """,
    """
    CREATE TABLE "product" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "code" TEXT NOT NULL,
        "name" TEXT NOT NULL,
        "rules" TEXT,
        "reminders" TEXT NOT NULL,
        "changed_at" INTEGER NOT NULL) STRICT
    """,
    """
    CREATE UNIQUE INDEX "product_code" ON "product" ("code")
    """,
    """
    CREATE TABLE "gift_card" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "product_id" INTEGER NOT NULL,
        "currency" TEXT NOT NULL,
        "last_four" TEXT NOT NULL,
        "balance_minor" INTEGER NOT NULL,
        "broken_minor" INTEGER NOT NULL,
        "last_money_number" INTEGER,
        "active_from_at" INTEGER NOT NULL,
        "last_day_on" TEXT,
        "cut_off_at" INTEGER,
        "loaded_at" INTEGER,
        "reactivated_at" INTEGER,
        "suspended_at" INTEGER,
        "cancelled_at" INTEGER,
        "purchaser_id" INTEGER,
        "recipient_id" INTEGER,
        "registered_id" INTEGER,
        "head_number" INTEGER NOT NULL,
        "head_mac" BLOB NOT NULL,
        "seal" BLOB NOT NULL,
        "changed_at" INTEGER NOT NULL,
        FOREIGN KEY ("product_id") REFERENCES "product" ("id"),
        CONSTRAINT gift_card_balance_not_negative CHECK (balance_minor >= 0),
        CONSTRAINT gift_card_broken_is_empty CHECK (broken_minor >= 0 AND broken_minor * balance_minor = 0),
        CONSTRAINT gift_card_cut_off_has_day CHECK ((last_day_on IS NULL) = (cut_off_at IS NULL)),
        CONSTRAINT gift_card_head_counts CHECK (head_number >= 0),
        CONSTRAINT gift_card_purchaser FOREIGN KEY (purchaser_id) REFERENCES customer (id),
        CONSTRAINT gift_card_recipient FOREIGN KEY (recipient_id) REFERENCES customer (id),
        CONSTRAINT gift_card_registered FOREIGN KEY (registered_id) REFERENCES customer (id)) STRICT
    """,
    """
    CREATE INDEX "gift_card_last_four" ON "gift_card" ("last_four")
    """,
    """
    CREATE INDEX "gift_card_due" ON "gift_card" ("cut_off_at") WHERE balance_minor > 0 AND cut_off_at IS NOT NULL AND cancelled_at IS NULL
    """,
    """
    CREATE INDEX "gift_card_purchaser_id" ON "gift_card" ("purchaser_id") WHERE purchaser_id IS NOT NULL
    """,
    """
    CREATE INDEX "gift_card_recipient_id" ON "gift_card" ("recipient_id") WHERE recipient_id IS NOT NULL
    """,
    """
    CREATE INDEX "gift_card_registered_id" ON "gift_card" ("registered_id") WHERE registered_id IS NOT NULL
    """,
    """
    CREATE TABLE "code_digest" (
        "digest" BLOB NOT NULL PRIMARY KEY,
        "folded" BLOB NOT NULL,
        "card_id" INTEGER NOT NULL,
        "is_alias" INTEGER NOT NULL,
        "seal" BLOB NOT NULL,
        FOREIGN KEY ("card_id") REFERENCES "gift_card" ("id")) STRICT
    """,
    """
    CREATE INDEX "code_digest_folded" ON "code_digest" ("folded")
    """,
    """
    CREATE INDEX "code_digest_card" ON "code_digest" ("card_id")
    """,
    """
    CREATE TABLE "activity" (
        "card_id" INTEGER NOT NULL,
        "number" INTEGER NOT NULL,
        "kind" TEXT NOT NULL,
        "amount_minor" INTEGER NOT NULL,
        "balance_after_minor" INTEGER NOT NULL,
        "effective_at" INTEGER NOT NULL,
        "recorded_at" INTEGER NOT NULL,
        "actor_id" INTEGER NOT NULL,
        "actor_name" TEXT NOT NULL,
        "place" TEXT,
        "order_ref" TEXT,
        "reverses" INTEGER,
        "details" TEXT NOT NULL,
        "text_digest" BLOB,
        "intent" TEXT,
        "format" INTEGER NOT NULL,
        "mac" BLOB NOT NULL,
        PRIMARY KEY ("card_id", "number"),
        FOREIGN KEY ("card_id") REFERENCES "gift_card" ("id"),
        CONSTRAINT activity_number_counts CHECK (number >= 1),
        CONSTRAINT activity_balance_not_negative CHECK (balance_after_minor >= 0),
        CONSTRAINT activity_not_ahead CHECK (effective_at <= recorded_at),
        CONSTRAINT activity_reverses_earlier CHECK (reverses IS NULL OR reverses < number),
        CONSTRAINT activity_reinstates_one CHECK (kind <> 'reinstatement' OR reverses IS NOT NULL)) STRICT, WITHOUT ROWID
    """,
    """
    CREATE UNIQUE INDEX "activity_reinstated_once" ON "activity" ("card_id", "reverses") WHERE kind = 'reinstatement'
    """,
    """
    CREATE INDEX "activity_order_ref" ON "activity" ("order_ref") WHERE order_ref IS NOT NULL
    """,
    """
    CREATE TABLE "activity_text" (
        "card_id" INTEGER NOT NULL,
        "number" INTEGER NOT NULL,
        "text" TEXT,
        PRIMARY KEY ("card_id", "number"),
        CONSTRAINT activity_text_of FOREIGN KEY (card_id, number) REFERENCES activity (card_id, number)) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE "flag" (
        "card_id" INTEGER NOT NULL,
        "number" INTEGER NOT NULL,
        "cleared_number" INTEGER,
        PRIMARY KEY ("card_id", "number"),
        FOREIGN KEY ("card_id") REFERENCES "gift_card" ("id"),
        CONSTRAINT flag_cleared_later CHECK (cleared_number IS NULL OR cleared_number > number)) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE "intent" (
        "key" TEXT NOT NULL PRIMARY KEY,
        "action" TEXT NOT NULL,
        "request_digest" BLOB NOT NULL,
        "result" TEXT NOT NULL,
        "recorded_at" INTEGER NOT NULL,
        "actor_id" INTEGER NOT NULL) STRICT
    """,
    """
    CREATE TABLE "audit" (
        "subject" TEXT NOT NULL,
        "number" INTEGER NOT NULL,
        "action" TEXT NOT NULL,
        "before" TEXT,
        "after" TEXT,
        "reason" TEXT,
        "recorded_at" INTEGER NOT NULL,
        "actor_id" INTEGER NOT NULL,
        "actor_name" TEXT NOT NULL,
        "format" INTEGER NOT NULL,
        "mac" BLOB NOT NULL,
        PRIMARY KEY ("subject", "number")) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE "import_batch" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "format" TEXT NOT NULL,
        "digest" BLOB NOT NULL,
        "outcome" TEXT NOT NULL,
        "recorded_at" INTEGER NOT NULL,
        "actor_id" INTEGER NOT NULL) STRICT
    """,
    """
    CREATE UNIQUE INDEX "import_batch_digest" ON "import_batch" ("digest")
    """,
    """
    CREATE TRIGGER "activity_no_update" BEFORE UPDATE ON "activity" BEGIN SELECT RAISE(ABORT, 'activity is append-only'); END
    """,
    """
    CREATE TRIGGER "activity_no_delete" BEFORE DELETE ON "activity" BEGIN SELECT RAISE(ABORT, 'activity is append-only'); END
    """,
    """
    CREATE TRIGGER "activity_text_no_update" BEFORE UPDATE ON "activity_text" WHEN NEW.text IS NOT NULL BEGIN SELECT RAISE(ABORT, 'activity_text is append-only'); END
    """,
    """
    CREATE TRIGGER "activity_text_no_delete" BEFORE DELETE ON "activity_text" BEGIN SELECT RAISE(ABORT, 'activity_text is append-only'); END
    """,
    """
    CREATE TRIGGER "audit_no_update" BEFORE UPDATE ON "audit" BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END
    """,
    """
    CREATE TRIGGER "audit_no_delete" BEFORE DELETE ON "audit" BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END
    """,
    """
    CREATE TRIGGER "policy_no_update" BEFORE UPDATE ON "policy" BEGIN SELECT RAISE(ABORT, 'policy is append-only'); END
    """,
    """
    CREATE TRIGGER "policy_no_delete" BEFORE DELETE ON "policy" BEGIN SELECT RAISE(ABORT, 'policy is append-only'); END
    """,
    """
    CREATE TRIGGER "intent_no_update" BEFORE UPDATE ON "intent" BEGIN SELECT RAISE(ABORT, 'intent is append-only'); END
    """,
    """
    CREATE TRIGGER "intent_no_delete" BEFORE DELETE ON "intent" BEGIN SELECT RAISE(ABORT, 'intent is append-only'); END
    """,
)


def up(_migrator: Any, database: Any) -> None:
    """Make them all."""
    for statement in STATEMENTS:
        database.execute_sql(statement.strip())
