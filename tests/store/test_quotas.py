"""Stories of how many cards somebody reactivates on a day: warned, stopped, and let on by a supervisor."""

from postgres import AT_LENGTH
from store.counter import Counter

from models import desk
from models.unit import Outcome

ENGINES = AT_LENGTH
STOPPED = "2026-05-28T02:00"


def ready(counter: Counter, count: int, **policy: object) -> list[int]:
    """So many cards that stopped this morning, at a desk with these limits."""
    assert desk.set_policy(counter.mia, **policy).done  # type: ignore[arg-type]
    cards = [counter.issued("week") for _ in range(count)]
    counter.at(STOPPED)
    return cards


def refused(outcome: Outcome) -> str:
    assert not outcome.done
    return outcome.sentence


def test_sam_is_warned_and_then_stopped(counter: Counter) -> None:
    """The eighth is told, the fifteenth is the last; tomorrow is another day."""
    cards = ready(counter, 17, warn_at=8, stop_at=15)
    told = [desk.reactivate(counter.sam, card) for card in cards[:15]]
    assert [" today " in each.sentence for each in told] == [False] * 7 + [True] * 8
    assert told[7].sentence.endswith(" It is number 8 of today for you; 15 are the most.")
    assert refused(desk.reactivate(counter.sam, cards[15])) == (
        "You have reactivated 15 cards today, which is the limit: a supervisor or a manager can raise it for today "
        "(giftdesk agents raise)."
    )
    assert desk.reactivate(counter.sue, cards[15]).done
    counter.at("2026-05-28T23:00")
    assert desk.reactivate(counter.sam, cards[16]).done
    assert not counter.findings()


def test_a_dry_run_counts_nothing_and_knows_the_limit(counter: Counter) -> None:
    first, second = ready(counter, 2, stop_at=1)
    for _ in range(3):
        assert desk.reactivate(counter.sam, first, is_dry_run=True).done
    assert desk.reactivate(counter.sam, first).done
    assert "which is the limit" in refused(desk.reactivate(counter.sam, second, is_dry_run=True))


def test_the_same_wish_again_counts_once(counter: Counter) -> None:
    first, second = ready(counter, 2, stop_at=2)
    for _ in range(3):
        assert desk.reactivate(counter.sam, first, intent="once").done
    assert desk.reactivate(counter.sam, second).done


def test_a_supervisor_lets_sam_go_on_for_today(counter: Counter) -> None:
    first, second, third = ready(counter, 3, stop_at=1)
    assert desk.reactivate(counter.sam, first).done
    done = desk.raise_quota(counter.sue, "sam", 2, "the fair", ref="T-1")
    assert done.sentence == "sam may reactivate 2 cards today; 1 of them are used."
    assert desk.reactivate(counter.sam, second).done
    assert "reactivated 2 cards today" in refused(desk.reactivate(counter.sam, third))
    counter.wait(hours=22)
    assert desk.reactivate(counter.sam, third).done
    assert not counter.findings()


def test_a_limit_is_raised_by_somebody_else_and_to_more(counter: Counter) -> None:
    ready(counter, 1, stop_at=5)
    assert refused(desk.raise_quota(counter.sue, "sue", 9, "me")) == "Your own limit is raised by somebody else."
    assert "ask a supervisor or a manager" in refused(desk.raise_quota(counter.sam, "sam", 9, "me"))
    for most in (5, 0, -1, 1_001):
        assert refused(desk.raise_quota(counter.sue, "sam", most, "fair")).startswith("The limit is 5 today")
    assert refused(desk.raise_quota(counter.sue, "nobody", 9, "fair")).startswith("Nobody at this desk has the login")
    assert desk.set_policy(counter.mia, stop_at=None).done
    assert refused(desk.raise_quota(counter.sue, "sam", 9, "fair")).startswith("The policy sets no limit")


def test_an_approved_one_counts_for_who_asked_when_it_is_carried_out(counter: Counter) -> None:
    """Whoever approves uses nothing of their own; whoever has nothing left asks for nothing."""
    dear, second, third = ready(counter, 3, stop_at=1, approve_above={"GBP": 1_000})
    request = desk.reactivate(counter.sam, dear).facts["approval"]
    another = desk.reactivate(counter.sam, second).facts["approval"]
    assert desk.approve(counter.sue, request).done
    assert refused(desk.approve(counter.sue, another)).startswith("Sam has reactivated 1 card today")
    assert "which is the limit" in refused(desk.reactivate(counter.sam, third))
    assert desk.raise_quota(counter.sue, "sam", 2, "they wait").done
    assert desk.approve(counter.sue, another).done
    assert not counter.findings()
