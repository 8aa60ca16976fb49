"""What the command lines of the benchmarks have in common."""

import argparse
from pathlib import Path


def grammar(name: str, told: str) -> argparse.ArgumentParser:
    """The parser of a benchmark, by the folder that it is run from; its help tells what the module does."""
    about, _, rest = told.partition("\n")
    parser = argparse.ArgumentParser(
        prog=f"python3 tests/bench/{name}",
        description=about,
        epilog=rest,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    kept = "a sample that is there, and its codes"
    parser.add_argument("--desk", nargs=2, action="append", metavar=("PLACE", "CODES"), help=kept)
    parser.add_argument("--json", type=Path, help="keep the figures in a file, too")
    return parser
