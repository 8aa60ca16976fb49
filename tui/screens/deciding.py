"""The half of the desk that decides: a dialog in front of the card, one write, and what came of it."""

from collections.abc import Mapping

from models import sheets
from models.errors import Fault, Refused
from models.sheets import CardSheet
from models.unit import Outcome
from tui.commands import Command
from tui.keymap import keymap_of
from tui.screens.decisions import DECISIONS
from tui.screens.reading import ReadingScreen


class DecidingScreen(ReadingScreen):
    """A screen on which the open card can be changed."""

    async def decide(self, command: Command) -> None:
        """Ask in front of the open card, and do what is confirmed."""
        sheet = self.sheet
        assert sheet is not None
        assert command.action is not None
        decision = DECISIONS[command.id](sheet)
        session = self.house.session.having_opened(sheet.opened_for(command.action))

        def write(typed: Mapping[str, str] | None) -> None:
            if typed is None:
                self.house.tell("Left as it was.")
                return

            def work() -> tuple[Outcome, CardSheet | None]:
                outcome = decision.do(session, typed)
                try:
                    return outcome, sheets.card_sheet(session, sheet.card_id)
                except (Fault, Refused):
                    return outcome, None

            self.house.ask("Saving", work, self._take_outcome, can_be_left=False)

        await self.house.push_screen(decision.form, write)

    def _take_outcome(self, answer: tuple[Outcome, CardSheet | None]) -> None:
        outcome, sheet = answer
        if sheet is not None:
            self.sheet = sheet
        if not outcome.done:
            self.house.refuse(outcome.sentence)
            if outcome.changes:
                self.pane.read("Changed since you opened it", "\n".join(outcome.changes))
            return
        again = keymap_of(self).key("desk.refresh")
        unread = "" if sheet is not None else f" The card can't be read back just now: try {again}."
        self.house.tell(f"{outcome.sentence}{unread}", "done")
        if outcome.hand_out is not None:
            self.hand_out("For Payments Support", outcome.hand_out)
