"""What is wrong with a card and what the agent does about it: every situation against a second table."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from rules.situations import DAY, HOUR, LONDON, LONG_AGO, NOW, PHASES, Phase, Situation, every_situation

from models.rules.diagnosis import Diagnosis, Verdict, diagnose
from models.rules.facts import Emptied, Replaced
from models.rules.journal import Kind
from models.rules.policy import Policy
from models.rules.roles import Action, Actor, Role

SAM = Actor(Role.AGENT, "sam@desk.example")

# The verdicts in their order; the first that fits is the verdict.
VERDICTS: list[tuple[str, Callable[[Situation], bool]]] = [
    ("inconsistent", lambda card: not card.consistent),
    ("cancelled", lambda card: card.cancelled),
    ("review", lambda card: (card.suspended or (card.expired and card.ground)) and card.flags > 0),
    ("lift", lambda card: card.suspended and not card.over),
    ("reinstate", lambda card: card.suspended and card.ground),
    ("decline", lambda card: card.suspended),
    ("too_early", lambda card: card.inactive),
    ("reinstate", lambda card: card.expired and card.ground),
    ("decline", lambda card: card.expired),
    ("spent", lambda card: card.balance == 0),
    ("retry", lambda card: card.balance > 0),
]


def expected_verdict(situation: Situation) -> str:
    return next(verdict for verdict, fits in VERDICTS if fits(situation))


def judge(situation: Situation, actor: Actor = SAM) -> Diagnosis:
    return diagnose(situation.card(), actor, Policy(), NOW, LONDON)


def test_every_situation_has_the_verdict_of_the_first_row_that_fits() -> None:
    seen = set()
    for situation in every_situation():
        expected = expected_verdict(situation)
        assert judge(situation).verdict == expected, situation
        seen.add(expected)
    assert seen == set(Verdict) - {"unknown"}


def test_every_situation_records_all_grounds_that_hold_and_no_other() -> None:
    """A cancelled card has none, for it is not expired, and neither has one that is not active yet."""
    for situation in every_situation():
        expected = []
        if situation.expired:
            expected += ["vip"] if situation.vip else []
            expected += ["recently_expired"] if situation.hours_since <= 24 else []
        assert list(judge(situation).grounds) == expected, situation


def may_reactivate(situation: Situation) -> bool:
    """By the refusals of a reactivation: each alone forbids it."""
    return (
        situation.consistent
        and not situation.cancelled
        and (situation.expired or situation.suspended)
        and (situation.ground or not situation.over)
        and situation.flags == 0
    )


@pytest.mark.parametrize("role", Role)
def test_a_reactivation_is_offered_exactly_when_policy_and_role_allow_it(role: Role) -> None:
    """And what it would do is told exactly when it can be done."""
    may = role in {"agent", "supervisor", "manager"}
    for situation in every_situation():
        found = judge(situation, Actor(role, "sam@desk.example"))
        allowed = may and may_reactivate(situation)
        assert (found.actions[Action.REACTIVATE] is None) is allowed, situation
        assert (found.would_become is not None) is allowed, situation


def test_the_verdicts_that_send_the_agent_to_reactivate_are_those_where_it_can_be_done() -> None:
    for situation in every_situation():
        found = judge(situation)
        assert (found.verdict in {"lift", "reinstate"}) is (found.would_become is not None), situation


def test_ones_own_card_has_the_same_verdict_but_cannot_be_reactivated() -> None:
    holder = Actor(Role.AGENT, "ada@home.example")
    for situation in every_situation():
        own, others = judge(situation, holder), judge(situation)
        assert (own.verdict, own.reason, own.grounds) == (others.verdict, others.reason, others.grounds), situation
        assert own.would_become is None, situation
        assert own.actions[Action.REACTIVATE] is not None, situation


# Sentences.


def spoken_date(at: datetime) -> str:
    return f"{at.day} {at:%b}"


def must_be_told(situation: Situation) -> list[str]:
    """What the reason of a situation has to name: the dates, the money and the place on which it turns."""
    phase = situation.phase
    match expected_verdict(situation):
        case "cancelled":
            return [f"{spoken_date(LONG_AGO)} {LONG_AGO.year}"]
        case "review":
            return ["1 flag is open" if situation.flags == 1 else f"{situation.flags} flags are open"]
        case "too_early":
            return [spoken_date(phase.active_from_at)]
        case "reinstate":
            assert phase.cut_off_at is not None
            told = ["28 Nov 2026", "50.00 GBP" if situation.purse in {"full", "broken"} else "GBP"]
            told += ["Northwind is a VIP"] if situation.vip else []
            told += [spoken_date(phase.cut_off_at + DAY)] if situation.hours_since <= 24 else []
            return told
        case "decline":
            assert phase.cut_off_at is not None
            return [spoken_date(phase.cut_off_at)]
        case "spent" if situation.purse == "spent":
            return [f"{spoken_date(LONG_AGO)} {LONG_AGO.year}", "12.50 GBP", "Leeds", "10482"]
        case "retry":
            return [f"{situation.balance / 100:.2f} GBP"]
        case "inconsistent":
            return ["Payments Support"]
    return []


def is_sentence(text: str) -> bool:
    return (text[:1].isupper() or text[:1].isdigit()) and is_finished(text)


def is_finished(text: str) -> bool:
    return text.endswith(".") and text == text.strip() and "None" not in text and "{" not in text


def test_every_reason_is_a_sentence_that_names_what_it_turns_on() -> None:
    for situation in every_situation():
        reason = judge(situation).reason
        assert is_sentence(reason), (situation, reason)
        for words in must_be_told(situation):
            assert words in reason, (situation, reason)


@pytest.mark.parametrize("role", Role)
def test_every_refused_action_has_a_sentence(role: Role) -> None:
    for situation in every_situation():
        for action, refusal in judge(situation, Actor(role)).actions.items():
            assert refusal is None or is_sentence(refusal), (situation, action, refusal)


# Stories, one for each row.

EXPIRED = Situation(
    Phase("", cut_off_at=datetime(2026, 11, 21, 3, tzinfo=UTC)),
    "broken",
    consistent=True,
    cancelled=False,
    suspended=False,
    flags=0,
    vip=False,
)
VALID = replace(EXPIRED, phase=Phase("", cut_off_at=NOW + 200 * DAY), purse="full")


def test_a_code_that_no_card_answers_to() -> None:
    found = diagnose(None, SAM, Policy(), NOW, LONDON)
    assert found.verdict is Verdict.UNKNOWN
    assert "Ask for the code again" in found.reason
    assert is_sentence(found.reason)
    assert (found.grounds, dict(found.actions), found.would_become) == ((), {}, None)


def test_a_card_that_expired_last_night_is_given_back_with_its_dates() -> None:
    found = judge(replace(EXPIRED, vip=True))
    assert found.verdict is Verdict.REINSTATE
    assert "Northwind" in found.reason
    for words in ("11 h ago", "Sun 22 Nov 03:00", "in 13 h", "Sat 28 Nov 2026", "gives back 50.00 GBP"):
        assert words in found.reason
    assert found.would_become is not None
    assert (found.would_become.restores_minor, found.would_become.lifts) == (5000, False)


def test_a_balance_that_the_run_has_not_broken_yet_is_kept() -> None:
    found = judge(replace(EXPIRED, purse="full"))
    assert found.verdict is Verdict.REINSTATE
    assert "keeps 50.00 GBP" in found.reason
    assert found.would_become is not None
    assert found.would_become.restores_minor == 0


def test_too_late_and_no_vip_is_declined_with_the_day_on_which_it_stopped() -> None:
    found = judge(replace(EXPIRED, phase=Phase("", cut_off_at=datetime(2026, 11, 18, 3, tzinfo=UTC))))
    assert found.verdict is Verdict.DECLINE
    assert "18 Nov" in found.reason
    assert "explain the expiry terms" in found.reason


def test_a_flag_on_a_card_that_would_be_declined_anyway_does_not_ask_for_a_review() -> None:
    late = Phase("", cut_off_at=NOW - 3 * DAY)
    assert judge(replace(EXPIRED, phase=late, flags=2)).verdict is Verdict.DECLINE
    assert judge(replace(EXPIRED, phase=late, flags=2, vip=True)).verdict is Verdict.REVIEW


def test_a_review_says_why_the_card_does_not_work() -> None:
    """On hold or expired: the flags are read for one or the other."""
    assert judge(replace(EXPIRED, flags=2)).reason.startswith("The card has expired and 2 flags are open.")
    assert judge(replace(VALID, suspended=True, flags=2)).reason.startswith(
        "The card is suspended and 2 flags are open."
    )


def test_a_flag_alone_does_not_stop_a_card_that_works() -> None:
    assert judge(replace(VALID, flags=2)).verdict is Verdict.RETRY


@pytest.mark.parametrize(
    ("flags", "told"),
    [(1, "1 flag is open: read before you answer."), (3, "3 flags are open: read before you answer.")],
)
def test_open_flags_on_a_card_that_works_are_told(flags: int, told: str) -> None:
    """They stop nothing, but whoever promises the balance has read them."""
    assert judge(replace(VALID, flags=flags)).reason.endswith(f" if it still fails, escalate. {told}")
    assert "flag" not in judge(VALID).reason


def test_a_held_card_that_is_not_active_yet_is_lifted_not_too_early() -> None:
    waiting = replace(VALID, phase=PHASES[0])
    assert judge(waiting).verdict is Verdict.TOO_EARLY
    assert judge(replace(waiting, suspended=True)).verdict is Verdict.LIFT


@pytest.mark.parametrize("purse", ["full", "one penny", "broken"])
def test_a_card_that_has_not_begun_is_too_early_although_its_last_day_is_over(purse: str) -> None:
    """Not active yet comes before expired: there is a date to tell and nothing to reactivate, not even for a VIP."""
    waiting = replace(VALID, phase=Phase("", NOW + 2 * DAY, NOW - HOUR), purse=purse, vip=True)
    found = judge(waiting)
    assert found.verdict is Verdict.TOO_EARLY
    assert "Mon 23 Nov 14:00" in found.reason
    assert found.grounds == ()
    assert "nothing to reactivate" in (found.actions[Action.REACTIVATE] or "")


def test_a_date_of_another_season_is_told_with_its_year() -> None:
    """A customer who waits until next summer, or comes a year late, must not take it for this year's."""
    waiting = replace(VALID, phase=Phase("", NOW + 200 * DAY))
    assert "Wed 9 Jun 2027 15:00" in judge(waiting).reason
    late = replace(EXPIRED, phase=Phase("", cut_off_at=datetime(2025, 11, 21, 3, tzinfo=UTC)))
    assert "Fri 21 Nov 2025 03:00" in judge(late).reason


