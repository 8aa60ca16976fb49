"""Stories of codes that no card answers to which both engines tell in every run: let on, and twelve at one moment."""

from functools import partial

from store.counter import BOTH, Counter
from store.crew import SIZE, Crew, Job
from store.guesses import code_of, misses

from models import desk
from models.lookups import look_up, record_miss
from models.rules.lookups import STOP_AT, Pace
from models.schema import Audit, LookupMiss

ENGINES = BOTH


def test_a_colleague_lets_sam_look_again(counter: Counter) -> None:
    """What Sam missed until then counts no more; the audit says who did it, and why."""
    code = code_of(counter)
    misses(counter.sam, STOP_AT)
    counter.wait(minutes=1)
    assert look_up(counter.sam, code).is_refused
    assert desk.lift_lookups(counter.sue, "sam", "a worn card", ref="T-7").sentence == "sam may look for codes again."
    assert look_up(counter.sam, code).is_exact
    assert counter.clock.waited_seconds == 0
    again = desk.lift_lookups(counter.sue, "sam", "once more")
    assert (again.done, again.sentence) == (False, "sam may look for codes: there is nothing to lift.")
    counter.wait(minutes=1)
    assert misses(counter.sam, STOP_AT)[-1] is Pace.STOPPED
    with counter.store.database.reading():
        rows = [(row.action, row.reason, row.actor_name) for row in Audit.select().where(Audit.subject == "lookups:3")]
    assert rows == [("stop", None, "Sam"), ("lift", "a worn card, T-7", "Sue"), ("stop", None, "Sam")]
    assert not counter.findings()


def test_twelve_processes_of_one_agent_are_stopped_once(crew: Crew, counter: Counter) -> None:
    """Two dozen different misses at one moment: none is lost, one of them stops."""
    job = partial(Job, counter.store.path, "sam", counter.clock.now(), record_miss)
    told = [
        pace for turn in range(2) for pace in crew.at_once([job((f"7777 {turn}{seat:03}",)) for seat in range(SIZE)])
    ]
    assert sorted(filter(None, told)) == [Pace.SLOW, Pace.STOPPED]
    with counter.store.database.reading():
        assert LookupMiss.select().count() == 2 * SIZE
        assert Audit.select().where(Audit.subject == "lookups:3").count() == 1
    assert not counter.findings()


def test_twelve_processes_that_miss_the_same_code_miss_it_once(crew: Crew, counter: Counter) -> None:
    crew.at_once([Job(counter.store.path, "sam", counter.clock.now(), record_miss, ("GIFT 7777",))] * SIZE)
    with counter.store.database.reading():
        assert LookupMiss.select().count() == 1
