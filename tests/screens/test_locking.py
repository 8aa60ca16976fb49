"""The lock: who goes away leaves nothing to be seen, and nobody else goes on for them."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from driver import NARROW, WIDE, Driver, at_desk
from screens.conftest import SitDown
from store.counter import PRODUCTS
from store.wishes import LIGHT

from models import credentials
from models import desk as actions
from models.cases import cases_listed
from models.desk import set_password
from models.rules.cases import CaseOutcome
from models.rules.policy import SignIn
from models.rules.roles import Role
from models.store import Store
from models.unit import Session
from models.worklists import DECIDED
from tui.screens.locking import Locked, Switching
from tui.terminal import Profile

VIP = "Expired this morning, VIP"
HORSE = "correct horse battery"
STAPLE = "staple and paper clip"
TEN = timedelta(minutes=10)


@pytest.fixture(autouse=True)
def _light(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hash costs next to nothing here."""
    monkeypatch.setattr(credentials, "COST", LIGHT)


def is_locked(desk: Driver) -> bool:
    return isinstance(desk.app.screen, Locked)


@pytest.mark.parametrize(("size", "profile"), [(NARROW, Profile.FULL), (WIDE, Profile.LEAN), ((40, 10), Profile.ASCII)])
async def test_after_ten_minutes_without_a_key_nothing_is_to_be_seen(
    sit_down: SitDown, size: tuple[int, int], profile: Profile
) -> None:
    """Neither the customer nor the card, nor where one was."""
    async with sit_down(size=size, profile=profile) as desk:
        await desk.opens(VIP)
        await desk.goes_away(TEN - timedelta(seconds=1))
        assert not is_locked(desk)
        await desk.goes_away(timedelta(seconds=1))
        assert is_locked(desk)
        desk.sees("Locked", "Enter Go on")
        desk.does_not_see("Ada", "Northwind", "J773", "card", "50.00")