@pytest.mark.parametrize(
    ("policy", "told", "untrue"),
    [
        (Policy(), ["more than 24 h", "no VIP organisation"], []),
        (Policy(window_hours=48), ["more than 48 h", "no VIP organisation"], ["24 h"]),
        (Policy(grounds=("vip",)), ["no VIP organisation"], ["more than", "24 h"]),
        (Policy(grounds=("recently_expired",)), ["more than 24 h"], ["VIP"]),
        (Policy(grounds=()), ["knows no exception"], ["more than", "24 h", "VIP"]),
    ],
)
@pytest.mark.parametrize("purse", ["full", "broken"])
def test_a_ground_that_the_policy_switched_off_is_not_told_as_missing(
    policy: Policy, told: list[str], untrue: list[str], purse: str
) -> None:
    """The same words in the verdict and in the refusal."""
    late = replace(EXPIRED, phase=Phase("", cut_off_at=NOW - 72 * HOUR), purse=purse)
    found = diagnose(late.card(), SAM, policy, NOW, LONDON)
    assert found.verdict is Verdict.DECLINE
    for sentence in (found.reason, found.actions[Action.REACTIVATE] or ""):
        assert "3 days ago" in sentence
        for words in told:
            assert words in sentence
        for words in untrue:
            assert words not in sentence


