"""The texts of e-mails as stored: every version with its seal, the highest in force, and none lost unseen."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from models.chain import START, seal
from models.errors import Fault
from models.exits import BAD_INPUT
from models.keys import Keys
from models.rules.families import BUILT_IN, called
from models.rules.templates import Texts
from models.schema import Agent, Audit, Template
from models.store import Store

_CURE: Final = "Nothing was sent; giftdesk verify names it, and a backup has it as it was."


@dataclass(frozen=True, slots=True)
class StoredTexts:
    """One version of an e-mail's texts."""

    name: str
    version: int
    """0: the built-in texts, for nobody has set others."""
    texts: Texts
    recorded_at: datetime | None = None
    """When it was saved, UTC; None for the built-in texts."""
    saved_by: str | None = None
    """Who saved it; None for the built-in texts."""


def texts_in_force(store: Store, name: str) -> StoredTexts:
    """The texts of an e-mail that go out, by its name; within a connection.

    Raises Fault when they were changed or taken away with another tool, KeyError for an e-mail that does not exist.
    """
    built_in = StoredTexts(name, 0, BUILT_IN[name])
    row = Template.select().where(Template.name == name).order_by(Template.version.desc()).limit(1).first()
    if (0 if row is None else row.version) != _audited_version(name):
        raise Fault(f"The latest texts of the {called(name)} are missing in {store.path}. {_CURE}", BAD_INPUT)
    if row is None:
        return built_in
    if bytes(row.seal) != _seal_of(store.keys, row):
        raise Fault(
            f"The texts of the {called(name)} in {store.path} were changed with another tool. {_CURE}", BAD_INPUT
        )
    by = Agent.get_or_none(Agent.id == row.actor_id)
    texts = Texts(row.subject, row.text, row.html)
    return StoredTexts(name, row.version, texts, row.recorded_at, None if by is None else by.name)


def texts_of_version(store: Store, name: str, version: int) -> StoredTexts:
    """The texts of an e-mail or reply as they were in a version; within a connection. Raises Fault like the others."""
    if version == 0:
        return StoredTexts(name, 0, BUILT_IN[name])
    row = Template.get_or_none((Template.name == name) & (Template.version == version))
    if row is None or bytes(row.seal) != _seal_of(store.keys, row):
        raise Fault(
            f"Version {version} of the {called(name)} in {store.path} was changed with another tool. {_CURE}", BAD_INPUT
        )
    return StoredTexts(name, version, Texts(row.subject, row.text, row.html), row.recorded_at)


def _audited_version(name: str) -> int:
    last = Audit.select(Audit.after).where(Audit.subject == subject_of(name)).order_by(Audit.number.desc()).limit(1)
    return _version_told(row.after if (row := last.first()) is not None else None)


def _version_told(after: Mapping[str, Any] | None) -> int:
    version = (after or {}).get("version", 0)
    return version if isinstance(version, int) else 0


def subject_of(name: str) -> str:
    """What the audit calls the texts of an e-mail."""
    return f"template:{name}"


def template_seal(keys: Keys, name: str, version: int, texts: Texts) -> bytes:
    """The seal that belongs on a version of an e-mail's texts."""
    return seal(keys, START, ["template", name, version, texts.subject, texts.text, texts.html])


def _seal_of(keys: Keys, row: Template) -> bytes:
    return template_seal(keys, row.name, row.version, Texts(row.subject, row.text, row.html))


def spoiled_templates(keys: Keys, last: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong with stored texts: which, and what, given what the last audit row of every subject says."""
    reached: dict[str, int] = {}
    for row in Template.select().order_by(Template.name, Template.version):
        if row.version != reached.get(row.name, 0) + 1:
            yield f"texts of {row.name}", f"a version before version {row.version} is missing"
        if bytes(row.seal) != _seal_of(keys, row):
            yield f"texts of {row.name}, version {row.version}", "they are not as they were written"
        reached[row.name] = row.version
    told = {name: _version_told(last.get(subject_of(name))) for name in {*BUILT_IN, *reached}}
    for name in sorted(told):
        if reached.get(name, 0) < told[name]:
            yield f"texts of {name}", f"version {told[name]} is missing"
        elif reached.get(name, 0) > told[name]:
            yield f"texts of {name}, version {reached[name]}", "they were not set by the desk"
