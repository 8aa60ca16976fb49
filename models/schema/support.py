"""The support conversation: cases, escalations, approvals, and what was used of a quota."""

from peewee import SQL, BigAutoField, BigIntegerField, BlobField, BooleanField, CompositeKey, TextField

from models.fields import DayField, InstantField, JsonField
from models.schema.base import Table, reference
from models.schema.cards import GiftCard
from models.schema.work import Agent


class SupportCase(Table):
    """One conversation with a customer: a projection of its audit; told is what they said, NULL once removed.

    Only last_at is not in the audit: when its agent last had to do with it.
    """

    id = BigAutoField()
    opened_at = InstantField()
    opened_by = BigIntegerField()
    agent_id = BigIntegerField()
    last_at = InstantField()
    entries = BigIntegerField()
    calls = BigIntegerField()
    customer_id = BigIntegerField(null=True)
    symptom = TextField(null=True)
    told = JsonField(null=True)
    is_begun = BooleanField()
    said = TextField(null=True)
    said_at = InstantField(null=True)
    waits_for = JsonField(null=True)
    answered_at = InstantField(null=True)
    outcome = TextField(null=True)
    closed_at = InstantField(null=True)

    class Meta:
        table_name = "support_case"
        constraints = (
            SQL("CONSTRAINT support_case_customer FOREIGN KEY (customer_id) REFERENCES customer (id)"),
            SQL("CONSTRAINT support_case_calls_count CHECK (calls >= 1)"),
            SQL("CONSTRAINT support_case_closed_with_outcome CHECK ((closed_at IS NULL) = (outcome IS NULL))"),
            SQL(
                "CONSTRAINT support_case_closed_waits_for_nothing "
                "CHECK (closed_at IS NULL OR (waits_for IS NULL AND answered_at IS NULL))"
            ),
        )


SupportCase.add_index(SupportCase.index(SupportCase.agent_id, SupportCase.last_at, name="support_case_of_agent"))
SupportCase.add_index(
    SupportCase.index(
        SupportCase.agent_id, SupportCase.last_at, where=SQL("closed_at IS NULL"), name="support_case_open_of_agent"
    )
)
SupportCase.add_index(SupportCase.index(SupportCase.last_at, where=SQL("closed_at IS NULL"), name="support_case_open"))
SupportCase.add_index(
    SupportCase.index(SupportCase.answered_at, where=SQL("answered_at IS NOT NULL"), name="support_case_answered")
)
SupportCase.add_index(
    SupportCase.index(SupportCase.last_at, where=SQL("waits_for IS NOT NULL"), name="support_case_waiting")
)
SupportCase.add_index(
    SupportCase.index(SupportCase.customer_id, where=SQL("customer_id IS NOT NULL"), name="support_case_customer_id")
)


class CaseCard(Table):
    """A card that a case is about, and how many activities it had when the case came to it."""

    case = reference(SupportCase, "case_id")
    card = reference(GiftCard, "card_id")
    added_at = InstantField()
    number = BigIntegerField()

    class Meta:
        table_name = "case_card"
        primary_key = CompositeKey("case", "card")
        without_rowid = True


CaseCard.add_index(CaseCard.index(CaseCard.card, name="case_card_card_id"))


class CaseText(Table):
    """The free text of an entry of a case, by the number of its audit row; NULL once removed for a person who asked."""

    case_id = BigIntegerField()
    number = BigIntegerField()
    text = TextField(null=True)

    class Meta:
        table_name = "case_text"
        primary_key = CompositeKey("case_id", "number")
        without_rowid = True
        constraints = (SQL("CONSTRAINT case_text_of FOREIGN KEY (case_id) REFERENCES support_case (id)"),)


