"""Stories of a customer whose name or address was written down wrongly."""

from typing import Any

import pytest
from store.counter import Counter

from models import desk
from models.desk import PersonGiven
from models.desk.agents import set_agent
from models.finding import find

TYPO = PersonGiven("Ada Lovelacce", "ada@exmaple.org")
RIGHT: dict[str, Any] = {"name": "Ada Lovelace", "email": "ada@example.org"}


def holder_of(counter: Counter, card: int) -> int:
    holder = counter.sheet(card).holder
    assert holder is not None
    return holder.id


def audit_of(counter: Counter, customer: int) -> str:
    with counter.store.database.connected():
        rows = counter.store.database.execute_sql(
            "SELECT action, before, after, reason FROM audit WHERE subject = ?", (f"customer:{customer}",)
        ).fetchall()
    return str(rows)


def test_a_correction_shows_on_every_card_of_the_person(counter: Counter) -> None:
    """The card from which it was done says so; the others just have the right name."""
    first, second = counter.issued(recipient=TYPO), counter.issued(purchaser=TYPO, recipient=PersonGiven("Ben"))
    ada = holder_of(counter, first)
    done = desk.correct_person(counter.sam, ada, **RIGHT, card_id=first, ref="ZD-7")
    assert done.done, done.sentence
    assert done.sentence.startswith(f"Record {ada}: name and e-mail address corrected, noted on card ····")
    assert counter.sheet(first).holder.shown_name == "Ada Lovelace"  # type: ignore[union-attr]
    assert counter.sheet(second).purchaser.email == "ada@example.org"  # type: ignore[union-attr]
    assert (counter.kinds(first), counter.kinds(second)) == (["issue", "corrected_customer"], ["issue"])
    assert counter.last(first).details == {"changed": ["name", "email"], "person": ada, "ref": "ZD-7"}
    assert len(find(counter.store, "ada@example.org").lines) == 2
    assert find(counter.store, "lovelacce").mended == (("lovelacce", "lovelace"),)
    assert not counter.findings()


def test_neither_audit_nor_intents_hold_a_name_or_an_address(counter: Counter) -> None:
    card = counter.issued(recipient=TYPO)
    ada = holder_of(counter, card)
    assert desk.correct_person(counter.sam, ada, **RIGHT, ref="ZD-7", intent="k").done
    told = audit_of(counter, ada)
    with counter.store.database.connected():
        told += str(counter.store.database.execute_sql("SELECT * FROM intent").fetchall())
    assert "ZD-7" in told
    for word in ("Ada", "Lovelac", "ada@", "exmaple", "example.org"):
        assert word not in told


def test_the_same_wish_again_changes_nothing_again(counter: Counter) -> None:
    ada = holder_of(counter, counter.issued(recipient=TYPO))
    first = desk.correct_person(counter.sam, ada, name="Ada", intent="k")
    again = desk.correct_person(counter.sam, ada, name="Ada", intent="k")
    assert (again.repeated, again.sentence) == (True, first.sentence)
    other = desk.correct_person(counter.sam, ada, name="Eve", intent="k")
    assert other.sentence == "This idempotency key was used before, for something else. Nothing was changed."


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        ({}, "The record says that already. Nothing was changed."),
        ({"name": " Ada Lovelacce "}, "The record says that already. Nothing was changed."),
        ({"name": "", "email": " "}, "A person has a name, an e-mail address, or both: one of them must stay."),
        ({"email": "ada at home"}, "That is not an e-mail address; write it like ada@example.org."),
        ({"name": "Ada\nLovelace"}, "The name must be one line without tabs."),
        (
            {"name": "Ada", "ref": "Ada rang"},
            "About a person only a ticket's number is kept; write it without blanks, like 4711 or ZD-4711.",
        ),
        ({"name": "Ada", "card_id": 99}, "There is no such card."),
    ],
)
def test_what_is_no_correction_is_refused(counter: Counter, wish: dict[str, str], sentence: str) -> None:
    card = counter.issued(recipient=TYPO)
    refused = desk.correct_person(counter.sam, holder_of(counter, card), **wish)  # type: ignore[arg-type]
    counter.assert_refused(refused, sentence, card, ["issue"])


def test_a_fact_can_be_taken_away_as_long_as_one_is_left(counter: Counter) -> None:
    card = counter.issued(recipient=TYPO)
    assert desk.correct_person(counter.sam, holder_of(counter, card), email="").done
    holder = counter.sheet(card).holder
    assert holder is not None
    assert (holder.name, holder.email) == ("Ada Lovelacce", None)
    assert not counter.findings()


