"""The console script: reads the command line, runs the command, and turns whatever goes wrong into one sentence."""

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Final

from tui.console.grammar import UsageError
from tui.console.parser import parse

_USAGE: Final = 2
_INTERRUPTED: Final = 130
_NOBODY_READS: Final = 141


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 refused, 2 not understood, 3 asked for, from 65 on broken."""
    try:
        status = _run(sys.argv[1:] if argv is None else argv)
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        _stop_writing()
        return _NOBODY_READS
    except KeyboardInterrupt:
        return _INTERRUPTED
    except OSError as error:
        _stop_writing()
        return _report(error, is_json=False)
    return status


def _run(argv: Sequence[str]) -> int:
    is_json = False
    try:
        asked = parse(argv)
        is_json = asked.json
        return _dispatch(asked)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0
    except UsageError as error:
        from tui.console.output import complain

        complain(str(error))
        return _USAGE
    except BrokenPipeError:
        raise
    except Exception as error:
        return _report(error, is_json=is_json)


def _dispatch(asked: Namespace) -> int:
    for name, value in vars(asked).items():
        if name not in _PATHS and not _is_text(value):
            raise UsageError(f"What was given as {name} is no UTF-8 text; check the terminal's encoding.")
    module, _, function = asked.run.partition(":")
    run: Callable[[Namespace], int] = getattr(import_module(module), function)
    return run(asked)


# Paths may hold bytes that are no text; what is stored may not.
_PATHS: Final = (
    "db",
    "cards",
    "adjustments",
    "liability",
    "file",
    "files",
    "folder",
    "mapping",
    "table",
    "key",
    "codes",
    "password_file",
    "text_file",
    "html_file",
    "from_folder",
)


def _is_text(value: object) -> bool:
    words = value if isinstance(value, list) else [value]
    return not any("\ud800" <= letter <= "\udfff" for word in words if isinstance(word, str) for letter in word)


def _report(error: Exception, *, is_json: bool) -> int:
    from tui.console.failures import report

    return report(error, is_json=is_json)


def _stop_writing() -> None:
    """Let nothing more be written when the interpreter ends: nobody reads, or nothing can be kept."""
    try:
        target = sys.stdout.fileno()
    except (OSError, ValueError, AttributeError):
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, target)
    os.close(nowhere)
