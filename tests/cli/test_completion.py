"""Shell completion, asked of the shells themselves, where they are installed."""

import shutil
import subprocess
from pathlib import Path

import pytest
from cli.clerk import Clerk

from tui.console.completion import SHELLS, places
from tui.console.parser import build_parser

_BASH = r"""
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_giftdesk
printf '%s\n' "${COMPREPLY[@]}"
"""
# What zsh's completion system would be handed, printed instead.
_ZSH = r"""
compdef() { : }
_describe() {
    local each
    for each in "${(P@)2}"; do [[ $each == "$PREFIX"* ]] && print -r -- "${${each/\\:/=}%%:*}"; done
}
_files() { print -rl -- "$PREFIX"*(N) }
compadd() { shift; print -rl -- "$@" }
source "$1"; shift
words=("$@"); CURRENT=$#; PREFIX="${words[-1]}"
_giftdesk
"""
_FISH = """
source $argv[1]
complete -C "$argv[2..]" | string split -f 1 \\t
"""


def offers(shell: str, clerk: Clerk, folder: Path, *words: str) -> str:
    """What the shell offers for the last of the words."""
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not installed")
    script = folder / f"completion.{shell}"
    script.write_text(clerk.does("completion", shell), encoding="utf-8")
    asked = {"bash": [program, "-c", _BASH, shell], "zsh": [program, "-f", "-c", _ZSH, shell]}
    command = asked.get(shell, [program, "--no-config", "-c", _FISH])
    done = subprocess.run(
        [*command, str(script), *words], cwd=folder, capture_output=True, text=True, timeout=10, check=False
    )
    assert not done.stderr
    return done.stdout


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("words", "offered", "not_offered"),
    [
        (("giftdesk", "rea"), {"reactivate"}, {"refund", "find"}),
        (("giftdesk", "product", ""), {"list", "show", "set"}, {"reactivate", "notes.csv"}),
        (("giftdesk", "product", "set", "half", "--exp"), {"--expire-after", "--expire-on"}, {"--name"}),
        (("giftdesk", "find", "--status", ""), {"cancelled", "suspended", "active"}, {"notes.csv", "find"}),
        (("giftdesk", "find", "vi"), {"vip"}, {"view", "notes.csv"}),
        (("giftdesk", "backup", "no"), {"notes.csv"}, {"note"}),
        (("giftdesk", "completion", ""), {"bash", "zsh", "fish"}, {"notes.csv"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_shell_offers_what_may_follow(
    outsider: Clerk, tmp_path: Path, shell: str, words: tuple[str, ...], offered: set[str], not_offered: set[str]
) -> None:
    """Commands, their options, the words that these take, and files where files are wanted."""
    (tmp_path / "notes.csv").touch()
    found = set(offers(shell, outsider, tmp_path, *words).split())
    assert offered <= found
    assert not not_offered & found


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_offers_what_finds_a_card(outsider: Clerk, tmp_path: Path, shell: str) -> None:
    """With its colon, which zsh wants told apart from its own."""
    assert offers(shell, outsider, tmp_path, "giftdesk", "find", "pl").split() in (["place:"], ["place="])


@pytest.mark.parametrize("shell", SHELLS)
def test_no_command_is_left_out(outsider: Clerk, shell: str) -> None:
    """They are made from the grammar: whatever it has, they have."""
    script = outsider.does("completion", shell)
    for place in places(build_parser()):
        for name in [name for name, _ in place.commands]:
            assert f"{place.path}/{name}" in script
        for flag, _ in place.flags:
            assert (flag if shell != "fish" else flag.lstrip("-")) in script
