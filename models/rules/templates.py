"""The texts of e-mails and their placeholders: what a template may hold, and how it is filled. Nothing is evaluated."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Final

from models.rules.markup import read_markup
from models.rules.texts import UNSAFE, made_safe
from models.rules.wording import shortened

REMINDER: Final = "reminder"
"""The e-mail that reminds somebody of a balance that is about to stop."""

LONGEST: Final[Mapping[str, int]] = {"subject": 200, "text": 20_000, "html": 100_000}
_LONGEST_VALUE: Final = 120
_LONGEST_SUBJECT: Final = 250
_MOST_PLACEHOLDERS: Final = 100
_PLACEHOLDER: Final = re.compile(r"\{\{\s*([A-Za-z0-9_-]{1,40})\s*\}\}", re.ASCII)
_LINE_BREAK: Final = re.compile(r"[\n\r\t]")
_DOUBLED: Final = re.compile(r"\{{2,}")
# A stranger chose the recipient's name: one that a mail program would turn into a link is not printed.
# Dr.Smith and J.R.Smith are none, so a capital behind the dot counts only with more of them, or in a usual ending.
_LINK: Final = re.compile(r"://|(?i:www\.)|@|[\w-]\.([a-z]{2,}|(?i:com|net|org))(?!\w)|[\w-]{2}\.[A-Z]{2,}(?!\w)")
_LONGEST_NAME: Final = 60


@dataclass(frozen=True, slots=True)
class Texts:
    """What an e-mail says, with placeholders or filled."""

    subject: str
    text: str
    html: str | None = None
    """The same for programs that show HTML; None: there is none."""


@dataclass(frozen=True, slots=True)
class Field:
    """What a placeholder stands for."""

    meaning: str
    fall_back: str
    """What is written where a card or a person has no such thing."""
    example: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Why texts can't be saved: subject, text or html, and the reason as a sentence."""

    field: str
    sentence: str


FIELDS: Final[Mapping[str, Field]] = {
    "name": Field("the name of the person, as on file", "there", "Ada Lovelace"),
    "balance": Field("what is left on the card, with its currency", "a balance", "25.00 GBP"),
    "last_day": Field("the last day on which it can be spent", "its last day", "Fri 20 Nov 2026"),
    "days_left": Field("when that is, seen from the day of the e-mail", "soon", "in 14 days"),
    "product": Field("what the card was sold as", "gift card", "Classic 50"),
    "card": Field("the card by its last characters", "on file", "···· ···· ···· J773"),
}

BUILT_IN: Final[Mapping[str, Texts]] = {
    REMINDER: Texts(
        subject="Your gift card: {{balance}} to spend until {{last_day}}",
        text="""\
Hello {{name}},

You have {{balance}} left on your gift card. The last day to spend it is
{{last_day}}, {{days_left}}.

  Gift card      {{product}}
  Card number    {{card}}
  Balance        {{balance}}
  Last day       {{last_day}}

You can use it at checkout as before, for one purchase or for several. After
its last day the balance can't be spent any more.

If you have spent it meanwhile, there is nothing you need to do.
""",
        html="""\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>Your gift card</title>
</head>
<body style="margin: 0; padding: 0; background: #f2f1ee;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="background: #f2f1ee;">
<tr><td align="center" style="padding: 32px 16px;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"
 style="max-width: 520px; background: #ffffff; border-radius: 8px; font-family: Helvetica, Arial, sans-serif;
 font-size: 16px; line-height: 1.5; color: #222222;">
<tr><td style="padding: 32px 32px 0 32px;">Hello {{name}},</td></tr>
<tr><td style="padding: 16px 32px 0 32px;">You have <strong>{{balance}}</strong> left on your gift card. The last day
to spend it is <strong>{{last_day}}</strong>, {{days_left}}.</td></tr>
<tr><td style="padding: 24px 32px 0 32px;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"
 style="background: #1f3d36; border-radius: 8px; color: #ffffff;">
<tr><td style="padding: 20px 24px 0 24px; font-size: 14px; color: #cfe0da;">{{product}}</td></tr>
<tr><td style="padding: 4px 24px 0 24px; font-size: 30px; line-height: 1.3; font-weight: bold;">{{balance}}</td></tr>
<tr><td style="padding: 16px 24px 20px 24px; font-size: 14px; color: #cfe0da;">{{card}}<br>
Last day {{last_day}}</td></tr>
</table>
</td></tr>
<tr><td style="padding: 24px 32px 0 32px;">You can use it at checkout as before, for one purchase or for several.
After its last day the balance can't be spent any more.</td></tr>
<tr><td style="padding: 16px 32px 32px 32px; font-size: 14px; color: #595959;">If you have spent it meanwhile, there is
nothing you need to do.</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
""",
    )
}
"""Name of an e-mail -> its texts as long as nobody has set others."""


