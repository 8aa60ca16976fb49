"""Passwords, cases, escalations, approvals, quotas, restrictions, and e-mails on their way to people."""

import json
from typing import Any, Final

STATEMENTS: Final = (
    """
    ALTER TABLE "product" ADD COLUMN "spend_places" TEXT
    """,
    """
    ALTER TABLE "product" ADD COLUMN "spend_channels" TEXT
    """,
    """
    CREATE TRIGGER "agent_no_update" BEFORE UPDATE ON "agent" WHEN NEW.id IS DISTINCT FROM OLD.id OR NEW.login IS DISTINCT FROM OLD.login BEGIN SELECT RAISE(ABORT, 'agent is append-only'); END
    """,
    """
    CREATE TRIGGER "high_water_no_update" BEFORE UPDATE ON "high_water" WHEN NEW.reached_at < OLD.reached_at BEGIN SELECT RAISE(ABORT, 'high_water is append-only'); END
    """,
    """
    CREATE INDEX "activity_reactivated" ON "activity" ("recorded_at") WHERE kind = 'reactivated'
    """,
    """
    CREATE INDEX "gift_card_reactivated" ON "gift_card" (COALESCE("registered_id", "recipient_id", "purchaser_id"), "reactivated_at") WHERE reactivated_at IS NOT NULL
    """,
    """
    CREATE TABLE "credential" (
        "agent_id" INTEGER NOT NULL PRIMARY KEY,
        "hash" TEXT NOT NULL,
        "changed_at" INTEGER NOT NULL,
        "tries" INTEGER NOT NULL,
        "blocked_until" INTEGER,
        "seal" BLOB NOT NULL,
        CONSTRAINT credential_of FOREIGN KEY (agent_id) REFERENCES agent (id),
        CONSTRAINT credential_tries_count CHECK (tries >= 0)) STRICT
    """,
    """
    CREATE TRIGGER "credential_no_delete" BEFORE DELETE ON "credential" BEGIN SELECT RAISE(ABORT, 'credential is append-only'); END
    """,
    """
    CREATE TABLE "support_case" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "opened_at" INTEGER NOT NULL,
        "opened_by" INTEGER NOT NULL,
        "agent_id" INTEGER NOT NULL,
        "last_at" INTEGER NOT NULL,
        "entries" INTEGER NOT NULL,
        "calls" INTEGER NOT NULL,
        "customer_id" INTEGER,
        "symptom" TEXT,
        "told" TEXT,
        "is_begun" INTEGER NOT NULL,
        "said" TEXT,
        "said_at" INTEGER,
        "waits_for" TEXT,
        "answered_at" INTEGER,
        "outcome" TEXT,
        "closed_at" INTEGER,
        CONSTRAINT support_case_customer FOREIGN KEY (customer_id) REFERENCES customer (id),
        CONSTRAINT support_case_calls_count CHECK (calls >= 1),
        CONSTRAINT support_case_closed_with_outcome CHECK ((closed_at IS NULL) = (outcome IS NULL)),
        CONSTRAINT support_case_closed_waits_for_nothing CHECK (closed_at IS NULL OR (waits_for IS NULL AND answered_at IS NULL))) STRICT
    """,
    """
    CREATE INDEX "support_case_of_agent" ON "support_case" ("agent_id", "last_at")
    """,
    """
    CREATE INDEX "support_case_open_of_agent" ON "support_case" ("agent_id", "last_at") WHERE closed_at IS NULL
    """,
    """
    CREATE INDEX "support_case_open" ON "support_case" ("last_at") WHERE closed_at IS NULL
    """,
    """
    CREATE INDEX "support_case_answered" ON "support_case" ("answered_at") WHERE answered_at IS NOT NULL
    """,
    """
    CREATE INDEX "support_case_waiting" ON "support_case" ("last_at") WHERE waits_for IS NOT NULL
    """,
    """
    CREATE INDEX "support_case_customer_id" ON "support_case" ("customer_id") WHERE customer_id IS NOT NULL
    """,
    """
    CREATE TRIGGER "support_case_no_delete" BEFORE DELETE ON "support_case" BEGIN SELECT RAISE(ABORT, 'support_case is append-only'); END
    """,
    """
    CREATE TABLE "case_card" (
        "case_id" INTEGER NOT NULL,
        "card_id" INTEGER NOT NULL,
        "added_at" INTEGER NOT NULL,
        "number" INTEGER NOT NULL,
        PRIMARY KEY ("case_id", "card_id"),
        FOREIGN KEY ("case_id") REFERENCES "support_case" ("id"),
        FOREIGN KEY ("card_id") REFERENCES "gift_card" ("id")) STRICT, WITHOUT ROWID
    """,
    """
    CREATE INDEX "case_card_card_id" ON "case_card" ("card_id")
    """,
    """
    CREATE TRIGGER "case_card_no_update" BEFORE UPDATE ON "case_card" BEGIN SELECT RAISE(ABORT, 'case_card is append-only'); END
    """,
    """
    CREATE TRIGGER "case_card_no_delete" BEFORE DELETE ON "case_card" BEGIN SELECT RAISE(ABORT, 'case_card is append-only'); END
    """,
    """
    CREATE TABLE "case_text" (
        "case_id" INTEGER NOT NULL,
        "number" INTEGER NOT NULL,
        "text" TEXT,
        PRIMARY KEY ("case_id", "number"),
        CONSTRAINT case_text_of FOREIGN KEY (case_id) REFERENCES support_case (id)) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TRIGGER "case_text_no_update" BEFORE UPDATE ON "case_text" WHEN NEW.text IS NOT NULL BEGIN SELECT RAISE(ABORT, 'case_text is append-only'); END
    """,
    """
    CREATE TRIGGER "case_text_no_delete" BEFORE DELETE ON "case_text" BEGIN SELECT RAISE(ABORT, 'case_text is append-only'); END
    """,
    """
    CREATE TABLE "escalation" (
        "id" TEXT NOT NULL PRIMARY KEY,
        "card_id" INTEGER NOT NULL,
        "number" INTEGER NOT NULL,
        "case_id" INTEGER,
        "why" TEXT NOT NULL,
        "opened_at" INTEGER NOT NULL,
        "opened_by" INTEGER NOT NULL,
        "owner_id" INTEGER,
        "taken_at" INTEGER,
        "outcome" TEXT,
        "outcome_text" TEXT,
        "closed_at" INTEGER,
        "closed_by" INTEGER,
        "seen_at" INTEGER,
        CONSTRAINT escalation_card FOREIGN KEY (card_id) REFERENCES gift_card (id),
        CONSTRAINT escalation_case FOREIGN KEY (case_id) REFERENCES support_case (id),
        CONSTRAINT escalation_closed_with_outcome CHECK ((closed_at IS NULL) = (outcome IS NULL)),
        CONSTRAINT escalation_owned_since CHECK ((taken_at IS NULL) = (owner_id IS NULL))) STRICT
    """,
    """
    CREATE INDEX "escalation_card_id" ON "escalation" ("card_id")
    """,
    """
    CREATE INDEX "escalation_open" ON "escalation" ("opened_at") WHERE closed_at IS NULL
    """,
    """
    CREATE INDEX "escalation_closed" ON "escalation" ("closed_at") WHERE closed_at IS NOT NULL
    """,
    """
    CREATE INDEX "escalation_unseen" ON "escalation" ("opened_by", "closed_at") WHERE closed_at IS NOT NULL AND seen_at IS NULL
    """,
    """
    CREATE TRIGGER "escalation_no_delete" BEFORE DELETE ON "escalation" BEGIN SELECT RAISE(ABORT, 'escalation is append-only'); END
    """,
    """
    CREATE TABLE "approval" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "card_id" INTEGER NOT NULL,
        "case_id" INTEGER,
        "why" TEXT NOT NULL,
        "grounds" TEXT NOT NULL,
        "policy" INTEGER NOT NULL,
        "note" TEXT,
        "reason" TEXT,
        "ref" TEXT,
        "asked_at" INTEGER NOT NULL,
        "asked_by" INTEGER NOT NULL,
        "asked_by_name" TEXT NOT NULL,
        "decision" TEXT,
        "decided_at" INTEGER,
        "decided_by" INTEGER,
        "decided_by_name" TEXT,
        "said" TEXT,
        "number" INTEGER,
        "seal" BLOB NOT NULL,
        CONSTRAINT approval_card FOREIGN KEY (card_id) REFERENCES gift_card (id),
        CONSTRAINT approval_case FOREIGN KEY (case_id) REFERENCES support_case (id),
        CONSTRAINT approval_decision_known CHECK (decision IS NULL OR decision IN ('approved', 'refused', 'withdrawn', 'lapsed')),
        CONSTRAINT approval_decided_at_an_instant CHECK ((decision IS NULL) = (decided_at IS NULL)),
        CONSTRAINT approval_by_somebody_else CHECK (decision IS NULL OR decision IN ('withdrawn', 'lapsed') OR (decided_by IS NOT NULL AND decided_by <> asked_by))) STRICT
    """,
    """
    CREATE UNIQUE INDEX "approval_asked_once" ON "approval" ("card_id") WHERE decision IS NULL
    """,
    """
    CREATE INDEX "approval_card_id" ON "approval" ("card_id")
    """,
    """
    CREATE INDEX "approval_waiting" ON "approval" ("asked_at") WHERE decision IS NULL
    """,
    """
    CREATE INDEX "approval_decided" ON "approval" ("decided_at") WHERE decision IS NOT NULL
    """,
    """
    CREATE TRIGGER "approval_no_insert" BEFORE INSERT ON "approval" WHEN NEW.decision IS NOT NULL BEGIN SELECT RAISE(ABORT, 'approval is append-only'); END
    """,
    """
    CREATE TRIGGER "approval_no_update" BEFORE UPDATE ON "approval" WHEN NEW.id IS DISTINCT FROM OLD.id OR NEW.card_id IS DISTINCT FROM OLD.card_id OR NEW.case_id IS DISTINCT FROM OLD.case_id OR NEW.why IS DISTINCT FROM OLD.why OR NEW.grounds IS DISTINCT FROM OLD.grounds OR NEW.policy IS DISTINCT FROM OLD.policy OR NEW.ref IS DISTINCT FROM OLD.ref OR NEW.asked_at IS DISTINCT FROM OLD.asked_at OR NEW.asked_by IS DISTINCT FROM OLD.asked_by OR NEW.asked_by_name IS DISTINCT FROM OLD.asked_by_name OR NEW.seal IS DISTINCT FROM OLD.seal OR (NEW.note IS NOT NULL AND NEW.note IS DISTINCT FROM OLD.note) OR (NEW.reason IS NOT NULL AND NEW.reason IS DISTINCT FROM OLD.reason) OR (OLD.decision IS NOT NULL AND NEW.decision IS DISTINCT FROM OLD.decision) OR (OLD.decision IS NOT NULL AND NEW.decided_at IS DISTINCT FROM OLD.decided_at) OR (OLD.decision IS NOT NULL AND NEW.decided_by IS DISTINCT FROM OLD.decided_by) OR (OLD.decision IS NOT NULL AND NEW.decided_by_name IS DISTINCT FROM OLD.decided_by_name) OR (OLD.decision IS NOT NULL AND NEW.number IS DISTINCT FROM OLD.number) OR (OLD.decision IS NOT NULL AND NEW.said IS NOT NULL AND NEW.said IS DISTINCT FROM OLD.said) BEGIN SELECT RAISE(ABORT, 'approval is append-only'); END
    """,
    """
    CREATE TRIGGER "approval_no_delete" BEFORE DELETE ON "approval" BEGIN SELECT RAISE(ABORT, 'approval is append-only'); END
    """,
    """
    CREATE TABLE "quota" (
        "agent_id" INTEGER NOT NULL,
        "on_day" TEXT NOT NULL,
        "used" INTEGER NOT NULL,
        "most" INTEGER,
        PRIMARY KEY ("agent_id", "on_day"),
        FOREIGN KEY ("agent_id") REFERENCES "agent" ("id"),
        CONSTRAINT quota_counts CHECK (used >= 0)) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TRIGGER "quota_no_update" BEFORE UPDATE ON "quota" WHEN NEW.used < OLD.used BEGIN SELECT RAISE(ABORT, 'quota is append-only'); END
    """,
    """
    CREATE TRIGGER "quota_no_delete" BEFORE DELETE ON "quota" BEGIN SELECT RAISE(ABORT, 'quota is append-only'); END
    """,
    """
    CREATE TABLE "restriction" (
        "card_id" INTEGER NOT NULL PRIMARY KEY,
        "customer_id" INTEGER,
        "changed_at" INTEGER NOT NULL,
        "seal" BLOB NOT NULL,
        CONSTRAINT restriction_card FOREIGN KEY (card_id) REFERENCES gift_card (id),
        CONSTRAINT restriction_customer FOREIGN KEY (customer_id) REFERENCES customer (id)) STRICT
    """,
    """
    CREATE INDEX "restriction_customer_id" ON "restriction" ("customer_id") WHERE customer_id IS NOT NULL
    """,
    """
    CREATE TRIGGER "restriction_no_delete" BEFORE DELETE ON "restriction" BEGIN SELECT RAISE(ABORT, 'restriction is append-only'); END
    """,
    """
    CREATE TABLE "outbox" (
        "id" INTEGER NOT NULL PRIMARY KEY,
        "kind" TEXT NOT NULL,
        "card_id" INTEGER,
        "case_id" INTEGER,
        "escalation_id" TEXT,
        "customer_id" INTEGER,
        "subject" TEXT,
        "text" TEXT,
        "html" TEXT,
        "details" TEXT NOT NULL,
        "state" TEXT NOT NULL,
        "tries" INTEGER NOT NULL,
        "written_at" INTEGER NOT NULL,
        "written_by" INTEGER NOT NULL,
        "claimed_at" INTEGER,
        "next_try_at" INTEGER,
        "settled_at" INTEGER,
        "said" TEXT,
        CONSTRAINT outbox_card FOREIGN KEY (card_id) REFERENCES gift_card (id),
        CONSTRAINT outbox_case FOREIGN KEY (case_id) REFERENCES support_case (id),
        CONSTRAINT outbox_customer FOREIGN KEY (customer_id) REFERENCES customer (id),
        CONSTRAINT outbox_kind_known CHECK (kind IN ('reply', 'packet')),
        CONSTRAINT outbox_state_known CHECK (state IN ('waiting', 'claimed', 'sent', 'refused', 'dropped'))) STRICT
    """,
    """
    CREATE INDEX "outbox_unsettled" ON "outbox" ("written_at") WHERE settled_at IS NULL
    """,
    """
    CREATE TRIGGER "outbox_no_delete" BEFORE DELETE ON "outbox" BEGIN SELECT RAISE(ABORT, 'outbox is append-only'); END
    """,
)


