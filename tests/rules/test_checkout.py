"""Whether a purchase goes through: each rule that refuses one, all that refuse at once, and what is left then."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from rules.situations import LONDON, NOW, every_situation

from models.rules.checkout import Purchase, judge
from models.rules.errors import BadText
from models.rules.facts import CardFacts, Emptied, Replaced
from models.rules.journal import Kind
from models.rules.limits import MOST_PLACES, Limits, checked_places, where_only
from models.rules.status import Status, status_of

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
MAY = datetime(2026, 5, 21, tzinfo=UTC)
DAY = timedelta(days=1)
CARD = CardFacts("GBP", 5000, active_from_at=MAY, cut_off_at=NOON + 200 * DAY)
PURCHASE = Purchase(2500, "GBP", NOON)
LEEDS = Limits(places=("Leeds", "Café Zürich"))
IN_STORES = Limits(channels=("store",))
ADAS = Limits(is_personal=True, emails=frozenset({"ada@example.org"}))

ONLY_LEEDS = "The card can be spent only at Leeds or Café Zürich"
ONLY_STORES = "The card can be spent only in stores"
ONE_PERSON = "The card can be spent by one person only"

REFUSED: list[tuple[str, dict[str, Any], Limits, dict[str, Any], str]] = [
    (
        "does not add up",
        {"is_consistent": False},
        Limits(),
        {},
        "The card does not add up: it takes notes and escalations only.",
    ),
    (
        "cancelled",
        {"cancelled_at": MAY, "balance_minor": 0},
        Limits(),
        {},
        "The card was cancelled on 21 May 2026 01:00, which is final.",
    ),
    ("suspended", {"suspended_at": MAY}, Limits(), {}, "The card is suspended: nothing can be taken from it."),
    (
        "not valid yet",
        {"active_from_at": NOON + DAY},
        Limits(),
        {},
        "The card is valid only from Sun 22 Nov 12:00.",
    ),
    (
        "expired, nobody was by",
        {"cut_off_at": NOON},
        Limits(),
        {},
        "The card expired: its balance stopped on Sat 21 Nov 12:00.",
    ),
    (
        "expired and broken",
        {"cut_off_at": NOON, "balance_minor": 0, "broken_minor": 5000},
        Limits(),
        {},
        "The card expired: its balance stopped on Sat 21 Nov 12:00.",
    ),
    (
        "expires before that time",
        {},
        Limits(),
        {"at": NOON + 200 * DAY},
        "The card expired: its balance stopped on Wed 9 Jun 13:00.",
    ),
    (
        "replaced",
        {"balance_minor": 0, "replaced": Replaced("J773", MAY)},
        Limits(),
        {},
        "The card was replaced by ···· J773 on 21 May 2026 01:00: go on with that one.",
    ),
    (
        "nothing left",
        {"balance_minor": 0, "emptied": Emptied(Kind.REDEMPTION, MAY, 5000)},
        Limits(),
        {},
        "There is nothing left on the card.",
    ),
    (
        "no amount",
        {},
        Limits(),
        {"amount_minor": 0},
        "The amount must be more than zero, and less than any gift card can hold.",
    ),
    (
        "an amount of another kind",
        {},
        Limits(),
        {"amount_minor": None, "typed": "25.005"},
        "25.005 has too many decimals; GBP has 2 at most.",
    ),
    ("no number", {}, Limits(), {"typed": "all"}, "'all' is not an amount; write it like 12.50."),
    (
        "other currency",
        {},
        Limits(),
        {"currency": "EUR"},
        "The card is in GBP: it can't pay an amount in EUR.",
    ),
    (
        "above the balance",
        {},
        Limits(),
        {"amount_minor": 5001},
        "The card holds 50.00 GBP, less than 50.01 GBP.",
    ),
    ("another place", {}, LEEDS, {"place": "York"}, f"{ONLY_LEEDS}, not at York."),
    ("no place", {}, LEEDS, {}, f"{ONLY_LEEDS}, and no place is named."),
    ("another channel", {}, IN_STORES, {"channel": "web"}, f"{ONLY_STORES}, not in the web shop."),
    (
        "no channel",
        {},
        IN_STORES,
        {"place": "Leeds"},
        f"{ONLY_STORES}, and no channel is named (web or store).",
    ),
    (
        "somebody else",
        {},
        ADAS,
        {"email": "bob@example.org"},
        f"{ONE_PERSON}, and the e-mail address is somebody else's.",
    ),
    ("nobody named", {}, ADAS, {}, f"{ONE_PERSON}, and nobody is named: give the e-mail address of who pays."),
    (
        "nobody left",
        {},
        Limits(is_personal=True),
        {"email": "ada@example.org"},
        f"{ONE_PERSON}, who has no e-mail address on file: a supervisor can lift that.",
    ),
    (
        "somebody tampered",
        {},
        Limits(is_spoiled=True),
        {"email": "ada@example.org"},
        "Who may spend the card was changed with another tool: giftdesk verify names it, and a supervisor says it "
        "anew.",
    ),
]


@pytest.mark.parametrize(
    ("card", "limits", "asked", "sentence"), [row[1:] for row in REFUSED], ids=[r[0] for r in REFUSED]
)
def test_each_rule_refuses_with_its_sentence(
    card: dict[str, Any], limits: Limits, asked: dict[str, Any], sentence: str
) -> None:
    """One thing wrong is one sentence, and no money moves."""
    found = judge(replace(CARD, **card, limits=limits), replace(PURCHASE, **asked), LONDON)
    assert found.refusals == (sentence,)
    assert not found.passes


PASSES: list[tuple[str, Limits, dict[str, Any]]] = [
    ("no limits at all", Limits(), {}),
    ("the last penny", Limits(), {"amount_minor": 5000}),
    ("all that there is", Limits(), {"amount_minor": None}),
    ("as it was typed", Limits(), {"amount_minor": None, "typed": "25"}),
    ("the last microsecond", Limits(), {"at": NOON + 200 * DAY - timedelta(microseconds=1)}),
    ("the first one", Limits(), {"at": MAY}),
    ("the place", LEEDS, {"place": "Leeds"}),
    ("the place in another spelling", LEEDS, {"place": "  CAFE  zurich "}),
    ("the channel", IN_STORES, {"channel": "store"}),
    ("the person", ADAS, {"email": "Ada@Example.org"}),
    ("more is named than is asked for", Limits(), {"place": "York", "channel": "web", "email": "bob@example.org"}),
]


@pytest.mark.parametrize(("limits", "asked"), [row[1:] for row in PASSES], ids=[row[0] for row in PASSES])
def test_what_no_rule_refuses_goes_through(limits: Limits, asked: dict[str, Any]) -> None:
    """A limit that is kept keeps nobody from paying."""
    found = judge(replace(CARD, limits=limits), replace(PURCHASE, **asked), LONDON)
    assert found.passes
    assert found.pays_minor + found.left_minor == 5000
    assert found.rest_minor == 0


def test_everything_that_refuses_is_told_at_once_in_one_order() -> None:
    """Mending one thing and asking again would be one call after the other."""
    card = replace(CARD, is_consistent=False, suspended_at=MAY, active_from_at=NOON + DAY, cut_off_at=NOON)
    limits = Limits(("Leeds",), ("store",), is_personal=True, emails=frozenset({"ada@example.org"}))
    asked = Purchase(None, "EUR", NOON, "York", "web", "bob@example.org", typed="1.234")
    assert [
        sentence.split(":")[0].split(",")[0] for sentence in judge(replace(card, limits=limits), asked, LONDON).refusals
    ] == [
        "The card does not add up",
        "The card is suspended",
        "The card is valid only from Sun 22 Nov 12",
        "The card expired",
        "1.234 has too many decimals; EUR has 2 at most.",
        "The card is in GBP",
        "The card can be spent only at Leeds",
        "The card can be spent only in stores",
        "The card can be spent by one person only",
    ]


def test_what_the_card_can_pay_of_too_much_is_said() -> None:
    """The rest is paid in another way, if anything but the amount is right."""
    found = judge(CARD, replace(PURCHASE, amount_minor=8000, place="Leeds"), LONDON)
    assert (found.pays_minor, found.left_minor, found.rest_minor) == (5000, 0, 3000)
    assert found.sentence == (
        "80.00 GBP at Leeds on 21 Nov 2026 12:00 would be refused: the card can pay 50.00 GBP, and 30.00 GBP would be "
        "left to pay in another way."
    )
    penny = judge(replace(CARD, balance_minor=1), replace(PURCHASE, amount_minor=2), LONDON)
    assert (penny.pays_minor, penny.left_minor, penny.rest_minor) == (1, 0, 1)
    held = judge(replace(CARD, suspended_at=MAY), replace(PURCHASE, amount_minor=8000), LONDON)
    assert (held.pays_minor, held.left_minor, held.rest_minor) == (0, 5000, 8000)
    assert held.sentence == "80.00 GBP on 21 Nov 2026 12:00 would be refused."


def test_of_all_that_there_is_nothing_is_left_to_pay_in_another_way() -> None:
    """Also where there is nothing, or in another currency, of which nobody says how much it would be."""
    everything = replace(PURCHASE, amount_minor=None)
    for card in (CARD, replace(CARD, balance_minor=0)):
        found = judge(card, everything, LONDON)
        assert (found.pays_minor, found.left_minor, found.rest_minor) == (card.balance_minor, 0, 0)
    elsewhere = judge(CARD, replace(everything, currency="EUR"), LONDON)
    assert (elsewhere.pays_minor, elsewhere.left_minor, elsewhere.rest_minor) == (0, 5000, 0)


def test_each_reason_has_a_line_below_the_answer() -> None:
    found = judge(replace(CARD, suspended_at=MAY), PURCHASE, LONDON)
    assert found.in_words.splitlines() == [found.sentence, *(f"- {refusal}" for refusal in found.refusals)]


def test_the_answer_says_what_is_left() -> None:
    """The customer asks next."""
    found = judge(CARD, replace(PURCHASE, channel="web"), LONDON)
    assert found.sentence == (
        "25.00 GBP in the web shop on 21 Nov 2026 12:00 would go through, and leave 25.00 GBP on the card."
    )


def test_a_purchase_passes_exactly_when_the_card_is_active_with_something_on_it() -> None:
    """However a card stands: the simulator and the status never differ."""
    for situation in every_situation():
        card = situation.card()
        found = judge(card, Purchase(1, "GBP", NOW), LONDON)
        is_active = status_of(card, NOW) is Status.ACTIVE
        assert found.passes == (card.is_consistent and is_active and card.balance_minor > 0), situation


def test_whether_the_run_was_by_makes_no_difference() -> None:
    """A balance that is past its cut-off pays nothing, booked or not."""
    unbooked = replace(CARD, cut_off_at=NOON, limits=LEEDS)
    booked = replace(unbooked, balance_minor=0, broken_minor=5000)
    for amount, place in product((None, 2500, 8000), (None, "Leeds")):
        asked = replace(PURCHASE, amount_minor=amount, place=place)
        assert judge(unbooked, asked, LONDON) == judge(booked, asked, LONDON)


def test_very_many_places_leave_room_for_the_sentence() -> None:
    """Six are named, the others counted."""
    many = Limits(places=tuple(f"Shop {number}" for number in range(20)))
    (sentence,) = judge(replace(CARD, limits=many), PURCHASE, LONDON).refusals
    assert sentence.endswith("Shop 5 or 14 other places, and no place is named.")


def test_places_are_kept_once_each() -> None:
    """However they are spelled; the first spelling stays."""
    assert checked_places(["Leeds", " Café  Zürich", "LEEDS", "cafe zurich"]) == ["Leeds", "Café  Zürich"]
    assert len(checked_places([f"Shop {number}" for number in range(MOST_PLACES)])) == MOST_PLACES
    with pytest.raises(BadText, match=r"restricted to 50 places at most; 51 are named"):
        checked_places([f"Shop {number}" for number in range(MOST_PLACES + 1)])
    with pytest.raises(BadText, match="The place is empty"):
        checked_places(["Leeds", " "])


def test_where_alone_is_said_in_words() -> None:
    """Nothing is said where there is no limit."""
    assert where_only((), ()) is None
    assert where_only(("Leeds",), ()) == "at Leeds"
    assert where_only(("Leeds", "York"), ("store",)) == "in stores, at Leeds or York"
    assert where_only("ABCDEF", ()) == "at A, B, C, D, E or F"
    assert where_only("ABCDEFGH", ()) == "at A, B, C, D, E, F or 2 other places"


def test_money_moves_to_no_card_that_is_spent_elsewhere() -> None:
    """The same places, and fewer of them, are no other; a card that is spent everywhere, or in another channel, is."""
    leeds = Limits(places=("LEEDS",))
    assert [each.are_kept_by(each) for each in (Limits(), LEEDS, IN_STORES)] == [True, True, True]
    assert (LEEDS.are_kept_by(leeds), leeds.are_kept_by(LEEDS)) == (True, False)
    assert (Limits().are_kept_by(LEEDS), LEEDS.are_kept_by(Limits())) == (True, False)
    assert (Limits().are_kept_by(IN_STORES), IN_STORES.are_kept_by(Limits())) == (True, False)
    assert not IN_STORES.are_kept_by(Limits(channels=("web",)))
