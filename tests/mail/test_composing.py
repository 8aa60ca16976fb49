"""What stands in an e-mail, and that nobody's name, address or text can put anything else there."""

import dataclasses
import unicodedata
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.accounts import MailAccount
from models.keys import Keys
from models.mail import Letter, ReminderTold, reminder_letter
from models.mail.composing import compose
from models.rules.families import BUILT_IN, REMINDER
from models.rules.templates import Texts
from models.store import Store

AT = datetime(2026, 11, 6, 9, tzinfo=UTC)
DAY = date(2026, 11, 21)
ACCOUNT = MailAccount("gifts@shop.example", "Northwind, Gifts", "help@shop.example")
TOLD = ReminderTold(7, "Ada", "ada@example.org", 2500, "GBP", date(2026, 11, 20), 14, "Classic", "J773")
HEADERS = ["from", "reply-to", "auto-submitted", "mime-version", "to", "subject", "date", "message-id", "content-type"]
HOSTILE = (
    "Ada\r\nBcc: eve@example.org",
    "Ada\n\nHello",
    "ada@example.org, eve@example.org",
    'Ada" <eve@example.org>, "x',
    "Ada <eve@example.org>;",
    "Ä, eve@example.org " * 20,
    "=?utf-8?q?=0D=0ABcc:_eve=40example.org?=",
    "(comment) Ada",
    "\u202eadA",
    "x" * 10_000,
    "👩‍🚀 Ada 🎁",
    "\ud800",
    "group: eve@example.org;",
    "<script>alert(1)</script>",
    "{{card}} {{",
)
NAMES = (
    st.sampled_from(HOSTILE)
    | st.text(max_size=80)
    | st.text(st.sampled_from('aÄ,;:<>@"\\()[]=? \r\n.é{}'), max_size=120)
)


class _Desk:
    """As much of a desk as a letter needs."""

    keys = Keys(bytes(32))


KEYS_ONLY = cast(Store, _Desk())


def composed(letter: Letter, account: MailAccount = ACCOUNT) -> EmailMessage:
    """An e-mail as it arrives."""
    read = message_from_bytes(compose(letter, account, AT).content, policy=policy.default)
    assert isinstance(read, EmailMessage)
    return read


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    content: str = part.get_content()
    return content


def test_a_reminder_says_what_is_on_file(store: Store) -> None:
    """In both forms, with the headers that mail programs and machines look for."""
    message = composed(reminder_letter(store, BUILT_IN[REMINDER], TOLD))
    assert [name.lower() for name in message] == HEADERS
    assert message["From"] == "Northwind Gifts <gifts@shop.example>"
    assert message["To"] == "Ada <ada@example.org>"
    assert message["Reply-To"] == "help@shop.example"
    assert message["Subject"] == "Your gift card: 25.00 GBP to spend until Fri 20 Nov 2026"
    assert message["Date"] == "Fri, 06 Nov 2026 09:00:00 +0000"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "multipart/alternative"
    for kind in ("plain", "html"):
        told = body(message, kind)
        assert all(fact in told for fact in ("Hello Ada", "25.00 GBP", "Fri 20 Nov 2026", "in 14 days", "J773"))


def test_a_german_reminder_is_german_all_through(store: Store) -> None:
    """Its days and amounts, and the words that stand where nothing is on file."""
    message = composed(reminder_letter(store, BUILT_IN["reminder:de"], TOLD, "de"))
    assert message["Subject"] == "Ihre Geschenkkarte: noch 25,00 GBP, gültig bis Freitag, 20. November 2026"
    for kind in ("plain", "html"):
        told = body(message, kind)
        assert all(fact in told for fact in ("Guten Tag Ada,", "25,00 GBP", "in 14 Tagen", "J773"))
    nobody = reminder_letter(store, BUILT_IN["reminder:de"], dataclasses.replace(TOLD, name=None, days_left=1), "de")
    assert nobody.text.startswith("Guten Tag liebe Kundin, lieber Kunde,")
    assert "morgen" in nobody.text


