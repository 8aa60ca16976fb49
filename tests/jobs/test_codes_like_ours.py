"""What the codes that came in change: when one is called mistyped, and whether letters alone may be one."""

from pathlib import Path

import pytest
from jobs.samples import PRETIX, PW
from jobs.twins import arrive, leave, write
from postgres import AT_LENGTH
from store.counter import plain_sql

from models.finding import find
from models.jobs.mapped import import_mapped
from models.jobs.mapping import read_mapping
from models.jobs.own import import_own
from models.lookups import is_miss, look_up
from models.store import Store
from models.unit import Session

ENGINES = AT_LENGTH
OURS = "2222 3333 4444 555N"
WRONG = "2222 3333 4444 5555"
"""Of our form, but none of ours."""
MISREAD = "ZZZZ 3333 4444 S555"
"""The same, with characters that we never use for those that look like them."""
MISTYPED = "This code was mistyped: its check fails. Ask again, one group at a time."
UNKNOWN = "No card answers to this code. Ask for the code again, one group at a time."


def told(store: Store, code: str = WRONG) -> str | None:
    """What is said of a code that no card answers to."""
    found = find(store, code)
    assert (found.is_unknown, found.lines) == (True, ())
    return found.sentence


def imported(manager: Session, folder: Path, text: str, mapping: str = "pw-gift-cards") -> None:
    """Bring in a table of cards from elsewhere."""
    path = folder / "cards.csv"
    path.write_text(text)
    currency = None if mapping == "pretix" else "GBP"
    assert import_mapped(manager, path, read_mapping(mapping), currency=currency, is_commit=True).is_committed


def by_hand(manager: Session, folder: Path, **cells: str) -> None:
    """Bring in a table with one card that somebody wrote."""
    row = {"code": "ABCD12345678", "currency": "GBP", "balance": "12.50", "product_name": "Old cards", **cells}
    assert import_own(manager, [write(folder / "hand.csv", [row])], is_commit=True).is_committed


def test_a_code_of_ours_that_fails_its_check_is_mistyped(store: Store) -> None:
    """The agent hears at once that no looking will find it; a code that could be right is just not known."""
    assert [told(store, code) for code in (WRONG, MISREAD, OURS)] == [MISTYPED, MISTYPED, UNKNOWN]


def test_of_a_code_of_another_form_nothing_is_claimed(store: Store) -> None:
    """Too short, too long, or with a character that looks like none of ours: no check can tell anything of it."""
    for code in ("2222 3333 4444 555", "2222 3333 4444 5555 5", "1222 3333 4444 5555"):
        assert told(store, code) == UNKNOWN


def test_codes_of_another_form_change_nothing(manager: Session, tmp_path: Path) -> None:
    imported(manager, tmp_path, PRETIX, "pretix")
    assert told(manager.store) == MISTYPED


@pytest.mark.parametrize("code", ["9999-8888-7777-6666", "9999-8888-7777-666G"])
def test_where_codes_like_ours_came_in_nothing_is_claimed_any_more(manager: Session, tmp_path: Path, code: str) -> None:
    """Another shop's code may have our form by chance, as typed or as it looks: it would be called wrong wrongly."""
    imported(manager, tmp_path, PW.replace("ABCD-EFGH-IJKL-MNOP", code))
    assert told(manager.store) == UNKNOWN


def test_a_further_code_of_a_card_counts_as_well(manager: Session, tmp_path: Path) -> None:
    by_hand(manager, tmp_path, aliases="OLD123456 9999888877776666")
    assert told(manager.store) == UNKNOWN


def test_codes_that_we_made_may_come_in_again(manager: Session, tmp_path: Path) -> None:
    by_hand(manager, tmp_path, code="234567892345678T", aliases="OLD123456")
    assert told(manager.store) == MISTYPED


def test_where_only_digests_came_nothing_is_claimed(busy: Session, tmp_path: Path) -> None:
    """An export tells no codes: some of them may have come from elsewhere to the desk that it left."""
    leave(busy, tmp_path / "out")
    assert told(busy.store) == MISTYPED
    assert arrive(busy, tmp_path / "out", is_commit=True).is_committed
    assert told(busy.store) == UNKNOWN


def test_letters_alone_are_a_name_where_no_such_code_came_in(manager: Session, tmp_path: Path) -> None:
    """Whoever misspells a name has looked for no code, and whoever tries codes learns nothing."""
    by_hand(manager, tmp_path)
    assert not is_miss(look_up(manager, "Abcdefgh"))
    assert not is_miss(look_up(manager, "Pemberton"))


@pytest.mark.parametrize("cells", [{"code": "ABCDEFGH"}, {"aliases": "OLD123456 ABCDEFGH"}])
def test_where_codes_of_letters_came_in_they_are_looked_for_and_counted(
    manager: Session, tmp_path: Path, cells: dict[str, str]
) -> None:
    by_hand(manager, tmp_path, **cells)
    assert look_up(manager, "abcd efgh").is_exact
    assert is_miss(look_up(manager, "abcdefgx"))
    assert not is_miss(look_up(manager, "order 10482123"))


def test_of_an_import_that_an_older_giftdesk_did_nothing_is_known(manager: Session, tmp_path: Path) -> None:
    imported(manager, tmp_path, PRETIX, "pretix")
    with plain_sql(manager.store.path) as sql:
        sql.execute("UPDATE import_batch SET has_codes_like_ours = NULL, has_codes_of_letters = NULL")
    assert told(manager.store) == UNKNOWN
    assert is_miss(look_up(manager, "Pemberton"))
