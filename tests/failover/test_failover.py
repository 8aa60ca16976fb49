"""The leader of three servers is killed, frozen or cut off while twenty desks work: nothing acknowledged is lost."""

import os
import re
import statistics
import time
from collections import Counter as Tally
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from failover.cluster import Cluster, Node, until
from failover.links import wire_to
from failover.load import DONE, UNCHANGED, UNKNOWN, Cards, Desks, Line, assert_all_is_true, furnished_for_load, gap
from store.counter import chosen_key, plain_sql

from models import worklists
from models.clock import pause
from models.locations import Place, database_path
from models.store import Store, open_store

pytestmark = [pytest.mark.failover, pytest.mark.timeout(1_800)]

KILLS = int(os.environ.get("GIFTDESK_FAILOVER_KILLS", "10"))
_WAYS = ("both", "server", "both", "agent", "both", "both", "server", "both", "agent", "both")
"""What of the leader is killed: server and agent, as when a machine is gone, or one of them alone."""
_LINKS = {
    "cut": 0.0,
    "held up, passed on": 3.0,
    "held up, cut": 2.0,
    "answers lost, cut": 2.0,
    "held up for long, passed on": 25.0,
    "answers lost for long, cut": 25.0,
}
"""What befalls the wire, and for how many seconds."""
_AT_EASE_SECONDS = 3.0
_ENOUGH = 20


class Trial:
    """A desk on the cluster, and twenty who work there."""

    def __init__(self, cluster: Cluster, folder: Path, name: str) -> None:
        self.cluster, self.folder = cluster, folder
        self.key = folder / "desk.key"
        self.name = name
        self.troubles: list[tuple[str, float, float]] = []
        cluster.make_database(name)
        self.place = database_path(cluster.url(name))
        with chosen_key(self.key):
            self.cards: Cards = furnished_for_load(self.place)

    def opened(self, more: str = "") -> Store:
        """The desk, opened here, with something else in its address."""
        with chosen_key(self.key):
            return open_store(database_path(f"{self.cluster.url(self.name)}{'?' if more else ''}{more}"))

    def begin(self, places: Sequence[Place] = ()) -> None:
        """Let everybody come to work."""
        self.desks = Desks(self.folder, self.key, places or [self.place], self.cards, seed=1)
        until(lambda: self.desks.acknowledged() >= _ENOUGH, "nobody writes")
        pause(_AT_EASE_SECONDS)

    def goes_on_after(self, what: str, began: float, acknowledged: int) -> None:
        """Wait until wishes are carried out again, and all is whole; remember how long it took."""
        until(lambda: self.desks.acknowledged() >= acknowledged + _ENOUGH, "nobody writes any more", self.cluster.logs)
        self.cluster.settle()
        pause(_AT_EASE_SECONDS)
        self.troubles.append((what, began, time.monotonic()))

    def end(self) -> None:
        """Send everybody home, check what they were told, and say what it was like."""
        lines = self.desks.go_home()
        with plain_sql(self.place) as sql:
            assert_all_is_true(self.opened(), sql, lines, self.cards)
        self._report(lines)

    def _report(self, lines: Sequence[Line]) -> None:
        gaps = [(what, gap(lines, began - 1, ended)) for what, began, ended in self.troubles]
        print(f"\n{self.name}: " + ", ".join(f"{what} {seconds:.1f} s" for what, seconds in gaps))
        if gaps:
            only = [seconds for _, seconds in gaps]
            print(f"  nothing could be written for {statistics.median(only):.1f} s (p50), {max(only):.1f} s (worst)")
        told = Tally(line.told for line in lines)
        print(f"  {told[DONE]} acknowledged, none lost, none twice; told: {dict(told)}")
        for kind in (DONE, UNCHANGED, UNKNOWN):
            waits = sorted(line.seconds for line in lines if line.told == kind)
            if waits:
                print(f"  an answer '{kind}' took {statistics.median(waits):.2f} s (p50), {waits[-1]:.1f} s (worst)")
        unlucky = Tally(line.sentence for line in lines if line.told in (UNCHANGED, UNKNOWN))
        for sentence, count in unlucky.most_common(8):
            print(f"  {count} x {sentence}")


@pytest.fixture
def trial(cluster: Cluster, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Trial]:
    """A desk of the story's own."""
    cluster.settle()
    made = Trial(cluster, tmp_path, re.sub(r"\W+", "_", request.node.name.removeprefix("test_")).strip("_"))
    yield made
    if hasattr(made, "desks"):
        made.desks.dismiss()


