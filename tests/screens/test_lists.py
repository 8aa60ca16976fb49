"""Lists of lines: where the mark is."""

import pytest
from screens.conftest import SitDown


@pytest.mark.parametrize(
    "keys", [("f6",), ("f7",), ("f8",), ("f1",)], ids=["products", "worklists", "reminders", "help"]
)
async def test_one_line_is_marked(sit_down: SitDown, keys: tuple[str, ...]) -> None:
    """The line that is left loses the mark as the next one gets it, seen after each key."""
    async with sit_down(login="mia") as desk:
        await desk.presses(*keys)
        places = []
        for key in ("down", "down", "up"):
            await desk.presses(key)
            places.append([y for y, row in enumerate(desk.cells()) if row.startswith("▸")])
        assert places == [[places[0][0]], [places[0][0] + 1], [places[0][0]]]
