"""What giftdesk knows and decides. Nothing here draws or prints."""

import sys

# Peewee imports every driver that it finds, which a desk in a file would pay for at every start. The one for a server
# is let in by its engine.
for _driver in ("psycopg", "psycopg2", "psycopg2cffi", "pymysql", "MySQLdb"):
    sys.modules.setdefault(_driver, None)  # type: ignore[arg-type]