def problems(texts: Texts) -> tuple[Problem, ...]:
    """Everything that forbids saving these texts; empty when they can be saved."""
    parts = [("subject", texts.subject), ("text", texts.text)]
    if texts.html is not None:
        parts.append(("html", texts.html))
    return tuple(Problem(name, sentence) for name, text in parts for sentence in _problems_of(name, text))


@lru_cache(maxsize=8)
def _problems_of(name: str, text: str) -> tuple[str, ...]:
    """What is wrong with a part; kept for the parts that an editor asks about again while another one changes."""
    return tuple(_found_in(name, text))


def _found_in(name: str, text: str) -> Iterator[str]:
    if not text.strip():
        yield f"The {_called(name)} is empty."
    elif len(text) > LONGEST[name]:
        yield f"The {_called(name)} has {len(text):,} characters; {LONGEST[name]:,} are the most."
    else:
        yield from _bad_characters(name, text)
        yield from _bad_placeholders(name, text)
        if name == "html":
            yield from _bad_markup(text)


def _called(name: str) -> str:
    return "HTML" if name == "html" else name


def _bad_characters(name: str, text: str) -> Iterator[str]:
    unsafe = UNSAFE.search(text.replace("\r\n", "\n"))
    if name == "subject" and _LINE_BREAK.search(text):
        yield "The subject must be one line without tabs."
    elif unsafe is not None:
        yield f"The {_called(name)} holds a character that has no place in an e-mail (U+{ord(unsafe[0]):04X})."


def _bad_placeholders(name: str, text: str) -> Iterator[str]:
    found = [each[1] for each in _PLACEHOLDER.finditer(text)]
    unknown = next((each for each in found if each not in FIELDS), None)
    if unknown is not None:
        yield f"The {_called(name)} names {{{{{unknown}}}}}, which does not exist; there are {_all_fields()}."
    if len(found) > _MOST_PLACEHOLDERS:
        yield f"The {_called(name)} has {len(found):,} placeholders; {_MOST_PLACEHOLDERS} are the most."
    rest = _PLACEHOLDER.sub(" ", text)
    broken = re.search(r"\{\{" if name == "html" else r"[{}]", rest)
    if broken is not None:
        line = rest.count("\n", 0, broken.start()) + 1
        where = "" if name == "subject" else f" in line {line}"
        yield f"The {_called(name)} has a brace too many or too few{where}: a placeholder is written {{{{name}}}}."


def _bad_markup(html: str) -> Iterator[str]:
    markup = read_markup(html)
    if markup.problem is not None:
        yield markup.problem
    elif _counted(markup.text) < _counted(html):
        yield "In HTML a placeholder stands in the text, and not inside a tag, a style or a comment."


def _all_fields() -> str:
    return ", ".join(f"{{{{{name}}}}}" for name in FIELDS)


def _counted(text: str) -> int:
    return sum(1 for _ in _PLACEHOLDER.finditer(text))


def fill(texts: Texts, values: Mapping[str, str | None]) -> Texts:
    """The texts with a value, or its fall-back, in the place of every placeholder; values are never filled again.

    Whatever the values hold, each stays one line of plain text, and no placeholder is left.
    """
    told = {name: _as_one_line(values.get(name)) or field.fall_back for name, field in FIELDS.items()}
    return Texts(
        shortened(_filled(texts.subject, told), _LONGEST_SUBJECT),
        _filled(texts.text, told),
        None if texts.html is None else _filled(texts.html, {name: escape(value) for name, value in told.items()}),
    )


def _filled(text: str, told: Mapping[str, str]) -> str:
    return _DOUBLED.sub("{", _PLACEHOLDER.sub(lambda found: told.get(found[1], ""), text))


def _as_one_line(value: str | None) -> str:
    line = " ".join((value or "").split()).replace("{", "(").replace("}", ")")
    return made_safe(UNSAFE.sub("", line), _LONGEST_VALUE)


def greeted(name: str | None) -> str | None:
    """The name by which an e-mail greets somebody; None for one that is a link or a message of its own."""
    if name is None or len(name) > _LONGEST_NAME or _LINK.search(name):
        return None
    return name