def test_an_expired_vip_is_declined_without_a_word_of_vips_when_that_ground_is_off() -> None:
    minutes_ago = replace(EXPIRED, phase=Phase("", cut_off_at=NOW - HOUR / 2), vip=True)
    found = diagnose(minutes_ago.card(), SAM, Policy(grounds=("recently_expired",)), NOW, LONDON)
    assert found.verdict is Verdict.REINSTATE
    assert "VIP" not in found.reason
    late = replace(minutes_ago, phase=Phase("", cut_off_at=NOW - 25 * HOUR))
    found = diagnose(late.card(), SAM, Policy(grounds=("recently_expired",)), NOW, LONDON)
    assert found.verdict is Verdict.DECLINE
    assert "VIP" not in found.reason


def test_a_vip_without_a_name_on_file_is_still_told() -> None:
    nameless = replace(replace(EXPIRED, vip=True).card(), organisation=None)
    assert "the holder's organisation is a VIP" in diagnose(nameless, SAM, Policy(), NOW, LONDON).reason


def test_a_held_card_over_before_it_began_is_not_said_to_be_empty() -> None:
    held = replace(VALID, phase=Phase("", NOW + 2 * DAY, NOW - HOUR), suspended=True)
    found = judge(held)
    assert found.verdict is Verdict.DECLINE
    for sentence in (found.reason, found.actions[Action.REACTIVATE] or ""):
        assert "could come back" in sentence
        assert "spent" not in sentence
        assert "nothing was left" not in sentence


