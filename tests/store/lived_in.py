"""A desk at which so much was done that no table of it is empty."""

from pathlib import Path

from store.counter import Counter
from store.test_every_role import DEEDS

from models import desk
from models.engine import DeskDatabase
from models.moving.ends import end_of
from models.moving.freight import Row, freight
from models.rules.roles import Action

_ENOUGH = (
    Action.SET_ORGANISATION,
    Action.RAISE_FLAG,
    Action.ESCALATE,
    Action.SET_TEMPLATE,
    Action.SET_PASSWORD,
    Action.REPLY,
    Action.SETTLE_REMINDER,
    Action.IMPORT,
    Action.REMOVE_PERSON,
    Action.MERGE_PEOPLE,
    Action.APPROVE,
    Action.RAISE_QUOTA,
    Action.RESTRICT,
    Action.SETTLE_LETTER,
    Action.LIFT_LOOKUPS,
    Action.BULK,
)


def live_in(counter: Counter, folder: Path) -> None:
    """Let Mia do a deed of each kind, a day each."""
    ada = desk.PersonGiven("Ada Lovelace", "ada@example.org")
    card = counter.issued(recipient=ada)
    assert desk.redeem(counter.mia, card, 1250, order_ref="A-7", intent="spent in Leeds").done
    case = desk.open_case(counter.mia, card).facts["case"]
    assert desk.add_to_case(counter.mia, int(case), "She called twice").done
    for action in _ENOUGH:
        counter.wait(days=1)
        deed = DEEDS[action]
        deed.does(counter.mia, deed.ready(counter), folder)


def all_rows(database: DeskDatabase) -> dict[str, list[Row]]:
    """Everything that goes along when a desk moves, table by table."""
    end = end_of(database)
    with end.ready():
        return {crate.name: end.page(crate, None, most=100_000) for crate in freight()}
