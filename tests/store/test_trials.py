"""Stories of a draft of the policy, tried on what was decided: decisions x drafts, and nothing is written."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from measured import run_measured
from postgres import AT_LENGTH
from store.asking import LIN, STOPPED, asked
from store.counter import Counter, everything_stored, plain_sql

from models import desk
from models.desk import PersonGiven
from models.errors import Refused
from models.jobs.expire import expire
from models.rules.cases import CaseOutcome
from models.rules.escalations import Escalation
from models.rules.intakes import Intake, Symptom
from models.stopping import Stopped
from models.trials.judging import Changed, Money
from models.trials.trial import Trial, try_draft

ENGINES = AT_LENGTH

pytestmark = pytest.mark.usefixtures("thresholds")

INTAKE = Intake("Ann", "ann@example.org", Symptom.EXPIRED, message="It says expired.")


@dataclass(frozen=True)
class Decided:
    """The cards of a desk on which something was decided, by what it was."""

    counter: Counter
    cards: Mapping[str, int]

    def try_(self, days: int = 90, **draft: Any) -> tuple[Trial, dict[str, Changed]]:
        """What a draft changes, by card."""
        names = {card: name for name, card in self.cards.items()}
        found: dict[str, Changed] = {}
        trial = try_draft(
            self.counter.ada,
            lambda policy: replace(policy, **draft),
            days,
            lambda changed: found.__setitem__(names[changed.card_id], changed),
        )
        return trial, found

    def would(self, **draft: Any) -> dict[str, tuple[str, Money]]:
        """The same in short."""
        _, found = self.try_(**draft)
        return {name: (changed.would.value, changed.money) for name, changed in found.items()}


@pytest.fixture
def decided(counter: Counter) -> Decided:
    """One decision of each kind, three hours after the cut-off, or two days."""
    vip = PersonGiven("Vic", "vic@example.org")
    assert desk.set_organisation(counter.sue, "Northwind", is_vip=True).done
    cards = {name: counter.issued("week", 4_000) for name in ("recent", "told", "handed", "explained", "held")}
    cards |= {name: counter.issued("week", 15_000) for name in ("approved", "refused", "lapsed")}
    cards["vip"] = counter.issued("week", 4_500, recipient=vip)
    assert desk.register(counter.sue, cards["vip"], vip, organisation="Northwind").done
    cards["held"] = counter.issued("half", 3_000)
    assert desk.suspend(counter.sue, cards["held"], "lost").done
    counter.at(STOPPED)
    counter.wait(hours=3)
    expire(counter.olaf)
    assert "number" in desk.reactivate(counter.sam, cards["recent"]).facts
    assert "number" in desk.reactivate(counter.sam, cards["held"], reason="found").facts
    requests = {name: asked(counter, cards[name]) for name in ("approved", "refused", "lapsed")}
    counter.wait(hours=1)
    assert desk.approve(counter.sue, requests["approved"]).done
    assert desk.refuse_approval(counter.sue, requests["refused"], "too much").done
    counter.wait(hours=44)
    assert "number" in desk.reactivate(counter.sam, cards["vip"]).facts
    assert desk.say(counter.sam, cards["told"], "expired").done
    not_available = Escalation.NOT_AVAILABLE
    assert desk.escalate(counter.sam, cards["handed"], not_available, "She was ill.", intake=INTAKE).done
    case = desk.open_case(counter.sam, cards["explained"]).facts["case"]
    assert desk.close_case(counter.sam, case, CaseOutcome.EXPLAINED).done
    counter.wait(hours=1)
    assert desk.redeem(counter.sam, cards["recent"], 1_500, order_ref="B-1").done
    assert desk.redeem(counter.sam, cards["vip"], 500, order_ref="B-2").done
    counter.wait(days=5)
    assert desk.redeem(counter.sam, cards["approved"], 9_000, order_ref="B-3").done
    assert not counter.findings()
    return Decided(counter, cards)


def unexpected(changed: Changed) -> None:
    pytest.fail(str(changed))


def test_the_policy_in_force_changes_nothing(decided: Decided) -> None:
    """Every decision is understood: tried under what it was taken under, it comes out as it was, whoever tries it."""
    kinds = {"reactivated": 3, "asked": 3, "declined": 1, "escalated": 1, "explained": 1}
    for session in (decided.counter.sam, decided.counter.ada, decided.counter.olaf):
        trial = try_draft(session, lambda policy: policy, 90, unexpected)
        assert not trial.untold
        assert {kind.value: count for kind, count in trial.unchanged.items()} == kinds


def drafts() -> dict[str, tuple[dict[str, Any], dict[str, tuple[str, Money]]]]:
    back, asked_for = Money(more_minor=4_000), Money(asked_minor=4_000)
    dear = Money(more_minor=15_000)
    return {
        "a window of two hours": (
            {"window_hours": 2},
            {
                "recent": ("refuse", Money(less_minor=4_000, spent_minor=1_500)),
                "approved": ("refuse", Money(less_minor=15_000, spent_minor=9_000)),
                "refused": ("refuse", Money()),
                "lapsed": ("refuse", Money()),
            },
        ),
        "a window of three days": (
            {"window_hours": 72},
            dict.fromkeys(("told", "handed", "explained"), ("reactivate", back)),
        ),
        "the same, above 10 pounds with an approval": (
            {"window_hours": 72, "approve_above": {"GBP": 1_000}},
            dict.fromkeys(("recent", "told", "handed", "explained"), ("ask", asked_for))
            | {"vip": ("ask", Money(asked_minor=4_500)), "held": ("ask", Money())},
        ),
        "no approvals": (
            {"approve_above": {}},
            {
                "approved": ("reactivate", Money()),
                "refused": ("reactivate", dear),
                "lapsed": ("reactivate", dear),
            },
        ),
        "nothing for VIPs": (
            {"grounds": ("recently_expired",)},
            {"vip": ("refuse", Money(less_minor=4_500, spent_minor=500))},
        ),
        "two a day": ({"stop_at": 2}, {"approved": ("refuse", Money(less_minor=15_000, spent_minor=9_000))}),
        "three days more, not seven": (
            {"extension_days": 3},
            {"recent": ("reactivate", Money()), "vip": ("reactivate", Money())},
        ),
    }


def test_what_a_draft_would_have_decided(decided: Decided) -> None:
    """Each draft of the table, and what was spent of what it would have kept."""
    for name, (draft, expected) in drafts().items():
        assert decided.would(**draft) == expected, name


def test_the_rules_own_sentences_say_why(decided: Decided) -> None:
    trial, found = decided.try_(window_hours=2, warn_at=3, lock_minutes=5)
    assert trial.undecided == ("Warning", "Lock")
    changed = found["recent"]
    assert changed.why == (
        "The card expired 3 h ago (the balance stopped on Thu 28 May 03:00): more than 2 h, and no VIP organisation.",
    )
    assert (changed.agent, changed.at.isoformat()) == ("Sam", "2026-05-28T05:00:00+00:00")
    assert found["approved"].came == "approved"
    assert found["lapsed"].came == "lapsed"


def test_what_was_spent_behind_the_last_day_of_a_draft(decided: Decided) -> None:
    """A card whose last day would have been sooner: what was spent after it would not have been."""
    decided.counter.wait(hours=1)
    desk.redeem(decided.counter.sam, decided.cards["vip"], 700, order_ref="B-4")
    assert decided.would(extension_days=3)["vip"] == ("reactivate", Money(spent_minor=700))


def test_what_came_back_later_all_the_same_costs_nothing(decided: Decided) -> None:
    """Told on Saturday that it was over, and given back on Sunday when the mark was there."""
    counter, card = decided.counter, decided.cards["told"]
    assert desk.register(counter.sue, card, LIN, organisation="Northwind").done
    counter.wait(days=2)
    assert "number" in desk.reactivate(counter.sam, card).facts
    assert decided.would(window_hours=72)["told"] == ("reactivate", Money())


def test_what_came_back_again_is_spent_once(decided: Decided) -> None:
    """The run came by neither time: the second time has a decision of its own."""
    counter = decided.counter
    card = counter.issued("week", 2_000)
    for days in (7, 8):
        counter.wait(days=days)
        assert "number" in desk.reactivate(counter.sue, card).facts
        assert desk.redeem(counter.sam, card, 500).done
    changed: list[Money] = []
    try_draft(
        counter.ada,
        lambda policy: replace(policy, window_hours=0),
        30,
        lambda each: changed.append(each.money) if each.card_id == card else None,
    )
    assert changed == [Money(less_minor=2_000, spent_minor=500), Money(less_minor=1_500, spent_minor=500)]


def test_of_one_card_money_comes_back_once(decided: Decided) -> None:
    """It was said twice, and handed over: three decisions, and two thousand pence."""
    counter = decided.counter
    card = counter.issued("week", 2_000)
    counter.wait(days=9)
    assert desk.say(counter.sam, card, "expired").done
    assert desk.say(counter.sue, card, "expired").done
    assert desk.escalate(counter.sam, card, Escalation.NOT_AVAILABLE, "Once more.", intake=INTAKE).done
    trial, _ = replace(decided, cards=dict.fromkeys(["it"], card)).try_(days=1, window_hours=24 * 7)
    assert (trial.changed.total(), trial.sums) == (3, {"GBP": Money(more_minor=2_000)})


def test_a_mark_that_was_changed_since_is_not_guessed_at(decided: Decided) -> None:
    """Nobody knows any more whether the holder of the card that was handed over was a VIP."""
    counter = decided.counter
    card = counter.issued("week", 2_000, recipient=LIN)
    counter.wait(days=10)
    assert desk.escalate(counter.sam, card, Escalation.NOT_AVAILABLE, "Old.", intake=INTAKE).done
    counter.wait(hours=1)
    assert desk.register(counter.sue, card, LIN, organisation="Northwind").done
    trial, _ = decided.try_()
    assert dict(trial.untold) == {"the holder's VIP mark, or the link to it, was changed since": 1}


def test_what_was_said_tells_that_there_was_no_mark(decided: Decided) -> None:
    """A customer was told that it expired for good: whatever the mark is today, it was not there then."""
    counter = decided.counter
    card = counter.issued("week", 2_000, recipient=LIN)
    counter.wait(days=9)
    assert desk.say(counter.sam, card, "expired").done
    counter.wait(hours=1)
    assert desk.register(counter.sue, card, LIN, organisation="Northwind").done
    trial, found = replace(decided, cards={"it": card}).try_(days=1, window_hours=72)
    assert (dict(trial.untold), found["it"].money) == ({}, Money(more_minor=2_000))


def test_a_card_that_could_have_been_given_back_was_no_decision_of_the_policy(decided: Decided) -> None:
    """Sam handed it over all the same, and closed the case of another: the policy stood in nobody's way."""
    counter = decided.counter
    one, other = counter.issued("week", 2_000), counter.issued("half", 2_000)
    counter.wait(days=7)
    assert desk.escalate(counter.sam, one, Escalation.NOT_AVAILABLE, "Odd.", intake=INTAKE).done
    case = desk.open_case(counter.sam, other).facts["case"]
    assert desk.close_case(counter.sam, case, CaseOutcome.EXPLAINED).done
    trial, found = decided.try_(days=1)
    assert (trial.unchanged.total(), dict(trial.untold), found) == (0, {}, {})


