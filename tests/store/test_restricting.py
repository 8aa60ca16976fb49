"""Stories of cards that one person alone can spend."""

from pathlib import Path

import pytest
from store.counter import BOTH, NOON, PRODUCTS, Counter, plain_sql

from models import desk
from models.checkout import simulate
from models.desk import PersonGiven
from models.holdings import holdings, removable
from models.jobs.own import import_own
from models.lookups import look_up
from models.rules.people import REMOVED_NAME

ENGINES = BOTH
LIN, ZOE = PersonGiven("Lin Wu", "lin@example.org"), PersonGiven("Zoe", "zoe@example.org")
ONE_PERSON = "The card can be spent by one person only"


def lins(counter: Counter, product: str = "half") -> int:
    """A card that Lin alone can spend."""
    card = counter.issued(product)
    assert desk.restrict(counter.sue, card, LIN, "a prize").done
    return card


def person_of(counter: Counter, card: int) -> int:
    """The record number of who alone can spend a card."""
    person = counter.sheet(card).restricted_to
    assert person is not None
    return person.id


def pays(counter: Counter, card: int, email: str | None) -> bool:
    """Whether somebody could pay a pound with it."""
    return simulate(counter.sam, card, amount_minor=100, email=email).passes


def test_a_card_is_restricted_to_a_person(counter: Counter) -> None:
    """Lin pays, Zoe doesn't, and the card says who did it and why."""
    card = counter.issued()
    done = desk.restrict(counter.sue, card, LIN, "a prize", ref="ZD-1")
    assert done.sentence == f"Card ···· {counter.sheet(card).last_four}: one person alone can spend it."
    assert (counter.last(card).kind, counter.last(card).reason) == ("note", "a prize")
    counter.assert_refused(
        desk.redeem(counter.sam, card, 100, email="zoe@example.org"),
        f"{ONE_PERSON}, and the e-mail address is somebody else's.",
        card,
        ["issue", "note"],
    )
    assert not desk.redeem(counter.sam, card, 100).done
    assert desk.redeem(counter.sam, card, 100, email="Lin@Example.org").done
    assert not counter.findings()


def test_nothing_personal_is_in_the_journal_or_the_audit(counter: Counter) -> None:
    """Lin's record number is, and nothing else of hers."""
    card = lins(counter)
    with plain_sql(counter.store.path) as sql:
        told = sql.execute(
            "SELECT action, before, after, reason FROM audit WHERE subject = ?", (f"restriction:{card}",)
        )
        assert [tuple(row) for row in told.fetchall()] == [
            ("restrict", '{"person":null}', f'{{"person":{person_of(counter, card)}}}', None)
        ]
    assert "lin" not in str(counter.last(card).details).lower()


def test_anybody_spends_it_again(counter: Counter) -> None:
    """What was restricted is lifted, with a reason."""
    card = lins(counter)
    assert desk.restrict(counter.sue, card, None, "passed on to her children").done
    assert pays(counter, card, None)
    assert counter.sheet(card).restricted_to is None
    assert not counter.findings()


def test_what_is_so_already_is_refused(counter: Counter) -> None:
    """Nothing is written twice."""
    card = counter.issued()
    before = counter.kinds(card)
    nothing = desk.restrict(counter.sue, card, None, "why not")
    counter.assert_refused(nothing, "Anybody can spend the card as it is.", card, before)
    assert desk.restrict(counter.sue, card, LIN, "a prize").done
    again = desk.restrict(counter.sue, card, PersonGiven(email="LIN@example.org"), "a prize")
    counter.assert_refused(again, "The card is restricted to that person already.", card, [*before, "note"])


