"""Importing from Toggle: its three files (cards, balance adjustments, liability), and what their columns mean."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from models.jobs import cells
from models.jobs.importing import bring_in
from models.jobs.plans import ImportReport, Plan, PlannedCard, Steps
from models.jobs.tables import Column, Remark, Remarks, Row, Source, read_table, survey
from models.jobs.toggle_journal import SourceCard, SourceLine, journal_of
from models.people import PersonGiven
from models.rules.errors import RuleError
from models.rules.money import check_currency, format_money
from models.rules.texts import EMAIL, NAME, REFERENCE, check_email
from models.rules.validity import BusinessTime
from models.unit import Session

_CODE_DIGITS: Final = 19
_EXPIRY_MEANING: Final = "The expiry date is the last day itself, inclusive: the balance can be spent until the cut-off in the night after it."

_CARDS: Final = {
    "card": Column(("Card ID",)),
    "created": Column(("Creation Date",)),
    "code": Column(("Card Unique Code", "Toggle Card Unique Number")),
    "alias": Column(("Unique Code Alias",), is_optional=True),
    "product": Column(("Gift Name", "Product Name")),
    "order": Column(("Order ID",), is_optional=True),
    "balance": Column(("Current Balance",)),
    "name": Column(("Recipient Name",), is_optional=True),
    "email": Column(("Recipient Email",), is_optional=True),
    "sold_at": Column(("Sold in site",), is_optional=True),
    "redeemed": Column(("Last redemption date",), is_optional=True),
    "redeemed_at": Column(("Last redemption site",), is_optional=True),
}
_LINES: Final = {
    "card": Column(("Card ID",)),
    "id": Column(("Line Item ID",)),
    "code": Column(("Toggle Card Unique Number", "Card Unique Code")),
    "type": Column(("Line Item Type",)),
    "value": Column(("Value",)),
    "date": Column(("Adjustment Date",)),
    "unit": Column(("Unit",), is_optional=True),
    "merchant": Column(("Merchant",), is_optional=True),
    "order": Column(("Order ID",), is_optional=True),
    "notes": Column(("Notes",), is_optional=True),
    "user": Column(("User",), is_optional=True),
    "reverses": Column(("Reverse Line Item ID",)),
}
_LIABILITY: Final = {
    "card": Column(("Card ID",)),
    "code": Column(("Card Unique Code", "Toggle Card Unique Number")),
    "alias": Column(("Unique Code Alias",), is_optional=True),
    "value": Column(("Value at ",), is_prefix=True),
    "expiry": Column(("Expiry as of ",), is_prefix=True),
}
_TYPES: Final = ("sale", "redemption", "reversal", "breakage")
# The liability file's day, DDMMYY, in a header: Value at 211126 00:00 (UTC).
_VALUED_AT: Final = re.compile(r"\D*(\d\d)(\d\d)(\d\d) (\d\d):(\d\d)\b", re.ASCII)
# When so many codes end like this, they were rounded to the precision of a spreadsheet.
_ROUNDED: Final = "0000"
_FEWEST_ROUNDED: Final = 3


def import_toggle(
    session: Session,
    cards: Path,
    adjustments: Path,
    liability: Path,
    *,
    currency: str,
    is_commit: bool = False,
    control: Mapping[str, int] | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> ImportReport:
    """Bring in Toggle's three files; without a commit only tell what that would do.

    The files name no currency, so it is given; control totals are minor units outstanding by currency. All
    or nothing: while there is any problem or a control total is wrong, a commit changes nothing. Progress is
    told as lines done and lines in all. Raises BadAmount for a currency that does not exist, Fault for
    files that can't be read, Refused for a role that may not import.
    """
    money = check_currency(currency)
    sources = [survey(path) for path in (cards, adjustments, liability)]
    lines = sum(source.lines for source in sources)
    steps = Steps(2 * lines if is_commit else lines, on_progress)
    reading = _Reading(money, session.store.business, session.store.clock.now(), steps, _digest(sources))
    reading.read(*sources)
    return bring_in(session, reading.plan, is_commit=is_commit, control=control, steps=steps)


def _digest(sources: list[Source]) -> bytes:
    return hashlib.sha256(b"toggle" + b"".join(source.digest for source in sources)).digest()


class _Reading:
    """Reads the three files, one after the other, into a plan."""

    def __init__(self, currency: str, business: BusinessTime, now: datetime, steps: Steps, digest: bytes) -> None:
        self._currency = currency
        self._business = business
        self._now = now
        self._steps = steps
        self.plan = Plan("toggle", digest, _EXPIRY_MEANING)
        self._problems = self.plan.problems
        self._cards: dict[str, SourceCard] = {}
        self._line_places: dict[str, int] = {}
        self._valued_at: datetime | None = None
        self._lines_file = ""

    def read(self, cards: Source, adjustments: Source, liability: Source) -> None:
        """Read everything and plan the cards of which nothing is wrong."""
        for source, columns, take in (
            (cards, _CARDS, self._take_card),
            (adjustments, _LINES, self._take_line),
            (liability, _LIABILITY, self._take_expiry),
        ):
            for row in read_table(source, columns, self._problems):
                take(row)
                self._steps.made()
