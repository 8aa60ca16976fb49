"""Random histories of a desk, compared step by step with plain arithmetic.

The default run takes 40 histories of 50 steps on files and 8 on a server. The long proof takes 10,000 and 500, or as
many as are asked for:

    pytest tests/store/test_machine.py -m slow -n 2
    GIFTDESK_HISTORIES=50000 pytest tests/store/test_machine.py -m slow -n 2 -k file

A failure prints the steps as a program, and a line `@reproduce_failure(...)`: put it above `class Desk` in
machine.py to run that one history again. `--hypothesis-seed=N` repeats a whole run; failures are kept in .hypothesis
as well.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from store.circumstances import PRODUCTS
from store.counter import BOTH, NOON, ServedDesks, chosen_key, copy_desk, furnish
from store.machine import Desk

from models import desk
from models.clock import FixedClock
from models.locations import Place
from models.store import open_store
from models.unit import Session

ZONES = ("Europe/Athens", "Europe/London")
ENGINES = BOTH
DEFAULT_HISTORIES = {"file": 40, "server": 8}
LONG_HISTORIES = {
    engine: int(os.environ.get("GIFTDESK_HISTORIES", many)) for engine, many in (("file", 10_000), ("server", 500))
}


def set_products(place: Place) -> None:
    agent = Session(open_store(place, FixedClock(NOON)), "mia")
    for code, (rules, _) in PRODUCTS.items():
        assert desk.set_product(agent, code, rules=rules).done


@contextmanager
def copies_of_a_file(folder: Path, zone: str) -> Iterator[Callable[[], AbstractContextManager[Place]]]:
    """A function that makes a desk in a zone, over and over."""

    @contextmanager
    def a_copy() -> Iterator[Place]:
        with tempfile.TemporaryDirectory(dir=folder) as own:
            yield copy_desk(furnished, Path(own))

    with tempfile.TemporaryDirectory(dir=folder) as original:
        furnished = furnish(Path(original) / "desk.db", zone)
        set_products(furnished)
        yield a_copy


@contextmanager
def copies_on_a_server(served: ServedDesks, zone: str) -> Iterator[Callable[[], AbstractContextManager[Place]]]:
    """The same, in databases of a server."""
    server = served.server

    @contextmanager
    def a_copy() -> Iterator[Place]:
        name = server.new_database(furnished)
        yield served.place(name)
        server.drop(name)

    furnished = served.new_copy(zone)
    with chosen_key(served.key):
        set_products(server.place(furnished))
        yield a_copy


@pytest.fixture
def run_histories(quick: Path, engine: str, request: pytest.FixtureRequest) -> Callable[[str, int], None]:
    """Run that many random histories of a desk in a zone."""

    def run(zone: str, histories: int) -> None:
        on_a_server = engine == "server"
        copies = (
            copies_on_a_server(request.getfixturevalue("served"), zone)
            if on_a_server
            else copies_of_a_file(quick, zone)
        )
        with copies as a_copy:
            Desk.a_copy, Desk.zone = a_copy, zone
            run_state_machine_as_test(
                Desk,
                settings=settings(
                    max_examples=histories,
                    stateful_step_count=50,
                    deadline=None,
                    print_blob=True,
                    suppress_health_check=list(HealthCheck),
                ),
            )

    return run


@pytest.mark.parametrize("zone", ZONES)
def test_random_histories_go_as_the_rules_say(
    run_histories: Callable[[str, int], None], zone: str, engine: str
) -> None:
    """Whatever is done in whatever order, the store and the arithmetic agree after every step."""
    run_histories(zone, DEFAULT_HISTORIES[engine] // len(ZONES))


@pytest.mark.slow
@pytest.mark.timeout(0)
@pytest.mark.parametrize("zone", ZONES)
def test_a_great_many_random_histories(run_histories: Callable[[str, int], None], zone: str, engine: str) -> None:
    """The same for as long as it takes."""
    run_histories(zone, LONG_HISTORIES[engine] // len(ZONES))
