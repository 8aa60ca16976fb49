"""Stories of one field in which everything can be typed that a customer can tell."""

import pytest
from postgres import AT_LENGTH
from store.counter import Counter, plain_sql

from models import desk
from models.desk import PersonGiven
from models.finding import Found, find, with_more
from models.rules.codes import masked, normalise
from models.rules.status import Status

ENGINES = AT_LENGTH
ADA = PersonGiven("Ada Lovelace", "ada@northwind.example")
GRACE = PersonGiven("Grace Hopper", "grace@harbour.example")


def sold(counter: Counter, **options: object) -> str:
    """The code of a card that was just sold."""
    outcome = desk.issue(counter.mia, "half", 5_000, **options)  # type: ignore[arg-type]
    assert outcome.hand_out is not None
    return normalise(outcome.hand_out)


def cards(found: Found) -> list[int]:
    """The cards found, in their order."""
    return [line.card_id for line in found.lines]


def looked(counter: Counter, text: str) -> list[int]:
    """The cards that a text finds, in their order."""
    return cards(find(counter.store, text))


def test_a_code_wins_over_everything_else_that_a_text_can_mean(counter: Counter) -> None:
    """Somebody wrote the code of one card down as the order of another."""
    code = sold(counter)
    counter.issued(order_ref=code)
    found = find(counter.store, code.lower())
    assert (found.is_exact, cards(found)) == (True, [1])
    assert cards(find(counter.store, code, by_code=False)) == [2]


def test_words_can_be_a_person_an_order_and_the_end_of_a_code_at_once(counter: Counter) -> None:
    """All of them fit the card, in whatever order they come; each alone finds it as well."""
    code = sold(counter, recipient=ADA, purchaser=GRACE, order_ref="T77")
    counter.issued(recipient=GRACE)
    for text in (code[-4:], "t77", "lovelace", "north lovelace", f"t77 hopper {code[-4:]}", f"{code[-4:]} ADA 'T77'"):
        assert looked(counter, text) == [1], text
    assert not looked(counter, f"ada hopper {code[-4:]}")  # two people


def test_a_part_of_an_address_may_have_the_length_of_a_code(counter: Counter) -> None:
    """Sixteen characters with digits are no code of ours when letters are among them that we never use."""
    counter.issued(recipient=PersonGiven("Freya Wright", "freyawright12345@example.org"))
    assert looked(counter, "freyawright12345") == [1]


@pytest.mark.parametrize("front", ["ruthjones535056", "johnscott1234567"])
def test_the_front_of_an_address_may_read_like_a_code_of_ours(counter: Counter, front: str) -> None:
    """Somebody is found by it when no card is; nobody else is, and whoever types a code of no card is told so."""
    counter.issued(recipient=PersonGiven("Ruth Jones", f"{front}@example.org"))
    found = find(counter.store, front)
    assert (cards(found), found.sentence) == ([1], None)
    assert looked(counter, f"{front[:-1]}9") == []
    assert find(counter.store, f"{front[:-1]}9").is_unknown


def test_a_card_is_found_by_the_place_and_the_day_of_one_load(counter: Counter) -> None:
    """Sold in Leeds in May, topped up in York in June: nobody bought anything in York in May."""
    card = counter.issued(place="Leeds, Briggate", recipient=ADA)
    counter.issued(place="York")
    counter.at("2026-06-03 10:00")
    assert desk.top_up(counter.mia, card, 500, place="York").done
    assert looked(counter, "place:leeds on:2026-05") == [1]
    assert looked(counter, "place:york on:may") == [2]
    assert looked(counter, "place:york") == [1, 2]
    assert looked(counter, "ada place:york on:yesterday..today") == [1]
    assert looked(counter, "place:leeds place:york on:2026-06-03") == [1]
    assert not looked(counter, "place:leeds on:2026-06")


@pytest.mark.parametrize(("moment", "day"), [("2026-06-02 22:59", "2026-06-02"), ("2026-06-02 23:00", "2026-06-03")])
def test_a_day_is_one_of_the_business(counter: Counter, moment: str, day: str) -> None:
    """In London it is summer: the day begins an hour before that of UTC."""
    counter.at(moment)
    counter.issued()
    assert [text for text in ("2026-06-02", "2026-06-03") if looked(counter, f"on:{text}")] == [day]


