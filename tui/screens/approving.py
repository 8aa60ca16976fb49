"""The part of the desk that decides about what a colleague asked for, or takes back what one asked for oneself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.rules.roles import Action
from tui.later import worklists
from tui.screens.dialogs import approval_decisions
from tui.screens.settling import SettlingScreen

if TYPE_CHECKING:
    from models.sheets import CardSheet
    from models.unit import Outcome
    from tui.screens.decisions import Decision


class ApprovingScreen(SettlingScreen, is_part=True):
    """A screen on which somebody decides about the request that waits on the open card."""

    async def decide_approval(self) -> None:
        """Show who asked, when and why, and what would happen now; then it is approved, refused or withdrawn."""
        sheet = self.sheet
        assert sheet is not None
        assert sheet.waiting is not None
        await self.confirm(approval_decisions.decide(sheet, sheet.waiting), Action.APPROVE)

    def _take_outcome(self, decision: Decision, answer: tuple[Outcome, CardSheet | None]) -> None:
        super()._take_outcome(decision, answer)
        outcome, _ = answer
        if outcome.done and "approval" in outcome.facts and self.found is not None:
            self.found = worklists.with_remark(self.found, outcome.card_id, outcome.facts.get("decision", "asked for"))
