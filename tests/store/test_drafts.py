"""Drafts of the policy in files: what they may say, and the sentence for what they may not."""

from dataclasses import replace
from pathlib import Path

import pytest

from models.errors import Fault
from models.rules.errors import RuleError
from models.rules.policy import Policy
from models.trials.drafts import read_draft

POLICY = Policy(version=4, repeat_limit=3, approve_above={"GBP": 10_000})


def draft(tmp_path: Path, text: str) -> Policy:
    file = tmp_path / "draft.toml"
    file.write_text(text, encoding="utf-8")
    return read_draft(file, POLICY)


GOOD: dict[str, Policy] = {
    "": POLICY,
    "window_hours = 48": replace(POLICY, window_hours=48),
    'repeat_limit = "off"': replace(POLICY, repeat_limit=None),
    'grounds = ["vip"]\nversion = 4\nzone = "Europe/London"': replace(POLICY, grounds=("vip",)),
    "approve_above = { JPY = 9000 }": replace(POLICY, approve_above={"JPY": 9_000}),
    "alarms = [[7, 3]]": replace(POLICY, alarms=((7, 3),)),
    'lock_minutes = "off"\npayments_email = "off"': replace(POLICY, lock_minutes=0),
    'note = " Given back. "': replace(POLICY, note="Given back."),
}


@pytest.mark.parametrize("text", GOOD)
def test_a_draft_names_only_what_differs(tmp_path: Path, text: str) -> None:
    assert draft(tmp_path, text) == GOOD[text]


BAD = {
    "window = 3": "A policy has nothing called 'window'; it has window_hours, extension_days,",
    "version = 3": "Version 4 of the policy is in force: a draft has no version of its own.",
    "window_hours = 169": "The window after expiry is 0 to 168 hours.",
    'window_hours = "off"': "The window after expiry is 0 to 168 hours.",
    "window_hours = true": "The window after expiry is 0 to 168 hours.",
    "window_hours = 1.5": "The window after expiry is 0 to 168 hours.",
    'grounds = "vip"': "grounds is a list; write it like grounds = [], with its items in the brackets.",
    'grounds = ["loyal"]': "The grounds are vip and recently_expired.",
    "grounds = [[]]": "An item of a list of the draft is of another kind than those of a policy.",
    "alarms = [[7]]": "An item of a list of the draft is of another kind than those of a policy.",
    "languages = [5]": "An item of a list of the draft is of another kind than those of a policy.",
    "approve_above = 100": "approve_above has minor units for currencies; write it like",
    "approve_above = { GBP = 1.5 }": "The balance above which somebody must approve is 0 or more,",
    "note = 5": "note is a text; write it in quotes.",
    'note = "\\u001b[2J"': "The note holds a character that cannot be shown (U+001B).",
    'case_required = "often"': "'often' is none of never, escalation, always.",
    "payments_email = 5": 'payments_email is a text; write it in quotes, or "off".',
    "window_hours = ": "draft.toml, line 1: it can't be read. Write a line like: window_hours = 48",
    "x" * 100_001: "draft.toml is longer than a policy: 100,000 bytes at most.",
}


@pytest.mark.parametrize("text", BAD, ids=lambda text: text[:30])
def test_what_no_policy_says_is_refused_in_a_sentence(tmp_path: Path, text: str) -> None:
    with pytest.raises(RuleError) as caught:
        draft(tmp_path, text)
    assert str(caught.value).startswith(BAD[text])


def test_a_draft_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Fault) as caught:
        read_draft(tmp_path / "none.toml", POLICY)
    assert caught.value.sentence.endswith("none.toml can't be read: no such file or directory. Nothing was tried.")


def test_a_draft_in_another_encoding(tmp_path: Path) -> None:
    (tmp_path / "draft.toml").write_bytes('note = "Zurück"'.encode("latin-1"))
    with pytest.raises(RuleError, match=r"draft.toml is no UTF-8 text: save it as such."):
        read_draft(tmp_path / "draft.toml", POLICY)
