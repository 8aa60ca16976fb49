"""What all tables have in common, and the database that they are bound to."""

from typing import Any, Final

from peewee import DatabaseProxy, ForeignKeyField, Model

APPLICATION_ID: Final = 0x47494654
database_proxy = DatabaseProxy()


class Table(Model):
    """What all tables have in common."""

    class Meta:
        database = database_proxy
        legacy_table_names = False
        only_save_dirty = True


def reference(model: Any, name: str, *, null: bool = False) -> ForeignKeyField:
    """A column that names a row of another table, without an index of its own."""
    return ForeignKeyField(model, column_name=name, null=null, index=False, backref="+")
