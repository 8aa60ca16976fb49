"""Stories of people who are looked for by what a caller says of them, and of the index that leads to them."""

import random
import string
import threading

import pytest
from store.counter import BOTH, Counter, plain_sql

from models import desk
from models.desk import PersonGiven
from models.engine import DeskDatabase
from models.jobs.findable import count_unfindable
from models.jobs.repair import repair, tell_apart
from models.people import PersonGiven as Given
from models.people import customer_id, name_and_email, write_people
from models.schema import Customer
from models.search.fitting import Fitting, people_fitting
from models.store import Store

ENGINES = BOTH
NAMES = (
    "Ada Lovelace",
    "Grace O'Brien-Hopper",
    "Zoë Łukasik",
    "Søren Yılmaz",
    "王伟",
    "Мария Петрова",
    "Linnea van der Straße",
)


def added(counter: Counter, *people: PersonGiven) -> list[int]:
    """The numbers of people who were just written down."""
    with counter.store.database.writing():
        return [customer_id(person, counter.clock.now()) for person in people]


def fitting(store: Store, *words: str, most: int = 50) -> Fitting:
    with store.database.reading():
        return people_fitting(store.database, words, most)


def found(counter: Counter, *words: str) -> list[int]:
    """The numbers of everybody whom the words fit; they are few, and each of them fits when looked at alone."""
    told = fitting(counter.store, *words)
    assert told.few is not None
    assert everybody(counter.store.database, told) == set(told.few)
    return sorted(told.few)


def everybody(database: DeskDatabase, told: Fitting) -> set[int]:
    """Those whom the words fit when everybody is looked at."""
    holds, params = told.holds("c.id")
    sql = f"SELECT c.id FROM customer c WHERE c.merged_into_id IS NULL AND {holds}"
    with database.reading():
        return {id_ for (id_,) in database.execute_sql(sql, params).fetchall()}


@pytest.fixture
def crowd(counter: Counter) -> list[int]:
    """People of many scripts, and somebody who has an address only."""
    people = [PersonGiven(name) for name in NAMES]
    return added(counter, *people, PersonGiven(None, "grace.h+gift1906@mail.example.org"))


def test_every_part_of_a_name_finds_its_person(counter: Counter, crowd: list[int]) -> None:
    """By three letters of a word in a row or more, as they are typed and without their accents."""
    parts = {"lovelac": 0, "OVE": 0, "brien": 1, "O'Bri": 1, "hopp": 1, "zoe": 2, "Łuk": 2, "luka": 2, "soren": 3}
    parts |= {"yilm": 3, "Yılmaz": 3, "伟": 4, "王伟": 4, "петр": 5, "strass": 6, "van der": 6, "li": 6}
    assert {part: found(counter, part) for part in parts} == {part: [crowd[place]] for part, place in parts.items()}


def test_words_come_in_any_order_and_all_on_one_person(counter: Counter, crowd: list[int]) -> None:
    """One by the name, another by the address; what two people have between them fits neither."""
    (both,) = added(counter, PersonGiven("Ada King", "lovelace@work.example"))
    assert found(counter, "lovelace", "ada") == [crowd[0], both]
    assert found(counter, "king", "lovelace") == [both]
    assert found(counter, "ada", "work.example") == [both]
    assert found(counter, "hopper", "lovelace") == []


def test_parts_of_an_address(counter: Counter, crowd: list[int]) -> None:
    """Its beginning, its end, its letters, its digits where something leads to them; signs are no wildcards."""
    address = crowd[-1]
    for part in ("grace.h+gift1906@mail.example.org", "grace.h+g", "gift1906@mail", "gift1906", "@mail", "example.org"):
        assert address in found(counter, part)
    assert found(counter, "1906", "gift") == [address]
    for sign in ("%", "_", "gr_ce", "gr%ce", "gift190_", "gift%@mail", '"', "NEAR(", "\\"):
        assert found(counter, sign) == []