def test_a_place_that_nobody_knows_is_answered_with_those_that_there_are(counter: Counter) -> None:
    """What is spelt alike comes first; so with products."""
    assert find(counter.store, "place:leds").sentence == "No place is called 'leds'; there is none yet."
    for place in ("Bath", "York", "Leeds"):
        counter.issued(place=place)
    assert find(counter.store, "place:leds").sentence == "No place is called 'leds'; there are Leeds, Bath and York."
    unknown = find(counter.store, "product:halv").sentence
    assert unknown == "No product is called 'halv'; there are Half, Careful, Forever, Summer and Week."


def test_an_imported_card_was_bought_where_and_when_its_source_says(counter: Counter) -> None:
    """One that came without a date was bought on no day that anybody knows of."""
    dated, undated = counter.issued(place="Old shop"), counter.issued(place="Old shop")
    with plain_sql(counter.store.path, guarded=False) as sql:
        sql.execute("UPDATE activity SET kind = 'imported'")
        sql.execute("UPDATE activity SET details = '{\"undated\":true}' WHERE card_id = ?", (undated,))
    assert looked(counter, "place:old") == [undated, dated]
    for text in ("on:today", "place:old on:today", "on:today product:half"):
        assert looked(counter, text) == [dated], text


def test_a_status_is_asked_for_in_the_field_or_beside_it(counter: Counter) -> None:
    """Beside it, it leaves a code's own card alone."""
    code = sold(counter, recipient=ADA)
    held = counter.issued(recipient=ADA)
    assert desk.suspend(counter.sue, held, "chargeback").done
    assert looked(counter, "ada status:susp") == [held]
    assert cards(find(counter.store, "ada", Status.SUSPENDED)) == [held]
    assert cards(find(counter.store, code, Status.SUSPENDED)) == [1]
    assert not cards(find(counter.store, "ada status:active", Status.SUSPENDED))


def test_vips_are_found_by_the_organisation_of_the_holder(counter: Counter) -> None:
    """The purchaser's organisation makes no card a VIP's when somebody else holds it."""
    bought, held = counter.issued(recipient=GRACE, purchaser=ADA), counter.issued(recipient=ADA)
    assert desk.register(counter.mia, held, ADA, organisation="Northwind").done
    assert not looked(counter, "vip")
    assert desk.set_organisation(counter.sue, "Northwind", is_vip=True, source="CRM").done
    assert looked(counter, "vip") == [held]
    assert looked(counter, "vip lovelace product:half") == [held]
    assert looked(counter, "lovelace") == [held, bought]


def test_a_slip_in_a_code_tells_what_differs(counter: Counter) -> None:
    """The candidates are masked, and say which character it is."""
    code = sold(counter, recipient=ADA)
    typed = ("3" if code[0] == "2" else "2") + code[1:]
    found = find(counter.store, typed)
    (line,) = found.lines
    assert found.are_near_misses
    assert line.code_masked == masked(code[-4:])
    assert line.remark == f"1st character: you typed {typed[0]}, the card has {code[0]}"


def test_characters_that_cannot_be_read_are_left_open(counter: Counter) -> None:
    """Two at most; with a third there are too many codes that it could be."""
    code = sold(counter)
    found = find(counter.store, f"{code[:3]}?{code[4:9]}?{code[10:]}")
    assert (found.are_near_misses, cards(found)) == (True, [1])
    assert found.sentence == "What can be read of this code fits one card: confirm it with the customer."
    assert (find(counter.store, f"???{code[3:]}").sentence or "").startswith("3 characters can't be read")
    unknown = find(counter.store, f"?{code[1:-1]}{'2' if code[-1] != '2' else '3'}")
    assert (unknown.is_unknown, unknown.lines) == (True, ())


def test_a_slip_in_a_name_is_forgiven_and_told(counter: Counter) -> None:
    """Only when nobody is called so; a page further on goes on with the same people."""
    ada = [counter.issued(recipient=ADA) for _ in range(3)]
    found = find(counter.store, "lovelase", most=2)
    assert found.sentence == "Nobody is called 'lovelase'; these are called 'lovelace'."
    rest = find(counter.store, "lovelase", after=found.next, most=2)
    assert [*cards(found), *cards(rest)] == ada[::-1]
    assert rest.mended == (("lovelase", "lovelace"),)
    other = counter.issued(recipient=PersonGiven("Max Lovelase"))
    assert looked(counter, "lovelase") == [other]


