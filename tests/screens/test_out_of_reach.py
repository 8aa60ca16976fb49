"""The database is out of reach for a while: what is shown stays and is marked, and the desk comes back by itself."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from driver import Driver
from screens.conftest import SitDown

from models import desk as actions
from models.errors import OutcomeUnknown, Unreached
from models.pending import noted

pytestmark = pytest.mark.usefixtures("hurried")

ACTIVE = "Active: confirm"
LOST = "The desk can't be reached. Nothing was changed."
MARK = "as of 14:02: no database"
BACK = "The database answers again."


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether the database is back is asked at once, and again."""
    monkeypatch.setattr("tui.reaching._ASK_AGAIN_SECONDS", (0.01, 0.02))


@contextmanager
def out_of_reach(desk: Driver) -> Iterator[None]:
    """Nobody gets a connection."""
    database = desk.store.database

    def refused() -> None:
        raise Unreached(LOST)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "_connect", refused)
        yield


async def test_what_is_shown_stays_and_is_marked(sit_down: SitDown) -> None:
    """The card is there to be read, from before; a colleague's note comes by itself once the database is back."""
    async with sit_down() as desk:
        await desk.opens(ACTIVE)
        card = desk.card_id
        with out_of_reach(desk):
            await desk.presses("f5")
            await desk.expects(MARK)
            desk.sees(LOST, "ACTIVE 73 days left", "History ──")
            await desk.presses("a")
        assert actions.note(desk.colleague("mia"), card, "Called again").done
        await desk.misses(MARK)
        await desk.expects("Called again")
        await desk.expects(BACK)


async def test_what_was_typed_stands_until_it_can_be_saved(sit_down: SitDown) -> None:
    """The dialog says that nothing was changed; the same Enter saves it later, once."""
    async with sit_down() as desk:
        await desk.opens(ACTIVE)
        await desk.presses("n")
        with out_of_reach(desk):
            await desk.types("It said card not valid\r")
            await desk.expects(MARK)
            desk.sees(LOST, "It said card not valid", "Esc Leave it")
        await desk.misses(MARK)
        desk.sees("It said card not valid", "Esc Leave it")
        await desk.presses("enter")
        desk.sees("has your note.")


async def test_a_page_that_is_opened_meanwhile_is_marked_and_filled(sit_down: SitDown) -> None:
    """It has nothing to show at first."""
    async with sit_down(login="mia") as desk:
        with out_of_reach(desk):
            await desk.presses("f6")
            await desk.expects(MARK)
            desk.does_not_see("Classic 50")
        await desk.misses(MARK)
        await desk.expects("Classic 50")


async def test_what_became_of_a_change_is_told_when_it_can_be_asked(
    sit_down: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its answer was lost together with the database, which says later that it never came."""
    async with sit_down() as desk:
        await desk.opens(ACTIVE)
        await desk.presses("n")
        path = desk.store.path

        def lost(*_given: object, **_options: object) -> None:
            with noted(path, "lost", "note"):
                raise OutcomeUnknown("The answer to the last change was lost.")

        monkeypatch.setattr("models.desk.note", lost)
        with out_of_reach(desk):
            await desk.types("It said card not valid\r")
            desk.sees("The answer to the last change was lost.")
        await desk.expects("This desk was cut off during 'note'. It was not carried out, and nothing was changed.")
