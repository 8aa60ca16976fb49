"""The shortest way of the cursor from place to place, with what every terminal since the VT100 knows."""

from functools import lru_cache

Place = tuple[int, int]
"""Row and column, from 0."""


@lru_cache(8192)
def move(at: Place | None, to: Place) -> str:
    """What brings the cursor to a place; from anywhere when it isn't known where it is."""
    if at == to:
        return ""
    y, x = to
    ways = [f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H" if y else "\x1b[H"]
    if at is not None:
        down, right = y - at[0], x - at[1]
        upright = _step(down, "B") if down > 0 else _step(-down, "A")
        aside = _step(right, "C") if right > 0 else min("\b" * -right, _step(-right, "D"), key=len)
        ways += [upright + aside, "\r" + (min("\n" * down, upright, key=len) if down > 0 else upright) + _step(x, "C")]
    return min(ways, key=len)


def _step(count: int, direction: str) -> str:
    if not count:
        return ""
    return f"\x1b[{count if count > 1 else ''}{direction}"