def test_what_does_not_lead_to_what_was_decided_is_said(decided: Decided) -> None:
    """A mark that the decision rested on is gone from it, and a version of the policy from another."""
    changes = {"vip": ('"was_vip":true', '"was_vip":false'), "recent": ('"policy":2', '"policy":9')}
    with plain_sql(decided.counter.store.path, guarded=False) as sql:
        for name, (before, after) in changes.items():
            sql.execute(
                "UPDATE activity SET details = REPLACE(details, ?, ?) WHERE kind = 'reactivated' AND card_id = ?",
                (before, after, decided.cards[name]),
            )
    trial, _ = decided.try_()
    assert dict(trial.untold) == {
        "what is kept of it does not lead to what was decided": 1,
        "the policy that it was decided under is not kept at this desk": 1,
    }


def test_of_a_mark_whose_age_is_not_known_a_closer_look_is_not_guessed_at(decided: Decided) -> None:
    """The mark was set anew since: whether it was a week old then is lost; that it was a day old follows."""
    counter = decided.counter
    for is_vip in (False, True):
        assert desk.set_organisation(counter.sue, "Northwind", is_vip=is_vip).done
    assert not decided.try_(fresh_hours=24)[0].untold
    trial, _ = decided.try_(fresh_hours=168)
    assert dict(trial.untold) == {"since when the VIP mark stood is not known any more": 1}


