"""E-mails from the screen: they go aside, right after they were written, and what does not go is told."""

from screens.conftest import Demo, SitDown

from models import desk
from models.fates import Fate
from models.jobs.send import send
from models.mail import Answer, Verdict
from models.outbox import letters_in_hand
from models.unit import Session

VIP = "Expired this morning, VIP"


async def test_a_mailed_reply_goes_right_away(sit_down: SitDown, demo: Demo) -> None:
    """Sam goes on working; the line tells when it went."""
    async with sit_down() as at_desk:
        await at_desk.opens(VIP)
        await at_desk.types("r\rYm\r")
        await at_desk.settles()
        at_desk.sees("the reply is on its way as an e-mail, in case", "The e-mail was sent.")
    assert letters_in_hand(demo.store, list(Fate)) == ()


async def test_a_mailed_reply_that_cannot_go_waits_and_says_why(sit_down: SitDown, demo: Demo) -> None:
    """Where the folder should be lies a file: what was said stays said, and the e-mail waits."""
    demo.store.path.with_suffix(".outbox").write_text("in the way")  # type: ignore[union-attr]
    async with sit_down() as at_desk:
        await at_desk.opens(VIP)
        await at_desk.types("r\rYm\r")
        await at_desk.settles()
        at_desk.sees("The e-mail waits in the outbox.")
    (line,) = letters_in_hand(demo.store)
    assert line.fate is Fate.WAITING


async def test_who_wrote_an_e_mail_that_did_not_go_is_told_at_the_start(sit_down: SitDown, demo: Demo) -> None:
    """The run of the night was refused the address: Sam hears of it in the morning, Pat does not."""
    outcome = desk.say(Session(demo.store, "sam"), 5, is_mailed=True)
    assert outcome.done, outcome.sentence

    class Refusing:
        def send(self, _letter: object) -> Answer:
            return Answer(Verdict.REFUSED, "550 no such user")

        def close(self) -> None:
            """Nothing is open."""

    send(Session(demo.store, "kit"), Refusing(), wait=None)
    async with sit_down() as at_desk:
        at_desk.sees("1 e-mail of yours did not go, or nobody knows: F7 lists what waits.")
    async with sit_down(login="pat") as at_desk:
        at_desk.does_not_see("of yours did not go")
