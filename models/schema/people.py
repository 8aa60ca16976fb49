"""Customers, their organisations, and wishes to be removed."""

from peewee import SQL, BigAutoField, BigIntegerField, BlobField, BooleanField, TextField

from models.fields import InstantField
from models.schema.base import Table, reference


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
    organisation = reference(Organisation, "organisation_id", null=True)
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
    Customer.index(Customer.organisation, where=SQL("organisation_id IS NOT NULL"), name="customer_organisation_id")
)
Customer.add_index(
    Customer.index(Customer.merged_into_id, where=SQL("merged_into_id IS NOT NULL"), name="customer_merged_into_id")
)


class RemovalRequest(Table):
    """A wish to remove a person's data: one colleague asks, another confirms. The seal covers what was asked."""

    id = BigAutoField()
    customer = reference(Customer, "customer_id")
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