def test_repeats_are_counted_as_they_were(decided: Decided) -> None:
    """The second reactivation of a card would have been asked for."""
    counter, card = decided.counter, decided.cards["recent"]
    counter.wait(days=1, hours=6)
    assert "number" in desk.reactivate(counter.sam, card).facts
    trial, found = decided.try_(repeat_limit=1)
    assert found["recent"].why == ("This card was reactivated 1 time in 90 days.",)
    assert trial.changed.total() == 1


def test_a_limit_that_was_raised_for_a_day_stays_raised(decided: Decided, counter: Counter) -> None:
    """Sue let Sam go on: a draft with a lower limit leaves that as it was."""
    counter.wait(days=30)
    cards = [counter.issued("week") for _ in range(3)]
    counter.wait(days=7, hours=6)
    assert desk.set_policy(counter.mia, stop_at=2).done
    for card in cards[:2]:
        assert "number" in desk.reactivate(counter.sam, card).facts
    assert desk.raise_quota(counter.sue, "sam", 5, "a long night").done
    assert "number" in desk.reactivate(counter.sam, cards[2]).facts
    trial, _ = replace(decided, cards=dict(zip("abc", cards, strict=True))).try_(days=1, stop_at=1)
    assert not trial.changed


def test_nothing_is_written(decided: Decided) -> None:
    """Nor is anything done by who tires of waiting, or asks for days that are none."""
    before = everything_stored(decided.counter.store.path)
    decided.try_(window_hours=2)
    with pytest.raises(Stopped):
        try_draft(decided.counter.sam, lambda policy: policy, 90, unexpected, is_stopped=lambda: True)
    for days in (0, 3_661):
        with pytest.raises(Refused, match="the last 1 to 3,660 days"):
            decided.try_(days=days)
    assert everything_stored(decided.counter.store.path) == before
    decided.counter.wait(days=30)
    trial, found = decided.try_(days=30, window_hours=2)
    assert (trial.unchanged.total(), found) == (0, {})


