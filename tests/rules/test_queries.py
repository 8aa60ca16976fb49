"""One field without modes: what somebody types to find a card is understood, or told what to write."""

from datetime import date
from itertools import accumulate, pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rules.payloads import HOSTILE, assert_is_safe

from models.rules.queries import LINE, MOST_WORDS, Query, hint, line_of, pasted, read_query
from models.rules.query_filters import FILTERS, VIP
from models.rules.spans import Days
from models.rules.status import Status
from models.rules.ways import LONGEST, WAYS

TODAY = date(2026, 11, 21)
MAY = Days(date(2026, 5, 1), date(2026, 5, 31))
LAST_WEEK = Days(date(2026, 11, 9), date(2026, 11, 15))


def read(text: str) -> Query:
    return read_query(text, TODAY)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", ()),
        ("  ada   lovelace ", ("ada", "lovelace")),
        ('"ada lovelace"', ("ada lovelace",)),
        ("“ada lovelace”", ("ada lovelace",)),
        ('king "ada lovelace" 10482', ("king", "ada lovelace", "10482")),
        ('"ada lovelace', ("ada", "lovelace")),
        ('ada "', ("ada",)),
        ('""', ()),
        ("Lovelace, Ada", ("Lovelace", "Ada")),
        ("Ada Lovelace <ada@northwind.example>", ("Ada", "Lovelace", "ada@northwind.example")),
        ("mailto:ada@northwind.example", ("ada@northwind.example",)),
        ("O'Brien", ("O'Brien",)),
        ("ada ada", ("ada",)),
        ("Ada | Sales", ("Ada", "Sales")),
        ("ada - lovelace", ("ada", "lovelace")),
        ("%", ("%",)),
        ("ada\x00lovelace", ("ada", "lovelace")),
        ("re: card", ("re", "card")),
        ("https://shop.example/card?id=5", ("https://shop.example/card?id=5",)),
        ("foo:bar", ("foo:bar",)),
        ("12:30", ("12:30",)),
        ('"vip"', ("vip",)),
        ("name:vip", ("vip",)),
        ("vipond", ("vipond",)),
        ('"place:Leeds"', ("place:Leeds",)),
        ('ada OR "lovelace" NEAR(x*)', ("ada", "OR", "lovelace", "NEAR", "x*")),
    ],
)
def test_free_words_are_kept_as_they_were_typed(typed: str, words: tuple[str, ...]) -> None:
    assert read(typed).words == words
    assert read(typed).complaint is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("place:Leeds", Query("", places=("leeds",))),
        ("PLACE:LEEDS", Query("", places=("leeds",))),
        ("place: Leeds", Query("", places=("leeds",))),
        ('place:"Web  shop"', Query("", places=("web shop",))),
        ('place: "Web shop"', Query("", places=("web shop",))),
        ("place:Zürich", Query("", places=("zurich",))),
        ("place:Leeds, place:York", Query("", places=("leeds", "york"))),
        ("place:Leeds place:leeds", Query("", places=("leeds",))),
        ("product:Classic", Query("", products=("classic",))),
        ("order:10482", Query("", orders=("10482",))),
        ("order 10482", Query("", orders=("10482",))),
        ("Order no. #10482", Query("", orders=("#10482", "10482"))),
        ("Order: 10482", Query("", orders=("10482",))),
        ("in order to", Query("", words=("in", "order", "to"))),
        ("vip", Query("", is_vip=True)),
        ("VIP lovelace", Query("", words=("lovelace",), is_vip=True)),
        ("status:expired", Query("", statuses=frozenset({Status.EXPIRED}))),
        ("status:exp", Query("", statuses=frozenset({Status.EXPIRED}))),
        ("status:Canceled", Query("", statuses=frozenset({Status.CANCELLED}))),
        ("status:blocked", Query("", statuses=frozenset({Status.SUSPENDED}))),
        ("status:on hold", Query("", statuses=frozenset({Status.SUSPENDED}))),
        ("status:not-yet-active", Query("", statuses=frozenset({Status.INACTIVE}))),
        ("status:active,exp", Query("", statuses=frozenset({Status.ACTIVE, Status.EXPIRED}))),
        ("status:active status:exp", Query("", statuses=frozenset({Status.ACTIVE, Status.EXPIRED}))),
        ("on:may", Query("", days=MAY)),
        ("on: may 2026", Query("", days=MAY)),
        ("on:may 2026 ada", Query("", words=("ada",), days=MAY)),
        ("on:may ada", Query("", words=("ada",), days=MAY)),
        ("on:may 7741", Query("", words=("7741",), days=MAY)),
        ("on:last week vip", Query("", days=LAST_WEEK, is_vip=True)),
        ('on:"last week" ada', Query("", words=("ada",), days=LAST_WEEK)),
        ("on:21 may 2026", Query("", days=Days(date(2026, 5, 21), date(2026, 5, 21)))),
        ("on:may .. june york", Query("", words=("york",), days=Days(MAY.first, date(2026, 6, 30)))),
        ("on:2026 on:may", Query("", days=MAY)),
    ],
)
def test_a_filter_is_understood_in_any_case_and_combined_freely(typed: str, meant: Query) -> None:
    query = read(typed)
    assert query.complaint is None
    for name in ("words", "orders", "places", "days", "statuses", "products", "is_vip"):
        assert getattr(query, name) == getattr(meant, name), name
    assert query.has_filters is meant.has_filters


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("plase:Leeds", "There is no filter plase:; did you mean place:? In quotes it is plain text."),
        ("Oder:10482", "There is no filter Oder:; did you mean order:? In quotes it is plain text."),
        ("stauts:exp", "There is no filter stauts:; did you mean status:? In quotes it is plain text."),
        ("place:", 'After place: comes where it was bought, e.g. place:Leeds or place:"Web shop".'),
        ("place: on:may", 'After place: comes where it was bought, e.g. place:Leeds or place:"Web shop".'),
        ('place:""', 'After place: comes where it was bought, e.g. place:Leeds or place:"Web shop".'),
        ("order: status:exp", "After order: comes its number, e.g. order:10482."),
        ("status:gone", "'gone' is not cancelled, suspended, inactive, expired or active, e.g. status:exp."),
        ("status:l", "'l' is not cancelled, suspended, inactive, expired or active, e.g. status:exp."),
        ("on:last", "'last' is not a day, a month or a span, e.g. on:2026-05-21, on:May 2026 or on:last week."),
        ("on:32 may 2026 ada", "'32 may 2026' is a date that does not exist; write it like on:2026-05-21."),
        ("on:may on:june", "May 2026 and Jun 2026 have no day in common; leave one on: away."),
        ("vip:yes", "vip stands alone: it finds the cards whose holder's organisation is a VIP."),
    ],
)
def test_a_filter_that_cannot_be_understood_says_what_to_write(typed: str, told: str) -> None:
    assert read(typed).complaint == told


