"""The transactions of a job: each is saved whole or not at all, and asked about when the answer to its end was lost."""

from collections.abc import Callable
from typing import TypeVar

from models.errors import faults, is_of_the_store
from models.store import Store
from models.unit import ask_after, retried

T = TypeVar("T")


def carry_out(store: Store, work: Callable[[], T], is_there: Callable[[], bool], *, aftermath: str, unknown: str) -> T:
    """What comes of work in one transaction, done again where others got in its way.

    Where its end failed, it is asked in another transaction whether what it wrote is there. Raises Fault, which the
    aftermath ends, where nothing was saved, and OutcomeUnknown with a sentence of its own where nobody can be asked.
    """

    def once() -> T:
        is_whole = False
        with faults(store.path, aftermath):
            try:
                with store.database.writing():
                    made = work()
                    is_whole = True
            except Exception as error:
                if not (is_whole and is_of_the_store(error) and ask_after(store, is_there, unknown)):
                    raise
            return made

    return retried(once)
