"""Work at a desk: its people, what was wished for and what was changed, what was imported, and whether it moves."""

from peewee import SQL, BigAutoField, BigIntegerField, BlobField, BooleanField, CompositeKey, IntegerField, TextField

from models.fields import InstantField, JsonField
from models.relocation import Stage
from models.rules.roles import Role
from models.schema.base import Table


class Relocation(Table):
    """The one row of a desk on its way to another place: how far it is, where the other end is, and the mark by which
    the two ends know each other. What the arriving end still lacks are statements that make it."""

    id = BigIntegerField(primary_key=True)
    stage = TextField()
    place = TextField()
    mark = TextField()
    since_at = InstantField()
    lacks = TextField(null=True)

    class Meta:
        table_name = "relocation"
        constraints = (
            SQL("CONSTRAINT relocation_is_one CHECK (id = 1)"),
            SQL(
                f"CONSTRAINT relocation_stage_known CHECK (stage IN ({', '.join(repr(each.value) for each in Stage)}))"
            ),
        )


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


class Credential(Table):
    """An agent's password as its argon2 hash, and how often it was guessed wrong since the last success."""

    agent_id = BigIntegerField(primary_key=True)
    hash = TextField()
    changed_at = InstantField()
    tries = BigIntegerField()
    blocked_until = InstantField(null=True)
    seal = BlobField()

    class Meta:
        table_name = "credential"
        constraints = (
            SQL("CONSTRAINT credential_of FOREIGN KEY (agent_id) REFERENCES agent (id)"),
            SQL("CONSTRAINT credential_tries_count CHECK (tries >= 0)"),
        )


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
    """Files that were imported, by a keyed digest of their bytes: the same files twice change nothing.

    The watermark says how many of their cards are in while others are not yet. Codes that are like ours have our form
    and fail our check; NULL is not known, for they came as digests, or before it was asked.
    """

    id = BigAutoField()
    format = TextField()
    digest = BlobField()
    outcome = JsonField()
    recorded_at = InstantField()
    actor_id = BigIntegerField()
    watermark = BigIntegerField(null=True)
    has_codes_like_ours = BooleanField(null=True)
    has_codes_of_letters = BooleanField(null=True)

    class Meta:
        table_name = "import_batch"


ImportBatch.add_index(ImportBatch.index(ImportBatch.digest, unique=True, name="import_batch_digest"))
