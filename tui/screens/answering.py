"""The part of the desk that answers: a reply is copied once it is recorded, and never one that is not true."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widget import AwaitMount

from models.rules.roles import Action, role_refusal
from tui.later import conversation, desk, replying, sheets, unit
from tui.screens.dialogs import form as forms
from tui.screens.showing import ShowingScreen

if TYPE_CHECKING:
    from models.replying import Drafted
    from tui.screens.replies import Said

_READ_ONLY = "You may read replies, not give them: nothing was copied."


class AnsweringScreen(ShowingScreen, is_part=True):
    """A screen on which the customer of the open card is answered."""

    async def show_reply(self) -> None:
        """Say what is true of the card now: recorded first, then copied. Who may not answer only reads it."""
        if self.sheet is None:
            self._answer_unknown()
            return
        card_id, session, intent = self.sheet.card_id, self.house.session, unit.new_intent()
        if role_refusal(self.house.agent.role, Action.REPLY) is not None:
            self.house.ask("Reading", lambda: replying.replies_for(session, card_id)[0], self._show)
            return

        def work() -> Said:
            outcome = desk.say(session, card_id, intent=intent)
            return outcome, sheets.card_sheet(session, card_id)

        self.house.ask("Answering", work, self._take_said, can_be_left=False, lane=conversation.LANE)

    def _answer_unknown(self) -> None:
        """Show what is said about a code that no card answers to, and copy it; there is no card that keeps it."""
        session = self.house.session

        def ask(drafted: Drafted) -> AwaitMount:
            self.house.copy_to_clipboard(drafted.text)
            self.tell_where()
            return self.put(forms.Form("Reply", drafted.text, confirm="Go on"), lambda _typed: self.house.tell(""))

        self.house.ask("Reading", lambda: replying.reply_to_unknown(session), ask)

    def _show(self, drafted: Drafted) -> None:
        self.pane.read("Reply", drafted.text)
        self.house.tell(_READ_ONLY)

    def _take_said(self, said: Said) -> None:
        outcome, self.sheet = said
        if outcome.hand_out is None:
            self.house.refuse(outcome.sentence)
        elif "letter" in outcome.facts:
            self.pane.read("Reply", outcome.hand_out)
            self.house.send_letter(outcome)
            self.house.tell(outcome.sentence, "done")
        else:
            self.hand_out("Reply", outcome.hand_out)
            self.tell_where()

    async def choose_reply(self) -> None:
        """Show everything that could be said of the card."""
        from tui.screens.replies import Replies

        assert self.sheet is not None

        def ended(said: Said | None) -> None:
            if said is not None:
                self._take_said(said)

        await self.house.push_screen(Replies(self.sheet), ended)
