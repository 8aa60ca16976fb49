"""Twelve processes, one card, one moment: once per wish, as often as the rules allow, and a sentence for the rest.

The default run does each race once on a file and once on a server; the long proof fifty times on each:

    pytest tests/store/test_races.py -m slow
"""

import importlib
import inspect
import pkgutil
import re
from collections import Counter as Tally
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import pytest
from store import readied, wishes
from store.counter import BOTH, PRODUCTS, Counter
from store.crew import MANY_ROUNDS, SIZE, Crew, Job
from store.mailroom import holder, written

from models import desk
from models.fates import Fate
from models.jobs import expire as expiry
from models.jobs.expire import ExpiryReport
from models.outbox import letters_in_hand
from models.rules.validity import Period
from models.unit import Outcome, Session

ENGINES = BOTH
EVERYBODY: Final = 10_000
"""More than ever race."""


@dataclass(frozen=True)
class Race:
    """One action: the card to race for, what counts as its effect, and how often many wishes have it."""

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


def audits(action: str) -> str:
    return f"SELECT count(*) FROM audit WHERE subject = 'customer:' || ? AND action = '{action}'"


def case_entries(step: str) -> str:
    return f"SELECT count(*) FROM audit WHERE subject = 'case:' || ? AND action = '{step}'"


def escalation_audits(action: str) -> str:
    subject = "'escalation:E' || CAST(? AS TEXT) || '-2'"
    return f"SELECT count(*) FROM audit WHERE subject = {subject} AND action = '{action}'"


def entries(kind: str) -> str:
    return f"SELECT count(*) FROM activity WHERE card_id = ? AND kind = '{kind}'"


def decided(decision: str) -> str:
    return f"SELECT count(*) FROM audit WHERE subject = 'approval:' || ? AND action = '{decision}'"


