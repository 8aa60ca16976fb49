"""All texts that can be set: each e-mail and each reply is a family, whose texts have a name for every language."""

from collections.abc import Mapping
from typing import Final

from models.rules.errors import RuleError
from models.rules.languages import ENGLISH, language_of
from models.rules.reminder_texts import REMINDER_FALL_BACKS, REMINDER_FIELDS, REMINDER_TEXTS
from models.rules.replies import REPLIES, Reply
from models.rules.reply_texts import REPLY_TEXTS
from models.rules.templates import Family, Texts

REMINDER: Final = "reminder"
"""The e-mail that reminds somebody of a balance that is about to stop."""


def _family_of(reply: Reply) -> Family:
    texts = {language: Texts(*said) for language, said in REPLY_TEXTS[reply.name].items()}
    return Family(reply.name, reply.title, reply.filling.fields, texts, is_reply=True)


FAMILIES: Final[Mapping[str, Family]] = {
    REMINDER: Family(REMINDER, "reminds of a balance", REMINDER_FIELDS, REMINDER_TEXTS, REMINDER_FALL_BACKS),
    **{name: _family_of(reply) for name, reply in REPLIES.items()},
}


def template_name(family: str, language: str) -> str:
    """The name of a family's texts in a language: active_again:de, and active_again alone for English.

    Raises BadLanguage.
    """
    code = language_of(language).code
    return family if code == ENGLISH else f"{family}:{code}"


BUILT_IN: Final[Mapping[str, Texts]] = {
    template_name(name, language): texts
    for name, family in FAMILIES.items()
    for language, texts in family.texts.items()
}
"""Name of texts -> what they say as long as nobody has set others."""


def family_of(name: str) -> Family:
    """The family of the texts of that name. Raises KeyError."""
    return FAMILIES[name.partition(":")[0]]


def language_in(name: str) -> str:
    """The language of the texts of that name."""
    return name.partition(":")[2] or ENGLISH


def called(name: str) -> str:
    """How a sentence calls the texts of that name: the e-mail reminder, the reply active_again:de."""
    return f"{'reply' if family_of(name).is_reply else 'e-mail'} {name}"


class NoSuchTexts(RuleError):
    """There are no texts of that name."""


def read_name(typed: str) -> str:
    """The name of texts as somebody types it, with or without its language. Raises NoSuchTexts, BadLanguage."""
    family, _, language = typed.strip().lower().partition(":")
    name = template_name(family, language or ENGLISH)
    if name not in BUILT_IN:
        raise NoSuchTexts(no_such_texts(typed))
    return name


def no_such_texts(typed: str) -> str:
    """That there are no texts of a name, as a sentence."""
    return f"There are no texts called {typed[:40]!r}; giftdesk template list names those that there are."
