"""The desk itself: whose it is, what time it has reached, and its policy. Whoever opens a desk reads these."""

from peewee import SQL, BigIntegerField, BlobField, BooleanField, TextField

from models.fields import InstantField
from models.schema.base import Table


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
    """The latest instant at which anything was written: time may not run behind it.

    It is taken back only together with a count of how often that was done, which the audit must bear out.
    """

    id = BigIntegerField(primary_key=True)
    reached_at = InstantField()
    taken_back = BigIntegerField(null=True)

    class Meta:
        table_name = "high_water"
        constraints = (SQL("CONSTRAINT high_water_is_one CHECK (id = 1)"),)


class PolicyVersion(Table):
    """Each version of the policy, as JSON; the highest is in force."""

    version = BigIntegerField(primary_key=True)
    content = TextField()
    recorded_at = InstantField()
    actor_id = BigIntegerField(null=True)
    seal = BlobField()

    class Meta:
        table_name = "policy"