RACES = (
    Race(wishes.issue, lambda _counter: 0, "SELECT ? + count(*) FROM activity WHERE order_ref = 'race'", EVERYBODY),
    Race(wishes.top_up, readied.live, entries("top_up"), EVERYBODY),
    Race(wishes.redeem, readied.live, entries("redemption"), 5, r"There is nothing left on the card\."),
    Race(
        wishes.refund,
        readied.redeemed,
        entries("refund"),
        2,
        r"Only 5\.00 GBP of that redemption is left to give back\.",
    ),
    Race(wishes.suspend, readied.live, entries("suspended"), 1, r"The card is suspended already, since .*\."),
    Race(wishes.lift, readied.held, entries("unsuspended"), 1, r"The card is not suspended\."),
    Race(wishes.raise_flag, readied.live, entries("flag_raised"), EVERYBODY),
    Race(wishes.clear_flag, readied.flagged, entries("flag_cleared"), 1, r"No flag is open\."),
    Race(wishes.note, readied.live, entries("note"), EVERYBODY),
    Race(wishes.register, readied.live, entries("registered"), EVERYBODY),
    Race(
        wishes.reactivate,
        readied.expired,
        entries("reinstatement"),
        1,
        r"Mia reactivated this card already, on .* Nothing .*",
    ),
    Race(
        wishes.approve,
        readied.asked,
        "SELECT count(*) FROM approval q JOIN activity a ON a.card_id = q.card_id WHERE q.id = ? AND a.kind = "
        "'reactivated' AND q.decision = 'approved'",
        1,
        r"Mia approved this on .*\.",
    ),
    Race(wishes.refuse_approval, readied.asked, decided("refused"), 1, r"Mia refused to approve this on .*\."),
    Race(
        wishes.withdraw_approval,
        readied.asked_by_mia,
        decided("withdrawn"),
        1,
        r"Mia withdrew the request for this on .*\.",
    ),
    Race(
        wishes.raise_quota,
        readied.limited,
        "SELECT count(*) FROM audit WHERE subject LIKE 'quota:' || ? || ':%'",
        1,
        r"The limit is 20 today: give a higher one, 1,000 at most\.",
    ),
    Race(
        wishes.lift_lookups,
        readied.slowed,
        "SELECT count(*) FROM audit WHERE subject = 'lookups:' || ?",
        1,
        r"sam may look for codes: there is nothing to lift\.",
    ),
    Race(wishes.escalate, readied.live, entries("escalated"), EVERYBODY),
    Race(wishes.say, readied.live, entries("replied"), 1, done=EVERYBODY),
    Race(
        wishes.restrict,
        readied.live,
        "SELECT count(*) FROM audit WHERE subject = 'restriction:' || ?",
        1,
        r"The card is restricted to that person already\.",
    ),
    Race(
        wishes.take_escalation,
        readied.handed_over,
        escalation_audits("take"),
        1,
        r"You have E\d+-2 already, since .*\. Nothing was changed\.",
    ),
    Race(
        wishes.close_escalation,
        readied.handed_over,
        escalation_audits("close"),
        1,
        r"Mia answered E\d+-2 already, on .*: The balance was corrected\. Nothing was changed\.",
    ),
    Race(
        wishes.see_answer,
        readied.answered,
        escalation_audits("see"),
        1,
        r"You have read the answer to E\d+-2 already\.",
    ),
    Race(wishes.cancel, readied.live, entries("cancellation"), 1, r"The card was cancelled on .*, which is final\."),
    Race(wishes.extend, readied.live, entries("expiry_changed"), 1, r"The last day is .* already: give a later one\."),
    Race(
        wishes.replace,
        readied.live,
        entries("transfer_out"),
        1,
        r"The card was replaced by ···· .* on .*: go on with that one\.",
    ),
    Race(wishes.transfer, readied.two_live, entries("transfer_out"), 5, r"There is nothing left on the card\."),
    Race(wishes.transfer_back, readied.two_live, entries("transfer_in"), 5, r"There is nothing left on the card\."),
    Race(
        wishes.adjust,
        readied.handed_over,
        entries("adjustment"),
        2,
        r"The card holds 10\.00 GBP, less than 20\.00 GBP\.",
    ),
    Race(
        wishes.correct_person,
        readied.person,
        audits("correct"),
        1,
        r"The record says that already\. Nothing was changed\.",
    ),
    Race(
        wishes.merge_people,
        readied.person,
        audits("merge"),
        1,
        r"Record \d+ was merged into record \d+: use that one\.",
    ),
    Race(
        wishes.remove_person, readied.about_to_be_removed, audits("remove"), 1, r"The data of record \d+ were removed\."
    ),
    Race(wishes.open_case, readied.live, "SELECT count(*) FROM case_card WHERE card_id = ?", 1, done=EVERYBODY),
    Race(wishes.complete_intake, readied.case, case_entries("intake"), 1, done=EVERYBODY),
    Race(wishes.add_to_case, readied.case, case_entries("added"), EVERYBODY),
    Race(wishes.keep_checkout, readied.case, case_entries("checked"), EVERYBODY),
    Race(wishes.leave_case, readied.case, case_entries("closed"), 1, done=EVERYBODY),
    Race(wishes.close_case, readied.case, case_entries("closed"), 1, r"The case is closed already: explained\."),
    Race(wishes.reopen_case, readied.closed_case, case_entries("reopened"), 1, r"You have this case open already\."),
    Race(
        wishes.set_product, lambda _counter: 0, "SELECT ? + count(*) FROM audit WHERE subject = 'product:5'", EVERYBODY
    ),
    Race(
        wishes.settle_reminder,
        readied.left_behind,
        entries("reminder_sent"),
        1,
        r"That reminder is settled already: it is sent\.",
    ),
    Race(
        wishes.see_alarms,
        readied.alarming,
        "SELECT ? + count(*) FROM audit WHERE subject LIKE 'watch:%' AND action = 'see'",
        1,
        done=EVERYBODY,
    ),
    Race(
        wishes.settle_letter,
        readied.unsent,
        "SELECT ? + count(*) FROM audit WHERE subject LIKE 'letter:%' AND action = 'settle'",
        1,
        r"That e-mail is settled already: it is dropped\.",
    ),
    Race(
        wishes.retire_product,
        readied.on_sale,
        "SELECT ? + count(*) FROM audit WHERE action = 'retire'",
        1,
        r"Forever is retired already\. Nothing was changed\.",
    ),
    Race(
        wishes.restore_product,
        readied.off_sale,
        "SELECT ? + count(*) FROM audit WHERE action = 'restore'",
        1,
        r"Forever is not retired\. Nothing was changed\.",
    ),
    Race(wishes.set_policy, readied.plain_policy, "SELECT ? + count(*) FROM policy", 1, done=EVERYBODY),
    Race(
        wishes.set_template,
        readied.built_in_texts,
        "SELECT ? + count(*) FROM template WHERE subject = 'Soon'",
        1,
        done=EVERYBODY,
    ),
    Race(
        wishes.set_organisation,
        readied.plain_organisation,
        "SELECT ? + count(*) FROM audit WHERE subject LIKE 'organisation:%' AND after LIKE '%true%'",
        1,
        done=EVERYBODY,
    ),
    Race(
        wishes.set_password,
        readied.plain_agent,
        "SELECT ? + count(*) FROM audit WHERE subject LIKE 'credential:%'",
        EVERYBODY,
    ),
    Race(
        wishes.add_agent,
        readied.empty_place,
        "SELECT count(*) FROM agent WHERE login = 'newcomer' || ?",
        1,
        r"newcomer\d+ is at this desk already: change them with giftdesk agents set newcomer\d+\.",
    ),
    Race(
        wishes.set_agent,
        readied.plain_agent,
        "SELECT ? + count(*) FROM audit WHERE subject LIKE 'agent:%' AND after LIKE '%supervisor%'",
        1,
        done=EVERYBODY,
    ),
)


def at_once(crew: Crew, counter: Counter, deed: Callable[..., Any], *given: tuple[Any, ...]) -> list[Any]:
    """Everybody wishes at the counter's instant."""
    at = counter.clock.now()
    return crew.at_once([Job(counter.store.path, "mia", at, deed, each) for each in given])