def test_a_slip_is_forgiven_when_nobody_fits_as_typed(counter: Counter, crowd: list[int]) -> None:
    """What the word was taken for is told; short words are taken as they are, and so is what somebody is called."""
    told = fitting(counter.store, "Lovelase", "ada")
    assert (told.few, told.mended) == ((crowd[0],), (("Lovelase", "lovelace"),))
    assert everybody(counter.store.database, told) == {crowd[0]}
    assert fitting(counter.store, "adb").few == ()
    (lovelase,) = added(counter, PersonGiven("Eve Lovelase"))
    assert (fitting(counter.store, "lovelase").few, fitting(counter.store, "lovelase").mended) == ((lovelase,), ())
    assert fitting(counter.store, "ada", "lovelase").few == (crowd[0],)
    assert fitting(counter.store, "xqwzk", "ada").few == ()


def test_any_slip_in_any_longer_word_finds_the_person(counter: Counter, crowd: list[int]) -> None:
    """A letter too many, too few, another one, or two that changed places, wherever it is."""
    chance = random.Random(7)
    for word, place in (("lovelace", 0), ("hopper", 1), ("lukasik", 2), ("yilmaz", 3), ("петрова", 5)):
        at = chance.randrange(len(word) - 1)
        letter = chance.choice("ж" if word[0] not in string.ascii_letters else "qxj")
        swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        slipped = {
            word[:at] + word[at + 1 :],
            word[:at] + letter + word[at:],
            swapped,
            word[:at] + letter + word[at + 1 :],
        }
        for typed in slipped - {word}:
            assert crowd[place] in (fitting(counter.store, typed).few or ()), typed


def test_many_are_told_from_few(counter: Counter) -> None:
    """The records are told while they are at most so many; each word of many may lead to few."""
    rows = [{"id": 100 + n, **name_and_email(Given(f"Kim {'Odd' if n % 2 else 'Even'}"))} for n in range(30)]
    rest = {"organisation": None, "linked_at": None, "created_at": counter.clock.now()}
    with counter.store.database.writing():
        write_people([{**row, **rest} for row in rows])
    assert fitting(counter.store, "kim", most=30).few is not None
    told = fitting(counter.store, "kim", most=29)
    assert told.few is None
    assert len(everybody(counter.store.database, told)) == 30
    assert len(fitting(counter.store, "even", "kim", most=15).few or ()) == 15
    assert fitting(counter.store, "even", "odd", most=15).few == ()


# The index is written with the customers.


def test_who_is_corrected_is_found_by_the_correction_only(counter: Counter) -> None:
    """In the same second; what others are called as well stays."""
    card = counter.issued(recipient=PersonGiven("Ada Lovelase", "ada@typo.example"))
    (other,) = added(counter, PersonGiven("Eve Lovelase"))
    done = desk.correct_person(counter.sam, 1, name="Ada Lovelace", email="ada@example.org", card_id=card)
    assert done.done
    assert (found(counter, "ada", "lovelace"), found(counter, "ada@example")) == ([1], [1])
    assert (found(counter, "lovelase"), found(counter, "typo.example")) == ([other], [])
    assert count_unfindable(counter.store) == 0


def test_a_merged_record_leads_to_the_kept_one(counter: Counter) -> None:
    """By the old name, the old address, and a word of each; once more merged, it leads on."""
    old, new, last = (PersonGiven("Lin", "lin@old.example"), PersonGiven("Lin Wu"), PersonGiven("Lin Wu-Ferrer"))
    for person in (old, new, last):
        counter.issued(recipient=person)
    assert desk.merge_people(counter.sue, 1, 2).done
    assert [found(counter, *words) for words in (["old.example"], ["wu", "lin@old"], ["lin"])] == [[2], [2], [2, 3]]
    assert desk.merge_people(counter.sue, 2, 3).done
    assert [found(counter, *words) for words in (["old.example"], ["ferrer", "old.example"], ["lin"])] == [[3]] * 3
    assert count_unfindable(counter.store) == 0


