"""The tables: columns, keys, constraints and indexes, each with a name of its own; nothing else.

Money is integer minor units, an instant is integer microseconds UTC, a date is ISO text, a flag of
truth is 0 or 1, a digest is bytes. A card's row is a projection of its journal.
"""

from typing import Any, Final

from peewee import (
    SQL,
    BigAutoField,
    BigIntegerField,
    BlobField,
    BooleanField,
    CompositeKey,
    DatabaseProxy,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)

from models.fields import DayField, InstantField, JsonField
from models.rules.reminders import State
from models.rules.roles import Role

APPLICATION_ID: Final = 0x47494654
database_proxy = DatabaseProxy()


class Table(Model):
    """What all tables have in common."""

    class Meta:
        database = database_proxy
        legacy_table_names = False
        only_save_dirty = True


def _reference(model: Any, name: str, *, null: bool = False) -> ForeignKeyField:
    return ForeignKeyField(model, column_name=name, null=null, index=False, backref="+")


class Business(Table):
    """The one row that says whose desk this is; fixed when the database is made."""

    id = BigIntegerField(primary_key=True)
    zone = TextField()
    cut_off_time = TextField()
    currency = TextField()
    is_sandbox = BooleanField()
    key_fingerprint = TextField()
    created_at = InstantField()
    seal = BlobField()

    class Meta:
        table_name = "business"
        constraints = (SQL("CONSTRAINT business_is_one CHECK (id = 1)"),)


class HighWater(Table):
    """The latest instant at which anything was written: time may not run behind it."""

    id = BigIntegerField(primary_key=True)
    reached_at = InstantField()

    class Meta:
        table_name = "high_water"
        constraints = (SQL("CONSTRAINT high_water_is_one CHECK (id = 1)"),)


class Agent(Table):
    """A person at the desk, by the login of the operating system."""

    id = BigAutoField()
    login = TextField()
    name = TextField()
    email = TextField(null=True)
    role = TextField()
    disabled_at = InstantField(null=True)
    created_at = InstantField()

    class Meta:
        table_name = "agent"
        constraints = (
            SQL(f"CONSTRAINT agent_role_known CHECK (role IN ({', '.join(repr(role.value) for role in Role)}))"),
        )


Agent.add_index(Agent.index(Agent.login, unique=True, name="agent_login"))


class PolicyVersion(Table):
    """Each version of the policy, as JSON; the highest is in force."""

    version = BigIntegerField(primary_key=True)
    content = TextField()
    recorded_at = InstantField()
    actor_id = BigIntegerField(null=True)
    seal = BlobField()

    class Meta:
        table_name = "policy"


class Organisation(Table):
    """Who a customer belongs to."""

    id = BigAutoField()
    name = TextField()
    name_key = TextField()
    is_vip = BooleanField(default=False)
    vip_source = TextField(null=True)
    vip_changed_at = InstantField(null=True)

    class Meta:
        table_name = "organisation"


Organisation.add_index(Organisation.index(Organisation.name_key, unique=True, name="organisation_name_key"))


class Customer(Table):
    """A person: purchaser, recipient, or who registered a card. A merged record leads to the one that was kept."""

    id = BigAutoField()
    name = TextField(null=True)
    name_key = TextField(null=True)
    email = TextField(null=True)
    email_key = TextField(null=True)
    organisation = _reference(Organisation, "organisation_id", null=True)
    linked_at = InstantField(null=True)
    created_at = InstantField()
    merged_into_id = BigIntegerField(
        null=True, constraints=[SQL('CONSTRAINT customer_merged_into REFERENCES "customer" ("id")')]
    )
    removed_at = InstantField(null=True)

    class Meta:
        table_name = "customer"
        constraints = (SQL("CONSTRAINT customer_has_a_name CHECK (name IS NOT NULL OR email IS NOT NULL)"),)


Customer.add_index(Customer.index(Customer.email_key, name="customer_email_key"))
Customer.add_index(Customer.index(Customer.name_key, name="customer_name_key"))
Customer.add_index(
    Customer.index(Customer.merged_into_id, where=SQL("merged_into_id IS NOT NULL"), name="customer_merged_into_id")
)


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

    class Meta:
        table_name = "product"


Product.add_index(Product.index(Product.code, unique=True, name="product_code"))


class GiftCard(Table):
    """One card: what its journal adds up to, the head of its chain, and a seal over all of it."""

    id = BigAutoField()
    product = _reference(Product, "product_id")
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
for _role in (GiftCard.purchaser_id, GiftCard.recipient_id, GiftCard.registered_id):
    GiftCard.add_index(
        GiftCard.index(_role, where=SQL(f"{_role.column_name} IS NOT NULL"), name=f"gift_card_{_role.column_name}")
    )