# What somebody did to a card after it was handed over, which settled the matter while answers were not kept.
_SETTLES: Final = (
    "'issue', 'top_up', 'redemption', 'refund', 'adjustment', 'breakage', 'reinstatement', 'transfer_out', "
    "'transfer_in', 'cancellation', 'imported', 'reactivated', 'suspended', 'unsuspended'"
)
_ESCALATED: Final = (
    "SELECT card_id, number, details, recorded_at, actor_id FROM activity WHERE kind = 'escalated' "
    "ORDER BY card_id, number"
)
_SETTLED: Final = (
    "SELECT recorded_at, actor_id FROM activity WHERE card_id = ? AND number > ? "
    f"AND kind IN ({_SETTLES}) ORDER BY number LIMIT 1"
)
_ROW: Final = (
    "INSERT INTO escalation (id, card_id, number, why, opened_at, opened_by, outcome, closed_at, closed_by, seen_at) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def up(_migrator: Any, database: Any) -> None:
    """Add them, and give every escalation of this desk its row; what is stored stays as it is."""
    for statement in STATEMENTS:
        database.execute_sql(statement.strip())
    for card_id, number, details, opened_at, opened_by in database.execute_sql(_ESCALATED).fetchall():
        id_, why = f"E{card_id}-{number}", _why(details, f"E{card_id}-{number}")
        if why is None:
            continue
        settled = database.execute_sql(_SETTLED, (card_id, number)).fetchone()
        closed_at, closed_by = settled or (None, None)
        outcome = "earlier" if settled else None
        database.execute_sql(
            _ROW, (id_, card_id, number, why, opened_at, opened_by, outcome, closed_at, closed_by, closed_at)
        )


def _why(details: str, id_: str) -> str | None:
    """The reason of an escalation; None for one of another desk, whose journal was brought in, and for a spoiled one."""
    try:
        facts = json.loads(details)
        return str(facts["why"]) if facts["escalation"] == id_ else None
    except (ValueError, KeyError, TypeError):
        return None