async def test_a_key_is_a_sign_of_life(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.goes_away(TEN - timedelta(seconds=1))
        await desk.presses("down")
        await desk.goes_away(TEN - timedelta(seconds=1))
        assert not is_locked(desk)


async def test_the_policy_says_after_how_long(sit_down: SitDown) -> None:
    """Read with whatever else is read; 0 is never."""
    async with sit_down() as desk:
        for minutes in (0, 3):
            assert actions.set_policy(desk.colleague("mia"), lock_minutes=minutes).done
            await desk.opens(VIP)
            await desk.goes_away(timedelta(minutes=3) if minutes else timedelta(days=3))
            assert is_locked(desk) is bool(minutes)


async def test_who_has_no_password_is_told_so_and_goes_on_where_they_were(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.opens(VIP)
        await desk.goes_away(TEN)
        desk.sees("Sam has no password, so that anybody can go on here")
        await desk.presses("enter")
        assert not is_locked(desk)
        desk.sees("Ada Lovelace", "Can be reactivated")
        await desk.types("r\r")
        desk.sees("is reactivated")


async def test_a_password_opens_it_and_no_other_one(sit_down: SitDown) -> None:
    """What was typed is not seen, and does not stay in the field."""
    async with sit_down() as desk:
        assert set_password(desk.colleague("mia"), "sam", HORSE).done
        assert set_password(desk.colleague("mia"), "pat", STAPLE).done
        await desk.opens(VIP)
        await desk.goes_away(TEN)
        desk.sees("Password")
        for wrong in (STAPLE, "", "sam"):
            await desk.types(f"{wrong}\r")
            desk.sees("That is not the password.")
            assert is_locked(desk)
        assert desk.beeps == 3
        await desk.types(f"sam\rr\r{HORSE}\r")  # one try; what was typed behind it was meant for the card
        assert is_locked(desk)
        assert desk.beeps == 4
        await desk.types(HORSE)
        desk.does_not_see(HORSE, "correct")
        await desk.presses("enter")
        desk.sees("Ada Lovelace")
        assert desk.app.session.proof is not None


async def test_a_password_set_while_it_is_locked_is_asked_for(sit_down: SitDown) -> None:
    """There was none when it was locked; by then somebody else could sit there."""
    async with sit_down() as desk:
        await desk.goes_away(TEN)
        assert set_password(desk.colleague("mia"), "sam", HORSE).done
        await desk.presses("enter")
        assert is_locked(desk)
        desk.sees("Password", "That is not the password.")
        await desk.types(f"{HORSE}\r")
        assert not is_locked(desk)


@pytest.mark.parametrize("password", [HORSE, ""])
async def test_a_broken_store_is_told_and_nothing_opens(sit_down: SitDown, password: str) -> None:
    """One sentence, on the lock itself; once the store is back it opens."""
    async with sit_down() as desk:
        if password:
            assert set_password(desk.colleague("mia"), "sam", password).done
        await desk.opens(VIP)
        await desk.goes_away(TEN)
        place = Path(str(desk.store.path))
        gone = place.rename(place.with_suffix(".gone"))
        await desk.types(f"{password}\r")
        desk.sees("desk.db cannot be opened.", "Nothing was changed.")
        assert is_locked(desk)
        assert desk.beeps == 1
        desk.does_not_see("Ada")
        gone.rename(place)
        await desk.types(f"{password}\r")
        desk.sees("Ada Lovelace")


async def test_an_open_dialog_is_left_and_nothing_done(sit_down: SitDown) -> None:
    """Whoever comes back decides again."""
    async with sit_down() as desk:
        await desk.opens(VIP)
        await desk.types("r")
        desk.sees("Enter Reactivate")
        await desk.goes_away(TEN)
        desk.does_not_see("Ada", "Enter Reactivate")
        await desk.presses("enter")
        desk.sees("Ada Lovelace", "EXPIRED")
        desk.does_not_see("Enter Reactivate")


async def test_what_is_typed_at_the_lock_goes_nowhere_else(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        assert set_password(desk.colleague("mia"), "sam", HORSE).done
        await desk.opens(VIP)
        before = len(desk.sheet.activities)
        await desk.goes_away(TEN)
        await desk.types("r\r")
        await desk.presses("f6", "f7", "f12", "ctrl+p", "f1", "escape", "f3")
        assert is_locked(desk)
        await desk.types(f"{HORSE}\r")
        assert len(desk.sheet.activities) == before
        desk.sees("Ada Lovelace")


async def test_what_was_typed_ahead_is_forgotten(sit_down: SitDown) -> None:
    """It was meant for the card that is covered."""
    async with sit_down() as desk:
        await desk.opens(VIP)
        desk.at_once("\x1b[24~\x1b[F\rr\r")
        await desk.settles()
        assert is_locked(desk)
        await desk.presses("enter")
        desk.sees("EXPIRED")


async def test_a_write_under_way_is_finished_first(sit_down: SitDown) -> None:
    """And its outcome is told once somebody is back."""
    saved, door = [], Event()

    def save() -> None:
        assert door.wait(20)
        saved.append("saved")

    async with sit_down() as desk:
        desk.app.ask("Saving", save, lambda _: desk.app.tell("It is saved.", "done"), can_be_left=False)
        desk.clock.tick(TEN)
        desk.desk.tick()
        assert not is_locked(desk)
        door.set()
        await desk.settles()
        desk.desk.tick()
        await desk.settles()
        assert is_locked(desk)
        assert saved
        desk.does_not_see("It is saved.")
        await desk.presses("enter")
        desk.sees("It is saved.")


async def test_what_ends_behind_the_lock_does_not_lift_it(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.goes_away(TEN)
        desk.app.aside("elsewhere", lambda: None, lambda _: desk.app.pop_screen())
        await desk.settles()
        assert is_locked(desk)


async def test_ctrl_q_leaves_a_locked_desk(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.goes_away(TEN)
        desk.at_once("\x11")
        await desk.pilot.pause()
        assert desk.app.return_code == 0


async def test_a_page_with_something_typed_is_covered_and_keeps_it(sit_down: SitDown) -> None:
    async with sit_down(login="mia") as desk:
        await desk.presses("f6")
        await desk.types("nsummer")
        await desk.goes_away(TEN)
        desk.does_not_see("summer", "product")
        await desk.presses("enter")
        desk.sees("summer")


# F12 at a desk that is no sandbox.


@pytest.fixture
def earnest(make_store: Callable[..., Store]) -> Store:
    """A desk of Mia's that is no sandbox."""
    store = make_store(is_sandbox=False)
    assert set_password(Session(store, "mia"), "mia", HORSE).done
    return store


@pytest.mark.parametrize("keys", [["f12"], ["f6", "f12"], ["f1", "f12"], ["ctrl+p", "f12"], ["f6", "n", "f12"]])
async def test_f12_locks_wherever_one_is(earnest: Store, keys: list[str]) -> None:
    async with at_desk(earnest, login="mia") as desk:
        await desk.presses(*keys)
        assert is_locked(desk)
        await desk.types(f"{HORSE}\r")
        assert not is_locked(desk)


async def test_a_session_goes_on_when_the_desk_begins_to_ask(earnest: Store) -> None:
    """Unlocked by a password it rests on that one."""
    async with at_desk(earnest, login="mia") as mia:
        await mia.presses("f12")
        await mia.types(f"{HORSE}\r")
        assert actions.set_policy(mia.colleague("mia"), sign_in=SignIn.PASSWORD).done
        await mia.presses("f6")
        mia.sees("products")


async def test_the_case_of_who_unlocked_is_left_as_ever(earnest: Store) -> None:
    """It was opened before a password was asked for: the next card's and the end of the day close it all the same."""
    session = Session(earnest, "mia")
    assert actions.set_product(session, "half", name="Half", rules=PRODUCTS["half"]).done
    codes = [actions.issue(session, "half", 5000).hand_out for _ in range(2)]
    async with at_desk(earnest, login="mia") as mia:
        await mia.types(f"{codes[0]}\r")
        await mia.presses("f12")
        await mia.types(f"{HORSE}\r")
        present = mia.app.session
        assert actions.set_policy(present, sign_in=SignIn.PASSWORD).done
        await mia.types(f"/{codes[1]}\r")
        mia.does_not_see("No case is kept")
        assert [case.outcome for case in cases_listed(present, "mine_today").lines] == [None, CaseOutcome.LOOKED_AT]
    assert not cases_listed(present, "mine_open").lines


# F12 in a sandbox.


async def test_f12_in_the_demo_changes_who_works_here(sit_down: SitDown) -> None:
    """The open card stays, and what can be done with it is judged anew."""
    async with sit_down() as desk:
        await desk.opens(VIP)
        await desk.types("s")
        desk.sees("An agent may not suspend cards")
        await desk.presses("f12")
        desk.sees("Who works here", "Sam an agent", "Pat a supervisor", "Olu Payments Support", "Lock the screen")
        await desk.presses("enter")
        assert (desk.app.session.login, desk.app.agent.role) == ("pat", Role.SUPERVISOR)
        desk.sees("Pat · supervisor", "You are Pat now, a supervisor.", "Ada Lovelace")
        await desk.types("sStolen\r")
        desk.sees("is suspended")
        assert desk.sheet.activities[0].actor == "Pat"


async def test_who_sits_down_has_a_case_of_their_own(sit_down: SitDown) -> None:
    """Sam's is left by Sam."""
    async with sit_down() as desk:
        await desk.opens(VIP)
        before = desk.desk.case
        await desk.presses("f12", "enter")
        after = desk.desk.case
        assert before is not None
        assert after is not None
        assert (before.agent, after.agent, after.id) == ("Sam", "Pat", before.id + 1)
        assert before.id not in {line.id for line in cases_listed(desk.app.session, "open").lines}


@pytest.mark.parametrize("keys", [(), ("enter",), ("enter", "enter")], ids=["lists", "cards", "card"])
async def test_who_sits_down_sees_their_own_lists(sit_down: SitDown, keys: tuple[str, ...]) -> None:
    """What became of Sam's requests is on Sam's list and not on Olu's, wherever on the way F12 is pressed."""
    async with sit_down() as desk:
        assert actions.refuse_approval(desk.colleague("pat"), 1, "no").done
        await desk.presses("f7", "end", *keys, "f12")
        await desk.presses(*["down"] * names(desk).index("Olu"), "enter")
        desk.sees("You are Olu now, Payments Support.")
        if len(keys) == 2:
            await desk.presses("escape")
        if keys:
            desk.sees("No approval was decided about in the last 7 days.")
        else:
            assert [each.count for each in desk.desk.worklists or () if each.worklist is DECIDED] == [0]
        desk.does_not_see("refused by Pat")


async def test_an_auditor_finds_every_key_dimmed(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.opens(VIP)
        await desk.presses("f12")
        await desk.presses(*["down"] * names(desk).index("Ivy"), "enter")
        desk.sees("Ivy · auditor")
        assert desk.desk.refusal("card.reactivate") is not None
        await desk.types("r")
        desk.sees("An auditor may not reactivate cards")


def names(desk: Driver) -> list[str]:
    """Who is listed, from the cursor on."""
    assert isinstance(desk.app.screen, Switching)
    people = desk.app.screen.people
    return [row.name for row in people.items[people.cursor :]]


async def test_esc_leaves_who_works_here(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        for key in ("escape", "f12"):
            await desk.presses("f12", key)
            assert desk.app.session.login == "sam"
            assert not isinstance(desk.app.screen, Switching)


async def test_the_screen_is_locked_from_the_same_list(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.presses("f12", "end", "enter")
        assert is_locked(desk)


async def test_a_page_with_something_typed_asks_before_somebody_else_sits_down(sit_down: SitDown) -> None:
    async with sit_down(login="mia") as desk:
        await desk.presses("f6")
        await desk.types("nsummer")
        await desk.presses("f12")
        desk.sees("What you typed here is not saved.")
        await desk.presses("right", "enter")
        desk.sees("Who works here")