def test_a_list_that_ends_earlier_than_it_looked_goes_on_with_nothing_else(counter: Counter) -> None:
    """The last card of an order changed meanwhile and stands first: nobody is shown those of somebody called alike."""
    ada = counter.issued(recipient=ADA)
    first, second = (counter.issued(order_ref="lovelase") for _ in range(2))
    counter.wait(hours=1)
    assert desk.note(counter.sam, second, "called").done
    page = find(counter.store, "lovelase", most=1)
    assert cards(page) == [second]
    counter.wait(hours=1)
    assert desk.note(counter.sam, first, "called").done
    assert (find(counter.store, "lovelase", after=page.next).lines, ada) == ((), 1)


def test_a_long_list_goes_on(counter: Counter) -> None:
    """The next page begins behind the last line; the last page says that it is the last."""
    for _ in range(5):
        counter.issued(recipient=ADA)
    first = find(counter.store, "ada", most=2)
    assert (cards(first), first.next is not None) == ([5, 4], True)
    second = find(counter.store, "ada", after=first.next, most=2)
    assert (cards(second), second.next is not None) == ([3, 2], True)
    third = find(counter.store, "ada", after=second.next, most=2)
    assert (cards(third), third.next) == ([1], None)


def test_a_walk_that_ends_early_goes_on(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is told that there is no such card because the newest ones are others."""
    _walks_slowly(monkeypatch)
    for _ in range(3):
        counter.issued("half")
    for _ in range(4):
        counter.issued("forever")
    first = find(counter.store, "product:half")
    assert (first.lines, first.next is not None, first.sentence) == ((), True, None)
    second = find(counter.store, "product:half", after=first.next)
    assert (cards(second), second.next is not None) == ([3, 2], True)
    assert cards(find(counter.store, "product:half", after=second.next)) == [1]


def test_a_walk_to_the_very_end_says_that_it_found_nothing(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """It took page after page, and the last one alone can tell."""
    _walks_slowly(monkeypatch)
    for _ in range(5):
        counter.issued("half")
    found = find(counter.store, "product:half vip")
    while found.next is not None:
        assert found.sentence is None
        found = with_more(found, find(counter.store, "product:half vip", after=found.next))
    assert found.lines == ()
    assert (found.sentence or "").startswith("Nothing is found by that.")


def _walks_slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.search.searching.WALKED", 3)
    monkeypatch.setattr("models.search.searching.MOST_LISTED", 2)


def test_what_cannot_be_understood_is_not_searched(counter: Counter) -> None:
    """A sentence says what to write."""
    counter.issued(recipient=ADA)
    found = find(counter.store, "ada on:someday")
    assert not found.lines
    assert "on:2026-05-21" in (found.sentence or "")


def test_plain_words_for_a_place_and_a_time_are_answered_with_how_to_type_them(counter: Counter) -> None:
    """Only when they find nothing: somebody may be called May."""
    counter.issued(place="Leeds")
    sentence = "Nothing is found by that. Type place:Leeds on:May for where or when it was bought."
    assert find(counter.store, "bought in Leeds in May").sentence == sentence
    counter.issued(recipient=PersonGiven("May Leeds", None))
    assert looked(counter, "leeds may") == [2]


def test_an_order_is_found_with_the_sign_in_front_of_its_number(counter: Counter) -> None:
    """As customers read it from their e-mail: it is not taken for a code."""
    counter.issued(order_ref="10000002")
    counter.issued(order_ref="#10000003")
    assert looked(counter, "#10000002") == [1]
    assert looked(counter, "#10000003") == [2]


def test_one_character_is_a_name_where_names_are_written_without_blanks(counter: Counter) -> None:
    """A single letter of another script stands beside a word only."""
    counter.issued(recipient=PersonGiven("李丽", None))
    counter.issued(recipient=PersonGiven("Lin Li", None))
    assert looked(counter, "李") == looked(counter, "丽") == [1]
    assert looked(counter, "l") == []
    assert looked(counter, "l li") == [2]
