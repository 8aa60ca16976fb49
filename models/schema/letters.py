"""E-mails: their texts, the reminders in hand, and what is on its way to one person."""

from peewee import SQL, BigAutoField, BigIntegerField, BlobField, BooleanField, CompositeKey, TextField

from models.fields import DayField, InstantField, JsonField
from models.rules.letters import LetterKind
from models.rules.reminders import State
from models.schema.base import Table, reference
from models.schema.cards import GiftCard
from models.schema.people import Customer


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


class Reminder(Table):
    """A reminder in hand, once per card, last day and lead: claimed before it is sent, settled after."""

    card = reference(GiftCard, "card_id")
    last_day_on = DayField()
    lead_days = BigIntegerField()
    customer = reference(Customer, "customer_id")
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


class Outbox(Table):
    """An e-mail on its way: written with what it tells of, claimed before it is sent, settled after.

    What it says is NULL once that is settled: the case keeps it.
    """

    id = BigAutoField()
    kind = TextField()
    card_id = BigIntegerField(null=True)
    case_id = BigIntegerField(null=True)
    escalation_id = TextField(null=True)
    customer_id = BigIntegerField(null=True)
    subject = TextField(null=True)
    text = TextField(null=True)
    html = TextField(null=True)
    details = JsonField()
    state = TextField()
    tries = BigIntegerField()
    written_at = InstantField()
    written_by = BigIntegerField()
    claimed_at = InstantField(null=True)
    next_try_at = InstantField(null=True)
    settled_at = InstantField(null=True)
    said = TextField(null=True)

    class Meta:
        table_name = "outbox"
        constraints = (
            SQL("CONSTRAINT outbox_card FOREIGN KEY (card_id) REFERENCES gift_card (id)"),
            SQL("CONSTRAINT outbox_case FOREIGN KEY (case_id) REFERENCES support_case (id)"),
            SQL("CONSTRAINT outbox_customer FOREIGN KEY (customer_id) REFERENCES customer (id)"),
            SQL(f"CONSTRAINT outbox_kind_known CHECK (kind IN ({', '.join(repr(each.value) for each in LetterKind)}))"),
            SQL("CONSTRAINT outbox_state_known CHECK (state IN ('waiting', 'claimed', 'sent', 'refused', 'dropped'))"),
        )


Outbox.add_index(Outbox.index(Outbox.written_at, where=SQL("settled_at IS NULL"), name="outbox_unsettled"))
