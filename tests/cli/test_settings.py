"""The settings file: what it may say, what wins over it, and what is said when it is wrong."""

import json
import string
from pathlib import Path

import pytest
from cli.clerk import Clerk
from textual.keys import _character_to_key

from models.settings import read_settings
from tui.commands import COMMANDS, markdown_table
from tui.key_names import named, shown_key
from tui.keymap import keymap
from tui.outputs import Output, choose_output


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A settings file of one's own, with nothing in it."""
    file = tmp_path / "giftdesk.toml"
    file.touch()
    monkeypatch.setenv("GIFTDESK_CONFIG", str(file))
    return file


def in_force(clerk: Clerk, *words: str) -> dict[str, tuple[str, str]]:
    """Name -> value and where it comes from."""
    return {row["name"]: (row["value"], row["source"]) for row in clerk.asks("settings", *words)}


def test_without_a_file_everything_is_as_it_is_made(outsider: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file would lie with the user's configuration."""
    monkeypatch.delenv("GIFTDESK_DB")
    told = in_force(outsider)
    assert told["settings"][0].endswith("giftdesk/giftdesk.toml")
    assert told["settings"][1] == "there are none"
    assert told["db"][1] == told["key"][1] == "default"
    assert outsider.asks("locate")["settings"] == told["settings"][0]


def test_the_file_names_the_desk_its_key_and_how_to_draw(
    clerk: Clerk, write: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A card is found without any flag; the key may lie apart from the desk."""
    code = clerk.issues()
    apart = write.with_name("apart.key")
    clerk.database.with_suffix(".key").rename(apart)
    write.write_text(f'db = "{clerk.database}"\nkey = "{apart}"\nprofile = "lean"\n')
    monkeypatch.delenv("GIFTDESK_DB")
    assert clerk.balance(code) == 5000
    assert in_force(clerk) == {
        "settings": (str(write), "read"),
        "db": (str(clerk.database), "line 1"),
        "key": (str(apart), "line 2"),
        "profile": ("lean", "line 3"),
        "output": ("cells", "only what changed is sent"),
        "mouse": ("off", "as it is in lean"),
    }


def test_the_environment_wins_over_the_file_and_a_flag_over_both(
    clerk: Clerk, write: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write.write_text('db = "/srv/other.db"\nprofile = "lean"\noutput = "stock"\n')
    assert in_force(clerk)["output"] == ("stock", "line 3")
    monkeypatch.setenv("GIFTDESK_PROFILE", "full")
    monkeypatch.setenv("GIFTDESK_OUTPUT", "cells")
    told = in_force(clerk)
    assert told["db"] == (str(clerk.database), "GIFTDESK_DB")
    assert told["profile"] == ("full", "GIFTDESK_PROFILE")
    assert told["output"] == ("cells", "GIFTDESK_OUTPUT")
    assert choose_output("stock", "cells") == (Output.STOCK, "chosen by --output")
    assert in_force(clerk, "--db", "/srv/flag.db")["db"] == ("/srv/flag.db", "flag")


def test_an_output_that_does_not_exist_is_refused(clerk: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the names of those that do; the doctor says it as well."""
    monkeypatch.setenv("GIFTDESK_OUTPUT", "all")
    told = "GIFTDESK_OUTPUT names no output: all. Set it to one of cells, stock, or unset it."
    assert clerk.types("settings").err == f"{told}\n"
    found = {each["subject"]: each for each in json.loads(clerk.types("doctor", "--json").out)}
    assert (found["output"]["health"], found["output"]["cure"]) == ("bad", told)


def test_a_mouse_that_is_neither_on_nor_off_is_refused(clerk: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a profile that does not exist; the doctor says it as well."""
    monkeypatch.setenv("GIFTDESK_MOUSE", "of")
    told = "GIFTDESK_MOUSE is neither on nor off: of. Set it to one of them, or unset it."
    assert clerk.is_refused("settings", code=78) == told
    found = {each["subject"]: each for each in json.loads(clerk.types("doctor", "--json").out)}
    assert (found["mouse"]["health"], found["mouse"]["cure"]) == ("bad", told)


def test_the_mouse_is_as_the_profile_has_it_unless_somebody_says_so(
    clerk: Clerk, write: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On in full; off elsewhere, so that the terminal selects text by itself. The environment wins over the file."""
    monkeypatch.delenv("GIFTDESK_MOUSE", raising=False)
    for profile, is_on in (("full", "on"), ("lean", "off"), ("ascii", "off")):
        monkeypatch.setenv("GIFTDESK_PROFILE", profile)
        assert in_force(clerk)["mouse"] == (is_on, f"as it is in {profile}")
    write.write_text("mouse = true\n")
    assert in_force(clerk)["mouse"] == ("on", "line 1")
    monkeypatch.setenv("GIFTDESK_MOUSE", "off")
    assert in_force(clerk)["mouse"] == ("off", "GIFTDESK_MOUSE")


def test_the_key_in_the_file_is_the_key_of_the_desk_in_the_file(clerk: Clerk, write: Path) -> None:
    """Another desk, named by a flag, has its own."""
    write.write_text('db = "/srv/other.db"\nkey = "/srv/keys/other.key"\n')
    assert in_force(clerk, "--db", str(clerk.database))["key"] == (
        str(clerk.database.with_suffix(".key")),
        "default",
    )
    assert in_force(clerk, "--db", "/srv/other.db")["key"] == ("/srv/keys/other.key", "line 2")


def test_keys_are_listed_as_they_are(clerk: Clerk, write: Path) -> None:
    """However they are spelled in the file."""
    write.write_text('[keys]\ncard.note = "Alt+N"\n"desk.refresh" = ["ctrl+y", "|"]\nlist.page_down = "PgDn"\n')
    told = {each["id"]: each["keys"] for each in clerk.asks("keys")}
    declared = {each.id: each.all_keys for each in COMMANDS}
    assert told == {**declared, "card.note": "Alt+N", "desk.refresh": "Ctrl+Y, |", "list.page_down": "PgDn"}
    assert in_force(clerk)["card.note"] == ("Alt+N", "line 2")


def test_the_example_of_the_readme_is_followed(clerk: Clerk, write: Path) -> None:
    """As it stands there."""
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    write.write_text(
        next(each.split("```")[0] for each in readme.split("```toml\n") if "[keys]" in each), encoding="utf-8"
    )
    told = in_force(clerk)
    assert told["profile"] == ("lean", "line 3")
    assert told["desk.refresh"][0] == "F5, Ctrl+Y"


def test_two_commands_may_change_places(clerk: Clerk, write: Path) -> None:
    write.write_text('[keys]\ncard.note = "r"\ncard.reactivate = "n"\n')
    told = {each["id"]: each["keys"] for each in clerk.asks("keys")}
    assert (told["card.note"], told["card.reactivate"]) == ("r", "n")


def test_a_key_goes_to_the_command_that_the_settings_name(clerk: Clerk, write: Path) -> None:
    """Whatever it does by default: a key chosen once stays chosen when a later giftdesk has another use for it."""
    write.write_text('[keys]\ncard.note = "r"\ncard.flag = "/, j"\n')
    told = {each["id"]: (each["keys"], each["changed"]) for each in clerk.asks("keys")}
    assert told["card.note"] == ("r", "line 2")
    assert told["card.reactivate"] == (":reactivate", "r: card.note, line 2")
    assert told["desk.find"] == ("F2", "/: card.flag, line 3")
    assert told["list.down"] == ("Down", "j: card.flag, line 3")
    assert told["card.why"] == ("w", None)
    assert in_force(clerk)["desk.find"] == ("F2", "/ is card.flag, line 3")


def test_what_lost_its_key_is_told_until_it_has_one(clerk: Clerk, write: Path) -> None:
    """At the start and by the doctor, in one sentence; nothing once the settings say what it is to have."""
    write.write_text('[keys]\ncard.note = "r"\ncard.flag = "/"\n')
    assert keymap(read_settings()).told == (
        "Your settings give r to Note (Reactivate is reached by :reactivate) and / to Flag (Find is reached by F2)."
    )
    (found,) = (each for each in json.loads(clerk.types("doctor", "--json").out) if each["subject"] == "keys")
    assert found["health"] == "warn"
    assert "r to Note" in found["told"]
    write.write_text('[keys]\ncard.note = "r"\ncard.reactivate = "Alt+R"\n')
    assert keymap(read_settings()).told == ""


def test_a_command_that_lost_several_keys_is_told_once_as_it_is(write: Path) -> None:
    """And where there are many, how many."""
    write.write_text('[keys]\ncard.note = "G"\ncard.flag = "end"\ncard.why = ">"\n')
    assert keymap(read_settings()).told == (
        "Your settings give G to Note (Last is reached by no key), End to Flag (Last is reached by no key) "
        "and 1 more: giftdesk keys."
    )


def test_the_listing_marks_what_the_settings_changed(clerk: Clerk, write: Path) -> None:
    """In front of the line, and why at the end."""
    write.write_text('[keys]\ncard.note = "r"\n')
    told = clerk.does("keys")
    lines = [" ".join(line.split()) for line in told.splitlines()]
    assert "* r Note Write a note that stays with the card." in lines
    assert "y Reply" in " ".join(lines)
    assert lines[-3:] == ["* changed by the settings:", "Reactivate r: card.note, line 2", "Note line 2"]


def test_the_table_of_keys_is_printed_as_the_readme_has_it(clerk: Clerk, write: Path) -> None:
    """With the keys that are in force: to be put on a page of one's own."""
    assert clerk.does("keys", "--markdown").strip() == markdown_table()
    write.write_text('[keys]\ncard.note = "|"\n')
    assert "| \\| | Note |" in clerk.does("keys", "--markdown")


def test_the_way_back_and_out_stays(clerk: Clerk, write: Path) -> None:
    """Esc, Enter and Ctrl+Q work whatever is put beside them."""
    write.write_text('[keys]\ndesk.back = "Alt+B"\ndesk.quit = "Alt+Q"\nlist.open = "Alt+O"\n')
    told = {each["id"]: each["keys"] for each in clerk.asks("keys")}
    assert (told["desk.back"], told["desk.quit"], told["list.open"]) == ("Alt+B, Esc", "Alt+Q, Ctrl+Q", "Alt+O, Enter")


WRONG = {
    "db = ": "line 1: it can't be read",
    f"db = {'9' * 5000}": "line 1: it can't be read",
    'db = "a"\n\nkey = = 7': "line 3, column 7: it can't be read",
    "db = 7": "line 1: db takes a text; write it in quotes",
    'db = "desk.db"': "line 1: db takes a URL or an absolute path",
    'db = "mysql://desk/name"': "line 1: db takes a URL or an absolute path",
    '\nkey = "desk.key"': "line 2: key takes an absolute path",
    'profil = "lean"': "line 1: there is no setting 'profil'; there are db, key, profile, output, mouse, keys",
    'profile = "green"': "line 1: there is no profile 'green'; there are full, lean",
    'output = "all"': "line 1: there is no output 'all'; there are cells, stock",
    'mouse = "on"': "line 1: mouse is true or false, without quotes",
    'keys = "r"': "line 1: keys is a section",
    '[keys]\ncard.reactivat = "r"': "line 2: there is no command 'card.reactivat', but there is card.reactivate",
    '[keys]\ncard.note = "strg+n"': "line 2: 'strg+n' is no key; write one like r, R, F5",
    '[keys]\ncard.note = ""': "line 2: card.note is empty; give it a text.",
    '[keys]\n\ncard.note = "Esc"': "line 3: Esc is the key of desk.back (Back) as well",
    '[keys]\ncard.note = "Enter"': "line 2: Enter is the key of list.open (Open) as well",
    '[keys]\nchoice.next = "F3"': "line 2: F3 is the key of dialog.cancel (Leave) as well",
    '[keys]\ncard.note = "Alt+N"\ncard.flag = "alt+n"': "Alt+N is the key of ",
    '[keys]\ncard.note = "Ctrl+C"': "line 2: Ctrl+C tells how to leave",
    '[keys]\ncard.note = "ctrl+m"': "line 2: Ctrl+M is Enter to a terminal",
    '[keys]\ncard.note = "ctrl+q"': "line 2: Ctrl+Q leaves giftdesk",
    '[keys]\ndialog.confirm = "y"': "line 2: Enter confirms and nothing else does",
    '[keys]\n"dialog.cancel" = "c"': "line 2: Esc and F3 leave a dialog",
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_is_named_with_its_line(clerk: Clerk, write: Path, text: str) -> None:
    """One sentence, with what to write instead; nothing is guessed."""
    write.write_text(text)
    told = clerk.is_refused("settings", code=78)
    assert told.startswith(str(write))
    assert WRONG[text] in told


def test_a_settings_file_that_cannot_be_read_is_named(clerk: Clerk, write: Path) -> None:
    """Named but not there, no text, or a folder."""
    write.write_bytes(b"\xff\xfe")
    assert "it is no UTF-8 text" in clerk.is_refused("locate", code=78)
    write.unlink()
    assert "There are no settings at" in clerk.is_refused("locate", code=78)
    write.mkdir()
    assert "can't be read" in clerk.is_refused("locate", code=78)


def test_keys_are_called_as_the_screens_call_them() -> None:
    """The command line knows these names without bringing the screens in."""
    for mark in string.punctuation:
        assert named(mark) == _character_to_key(mark)
        assert shown_key(named(mark)) == mark
