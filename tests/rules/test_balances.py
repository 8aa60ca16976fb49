"""What a customer may be told of a card's balance, in every situation in which the card can stand."""

from dataclasses import replace
from datetime import date

import pytest
from rules.situations import DAY, LONDON, LONG_AGO, NOW, every_situation

from models.rules.balances import Told, balance_told
from models.rules.facts import CardFacts, Emptied, Replaced
from models.rules.journal import Kind

LAST_DAY = date(2026, 11, 30)
CARD = CardFacts("GBP", 5000, LONG_AGO, LONDON.cut_off(LAST_DAY), LAST_DAY)


def told(card: CardFacts) -> tuple[str, str]:
    answer = balance_told(card, NOW, LONDON)
    return answer.told.value, answer.sentence


def test_of_what_is_spent_or_broken_nothing_is_told_to_be_left() -> None:
    """Software that shows the balance and not the sentence shows a zero."""
    over = replace(CARD, last_day_on=date(2026, 11, 20), cut_off_at=LONDON.cut_off(date(2026, 11, 20)))
    for card in (replace(CARD, balance_minor=0), over):
        answer = balance_told(card, NOW, LONDON)
        assert (answer.balance_minor, answer.currency) == (0, "GBP")


def test_the_balance_is_told_with_its_expiry() -> None:
    assert told(CARD) == (
        "spendable",
        "This gift card holds 50.00 GBP, which can be spent up to and including Mon 30 Nov 2026.",
    )
    answer = balance_told(CARD, NOW, LONDON)
    assert (answer.balance_minor, answer.currency, answer.last_day_on) == (5000, "GBP", LAST_DAY)
    assert told(replace(CARD, cut_off_at=None, last_day_on=None))[1] == (
        "This gift card holds 50.00 GBP, which does not expire."
    )


def test_a_card_that_is_not_active_yet_is_told_with_both_its_days() -> None:
    assert told(replace(CARD, active_from_at=NOW + DAY)) == (
        "not_yet",
        "This gift card holds 50.00 GBP, which can be spent from Sun 22 Nov 2026 up to and including Mon 30 Nov 2026.",
    )
    assert balance_told(replace(CARD, active_from_at=NOW + DAY), NOW, LONDON).active_from_on == date(2026, 11, 22)
    assert told(replace(CARD, active_from_at=NOW + DAY, cut_off_at=None, last_day_on=None))[1] == (
        "This gift card holds 50.00 GBP, which can be spent from Sun 22 Nov 2026 and does not expire."
    )


@pytest.mark.parametrize(
    ("card", "kind", "sentence"),
    [
        (
            replace(CARD, last_day_on=date(2026, 11, 20), cut_off_at=LONDON.cut_off(date(2026, 11, 20))),
            "expired",
            "The balance of this gift card expired at the end of Fri 20 Nov 2026.",
        ),
        (replace(CARD, balance_minor=0), "spent", "There is nothing left on this gift card."),
        (
            replace(
                CARD,
                balance_minor=0,
                emptied=Emptied(Kind.TRANSFER_OUT, LONG_AGO, 5000, other_last_four="J773"),
                replaced=Replaced("J773", LONG_AGO),
            ),
            "replaced",
            "A new gift card has taken the place of this one. Please use the code of that.",
        ),
        (
            replace(CARD, cancelled_at=LONG_AGO),
            "cancelled",
            "This gift card was cancelled and can't be used any more.",
        ),
        (
            replace(CARD, suspended_at=LONG_AGO),
            "contact_us",
            "This gift card can't be used at present. Please contact us.",
        ),
        (
            replace(CARD, is_consistent=False),
            "contact_us",
            "This gift card can't be used at present. Please contact us.",
        ),
        (
            replace(CARD, active_from_at=CARD.cut_off_at or NOW),
            "contact_us",
            "This gift card can't be used at present. Please contact us.",
        ),
    ],
    ids=["expired", "spent", "replaced", "cancelled", "on hold", "does not add up", "never to become valid"],
)
def test_each_standing_has_its_sentence(card: CardFacts, kind: str, sentence: str) -> None:
    assert told(card) == (kind, sentence)


def test_in_the_last_night_the_balance_still_counts() -> None:
    """The customer was told the day; the hours after midnight are a kindness that nobody speaks of."""
    last_night = replace(CARD, last_day_on=date(2026, 11, 20), cut_off_at=LONDON.cut_off(date(2026, 11, 20)))
    one_at_night = LONDON.start_of(date(2026, 11, 21)) + DAY / 24
    assert balance_told(last_night, one_at_night, LONDON).told is Told.SPENDABLE


def test_no_situation_tells_of_people_hours_or_what_the_desk_knows_besides() -> None:
    """A balance is named only when it can be spent, at once or later; a hold looks like any other trouble."""
    for situation in every_situation():
        card = replace(situation.card(), holder="Ada Lovelace, ada@home.example", replaced=Replaced("J773", LONG_AGO))
        answer = balance_told(card, NOW, LONDON)
        for secret in ("Ada", "Northwind", "J773", "flag", "hold ", "03", ":", "VIP"):
            assert secret not in answer.sentence, situation
        assert (answer.told is Told.SPENDABLE) is (situation.spendable and situation.consistent), situation
        if answer.balance_minor:
            assert answer.told in (Told.SPENDABLE, Told.NOT_YET), situation
            assert answer.balance_minor == situation.balance