def test_nobody_corrects_a_person_of_another_card(counter: Counter) -> None:
    """A slip of the finger in the record's number is noticed when a card is open."""
    card, other = counter.issued(recipient=TYPO), counter.issued(recipient=PersonGiven("Ben"))
    refused = desk.correct_person(counter.sam, holder_of(counter, other), name="Ada", card_id=card)
    counter.assert_refused(refused, "That person is not on this card.", card, ["issue"])


def test_an_unknown_record_is_refused(counter: Counter) -> None:
    refused = desk.correct_person(counter.sam, 99, name="Ada")
    assert refused.sentence == "There is no person with the record number 99."


@pytest.mark.parametrize("person", [PersonGiven("Sam", "SAM@desk.example"), PersonGiven("Eve", "eve@example.org")])
def test_nobody_changes_an_address_to_work_on_a_card_of_their_own(counter: Counter, person: PersonGiven) -> None:
    """Neither away from their own address nor to it."""
    card = counter.issued(recipient=person)
    wish: dict[str, Any] = {"email": "x@example.org"} if person.name == "Sam" else {"email": "sam@DESK.example"}
    refused = desk.correct_person(counter.sam, holder_of(counter, card), **wish)
    counter.assert_refused(refused, "This is a record of your own: ask a colleague.", card, ["issue"])


def test_the_record_of_a_vips_person_is_a_supervisors(counter: Counter) -> None:
    card = counter.issued(recipient=TYPO)
    desk.register(counter.mia, card, TYPO, organisation="Northwind")
    desk.set_organisation(counter.mia, "Northwind", is_vip=True)
    ada = holder_of(counter, card)
    counter.assert_refused(
        desk.correct_person(counter.sam, ada, name="Ada"),
        "That person belongs to a VIP organisation: ask a supervisor to correct the record.",
        card,
        ["issue", "registered"],
    )
    assert desk.correct_person(counter.sue, ada, name="Ada").done
    assert not counter.findings()


def test_an_address_that_another_record_has_is_told(counter: Counter) -> None:
    """Two records of one person often come to light this way."""
    counter.issued(recipient=PersonGiven("Lin", "lin@example.org"))
    card = counter.issued(recipient=PersonGiven("Lin Wu", "lin@exmaple.org"))
    lin = holder_of(counter, card)
    done = desk.correct_person(counter.sam, lin, email="lin@example.org")
    assert done.sentence.endswith("Record 1 has that address too: if both are one person, merge them.")
    assert done.facts["same_email"] == [1]


def test_a_name_that_was_forged_after_a_correction_is_named(counter: Counter) -> None:
    """The audit keeps what it needs to recognise a name, though nobody can read it there."""
    ada = holder_of(counter, counter.issued(recipient=TYPO))
    assert desk.correct_person(counter.sam, ada, **RIGHT).done
    with counter.store.database.writing():
        counter.store.database.execute_sql("UPDATE customer SET email = 'eve@example.org' WHERE id = ?", (ada,))
    assert counter.findings() == [f"customer {ada}: the e-mail address was not set by the desk"]


def test_an_auditor_corrects_nobody(counter: Counter) -> None:
    ada = holder_of(counter, counter.issued(recipient=TYPO))
    refused = desk.correct_person(counter.ada, ada, name="Ada")
    assert refused.sentence.startswith("An auditor may not correct people's names and addresses; ask ")


def test_after_a_correction_the_card_is_still_ones_own(counter: Counter) -> None:
    """A colleague corrected Sam's record; Sam's other address is on the card now, and counts."""
    card = counter.issued(recipient=PersonGiven("Sam", "sam@home.example"))
    assert desk.suspend(counter.mia, card, "lost").done
    assert desk.correct_person(counter.mia, holder_of(counter, card), email="sam@desk.example").done
    assert desk.reactivate(counter.sam, card, reason="found").sentence == "This is a card of your own: ask a colleague."


def test_the_desk_can_still_be_told_who_is_who(counter: Counter) -> None:
    """A link made after a correction leaves the digests of name and address where they are."""
    card = counter.issued(recipient=TYPO)
    assert desk.correct_person(counter.sam, holder_of(counter, card), **RIGHT).done
    person = PersonGiven(RIGHT["name"], RIGHT["email"])
    assert desk.register(counter.sue, card, person, organisation="Northwind").done
    assert set_agent(counter.mia, "zed").done
    assert not counter.findings()
