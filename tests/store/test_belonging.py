"""Stories of holders, organisations and the colleagues themselves."""

import pytest
from store.counter import BOTH, Counter

from models import desk
from models.desk import PersonGiven
from models.desk.agents import set_agent
from models.rules.roles import Role
from models.schema import Agent
from models.unit import Session

ENGINES = BOTH

LIN = PersonGiven("Lin", "lin@example.org")


def test_a_card_is_registered_to_a_person(counter: Counter) -> None:
    """From now on it is Lin's, whoever bought it."""
    card = counter.issued(recipient=PersonGiven("Ada", "ada@example.org"))
    done = desk.register(counter.sam, card, LIN)
    assert done.sentence.endswith(
        " is registered. Tell them: This gift card holds 50.00 GBP, "
        "which can be spent up to and including Fri 20 Nov 2026."
    )
    holder = counter.sheet(card).holder
    assert holder is not None
    assert (holder.name, holder.email) == ("Lin", "lin@example.org")
    assert counter.last(card).kind == "registered"
    assert not counter.findings()


def test_a_known_person_is_recognised(counter: Counter) -> None:
    """Two cards of one customer have one holder, case left aside."""
    first, second = counter.issued(recipient=LIN), counter.issued()
    desk.register(counter.sam, second, PersonGiven("lin", "LIN@example.org"))
    assert counter.sheet(first).holder == counter.sheet(second).holder


@pytest.mark.parametrize(
    ("person", "sentence"),
    [
        (PersonGiven(), "A card is registered to a person: give a name, an e-mail address, or both."),
        (PersonGiven(" ", ""), "A card is registered to a person: give a name, an e-mail address, or both."),
        (PersonGiven("Lin", "lin at home"), "That is not an e-mail address; write it like ada@example.org."),
        (PersonGiven("Lin\nLin"), "The name must be one line without tabs."),
    ],
)
def test_nobody_is_no_holder(counter: Counter, person: PersonGiven, sentence: str) -> None:
    """A registration names somebody who can be reached or known."""
    card = counter.issued()
    counter.assert_refused(desk.register(counter.sam, card, person), sentence, card, ["issue"])


def test_linking_a_holder_to_an_organisation_is_a_supervisors(counter: Counter) -> None:
    """Otherwise an agent could make any customer a VIP; the registration is refused with it."""
    card = counter.issued()
    desk.set_organisation(counter.sue, "Northwind", is_vip=True)
    counter.assert_refused(
        desk.register(counter.sam, card, LIN, organisation="Northwind"),
        "An agent may not link people to organisations; ask a supervisor or a manager.",
        card,
        ["issue"],
    )
    assert desk.register(counter.sue, card, LIN, organisation=" northwind ").done
    holder = counter.sheet(card).holder
    assert holder is not None
    assert (holder.organisation, holder.is_vip) == ("Northwind", True)
    assert not counter.findings()


def test_a_vip_mark_is_set_and_taken_away_and_both_are_on_record(counter: Counter) -> None:
    """Who made Northwind a VIP, by which source, stays readable."""
    done = desk.set_organisation(counter.sue, "Northwind", is_vip=True, source="account note", reason="big customer")
    assert (done.sentence, done.facts) == ("Northwind, a new organisation, is a VIP now.", {"is_vip": True})
    assert desk.set_organisation(counter.sue, "NORTHWIND", is_vip=True).sentence == "Northwind is a VIP."
    assert desk.set_organisation(counter.mia, "Northwind", is_vip=False).sentence == "Northwind is no VIP any more."
    with counter.store.database.connected():
        rows = counter.store.database.execute_sql(
            "SELECT actor_name, after, reason FROM audit WHERE subject = 'organisation:1' ORDER BY number"
        ).fetchall()
    assert rows == [
        ("Sue", '{"is_vip":true,"source":"account note"}', "big customer"),
        ("Mia", '{"is_vip":false,"source":null}', None),
    ]
    assert not counter.findings()


def test_an_agent_makes_nobody_a_vip(counter: Counter) -> None:
    """The mark opens every expired card: it is not Sam's to give."""
    refused = desk.set_organisation(counter.sam, "Northwind", is_vip=True)
    assert refused.sentence == (
        "An agent may not change organisations and their VIP marks; ask a supervisor or a manager."
    )


def test_the_first_login_of_a_desk_is_its_manager_and_the_next_an_agent(counter: Counter) -> None:
    """A stranger can serve, and not more."""
    card = counter.issued()
    zoe = Session(counter.store, "zoe")
    assert desk.note(zoe, card, "hello").done
    assert desk.suspend(zoe, card, "hm").sentence.startswith("An agent may not suspend cards")
    with counter.store.database.connected():
        assert Agent.get(Agent.login == "zoe").role == Role.AGENT


def test_a_refused_stranger_leaves_no_trace(counter: Counter) -> None:
    """A refusal changes nothing, not even the list of colleagues."""
    card = counter.issued()
    assert not desk.suspend(Session(counter.store, "zoe"), card, "hm").done
    with counter.store.database.connected():
        assert Agent.get_or_none(Agent.login == "zoe") is None


def test_a_disabled_agent_is_stopped_at_the_next_action(counter: Counter) -> None:
    """Sam left at noon: the screen that is still open does nothing more."""
    card = counter.issued()
    assert desk.note(counter.sam, card, "last words").done
    assert set_agent(counter.mia, "sam", is_disabled=True).done
    refused = desk.note(counter.sam, card, "one more")
    assert refused.sentence == "The login sam may no longer work at this desk. Ask the manager."
    assert set_agent(counter.mia, "sam", is_disabled=False).done
    assert counter.kinds(card) == ["issue", "note"]


def test_a_role_counts_as_it_is_now_not_as_it_was_at_the_start(counter: Counter) -> None:
    """Sue became an agent over lunch."""
    card = counter.issued()
    assert set_agent(counter.mia, "sue", role=Role.AGENT).done
    counter.assert_refused(
        desk.suspend(counter.sue, card, "hm"),
        "An agent may not suspend cards; ask a supervisor or a manager.",
        card,
        ["issue"],
    )


def test_an_agent_makes_no_card_a_vips_by_the_back_door(counter: Counter) -> None:
    """Whoever may not link people to organisations may not hand another one's card to a VIP's person either."""
    vip = PersonGiven("Vera Vip", "vera@northwind.example")
    hers = counter.issued("half")
    desk.register(counter.mia, hers, vip, organisation="Northwind")
    desk.set_organisation(counter.mia, "Northwind", is_vip=True)
    other = counter.issued("half")
    refused = desk.register(counter.sam, other, vip)
    assert not refused.done
    assert refused.sentence == "That person belongs to a VIP organisation: ask a supervisor to register the card."
    assert desk.register(counter.sam, hers, vip).done
    assert desk.register(counter.mia, other, vip).done