@pytest.mark.parametrize("typed", ['"7Q4M 9KXR"', "“7Q4M 9KXR”", "(7Q4M 9KXR)", "7Q4M\n9KXR", "\x007Q4M 9KXR"])
def test_a_code_pasted_in_quotes_or_over_several_lines_is_still_a_code(typed: str) -> None:
    assert read(typed).as_code == "7Q4M 9KXR"


SIGNATURE = "Kind regards,\r\nAda Lovelace\r\nNorthwind | Sales\r\nTel: +44 20 7946 0000\r\nada@northwind.example\r\n"


def test_of_a_pasted_signature_the_address_is_looked_for() -> None:
    query = read(SIGNATURE)
    assert query.words == ("ada@northwind.example",)
    assert query.understood == "only the address of all that · e-mail: ada@northwind.example"
    assert read(" ".join(SIGNATURE.split()) + " Fax: +44 20 7946 0001").words == ("ada@northwind.example",)


def test_of_several_lines_without_an_address_the_first_is_looked_for() -> None:
    query = read("\n\nAda Lovelace\nNorthwind")
    assert query.words == ("Ada", "Lovelace")
    assert query.remark == "only the first line"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ada lovelace\n", "ada lovelace"),
        (SIGNATURE, "ada@northwind.example"),
        ("7Q4M 9KXR\n3HTC V8PN\n", "7Q4M 9KXR 3HTC V8PN"),
        ("Ada Lovelace\nNorthwind", "Ada Lovelace"),
        ("Code: 9VY9 NYQP KPN5 XPT9", "9VY9 NYQP KPN5 XPT9"),
        ("Your gift card\n9vy9-nyqp-\nkpn5-xpt9\n\nGil <gil@example.org>", "9vy9-nyqp- kpn5-xpt9"),
        ("My card 9VY9NYQPKPN5XPT9 is refused", "9VY9NYQPKPN5XPT9"),
        ("Code: 9VY9 NYQP KPN5 XPT8", "Code: 9VY9 NYQP KPN5 XPT8"),
        ("9VY9NYQPKPN5XPT9 or 4RJ9XRHCF3V4RMXJ", "9VY9NYQPKPN5XPT9 or 4RJ9XRHCF3V4RMXJ"),
        ("", ""),
        ("x" * 10_000, "x" * LONGEST),
    ],
)
def test_a_paste_leaves_in_the_field_what_is_looked_for(typed: str, kept: str) -> None:
    assert pasted(typed) == kept


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["ada", "lovelace"], "ada lovelace"),
        (["ada lovelace"], "ada lovelace"),
        (["place:Web shop"], 'place:"Web shop"'),
        (["ada", "Place:Web shop", "vip"], 'ada Place:"Web shop" vip'),
        (['place:"Web shop"'], 'place:"Web shop"'),
        (["place:Leeds on:may"], "place:Leeds on:may"),
        (["on:last week ada"], "on:last week ada"),
        (["re: my card"], "re: my card"),
    ],
)
def test_the_shells_quotes_are_given_back_to_a_filter(arguments: list[str], line: str) -> None:
    assert line_of(arguments) == line


