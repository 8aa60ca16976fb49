"""The console script: reads the command line, runs the command, and turns whatever goes wrong into one sentence.

It imports on its way what it needs: the prompt of the screens stands before anything heavy is there.
"""

from __future__ import annotations

import os
import sys

from tui.console.quick_look import wish_for_screens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Sequence

_USAGE = 2
_INTERRUPTED = 130
_NOBODY_READS = 141


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 refused, 2 not understood, 3 asked for, from 65 on broken."""
    try:
        status = _run(sys.argv[1:] if argv is None else list(argv))
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


def _run(words: list[str]) -> int:
    is_json = False
    asked, leave = wish_for_screens(words), _nothing
    try:
        if asked is None:
            if words == ["--version"]:
                from tui.version import VERSION

                print(f"giftdesk {VERSION}")
                return 0
            from tui.console.parser import parse

            asked = parse(words)
        else:
            from tui import first_frame

            leave = first_frame.leave
            first_frame.paint(asked.profile)
        is_json = asked.json
        return _dispatch(asked)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0
    except BrokenPipeError:
        raise
    except Exception as error:
        leave()
        from tui.console.misuse import UsageError
        from tui.first_frame import told_to_end

        if status := told_to_end():
            return status
        if not isinstance(error, UsageError):
            return _report(error, is_json=is_json)
        from tui.console.output import complain

        complain(str(error))
        return _USAGE
    finally:
        leave()


def _nothing() -> None:
    """What is done where no first frame stands."""


def _dispatch(asked: Namespace) -> int:
    for name, value in vars(asked).items():
        if name not in _PATHS and not _is_text(value):
            from tui.console.misuse import UsageError

            raise UsageError(f"What was given as {name} is no UTF-8 text; check the terminal's encoding.")
    from tui.later import imported

    run: Callable[[Namespace], int] = imported(asked.run)
    return run(asked)


# Paths may hold bytes that are no text; what is stored may not.
_PATHS = (
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
    "new_key",
    "anchor",
    "anchor_file",
    "codes",
    "csv",
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