def test_a_held_card_past_its_cut_off_is_restored_and_lifted_in_one() -> None:
    found = judge(replace(EXPIRED, suspended=True))
    assert found.verdict is Verdict.REINSTATE
    assert "It is also suspended: give the reason why that ends." in found.reason
    assert "suspended" not in judge(EXPIRED).reason
    assert found.would_become is not None
    assert (found.would_become.restores_minor, found.would_become.lifts) == (5000, True)


def test_a_card_that_came_in_empty_is_not_said_to_have_had_no_money_ever() -> None:
    """What happened to it before the import is not known."""
    card = replace(replace(VALID, purse="never loaded").card(), imported_empty_at=LONG_AGO)
    found = diagnose(card, SAM, Policy(), NOW, LONDON)
    assert found.verdict is Verdict.SPENT
    assert found.reason == "The card is valid, but was brought in on 5 May 2026 15:00 with nothing on it."


@pytest.mark.parametrize(
    ("emptied", "words"),
    [
        (
            Emptied(Kind.REDEMPTION, LONG_AGO, 1250, "Leeds", "10482"),
            ["12.50 GBP", "spent", "5 May 2026 15:00", "Leeds", "10482"],
        ),
        (Emptied(Kind.REDEMPTION, LONG_AGO, 1250), ["12.50 GBP", "spent", "5 May 2026 15:00"]),
        (Emptied(Kind.ADJUSTMENT, LONG_AGO, 1), ["0.01 GBP", "adjustment", "5 May 2026 15:00"]),
        (Emptied(Kind.TRANSFER_OUT, LONG_AGO, 5000), ["50.00 GBP", "another card", "5 May 2026 15:00"]),
    ],
)
def test_why_is_it_zero_names_the_one_activity_that_emptied_it(emptied: Emptied, words: list[str]) -> None:
    card = replace(replace(VALID, purse="spent").card(), emptied=emptied)
    found = diagnose(card, SAM, Policy(), NOW, LONDON)
    assert found.verdict is Verdict.SPENT
    for word in words:
        assert word in found.reason
    assert "None" not in found.reason


@pytest.mark.parametrize(
    ("situation", "balance", "verdict"),
    [
        (VALID, 0, "spent"),
        (VALID, 1500, "retry"),
        (replace(VALID, phase=Phase("", NOW + 2 * DAY)), 0, "too_early"),
        (replace(VALID, suspended=True), 0, "lift"),
        (replace(VALID, cancelled=True), 0, "cancelled"),
        (replace(EXPIRED, purse="full"), 1500, "reinstate"),
    ],
)
def test_a_replaced_card_points_to_the_card_in_its_place_whatever_else_is_found(
    situation: Situation, balance: int, verdict: str
) -> None:
    """Who types the old code is led on, with what is left to be moved."""
    card = replace(situation.card(), balance_minor=balance, replaced=Replaced("J773", LONG_AGO))
    found = diagnose(card, SAM, Policy(), NOW, LONDON)
    assert found.verdict == verdict
    assert "replaced by ···· J773 on 5 May 2026 15:00" in found.reason
    assert ("move there what is left on it." in found.reason) is (balance > 0)


@pytest.mark.parametrize(
    ("emptied", "is_returned"),
    [
        (Emptied(Kind.CANCELLATION, LONG_AGO, 5000), True),
        (Emptied(Kind.BREAKAGE, LONG_AGO, 5000), False),
        (Emptied(Kind.REDEMPTION, LONG_AGO, 5000), False),
        (None, False),
    ],
)
def test_a_balance_was_returned_to_the_payer_only_when_the_cancellation_took_it(
    emptied: Emptied | None, is_returned: bool
) -> None:
    """One that had broken or was spent before did not go back to anybody."""
    card = replace(replace(VALID, purse="never loaded", cancelled=True).card(), emptied=emptied)
    found = diagnose(card, SAM, Policy(), NOW, LONDON)
    assert found.verdict is Verdict.CANCELLED
    assert ("returned to the payer" in found.reason) is is_returned


def test_a_card_that_was_spent_before_its_cut_off_did_not_expire() -> None:
    spent = replace(EXPIRED, purse="spent")
    assert judge(spent).verdict is Verdict.SPENT
    assert judge(replace(spent, vip=True)).verdict is Verdict.SPENT


def test_the_window_of_the_policy_decides_what_recently_means() -> None:
    late = replace(EXPIRED, phase=Phase("", cut_off_at=NOW - 30 * HOUR)).card()
    assert diagnose(late, SAM, Policy(), NOW, LONDON).verdict is Verdict.DECLINE
    wider = diagnose(late, SAM, Policy(window_hours=48), NOW, LONDON)
    assert wider.verdict is Verdict.REINSTATE
    assert "in 18 h" in wider.reason
