"""Importing a table of cards from anywhere, by a mapping that says what its columns mean."""

import hashlib
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from models.errors import Fault
from models.exits import BAD_INPUT
from models.jobs.importing import bring_in
from models.jobs.mapped_cards import MappedReader
from models.jobs.mapping import Mapping as ColumnMapping
from models.jobs.plans import ImportReport, Plan
from models.jobs.steps import Steps
from models.jobs.tables import survey
from models.rules.money import check_currency
from models.unit import Session


def import_mapped(
    session: Session,
    path: Path,
    mapping: ColumnMapping,
    *,
    currency: str | None = None,
    redemptions: Path | None = None,
    is_commit: bool = False,
    control: Mapping[str, int] | None = None,
    on_progress: Callable[[int, int], None] | None = None,
    is_stopped: Callable[[], bool] | None = None,
) -> ImportReport:
    """Bring in a table by a mapping; without a commit only tell what that would do.

    The currency is for cells that tell none; redemptions are a second table, of what was spent of each card.
    Control totals are minor units outstanding by currency. Raises BadAmount for a currency that does not exist, Fault
    for a file that can't be read or a mapping that brings no cards, Refused for a role that may not import.
    """
    money = None if currency is None else check_currency(currency)
    if mapping.brings != "cards":
        raise Fault(f"The mapping {mapping.name} brings no cards. Nothing was changed.", BAD_INPUT)
    if redemptions is not None and mapping.redemptions is None:
        raise Fault(f"The mapping {mapping.name} tells nothing of redemptions. Nothing was changed.", BAD_INPUT)
    sources = [survey(each) for each in (path, redemptions) if each is not None]
    steps = Steps(sum(source.lines for source in sources), on_progress, is_stopped, is_commit=is_commit)
    read_as = f"csv {money}\n{mapping.text}".encode()
    plan = Plan(
        mapping.name,
        hashlib.sha256(read_as + b"".join(source.digest for source in sources)).digest(),
        mapping.expiry_meaning,
    )
    reader = MappedReader(plan, mapping, money or mapping.currency, session.store, steps)
    return bring_in(session, plan, partial(reader.read, *sources), is_commit=is_commit, control=control, steps=steps)
