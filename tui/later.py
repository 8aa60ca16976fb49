"""What the screens ask for once somebody works with them: each module is imported when something of it is first used.

The start pays for none of it. Whatever stands on the way to the first screen takes these modules from here, and names
their types for the type checker only; what one function alone needs, that function imports. A module stands here
twice, for the type checker and for whoever runs it: a test holds that both are told of the same one.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any


class Later:
    """A module that is imported once something of it is asked for."""

    def __init__(self, name: str) -> None:
        """Name the module."""
        self._name = name

    def __getattr__(self, name: str) -> Any:
        """What the module calls so."""
        return getattr(import_module(self._name), name)


def imported(where: str) -> Any:
    """What is called 'module:name', imported when it is asked for."""
    module, name = where.split(":")
    return getattr(import_module(module), name)


if TYPE_CHECKING:
    from models import card_lines as card_lines
    from models import cases as cases
    from models import desk as desk
    from models import directory as directory
    from models import fates as fates
    from models import finding as finding
    from models import handing_over as handing_over
    from models import histories as histories
    from models import holdings as holdings
    from models import lookups as lookups
    from models import outbox as outbox
    from models import packets as packets
    from models import reminding as reminding
    from models import replying as replying
    from models import sheets as sheets
    from models import unit as unit
    from models import watching as watching
    from models import worklists as worklists
    from models.rules import escalations as escalations
    from models.rules import facts as facts
    from models.rules import instants as instants
    from models.rules import intakes as intakes
    from models.rules import lookups as _lookup_rules
    from models.rules import money as money
    from models.rules import queries as queries
    from models.rules import reminders as reminders
    from models.rules import status as status
    from models.rules import wording as wording
    from tui import case_drawing as case_drawing
    from tui import conversation as conversation
    from tui import hand_overs as hand_overs
    from tui import telling as telling

    lookup_rules = _lookup_rules
else:
    card_lines = Later("models.card_lines")
    cases = Later("models.cases")
    desk = Later("models.desk")
    directory = Later("models.directory")
    fates = Later("models.fates")
    finding = Later("models.finding")
    handing_over = Later("models.handing_over")
    histories = Later("models.histories")
    holdings = Later("models.holdings")
    lookups = Later("models.lookups")
    outbox = Later("models.outbox")
    packets = Later("models.packets")
    reminding = Later("models.reminding")
    replying = Later("models.replying")
    sheets = Later("models.sheets")
    unit = Later("models.unit")
    watching = Later("models.watching")
    worklists = Later("models.worklists")
    escalations = Later("models.rules.escalations")
    facts = Later("models.rules.facts")
    instants = Later("models.rules.instants")
    intakes = Later("models.rules.intakes")
    lookup_rules = Later("models.rules.lookups")
    money = Later("models.rules.money")
    queries = Later("models.rules.queries")
    reminders = Later("models.rules.reminders")
    status = Later("models.rules.status")
    wording = Later("models.rules.wording")
    case_drawing = Later("tui.case_drawing")
    conversation = Later("tui.conversation")
    hand_overs = Later("tui.hand_overs")
    telling = Later("tui.telling")
