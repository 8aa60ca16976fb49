"""All checks in one command: `python3 tests/check.py` makes an environment, installs giftdesk and runs them.

It needs Python 3.11 or newer and nothing else. The environment is kept in .venv for the next time;
with --fresh it is made in a temporary folder and removed afterwards. What follows is handed to pytest:
`python3 tests/check.py -m slow tests/store`.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
CHECKS = (
    ("format", ("ruff", "format", "--check", "--quiet", ".")),
    ("lint", ("ruff", "check", "--quiet", ".")),
    ("types", ("mypy",)),
    ("import contracts", ("lint-imports",)),
)


def main(arguments: list[str]) -> int:
    """Install, then run every check; 0 when all pass."""
    is_fresh = "--fresh" in arguments
    for_pytest = [argument for argument in arguments if argument != "--fresh"]
    scratch = Path(tempfile.mkdtemp(prefix="giftdesk-check-"))
    try:
        environment = scratch / "venv" if is_fresh else HOME / ".venv"
        install(environment)
        return run_checks(environment / "bin", scratch, for_pytest, is_fresh)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def install(environment: Path) -> None:
    """An environment with giftdesk and everything that its tests need, at the pinned versions."""
    if not (environment / "bin" / "pip").exists():
        venv.create(environment, with_pip=True)
    command = [str(environment / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*command, "--constraint", "pins.txt", "--editable", ".[test]"], cwd=HOME, check=True)


def run_checks(tools: Path, scratch: Path, for_pytest: list[str], is_whole: bool) -> int:
    """Run all checks, also after one has failed, pytest last. A whole run leaves nothing out for want of a tool."""
    # Pytest keeps its temporary folders where nobody else can have put one before.
    settings = {**os.environ, "PYTEST_DEBUG_TEMPROOT": str(scratch), "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}
    if is_whole:
        settings |= {f"GIFTDESK_TESTS_NEED_{tool}": "1" for tool in ("POSTGRESQL", "HLEDGER")}
    failed = []
    for name, command in (*CHECKS, ("tests", ("pytest", "-n", "2", "--dist", "worksteal", *for_pytest))):
        began = time.monotonic()
        print(f"-- {name}", flush=True)
        if subprocess.run([tools / command[0], *command[1:]], cwd=HOME, env=settings).returncode:
            failed.append(name)
        print(f"   {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    if failed:
        print(f"Failed: {', '.join(failed)}.", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
