"""The part of the desk that keeps cases: one is opened aside for each card, asked about with c, and read with z."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING, Final

from textual.reactive import var
from textual.widget import AwaitMount

from models.errors import Refused
from models.rules.roles import Action, role_refusal
from tui.later import case_drawing, cases, conversation, desk, intakes, sheets, unit, worklists
from tui.screens.dialogs import intake
from tui.screens.worklists import WorklistScreen
from tui.widgets.bars import Notice

if TYPE_CHECKING:
    from models.cases import CaseLine, CaseSheet
    from models.rules.checkout import Checkout
    from models.sheets import CardSheet
    from models.unit import Outcome
    from tui.conversation import Conversation, Turn
    from tui.screens.decisions import Decision
    from tui.widgets.asking import Typed

CASE_COMMANDS: Final = frozenset({"card.case", "card.case_line"})
_NO_CASE: Final = "There was no conversation about this card yet."


class HandlingScreen(WorklistScreen, is_part=True):
    """A screen on which every card that is opened belongs to a conversation."""

    case: var[CaseLine | None] = var(None)
    """The case of the open card, as far as it is known."""

    _is_conversing = False
    """Whether a card was opened that belongs to a conversation."""
    _case_heading = ""
    """What stands over the time line that was read last."""

    @cached_property
    def _conversation(self) -> Conversation:
        """The conversation that goes on, without a case in hand at first."""
        self._is_conversing = True
        return conversation.Conversation()

    # Opened and left aside

    async def _open(self, sheet: CardSheet, *, is_beside: bool = False) -> None:
        is_beside = is_beside or self._came_from is not None
        await self._show_card(sheet)
        if self._keeps_cases(sheet):
            self._turn_to(
                self._turn(sheet, is_beside=is_beside, is_a_call=not isinstance(self.found, worklists.Listed))
            )

    async def _show_card(self, sheet: CardSheet) -> None:
        self.case = None
        await super()._open(sheet)

    def _keeps_cases(self, sheet: CardSheet) -> bool:
        return role_refusal(sheet.agent.role, Action.HANDLE_CASE) is None

    def _turn(
        self, sheet: CardSheet, *, is_beside: bool = False, case_id: int | None = None, is_a_call: bool = True
    ) -> Turn:
        found = self.found
        is_typed = found is not None and (found.is_exact or found.are_near_misses)
        typed = (
            found.text if found is not None and is_typed and sheet.card_id in {c.card_id for c in found.lines} else None
        )
        holder_id = None if sheet.holder is None else sheet.holder.id
        return conversation.Turn(
            self.house.session, sheet.card_id, holder_id, intakes.typed_end(typed), is_beside, case_id, is_a_call
        )

    def _turn_to(self, turn: Turn) -> None:
        def take(case: CaseLine | None) -> None:
            self._take_case(turn.card_id, case)

        self.house.aside(conversation.LANE, partial(self._conversation.turn_to, turn), take, self._remark)

    def _take_case(self, card_id: int, case: CaseLine | None) -> None:
        self._remark("")
        if self.sheet is not None and self.sheet.card_id == card_id:
            self.case = case

    def _remark(self, sentence: str) -> None:
        """Say once that no case is kept, where nothing else is said; nothing when one is."""
        self.query_one(Notice).remark = f"No case is kept of this card. {sentence}" if sentence else ""

    def follow_case(self, before: CardSheet | None, sheet: CardSheet | None) -> None:
        """Look again how the case stands when something was done to its card."""
        if before is None or sheet is None or self.case is None:
            return
        if before.card_id == sheet.card_id and before.version != sheet.version:
            self.look_at_case_again()

    def _take_outcome(self, decision: Decision, answer: tuple[Outcome, CardSheet | None]) -> None:
        super()._take_outcome(decision, answer)
        if answer[0].done:
            # What was asked for changes the case, and nothing on the card.
            self.look_at_case_again()

    def look_at_case_again(self) -> None:
        """Read, aside, how the case of the open card stands."""
        if self.sheet is None or not self._keeps_cases(self.sheet):
            return
        card_id = self.sheet.card_id
        read = partial(cases.case_in_hand, self.house.session, card_id)
        self.house.aside(conversation.LANE, read, partial(self._take_case, card_id), self._remark)

    def hand_over(self) -> None:
        """Somebody else sits down: who sat there leaves the case, and the open card is one of a case of theirs."""
        self.case = None
        if self.sheet is not None and self._keeps_cases(self.sheet):
            self._turn_to(self._turn(self.sheet))
        elif self._is_conversing:
            self.house.aside(conversation.LANE, self._conversation.leave, wrong=self._say_left_open)

    def _say_left_open(self, sentence: str) -> None:
        self.house.tell(f"The case of the one before stays open. {sentence}")

    def on_unmount(self) -> None:
        """Who leaves the desk leaves the case."""
        if self._is_conversing:
            self.house.aside(conversation.LANE, partial(self._conversation.leave, self.house.session))

    def keep_checkout(self, found: Checkout) -> None:
        """The case in hand tells which purchase was tried, and what came of it."""
        if self.case is None or self.sheet is None or self.sheet.as_of is not None:
            return
        keep = partial(desk.keep_checkout, self.house.session, self.case.id, found, intent=unit.new_intent())
        self.house.aside(conversation.LANE, keep, lambda _outcome: self.look_at_case_again(), self._remark)

    # Asked about and read

    async def ask_intake(self) -> None:
        """Show what is known of the conversation, and ask for the rest."""
        sheet = self.sheet
        assert sheet is not None
        turn, session = self._turn(sheet), self.house.session

        def work() -> CaseSheet:
            case = self._conversation.turn_to(turn)
            if case is None:
                raise Refused(_NO_CASE)
            return cases.case_sheet(session, case.id)

        self.house.ask("Reading", work, self._ask, lane=conversation.LANE)

    def _ask(self, case: CaseSheet) -> AwaitMount:
        session, intent, form = self.house.session, unit.new_intent(), intake.IntakeForm(case)

        def attempt(typed: Typed) -> None:
            def work() -> tuple[Outcome, CaseSheet]:
                outcome = desk.complete_intake(session, case.line.id, form.intake(typed), intent=intent)
                return outcome, cases.case_sheet(session, case.line.id)

            self.house.ask("Saving", work, take, can_be_left=False, lane=conversation.LANE)

        def take(answer: tuple[Outcome, CaseSheet]) -> None:
            outcome, kept = answer
            if outcome.is_mendable:
                self.house.refuse(outcome.sentence)
                return
            form.close()
            if not outcome.done:
                self.house.refuse(outcome.sentence)
                return
            if self._reads_case:
                self._read_case(kept)
            self.case = kept.line
            self.house.tell(outcome.sentence, "done")

        return self.stand(form, attempt)

    async def show_case(self) -> None:
        """The time line of the open case in place of the history, else of the last one about the card; and back."""
        if self._reads_case:
            self.pane.close_text()
            return
        sheet, session = self.sheet, self.house.session
        assert sheet is not None

        def work() -> CaseSheet:
            own = cases.case_in_hand(session, sheet.card_id)
            about = (own,) if own is not None else cases.cases_about(session, sheet.card_id, 1)
            if not about:
                raise Refused(_NO_CASE)
            return cases.case_sheet(session, about[0].id)

        self.house.ask("Reading", work, self._read_case, lane=conversation.LANE)

    @property
    def _reads_case(self) -> bool:
        """Whether a case's time line stands in place of the history."""
        return self.pane.is_reading and self.pane.heading == self._case_heading

    def _read_case(self, case: CaseSheet) -> None:
        self._case_heading = case_drawing.heading(case.line)
        self.pane.read(self._case_heading, case_drawing.time_line(case, self.house.session.store.business))

    def go_on_with(self, case: CaseLine) -> None:
        """Open a case's card and its time line; somebody's own open case is in hand from then on."""
        session = self.house.session

        def work() -> tuple[CardSheet, CaseSheet]:
            return sheets.card_sheet(session, case.card_id), cases.case_sheet(session, case.id)

        async def take(answer: tuple[CardSheet, CaseSheet]) -> None:
            sheet, read = answer
            await self._show_card(sheet)
            if read.line.is_mine and read.line.closed_at is None and self._keeps_cases(sheet):
                self._turn_to(self._turn(sheet, case_id=case.id))
            self._read_case(read)

        self.house.ask("Opening", work, take, lane=conversation.LANE)
