"""Bulk work: the same done to many cards, seen before, approved where it must be, resumed, and undone."""

from models.bulks.beginning import begin_bulk, preview
from models.bulks.carrying import carry_out as resume_bulk
from models.bulks.carrying import report
from models.bulks.deciding import approve_bulk, refuse_bulk, withdraw_bulk
from models.bulks.facts import (
    BrokenOff,
    Bulk,
    BulkPreview,
    BulkReport,
    BulkState,
    ByFile,
    BySearch,
    Money,
    Selection,
    Skipped,
)
from models.bulks.listing import CardsOf, bulk_numbered, bulks, cards_of
from models.bulks.telling import rows_of, what_of
from models.bulks.undoing import preview_undo, undo_bulk
from models.rules.bulk_texts import read_wish

__all__ = [
    "BrokenOff",
    "Bulk",
    "BulkPreview",
    "BulkReport",
    "BulkState",
    "ByFile",
    "BySearch",
    "CardsOf",
    "Money",
    "Selection",
    "Skipped",
    "approve_bulk",
    "begin_bulk",
    "bulk_numbered",
    "bulks",
    "cards_of",
    "preview",
    "preview_undo",
    "read_wish",
    "refuse_bulk",
    "report",
    "resume_bulk",
    "rows_of",
    "undo_bulk",
    "what_of",
    "withdraw_bulk",
]
