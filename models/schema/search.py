"""What people are found by, and the looks for codes that found nothing."""

from peewee import BigAutoField, BigIntegerField, BlobField, CompositeKey, TextField

from models.fields import InstantField
from models.schema.base import Table


class SearchWord(Table):
    """A word that somebody is found by: of a name or an e-mail address, case and accents left aside."""

    id = BigAutoField()
    word = TextField()

    class Meta:
        table_name = "search_word"


SearchWord.add_index(SearchWord.index(SearchWord.word, unique=True, name="search_word_word"))


class CustomerWord(Table):
    """Whom a word belongs to. Both tables are made from the customers, and can be made again."""

    word_id = BigIntegerField()
    customer_id = BigIntegerField()

    class Meta:
        table_name = "customer_word"
        primary_key = CompositeKey("word_id", "customer_id")
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
