"""The watch on the screen: who may see it does, once as new; Enter leads to a card."""

from datetime import timedelta

from driver import Driver
from screens.alarms import ACTIVE, PAT, overdone
from screens.alarms import SAMS as HELD
from screens.conftest import Demo, SitDown
from store.journals import reactivated

from models import desk as actions
from models import watching
from models.agents import admit
from models.jobs.demo import START
from models.people import PersonGiven
from models.unit import Session
from tui.app import DeskApp
from tui.widgets.bars import Notice


async def test_a_supervisor_is_told_of_a_new_alarm_once(sit_down: SitDown, demo: Demo) -> None:
    """At the start, with the key that shows it; having seen it, Pat is told no more, and Mia still is."""
    overdone(demo.store)
    async with sit_down(login="pat") as desk:
        desk.sees("An alarm is new: Sam, 35 in 7 days (alarms from 33). F11 shows it.")
        await desk.presses("f11")
        desk.sees("Alarms", "● new", "35 in 7 days (alarms from 33), since 21 Nov 2026")
        desk.sees("Own cards, tried and refused", "the address of Pat")
    async with sit_down(login="pat") as desk:
        desk.does_not_see("An alarm is new")
        await desk.presses("f11")
        desk.sees("● stands")
    async with sit_down(login="mia") as desk:
        desk.sees("An alarm is new")


async def test_enter_on_a_card_of_the_watch_opens_it(sit_down: SitDown, demo: Demo) -> None:
    """Back on the desk, with the card that Sam tried for himself."""
    overdone(demo.store)
    (own,) = watching.watch(Session(demo.store, "pat")).own
    async with sit_down(login="pat") as desk:
        await desk.presses("f11", "enter")
        assert desk.beeps == 1
        desk.sees("This line is about no card.")
        await desk.presses("end", "up", "up", "up", "enter")
        assert desk.card_id == own.card_id


async def test_an_agent_is_told_who_may_watch(sit_down: SitDown, demo: Demo) -> None:
    """Nothing of it is shown, at the start or behind the key."""
    overdone(demo.store)
    async with sit_down() as desk:
        desk.does_not_see("alarm")
        await desk.presses("f11")
        desk.sees("An agent may not see the alarms; ask a supervisor, a manager or an auditor.")


async def test_a_desk_without_alarms_says_so(sit_down: SitDown) -> None:
    """Quiet at the start; the page says what there is not."""
    async with sit_down(login="ivy") as desk:
        await desk.presses("f11")
        desk.sees("No alarm stands.", "Nobody tried anything on a card of their own.")


async def test_whoever_sits_at_the_desk_hears_of_what_rises_meanwhile(sit_down: SitDown, demo: Demo) -> None:
    """Every ten minutes it is looked, aside."""
    async with sit_down(login="pat") as desk:
        overdone(demo.store)
        desk.app.look_for_news()
        await desk.settles()
        desk.sees("An alarm is new: Sam")


async def test_who_tries_an_own_card_on_the_screen_is_noted(sit_down: SitDown, demo: Demo) -> None:
    """The key is dimmed and says why; that Sam pressed it is for Pat to see."""
    async with sit_down() as desk:
        assert actions.register(desk.colleague("mia"), HELD, PersonGiven("Kim", "sam@giftdesk.example")).done
        await desk.opens("Suspended, no flag")
        await desk.types("r")
        desk.sees("This is a card of your own: ask a colleague.")
        await desk.settles()
    (own,) = watching.watch(Session(demo.store, "pat")).own
    assert (own.agent, own.card_id, own.action) == ("Sam", HELD, "reactivate")


async def test_what_is_new_stands_before_the_greeting(demo: Demo) -> None:
    """Both are told at the start; what rises later is told alone."""
    overdone(demo.store)
    session = Session(demo.store, "pat")
    app = DeskApp(session, admit(session), greeting="Good morning.")
    async with app.run_test(size=(80, 24)) as pilot:
        desk = Driver(app, demo.store.clock, pilot)  # type: ignore[arg-type]
        await desk.settles()
        assert app.page.query_one(Notice).sentence.endswith("F11 shows it. Good morning.")
        reactivated(demo.store, ACTIVE, PAT, [START - timedelta(minutes=nth) for nth in range(1, 10)])
        app.look_for_news()
        await desk.settles()
        assert app.page.query_one(Notice).sentence == "An alarm is new: Pat, 9 on a day (alarms from 9). F11 shows it."