def test_who_may_and_what_is_needed(counter: Counter) -> None:
    """A supervisor, for somebody with an address, with a reason, and not for herself."""
    card = counter.issued()
    for outcome, words in (
        (desk.restrict(counter.sam, card, LIN, "a prize"), "An agent may not restrict cards to a person"),
        (desk.restrict(counter.sue, card, PersonGiven("Lin"), "a prize"), "Give the e-mail address"),
        (desk.restrict(counter.sue, card, LIN, "  "), "The reason is empty"),
        (desk.restrict(counter.sue, card, PersonGiven("L\x1b[2J", "l@example.org"), "x"), "cannot be shown"),
    ):
        assert not outcome.done
        assert words in outcome.sentence
    assert desk.cancel(counter.sue, card, "returned").done
    assert "cancelled" in desk.restrict(counter.sue, card, LIN, "a prize").sentence


def test_nobody_restricts_a_card_in_their_own_favour(counter: Counter) -> None:
    """Neither to themselves, nor by lifting what keeps others from it."""
    with plain_sql(counter.store.path) as sql:
        sql.execute("UPDATE agent SET email = 'lin@example.org' WHERE login = 'sue'")
    card = counter.issued()
    told = desk.restrict(counter.sue, card, LIN, "a prize")
    assert told.sentence == "A card is not restricted to yourself by you: ask a colleague."
    assert desk.restrict(counter.mia, card, LIN, "a prize").done
    assert desk.restrict(counter.sue, card, None, "mine").sentence == "This is a card of your own: ask a colleague."


def test_an_address_alone_finds_who_has_it(counter: Counter) -> None:
    """The holder first; of several people at one address the name is asked for."""
    card = counter.issued(recipient=LIN)
    other = counter.issued(recipient=PersonGiven("Li", "lin@example.org"))
    assert desk.restrict(counter.sue, card, PersonGiven(email="lin@example.org"), "a prize").done
    assert counter.sheet(card).restricted_to == counter.sheet(card).holder
    third = counter.issued()
    told = desk.restrict(counter.sue, third, PersonGiven(email="lin@example.org"), "a prize")
    assert told.sentence == "Several people have that e-mail address: give the name, too."
    assert told.is_mendable
    assert desk.restrict(counter.sue, third, PersonGiven("Li", "lin@example.org"), "a prize").done
    assert counter.sheet(third).restricted_to == counter.sheet(other).holder


def test_a_merged_person_spends_by_either_address(counter: Counter) -> None:
    """The record that is kept takes the restriction over; what was typed at the till before still pays."""
    card = lins(counter)
    kept = counter.issued(recipient=PersonGiven("Lin Wu", "wu@example.org"))
    holder = counter.sheet(kept).holder
    assert holder is not None
    assert desk.merge_people(counter.sue, person_of(counter, card), holder.id).done
    assert person_of(counter, card) == holder.id
    assert pays(counter, card, "wu@example.org")
    assert not pays(counter, card, "zoe@example.org")
    assert not counter.findings()


def test_a_removed_person_leaves_a_card_that_nobody_spends(counter: Counter) -> None:
    """Her address and the reason go; the card waits for a supervisor, who lets anybody spend it again."""
    card = lins(counter)
    lin = person_of(counter, card)
    assert desk.remove_person(counter.sue, lin, ref="ZD-7").done
    assert desk.remove_person(counter.mia, lin, ref="ZD-7").done
    found = simulate(counter.sam, card, email="lin@example.org")
    assert found.refusals == (f"{ONE_PERSON}, who has no e-mail address on file: a supervisor can lift that.",)
    person = counter.sheet(card).restricted_to
    assert person is not None
    assert (person.name, person.email) == (REMOVED_NAME, None)
    assert [line.reason for line in counter.journal(card)] == [None, "(removed)", None]
    assert not counter.findings()
    assert desk.restrict(counter.sue, card, None, "nobody is left").done
    assert pays(counter, card, None)
    assert not counter.findings()


