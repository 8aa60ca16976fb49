"""Passwords: what is refused, and how long wrong ones cost."""

from datetime import timedelta

import pytest

from models.rules.errors import BadText
from models.rules.passwords import FREE_TRIES, LONGEST, SHORTEST, as_kept, check_password, wait_after


@pytest.mark.parametrize("password", ["correct horse", "ünïcödé wörds", "日本語の長い合言葉です", "x1y2" * 50])
def test_a_long_enough_password_is_taken(password: str) -> None:
    assert check_password(password, "sam") == as_kept(password)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("x1y2z3w4v", f"{SHORTEST} characters at least"),
        ("x1y2" * 51, f"{LONGEST} characters at most"),
        ("correct\nhorse", "letters, digits, signs and blanks only"),
        ("correct\x1b[31mhorse", "letters, digits, signs and blanks only"),
        ("correct\ud800horse", "letters, digits, signs and blanks only"),
        ("aaaaaaaaaaaa", "guessed too easily"),
        ("Sam.Agent.1", "guessed too easily"),
    ],
)
def test_a_weak_or_unspeakable_password_is_refused(password: str, why: str) -> None:
    with pytest.raises(BadText, match=why):
        check_password(password, "sam.agent.1")


def test_two_keyboards_type_one_password() -> None:
    """One sends é as a letter, the other as e and an accent."""
    assert as_kept("caf\u00e9 au lait") == as_kept("cafe\u0301 au lait")


def test_the_wait_begins_small_and_grows_to_a_quarter_of_an_hour() -> None:
    waits = [wait_after(wrong) for wrong in range(200)]
    assert waits[: FREE_TRIES + 1] == [timedelta()] * (FREE_TRIES + 1)
    assert waits[FREE_TRIES + 1 : FREE_TRIES + 4] == [timedelta(seconds=each) for each in (10, 20, 40)]
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(minutes=15)