def _hit(leader: Node, what: str) -> None:
    if what in ("both", "agent"):
        leader.kill_agent()
    if what in ("both", "server"):
        leader.kill_server()


def test_killed_leaders(trial: Trial) -> None:
    """Ten leaders are killed, one after the other, each once the one before follows again."""
    trial.begin()
    cluster = trial.cluster
    for what in [_WAYS[number % len(_WAYS)] for number in range(KILLS)]:
        leader = cluster.settle()
        began, acknowledged = time.monotonic(), trial.desks.acknowledged()
        _hit(leader, what)
        if what != "server":
            until(lambda: cluster.leader() not in (None, leader), "nobody takes over", cluster.logs)  # noqa: B023
            cluster.start_agent(leader)
        trial.goes_on_after(what, began, acknowledged)
    trial.end()


@pytest.mark.parametrize("with_server", [True, False], ids=["machine", "agent"])
def test_frozen_leader(trial: Trial, with_server: bool) -> None:
    """It stops without a word, and goes on, when another has taken over, as if it still were the leader."""
    trial.begin()
    cluster = trial.cluster
    leader = cluster.settle()
    began, acknowledged = time.monotonic(), trial.desks.acknowledged()
    leader.freeze(with_server=with_server)
    until(lambda: cluster.leader() is not None, "nobody takes over", cluster.logs)
    pause(_AT_EASE_SECONDS)
    leader.thaw()
    trial.goes_on_after("frozen", began, acknowledged)
    trial.end()


def test_cut_links(trial: Trial) -> None:
    """The wire is cut, held up for a while, and loses answers: no desk waits for ever, and each learns the truth."""
    cluster = trial.cluster
    with wire_to(cluster.port) as wire:
        trial.begin([database_path(cluster.url(trial.name, port=wire.port))])
        for what in _LINKS:
            began, acknowledged = time.monotonic(), trial.desks.acknowledged()
            if what != "cut":
                (wire.lose_answers if what.startswith("answers lost") else wire.hold_up)()
                pause(_LINKS[what])
            if not what.endswith("passed on"):
                wire.cut()
            wire.let_pass()
            trial.goes_on_after(what, began, acknowledged)
        trial.end()


@pytest.mark.parametrize("what", ["both", "frozen"])
def test_without_haproxy(trial: Trial, what: str) -> None:
    """All servers stand in the address: each desk finds the one that takes changes."""
    cluster = trial.cluster
    trial.begin([database_path(cluster.url_of_all(trial.name))])
    leader = cluster.settle()
    began, acknowledged = time.monotonic(), trial.desks.acknowledged()
    if what == "frozen":
        leader.freeze()
    else:
        _hit(leader, what)
    until(lambda: cluster.leader() not in (None, leader), "nobody takes over", cluster.logs)
    until(lambda: trial.desks.acknowledged() >= acknowledged + _ENOUGH, "nobody writes any more", cluster.logs)
    if what == "frozen":
        leader.thaw()
    else:
        cluster.start_agent(leader)
    trial.goes_on_after(what, began, acknowledged)
    trial.end()


def test_lists_come_from_a_server_that_follows(trial: Trial) -> None:
    """Lists and reports do, and nothing else; the leader answers for them when nobody follows."""
    cluster, store = trial.cluster, trial.opened(f"reports=127.0.0.1:{trial.cluster.reports_port}")
    database = store.database

    def is_from_a_follower() -> bool:
        return bool(database.execute_sql("SELECT pg_is_in_recovery()").fetchone()[0])

    with database.surveying(), database.reading():
        assert is_from_a_follower()
    with database.reading():
        assert not is_from_a_follower()
    assert any(each.count for each in worklists.counts(store))
    for node in cluster.nodes:
        if node is not cluster.settle():
            node.freeze()
    try:
        pause(2 * _AT_EASE_SECONDS)  # until HAProxy knows
        with database.surveying():
            assert not is_from_a_follower()
    finally:
        for node in cluster.nodes:
            node.thaw()


def test_nobody_follows(trial: Trial) -> None:
    """Both servers that follow are gone: after a while the leader goes on alone, and only it may go on leading."""
    trial.begin()
    cluster = trial.cluster
    leader = cluster.settle()
    others = [node for node in cluster.nodes if node is not leader]
    began, acknowledged = time.monotonic(), trial.desks.acknowledged()
    for node in others:
        _hit(node, "both")
    until(lambda: trial.desks.acknowledged() >= acknowledged + 10 * _ENOUGH, "nobody writes any more", cluster.logs)
    for node in others:
        cluster.start_agent(node)
    trial.goes_on_after("alone", began, acknowledged)
    assert cluster.settle() is leader
    trial.end()