def test_the_same_reminder_has_the_same_name_for_ever(store: Store) -> None:
    """Whatever became of name, address, balance or texts; another last day or lead is another reminder."""
    texts = BUILT_IN[REMINDER]
    first = reminder_letter(store, texts, TOLD).message_id
    again = dataclasses.replace(TOLD, name="Eve", email="eve@example.org", balance_minor=1, days_left=3)
    assert reminder_letter(store, Texts("a", "b"), again).message_id == first
    others = [dataclasses.replace(TOLD, **each) for each in ({"card_id": 8}, {"last_day_on": DAY}, {"lead_days": 13})]
    assert len({first, *(reminder_letter(store, texts, each).message_id for each in others)}) == 4
    message = composed(reminder_letter(store, texts, TOLD))
    assert message["Message-ID"] == f"<{first}@shop.example>"


@pytest.mark.parametrize(("days", "told"), [(0, "today"), (1, "tomorrow"), (2, "in 2 days"), (None, "in 14 days")])
def test_the_days_that_are_left_are_told_in_words(store: Store, days: int | None, told: str) -> None:
    letter = reminder_letter(store, Texts("s", "{{days_left}}"), dataclasses.replace(TOLD, days_left=days))
    assert letter.text == told


def test_a_balance_that_never_expires_has_no_day(store: Store) -> None:
    """A preview of such a card fills the texts all the same."""
    letter = reminder_letter(
        store, Texts("s", "{{last_day}} {{days_left}}"), dataclasses.replace(TOLD, last_day_on=None)
    )
    assert letter.text == "its last day soon"


@given(NAMES, NAMES, NAMES)
@example("\r\nBcc: eve@example.org\r\n\r\n", "x", "y")
def test_no_name_adds_a_header_a_recipient_or_markup(name: str, product: str, sender_name: str) -> None:
    """One recipient, the known headers, both forms: whatever people and products are called."""
    texts = Texts("For {{name}} of {{product}}", "Hello {{name}} {{product}}", "<p>{{name}}</p><p>{{product}}</p>")
    told = dataclasses.replace(TOLD, name=name, product_name=product)
    letter = dataclasses.replace(reminder_letter(KEYS_ONLY, texts, told), to_name=name)
    message = composed(letter, dataclasses.replace(ACCOUNT, sender_name=sender_name))
    assert [each.lower() for each in message] == HEADERS
    for header, address in (("To", "ada@example.org"), ("From", "gifts@shop.example")):
        assert [each.addr_spec for each in message[header].addresses] == [address]
        assert not [each for each in message[header].addresses[0].display_name if unicodedata.category(each)[0] == "C"]
    assert message.defects == []
    html = body(message, "html").strip()
    assert html.startswith("<p>")
    assert html.count("<") == 4
    assert "{{" not in html + str(message["Subject"]) + body(message, "plain")


def test_what_can_be_said_of_a_name_is_kept(store: Store) -> None:
    """Ordinary names go out as they are."""
    for name in ("Ada Lovelace", "Zoë O’Neill-Núñez", "李小龍", "J.R.R. Tolkien", "A & B"):
        message = composed(reminder_letter(store, BUILT_IN[REMINDER], dataclasses.replace(TOLD, name=name)))
        assert message["To"].addresses[0].display_name == name
        assert f"Hello {name}," in body(message, "plain")


def test_lines_of_any_length_and_letters_of_any_kind_arrive(store: Store) -> None:
    """Seven bits and short lines on the way, the same text at the end."""
    text = "é" * 3_000 + "\n" + "x" * 3_000 + "\n.\n--=-part-=\nFrom me \t \n=3D=\n"
    letter = reminder_letter(store, Texts("Grüße 🎁 " + "lang " * 30, text, f"<p>{text}</p>"), TOLD)
    content = compose(letter, ACCOUNT, AT).content
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 78
    assert b"\n" not in content.replace(b"\r\n", b"")
    message = composed(letter)
    assert message["Subject"] == letter.subject
    assert body(message, "plain").replace("\r\n", "\n").rstrip("\n") == text.rstrip("\n")
