"""Somebody tries codes by the thousand: neither words nor time tell how near they came, and soon they may try no more.

pytest tests/store/test_enumeration.py -m slow
"""

import random
from collections import Counter as Tally
from statistics import median

import pytest
from store.counter import BOTH, Counter
from store.guesses import code_of

from models.clock import Stopwatch
from models.errors import Refused
from models.lookups import NoSuchCode, card_answering, record_miss
from models.rules.codes import ALPHABET, new_code
from models.rules.lookups import STOP_AT, stopped

ENGINES = BOTH
_TRIED = 1_000
_MOST_APART_SECONDS = 0.020


def a_slip_from(code: str, chance: random.Random) -> str:
    """One character of a card's code is another."""
    place = chance.randrange(len(code))
    return f"{code[:place]}{chance.choice([each for each in ALPHABET if each != code[place]])}{code[place + 1 :]}"


def told(counter: Counter, code: str) -> tuple[str, float]:
    """What is said to who tries a code that no card answers to, and how long that takes in seconds."""
    watch = Stopwatch()
    with pytest.raises(NoSuchCode) as missed:
        card_answering(counter.sam, code)
    return str(missed.value), watch.seconds()


@pytest.mark.slow
def test_neither_words_nor_time_tell_how_near_a_code_came(counter: Counter) -> None:
    """A slip from a card's code and a slip from nobody's are answered alike, and so are codes made up whole."""
    chance = random.Random(22)
    codes = [code_of(counter).replace(" ", "") for _ in range(40)]
    nobodys = [new_code(chance.randrange) for _ in codes]
    near = [a_slip_from(chance.choice(codes), chance) for _ in range(_TRIED)]
    far = [a_slip_from(chance.choice(nobodys), chance) for _ in range(_TRIED)]
    made_up = [new_code(chance.randrange) for _ in range(_TRIED)]
    for kinds in zip(near, far, made_up, strict=True):
        for code in kinds:
            assert code not in codes
    said = [tuple(told(counter, code) for code in kinds) for kinds in zip(near, far, made_up, strict=True)]
    words = [Tally(each[kind][0] for each in said) for kind in range(3)]
    assert words[0].keys() == words[1].keys()
    assert len(words[0]) == len(words[2]) == 1
    times = [median(each[kind][1] for each in said) for kind in range(3)]
    print(f"near {times[0] * 1000:.2f} ms, far {times[1] * 1000:.2f} ms, made up {times[2] * 1000:.2f} ms")
    assert max(times) - min(times) < _MOST_APART_SECONDS


@pytest.mark.slow
def test_after_twenty_misses_a_thousand_codes_tell_nothing(counter: Counter) -> None:
    """Whether a card answers to them or not: the same words, and no card."""
    chance = random.Random(23)
    codes = [code_of(counter) for _ in range(20)]
    refusals: list[str] = []
    for number in range(_TRIED):
        code = chance.choice(codes) if number > STOP_AT and number % 3 == 0 else new_code(chance.randrange)
        try:
            card_answering(counter.sam, code)
        except NoSuchCode as missed:
            assert number < STOP_AT
            record_miss(counter.sam, missed.text)
        except Refused as refused:
            refusals.append(str(refused))
        else:
            raise AssertionError(f"the {number}th code was answered")
    assert refusals == [stopped()] * (_TRIED - STOP_AT)
    assert not counter.findings()
