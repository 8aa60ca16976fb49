"""Bulk work: what was asked for, the list of cards that it is about, and what came of each."""

from peewee import SQL, BigAutoField, BigIntegerField, BlobField, CompositeKey, TextField

from models.fields import DayField, InstantField, JsonField
from models.rules.bulk import BulkKind
from models.schema.base import Table, reference
from models.schema.cards import GiftCard


class Bulk(Table):
    """One bulk. It is ready once its list is complete: the seal then covers what was asked and the digest of the list.

    Reason and said are free texts, NULL once removed. The why are the thresholds for which somebody must approve.
    """

    id = BigAutoField()
    kind = TextField()
    undoes = BigIntegerField(null=True)
    wish = JsonField()
    reason = TextField(null=True)
    ref = TextField(null=True)
    policy = BigIntegerField()
    asked_at = InstantField()
    asked_by = BigIntegerField()
    asked_by_name = TextField()
    ready_at = InstantField(null=True)
    cards = BigIntegerField(null=True)
    told = JsonField(null=True)
    why = JsonField(null=True)
    digest = BlobField(null=True)
    seal = BlobField(null=True)
    decision = TextField(null=True)
    decided_at = InstantField(null=True)
    decided_by = BigIntegerField(null=True)
    decided_by_name = TextField(null=True)
    said = TextField(null=True)
    ended_at = InstantField(null=True)
    outcome = JsonField(null=True)

    class Meta:
        table_name = "bulk"
        constraints = (
            SQL("CONSTRAINT bulk_undoes_one FOREIGN KEY (undoes) REFERENCES bulk (id)"),
            SQL(f"CONSTRAINT bulk_kind_known CHECK (kind IN ({', '.join(repr(each.value) for each in BulkKind)}))"),
            SQL(
                "CONSTRAINT bulk_ready_is_sealed CHECK ((ready_at IS NULL) = (seal IS NULL) "
                "AND (ready_at IS NULL) = (digest IS NULL) AND (ready_at IS NULL) = (cards IS NULL))"
            ),
            SQL(
                "CONSTRAINT bulk_decision_known "
                "CHECK (decision IS NULL OR decision IN ('approved', 'refused', 'withdrawn', 'lapsed'))"
            ),
            SQL("CONSTRAINT bulk_decided_at_an_instant CHECK ((decision IS NULL) = (decided_at IS NULL))"),
            SQL(
                "CONSTRAINT bulk_by_somebody_else CHECK (decision IS NULL OR decision IN ('withdrawn', 'lapsed') "
                "OR (decided_by IS NOT NULL AND decided_by <> asked_by))"
            ),
            SQL("CONSTRAINT bulk_ends_ready CHECK (ended_at IS NULL OR ready_at IS NOT NULL)"),
            SQL("CONSTRAINT bulk_ends_with_outcome CHECK ((ended_at IS NULL) = (outcome IS NULL))"),
        )


Bulk.add_index(
    Bulk.index(
        Bulk.undoes,
        unique=True,
        where=SQL("undoes IS NOT NULL AND ready_at IS NOT NULL AND (decision IS NULL OR decision = 'approved')"),
        name="bulk_undone_once",
    )
)


class BulkCard(Table):
    """A card on the list of a bulk, with what a file says of it alone; and what came of it: the numbers of its first
    and its last activity, or why it stays as it is."""

    bulk = reference(Bulk, "bulk_id")
    card = reference(GiftCard, "card_id")
    until_on = DayField(null=True)
    customer_id = BigIntegerField(null=True)
    organisation_id = BigIntegerField(null=True)
    first_number = BigIntegerField(null=True)
    last_number = BigIntegerField(null=True)
    moved_minor = BigIntegerField(null=True)
    skipped = TextField(null=True)

    class Meta:
        table_name = "bulk_card"
        primary_key = CompositeKey("bulk", "card")
        without_rowid = True
        constraints = (
            SQL("CONSTRAINT bulk_card_customer FOREIGN KEY (customer_id) REFERENCES customer (id)"),
            SQL("CONSTRAINT bulk_card_organisation FOREIGN KEY (organisation_id) REFERENCES organisation (id)"),
            SQL("CONSTRAINT bulk_card_numbered CHECK ((first_number IS NULL) = (last_number IS NULL))"),
            SQL("CONSTRAINT bulk_card_done_or_skipped CHECK (first_number IS NULL OR skipped IS NULL)"),
        )


BulkCard.add_index(BulkCard.index(BulkCard.card, name="bulk_card_card_id"))
BulkCard.add_index(
    BulkCard.index(
        BulkCard.bulk,
        BulkCard.card,
        where=SQL("first_number IS NULL AND skipped IS NULL"),
        name="bulk_card_left",
    )
)
