"""How far an import has come, where it was stopped before its end."""

from typing import Any


def up(_migrator: Any, database: Any) -> None:
    """Imports of before were brought in whole: they have no watermark."""
    database.execute_sql('ALTER TABLE "import_batch" ADD COLUMN "watermark" INTEGER')