def test_nothing_is_left_of_a_person_who_is_removed(counter: Counter) -> None:
    """Their words are nowhere, unless somebody else has them."""
    counter.issued(recipient=PersonGiven("Ada Quillfeather", "quill@feather.example"))
    (other,) = added(counter, PersonGiven("Ada King"))
    for session in (counter.sue, counter.mia):
        assert desk.remove_person(session, 1, ref="ZD-7").done
    assert (found(counter, "ada"), found(counter, "quill"), found(counter, "removed")) == ([other], [], [])
    with plain_sql(counter.store.path) as sql:
        kept = {text for (text,) in sql.execute("SELECT text FROM search_text").fetchall()}
        words = {word for (word,) in sql.execute("SELECT word FROM search_word").fetchall()}
    assert (kept, words) == ({"  ada  king  "}, {"king"})
    assert count_unfindable(counter.store) == 0


@pytest.mark.files
def test_a_stolen_file_has_no_part_of_a_removed_name(counter: Counter) -> None:
    """Not even three letters of it in the index of parts."""
    counter.issued(recipient=PersonGiven("Xqzwv Jkqxz"))

    def is_in(letters: bytes) -> bool:
        return any(letters in file.read_bytes() for file in counter.file.parent.glob(f"{counter.file.name}*"))

    with plain_sql(counter.store.path) as sql:
        sql.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert is_in(b"qzw")
    for session in (counter.sue, counter.mia):
        assert desk.remove_person(session, 1, ref="ZD-7").done
    counter.database.rebuild()
    assert not [part for part in (b"xqzwv", b"jkqxz", b"qzw", b"kqx") if is_in(part)]


def test_two_who_bring_the_same_word_at_once(counter: Counter) -> None:
    """It is stored once, and both are found by it."""
    start = threading.Barrier(2)

    def come(login: str) -> None:
        start.wait()
        card = desk.issue(getattr(counter, login), "half", 5000, recipient=PersonGiven(f"{login} Ferreira"))
        assert card.done

    threads = [threading.Thread(target=come, args=(login,)) for login in ("mia", "sue")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found(counter, "ferreira")) == 2
    assert count_unfindable(counter.store) == 0


# An index that differs is noticed and made anew.


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM customer_text WHERE customer_id = 1",
        "UPDATE customer_text SET customer_id = 2 WHERE customer_id = 1",
        "DELETE FROM search_text WHERE text LIKE '%lovelace%'",
        "INSERT INTO search_text (text) VALUES ('  nobody  ')",
        "UPDATE customer SET name_key = 'eve king' WHERE id = 1",
    ],
)
def test_an_index_that_differs_is_told_and_mended(counter: Counter, statement: str) -> None:
    """Verification counts it as something that can be mended, and the repair mends it."""
    counter.issued(recipient=PersonGiven("Ada Lovelace"))
    counter.issued(recipient=PersonGiven("Ada King"))
    with plain_sql(counter.store.path) as sql:
        sql.execute(statement)
    assert tell_apart(counter.store, ()).people > 0
    assert repair(counter.mia, ()).people > 0
    assert tell_apart(counter.store, ()).people == 0
    with counter.store.database.reading():
        names = {row.id: row.name_key or "" for row in Customer.select()}
    for id_, name in names.items():
        assert id_ in found(counter, *name.split())


@pytest.mark.files
def test_an_index_of_parts_that_lost_some_is_made_anew(counter: Counter) -> None:
    """It is compared text by text when somebody repairs."""
    counter.issued(recipient=PersonGiven("Ada Lovelace"))
    with counter.store.database.writing():
        counter.store.database.execute_sql("INSERT INTO search_text_part (search_text_part) VALUES ('delete-all')")
    assert fitting(counter.store, "lovelace").few == ()
    assert repair(counter.mia, ()).people == 1
    assert found(counter, "lovelace") == [1]
