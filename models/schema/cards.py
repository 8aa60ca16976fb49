"""Products, cards with the ways to them, and the journal that a card's row is a projection of."""

from peewee import (
    SQL,
    BigAutoField,
    BigIntegerField,
    BlobField,
    BooleanField,
    CompositeKey,
    IntegerField,
    TextField,
    fn,
)

from models.fields import DayField, InstantField, JsonField
from models.schema.base import Table, reference


class Product(Table):
    """What a card is sold as. Without rules it cannot be issued or topped up, once retired not issued."""

    id = BigAutoField()
    code = TextField()
    name = TextField()
    rules = JsonField(null=True)
    reminders = JsonField()
    changed_at = InstantField()
    channels = JsonField(null=True)
    retired_at = InstantField(null=True)
    spend_places = JsonField(null=True)
    spend_channels = JsonField(null=True)

    class Meta:
        table_name = "product"


Product.add_index(Product.index(Product.code, unique=True, name="product_code"))


class GiftCard(Table):
    """One card: what its journal adds up to, the head of its chain, and a seal over all of it."""

    id = BigAutoField()
    product = reference(Product, "product_id")
    currency = TextField()
    last_four = TextField()
    balance_minor = BigIntegerField()
    broken_minor = BigIntegerField()
    last_money_number = BigIntegerField(null=True)
    active_from_at = InstantField()
    last_day_on = DayField(null=True)
    cut_off_at = InstantField(null=True)
    loaded_at = InstantField(null=True)
    reactivated_at = InstantField(null=True)
    suspended_at = InstantField(null=True)
    cancelled_at = InstantField(null=True)
    purchaser_id = BigIntegerField(null=True)
    recipient_id = BigIntegerField(null=True)
    registered_id = BigIntegerField(null=True)
    head_number = BigIntegerField()
    head_mac = BlobField()
    seal = BlobField()
    changed_at = InstantField()

    class Meta:
        table_name = "gift_card"
        constraints = (
            SQL("CONSTRAINT gift_card_balance_not_negative CHECK (balance_minor >= 0)"),
            SQL("CONSTRAINT gift_card_broken_is_empty CHECK (broken_minor >= 0 AND broken_minor * balance_minor = 0)"),
            SQL("CONSTRAINT gift_card_cut_off_has_day CHECK ((last_day_on IS NULL) = (cut_off_at IS NULL))"),
            SQL("CONSTRAINT gift_card_head_counts CHECK (head_number >= 0)"),
            *(
                SQL(f"CONSTRAINT gift_card_{role} FOREIGN KEY ({role}_id) REFERENCES customer (id)")
                for role in ("purchaser", "recipient", "registered")
            ),
        )


GiftCard.add_index(GiftCard.index(GiftCard.last_four, name="gift_card_last_four"))
GiftCard.add_index(
    GiftCard.index(
        GiftCard.cut_off_at,
        where=SQL("balance_minor > 0 AND cut_off_at IS NOT NULL AND cancelled_at IS NULL"),
        name="gift_card_due",
    )
)
GiftCard.add_index(
    GiftCard.index(
        GiftCard.cut_off_at,
        where=SQL("broken_minor > 0 AND cut_off_at IS NOT NULL AND cancelled_at IS NULL"),
        name="gift_card_broken",
    )
)
GiftCard.add_index(GiftCard.index(GiftCard.active_from_at, name="gift_card_active_from_at"))
GiftCard.add_index(GiftCard.index(GiftCard.changed_at, GiftCard.id, name="gift_card_changed_at"))
GiftCard.add_index(GiftCard.index(GiftCard.product, name="gift_card_product_id"))
for _since in (GiftCard.suspended_at, GiftCard.cancelled_at):
    GiftCard.add_index(
        GiftCard.index(_since, where=SQL(f"{_since.column_name} IS NOT NULL"), name=f"gift_card_{_since.column_name}")
    )
for _role in (GiftCard.purchaser_id, GiftCard.recipient_id, GiftCard.registered_id):
    GiftCard.add_index(
        GiftCard.index(_role, where=SQL(f"{_role.column_name} IS NOT NULL"), name=f"gift_card_{_role.column_name}")
    )
GiftCard.add_index(
    GiftCard.index(
        fn.COALESCE(GiftCard.registered_id, GiftCard.recipient_id, GiftCard.purchaser_id),
        GiftCard.reactivated_at,
        where=SQL("reactivated_at IS NOT NULL"),
        name="gift_card_reactivated",
    )
)


