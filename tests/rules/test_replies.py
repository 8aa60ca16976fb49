"""What the customer is told: something for every situation, nothing untrue, and nothing that stays at the desk."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from itertools import product

import pytest
from rules.situations import HOUR, LONDON, LONG_AGO, MICROSECOND, NOW, Phase, Situation, every_situation
from rules.telling import (
    ACTIVE_AGAIN,
    CANCELLED,
    EXPIRED,
    HANDED_OVER,
    NEVER,
    NEVER_LOADED,
    OVER,
    PATIENCE,
    RETRY,
    SAM,
    TOO_EARLY,
    USED_UP,
    VALID,
    facts,
    said,
    told,
    which,
)

from models.rules.diagnosis import Verdict, diagnose
from models.rules.policy import Policy
from models.rules.told import Told as Facts

REACTIVATED = [NEVER, NOW, NOW - HOUR, NOW - 24 * HOUR, NOW - 24 * HOUR - MICROSECOND, LONG_AGO]


@dataclass(frozen=True)
class Told:
    """A reply, and when it was given."""

    situation: Situation
    verdict: Verdict
    reactivated_at: datetime | None
    is_escalated: bool
    text: str


@cache
def every_reply() -> list[Told]:
    """The reply in every situation, whenever reactivated, handed over or not; made once, for it is asked often."""
    replies = []
    for situation in every_situation():
        card = facts(situation)
        diagnosis = diagnose(card, SAM, Policy(), NOW, LONDON)
        for reactivated_at, is_escalated in product(REACTIVATED, (False, True)):
            text = said(
                Facts(card, diagnosis.verdict, NOW, LONDON, reactivated_at=reactivated_at, is_handed_over=is_escalated)
            )
            replies.append(Told(situation, diagnosis.verdict, reactivated_at, is_escalated, text))
    return replies


def plain_replies() -> list[Told]:
    """Those for cards that nobody ever reactivated or handed over."""
    return [each for each in every_reply() if each.reactivated_at is NEVER and not each.is_escalated]


def every_text() -> set[str]:
    return {each.text for each in every_reply()}


def is_just_reactivated(reactivated_at: datetime | None) -> bool:
    return reactivated_at is not None and NOW - reactivated_at <= 24 * HOUR


def expected_reply(situation: Situation, verdict: Verdict) -> str:
    """The reply for a verdict, for a card that nobody reactivated these days or ever handed over."""
    match verdict:
        case Verdict.SPENT:
            return USED_UP if situation.purse == "spent" else NEVER_LOADED
        case Verdict.DECLINE if not situation.expired:
            return PATIENCE
    return {
        Verdict.CANCELLED: CANCELLED,
        Verdict.TOO_EARLY: TOO_EARLY,
        Verdict.DECLINE: EXPIRED,
        Verdict.RETRY: RETRY,
    }.get(verdict, PATIENCE)


# Every situation.


def test_every_situation_has_the_reply_of_its_verdict() -> None:
    for each in plain_replies():
        assert which(each.text) == expected_reply(each.situation, each.verdict), each
    assert {each.verdict for each in plain_replies()} == set(Verdict) - {"unknown"}


def test_a_card_is_active_again_exactly_when_it_can_be_spent_and_was_reactivated_within_a_day() -> None:
    """The 24th hour included. Suspended again, spent, expired again or in doubt since: another reply."""
    plain = {(each.situation, each.is_escalated): each.text for each in every_reply() if each.reactivated_at is NEVER}
    for each in every_reply():
        can_be_spent = each.situation.spendable and each.situation.consistent
        is_true = can_be_spent and is_just_reactivated(each.reactivated_at)
        assert (ACTIVE_AGAIN in each.text) is is_true or (is_true and each.is_escalated), each
        assert is_true or each.text == plain[each.situation, each.is_escalated], each


def test_payments_support_is_named_to_whoever_waits_exactly_when_the_card_was_handed_over() -> None:
    """Nobody is told that a colleague looks into it who was never asked, whatever is wrong with the card."""
    plain = {each.situation: each.text for each in plain_replies()}
    for each in every_reply():
        assert ("payments team" in each.text) is (HANDED_OVER in each.text), each
        assert each.is_escalated or HANDED_OVER not in each.text, each
        if which(plain[each.situation]) == PATIENCE:
            assert which(each.text) == (HANDED_OVER if each.is_escalated else PATIENCE), each


LAST_NIGHT = replace(VALID, phase=Phase("", cut_off_at=NOW - 11 * HOUR))


@pytest.mark.parametrize(
    ("situation", "verdict"),
    [
        (replace(VALID, consistent=False), Verdict.INCONSISTENT),
        (replace(LAST_NIGHT, flags=1), Verdict.REVIEW),
        (replace(VALID, suspended=True), Verdict.LIFT),
        (LAST_NIGHT, Verdict.REINSTATE),
        (replace(OVER, suspended=True, purse="spent"), Verdict.DECLINE),
    ],
)
def test_whoever_waits_is_told_who_looks_into_it(situation: Situation, verdict: Verdict) -> None:
    assert diagnose(facts(situation), SAM, Policy(), NOW, LONDON).verdict is verdict
    assert which(told(situation, is_escalated=True)) == HANDED_OVER
    assert which(told(situation, is_escalated=False)) == PATIENCE


@pytest.mark.parametrize(
    ("situation", "expected"),
    [
        (replace(VALID, cancelled=True), CANCELLED),
        (replace(VALID, phase=Phase("", NOW + 2 * HOUR, NOW + 2000 * HOUR)), TOO_EARLY),
        (replace(VALID, purse="spent"), USED_UP),
        (replace(VALID, purse="never loaded"), NEVER_LOADED),
    ],
)
def test_what_is_plain_is_told_whoever_looks_into_it(situation: Situation, expected: str) -> None:
    """Unless the card lies with the payments team just now: then that is told, whatever is found."""
    assert which(told(situation, is_escalated=False)) == expected
    assert which(told(situation, is_escalated=True)) == HANDED_OVER


def test_a_card_handed_over_because_the_checkout_still_refuses_it_is_not_sent_back_there() -> None:
    assert "try again at checkout" not in told(VALID, is_escalated=True)


@pytest.mark.parametrize("reactivated_at", [NEVER, NOW, NOW - HOUR, LONG_AGO])
def test_a_card_that_does_not_add_up_is_promised_nothing(reactivated_at: datetime | None) -> None:
    """The desk redeems nothing from it, and its balance is in doubt; nobody was asked to check it yet."""
    text = told(replace(VALID, consistent=False), reactivated_at)
    assert which(text) == PATIENCE
    assert "GBP" not in text


def test_only_a_card_that_really_expired_is_said_to_have_expired() -> None:
    for each in every_reply():
        is_declined = EXPIRED in each.text
        assert not is_declined or (each.situation.expired and not each.situation.ground), each
        assert ("expire" in each.text) is is_declined, each


def test_a_held_card_over_before_it_began_is_not_said_to_have_expired() -> None:
    """Not active yet comes before expired."""
    held = replace(VALID, phase=Phase("", NOW + 48 * HOUR, NOW - HOUR), suspended=True)
    assert which(told(held)) == PATIENCE


def test_a_balance_is_only_promised_when_it_can_be_spent_now_or_from_a_day_that_is_told() -> None:
    for each in every_reply():
        if each.situation.balance and each.situation.consistent and "GBP" in each.text:
            assert each.situation.spendable or TOO_EARLY in each.text, each


# What stays at the desk.

HOURS = re.compile(
    r"\d{1,2}[:.]\d{2}(?!\d* ?GBP)|\b\d{1,2} ?(?:am|pm|a\.m\.|p\.m\.|h|hours?|o'clock)\b|\b24\b", re.IGNORECASE
)
DESK_WORDS = re.compile(
    r"vip|flag|suspicio|suspect|suspend|suspension|fraud|\bhold\b|\bheld\b|polic|ground|supervisor|agent|breakage|"
    r"cut-?off|organisation|northwind|escalat|journal|inconsistent|verdict|note\b|northwind|@|none|null|[{}_<>]",
    re.IGNORECASE,
)
CODE = re.compile(r"\b[A-Z0-9]{6,}\b|\b(?:[A-Z0-9]{4}[ -]){2,}[A-Z0-9]{1,4}\b|\u00b7")


def test_no_reply_tells_an_hour_a_code_or_what_only_the_desk_knows() -> None:
    for text in every_text():
        for private in (HOURS, DESK_WORDS, CODE):
            assert private.search(text) is None, private.search(text)


def test_no_reply_tells_the_day_on_which_the_cut_off_falls() -> None:
    """The customer is told the last day; the three hours after it are a courtesy that nobody counts on."""
    for each in every_reply():
        if each.situation.phase.cut_off_at is not None:
            stops_on = LONDON.date_of(each.situation.phase.cut_off_at)
            assert re.search(rf"\b{stops_on.day} {stops_on:%b %Y}", each.text) is None, each


def test_flags_and_vip_marks_change_no_word_but_for_the_verdict() -> None:
    """Nobody can read out of two replies who is watched or favoured."""
    texts: dict[tuple[Situation, Verdict, bool], str] = {}
    for each in every_reply():
        if each.reactivated_at is NEVER:
            unmarked = replace(each.situation, flags=0, vip=False), each.verdict, each.is_escalated
            assert texts.setdefault(unmarked, each.text) == each.text, each


@pytest.mark.parametrize("is_escalated", [False, True])
def test_under_review_on_hold_in_doubt_and_about_to_come_back_read_the_same(is_escalated: bool) -> None:
    """A customer is not told that they are looked at more closely than others."""
    waiting = [
        replace(VALID, consistent=False),
        replace(LAST_NIGHT, flags=2),
        replace(LAST_NIGHT, suspended=True, flags=1),
        replace(VALID, suspended=True),
        replace(VALID, suspended=True, flags=3),
        LAST_NIGHT,
        replace(OVER, vip=True),
        replace(OVER, suspended=True, purse="spent"),
    ]
    assert len({told(situation, is_escalated=is_escalated) for situation in waiting}) == 1


def test_every_reply_is_a_few_whole_sentences() -> None:
    for text in every_text():
        assert text[0].isupper(), text
        assert text.endswith("."), text
        assert text == " ".join(text.split()), text
        assert text.isprintable(), text
        assert 2 <= len(re.findall(r"[.?](?: |$)", text)) <= 6, text
        assert len(text) < 500, text
