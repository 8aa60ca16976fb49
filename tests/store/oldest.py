"""The oldest desk that is kept: made by the first giftdesk, four cards with every kind of history."""

import re
import sqlite3
from pathlib import Path
from typing import Final

_DUMP: Final = Path(__file__).with_name("oldest_desk.sql").read_text(encoding="utf-8")
CODE: Final = re.findall("^-- code of card 1: (.+)$", _DUMP, re.MULTILINE)[0]
BALANCES: Final = {"GBP": 9199}
VERSION: Final = "0001_first_desk"


def oldest_desk(folder: Path) -> Path:
    """Put the oldest desk and its key into a folder, as a desk that nobody has open."""
    path = folder / "desk.db"
    connection = sqlite3.connect(path)
    connection.executescript(_DUMP)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    path.with_suffix(".key").write_text(re.findall("^-- key: (.+)$", _DUMP, re.MULTILINE)[0])
    path.with_suffix(".key").chmod(0o640)
    return path
