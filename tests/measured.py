"""A command in a process of its own: what it printed, and how much room it took at most."""

import re
import subprocess
import sys

# What the process that started it took counts for it elsewhere; here it begins with its own program.
_TELLS = (
    "import sys; from pathlib import Path; from tui.cli import main; code = main(sys.argv[1:]); sys.stdout.flush(); "
    "print(Path('/proc/self/status').read_text(), file=sys.stderr); sys.exit(code)"
)


def run_measured(*words: str) -> tuple[str, int]:
    """The standard output of a command that must be done, and its kilobytes."""
    run = subprocess.run([sys.executable, "-c", _TELLS, *words], capture_output=True, text=True, check=True)
    found = re.search(r"VmHWM:\s+(\d+) kB", run.stderr)
    assert found is not None
    return run.stdout, int(found[1])
