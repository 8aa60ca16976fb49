"""What may be wrong with a desk and the computer around it, each finding with its cure. Changes nothing."""

from collections.abc import Callable

from models.accounts import MailAccount
from models.clock import Clock
from models.doctor.computer import look_at_computer
from models.doctor.desk import look_at_desk
from models.doctor.files import look_at_files, look_at_key
from models.doctor.findings import Finding, Health
from models.doctor.mail import look_at_mail
from models.doctor.terminal import TerminalFacts, look_at_terminal
from models.locations import Place
from models.settings import settings_file

__all__ = ["Finding", "Health", "TerminalFacts", "examine"]


def examine(
    place: Place | None,
    terminal: TerminalFacts,
    clock: Clock | None = None,
    *,
    settings_fault: str | None = None,
    mail: MailAccount | None = None,
    is_deep: bool = False,
    on_progress: Callable[[int, int], None] | None = None,
) -> tuple[Finding, ...]:
    """Look at everything, whatever is broken; in the order in which it is best mended.

    No place is looked at when the settings, which would name it, can't be followed. Deep, every seal is checked.
    """
    around = (*look_at_computer(str(settings_file()), settings_fault), *look_at_terminal(terminal))
    if place is None:
        return around
    desk = look_at_desk(place, clock, has_mail=mail is not None, is_deep=is_deep, on_progress=on_progress)
    return (*around, *look_at_mail(mail), *look_at_files(place), *look_at_key(place), *desk)