def test_what_is_too_long_is_cut_and_said() -> None:
    assert read("x" * 10_000).text == "x" * LONGEST
    assert read("x" * 10_000).remark == f"only the first {LONGEST} characters"
    many = read(" ".join(f"word{number}" for number in range(20)))
    assert len(many.words) == MOST_WORDS
    assert many.understood.startswith(f"only the first {MOST_WORDS} words · ")
    assert read(" ".join("abcdefghijkl")).remark is None


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", ""),
        ("ada place:Leeds on:May 2026", "name or e-mail: ada · bought in Leeds · May 2026"),
        (
            '"ada king" 10482 @northwind',
            'name or e-mail: "ada king" · e-mail: @northwind · last four, order or e-mail:…',
        ),
        ("vip status:exp status:active place:Leeds place:York", "bought in Leeds or York · expired or active · VIP"),
        ("order #10482 product:classic", "order #10482 · product classic"),
    ],
)
def test_what_was_understood_fits_a_line(typed: str, told: str) -> None:
    assert read(typed).understood == told


@pytest.mark.parametrize(
    ("typed", "help_"),
    [
        ("", WAYS),
        ("pl", WAYS),
        ("st", WAYS),
        ("vip", WAYS),
        ("vip ", "VIP"),
        ("place:", 'place: where it was bought, e.g. place:Leeds or place:"Web shop"'),
        ("ada PLACE:", 'place: where it was bought, e.g. place:Leeds or place:"Web shop"'),
        ('place:"Web sh', 'place: where it was bought, e.g. place:Leeds or place:"Web shop"'),
        ('place:"Web ', 'place: where it was bought, e.g. place:Leeds or place:"Web shop"'),
        ("place:Leeds ", "bought in Leeds"),
        ("place:Leeds ada lovel", "bought in Leeds"),
        ("on:", "on: a day, a month or a span, e.g. on:2026-05-21, on:May 2026 or on:last week"),
        ("on:last ", "on: a day, a month or a span, e.g. on:2026-05-21, on:May 2026 or on:last week"),
        ("on:last week ", "9 Nov 2026 to 15 Nov 2026"),
        ("status:e", "status: cancelled, suspended, inactive, expired or active, e.g. status:exp"),
        ("plase:", "There is no filter plase:; did you mean place:? In quotes it is plain text."),
        ("on:last ada ", "'last' is not a day, a month or a span, e.g. on:2026-05-21, on:May 2026 or on:last week."),
    ],
)
def test_help_comes_as_one_types(typed: str, help_: str) -> None:
    assert hint(typed, TODAY) == help_


