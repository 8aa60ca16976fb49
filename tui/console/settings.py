"""What is in force on this computer, and who says so: flags, the environment, the settings file."""

from __future__ import annotations

import os
from enum import StrEnum
from typing import TYPE_CHECKING

from models.errors import Fault
from models.exits import MISCONFIGURED
from models.keys import key_path
from models.locations import database_path, place_of
from models.settings import Settings, read_settings, settings_file
from tui.console.output import say, say_json, say_table
from tui.keymap import keymap
from tui.outputs import Output, choose_output
from tui.terminal import SWITCH, Profile, choose_mouse, choose_profile, presentable

if TYPE_CHECKING:
    from argparse import Namespace


def chosen_profile(forced: str | None, settings: Settings) -> tuple[Profile, str]:
    """The profile to draw with, and why. Raises Fault when the settings or GIFTDESK_PROFILE name none that exists."""
    drawn = choose_profile(forced, settled_profile(settings))
    _refuse(misnamed_profile(forced))
    return drawn


def settled_profile(settings: Settings) -> str | None:
    """The profile that the settings name. Raises Fault when there is none such."""
    return _settled(settings, "profile", settings.profile, Profile)


def misnamed_profile(forced: str | None) -> str | None:
    """What is wrong with GIFTDESK_PROFILE, with its cure; None when nothing is, or a flag wins over it."""
    return _misnamed("GIFTDESK_PROFILE", "profile", forced, Profile)


def chosen_output(forced: str | None, settings: Settings) -> tuple[Output, str]:
    """The output to draw with, and why. Raises Fault when the settings or GIFTDESK_OUTPUT name none that exists."""
    chosen = choose_output(forced, settled_output(settings))
    _refuse(misnamed_output(forced))
    return chosen


def settled_output(settings: Settings) -> str | None:
    """The output that the settings name. Raises Fault when there is none such."""
    return _settled(settings, "output", settings.output, Output)


def misnamed_output(forced: str | None) -> str | None:
    """What is wrong with GIFTDESK_OUTPUT, with its cure; None when nothing is, or a flag wins over it."""
    return _misnamed("GIFTDESK_OUTPUT", "output", forced, Output)


def chosen_mouse(profile: Profile, settings: Settings) -> tuple[bool, str]:
    """Whether the mouse is asked for, and why. Raises Fault when GIFTDESK_MOUSE is neither on nor off."""
    _refuse(misnamed_mouse())
    return choose_mouse(profile, settings.mouse)


def misnamed_mouse() -> str | None:
    """What is wrong with GIFTDESK_MOUSE, with its cure; None when nothing is."""
    named = os.environ.get("GIFTDESK_MOUSE")
    if not named or named in SWITCH:
        return None
    return f"GIFTDESK_MOUSE is neither on nor off: {presentable(named)}. Set it to one of them, or unset it."


def _settled(settings: Settings, name: str, value: str | None, known: type[StrEnum]) -> str | None:
    if value is not None and value not in list(known):
        settings.wrong(name, f"there is no {name} {value[:40]!r}; there are {', '.join(known)}.")
    return value


def _misnamed(variable: str, name: str, forced: str | None, known: type[StrEnum]) -> str | None:
    named = os.environ.get(variable)
    if forced is not None or not named or named in list(known):
        return None
    return f"{variable} names no {name}: {presentable(named)}. Set it to one of {', '.join(known)}, or unset it."


def _refuse(misnamed: str | None) -> None:
    if misnamed is not None:
        raise Fault(misnamed, MISCONFIGURED)


def show(asked: Namespace) -> int:
    """Print each setting, its value, and where that comes from. Raises Fault for wrong settings."""
    settings = read_settings()
    place = database_path(asked.db)
    profile, because = chosen_profile(asked.profile, settings)
    chosen_by = _source("GIFTDESK_PROFILE", asked.profile, settings, "profile")
    output, why = chosen_output(asked.output, settings)
    has_mouse, asks = chosen_mouse(profile, settings)
    sent_by = _source("GIFTDESK_OUTPUT", asked.output, settings, "output")
    chosen = keymap(settings)
    rows = [
        ("settings", str(settings_file()), "read" if settings.text else "there are none"),
        ("db", str(place), _source("GIFTDESK_DB", asked.db, settings, "db")),
        ("key", str(key_path(place)), _source("GIFTDESK_KEY", None, settings, "key", place == place_of(settings.db))),
        ("profile", str(profile), because if chosen_by == "default" else chosen_by),
        ("output", str(output), why if sent_by == "default" else sent_by),
        (
            "mouse",
            "on" if has_mouse else "off",
            f"line {settings.line_of('mouse')}" if "settings" in asks else asks.removeprefix("chosen by "),
        ),
        *_mail(settings),
        *(
            (id_, each.all_keys, f"line {settings.line_of(f'keys.{id_}')}")
            for each in chosen.commands
            for id_ in (each.id,)
            if id_ in settings.keys
        ),
        *(
            (lost.command.id, lost.command.all_keys, f"{lost.keys} is {lost.winner.id}, line {lost.line}")
            for lost in chosen.displaced
        ),
    ]
    if asked.json:
        say_json([{"name": name, "value": value, "source": source} for name, value, source in rows])
    else:
        say_table(rows)
        say()
        say("Flags win over the environment, the environment over the settings.")
    return 0


def _mail(settings: Settings) -> list[tuple[str, str, str]]:
    """The way out for e-mails, without its login."""
    account = settings.mail
    if account is None:
        return []
    by_server = f"{account.server}, port {account.port}, security {account.security}"
    sender = f"{account.sender_name} <{account.sender}>" if account.sender_name else account.sender
    return [
        ("mail", by_server if account.outbox is None else str(account.outbox), f"line {settings.line_of('mail')}"),
        ("mail.from", sender, f"line {settings.line_of('mail.from')}"),
    ]


def _source(variable: str, flag: str | None, settings: Settings, name: str, is_meant: bool = True) -> str:
    if flag:
        return "flag"
    if os.environ.get(variable):
        return variable
    return f"line {settings.line_of(name)}" if is_meant and getattr(settings, name) is not None else "default"