def test_why_a_card_is_restricted_goes_with_whom_it_is_restricted_to(counter: Counter) -> None:
    """On somebody else's card, and under a record that was merged meanwhile; its other texts stay."""
    card = counter.issued(recipient=ZOE)
    assert desk.note(counter.sam, card, "Zoe rang").done
    assert desk.restrict(counter.sue, card, LIN, "Lin Wu is her aunt").done
    kept = counter.sheet(counter.issued(recipient=PersonGiven("Lin Wu", "wu@example.org"))).holder
    assert kept is not None
    assert desk.merge_people(counter.sue, person_of(counter, card), kept.id).done
    assert removable(counter.store, kept.id).texts == 1
    for agent in (counter.sue, counter.mia):
        told = desk.remove_person(agent, kept.id, ref="ZD-7")
    assert "2 cards, 1 text" in told.sentence
    texts = [line.reason for line in counter.journal(card) if line.kind == "note"]
    assert texts == ["Zoe rang", "(removed)"]
    assert not counter.findings()


def test_a_replacement_is_restricted_as_well(counter: Counter) -> None:
    """Whoever has the code of the card in its place is not Lin for that."""
    made = desk.replace(counter.sue, lins(counter), "lost").card_id
    assert made is not None
    assert counter.last(made).details["restriction"] == person_of(counter, made)
    assert pays(counter, made, "lin@example.org")
    assert not pays(counter, made, None)
    assert not counter.findings()


def test_a_balance_is_moved_only_where_the_same_person_spends_it(counter: Counter) -> None:
    """To a card that anybody spends it is refused; to Lin's other card, or from anybody's to hers, it goes."""
    card, anybodys, hers = lins(counter), counter.issued(), lins(counter)
    refused = desk.transfer(counter.sue, card, anybodys, reason="wrong card")
    counter.assert_refused(
        refused,
        f"{ONE_PERSON}: its balance can't be moved to a card that others can spend.",
        card,
        ["issue", "note"],
    )
    assert desk.transfer(counter.sue, card, hers, 1000, reason="both in one").done
    assert desk.transfer(counter.sue, anybodys, hers, reason="a present").done
    assert not pays(counter, hers, None)
    assert not counter.findings()


def test_a_card_that_came_in_empty_takes_the_restriction_with_the_balance(counter: Counter, tmp_path: Path) -> None:
    """Lin's money stays Lin's on a card on which nothing ever was; one that is hers already needs no word of it."""
    table = tmp_path / "old.csv"
    codes = ("OLD-1234-5678", "OLD-1234-5679", "OLD-1234-5670")
    rows = [f"{code},GBP,0.00,Old cards" for code in codes]
    table.write_text("\n".join(["code,currency,balance,product_name", *rows]))
    assert import_own(counter.mia, [table], is_commit=True).is_committed
    empty, hers, anybodys = (look_up(counter.sam, code).lines[0].card_id for code in codes)
    assert desk.restrict(counter.sue, hers, LIN, "a prize").done
    for source, target, restriction in (
        (lins(counter), empty, person_of(counter, hers)),
        (lins(counter), hers, None),
        (counter.issued(), anybodys, None),
    ):
        assert desk.transfer(counter.sue, source, target, reason="onto the old card").done
        assert counter.last(target).details.get("restriction") == restriction
        assert pays(counter, target, "lin@example.org")
        assert pays(counter, target, None) == (target == anybodys)
    assert not counter.findings()


