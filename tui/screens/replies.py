"""All that can be said about the open card: each reply as it would go, or dimmed with the reason why it is not true."""

from collections.abc import Mapping
from functools import partial
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.content import Content

from models import desk, sheets
from models.replying import NOBODY_ON_FILE, Addressee, Drafted, addressee_of, replies_for
from models.rules.languages import LANGUAGES
from models.sheets import CardSheet
from models.unit import Outcome, new_intent
from tui.commands import Group
from tui.conversation import LANE
from tui.pieces import padded, piece
from tui.screens.form import Form
from tui.screens.page import Doer, Page, runs
from tui.widgets.asking import Typed
from tui.widgets.heading import Heading
from tui.widgets.lines import Lines
from tui.widgets.scrolling import Text

_TITLE_CELLS: Final = 36
_SAY: Final = ("replies.copy", "replies.mail")

Said = tuple[Outcome, CardSheet]
"""What came of a reply that was given, and the card after it."""


class Replies(Page[Said | None]):
    """The replies of one card. Ends with what was said, or None."""

    DEFAULT_CSS = """
    Replies #replies { height: 1fr; }
    Replies #said { height: 9; padding: 0 1; }
    """
    GROUP = Group.REPLIES
    BINDINGS: ClassVar = runs(GROUP)
    AUTO_FOCUS = "#replies"

    def __init__(self, sheet: CardSheet) -> None:
        """Show what can be said of a card, in the desk's usual language first."""
        super().__init__()
        self._sheet = sheet
        self._languages = tuple(dict.fromkeys((*sheet.policy.languages, *LANGUAGES)))
        self._language: str | None = None
        """None: the one in which the customer is answered."""
        self._to: Addressee | None = None

    def body(self) -> ComposeResult:
        """The list, and below it the whole of the reply that the cursor is on."""
        yield Heading("Replies", id="replies-heading")
        yield Lines[Drafted](_line, id="replies", is_led=True)
        yield Heading("", id="said-heading")
        yield Text(id="said")

    @property
    def lines(self) -> Lines[Drafted]:
        """The list of replies."""
        return self.query_one("#replies", Lines)

    def on_mount(self) -> None:
        """Say where one is, and follow the cursor."""
        self.trail = f"{self._sheet.code_masked} > replies"
        self.watch(self.lines, "cursor", self._tell, init=False)

    def read(self) -> None:
        """Read what can be said now, and to whom it would be mailed."""
        self._read()

    def _read(self, refusal: str = "") -> None:
        """Read it again; the refusal is why something was not said that could be before."""
        session, card_id, language = self.house.session, self._sheet.card_id, self._language

        def work() -> tuple[tuple[Drafted, ...], Addressee | None]:
            return replies_for(session, card_id, language), addressee_of(session, card_id)

        def take(answer: tuple[tuple[Drafted, ...], Addressee | None]) -> None:
            self._take(*answer)
            if refusal:
                self.house.refuse(refusal)

        self.house.ask("Reading", work, take)

    def _take(self, drafted: tuple[Drafted, ...], to: Addressee | None) -> None:
        chosen, self._to = self.lines.chosen, to
        self.lines.show(drafted)
        names = [each.name for each in drafted]
        self.lines.cursor = names.index(chosen.name) if chosen is not None else 0
        self._language = drafted[0].language
        self.query_one("#replies-heading", Heading).label = f"Replies in {LANGUAGES[self._language].name}"
        self._tell()

    def _tell(self) -> None:
        chosen = self.lines.chosen
        if chosen is None:
            return
        heading = self.query_one("#said-heading", Heading)
        heading.label = "Not true" if chosen.refusal else "Reply"
        heading.hint = f"for {self._to.email}" if self._to is not None else "no e-mail address on file"
        self.query_one("#said", Text).show(chosen.refusal or chosen.text)
        self.dim_keys()

    # Commands

    def refusal(self, command_id: str) -> str | None:
        """Why a command can't be used now, or None."""
        refused = super().refusal(command_id)
        if refused is not None or command_id not in _SAY:
            return refused
        chosen = self.lines.chosen
        if chosen is None or chosen.refusal is not None:
            return None if chosen is None else chosen.refusal
        return NOBODY_ON_FILE if command_id == "replies.mail" and self._to is None else None

    def doers(self) -> Mapping[str, Doer]:
        """What does the commands of this page."""
        return {
            "replies.copy": self._copy,
            "replies.mail": self._ask_to_mail,
            "replies.language": self._turn,
        }

    async def on_lines_opened(self, event: Lines.Opened) -> None:
        """Enter on a reply copies it."""
        event.stop()
        await self.action_run("replies.copy")

    async def _turn(self) -> None:
        place = self._languages.index(self._language or self._languages[0])
        self._language = self._languages[(place + 1) % len(self._languages)]
        self.read()

    async def _copy(self) -> None:
        assert self.lines.chosen is not None
        self._say(self.lines.chosen, None, new_intent())

    async def _ask_to_mail(self) -> None:
        chosen, to, intent = self.lines.chosen, self._to, new_intent()
        assert chosen is not None
        assert to is not None
        form = Form(f"Send to {to.email}", f"Subject: {chosen.subject}\n\n{chosen.text}", confirm="Send")

        def send(_typed: Typed) -> None:
            form.close()
            self._say(chosen, to, intent)

        await self.stand(form, send)

    def _say(self, chosen: Drafted, to: Addressee | None, intent: str) -> None:
        session, card_id = self.house.session, self._sheet.card_id
        say = partial(desk.say, session, card_id, chosen.name, chosen.language, shown=chosen.text, intent=intent)

        def work() -> Said:
            outcome = say() if to is None else say(is_mailed=True, to=to.email)
            return outcome, sheets.card_sheet(session, card_id)

        self.house.ask("Answering", work, self._take_outcome, can_be_left=False, lane=LANE)

    def _take_outcome(self, said: Said) -> None:
        outcome, _ = said
        if outcome.done:
            self.dismiss(said)
        else:
            self._read(outcome.sentence)


def _line(drafted: Drafted, _width: int) -> Content:
    title = padded(drafted.title, _TITLE_CELLS)
    if drafted.refusal is None:
        return piece(title, "bold")
    return Content.assemble(piece(title, "$foreground 60%"), piece(drafted.refusal, "$foreground 60%"))
