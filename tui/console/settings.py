"""What is in force on this computer, and who says so: flags, the environment, the settings file."""

import os
from argparse import Namespace

from models.keys import key_path
from models.locations import database_path, place_of
from models.settings import Settings, read_settings, settings_file
from tui.console.output import say, say_json, say_table
from tui.keymap import keymap
from tui.terminal import Profile, choose_profile


def chosen_profile(forced: str | None, settings: Settings) -> tuple[Profile, str]:
    """The profile to draw with, and why. Raises Fault when the settings name one that does not exist."""
    if settings.profile is not None and settings.profile not in list(Profile):
        settings.wrong("profile", f"there is no profile {settings.profile[:40]!r}; there are {', '.join(Profile)}.")
    return choose_profile(forced, settings.profile)


def show(asked: Namespace) -> int:
    """Print each setting, its value, and where that comes from. Raises Fault for wrong settings."""
    settings = read_settings()
    place = database_path(asked.db)
    profile, because = chosen_profile(asked.profile, settings)
    rows = [
        ("settings", str(settings_file()), "read" if settings.text else "there are none"),
        ("db", str(place), _source("GIFTDESK_DB", asked.db, settings, "db")),
        ("key", str(key_path(place)), _source("GIFTDESK_KEY", None, settings, "key", place == place_of(settings.db))),
        ("profile", str(profile), because),
        *_mail(settings),
        *(
            (id_, each.all_keys, f"line {settings.line_of(f'keys.{id_}')}")
            for each in keymap(settings).commands
            for id_ in (each.id,)
            if id_ in settings.keys
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
