"""The dialogs and pages that lie on the desk: each module is imported when something of it is first used."""

from importlib import import_module
from typing import TYPE_CHECKING, Final

from tui.later import Later

if TYPE_CHECKING:
    from tui.screens import approval_decisions as approval_decisions
    from tui.screens import decisions as decisions
    from tui.screens import escalation_decisions as escalation_decisions
    from tui.screens import form as form
    from tui.screens import help as help
    from tui.screens import intake as intake
    from tui.screens import jump as jump
    from tui.screens import locking as locking
    from tui.screens import palette as palette
    from tui.screens import people_decisions as people_decisions
    from tui.screens import purchases as purchases
    from tui.screens import reminder_decisions as reminder_decisions
    from tui.widgets import asking as asking
else:
    approval_decisions = Later("tui.screens.approval_decisions")
    decisions = Later("tui.screens.decisions")
    escalation_decisions = Later("tui.screens.escalation_decisions")
    form = Later("tui.screens.form")
    help = Later("tui.screens.help")
    intake = Later("tui.screens.intake")
    jump = Later("tui.screens.jump")
    locking = Later("tui.screens.locking")
    palette = Later("tui.screens.palette")
    people_decisions = Later("tui.screens.people_decisions")
    purchases = Later("tui.screens.purchases")
    reminder_decisions = Later("tui.screens.reminder_decisions")
    asking = Later("tui.widgets.asking")

_MOST_LIKELY: Final = (
    "models.rules.queries",
    "models.lookups",
    "models.worklists",
    "models.sheets",
    "models.histories",
    "tui.telling",
    "tui.hand_overs",
    "tui.case_drawing",
    "tui.conversation",
    "tui.widgets.card_parts",
    "tui.widgets.history",
    "tui.widgets.scrolling",
    "tui.screens.decisions",
)
"""What nearly everybody does first needs these: type, find a code, look at its card, and begin a dialog."""


def import_most_likely() -> None:
    """Import these while nobody waits for anything."""
    for name in _MOST_LIKELY:
        import_module(name)
