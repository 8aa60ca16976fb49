"""Where giftdesk keeps things, and which keys its screens take."""

from argparse import Namespace

from models.keys import key_path
from models.locations import database_path, log_file, pending_folder
from models.rules.roles import MAY, Action, Role, words_of
from models.settings import read_settings, settings_file
from tui.commands import Group, markdown_table
from tui.console.output import say, say_json, say_table
from tui.keymap import keymap


def locate(asked: Namespace) -> int:
    """Print the paths that giftdesk uses, whether or not anything is there."""
    database = database_path(asked.db)
    paths = {
        "database": database,
        "settings": settings_file(),
        "key": key_path(database),
        "log": log_file(),
        "state": pending_folder(database),
    }
    if asked.json:
        say_json({name: str(path) for name, path in paths.items()})
    else:
        say_table([[name, str(path)] for name, path in paths.items()])
    return 0


def roles(asked: Namespace) -> int:
    """Print who may do what."""
    if asked.json:
        say_json({role.value: sorted(action.value for action in MAY[role]) for role in Role})
        return 0
    rows = [[words_of(action), *("yes" if action in MAY[role] else "-" for role in Role)] for action in Action]
    say_table([["", *(role.value for role in Role)], *rows])
    return 0


def keys(asked: Namespace) -> int:
    """List the keys of the full-screen desk."""
    settings = read_settings()
    chosen = keymap(settings)
    if asked.markdown:
        for line in markdown_table(chosen.commands).splitlines():
            say(line)
        return 0
    because = {lost.command.id: f"{lost.keys}: {lost.winner.id}, line {lost.line}" for lost in chosen.displaced}
    because |= {id_: f"line {settings.line_of(f'keys.{id_}')}" for id_ in settings.keys}
    if asked.json:
        say_json(
            [
                {
                    "id": each.id,
                    "keys": each.all_keys,
                    "title": each.title,
                    "help": each.help,
                    "group": each.group,
                    "changed": because.get(each.id),
                }
                for each in chosen.commands
            ]
        )
        return 0
    for group in Group:
        say(str(group))
        of_group = (each for each in chosen.commands if each.group is group)
        say_table([["*" if each.id in because else "", each.all_keys, each.title, each.help] for each in of_group])
        say()
    if because:
        titles = {each.id: each.title for each in chosen.commands}
        say("* changed by the settings:")
        say_table([["", titles[id_], why] for id_, why in because.items()])
    return 0