def test_a_card_that_was_changed_with_another_tool_is_left_out(decided: Decided) -> None:
    with plain_sql(decided.counter.store.path, guarded=False) as sql:
        sql.execute("UPDATE activity SET amount_minor = -1 WHERE number = 1 AND card_id = ?", (decided.cards["vip"],))
    trial, _ = decided.try_()
    assert dict(trial.untold) == {"the card's journal does not add up": 1}


def test_a_trial_is_of_one_instant(counter: Counter) -> None:
    """What is decided in the very instant at which it is asked belongs to it."""
    card = counter.issued("week", 1_000)
    counter.at(STOPPED)
    assert "number" in desk.reactivate(counter.sam, card).facts
    trial = try_draft(counter.sam, lambda policy: policy, 1, lambda _: None)
    assert trial.unchanged.total() == 1
    assert trial.until - trial.since == timedelta(days=1)


@pytest.mark.slow
@pytest.mark.files
@pytest.mark.timeout(1_200)
def test_a_hundred_thousand_decisions_take_no_more_room(decided: Decided, tmp_path: Path) -> None:
    """One reactivation a hundred thousand times over, a moment apart: each is tried once, some at a time."""
    counter, card = decided.counter, decided.cards["recent"]
    draft = tmp_path / "draft.toml"
    draft.write_text("window_hours = 2", encoding="utf-8")
    at = ("--db", f"sqlite:///{counter.file}", "--as", "ada", "--now", counter.clock.now().isoformat())
    few, room = run_measured("policy", "try", str(draft), "--csv", *at)
    assert len(few.splitlines()) == 1 + 4
    with plain_sql(counter.store.path, guarded=False) as sql:
        for table, id_ in (("gift_card", "id"), ("activity", "card_id")):
            columns = [name for _, name, *_ in sql.execute(f"PRAGMA table_info({table})")]
            further = {id_: "+ 1000 * k", "recorded_at": "+ k", "effective_at": "+ k"}
            copied = ", ".join(f"{name} {further.get(name, '')}" for name in columns)
            sql.execute(
                "WITH RECURSIVE n(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n WHERE k < 100000) "
                f"INSERT INTO {table} ({', '.join(columns)}) SELECT {copied} FROM n JOIN {table} ON {id_} = {card}"
            )
    many, more_room = run_measured("policy", "try", str(draft), "--csv", *at)
    print(f"{room:,} KB for 9 decisions, {more_room:,} KB for 100,009")
    assert len(many.splitlines()) == 1 + 100_004
    assert more_room < room + 20_000