class CodeDigest(Table):
    """How a code or alias finds its card: keyed digests, never the code itself."""

    digest = BlobField(primary_key=True)
    folded = BlobField()
    card = reference(GiftCard, "card_id")
    is_alias = BooleanField()
    seal = BlobField()

    class Meta:
        table_name = "code_digest"


CodeDigest.add_index(CodeDigest.index(CodeDigest.folded, name="code_digest_folded"))
CodeDigest.add_index(CodeDigest.index(CodeDigest.card, name="code_digest_card"))


class Activity(Table):
    """One entry of a card's append-only journal, chained to the one before it."""

    card = reference(GiftCard, "card_id")
    number = BigIntegerField()
    kind = TextField()
    amount_minor = BigIntegerField()
    balance_after_minor = BigIntegerField()
    effective_at = InstantField()
    recorded_at = InstantField()
    actor_id = BigIntegerField()
    actor_name = TextField()
    place = TextField(null=True)
    order_ref = TextField(null=True)
    reverses = BigIntegerField(null=True)
    details = JsonField()
    text_digest = BlobField(null=True)
    intent = TextField(null=True)
    format = IntegerField()
    mac = BlobField()

    class Meta:
        table_name = "activity"
        primary_key = CompositeKey("card", "number")
        without_rowid = True
        constraints = (
            SQL("CONSTRAINT activity_number_counts CHECK (number >= 1)"),
            SQL("CONSTRAINT activity_balance_not_negative CHECK (balance_after_minor >= 0)"),
            SQL("CONSTRAINT activity_not_ahead CHECK (effective_at <= recorded_at)"),
            SQL("CONSTRAINT activity_reverses_earlier CHECK (reverses IS NULL OR reverses < number)"),
            SQL("CONSTRAINT activity_reinstates_one CHECK (kind <> 'reinstatement' OR reverses IS NOT NULL)"),
        )


Activity.add_index(
    Activity.index(
        Activity.card,
        Activity.reverses,
        unique=True,
        where=SQL("kind = 'reinstatement'"),
        name="activity_reinstated_once",
    )
)
Activity.add_index(Activity.index(Activity.recorded_at, where=SQL("kind = 'reactivated'"), name="activity_reactivated"))
Activity.add_index(
    Activity.index(
        # The last two are there to be read from the index: where and when of many cards, and no card is looked at.
        Activity.place,
        Activity.effective_at,
        Activity.card,
        Activity.kind,
        where=SQL("kind IN ('issue', 'top_up', 'imported')"),
        name="activity_loaded",
    )
)
Activity.add_index(Activity.index(Activity.order_ref, where=SQL("order_ref IS NOT NULL"), name="activity_order_ref"))


class ActivityText(Table):
    """The free text of an activity; NULL once it was removed for a person who asked."""

    card_id = BigIntegerField()
    number = BigIntegerField()
    text = TextField(null=True)

    class Meta:
        table_name = "activity_text"
        primary_key = CompositeKey("card_id", "number")
        without_rowid = True
        constraints = (
            SQL("CONSTRAINT activity_text_of FOREIGN KEY (card_id, number) REFERENCES activity (card_id, number)"),
        )


class Flag(Table):
    """A flag on a card, by the number of the activity that raised it; open until one clears it."""

    card = reference(GiftCard, "card_id")
    number = BigIntegerField()
    cleared_number = BigIntegerField(null=True)

    class Meta:
        table_name = "flag"
        primary_key = CompositeKey("card", "number")
        without_rowid = True
        constraints = (SQL("CONSTRAINT flag_cleared_later CHECK (cleared_number IS NULL OR cleared_number > number)"),)


class Restriction(Table):
    """Who alone may spend a card; nobody in particular once that was lifted."""

    card_id = BigIntegerField(primary_key=True)
    customer_id = BigIntegerField(null=True)
    changed_at = InstantField()
    seal = BlobField()

    class Meta:
        table_name = "restriction"
        constraints = (
            SQL("CONSTRAINT restriction_card FOREIGN KEY (card_id) REFERENCES gift_card (id)"),
            SQL("CONSTRAINT restriction_customer FOREIGN KEY (customer_id) REFERENCES customer (id)"),
        )


Restriction.add_index(
    Restriction.index(Restriction.customer_id, where=SQL("customer_id IS NOT NULL"), name="restriction_customer_id")
)
