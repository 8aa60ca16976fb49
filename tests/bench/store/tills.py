"""How long a till waits: redemptions in a process of its own, one after the other, while something else goes on."""

import multiprocessing
import time
from collections.abc import Callable, Sequence
from datetime import timedelta

from models import desk
from models.clock import FixedClock
from models.jobs.sample_lives import END
from models.locations import Place
from models.store import open_store
from models.unit import Session

LATER = timedelta(days=140)
"""After the sample's end: by then about 100,000 of a million balances have stopped."""
_PAUSE = 0.005


def at_the_till(place: Place, cards: Sequence[int], settle: float, meanwhile: Callable[[], object]) -> list[float]:
    """Milliseconds of each redemption; what goes on begins when the till has been at work for some seconds."""
    context = multiprocessing.get_context("spawn")
    is_over, begun, answers = context.Event(), context.Event(), context.Queue()
    till = context.Process(target=_redeem, args=(place, cards, is_over, begun, answers))
    till.start()
    begun.wait()
    time.sleep(settle)
    meanwhile()
    is_over.set()
    taken: list[float] = answers.get()
    till.join()
    return taken[len(taken) // 50 :]


def _redeem(
    place: Place,
    cards: Sequence[int],
    is_over: "multiprocessing.synchronize.Event",
    begun: "multiprocessing.synchronize.Event",
    answers: "multiprocessing.Queue[list[float]]",
) -> None:
    """Redeem a little on one card after the other until somebody says that it is over."""
    store = open_store(place, FixedClock(END + LATER))
    session, taken = Session(store, "sam"), []
    with store.database.connected():
        for number, card in enumerate(cards):
            started = time.perf_counter()
            desk.redeem(session, card, 1, intent=f"bench-{time.time_ns()}-{number}")
            taken.append((time.perf_counter() - started) * 1000)
            begun.set()
            if is_over.is_set():
                break
            time.sleep(_PAUSE)
    answers.put(taken)