class CodeDigest(Table):
    """How a code or alias finds its card: keyed digests, never the code itself."""

    digest = BlobField(primary_key=True)
    folded = BlobField()
    card = _reference(GiftCard, "card_id")
    is_alias = BooleanField()
    seal = BlobField()

    class Meta:
        table_name = "code_digest"


CodeDigest.add_index(CodeDigest.index(CodeDigest.folded, name="code_digest_folded"))
CodeDigest.add_index(CodeDigest.index(CodeDigest.card, name="code_digest_card"))


class Activity(Table):
    """One entry of a card's append-only journal, chained to the one before it."""

    card = _reference(GiftCard, "card_id")
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

    card = _reference(GiftCard, "card_id")
    number = BigIntegerField()
    cleared_number = BigIntegerField(null=True)

    class Meta:
        table_name = "flag"
        primary_key = CompositeKey("card", "number")
        without_rowid = True
        constraints = (SQL("CONSTRAINT flag_cleared_later CHECK (cleared_number IS NULL OR cleared_number > number)"),)


class Intent(Table):
    """A wish that was carried out, by its idempotency key: what was asked and what came of it."""

    key = TextField(primary_key=True)
    action = TextField()
    request_digest = BlobField()
    result = JsonField()
    recorded_at = InstantField()
    actor_id = BigIntegerField()

    class Meta:
        table_name = "intent"


class Audit(Table):
    """What was changed about anything that is not a card: one append-only chain per subject."""

    subject = TextField()
    number = BigIntegerField()
    action = TextField()
    before = JsonField(null=True)
    after = JsonField(null=True)
    reason = TextField(null=True)
    recorded_at = InstantField()
    actor_id = BigIntegerField()
    actor_name = TextField()
    format = IntegerField()
    mac = BlobField()

    class Meta:
        table_name = "audit"
        primary_key = CompositeKey("subject", "number")
        without_rowid = True


class ImportBatch(Table):
    """Files that were imported, by the digest of their bytes: the same files twice change nothing.

    The watermark says how many of their cards are in while others are not yet.
    """

    id = BigAutoField()
    format = TextField()
    digest = BlobField()
    outcome = JsonField()
    recorded_at = InstantField()
    actor_id = BigIntegerField()
    watermark = BigIntegerField(null=True)

    class Meta:
        table_name = "import_batch"


ImportBatch.add_index(ImportBatch.index(ImportBatch.digest, unique=True, name="import_batch_digest"))


class RemovalRequest(Table):
    """A wish to remove a person's data: one colleague asks, another confirms. The seal covers what was asked."""

    id = BigAutoField()
    customer = _reference(Customer, "customer_id")
    why = TextField()
    ref = TextField()
    asked_at = InstantField()
    asked_by = BigIntegerField()
    asked_by_name = TextField()
    confirmed_at = InstantField(null=True)
    confirmed_by_name = TextField(null=True)
    seal = BlobField()

    class Meta:
        table_name = "removal_request"


RemovalRequest.add_index(RemovalRequest.index(RemovalRequest.customer, name="removal_request_customer"))


class Reminder(Table):
    """A reminder in hand, once per card, last day and lead: claimed before it is sent, settled after."""

    card = _reference(GiftCard, "card_id")
    last_day_on = DayField()
    lead_days = BigIntegerField()
    customer = _reference(Customer, "customer_id")
    state = TextField()
    is_late = BooleanField()
    tries = BigIntegerField()
    claimed_at = InstantField()
    next_try_at = InstantField(null=True)
    settled_at = InstantField(null=True)
    said = TextField(null=True)

    class Meta:
        table_name = "reminder"
        primary_key = CompositeKey("card", "last_day_on", "lead_days")
        without_rowid = True
        constraints = (
            SQL(f"CONSTRAINT reminder_state_known CHECK (state IN ({', '.join(repr(each.value) for each in State)}))"),
            SQL("CONSTRAINT reminder_leads CHECK (lead_days >= 1)"),
        )


Reminder.add_index(Reminder.index(Reminder.claimed_at, where=SQL("settled_at IS NULL"), name="reminder_unsettled"))


class Template(Table):
    """Each version of an e-mail's texts, by its name; the highest is in force, without any the built-in one."""

    name = TextField()
    version = BigIntegerField()
    subject = TextField()
    text = TextField()
    html = TextField(null=True)
    recorded_at = InstantField()
    actor_id = BigIntegerField()
    seal = BlobField()

    class Meta:
        table_name = "template"
        primary_key = CompositeKey("name", "version")
        without_rowid = True


TABLES: Final = (
    Business,
    HighWater,
    Agent,
    PolicyVersion,
    Organisation,
    Customer,
    Product,
    GiftCard,
    CodeDigest,
    Activity,
    ActivityText,
    Flag,
    Intent,
    Audit,
    ImportBatch,
    RemovalRequest,
    Reminder,
    Template,
)
