"""Importing from Toggle: three files, brought in together or not at all."""

import hashlib
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from models.jobs.importing import bring_in
from models.jobs.plans import ImportReport, Plan
from models.jobs.steps import Steps
from models.jobs.tables import Source, survey
from models.jobs.toggle_files import ToggleReader
from models.rules.money import check_currency
from models.unit import Session

_EXPIRY_MEANING: Final = (
    "The expiry date is the last day itself, inclusive: the balance can be spent until the cut-off in the night "
    "after it."
)


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
    is_stopped: Callable[[], bool] | None = None,
) -> ImportReport:
    """Bring in Toggle's three files; without a commit only tell what that would do.

    The files name no currency, so it is given; control totals are minor units outstanding by currency. All
    or nothing: while there is any problem or a control total is wrong, a commit changes nothing. Progress is
    told as lines done and lines in all. Raises BadAmount for a currency that does not exist, Fault for
    files that can't be read, Refused for a role that may not import.
    """
    money = check_currency(currency)
    sources = [survey(path) for path in (cards, adjustments, liability)]
    steps = Steps(sum(source.lines for source in sources), on_progress, is_stopped, is_commit=is_commit)
    plan = Plan("toggle", _digest(sources, money), _EXPIRY_MEANING)
    reader = ToggleReader(plan, money, session.store, steps)
    return bring_in(session, plan, partial(reader.read, *sources), is_commit=is_commit, control=control, steps=steps)


def _digest(sources: list[Source], currency: str) -> bytes:
    return hashlib.sha256(b"toggle" + currency.encode() + b"".join(source.digest for source in sources)).digest()
