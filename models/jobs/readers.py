"""What every reader of an import's files stands on: the plan that it fills, and the desk for which it reads."""

from models.jobs.cells import CellReader
from models.jobs.codebook import CodeBook
from models.jobs.plans import Plan
from models.jobs.steps import Steps
from models.store import Store


class Reader:
    """Reads files into a plan, which also takes what is wrong with them."""

    def __init__(self, plan: Plan, store: Store, steps: Steps) -> None:
        """Read into a plan for a store; instants after its clock's are refused."""
        self._plan = plan
        self._keys = store.keys
        self._business = store.business
        self._now = store.clock.now()
        self._steps = steps
        self._problems = plan.problems
        self._cells = CellReader(plan.problems, plan.warnings)
        self._codes = CodeBook(plan.problems)

    def _check_codes(self, file: str) -> None:
        """Check the codes when all are read."""
        self._codes.check(file)
        self._plan.has_codes_like_ours = self._codes.has_codes_like_ours
        self._plan.has_codes_of_letters = self._codes.has_codes_of_letters
