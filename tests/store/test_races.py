"""Twelve processes, one card, one moment: once per wish, as often as the rules allow, and a sentence for the rest.

The default run does each race three times on a file and once on a server; the long proof fifty times on each:

    pytest tests/store/test_races.py -m slow
"""

import importlib
import inspect
import pkgutil
import re
import tempfile
from collections import Counter as Tally
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from store.counter import BOTH, NOON, PRODUCTS, Counter, ServedDesks, chosen_key, copy_desk, furnish, served_key
from store.crew import SIZE, Crew, Job

from models import desk
from models.clock import FixedClock
from models.desk import agents
from models.jobs.expire import ExpiryReport, expire
from models.rules.roles import Role
from models.rules.templates import BUILT_IN, REMINDER, Texts
from models.schema import database_proxy
from models.store import open_store
from models.unit import Outcome, Session

ENGINES = BOTH
ROUNDS = 3
MANY_ROUNDS = 50
LIN = desk.PersonGiven("Lin", "lin@example.org")


@pytest.fixture(scope="module")
def crew(quick: Path) -> Iterator[Crew]:
    """Twelve waiting processes."""
    with tempfile.TemporaryDirectory(dir=quick) as folder:
        twelve = Crew(Path(folder), served_key(quick))
        yield twelve
        twelve.dismiss()


@pytest.fixture(scope="module")
def shared(quick: Path, request: pytest.FixtureRequest) -> Callable[[str], Counter]:
    """One desk of each engine, no sandbox, on which all its races are run, one day after the other."""

    @cache
    def on(engine: str) -> Counter:
        clock = FixedClock(NOON)
        if engine == "server":
            served: ServedDesks = request.getfixturevalue("served")
            place = served.place(served.new_copy(is_sandbox=False))
            with chosen_key(served.key):
                return Counter(open_store(place, clock), clock)
        folder = quick / "races"
        folder.mkdir()
        path = copy_desk(furnish(quick / "real" / "desk.db", is_sandbox=False), folder)
        return Counter(open_store(path, clock), clock)

    return on


@pytest.fixture
def races(shared: Callable[[str], Counter], engine: str) -> Counter:
    """The shared desk, a day later."""
    counter = shared(engine)
    database_proxy.initialize(counter.store.database)
    counter.wait(days=1)
    return counter


@pytest.fixture
def rounds(engine: str) -> int:
    """How often the default run does each race."""
    return {"file": ROUNDS, "server": 1}[engine]


def at_once(crew: Crew, counter: Counter, deed: Callable[..., Any], *wishes: tuple[Any, ...]) -> list[Any]:
    """Everybody wishes at the counter's instant."""
    at = counter.clock.now()
    return crew.at_once([Job(counter.store.path, "mia", at, deed, wish) for wish in wishes])


# What is wished. Plain functions, so that other processes can be told of them by name.


def issue(mia: Session, _card: int, key: str) -> Outcome:
    return desk.issue(mia, "half", 5000, order_ref="race", intent=key)


def top_up(mia: Session, card: int, key: str) -> Outcome:
    return desk.top_up(mia, card, 100, intent=key)


def redeem(mia: Session, card: int, key: str) -> Outcome:
    return desk.redeem(mia, card, 1000, intent=key)


def refund(mia: Session, card: int, key: str) -> Outcome:
    return desk.refund(mia, card, 1000, of_order="A-1", intent=key)


def suspend(mia: Session, card: int, key: str) -> Outcome:
    return desk.suspend(mia, card, "stolen", intent=key)


def lift(mia: Session, card: int, key: str) -> Outcome:
    return desk.lift(mia, card, "found", intent=key)


def raise_flag(mia: Session, card: int, key: str) -> Outcome:
    return desk.raise_flag(mia, card, "doubt", intent=key)


def clear_flag(mia: Session, card: int, key: str) -> Outcome:
    return desk.clear_flag(mia, card, "settled", intent=key)


def note(mia: Session, card: int, key: str) -> Outcome:
    return desk.note(mia, card, "called", intent=key)


def register(mia: Session, card: int, key: str) -> Outcome:
    return desk.register(mia, card, LIN, intent=key)


def reactivate(mia: Session, card: int, key: str) -> Outcome:
    return desk.reactivate(mia, card, intent=key)


def escalate(mia: Session, card: int, key: str) -> Outcome:
    return desk.escalate(mia, card, desk.Escalation.STILL_FAILS, "fails", intent=key)


