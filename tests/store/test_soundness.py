"""Verification asks twice: a quick question of every card, and an exact one of those that do not add up."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from peewee import BlobField, TextField
from store.counter import NOON, Counter, copy_desk

from models import desk
from models.cards import CARD, LockedCard, as_read
from models.chain import START, seal, text_digest
from models.clock import FixedClock
from models.jobs.expire import expire
from models.journals import StoredActivity, what_is_wrong
from models.keys import Keys
from models.ledger import SEALED, row_seal
from models.schema import Activity, GiftCard, Table
from models.soundness import is_sound
from models.store import open_store

_KIND, _NUMBER, _DETAILS, _DIGEST = (SEALED.index(name) for name in ("kind", "number", "details", "text_digest"))


@dataclass
class Lying:
    """A card and all that belongs to it, as it lies in the tables."""

    card: list[Any]
    journal: list[list[Any]]
    """The sealed columns and the seal of each activity."""
    texts: dict[tuple[int, int], str | None]
    flags: set[int]

    def is_sound(self, keys: Keys) -> bool:
        """The quick question."""
        return is_sound(keys, self.card, self.journal, self.texts, self.flags)

    def wrong(self, keys: Keys) -> str | None:
        """The exact question; what it can't even read is wrong as well."""
        try:
            journal = [self._activity(row) for row in self.journal]
            return what_is_wrong(keys, self.locked(), journal, frozenset(self.flags))
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
            return repr(error)

    def locked(self) -> LockedCard:
        """The card's row as the desk reads it."""
        return as_read(self.card)

    def _activity(self, row: list[Any]) -> StoredActivity:
        *values, mac = row
        place = (values[SEALED.index("card")], values[_NUMBER])
        text = self.texts.get(place)
        is_removed = place in self.texts and text is None
        return StoredActivity(dict(zip(SEALED, values, strict=True)), mac, text, is_text_removed=is_removed)

    def seal_again(self, keys: Keys) -> None:
        """Somebody who has the key forges every seal."""
        previous = START
        for row in self.journal:
            text = self.texts.get((row[SEALED.index("card")], row[_NUMBER]))
            if text is not None:
                row[_DIGEST] = text_digest(keys, row[SEALED.index("card")], row[_NUMBER], text)
            row[-1] = previous = seal(keys, previous, row[:-1])
        self.card[CARD.index("head_mac")] = previous
        self.card[CARD.index("seal")] = row_seal(keys, self.locked())


@pytest.fixture(scope="module")
def eventful(furnished: Path) -> tuple[Keys, list[Lying]]:
    """Three cards to which much has happened."""
    with TemporaryDirectory() as folder:
        clock = FixedClock(NOON)
        counter = Counter(open_store(copy_desk(furnished, Path(folder)), clock), clock)
        _live_through(counter)
        assert not counter.findings()
        with counter.store.database.reading():
            return counter.store.keys, [_lying(counter, card) for card in (1, 2, 3)]


def _live_through(counter: Counter) -> None:
    broken, held, cancelled = counter.issued("week"), counter.issued("careful", 3000), counter.issued("forever")
    desk.redeem(counter.sam, broken, 1200, place="Leeds", order_ref="A-1")
    desk.raise_flag(counter.sam, held, "Two people ask for it.")
    desk.suspend(counter.sue, held, "Being looked at.")
    desk.raise_flag(counter.sam, held, "And a third.")
    desk.clear_flag(counter.sam, held, "Settled.", number=2)
    desk.register(counter.sam, held, desk.PersonGiven("Ada", "ada@example.org"))
    counter.at("2026-05-28T09:30")
    expire(counter.olaf)
    assert desk.reactivate(counter.sam, broken).done
    desk.redeem(counter.sam, broken, 800)
    desk.top_up(counter.mia, broken, 500)
    desk.note(counter.sam, cancelled, "Called on Monday.")
    desk.register(counter.sam, cancelled, desk.PersonGiven("Bo", "bo@example.org"))
    for session in (counter.sue, counter.mia):
        assert desk.remove_person(session, 2, ref="ZD-7").done


