"""The texts of e-mails: what may be saved, and that a filled letter says just what is on file."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.families import BUILT_IN, FAMILIES, REMINDER, family_of
from models.rules.templates import Texts, fill, greeted, problems

MAIL = FAMILIES[REMINDER]
FIELDS = MAIL.fields
SOUND = "Hello {{name}}"
WRITTEN = ": a placeholder is written {{name}}."
PIECES = st.lists(
    st.sampled_from(
        ["{", "}", "{{", "}}", "{{name}}", "{{card}}", "{{ last_day }}", "{{nobody}}", "<", "b>", "</", " x ", "\n"]
    )
    | st.text(max_size=5)
).map("".join)


def sentences(texts: Texts) -> list[str]:
    return [f"{each.field}: {each.sentence}" for each in problems(texts, MAIL)]


@pytest.mark.parametrize("name", BUILT_IN)
def test_the_built_in_texts_can_be_saved(name: str) -> None:
    """What goes out before anybody has written anything follows the same rules, and fills every field that it names."""
    texts, family = BUILT_IN[name], family_of(name)
    assert problems(texts, family) == ()
    examples = {each: field.example for each, field in family.fields.items()}
    filled = fill(texts, examples, family)
    for part, template in ((filled.text, texts.text), (filled.html or "", texts.html or "")):
        assert "{{" not in part
        assert "[[" not in part
        assert all(example in part for each, example in examples.items() if f"{{{{{each}}}}}" in template)


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (Texts("", SOUND), "subject: The subject is empty."),
        (Texts(SOUND, " \n "), "text: The text is empty."),
        (Texts("a\nBcc: eve@example.org", SOUND), "subject: The subject must be one line without tabs."),
        (Texts("a\x1b[2J", SOUND), "subject: The subject holds a character that has no place in an e-mail (U+001B)."),
        (Texts(SOUND, "a\u202eb"), "text: The text holds a character that has no place in an e-mail (U+202E)."),
        (Texts("s" * 201, SOUND), "subject: The subject has 201 characters; 200 are the most."),
        (Texts(SOUND, "t" * 20_001), "text: The text has 20,001 characters; 20,000 are the most."),
        (Texts(SOUND, SOUND, "h" * 100_001), "html: The HTML has 100,001 characters; 100,000 are the most."),
        (Texts(SOUND, "{{name}}" * 101), "text: The text has 101 placeholders; 100 are the most."),
        (Texts(SOUND, "a\n{{name}"), f"text: The text has a brace too many or too few in line 2{WRITTEN}"),
        (Texts("{name}", SOUND), f"subject: The subject has a brace too many or too few{WRITTEN}"),
    ],
)
def test_what_can_not_go_out_is_refused_field_by_field(texts: Texts, told: str) -> None:
    """One sentence, with the field to put it beside."""
    assert sentences(texts) == [told]


def test_an_unknown_placeholder_is_named_with_those_that_exist() -> None:
    """So that nobody has to look for them."""
    (told,) = sentences(Texts("For {{nmae}}", SOUND))
    assert "{{nmae}}, which does not exist; there are {{name}}, {{balance}}, {{last_day}}," in told


@pytest.mark.parametrize("code", ["{{name.__class__}}", "{{ 'a' * 10**9 }}", "{% for a in b %}", "${name}", "{{7*7}}"])
def test_nothing_that_looks_like_a_program_is_saved(code: str) -> None:
    """Names of fields are all that a placeholder can hold."""
    assert sentences(Texts("Hello", code))


@pytest.mark.parametrize(
    ("html", "told"),
    [
        ("<script>alert(1)</script>", "holds <script>, which has no place in an e-mail (line 1)"),
        ("<p>\n<IFRAME src=x></IFRAME>", "holds <iframe>, which has no place in an e-mail (line 2)"),
        ("<form action=x></form>", "holds <form>"),
        ("<b onclick='x()'>a</b>", "has the attribute onclick"),
        ('<a href=" java&#10;script:x()">a</a>', "has a value of href that would run"),
        ('<meta http-equiv="refresh" content="0">', "would run a program or leave"),
        ("<!--><script>x</script>-->", "has a comment that mail programs end at different places"),
        ("<!-- x", "has a comment that does not end"),
        ("<style>p{}", "has a <style> that does not end"),
        ("1 < 2", "has a < that begins no tag"),
        ("<b", "has a < that begins no tag, or a tag that is not closed"),
        ("<a title='{{name}}'>a</a>", "In HTML a placeholder stands in the text"),
        ("<a href={{name}}>a</a>", "In HTML a placeholder stands in the text"),
        ("<style>p:after{content: '{{name}}'}</style>", "In HTML a placeholder stands in the text"),
        ("<!-- {{name}} -->", "In HTML a placeholder stands in the text"),
    ],
)
def test_html_that_could_do_more_than_show_is_refused(html: str, told: str) -> None:
    """Staff is trusted with looks, not with programs, and a name may stand only where it is text."""
    (sentence,) = sentences(Texts("Hello", "Hello", html))
    assert told in sentence


def test_html_as_it_is_written_for_e_mails_passes() -> None:
    """Styles with nested braces, comments for one mail program, pictures."""
    html = """<!DOCTYPE html><style>@media print{p{color:red}}</style><title>{{product}}</title>
    <!--[if mso]><table><tr><td><![endif]--><p>{{name}} &lt;3<img src="https://shop.example/a.png" alt="">"""
    assert problems(Texts("Hello", "Hello", html), MAIL) == ()


@pytest.mark.parametrize("unit", ["<", "<a ", "<!--", "<a b='", "<style>", '<a b="c" ', "{{", "{{ ", "<b {{name}} "])
def test_a_text_made_to_take_for_ever_is_judged_at_once(unit: str) -> None:
    """Far longer texts than are let in are read in one pass: with a reading that starts over this test does not end."""
    from models.rules.markup import read_markup

    assert read_markup(unit * 200_000 + "x").problem is not None or "{{" in unit


@given(PIECES, PIECES, PIECES, st.dictionaries(st.sampled_from(sorted(FIELDS)), st.none() | PIECES))
def test_a_filled_letter_never_holds_a_placeholder(
    subject: str, text: str, html: str, values: dict[str, str | None]
) -> None:
    """Whatever was saved and whatever is on file, checked or not."""
    filled = fill(Texts(subject, text, html), values, MAIL)
    assert not [part for part in (filled.subject, filled.text, filled.html or "") if "{{" in part]


@given(st.text() | PIECES)
def test_a_value_is_one_line_of_plain_text(value: str) -> None:
    """No name breaks a line, opens a tag, or is filled again."""
    filled = fill(Texts("{{product}}", "[{{product}}]", "<p>{{product}}</p>"), {"product": value}, MAIL)
    assert filled.html is not None
    for part in (filled.subject, filled.text):
        assert re.search(r"[\x00-\x1f\x7f\u2028\u2029\u202e{}]", part) is None
    assert re.fullmatch(r"<p>[^<>\"']+</p>", filled.html)
    assert len(filled.text) <= 122


def test_a_missing_value_has_its_fall_back() -> None:
    """Nobody is greeted as None."""
    filled = fill(Texts("{{balance}}", "Hello {{name}}"), {"name": "\u200b\n", "balance": None}, MAIL)
    assert filled == Texts("a balance", "Hello there")


@pytest.mark.parametrize(
    "name", ["Ada Lovelace", "J.R.R. Tolkien", "J.R.R.TOLKIEN", "Dr.Smith", "李小龍", "O’Neill-Núñez", "A & B"]
)
def test_people_are_greeted_by_their_names(name: str) -> None:
    """As they are on file."""
    assert greeted(name) == name


@pytest.mark.parametrize(
    "name",
    [
        *("win at evil.com", "https://evil.example/x", "www.evil", "WWW.evil", "eve@example.org", "x" * 61, None),
        *("EVIL.EXAMPLE", "Evil.Com", "Win at evil.com.", "evil.com/x", "evil.example:80"),
    ],
)
def test_a_stranger_can_not_send_a_link_as_a_name(name: str | None) -> None:
    """Who buys a card for somebody chooses the name that our e-mail shows."""
    assert greeted(name) is None


REPLY = FAMILIES["too_early"]
LACKING = "which not every card has: put what is said of it between [[ and ]]."


def of_reply(text: str) -> list[str]:
    return [each.sentence for each in problems(Texts("Hello", text), REPLY)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("From {{first_day}}[[, {{balance}}[[ until {{last_day}}]]]].", []),
        ("Until {{last_day}}.", [f"The text names {{{{last_day}}}}, {LACKING}"]),
        ("[[{{balance}}]] {{last_day}}", [f"The text names {{{{last_day}}}}, {LACKING}"]),
        ("[[From {{first_day}}]]", ["The text has a part between [[ and ]] that names no field which may be missing."]),
        ("[[{{balance}}", ["The text has a [[ or ]] too many"]),
        ("{{first_day}}]]", ["The text has a [[ or ]] too many"]),
        ("[[{{balance}}[[{{last_day}}[[{{balance}}]]]]]]", ["or more than 2 parts in each other."]),
        ("{{amount}}", ["The text names {{amount}}, which does not exist; there are {{first_day}}, {{balance}}"]),
    ],
)
def test_a_reply_says_nothing_of_what_a_card_may_lack(text: str, told: list[str]) -> None:
    """What not every card has stands in a part that falls away with it, so no text can promise it."""
    found = of_reply(text)
    for sentence in told:
        assert any(sentence in each for each in found), found
    assert bool(found) is bool(told)


def test_a_reply_is_plain_text() -> None:
    """What is read before it goes is all that goes."""
    assert [each.field for each in problems(Texts("Hello", "Hello", "<b>Hello</b>"), REPLY)] == ["html"]


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({}, "From Monday."),
        ({"balance": "5.00 GBP"}, "From Monday, 5.00 GBP."),
        ({"balance": "5.00 GBP", "last_day": "Friday"}, "From Monday, 5.00 GBP until Friday."),
        ({"last_day": "Friday"}, "From Monday."),
        ({"balance": "[[ {{last_day}} ]]"}, "From Monday, [[ ((last_day)) ]]."),
    ],
)
def test_a_part_falls_away_with_what_it_names(values: dict[str, str], text: str) -> None:
    """And with it what stands in it; what a value holds is no part."""
    template = "From {{first_day}}[[, {{balance}}[[ until {{last_day}}]]]]."
    assert fill(Texts("Hello", template), {"first_day": "Monday", **values}, REPLY).text == text


@given(PIECES | st.lists(st.sampled_from(["[[", "]]", "[", "{{balance}}", "{{first_day}}", " ", "x"])).map("".join))
def test_a_filled_reply_holds_no_marks(text: str) -> None:
    """Checked or not, nobody reads a placeholder or the mark of a part."""
    filled = fill(Texts("Hello", text), {"first_day": "Monday"}, REPLY)
    assert re.search(r"\{\{|\[\[|]]", filled.text) is None


@pytest.mark.parametrize("unit", ["[[", "]]", "[[{{balance}}", "[[ ]]", "[[ [[ ]] "])
def test_parts_made_to_take_for_ever_are_read_at_once(unit: str) -> None:
    """With a reading that starts over this test does not end."""
    fill(Texts("Hello", unit * 200_000), {}, REPLY)
