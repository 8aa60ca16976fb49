"""Stories of one customer with two records."""

from datetime import timedelta

import pytest
from store.counter import BOTH, NOON, Counter

from models import desk
from models.desk import PersonGiven
from models.desk.agents import set_agent
from models.finding import find
from models.rules import people as rules
from models.rules.roles import Role
from models.sheets import card_sheet_at

ENGINES = BOTH
OLD = PersonGiven("Lin", "lin@old.example")
NEW = PersonGiven("Lin Wu", "lin@example.org")


@pytest.fixture
def two(counter: Counter) -> tuple[int, int]:
    """The numbers of Lin's two records; the old one is recipient of card 1 and purchaser of card 2."""
    counter.issued(recipient=OLD)
    counter.issued(recipient=PersonGiven("Ben"), purchaser=OLD)
    counter.issued(recipient=NEW)
    desk.register(counter.mia, 2, OLD)
    counter.wait(hours=1)
    return 1, 3


def test_every_role_moves_to_the_kept_record(counter: Counter, two: tuple[int, int]) -> None:
    """Purchaser, recipient and who registered: wherever the old record stood, the kept one stands."""
    done = desk.merge_people(counter.sue, *two, ref="ZD-7")
    assert done.sentence == "Record 1 is merged into record 3, with 2 cards."
    sheets = [counter.sheet(card) for card in (1, 2)]
    assert sheets[0].holder == sheets[0].recipient
    assert {sheets[0].holder.id, sheets[1].holder.id, sheets[1].purchaser.id} == {3}  # type: ignore[union-attr]
    assert sheets[1].recipient.name == "Ben"  # type: ignore[union-attr]
    assert counter.last(2).details == {
        "merged": 1,
        "ref": "ZD-7",
        "sets": {"purchaser": 3, "registered": 3},
    }
    assert not counter.findings()


def test_the_old_address_still_finds_the_cards(counter: Counter, two: tuple[int, int]) -> None:
    """The customer may still write from it; registering or issuing by it makes no third record."""
    assert desk.merge_people(counter.sue, *two).done
    assert len(find(counter.store, "lin@old.example").lines) == 3
    card = counter.issued(recipient=OLD)
    assert counter.sheet(card).holder.id == 3  # type: ignore[union-attr]


def test_a_card_of_the_past_still_shows_somebody(counter: Counter, two: tuple[int, int]) -> None:
    """Before the merge the card named the old record, which leads to the kept one."""
    assert desk.merge_people(counter.sue, *two).done
    past = card_sheet_at(counter.sam, 1, NOON + timedelta(minutes=1))
    assert past.holder.name == "Lin Wu"  # type: ignore[union-attr]


def test_a_chain_of_merges_is_one_step_long(counter: Counter, two: tuple[int, int]) -> None:
    """Who was merged long ago leads to whoever is left."""
    counter.issued(recipient=PersonGiven("Lin W.", "lin@work.example"))
    assert desk.merge_people(counter.sue, *two).done
    assert desk.merge_people(counter.sue, 3, 4).done
    past = card_sheet_at(counter.sam, 1, NOON + timedelta(minutes=1))
    assert past.holder.name == "Lin W."  # type: ignore[union-attr]
    assert len(find(counter.store, "lin@old.example").lines) == 4
    assert not counter.findings()


def in_organisation(counter: Counter, person: PersonGiven, card: int, name: str, *, is_vip: bool) -> None:
    assert desk.register(counter.mia, card, person, organisation=name).done
    assert desk.set_organisation(counter.mia, name, is_vip=is_vip).done


def test_nobody_becomes_a_vips_person_unseen(counter: Counter, two: tuple[int, int]) -> None:
    """When the organisations differ it must be said whose is kept; the sentence shows both."""
    in_organisation(counter, NEW, 3, "Northwind", is_vip=True)
    counter.assert_refused(
        desk.merge_people(counter.sue, *two),
        "Record 1 belongs to no organisation, record 3 to Northwind (VIP): say whose organisation is kept.",
        1,
        ["issue"],
    )
    assert desk.merge_people(counter.sue, *two, organisation_of=1).done
    assert not counter.sheet(1).facts.is_vip
    assert not counter.sheet(3).facts.is_vip
    assert not counter.findings()