def test_a_balance_is_not_moved_to_where_it_could_not_be_spent_before(counter: Counter) -> None:
    """Money for Leeds stays in Leeds, or somewhere in it."""
    for code, places, channels in (("half", ["Leeds", "York"], ["store"]), ("forever", ["leeds"], ["store"])):
        rules = PRODUCTS[code]
        assert desk.set_product(counter.mia, code, rules=rules, spend_places=places, spend_channels=channels).done
    card, anywhere, in_leeds = counter.issued("half"), counter.issued("week"), counter.issued("forever")
    assert desk.transfer(counter.sue, card, anywhere, reason="wrong card").sentence == (
        "The card can be spent only in stores, at Leeds or York: its balance can't be moved to one that is spent "
        "elsewhere."
    )
    assert desk.transfer(counter.sue, card, in_leeds, 100, reason="wrong card").done
    assert not desk.transfer(counter.sue, in_leeds, card, 100, reason="and back").done
    assert desk.transfer(counter.sue, anywhere, card, 100, reason="into it").done


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("customer_id = NULL", "who may spend it is not as it was written"),
        ("changed_at = changed_at + 1", "who may spend it is not as it was written"),
    ],
)
def test_a_restriction_that_somebody_changed_is_named(counter: Counter, change: str, told: str) -> None:
    """With another tool: nothing is spent until a supervisor has said it anew."""
    card = lins(counter)
    with plain_sql(counter.store.path) as sql:
        sql.execute(f"UPDATE restriction SET {change}")
    assert counter.findings() == [f"card {card}: {told}"]
    spoiled = "Who may spend the card was changed with another tool"
    for outcome in (
        desk.redeem(counter.sam, card, 100, email="lin@example.org"),
        desk.replace(counter.sue, card, "lost"),
        desk.transfer(counter.sue, card, counter.issued(), reason="wrong"),
    ):
        assert outcome.sentence.startswith(spoiled)
    assert desk.restrict(counter.sue, card, LIN, "looked up in the mail").done
    assert not counter.findings()
    assert pays(counter, card, "lin@example.org")


def test_a_restriction_that_is_gone_or_of_an_earlier_day_is_named(counter: Counter) -> None:
    """A row taken away, and one that was kept from before it was lifted."""
    card, other = lins(counter), lins(counter)
    with plain_sql(counter.store.path) as sql:
        kept = sql.execute(
            "SELECT customer_id, changed_at, seal FROM restriction WHERE card_id = ?", (card,)
        ).fetchone()
    counter.wait(hours=1)
    assert desk.restrict(counter.sue, card, None, "lifted").done
    with plain_sql(counter.store.path, guarded=False) as sql:
        sql.execute("UPDATE restriction SET customer_id = ?, changed_at = ?, seal = ? WHERE card_id = ?", (*kept, card))
        sql.execute("DELETE FROM restriction WHERE card_id = ?", (other,))
    assert sorted(counter.findings()) == [
        f"card {card}: who may spend it was not set by the desk",
        f"card {other}: the row that says who may spend it is missing",
    ]


def test_who_could_spend_it_then(counter: Counter) -> None:
    """Before it was restricted anybody, then Lin, then Zoe, then anybody."""
    card = counter.issued()
    times = [NOON]
    for person in (LIN, ZOE, None):
        counter.wait(hours=1)
        assert desk.restrict(counter.sue, card, person, "changed").done
        times.append(counter.clock.now())
    counter.wait(hours=1)

    def payers(hour: int) -> list[bool]:
        at = times[hour]
        return [
            simulate(counter.sam, card, at=at, email=email).passes
            for email in (None, "lin@example.org", "zoe@example.org")
        ]

    assert [payers(hour) for hour in range(4)] == [
        [True, True, True],
        [False, True, False],
        [False, False, True],
        [True, True, True],
    ]


def test_a_restricted_card_is_among_the_cards_of_its_person(counter: Counter) -> None:
    """Whoever looks Lin up sees it."""
    card = lins(counter)
    assert [line.card_id for line in holdings(counter.store, person_of(counter, card)).cards] == [card]


def test_what_the_agent_is_told(counter: Counter) -> None:
    """The verdict names where and by whom; the customer hears where."""
    rules = PRODUCTS["forever"]
    assert desk.set_product(counter.mia, "forever", rules=rules, spend_places=["Leeds"]).done
    sheet = counter.sheet(lins(counter, "forever"))
    assert "can be spent only at Leeds, by Lin Wu, lin@example.org only. Confirm" in sheet.diagnosis.reason
    assert sheet.balance_told.sentence == (
        "This gift card holds 50.00 GBP, which does not expire. It can be spent only at Leeds."
    )
