"""A desk on a database server: PostgreSQL 15 or later."""