def cancel(mia: Session, card: int, key: str) -> Outcome:
    return desk.cancel(mia, card, "order returned", intent=key)


def extend(mia: Session, card: int, key: str) -> Outcome:
    return desk.extend(mia, card, date(2200, 1, 1), "was ill", intent=key)


def replace(mia: Session, card: int, key: str) -> Outcome:
    return desk.replace(mia, card, "lost", intent=key)


def transfer(mia: Session, card: int, key: str) -> Outcome:
    return desk.transfer(mia, card, card - 1, 1000, reason="wrong card", intent=key)


def transfer_back(mia: Session, card: int, key: str) -> Outcome:
    return desk.transfer(mia, card - 1, card, 1000, reason="wrong card", intent=key)


def adjust(mia: Session, card: int, key: str) -> Outcome:
    return desk.adjust(mia, card, -2000, f"E{card}-2", "till was down", intent=key)


def correct_person(mia: Session, person: int, key: str) -> Outcome:
    return desk.correct_person(mia, person, name="Lin Wu", intent=key)


def merge_people(mia: Session, person: int, key: str) -> Outcome:
    return desk.merge_people(mia, person, person - 1, intent=key)


def remove_person(mia: Session, person: int, key: str) -> Outcome:
    return desk.remove_person(mia, person, ref="ZD-7", intent=key)


def set_product(mia: Session, _card: int, key: str) -> Outcome:
    return desk.set_product(mia, "half", rules=PRODUCTS["half"], intent=key)


def retire_product(mia: Session, _card: int, key: str) -> Outcome:
    return desk.retire_product(mia, "forever", intent=key)


def restore_product(mia: Session, _card: int, key: str) -> Outcome:
    return desk.restore_product(mia, "forever", intent=key)


def set_policy(mia: Session, _card: int, key: str) -> Outcome:
    return desk.set_policy(mia, reminder_hour=7, intent=key)


def set_template(mia: Session, _card: int, key: str) -> Outcome:
    return desk.set_template(mia, REMINDER, Texts("Soon", "Hello {{name}}"), intent=key)


def set_organisation(mia: Session, _card: int, key: str) -> Outcome:
    return desk.set_organisation(mia, "Northwind", is_vip=True, intent=key)


def set_agent(mia: Session, _card: int, key: str) -> Outcome:
    return agents.set_agent(mia, "zed", role=Role.SUPERVISOR, intent=key)


def run(mia: Session) -> ExpiryReport:
    return expire(mia, is_sure=True)


# What comes of it.


@dataclass(frozen=True)
class Race:
    """One action: the card to race for, what counts as its effect, and how often twelve wishes have it."""

    deed: Callable[[Session, int, str], Outcome]
    ready: Callable[[Counter], int]
    effect: str
    """A query that counts; the card's id is its one parameter."""
    allowed: int
    refusal: str = ""
    """What the others are told: a pattern."""
    done: int | None = None
    """How many are told that it is done, if more than have an effect."""

    def __str__(self) -> str:
        return self.deed.__name__


def live(counter: Counter) -> int:
    return counter.issued()


def redeemed(counter: Counter) -> int:
    card = counter.issued()
    assert desk.redeem(counter.mia, card, 2500, order_ref="A-1").done
    return card


def held(counter: Counter) -> int:
    card = counter.issued()
    assert desk.suspend(counter.mia, card, "stolen").done
    return card


def flagged(counter: Counter) -> int:
    card = counter.issued()
    assert desk.raise_flag(counter.mia, card, "doubt").done
    return card


def two_live(counter: Counter) -> int:
    """The second of two cards, one made after the other."""
    first = counter.issued()
    second = counter.issued()
    assert second == first + 1
    return second


def handed_over(counter: Counter) -> int:
    card = counter.issued()
    assert desk.escalate(counter.mia, card, desk.Escalation.STILL_FAILS, "fails").done
    return card


def expired(counter: Counter) -> int:
    card = counter.issued("week")
    counter.clock.at = counter.sheet(card).cut_off_at or NOON
    counter.wait(hours=1)
    assert expire(counter.mia, is_sure=True).cards >= 1
    return card


def person(counter: Counter) -> int:
    """The second of two records that nobody else has."""
    for name in ("Lin", "Lin W."):
        at = counter.clock.now().isoformat()
        holder = counter.sheet(counter.issued(recipient=desk.PersonGiven(name, f"{at}@example.org"))).holder
    assert holder is not None
    return holder.id


