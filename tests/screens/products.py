"""Ways round the editor of a product, and what is stored of one."""

from driver import Driver

from models.products import ProductSheet, product_named


def product(desk: Driver, code: str) -> ProductSheet:
    """A product as it is stored."""
    with desk.store.database.connected():
        return product_named(code)


async def goes_to(desk: Driver, field: str) -> None:
    """Go down to a field of the editor, in one go."""
    places = [each.id for each in desk.app.screen.focus_chain]
    assert desk.app.focused is not None
    steps = (places.index(field) - places.index(desk.app.focused.id)) % len(places)
    await desk.presses(*["down"] * steps)
    assert desk.app.focused.id == field


async def fills(desk: Driver, field: str, text: str) -> None:
    """Go down to a field of the editor and paste over what stands in it."""
    await goes_to(desk, field)
    desk.at_once(f"\x05\x15\x1b[200~{text}\x1b[201~")
    await desk.settles()


async def turns(desk: Driver, choice: str, times: int = 1) -> None:
    """Go down to a choice and take one further on."""
    await goes_to(desk, choice)
    await desk.presses(*["right"] * times)
