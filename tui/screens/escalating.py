"""The part of the desk on which a card is handed over to Payments Support, taken there, and answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.widget import AwaitMount

from models.rules.roles import Action, role_refusal
from tui.later import conversation, desk, escalations, handing_over, packets, sheets, unit
from tui.screens.dialogs import escalation_decisions
from tui.screens.handling import HandlingScreen

if TYPE_CHECKING:
    from models.handing_over import Known
    from models.sheets import CardSheet

NEVER: Final = "This card was never handed over to Payments Support."


class EscalatingScreen(HandlingScreen, is_part=True):
    """A screen on which both sides of a hand-over find their work."""

    async def escalate(self) -> None:
        """Ask why, and what the case does not know yet: all in one dialog."""
        sheet, session = self.sheet, self.house.session
        assert sheet is not None

        def ask(known: Known) -> AwaitMount:
            return self.confirm(escalation_decisions.hand_over(sheet, known), Action.ESCALATE)

        self.house.ask("Reading", lambda: handing_over.known_of(session, sheet.card_id), ask, lane=conversation.LANE)

    async def show_escalation(self) -> None:
        """Show the packet of the card's latest escalation, and ask for the next step of whoever may do it.

        Who asked has read the answer then.
        """
        sheet, session = self.sheet, self.house.session
        assert sheet is not None
        assert sheet.handed is not None
        handed, agent_id = sheet.handed, sheet.agent.id

        def work() -> tuple[CardSheet, str]:
            text = packets.packet(session, handed.id)
            if handed.is_news and handed.opened_by == agent_id:
                desk.see_answer(session, handed.id, intent=unit.new_intent())
            return sheets.card_sheet(session, sheet.card_id), text

        self.house.ask("Reading", work, self._take_escalation)

    def _take_escalation(self, answer: tuple[CardSheet, str]) -> AwaitMount | None:
        self.sheet, text = answer
        handed = self.sheet.handed
        if handed is None:
            return None
        self.pane.read(escalation_decisions.heading(handed), text)
        if not handed.is_open or role_refusal(self.sheet.agent.role, Action.CLOSE_ESCALATION) is not None:
            self.house.tell(escalations.standing(handed, self.sheet.business))
            return None
        return self.confirm(escalation_decisions.next_step(self.sheet, handed), Action.CLOSE_ESCALATION)
