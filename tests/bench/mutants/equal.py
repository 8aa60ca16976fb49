"""The mutants that change nothing that a clerk, a customer or an auditor could notice, each with its reason."""

from typing import Final, NamedTuple

from bench.mutants.breaking import Mutant


class Equal(NamedTuple):
    """A change that is none."""

    target: str
    stands: str
    """The line as it stands in the module."""
    what: str
    """What became of something on it."""
    why: str


EQUAL: Final[tuple[Equal, ...]] = ()


def why_equal(mutant: Mutant) -> str | None:
    """Why a mutant is as good as what stands there, if it is."""
    return next(
        (
            each.why
            for each in EQUAL
            if (each.target, each.stands, each.what) == (mutant.target, mutant.stands, mutant.what)
        ),
        None,
    )
