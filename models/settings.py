"""The settings file: which desk, which key, how to draw, which keys; flags and the environment win over it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

from models.errors import Fault
from models.exits import DISK, MISCONFIGURED

if TYPE_CHECKING:
    from models.accounts import MailAccount

_NAMES: Final = ("db", "key", "profile", "output", "mouse", "keys", "mail")
_URLS: Final = ("sqlite:///", "postgresql://", "postgres://")
_LARGEST: Final = 100_000


@dataclass(frozen=True, slots=True)
class Settings:
    """What a settings file says; what it does not say is None."""

    file: Path
    db: str | None = None
    """The desk, as --db takes it: a URL or an absolute path."""
    key: Path | None = None
    """Where the key of that desk lies; for no other desk."""
    profile: str | None = None
    """What the terminal can draw, as --profile takes it."""
    output: str | None = None
    """How a screen is sent, as --output takes it."""
    mouse: bool | None = None
    """Whether the terminal is asked for the mouse."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """Command -> the keys that it is to have, comma separated, as they were written."""
    text: str = field(default="", repr=False)
    mail: MailAccount | None = None
    """How e-mails leave the house."""

    def wrong(self, name: str, what: str) -> NoReturn:
        """Raise Fault: what is wrong with the setting of that name, as a sentence with its cure."""
        raise Fault(f"{self.file}, line {self.line_of(name)}: {what}", MISCONFIGURED)

    def line_of(self, name: str) -> int:
        """The line, from 1, on which a setting stands: the last that ends with its name, or part of it."""
        for start in range(name.count(".") + 1):
            wanted = re.escape(".".join(name.split(".")[start:]))
            for number, line in enumerate(self.text.splitlines(), start=1):
                if re.match(rf"""\s*\[*\s*(\w+\.)*["']?{wanted}["']?\s*[=\]]""", line):
                    return number
        return 1


def settings_file() -> Path:
    """Where the settings lie: GIFTDESK_CONFIG, else with the user's configuration."""
    from platformdirs import user_config_path

    chosen = os.environ.get("GIFTDESK_CONFIG")
    return Path(chosen).expanduser().absolute() if chosen else user_config_path("giftdesk") / "giftdesk.toml"


def read_settings() -> Settings:
    """What the settings file says; nothing when there is none. Raises Fault, naming line and cure."""
    file = settings_file()
    try:
        with file.open("rb") as opened:
            text = opened.read(_LARGEST).decode()
    except FileNotFoundError:
        if "GIFTDESK_CONFIG" in os.environ:
            raise Fault(f"There are no settings at {file}. Correct or unset GIFTDESK_CONFIG.", MISCONFIGURED) from None
        return Settings(file)
    except (OSError, ValueError) as error:
        what = getattr(error, "strerror", None) or "it is no UTF-8 text"
        raise Fault(
            f"The settings in {file} can't be read: {what}. Correct or remove the file.", MISCONFIGURED
        ) from None
    return _understood(file, text)


def remember_desk(place: str) -> Path:
    """Let the settings name a desk, all else as it was; returns their file. Raises Fault when it can't be written."""
    settings = read_settings()
    lines = settings.text.splitlines()
    if settings.db is not None:
        del lines[settings.line_of("db") - 1]
    try:
        text = "\n".join([f"db = {json.dumps(place, ensure_ascii=False)}", *lines]) + "\n"
        settings.file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = settings.file.with_name(f"{settings.file.name}.new-{os.getpid()}")
        unfinished.write_text(text, encoding="utf-8")
        os.replace(unfinished, settings.file)
    except (OSError, ValueError) as error:
        what = getattr(error, "strerror", None) or "the path is no UTF-8 text"
        raise Fault(f"{settings.file} can't be written: {what}. Nothing was changed.", DISK) from None
    return settings.file


def _understood(file: Path, text: str) -> Settings:
    import tomllib

    try:
        said = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # besides what is no TOML, a number that is too long
        where = where_it_breaks(error, text)
        raise Fault(f'{file}, {where}: it can\'t be read. Write a line like: profile = "lean"', MISCONFIGURED) from None
    found = Settings(file, text=text)
    for name in said:
        if name not in _NAMES:
            found.wrong(name, f"there is no setting {name[:40]!r}; there are {', '.join(_NAMES)}.")
    keys = said.get("keys", {})
    if not isinstance(keys, dict):
        found.wrong("keys", 'keys is a section; write [keys], and below it a line like: card.note = "n"')
    return Settings(
        file,
        _place(found, said.get("db")),
        _file(found, said.get("key")),
        _text(found, "profile", said.get("profile")),
        _text(found, "output", said.get("output")),
        _switch(found, "mouse", said.get("mouse")),
        {command: _text(found, f"keys.{command}", value) or "" for command, value in _flat(found, keys)},
        text,
        _account(found, said["mail"]) if "mail" in said else None,
    )


def _account(found: Settings, said: Any) -> MailAccount:
    from models.accounts import account_in

    return account_in(said, found.wrong)


def where_it_breaks(error: Exception, text: str) -> str:
    """Where a text is no TOML, by what its reader raised: 'line 2, column 5'."""
    place = re.search(r"\(at line (\d+), column (\d+)\)$", str(error))
    return f"line {place[1]}, column {place[2]}" if place else f"line {len(text.splitlines())}"


def _flat(found: Settings, table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """The settings of a section by their whole names: card.note is read as a section within one."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(found, value, f"{above}{name}.")
        else:
            yield f"{above}{name}", ",".join(map(str, value)) if isinstance(value, list) else value


def _text(found: Settings, name: str, value: object) -> str | None:
    if value is None or (isinstance(value, str) and value.strip()):
        return value
    said = "is empty; give it a text" if isinstance(value, str) else "takes a text; write it in quotes"
    return found.wrong(name, f"{name.removeprefix('keys.')} {said}.")


def _switch(found: Settings, name: str, value: object) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    return found.wrong(name, f"{name} is true or false, without quotes.")


def _place(found: Settings, value: object) -> str | None:
    text = _text(found, "db", value)
    if text is None or text.startswith(_URLS) or Path(text).expanduser().is_absolute():
        return text
    return found.wrong("db", "db takes a URL or an absolute path, such as /srv/desk.db.")


def _file(found: Settings, value: object) -> Path | None:
    text = _text(found, "key", value)
    if text is None or Path(text).expanduser().is_absolute():
        return None if text is None else Path(text).expanduser()
    return found.wrong("key", "key takes an absolute path, such as /srv/keys/desk.key.")
