"""Whoever writes where and when in plain words is told how these are typed."""

from datetime import date

import pytest

from models.rules.query_advice import advice

PLACES = ("Leeds", "Web shop", "Zürich")


@pytest.mark.parametrize(
    ("said", "typed"),
    [
        ("bought in Leeds in May", "place:Leeds on:May"),
        ("last week in the web shop", 'on:last week place:"web shop"'),
        ("ada May 2026", "on:May 2026"),
        ("zurich 10482 21/05/2026", "place:zurich on:21/05/2026"),
        ("leeds leeds", "place:leeds"),
        ("leeds 21/05/2026", "place:leeds on:21/05/2026"),
    ],
)
def test_places_and_times_are_told_as_they_are_typed(said: str, typed: str) -> None:
    advised = advice(said.split(), PLACES, date(2026, 11, 21))
    assert advised is not None
    assert advised.sentence == f"Type {typed} for where or when it was bought."
    assert advised.is_whole is (said in ("leeds leeds", "leeds 21/05/2026"))


@pytest.mark.parametrize("said", ["", "ada lovelace", "Leedsham", "2026", "31.2.2026", "web"])
def test_other_words_are_left_alone(said: str) -> None:
    """A number alone is more likely an order."""
    assert advice(said.split(), PLACES, date(2026, 11, 21)) is None
