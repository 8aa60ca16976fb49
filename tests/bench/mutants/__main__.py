"""Breaks the modules of money in many small ways, one at a time, and counts how many of them the tests notice.

    python tests/bench/mutants                              # all; survivors are printed, to be read
    python tests/bench/mutants --learnt /tmp/learnt.json    # keeps what was learnt of the tests for another run
    python tests/bench/mutants --only models/ledger.py:94 models/rules/zero.py
    python tests/bench/mutants --survivors /tmp/left.txt    # keeps who was left, and shows them alone the next time

First all tests of the rules, of the store and of jobs are run once, to learn which of them come by which line; a mutant
is then shown to the quickest of those that come by its line, and to those of which nothing was learnt. What changes
nothing that anybody could notice is left out, and listed with its reason in `equal.py`.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[3])]

import pytest  # noqa: E402
from bench.mutants import learning  # noqa: E402
from bench.mutants.breaking import ROOT, TARGETS, Mutant, count, mutant  # noqa: E402
from bench.mutants.equal import why_equal  # noqa: E402
from bench.mutants.showing import Learnt, Showing  # noqa: E402

from models.clock import Stopwatch  # noqa: E402

_TESTS: Final = (("tests/store",), ("tests/rules", "tests/jobs"))


def learn(kept: Path) -> Learnt:
    """Test -> how long it takes, and the lines that it comes by; kept in a file, and read from it when it is there."""
    if not kept.exists():
        parts = [kept.with_suffix(f".{number}") for number in range(len(_TESTS))]
        runs = [
            subprocess.Popen([sys.executable, learning.__file__, str(part), *tests], cwd=ROOT, env=_environment())
            for part, tests in zip(parts, _TESTS, strict=True)
        ]
        for run in runs:
            run.wait()
        kept.write_text(json.dumps({test: of for part in parts for test, of in json.loads(part.read_text()).items()}))
    learnt: Learnt = json.loads(kept.read_text())
    return learnt


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}


def chosen(only: Sequence[str], left: Path | None, seed: int) -> list[Mutant]:
    """The mutants that were asked for (of files, or of lines of them), in a random order."""
    wanted = [each.partition(":") for each in only]
    found = [
        mutant(target, place)
        for target in TARGETS
        if any(target == file for file, _, _ in wanted)
        for place in range(count(target))
    ]
    found = [
        each for each in found if any(each.target == file and line in ("", str(each.line)) for file, _, line in wanted)
    ]
    if left is not None and left.exists():
        names = set(left.read_text().splitlines())
        found = [each for each in found if each.key in names]
    random.Random(seed).shuffle(found)
    return found


def main() -> None:
    """Break, show, count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60.0, help="when to stop (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the order in which they are shown (%(default)s)")
    parser.add_argument("--only", nargs="+", default=TARGETS, metavar="FILE[:LINE]", help="which are broken")
    parser.add_argument("--learnt", type=Path, help="a file that keeps which tests come by which line, for another run")
    parser.add_argument(
        "--survivors", type=Path, help="a file that keeps who was left; these alone are shown the next time"
    )
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        learnt = learn(asked.learnt or Path(name) / "learnt.json")
    watch, survivors, noticed = Stopwatch(), [], 0
    every = chosen(asked.only, asked.survivors, asked.seed)
    different = [each for each in every if why_equal(each) is None]
    print(f"{len(every):,} mutants, of which {len(every) - len(different):,} change nothing", flush=True)

    def until_late() -> Iterator[Mutant]:
        return (each for each in different if watch.seconds() < asked.minutes * 60)

    def tell(mutant: Mutant, is_noticed: bool) -> None:
        nonlocal noticed
        noticed += is_noticed
        if not is_noticed:
            survivors.append(mutant)
            print(f"{watch.seconds():6.0f} s, {noticed:,} noticed; not {mutant.name}", flush=True)

    pytest.main(
        ["-q", "-s", "-p", "no:cacheprovider", *(test for part in _TESTS for test in part)],
        plugins=[Showing(learnt, until_late(), tell)],
    )
    if asked.survivors:
        asked.survivors.write_text("".join(f"{each.key}\n" for each in sorted(survivors, key=lambda it: it.name)))
    shown = noticed + len(survivors)
    print(f"{shown} shown, {noticed} noticed ({100 * noticed / max(shown, 1):.1f} %), in {watch.seconds():.0f} s")


if __name__ == "__main__":
    main()