def about_to_be_removed(counter: Counter) -> int:
    lin = person(counter)
    assert desk.remove_person(counter.sue, lin, ref="ZD-7").done
    return lin


def plain_organisation(counter: Counter) -> int:
    assert desk.set_organisation(counter.mia, "Northwind", is_vip=False).done
    return 0


def built_in_texts(counter: Counter) -> int:
    assert desk.set_template(counter.mia, REMINDER, BUILT_IN[REMINDER]).done
    return 0


def plain_agent(counter: Counter) -> int:
    assert agents.set_agent(counter.mia, "zed", role=Role.AGENT).done
    return 0


def on_sale(counter: Counter) -> int:
    desk.restore_product(counter.mia, "forever")
    return 0


def off_sale(counter: Counter) -> int:
    desk.retire_product(counter.mia, "forever")
    return 0


def plain_policy(counter: Counter) -> int:
    assert desk.set_policy(counter.mia, reminder_hour=9).done
    return 0


def audits(action: str) -> str:
    return f"SELECT count(*) FROM audit WHERE subject = 'customer:' || ? AND action = '{action}'"


def entries(kind: str) -> str:
    return f"SELECT count(*) FROM activity WHERE card_id = ? AND kind = '{kind}'"


RACES = (
    Race(issue, lambda _counter: 0, "SELECT ? + count(*) FROM activity WHERE order_ref = 'race'", SIZE),
    Race(top_up, live, entries("top_up"), SIZE),
    Race(redeem, live, entries("redemption"), 5, r"There is nothing left on the card\."),
    Race(refund, redeemed, entries("refund"), 2, r"Only 5\.00 GBP of that redemption is left to give back\."),
    Race(suspend, live, entries("suspended"), 1, r"The card is suspended already, since .*\."),
    Race(lift, held, entries("unsuspended"), 1, r"The card is not suspended\."),
    Race(raise_flag, live, entries("flag_raised"), SIZE),
    Race(clear_flag, flagged, entries("flag_cleared"), 1, r"No flag is open\."),
    Race(note, live, entries("note"), SIZE),
    Race(register, live, entries("registered"), SIZE),
    Race(reactivate, expired, entries("reinstatement"), 1, r"Mia reactivated this card already, on .* Nothing .*"),
    Race(escalate, live, entries("escalated"), SIZE),
    Race(cancel, live, entries("cancellation"), 1, r"The card was cancelled on .*, which is final\."),
    Race(extend, live, entries("expiry_changed"), 1, r"The last day is .* already: give a later one\."),
    Race(replace, live, entries("transfer_out"), 1, r"The card was replaced by ···· .* on .*: go on with that one\."),
    Race(transfer, two_live, entries("transfer_out"), 5, r"There is nothing left on the card\."),
    Race(transfer_back, two_live, entries("transfer_in"), 5, r"There is nothing left on the card\."),
    Race(adjust, handed_over, entries("adjustment"), 2, r"The card holds 10\.00 GBP, less than 20\.00 GBP\."),
    Race(correct_person, person, audits("correct"), 1, r"The record says that already\. Nothing was changed\."),
    Race(merge_people, person, audits("merge"), 1, r"Record \d+ was merged into record \d+: use that one\."),
    Race(remove_person, about_to_be_removed, audits("remove"), 1, r"The data of record \d+ were removed\."),
    Race(set_product, lambda _counter: 0, "SELECT ? + count(*) FROM audit WHERE subject = 'product:1'", SIZE),
    Race(
        retire_product,
        on_sale,
        "SELECT ? + count(*) FROM audit WHERE action = 'retire'",
        1,
        r"Forever is retired already\. Nothing was changed\.",
    ),
    Race(
        restore_product,
        off_sale,
        "SELECT ? + count(*) FROM audit WHERE action = 'restore'",
        1,
        r"Forever is not retired\. Nothing was changed\.",
    ),
    Race(set_policy, plain_policy, "SELECT ? + count(*) FROM policy", 1, done=SIZE),
    Race(
        set_template,
        built_in_texts,
        "SELECT ? + count(*) FROM template WHERE subject = 'Soon'",
        1,
        done=SIZE,
    ),
    Race(
        set_organisation,
        plain_organisation,
        "SELECT ? + count(*) FROM audit WHERE subject LIKE 'organisation:%' AND after LIKE '%true%'",
        1,
        done=SIZE,
    ),
    Race(
        set_agent,
        plain_agent,
        "SELECT ? + count(*) FROM audit WHERE subject LIKE 'agent:%' AND after LIKE '%supervisor%'",
        1,
        done=SIZE,
    ),
)


