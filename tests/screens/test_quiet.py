"""Several who wait for a loop to have nothing to do don't take each other for work."""

import asyncio

from tui.cells.quiet import quiet, quiet_here


async def test_two_who_wait_are_told_at_once() -> None:
    """Work that goes on turn by turn is waited for; another who waits is not."""
    told: list[str] = []

    async def works() -> None:
        for _ in range(5):
            await asyncio.sleep(0)
        told.append("worked")

    work = asyncio.create_task(works())
    quiet_here().call(lambda: told.append("painted"))
    async with asyncio.timeout(5):
        await quiet()
    assert told == ["worked", "painted"]
    await work