class Escalation(Table):
    """A card handed to Payments Support, by the number of its activity; closed with an outcome only."""

    id = TextField(primary_key=True)
    card_id = BigIntegerField()
    number = BigIntegerField()
    case_id = BigIntegerField(null=True)
    why = TextField()
    opened_at = InstantField()
    opened_by = BigIntegerField()
    owner_id = BigIntegerField(null=True)
    taken_at = InstantField(null=True)
    outcome = TextField(null=True)
    outcome_text = TextField(null=True)
    closed_at = InstantField(null=True)
    closed_by = BigIntegerField(null=True)
    seen_at = InstantField(null=True)

    class Meta:
        table_name = "escalation"
        constraints = (
            SQL("CONSTRAINT escalation_card FOREIGN KEY (card_id) REFERENCES gift_card (id)"),
            SQL("CONSTRAINT escalation_case FOREIGN KEY (case_id) REFERENCES support_case (id)"),
            SQL("CONSTRAINT escalation_closed_with_outcome CHECK ((closed_at IS NULL) = (outcome IS NULL))"),
            SQL("CONSTRAINT escalation_owned_since CHECK ((taken_at IS NULL) = (owner_id IS NULL))"),
        )


Escalation.add_index(Escalation.index(Escalation.card_id, name="escalation_card_id"))
Escalation.add_index(Escalation.index(Escalation.opened_at, where=SQL("closed_at IS NULL"), name="escalation_open"))
Escalation.add_index(
    Escalation.index(Escalation.closed_at, where=SQL("closed_at IS NOT NULL"), name="escalation_closed")
)
Escalation.add_index(
    Escalation.index(
        Escalation.opened_by,
        Escalation.closed_at,
        where=SQL("closed_at IS NOT NULL AND seen_at IS NULL"),
        name="escalation_unseen",
    )
)


class Approval(Table):
    """A reactivation that a colleague must approve: asked once, decided once. The seal covers what was asked.

    The grounds come with the cut-off and the hold that they are about; note, reason and said are free texts, NULL once
    removed.
    """

    id = BigAutoField()
    card_id = BigIntegerField()
    case_id = BigIntegerField(null=True)
    why = JsonField()
    grounds = JsonField()
    policy = BigIntegerField()
    note = TextField(null=True)
    reason = TextField(null=True)
    ref = TextField(null=True)
    asked_at = InstantField()
    asked_by = BigIntegerField()
    asked_by_name = TextField()
    decision = TextField(null=True)
    decided_at = InstantField(null=True)
    decided_by = BigIntegerField(null=True)
    decided_by_name = TextField(null=True)
    said = TextField(null=True)
    number = BigIntegerField(null=True)
    seal = BlobField()

    class Meta:
        table_name = "approval"
        constraints = (
            SQL("CONSTRAINT approval_card FOREIGN KEY (card_id) REFERENCES gift_card (id)"),
            SQL("CONSTRAINT approval_case FOREIGN KEY (case_id) REFERENCES support_case (id)"),
            SQL(
                "CONSTRAINT approval_decision_known "
                "CHECK (decision IS NULL OR decision IN ('approved', 'refused', 'withdrawn', 'lapsed'))"
            ),
            SQL("CONSTRAINT approval_decided_at_an_instant CHECK ((decision IS NULL) = (decided_at IS NULL))"),
            SQL(
                "CONSTRAINT approval_by_somebody_else CHECK (decision IS NULL OR decision IN ('withdrawn', 'lapsed') "
                "OR (decided_by IS NOT NULL AND decided_by <> asked_by))"
            ),
        )


Approval.add_index(
    Approval.index(Approval.card_id, unique=True, where=SQL("decision IS NULL"), name="approval_asked_once")
)
Approval.add_index(Approval.index(Approval.card_id, name="approval_card_id"))
Approval.add_index(
    Approval.index(Approval.asked_at, where=SQL("decision IS NULL"), name="approval_waiting"),
)
Approval.add_index(
    Approval.index(Approval.decided_at, where=SQL("decision IS NOT NULL"), name="approval_decided"),
)


class Quota(Table):
    """How many cards an agent reactivated on a day of the business, and how many they may when that was raised."""

    agent = reference(Agent, "agent_id")
    on_day = DayField()
    used = BigIntegerField()
    most = BigIntegerField(null=True)

    class Meta:
        table_name = "quota"
        primary_key = CompositeKey("agent", "on_day")
        without_rowid = True
        constraints = (SQL("CONSTRAINT quota_counts CHECK (used >= 0)"),)
