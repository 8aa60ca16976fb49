"""The outbox: what is written waits there with whom it goes to, and nobody changes it unseen."""

import pytest
from store.counter import BOTH, Counter
from store.mailroom import holder, written

from models import desk
from models.fates import Fate
from models.outbox import count_letters, letters_in_hand
from models.rules.letters import LetterKind

ENGINES = BOTH


def test_a_letter_waits_for_its_holder_until_it_is_sent(counter: Counter) -> None:
    """Sam answers Ada: the letter is listed with whom it goes to and who wrote it, oldest first."""
    card = counter.issued(recipient=desk.PersonGiven("Ada", "ada@example.org"))
    first = written(counter.sam, card, holder(counter, card))
    counter.wait(minutes=1)
    second = written(counter.sue, card, subject="For Payments Support")
    one, other = letters_in_hand(counter.store)
    assert (one.id, one.kind, one.fate, one.addressee.email) == (
        first,
        LetterKind.REPLY,
        Fate.WAITING,
        "ada@example.org",
    )
    assert (other.id, other.kind, other.written_by, other.addressee.email) == (second, LetterKind.PACKET, "Sue", None)
    assert letters_in_hand(counter.store, after=one.key) == (other,)
    assert letters_in_hand(counter.store, letter_id=second) == (other,)
    assert letters_in_hand(counter.store, [Fate.REFUSED]) == ()
    assert count_letters(counter.store)[Fate.WAITING] == 2
    assert not counter.findings()


def test_a_subject_of_two_lines_is_no_subject(counter: Counter) -> None:
    """It could become a header of its own."""
    card = counter.issued()
    with pytest.raises(AssertionError, match="one line"):
        written(counter.sam, card, subject="Hello\nBcc: eve@example.org")
    assert letters_in_hand(counter.store) == ()