def count(counter: Counter, race: Race, card: int) -> int:
    with counter.store.database.connected():
        counted: int = counter.store.database.execute_sql(race.effect, (card,)).fetchone()[0]
    return counted


def run_with_one_key(crew: Crew, counter: Counter, race: Race, key: str) -> None:
    card = race.ready(counter)
    before = count(counter, race, card)
    told = at_once(crew, counter, race.deed, *[(card, key)] * SIZE)
    assert count(counter, race, card) == before + 1
    assert Tally((outcome.done, outcome.sentence) for outcome in told) == {(True, told[0].sentence): SIZE}
    assert Tally(outcome.repeated for outcome in told) == {False: 1, True: SIZE - 1}
    assert not counter.findings()


def run_with_twelve_keys(crew: Crew, counter: Counter, race: Race, key: str) -> None:
    card = race.ready(counter)
    before = count(counter, race, card)
    told = at_once(crew, counter, race.deed, *[(card, f"{key}-{number}") for number in range(SIZE)])
    assert count(counter, race, card) == before + race.allowed
    assert sum(outcome.done for outcome in told) == (race.done or race.allowed)
    for outcome in told:
        assert outcome.done or re.fullmatch(race.refusal, outcome.sentence), outcome.sentence
    assert not counter.findings()


@pytest.mark.parametrize("race", RACES, ids=str)
def test_one_wish_of_twelve_processes_comes_true_once(crew: Crew, races: Counter, race: Race, rounds: int) -> None:
    """The same intent from twelve places at once: one effect, and everybody is told the same."""
    for number in range(rounds):
        races.wait(days=1)
        run_with_one_key(crew, races, race, f"one-{race}-{number}")


@pytest.mark.parametrize("race", RACES, ids=str)
def test_twelve_wishes_come_true_as_often_as_the_rules_allow(
    crew: Crew, races: Counter, race: Race, rounds: int
) -> None:
    """Twelve intents at once: no more than the card allows, and the others are told why."""
    for number in range(rounds):
        races.wait(days=1)
        run_with_twelve_keys(crew, races, race, f"twelve-{race}-{number}")


def test_twelve_runs_at_once_break_a_balance_once(crew: Crew, races: Counter) -> None:
    """Two machines, twelve schedulers: the balance is counted by one of them."""
    cards = [races.issued("week") for _ in range(3)]
    before = breakages(races)
    races.wait(days=8)
    told = at_once(crew, races, run, *[()] * SIZE)
    assert sum(report.cards for report in told) == breakages(races) - before >= 3
    assert [races.kinds(card) for card in cards] == [["issue", "breakage"]] * 3
    assert not races.findings()


def breakages(counter: Counter) -> int:
    with counter.store.database.connected():
        counted = counter.store.database.execute_sql("SELECT count(*) FROM activity WHERE kind = 'breakage'")
        return int(counted.fetchone()[0])


def test_every_action_has_its_race() -> None:
    """Whoever adds an action to the desk adds its race."""
    modules = [importlib.import_module(f"models.desk.{module.name}") for module in pkgutil.iter_modules(desk.__path__)]
    actions = {
        name
        for module in modules
        for name, deed in inspect.getmembers(module, inspect.isfunction)
        if not name.startswith("_") and "intent" in inspect.signature(deed).parameters
    }
    assert len(actions) >= 14
    assert actions - {str(race) for race in RACES} == {"perform"}


# Pairs of different wishes about the same cards.


def against_each_other(
    crew: Crew, counter: Counter, one: Callable[..., Any], other: Callable[..., Any], card: int
) -> tuple[list[Outcome], list[Outcome]]:
    """Half of the crew wishes one, the other half the other."""
    at, path = counter.clock.now(), counter.store.path
    deeds = [(one, other)[number % 2] for number in range(SIZE)]
    told = crew.at_once([Job(path, "mia", at, deed, (card, f"{card}-{number}")) for number, deed in enumerate(deeds)])
    assert not counter.findings()
    return told[::2], told[1::2]


def check_transfers_in_both_directions(crew: Crew, counter: Counter) -> None:
    """Nobody waits for anybody for ever, and what one card lost the other won."""
    card = two_live(counter)
    there, back = against_each_other(crew, counter, transfer, transfer_back, card)
    balances = [counter.sheet(each).balance_minor for each in (card - 1, card)]
    gone = sum(outcome.done for outcome in there) - sum(outcome.done for outcome in back)
    assert balances == [5000 + 1000 * gone, 5000 - 1000 * gone]
    assert all(outcome.done or "nothing left" in outcome.sentence for outcome in (*there, *back))


