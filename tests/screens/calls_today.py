"""What the desk has of the conversations since the demo began."""

from driver import Driver

from models import cases
from models.cases import CaseLine, CasesListed
from models.jobs.demo import START
from models.unit import Session


def open_cases(desk: Driver, login: str = "sam") -> tuple[CaseLine, ...]:
    """The open cases of somebody, the latest first, but for those that the demo begins with."""
    return _since_the_start(cases.cases_listed(Session(desk.store, login), "mine_open"))


def of_today(desk: Driver, login: str = "sam") -> tuple[CaseLine, ...]:
    """What somebody did today, the latest first, but for that with which the demo begins."""
    return _since_the_start(cases.cases_listed(Session(desk.store, login), "mine_today"))


def _since_the_start(listed: CasesListed) -> tuple[CaseLine, ...]:
    return tuple(case for case in listed.lines if case.opened_at >= START)
