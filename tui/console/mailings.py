"""What the runs that send e-mails share at the command line: what they tell, and the list of those nobody settled."""

from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from models.exits import BUSY
from models.jobs.delivery import DeliveryReport
from models.rules.reminders import Addressee
from models.rules.validity import BusinessTime
from models.rules.wording import plural
from tui.console.output import complain, local, say, say_json, say_table
from tui.console.stopping import STOPPED

Line = TypeVar("Line")


@dataclass(frozen=True, slots=True)
class Mailing:
    """What is sent, and how sentences speak of it."""

    noun: str
    """One of them: e-mail, reminder."""
    still: str
    """What those are that were left: waiting, due."""
    listing: str
    """The command that lists those nobody settled."""

    @property
    def somebody(self) -> str:
        """That a person must decide about some."""
        return f"somebody must decide. See: {self.listing}"

    def complain_of(self, report: DeliveryReport) -> None:
        """Say what did not go as it should, if anything."""
        if report.waiting and report.why_stopped is None:
            complain(f"{plural(report.waiting, self.noun)} not taken for now; a later run tries again.")
        if report.refused or report.unknown:
            refused = f"{report.refused:,} refused by the mail server"
            complain(f"{refused}, {report.unknown:,} of unknown outcome: {self.somebody}")

    def complain_of_left_behind(self, count: int) -> None:
        """Say how many an earlier run has left behind, so that one that was killed does not go unnoticed."""
        if count > 0:
            complain(f"{plural(count, self.noun)} of unknown outcome from before: {self.somebody}")

    def end(self, report: DeliveryReport) -> int:
        """Say why a run ended before its end, if it did; its exit code."""
        left = plural((report.left or 0) + (report.waiting if report.why_stopped else 0), self.noun)
        if report.why_stopped is not None:
            complain(f"{report.why_stopped} Still {self.still}: {left}; try again later.")
            return BUSY
        if report.left is not None:
            complain(f"Stopped with {left} left. What was sent is recorded; run it again for the rest.")
            return STOPPED
        return 0

    def tell(
        self,
        asked: Namespace,
        lines: Sequence[Line],
        cells: Callable[[Line], tuple[str, ...]],
        as_json: Callable[[Line], dict[str, Any]],
    ) -> int:
        """Print those that wait for a person or for another try; the exit code."""
        if asked.json:
            say_json([as_json(line) for line in lines])
        elif lines:
            say_table([cells(line) for line in lines])
        else:
            say(f"No {self.noun} waits for anybody.")
        return 0


def person(addressee: Addressee) -> str:
    """Whom an e-mail goes to: name and address, as far as they are known."""
    return ", ".join(part for part in (addressee.name, addressee.email) if part)


def fate(addressee: Addressee, said: str | None, next_try_at: datetime | None, at: str, business: BusinessTime) -> str:
    """Whom an e-mail goes to, what the mail server said, and when it is tried again; else when it was."""
    when = at if next_try_at is None else f"not before {local(next_try_at, business)}"
    return "; ".join(filter(None, (person(addressee), said, when)))