def check_cancellation_against_redemption(crew: Crew, counter: Counter) -> None:
    """What was spent before the cancellation is not returned, and nothing is spent after it."""
    card = counter.issued()
    cancelled, redeemed_ = against_each_other(crew, counter, cancel, redeem, card)
    (done,) = [outcome for outcome in cancelled if outcome.done]
    taken = sum(outcome.done for outcome in redeemed_)
    assert done.facts["returned_minor"] == 5000 - 1000 * taken
    assert counter.kinds(card) == ["issue", *["redemption"] * taken, "cancellation"]


def check_replacement_against_redemption(crew: Crew, counter: Counter) -> None:
    """The card in its place has what was left, and the old code pays for nothing any more."""
    card = counter.issued()
    replaced, redeemed_ = against_each_other(crew, counter, replace, redeem, card)
    made = [outcome for outcome in replaced if outcome.done]
    taken = sum(outcome.done for outcome in redeemed_)
    assert len(made) == (taken < 5)
    assert [outcome.facts["balance_minor"] for outcome in made] == [5000 - 1000 * taken][: len(made)]
    assert counter.sheet(card).balance_minor == 0


CROSSINGS = (
    check_transfers_in_both_directions,
    check_cancellation_against_redemption,
    check_replacement_against_redemption,
)


@pytest.mark.parametrize("crossing", CROSSINGS, ids=lambda crossing: crossing.__name__[6:])
def test_different_wishes_about_the_same_cards_get_along(
    crew: Crew, races: Counter, crossing: Callable[[Crew, Counter], None], rounds: int
) -> None:
    """Each is done whole or refused, whichever came first."""
    for _ in range(rounds):
        races.wait(days=1)
        crossing(crew, races)


# Pairs at the instant of the cut-off: one half of the crew starts the run, the other half acts.


def against_the_run(crew: Crew, counter: Counter, deed: Callable[..., Any], card: int, *, early: bool) -> list[Any]:
    cut_off_at = counter.sheet(card).cut_off_at
    assert cut_off_at is not None
    counter.clock.at = cut_off_at
    acts_at = cut_off_at - timedelta(microseconds=1) if early else cut_off_at
    path, half = counter.store.path, SIZE // 2
    runs = [Job(path, "mia", cut_off_at, run, ()) for _ in range(half)]
    acts = [Job(path, "mia", acts_at, deed, (card, f"{card}-{number}")) for number in range(half)]
    told = crew.at_once([job for pair in zip(acts, runs, strict=True) for job in pair])
    expire(counter.mia, is_sure=True)
    assert not counter.findings()
    return told[::2]


def money(counter: Counter, card: int) -> list[tuple[str, int]]:
    return [(line.kind.value, line.amount_minor) for line in counter.journal(card) if line.amount_minor]


def check_reactivation_against_the_run(crew: Crew, counter: Counter) -> None:
    card = counter.issued("week")
    told = against_the_run(crew, counter, reactivate, card, early=False)
    assert sum(outcome.done for outcome in told) == 1
    sheet = counter.sheet(card)
    assert (sheet.status, sheet.balance_minor) == ("active", 5000)
    assert money(counter, card) in (
        [("issue", 5000)],
        [("issue", 5000), ("breakage", -5000), ("reinstatement", 5000)],
    )
    assert counter.kinds(card)[-3:] == ["expiry_changed", "note", "reactivated"]


def check_redemption_against_the_run(crew: Crew, counter: Counter) -> None:
    card = counter.issued("week")
    told = against_the_run(crew, counter, redeem, card, early=True)
    taken = sum(outcome.done for outcome in told)
    assert taken <= 5
    moved = [("issue", 5000), *[("redemption", -1000)] * taken]
    left = 5000 - 1000 * taken
    assert money(counter, card) == [*moved, *([("breakage", -left)] if left else [])]
    for outcome in told:
        assert outcome.done or re.match(r"The card expired|There is nothing left", outcome.sentence)


def check_top_up_against_the_run(crew: Crew, counter: Counter) -> None:
    card = counter.issued("week")
    told = against_the_run(crew, counter, top_up, card, early=False)
    assert all(outcome.done for outcome in told)
    assert money(counter, card) == [("issue", 5000), ("breakage", -5000), *[("top_up", 100)] * len(told)]
    assert counter.sheet(card).status == "active"


