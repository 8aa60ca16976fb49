"""What people are found by, and the looks for codes that found nothing."""

from peewee import BigAutoField, BigIntegerField, BlobField, CompositeKey, TextField

from models.fields import InstantField
from models.schema.base import Table


class SearchText(Table):
    """A text that people are found by: a whole name, the front part of an address, or a domain; case and accents left
    aside. The three tables are made from the customers, and can be made again."""

    id = BigAutoField()
    text = TextField()

    class Meta:
        table_name = "search_text"


SearchText.add_index(SearchText.index(SearchText.text, unique=True, name="search_text_text"))


class CustomerText(Table):
    """Whom a text belongs to; a merged record's texts belong to the record that was kept."""

    customer_id = BigIntegerField()
    text_id = BigIntegerField()

    class Meta:
        table_name = "customer_text"
        primary_key = CompositeKey("customer_id", "text_id")
        without_rowid = True


CustomerText.add_index(CustomerText.index(CustomerText.text_id, CustomerText.customer_id, name="customer_text_text"))


class SearchWord(Table):
    """A word of such a text: what a word with a slip in it is compared with."""

    word = TextField(primary_key=True)

    class Meta:
        table_name = "search_word"
        without_rowid = True


class LookupMiss(Table):
    """A code that an agent looked for and no card answers to: its end and its keyed digest, never the code itself."""

    id = BigAutoField()
    agent_id = BigIntegerField()
    at = InstantField()
    masked = TextField()
    digest = BlobField()

    class Meta:
        table_name = "lookup_miss"


LookupMiss.add_index(LookupMiss.index(LookupMiss.agent_id, LookupMiss.at, name="lookup_miss_of_agent"))


class LookupStop(Table):
    """Since when an agent may look for no code, and when that was lifted last."""

    agent_id = BigIntegerField(primary_key=True)
    stopped_at = InstantField(null=True)
    lifted_at = InstantField(null=True)

    class Meta:
        table_name = "lookup_stop"