def test_a_character_alone_changes_no_help() -> None:
    """The screens rely on that: for the first letter they read no query."""
    assert {hint(chr(one), TODAY) for one in range(0x2100)} == {WAYS}


@pytest.mark.parametrize(
    ("typed", "changes"),
    [
        ("lovelace", 0),
        ("ada lovelace", 0),
        ("7Q4M 9KXR 3HTC V8PN", 0),
        ("ada@northwind.example", 0),
        ("vipond", 0),
        ('"ada lovelace"', 0),
        ("place:Leeds", 1),
        ('place:"Web shop" ada', 2),
        ("on:last week", 2),
        ("on:21 may 2026 ada", 2),
        ("status:on hold", 2),
    ],
)
def test_the_help_stays_calm_while_a_word_is_typed(typed: str, changes: int) -> None:
    """Each change of the line costs bytes on a slow wire."""
    shown = [hint(so_far, TODAY) for so_far in ["", *accumulate(typed)]]
    assert sum(one != other for one, other in pairwise(shown)) == changes


def test_each_filter_understands_its_own_examples() -> None:
    for each in (*FILTERS, VIP):
        for typed in each.examples:
            query = read(typed)
            assert query.complaint is None
            assert query.has_filters is (each.name != "name"), typed
        assert len(each.help) <= LINE


PIECES = st.sampled_from(
    [
        *(f"{each.name}:" for each in FILTERS),
        *(
            "vip",
            "vip:",
            "order ",
            "plase:",
            "on:last ",
            "on:..",
            "on:2026-",
            "status:,",
            "foo:",
            ":",
            "::",
            "..",
            "name:",
        ),
        *(
            '"',
            "“",
            " ",
            "\n",
            "\t",
            "#",
            "@",
            "a@b.c",
            "%",
            "_",
            "*",
            "NEAR(",
            "-",
            "^",
            "💳",
            "\u200b",
            "\x00",
            "\ud83d",
        ),
        *("may", "2026", "last", "week", "30 feb", "2026-99", "0000", "99999999", "ada", "7Q4M"),
    ]
)
TYPED = st.one_of(HOSTILE, st.lists(st.one_of(PIECES, HOSTILE), max_size=30).map("".join))


@given(typed=TYPED)
@example(typed="\x00")
@example(typed="on:" * 2_000)
@example(typed='"' * 10_000)
@example(typed="\ud83d\ude00 OR '; DROP TABLE card; --")
@settings(deadline=None, max_examples=150)
def test_whatever_is_typed_is_a_query_or_a_complaint(typed: str) -> None:
    query = read(typed)
    assert len(query.text) <= LONGEST
    assert len(query.words) <= MOST_WORDS
    assert all(word.strip() for word in (*query.words, *query.orders, *query.places, *query.products))
    for text in (query.text, *query.words, *query.orders, *query.places, *query.products, query.understood):
        assert_is_safe(text)
    assert len(query.understood) <= LINE
    assert query.complaint is None or (query.complaint.endswith((".", "?")) and "\n" not in query.complaint)
    helped = hint(typed, TODAY)
    assert_is_safe(helped)
    assert helped == query.complaint or len(helped) <= max(LINE, len(query.complaint or helped[:LINE]))
    assert read(typed) == query
    assert len(read(pasted(typed)).text) <= LONGEST
