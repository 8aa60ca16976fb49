"""What was spent of money that was given back, as a table of what followed."""

import pytest

from models.rules.journal import Kind
from models.rules.spent import Moved, spent_of

TABLE: dict[str, tuple[list[Moved], int]] = {
    "nothing": ([], 0),
    "a part": ([Moved(5, Kind.REDEMPTION, -300)], 300),
    "twice": ([Moved(5, Kind.REDEMPTION, -300), Moved(6, Kind.REDEMPTION, -200)], 500),
    "more than was given back, for it was topped up": (
        [Moved(5, Kind.TOP_UP, 5_000), Moved(6, Kind.REDEMPTION, -4_000)],
        1_000,
    ),
    "refunded": ([Moved(5, Kind.REDEMPTION, -300), Moved(6, Kind.REFUND, 100, 5)], 200),
    "refunded and spent again": (
        [Moved(5, Kind.REDEMPTION, -1_000), Moved(6, Kind.REFUND, 400, 5), Moved(7, Kind.REDEMPTION, -400)],
        1_000,
    ),
    "refunded beyond its part": (
        [Moved(5, Kind.TOP_UP, 500), Moved(6, Kind.REDEMPTION, -1_500), Moved(7, Kind.REFUND, 1_500, 6)],
        0,
    ),
    "a refund of something earlier": ([Moved(5, Kind.REDEMPTION, -300), Moved(6, Kind.REFUND, 300, 2)], 300),
    "broken again, and what came then": ([Moved(5, Kind.BREAKAGE, -1_000), Moved(7, Kind.REDEMPTION, -700)], 0),
    "moved to another card": ([Moved(5, Kind.REDEMPTION, -1), Moved(6, Kind.TRANSFER_OUT, -999)], 1),
}


@pytest.mark.parametrize("case", TABLE)
def test_what_was_given_back_is_spent_first(case: str) -> None:
    later, spent = TABLE[case]
    assert spent_of(1_000, later) == spent