PAIRS = (check_reactivation_against_the_run, check_redemption_against_the_run, check_top_up_against_the_run)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.__name__[6:])
def test_at_the_cut_off_the_run_and_the_desk_get_along(
    crew: Crew, races: Counter, pair: Callable[[Crew, Counter], None], rounds: int
) -> None:
    """Whoever comes first, the money adds up and nobody is left with half of anything."""
    for _ in range(rounds):
        races.wait(days=1)
        pair(crew, races)


# Pairs of wishes about one person: half of the crew wants the one, half the other.


def half_and_half(crew: Crew, counter: Counter, *wishes: tuple[Callable[..., Any], tuple[Any, ...]]) -> list[Any]:
    at, path = counter.clock.now(), counter.store.path
    jobs = [
        Job(path, "mia", at, deed, (*arguments, f"{at}-{deed.__name__}-{arguments}-{number}"))
        for number in range(SIZE // 2)
        for deed, arguments in wishes
    ]
    return crew.at_once(jobs)


def merge_into(mia: Session, gone: int, kept: int, key: str) -> Outcome:
    return desk.merge_people(mia, gone, kept, intent=key)


def issue_to(mia: Session, email: str, key: str) -> Outcome:
    return desk.issue(mia, "half", 5000, recipient=desk.PersonGiven("Lin W.", email), intent=key)


def check_merges_crosswise(crew: Crew, counter: Counter) -> None:
    lin = person(counter)
    told = half_and_half(crew, counter, (merge_into, (lin, lin - 1)), (merge_into, (lin - 1, lin)))
    (done,) = (outcome for outcome in told if outcome.done)
    kept, gone = done.facts["into"], done.facts["from"]
    assert {outcome.sentence for outcome in told if not outcome.done} == {
        f"Record {gone} was merged into record {kept}: use that one."
    }


def check_correction_against_a_merge(crew: Crew, counter: Counter) -> None:
    lin = person(counter)
    told = half_and_half(crew, counter, (correct_person, (lin,)), (merge_into, (lin, lin - 1)))
    corrected, merged = told[::2], told[1::2]
    assert sum(outcome.done for outcome in merged) == 1
    assert sum(outcome.done for outcome in corrected) <= 1
    for outcome in corrected:
        assert outcome.done or re.match(r"The record says that already|Record \d+ was merged", outcome.sentence)


def check_removal_against_new_cards(crew: Crew, counter: Counter) -> None:
    lin = about_to_be_removed(counter)
    with counter.store.database.connected():
        find_email = "SELECT email FROM customer WHERE id = ?"
        email = counter.store.database.execute_sql(find_email, (lin,)).fetchone()[0]
    told = half_and_half(crew, counter, (remove_person, (lin,)), (issue_to, (email,)))
    assert sum(outcome.done for outcome in told[::2]) == 1
    assert all(outcome.done for outcome in told[1::2])
    holders = {counter.sheet(outcome.card_id).holder for outcome in told[1::2]}
    names = {(holder.name, holder.id == lin) for holder in holders if holder is not None}
    assert names <= {("(removed)", True), ("Lin W.", False)}


ABOUT_ONE_PERSON = (check_merges_crosswise, check_correction_against_a_merge, check_removal_against_new_cards)


@pytest.mark.parametrize("pair", ABOUT_ONE_PERSON, ids=lambda pair: pair.__name__[6:])
def test_whatever_comes_first_a_person_is_one_person(
    crew: Crew, races: Counter, pair: Callable[[Crew, Counter], None], rounds: int
) -> None:
    """Two merges crosswise, a correction and a merge, a removal and a sale: whole, one after the other."""
    for _ in range(rounds):
        races.wait(days=1)
        pair(crew, races)
        assert not races.findings()


@pytest.mark.slow
@pytest.mark.timeout(0)
def test_all_races_many_times(crew: Crew, races: Counter) -> None:
    """Fifty rounds of everything."""
    for number in range(MANY_ROUNDS):
        for race in RACES:
            races.wait(days=1)
            run_with_one_key(crew, races, race, f"slow-one-{race}-{number}")
            races.wait(days=1)
            run_with_twelve_keys(crew, races, race, f"slow-twelve-{race}-{number}")
        for pair in (*PAIRS, *CROSSINGS, *ABOUT_ONE_PERSON):
            races.wait(days=1)
            pair(crew, races)
