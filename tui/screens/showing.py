"""The part of the desk that only shows: why a balance is gone, and the card at another time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from tui import drawing
from tui.later import instants, reminding, sheets, telling
from tui.screens.dialogs import form as forms
from tui.screens.dialogs import jump, purchases
from tui.screens.remembering import RememberingScreen
from tui.terminal import is_bare

if TYPE_CHECKING:
    from models.rules.checkout import Checkout
    from models.sheets import CardSheet
    from tui.screens.form import Form
    from tui.screens.jump import Place
    from tui.widgets.asking import Typed

_SENT = "Sent to your terminal's clipboard. If pasting brings nothing, copy it from here."
_NO_CLIPBOARD = "Copy it from here: this terminal has no clipboard that could be reached."
_WHEN = (
    "21 May 2026 14:30, 2026-05-21 14:30 or yesterday 9:05, on the clocks of {zone}; a date alone is the end of that "
    "day. A time to come shows the card as it will be if nothing happens. An empty field brings back the present."
)


class ShowingScreen(RememberingScreen, is_part=True):
    """A screen on which the open card can be read in other ways."""

    def hand_out(self, heading: str, text: str, beside: str = "") -> None:
        """Show a text in place of the history, and send it to the clipboard; what stands beside it stays here."""
        self.house.copy_to_clipboard(text)
        self.pane.read(heading, f"{text}\n\n{beside}" if beside else text)

    def tell_where(self) -> None:
        """Say where the text is that was handed out."""
        self.house.tell(_NO_CLIPBOARD if is_bare() else _SENT, "done")

    async def show_customer(self) -> None:
        """Read the card again, and copy what the customer may be told of it now; beside it, when they are reminded."""
        assert self.sheet is not None
        card_id, session = self.sheet.card_id, self.house.session

        def work() -> tuple[CardSheet, str]:
            sheet = sheets.card_sheet(session, card_id)
            return sheet, telling.no_reminder(sheet) or telling.next_reminder(*reminding.card_outlook(session, card_id))

        def take(answer: tuple[CardSheet, str]) -> None:
            self.sheet, reminded = answer
            self.hand_out("For the customer", self.sheet.balance_told.sentence, f"For you: {reminded}")
            self.tell_where()

        self.house.ask("Reading", work, take)

    async def show_why(self) -> None:
        """Name the activity that emptied the card."""
        assert self.sheet is not None
        self.pane.read("Why is it zero", telling.why_zero(self.sheet))

    async def try_purchase(self) -> None:
        """Ask what is to be paid, and show whether it would go through and every rule that refuses it."""
        assert self.sheet is not None
        sheet, session = self.sheet, self.house.session
        form = purchases.form_for(session, sheet)

        def take(found: Checkout) -> None:
            form.close()
            self.pane.read("Checkout", found.in_words)
            self.keep_checkout(found)

        def attempt(typed: Typed) -> None:
            self.house.memory.keep("card.checkout", typed)
            self.house.ask("Trying", lambda: purchases.tried(session, sheet, typed), take)

        await self.stand(form, attempt)

    def keep_checkout(self, found: Checkout) -> None:
        """Keep that a purchase was tried, where somebody keeps such things."""

    async def open_other(self) -> None:
        """Open the card at the other end of the latest transfer."""
        assert self.sheet is not None
        assert self.sheet.other is not None
        other, session = self.sheet.other, self.house.session
        self.house.ask("Opening", lambda: sheets.other_sheet(session, other), partial(self._open, is_beside=True))

    def further_places(self) -> Sequence[Place]:
        """The card and its verdict, which take no keys: one goes there to read them whole."""
        if self.sheet is None:
            return ()
        read, pane, sheet = self.pane.read, self.pane, self.sheet
        return (
            jump.Place("c", pane.face, lambda: read("Card", drawing.card_facts(sheet))),
            jump.Place("v", pane.verdict, lambda: read("Verdict", pane.verdict.told.plain)),
        )

    async def switch_history(self) -> None:
        """Money only, or all activities."""
        self.pane.close_text()
        self.pane.shows_all = not self.pane.shows_all
        self.pane.history.focus()

    def read(self) -> None:
        """Read the open card again at the time at which it is shown."""
        if self.sheet is not None:
            self._read(self.sheet.as_of.at if self.sheet.as_of else None)

    async def to_another_time(self) -> None:
        """Ask for a date and time, and show the card as it was then."""
        assert self.sheet is not None
        business, clock = self.sheet.business, self.house.session.store.clock

        def read(text: str) -> datetime:
            return instants.parse_moment(text, clock.now(), business)

        def show(typed: Typed) -> None:
            self.house.memory.keep("card.at", typed)
            self._read(read(typed["when"]) if typed["when"].strip() else None, form)

        form = forms.Form(
            f"{self.sheet.code_masked} at another time",
            _WHEN.format(zone=business.zone),
            (forms.Field("when", "Date and time"),),
            confirm="Show",
            wrong=forms.unreadable("when", read),
        )
        await self.stand(form, show)

    def to_present(self) -> None:
        """Show the card as it is now."""
        self._read(None)

    def _read(self, at: datetime | None, form: Form | None = None) -> None:
        assert self.sheet is not None
        card_id, session = self.sheet.card_id, self.house.session

        def work() -> CardSheet:
            return sheets.card_sheet(session, card_id) if at is None else sheets.card_sheet_at(session, card_id, at)

        def take(sheet: CardSheet) -> None:
            if form is not None:
                form.close()
            self.sheet = sheet

        self.house.ask("Reading", work, take)