def _lying(counter: Counter, card: int) -> Lying:
    def read(sql: str) -> list[list[Any]]:
        return [list(row) for row in counter.store.database.execute_sql(sql, (card,))]

    columns = ", ".join("card_id" if name == "card" else name for name in SEALED)
    return Lying(
        read(f"SELECT {', '.join(CARD)} FROM gift_card WHERE id = ?")[0],
        read(f"SELECT {columns}, mac FROM activity WHERE card_id = ? ORDER BY number"),
        {(row[0], row[1]): row[2] for row in read("SELECT card_id, number, text FROM activity_text WHERE card_id = ?")},
        {row[0] for row in read("SELECT number FROM flag WHERE card_id = ? AND cleared_number IS NULL")},
    )


_VALUES = st.one_of(
    st.none(),
    st.integers(-1, 6),
    st.sampled_from([-5000, -800, 3000, 3800, 5000, 2**62, 1779364800000000]),
    st.sampled_from(["", "issue", "redemption", "breakage", "flag_cleared", "note", "GBP", "2026-06-04", "20260604"]),
    st.sampled_from(
        ["{}", "[]", "{", '{"sets":{"last_day":null}}', '{"sets":{"balance":1}}', '{"sets":{"product":2}}']
    ),
    st.just(b"\x00" * 32),
)


def _put(row: list[Any], table: type[Table], columns: tuple[str, ...], place: int, value: Any) -> None:
    """Put a value in a column that can hold it: the tables are strict."""
    place %= len(columns)
    field = table._meta.combined[columns[place]]
    kind = str if isinstance(field, TextField) else bytes if isinstance(field, BlobField) else int
    if isinstance(value, kind) or (value is None and field.null):
        row[place] = value


@st.composite
def _misdeeds(draw: st.DrawFn) -> Callable[[Lying], None]:
    """Something that another program does to what lies in the tables."""
    what = draw(st.sampled_from(["card", "activity", "activity", "delete", "repeat", "swap", "text", "flag"]))
    at, column, value = draw(st.integers(0, 12)), draw(st.integers(0, 30)), draw(_VALUES)

    def spoil(lying: Lying) -> None:
        journal = lying.journal
        row = journal[at % len(journal)]
        number = at % len(journal) + 1
        if what == "card":
            _put(lying.card, GiftCard, CARD, column, value)
        elif what == "activity":
            _put(row, Activity, (*SEALED, "mac"), column, value)
        elif what == "delete":
            journal.remove(row)
        elif what == "repeat":
            journal.append(list(row))
        elif what == "swap":
            journal[0], journal[number - 1] = journal[number - 1], journal[0]
        elif what == "text":
            lying.texts[lying.card[0], number] = value if isinstance(value, str) else None
        else:
            lying.flags ^= {number}

    return spoil


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(which=st.integers(0, 2), misdeeds=st.lists(_misdeeds(), max_size=2), has_key=st.booleans())
def test_the_quick_question_and_the_exact_one_agree(
    eventful: tuple[Keys, list[Lying]], which: int, misdeeds: list[Callable[[Lying], None]], has_key: bool
) -> None:
    """Whatever is done to a card, and even when every seal on it is forged with the key."""
    keys, cards = eventful
    lying = deepcopy(cards[which])
    for misdeed in misdeeds:
        if lying.journal:
            misdeed(lying)
    if has_key:
        try:
            lying.seal_again(keys)
        except (ValueError, TypeError, AttributeError, OverflowError):
            return
    assert lying.is_sound(keys) == (lying.wrong(keys) is None)


def test_what_the_desk_wrote_is_sound(eventful: tuple[Keys, list[Lying]]) -> None:
    """A removed text, a cleared flag and a breakage given back belong to a sound card."""
    keys, cards = eventful
    assert all(card.is_sound(keys) and card.wrong(keys) is None for card in cards)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("amount_minor", 1200),
        ("balance_after_minor", 5000),
        ("kind", "note"),
        ("effective_at", 2**62),
        ("recorded_at", -(2**62)),
        ("details", "[]"),
        ("details", "{"),
    ],
)
def test_a_forger_with_the_key_is_found_out_by_the_rules(
    eventful: tuple[Keys, list[Lying]], column: str, value: Any
) -> None:
    """Every seal holds, and still the money does not add up."""
    keys, cards = eventful
    lying = deepcopy(cards[0])
    lying.journal[1][SEALED.index(column)] = value
    lying.seal_again(keys)
    assert not lying.is_sound(keys)
    assert lying.wrong(keys) is not None
