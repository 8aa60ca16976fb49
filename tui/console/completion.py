"""Shell completion, made from the grammar of the command line itself."""

import argparse
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from tui.console.grammar import Parser
from tui.console.output import say_all
from tui.console.parser import build_parser
from tui.later import imported

_FILES: Final = "FILE"
_ALSO_FILES: Final = ("db", "csv", "key", "anchor_file", "cards", "adjustments", "liability")


@dataclass(frozen=True, slots=True)
class Option:
    """An option, or what a command takes without one (no flags)."""

    flags: tuple[str, ...]
    help: str
    takes_value: bool
    choices: tuple[str, ...]
    takes_file: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A point of the command line at which something can follow."""

    path: str
    """The commands that lead there, each after a slash."""
    commands: tuple[tuple[str, str], ...]
    """Name and help of what may follow."""
    options: tuple[Option, ...]

    @property
    def takes_files(self) -> bool:
        """Whether a file may follow without an option."""
        return any(each.takes_file for each in self.options if not each.flags)

    @property
    def flags(self) -> list[tuple[str, str]]:
        """Each flag and its help."""
        return [(flag, option.help) for option in self.options for flag in option.flags]


def completion(asked: Namespace) -> int:
    """Print the completion of a shell."""
    say_all(SHELLS[asked.shell](list(places(build_parser()))))
    return 0


def places(parser: argparse.ArgumentParser, path: str = "") -> Iterator[Place]:
    """Every point of a grammar, the outer ones first."""
    commands: dict[str, argparse.ArgumentParser] = {}
    helps: list[tuple[str, str]] = []
    options = []
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            commands = dict(action.choices)
            helps = [(str(each.dest), each.help or "") for each in action._choices_actions]
        elif action.help is not argparse.SUPPRESS:
            options.append(_option(action))
    if isinstance(parser, Parser) and parser.offers is not None:
        options.append(Option((), "", takes_value=True, choices=imported(parser.offers)(), takes_file=False))
    yield Place(path, tuple(helps), tuple(options))
    for name, below in commands.items():
        yield from places(below, f"{path}/{name}")


def _option(action: argparse.Action) -> Option:
    return Option(
        tuple(action.option_strings),
        (action.help or "").replace("%%", "%"),
        action.nargs != 0 and not isinstance(action, argparse.BooleanOptionalAction),
        tuple(map(str, action.choices or ())),
        action.dest in _ALSO_FILES or str(action.metavar).startswith(_FILES),
    )


def _values(all_places: Iterable[Place]) -> Iterator[tuple[list[str], Option]]:
    """The options that take a value: where they stand (path:flag), and what they take."""
    for place in all_places:
        for option in place.options:
            if option.flags and option.takes_value:
                yield [f"{place.path}:{flag}" for flag in option.flags], option


def _quoted(text: str) -> str:
    """A text for bash and zsh."""
    return "'" + text.replace("'", "'\\''") + "'"


def _ways(all_places: Iterable[Place]) -> str:
    return "|".join(place.path for place in all_places if place.path)


def _words(pairs: Iterable[tuple[str, str]]) -> str:
    return " ".join(name for name, _ in pairs)


def _walk(all_places: list[Place], words: str, current: str, first: int) -> list[str]:
    """Lines for bash and zsh: from the first word to the place that all before the current lead to, as $at.

    The last of them asks for that place and the word before the current.
    """
    return [
        f"    for ((i = {first}; i < {current}; i++)); do",
        f'        case "$at/${{{words}[i]}}" in',
        f'        {_ways(all_places)}) at="$at/${{{words}[i]}}" ;;',
        "        esac",
        "    done",
        f'    case "$at:${{{words}[{current}-1]}}" in',
    ]


def _for_bash(all_places: list[Place]) -> str:
    lines = [
        "# Completion of giftdesk for bash: put it into a file and source that, or",
        "#     source <(giftdesk completion bash)",
        "_giftdesk() {",
        '    local current="${COMP_WORDS[COMP_CWORD]}" at="" words="" files="" i',
        *_walk(all_places, "COMP_WORDS", "COMP_CWORD", 1),
    ]
    for where, option in _values(all_places):
        then = "files=1" if option.takes_file else f"words={_quoted(' '.join(option.choices))}"
        lines.append(f"    {'|'.join(where)}) {then} ;;")
    lines += ["    *)", '        case "$at" in']
    for place in all_places:
        plain = [choice for each in place.options if not each.flags for choice in each.choices]
        files = " files=1" if place.takes_files else ""
        words = f"{_words(place.commands)} {' '.join(plain)}".strip()
        lines.append(f"        {_quoted(place.path)}) words={_quoted(words)}{files}")
        lines.append(f"            [[ $current == -* ]] && words={_quoted(_words(place.flags))} ;;")
    lines += [
        "        esac ;;",
        "    esac",
        '    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current"; [[ $files ]] && compgen -f -- "$current")',
        "    [[ $files ]] && compopt -o filenames 2>/dev/null",
        "    [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *: ]] && compopt -o nospace 2>/dev/null",
        "    return 0",
        "}",
        "complete -F _giftdesk giftdesk",
    ]
    return "\n".join(lines)


def _described(pairs: Iterable[tuple[str, str]]) -> str:
    return " ".join(_quoted(f"{name}:{help_}") for name, help_ in pairs)


def _for_zsh(all_places: list[Place]) -> str:
    lines = [
        "#compdef giftdesk",
        "# Completion of giftdesk for zsh: put it as _giftdesk into a folder of $fpath, or",
        "#     source <(giftdesk completion zsh)",
        "_giftdesk() {",
        '    local at="" i',
        "    local -a commands flags",
        *_walk(all_places, "words", "CURRENT", 2),
    ]
    for where, option in _values(all_places):
        then = "_files" if option.takes_file else f"compadd -- {' '.join(option.choices)}"
        lines.append(f"    {'|'.join(where)}) {then}; return ;;")
    lines += ["    esac", '    case "$at" in']
    for place in all_places:
        plain = [
            (choice.replace(":", "\\:"), each.help)
            for each in place.options
            if not each.flags
            for choice in each.choices
        ]
        lines.append(f"    {_quoted(place.path)})")
        lines.append(f"        commands=({_described([*place.commands, *plain])})")
        lines.append(f"        flags=({_described(place.flags)})")
        lines.append(f"        {'[[ $PREFIX == -* ]] || _files' if place.takes_files else ':'} ;;")
    lines += [
        "    esac",
        "    if [[ $PREFIX == -* ]]; then _describe option flags; else _describe command commands; fi",
        "}",
        'if [[ ${funcstack[1]} == _giftdesk ]]; then _giftdesk "$@"; else compdef _giftdesk giftdesk; fi',
    ]
    return "\n".join(lines)


def _fished(text: str) -> str:
    """A text for fish."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _for_fish(all_places: list[Place]) -> str:
    lines = [
        "# Completion of giftdesk for fish: put it into ~/.config/fish/completions/giftdesk.fish, or",
        "#     giftdesk completion fish | source",
        "function __giftdesk_at",
        "    set -l at ''",
        "    for word in (commandline -opc)[2..]",
        '        switch "$at/$word"',
        f"            case {' '.join(place.path for place in all_places if place.path)}",
        '                set at "$at/$word"',
        "        end",
        "    end",
        '    test "$at" = "$argv[1]"',
        "end",
        "complete -c giftdesk -f",
    ]
    for place in all_places:
        at = f"complete -c giftdesk -n {_fished(f'__giftdesk_at {_fished(place.path)}')}"
        lines += [f"{at} -a {name} -d {_fished(help_)}" for name, help_ in place.commands]
        for option in place.options:
            if option.flags:
                lines.append(f"{at} {_fish_option(option)} -d {_fished(option.help)}")
            elif option.choices:
                lines.append(f"{at} -a {_fished(' '.join(option.choices))} -d {_fished(option.help)}")
        if place.takes_files:
            lines.append(f"{at} -F")
    return "\n".join(lines)


def _fish_option(option: Option) -> str:
    flags = " ".join(f"-l {flag[2:]}" if flag.startswith("--") else f"-s {flag[1:]}" for flag in option.flags)
    if not option.takes_value:
        return flags
    if option.takes_file:
        return f"{flags} -r -F"
    return f"{flags} -x" + (f" -a {_fished(' '.join(option.choices))}" if option.choices else "")


SHELLS: Final[dict[str, Callable[[list[Place]], str]]] = {"bash": _for_bash, "zsh": _for_zsh, "fish": _for_fish}
