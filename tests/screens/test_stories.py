"""One story for each verdict, on a small terminal: type the code, read what is wrong, do the one right thing."""


from screens.conftest import SitDown


async def test_vip_expired_this_morning(sit_down: SitDown) -> None:
    async with sit_down() as desk:
        await desk.opens("Expired this morning, VIP")
        print(desk.screen_text())
        await desk.presses("r")
        print(desk.screen_text())
        await desk.presses("enter")
        print(desk.screen_text())
        await desk.presses("a")
        print(desk.screen_text())
        await desk.presses("y")
        print(desk.screen_text())
