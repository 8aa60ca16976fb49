"""Texts with placeholders: what a template may hold, and how it is filled. Nothing is evaluated."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from typing import Final

from models.rules.markup import read_markup
from models.rules.texts import UNSAFE, made_safe
from models.rules.wording import shortened

LONGEST: Final[Mapping[str, int]] = {"subject": 200, "text": 20_000, "html": 100_000}
_LONGEST_VALUE: Final = 120
_LONGEST_SUBJECT: Final = 250
_MOST_PLACEHOLDERS: Final = 100
_DEEPEST: Final = 2
"""How many parts that fall away may stand in each other."""
_PLACEHOLDER: Final = re.compile(r"\{\{\s*([A-Za-z0-9_-]{1,40})\s*\}\}", re.ASCII)
_LINE_BREAK: Final = re.compile(r"[\n\r\t]")
_DOUBLED: Final = re.compile(r"\{{2,}")
_MARKS: Final = re.compile(r"\[\[|\]\]")
_INNERMOST: Final = re.compile(r"\[\[((?:(?!\[\[|\]\]).)*)\]\]", re.DOTALL)
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
    is_optional: bool = False
    """Whether it stands only in a part between [[ and ]], which falls away where there is no such thing."""


def where_there_is_none(field: Field) -> str:
    """What becomes of a text where a card or a person has no such thing, as a clause."""
    if field.is_optional:
        return "where there is none the part between [[ and ]] falls away"
    return f"where there is none it says “{field.fall_back}”" if field.fall_back else "there always is one"


@dataclass(frozen=True, eq=False)
class Family:
    """The texts of one e-mail or reply, whatever the language: what they may name."""

    name: str
    title: str
    """What it is, in a few words for a list."""
    fields: Mapping[str, Field]
    texts: Mapping[str, Texts]
    """Language -> what it says as long as nobody has set others."""
    fall_backs: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Language -> field -> its fall-back, where that is not the one of the field."""
    is_reply: bool = False
    """Whether an agent reads it before it goes: then it is plain text, and may have parts that fall away."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why texts can't be saved: subject, text or html, and the reason as a sentence."""

    field: str
    sentence: str


def problems(texts: Texts, family: Family) -> tuple[Problem, ...]:
    """Everything that forbids saving these texts; empty when they can be saved."""
    parts = [("subject", texts.subject), ("text", texts.text)]
    if texts.html is not None:
        parts.append(("html", texts.html))
    return tuple(Problem(name, sentence) for name, text in parts for sentence in _problems_of(name, text, family))


@lru_cache(maxsize=8)
def _problems_of(name: str, text: str, family: Family) -> tuple[str, ...]:
    """What is wrong with a part; kept for the parts that an editor asks about again while another one changes."""
    return tuple(_found_in(name, text, family))


def _found_in(name: str, text: str, family: Family) -> Iterator[str]:
    if name == "html" and family.is_reply:
        yield "A reply is plain text: what goes is what was read before."
    elif not text.strip():
        yield f"The {_called(name)} is empty."
    elif len(text) > LONGEST[name]:
        yield f"The {_called(name)} has {len(text):,} characters; {LONGEST[name]:,} are the most."
    else:
        yield from _bad_characters(name, text)
        yield from _bad_placeholders(name, text, family.fields)
        if family.is_reply:
            yield from _bad_parts(name, text, family.fields)
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


def _bad_placeholders(name: str, text: str, fields: Mapping[str, Field]) -> Iterator[str]:
    found = [each[1] for each in _PLACEHOLDER.finditer(text)]
    unknown = next((each for each in found if each not in fields), None)
    if unknown is not None:
        yield f"The {_called(name)} names {{{{{unknown}}}}}, which does not exist; {_all(fields)}."
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


def _all(fields: Mapping[str, Field]) -> str:
    named = ", ".join(f"{{{{{name}}}}}" for name in fields)
    return f"there are {named}" if fields else "this text has no fields"


def _bad_parts(name: str, text: str, fields: Mapping[str, Field]) -> Iterator[str]:
    """What is wrong with the parts that fall away, which may have others in them."""
    optional = {each for each, field in fields.items() if field.is_optional}
    rest = text
    for _ in range(_DEEPEST):
        if any(optional.isdisjoint(_named_in(part[1])) for part in _INNERMOST.finditer(rest)):
            yield f"The {_called(name)} has a part between [[ and ]] that names no field which may be missing."
        rest = _INNERMOST.sub("", rest)
    if _MARKS.search(rest):
        yield f"The {_called(name)} has a [[ or ]] too many, or more than {_DEEPEST} parts in each other."
    for each in sorted(optional & _named_in(rest)):
        yield (
            f"The {_called(name)} names {{{{{each}}}}}, which not every card has: put what is said of it between "
            f"[[ and ]]."
        )


def _named_in(text: str) -> set[str]:
    return {each[1] for each in _PLACEHOLDER.finditer(text)}


def _counted(text: str) -> int:
    return sum(1 for _ in _PLACEHOLDER.finditer(text))


def fill(texts: Texts, values: Mapping[str, str | None], family: Family, language: str = "en") -> Texts:
    """The texts of a language with a value, or its fall-back, in the place of every placeholder.

    Values are never filled again: whatever they hold, each stays one line of plain text, and no placeholder is left.
    """
    known = {name: line for name in family.fields if (line := _as_one_line(values.get(name)))}
    general = {name: field.fall_back for name, field in family.fields.items()}
    told = {**general, **family.fall_backs.get(language, {}), **known}
    if family.is_reply:
        texts = Texts(_without_parts(texts.subject, known), _without_parts(texts.text, known))
    return Texts(
        shortened(_filled(texts.subject, told), _LONGEST_SUBJECT),
        _filled(texts.text, told),
        None if texts.html is None else _filled(texts.html, {name: escape(value) for name, value in told.items()}),
    )


def _without_parts(text: str, known: Mapping[str, str]) -> str:
    """A text without its parts that name something which is not known; innermost parts are looked at first."""

    def kept(part: re.Match[str]) -> str:
        return part[1] if _named_in(part[1]) <= known.keys() else ""

    for _ in range(_DEEPEST):
        text = _INNERMOST.sub(kept, text)
    return _MARKS.sub("", text)


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