def count(counter: Counter, race: Race, card: int) -> int:
    with counter.store.database.connected():
        counted: int = counter.store.database.execute_sql(race.effect, (card,)).fetchone()[0]
    return counted


def run_with_one_key(crew: Crew, counter: Counter, race: Race, key: str) -> None:
    card = race.ready(counter)
    before = count(counter, race, card)
    told = at_once(crew, counter, race.deed, *[(card, key)] * crew.size)
    assert count(counter, race, card) == before + 1
    assert Tally((outcome.done, outcome.sentence) for outcome in told) == {(True, told[0].sentence): crew.size}
    assert Tally(outcome.repeated for outcome in told) == {False: 1, True: crew.size - 1}


def run_with_many_keys(crew: Crew, counter: Counter, race: Race, key: str) -> None:
    card = race.ready(counter)
    before = count(counter, race, card)
    told = at_once(crew, counter, race.deed, *[(card, f"{key}-{number}") for number in range(crew.size)])
    assert count(counter, race, card) == before + min(race.allowed, crew.size)
    assert sum(outcome.done for outcome in told) == min(race.done or race.allowed, crew.size)
    for outcome in told:
        assert outcome.done or re.fullmatch(race.refusal, outcome.sentence), outcome.sentence


@pytest.mark.parametrize("race", RACES, ids=str)
def test_one_wish_of_twelve_processes_comes_true_once(crew: Crew, races: Counter, race: Race) -> None:
    """The same intent from twelve places at once: one effect, and everybody is told the same."""
    run_with_one_key(crew, races, race, f"one-{race}")
    assert not races.findings()


@pytest.mark.parametrize("race", RACES, ids=str)
def test_twelve_wishes_come_true_as_often_as_the_rules_allow(crew: Crew, races: Counter, race: Race) -> None:
    """Twelve intents at once: no more than the card allows, and the others are told why."""
    run_with_many_keys(crew, races, race, f"twelve-{race}")
    assert not races.findings()


def run_in_small_batches(mia: Session) -> ExpiryReport:
    expiry._BATCH = 3  # type: ignore[misc]
    return wishes.run(mia)


def test_twelve_runs_at_once_break_a_balance_once(crew: Crew, races: Counter) -> None:
    """Two machines, twelve schedulers, batch by batch: a balance is counted by one of them, and none is left out."""
    cards = [races.issued("week") for _ in range(20)]
    before = breakages(races)
    races.wait(days=8)
    told = at_once(crew, races, run_in_small_batches, *[()] * SIZE)
    assert sum(report.cards for report in told) == breakages(races) - before >= 20
    assert [races.kinds(card) for card in cards] == [["issue", "breakage"]] * 20
    assert not races.findings()


def test_twelve_runs_at_once_send_every_reminder_once(crew: Crew, races: Counter) -> None:
    """Two machines, twelve schedulers: they share the letters, and nobody gets two."""
    rules = PRODUCTS["week"]
    assert desk.set_product(races.mia, "week", rules=rules, reminders=[Period(3, "days")]).done
    at = races.clock.now().isoformat()
    addresses = [f"{number}-{at}@example.org" for number in range(40)]
    cards = [races.issued("week", recipient=desk.PersonGiven(email=address)) for address in addresses]
    races.wait(days=4)
    told = at_once(crew, races, wishes.remind_all, *[()] * SIZE)
    sent = Tally(address for box in told for address in box)
    assert {address: sent[address] for address in addresses} == dict.fromkeys(addresses, 1)
    assert [races.kinds(card) for card in cards] == [["issue", "reminder_sent"]] * len(cards)
    assert desk.set_product(races.mia, "week", rules=rules, reminders=[]).done
    assert not races.findings()


def test_twelve_desks_that_send_at_once_write_to_everybody_once(crew: Crew, races: Counter) -> None:
    """What waits in the outbox is shared by whoever comes by, on either engine."""
    at = races.clock.now().isoformat()
    addresses = [f"{number}-{at}@example.org" for number in range(24)]
    for address in addresses:
        card = races.issued(recipient=desk.PersonGiven(email=address))
        written(races.mia, card, holder(races, card))
    told = at_once(crew, races, wishes.send_all, *[()] * SIZE)
    sent = Tally(address for box in told for address in box)
    assert {address: sent[address] for address in addresses} == dict.fromkeys(addresses, 1)
    assert letters_in_hand(races.store, [Fate.IN_HAND, Fate.WAITING]) == ()
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


@pytest.mark.slow
@pytest.mark.timeout(0)
def test_all_races_many_times(crew: Crew, races: Counter) -> None:
    """Fifty rounds of each."""
    for number in range(MANY_ROUNDS):
        for race in RACES:
            races.wait(days=1)
            run_with_one_key(crew, races, race, f"slow-one-{race}-{number}")
            races.wait(days=1)
            run_with_many_keys(crew, races, race, f"slow-twelve-{race}-{number}")
        assert not races.findings()