def test_the_organisation_of_the_other_record_is_taken_when_it_is_named(counter: Counter, two: tuple[int, int]) -> None:
    in_organisation(counter, OLD, 1, "Northwind", is_vip=True)
    assert desk.merge_people(counter.sue, *two, organisation_of=1).done
    assert counter.sheet(3).facts.is_vip
    assert not counter.findings()


@pytest.mark.files
@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        ((1, 1), "That is one and the same record."),
        ((1, 99), "There is no person with the record number 99."),
        ((3, 3), "That is one and the same record."),
    ],
)
def test_what_is_no_merge_is_refused(
    counter: Counter, two: tuple[int, int], wish: tuple[int, int], sentence: str
) -> None:
    assert two
    counter.assert_refused(desk.merge_people(counter.sue, *wish), sentence, 1, ["issue"])


@pytest.mark.files
def test_what_was_merged_is_merged_with_nothing_any_more(counter: Counter, two: tuple[int, int]) -> None:
    assert desk.merge_people(counter.sue, *two).done
    gone = "Record 1 was merged into record 3: use that one."
    for wish in ((1, 3), (3, 1), (1, 2)):
        assert desk.merge_people(counter.sue, *wish).sentence == gone
    assert desk.correct_person(counter.sue, 1, name="Lin").sentence == gone


@pytest.mark.files
def test_an_agent_merges_nobody(counter: Counter, two: tuple[int, int]) -> None:
    refused = desk.merge_people(counter.sam, *two)
    assert refused.sentence == "An agent may not merge people; ask a supervisor or a manager."


def test_nobody_merges_a_record_of_their_own(counter: Counter, two: tuple[int, int]) -> None:
    """Nor is a card less one's own because its record was merged into somebody else's."""
    own = counter.issued(recipient=PersonGiven("Sam", "sam@desk.example"))
    assert two
    set_agent(counter.mia, "sam", role=Role.SUPERVISOR)
    assert desk.merge_people(counter.sam, 4, 3).sentence == "This is a record of your own: ask a colleague."
    assert desk.merge_people(counter.sue, 4, 3).done
    assert desk.suspend(counter.sue, own, "hm").done
    assert desk.reactivate(counter.sam, own, reason="ok").sentence == "This is a card of your own: ask a colleague."


def test_a_card_that_does_not_add_up_stops_the_merge(counter: Counter, two: tuple[int, int]) -> None:
    """Not half of the cards: none."""
    with counter.store.database.writing():
        counter.store.database.execute_sql("UPDATE gift_card SET balance_minor = 9900 WHERE id = 2")
    refused = desk.merge_people(counter.sue, *two)
    assert refused.sentence.endswith("does not add up: escalate it before its people are merged.")
    assert counter.kinds(1) == ["issue"]
    assert counter.sheet(1).holder.name == "Lin"  # type: ignore[union-attr]


@pytest.mark.files
def test_more_cards_than_can_be_judged_at_once_are_refused(
    counter: Counter, two: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MOST_CARDS", 1)
    counter.assert_refused(
        desk.merge_people(counter.sue, *two),
        "Record 1 is on 2 cards, and 1 are the most that can move; merge the other way round.",
        1,
        ["issue"],
    )


def test_a_forged_merge_is_named(counter: Counter, two: tuple[int, int]) -> None:
    """Whoever points a record at another with a tool of their own is found out."""
    assert two
    with counter.store.database.writing():
        counter.store.database.execute_sql("UPDATE customer SET merged_into_id = 3 WHERE id = 2")
    assert counter.findings() == ["customer 2: the record that it leads to was not set by the desk"]
