"""The screens at a desk on a server: the same keys, and a sentence when the server is gone."""

import pytest
from driver import at_desk

from models import desk as actions
from models.rules.validity import Period, ValidityRules
from models.store import Store
from models.unit import Session

ENGINES = ("server",)


async def test_a_card_is_found_noted_and_put_on_hold(store: Store) -> None:
    """The agent works as on any other desk, and everything adds up afterwards."""
    mia = Session(store, "mia")
    assert actions.set_product(mia, "half", name="Half year", rules=ValidityRules(period=Period(6, "months"))).done
    code = actions.issue(mia, "half", 5000, recipient=actions.PersonGiven("Lin", "lin@example.org")).hand_out
    assert code is not None
    async with at_desk(store, login="mia") as desk:
        await desk.types(f"{code}\r")
        desk.sees("The card works: 50.00 GBP", "Lin")
        await desk.presses("n")
        await desk.types("called about her card\r")
        desk.sees("has your note.")
        await desk.presses("s")
        await desk.types("stolen\r")
        desk.sees("SUSPENDED")


async def test_a_server_that_is_gone_is_told_and_the_screen_stays(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing was changed, says the sentence; what was typed is still there when the server is back."""
    mia = Session(store, "mia")
    assert actions.set_product(mia, "half", rules=ValidityRules(period=Period(6, "months"))).done
    code = actions.issue(mia, "half", 5000).hand_out
    async with at_desk(store, login="mia") as desk:
        await desk.types(f"{code}\r")
        with monkeypatch.context() as patch:
            patch.setattr(type(store.database), "_connect", _nobody_answers)
            await desk.presses("n")
            await desk.types("called\r")
            desk.sees("can't be reached", "lost")
        await desk.presses("enter")
        desk.sees("has your note.")


def _nobody_answers(_database: object) -> None:
    import psycopg

    raise psycopg.OperationalError("connection refused")
